//! The settlement of a reimbursement as it would be today: shown to every reviewer with its trace, fixed when the
//! last level agrees.

use chrono::{Datelike, NaiveDate};
use xiangbao_core::form::FormData;
use xiangbao_core::policy::{self, PolicyGap, SettleInput, Settlement, YearToDate};
use xiangbao_core::register::{Accumulation, CHRONIC, EffectRefusal, PersonField, filed_disease, recognised};

use super::error::AppError;
use super::station::Station;
use crate::store::Snapshot;

/// What a person has used of one benefit in one settlement year.
pub(super) struct YearUsed<'a> {
    /// The benefit.
    pub benefit: &'a str,
    /// The settlement year.
    pub year: i32,
    /// What was used.
    pub used: YearToDate,
}

impl Station {
    /// Settles the bill of a form with what the person has used in that year.
    ///
    /// # Errors
    /// When the policy has no answer, or the store cannot be read.
    pub fn settle(&self, snapshot: &Snapshot, data: &FormData) -> Result<Settlement, AppError> {
        let input = self.settle_input(snapshot, data)?;
        Ok(policy::settle(&self.library.policy, &input)?)
    }

    /// The question of settlement that a form asks today, with what the person has used in that year.
    ///
    /// # Errors
    /// As [`Self::settle`].
    pub(super) fn settle_input(&self, snapshot: &Snapshot, data: &FormData) -> Result<SettleInput, AppError> {
        let mut input = self.bill_of(snapshot, data, self.today())?;
        let psn_no = self.claimant(snapshot, data)?;
        let days = (input.end_date, input.settle_date);
        input.used = self.used_before(snapshot, &psn_no, &input.med_type, days)?.used;
        Ok(input)
    }

    /// What a person has used in the year of a treatment that ended on the first and is settled on the second of `days`.
    ///
    /// # Errors
    /// When no benefit covers the kind of treatment, the sums do not fit, or the store cannot be read.
    pub(super) fn used_before(
        &self,
        snapshot: &Snapshot,
        psn_no: &str,
        med_type: &str,
        days: (NaiveDate, NaiveDate),
    ) -> Result<YearUsed<'_>, AppError> {
        let (benefit, year) = policy::settlement_year(&self.library.policy, med_type, days.0, days.1)?;
        let Ok(register_year) = u16::try_from(year) else {
            let problem = format!("年度 {year} 无法识别");
            return Err(PolicyGap::Input { field: "year".to_owned(), problem }.into());
        };
        let records = snapshot.accumulations(psn_no, register_year)?;
        let Some(used) = Accumulation::year_to_date(&records, benefit) else {
            let problem = format!("{year} 年的累计金额过大，请先核对以前的结算");
            return Err(PolicyGap::Input { field: "used".to_owned(), problem }.into());
        };
        Ok(YearUsed { benefit, year, used })
    }

    /// The bill of a form as settled on `day`, with what the register knows around it: the identities of the person, the
    /// chronic diseases filed for the days of treatment, the earlier part of the stay. Nothing is used yet.
    ///
    /// # Errors
    /// When the form cannot be read as a bill, its disease is not filed, its stay does not go on from the settlement that
    /// it names, or the store cannot be read.
    pub(super) fn bill_of(
        &self,
        snapshot: &Snapshot,
        data: &FormData,
        day: NaiveDate,
    ) -> Result<SettleInput, AppError> {
        // First what no further typing can mend: the clerk hears of it while the bill is still empty.
        let diseases = self.diseases(snapshot, data)?;
        let mut input = SettleInput::from_form(data, day, YearToDate::default())?;
        input.identities = self.identities(snapshot, data, input.end_date)?;
        input.diseases = diseases;
        input.continued = self.continued_from(snapshot, data)?;
        Ok(input)
    }

    /// The question that led to a settlement, to ask it again. Settlements from before questions were kept are asked with
    /// what the register says now.
    ///
    /// # Errors
    /// As [`Self::bill_of`], or when the sums of the settlement's year do not fit.
    pub(super) fn settled_bill(
        &self,
        snapshot: &Snapshot,
        data: &FormData,
        given: &Settlement,
        day: NaiveDate,
    ) -> Result<SettleInput, AppError> {
        if given.facts.is_some() {
            // Everything but the lines stands with the answer: the register is not asked.
            let lines = SettleInput::from_form(data, day, YearToDate::default())?.lines;
            let unlike = || PolicyGap::Input {
                field: "used".to_owned(),
                problem: "结算中的本年累计不一致，请报市级系统管理员".to_owned(),
            };
            return Ok(SettleInput::again(given, lines).ok_or_else(unlike)?);
        }
        let used = given.year_after.minus(&given.year_own).unwrap_or_default();
        Ok(SettleInput { used, ..self.bill_of(snapshot, data, day)? })
    }

    /// Special identities of the claimant whose proof holds on `day` (003 A8); none if the person is not found.
    fn identities(
        &self,
        snapshot: &Snapshot,
        data: &FormData,
        day: NaiveDate,
    ) -> Result<Vec<String>, AppError> {
        let psn_no = self.claimant(snapshot, data)?;
        let Some(person) = snapshot.person(&psn_no)? else { return Ok(Vec::new()) };
        let until = person.get(PersonField::SpecialUntil);
        let holds = until.is_empty() || until >= day.to_string().as_str();
        let identity = person.get(PersonField::SpecialIdentity);
        Ok(if holds && !identity.is_empty() { vec![identity.to_owned()] } else { Vec::new() })
    }

    /// The chronic diseases that are filed for the first day of treatment, in the order of recognition (003 A65, A66).
    ///
    /// # Errors
    /// [`EffectRefusal::NotFiled`] when the bill is for one that is not filed for its first and last day.
    fn diseases(&self, snapshot: &Snapshot, data: &FormData) -> Result<Vec<String>, AppError> {
        let filings = snapshot.filings_of(&self.claimant(snapshot, data)?, Some(CHRONIC))?;
        let wanted = (data.field("dise_codg"), data.field("dise_name"));
        let days = [data.field("begntime"), data.field("endtime")];
        if !wanted.0.is_empty()
            && let Some(day) =
                days.into_iter().find(|day| !day.is_empty() && filed_disease(&filings, wanted, day).is_none())
        {
            let named = if wanted.1.is_empty() {
                self.library.codes.label("opsp_dise_code", wanted.0).unwrap_or(wanted.0)
            } else {
                wanted.1
            };
            return Err(EffectRefusal::NotFiled {
                name: data.field("psn_name").to_owned(),
                disease: named.to_owned(),
                date: day.to_owned(),
            }
            .into());
        }
        let [begin, _] = days;
        Ok(recognised(&filings, begin).iter().map(|f| f.value("opsp_dise_code").to_owned()).collect())
    }

    /// Number of the person whom a claim is about; empty where the register knows nobody.
    pub(super) fn claimant(&self, snapshot: &Snapshot, data: &FormData) -> Result<String, AppError> {
        let number = data.field("psn_no");
        if !number.is_empty() {
            return Ok(number.to_owned());
        }
        let found = crate::store::search::by_certificate(snapshot, data.field("certno"))?;
        Ok(found.first().map(|person| person.psn_no.clone()).unwrap_or_default())
    }

    /// The insurance year that a new enrolment is for: next year's from 1 September on (003 A22), else this year's.
    pub fn enrolment_year(&self) -> i32 {
        let today = self.today();
        if today.month() >= 9 { today.year() + 1 } else { today.year() }
    }
}
