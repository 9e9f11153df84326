//! Certificates, row by row from reference 6.1 to 6.3, and generated numbers.

use proptest::prelude::*;

use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 3).unwrap()
}

fn day(text: &str) -> Option<NaiveDate> {
    Some(text.parse().unwrap())
}

fn check(cert_type: &str, text: &str) -> Result<Certificate, IdentityError> {
    check_certificate(cert_type, text, today())
}

fn code(cert_type: &str, text: &str) -> &'static str {
    check(cert_type, text).map_or_else(|error| error.code(), |_| "ok")
}

/// reference 6.1, the table: kind, number, birth, sex.
#[test]
fn valid_numbers_of_the_table() {
    for (cert_type, number, birth, sex) in [
        ("01", "451424200002290018", "2000-02-29", "1"),
        ("01", "451424199001010015", "1990-01-01", "1"),
        ("01", "451424201707030026", "2017-07-03", "2"),
        ("01", "45142419900101004X", "1990-01-01", "2"),
        ("01", "451424202402290120", "2024-02-29", "2"),
        ("01", "452130197508150036", "1975-08-15", "1"),
        ("17", "810000199001010019", "1990-01-01", "1"),
        ("17", "820000199001010029", "1990-01-01", "2"),
        ("17", "830000199001010012", "1990-01-01", "1"),
        ("07", "911240199001010023", "1990-01-01", "2"),
    ] {
        let certificate = check(cert_type, number).unwrap();
        assert_eq!(certificate.normal, number);
        assert_eq!(certificate.birth, day(birth), "{number}");
        assert_eq!(certificate.sex_code, Some(sex), "{number}");
        assert!(certificate.notes.is_empty(), "{number}");
    }
    let old = check("01", "452130197508150036").unwrap();
    assert_eq!(old.division.as_deref(), Some("452130"));
}

#[test]
fn fifteen_digits_become_eighteen() {
    let certificate = check("01", "452130750815003").unwrap();
    assert_eq!(certificate.normal, "452130197508150036");
    assert_eq!(certificate.notes, [Note::ConvertedFrom15]);
    assert_eq!(from_15("452130750815996").unwrap().get(..14), Some("45213018750815"));
    assert_eq!(from_15("45213075081500X"), None);
}

#[test]
fn wrong_numbers_of_the_table() {
    let date = check("01", "451424201902290018").unwrap_err();
    assert_eq!(date.problem(), &Problem::ImpossibleDate("20190229".to_owned()));
    assert!(!date.is_overridable());
    assert_eq!(date.zh(), "号码中的日期 20190229 不存在，请核对出生年月日。");

    let wrong = check("01", "451424199001010016").unwrap_err();
    assert_eq!(wrong.problem(), &Problem::CheckCharacter);
    assert!(wrong.is_overridable());
    let reading = wrong.reading().unwrap();
    assert_eq!(reading.normal, "451424199001010016");
    assert_eq!(reading.birth, day("1990-01-01"));
    assert!(!wrong.zh().contains('5'), "the right check character is not told");
}

#[test]
fn what_lists_and_keyboards_do_to_numbers() {
    let normal = |text| check("01", text).unwrap();
    assert_eq!(normal("45142419900101004x").normal, "45142419900101004X");
    assert!(normal("45142419900101004x").notes.is_empty());
    assert_eq!(normal(" ４５１４２４ １９９００１０１ ００４ｘ ").normal, "45142419900101004X");
    assert_eq!(normal("45142419900101004Х").notes, [Note::LookAlike]);
    assert_eq!(normal("4514241990O1O1OO4X").normal, "45142419900101004X");
    assert_eq!(normal("45l424199001010015").notes, [Note::LookAlike]);
}

#[test]
fn spreadsheet_damage_is_named() {
    assert_eq!(code("01", "4.51424E+17"), "ID-EXPONENT");
    assert_eq!(code("01", "4.51424199001010e17"), "ID-EXPONENT");
    let rounded = check("01", "451424199001010000").unwrap_err();
    assert_eq!(rounded.problem(), &Problem::SpreadsheetRounded);
    // Serials 100 to 900 by hundreds, check character 0: such numbers exist and pass with a note.
    let mut candidates = (1..=28).map(|day| format!("451424199001{day:02}100"));
    let genuine = candidates.find(|first17| check_character(first17) == Some('0')).unwrap();
    assert_eq!(check("01", &format!("{genuine}0")).unwrap().notes, [Note::EndsInZeros]);
}

#[test]
fn other_wrong_numbers_are_refused_by_kind() {
    for (cert_type, text, expected) in [
        ("01", "", "ID-EMPTY"),
        ("01", "   ", "ID-EMPTY"),
        ("01", "4514241990010100", "ID-LENGTH"),
        ("01", "45142419900101001A", "ID-FORM"),
        ("01", "4514241990X1010015", "ID-FORM"),
        ("01", "45142419900101\u{200b}0015", "TEXT-CHARACTER"),
        ("01", "451424202611040010", "ID-FUTURE"),
        ("01", "451424190601010010", "ID-AGE"),
        ("01", "451424000101010010", "ID-DATE"),
        ("01", "991424199001010015", "ID-CHECK"),
        ("01", "001424199001010015", "ID-PROVINCE"),
        ("17", "451424199001010015", "ID-OTHER-TYPE"),
        ("07", "451424199001010015", "ID-OTHER-TYPE"),
        ("07", "911240199001010024", "ID-CHECK"),
        ("88", "1234", "ID-TYPE"),
        ("", "1234", "ID-TYPE"),
    ] {
        assert_eq!(code(cert_type, text), expected, "{cert_type} {text}");
    }
}

/// Old people are rare, not impossible: whoever lets the number pass gets its reading.
#[test]
fn more_than_120_years_is_asked_and_can_pass() {
    let first17 = "45142419061103001";
    let exactly = format!("{first17}{}", check_character(first17).unwrap());
    assert_eq!(code("01", &exactly), "ok");
    let first17 = "45142419061102001";
    let older = format!("{first17}{}", check_character(first17).unwrap());
    let error = check("01", &older).unwrap_err();
    assert_eq!(error.code(), "ID-AGE");
    assert_eq!(error.reading().and_then(|reading| reading.birth), day("1906-11-02"));
}

#[test]
fn a_number_of_another_kind_is_noted() {
    let permit = check("01", "810000199001010019").unwrap();
    assert_eq!(permit.notes, [Note::BelongsToType("17")]);
    assert_eq!(permit.notes[0].zh(), "此号一般属于“17 港澳台居民居住证”，请核对证件类型。");
    let foreign = check("01", "911240199001010023").unwrap();
    assert_eq!(foreign.notes, [Note::BelongsToType("07")]);
    assert_eq!(foreign.division, None);
}

/// reference 6.2 and 6.3: shapes.
#[test]
fn permits_and_passports_by_shape() {
    for (cert_type, text, expected) in [
        ("04", "h12345678", "ok"),
        ("04", "H1234567801", "ok"),
        ("04", "K12345678", "ok"),
        ("04", "M12345678", "ID-OTHER-TYPE"),
        ("04", "H1234", "ID-FORM"),
        ("05", "M12345678", "ok"),
        ("05", "MA1234567", "ok"),
        ("05", "H12345678", "ID-OTHER-TYPE"),
        ("06", "12345678", "ok"),
        ("06", "1234567890", "ok"),
        ("06", "1234567890（Ａ）", "ok"),
        ("06", "123456789", "ID-FORM"),
        ("07", "VNM110012345678", "ok"),
        ("07", "VNM1100", "ID-FORM"),
        ("08", "c1234567", "ok"),
        ("08", "C123", "ID-FORM"),
        ("08", "C1234567-8", "ID-FORM"),
        ("08", "ABCDEFG", "ID-FORM"),
        ("16", "EA1234567", "ok"),
        ("02", "南字第01234567号", "ok"),
        ("90", "451424199001010015", "ok"),
        ("90", "451424199001010016", "ID-CHECK"),
        ("90", "A12345678", "ok"),
        ("99", "abc", "ok"),
    ] {
        assert_eq!(code(cert_type, text), expected, "{cert_type} {text}");
    }
    assert_eq!(check("990201", "u450123456").unwrap().normal, "U450123456");
    assert!(check("990201", "U450123456").unwrap().notes.is_empty());
    assert_eq!(check("990201", "12345").unwrap().notes, [Note::UnusualForm("1位字母加9位数字")]);
}

prop_compose! {
    /// A valid number: province of today or before, any real birth date of the last 110 years.
    fn resident_id()(
        division in prop::sample::select(vec!["451424", "452130", "110101", "650102", "440300"]),
        days in 0..40_000_i64,
        serial in 1..996_u32,
    ) -> String {
        let birth = today() - chrono::Duration::days(days);
        let first17 = format!("{division}{}{serial:03}", birth.format("%Y%m%d"));
        let check = check_character(&first17).unwrap();
        format!("{first17}{check}")
    }
}

proptest! {
    #[test]
    fn generated_numbers_are_valid(number in resident_id()) {
        let certificate = check("01", &number).unwrap();
        prop_assert_eq!(&certificate.normal, &number);
        prop_assert_eq!(certificate.division.as_deref(), number.get(..6));
        let odd = number.as_bytes()[16] % 2 == 1;
        prop_assert_eq!(certificate.sex_code, Some(if odd { "1" } else { "2" }));
    }

    #[test]
    fn one_wrong_digit_is_always_found(number in resident_id(), at in 0..18_usize, digit in 0..10_u8) {
        let mut bytes = number.into_bytes();
        prop_assume!(bytes[at] != b'0' + digit);
        bytes[at] = b'0' + digit;
        let wrong = String::from_utf8(bytes).unwrap();
        prop_assert!(check("01", &wrong).is_err(), "{}", wrong);
        prop_assert_ne!(check_character(&wrong[..17]), wrong.chars().nth(17));
    }

    #[test]
    fn any_text_is_read_or_refused(
        cert_type in prop::sample::select(vec!["01", "04", "06", "07", "08", "17", "90", "99"]),
        text in any::<String>(),
    ) {
        match check(cert_type, &text) {
            Ok(certificate) => {
                let again = check(cert_type, &certificate.normal).map(|again| again.normal);
                prop_assert_eq!(again, Ok(certificate.normal));
            }
            Err(error) => prop_assert!(!error.zh().is_empty() && !error.code().is_empty()),
        }
        let _ = (check_name(&text), check_credit_code(&text), check_account("2", &text));
    }
}
