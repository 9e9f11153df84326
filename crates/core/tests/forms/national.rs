//! Forms against the national interface: a field that bears a national name is what the interface says it is, and every
//! code table that is shipped is used.

use std::collections::BTreeSet;

use xiangbao_core::code::fields::{FieldBook, FieldKind};
use xiangbao_core::form::Kind;

use crate::support::{codes, form, forms, read};

/// Tables that no field of a form names, with who uses them.
const OTHERS: [(&str, &str); 4] = [
    ("id_regions", "places named by the first six digits of an identity number"),
    ("psn_insu_stas", "standing of an enrolment in exports and on the proof of enrolment"),
    ("review_result", "results of review on papers"),
    ("divisions", "villages, townships and counties"),
];

/// The interface gives this name three characters, and four to the codes of its own dictionary.
const SHORTER_THAN_ITS_CODES: &str = "psn_idet_type";

#[test]
fn fields_with_a_national_name_fit_the_interface() {
    let book = FieldBook::from_csv("seed/fields.csv", &read("seed/fields.csv")).unwrap();
    let (codes, mut wrong) = (codes(), Vec::new());
    let mut compared = 0;
    for name in forms() {
        for field in form(&name).sections.iter().flat_map(|section| &section.fields) {
            let national = book.get(&field.id).filter(|name| name.id != SHORTER_THAN_ITS_CODES);
            let Some(national) = national else { continue };
            compared += 1;
            let fits = match national.kind {
                FieldKind::Text => {
                    let longest = match &field.spec.codes {
                        Some(table) => {
                            codes.table(table).unwrap().entries().iter().map(|e| e.code.len()).max()
                        }
                        None => Some(field.max),
                    };
                    national.max_chars() >= longest
                }
                // A day is enough where a paper form knows no hour.
                FieldKind::Date | FieldKind::Moment => field.spec.kind == Kind::Date,
                FieldKind::Number => {
                    matches!(field.spec.kind, Kind::Money | Kind::Int | Kind::Ratio | Kind::Decimal)
                }
            };
            if !fits {
                let (kind, max) = (field.spec.kind, field.max);
                wrong.push(format!(
                    "{name}: {} is {kind:?} of {max}, the interface has {national:?}",
                    field.id
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(compared > 60, "{compared}");
}

#[test]
fn only_code_tables_that_are_used_are_shipped() {
    let mut used: BTreeSet<String> = OTHERS.iter().map(|(id, _)| (*id).to_owned()).collect();
    for name in forms() {
        used.extend(form(&name).code_tables().into_iter().map(|(_, table)| table.to_owned()));
    }
    let shipped: BTreeSet<String> = codes().tables().map(|table| table.id().to_owned()).collect();
    let idle: Vec<&String> = shipped.difference(&used).collect();
    assert!(idle.is_empty(), "no form names {idle:?}");
    for table in codes().tables().filter(|table| table.id() != "divisions") {
        assert!(table.entries().iter().all(|entry| !entry.source.is_empty()), "{} has no source", table.id());
    }
}
