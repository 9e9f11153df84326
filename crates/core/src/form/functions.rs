//! The functions of the rule language beyond the core of CEL. Pure, total, and closed: a form cannot add one.
//!
//! What they say about missing data: a date that is empty or does not exist gives `""` (text) or `0` (days, months,
//! years), an unknown age is `-1`, so a rule asks `filled(x)` first where that matters.

use std::sync::{Arc, LazyLock};

use cel::common::types::{self, CelBool, CelInt, CelList, CelString, Type};
use cel::common::value::CowVal;
use cel::{DeclarationError, Env, ExecutionError};
use chrono::{Datelike, Months, NaiveDate};

use super::typing::Ty;
use super::value::{date, decimal, money, month, product, ratio};
use super::workdays;
use crate::code::{Distance, area_province};
use crate::identity::{Certificate, check_certificate, check_credit_code};
use crate::money::Fen;

/// Name, argument types and result type of each function, for the type check at load.
pub(super) fn signature(name: &str) -> Option<(&'static [Ty], Ty)> {
    const TEXT: Ty = Ty::Text;
    Some(match name {
        "birth_of" | "sex_of" | "province_of" => (&[TEXT], TEXT),
        "distance" => (&[TEXT, TEXT], TEXT),
        "valid_id" => (&[TEXT, TEXT, TEXT], Ty::Bool),
        "valid_uscc" => (&[TEXT], Ty::Bool),
        "age" | "days_between" | "months_between" | "working_days_between" => (&[TEXT, TEXT], Ty::Int),
        "add_months" | "date_add_days" | "add_working_days" => (&[TEXT, Ty::Int], TEXT),
        "last_day_of_month" => (&[TEXT], TEXT),
        "fen" => (&[TEXT], Ty::Int),
        "round_share" => (&[Ty::Int, Ty::Int], Ty::Int),
        "times" => (&[TEXT, TEXT], Ty::Int),
        "year_of" | "ten_thousandths" => (&[TEXT], Ty::Int),
        "yuan" | "text" => (&[Ty::Int], TEXT),
        _ => return None,
    })
}

/// Names a field may not have, because the rule language uses them.
pub(super) const RESERVED: [&str; 27] = [
    "today",
    "ruleset",
    "row",
    "filled",
    "size",
    "sum",
    "birth_of",
    "sex_of",
    "province_of",
    "distance",
    "valid_id",
    "valid_uscc",
    "age",
    "days_between",
    "months_between",
    "add_months",
    "date_add_days",
    "last_day_of_month",
    "working_days_between",
    "add_working_days",
    "fen",
    "round_share",
    "times",
    "year_of",
    "ten_thousandths",
    "yuan",
    "text",
];

/// The environment all expressions run in.
pub(super) static ENVIRONMENT: LazyLock<Arc<Env>> =
    LazyLock::new(|| Arc::new(environment().unwrap_or_else(|_| Env::stdlib())));

pub(super) type Args<'b, 'v> = Vec<CowVal<'b, 'v>>;
pub(super) type Answer<'b, 'v> = Result<CowVal<'b, 'v>, ExecutionError>;

fn environment() -> Result<Env, DeclarationError> {
    const S: Type = types::STRING_TYPE;
    const I: Type = types::INT_TYPE;
    let mut env = Env::stdlib();
    env.add_overload("birth_of", "birth_of_text", vec![S], |args| text(birth_of(&str_arg(&args, 0)?)))?;
    env.add_overload("sex_of", "sex_of_text", vec![S], |args| text(sex_of(&str_arg(&args, 0)?)))?;
    env.add_overload("valid_id", "valid_id_text_text_text", vec![S, S, S], |args| {
        let (sort, certno, on) = (str_arg(&args, 0)?, str_arg(&args, 1)?, str_arg(&args, 2)?);
        let valid = date(&on).is_some_and(|on| check_certificate(&sort, &certno, on).is_ok());
        Ok(CowVal::owned(CelBool::from(valid)))
    })?;
    env.add_overload("valid_uscc", "valid_uscc_text", vec![S], |args| {
        Ok(CowVal::owned(CelBool::from(check_credit_code(&str_arg(&args, 0)?).is_ok())))
    })?;
    env.add_overload("age", "age_text_text", vec![S, S], |args| {
        int(years_between(&str_arg(&args, 0)?, &str_arg(&args, 1)?))
    })?;
    env.add_overload("days_between", "days_between_text_text", vec![S, S], |args| {
        int(days_between(&str_arg(&args, 0)?, &str_arg(&args, 1)?))
    })?;
    env.add_overload("months_between", "months_between_text_text", vec![S, S], |args| {
        int(months_between(&str_arg(&args, 0)?, &str_arg(&args, 1)?))
    })?;
    env.add_overload("add_months", "add_months_text_int", vec![S, I], |args| {
        text(add_months(&str_arg(&args, 0)?, int_arg(&args, 1)?))
    })?;
    env.add_overload("year_of", "year_of_text", vec![S], |args| {
        int(day(&str_arg(&args, 0)?).map_or(0, |d| i64::from(d.year())))
    })?;
    env.add_overload("ten_thousandths", "ten_thousandths_text", vec![S], |args| {
        int(ratio(&str_arg(&args, 0)?).unwrap_or(0))
    })?;
    env.add_overload("yuan", "yuan_int", vec![I], |args| text(Fen(int_arg(&args, 0)?).to_grouped()))?;
    env.add_overload("text", "text_int", vec![I], |args| text(int_arg(&args, 0)?.to_string()))?;
    env.add_overload("sum", "sum_list", vec![types::LIST_TYPE], sum)?;
    more(&mut env)?;
    workdays::declare(&mut env)?;
    Ok(env)
}

fn more(env: &mut Env) -> Result<(), DeclarationError> {
    const S: Type = types::STRING_TYPE;
    const I: Type = types::INT_TYPE;
    env.add_overload("date_add_days", "date_add_days_text_int", vec![S, I], |args| {
        text(add_days(&str_arg(&args, 0)?, int_arg(&args, 1)?))
    })?;
    env.add_overload("last_day_of_month", "last_day_of_month_text", vec![S], |args| {
        text(last_day_of_month(&str_arg(&args, 0)?))
    })?;
    env.add_overload("province_of", "province_of_text", vec![S], |args| {
        text(area_province(&str_arg(&args, 0)?).unwrap_or_default().to_owned())
    })?;
    env.add_overload("distance", "distance_text_text", vec![S, S], |args| {
        text(Distance::between(&str_arg(&args, 0)?, &str_arg(&args, 1)?).code().to_owned())
    })?;
    env.add_overload("fen", "fen_text", vec![S], |args| int(money(&str_arg(&args, 0)?).unwrap_or(0)))?;
    env.add_overload("times", "times_text_text", vec![S, S], |args| {
        let (count, price) = (str_arg(&args, 0)?, str_arg(&args, 1)?);
        if decimal(&count).is_none() || decimal(&price).is_none() {
            return int(0);
        }
        int(product(&count, &price).ok_or_else(|| wrong("amount too large"))?)
    })?;
    env.add_overload("round_share", "round_share_int_int", vec![I, I], |args| {
        let share = round_share(int_arg(&args, 0)?, int_arg(&args, 1)?);
        int(share.ok_or_else(|| wrong("amount too large"))?)
    })
}

fn wrong(message: &str) -> ExecutionError {
    ExecutionError::function_error("form", message)
}

pub(super) fn str_arg(args: &Args<'_, '_>, index: usize) -> Result<String, ExecutionError> {
    let value = args.get(index).and_then(|v| v.downcast_ref::<CelString<'_>>());
    value.map(|s| s.inner().to_owned()).ok_or_else(|| wrong("expected a text"))
}

pub(super) fn int_arg(args: &Args<'_, '_>, index: usize) -> Result<i64, ExecutionError> {
    let value = args.get(index).and_then(|v| v.downcast_ref::<CelInt>());
    value.map(|i| *i.inner()).ok_or_else(|| wrong("expected a number"))
}

pub(super) fn text<'b, 'v>(value: String) -> Answer<'b, 'v> {
    Ok(CowVal::owned(CelString::from(value)))
}

pub(super) fn int<'b, 'v>(value: i64) -> Answer<'b, 'v> {
    Ok(CowVal::owned(CelInt::from(value)))
}

fn sum<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let list =
        args.first().and_then(|v| v.downcast_ref::<CelList<'_>>()).ok_or_else(|| wrong("expected a list"))?;
    let mut total: i64 = 0;
    for item in list.inner() {
        let item = item.downcast_ref::<CelInt>().ok_or_else(|| wrong("expected numbers"))?;
        total = total.checked_add(*item.inner()).ok_or_else(|| wrong("sum too large"))?;
    }
    int(total)
}

/// A day, or the first day of a month.
fn day(text: &str) -> Option<NaiveDate> {
    date(text).or_else(|| month(text))
}

/// What a resident number says, wrong check character or not: rules compare it with what was typed beside it.
fn resident(certno: &str) -> Option<Certificate> {
    let late = NaiveDate::from_ymd_opt(2200, 12, 31)?;
    match check_certificate("01", certno, late) {
        Ok(certificate) => Some(certificate),
        Err(error) => error.reading().cloned(),
    }
}

fn birth_of(certno: &str) -> String {
    resident(certno).and_then(|c| c.birth).map_or_else(String::new, |d| d.to_string())
}

fn sex_of(certno: &str) -> String {
    resident(certno).and_then(|c| c.sex_code).map_or_else(String::new, str::to_owned)
}

fn days_between(from: &str, to: &str) -> i64 {
    day(from).zip(day(to)).map_or(0, |(a, b)| (b - a).num_days())
}

fn whole_months(from: NaiveDate, to: NaiveDate) -> i64 {
    if to < from {
        return -whole_months(to, from);
    }
    let months = (i64::from(to.year()) - i64::from(from.year())) * 12 + i64::from(to.month())
        - i64::from(from.month());
    let reached = u32::try_from(months).ok().and_then(|m| from.checked_add_months(Months::new(m)));
    if reached.is_some_and(|r| r > to) { months - 1 } else { months }
}

/// Whole months from one day to another; a day that the month lacks is its last day (reference 5.5).
fn months_between(from: &str, to: &str) -> i64 {
    day(from).zip(day(to)).map_or(0, |(a, b)| whole_months(a, b))
}

fn years_between(birth: &str, on: &str) -> i64 {
    match day(birth).zip(day(on)) {
        Some((birth, on)) if birth <= on => whole_months(birth, on) / 12,
        _ => -1,
    }
}

fn add_months(from: &str, months: i64) -> String {
    let Some(day) = day(from) else { return String::new() };
    let count = u32::try_from(months.unsigned_abs()).ok().filter(|c| *c <= 2400).map(Months::new);
    let moved =
        count.and_then(|c| if months < 0 { day.checked_sub_months(c) } else { day.checked_add_months(c) });
    moved.map_or_else(String::new, |d| d.to_string())
}

/// The day some days later (or earlier); nothing beyond the years the language knows.
fn add_days(from: &str, days: i64) -> String {
    let moved = date(from).zip(chrono::TimeDelta::try_days(days)).and_then(|(d, n)| d.checked_add_signed(n));
    moved.map(|d| d.to_string()).filter(|d| date(d).is_some()).unwrap_or_default()
}

fn last_day_of_month(text: &str) -> String {
    let first = day(text).and_then(|d| d.with_day(1));
    let last = first.and_then(|d| d.checked_add_months(Months::new(1))).and_then(|d| d.pred_opt());
    last.map_or_else(String::new, |d| d.to_string())
}

/// An amount times ten-thousandths, half a fen away from zero: the one rounding rule of the program.
fn round_share(fen: i64, share: i64) -> Option<i64> {
    let product = i128::from(fen) * i128::from(share);
    let half = if product < 0 { -5_000 } else { 5_000 };
    i64::try_from((product + half) / 10_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_complete() {
        assert!(environment().is_ok());
    }

    /// Reference 6.1, synthetic numbers.
    #[test]
    fn numbers_tell_birth_and_sex_even_with_a_wrong_check() {
        for (certno, birth, sex) in [
            ("451424200002290018", "2000-02-29", "1"),
            ("451424201707030026", "2017-07-03", "2"),
            ("45142419900101004X", "1990-01-01", "2"),
            ("451424199001010016", "1990-01-01", "1"),
            ("451424201902290018", "", ""),
            ("", "", ""),
            ("H12345678", "", ""),
        ] {
            assert_eq!((birth_of(certno).as_str(), sex_of(certno).as_str()), (birth, sex), "{certno}");
        }
    }

    /// Reference 5.5, column `add_months 3`.
    #[test]
    fn three_months_after_birth_end_at_the_months_end() {
        for (birth, end) in [
            ("2017-11-30", "2018-02-28"),
            ("2017-12-01", "2018-03-01"),
            ("2019-11-30", "2020-02-29"),
            ("2020-02-29", "2020-05-29"),
            ("2021-05-31", "2021-08-31"),
            ("2021-08-31", "2021-11-30"),
            ("2021-11-30", "2022-02-28"),
            ("2021-12-31", "2022-03-31"),
        ] {
            assert_eq!(add_months(birth, 3), end, "{birth}");
        }
    }

    #[test]
    fn months_end_and_days_are_added() {
        for (text, last) in [
            ("2024-02-03", "2024-02-29"),
            ("2023-02", "2023-02-28"),
            ("2026-12-31", "2026-12-31"),
            ("", ""),
            ("2026-13", ""),
        ] {
            assert_eq!(last_day_of_month(text), last, "{text}");
        }
        assert_eq!(add_days("2024-02-28", 2), "2024-03-01");
        assert_eq!(add_days("2024-03-01", -1), "2024-02-29");
        for (text, days) in [("", 1), ("2024-02-30", 1), ("2200-12-31", 1), ("2024-01-01", i64::MAX)] {
            assert_eq!(add_days(text, days), "", "{text}");
        }
    }

    #[test]
    fn shares_are_exact_and_half_a_fen_goes_up() {
        // 12.50 yuan at 65 % is 8.125 yuan; 0.01 yuan at 50 % is half a fen.
        for (fen, share, result) in [
            (1250, 6500, Some(813)),
            (1, 5000, Some(1)),
            (1, 4999, Some(0)),
            (-1, 5000, Some(-1)),
            (999_999_999_999, 10_000, Some(999_999_999_999)),
            (i64::MAX, 10_000, Some(i64::MAX)),
            (i64::MAX, 20_000, None),
            (i64::MIN, i64::MIN, None),
        ] {
            assert_eq!(round_share(fen, share), result, "{fen} {share}");
        }
    }

    /// GB/T 2260: two digits the province, four the prefecture; Daxin is 451424 in Chongzuo (4514).
    #[test]
    fn places_tell_their_province_and_how_far_they_are() {
        for (code, home, province, distance) in [
            ("451402", "451424100001", "广西壮族自治区", "1"),
            ("450103", "451424100001", "广西壮族自治区", "2"),
            ("440605", "451424100001", "广东省", "3"),
            ("440000", "451424100001", "广东省", "3"),
            ("990000", "451424100001", "", "3"),
            ("4401", "451424100001", "", "3"),
            ("44060a", "", "", "1"),
            ("", "451424100001", "", "1"),
        ] {
            let found = (area_province(code).unwrap_or_default(), Distance::between(code, home).code());
            assert_eq!(found, (province, distance), "{code}");
        }
    }

    #[test]
    fn ages_and_spans_count_whole_units() {
        assert_eq!(years_between("1966-11-21", "2026-11-20"), 59);
        assert_eq!(years_between("1966-11-20", "2026-11-20"), 60);
        assert_eq!(years_between("2026-11-21", "2026-11-20"), -1);
        assert_eq!(years_between("", "2026-11-20"), -1);
        assert_eq!(months_between("2018-01", "2018-12"), 11);
        assert_eq!(months_between("2021-05-31", "2021-08-30"), 2);
        assert_eq!(days_between("2026-11-01", "2026-11-20"), 19);
        assert_eq!(days_between("", "2026-11-20"), 0);
    }
}
