//! Finding and opening a person.

use xiangbao_core::register::{Change, FilingRecord, PersonField};

use super::SIZES;
use super::office::Office;

#[test]
fn the_box_says_what_can_be_typed() {
    let office = Office::new();
    for (cols, rows) in SIZES {
        let mut seat = office.sit("c1", cols, rows);
        seat.keys("<F3>");
        insta::assert_snapshot!(format!("find_begin_{cols}x{rows}"), seat.text());
        seat.keys("王不见<Enter>");
        insta::assert_snapshot!(format!("find_nobody_{cols}x{rows}"), seat.text());
    }
}

#[test]
fn a_surname_lists_masked_persons_and_the_card_opens() {
    let office = Office::new();
    let mover = office.town.cast.mover.psn_no.clone();
    let case = office.change(&mover, "13977100001");
    let person = office.town.person(&mover).unwrap();
    for (cols, rows) in SIZES {
        let mut seat = office.sit("c1", cols, rows);
        let surname = person.name().chars().next().unwrap();
        seat.keys(&format!("=CX<Enter>{surname}<Enter>"));
        insta::assert_snapshot!(format!("find_rows_{cols}x{rows}"), seat.text());
        seat.silent(person.certno());
        seat.keys(&format!("<Ctrl-u>{mover}<Enter><Enter>"));
        insta::assert_snapshot!(format!("person_{cols}x{rows}"), seat.text());
        seat.silent(person.certno());
    }
    assert_eq!(office.status(&case), "待初审");
}

#[test]
fn name_initials_and_tails_in_any_order_and_full_width_find_the_same_person() {
    let office = Office::new();
    let person = office.town.person(&office.town.cast.mover.psn_no).unwrap();
    let tail = &person.certno()[14..];
    let wide: String = tail.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
    let mut seat = office.sit("c1", 80, 24);
    seat.keys("<F3>");
    for query in [
        person.name().to_owned(),
        tail.to_owned(),
        wide,
        format!("{tail} {}", person.name()),
        format!("{} {tail}", person.name()),
        person.get(PersonField::Phone)[7..].to_owned(),
        person.certno().to_owned(),
        person.household_no.clone(),
    ] {
        seat.keys(&format!("<Ctrl-e><Ctrl-u>{query}<Enter>"));
        seat.says(person.name());
    }
}

#[test]
fn numbers_show_in_full_after_yes_and_for_half_a_minute() {
    let office = Office::new();
    let mover = office.town.cast.mover.psn_no.clone();
    let person = office.town.person(&mover).unwrap();
    let mut seat = office.sit("c1", 80, 24);
    seat.keys(&format!("<F3>{mover}<Enter><Enter><F5>"));
    seat.says("查看记录会留下");
    seat.keys("n");
    seat.silent(person.certno());
    seat.keys("<F5>y");
    seat.says(person.certno());
    office.pass(29);
    seat.rig.wait(1_000);
    seat.says(person.certno());
    office.pass(2);
    seat.rig.wait(1_000);
    seat.silent(person.certno());
    seat.says("恢复遮盖");
    let seen = office.station.snapshot().unwrap();
    let noted = seen.scan(crate::store::Table::Access, &[], 1_000).unwrap();
    assert!(noted.iter().any(|(_, value)| value.windows(6).any(|part| part == b"unmask")));
}

#[test]
fn what_was_changed_stands_in_the_history_with_the_case_behind_it() {
    let office = Office::new();
    let mover = office.town.cast.mover.psn_no.clone();
    let case = office.change(&mover, "13977100001");
    for account in ["c2", "r1", "a1"] {
        office.pass_level(account, &case);
    }
    assert_eq!(office.status(&case), "已生效");
    let mut seat = office.sit("c1", 120, 40);
    seat.keys(&format!("<F3>{mover}<Enter><Enter><End>"));
    insta::assert_snapshot!("person_history_120x40", seat.text());
    seat.says("改为 139****0001");
}

/// What is filed about somebody: what holds, what is over, what was reversed, each with its own line of the history.
#[test]
fn filings_stand_on_the_card_with_their_days_and_their_standing() {
    let office = Office::new();
    let mover = office.town.cast.mover.psn_no.clone();
    let filing = |kind: &str, serial, rev, from: &str, to: &str, void, values: &[(&str, &str)]| {
        let values = values.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
        let (psn_no, kind) = (mover.clone(), kind.to_owned());
        let (from, to) = (from.to_owned(), to.to_owned());
        let record = FilingRecord { psn_no, kind, serial, rev, from, to, values, void };
        Change::Filing { effective: "2026-11-20".to_owned(), record }
    };
    let away = [("out_area", "广东省佛山市南海区"), ("out_tel", "13900000017"), ("out_file_kind", "3")];
    let changes = [
        filing("outside_filing", 1, 1, "2026-11-20", "2027-11-19", false, &away),
        filing("chronic", 1, 1, "2025-01-01", "2025-12-31", false, &[("fixmedins_name", "桃城示例卫生院")]),
        filing("readmission", 1, 1, "2026-10-08", "", false, &[("last_end", "2026-10-01")]),
        filing("referral", 1, 1, "2026-09-01", "2026-12-01", false, &[("diag_name", "脑梗死")]),
        filing("referral", 1, 2, "2026-09-01", "2026-12-01", true, &[("diag_name", "脑梗死")]),
        filing("chronic", 2, 1, "2027-01-01", "2027-12-31", false, &[("fixmedins_name", "桃城示例卫生院")]),
    ];
    office.station.load_register("旧系统", &changes, &mut |_, _| {}).unwrap();
    for (cols, rows) in SIZES {
        let mut seat = office.sit("c1", cols, rows);
        seat.keys(&format!("<F3>{mover}<Enter><Enter><PgDn>"));
        insta::assert_snapshot!(format!("person_filings_{cols}x{rows}"), seat.text());
        seat.silent("13900000017");
        seat.keys("<End>");
        insta::assert_snapshot!(format!("person_filings_end_{cols}x{rows}"), seat.text());
    }
}

#[test]
fn a_member_of_the_household_opens_in_place() {
    let office = Office::new();
    let family = &office.town.cast.family;
    let wife = office.town.person(&family.members[1]).unwrap();
    let mut seat = office.sit("c1", 80, 24);
    seat.keys(&format!("<F3>{}<Enter><Enter>", family.head));
    seat.keys("<Down><Enter>");
    assert!(seat.text().lines().next().unwrap().contains(wife.name()), "{}", seat.text());
}

#[test]
fn one_key_begins_a_form_for_the_person() {
    let office = Office::new();
    let mover = office.town.cast.mover.psn_no.clone();
    let name = office.town.person(&mover).unwrap().name().to_owned();
    for (key, code) in [("1", "DJ"), ("2", "BG"), ("3", "ZX"), ("4", "ZY"), ("5", "BX")] {
        let mut seat = office.sit("c1", 80, 24);
        seat.keys(&format!("<F3>{mover}<Enter><Enter>{key}"));
        let text = seat.text();
        assert!(text.lines().next().unwrap().trim_start().starts_with(code), "{key}: {text}");
        seat.says(&name);
    }
    let mut seat = office.sit("r1", 80, 24);
    seat.keys(&format!("<F3>{mover}<Enter><Enter>"));
    seat.silent("1 登记");
    seat.keys("2");
    seat.says("CX 人员");
}

#[test]
fn a_code_leads_away_from_a_search_begun() {
    let office = Office::new();
    let mut seat = office.sit("c1", 80, 24);
    seat.keys("<F3>王不见<Enter>=BJ<Enter>");
    seat.says("BJ 全部办件");
}
