//! The catalogue: what a row may say, how an item is found, what two rows may not say together.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::{COLUMNS, Catalogue, CatalogueFault, Initials, RawRow, parse_decimal};
use crate::code::CodeBook;

fn codes() -> CodeBook {
    let head = "table,table_name_cn,code,label,source,valid_from,valid_to,common\n";
    let rows =
        [("01", "床位费"), ("03", "检查费"), ("08", "卫生材料费"), ("09", "西药费"), ("11", "中成药费")];
    let rows: String = rows
        .iter()
        .map(|(code, label)| format!("med_chrgitm_type,医疗收费项目类别,{code},{label},示例,,,0\n"))
        .collect();
    CodeBook::from_csv(&[("codes.csv", &format!("{head}{rows}"))]).unwrap()
}

/// A row by column ids; what is not given is what a plain drug has.
fn row(line: u32, cells: &[(&str, &str)]) -> RawRow {
    let usual = |id: &str| match id {
        "med_list_codg" => format!("SL{line:04}"),
        "hilist_name" => "阿莫西林胶囊".to_owned(),
        "chrgitm_lv" => "甲".to_owned(),
        "med_chrgitm_type" => "西药费".to_owned(),
        "begndate" => "2020-01-01".to_owned(),
        "source" => "示例".to_owned(),
        _ => String::new(),
    };
    let given = |id: &str| cells.iter().find(|(other, _)| *other == id).map(|(_, text)| (*text).to_owned());
    RawRow { line, cells: COLUMNS.iter().map(|c| given(c.id).unwrap_or_else(|| usual(c.id))).collect() }
}

fn build(rows: Vec<RawRow>) -> Result<Catalogue, Vec<CatalogueFault>> {
    Catalogue::build(rows, &codes(), Initials::Added, &mut |_| {}).map_err(|(faults, _)| faults)
}

fn named(names: &[&str]) -> Catalogue {
    build((2..).zip(names).map(|(line, name)| row(line, &[("hilist_name", name)])).collect()).unwrap()
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn found(catalogue: &Catalogue, query: &str) -> Vec<String> {
    catalogue.search(query, today(), 20).iter().map(|item| item.name.clone()).collect()
}

#[test]
fn a_row_is_read_as_people_write_it() {
    let cells = [
        ("chrgitm_lv", "乙类"),
        ("med_chrgitm_type", "9"),
        ("selfpay_prop", "１５％"),
        ("pric_uplmt_amt", "1,234.50"),
        ("expensive", "是"),
        ("begndate", "2024年1月1日"),
        ("enddate", "20261231"),
    ];
    let catalogue = build(vec![row(2, &cells)]).unwrap();
    let item = &catalogue.items()[0];
    assert_eq!((item.class.as_str(), item.kind.as_str(), item.first_paid.as_str()), ("02", "09", "0.1500"));
    assert_eq!(
        (item.limit.as_str(), item.expensive, item.pinyin.as_str()),
        ("1234.5", true, "amxljn emxljn")
    );
    assert!(item.is_valid_on(today()) && !item.is_valid_on(NaiveDate::from_ymd_opt(2027, 1, 1).unwrap()));
    // What is written out reads back as the same item.
    let again = RawRow { line: 2, cells: item.row().to_vec() };
    let again = Catalogue::build([again], &codes(), Initials::Complete, &mut |_| {}).unwrap();
    assert_eq!(again.items(), catalogue.items());
}

#[test]
fn shares_follow_the_class_where_the_file_is_silent() {
    for (class, share) in [("甲", "0.0000"), ("乙", ""), ("丙", "1.0000"), ("自费", "1.0000")] {
        let catalogue = build(vec![row(2, &[("chrgitm_lv", class)])]).unwrap();
        assert_eq!(catalogue.items()[0].first_paid, share, "{class}");
    }
}

#[test]
fn each_wrong_cell_is_named() {
    for (column, value, rule) in [
        ("med_list_codg", "", "required"),
        ("hilist_name", "阿莫\u{200b}西林", "cell.control"),
        ("hilist_name", &"长".repeat(101), "length"),
        ("chrgitm_lv", "丁", "catalogue.class"),
        ("chrgitm_lv", "", "required"),
        ("med_chrgitm_type", "西药材料", "catalogue.kind"),
        ("selfpay_prop", "15", "catalogue.share"),
        ("selfpay_prop", "0.15", "catalogue.share"),
        ("selfpay_prop", "-0.1", "catalogue.share"),
        ("pric_uplmt_amt", "1.2E+05", "catalogue.price"),
        ("pric_uplmt_amt", "12,34", "catalogue.price"),
        ("pric_uplmt_amt", "0", "catalogue.price"),
        ("pric", "-3", "catalogue.price"),
        ("expensive", "也许", "catalogue.flag"),
        ("begndate", "2026-02-30", "catalogue.date"),
        ("enddate", "2019-12-31", "catalogue.days"),
        ("source", "", "required"),
        ("pinyin", "阿", "catalogue.pinyin"),
    ] {
        let faults = build(vec![row(2, &[]), row(3, &[(column, value)])]).unwrap_err();
        assert_eq!(faults.len(), 1, "{column} {value}: {faults:?}");
        let fault = &faults[0];
        assert_eq!((fault.line, fault.column, fault.rule), (3, column, rule), "{fault:?}");
        assert!(!fault.message.is_empty() && !fault.fix.is_empty());
    }
    // 乙 that is all the patient's is no 乙.
    let faults = build(vec![row(2, &[("chrgitm_lv", "乙"), ("selfpay_prop", "100%")])]).unwrap_err();
    assert_eq!(faults[0].rule, "catalogue.share");
}

#[test]
fn a_code_has_one_row_a_day() {
    let code = ("med_list_codg", "xy001");
    let old = [code, ("enddate", "2025-12-31"), ("chrgitm_lv", "乙")];
    let new = [("med_list_codg", "XY001"), ("begndate", "2026-01-01")];
    let catalogue = build(vec![row(2, &old), row(3, &new)]).unwrap();
    let on = |year| catalogue.by_code("ｘｙ001", NaiveDate::from_ymd_opt(year, 6, 1).unwrap());
    assert_eq!(on(2025).unwrap().class, "02");
    assert_eq!(on(2026).unwrap().class, "01");
    assert!(on(2019).is_none());
    let faults = build(vec![row(2, &[code]), row(3, &new)]).unwrap_err();
    assert_eq!((faults[0].line, faults[0].rule), (3, "catalogue.twice"));
    assert!(faults[0].message.contains("第 2 行"), "{faults:?}");
}

/// Readings by the 《现代汉语词典》; drug names keep 参 shēn, 蛤 gé, 没 mò, 大 dài, 阿 ē.
#[test]
fn initials_find_an_item_in_each_way_to_read_it() {
    let catalogue = named(&[
        "丹参滴丸",
        "大黄片",
        "阿胶",
        "蛤蚧定喘丸",
        "没药",
        "重组人胰岛素",
        "长春新碱",
        "注射用头孢曲松钠",
        "5%葡萄糖注射液",
        "CT检查",
        "藏红花",
        "曲安奈德",
    ]);
    for (query, name) in [
        ("dsdw", "丹参滴丸"),
        ("DCDW", "丹参滴丸"),
        ("danshen", "丹参滴丸"),
        ("dshen", "丹参滴丸"),
        ("dhp", "大黄片"),
        ("daihuang", "大黄片"),
        ("ej", "阿胶"),
        ("aj", "阿胶"),
        ("gjdc", "蛤蚧定喘丸"),
        ("my", "没药"),
        ("czr", "重组人胰岛素"),
        ("zzr", "重组人胰岛素"),
        ("ccxj", "长春新碱"),
        ("tbqs", "注射用头孢曲松钠"),
        ("zsytb", "注射用头孢曲松钠"),
        ("ptt", "5%葡萄糖注射液"),
        ("5ptt", "5%葡萄糖注射液"),
        ("ctjc", "CT检查"),
        ("ｃｔ", "CT检查"),
        ("zhh", "藏红花"),
        ("头孢", "注射用头孢曲松钠"),
        ("丹参", "丹参滴丸"),
    ] {
        assert_eq!(found(&catalogue, query).first().map(String::as_str), Some(name), "{query}");
    }
    for query in ["xyz", "氯", "zzzz", "d q", "\u{1b}[31m"] {
        assert!(found(&catalogue, query).is_empty(), "{query} {:?}", found(&catalogue, query));
    }
}

#[test]
fn what_is_nearest_comes_first() {
    let catalogue = named(&["复方阿莫西林颗粒", "阿莫西林克拉维酸钾片", "阿莫西林", "安咳", "阿莫西林胶囊"]);
    assert_eq!(found(&catalogue, "阿莫西林")[..3], ["阿莫西林", "阿莫西林胶囊", "阿莫西林克拉维酸钾片"]);
    assert_eq!(found(&catalogue, "amxl").last().unwrap(), "复方阿莫西林颗粒", "from inside comes last");
    assert_eq!(found(&catalogue, "SL0005"), ["安咳"]);
    assert_eq!(catalogue.search("", today(), 2).len(), 2);
    let names = |name: &str| catalogue.by_name(name, today()).len();
    assert_eq!([names("★阿莫西林 胶囊"), names("阿莫西林胶"), names("")], [1, 0, 0]);
}

#[test]
fn decimals_are_plain_or_nothing() {
    for (text, read) in [
        ("1,234.50", Some("1234.5")),
        ("０．０８３３", Some("0.0833")),
        ("¥12", Some("12")),
        ("007.00", Some("7")),
        ("1.2E+05", None),
        ("12,34", None),
        ("-1", None),
        ("1.", None),
        (".5", None),
        ("1.0000001", None),
        ("12345678901", None),
        ("", None),
    ] {
        assert_eq!(parse_decimal(text).as_deref(), read, "{text}");
    }
}

proptest! {
    #[test]
    fn every_beginning_of_the_initials_finds_the_item(
        name in "[阿莫西林头孢曲松钠丹参片胶囊长重]{1,8}",
        cut in 1..9_usize,
    ) {
        let catalogue = named(&[&name]);
        for key in catalogue.items()[0].pinyin.split(' ') {
            let typed: String = key.chars().take(cut).collect();
            prop_assert_eq!(found(&catalogue, &typed).len(), 1, "{} {}", typed, name);
        }
    }

    #[test]
    fn no_row_and_no_query_stops_it(cells in prop::collection::vec("\\PC{0,30}", 0..16), query in "\\PC{0,60}") {
        if let Ok(catalogue) = build(vec![RawRow { line: 2, cells }]) {
            let _ = catalogue.search(&query, today(), 5);
        }
        let _ = named(&["阿莫西林"]).search(&query, today(), 5);
    }
}
