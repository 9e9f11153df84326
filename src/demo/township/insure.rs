//! Enrolments of past payments, by the policy of the area: who paid for which year, from when that covers, what it
//! cost. Knows core's policy; draws the days of payment.

use chrono::{Datelike, Days, NaiveDate};
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{
    self, Cover, EntitlementQuery, PayerKind, PolicyPack, contribution, entitlement,
};
use xiangbao_core::register::{Change, Enrolment, EnrolmentStatus};

use super::dice::Dice;
use super::people::Human;

/// Writes the enrolments of one township.
pub(super) struct Insurer<'a> {
    policy: &'a PolicyPack,
    today: NaiveDate,
}

/// Whether a person is enrolled in an insurance year and the year before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paid {
    /// The later year.
    pub(super) year: bool,
    /// The year before.
    pub(super) before: bool,
}

impl Paid {
    /// Both years.
    pub(super) const BOTH: Self = Self { year: true, before: true };

    /// Draws: about 92 of a hundred persons pay for the year; those of working age forget it most.
    pub(super) fn draw(age: u32, dice: &mut Dice) -> Self {
        let pays = if (18..46).contains(&age) { 880 } else { 955 };
        let year = dice.chance(pays);
        let before = dice.chance(if year { 955 } else { 500 });
        Self { year, before }
    }
}

impl<'a> Insurer<'a> {
    /// Enrols by that policy, as of `today`.
    pub(super) fn new(policy: &'a PolicyPack, today: NaiveDate) -> Self {
        Self { policy, today }
    }

    /// The enrolments of a person for `year` and the year before, oldest first.
    pub(super) fn enrolments(&self, human: &Human, year: i32, paid: Paid, dice: &mut Dice) -> Vec<Change> {
        let before = self.enrolment(human, year - 1, paid.before, dice.chance(960), dice);
        // A year before the policy's first day leaves no record, but who paid then has not interrupted.
        let continued = before.is_some() || (paid.before && human.birth.year() < year - 1);
        let now = self.enrolment(human, year, paid.year, continued, dice);
        [before, now].into_iter().flatten().collect()
    }

    /// One year: a newborn's own year is paid within weeks of the birth, every other in the window of autumn before.
    fn enrolment(
        &self,
        human: &Human,
        year: i32,
        pays: bool,
        continued: bool,
        dice: &mut Dice,
    ) -> Option<Change> {
        let (autumn, weeks) = (dice.below(110), dice.between(14, 75));
        let window = NaiveDate::from_ymd_opt(year - 1, 9, 5)?.checked_add_days(Days::new(autumn.into()))?;
        let newborn = human.birth.year() == year || window < human.birth;
        let (kind, payer, day) = if newborn {
            let day = human.birth.checked_add_days(Days::new(u64::try_from(weeks).ok()?))?;
            ("4", PayerKind::Newborn, day)
        } else if continued {
            ("2", PayerKind::Continuous, window)
        } else if human.age_on(window) < 4 {
            ("1", PayerKind::First, window)
        } else {
            ("3", PayerKind::Interrupted, window)
        };
        // Somebody born after the window of a year gets that year's place as a newborn only if it is the birth year.
        if !pays || day > self.today || (newborn && (human.birth.year() != year || day.year() != year)) {
            return None;
        }
        self.record(human, year, kind, payer, day)
    }

    fn record(
        &self,
        human: &Human,
        year: i32,
        kind: &str,
        payer: PayerKind,
        paid: NaiveDate,
    ) -> Option<Change> {
        let query = EntitlementQuery {
            kind: payer,
            birth: Some(human.birth),
            paid,
            insu_year: year,
            facts: policy::Facts::default(),
            options: std::collections::BTreeMap::new(),
        };
        let terms = entitlement(self.policy, &query).ok()?;
        let Cover::Days { start, end } = terms.cover else { return None };
        let cost = self.cost(human, year, paid);
        let fen = |of: fn(&policy::Contribution) -> Fen| cost.as_ref().map_or(Fen::ZERO, of);
        let record = Enrolment {
            psn_no: human.person.psn_no.clone(),
            insu_year: u16::try_from(year).ok()?,
            rev: 1,
            status: EnrolmentStatus::Normal,
            enrol_kind: kind.to_owned(),
            psn_type: human.category_on(paid).to_owned(),
            psn_idet_type: human.special().to_owned(),
            standard: fen(|cost| cost.standard),
            aid: fen(|cost| cost.aid),
            personal: fen(|cost| cost.personal),
            entitled_from: start.to_string(),
            entitled_to: end.to_string(),
            entitlement_rule: terms.outcome(),
            // Without a standard in the pack the amounts are no figures at all: a sample too.
            sample: terms.sample || cost.as_ref().is_none_or(|cost| cost.sample),
            end_reason: String::new(),
            certno: human.person.certno().to_owned(),
            unit: None,
            refunded: None,
            elsewhere: None,
        };
        Some(Change::Enrolment { effective: paid.to_string(), record })
    }

    /// `None` where the pack has no standard of that year.
    fn cost(&self, human: &Human, year: i32, paid: NaiveDate) -> Option<policy::Contribution> {
        let identity = Some(human.special()).filter(|code| !code.is_empty()).map(policy::Identity::of);
        contribution(self.policy, year, identity.as_slice(), paid).ok()
    }
}
