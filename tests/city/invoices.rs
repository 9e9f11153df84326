//! One paper, two stations: the city names the other claim (003 A74), the reviewer has to answer that, and a withdrawn
//! claim lets its papers go.

use xiangbao::app::{AppError, Reach};
use xiangbao_core::case::Refusal;
use xiangbao_core::event::{Event, Level, Verdict};
use xiangbao_core::form::FieldPath;

use super::office::{City, actor};

fn number(row: usize) -> FieldPath {
    FieldPath::cell("invoices", row, "invo_no")
}

#[test]
fn the_second_station_with_an_invoice_is_told_of_the_first() {
    let city = City::new();
    let (one, two) = (city.office("TC01"), city.office("TC02"));
    let (east, west) = (one.settle_in(), two.settle_in());
    let first = one.claim(&east, &[]);
    let first_no = one.listed(&first).row.number;
    let second = two.claim(&west, &[(number(1), "00999999")]);
    let other = two.claim(
        &west,
        &[
            (number(0), "00888881"),
            (number(1), "00888882"),
            (FieldPath::cell("invoices", 0, "invo_date"), "2026-11-14"),
            (FieldPath::cell("invoices", 1, "invo_date"), "2026-11-07"),
            (FieldPath::single("adm_no"), "2"),
        ],
    );
    // The old registers of two stations with the same people collide; nothing of that is about invoices.
    assert!(
        one.pass(&city.wire()).returned.iter().all(|result| !result.code.to_string().contains("invoice"))
    );
    let report = two.pass(&city.wire());
    let told: Vec<&str> = report
        .returned
        .iter()
        .filter(|result| result.code.to_string() == "CONFLICT(dup_invoice)")
        .map(|result| result.detail.as_str())
        .collect();
    let [detail] = told[..] else { panic!("{:?}", report.returned) };
    for words in ["00345671", "TC01", first_no.as_str(), "003 A74", "请"] {
        assert!(detail.contains(words), "no {words:?} in {detail}");
    }
    let listed = two.listed(&second);
    assert_eq!((listed.reach, listed.city.as_str()), (Reach::Returned, detail));
    assert_eq!(two.listed(&other).reach, Reach::Accepted);

    // It is a finding of the case from now on: each level looks and answers.
    let clerk = actor("c2");
    let page = two.station.open_review(&clerk, &second).unwrap();
    let found = page.doubts.iter().find(|doubt| doubt.raised.code == "PJ04").unwrap();
    assert!(found.fresh && found.open && found.raised.sentence == detail, "{found:?}");
    let pass = || two.station.review(&clerk, &second, Verdict::Passed, "同意", two.station.new_id());
    let refused = pass().unwrap_err();
    let AppError::Refused(Refusal::FindingsOpen(codes)) = &refused else { panic!("{refused:?}") };
    assert!(codes.contains(&"PJ04".to_owned()), "{codes:?}");
    two.approve(&second);
    assert_eq!(two.listed(&second).row.status.label(), "已生效");
    let steps = two.station.timeline(&actor("c1"), &second).unwrap().1;
    assert!(steps.iter().any(|step| step.what == "核查发现" && step.detail.contains("PJ04")));
    assert_eq!(
        steps.iter().filter(|step| step.what == "核查答复" && step.detail.contains("PJ04")).count(),
        3
    );
    two.pass(&city.wire());
    two.is_sound();
    one.is_sound();
}

#[test]
fn a_withdrawn_claim_lets_its_papers_go() {
    let city = City::new();
    let (one, two) = (city.office("TC01"), city.office("TC02"));
    let (east, west) = (one.settle_in(), two.settle_in());
    let first = one.claim(&east, &[]);
    one.station.withdraw(&actor("c1"), &first, "申请人撤回", one.station.new_id()).unwrap();
    one.pass(&city.wire());
    two.claim(&west, &[]);
    let report = two.pass(&city.wire());
    assert!(report.returned.iter().all(|result| !result.code.to_string().contains("invoice")));
}

/// Somebody with other tools than the program agrees without an answer: in the chain, and refused as business.
#[test]
fn an_agreement_past_an_open_finding_is_refused_by_the_city() {
    let city = City::new();
    let office = city.office("TC01");
    let town = office.settle_in();
    let forged = office
        .claim(&town, &[(FieldPath::single("manl_reim_rea"), "05"), (FieldPath::single("refl_no"), "1")]);
    super::conflict::forge(
        &office,
        Some(forged),
        "c2",
        vec![Event::Reviewed {
            level: Level::Initial, verdict: Verdict::Passed, opinion: "同意".to_owned()
        }],
    );
    let report = office.pass(&city.wire());
    let codes: Vec<String> = report.returned.iter().map(|result| result.code.to_string()).collect();
    assert_eq!(codes, ["REJECTED(findings)"]);
    assert!(report.returned[0].detail.contains("ZZ01"), "{}", report.returned[0].detail);
}
