//! What an approved form does to the register, and how that is undone. The form says which effect it has; this
//! module reads the register through a small view and answers with changes, or with the reason why not. Pure.

use chrono::NaiveDate;

use super::{
    Accumulation, Change, Enrolment, EnrolmentStatus, Household, Person, PersonField, PersonStatus,
    RecordKey, TransferPeriod, TransferRecord,
};
use crate::form::{Effect, FormData, Row};
use crate::money::{Fen, parse_yuan};
use crate::policy::{self, Cover, Entitlement, EntitlementQuery, PayerKind, PolicyPack, Settlement};

/// What an effect needs to read of the register. Faults of the store travel as text.
pub trait RegisterView {
    /// The newest version of a record.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn current(&self, key: &RecordKey) -> Result<Option<Change>, String>;
    /// One version of a record.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn version(&self, key: &RecordKey, rev: u32) -> Result<Option<Change>, String>;
    /// Numbers of the persons with this certificate number.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn persons_by_certno(&self, certno: &str) -> Result<Vec<String>, String>;
    /// Number of the household with this booklet in this village.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn household_by_book(&self, village: &str, resdbook_no: &str) -> Result<Option<String>, String>;
    /// How many persons and households were ever given a number.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn serials(&self) -> Result<(u64, u64), String>;
}

/// What stands around an effect.
pub struct EffectContext<'a> {
    /// The form's effect.
    pub effect: Effect,
    /// Day of the decision.
    pub today: NaiveDate,
    /// Prefix of new person and household numbers: township code.
    pub prefix: &'a str,
    /// The area's parameters.
    pub policy: &'a PolicyPack,
}

/// Why a case cannot take effect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EffectRefusal {
    /// The person has a normal enrolment of that year already (003 A6, A12: no second enrolment).
    #[error("{name} is enrolled in {year} already")]
    AlreadyEnrolled {
        /// Name on the form.
        name: String,
        /// Insurance year.
        year: u16,
    },
    /// The form names a person who is not in the register.
    #[error("{name} is not in the register")]
    NotInRegister {
        /// Name on the form.
        name: String,
    },
    /// A number on the form names another person of the register.
    #[error("certificate number {certno} belongs to {other} in the register")]
    OtherPerson {
        /// Certificate number.
        certno: String,
        /// Name in the register.
        other: String,
    },
    /// The invoice was claimed already.
    #[error("invoice {0} was claimed already")]
    InvoiceUsed(String),
    /// No enrolment covers the treatment.
    #[error("no enrolment of {name} covers {date}")]
    NotCovered {
        /// Name.
        name: String,
        /// First day of the treatment.
        date: String,
    },
    /// The relation was cancelled: nothing can be changed, cancelled or transferred any more.
    #[error("the relation of {0} is cancelled")]
    Cancelled(String),
    /// A later case changed the same record: reverse that one first.
    #[error("a later change stands on {0:?}")]
    LaterChange(RecordKey),
    /// A value of the form cannot be read, although the form's rules let it pass.
    #[error("value of {0} cannot be read")]
    BadValue(String),
    /// The policy has no answer.
    #[error("{0}")]
    Policy(String),
    /// The store cannot be read.
    #[error("the register cannot be read: {0}")]
    Store(String),
}

impl EffectRefusal {
    /// The sentence for the clerk: what is wrong and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::AlreadyEnrolled { name, year } => {
                format!(
                    "{name} 在 {year} 年度已参保，不能重复参保（003 A6、A12）。请从表中去掉，或先核对参保记录。"
                )
            }
            Self::NotInRegister { name } => {
                format!("参保库中没有 {name}。请先按证件号查人（CX），确认后再办理。")
            }
            Self::OtherPerson { other, .. } => {
                format!(
                    "这个证件号在参保库中属于【{other}】，姓名不一致。请核对证件原件，必要时先办信息变更。"
                )
            }
            Self::InvoiceUsed(number) => {
                format!("票据 {number} 已报销过，不能重复报销（003 A88）。请核对票据原件。")
            }
            Self::NotCovered { name, date } => {
                format!("{name} 在 {date} 没有待遇享受资格（003 A22、A80）。请核对参保年度和缴费日期。")
            }
            Self::Cancelled(name) => {
                format!("{name} 的参保关系已注销，不能再办这项业务。注销有误的，请先冲正注销那一件。")
            }
            Self::LaterChange(_) => "同一记录之后又办过业务。请先冲正后办的那一件。".to_owned(),
            Self::BadValue(field) => format!("字段 {field} 的内容无法识别。请退回补正。"),
            Self::Policy(message) => message.clone(),
            Self::Store(message) => format!("参保库读取失败：{message}。请稍后重试。"),
        }
    }
}

impl From<String> for EffectRefusal {
    fn from(message: String) -> Self {
        Self::Store(message)
    }
}

/// The changes that a form makes when its last level agrees.
///
/// # Errors
/// Why the register cannot take them; nothing is half done.
pub fn effects_of(
    data: &FormData,
    settlement: Option<&Settlement>,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    match context.effect {
        Effect::EnrolHousehold => enrol_household(data, view, context),
        Effect::ChangePerson => change_person(data, view, context),
        Effect::CancelEnrolment => cancel(data, view, context),
        Effect::Transfer => transfer(data, view, context),
        Effect::Reimburse => reimburse(data, settlement, view, context),
    }
}

fn cell<'a>(row: &'a Row, field: &str) -> &'a str {
    row.get(field).map_or("", String::as_str)
}

/// The one active person with this certificate number, if any.
fn active_by_certno(view: &dyn RegisterView, certno: &str) -> Result<Option<Person>, EffectRefusal> {
    if certno.is_empty() {
        return Ok(None);
    }
    for psn_no in view.persons_by_certno(certno)? {
        if let Some(person) = person(view, &psn_no)?
            && person.status != PersonStatus::Void
        {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

fn person(view: &dyn RegisterView, psn_no: &str) -> Result<Option<Person>, EffectRefusal> {
    match view.current(&RecordKey::Person(psn_no.to_owned()))? {
        Some(Change::Person { record, .. }) => Ok(Some(record)),
        _ => Ok(None),
    }
}

fn enrolment(view: &dyn RegisterView, psn_no: &str, year: u16) -> Result<Option<Enrolment>, EffectRefusal> {
    match view.current(&RecordKey::Enrolment(psn_no.to_owned(), year))? {
        Some(Change::Enrolment { record, .. }) => Ok(Some(record)),
        _ => Ok(None),
    }
}

/// Finds the person that a single-person form is about: by person number, else by certificate number.
fn person_of_form(data: &FormData, view: &dyn RegisterView) -> Result<Person, EffectRefusal> {
    let found = match data.field("psn_no") {
        "" => active_by_certno(view, data.field("certno"))?,
        number => person(view, number)?,
    };
    found.ok_or_else(|| EffectRefusal::NotInRegister { name: data.field("psn_name").to_owned() })
}

/// As [`person_of_form`], of whom something is to be changed: not after a cancellation (003 A15).
fn active_of_form(data: &FormData, view: &dyn RegisterView) -> Result<Person, EffectRefusal> {
    let found = person_of_form(data, view)?;
    match found.status {
        PersonStatus::Active => Ok(found),
        PersonStatus::Cancelled => Err(EffectRefusal::Cancelled(found.name().to_owned())),
        PersonStatus::Void => Err(EffectRefusal::NotInRegister { name: found.name().to_owned() }),
    }
}

fn year_of(data: &FormData) -> Result<u16, EffectRefusal> {
    data.field("insu_year").parse().map_err(|_| EffectRefusal::BadValue("insu_year".to_owned()))
}

fn date(text: &str, field: &str) -> Result<NaiveDate, EffectRefusal> {
    text.parse().map_err(|_| EffectRefusal::BadValue(field.to_owned()))
}

fn enrol_household(
    data: &FormData,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    let year = year_of(data)?;
    let (persons, households) = view.serials()?;
    let village = data.field("admdvs12");
    let known = view.household_by_book(village, data.field("resdbook_no"))?;
    let household_no = known.clone().unwrap_or_else(|| format!("H{}{:07}", context.prefix, households + 1));
    let mut changes = Vec::new();
    let mut head_psn_no = String::new();
    let mut fresh = 0;
    for row in data.rows("members") {
        let existing = active_by_certno(view, cell(row, "certno"))?;
        if let Some(other) = existing.as_ref().filter(|other| other.name() != cell(row, "psn_name")) {
            return Err(EffectRefusal::OtherPerson {
                certno: other.certno().to_owned(),
                other: other.name().to_owned(),
            });
        }
        let mut record = existing.unwrap_or_else(|| {
            fresh += 1;
            Person {
                psn_no: format!("{}{:08}", context.prefix, persons + fresh),
                rev: 0,
                household_no: String::new(),
                status: PersonStatus::Active,
                values: std::collections::BTreeMap::new(),
            }
        });
        fill_member(&mut record, row, data, &household_no);
        if matches!(cell(row, "patn_rlts"), "01" | "02") {
            head_psn_no.clone_from(&record.psn_no);
        }
        let before = enrolment(view, &record.psn_no, year)?;
        if before.as_ref().is_some_and(|now| now.status == EnrolmentStatus::Normal) {
            return Err(EffectRefusal::AlreadyEnrolled { name: record.name().to_owned(), year });
        }
        let record_year = enrolment_of(row, &record, before.map_or(0, |now| now.rev), data, context)?;
        changes.push(Change::Person { effective: context.today.to_string(), record });
        changes.push(Change::Enrolment { effective: context.today.to_string(), record: record_year });
    }
    let rev = match view.current(&RecordKey::Household(household_no.clone()))? {
        Some(now) => now.rev(),
        None => 0,
    };
    changes.push(Change::Household {
        effective: context.today.to_string(),
        record: Household {
            household_no,
            rev: rev + 1,
            resdbook_no: data.field("resdbook_no").to_owned(),
            head_psn_no,
            head_name: data.field("householder_name").to_owned(),
            admdvs12: village.to_owned(),
            group_no: data.field("group_no").to_owned(),
            address: data.field("hsreg_addr").to_owned(),
            void: false,
        },
    });
    Ok(changes)
}

/// Brings a member's row, and what the household shares, into the person's record.
fn fill_member(record: &mut Person, row: &Row, data: &FormData, household_no: &str) {
    record.rev += 1;
    record.status = PersonStatus::Active;
    record.household_no = household_no.to_owned();
    for field in PersonField::ALL {
        let own = cell(row, field.id());
        let value = if own.is_empty() { data.field(field.id()) } else { own };
        if !value.is_empty() {
            record.set(field, value);
        }
    }
}

fn enrolment_of(
    row: &Row,
    record: &Person,
    rev: u32,
    data: &FormData,
    context: &EffectContext<'_>,
) -> Result<Enrolment, EffectRefusal> {
    let year = year_of(data)?;
    let kind = cell(row, "enrol_kind");
    let money = |field: &str| match cell(row, field) {
        "" => Ok(Fen(0)),
        text => parse_yuan(text).map_err(|_| EffectRefusal::BadValue(field.to_owned())),
    };
    let terms = terms_of(row, kind, date(data.field("sign_date"), "sign_date")?, year, context)?;
    Ok(Enrolment {
        psn_no: record.psn_no.clone(),
        insu_year: year,
        rev: rev + 1,
        status: EnrolmentStatus::Normal,
        enrol_kind: kind.to_owned(),
        psn_type: cell(row, "psn_type").to_owned(),
        psn_idet_type: cell(row, "psn_idet_type").to_owned(),
        standard: money("pay_std")?,
        aid: money("aid_amt")?,
        personal: money("psn_clct_amt")?,
        entitled_from: terms.start().map_or_else(String::new, |day| day.to_string()),
        entitled_to: terms.end().map_or_else(String::new, |day| day.to_string()),
        entitlement_rule: terms.outcome(),
        sample: terms.sample || unverified_amount(row, year, context),
        end_reason: String::new(),
        certno: record.certno().to_owned(),
    })
}

/// The standard behind the amounts is a sample, or the policy knows none and somebody typed the amount.
fn unverified_amount(row: &Row, year: u16, context: &EffectContext<'_>) -> bool {
    let identity = Some(cell(row, "psn_idet_type")).filter(|code| !code.is_empty());
    let due = policy::contribution(context.policy, i32::from(year), identity.as_slice(), context.today);
    due.map_or(true, |due| due.sample)
}

/// From when the payment covers the person. The day of the signature stands for the day of payment: the office
/// takes form and payment order together (003 A7), no cash is ever taken (003 A94).
fn terms_of(
    row: &Row,
    kind: &str,
    paid: NaiveDate,
    year: u16,
    context: &EffectContext<'_>,
) -> Result<Entitlement, EffectRefusal> {
    let payer = PayerKind::from_enrol_kind(kind)
        .ok_or_else(|| EffectRefusal::BadValue(format!("enrol_kind {kind}")))?;
    let query = EntitlementQuery {
        kind: payer,
        birth: cell(row, "brdy").parse().ok(),
        paid,
        insu_year: i32::from(year),
        options: std::collections::BTreeMap::new(),
    };
    let terms =
        policy::entitlement(context.policy, &query).map_err(|gap| EffectRefusal::Policy(gap.to_string()))?;
    match terms.cover {
        Cover::Days { .. } => Ok(terms),
        // Money that buys nothing is not taken: there is no refund afterwards (003 A28).
        Cover::Void | Cover::Closed => {
            Err(EffectRefusal::Policy(format!("{}：{}", cell(row, "psn_name"), terms.note)))
        }
    }
}

fn change_person(
    data: &FormData,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    let mut record = active_of_form(data, view)?;
    record.rev += 1;
    for row in data.rows("changes") {
        let code = cell(row, "chg_item");
        let field = PersonField::of_change_item(code)
            .ok_or_else(|| EffectRefusal::BadValue(format!("chg_item {code}")))?;
        let after = cell(row, "after");
        if field == PersonField::CertNo
            && let Some(other) = active_by_certno(view, after)?
            && other.psn_no != record.psn_no
        {
            return Err(EffectRefusal::OtherPerson {
                certno: after.to_owned(),
                other: other.name().to_owned(),
            });
        }
        record.set(field, after);
    }
    Ok(vec![Change::Person { effective: context.today.to_string(), record }])
}

/// Ends the enrolments of the year of the event and of later years (003 A15).
fn end_enrolments(
    psn_no: &str,
    event: NaiveDate,
    reason: &str,
    view: &dyn RegisterView,
) -> Result<Vec<Change>, EffectRefusal> {
    use chrono::Datelike;
    let mut changes = Vec::new();
    let first = u16::try_from(event.year()).map_err(|_| EffectRefusal::BadValue("event_date".to_owned()))?;
    for year in [first, first.saturating_add(1)] {
        let Some(mut record) = enrolment(view, psn_no, year)? else { continue };
        if record.status != EnrolmentStatus::Normal {
            continue;
        }
        record.rev += 1;
        record.status = EnrolmentStatus::Ended;
        reason.clone_into(&mut record.end_reason);
        // The last covered day is the day of the event (reference 5.1); a year not begun is not entered at all.
        let day = event.to_string();
        if !record.entitled_to.is_empty() && record.entitled_to > day {
            record.entitled_to.clone_from(&day);
        }
        changes.push(Change::Enrolment { effective: day, record });
    }
    Ok(changes)
}

fn cancel(
    data: &FormData,
    view: &dyn RegisterView,
    _context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    let mut record = active_of_form(data, view)?;
    let event = date(data.field("event_date"), "event_date")?;
    let mut changes = end_enrolments(&record.psn_no, event, data.field("cancel_rea"), view)?;
    record.rev += 1;
    record.status = PersonStatus::Cancelled;
    changes.push(Change::Person { effective: event.to_string(), record });
    Ok(changes)
}

fn transfer(
    data: &FormData,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    let record = active_of_form(data, view)?;
    let out = data.field("trans_kind") == "1";
    let mut changes = Vec::new();
    if out {
        // 003 A15: transfer out of the pooling area is a reason of cancellation, code 3.
        changes.extend(end_enrolments(&record.psn_no, context.today, "3", view)?);
    }
    let rev = match view.current(&RecordKey::Transfer(record.psn_no.clone()))? {
        Some(now) => now.rev(),
        None => 0,
    };
    let periods = data.rows("periods").iter().map(|row| TransferPeriod {
        begin: cell(row, "begn_ym").to_owned(),
        end: cell(row, "end_ym").to_owned(),
        insutype: cell(row, "insutype").to_owned(),
        months: cell(row, "months").to_owned(),
    });
    changes.push(Change::Transfer {
        effective: context.today.to_string(),
        record: TransferRecord {
            psn_no: record.psn_no.clone(),
            rev: rev + 1,
            kind: data.field("trans_kind").to_owned(),
            old_area: data.field("old_area").to_owned(),
            new_area: data.field("new_area").to_owned(),
            date: context.today.to_string(),
            periods: periods.collect(),
            void: false,
        },
    });
    if out {
        let mut person = record;
        person.rev += 1;
        person.status = PersonStatus::Cancelled;
        changes.push(Change::Person { effective: context.today.to_string(), record: person });
    }
    Ok(changes)
}

fn reimburse(
    data: &FormData,
    settlement: Option<&Settlement>,
    view: &dyn RegisterView,
    context: &EffectContext<'_>,
) -> Result<Vec<Change>, EffectRefusal> {
    let record = person_of_form(data, view)?;
    let Some(settlement) = settlement else {
        return Err(EffectRefusal::Policy("没有结算结果，不能生效。".to_owned()));
    };
    covered(data, &record, view)?;
    let today = context.today.to_string();
    let mut changes = Vec::new();
    for row in data.rows("invoices") {
        let number = cell(row, "invo_no");
        let rev = match view.current(&RecordKey::Invoice(number.to_owned()))? {
            Some(Change::Invoice { used: true, .. }) => {
                return Err(EffectRefusal::InvoiceUsed(number.to_owned()));
            }
            Some(now) => now.rev(),
            None => 0,
        };
        changes.push(Change::Invoice {
            invo_no: number.to_owned(),
            psn_no: record.psn_no.clone(),
            used: true,
            rev: rev + 1,
        });
    }
    let year = u16::try_from(settlement.year).map_err(|_| EffectRefusal::BadValue("year".to_owned()))?;
    let key = RecordKey::Accumulation(record.psn_no.clone(), year, settlement.benefit.clone());
    let rev = view.current(&key)?.map_or(0, |now| now.rev());
    changes.push(Change::Accumulation {
        effective: today,
        record: Accumulation {
            psn_no: record.psn_no,
            year,
            rev: rev + 1,
            fund_paid: settlement.year_after.fund_paid,
            deductible_paid: settlement.year_after.deductible_paid,
            admissions: settlement.year_after.admissions,
            benefit: settlement.benefit.clone(),
        },
    });
    Ok(changes)
}

/// An enrolment of the treatment's year covers its first day (003 A80).
fn covered(data: &FormData, record: &Person, view: &dyn RegisterView) -> Result<(), EffectRefusal> {
    use chrono::Datelike;
    let begin = date(data.field("begntime"), "begntime")?;
    let year = u16::try_from(begin.year()).map_err(|_| EffectRefusal::BadValue("begntime".to_owned()))?;
    let day = begin.to_string();
    let covers = enrolment(view, &record.psn_no, year)?.is_some_and(|now| {
        now.status != EnrolmentStatus::Void
            && !now.entitled_from.is_empty()
            && now.entitled_from <= day
            && day <= now.entitled_to
    });
    if covers { Ok(()) } else { Err(EffectRefusal::NotCovered { name: record.name().to_owned(), date: day }) }
}
