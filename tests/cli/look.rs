//! Looking at cases and persons: who may, what is masked, what is recorded.

use xiangbao::app::Station;
use xiangbao::store::{Access, Store};
use xiangbao_core::identity::masked_certno;
use xiangbao_core::register::{Change, FilingRecord, PersonField as F};

use super::bench::{Bench, keys, run};

fn accesses(bench: &Bench) -> Vec<Access> {
    Store::open(bench.folder()).unwrap().snapshot().unwrap().accesses(usize::MAX).unwrap()
}

#[test]
fn cases_are_listed_for_people_and_for_scripts() {
    let bench = Bench::new();
    let rows = bench.clerk(&["case", "list", "--json"]).exits(0).json();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 2);
    // Newest first.
    assert_eq!(
        (&rows[0]["number"], &rows[1]["number"]),
        (&bench.made.change.clone().into(), &bench.made.claim.clone().into())
    );
    assert_eq!(
        keys(&rows[0]),
        [
            "accepted",
            "city",
            "city_detail",
            "days_left",
            "due",
            "fund_paid",
            "kind",
            "name",
            "number",
            "status",
            "village"
        ]
    );
    assert_eq!(
        (&rows[1]["kind"], &rows[1]["status"], &rows[1]["city"]),
        (&"BX".into(), &"已生效".into(), &"已存".into())
    );
    // Worked out in tests/office/kinds.rs: the sample parameters pay 6,187.50 of this bill.
    assert_eq!(rows[1]["fund_paid"], "6,187.50");
    let text = bench.clerk(&["case", "list", "待初审"]);
    text.exits(0);
    assert_eq!(text.out.lines().count(), 1, "{}", text.out);
    assert!(text.out.starts_with(&format!("{}\t", bench.made.change)));
    bench.clerk(&["case", "list", "没有这样的"]).exits(1);
    assert_eq!(bench.clerk(&["case", "list", "没有这样的", "--json"]).exits(1).json(), serde_json::json!([]));
}

#[test]
fn a_case_is_shown_with_its_way_and_without_its_numbers() {
    let bench = Bench::new();
    let shown = bench.clerk(&["case", "show", &bench.made.change, "--json"]).exits(0).json();
    assert_eq!(
        keys(&shown),
        [
            "clock",
            "due",
            "findings",
            "form",
            "form_hash",
            "form_version",
            "fund_paid",
            "note",
            "number",
            "payment",
            "refund_amt",
            "refund_settlement",
            "round",
            "sample",
            "status",
            "steps",
            "values"
        ]
    );
    assert_eq!(keys(&shown["values"][0]), ["before", "label", "path", "value"]);
    assert_eq!(keys(&shown["steps"][0]), ["city", "detail", "seq", "time", "what", "who"]);
    let text = bench.clerk(&["case", "show", &bench.made.change]).exits(0).out.clone();
    for out in [shown.to_string(), text] {
        assert!(!out.contains(bench.made.mover.certno()) && !out.contains(&bench.made.phone), "{out}");
        assert!(out.contains(&masked_certno(bench.made.mover.certno())), "{out}");
    }
    let full = bench.clerk(&["case", "show", &bench.made.change, "--unmask"]).exits(0).out.clone();
    assert!(full.contains(bench.made.mover.certno()) && full.contains(&bench.made.phone), "{full}");
    let last: Vec<_> = accesses(&bench).into_iter().filter(|access| access.what == "unmask").collect();
    assert_eq!(last.len(), 1);
    assert_eq!((last[0].account.as_str(), last[0].subject.as_str()), ("jb01", bench.made.change.as_str()));
    let settled = bench.clerk(&["case", "show", &bench.made.claim, "--json"]).json();
    assert_eq!((&settled["fund_paid"], &settled["sample"]), (&"6187.50".into(), &true.into()));
}

#[test]
fn a_person_is_found_by_every_key_and_masked() {
    let bench = Bench::new();
    let patient = &bench.made.patient;
    let tail = &patient.certno()[12..];
    let phone = patient.get(F::Phone);
    for query in [patient.name(), patient.certno(), tail, &phone[5..], &patient.psn_no] {
        let found = bench.clerk(&["person", "find", query, "--json"]).exits(0).json();
        let row = found.as_array().unwrap().iter().find(|row| row["psn_no"] == patient.psn_no.as_str());
        let row = row.unwrap_or_else(|| panic!("{query}: {found}"));
        assert_eq!(keys(row), ["brdy", "certno", "gend", "mob", "psn_name", "psn_no", "standing", "village"]);
        assert_eq!(row["certno"], masked_certno(patient.certno()));
        assert_ne!(row["mob"], phone);
    }
    let text = bench.clerk(&["person", "find", patient.name(), tail]).exits(0).out.clone();
    assert!(text.contains(&patient.psn_no) && !text.contains(patient.certno()), "{text}");
    let none = bench.clerk(&["person", "find", "查无此人"]);
    assert!(none.exits(1).out.contains("没有找到"));
    assert_eq!(bench.clerk(&["person", "find", "查无此人", "--json"]).exits(1).json(), serde_json::json!([]));
}

/// What is filed about somebody, under the field names of its form; the telephone masked until it is asked for.
#[test]
fn filings_are_listed_with_their_standing() {
    let bench = Bench::new();
    let psn_no = bench.made.patient.psn_no.clone();
    let record = FilingRecord {
        psn_no: psn_no.clone(),
        kind: "outside_filing".to_owned(),
        serial: 1,
        rev: 1,
        from: "2026-01-05".to_owned(),
        to: "2026-02-05".to_owned(),
        values: [("out_tel", "13900000017"), ("out_file_kind", "3")]
            .map(|(id, value)| (id.to_owned(), value.to_owned()))
            .into(),
        void: true,
    };
    let filed = [Change::Filing { effective: "2026-01-05".to_owned(), record }];
    let station = Station::open(bench.folder()).unwrap();
    station.load_register("旧系统", &filed, &mut |_, _| {}).unwrap();
    drop(station);
    let shown = bench.clerk(&["person", "show", &psn_no, "--json"]).exits(0).json();
    let expected = serde_json::json!([{
        "form": "outside_filing", "code": "YD", "name": "异地就医备案", "serial": 1, "rev": 1, "standing": "void",
        "begndate": "2026-01-05", "enddate": "2026-02-05",
        "values": { "out_tel": "139****0017", "out_file_kind": "3" },
    }]);
    assert_eq!(shown["filings"], expected);
    let full = bench.clerk(&["person", "show", &psn_no, "--json", "--unmask"]).exits(0).json();
    assert_eq!(full["filings"][0]["values"]["out_tel"], "13900000017");
    let text = bench.clerk(&["person", "show", &psn_no]).exits(0).out.clone();
    assert!(text.contains("异地就医备案\t2026-01-05 至 2026-02-05\t已作废"), "{text}");
}

#[test]
fn a_person_is_masked_unless_asked_for_and_that_is_recorded() {
    let bench = Bench::new();
    let patient = &bench.made.patient;
    let shown = bench.clerk(&["person", "show", &patient.psn_no, "--json"]).exits(0).json();
    assert_eq!(
        keys(&shown),
        ["cases", "enrolments", "filings", "history", "household_no", "psn_no", "values"]
    );
    assert_eq!(shown["filings"], serde_json::json!([]));
    assert_eq!(shown["cases"], serde_json::json!([bench.made.claim]));
    assert_eq!(shown["values"]["certno"], masked_certno(patient.certno()));
    for secret in [patient.certno(), patient.get(F::Phone), patient.get(F::BankAccount)] {
        assert!(!secret.is_empty() && !shown.to_string().contains(secret), "{shown}");
    }
    let before = accesses(&bench).len();
    let full = bench.clerk(&["person", "show", &patient.psn_no, "--unmask"]).exits(0).out.clone();
    assert!(full.contains(patient.certno()) && full.contains(patient.get(F::Phone)), "{full}");
    let log = accesses(&bench);
    let whats: Vec<&str> = log[before..].iter().map(|access| access.what.as_str()).collect();
    assert_eq!(whats, ["sign_in", "unmask"]);
    let last = log.last().unwrap();
    assert_eq!(
        (last.account.as_str(), last.person.as_str(), last.subject.as_str()),
        ("jb01", "jb01", patient.psn_no.as_str())
    );
}

#[test]
fn a_wrong_pin_or_role_is_three_and_an_unknown_thing_one() {
    let bench = Bench::new();
    let wrong = |account: &str, pin: &str| run(bench.folder(), &["case", "list", "--as", account], Some(pin));
    // Whether account or PIN is wrong is not told.
    assert_eq!(wrong("jb01", "000000").exits(3).err, wrong("nobody", "310001").exits(3).err);
    // The administrator keeps machines and accounts and sees no case (003 A121); the refusal is recorded.
    let denied = bench.by("gl01", &["case", "list"]);
    assert!(denied.exits(3).err.contains("gl01") && denied.err.contains("没有这项权限"), "{}", denied.err);
    let denied = bench.by("gl01", &["person", "show", &bench.made.mover.psn_no]);
    assert!(denied.exits(3).out.is_empty());
    let log = accesses(&bench);
    assert!(log.iter().any(|access| access.account == "gl01" && access.what == "denied"));
    for args in [&["case", "show", "DJTC01-1-999999"][..], &["person", "show", "9"], &["print", "BX0"]] {
        let answer = bench.clerk(args);
        assert!(answer.exits(1).err.contains("没有找到"), "{}", answer.err);
    }
}
