//! What a person pays for one insurance year: standard, aid by identity, the amount to collect, each with its
//! reason. Knows the pack; knows neither when the payment takes effect nor how it is collected.

use chrono::NaiveDate;

use super::gap::PolicyGap;
use super::pack::{PolicyPack, Used};
use super::trace::TraceStep;
use super::value::{AidAmount, AidClass, AidTable, Value, Window};
use crate::money::Fen;

/// The contribution of one person for one insurance year.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Contribution {
    /// Insurance year: the year that is covered.
    #[n(0)]
    pub insu_year: i32,
    /// Year of the document that sets the standard.
    #[n(1)]
    pub standard_year: i32,
    /// Personal standard before aid (`pay_std`), fen.
    #[n(2)]
    pub standard: Fen,
    /// Subsidy of the State per head, fen; for information.
    #[n(3)]
    pub subsidy: Fen,
    /// Aid deducted from what is collected (`aid_amt`), fen. Zero where aid goes to the person's account (003 A27).
    #[n(4)]
    pub aid: Fen,
    /// To collect from the person (`psn_clct_amt`), fen.
    #[n(5)]
    pub personal: Fen,
    /// Identity code whose aid was taken; `None` if there is no aid.
    #[n(6)]
    pub identity: Option<String>,
    /// Aid that is paid to the person's account afterwards, fen; `None` if there is none or its amount is unknown.
    #[n(7)]
    pub aid_to_account: Option<Fen>,
    /// True if any figure used is only a sample (示例).
    #[n(8)]
    pub sample: bool,
    /// SHA-256 of the pack, hex.
    #[n(9)]
    pub pack_hash: String,
    /// The reasoning.
    #[n(10)]
    pub steps: Vec<TraceStep>,
    /// When the year is collected, and where the payment day stands in it; `None` if the pack has no such windows.
    #[n(11)]
    pub collection: Option<Collection>,
}

/// When an insurance year is collected: not the year of the standard, and not the year that is covered.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Collection {
    /// First day of collection, `YYYY-MM-DD`.
    #[n(0)]
    pub opens: String,
    /// Last day.
    #[n(1)]
    pub closes: String,
    /// First day of the grace.
    #[n(2)]
    pub grace_opens: String,
    /// Last day of the grace.
    #[n(3)]
    pub grace_closes: String,
    /// Where the payment day stands.
    #[n(4)]
    pub standing: CollectionStanding,
}

/// Where a payment day stands in the collection of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum CollectionStanding {
    /// Collection has not opened.
    #[n(0)]
    Before,
    /// In the window of collection.
    #[n(1)]
    Open,
    /// In the grace for people in hardship or away.
    #[n(2)]
    Grace,
    /// After both, in the insurance year.
    #[n(3)]
    Late,
    /// The insurance year is over.
    #[n(4)]
    Over,
}

impl CollectionStanding {
    /// The word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::Open => "open",
            Self::Grace => "grace",
            Self::Late => "late",
            Self::Over => "over",
        }
    }

    /// The word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Before => "未到集中缴费期",
            Self::Open => "集中缴费期内",
            Self::Grace => "延缴期内",
            Self::Late => "逾期",
            Self::Over => "该年度已经结束",
        }
    }
}

/// A special identity of a person with the days on which its proof holds (003 A8).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Code of `psn_idet_type`.
    pub code: String,
    /// First day; `None` if the proof names none.
    pub from: Option<NaiveDate>,
    /// Last day; `None` if the proof names none.
    pub to: Option<NaiveDate>,
}

impl Identity {
    /// The identity with this code, whose proof names no days.
    pub fn of(code: &str) -> Self {
        Self { code: code.to_owned(), ..Self::default() }
    }

    /// The identity of a form: `to` is the last day on the proof, empty or unreadable where there is none.
    pub fn until(code: &str, to: &str) -> Self {
        Self { to: to.parse().ok(), ..Self::of(code) }
    }

    /// True if the proof holds on `day`.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// What a person with the special `identities` pays for `insu_year` when paying on `on`. Of several aids the best one
/// counts; an identity counts only if its proof holds on the payment day. 003 A8, A21, A27, A28.
///
/// # Errors
/// [`PolicyGap`] if the pack has no standard for the year, or a code's aid reduces the payment by an unknown amount.
pub fn contribution(
    pack: &PolicyPack,
    insu_year: i32,
    identities: &[Identity],
    on: NaiveDate,
) -> Result<Contribution, PolicyGap> {
    let year_start = NaiveDate::from_ymd_opt(insu_year, 1, 1)
        .ok_or_else(|| PolicyGap::input("insu_year", "参保年度不是年份"))?;
    let standard = pack.get("contribution.standard", year_start, Value::as_standard)?;
    let aid = pack.get("contribution.aid", on, Value::as_aid)?;
    let rule = standard.value;
    let mut steps = vec![TraceStep::of(
        "个人缴费标准",
        format!(
            "{insu_year} 参保年度执行 {} 年标准（财政补助 {}）",
            rule.standard_year,
            rule.subsidy.to_grouped()
        ),
        rule.personal,
        &standard,
    )];
    let (valid, expired): (Vec<&Identity>, Vec<&Identity>) =
        identities.iter().partition(|identity| identity.holds_on(on));
    for identity in expired {
        steps.push(TraceStep::of("资格证明", not_valid(identity, on, &aid), Fen::ZERO, &aid));
    }
    let codes: Vec<&str> = valid.iter().map(|identity| identity.code.as_str()).collect();
    let best = best_aid(&aid, &codes, rule.personal)?;
    let (deducted, to_account) = apply_aid(&aid, best, rule.personal, &mut steps);
    let personal = rule.personal.checked_sub(deducted).ok_or_else(|| PolicyGap::too_large("psn_clct_amt"))?;
    let formula = format!("标准 {} - 减收 {}", rule.personal.to_grouped(), deducted.to_grouped());
    steps.push(TraceStep::of("个人应缴", formula, personal, &standard));
    steps.push(refund(pack, on)?);
    Ok(Contribution {
        insu_year,
        standard_year: rule.standard_year,
        standard: rule.personal,
        subsidy: rule.subsidy,
        aid: deducted,
        personal,
        identity: best.map(|class| class.code.clone()),
        aid_to_account: to_account,
        sample: steps.iter().any(|step| step.sample),
        pack_hash: pack.hash().to_owned(),
        steps,
        collection: collection(pack, insu_year, on),
    })
}

/// Why an identity is not aided: its proof does not hold on the payment day, and later it gives no refund (003 A28).
fn not_valid(identity: &Identity, on: NaiveDate, aid: &Used<'_, &AidTable>) -> String {
    let known = aid.value.classes.iter().find(|class| class.code == identity.code);
    let label = known.map_or(identity.code.as_str(), |class| class.label.as_str());
    match (identity.from, identity.to) {
        (_, Some(to)) if to < on => {
            format!("{label}：证明到 {to} 为止，缴费日 {on} 已失效，不予资助")
        }
        (Some(from), _) => {
            format!("{label}：证明从 {from} 起，缴费日 {on} 尚未生效，不予资助；以后生效的也不退费")
        }
        _ => format!("{label}：证明在缴费日 {on} 无效，不予资助"),
    }
}

/// The rule on refunds on the day `on`: the last step of every contribution's reasoning (003 A28).
///
/// # Errors
/// [`PolicyGap::NoParameter`] if the pack has none for the day.
pub fn refund(pack: &PolicyPack, on: NaiveDate) -> Result<TraceStep, PolicyGap> {
    let rule = pack.get("contribution.refund", on, Value::as_choice)?;
    let words = match rule.value {
        "none" => "缴费后不予退还，请缴费前核对年度和人员；同一人重复缴费的，按“重复缴费退费”另行办理",
        _ => "文件没有写退费，缴费前请核对年度和人员；要退的请示县医保经办机构",
    };
    Ok(TraceStep::of("退费规定", words.to_owned(), Fen::ZERO, &rule))
}

/// The windows of a year and where `on` stands; `None` if the pack has none for that day.
fn collection(pack: &PolicyPack, insu_year: i32, on: NaiveDate) -> Option<Collection> {
    use chrono::Datelike;
    let window = |id| pack.get(id, on, Value::as_window).ok().map(|used| used.value);
    let days = |window: Window, year| Some((window.opens.on(year)?, window.closes.on(year)?));
    let (opens, closes) = days(window("entitlement.collection")?, insu_year.checked_sub(1)?)?;
    let (grace_opens, grace_closes) = days(window("entitlement.grace")?, insu_year)?;
    let standing = if on.year() > insu_year {
        CollectionStanding::Over
    } else if on < opens {
        CollectionStanding::Before
    } else if on <= closes {
        CollectionStanding::Open
    } else if (grace_opens..=grace_closes).contains(&on) {
        CollectionStanding::Grace
    } else {
        CollectionStanding::Late
    };
    Some(Collection {
        opens: opens.to_string(),
        closes: closes.to_string(),
        grace_opens: grace_opens.to_string(),
        grace_closes: grace_closes.to_string(),
        standing,
    })
}

/// The aid with the highest amount among `codes`. A class without a figure counts only where the money goes to the
/// account: there the amount to collect does not depend on it.
fn best_aid<'a>(
    aid: &Used<'a, &'a AidTable>,
    codes: &[&str],
    standard: Fen,
) -> Result<Option<&'a AidClass>, PolicyGap> {
    let held: Vec<&AidClass> =
        aid.value.classes.iter().filter(|class| codes.contains(&class.code.as_str())).collect();
    let amount = |class: &AidClass| match class.amount {
        AidAmount::Known(amount) => Some(amount),
        AidAmount::Unknown => None,
    };
    let best = held.iter().copied().max_by_key(|class| amount(class));
    // A full aid that is known cannot be beaten by one without a figure.
    let full = best.and_then(amount).is_some_and(|amount| amount >= standard);
    if let Some(unknown) = held.iter().find(|class| amount(class).is_none() && !aid.value.to_account && !full)
    {
        return Err(aid.lacks(format!("“{}”的资助金额", unknown.label)));
    }
    Ok(best)
}

/// What is deducted now and what goes to the account later, with the reason.
fn apply_aid(
    aid: &Used<'_, &AidTable>,
    best: Option<&AidClass>,
    standard: Fen,
    steps: &mut Vec<TraceStep>,
) -> (Fen, Option<Fen>) {
    let Some(class) = best else {
        let formula = "没有可享受资助的特殊身份".to_owned();
        steps.push(TraceStep::of("个人缴费资助", formula, Fen::ZERO, aid));
        return (Fen::ZERO, None);
    };
    let (deducted, later, formula) = match (aid.value.to_account, class.amount) {
        (false, AidAmount::Known(amount)) => {
            let amount = amount.min(standard);
            (amount, None, format!("{}：减收（有多种身份时取最高一种，不叠加）", class.label))
        }
        (true, AidAmount::Known(amount)) => {
            let amount = amount.min(standard);
            let text =
                format!("{}：先足额缴费，资助 {} 由主管部门转入个人账户", class.label, amount.to_grouped());
            (Fen::ZERO, Some(amount), text)
        }
        (_, AidAmount::Unknown) => {
            let text = format!(
                "{}：先足额缴费，资助由主管部门转入个人账户；金额以县级文件为准，本机没有",
                class.label
            );
            (Fen::ZERO, None, text)
        }
    };
    steps.push(TraceStep::of("个人缴费资助", formula, deducted, aid));
    (deducted, later)
}
