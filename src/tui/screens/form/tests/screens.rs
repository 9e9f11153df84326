//! What the form looks like.

use xiangbao_core::form::FieldPath;

use super::desk::Bench;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

#[test]
fn an_empty_enrolment() {
    for (cols, rows) in SIZES {
        let mut bench = Bench::new(cols, rows);
        bench.keys("=DJ<Enter>");
        insta::assert_snapshot!(format!("enrolment_{cols}x{rows}"), bench.text());
    }
}

#[test]
fn a_member_with_findings_beside_the_fields() {
    for (cols, rows) in SIZES {
        let mut bench = Bench::new(cols, rows);
        bench.open_sample("enrolment", |data| {
            data.set(&FieldPath::cell("members", 1, "certno"), "451424197008250021");
            data.set(&FieldPath::cell("members", 1, "patn_rlts"), "99x");
        });
        bench.keys("<F8><Enter>");
        insta::assert_snapshot!(format!("member_{cols}x{rows}"), bench.text());
    }
}

#[test]
fn a_pick_list() {
    for (cols, rows) in SIZES {
        let mut bench = Bench::new(cols, rows);
        bench.keys("=DJ<Enter><F4>");
        insta::assert_snapshot!(format!("villages_{cols}x{rows}"), bench.text());
    }
}

#[test]
fn the_checklist_of_papers() {
    for (cols, rows) in SIZES {
        let mut bench = Bench::new(cols, rows);
        bench.open_sample("enrolment", |data| data.materials.clear());
        bench.keys("<F5>21");
        insta::assert_snapshot!(format!("materials_{cols}x{rows}"), bench.text());
    }
}

#[test]
fn the_page_before_submitting() {
    for (cols, rows) in SIZES {
        let mut bench = Bench::new(cols, rows);
        bench.open_sample("enrolment", |data| {
            data.set(&FieldPath::single("mob"), "");
            data.materials.remove("hukou");
        });
        bench.keys("<F8>");
        insta::assert_snapshot!(format!("check_{cols}x{rows}"), bench.text());
    }
}

#[test]
fn a_reimbursement_with_its_settlement() {
    for (cols, rows) in SIZES {
        let mut bench = Bench::new(cols, rows);
        bench.open_sample("reimbursement", |_| {});
        bench.keys("<F8>");
        insta::assert_snapshot!(format!("settlement_{cols}x{rows}"), bench.text());
        bench.keys("<PgDn>");
        insta::assert_snapshot!(format!("settlement_trace_{cols}x{rows}"), bench.text());
    }
}

#[test]
fn a_table_in_one_line() {
    let mut bench = Bench::new(80, 24);
    bench.open_sample("reimbursement", |_| {});
    bench.keys("<F8>^38<Enter>");
    insta::assert_snapshot!("fees_80x24", bench.text());
}
