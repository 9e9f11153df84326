//! Steps 6 and 7: big illness, supplement, medical assistance and its tilt, one on what the other left (003 A128). Knows
//! the parameters that all layers share; knows nothing of lines and deductibles.

use super::run::{Better, Run, left_of, minus};
use super::slices::{Cut, pay};
use super::{LayerPay, LayerUse};
use crate::money::Fen;
use crate::policy::gap::PolicyGap;
use crate::policy::schema::LAYERS;
use crate::policy::value::{BandOrigin, Value, Who};

/// What the layers pay together.
#[derive(Default)]
pub(super) struct Layers {
    pub(super) big_illness: Fen,
    pub(super) supplement: Fen,
    pub(super) assistance: Fen,
    /// What the bill adds to the year of each layer, in the order of [`LAYERS`].
    pub(super) used: [LayerUse; 4],
    pub(super) rows: Vec<LayerPay>,
    pub(super) absent: Vec<String>,
}

impl<'a> Run<'a> {
    /// All layers on `left`, the amount in scope that the basic pool left to the person.
    pub(super) fn layers(&mut self, left: Fen) -> Result<Layers, PolicyGap> {
        let mut found = Layers::default();
        let mut left = left;
        let year = &self.input.used;
        let before = [year.big_illness, year.supplement, year.assistance, year.tilt];
        for (((topic, name), before), slot) in LAYERS.into_iter().zip(before).zip(0_usize..) {
            if !self.pack.has_topic(topic) {
                // Few areas tilt: only the three of 003 A128 are missed.
                if topic != "assistance-tilt" {
                    found.absent.push(name.to_owned());
                }
                continue;
            }
            let Some((row, used)) = self.layer(topic, name, left, before)? else { continue };
            left = minus(left, row.paid)?;
            let sum = match topic {
                "big-illness" => &mut found.big_illness,
                "supplement" => &mut found.supplement,
                _ => &mut found.assistance,
            };
            *sum = super::run::add([*sum, row.paid])?;
            if let Some(place) = found.used.get_mut(slot) {
                *place = used;
            }
            found.rows.push(row);
        }
        Ok(found)
    }

    /// One layer; `None` if it does not count this benefit or does not cover this person.
    fn layer(
        &mut self,
        topic: &'static str,
        name: &'static str,
        left: Fen,
        before: LayerUse,
    ) -> Result<Option<(LayerPay, LayerUse)>, PolicyGap> {
        let counts = self.get_id(&format!("{topic}.counts"), Value::as_codes)?;
        if !counts.value.iter().any(|benefit| benefit == self.benefit) {
            self.step(name, "本类费用不计入".to_owned(), Fen::ZERO, &counts);
            return Ok(None);
        }
        let who = self.get_id(&format!("{topic}.who"), Value::as_who)?;
        if let Who::Identities(codes) = who.value
            && !self.input.identities.iter().any(|identity| codes.contains(identity))
        {
            self.step(name, "不属于保障对象".to_owned(), Fen::ZERO, &who);
            return Ok(None);
        }
        let period = self.get_id(&format!("{topic}.period"), Value::as_choice)?;
        let earlier = if period.value == "year" { before.base } else { Fen::ZERO };
        let base = super::run::add([earlier, left])?;
        let formula = if period.value == "year" {
            format!("本年以前 {} + 本次政策范围内剩余 {}", earlier.to_grouped(), left.to_grouped())
        } else {
            format!("本次政策范围内剩余 {}", left.to_grouped())
        };
        self.step(&format!("{name}基数"), formula, base, &period);

        let table = self.get_id(&format!("{topic}.threshold"), Value::as_amounts)?;
        let worth = self.amount(&table, Better::Lower)?;
        let worth = worth.ok_or_else(|| table.lacks(format!("{}的起付标准", self.case_words())))?;
        let threshold = worth.amount.unwrap_or_default();
        self.step(&format!("{name}起付标准"), worth.words(), threshold, &table);

        let bands = self.get_id(&format!("{topic}.bands"), Value::as_bands)?;
        let won = self.bonus(topic, name)?;
        let (from, to) = (earlier.max(threshold), base.max(threshold));
        let (from, to) = match bands.value.origin {
            BandOrigin::Absolute => (from, to),
            BandOrigin::AboveDeductible => (minus(from, threshold)?, minus(to, threshold)?),
        };
        let cut = Cut { from, to, name, lost: rust_decimal::Decimal::ZERO, won };
        let given = pay(self, &bands, &cut)?;
        let (limit, paid) = self.layer_caps(topic, name, given.amount, before.paid)?;
        let row = LayerPay {
            topic: topic.to_owned(),
            base: left,
            threshold,
            limit,
            over_cap: minus(given.amount, paid)?,
            bands: given.bands,
            paid,
        };
        Ok(Some((row, LayerUse { base: left, paid })))
    }

    fn bonus(&mut self, topic: &str, name: &str) -> Result<rust_decimal::Decimal, PolicyGap> {
        let Some(points) = self.maybe_id(&format!("{topic}.bonus"), Value::as_points)? else {
            return Ok(rust_decimal::Decimal::ZERO);
        };
        let won = self.candidates(points.value).into_iter().map(|cell| cell.value).max().unwrap_or_default();
        if !won.is_zero() {
            let words = format!("各段比例提高 {} 个百分点，最高 100%", super::lines::points_text(won));
            self.step(&format!("{name}提高比例"), words, Fen::ZERO, &points);
        }
        Ok(won)
    }

    /// The layer's payment under its caps.
    fn layer_caps(
        &mut self,
        topic: &str,
        name: &str,
        given: Fen,
        used: Fen,
    ) -> Result<(Option<Fen>, Fen), PolicyGap> {
        let mut least: Option<Fen> = None;
        let mut words = format!("各段之和 {}", given.to_grouped());
        if let Some(cap) = self.maybe_id(&format!("{topic}.stay_cap"), Value::as_amounts)?
            && let Some(limit) = self.limit(&cap)?.amount
        {
            least = Some(limit);
            words = format!("{words}、单次封顶线 {}", limit.to_grouped());
        }
        let cap = self.get_id(&format!("{topic}.year_cap"), Value::as_amounts)?;
        if let Some(limit) = self.limit(&cap)?.amount {
            let left = left_of(limit, used)?;
            least = Some(least.map_or(left, |least| least.min(left)));
            words = format!(
                "{words}、年度封顶线 {} - 本年已支付 {} = {}",
                limit.to_grouped(),
                used.to_grouped(),
                left.to_grouped()
            );
        }
        let paid = least.map_or(given, |least| given.min(least));
        if least.is_some() {
            words.push_str(" 取小");
        }
        self.step(&format!("{name}支付"), words, paid, &cap);
        Ok((least, paid))
    }
}
