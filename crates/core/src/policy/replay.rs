//! Settled bills asked again under another pack: who would have gained, who would have lost, before a pack goes live. Each
//! person's year is lived through anew, because caps, deductibles and admissions of later bills rest on the earlier ones.
//! Knows the question of settlement and the sums of a year; knows no case and no register.

use std::collections::BTreeMap;

use super::gap::PolicyGap;
use super::pack::PolicyPack;
use super::settle::{SettleInput, Settlement, YearToDate, settle, settlement_year};

/// The settled bills of one person, asked again in the order of their settlement.
#[derive(Clone, Debug)]
pub struct Replay<'a> {
    pack: &'a PolicyPack,
    /// What each benefit of each year used, under the pack.
    used: BTreeMap<(i32, String), YearToDate>,
}

impl<'a> Replay<'a> {
    /// Nothing used yet: a person before the first bill.
    pub fn new(pack: &'a PolicyPack) -> Self {
        Self { pack, used: BTreeMap::new() }
    }

    /// Settles the next bill of the person; `input.used` is replaced by what the bills before it used under the pack.
    ///
    /// # Errors
    /// [`PolicyGap`] if the pack has no answer; the bill then adds nothing to the year.
    pub fn next(&mut self, mut input: SettleInput) -> Result<Settlement, PolicyGap> {
        let (benefit, year) = settlement_year(self.pack, &input.med_type, input.end_date, input.settle_date)?;
        let key = (year, benefit.to_owned());
        input.used = self.used_before(&key).ok_or_else(|| PolicyGap::too_large("used"))?;
        let settled = settle(self.pack, &input)?;
        let own = self.used.entry(key).or_default();
        *own = own.plus(&settled.year_own).ok_or_else(|| PolicyGap::too_large("used"))?;
        Ok(settled)
    }

    /// As the register counts.
    fn used_before(&self, key: &(i32, String)) -> Option<YearToDate> {
        let year = self.used.range((key.0, String::new())..).take_while(|((year, _), _)| *year == key.0);
        YearToDate::across(year.map(|((_, benefit), used)| (benefit.as_str(), used.clone())), &key.1)
    }
}
