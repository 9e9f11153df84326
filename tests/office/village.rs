//! A village assistant collects and types (003 A7); the window takes over and hands in under its own name.

use std::collections::BTreeSet;

use xiangbao::app::{AppError, NewAccount};
use xiangbao_core::form::{FieldPath, FormData};
use xiangbao_core::role::{Actor, Role};

use super::desk::Office;

const VILLAGE: &str = "451424100201";

fn assistant(office: &Office) -> Actor {
    let new = NewAccount {
        account: "xb".to_owned(),
        person: "p9".to_owned(),
        name: "李协办".to_owned(),
        certno: String::new(),
        roles: vec![Role::VillageAssistant],
        villages: vec![VILLAGE.to_owned()],
        pin: "246810".to_owned(),
    };
    office.station.put_account(&office.station.machine_actor(), new).unwrap();
    Actor {
        person: "p9".to_owned(),
        account: "xb".to_owned(),
        roles: BTreeSet::from([Role::VillageAssistant]),
        villages: BTreeSet::from([VILLAGE.to_owned()]),
        ..office.actor("c1")
    }
}

#[test]
fn what_the_village_typed_reaches_the_window_and_is_taken_once() {
    let office = Office::new();
    let assistant = assistant(&office);
    let mut draft = office.station.open_draft(&assistant, "DJ", None).unwrap();
    office.station.save_field(&mut draft, &FieldPath::single("admdvs12"), VILLAGE).unwrap();
    office.station.save_field(&mut draft, &FieldPath::single("householder_name"), "覃村民").unwrap();
    let typed: FormData = draft.data.clone();
    // It cannot hand in itself.
    let refused = office.accept(&assistant, &draft).unwrap_err();
    assert!(matches!(refused, AppError::Denied(_)), "{refused:?}");
    // The window sees it, the other levels do not.
    let clerk = office.actor("c1");
    assert_eq!(office.station.home(&clerk).unwrap().village.len(), 1);
    assert!(office.station.home(&office.actor("r1")).unwrap().village.is_empty());
    // A clerk of another village does not either.
    let elsewhere = Actor { villages: BTreeSet::from(["451424100202".to_owned()]), ..office.actor("c2") };
    assert!(office.station.home(&elsewhere).unwrap().village.is_empty());
    let taken = office.station.take_village_draft(&clerk, &draft.case_id).unwrap();
    assert_eq!((taken.account.as_str(), &taken.data), ("c1", &typed));
    let home = office.station.home(&clerk).unwrap();
    assert_eq!((home.village.len(), home.drafts.len()), (0, 1));
    assert!(office.station.drafts(&assistant).unwrap().is_empty());
    let again = office.station.take_village_draft(&office.actor("c2"), &draft.case_id).unwrap_err();
    assert!(matches!(again, AppError::NotFound(_)), "{again:?}");
    office.verified();
}
