//! The same answer twice, two terminals on one draft, accounts that see one village: what the use cases hold against a
//! crash, a second window and a curious colleague. Asked of the station that the screens use.

use std::os::unix::fs::PermissionsExt;

use xiangbao_core::event::Verdict;
use xiangbao_core::form::FieldPath;
use xiangbao_core::role::Role;

use super::office::Office;
use crate::app::{AppError, NewAccount, Wish};

fn head(office: &Office) -> u64 {
    office.station.snapshot().unwrap().head().unwrap().seq
}

#[test]
fn a_decision_sent_again_is_answered_and_not_taken_twice() {
    let office = Office::new();
    let case_id = office.change(&office.town.cast.mover.psn_no.clone(), "13907710001");
    let (clerk, command) = (office.actor("c2"), office.station.new_id());
    let review = || office.station.review(&clerk, &case_id, Verdict::Passed, "同意", command);
    let first = review().unwrap();
    let before = head(&office);
    assert_eq!(review().unwrap(), first, "the level has moved on, the answer has not");
    assert_eq!(head(&office), before);
    let withdrawal = office.station.new_id();
    let withdraw = || office.station.withdraw(&office.actor("c1"), &case_id, "申请人撤回", withdrawal);
    assert_eq!(withdraw().unwrap(), withdraw().unwrap());
}

#[test]
fn what_was_handed_in_is_no_draft_any_more() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let case_id = office.change(&office.town.cast.mover.psn_no.clone(), "13907710001");
    assert!(office.station.drafts(&clerk).unwrap().is_empty());
    let case = office.station.snapshot().unwrap().case(&case_id).unwrap().unwrap();
    // The other terminal still has the form open.
    let mut draft = office.station.open_draft(&clerk, "change", None).unwrap();
    office.station.discard_draft(&draft).unwrap();
    (draft.case_id, draft.data) = (case_id, case.filing.data);
    let late = office.station.save_field(&mut draft, &FieldPath::single("psn_name"), "改名");
    assert!(matches!(late, Err(AppError::Refused(_))), "{late:?}");
    assert!(office.station.drafts(&clerk).unwrap().is_empty());
    let before = head(&office);
    let refused = office.station.refuse(&clerk, &draft, "不属本统筹区", "003 A6", office.station.new_id());
    assert!(matches!(refused, Err(AppError::Refused(_))), "{refused:?}");
    assert_eq!(head(&office), before, "an accepted case is not refused beside its life");
    let other = office.station.accept(&office.actor("c2"), &draft, office.station.new_id());
    assert!(matches!(other, Err(AppError::Input(_))), "a draft belongs to who typed it: {other:?}");
}

#[test]
fn a_printed_paper_sent_again_is_the_same_copy_and_private() {
    let office = Office::new();
    let case_id = office.change(&office.town.cast.mover.psn_no.clone(), "13907710001");
    let (clerk, command) = (office.actor("c1"), office.station.new_id());
    let first = office.station.print(&clerk, &case_id, "receipt", &Wish::default(), command).unwrap();
    let again = office.station.print(&clerk, &case_id, "receipt", &Wish::default(), command).unwrap();
    assert_eq!((again.copy, &again.path, &again.hash), (1, &first.path, &first.hash));
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&first.path), 0o600);
    assert_eq!(mode(first.path.parent().unwrap()), 0o700);
}

#[test]
fn an_account_of_one_village_sees_no_list_of_another() {
    let office = Office::new();
    let psn_no = office.town.cast.mover.psn_no.clone();
    let _ = office.change(&psn_no, "13907710001");
    let mut clerk = office.actor("c2");
    assert_eq!(office.station.list_cases(&clerk, "").unwrap().len(), 1);
    clerk.villages = ["451424100999".to_owned()].into();
    assert!(office.station.list_cases(&clerk, "").unwrap().is_empty());
    assert!(office.station.review_queue(&clerk).unwrap().is_empty());
    let home = office.station.home(&clerk).unwrap();
    assert!(home.to_review.is_empty() && home.due.is_empty() && home.returned.is_empty());
}

#[test]
fn two_accounts_with_one_certificate_are_one_person() {
    let office = Office::new();
    let add = |account: &str, person: &str, certno: &str| {
        let new = NewAccount {
            account: account.to_owned(),
            person: person.to_owned(),
            name: "农某".to_owned(),
            certno: certno.to_owned(),
            roles: vec![Role::Rechecker],
            villages: Vec::new(),
            pin: "135790".to_owned(),
        };
        office.station.put_account(&office.station.machine_actor(), new)
    };
    add("n1", "n", "45142419900101004x").unwrap();
    let held = office.station.snapshot().unwrap().account("n1").unwrap().unwrap();
    assert_eq!(held.certno, "45142419900101004X", "as forms hold it, or nobody is ever recused");
    assert!(add("n2", "other", "45142419900101004X").is_err());
    assert!(add("n3", "n", "").is_err());
    assert!(add("n4", "n", "４５142419900101004X").is_ok());
}
