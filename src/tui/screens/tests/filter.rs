//! What filters fit, and what they complain about.

use xiangbao_core::calendar::{Due, Term};
use xiangbao_core::case::{Left, Reading, Standing, Status};
use xiangbao_core::event::Level;

use crate::app::QueueRow;
use crate::tui::screens::filter::Filter;

/// Two working days left.
fn clock(standing: Standing) -> Reading {
    let date: chrono::NaiveDate = "2026-11-24".parse().unwrap();
    Reading {
        term: Term::WorkingDays(15),
        standing,
        due: Due { date, provisional: false },
        due_at: date.into(),
        left: Left::Days(2),
        breached: false,
        extended: Vec::new(),
        reminder: None,
    }
}

fn row() -> QueueRow {
    QueueRow {
        case_id: [0; 16],
        number: "BGTC-1-000009".to_owned(),
        code: "BG".to_owned(),
        title: "覃小芳".to_owned(),
        village: "桃城镇三合村".to_owned(),
        status: Status::Review(Level::Initial),
        standing: Status::Review(Level::Initial).label().to_owned(),
        accepted: "2026-11-20".to_owned(),
        clock: Some(clock(Standing::Running)),
        promised: "2026-11-24".to_owned(),
        alert: None,
        bar: String::new(),
    }
}

#[test]
fn every_condition_must_hold() {
    for fits in [
        "",
        "三合",
        "村=三合",
        "村＝三合 状态=初审",
        "期限<3d",
        "期限<=2",
        "期限=2天",
        "期限>1d",
        "业务=bg",
        "qxf",
        "姓名=qx",
        "号=0009",
        "市级=已存",
        "三合 期限＜3d",
    ] {
        assert!(Filter::read(fits).unwrap().fits(&(&row(), "已存")), "{fits}");
    }
    for other in ["村=新城", "状态=补正", "期限<2d", "期限>2", "业务=DJ", "三合 状态=补正", "xf", "市级=已退"]
    {
        assert!(!Filter::read(other).unwrap().fits(&(&row(), "已存")), "{other}");
    }
}

#[test]
fn a_clock_that_stands_still_fits_no_number_of_days() {
    let row = QueueRow { clock: Some(clock(Standing::Paused("2026-11-20".parse().unwrap()))), ..row() };
    assert!(!Filter::read("期限<3d").unwrap().fits(&(&row, "")));
    assert!(!Filter::read("期限>0").unwrap().fits(&(&row, "")));
}

#[test]
fn what_cannot_be_read_is_named() {
    for bad in ["颜色=红", "期限<三天", "期限=<3", "村<三合", "期限<99999999999999999999", "=三合"]
    {
        let words = Filter::read(bad).unwrap_err();
        assert!(words.contains(bad), "{words}");
    }
    assert!(Filter::read("期限<-9223372036854775808").is_err());
}
