//! Contributions that came in another way than by deduction, at the counter, through a school, by the tax office (003 A23-A25):
//! booked by their voucher (003 A95) for persons who are enrolled already, by the rules that hold for deductions. Money that
//! came in twice is not booked and stays in the journal as a finding. Knows register and policy; must not know screens.

use chrono::NaiveDate;
use xiangbao_core::event::Event;
use xiangbao_core::money::Fen;
use xiangbao_core::register::{
    BY_BANK, Change, Collected, EffectRefusal, EnrolmentStatus, Person, PersonField, book,
};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::station::Station;
use crate::store::{Snapshot, search};

/// Code table of the ways of collection.
const WAYS: &str = "clct_way";
/// Longest number of a voucher, characters: as the form has it.
const LONGEST: usize = 30;
/// Most persons under one voucher.
const MOST: usize = 200;

/// What is to be booked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaidOrder {
    /// Person numbers or certificate numbers.
    pub persons: Vec<String>,
    /// Insurance year.
    pub year: u16,
    /// Day on which the full amount arrived, `YYYY-MM-DD`.
    pub day: String,
    /// Code of `clct_way`.
    pub way: String,
    /// Number of the voucher.
    pub voucher: String,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaidReport {
    /// Names with what was booked for each.
    pub booked: Vec<(String, Fen)>,
    /// Persons who stand booked by this very voucher already.
    pub known: usize,
    /// Who was not booked, as sentences: paid twice, not enrolled, nothing owed.
    pub refused: Vec<String>,
    /// What a person should look into beside that.
    pub notes: Vec<String>,
}

impl PaidReport {
    /// Sum of what was booked.
    pub fn sum(&self) -> Fen {
        Fen(self.booked.iter().fold(0_i64, |sum, (_, amount)| sum.saturating_add(amount.0)))
    }
}

impl Station {
    /// Books what each of these persons owes for a year, in full, by one voucher.
    ///
    /// # Errors
    /// When the actor may not, the voucher is not described as it must be, or the store refuses.
    pub fn book_paid(
        &self,
        actor: &Actor,
        order: &PaidOrder,
        command_id: [u8; 16],
    ) -> Result<PaidReport, AppError> {
        self.authorize(actor, Action::Deduct, &Subject::none())?;
        let (day, voucher) = self.voucher_of(order)?;
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        if snapshot.command(&command_id)?.is_some() {
            return Ok(PaidReport { known: order.persons.len(), ..PaidReport::default() });
        }
        let mut report = PaidReport::default();
        let (mut changes, mut doubles): (Vec<Change>, Vec<String>) = (Vec::new(), Vec::new());
        for wanted in &order.persons {
            let person = found(&snapshot, wanted)?;
            let village = person.get(PersonField::Village).to_owned();
            self.authorize(actor, Action::Deduct, &Subject::in_village(&village))?;
            let booked = snapshot.contribution(&person.psn_no, order.year)?;
            let same = booked.is_some_and(|paid| {
                paid.source == voucher && paid.way == order.way && paid.paid_on == order.day
            });
            let again = changes.iter().any(|change| is_of(change, &person.psn_no));
            if same || again {
                report.known += 1;
                continue;
            }
            let due = snapshot.enrolment(&person.psn_no, order.year)?;
            let due = due.filter(|due| due.status == EnrolmentStatus::Normal);
            if due.as_ref().is_some_and(|due| due.personal <= Fen::ZERO) {
                report.refused.push(format!(
                    "{} {} 年度由资助全额代缴，没有应缴的款。",
                    person.name(),
                    order.year
                ));
                continue;
            }
            let money = Collected {
                psn_no: person.psn_no.clone(),
                year: order.year,
                amount: due.map(|due| due.personal).unwrap_or_default(),
                day,
                way: order.way.clone(),
                source: voucher.clone(),
            };
            match book(&money, &snapshot, &self.library.policy) {
                Ok(booking) => {
                    changes.extend(booking.changes);
                    report.notes.extend(booking.notes);
                    report.booked.push((person.name().to_owned(), money.amount));
                }
                Err(refusal) => {
                    if matches!(refusal, EffectRefusal::PaidAlready { .. }) {
                        doubles.push(format!("凭证 {voucher}：{}", refusal.zh()));
                    }
                    report.refused.push(refusal.zh());
                }
            }
        }
        if !changes.is_empty() || !doubles.is_empty() {
            let event = Event::ContributionsBooked { voucher, changes, findings: doubles };
            self.append(actor, None, command_id, vec![event])?;
        }
        Ok(report)
    }

    /// Day and voucher as they may be stored.
    fn voucher_of(&self, order: &PaidOrder) -> Result<(NaiveDate, String), AppError> {
        let input = |words: &str| AppError::Input(words.to_owned());
        if order.persons.is_empty() || order.persons.len() > MOST {
            return Err(AppError::Input(format!("一张凭证写 1 至 {MOST} 人。")));
        }
        if order.way == BY_BANK {
            return Err(input("银行代扣的缴费由回盘入账（=KK），不能在这里登记。"));
        }
        if self.library.codes.label(WAYS, &order.way).is_none() {
            return Err(AppError::Input(format!("没有征收方式代码 {}（代码表 {WAYS}）。", order.way)));
        }
        let day: NaiveDate = order.day.trim().parse().map_err(|_| input("日期写成 2026-11-20。"))?;
        if day > self.today() {
            return Err(input("到账日期晚于今天，请核对凭证。"));
        }
        let voucher = super::wording::worded(&order.voucher)?;
        if voucher.is_empty() || voucher.chars().count() > LONGEST {
            return Err(AppError::Input(format!("请写明凭证号，最多 {LONGEST} 个字。")));
        }
        Ok((day, voucher))
    }
}

fn is_of(change: &Change, psn_no: &str) -> bool {
    matches!(change, Change::Contribution { record, .. } if record.psn_no == psn_no)
}

/// The person with this number, or with this certificate.
fn found(snapshot: &Snapshot, wanted: &str) -> Result<Person, AppError> {
    if let Some(person) = snapshot.person(wanted)? {
        return Ok(person);
    }
    let found = search::by_certificate(snapshot, wanted)?.into_iter().next();
    found.ok_or_else(|| EffectRefusal::NotInRegister { name: wanted.to_owned() }.into())
}
