//! `user add` and `user list`.

use xiangbao_core::role::Role;

use super::output::{Exit, failed, json, say};
use super::sign_in::read_pin;
use crate::app::{AppError, NewAccount, Station};

/// The arguments of `user add`.
pub struct Wanted {
    /// Sign-in name.
    pub account: String,
    /// Name.
    pub name: String,
    /// Natural person; the account's name when not given.
    pub person: Option<String>,
    /// Role identifiers.
    pub roles: Vec<String>,
    /// The person's certificate number.
    pub certno: String,
    /// Villages.
    pub villages: Vec<String>,
}

/// Adds an account.
pub fn add(station: &Station, wanted: Wanted) -> Exit {
    match try_add(station, wanted) {
        Ok(account) => {
            say(format!("已建账号 {account}。"));
            Exit::Done
        }
        Err(error) => failed(&error),
    }
}

fn try_add(station: &Station, wanted: Wanted) -> Result<String, AppError> {
    let mut roles = Vec::new();
    for id in &wanted.roles {
        roles.push(Role::from_id(id).ok_or_else(|| {
            let known = Role::ALL.map(|role| format!("{}（{}）", role.id(), role.label())).join(" ");
            AppError::Input(format!("没有岗位 {id}。可用：{known}"))
        })?);
    }
    let account = wanted.account.clone();
    let new = NewAccount {
        person: wanted.person.unwrap_or_else(|| wanted.account.clone()),
        account: wanted.account,
        name: wanted.name,
        certno: wanted.certno,
        roles,
        villages: wanted.villages,
        pin: read_pin()?,
    };
    station.put_account(&station.machine_actor(), new)?;
    Ok(account)
}

/// Records a person's certificate number.
pub fn record_certno(station: &Station, account: &str, certno: &str) -> Exit {
    match station.record_certno(&station.machine_actor(), account, certno) {
        Ok(()) => {
            say(format!("已为账号 {account} 登记证件号。"));
            Exit::Done
        }
        Err(error) => failed(&error),
    }
}

/// Lists accounts.
pub fn list(station: &Station, as_json: bool) -> Exit {
    let accounts = match station.accounts() {
        Ok(accounts) => accounts,
        Err(error) => return failed(&error),
    };
    if as_json {
        let rows: Vec<_> = accounts
            .iter()
            .map(|a| {
                serde_json::json!({
                    "account": a.account, "person": a.person, "name": a.name, "closed": a.closed,
                    "roles": a.roles.iter().map(|role| role.id()).collect::<Vec<_>>(), "villages": a.villages,
                })
            })
            .collect();
        json(&serde_json::Value::from(rows));
        return Exit::Done;
    }
    for account in &accounts {
        let roles: Vec<&str> = account.roles.iter().map(|role| role.label()).collect();
        say(format!("{}\t{}\t{}\t{}", account.account, account.name, account.person, roles.join("、")));
    }
    Exit::Done
}
