//! Who may be paid: the insured (003 A74(1)3, A84), or the guardian whom the register knows by a filed proof. Any other
//! account is refused, whatever the form let pass with a reason. Knows values and filings; must not know lists.

use chrono::NaiveDate;

use crate::event::{BankAccount, Payee, PayeeKind};
use crate::form::FormData;
use crate::identity::check_account;
use crate::register::{FilingRecord, Person, PersonField};

/// The form whose filings make a guardian one (监护人登记).
pub const GUARDIAN_FORM: &str = "guardian";

/// Why an account cannot be paid to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayeeFault {
    /// A part of the account is not filled.
    #[error("the account has no {0}")]
    Missing(&'static str),
    /// The number is no account of its kind.
    #[error("account number: {0}")]
    Number(String),
    /// The account is neither the insured's nor a registered guardian's.
    #[error("{name} is neither {insured} nor a registered guardian")]
    Stranger {
        /// Name on the account.
        name: String,
        /// The insured.
        insured: String,
    },
    /// The guardian's filing does not hold on the day.
    #[error("the filing of guardian {0} does not hold today")]
    LinkOver(String),
}

impl PayeeFault {
    /// The sentence for the clerk: what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::Missing(label) => {
                format!("收款账户没有填{label}，不能支付。请先更正账户（办件页按 Z），从初审重新审核。")
            }
            Self::Number(reason) => {
                format!("收款账号不对：{reason}请对照卡或存折更正账户（办件页按 Z）。")
            }
            Self::Stranger { name, insured } => format!(
                "收款户名【{name}】不是参保人【{insured}】本人，也没有登记为监护人，不能支付（003 A74(1)3、A84：拨付给参保人员）。\
                 请更正账户；确为监护人的，先办监护人登记（=JR）。"
            ),
            Self::LinkOver(name) => format!(
                "【{name}】的监护人登记今天不在有效期内，不能支付给此人（003 A74(1)3）。请重新登记（=JR），或更正为本人账户。"
            ),
        }
    }
}

/// The account that a settled case names, with who stands behind it.
///
/// # Errors
/// Why nobody may be paid there.
pub fn payee_of(
    claim: &FormData,
    insured: &Person,
    guardians: &[FilingRecord],
    today: NaiveDate,
) -> Result<Payee, PayeeFault> {
    let need = |id: &str, label: &'static str| match claim.field(id) {
        "" => Err(PayeeFault::Missing(label)),
        value => Ok(value.to_owned()),
    };
    let name = need("acct_name", "户名")?;
    let acct_kind = need("acct_kind", "账户种类")?;
    let bank_type_code = need("bank_type_code", "开户银行")?;
    let number = need("bankacct", "账号")?;
    let bankacct = check_account(&acct_kind, &number).map_err(|fault| PayeeFault::Number(fault.zh()))?;
    let account = |name: String| BankAccount {
        name,
        bank_type_code: bank_type_code.clone(),
        bank_name: claim.field("bank_name").to_owned(),
        acct_kind: acct_kind.clone(),
        bankacct: bankacct.clone(),
    };
    let alias = insured.get(PersonField::AccountNameAlias);
    if name == insured.name() || (!alias.is_empty() && name == alias) {
        // The bank finds the account under its own spelling of the name.
        let written = if alias.is_empty() { name } else { alias.to_owned() };
        let certno = insured.certno().to_owned();
        return Ok(Payee { kind: PayeeKind::Insured, account: account(written), certno, link: 0 });
    }
    let named = |filing: &&FilingRecord| {
        filing.kind == GUARDIAN_FORM && !filing.void && filing.value("agnter_name") == name
    };
    let day = today.to_string();
    let holding = guardians.iter().filter(named).rfind(|filing| filing.holds_on(&day));
    match holding {
        Some(filing) => Ok(Payee {
            kind: PayeeKind::Guardian,
            account: account(name),
            certno: filing.value("agnter_certno").to_owned(),
            link: filing.serial,
        }),
        None if guardians.iter().any(|filing| named(&filing)) => Err(PayeeFault::LinkOver(name)),
        None => Err(PayeeFault::Stranger { name, insured: insured.name().to_owned() }),
    }
}
