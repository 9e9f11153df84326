//! A changed file never touches what was begun before it: cases and drafts keep the form and the templates they were
//! accepted or opened with.

use xiangbao::app::{AppError, Wish, same_version};
use xiangbao::store::Table;
use xiangbao_core::event::{Demand, Verdict};
use xiangbao_core::form::FieldPath;

use super::desk::Office;

fn builtin(name: &str) -> String {
    std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn place(office: &Office, name: &str, text: &str) {
    let path = office.folder.path().join("library").join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn replaced(text: &str, find: &str, replace: &str) -> String {
    assert!(text.contains(find), "{find}");
    text.replacen(find, replace, 1)
}

/// The form as its next version: a stricter rule, a field less, a level less, another title.
fn stricter() -> String {
    let form = builtin("forms/change.toml");
    let form = replaced(&form, "version = 2", "version = 3");
    let form = replaced(&form, "居民信息变更表", "居民信息变更表（新）");
    let form = replaced(&form, "\n[[levels]]\nlevel = \"recheck\"\nrole = \"rechecker\"\n", "\n");
    let memo = form.find("[[sections.fields]]\nid = \"memo\"").unwrap();
    let end = memo + form[memo..].find("\n\n").unwrap();
    let form = format!("{}{}", &form[..memo], &form[end..]);
    replaced(
        &form,
        "[[rules]]\nid = \"birth_not_future\"",
        "[[rules]]\nid = \"new_office_rule\"\non = \"sign_name\"\ncheck = 'sign_name == \"谁也不是\"'\nmessage = \"新规\"\n\
         article = \"003 A14\"\nseverity = \"error\"\n\n[[rules]]\nid = \"birth_not_future\"",
    )
}

fn other_paper() -> String {
    let paper = builtin("print-templates/change.toml");
    let paper = replaced(&paper, "version = 1", "version = 2");
    let paper =
        replaced(&paper, "{ label = \"备　　注\", w = 30 }, { slot = \"memo\" }", "{ label = \"无备注栏\" }");
    replaced(&paper, "填表说明：", "新版填表说明：")
}

#[test]
fn what_was_begun_ends_by_the_definitions_it_was_begun_with() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let play = office.play("BG");
    let mut draft = office.draft(&clerk, &play);
    office.station.save_field(&mut draft, &FieldPath::single("memo"), "旧表才有的备注").unwrap();
    let accepted = office.accept(&clerk, &draft).unwrap().case_id;
    // The page, but for the line that says when it was printed.
    let paper = |office: &Office| {
        let prepared = office.station.prepare_print(&clerk, &accepted, "change", &Wish::default()).unwrap();
        let mut document = prepared.document;
        for page in &mut document.pages {
            page.items.retain(|item| item.name() != "print.stamp");
        }
        document
    };
    let before = paper(&office);
    let filing = office.case(&accepted).filing;
    assert_eq!(filing.form_hash, office.station.library().form("change").unwrap().hash);
    let pinned = filing.templates.unwrap();
    assert_eq!(Some(&pinned["change"]), office.station.library().template_hash("change").as_ref());
    assert!(pinned.contains_key("receipt") && !pinned.contains_key("enrolment"));
    // A draft that is still open, and one that waits for a supplement.
    office.minute();
    let open = office.draft(&clerk, &play);
    office.minute();
    let demand =
        Demand {
            path: "sign_name".to_owned(), reason: "请补签".to_owned(), article: "003 A14".to_owned()
        };
    office.decide("c2", &accepted, Verdict::Returned { demands: vec![demand] }).unwrap();

    place(&office, "forms/change.toml", &stricter());
    place(&office, "print-templates/change.toml", &other_paper());
    let office = office.reopened();
    assert_eq!(office.station.form("change").unwrap().version, 3);
    let page = office.station.open_review(&office.actor("c2"), &accepted).unwrap();
    assert!(page.form_title.ends_with("变更表") && page.note.is_empty(), "{} {}", page.form_title, page.note);
    assert!(page.values.iter().any(|value| value.value == "旧表才有的备注"));
    assert!(!page.findings.iter().any(|finding| finding.rule == "new_office_rule"));
    assert_eq!(paper(&office), before, "the reprint is the same paper");
    // The supplement is judged and handed in by the old form, and walks through its three levels.
    office.minute();
    let mut correction = office.station.open_correction(&clerk, &accepted).unwrap();
    assert_eq!(office.station.form_of_draft(&correction).unwrap().version, 2);
    office.settle_papers(&mut correction);
    office.accept(&clerk, &correction).unwrap();
    office.pass(&accepted, &["c2", "r1", "a1"]);
    assert_eq!(office.status(&accepted), "已生效");
    // The draft goes on as it was begun.
    assert_eq!(office.station.check_draft(&open).unwrap(), []);
    office.minute();
    let later = office.accept(&clerk, &open).unwrap().case_id;
    let filing = office.case(&later).filing;
    assert_eq!((filing.form_version, filing.levels.len()), (2, 3));
    // A new draft is a new form: its rule holds, its field is gone, its paper is the new one.
    office.minute();
    let fresh = office.draft(&clerk, &play);
    assert_eq!(fresh.form_version, 3);
    let refused = office.accept(&clerk, &fresh).unwrap_err();
    assert!(
        matches!(refused, AppError::Findings(found) if found.iter().any(|f| f.rule == "new_office_rule"))
    );
    let paper = office.station.prepare_draft(&clerk, &fresh, "change").unwrap();
    assert_eq!((paper.version, office.station.form("change").unwrap().levels.len()), (2, 2));
    office.verified();
}

#[test]
fn a_case_whose_form_is_unknown_says_so_and_is_shown_by_the_newest() {
    let office = Office::new();
    let case_id = office.accepted(&office.play("BG"));
    place(&office, "forms/change.toml", &stricter());
    place(&office, "print-templates/change.toml", &other_paper());
    // As in a journal that is older than the kept texts, or a case of another station.
    let kept = office.station.snapshot().unwrap().scan(Table::Definitions, &[], usize::MAX).unwrap();
    let gone: Vec<_> = kept.into_iter().map(|(key, _)| (Table::Definitions, key, None)).collect();
    office.station.store().write_local(&gone).unwrap();
    let office = office.reopened();
    let page = office.station.open_review(&office.actor("c2"), &case_id).unwrap();
    assert!(page.form_title.ends_with("变更表（新）"), "{}", page.form_title);
    assert!(page.note.contains("第2版") && page.note.contains("第3版"), "{}", page.note);
}

#[test]
fn a_file_that_changed_without_a_new_version_is_named() {
    let office = Office::new();
    let named = |office: &Office| {
        same_version(office.station.library(), &office.station.snapshot().unwrap().definitions().unwrap())
    };
    assert_eq!(named(&office), []);
    place(&office, "forms/change.toml", &replaced(&builtin("forms/change.toml"), "变更表", "变更表（同版）"));
    let office = office.reopened();
    assert_eq!(named(&office), [("forms/change.toml".to_owned(), 2)]);
}
