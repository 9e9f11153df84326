//! A settled case out of its stored bytes, without all that asking its bill again does not need: reasoning, papers, reviews
//! and register changes are passed over unread, which is nine tenths of a case. Knows the keys of [`Case`](super::Case) and
//! of what it holds (a test compares both readings); knows no storage and no pack.

use minicbor::Decoder;
use minicbor::decode::{Decode, Error};

use super::fold::{Status, Step};
use crate::money::Fen;
use crate::policy::{FeeLine, PolicyGap, SettleFacts, SettleInput, YearToDate};

/// The table of the bill's lines.
const FEES: &str = "fees";

/// A case that was settled and stands, as far as its bill is to be asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledCase {
    /// Printed number.
    pub number: String,
    /// Village of the person.
    pub village: String,
    /// Operation that fixed the settlement: bills of one person are asked again in this order.
    pub seq: u64,
    /// When, in milliseconds since 1970 by the station's clock.
    pub wall_ms: i64,
    /// Benefit it was settled under.
    pub benefit: String,
    /// Paid by all funds, fen.
    pub fund_pay_sumamt: Fen,
    /// The question that led to the settlement, with nothing used of the year; or why it cannot be asked. `None` for
    /// settlements from before questions were kept.
    pub question: Option<Result<SettleInput, PolicyGap>>,
}

impl SettledCase {
    /// Reads a stored [`Case`](super::Case) of `psn_no`; `None` if it was not settled, was reversed, or its bill is
    /// somebody else's (a case is listed under everyone it names).
    ///
    /// # Errors
    /// When the bytes are not a case.
    pub fn read(bytes: &[u8], psn_no: &str) -> Result<Option<Self>, Error> {
        let lean: Lean<'_> = minicbor::decode(bytes)?;
        let (Some(settled), Some(step)) = (&lean.settlement, &lean.effect) else { return Ok(None) };
        let bill = &lean.filing.data;
        if lean.status == Status::Reversed || bill.claimant.0 != psn_no {
            return Ok(None);
        }
        Ok(Some(Self {
            number: lean.number.to_owned(),
            village: lean.filing.village.to_owned(),
            seq: step.seq,
            wall_ms: step.wall_ms,
            benefit: settled.benefit.to_owned(),
            fund_pay_sumamt: settled.fund_pay_sumamt,
            question: settled.facts.as_ref().map(|facts| bill.lines.question(facts)),
        }))
    }
}

/// The keys of [`Case`](super::Case).
#[derive(minicbor::Decode)]
#[cbor(map)]
struct Lean<'b> {
    #[b(0)]
    number: &'b str,
    #[b(1)]
    filing: LeanFiling<'b>,
    #[n(2)]
    status: Status,
    #[b(8)]
    settlement: Option<LeanSettlement<'b>>,
    #[n(14)]
    effect: Option<Step>,
}

/// The keys of [`Filing`](crate::event::Filing).
#[derive(minicbor::Decode)]
#[cbor(map)]
struct LeanFiling<'b> {
    #[b(4)]
    data: LeanData<'b>,
    #[b(6)]
    village: &'b str,
}

/// The keys of [`FormData`](crate::form::FormData).
#[derive(minicbor::Decode)]
#[cbor(map)]
struct LeanData<'b> {
    #[b(0)]
    claimant: Claimant<'b>,
    #[b(1)]
    lines: Lines<'b>,
}

/// The keys of [`Settlement`](crate::policy::Settlement).
#[derive(minicbor::Decode)]
#[cbor(map)]
struct LeanSettlement<'b> {
    #[n(7)]
    fund_pay_sumamt: Fen,
    #[b(15)]
    benefit: &'b str,
    #[n(29)]
    facts: Option<SettleFacts>,
}

/// Of the single fields: whose bill it is.
struct Claimant<'b>(&'b str);

impl<'b, C> Decode<'b, C> for Claimant<'b> {
    fn decode(from: &mut Decoder<'b>, _: &mut C) -> Result<Self, Error> {
        let mut found = "";
        for pair in from.map_iter::<&str, &str>()? {
            let (field, value) = pair?;
            if field == "psn_no" {
                found = value;
            }
        }
        Ok(Self(found))
    }
}

/// Of the tables: the cells of the bill, row by row.
struct Lines<'b>(Vec<Vec<(&'b str, &'b str)>>);

impl<'b, C> Decode<'b, C> for Lines<'b> {
    fn decode(from: &mut Decoder<'b>, _: &mut C) -> Result<Self, Error> {
        let Some(tables) = from.map()? else { return Err(Error::message("a map without a length")) };
        let mut rows = Vec::new();
        for _ in 0..tables {
            if from.str()? != FEES {
                from.skip()?;
                continue;
            }
            let Some(count) = from.array()? else { return Err(Error::message("an array without a length")) };
            for _ in 0..count {
                rows.push(from.map_iter()?.collect::<Result<Vec<_>, _>>()?);
            }
        }
        Ok(Self(rows))
    }
}

impl Lines<'_> {
    fn question(&self, facts: &SettleFacts) -> Result<SettleInput, PolicyGap> {
        let line = |(index, row): (usize, &Vec<(&str, &str)>)| {
            FeeLine::from_cells(index, |id| {
                row.iter().find(|(column, _)| *column == id).map_or("", |(_, value)| value)
            })
        };
        let lines = self.0.iter().enumerate().map(line).collect::<Result<_, _>>()?;
        let unread = || PolicyGap::Input {
            field: "facts".to_owned(),
            problem: "结算中的日期无法识别，请报市级系统管理员".to_owned(),
        };
        facts.asked(lines, YearToDate::default()).ok_or_else(unread)
    }
}
