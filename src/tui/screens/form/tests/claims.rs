//! What a claim and an enrolment ask beside the bill, by keys: the place, the chronic disease, the part before, the time in
//! employee insurance.

use xiangbao_core::form::{FieldPath, FormData, shown_fields};

use super::desk::Bench;
use super::typed::leave;

/// The places are picked by name or typed by code; name and reach follow and cannot be typed.
#[test]
fn a_place_is_picked_and_its_reach_is_said() {
    let mut bench = Bench::new(80, 24);
    let def = bench.station.library().form("reimbursement").unwrap().def.clone();
    bench.open_sample("reimbursement", |data| {
        for id in ["mdtrtarea_admdvs", "mdtrtarea", "mdtrt_place"] {
            data.set(&FieldPath::single(id), "");
        }
    });
    leave(&mut bench, &def, "mdtrtarea_admdvs", "青秀区");
    bench.shows("广西南宁市青秀区").shows("省内异地");
    assert_eq!(bench.draft().data.field("mdtrtarea_admdvs"), "450103");
    leave(&mut bench, &def, "mdtrtarea_admdvs", "440106");
    bench.shows("广东省").shows("跨省异地");
    leave(&mut bench, &def, "mdtrtarea_admdvs", "");
    bench.shows("统筹区内");
    assert_eq!(bench.draft().data.field("mdtrtarea"), "");
    leave(&mut bench, &def, "mdtrtarea_admdvs", "990101");
    bench.shows("不是 6 位区划代码");
    bench.keys("<Up><Ctrl-u><F4>sc").shows("四川省");
    bench.keys("<Enter>");
    assert_eq!(bench.draft().data.field("mdtrtarea_admdvs"), "510000");
    bench.shows("跨省异地");
}

#[test]
fn a_chronic_disease_and_a_part_before_are_asked_for_where_they_belong() {
    let mut bench = Bench::new(80, 24);
    let def = bench.station.library().form("reimbursement").unwrap().def.clone();
    bench.open_sample("reimbursement", |_| {});
    let shown = |bench: &Bench| -> Vec<String> {
        let fields = shown_fields(&def, &bench.draft().data, &bench.station.eval_context());
        fields.into_iter().map(|path| path.field).collect()
    };
    let asked = |bench: &Bench, id: &str| shown(bench).iter().any(|shown| shown == id);
    assert!(asked(&bench, "last_setl_no") && !asked(&bench, "last_dedc") && !asked(&bench, "dise_codg"));
    leave(&mut bench, &def, "last_setl_no", "45140020260017");
    bench.shows("前段结算至").shows("前段起付线");
    leave(&mut bench, &def, "last_endtime", "20261010");
    bench.shows("续住从当日或次日起");
    leave(&mut bench, &def, "last_endtime", "20261011");
    leave(&mut bench, &def, "last_dedc", "600");
    assert_eq!(bench.draft().data.field("last_dedc"), "600.00");
    leave(&mut bench, &def, "med_type", "14");
    assert!(!asked(&bench, "last_setl_no") && asked(&bench, "dise_codg") && !asked(&bench, "dise_name"));
    leave(&mut bench, &def, "dise_codg", "糖尿病");
    bench.keys("<Up>").shows("糖尿病（示例）");
    assert_eq!(bench.draft().data.field("dise_codg"), "02");
    leave(&mut bench, &def, "dise_codg", "99");
    assert!(asked(&bench, "dise_name"));
}

#[test]
fn the_time_in_employee_insurance_is_asked_for_in_huaibei() {
    let mut bench = Bench::of("area = \"huaibei-2021\"\n", 80, 24);
    let def = bench.station.library().form("enrolment").unwrap().def.clone();
    bench.open_sample("enrolment", |data| {
        data.tables.get_mut("members").unwrap().truncate(1);
    });
    leave(&mut bench, &def, "enrol_kind", "6");
    bench.shows("最后参保日").shows("断缴月数").shows("连续参保年数");
    leave(&mut bench, &def, "last_covered", "20260930");
    leave(&mut bench, &def, "service_years", "2.5");
    let draft = bench.draft();
    let row = &draft.data.rows("members")[0];
    assert_eq!((row["last_covered"].as_str(), row["service_years"].as_str()), ("2026-09-30", "2.5"));
}

/// The check page says what no further typing can mend before it complains of an empty bill, and nothing in raw names.
#[test]
fn a_disease_without_a_filing_is_said_while_the_bill_is_empty() {
    let later = "改正上面各处后，在这里试算。";
    let empty = |data: &mut FormData| drop(data.tables.remove("fees"));
    let mut bench = Bench::new(80, 40);
    bench.open_sample("reimbursement", empty);
    bench.keys("<F8>").shows(later);
    assert!(!bench.text().contains("fees."), "{}", bench.text());
    let mut bench = Bench::new(80, 40);
    bench.open_sample("reimbursement", |data| {
        empty(data);
        data.set(&FieldPath::single("med_type"), "14");
        data.set(&FieldPath::single("dise_codg"), "01");
    });
    bench.keys("<F8>").shows("没有“高血压").shows("请先办慢特病备案（MB）");
    assert!(!bench.text().contains(later), "{}", bench.text());
}
