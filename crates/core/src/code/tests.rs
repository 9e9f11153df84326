//! The seeds load, agree with the reference, and are found as clerks type.

use super::*;

const NATIONAL: (&str, &str) = ("national.csv", include_str!("../../../../seed/codes/national.csv"));
const LOCAL: (&str, &str) = ("local.csv", include_str!("../../../../seed/codes/local.csv"));
const GUANGXI: (&str, &str) = ("guangxi.csv", include_str!("../../../../seed/divisions/guangxi.csv"));

fn book() -> CodeBook {
    CodeBook::from_csv(&[NATIONAL, LOCAL, GUANGXI]).unwrap()
}

fn codes<'a>(found: &[&'a CodeEntry]) -> Vec<&'a str> {
    found.iter().map(|entry| entry.code.as_str()).collect()
}

/// Numbers of values from reference 3.4, 3.6 and 10.
#[test]
fn the_seeds_hold_what_the_reference_counts() {
    let book = book();
    for (table, count) in [
        ("gend", 4),
        ("naty", 56 + 2),
        ("psn_cert_type", 21),
        ("psn_type", 30),
        ("patn_rlts", 84),
        ("psn_idet_type", 43),
        ("agnter_rlts", 9),
        ("bank_type_code", 57),
        ("insutype", 15),
        ("med_type", 24),
        ("dedc_hosp_lv", 5),
        ("chrgitm_lv", 3),
        ("med_chrgitm_type", 14),
        ("psn_insu_stas", 5),
        ("hosp_lv", 14),
        ("refl_type", 3),
        ("resd_natu", 4),
        ("enrol_kind", 6),
        ("acct_kind", 3),
        // Nine items of 003 A14, and the bank's spelling of a name (proposal).
        ("chg_item", 10),
        ("cancel_rea", 6),
        ("applicant_kind", 3),
        ("trans_kind", 2),
        ("manl_reim_rea", 11),
        ("review_result", 3),
        ("divisions", 299),
    ] {
        assert_eq!(book.table(table).map(|table| table.entries().len()), Some(count), "{table}");
    }
}

#[test]
fn labels_of_codes() {
    let book = book();
    for (table, code, label) in [
        ("naty", "01", "汉族"),
        ("naty", "08", "壮族"),
        ("naty", "97", "其他"),
        ("gend", "2", "女"),
        ("psn_cert_type", "17", "港澳台居民居住证"),
        ("patn_rlts", "02", "户主"),
        ("psn_type", "1401", "新生儿"),
        ("bank_type_code", "402", "农村信用联社"),
        ("chg_item", "04", "公民身份号码"),
        ("divisions", "451424100001", "桃城镇新城社区"),
        ("divisions", "451424100201", "桃城镇北三村"),
        ("divisions", "451424100000", "桃城镇"),
        ("divisions", "451424000000", "崇左市大新县"),
        ("divisions", "451424400501", "国营桃城华侨农场总场生活区"),
        ("divisions", "451424400502", "国营桃城华侨农场松洞分场生活区"),
        ("divisions", "450000000000", "广西壮族自治区"),
    ] {
        assert_eq!(book.label(table, code), Some(label), "{table} {code}");
    }
    assert_eq!(book.label("naty", "1"), None);
    assert_eq!(book.label("gend", "3"), None);
    assert_eq!(book.label("nothing", "1"), None);
}

#[test]
fn pick_lists_begin_with_what_windows_see() {
    let book = book();
    assert_eq!(codes(&book.search("gend", "", 9)), ["1", "2", "0", "9"]);
    let first = book.search("naty", "", 12);
    assert_eq!(codes(&first), ["01", "03", "06", "07", "08", "12", "13", "25", "32", "36", "37", "49"]);
    assert!(first.iter().all(|entry| entry.common));
}

#[test]
fn entries_are_found_by_code_label_and_pinyin() {
    let book = book();
    let first = |table, query| book.search(table, query, 5).first().map(|entry| entry.code.as_str());
    for (table, query, code) in [
        ("naty", "08", "08"),
        ("naty", "０８", "08"),
        ("naty", "壮", "08"),
        ("naty", "zz", "08"),
        ("naty", "zhuang", "08"),
        ("psn_cert_type", "sfz", "01"),
        ("psn_cert_type", "居民身份证", "01"),
        ("psn_cert_type", "出生", "990201"),
        ("bank_type_code", "nyyh", "103"),
        ("patn_rlts", "hz", "02"),
        ("divisions", "新城", "451424100001"),
        ("divisions", "xcsq", "451424100001"),
        ("divisions", "tczxc", "451424100001"),
        ("divisions", "北三", "451424100201"),
        ("divisions", "451424100", "451424100001"),
    ] {
        assert_eq!(first(table, query), Some(code), "{table} {query}");
    }
    assert!(book.search("naty", "不存在", 5).is_empty());
    assert!(book.search("nothing", "", 5).is_empty());
    assert_eq!(book.search("patn_rlts", "", 3).len(), 3);
}

#[test]
fn divisions_keep_their_tree() {
    let book = book();
    let divisions = book.table(DIVISIONS).unwrap();
    let village = divisions.get("451424100001").unwrap();
    assert_eq!(village.level, Some(Level::Village));
    assert_eq!(village.name, "新城社区居委会");
    assert_eq!(village.parent.as_deref(), Some("451424100000"));
    // reference 10: 桃城镇 has 15 villages, Daxin 15 township-level units.
    assert_eq!(divisions.children("451424100000").len(), 15);
    assert_eq!(divisions.children("451424000000").len(), 15);
    let towns = divisions.search("", 99, |entry| entry.level == Some(Level::Township));
    assert_eq!(towns.len(), 15);
}

#[test]
fn ended_codes_keep_their_label() {
    let text = "table,code,label,valid_from,valid_to\nt,1,旧,,2021-12-31\nt,2,新,2022-01-01,\n";
    let book = CodeBook::from_csv(&[("t.csv", text)]).unwrap();
    let day: NaiveDate = "2022-05-01".parse().unwrap();
    let valid = book.table("t").unwrap().search("", 9, |entry| entry.is_valid_on(day));
    assert_eq!(codes(&valid), ["2"]);
    assert_eq!(book.label("t", "1"), Some("旧"));
}

#[test]
fn broken_files_say_where() {
    for (text, message) in [
        ("table,code\nt,1\n", "x.csv line 1: the header lacks the column `label`"),
        ("code,name\n1,a\n", "x.csv line 1: the header lacks the column `level`"),
        ("table,code,label\nt,,a\n", "x.csv line 2: `code` is empty"),
        ("table,code,label\nt,1,\n", "x.csv line 2: `label` is empty"),
        ("table,code,label\n,1,a\n", "x.csv line 2: `table` is empty"),
        (
            "table,code,label\nt,1,a\u{1b}[0m\n",
            "x.csv line 2: `label` holds a control or invisible character; remove it",
        ),
        ("table,code,label\nt,1,a\nt,1,b\n", "x.csv line 3: code 1 stands twice in table `t`; keep one row"),
        (
            "table,code,label,valid_to\nt,1,a,2021-13-01\n",
            "x.csv line 2: `valid_to` is \"2021-13-01\" (write YYYY-MM-DD or leave it empty)",
        ),
        ("table,code,label,common\nt,1,a,yes\n", "x.csv line 2: `common` is \"yes\" (write 1 or 0)"),
        (
            "code,name,level,parent_code\n4514,x,county,\n",
            "x.csv line 2: division code \"4514\" is not 12 digits",
        ),
        (
            "code,name,level,parent_code\n451424000000,x,shire,\n",
            "x.csv line 2: `level` is \"shire\" (write province, prefecture, county, township or village)",
        ),
        (
            "code,name,level,parent_code\n451424000000,x,county,451400000000\n",
            "x.csv line 2: parent \"451400000000\" is not a division of a higher level in this list",
        ),
        (
            "code,name,level,parent_code\n451424000000,x,county,451424000000\n",
            "x.csv line 2: parent \"451424000000\" is not a division of a higher level in this list",
        ),
    ] {
        assert_eq!(CodeBook::from_csv(&[("x.csv", text)]).unwrap_err().to_string(), message);
    }
    let ragged = CodeBook::from_csv(&[("x.csv", "table,code,label\nt,1\n")]).unwrap_err();
    assert_eq!(ragged.line, 2);
    assert!(matches!(ragged.problem, CodeProblem::Csv(_)));
}
