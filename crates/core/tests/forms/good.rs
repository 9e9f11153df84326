//! What the shipped forms and samples must satisfy.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;
use xiangbao_core::form::{
    Condition, FieldPath, MaterialState, check_field, derived, display_value, evaluate, materials_due,
    missing_materials, missing_names, normalize_field, required, shown_fields, visible, without_hidden,
};

use crate::support::{codes, form, forms, sample};

#[test]
fn samples_are_without_findings_and_complete() {
    let codes = codes();
    for name in forms() {
        let name = name.as_str();
        let (def, sample) = (form(name), sample(name));
        let context = sample.context(&codes);
        assert_eq!(evaluate(&def, &sample.data, &context), [], "{name}");
        let missing: Vec<&str> =
            missing_materials(&def, &sample.data, &context).iter().map(|m| m.id.as_str()).collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
        for id in sample.data.materials.keys() {
            let due = materials_due(&def, &sample.data, &context);
            assert!(due.iter().any(|m| m.id == *id), "{name}: {id} is not due");
        }
        assert_eq!(without_hidden(&def, &sample.data, &context), sample.data, "{name}");
        assert_eq!(derived(&def, &sample.data, &context), [], "{name}");
        for path in def.field_order(&sample.data) {
            assert_eq!(check_field(&def, &sample.data, &path, &context), [], "{name}: {path}");
        }
    }
}

#[test]
fn samples_name_only_fields_of_their_form_in_canonical_text() {
    for name in forms() {
        let name = name.as_str();
        let (def, sample) = (form(name), sample(name));
        let known: BTreeSet<FieldPath> = def.field_order(&sample.data).into_iter().collect();
        let single = sample.data.fields.keys().map(|id| FieldPath::single(id));
        let cells = sample.data.tables.iter().flat_map(|(table, rows)| {
            rows.iter()
                .enumerate()
                .flat_map(move |(i, row)| row.keys().map(move |id| FieldPath::cell(table, i, id)))
        });
        for path in single.chain(cells) {
            assert!(known.contains(&path), "{name}: {path} is no field");
            let value = sample.data.get(&path);
            let again = normalize_field(&def, &sample.data, &path, value, sample.today);
            assert_eq!(again, value, "{name}: {path} is not canonical");
        }
    }
}

#[test]
fn every_code_table_exists_and_labels_fit_eighty_columns() {
    let codes = codes();
    for name in forms() {
        let name = name.as_str();
        let def = form(name);
        let faults: Vec<String> = def.check(&codes).iter().map(ToString::to_string).collect();
        assert_eq!(faults, Vec::<String>::new(), "{name}");
        for field in def.sections.iter().flat_map(|s| &s.fields) {
            assert!(field.label.chars().count() <= 10, "{name}: label {}", field.label);
            assert!(field.help.width() <= 78, "{name}: help of {}", field.id);
            assert!(def.article(&field.article).is_some(), "{name}: {}", field.id);
        }
        assert!(!def.levels.is_empty(), "{name}");
        assert!(def.name.chars().count() <= 8, "{name}: {}", def.name);
        assert!(!def.materials.is_empty() && !def.rules.is_empty(), "{name}");
    }
}

/// The contract with print templates and effects: ids, screen codes, titles and annexes.
#[test]
fn titles_codes_and_annexes_are_those_of_the_source() {
    let mut listed = BTreeSet::new();
    for (name, code, title, annex, days) in [
        ("enrolment", "DJ", "城乡居民基本医疗保险参保登记表", "附件1", 15),
        ("students", "XS", "城乡居民基本医疗保险在校学生参保登记表", "附件2", 15),
        ("card", "BK", "城乡居民基本医疗保险补(换)证申请表", "附件3", 15),
        ("agreement", "DK", "三方代扣代缴城乡居民医保费协议", "", 15),
        ("change", "BG", "城乡居民基本医疗保险居民信息变更表", "附件4", 15),
        ("cancellation", "ZX", "城乡居民基本医疗保险关系注销登记表", "附件5", 15),
        ("transfer", "ZY", "城乡居民基本医疗保险关系转移接续申请表", "附件6", 15),
        ("reimbursement", "BX", "城乡居民基本医疗保险医疗费用零星报销申请表", "", 20),
        ("commitment", "CF", "重复参保承诺书", "", 15),
        ("refund", "TF", "城乡居民基本医疗保险重复缴费退费申请表", "", 15),
        ("guardian", "JR", "监护人登记表", "", 15),
        ("audit_notice", "JH", "社会保险稽核通知书", "", 15),
        ("correction_order", "ZG", "社会保险稽核责令改正书", "", 15),
        ("outside_filing", "YD", "城乡居民基本医疗保险异地就医登记备案表", "附件7", 0),
        ("referral", "ZZ", "城乡居民基本医疗保险转诊转院审核表", "附件8", 0),
        ("readmission", "ZR", "城乡居民基本医疗保险参保人员14天内再次住院备案表", "附件9", 15),
        ("family_bed", "JC", "城乡居民基本医疗保险参保人员家庭病床建床申请表", "附件10", 15),
        ("chronic", "MB", "城乡居民基本医疗保险门诊特殊慢性病备案表", "", 15),
    ] {
        let def = form(name);
        assert_eq!((def.id.as_str(), def.code.as_str()), (name, code));
        assert_eq!((def.title.as_str(), def.annex.as_str()), (title, annex));
        assert_eq!(def.clock.term.working_days(), Some(days), "{name}");
        listed.insert(name.to_owned());
    }
    assert_eq!(listed, forms().into_iter().collect(), "every form stands in this list");
}

/// 003 A7(1)2 and A23: account, copy and agreement are due when the contribution is deducted, and only then.
#[test]
fn the_account_is_asked_for_only_when_deducted() {
    let (def, mut sample, codes) = (form("enrolment"), sample("enrolment"), codes());
    let account = FieldPath::single("bankacct");
    let context = sample.context(&codes);
    assert!(
        visible(&def, &sample.data, &account, &context) && required(&def, &sample.data, &account, &context)
    );
    sample.data.set(&FieldPath::single("deduct_flag"), "0");
    assert!(!visible(&def, &sample.data, &account, &context));
    assert!(!required(&def, &sample.data, &account, &context));
    assert_eq!(without_hidden(&def, &sample.data, &context).get(&account), "");
    let (all, shown) = (def.field_order(&sample.data), shown_fields(&def, &sample.data, &context));
    let hidden: Vec<&str> =
        all.iter().filter(|p| p.row.is_none() && !shown.contains(p)).map(|p| p.field.as_str()).collect();
    // What a payment that came in otherwise consists of is asked for once its way is named, and not before.
    let paid = ["clct_date", "clct_sumamt", "clct_voucher"];
    let account = ["bank_type_code", "bank_name", "acct_name", "acct_kind", "bankacct"];
    assert_eq!(hidden, [&account[..], &paid].concat());
    let mut collected = sample.data.clone();
    collected.set(&FieldPath::single("clct_way"), "11");
    assert!(paid.iter().all(|id| required(&def, &collected, &FieldPath::single(id), &context)));
    assert!(!materials_due(&def, &sample.data, &context).iter().any(|m| m.id == "bank_copy"));
    assert_eq!(evaluate(&def, &sample.data, &context), []);
}

/// 003 A7: of household book and birth certificate of a newborn one is enough; a copy must be kept.
#[test]
fn one_paper_of_a_group_is_enough_but_a_copy_is_kept() {
    let (def, mut sample, codes) = (form("enrolment"), sample("enrolment"), codes());
    let context = sample.context(&codes);
    sample.data.materials.insert("birth_cert".to_owned(), MaterialState::OriginalSeen);
    let missing: Vec<&str> =
        missing_materials(&def, &sample.data, &context).iter().map(|m| m.id.as_str()).collect();
    assert_eq!(missing, ["newborn_hukou", "birth_cert"]);
    let names = missing_names(&missing_materials(&def, &sample.data, &context));
    assert_eq!(names, ["新生儿户口簿页或出生医学证明"], "either is enough, and is asked for as such");
    sample.data.materials.insert("newborn_hukou".to_owned(), MaterialState::CopyKept);
    assert!(missing_materials(&def, &sample.data, &context).is_empty());
}

#[test]
fn defaults_follow_what_was_typed() {
    let (def, codes) = (form("enrolment"), codes());
    let sample = sample("enrolment");
    let context = sample.context(&codes);
    let mut data = def.blank();
    assert_eq!(data.rows("members").len(), 1);
    let typed = [
        ("certno", "451424197008250020"),
        ("psn_cert_type", "01"),
        ("pay_std", "400.00"),
        ("enrol_kind", "1"),
        ("aid_amt", "280.00"),
    ];
    for (id, value) in typed {
        data.set(&FieldPath::cell("members", 0, id), value);
    }
    data.set(&FieldPath::single("hsreg_addr"), "大新县桃城镇");
    let defaults = derived(&def, &data, &context);
    let at = |path: FieldPath| defaults.iter().find(|(p, _)| *p == path).map(|(_, v)| v.as_str());
    for (id, value) in [("gend", "2"), ("brdy", "1970-08-25"), ("psn_type", "15"), ("psn_clct_amt", "120.00")]
    {
        assert_eq!(at(FieldPath::cell("members", 0, id)), Some(value), "{id}");
    }
    assert_eq!(at(FieldPath::single("insu_year")), Some("2027"));
    assert_eq!(at(FieldPath::single("insured_cnt")), Some("1"));
    assert_eq!(at(FieldPath::single("live_addr")), Some("大新县桃城镇"));
    assert_eq!(at(FieldPath::single("sign_date")), Some("2026-11-20"));
    assert_eq!(at(FieldPath::cell("members", 0, "certno")), None);
    let (count, paid) = (FieldPath::single("insured_cnt"), FieldPath::cell("members", 1, "psn_clct_amt"));
    data = sample.data.clone();
    data.set(&count, "9");
    data.set(&FieldPath::cell("members", 1, "aid_amt"), "100.00");
    let follows = [(count, "3".to_owned()), (paid, "300.00".to_owned())];
    assert_eq!(derived(&def, &data, &context), follows, "readonly fields follow, others stay as typed");
}

#[test]
fn values_are_shown_as_people_read_them() {
    let codes = codes();
    let (def, data) = (form("reimbursement"), sample("reimbursement").data);
    let show = |path: &str| display_value(&def, &data, &path.parse().unwrap(), &codes);
    assert_eq!(show("medfee_sumamt"), "10,000.00");
    assert_eq!(show("fees.1.selfpay_prop"), "15%");
    assert_eq!(show("fees.1.chrgitm_lv"), "乙类");
    assert_eq!(show("trum_flag"), "否");
    assert_eq!(show("med_type"), "普通住院");
    assert_eq!(show("psn_name"), "农建国");
    assert_eq!(show("no_such_field"), "");
    let (def, data) = (form("change"), sample("change").data);
    let show = |path: &str| display_value(&def, &data, &path.parse().unwrap(), &codes);
    assert_eq!(show("changes.3.after"), "低保救助对象");
    assert_eq!(show("changes.0.after"), "13900000018");
}

/// The kind of a changed value follows its item: F4, normalisation and checks with it.
#[test]
fn a_changed_value_is_read_as_its_item() {
    let (def, sample) = (form("change"), sample("change"));
    let mut data = sample.data.clone();
    let (item, after) = (FieldPath::cell("changes", 0, "chg_item"), FieldPath::cell("changes", 0, "after"));
    data.set(&item, "04");
    let typed = normalize_field(&def, &data, &after, "４５１４２４ 19900101 004ｘ", sample.today);
    assert_eq!(typed, "45142419900101004X");
    data.set(&item, "02");
    assert_eq!(def.kind_at(&data, &after).unwrap().codes.as_deref(), Some("gend"));
}

#[test]
fn focus_follows_the_paper_and_conditions_are_readable() {
    let def = form("enrolment");
    let order = def.field_order(&sample("enrolment").data);
    assert_eq!(order.first(), Some(&FieldPath::single("admdvs12")));
    assert_eq!(order.last(), Some(&FieldPath::single("memo")));
    let place = |path: FieldPath| order.iter().position(|p| *p == path).unwrap();
    assert!(
        place(FieldPath::cell("members", 0, "psn_clct_amt"))
            < place(FieldPath::cell("members", 1, "psn_name"))
    );
    let section = def.sections.iter().find(|s| s.field("bankacct").is_some()).unwrap();
    assert!(matches!(&section.shown, Condition::When(expr) if expr.source() == "deduct_flag"));
}

/// Definitions are shared between sessions.
#[test]
fn definitions_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    shared(&form("change"));
}

/// What a form prints must exist.
#[test]
fn named_print_templates_exist() {
    for name in forms() {
        let name = name.as_str();
        let def = form(name);
        for template in [&def.template, &def.receipt] {
            let text = crate::support::read(&format!("print-templates/{template}.toml"));
            assert!(text.contains(&format!("id = \"{template}\"")), "{name}: {template}");
        }
    }
}
