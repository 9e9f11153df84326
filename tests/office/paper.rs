//! Papers and repeated commands: the same case gives the same bytes, a second copy says so, the same command twice
//! happens once.

use xiangbao_core::event::Verdict;

use super::desk::Office;

#[test]
fn the_same_document_gives_the_same_bytes_and_a_second_copy_says_so() {
    let office = Office::new();
    for code in ["DJ", "BG", "ZX", "ZY", "BX"] {
        let case_id = office.effective(&office.play(code));
        let clerk = office.actor("c1");
        for (template, title) in office.station.documents_of(&office.case(&case_id)).unwrap() {
            let bytes = || {
                let prepared = office.station.prepare_print(&clerk, &case_id, &template).unwrap();
                (office.station.pdf(&prepared).unwrap(), prepared)
            };
            let (first, prepared) = bytes();
            office.minute();
            let (again, _) = bytes();
            assert!(first == again, "{code} {title}: two looks differ");
            assert_eq!(prepared.copy, 1);
            let printed = office.station.print(&clerk, &case_id, &template, office.station.new_id()).unwrap();
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
    let printed = station.print(&clerk, &first.case_id, "receipt", command).unwrap();
    assert_eq!(station.print(&clerk, &first.case_id, "receipt", command).unwrap(), printed);
    assert_eq!(office.case(&first.case_id).copies["receipt"], 1);
    let command = station.new_id();
    let taken = station.withdraw(&clerk, &first.case_id, "申请人要求", command).unwrap();
    assert_eq!(station.withdraw(&clerk, &first.case_id, "申请人要求", command).unwrap(), taken);
    office.verified();
}
