//! Functions of the rule language about days, money and the working-day calendar, as a rule sees them.

use std::sync::Arc;

use xiangbao_core::calendar::{Calendar, CalendarLayer, LayerLevel};
use xiangbao_core::form::{EvalContext, FieldPath, FormDef, evaluate};

use super::support::{codes, read, sample};

/// Whether a rule with this check is content.
fn holds(check: &str, calendar: Option<&Arc<Calendar>>) -> bool {
    let minimal = read("crates/core/tests/forms/broken/minimal.toml");
    let text = minimal.replace("qty <= 10", check);
    let def = FormDef::load("minimal.toml", &text).unwrap_or_else(|errors| panic!("{check}: {}", errors[0]));
    let (codes, sample) = (codes(), sample("change"));
    let context = EvalContext { calendar, ..sample.context(&codes) };
    let mut data = def.blank();
    data.set(&FieldPath::single("qty"), "3");
    data.set(&FieldPath::single("name"), "覃芳");
    !evaluate(&def, &data, &context).iter().any(|finding| finding.rule == "few")
}

/// The notice for 2025: 1 to 8 October off, Saturday 11 October and Sunday 28 September worked.
#[test]
fn working_days_follow_the_calendar() {
    let text = read("seed/calendar/national.csv");
    let calendar =
        Calendar::from_csv(&[CalendarLayer { name: "national", level: LayerLevel::National, text: &text }])
            .unwrap();
    let calendar = Arc::new(calendar);
    for check in [
        r#"working_days_between("2025-09-30", "2025-10-11") == qty"#,
        r#"working_days_between("2025-10-11", "2025-09-30") == -qty"#,
        r#"working_days_between("2025-09-26", "2025-09-28") == 1 && qty == 3"#,
        r#"working_days_between("", "2025-09-28") == 0 && qty == 3"#,
        r#"working_days_between("2025-09-28", "2025-09-28") == 0 && qty == 3"#,
        r#"add_working_days("2025-09-30", qty) == "2025-10-11""#,
        r#"add_working_days("2025-09-30", qty - 4) == """#,
        r#"add_working_days("2025-09-30", qty * 1000) == """#,
        r#"date_add_days("2025-12-30", qty) == "2026-01-02""#,
        r#"last_day_of_month(add_months("2025-12-30", qty - 1)) == "2026-02-28""#,
        r#"fen("12.50") == 1247 + qty && round_share(fen("12.50"), 6500) == 813"#,
    ] {
        assert!(holds(check, Some(&calendar)), "{check}");
        assert!(!holds(&format!("!({check})"), Some(&calendar)), "{check}");
    }
    // Without a calendar nothing fails and nothing is invented.
    assert!(holds(r#"working_days_between("2025-09-30", "2025-10-11") == 0 && qty == 3"#, None));
    assert!(holds(r#"add_working_days("2025-09-30", qty) == """#, None));
}
