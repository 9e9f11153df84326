//! Filings for treatment from the form to the person's card: who may file, how long it holds, what stands against a second
//! one (003 A65-A73).

use xiangbao::app::{Accepted, AppError};
use xiangbao_core::form::FieldPath;
use xiangbao_core::register::{EffectRefusal, FilingStanding};

use super::desk::{Office, cell, field};
use xiangbao::demo::plays::Play;

/// The shipped sample of a form, for somebody of the demo's township: what is the person's own comes from the register.
pub fn sample(office: &Office, form: &str, code: &'static str, psn_no: &str) -> Play {
    const OWN: [&str; 12] = [
        "psn_no",
        "psn_name",
        "psn_cert_type",
        "certno",
        "gend",
        "naty",
        "brdy",
        "mob",
        "hsreg_addr",
        "live_addr",
        "admdvs12",
        "sign_name",
    ];
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("forms/samples/{form}.toml"));
    let sample: toml::Table = std::fs::read_to_string(file).unwrap().parse().unwrap();
    let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
    let mut values: Vec<(FieldPath, String)> = Vec::new();
    for (id, value) in sample["fields"].as_table().unwrap() {
        if !OWN.contains(&id.as_str()) {
            values.push((field(id), text(value)));
        }
    }
    for (table, rows) in sample.get("tables").and_then(toml::Value::as_table).into_iter().flatten() {
        for (index, row) in rows.as_array().unwrap().iter().enumerate() {
            for (id, value) in row.as_table().unwrap() {
                values.push((cell(table, index, id), text(value)));
            }
        }
    }
    values.push((field("sign_name"), office.person(psn_no).name().to_owned()));
    Play { code, title: "备案", psn_no: psn_no.to_owned(), values }
}

fn accept(office: &Office, play: &Play) -> Result<Accepted, AppError> {
    let clerk = office.actor("c1");
    office.accept(&clerk, &office.draft(&clerk, play))
}

/// The filing of a worker away from home: promised for the same day (A72(4)), two copies of the paper, on the card with its
/// telephone masked, refused a second time while it holds, void on the card once it is reversed.
#[test]
fn a_filing_of_treatment_outside_stands_on_the_card_until_it_is_reversed() {
    let office = Office::new();
    let psn_no = office.play("BX").psn_no;
    let play = sample(&office, "outside_filing", "YD", &psn_no);
    let accepted = accept(&office, &play).unwrap();
    assert_eq!((accepted.promise.working_days, accepted.promise.due.as_str()), (0, "2026-11-20"));
    assert_eq!(office.station.library().form("YD").unwrap().def.copies, 2);
    office.pass(&accepted.case_id, &["c2", "a1"]);
    assert_eq!(office.status(&accepted.case_id), "已生效");

    let clerk = office.actor("c1");
    let card = office.station.open_person(&clerk, &psn_no, false).unwrap();
    let [filing] = card.filings.as_slice() else { panic!("{:?}", card.filings) };
    assert_eq!(filing.standing, FilingStanding::Valid);
    assert_eq!((filing.record.from.as_str(), filing.record.to.as_str()), ("2026-11-20", "2027-11-19"));
    let def = office.station.library().form("outside_filing").map(|form| &form.def);
    let shown = card.filed(&filing.record, def);
    let value = |id: &str| shown.iter().find(|(at, _)| at == id).map(|(_, value)| value.as_str());
    assert_eq!(value("out_tel"), Some("139****0017"));
    assert_eq!(value("out_admdvs"), Some("440605"));
    let open = office.station.open_person(&clerk, &psn_no, true).unwrap();
    assert!(open.filed(&filing.record, def).contains(&("out_tel".to_owned(), "13900000017".to_owned())));

    let refused = accept(&office, &play);
    assert!(matches!(refused, Err(AppError::Effect(EffectRefusal::FiledAlready { .. }))), "{refused:?}");

    office.reversed(&accepted.case_id);
    let card = office.station.open_person(&clerk, &psn_no, false).unwrap();
    assert_eq!(card.filings[0].standing, FilingStanding::Void);
    assert_eq!(card.filings[0].history.len(), 2);
    assert!(accept(&office, &play).is_ok(), "a reversed filing stands against nothing");
    office.verified();
}

/// 003 A72, A80: nobody is filed for days that no enrolment covers.
#[test]
fn a_filing_is_for_the_entitled() {
    let office = Office::new();
    let psn_no = office.play("BX").psn_no;
    let play = sample(&office, "outside_filing", "YD", &psn_no);
    let late =
        super::desk::with(play, &[(field("begndate"), "2029-01-05"), (field("enddate"), "2029-12-31")]);
    let refused = accept(&office, &late);
    assert!(
        matches!(&refused, Err(AppError::Effect(EffectRefusal::NotCovered { date, .. })) if date == "2029-01-05"),
        "{refused:?}"
    );
}

/// 003 A73(4): one referral per illness while it holds; a longer treatment is a filing of its own, with its proof.
#[test]
fn an_illness_has_one_open_referral_and_its_extensions() {
    let office = Office::new();
    let psn_no = office.play("BX").psn_no;
    let play = sample(&office, "referral", "ZZ", &psn_no);
    let agent = office.person(&psn_no).name().to_owned();
    let without_agent: Vec<(FieldPath, &str)> =
        ["agnter_name", "agnter_rlts", "agnter_cert_type", "agnter_certno", "agnter_tel"]
            .into_iter()
            .map(|id| (field(id), ""))
            .collect();
    let mut play = super::desk::with(play, &without_agent);
    play.values.retain(|(path, _)| path.field != "insu_optins");
    let county = office.person(&psn_no).get(xiangbao_core::register::PersonField::Village)[..6].to_owned();
    play.values.push((field("insu_optins"), county));
    assert!(play.values.contains(&(field("sign_name"), agent)));
    let first = accept(&office, &play).unwrap();
    assert_eq!(first.promise.due, "2026-11-20", "A73(3): the same day");

    let clerk = office.actor("c1");
    let due = |play: &Play| {
        let draft = office.draft(&clerk, play);
        let due = office.station.materials_due(&draft).unwrap();
        (due.iter().any(|material| material.id == "ext_proof"), draft.data.field("ext_cnt").to_owned())
    };
    assert_eq!(due(&play), (false, "0".to_owned()));
    let extended = super::desk::with(
        play,
        &[
            (cell("exts", 0, "ext_kind"), "1"),
            (cell("exts", 0, "ext_medins_name"), "南宁示例医科大学附属医院"),
            (cell("exts", 0, "ext_date"), "2026-11-20"),
            (cell("exts", 0, "ext_rea"), "仍需治疗"),
        ],
    );
    assert_eq!(due(&extended), (true, "1".to_owned()));
}
