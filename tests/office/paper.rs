//! Papers and repeated commands: the same case gives the same bytes, a second copy says so, the same command twice
//! happens once.

use xiangbao_core::event::Verdict;

use xiangbao::app::{Printed, Verdict as Paper, VillageWish, Wish};
use xiangbao_core::event::{Collector, Relation};
use xiangbao_core::print::{Calibration, Frames, preview_text};

use super::desk::Office;

#[test]
fn the_same_document_gives_the_same_bytes_and_a_second_copy_says_so() {
    let office = Office::new();
    for code in ["DJ", "BG", "ZX", "ZY", "BX"] {
        let case_id = office.effective(&office.play(code));
        let clerk = office.actor("c1");
        for (template, title) in office.station.documents_of(&office.case(&case_id)).unwrap() {
            let bytes = || {
                let prepared =
                    office.station.prepare_print(&clerk, &case_id, &template, &Wish::default()).unwrap();
                (office.station.pdf(&prepared).unwrap(), prepared)
            };
            let (first, prepared) = bytes();
            let (again, _) = bytes();
            assert!(first == again, "{code} {title}: two looks differ");
            assert_eq!(prepared.copy, 1);
            let printed = {
                let command = office.station.new_id();
                office.station.print(&clerk, &case_id, &template, &Wish::default(), command).unwrap()
            };
            assert_eq!(std::fs::read(&printed.path).unwrap(), first, "{code} {title}");
            let (second, prepared) = bytes();
            assert_eq!(prepared.copy, 2);
            assert_ne!(first, second);
            // Apart from the mark, nothing moved: the same texts at the same places.
            let texts = |copy: &str| {
                let text = xiangbao_core::print::preview_text(
                    &prepared.document,
                    120,
                    xiangbao_core::print::Frames::Ascii,
                );
                text.join("\n").replace(copy, "")
            };
            assert!(texts("").contains("补打 第2份"), "{}", texts(""));
        }
    }
    office.verified();
}

#[test]
fn a_command_that_comes_twice_happens_once() {
    let office = Office::new();
    let (clerk, station) = (office.actor("c1"), &office.station);
    let draft = office.draft(&clerk, &office.play("BG"));
    let command = station.new_id();
    let first = station.accept(&clerk, &draft, command).unwrap();
    let head = || station.snapshot().unwrap().head().unwrap().seq;
    let after = head();
    // The answer was lost: the same draft under the same id gives the same receipt, and nothing is written.
    assert_eq!(station.accept(&clerk, &draft, command).unwrap(), first);
    assert_eq!(head(), after);
    // Under another id it is a second acceptance, and that is refused.
    assert!(station.accept(&clerk, &draft, station.new_id()).is_err());
    let (reviewer, command) = (office.actor("c2"), station.new_id());
    let review = |command| station.review(&reviewer, &first.case_id, Verdict::Passed, "同意", command);
    let stored = review(command).unwrap();
    assert_eq!(review(command).unwrap(), stored);
    assert_eq!(office.status(&first.case_id), "待复核");
    // An id that belongs to another person's command gives nothing away.
    let thief = station.review(&office.actor("r1"), &first.case_id, Verdict::Passed, "同意", command);
    assert!(thief.unwrap_err().zh().contains("重复"));
    let command = station.new_id();
    let print = || station.print(&clerk, &first.case_id, "receipt", &Wish::default(), command).unwrap();
    let printed = print();
    assert_eq!(print(), printed);
    assert_eq!(office.case(&first.case_id).copies["receipt"], 1);
    let command = station.new_id();
    let taken = station.withdraw(&clerk, &first.case_id, "申请人要求", command).unwrap();
    assert_eq!(station.withdraw(&clerk, &first.case_id, "申请人要求", command).unwrap(), taken);
    office.verified();
}

fn taken(name: &str, relation: Relation) -> Wish {
    Wish { collector: Some(Collector { name: name.to_owned(), relation }), ..Wish::default() }
}

fn print(office: &Office, case: &[u8; 16], template: &str, wish: &Wish) -> Result<Printed, String> {
    let (clerk, command) = (office.actor("c1"), office.station.new_id());
    office.station.print(&clerk, case, template, wish, command).map_err(|error| error.zh())
}

#[test]
fn a_further_copy_names_who_takes_it_on_paper_and_in_the_timeline() {
    let office = Office::new();
    let case = office.effective(&office.play("BG"));
    print(&office, &case, "receipt", &Wish::default()).unwrap();
    let refused = print(&office, &case, "receipt", &Wish::default()).unwrap_err();
    assert!(refused.contains("补打第 2 份要写明领取人"), "{refused}");
    for name in ["", "  ", "\u{1b}[31m红", &"长".repeat(41)] {
        assert!(print(&office, &case, "receipt", &taken(name, Relation::Person)).is_err(), "{name:?}");
    }
    assert_eq!(office.case(&case).copies["receipt"], 1, "a refused copy is not counted");
    office.minute();
    let second = print(&office, &case, "receipt", &taken("韦阿美", Relation::Agent)).unwrap();
    assert_eq!(second.copy, 2);
    let rows = office.station.timeline(&office.actor("c1"), &case).unwrap().1;
    let detail = &rows.last().unwrap().detail;
    assert!(detail.contains("第2份") && detail.contains("领取人 韦阿美（代办人）"), "{detail}");
    let wish = taken("韦阿美", Relation::Agent);
    let third = office.station.prepare_print(&office.actor("c1"), &case, "receipt", &wish).unwrap();
    let text = preview_text(&third.document, 120, Frames::Ascii).join("\n");
    assert!(text.contains("打印 2026-11-20 09:0") && text.contains("黄经办"), "{text}");
    assert!(text.contains("领取人 韦阿美（代办人）") && text.contains("补打 第3份"), "{text}");
    assert!(text.contains("[二维码]"), "{text}");
    office.verified();
}

#[test]
fn a_paper_proves_itself_by_its_code_and_by_its_bytes() {
    let office = Office::new();
    let case = office.effective(&office.play("BX"));
    let printed = print(&office, &case, "settlement-slip", &Wish::default()).unwrap();
    let number = office.case(&case).number;
    assert!(printed.proof.starts_with(&format!("XB1:{number}:SETTLEMENT-SLIP:1:")), "{}", printed.proof);
    let station = &office.station;
    let answer = station.prove_code(&printed.proof).unwrap();
    assert_eq!(answer.verdict, Paper::Genuine);
    // Three reviews, a minute each, after nine.
    let copy = &answer.copies[0];
    assert_eq!(
        (copy.number.as_str(), copy.copy, copy.printed.as_str()),
        (number.as_str(), 1, "2026-11-20 09:03")
    );
    assert_eq!((copy.by.as_str(), copy.title.as_str()), ("黄经办 c1", printed.title.as_str()));
    // One digit of the check code, another copy, another case.
    let mut digits = printed.proof.clone();
    let last = if digits.ends_with('0') { "1" } else { "0" };
    digits.replace_range(digits.len() - 1.., last);
    assert_eq!(station.prove_code(&digits).unwrap().verdict, Paper::Altered);
    let other = printed.proof.replace(":1:", ":2:");
    assert_eq!(station.prove_code(&other).unwrap().verdict, Paper::Unknown);
    let stranger = printed.proof.replace(&number, "BXTC-9-999999");
    assert_eq!(station.prove_code(&stranger).unwrap().verdict, Paper::Unknown);
    assert!(station.prove_code("hello").unwrap_err().zh().contains("不是本系统的验真码"));
    // The bytes.
    assert_eq!(station.prove_pdf(&printed.path).unwrap().copies, answer.copies);
    let mut bytes = std::fs::read(&printed.path).unwrap();
    bytes.push(b'\n');
    let forged = printed.path.with_file_name("forged.pdf");
    std::fs::write(&forged, bytes).unwrap();
    assert_eq!(station.prove_pdf(&forged).unwrap().verdict, Paper::Unknown);
}

#[test]
fn three_numbers_are_kept_per_printer_and_form_and_used_on_stock_only() {
    let office = Office::new();
    let case = office.effective(&office.play("BG"));
    let (clerk, station) = (office.actor("c1"), &office.station);
    let numbers = Calibration::parse("1.5", "-0.8", "1003").unwrap();
    station.calibrate(&clerk, "Epson_LQ630", "receipt", numbers).unwrap();
    station.calibrate(&clerk, "", "receipt", Calibration::parse("0.3", "0", "1000").unwrap()).unwrap();
    let file = station.folder().join("printers.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        text.contains("printer = \"Epson_LQ630\"\ndocument = \"receipt\"\nx = 1.5\ny = -0.8\nscale = 1003\n"),
        "{text}"
    );
    assert_eq!(station.calibration("Epson_LQ630", "receipt").unwrap(), numbers);
    assert_eq!(station.calibration("Epson_LQ630", "change").unwrap(), Calibration::default());
    let lay = |values_only: bool, printer: &str| {
        let wish = Wish { values_only, printer: printer.to_owned(), collector: None };
        station.prepare_print(&clerk, &case, "receipt", &wish).unwrap().document
    };
    assert_eq!(lay(false, "Epson_LQ630"), lay(false, ""), "the whole form needs no fitting");
    assert_ne!(lay(true, "Epson_LQ630").pages, lay(true, "").pages);
    assert_eq!(lay(true, "").proof, lay(false, "").proof);
    // A file that somebody broke is named with the row and what to do.
    let cases = [
        ("x = 1.5", "x = 1.55", "0.1 毫米"),
        ("x = 1.5", "x = 99", "-30 到 30"),
        ("scale = 1003", "scale = 900", "980 到 1020"),
        ("scale = 1003", "scale = 1003\nz = 1", "unknown field"),
        ("\"Epson_LQ630\"", "\"-o\"", "不能用"),
        ("\"Epson_LQ630\"", "\"default\"", "写了两次"),
    ];
    for (from, to, said) in cases {
        std::fs::write(&file, text.replace(from, to)).unwrap();
        let error = station.calibrations().unwrap_err().zh();
        assert!(error.contains(said) && error.contains("printers.toml"), "{error}");
    }
    std::fs::write(&file, text).unwrap();
    // What would be cut is refused and named.
    station.calibrate(&clerk, "far", "receipt", Calibration::parse("-30", "0", "1000").unwrap()).unwrap();
    let wish = Wish { values_only: true, printer: "far".to_owned(), collector: None };
    let off = station.prepare_print(&clerk, &case, "receipt", &wish).unwrap_err().zh();
    assert!(off.contains("印到纸外"), "{off}");
}

#[test]
fn a_village_is_one_file_with_a_list_and_every_paper_is_counted() {
    let office = Office::new();
    let cases: Vec<[u8; 16]> =
        ["BG", "ZX", "BX"].into_iter().map(|code| office.effective(&office.play(code))).collect();
    let village = office.case(&cases[0]).filing.village;
    let here: Vec<[u8; 16]> =
        cases.into_iter().filter(|case| office.case(case).filing.village == village).collect();
    let wish = VillageWish { village, document: Some("receipt".to_owned()), ..VillageWish::default() };
    let (clerk, station) = (office.actor("c1"), &office.station);
    let head = || station.snapshot().unwrap().head().unwrap().seq;
    let before = head();
    // Stopped: nothing filed, nothing journalled.
    assert_eq!(station.print_village(&clerk, &wish, &mut |_, _| false).unwrap(), None);
    assert_eq!(head(), before);
    let mut steps = Vec::new();
    let mut progress = |done, total| {
        steps.push((done, total));
        true
    };
    let printed = station.print_village(&clerk, &wish, &mut progress).unwrap().unwrap();
    assert_eq!((printed.documents, printed.left_out), (here.len(), 0));
    assert_eq!(steps.last(), Some(&(2 * here.len(), 2 * here.len())));
    assert!(steps.is_sorted());
    assert_eq!(head() - before, here.len() as u64);
    let answer = station.prove_pdf(&printed.path).unwrap();
    assert_eq!((answer.verdict, answer.copies.len()), (Paper::Genuine, here.len()));
    for case in &here {
        assert_eq!(office.case(case).copies["receipt"], 1);
    }
    // A second time there is nothing left; with somebody who takes them, they are further copies.
    let again = station.print_village(&clerk, &wish, &mut |_, _| true).unwrap_err().zh();
    assert!(again.contains("都已打印过"), "{again}");
    let collector = Some(Collector { name: "村协办员".to_owned(), relation: Relation::Agent });
    let wish = VillageWish { collector, ..wish };
    let second = station.print_village(&clerk, &wish, &mut |_, _| true).unwrap().unwrap();
    assert_eq!(second.documents, here.len());
    assert_eq!(office.case(&here[0]).copies["receipt"], 2);
    // A day in the future leaves nothing; a code that is no village is named.
    let since = Some("2027-01-01".parse().unwrap());
    assert!(station.print_village(&clerk, &VillageWish { since, ..wish.clone() }, &mut |_, _| true).is_err());
    let nowhere = VillageWish { village: "999999999999".to_owned(), ..wish };
    assert!(
        station.print_village(&clerk, &nowhere, &mut |_, _| true).unwrap_err().zh().contains("999999999999")
    );
    office.verified();
}
