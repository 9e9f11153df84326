//! The review levels of a form hold with its values: three levels (003 A74), two and then finance (003 A84), and limits of
//! an amount.

use xiangbao_core::form::{FieldPath, FormData, FormDef, Seat, levels_due};

use crate::support::{codes, form, read, sample};

fn of(def: &FormDef, data: &FormData) -> Vec<(String, Seat)> {
    let codes = codes();
    let context = sample("reimbursement").context(&codes);
    levels_due(def, data, &context).into_iter().map(|row| (row.level.clone(), row.seat)).collect()
}

fn named(levels: &[(&str, Seat)]) -> Vec<(String, Seat)> {
    levels.iter().map(|(level, seat)| ((*level).to_owned(), *seat)).collect()
}

#[test]
fn a_reimbursement_has_the_three_levels_of_a74_whatever_the_amount() {
    let three =
        named(&[("initial", Seat::Township), ("recheck", Seat::Township), ("approval", Seat::County)]);
    assert_eq!(of(&form("reimbursement"), &sample("reimbursement").data), three);
    assert_eq!(of(&form("reimbursement"), &FormData::default()), three);
}

#[test]
fn two_levels_then_finance_as_a84_has_it_and_one_more_above_a_limit() {
    let text = read("crates/core/tests/forms/levels/a84.toml");
    let def = FormDef::load("a84.toml", &text).unwrap();
    let with = |amount: &str| {
        let mut data = FormData::default();
        data.set(&FieldPath::single("medfee_sumamt"), amount);
        of(&def, &data)
    };
    let township = Seat::Township;
    let below = named(&[("initial", township), ("recheck", township), ("finance", Seat::County)]);
    let above = named(&[
        ("initial", township),
        ("recheck", township),
        ("approval", Seat::County),
        ("finance", Seat::County),
    ]);
    // The limit is 5,000 yuan: 500000 fen. At the limit it does not hold.
    for (amount, wanted) in [("0.01", &below), ("5000.00", &below), ("5000.01", &above), ("80000.00", &above)]
    {
        assert_eq!(with(amount), *wanted, "{amount}");
    }
}
