//! The draw for a second look (003 A120): recorded with its seed, drawn again from it, every look on record.

use xiangbao::app::{AppError, SampleOrder};
use xiangbao_core::findings::sample::{Unit, Why, draw, population};

use super::desk::{Office, cell, field, with};

#[test]
fn a_draw_is_recorded_and_can_be_drawn_again() {
    let office = Office::new();
    let claim = |number: usize, yuan: &str| {
        let mut play = office.play("BX");
        play.values.retain(|(path, _)| path.row.as_ref().is_none_or(|(_, index)| *index == 0));
        let day = format!("2026-{:02}-01", number + 1);
        with(
            play,
            &[
                (field("adm_no"), &(number + 1).to_string()),
                (field("begntime"), &day),
                (field("endtime"), &day.replace("-01", "-05")),
                (cell("invoices", 0, "invo_no"), &format!("0070000{number}")),
                (cell("invoices", 0, "invo_date"), &day.replace("-01", "-05")),
                (cell("invoices", 0, "invo_amt"), yuan),
                (cell("fees", 0, "det_item_fee_sumamt"), yuan),
            ],
        )
    };
    let cases: Vec<[u8; 16]> = ["1000.00", "2500.00", "800.00", "9000.00", "4000.00"]
        .iter()
        .enumerate()
        .map(|(n, y)| office.effective(&claim(n, y)))
        .collect();
    let auditor = office.actor("au");
    let order = SampleOrder {
        period: "2026-11".to_owned(),
        share: 2_000,
        points: 2,
        seed: Some("2026年11月抽查".to_owned()),
    };
    let refused = office.station.draw_sample(&office.actor("c1"), &order, office.station.new_id());
    assert!(matches!(refused, Err(AppError::Denied(_))));
    let view = office.station.draw_sample(&auditor, &order, office.station.new_id()).unwrap();
    assert_eq!((view.draw.cases, view.draw.seed.as_str()), (5, "2026年11月抽查"));
    // An auditor with another program draws the same from seed and population.
    let units: Vec<Unit> = cases
        .iter()
        .map(|id| office.case(id))
        .map(|case| Unit { number: case.number, value: case.settlement.unwrap().fund_pay_sumamt })
        .collect();
    assert_eq!(view.draw.drawn, draw(&units, 2_000, 2, "2026年11月抽查"));
    assert_eq!(view.draw.population, population(&units));
    assert_eq!(view.draw.drawn.iter().filter(|drawn| drawn.why != Why::Weighted).count(), 1);
    // A reversal later changes the month, not what was drawn.
    let first = &view.rows[0];
    assert_eq!(first.looks, 0);
    office.station.open_review(&auditor, &first.case_id).unwrap();
    office.station.open_review(&office.actor("c1"), &first.case_id).unwrap();
    let seen = office.station.samples(&auditor).unwrap();
    assert_eq!((seen.len(), seen[0].rows[0].looks), (1, 1));
    for (order, words) in [
        (SampleOrder { period: "2026-13".to_owned(), ..order.clone() }, "所属期"),
        (SampleOrder { share: 0, points: 0, ..order.clone() }, "随机比例"),
        (SampleOrder { seed: Some(" ".to_owned()), ..order.clone() }, "种子"),
        (SampleOrder { period: "2026-10".to_owned(), ..order.clone() }, "没有找到"),
    ] {
        let refused = office.station.draw_sample(&auditor, &order, office.station.new_id()).unwrap_err();
        assert!(refused.zh().contains(words), "{}", refused.zh());
    }
    // Without a seed one is made, and recorded.
    let chance = SampleOrder { seed: None, ..order };
    let view = office.station.draw_sample(&auditor, &chance, office.station.new_id()).unwrap();
    assert_eq!(view.draw.seed.len(), 16);
    office.verified();
}
