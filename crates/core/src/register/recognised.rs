//! The special chronic outpatient diseases of a person, from what is filed for the year (003 A65, A66). Knows the fields
//! that the filing keeps; must not know what a disease is paid.

use std::cmp::Ordering;

use super::FilingRecord;

/// Id of the form that files them.
pub const CHRONIC: &str = "chronic";
/// Code of a disease that the list does not name: the name tells it.
const OTHER: &str = "99";

/// The filings that hold on a day (`YYYY-MM-DD`), in the order of recognition; of one disease the oldest.
pub fn recognised<'a>(filings: &'a [FilingRecord], day: &str) -> Vec<&'a FilingRecord> {
    let mut held: Vec<&FilingRecord> =
        filings.iter().filter(|filing| filing.kind == CHRONIC && filing.holds_on(day)).collect();
    held.sort_by(|one, other| by_recognition(one, other));
    let mut found: Vec<&FilingRecord> = Vec::new();
    for filing in held {
        if !found.iter().any(|other| disease(other) == disease(filing)) {
            found.push(filing);
        }
    }
    found
}

/// The filing of a disease, by code and name, that holds on a day. The name counts where the list has no code for it.
pub fn filed_disease<'a>(
    filings: &'a [FilingRecord],
    (code, name): (&str, &str),
    day: &str,
) -> Option<&'a FilingRecord> {
    let wanted = (code, if code == OTHER { name } else { "" });
    recognised(filings, day).into_iter().find(|filing| disease(filing) == wanted)
}

fn disease(filing: &FilingRecord) -> (&str, &str) {
    let code = filing.value("opsp_dise_code");
    (code, if code == OTHER { filing.value("opsp_dise_name") } else { "" })
}

/// By the day on which the hospital recognised it; what was filed without one comes by its first day.
fn by_recognition(one: &FilingRecord, other: &FilingRecord) -> Ordering {
    let day = |filing: &FilingRecord| match filing.value("hosp_ide_date") {
        "" => filing.from.clone(),
        day => day.to_owned(),
    };
    day(one).cmp(&day(other)).then_with(|| one.serial.cmp(&other.serial))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filing(
        serial: u16,
        code: &str,
        name: &str,
        recognised: &str,
        (from, to): (&str, &str),
    ) -> FilingRecord {
        let values = [("opsp_dise_code", code), ("opsp_dise_name", name), ("hosp_ide_date", recognised)];
        FilingRecord {
            psn_no: "P1".to_owned(),
            kind: CHRONIC.to_owned(),
            serial,
            rev: 1,
            from: from.to_owned(),
            to: to.to_owned(),
            values: values.map(|(id, value)| (id.to_owned(), value.to_owned())).into(),
            void: false,
        }
    }

    /// 003 A66: filed by the year; a filing holds on its own days only.
    #[test]
    fn diseases_stand_in_the_order_of_recognition_while_their_filing_holds() {
        let year = ("2026-01-01", "2026-12-31");
        let mut filings = vec![
            filing(1, "02", "", "2026-03-01", year),
            filing(2, "01", "", "2025-06-01", year),
            filing(3, "99", "银屑病", "2026-04-01", ("2026-04-01", "2026-12-31")),
            filing(4, "03", "", "2024-01-01", ("2025-01-01", "2025-12-31")),
        ];
        filings.push(FilingRecord { void: true, ..filing(5, "04", "", "2020-01-01", year) });
        let on = |day: &str| -> Vec<String> {
            recognised(&filings, day).iter().map(|f| f.value("opsp_dise_code").to_owned()).collect()
        };
        assert_eq!(on("2026-06-30"), ["01", "02", "99"]);
        assert_eq!(on("2026-03-31"), ["01", "02"]);
        assert_eq!(on("2027-01-01"), [""; 0]);
        let of = |disease| filed_disease(&filings, disease, "2026-06-30").map(|filing| filing.serial);
        assert_eq!((of(("01", "")), of(("99", "银屑病")), of(("99", "癫痫"))), (Some(2), Some(3), None));
        assert_eq!((of(("03", "")), of(("04", ""))), (None, None), "last year's, and a void one");
    }
}
