//! The strict loader: every mistake is named with its line and a way out.

use xiangbao_core::findings::FindingsPack;

/// Rules with one mistake each: what replaces what, where it is told, and with which words.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    ("when = 'row.same_hospital'", "when = 'row.same_hospitl'", "when", "no column \"same_hospitl\""),
    ("when = 'row.same_hospital'", "when = 'row.invo_no'", "when", "expected Bool"),
    ("when = 'row.same_hospital'", "when = 'row.same_hospital &&'", "when", "not an expression"),
    ("when = 'lines_outside > 0'", "when = 'lines_out > 0'", "when", "unknown field \"lines_out\""),
    ("when = 'lines_outside > 0'", "when = 'lines_outside > \"0\"'", "when", "does not take"),
    ("each = \"same_number\"", "each = \"same_numbers\"", "each", "no table \"same_numbers\""),
    ("about = \"{row.seq}\"\n", "", "about", "is missing"),
    ("message = \"{row.detail}\"", "message = \"{row.detial}\"", "message", "no column \"detial\""),
    ("weight = \"block\"", "weight = \"stop\"", "weight", "\"stop\" is not known"),
    ("code = \"PJ02\"", "code = \"PJ01\"", "code", "used twice"),
    ("code = \"PJ02\"", "code = \"pj02\"", "code", "no reason code"),
    ("levels = [\"initial\", \"recheck\"]", "levels = [\"first\"]", "levels", "no level \"first\""),
    ("todo = \"删去这些费用行，或改列丙类自费；日期录错的改正\"\n", "", "todo", "is missing"),
    ("value = \"0.30\"", "value = \"30\"", "value", "\"30\" is no such figure"),
    ("value = \"500.00\"", "value = \"500.001\"", "value", "no such figure"),
    ("unit = \"share\"", "unit = \"percent\"", "unit", "\"percent\" is not known"),
    ("id = \"own_limit\"", "id = \"own\"", "id", "or is taken"),
    ("medfee > visit_cost_limit", "medfee > 50000", "params", "no condition reads"),
    ("article = \"003 A54\"\n", "", "article", "is missing"),
    (
        "checked = { by = \"种子资料核对\", on = \"2026-11-22\" }\nnote = \"没有找到",
        "note = \"没有找到",
        "checked",
        "is missing",
    ),
    ("A88\"\nstatus = \"sample\"", "A88\"\nstatus = \"maybe\"", "status", "\"maybe\" is not known"),
    ("from = \"2017-07-01\"\nvalue = \"6\"", "from = \"2017-7-1\"\nvalue = \"6\"", "from", "no day"),
    ("title = \"票据重复\"", "titel = \"票据重复\"", "titel", "unknown key"),
    ("area = \"guangxi-2017\"", "area = ", "", "not TOML"),
];

#[test]
fn each_mistake_is_told_with_its_line_and_a_way_out() {
    for (old, new, key, words) in MISTAKES {
        let text = super::RULES.replacen(old, new, 1);
        assert_ne!(text, super::RULES, "{old}");
        let errors = FindingsPack::load("rules.toml", &text).err();
        let errors = errors.unwrap_or_else(|| panic!("{new:?} was taken"));
        let told = errors.iter().find(|error| error.key.ends_with(key) && error.message.contains(words));
        let told = told.unwrap_or_else(|| panic!("{new:?}: {errors:#?}"));
        assert!(told.line > 0 && !told.fix.is_empty() && told.file == "rules.toml", "{told:?}");
        // The line is that of the mistake, or of the table it stands in.
        let at = super::RULES[..super::RULES.find(old).unwrap()].matches('\n').count() + 1;
        assert!(told.line <= at + 1, "{new:?}: line {} for {at}", told.line);
    }
}

/// Two rows of a figure may neither overlap nor leave days without.
#[test]
fn figures_follow_each_other_without_gap() {
    let first = "[[params.rows]]\nfrom = \"2017-07-01\"\nvalue = \"500.00\"";
    for (rows, fits) in [
        ("to = \"2026-12-31\"\n{}[[params.rows]]\nfrom = \"2027-01-01\"", true),
        ("to = \"2026-12-31\"\n{}[[params.rows]]\nfrom = \"2027-01-02\"", false),
        ("to = \"2026-12-31\"\n{}[[params.rows]]\nfrom = \"2026-12-31\"", false),
        ("{}[[params.rows]]\nfrom = \"2027-01-01\"", false),
    ] {
        let (head, tail) = rows.split_once("{}").unwrap();
        let source = "document = \"示例\"\narticle = \"003 A88\"\nstatus = \"sample\"\nchecked = { by = \"甲\", on = \"2026-11-22\" }\n";
        let two = format!(
            "[[params.rows]]\nfrom = \"2017-07-01\"\n{head}value = \"400.00\"\n{source}{tail}\nvalue = \"500.00\""
        );
        let text = super::RULES.replacen(first, &two, 1);
        assert_ne!(text, super::RULES);
        assert_eq!(FindingsPack::load("rules.toml", &text).is_ok(), fits, "{rows}");
    }
}

/// A rule that could keep a clerk waiting is refused when it is read.
#[test]
fn work_is_bounded_when_the_rules_are_read() {
    let heavy = "when = 'same_number.exists(a, same_amount.exists(b, a.who.contains(b.who) && a.hospital.contains(b.hospital) && row.who.contains(a.who)))'";
    let text = super::RULES.replacen("when = 'row.same_hospital'", heavy, 1);
    let errors = FindingsPack::load("rules.toml", &text).err().unwrap();
    assert!(errors.iter().any(|error| error.message.contains("steps")), "{errors:#?}");
    let deep = "when = 'same_number.exists(a, same_number.exists(b, same_number.exists(c, a.who == c.who)))'";
    let text = super::RULES.replacen("when = 'row.same_hospital'", deep, 1);
    assert!(FindingsPack::load("rules.toml", &text).is_err());
}
