//! What a field says when its entry ends: a character that paper cannot show is an error with its code point, a number
//! tells its place, a rare character its code point.

use xiangbao_core::form::{
    EvalContext, FieldPath, Glyphs, Severity, check_field, field_remark, normalize_field,
};

use super::support::{codes, form, sample};

/// Fonts without 䶮 (U+4DAE) and without private-use characters.
struct Poor;

impl Glyphs for Poor {
    fn has(&self, character: char) -> bool {
        character != '䶮' && !('\u{e000}'..='\u{f8ff}').contains(&character)
    }
}

/// Product 2.6: a missing glyph in a name is an error; other text goes to paper as well.
#[test]
fn what_the_paper_cannot_show_is_an_error_at_entry() {
    let (def, codes, sample) = (form("change"), codes(), sample("change"));
    let context = EvalContext { glyphs: &Poor, ..sample.context(&codes) };
    for (field, typed, said) in [
        ("psn_name", "李䶮", Some("U+4DAE")),
        ("psn_name", "李U+4DAE", Some("U+4DAE")),
        ("psn_name", "李\u{e863}", Some("自造字")),
        ("live_addr", "三合村䶮巷", Some("U+4DAE")),
        ("memo", "一\n二䶮", Some("U+4DAE")),
        ("memo", "一\n二 三", None),
        ("live_addr", "咘村1号", None),
    ] {
        let (path, mut data) = (FieldPath::single(field), sample.data.clone());
        let value = normalize_field(&def, &data, &path, typed, sample.today);
        data.set(&path, &value);
        let findings = check_field(&def, &data, &path, &context);
        let found = findings.iter().find(|finding| finding.rule == "kind.glyph");
        assert_eq!(found.map(|finding| finding.severity), said.map(|_| Severity::Error), "{field} {typed}");
        if let (Some(found), Some(said)) = (found, said) {
            assert!(found.message.contains(said), "{}", found.message);
        }
    }
}

/// Reference 6.1, trap 1: the old place is named and nobody is judged by it.
#[test]
fn a_good_value_says_what_it_holds() {
    let (def, codes, sample) = (form("change"), codes(), sample("change"));
    let context = sample.context(&codes);
    for (field, value, said) in [
        (
            "certno",
            "452130197508150036",
            Some("1975-08-15 出生，男，原广西南宁地区大新县（旧码452130，用至2001年前后）"),
        ),
        ("certno", "451424201707030026", Some("2017-07-03 出生，女，广西崇左市大新县")),
        ("certno", "451424", None),
        ("psn_name", "李䶮", Some("含生僻字：李〔䶮 U+4DAE〕")),
        ("psn_name", "覃小芳", None),
        ("live_addr", "𠮷村", Some("含生僻字：〔𠮷 U+20BB7〕村")),
        ("psn_name", "", None),
    ] {
        let (path, mut data) = (FieldPath::single(field), sample.data.clone());
        data.set(&path, value);
        assert_eq!(field_remark(&def, &data, &path, &context).as_deref(), said, "{field} {value}");
        if field == "certno" && said.is_some() {
            let findings = check_field(&def, &data, &path, &context);
            assert!(findings.iter().all(|finding| !finding.rule.starts_with("kind.")), "{findings:?}");
        }
    }
    let path = FieldPath::single("psn_name");
    let mut data = sample.data.clone();
    data.set(&path, "覃小芳之女");
    assert!(field_remark(&def, &data, &path, &context).unwrap().contains("990201"));
}
