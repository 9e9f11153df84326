//! Who has not paid for a year (催缴名单), by village, with why: for assistants to call on. Numbers are masked unless a purpose is
//! given by somebody who may unmask; every look is recorded. Knows register, agreements and deductions; must not know
//! screens.

use std::collections::{BTreeMap, BTreeSet};

use xiangbao_core::identity::{masked_certno, masked_phone};
use xiangbao_core::money::Fen;
use xiangbao_core::payment::DeductionList;
use xiangbao_core::policy::{self, Identity};
use xiangbao_core::register::{EnrolmentStatus, Person, PersonField, PersonStatus};
use xiangbao_core::role::{Action, Actor, Subject};

use super::deduction_roster::AGREEMENT_FORM;
use super::error::AppError;
use super::print_case::{Prepared, laid_out};
use super::print_data::Sheet;
use super::station::Station;
use crate::exchange::{Column, Table};
use crate::store::Snapshot;

/// The print template.
const TEMPLATE: &str = "call-list";

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallOrder {
    /// Insurance year.
    pub year: u16,
    /// One village, 12-digit code.
    pub village: Option<String>,
    /// What whole numbers are needed for; none: masked.
    pub purpose: Option<String>,
}

/// One person who has not paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// Village, 12-digit code.
    pub admdvs12: String,
    /// Its name.
    pub village: String,
    /// Number of the household booklet.
    pub resdbook_no: String,
    /// Householder.
    pub head: String,
    /// Name.
    pub psn_name: String,
    /// Certificate number, masked unless asked for with a purpose.
    pub certno: String,
    /// Telephone, masked likewise.
    pub phone: String,
    /// What is due; none where no rule gives it.
    pub amount: Option<Fen>,
    /// The amount is not verified (示例).
    pub sample: bool,
    /// Why the money is not there.
    pub reason: String,
}

/// The list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallList {
    /// Insurance year.
    pub year: u16,
    /// Village in words.
    pub scope: String,
    /// Rows, by village, household and name.
    pub rows: Vec<CallRow>,
    /// Numbers are whole.
    pub unmasked: bool,
}

impl CallList {
    /// Sum of what is due, as far as it is known.
    pub fn sum(&self) -> Fen {
        Fen(self.rows.iter().filter_map(|row| row.amount).fold(0_i64, |sum, due| sum.saturating_add(due.0)))
    }

    /// As a table with national field names.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub fn csv(&self) -> Result<Vec<u8>, AppError> {
        let column = Column::new;
        let columns = vec![
            column("admdvs12", "村(社区)代码", 14),
            column("admdvs_name", "村(社区)", 20),
            column("resdbook_no", "户号", 18),
            column("householder_name", "户主", 12),
            column("psn_name", "姓名", 12),
            column("certno", "证件号码", 20),
            column("mob", "联系电话", 14),
            column("psn_clct_amt", "应缴金额", 12),
            column("memo", "未缴原因", 30),
        ];
        let rows = self.rows.iter().map(|row| {
            vec![
                row.admdvs12.clone(),
                row.village.clone(),
                row.resdbook_no.clone(),
                row.head.clone(),
                row.psn_name.clone(),
                row.certno.clone(),
                row.phone.clone(),
                row.amount.map(Fen::to_yuan).unwrap_or_default(),
                row.reason.clone(),
            ]
        });
        let table = Table { name: format!("催缴名单{}", self.year), columns, rows: rows.collect() };
        table.csv().map_err(|error| AppError::Input(format!("名单无法生成：{error}")))
    }
}

impl Station {
    /// Who has not paid for a year.
    ///
    /// # Errors
    /// When the actor may not, the village does not exist, or the store cannot be read.
    pub fn call_list(&self, actor: &Actor, order: &CallOrder) -> Result<CallList, AppError> {
        let subject = match &order.village {
            Some(village) => Subject::in_village(village),
            None => Subject::none(),
        };
        self.authorize(actor, Action::CallList, &subject)?;
        let purpose = order.purpose.as_deref().map(super::wording::worded).transpose()?;
        let unmasked = purpose.as_ref().is_some_and(|words| !words.is_empty());
        if unmasked {
            self.authorize(actor, Action::Unmask, &subject)?;
        }
        let scope = match &order.village {
            None => "全部村(社区)".to_owned(),
            Some(code) => {
                let label = self.library.codes.label("divisions", code);
                label.ok_or_else(|| AppError::NotFound(format!("代码 {code}（divisions）")))?.to_owned()
            }
        };
        let snapshot = self.snapshot()?;
        let facts = Facts::of(&snapshot, order.year, &self.today().to_string())?;
        let mut rows = Vec::new();
        for person in snapshot.persons()? {
            let village = person.get(PersonField::Village);
            let asked = order.village.as_ref().is_none_or(|wanted| wanted == village);
            if person.status == PersonStatus::Active && asked && actor.serves(village) {
                rows.extend(self.call_row(&snapshot, &person, order.year, &facts, unmasked)?);
            }
        }
        let key = |row: &CallRow| (row.admdvs12.clone(), row.resdbook_no.clone(), row.psn_name.clone());
        rows.sort_by_key(key);
        let what = format!("{} {scope} {} rows {}", order.year, rows.len(), purpose.unwrap_or_default());
        self.looked(actor, if unmasked { "call_list_unmasked" } else { "call_list" }, what.trim())?;
        Ok(CallList { year: order.year, scope, rows, unmasked })
    }

    /// The paper for the assistants, filed in the data folder's `prints/`.
    ///
    /// # Errors
    /// As [`Self::call_list`], when nobody is on it, or when the disk refuses.
    pub fn print_call_list(
        &self,
        actor: &Actor,
        order: &CallOrder,
    ) -> Result<(CallList, std::path::PathBuf), AppError> {
        let list = self.call_list(actor, order)?;
        if list.rows.is_empty() {
            return Err(AppError::NotFound(format!("{} 年度 {} 未缴费的人", list.year, list.scope)));
        }
        let bytes = self.pdf(&self.prepare_call_list(actor, &list)?)?;
        let village = order.village.as_ref().map_or_else(String::new, |code| format!("-{code}"));
        let name = format!("{TEMPLATE}-{}{village}-{}.pdf", list.year, self.now_ms());
        let path = self.write_print(&name, &bytes)?;
        Ok((list, path))
    }

    fn prepare_call_list(&self, actor: &Actor, list: &CallList) -> Result<Prepared, AppError> {
        let snapshot = self.snapshot()?;
        let mut sheet = Sheet::new(self, &snapshot)?;
        let today = self.today().to_string();
        sheet.set("call.year", &list.year.to_string());
        sheet.set("call.scope", &list.scope);
        sheet.set("call.date", &today);
        sheet.set("call.count", &list.rows.len().to_string());
        sheet.set("call.sum", &list.sum().to_grouped());
        sheet.set("case.clerk", &actor.name);
        let sample = list.rows.iter().any(|row| row.sample);
        sheet.set("print.mark", if sample { "含示例金额，未经核实" } else { "正本" });
        let rows = list.rows.iter().map(|row| {
            let cells = [
                ("village", row.village.clone()),
                ("resdbook_no", row.resdbook_no.clone()),
                ("head", row.head.clone()),
                ("psn_name", row.psn_name.clone()),
                ("certno", row.certno.clone()),
                ("phone", row.phone.clone()),
                ("amount", row.amount.map(Fen::to_grouped).unwrap_or_default()),
                ("reason", row.reason.clone()),
            ];
            cells.into_iter().map(|(slot, text)| (slot.to_owned(), text)).collect::<BTreeMap<_, _>>()
        });
        sheet.table("calls", rows.collect());
        laid_out(self.template(TEMPLATE)?, &sheet.done(), &today, self.now_ms())
    }

    /// The row of a person who has not paid; none when nothing is owed.
    fn call_row(
        &self,
        snapshot: &Snapshot,
        person: &Person,
        year: u16,
        facts: &Facts,
        unmasked: bool,
    ) -> Result<Option<CallRow>, AppError> {
        if snapshot.contribution(&person.psn_no, year)?.is_some() {
            return Ok(None);
        }
        let normal = |year: u16| -> Result<_, AppError> {
            let found = snapshot.enrolment(&person.psn_no, year)?;
            Ok(found.filter(|enrolled| enrolled.status == EnrolmentStatus::Normal))
        };
        let (amount, sample, reason) = match (normal(year)?, year.checked_sub(1)) {
            (Some(now), _) if now.personal <= Fen::ZERO => return Ok(None),
            (Some(now), _) => (Some(now.personal), now.sample, facts.reason(&person.psn_no)),
            (None, Some(before)) if normal(before)?.is_some() => {
                let code = Some(person.get(PersonField::SpecialIdentity)).filter(|code| !code.is_empty());
                let identity = code.map(|code| Identity::until(code, person.get(PersonField::SpecialUntil)));
                let due = policy::contribution(
                    &self.library.policy,
                    i32::from(year),
                    identity.as_slice(),
                    self.today(),
                );
                let due = due.ok();
                let sample = due.as_ref().is_none_or(|due| due.sample);
                (due.map(|due| due.personal), sample, format!("{before} 年参保，未办 {year} 年登记"))
            }
            _ => return Ok(None),
        };
        if amount.is_some_and(|amount| amount <= Fen::ZERO) {
            return Ok(None);
        }
        let household = snapshot.household(&person.household_no)?;
        let village = person.get(PersonField::Village).to_owned();
        let shown =
            |value: &str, mask: fn(&str) -> String| if unmasked { value.to_owned() } else { mask(value) };
        Ok(Some(CallRow {
            village: self.library.codes.label("divisions", &village).unwrap_or(&village).to_owned(),
            admdvs12: village,
            resdbook_no: household.as_ref().map(|h| h.resdbook_no.clone()).unwrap_or_default(),
            head: household.map(|h| h.head_name).unwrap_or_default(),
            psn_name: person.name().to_owned(),
            certno: shown(person.certno(), masked_certno),
            phone: shown(person.get(PersonField::Phone), masked_phone),
            amount,
            sample,
            reason,
        }))
    }
}

/// What explains that money is not there.
struct Facts {
    agreed: BTreeSet<String>,
    lists: Vec<DeductionList>,
}

impl Facts {
    fn of(snapshot: &Snapshot, year: u16, today: &str) -> Result<Self, AppError> {
        let agreements = snapshot.filings_by_kind(AGREEMENT_FORM)?.into_iter();
        let agreed = agreements.filter(|filing| filing.holds_on(today)).map(|filing| filing.psn_no);
        let mut lists = snapshot.deduction_lists()?;
        lists.retain(|list| list.sheet.year == year);
        Ok(Self { agreed: agreed.collect(), lists })
    }

    /// Newest first: the last list that the person was in says why.
    fn reason(&self, psn_no: &str) -> String {
        match self.lists.iter().find_map(|list| list.of_person(psn_no)) {
            Some((_, Some(result))) if result.done => "已扣款未入账，待核对".to_owned(),
            Some((_, Some(result))) => format!("扣款失败：{}", result.reason),
            Some((_, None)) => "代扣中，银行未回盘".to_owned(),
            None if self.agreed.contains(psn_no) => "已签协议，未扣款".to_owned(),
            None => "未签代扣协议，未到账".to_owned(),
        }
    }
}
