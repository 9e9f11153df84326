//! What 003 says of the filings for treatment, article by article: papers by kind, days at the edge, who may recognise.

use xiangbao_core::form::{
    FieldPath, FormData, MaterialState, evaluate, materials_due, missing_materials, shown_fields, visible,
};

use crate::support::{Sample, codes, form, sample};

/// A sample with some values changed.
fn with(name: &str, changes: &[(&str, &str)]) -> Sample {
    let mut sample = sample(name);
    for (path, value) in changes {
        sample.data.set(&path.parse().unwrap(), value);
    }
    sample
}

/// The rules that speak, by id.
fn rules(name: &str, changes: &[(&str, &str)]) -> Vec<String> {
    let (codes, sample) = (codes(), with(name, changes));
    evaluate(&form(name), &sample.data, &sample.context(&codes)).into_iter().map(|found| found.rule).collect()
}

fn due(name: &str, changes: &[(&str, &str)]) -> Vec<String> {
    let (codes, sample) = (codes(), with(name, changes));
    materials_due(&form(name), &sample.data, &sample.context(&codes)).iter().map(|m| m.id.clone()).collect()
}

/// The papers of 003 A72(1) by kind; of the four of a migrant worker any one is enough.
#[test]
fn a_filing_outside_asks_for_the_papers_of_its_kind() {
    for (kind, papers) in [
        ("1", vec!["live_committee"]),
        ("2", vec!["live_committee"]),
        ("3", vec!["work_village", "work_employer", "work_permit", "work_committee"]),
        ("4", vec!["school"]),
        ("5", vec!["employer"]),
        ("6", vec!["admission", "diagnosis", "statement"]),
    ] {
        let expected: Vec<&str> = ["card"].into_iter().chain(papers).collect();
        assert_eq!(due("outside_filing", &[("out_file_kind", kind)]), expected, "{kind}");
    }
    let (def, codes) = (form("outside_filing"), codes());
    for paper in ["work_village", "work_employer", "work_permit", "work_committee"] {
        let mut sample = sample("outside_filing");
        sample.data.materials.clear();
        sample.data.materials.insert("card".to_owned(), MaterialState::CopyKept);
        assert!(!missing_materials(&def, &sample.data, &sample.context(&codes)).is_empty());
        sample.data.materials.insert(paper.to_owned(), MaterialState::CopyKept);
        assert!(missing_materials(&def, &sample.data, &sample.context(&codes)).is_empty(), "{paper}");
    }
}

/// 003 A72(2) asks for three hospitals; who lies in an emergency ward names that one, from the day of admission.
#[test]
fn three_hospitals_are_chosen_except_in_an_emergency() {
    let (def, codes) = (form("outside_filing"), codes());
    assert_eq!(def.blank().rows("hospitals").len(), 3);
    let emergency = [
        ("out_file_kind", "6"),
        ("biz_appy_type", "07"),
        ("adm_date", "2026-11-19"),
        ("adm_fixmedins_name", "佛山示例人民医院"),
        ("diag_name", "急性阑尾炎"),
        ("begndate", "2026-11-19"),
        ("enddate", "2026-11-25"),
    ];
    let mut sample = with("outside_filing", &emergency);
    sample.data.tables.clear();
    let context = sample.context(&codes);
    assert_eq!(evaluate(&def, &sample.data, &context), [], "no three months and no three hospitals");
    assert!(shown_fields(&def, &sample.data, &context).iter().all(|path| path.row.is_none()));
    assert!(visible(&def, &sample.data, &FieldPath::single("adm_date"), &context));
    let others = form("outside_filing").blank();
    assert!(!visible(&def, &others, &FieldPath::single("adm_date"), &context));
}

/// 003 A72: three months or more; the last day of the third month completes them (civil law counts 以上 with the number).
#[test]
fn a_stay_is_three_whole_months() {
    for (end, enough) in [("2027-02-18", false), ("2027-02-19", true), ("2027-02-20", true)] {
        let found = rules("outside_filing", &[("begndate", "2026-11-20"), ("enddate", end)]);
        assert_eq!(found.is_empty(), enough, "{end}: {found:?}");
    }
    // The pooling area is the city: Jiangzhou (451402) is home, Nanning (450103) is not.
    assert_eq!(rules("outside_filing", &[("out_admdvs", "451402")]), ["outside_pooling_area"]);
    assert_eq!(rules("outside_filing", &[("out_admdvs", "450103")]), Vec::<String>::new());
}

/// 003 A73(2), reference 1.17: three months end on the same day of the third month or on the day before; both readings pass.
#[test]
fn a_referral_holds_three_months_by_either_reading() {
    for (begin, end, right) in [
        ("2026-11-20", "2027-02-20", true),
        ("2026-11-20", "2027-02-19", true),
        ("2026-11-20", "2027-02-21", false),
        ("2026-11-20", "2027-02-18", false),
        ("2026-11-30", "2027-02-28", true),
    ] {
        let found = rules("referral", &[("begndate", begin), ("enddate", end)]);
        assert_eq!(found.is_empty(), right, "{begin} {end}: {found:?}");
    }
}

/// 003 A68, reference 1.17: the day of discharge and fourteen more; a new illness is not 病情变化.
#[test]
fn a_readmission_is_filed_from_the_day_of_discharge_to_the_fourteenth_after() {
    for (discharge, days, right) in
        [("2026-11-19", "0", true), ("2026-11-05", "14", true), ("2026-11-04", "15", false)]
    {
        let found = rules("readmission", &[("last_end", discharge), ("readm_days", days)]);
        assert_eq!(found.is_empty(), right, "{discharge}: {found:?}");
    }
    assert_eq!(rules("readmission", &[("readm_rea", "3")]), ["because_of_illness"]);
    assert_eq!(rules("readmission", &[("setl_flag", "1")]), ["before_settlement"]);
}

/// 003 A69: application, hospital, agency, bed, in this order; all on one day will do.
#[test]
fn a_bed_at_home_is_opened_after_everybody_agreed() {
    let one_day = [("appl_date", "2026-11-20"), ("hosp_chk_date", "2026-11-20"), ("begndate", "2026-11-20")];
    assert_eq!(rules("family_bed", &one_day), Vec::<String>::new());
    assert_eq!(
        rules("family_bed", &[("begndate", "2026-11-17")]),
        ["bed_after_hospital", "bed_after_agreement"]
    );
    assert!(form("family_bed").record.is_some_and(|record| record.agreed_first && record.needs_cover));
}

/// 003 A65 and A66: recognised by level two or above, filed for one year.
#[test]
fn a_chronic_disease_is_recognised_by_the_county_and_filed_for_the_year() {
    let recognising = |level: &str| rules("chronic", &[("ide_hosp_lv", level)]).is_empty();
    for level in ["1", "2", "3", "4", "12", "5", "6", "7", "13"] {
        assert!(recognising(level), "{level}");
    }
    for level in ["8", "9", "10", "14", "11"] {
        assert!(!recognising(level), "{level}");
    }
    assert_eq!(rules("chronic", &[("enddate", "2027-11-19")]), ["one_year"]);
    let next_year = [("begndate", "2027-01-01"), ("enddate", "2027-12-31")];
    assert_eq!(rules("chronic", &next_year), Vec::<String>::new());
    assert_eq!(due("chronic", &[]), ["card", "diagnosis", "record", "report", "lab"]);
    let mut data = FormData::default();
    data.set(&FieldPath::single("opsp_dise_code"), "01");
    let (codes, sample) = (codes(), sample("chronic"));
    let name = FieldPath::single("opsp_dise_name");
    assert!(!visible(&form("chronic"), &data, &name, &sample.context(&codes)), "only outside the list");
}
