//! One settlement under way: what is fixed, how parameters are asked for, and the reasoning so far. Knows lookup and
//! how worded amounts become fen; the order of calculation is in `engine`.

use chrono::{Datelike, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use super::SettleInput;
use super::engine::{benefit_of, rule_day};
use super::lines::percent;
use crate::money::Fen;
use crate::policy::gap::PolicyGap;
use crate::policy::pack::{Dated, PolicyPack, Used};
use crate::policy::trace::TraceStep;
use crate::policy::value::{Amount, Cell, Facts, Matrix, Value, national_level};

/// What is fixed for one settlement, and what is noted on the way.
pub(super) struct Run<'a> {
    pub(super) pack: &'a PolicyPack,
    pub(super) input: &'a SettleInput,
    pub(super) benefit: &'a str,
    pub(super) day: NaiveDate,
    pub(super) sample: bool,
    pub(super) trace: Vec<TraceStep>,
    topic: String,
}

/// An amount in fen, and how it came about if it was not simply stated. `None` is no limit.
pub(super) struct Worth {
    pub(super) amount: Option<Fen>,
    pub(super) how: String,
}

impl Worth {
    /// How it came about, as a step of the reasoning.
    pub(super) fn words(self) -> String {
        if self.how.is_empty() { "按规定的标准".to_owned() } else { self.how }
    }
}

/// Which of several rows is the better one for the person (reference 4.3: the best one).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Better {
    /// Deductibles and thresholds.
    Lower,
    /// Limits and sums.
    Higher,
}

impl<'a> Run<'a> {
    /// Finds benefit and rule date. The choice between the two days is itself read at the end of treatment.
    pub(super) fn start(pack: &'a PolicyPack, input: &'a SettleInput) -> Result<Self, PolicyGap> {
        check_input(input)?;
        let benefit = benefit_of(pack, &input.med_type, input.end_date)?;
        let mut run = Self {
            pack,
            input,
            benefit,
            day: input.end_date,
            sample: false,
            trace: Vec::with_capacity(40),
            topic: format!("settlement-{benefit}"),
        };
        let by = run.get("rule_date", Value::as_choice)?;
        run.day = rule_day(by.value, input.end_date, input.settle_date);
        let word = if by.value == "settlement" { "结算" } else { "出院（治疗结束）" };
        let total = add(input.lines.iter().map(|line| line.amount))?;
        let formula = format!("{} 行费用相加；按{word}日期 {} 适用的规则计算", input.lines.len(), run.day);
        run.step("医疗费总额", formula, total, &by);
        Ok(run)
    }

    /// A parameter of this benefit on the rule date; notes whether it is a sample.
    pub(super) fn get<T>(
        &mut self,
        key: &str,
        pick: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Used<'a, T>, PolicyGap> {
        let id = format!("{}.{key}", self.topic);
        self.get_id(&id, pick)
    }

    /// A parameter that the area may be without: `None` if it has none, or none yet on the rule date.
    pub(super) fn maybe<T>(
        &mut self,
        key: &str,
        pick: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<Used<'a, T>>, PolicyGap> {
        let id = format!("{}.{key}", self.topic);
        self.maybe_id(&id, pick)
    }

    /// [`Run::maybe`] of any topic.
    pub(super) fn maybe_id<T>(
        &mut self,
        id: &str,
        pick: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<Used<'a, T>>, PolicyGap> {
        let set = self.pack.param(id).is_some_and(|param| param.rows.iter().any(|row| row.covers(self.day)));
        if set { self.get_id(id, pick).map(Some) } else { Ok(None) }
    }

    /// [`Run::get`] of any topic.
    pub(super) fn get_id<T>(
        &mut self,
        id: &str,
        pick: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Used<'a, T>, PolicyGap> {
        let used = self.pack.get(id, self.day, pick)?;
        self.sample |= Dated::is_sample(used.row);
        Ok(used)
    }

    /// Notes one step of the reasoning.
    pub(super) fn step<T>(&mut self, label: &str, formula: String, amount: Fen, used: &Used<'_, T>) {
        self.trace.push(TraceStep::of(label, formula, amount, used));
    }

    /// The case as the conditions of rows see it, without an identity.
    pub(super) fn facts(&self) -> Facts<'a> {
        Facts {
            level: &self.input.hospital_level,
            place: self.input.place,
            referred: self.input.referred,
            person: &self.input.psn_type,
            identity: None,
            med_type: &self.input.med_type,
            disease: &self.input.dise_codg,
        }
    }

    /// The rows of a matrix for this case, one for each identity of the person.
    pub(super) fn candidates<T>(&self, matrix: &'a Matrix<T>) -> Vec<&'a Cell<T>> {
        matrix.candidates(&self.facts(), &self.input.identities)
    }

    /// The amount of this case; `None` if no row speaks for it.
    pub(super) fn amount(
        &mut self,
        used: &Used<'a, &'a Matrix<Amount>>,
        better: Better,
    ) -> Result<Option<Worth>, PolicyGap> {
        let plain = used.value.pick(&self.facts()).map(|cell| cell.value);
        let mut best: Option<Worth> = None;
        for cell in self.candidates(used.value) {
            let worth = self.worth(cell.value, plain, used)?;
            best = Some(choose(best, named(worth, cell), better));
        }
        Ok(best)
    }

    /// The limit of this case, `None` if there is none; that no row speaks is a gap.
    pub(super) fn limit(&mut self, used: &Used<'a, &'a Matrix<Amount>>) -> Result<Worth, PolicyGap> {
        let found = self.amount(used, Better::Higher)?;
        found.ok_or_else(|| used.lacks(format!("{}的限额", self.case_words())))
    }

    /// The case in Chinese, for what a parameter lacks.
    pub(super) fn case_words(&self) -> String {
        format!("“{}”医疗机构、{}", self.level_name(), self.input.place.label())
    }

    /// A worded amount in fen. `plain` is the amount without a special identity, which a factor refers to.
    pub(super) fn worth<T>(
        &mut self,
        amount: Amount,
        plain: Option<Amount>,
        used: &Used<'a, T>,
    ) -> Result<Worth, PolicyGap> {
        let stated = |amount| Worth { amount, how: String::new() };
        match amount {
            Amount::Unknown => Err(used.lacks(format!("{}的金额（文件未查到）", self.case_words()))),
            Amount::None => Ok(stated(None)),
            Amount::Money(amount) => Ok(stated(Some(amount))),
            Amount::WageShare(share) => self.wage_share(share),
            Amount::Incomes(times) => {
                let income = self.get_id("averages.income", Value::as_money)?;
                let how = format!("居民人均可支配收入 {} × {times}", income.value.to_grouped());
                Ok(Worth { amount: Some(income.value.mul_ratio_half_up(times)), how })
            }
            Amount::Factor(factor) => match plain {
                None | Some(Amount::Factor(_)) => Err(used.lacks("无特殊身份时的金额".to_owned())),
                Some(plain) => {
                    let whole = self.worth(plain, None, used)?;
                    let how = whole.amount.map_or_else(String::new, |amount| {
                        format!("一般标准 {} × {}", amount.to_grouped(), percent(factor))
                    });
                    Ok(Worth { amount: whole.amount.map(|amount| amount.mul_ratio_half_up(factor)), how })
                }
            },
        }
    }

    fn wage_share(&mut self, share: Decimal) -> Result<Worth, PolicyGap> {
        let wage = self.get_id("averages.wage", Value::as_money)?;
        let rounding = self.get_id("averages.wage_rounding", Value::as_choice)?;
        let (unit, strategy, word) = match rounding.value {
            "yuan_half_up" => (100, RoundingStrategy::MidpointAwayFromZero, "四舍五入到元"),
            "ten_yuan_half_up" => (1_000, RoundingStrategy::MidpointAwayFromZero, "四舍五入到十元"),
            "hundred_yuan_half_up" => (10_000, RoundingStrategy::MidpointAwayFromZero, "四舍五入到百元"),
            "hundred_yuan_down" => (10_000, RoundingStrategy::ToZero, "不足百元舍去"),
            _ => (1, RoundingStrategy::MidpointAwayFromZero, "四舍五入到分"),
        };
        let exact = Decimal::from(wage.value.0).checked_mul(share);
        let units = exact.and_then(|exact| exact.checked_div(Decimal::from(unit)));
        let whole = units.map(|units| units.round_dp_with_strategy(0, strategy));
        let fen = whole.and_then(|whole| whole.checked_mul(Decimal::from(unit)));
        let amount = fen.and_then(|fen| i64::try_from(fen).ok()).map(Fen);
        let how = format!("平均工资 {} × {}，{word}", wage.value.to_grouped(), percent(share));
        Ok(Worth { amount: Some(amount.ok_or_else(|| PolicyGap::too_large("averages.wage"))?), how })
    }

    /// The name of the hospital's level: the area's own, or the national one of `dedc_hosp_lv`.
    pub(super) fn level_name(&self) -> &'a str {
        let code = self.input.hospital_level.as_str();
        let id = format!("{}.levels", self.topic);
        let labels = self.pack.get(&id, self.day, Value::as_labels).map_or(&[][..], |used| used.value);
        labels
            .iter()
            .find(|label| label.code == code)
            .map_or_else(|| national_level(code), |label| &label.label)
    }

    /// Quarter of the rule date, 1..=4.
    pub(super) fn quarter(&self) -> u8 {
        u8::try_from(self.day.month0() / 3 + 1).unwrap_or(4)
    }
}

/// The better of the two; of equals the first.
pub(super) fn choose(best: Option<Worth>, next: Worth, better: Better) -> Worth {
    let Some(best) = best else { return next };
    let rank = |worth: &Worth| worth.amount.unwrap_or(Fen(i64::MAX));
    let wins = match better {
        Better::Lower => rank(&next) < rank(&best),
        Better::Higher => rank(&next) > rank(&best),
    };
    if wins { next } else { best }
}

/// Says which identity a row was chosen for.
pub(super) fn named<T>(mut worth: Worth, cell: &Cell<T>) -> Worth {
    if !cell.when.identities.is_empty() {
        let sign = if worth.how.is_empty() { "" } else { "；" };
        worth.how = format!("{}{sign}按身份类别 {}", worth.how, cell.when.identities.join("、"));
    }
    worth
}

fn check_input(input: &SettleInput) -> Result<(), PolicyGap> {
    if input.admission_no == 0 {
        return Err(PolicyGap::input("adm_no", "本年第几次住院应从 1 起填写；门诊填 1"));
    }
    if input.used.is_negative() {
        return Err(PolicyGap::input("used", "本年累计金额为负，请先核对以前的结算和冲正"));
    }
    if input.settle_date < input.end_date {
        return Err(PolicyGap::input("endtime", "治疗结束日期晚于结算日期，请核对"));
    }
    if input.continued.is_some_and(|paid| paid < Fen::ZERO) {
        return Err(PolicyGap::input("continued", "前段住院已付的起付线为负，请核对"));
    }
    Ok(())
}

/// What is left of a yearly limit; nothing if more than the limit is already used.
pub(super) fn left_of(limit: Fen, used: Fen) -> Result<Fen, PolicyGap> {
    Ok(minus(limit, used)?.max(Fen::ZERO))
}

pub(super) fn minus(left: Fen, right: Fen) -> Result<Fen, PolicyGap> {
    left.checked_sub(right).ok_or_else(|| PolicyGap::too_large("medfee_sumamt"))
}

pub(super) fn add(amounts: impl IntoIterator<Item = Fen>) -> Result<Fen, PolicyGap> {
    Fen::checked_sum(amounts).ok_or_else(|| PolicyGap::too_large("medfee_sumamt"))
}
