//! The product against the oracle: generated numbers must pass, every change of one sign and every exchange of two
//! neighbours must be found, or be excused by what the algorithm cannot see in theory.

use chrono::{Duration, NaiveDate};
use xiangbao_core::identity::{
    NumberKind, check_account, check_character, check_credit_code, check_number, check_organisation_code,
};

use super::corpus::today;
use super::oracle::{Dice, credit, luhn, mod_11_2, neighbours_exchanged, one_changed, organisation, signs};

const FIGURES: [char; 10] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/// A right number: any province, any day of the last 110 years.
fn resident(dice: &mut Dice) -> String {
    const HEADS: [&str; 8] = ["451424", "452130", "450103", "110105", "440106", "650102", "540102", "710000"];
    let head = HEADS[usize::try_from(dice.roll(8)).unwrap()];
    let birth: NaiveDate = today() - Duration::days(i64::try_from(dice.roll(40_000)).unwrap());
    let payload = format!("{head}{}{}", birth.format("%Y%m%d"), dice.figures(3));
    let check = mod_11_2(&payload);
    format!("{payload}{check}")
}

#[test]
fn a_hundred_thousand_resident_numbers() {
    let mut dice = Dice(11_643);
    let mut judged = 0;
    for _ in 0..600 {
        let number = resident(&mut dice);
        assert_eq!(check_character(&number[..17]), number.chars().last(), "{number}");
        let read = check_number(NumberKind::Certificate("01"), &number, today());
        assert_eq!(read.map(|read| read.normal).as_ref(), Ok(&number));
        let mut wrong = one_changed(&number, &FIGURES);
        wrong.extend(neighbours_exchanged(&number).into_iter().map(|(text, _, _)| text));
        for text in &wrong {
            let found = check_number(NumberKind::Certificate("01"), text, today());
            assert!(found.is_err(), "{text} passes beside {number}");
        }
        judged += 1 + wrong.len();
    }
    assert!(judged > 100_000, "{judged}");
}

#[test]
fn every_15_digit_number_becomes_a_right_one() {
    let mut dice = Dice(1_989);
    for _ in 0..5_000 {
        let birth = NaiveDate::from_ymd_opt(1907, 1, 1).unwrap()
            + Duration::days(i64::try_from(dice.roll(33_000)).unwrap());
        let serial = dice.roll(996);
        let old = format!("452130{}{serial:03}", birth.format("%y%m%d"));
        let read = check_number(NumberKind::Certificate("01"), &old, today()).unwrap();
        assert_eq!(read.birth, Some(birth), "{old}");
        assert_eq!(read.normal.chars().last(), Some(mod_11_2(&read.normal[..17])), "{old}");
        assert_eq!(format!("{}{}", &read.normal[..6], &read.normal[8..17]), old);
    }
}

#[test]
fn a_hundred_thousand_credit_codes() {
    let mut dice = Dice(32_100);
    let alphabet = signs();
    let mut judged = 0;
    for _ in 0..200 {
        let inner: String = (0..8).map(|_| alphabet[usize::try_from(dice.roll(31)).unwrap()]).collect();
        let payload = format!(
            "{}451424{inner}{}",
            ["11", "12", "51", "54", "91"][usize::try_from(dice.roll(5)).unwrap()],
            organisation(&inner)
        );
        let code = format!("{payload}{}", credit(&payload));
        assert_eq!(check_credit_code(&code).as_ref(), Ok(&code));
        let mut wrong = one_changed(&code, &alphabet);
        wrong.extend(neighbours_exchanged(&code).into_iter().map(|(text, _, _)| text));
        for text in &wrong {
            assert!(check_credit_code(text).is_err(), "{text} passes beside {code}");
        }
        judged += 1 + wrong.len();
    }
    assert!(judged > 100_000, "{judged}");
}

/// GB 11714 counts modulo 11 what has up to 36 values: signs whose values differ by 11, 22 or 33 look alike to it, and
/// so do such neighbours exchanged. Nothing else passes.
#[test]
fn organisation_codes_and_what_their_check_cannot_see() {
    let mut dice = Dice(11_714);
    let alphabet: Vec<char> = FIGURES.into_iter().chain('A'..='Z').collect();
    let value = |sign: char| i64::from(sign.to_digit(36).unwrap());
    for _ in 0..300 {
        let inner: String = (0..8).map(|_| alphabet[usize::try_from(dice.roll(36)).unwrap()]).collect();
        let code = format!("{inner}{}", organisation(&inner));
        assert_eq!(check_organisation_code(&code).as_ref(), Ok(&code));
        for text in one_changed(&code, &alphabet) {
            let (was, is) = code.chars().zip(text.chars()).find(|(was, is)| was != is).unwrap();
            let last = code[..8] == text[..8];
            let blind = !last && (value(was) - value(is)) % 11 == 0;
            assert_eq!(check_organisation_code(&text).is_ok(), blind, "{code} {text}");
        }
        for (text, first, second) in neighbours_exchanged(&code) {
            let expected = organisation(&text[..8]) == text.chars().last().unwrap();
            assert_eq!(check_organisation_code(&text).is_ok(), expected, "{code} {text}");
            let inside = text.ends_with(&code[8..]);
            assert!(!expected || !inside || (value(first) - value(second)) % 11 == 0, "{code} {text}");
        }
    }
}

/// Luhn finds every wrong figure and every exchange of neighbours but 0 with 9 (they double to 0 and 9).
#[test]
fn a_hundred_thousand_card_numbers() {
    let mut dice = Dice(62);
    let mut judged = 0;
    for round in 0..700_usize {
        let payload = format!("62{}", dice.figures(13 + round % 4));
        let card = FIGURES.iter().map(|figure| format!("{payload}{figure}")).find(|card| luhn(card)).unwrap();
        assert_eq!(check_account("2", &card).as_ref(), Ok(&card));
        for text in one_changed(&card, &FIGURES) {
            assert_eq!(check_account("2", &text).map_err(|error| error.code()), Err("ID-LUHN"), "{text}");
            assert_eq!(check_account("3", &text).as_ref(), Ok(&text), "a book's account has no check");
            judged += 1;
        }
        for (text, first, second) in neighbours_exchanged(&card) {
            let blind = matches!((first, second), ('0', '9') | ('9', '0'));
            assert_eq!(check_account("2", &text).is_ok(), blind, "{text}");
            judged += 1;
        }
    }
    assert!(judged > 100_000, "{judged}");
}
