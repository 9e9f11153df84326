//! The published calculations of `worked-examples.json`, each with the parameters it states, through the real
//! engine. Amounts are read as decimal text, never as binary fractions.

use rust_decimal::Decimal;
use serde_json::Value;
use xiangbao_core::money::{Fen, parse_yuan};
use xiangbao_core::policy::{ItemClass, SettleInput, Settlement, YearToDate, settle};

use crate::support::{Figures, line, stay};

fn text(value: &Value) -> String {
    let number = value.to_string();
    let exact: Decimal = number.parse().unwrap_or_else(|_| panic!("not a number: {number}"));
    exact.normalize().to_string()
}

fn money(row: &Value, key: &str) -> Fen {
    row.get(key).map_or(Fen::ZERO, |value| parse_yuan(&text(value)).unwrap())
}

fn bands(row: &Value) -> Vec<(Option<String>, String)> {
    let bands = row["bands"].as_array().unwrap();
    let bound = |band: &Value| if band[0].is_null() { None } else { Some(text(&band[0])) };
    bands.iter().map(|band| (bound(band), text(&band[1]))).collect()
}

fn figures(row: &Value) -> Figures {
    let mut figures = match row["kind"].as_str().unwrap() {
        "bands_absolute" => Figures::new(&text(&row["threshold"]), "absolute", &bands(row)),
        "bands_above_threshold" => Figures::new(&text(&row["threshold"]), "above_deductible", &bands(row)),
        "flat" => Figures::new(&text(&row["deductible"]), "absolute", &[(None, text(&row["ratio"]))]),
        "deductible_year_cap" => {
            Figures::new(&text(&row["standard"]), "absolute", &[(None, "0.65".to_owned())])
        }
        other => panic!("unknown kind {other}"),
    };
    if let Some(cap) = row.get("cap") {
        figures.cap = format!("\"{}\"", text(cap));
    }
    if let Some(limit) = row.get("year_cap") {
        figures.deductible_year_cap = format!("\"{}\"", text(limit));
    }
    figures
}

/// The bill: what the example calls first paid and fully own becomes lines of those kinds.
fn bill(row: &Value) -> SettleInput {
    if row["kind"] == "deductible_year_cap" {
        let already = row["already"].as_array().unwrap().iter().map(|part| parse_yuan(&text(part)).unwrap());
        let deductible_paid = Fen::checked_sum(already).unwrap();
        let used = YearToDate { deductible_paid, admissions: 2, ..YearToDate::default() };
        let lines = vec![line(ItemClass::A, parse_yuan("10000").unwrap())];
        return SettleInput { used, admission_no: 3, ..stay(lines) };
    }
    let total = if row.get("total").is_some() { money(row, "total") } else { money(row, "amount") };
    let (own, first) = (money(row, "full_own"), money(row, "first_paid"));
    let mut paid_first = line(ItemClass::B, first);
    paid_first.first_paid = Some(Decimal::ONE);
    let rest = total.checked_sub(own).and_then(|rest| rest.checked_sub(first)).unwrap();
    stay(vec![line(ItemClass::C, own), paid_first, line(ItemClass::A, rest)])
}

fn examples() -> Vec<Value> {
    serde_json::from_str(include_str!("worked-examples.json")).unwrap()
}

fn result(row: &Value) -> Settlement {
    settle(&figures(row).pack(), &bill(row)).unwrap()
}

#[test]
fn every_published_example_comes_out() {
    let examples = examples();
    assert_eq!(examples.len(), 13);
    for row in &examples {
        let settlement = result(row);
        let figure =
            if row["kind"] == "deductible_year_cap" { settlement.act_pay_dedc } else { settlement.hifp_pay };
        assert_eq!(figure, money(row, "expect"), "example {}", row["id"]);
    }
}

#[test]
fn the_example_that_is_published_wrong_is_not_copied() {
    let examples = examples();
    let wrong: Vec<&Value> = examples.iter().filter(|row| row.get("published_wrong").is_some()).collect();
    assert_eq!(wrong.len(), 1);
    assert_eq!(wrong[0]["id"], "2c");
    assert_eq!(money(wrong[0], "published_wrong"), parse_yuan("53000").unwrap());
    assert_eq!(result(wrong[0]).hifp_pay, parse_yuan("65000").unwrap());
}
