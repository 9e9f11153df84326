//! Generated law: every figure of reference 4.5 as whole numbers (fen, parts of ten thousand), and its text as parameter
//! files. Knows the file format; the engine reads the text, the second computation reads the numbers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use xiangbao_core::money::Fen;
use xiangbao_core::policy::PolicyPack;

use crate::support::topic;

/// A small generator of numbers, the same everywhere: splitmix64.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// `low..=high`.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).unwrap() + 1;
        low + i64::try_from(self.next() % width).unwrap()
    }

    pub fn chance(&mut self, percent: i64) -> bool {
        self.range(1, 100) <= percent
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.range(0, i64::try_from(from.len()).unwrap() - 1)).unwrap()]
    }

    pub fn maybe<T>(&mut self, percent: i64, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.chance(percent) { Some(make(self)) } else { None }
    }
}

pub const LEVELS: [&str; 3] = ["1", "2", "3"];
pub const PLACES: [&str; 3] = ["inside", "in_province", "cross_province"];
pub const REFERRED: [&str; 2] = ["yes", "no"];
pub const PERSONS: [&str; 3] = ["1403", "15", "151"];
pub const IDENTITIES: [&str; 3] = ["2303", "2304", "2308"];
const KEYS: [&str; 5] = ["level", "place", "referred", "person", "identity"];
const VALUES: [&[&str]; 5] = [&LEVELS, &PLACES, &REFERRED, &PERSONS, &IDENTITIES];

/// A table by case: the key is the case's words from the level on, as many as the row names; longer keys are narrower.
pub type Table<V> = BTreeMap<Vec<&'static str>, V>;

/// A table by one word of the case: the dimension, and a value for some of its words.
#[derive(Clone, Debug)]
pub struct ByOne<V> {
    /// Index into the case's words.
    pub dimension: usize,
    pub rows: BTreeMap<&'static str, V>,
}

#[derive(Clone, Copy, Debug)]
pub enum Due {
    Fen(i64),
    /// Share of the wage.
    Wage(i64),
    /// Part of what holds without identity.
    Factor(i64),
}

/// Upper bound (none for the last) and ratio.
pub type Ladder = Vec<(Option<i64>, i64)>;

/// A limit for all, and another for some identities; `None` is no limit.
#[derive(Clone, Debug)]
pub struct Limit {
    pub plain: Option<i64>,
    pub identities: BTreeMap<&'static str, Option<i64>>,
}

/// Limit of a quarter and of a year.
pub type Quotas = (Option<i64>, Option<i64>);

#[derive(Clone, Debug)]
pub struct Benefit {
    pub name: &'static str,
    pub med_types: &'static [&'static str],
    pub counts: bool,
    /// By treatment kind.
    pub fixed: BTreeMap<&'static str, i64>,
    /// From which admission, how much.
    pub deductible: Table<Vec<(u32, Due)>>,
    pub deductible_cap: Option<i64>,
    /// 0: a continued stay bears nothing, 1: the rest of the standard.
    pub continued_rest: bool,
    pub absolute: bool,
    pub bands: Table<Ladder>,
    pub unreferred: ByOne<i64>,
    pub bonus: ByOne<i64>,
    /// Scope 0 in scope, 1 above the deductible, 2 total; ratio by place.
    pub guarantee: Option<(usize, ByOne<i64>)>,
    /// Disease to quarterly and yearly quota.
    pub quotas: Option<BTreeMap<&'static str, Quotas>>,
    pub stay_cap: Option<Limit>,
    pub year_cap: Limit,
    pub whole_year: bool,
}

#[derive(Clone, Debug)]
pub struct Layer {
    pub topic: &'static str,
    pub who: Option<Vec<&'static str>>,
    pub counts: Vec<&'static str>,
    pub by_year: bool,
    /// Without identity, and for some: an amount, or a factor.
    pub threshold: (i64, BTreeMap<&'static str, Due>),
    pub absolute: bool,
    pub bands: (Ladder, BTreeMap<&'static str, Ladder>),
    pub bonus: ByOne<i64>,
    pub stay_cap: Option<Limit>,
    pub year_cap: Limit,
}

#[derive(Clone, Debug)]
pub struct Law {
    pub class_b: i64,
    pub class_c: i64,
    pub outside: ByOne<i64>,
    pub wage: i64,
    /// Unit in fen and whether it is rounded down.
    pub wage_rounding: (&'static str, i64, bool),
    pub benefits: Vec<Benefit>,
    pub layers: Vec<Layer>,
}

fn ladder(rng: &mut Rng, top: i64) -> Ladder {
    let mut bounds: Vec<i64> = (0..rng.range(0, 3)).map(|_| rng.range(1, top)).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let mut rows: Ladder = bounds.into_iter().map(|bound| (Some(bound), rng.range(0, 10_000))).collect();
    rows.push((None, rng.range(0, 10_000)));
    rows
}

/// A row for each level, and some narrower ones.
fn table<V>(rng: &mut Rng, mut value: impl FnMut(&mut Rng, usize) -> V) -> Table<V> {
    let mut rows: Table<V> = LEVELS.iter().map(|level| (vec![*level], value(rng, 1))).collect();
    for _ in 0..rng.range(0, 4) {
        let length = usize::try_from(rng.range(2, 5)).unwrap();
        let key: Vec<&'static str> = VALUES.iter().take(length).map(|words| rng.pick(words)).collect();
        let row = value(rng, length);
        rows.insert(key, row);
    }
    rows
}

fn by_one(rng: &mut Rng, dimensions: &[usize], top: i64) -> ByOne<i64> {
    let dimension = rng.pick(dimensions);
    let count = rng.range(0, 2);
    let rows = (0..count).map(|_| (rng.pick(VALUES[dimension]), rng.range(0, top))).collect();
    ByOne { dimension, rows }
}

fn limit(rng: &mut Rng, none: i64, top: i64) -> Limit {
    let one = |rng: &mut Rng| rng.maybe(100 - none, |rng| rng.range(0, top));
    let plain = one(rng);
    let identities = (0..rng.range(0, 1)).map(|_| (rng.pick(&IDENTITIES), one(rng))).collect();
    Limit { plain, identities }
}

fn due(rng: &mut Rng, top: i64, with_identity: bool) -> Due {
    match rng.range(0, 5) {
        0 => Due::Wage(rng.range(0, 2_000)),
        1 if with_identity => Due::Factor(rng.range(0, 10_000)),
        _ => Due::Fen(rng.range(0, top)),
    }
}

pub const DISEASES: [&str; 3] = ["M01", "M02", "M03"];

fn benefit(rng: &mut Rng, name: &'static str, med_types: &'static [&'static str]) -> Benefit {
    let quota = |rng: &mut Rng| {
        let quarter = rng.maybe(60, |rng| rng.range(0, 200_000));
        (quarter, if quarter.is_some() { rng.maybe(50, |rng| rng.range(0, 600_000)) } else { Some(400_000) })
    };
    Benefit {
        name,
        med_types,
        counts: name == "inpatient",
        fixed: if name == "birth" {
            BTreeMap::from([("2106", rng.range(0, 300_000))])
        } else {
            BTreeMap::new()
        },
        deductible: table(rng, |rng, length| {
            let mut steps = vec![(1, due(rng, 200_000, length == 5))];
            if rng.chance(50) {
                steps.push((u32::try_from(rng.range(2, 4)).unwrap(), due(rng, 100_000, length == 5)));
            }
            steps
        }),
        deductible_cap: rng.maybe(40, |rng| rng.range(0, 300_000)),
        continued_rest: rng.chance(50),
        absolute: rng.chance(50),
        bands: table(rng, |rng, _| ladder(rng, 10_000_000)),
        unreferred: by_one(rng, &[0, 1], 3_000),
        bonus: by_one(rng, &[3, 4], 2_000),
        guarantee: rng
            .maybe(30, |rng| (usize::try_from(rng.range(0, 2)).unwrap(), by_one(rng, &[1], 10_000))),
        quotas: (name == "chronic").then(|| DISEASES.iter().map(|code| (*code, quota(rng))).collect()),
        stay_cap: rng.maybe(25, |rng| limit(rng, 20, 3_000_000)),
        year_cap: limit(rng, 40, 20_000_000),
        whole_year: rng.chance(30),
    }
}

fn layer(rng: &mut Rng, topic: &'static str) -> Layer {
    let benefits = ["inpatient", "chronic", "birth"];
    let mut counts: Vec<&str> = benefits.into_iter().filter(|_| rng.chance(70)).collect();
    if counts.is_empty() {
        counts.push("inpatient");
    }
    let mut who: Vec<&str> = IDENTITIES.into_iter().filter(|_| rng.chance(60)).collect();
    if who.is_empty() {
        who.push("2303");
    }
    let some = |rng: &mut Rng| -> Vec<&'static str> {
        (0..rng.range(0, 2)).map(|_| rng.pick(&IDENTITIES)).collect()
    };
    Layer {
        topic,
        who: if topic == "big-illness" || rng.chance(20) { None } else { Some(who) },
        counts,
        by_year: rng.chance(60),
        threshold: (
            rng.range(0, 1_500_000),
            some(rng).into_iter().map(|code| (code, due(rng, 1_000_000, true))).collect(),
        ),
        absolute: rng.chance(50),
        bands: (
            ladder(rng, 8_000_000),
            some(rng).into_iter().map(|code| (code, ladder(rng, 8_000_000))).collect(),
        ),
        bonus: by_one(rng, &[3, 4], 2_000),
        stay_cap: rng.maybe(30, |rng| limit(rng, 20, 2_000_000)),
        year_cap: limit(rng, 40, 5_000_000),
    }
}

const WAGE_ROUNDINGS: [(&str, i64, bool); 5] = [
    ("fen_half_up", 1, false),
    ("yuan_half_up", 100, false),
    ("ten_yuan_half_up", 1_000, false),
    ("hundred_yuan_half_up", 10_000, false),
    ("hundred_yuan_down", 10_000, true),
];

impl Law {
    pub fn generate(rng: &mut Rng) -> Self {
        let topics = ["big-illness", "supplement", "assistance", "assistance-tilt"];
        let topics: Vec<&str> = topics.into_iter().filter(|_| rng.chance(75)).collect();
        Self {
            class_b: rng.range(0, 3_000),
            class_c: if rng.chance(70) { 10_000 } else { rng.range(0, 9_999) },
            outside: by_one(rng, &[1, 2], 2_000),
            wage: rng.range(0, 12_000_000),
            wage_rounding: rng.pick(&WAGE_ROUNDINGS),
            benefits: vec![
                benefit(rng, "inpatient", &["2101"]),
                benefit(rng, "chronic", &["14"]),
                benefit(rng, "birth", &["2106", "52"]),
            ],
            layers: topics.into_iter().map(|topic| layer(rng, topic)).collect(),
        }
    }

    pub fn pack(&self) -> PolicyPack {
        let mut files = vec![("catalogue.toml".to_owned(), self.catalogue())];
        let (name, _, _) = self.wage_rounding;
        let wage = format!("\"{}\"", yuan(self.wage));
        let averages = [("wage", "元", wage.as_str()), ("wage_rounding", "选项", &format!("\"{name}\""))];
        files.push(("averages.toml".to_owned(), topic("averages", &averages)));
        for benefit in &self.benefits {
            let name = format!("settlement-{}", benefit.name);
            files.push((format!("{name}.toml"), topic(&name, &refs(&benefit.params()))));
        }
        for layer in &self.layers {
            files.push((format!("{}.toml", layer.topic), topic(layer.topic, &refs(&layer.params()))));
        }
        PolicyPack::load(&files).unwrap_or_else(|errors| panic!("{errors:#?}\n{files:#?}"))
    }

    fn catalogue(&self) -> String {
        let shares = format!(
            "[{{ class = \"01\", ratio = \"0\" }}, {{ class = \"02\", ratio = \"{}\" }}, {{ class = \"03\", ratio = \"{}\" }}]",
            ratio(self.class_b),
            ratio(self.class_c)
        );
        let outside = self.outside.points();
        topic("catalogue", &[("first_paid", "比例", &shares), ("outside_first_paid", "比例", &outside)])
    }
}

type Params = Vec<(&'static str, &'static str, String)>;

fn refs(params: &Params) -> Vec<(&str, &str, &str)> {
    params.iter().map(|(key, unit, value)| (*key, *unit, value.as_str())).collect()
}

fn yuan(fen: i64) -> String {
    Fen(fen).to_yuan()
}

fn ratio(parts: i64) -> String {
    format!("{}.{:04}", parts / 10_000, parts % 10_000)
}

fn conditions(key: &[&str]) -> String {
    key.iter().enumerate().fold(String::new(), |mut text, (index, word)| {
        write!(text, "{} = \"{word}\", ", KEYS[index]).unwrap();
        text
    })
}

fn due_text(due: Due) -> String {
    match due {
        Due::Fen(fen) => format!("amount = \"{}\"", yuan(fen)),
        Due::Wage(share) => format!("wage_share = \"{}\"", ratio(share)),
        Due::Factor(factor) => format!("factor = \"{}\"", ratio(factor)),
    }
}

fn ladder_text(when: &str, ladder: &Ladder) -> String {
    ladder.iter().fold(String::new(), |mut text, (up_to, share)| {
        let bound = up_to.map_or_else(String::new, |up_to| format!("up_to = \"{}\", ", yuan(up_to)));
        write!(text, "{{ {when}{bound}ratio = \"{}\" }}, ", ratio(*share)).unwrap();
        text
    })
}

fn origin(absolute: bool) -> &'static str {
    if absolute { "absolute" } else { "above_deductible" }
}

impl ByOne<i64> {
    fn rows_of(&self, name: &str) -> String {
        let key = KEYS[self.dimension];
        let row = |(word, value): (&&str, &i64)| {
            format!("{{ {key} = \"{word}\", {name} = \"{}\" }}", ratio(*value))
        };
        self.rows.iter().map(row).collect::<Vec<_>>().join(", ")
    }

    fn points(&self) -> String {
        format!("[{}]", self.rows_of("points"))
    }
}

impl Limit {
    fn text(&self) -> String {
        let amount = |limit: Option<i64>| format!("\"{}\"", limit.map_or_else(|| "none".to_owned(), yuan));
        if self.identities.is_empty() {
            return amount(self.plain);
        }
        let rows = self
            .identities
            .iter()
            .map(|(identity, limit)| format!("{{ identity = \"{identity}\", amount = {} }}", amount(*limit)));
        let rows: Vec<String> = rows.chain([format!("{{ amount = {} }}", amount(self.plain))]).collect();
        format!("[{}]", rows.join(", "))
    }
}

impl Benefit {
    fn params(&self) -> Params {
        let yes = |flag: bool| if flag { "\"yes\"".to_owned() } else { "\"no\"".to_owned() };
        let steps = self.deductible.iter().flat_map(|(key, steps)| {
            steps.iter().map(|(admission, due)| {
                format!("{{ {}admission = {admission}, {} }}", conditions(key), due_text(*due))
            })
        });
        let bands: String =
            self.bands.iter().map(|(key, ladder)| ladder_text(&conditions(key), ladder)).collect();
        let cap = self.deductible_cap.map_or_else(|| "none".to_owned(), yuan);
        let mut params: Params = vec![
            ("med_types", "代码", format!("{:?}", self.med_types)),
            ("rule_date", "选项", "\"discharge\"".to_owned()),
            ("counts_admission", "选项", yes(self.counts)),
            ("deductible", "元", format!("[{}]", steps.collect::<Vec<_>>().join(", "))),
            ("deductible_year_cap", "元", format!("\"{cap}\"")),
            ("continued_stay", "选项", if self.continued_rest { "\"rest\"" } else { "\"none\"" }.to_owned()),
            ("bands", "比例", format!("{{ origin = \"{}\", rows = [{bands}] }}", origin(self.absolute))),
            ("unreferred", "比例", self.unreferred.points()),
            ("bonus", "比例", self.bonus.points()),
            ("fund_year_cap", "元", self.year_cap.text()),
            ("fund_cap_scope", "选项", if self.whole_year { "\"year\"" } else { "\"benefit\"" }.to_owned()),
            ("rounding", "选项", "\"half_up_per_fund\"".to_owned()),
        ];
        if !self.fixed.is_empty() {
            let rows = self.fixed.iter().map(|(med_type, fen)| {
                format!("{{ med_type = \"{med_type}\", amount = \"{}\" }}", yuan(*fen))
            });
            params.push(("fixed", "元", format!("[{}]", rows.collect::<Vec<_>>().join(", "))));
        }
        if let Some((scope, rows)) = &self.guarantee {
            let scope = ["in_scope", "above_deductible", "total"][*scope];
            let rows = rows.rows_of("ratio");
            params.push(("guarantee", "比例", format!("{{ scope = \"{scope}\", rows = [{rows}] }}")));
        }
        if let Some(quotas) = &self.quotas {
            let rows = quotas.iter().flat_map(|(code, (quarter, year))| {
                let row = |period: &str, limit: &Option<i64>| {
                    limit.map(|fen| {
                        let head = format!("disease = \"{code}\", label = \"病种{code}\"");
                        format!("{{ {head}, period = \"{period}\", amount = \"{}\" }}", yuan(fen))
                    })
                };
                [row("quarter", quarter), row("year", year)]
            });
            params.push(("quotas", "元", format!("[{}]", rows.flatten().collect::<Vec<_>>().join(", "))));
        }
        if let Some(cap) = &self.stay_cap {
            params.push(("fund_stay_cap", "元", cap.text()));
        }
        params
    }
}

impl Layer {
    fn params(&self) -> Params {
        let (plain, identities) = &self.threshold;
        let rows = identities
            .iter()
            .map(|(identity, due)| format!("{{ identity = \"{identity}\", {} }}", due_text(*due)))
            .chain([format!("{{ amount = \"{}\" }}", yuan(*plain))]);
        let (ladder, by) = &self.bands;
        let mut bands = ladder_text("", ladder);
        for (identity, ladder) in by {
            bands.push_str(&ladder_text(&format!("identity = \"{identity}\", "), ladder));
        }
        let mut params: Params = vec![
            ("who", "代码", self.who.as_ref().map_or_else(|| "\"all\"".to_owned(), |who| format!("{who:?}"))),
            ("counts", "代码", format!("{:?}", self.counts)),
            ("period", "选项", if self.by_year { "\"year\"" } else { "\"bill\"" }.to_owned()),
            ("threshold", "元", format!("[{}]", rows.collect::<Vec<_>>().join(", "))),
            ("bands", "比例", format!("{{ origin = \"{}\", rows = [{bands}] }}", origin(self.absolute))),
            ("bonus", "比例", self.bonus.points()),
            ("year_cap", "元", self.year_cap.text()),
            ("rounding", "选项", "\"half_up_per_fund\"".to_owned()),
        ];
        if let Some(cap) = &self.stay_cap {
            params.push(("stay_cap", "元", cap.text()));
        }
        params
    }
}
