//! A stay that goes on after a forced settlement (seed 002: 系统切换前先结算，续住不另收起付线): which earlier settlement it may
//! follow, and the deductible that the earlier parts bore. Pure: whoever calls it has found the earlier claim. Knows the
//! fields of the reimbursement form; must not know a rule of the area.

use chrono::NaiveDate;

use super::{place_of, same_place};
use crate::form::FormData;
use crate::money::{Fen, parse_yuan};
use crate::policy::Settlement;

/// Field with the number of the earlier settlement.
pub const PART_BEFORE: &str = "last_setl_no";
/// Field with the last day of the earlier part.
pub const PART_BEFORE_END: &str = "last_endtime";
/// Field with the deductible that the earlier parts bore.
pub const PART_BEFORE_PAID: &str = "last_dedc";

/// The claim that was settled for the earlier part.
pub struct PartBefore<'a> {
    /// It belongs to the same person.
    pub own: bool,
    /// It took effect and was not reversed.
    pub settled: Option<&'a Settlement>,
    /// Its standing in words.
    pub standing: &'a str,
    /// Its form.
    pub data: &'a FormData,
}

/// What a further part has from the parts before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Continued {
    /// Deductible of all earlier parts, fen.
    pub paid: Fen,
    /// Which admission of the year the stay is.
    pub admission_no: u32,
    /// Last day of the part before.
    pub until: NaiveDate,
}

/// Why a stay does not go on from that settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotContinued {
    /// No claim has that number, though it is one of this office's.
    Unknown,
    /// It is a claim of another person.
    OtherPerson,
    /// It is not settled, or was taken back: its standing.
    NotSettled(String),
    /// It was no stay in hospital.
    NoStay,
    /// It was a stay in another hospital.
    OtherHospital(String),
    /// The days do not adjoin: its last day.
    Apart(NaiveDate),
    /// The form names another deductible than the one settled.
    OtherDeductible {
        /// As typed.
        typed: Fen,
        /// As settled.
        settled: Fen,
    },
    /// The form counts another admission.
    OtherAdmission(u32),
}

/// What the form's stay has from the part before it.
///
/// # Errors
/// Why it does not go on from there.
pub fn continued(data: &FormData, part: &PartBefore<'_>) -> Result<Continued, NotContinued> {
    let known = before(part)?;
    let hospital = |data: &FormData| {
        let (code, name) = (data.field("fixmedins_code"), data.field("fixmedins_name"));
        (place_of(code, name), place_of("", name))
    };
    let ((own, own_name), (other, other_name)) = (hospital(data), hospital(part.data));
    if !same_place(&own, &other) && !same_place(&own_name, &other_name) {
        return Err(NotContinued::OtherHospital(part.data.field("fixmedins_name").to_owned()));
    }
    let begin = data.field("begntime").parse::<NaiveDate>().ok();
    // The next part begins on the day on which the one before was settled, or on the next.
    if begin.is_some_and(|begin| !(0..=1).contains(&(begin - known.until).num_days())) {
        return Err(NotContinued::Apart(known.until));
    }
    let typed = parse_yuan(data.field(PART_BEFORE_PAID)).ok();
    if let Some(typed) = typed.filter(|typed| *typed != known.paid) {
        return Err(NotContinued::OtherDeductible { typed, settled: known.paid });
    }
    let counted = data.field("adm_no").parse::<u32>().ok();
    if counted.is_some_and(|counted| counted != known.admission_no) {
        return Err(NotContinued::OtherAdmission(known.admission_no));
    }
    Ok(known)
}

/// What an earlier claim hands on, whatever the form says beside its number: to fill the form.
///
/// # Errors
/// Why nothing can go on from it.
pub fn before(part: &PartBefore<'_>) -> Result<Continued, NotContinued> {
    if !part.own {
        return Err(NotContinued::OtherPerson);
    }
    let not_settled = || NotContinued::NotSettled(part.standing.to_owned());
    let settled = part.settled.filter(|settled| !settled.refd_setl_flag).ok_or_else(not_settled)?;
    let facts = settled.facts.as_deref();
    let med_type = facts.map_or(part.data.field("med_type"), |facts| facts.med_type.as_str());
    if !is_stay(med_type) {
        return Err(NotContinued::NoStay);
    }
    // A part in the middle hands on what the first one bore.
    let earlier = facts.and_then(|facts| facts.continued).unwrap_or_default();
    let paid = settled.act_pay_dedc.checked_add(earlier).ok_or_else(not_settled)?;
    let typed = part.data.field("adm_no").parse().unwrap_or(1);
    let admission_no = facts.map_or(typed, |facts| facts.admission_no);
    let until = part.data.field("endtime").parse().map_err(|_| not_settled())?;
    Ok(Continued { paid, admission_no, until })
}

/// Whether a treatment is a stay in hospital: the same codes as on the form.
pub fn is_stay(med_type: &str) -> bool {
    med_type.starts_with("21") || ["22", "28", "52"].contains(&med_type)
}

impl NotContinued {
    /// The sentence for the clerk; `number` is the earlier settlement as typed.
    pub fn zh(&self, number: &str) -> String {
        match self {
            Self::Unknown => format!(
                "本站没有办件 {number}。请核对前段结算的办件号；前段在别处结算的，填结算单上的号码和起付线。"
            ),
            Self::OtherPerson => {
                format!("{number} 是另一人的报销，不能续住。请核对前段结算的办件号和参保人。")
            }
            Self::NotSettled(standing) => format!(
                "{number} 现为“{standing}”，还没有生效的结算。请先办结前段（已冲正的重新报销），再办续住。"
            ),
            Self::NoStay => format!("{number} 不是住院费用，不能续住。请核对前段结算的办件号。"),
            Self::OtherHospital(hospital) => format!(
                "{number} 在 {hospital} 住院，与本件不是同一家医院，不是续住。请去掉前段结算号，按另一次住院办理。"
            ),
            Self::Apart(until) => format!(
                "{number} 结算到 {until}，本件入院日期应为当日或次日，才是续住。请核对入院日期；隔了日期的按另一次住院办理。"
            ),
            Self::OtherDeductible { typed, settled } => format!(
                "前段已付起付线填的是 {}，{number} 结算的是 {}。请改为 {}。",
                typed.to_grouped(),
                settled.to_grouped(),
                settled.to_yuan()
            ),
            Self::OtherAdmission(number_of) => format!(
                "续住不另计住院次数：{number} 是本年第 {number_of} 次住院，请把“当年第几次住院”改为 {number_of}。"
            ),
        }
    }
}
