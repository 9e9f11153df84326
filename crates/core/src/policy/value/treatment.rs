//! The shapes of treatment parameters: figures that depend on level, place, referral, class and identity of the
//! person, treatment kind and disease (reference 4.5). Knows which row speaks for which case; knows neither TOML nor
//! the order of calculation.

use rust_decimal::Decimal;

use crate::code::Distance;
use crate::money::Fen;

/// Where the treatment took place, seen from the area that insures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum Place {
    /// Within the pooling area (统筹区内).
    #[n(0)]
    #[default]
    Inside,
    /// In the province, outside the pooling area (省内异地).
    #[n(1)]
    InProvince,
    /// In another province (跨省异地).
    #[n(2)]
    CrossProvince,
}

impl Place {
    /// All of them, nearest first.
    pub const ALL: [Self; 3] = [Self::Inside, Self::InProvince, Self::CrossProvince];

    /// The name in parameter files and cases: `inside`, `in_province`, `cross_province`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::InProvince => "in_province",
            Self::CrossProvince => "cross_province",
        }
    }

    /// The place of a [`Place::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.name() == name)
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Inside => "统筹区内",
            Self::InProvince => "省内异地",
            Self::CrossProvince => "跨省异地",
        }
    }
}

impl From<Distance> for Place {
    fn from(distance: Distance) -> Self {
        match distance {
            Distance::Inside => Self::Inside,
            Distance::InProvince => Self::InProvince,
            Distance::CrossProvince => Self::CrossProvince,
        }
    }
}

/// For whom and what a row speaks. An empty list or `None` speaks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Codes of `dedc_hosp_lv`.
    pub levels: Vec<String>,
    /// Places of treatment.
    pub places: Vec<Place>,
    /// With (true) or without (false) a filed referral.
    pub referred: Option<bool>,
    /// Codes of `psn_type`.
    pub persons: Vec<String>,
    /// Codes of `psn_idet_type`; a person may have several, the best row wins (reference 4.3).
    pub identities: Vec<String>,
    /// Codes of `med_type`.
    pub med_types: Vec<String>,
    /// Codes of `dise_codg`.
    pub diseases: Vec<String>,
}

/// One case as the conditions see it, with one identity of the person or none.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) struct Facts<'a> {
    pub(in crate::policy) level: &'a str,
    pub(in crate::policy) place: Place,
    pub(in crate::policy) referred: bool,
    pub(in crate::policy) person: &'a str,
    pub(in crate::policy) identity: Option<&'a str>,
    pub(in crate::policy) med_type: &'a str,
    pub(in crate::policy) disease: &'a str,
}

impl Condition {
    /// True if the row speaks for the case.
    pub(in crate::policy) fn holds(&self, facts: &Facts<'_>) -> bool {
        let named = |codes: &[String], code: &str| codes.is_empty() || codes.iter().any(|one| one == code);
        named(&self.levels, facts.level)
            && (self.places.is_empty() || self.places.contains(&facts.place))
            && self.referred.is_none_or(|referred| referred == facts.referred)
            && named(&self.persons, facts.person)
            && (self.identities.is_empty() || facts.identity.is_some_and(|one| named(&self.identities, one)))
            && named(&self.med_types, facts.med_type)
            && named(&self.diseases, facts.disease)
    }

    /// True if every case of this row is also one of `wider`.
    pub(in crate::policy) fn within(&self, wider: &Self) -> bool {
        fn part<T: PartialEq>(narrow: &[T], wide: &[T]) -> bool {
            wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|one| wide.contains(one)))
        }
        part(&self.levels, &wider.levels)
            && part(&self.places, &wider.places)
            && (wider.referred.is_none() || self.referred == wider.referred)
            && part(&self.persons, &wider.persons)
            && part(&self.identities, &wider.identities)
            && part(&self.med_types, &wider.med_types)
            && part(&self.diseases, &wider.diseases)
    }
}

/// One value for the cases of one condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell<T> {
    /// For whom and what.
    pub when: Condition,
    /// The value.
    pub value: T,
}

/// Values by condition. The narrowest row that speaks for a case wins; the loader refuses tables in which two rows
/// speak for one case and neither is the narrower.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix<T> {
    /// The rows in the order of the file.
    pub cells: Vec<Cell<T>>,
}

impl<T> Matrix<T> {
    /// The narrowest row for the case.
    pub(in crate::policy) fn pick(&self, facts: &Facts<'_>) -> Option<&Cell<T>> {
        let mut best: Option<&Cell<T>> = None;
        for cell in self.cells.iter().filter(|cell| cell.when.holds(facts)) {
            if best.is_none_or(|now| cell.when.within(&now.when)) {
                best = Some(cell);
            }
        }
        best
    }

    /// The rows for the case, one for each identity of the person, each row once; with no identity, the row for none.
    pub(in crate::policy) fn candidates<'a>(
        &'a self,
        facts: &Facts<'_>,
        identities: &[String],
    ) -> Vec<&'a Cell<T>> {
        if identities.is_empty() || self.cells.iter().all(|cell| cell.when.identities.is_empty()) {
            return self.pick(facts).into_iter().collect();
        }
        let mut found: Vec<&Cell<T>> = Vec::new();
        for identity in identities {
            let facts = Facts { identity: Some(identity), ..*facts };
            if let Some(cell) = self.pick(&facts)
                && !found.iter().any(|other| std::ptr::eq(*other, cell))
            {
                found.push(cell);
            }
        }
        found
    }
}

/// An amount as the law words it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// "unknown": it exists, the document at hand gives no figure.
    Unknown,
    /// "none": expressly no limit.
    None,
    /// In fen.
    Money(Fen),
    /// A share of the average wage (`averages.wage`), rounded as `averages.wage_rounding` says.
    WageShare(Decimal),
    /// So many times the average income (`averages.income`).
    Incomes(Decimal),
    /// A part of the amount that holds without a special identity.
    Factor(Decimal),
}

/// Deductible from the `admission`-th stay of the year on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeductibleStep {
    /// From this admission of the year, counted from 1.
    pub admission: u32,
    /// How much.
    pub amount: Amount,
}

/// Where the bands begin to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandOrigin {
    /// Bounds are amounts in scope from zero; the deductible eats the lower part of the lowest bands.
    Absolute,
    /// Bounds count from the deductible.
    AboveDeductible,
}

/// Ratios by condition and band.
#[derive(Clone, Debug, PartialEq)]
pub struct BandTable {
    /// Where the bounds count from.
    pub origin: BandOrigin,
    /// For each condition the bands in ascending order of bound, the last one open.
    pub ladders: Matrix<Vec<BandRow>>,
}

/// One band.
#[derive(Clone, Debug, PartialEq)]
pub struct BandRow {
    /// Upper bound in fen, inclusive; `None` is open.
    pub up_to: Option<Fen>,
    /// Share of the fund, 0..=1; `None` is "unknown": it exists, the figure is not at hand.
    pub ratio: Option<Decimal>,
}

/// First-paid share of one class.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassShare {
    /// Code of `chrgitm_lv`: 01 甲, 02 乙, 03 丙.
    pub class: String,
    /// Share that the patient pays first, 0..=1; 1 is fully own (全自费).
    pub ratio: Decimal,
}

/// What a guaranteed minimum ratio (保底) is counted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuaranteeScope {
    /// The amount in scope.
    InScope,
    /// The amount in scope above the deductible.
    AboveDeductible,
    /// The whole bill; the payment still stays within the amount in scope.
    Total,
}

/// The guaranteed minimum of the basic pool.
#[derive(Clone, Debug, PartialEq)]
pub struct Guarantee {
    /// What it is counted on.
    pub scope: GuaranteeScope,
    /// The ratio by condition; a case without a row has no guarantee.
    pub ratios: Matrix<Decimal>,
}

/// How long a quota lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaPeriod {
    /// A calendar quarter.
    Quarter,
    /// A settlement year.
    Year,
}

/// What the fund pays at most for one chronic disease in one period (003 A65-A66).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Code of `dise_codg`.
    pub disease: String,
    /// Chinese name.
    pub label: String,
    /// For how long.
    pub period: QuotaPeriod,
    /// Limit of the fund's payment.
    pub amount: Amount,
}

/// Whom a layer above the basic pool covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody insured.
    All,
    /// Persons with one of these identities (`psn_idet_type`).
    Identities(Vec<String>),
}

/// A code with its Chinese name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The code.
    pub code: String,
    /// The name.
    pub label: String,
}

/// National names of `dedc_hosp_lv`, for people.
pub(in crate::policy) fn national_level(code: &str) -> &str {
    match code {
        "1" => "一级及以下",
        "2" => "二级",
        "3" => "三级",
        "4" => "其他",
        "9" => "未定级",
        other => other,
    }
}
