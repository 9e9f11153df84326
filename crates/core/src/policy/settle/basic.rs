//! Steps 3 to 5: deductible, bands or a fixed sum, guaranteed minimum, quotas and caps of the basic pool. Knows the
//! parameters of one benefit; knows no layer above it.

use rust_decimal::Decimal;

use super::lines::points_text;
use super::run::{Better, Run, Worth, choose, left_of, minus, named};
use super::slices::{Cut, Paid, pay};
use super::{Band, QuotaUse};
use crate::money::Fen;
use crate::policy::gap::PolicyGap;
use crate::policy::pack::Used;
use crate::policy::value::{
    BandOrigin, DeductibleStep, Facts, GuaranteeScope, Matrix, Quota, QuotaPeriod, Value,
};

/// What the basic pool pays.
pub(super) struct Basic {
    pub(super) deductible: Fen,
    pub(super) bands: Vec<Band>,
    pub(super) guarantee: Fen,
    /// What was left under the caps; `None` without a cap.
    pub(super) limit: Option<Fen>,
    pub(super) paid: Fen,
    pub(super) over_cap: Fen,
    /// What the bill adds to the quota of its disease.
    pub(super) quota: Option<QuotaUse>,
}

impl<'a> Run<'a> {
    /// The basic pool's part of the amount in scope.
    pub(super) fn basic(&mut self, in_scope: Fen) -> Result<Basic, PolicyGap> {
        let (deductible, bands, before, guarantee) = match self.fixed(in_scope)? {
            Some(paid) => (Fen::ZERO, paid.bands, paid.amount, Fen::ZERO),
            None => {
                let deductible = self.deductible(in_scope)?;
                let paid = self.bands(in_scope, deductible)?;
                let guarantee = self.guarantee(in_scope, deductible, paid.amount)?;
                (deductible, paid.bands, super::run::add([paid.amount, guarantee])?, guarantee)
            }
        };
        let (quota_left, quota) = self.quota()?;
        let (limit, paid) = self.caps(before, quota_left)?;
        let quota = quota.map(|quota| QuotaUse { amount: paid, ..quota });
        Ok(Basic { deductible, bands, guarantee, limit, paid, over_cap: minus(before, paid)?, quota })
    }

    /// A fixed sum (birth: 定额), if the area pays one for this case: never more than the amount in scope.
    fn fixed(&mut self, in_scope: Fen) -> Result<Option<Paid>, PolicyGap> {
        let Some(fixed) = self.maybe("fixed", Value::as_amounts)? else { return Ok(None) };
        let Some(worth) = self.amount(&fixed, Better::Higher)? else { return Ok(None) };
        let amount = worth.amount.unwrap_or(in_scope).min(in_scope);
        let stated = worth.amount.unwrap_or(in_scope).to_grouped();
        let formula = format!("定额 {stated} 与政策范围内 {} 取小", in_scope.to_grouped());
        self.step("定额支付", formula, amount, &fixed);
        let band = Band { label: "定额支付".to_owned(), base: in_scope, ratio: String::new(), amount };
        Ok(Some(Paid { bands: vec![band], amount }))
    }

    /// Step 3: standard by level, admission, identity and place, less what the yearly limit leaves, never above the
    /// amount in scope.
    fn deductible(&mut self, in_scope: Fen) -> Result<Fen, PolicyGap> {
        let table = self.get("deductible", Value::as_deductibles)?;
        let level = self.level_name();
        let worth = self.standard(&table)?;
        let standard = worth.amount.unwrap_or_default();
        let sign = if worth.how.is_empty() { "" } else { "；" };
        let formula = format!("{level}，本年第 {} 次{sign}{}", self.input.admission_no, worth.how);
        self.step("起付线标准", formula, standard, &table);
        let standard = self.continued(standard)?;

        let due = match self.maybe("deductible_year_cap", Value::as_amounts)? {
            None => standard,
            Some(limit) => match self.limit(&limit)?.amount {
                None => standard,
                Some(limit_amount) => {
                    let used = self.input.used.deductible_paid;
                    let left = left_of(limit_amount, used)?;
                    let due = standard.min(left);
                    let formula = format!(
                        "年度累计上限 {} - 本年已付 {} = {}；与标准 {} 取小",
                        limit_amount.to_grouped(),
                        used.to_grouped(),
                        left.to_grouped(),
                        standard.to_grouped()
                    );
                    self.step("本次应付起付线", formula, due, &limit);
                    due
                }
            },
        };
        let paid = due.min(in_scope);
        let formula = format!("应付 {} 与政策范围内 {} 取小", due.to_grouped(), in_scope.to_grouped());
        self.step("实际支付起付线", formula, paid, &table);
        Ok(paid)
    }

    /// The lowest standard that one of the person's identities gives.
    fn standard(&mut self, table: &Used<'a, &'a Matrix<Vec<DeductibleStep>>>) -> Result<Worth, PolicyGap> {
        let admission = self.input.admission_no;
        let step = |steps: &[DeductibleStep]| {
            let reached = steps.iter().filter(|step| step.admission <= admission);
            reached.max_by_key(|step| step.admission).map(|step| step.amount)
        };
        let facts: Facts<'a> = self.facts();
        let plain = table.value.pick(&facts).and_then(|cell| step(&cell.value));
        let mut best = None;
        for cell in self.candidates(table.value) {
            let Some(amount) = step(&cell.value) else { continue };
            let worth = self.worth(amount, plain, table)?;
            best = Some(choose(best, named(worth, cell), Better::Lower));
        }
        best.ok_or_else(|| table.lacks(format!("{}的起付线", self.case_words())))
    }

    /// A stay that goes on after a forced settlement bears no second deductible (002), or what the first part left.
    fn continued(&mut self, standard: Fen) -> Result<Fen, PolicyGap> {
        let Some(paid) = self.input.continued else { return Ok(standard) };
        let rule = self.get("continued_stay", Value::as_choice)?;
        let (due, formula) = if rule.value == "rest" {
            let due = left_of(standard, paid)?;
            (due, format!("续住：标准 {} - 前段已付 {}", standard.to_grouped(), paid.to_grouped()))
        } else {
            (Fen::ZERO, "续住：前段已结算，不另收起付线".to_owned())
        };
        self.step("续住起付线", formula, due, &rule);
        Ok(due)
    }

    /// Step 4: slices of the amount in scope above the deductible, each with its ratio.
    fn bands(&mut self, in_scope: Fen, deductible: Fen) -> Result<Paid, PolicyGap> {
        let table = self.get("bands", Value::as_bands)?;
        let rounding = self.get("rounding", Value::as_choice)?;
        let (lost, won) = (self.lost()?, self.won("bonus")?);
        let (from, to) = match table.value.origin {
            BandOrigin::Absolute => (deductible, in_scope),
            BandOrigin::AboveDeductible => (Fen::ZERO, minus(in_scope, deductible)?),
        };
        let paid = pay(self, &table, &Cut { from, to, name: "", lost, won })?;
        let formula = "各段相加，按累计数四舍五入到分一次（尾差落在相应段）".to_owned();
        self.step("封顶前统筹支付", formula, paid.amount, &rounding);
        Ok(paid)
    }

    /// What the ratio loses without a filed referral: the least of what the person's identities lose.
    fn lost(&mut self) -> Result<Decimal, PolicyGap> {
        if self.input.referred {
            return Ok(Decimal::ZERO);
        }
        let Some(points) = self.maybe("unreferred", Value::as_points)? else { return Ok(Decimal::ZERO) };
        let lost = self.least(points.value);
        if !lost.is_zero() {
            let formula = format!("未按规定办理转诊备案，各段比例降低 {} 个百分点", points_text(lost));
            self.step("转诊", formula, Fen::ZERO, &points);
        }
        Ok(lost)
    }

    /// The least points that one of the person's identities is given; one without a row has none.
    fn least(&self, matrix: &Matrix<Decimal>) -> Decimal {
        let facts = self.facts();
        let points = |facts: &Facts<'_>| matrix.pick(facts).map_or(Decimal::ZERO, |cell| cell.value);
        let identities = self.input.identities.iter();
        let each = identities.map(|identity| points(&Facts { identity: Some(identity), ..facts }));
        each.min().unwrap_or_else(|| points(&facts))
    }

    /// What the ratio wins by class or identity: the most of what applies.
    fn won(&mut self, key: &str) -> Result<Decimal, PolicyGap> {
        let Some(points) = self.maybe(key, Value::as_points)? else { return Ok(Decimal::ZERO) };
        let won = self.candidates(points.value).into_iter().map(|cell| cell.value).max();
        let won = won.unwrap_or_default();
        if !won.is_zero() {
            let formula = format!("按人员类别或身份，各段比例提高 {} 个百分点，最高 100%", points_text(won));
            self.step("提高比例", formula, Fen::ZERO, &points);
        }
        Ok(won)
    }

    /// Step 5: what a guaranteed minimum (保底) adds to the bands.
    fn guarantee(&mut self, in_scope: Fen, deductible: Fen, given: Fen) -> Result<Fen, PolicyGap> {
        let Some(rule) = self.maybe("guarantee", Value::as_guarantee)? else { return Ok(Fen::ZERO) };
        let ratio = self.candidates(&rule.value.ratios).into_iter().map(|cell| cell.value).max();
        let Some(ratio) = ratio else { return Ok(Fen::ZERO) };
        let (base, word) = match rule.value.scope {
            GuaranteeScope::InScope => (in_scope, "政策范围内"),
            GuaranteeScope::AboveDeductible => (minus(in_scope, deductible)?, "起付线以上"),
            GuaranteeScope::Total => {
                (super::run::add(self.input.lines.iter().map(|line| line.amount))?, "总费用")
            }
        };
        let least = base.mul_ratio_half_up(ratio).min(in_scope);
        let more = minus(least, given)?.max(Fen::ZERO);
        let formula = format!(
            "{word} {} × {} = {}，分段已付 {}，不足部分补足",
            base.to_grouped(),
            super::lines::percent(ratio),
            least.to_grouped(),
            given.to_grouped()
        );
        self.step("保底补足", formula, more, &rule);
        Ok(more)
    }

    /// What the quota of the bill's chronic disease leaves (003 A65-A66), and the entry that the bill adds to.
    fn quota(&mut self) -> Result<(Option<Fen>, Option<QuotaUse>), PolicyGap> {
        let Some(quotas) = self.maybe("quotas", Value::as_quotas)? else { return Ok((None, None)) };
        let code = self.input.dise_codg.as_str();
        if code.is_empty() {
            return Err(PolicyGap::input("dise_codg", "门诊慢特病结算要填写病种编码"));
        }
        self.recognised(code)?;
        let quarter = self.quarter();
        let rows: Vec<&'a Quota> = quotas.value.iter().filter(|quota| quota.disease == code).collect();
        if rows.is_empty() {
            return Err(quotas.lacks(format!("病种“{code}”的限额")));
        }
        let mut least: Option<Fen> = None;
        for row in rows {
            let Some(limit) = self.worth(row.amount, None, &quotas)?.amount else { continue };
            let counted = |used: &&QuotaUse| {
                used.dise_codg == code && (row.period == QuotaPeriod::Year || used.quarter == quarter)
            };
            let used = self.input.used.quotas.iter().filter(counted).map(|used| used.amount);
            let used = super::run::add(used)?;
            let left = left_of(limit, used)?;
            let period = if row.period == QuotaPeriod::Year { "年度" } else { "季度" };
            let formula =
                format!("{}{period}限额 {} - 已支付 {}", row.label, limit.to_grouped(), used.to_grouped());
            self.step("病种限额余额", formula, left, &quotas);
            least = Some(least.map_or(left, |least| least.min(left)));
        }
        Ok((least, Some(QuotaUse { dise_codg: code.to_owned(), quarter, amount: Fen::ZERO })))
    }

    /// The disease is one of those recognised for the person, within the number that the area allows.
    fn recognised(&mut self, code: &str) -> Result<(), PolicyGap> {
        if self.input.diseases.is_empty() {
            return Ok(());
        }
        let Some(place) = self.input.diseases.iter().position(|disease| disease == code) else {
            let problem = format!("病种“{code}”没有认定，请先办理门诊慢特病认定（第六十五条）");
            return Err(PolicyGap::input("dise_codg", problem));
        };
        if let Some(most) = self.maybe("diseases_max", Value::as_count)?
            && usize::try_from(most.value).is_ok_and(|most| place >= most)
        {
            return Err(most.lacks(format!("第 {} 个病种，最多 {} 个", place.saturating_add(1), most.value)));
        }
        Ok(())
    }

    /// Step 5: quota, cap of the stay and what the yearly cap leaves; the least of them binds.
    fn caps(&mut self, before: Fen, quota: Option<Fen>) -> Result<(Option<Fen>, Fen), PolicyGap> {
        let mut least = quota;
        if let Some(cap) = self.maybe("fund_stay_cap", Value::as_amounts)? {
            let worth = self.limit(&cap)?;
            if let Some(limit) = worth.amount {
                self.step("单次封顶线", worth.words(), limit, &cap);
                least = Some(least.map_or(limit, |least| least.min(limit)));
            }
        }
        let scope = self.maybe("fund_cap_scope", Value::as_choice)?;
        let whole_year = scope.is_some_and(|scope| scope.value == "year");
        let cap = self.get("fund_year_cap", Value::as_amounts)?;
        let worth = self.limit(&cap)?;
        let Some(limit) = worth.amount else {
            let paid = least.map_or(before, |least| before.min(least));
            let formula = match least {
                None => "本地未设年度封顶线".to_owned(),
                Some(least) => format!("封顶前 {} 与限额 {} 取小", before.to_grouped(), least.to_grouped()),
            };
            self.step("统筹基金支付", formula, paid, &cap);
            self.over(before, paid, &cap)?;
            return Ok((least, paid));
        };
        let used = if whole_year { self.input.used.basic_paid } else { self.input.used.fund_paid };
        let left = left_of(limit, used)?;
        let bound = least.map_or(left, |least| least.min(left));
        let paid = before.min(bound);
        let how = if worth.how.is_empty() { String::new() } else { format!("（{}）", worth.how) };
        let also = least.map_or_else(String::new, |least| format!("、限额 {}", least.to_grouped()));
        let formula = format!(
            "年度封顶线 {}{how} - 本年已支付 {} = {}；与 {}{also} 取小",
            limit.to_grouped(),
            used.to_grouped(),
            left.to_grouped(),
            before.to_grouped()
        );
        self.step("统筹基金支付", formula, paid, &cap);
        self.over(before, paid, &cap)?;
        Ok((Some(bound), paid))
    }

    fn over<T>(&mut self, before: Fen, paid: Fen, cap: &Used<'a, T>) -> Result<(), PolicyGap> {
        if paid < before {
            let formula = format!("{} - {}，统筹基金不支付", before.to_grouped(), paid.to_grouped());
            self.step("超封顶线", formula, minus(before, paid)?, cap);
        }
        Ok(())
    }

    /// What treatment elsewhere adds to each line's first share.
    pub(super) fn outside_share(&mut self) -> Result<Decimal, PolicyGap> {
        let Some(points) = self.maybe_id("catalogue.outside_first_paid", Value::as_points)? else {
            return Ok(Decimal::ZERO);
        };
        let extra = self.least(points.value);
        if !extra.is_zero() {
            let formula = format!(
                "{}就医，每行先行自付比例提高 {} 个百分点",
                self.input.place.label(),
                points_text(extra)
            );
            self.step("异地先行自付", formula, Fen::ZERO, &points);
        }
        Ok(extra)
    }
}
