//! Accounts: who works here, under which roles. The journal holds the account, a table of its own the verifier.

use chrono::NaiveDate;
use xiangbao_core::event::{Account, Event};
use xiangbao_core::identity::{check_certificate, text::narrow};
use xiangbao_core::role::{Action, Actor, Role, Subject};

use super::error::AppError;
use super::sign_in::verifier_of;
use super::station::Station;
use super::wording::worded;
use crate::store::secret_write;

/// A new account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Sign-in name: lower-case letters, digits, `-`, `_`.
    pub account: String,
    /// Identifier of the natural person; the same for a second account of that person.
    pub person: String,
    /// Name on screen and paper.
    pub name: String,
    /// The person's certificate number, for recusal; may be empty.
    pub certno: String,
    /// Roles, at least one.
    pub roles: Vec<Role>,
    /// Villages the account is limited to.
    pub villages: Vec<String>,
    /// PIN.
    pub pin: String,
}

impl Station {
    /// Adds an account.
    ///
    /// # Errors
    /// When the actor may not, the name is taken or badly formed, or the PIN is too short.
    pub fn add_account(&self, actor: &Actor, new: NewAccount) -> Result<(), AppError> {
        self.authorize(actor, Action::ManageAccounts, &Subject::none())?;
        self.put_account(actor, new)
    }

    /// Adds the first accounts of a new station, or one from the machine's own command line: whoever can open the
    /// data folder is the administrator of the machine.
    ///
    /// # Errors
    /// As [`Self::add_account`], without the question of permission.
    pub fn put_account(&self, actor: &Actor, mut new: NewAccount) -> Result<(), AppError> {
        // The name is printed on every paper its owner signs.
        new.name = worded(&new.name)?;
        check(&new)?;
        let _turn = self.store.turn();
        let certno = canonical_certno(&new.certno, self.today());
        let accounts = self.snapshot()?.accounts()?;
        if accounts.iter().any(|other| other.account == new.account) {
            return Err(AppError::Input(format!("账号 {} 已存在，请换一个。", new.account)));
        }
        one_person(&accounts, &new, &certno)?;
        let verifier = verifier_of(&new.pin, &self.random())?;
        let account = Account {
            account: new.account.clone(),
            person: new.person,
            name: new.name,
            certno,
            roles: new.roles,
            villages: new.villages,
            closed: false,
        };
        // Account and verifier land together: an account without one could never sign in, nor be made again.
        let secret = vec![secret_write(&new.account, &verifier)];
        self.append_with(actor, None, self.new_id(), vec![Event::AccountPut { account }], secret)?;
        Ok(())
    }

    /// Records the certificate number of a person whose accounts have none: without it nobody can tell across stations
    /// whether two persons are one (003 A74). A recorded number is never changed.
    ///
    /// # Errors
    /// When the actor may not, there is no such account, the number cannot be used or is recorded otherwise.
    pub fn record_certno(&self, actor: &Actor, account: &str, certno: &str) -> Result<(), AppError> {
        self.authorize(actor, Action::ManageAccounts, &Subject::none())?;
        let _turn = self.store.turn();
        let accounts = self.snapshot()?.accounts()?;
        let Some(person) = accounts.iter().find(|each| each.account == account).map(|each| &each.person)
        else {
            return Err(AppError::NotFound(format!("账号 {account}")));
        };
        let certno = canonical_certno(certno, self.today());
        let usable =
            !certno.is_empty() && certno.len() <= 40 && certno.chars().all(|c| c.is_ascii_alphanumeric());
        let (own, others): (Vec<&Account>, Vec<&Account>) =
            accounts.iter().partition(|each| each.person == *person);
        if !usable || others.iter().any(|each| each.certno == certno) {
            return Err(AppError::Input("证件号码无法使用，或已登记给另一人，请核对。".to_owned()));
        }
        if own.iter().any(|each| !each.certno.is_empty() && each.certno != certno) {
            return Err(AppError::Input("该人员已登记另一个证件号，不能更改。".to_owned()));
        }
        let changed = own.into_iter().filter(|each| each.certno.is_empty());
        let events: Vec<Event> = changed
            .map(|each| Event::AccountPut { account: Account { certno: certno.clone(), ..each.clone() } })
            .collect();
        if !events.is_empty() {
            self.append(actor, None, self.new_id(), events)?;
        }
        Ok(())
    }

    /// All accounts.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn accounts(&self) -> Result<Vec<Account>, AppError> {
        Ok(self.snapshot()?.accounts()?)
    }

    /// The actor for work that the machine's own command line does (first accounts, checks, exchange).
    pub fn machine_actor(&self) -> Actor {
        Actor {
            person: "machine".to_owned(),
            account: "machine".to_owned(),
            name: "本机".to_owned(),
            roles: [Role::Administrator].into(),
            certno: String::new(),
            villages: std::collections::BTreeSet::new(),
            session: xiangbao_core::journal::hex(&self.random::<8>()),
        }
    }
}

/// One natural person, one identifier: else two accounts of one person would pass for two persons (003 A74), or one
/// of them would escape recusal (003 A117).
fn one_person(accounts: &[Account], new: &NewAccount, certno: &str) -> Result<(), AppError> {
    let contradicts = |other: &&Account| {
        let same_person = other.person == new.person;
        same_person != (other.certno == certno) && (same_person || !certno.is_empty())
    };
    match accounts.iter().find(contradicts) {
        None => Ok(()),
        Some(other) => Err(AppError::Input(format!(
            "账号 {} 的人员编号与证件号码须和本人的其他账号（人员 {}、账号 {}）一致。",
            new.account, other.person, other.account
        ))),
    }
}

/// As forms hold it, so that recusal compares like with like (003 A117).
fn canonical_certno(typed: &str, today: NaiveDate) -> String {
    let plain: String = narrow(typed).chars().filter(|c| !c.is_whitespace()).collect();
    match check_certificate("01", &plain, today) {
        Ok(read) => read.normal,
        // Irregular, or a certificate of another kind: as it was typed, in capitals.
        Err(problem) => {
            problem.reading().map_or_else(|| plain.to_ascii_uppercase(), |read| read.normal.clone())
        }
    }
}

fn check(new: &NewAccount) -> Result<(), AppError> {
    let plain = |text: &str| {
        !text.is_empty()
            && text.len() <= 32
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
    };
    if !plain(&new.account) {
        return Err(AppError::Input("账号须为小写字母、数字、- 或 _，不超过 32 位。".to_owned()));
    }
    if !plain(&new.person) || new.person == "machine" {
        return Err(AppError::Input("人员编号须为小写字母、数字、- 或 _，不超过 32 位。".to_owned()));
    }
    if new.name.trim().is_empty() || new.name.chars().any(char::is_control) {
        return Err(AppError::Input("请填写姓名。".to_owned()));
    }
    if new.certno.chars().any(char::is_control) || new.certno.chars().count() > 40 {
        return Err(AppError::Input("证件号码无法使用，请核对。".to_owned()));
    }
    if new.roles.is_empty() {
        return Err(AppError::Input("至少要有一个岗位。".to_owned()));
    }
    Ok(())
}
