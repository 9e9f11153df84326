//! What a person has used of a year: the accumulations that a settlement reads and adds to (reference 4.5a, step 9).
//! Knows sums; knows neither rules nor where they are stored.

use crate::money::Fen;

/// Use of one layer above the basic pool in the year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct LayerUse {
    /// Amounts in scope that were left to the person before this layer, fen.
    #[n(0)]
    pub base: Fen,
    /// Paid by the layer, fen.
    #[n(1)]
    pub paid: Fen,
}

impl LayerUse {
    /// Both together; `None` on overflow.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self { base: self.base.checked_add(other.base)?, paid: self.paid.checked_add(other.paid)? })
    }

    /// Without `other`; `None` if it was never part.
    pub fn minus(self, other: Self) -> Option<Self> {
        let left =
            Self { base: self.base.checked_sub(other.base)?, paid: self.paid.checked_sub(other.paid)? };
        (left.base >= Fen::ZERO && left.paid >= Fen::ZERO).then_some(left)
    }
}

/// Use of one chronic disease's quota in one quarter (003 A65-A66).
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct QuotaUse {
    /// Code of `dise_codg`.
    #[n(0)]
    pub dise_codg: String,
    /// Quarter of the settlement year, 1..=4.
    #[n(1)]
    pub quarter: u8,
    /// Paid by the basic pool, fen.
    #[n(2)]
    pub amount: Fen,
}

/// What was used of the year before a settlement, or after it: of one person and one settlement year. The first three
/// are of one benefit (see [`crate::policy::benefit_of`]), the rest of all benefits together.
#[derive(Clone, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct YearToDate {
    /// Paid by the basic pool within the benefit, fen.
    #[n(0)]
    pub fund_paid: Fen,
    /// Deductibles paid within the benefit, fen.
    #[n(1)]
    pub deductible_paid: Fen,
    /// Admissions.
    #[n(2)]
    pub admissions: u32,
    /// Paid by the basic pool over all benefits, fen.
    #[n(3)]
    #[cbor(default)]
    pub basic_paid: Fen,
    /// Big illness insurance (大病保险).
    #[n(4)]
    #[cbor(default)]
    pub big_illness: LayerUse,
    /// Supplement (补充保险).
    #[n(5)]
    #[cbor(default)]
    pub supplement: LayerUse,
    /// Medical assistance (医疗救助).
    #[n(6)]
    #[cbor(default)]
    pub assistance: LayerUse,
    /// Tilted assistance (倾斜救助).
    #[n(7)]
    #[cbor(default)]
    pub tilt: LayerUse,
    /// Quotas of chronic diseases; each disease and quarter once, none with 0.
    #[n(8)]
    #[cbor(default)]
    pub quotas: Vec<QuotaUse>,
}

impl YearToDate {
    /// What a settlement of `benefit` asks for, from what each benefit used: its own amounts, and those of all benefits
    /// where a rule counts over the whole year. `None` on overflow.
    pub fn across<'a>(parts: impl IntoIterator<Item = (&'a str, Self)>, benefit: &str) -> Option<Self> {
        let (mut whole, mut own) = (Self::default(), Self::default());
        for (name, used) in parts {
            whole = whole.plus(&used)?;
            if name == benefit {
                own = used;
            }
        }
        Some(Self {
            fund_paid: own.fund_paid,
            deductible_paid: own.deductible_paid,
            admissions: own.admissions,
            ..whole
        })
    }

    /// Both together; `None` on overflow.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let mut quotas = self.quotas.clone();
        for more in &other.quotas {
            match quotas.iter_mut().find(|one| one.same(more)) {
                Some(one) => one.amount = one.amount.checked_add(more.amount)?,
                None => quotas.push(more.clone()),
            }
        }
        Some(Self {
            fund_paid: self.fund_paid.checked_add(other.fund_paid)?,
            deductible_paid: self.deductible_paid.checked_add(other.deductible_paid)?,
            admissions: self.admissions.checked_add(other.admissions)?,
            basic_paid: self.basic_paid.checked_add(other.basic_paid)?,
            big_illness: self.big_illness.plus(other.big_illness)?,
            supplement: self.supplement.plus(other.supplement)?,
            assistance: self.assistance.plus(other.assistance)?,
            tilt: self.tilt.plus(other.tilt)?,
            quotas: sorted(quotas),
        })
    }

    /// Without `other`, for a reversal (冲正); `None` if `other` was never part of it.
    pub fn minus(&self, other: &Self) -> Option<Self> {
        let mut quotas = self.quotas.clone();
        for less in &other.quotas {
            let one = quotas.iter_mut().find(|one| one.same(less))?;
            one.amount = one.amount.checked_sub(less.amount).filter(|left| *left >= Fen::ZERO)?;
        }
        let left = Self {
            fund_paid: self.fund_paid.checked_sub(other.fund_paid)?,
            deductible_paid: self.deductible_paid.checked_sub(other.deductible_paid)?,
            admissions: self.admissions.checked_sub(other.admissions)?,
            basic_paid: self.basic_paid.checked_sub(other.basic_paid)?,
            big_illness: self.big_illness.minus(other.big_illness)?,
            supplement: self.supplement.minus(other.supplement)?,
            assistance: self.assistance.minus(other.assistance)?,
            tilt: self.tilt.minus(other.tilt)?,
            quotas: sorted(quotas),
        };
        let amounts = [left.fund_paid, left.deductible_paid, left.basic_paid];
        amounts.iter().all(|amount| *amount >= Fen::ZERO).then_some(left)
    }

    /// True if any amount is below zero: such a year cannot be settled on.
    pub(super) fn is_negative(&self) -> bool {
        let layers = [self.big_illness, self.supplement, self.assistance, self.tilt];
        let amounts = [self.fund_paid, self.deductible_paid, self.basic_paid].into_iter();
        amounts
            .chain(layers.into_iter().flat_map(|layer| [layer.base, layer.paid]))
            .chain(self.quotas.iter().map(|quota| quota.amount))
            .any(|amount| amount < Fen::ZERO)
    }
}

impl QuotaUse {
    fn same(&self, other: &Self) -> bool {
        self.quarter == other.quarter && self.dise_codg == other.dise_codg
    }
}

fn sorted(mut quotas: Vec<QuotaUse>) -> Vec<QuotaUse> {
    quotas.retain(|quota| quota.amount != Fen::ZERO);
    quotas
        .sort_unstable_by(|one, other| (&one.dise_codg, one.quarter).cmp(&(&other.dise_codg, other.quarter)));
    quotas
}
