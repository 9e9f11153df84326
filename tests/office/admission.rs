//! The number of an admission (003 A87) is proposed from what is known of the year, and stays the clerk's to write.

use xiangbao::demo::plays::Play;

use super::desk::{Office, cell, field, with};

/// A stay with an invoice of its own and no number of admission written.
fn stay(office: &Office, invoice: &str) -> Play {
    let mut play = office.play("BX");
    play.values
        .retain(|(path, _)| path.row.as_ref().is_none_or(|(_, index)| *index == 0) && path.field != "adm_no");
    let own = [
        (cell("invoices", 0, "invo_no"), invoice),
        (cell("invoices", 0, "invo_amt"), "4000.00"),
        (cell("fees", 0, "det_item_fee_sumamt"), "4000.00"),
    ];
    with(play, &own)
}

fn proposed(office: &Office, invoice: &str) -> String {
    let draft = office.draft(&office.actor("c1"), &stay(office, invoice));
    draft.data.field("adm_no").to_owned()
}

#[test]
fn the_next_admission_counts_settled_and_undecided_stays() {
    let office = Office::new();
    assert_eq!(proposed(&office, "00990001"), "1", "nothing of the year is known");
    let settled = office.effective(&stay(&office, "00990002"));
    assert_eq!(office.case(&settled).filing.data.field("adm_no"), "1");
    assert_eq!(proposed(&office, "00990003"), "2");
    office.accepted(&stay(&office, "00990004"));
    assert_eq!(proposed(&office, "00990005"), "3", "one is settled, one waits");
    office.reversed(&settled);
    assert_eq!(proposed(&office, "00990006"), "2", "what was taken back counts for nothing");
}

#[test]
fn what_the_clerk_wrote_stays() {
    let office = Office::new();
    office.effective(&stay(&office, "00990001"));
    // The hospital settled another stay itself: the clerk knows, the register does not.
    let mut play = with(stay(&office, "00990002"), &[(field("adm_no"), "4")]);
    play.values
        .push((field("endtime"), play.values.iter().find(|(p, _)| p.field == "endtime").unwrap().1.clone()));
    let draft = office.draft(&office.actor("c1"), &play);
    assert_eq!(draft.data.field("adm_no"), "4");
}

#[test]
fn a_visit_has_no_number() {
    let office = Office::new();
    let visit = with(stay(&office, "00990001"), &[(field("med_type"), "11")]);
    let draft = office.draft(&office.actor("c1"), &visit);
    assert_eq!(draft.data.field("adm_no"), "");
}
