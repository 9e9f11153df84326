//! Insurance of an employee before an enrolment (004 question 4): what the form says of the gap and of the years before it,
//! kept with the enrolment, because the money may be booked on a later day. Knows the columns of the enrolment; must not
//! know what an area makes of a gap.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::EffectRefusal;
use super::effect::cell;
use crate::form::Row;
use crate::policy::{Facts, Gap};

/// Months of a year.
const YEAR: i64 = 12;

/// What a person brings from employee insurance. Days are `YYYY-MM-DD`, numbers plain text as on the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Elsewhere {
    /// Last day of cover there; empty where only the months are known.
    #[n(0)]
    pub last_covered: String,
    /// Months without payment on the day they were counted; empty where the last day is known.
    #[n(1)]
    pub gap_months: String,
    /// The day on which the months were counted.
    #[n(2)]
    pub counted_on: String,
    /// Years of continuous insurance before the gap, paid in arrears not counted; may be empty.
    #[n(3)]
    pub service_years: String,
}

impl Elsewhere {
    /// What a row of an enrolment says, as of a day; none where it says nothing.
    pub(super) fn of(row: &Row, day: NaiveDate) -> Option<Self> {
        let text = |id: &str| cell(row, id).to_owned();
        let said = Self {
            last_covered: text("last_covered"),
            gap_months: text("gap_months"),
            counted_on: day.to_string(),
            service_years: text("service_years"),
        };
        let silent =
            [&said.last_covered, &said.gap_months, &said.service_years].into_iter().all(String::is_empty);
        (!silent).then_some(said)
    }

    /// The facts for a payment on `paid`: months that were counted earlier have grown by the months since.
    ///
    /// # Errors
    /// [`EffectRefusal::BadValue`] names the value that cannot be read.
    pub fn facts(&self, paid: NaiveDate) -> Result<Facts, EffectRefusal> {
        let bad = |field: &str| EffectRefusal::BadValue(field.to_owned());
        let gap = if !self.last_covered.is_empty() {
            Some(Gap::LastCovered(self.last_covered.parse().map_err(|_| bad("last_covered"))?))
        } else if !self.gap_months.is_empty() {
            let months: i64 = self.gap_months.parse().map_err(|_| bad("gap_months"))?;
            let counted: NaiveDate = self.counted_on.parse().map_err(|_| bad("gap_months"))?;
            let since = month(paid) - month(counted);
            Some(Gap::Months(Decimal::from(months.saturating_add(since).max(0))))
        } else {
            None
        };
        let years = Some(self.service_years.as_str()).filter(|years| !years.is_empty());
        let months = years.map(|years| {
            let years = years.parse::<Decimal>().ok();
            years.and_then(|years| years.checked_mul(Decimal::from(YEAR))).ok_or_else(|| bad("service_years"))
        });
        Ok(Facts { gap, service_months: months.transpose()? })
    }
}

fn month(day: NaiveDate) -> i64 {
    i64::from(day.year()) * YEAR + i64::from(day.month0())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_counted_at_the_window_grow_until_the_money_is_booked() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let said = Elsewhere {
            gap_months: "3".to_owned(),
            counted_on: "2022-03-10".to_owned(),
            service_years: "2.5".to_owned(),
            ..Elsewhere::default()
        };
        let facts = said.facts(day("2022-03-31")).unwrap();
        assert_eq!(facts.gap, Some(Gap::Months(Decimal::from(3))));
        assert_eq!(facts.service_months, Some(Decimal::from(30)));
        assert_eq!(said.facts(day("2022-04-01")).unwrap().gap, Some(Gap::Months(Decimal::from(4))));
        let known = Elsewhere { last_covered: "2021-12-31".to_owned(), ..said.clone() };
        assert_eq!(known.facts(day("2022-04-01")).unwrap().gap, Some(Gap::LastCovered(day("2021-12-31"))));
        let wrong = Elsewhere { service_years: "两年".to_owned(), ..said };
        assert_eq!(wrong.facts(day("2022-04-01")), Err(EffectRefusal::BadValue("service_years".to_owned())));
    }
}
