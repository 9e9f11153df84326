//! Files that schools bring, good and bad, read as the import reads them. The files are made here: no table of a real
//! school, no real person.

use chrono::NaiveDate;
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use xiangbao_core::code::CodeBook;
use xiangbao_core::form::FormDef;

use super::table::harmless;
use super::*;

struct Desk {
    def: FormDef,
    codes: CodeBook,
}

impl Desk {
    fn new() -> Self {
        let files = [
            ("national.csv", include_str!("../../seed/codes/national.csv")),
            ("local.csv", include_str!("../../seed/codes/local.csv")),
            ("guangxi.csv", include_str!("../../seed/divisions/guangxi.csv")),
        ];
        let def = FormDef::load("students.toml", include_str!("../../forms/students.toml")).unwrap();
        Self { def, codes: CodeBook::from_csv(&files).unwrap() }
    }

    fn read(&self, bytes: &[u8]) -> Result<Imported, FileFault> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let context =
            Context { def: &self.def, table: "students", codes: &self.codes, today, file: "名册.csv" };
        read_roster(bytes, &context)
    }

    fn good(&self, bytes: &[u8]) -> Imported {
        let read = self.read(bytes).unwrap_or_else(|fault| panic!("{}", fault.zh()));
        assert_eq!(read.faults, []);
        read
    }
}

fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn cell<'a>(imported: &'a Imported, row: usize, field: &str) -> &'a str {
    let record = &imported.records[row];
    record.row.get(field).or_else(|| record.head.get(field)).map_or("", String::as_str)
}

/// As schools send it: a heading over all columns, two-line titles, one cell for the grade beside its pupils, dates in
/// every shape, a formula, blank and numbered lines, and a foot.
fn as_sent(sheet: &mut Worksheet) {
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 9, "大新县桃城镇第一小学（样例）参保学生名册", &plain).unwrap();
    let titles = [
        "序号",
        "年级\n班级",
        "学生姓名",
        "性别",
        "民族*",
        "身份证号码",
        "出生日期",
        "监护人姓名",
        "家长电话（手机）",
        "校车线路",
    ];
    for (title, column) in titles.iter().zip(0_u16..) {
        sheet.write_string(1, column, *title).unwrap();
    }
    sheet.merge_range(2, 1, 4, 1, "五年级1班", &plain).unwrap();
    let pupils = [
        ("农　小禾", "男", "壮", "４５１４２４２０１５０３１４００１２"),
        ("梁小月", "2", "汉族", "451424201503140020"),
        ("阿依•努尔", "男", "05", "451424201411220031"),
    ];
    for ((name, sex, group, number), row) in pupils.iter().zip(2_u32..) {
        sheet.write_number(row, 0, row - 1).unwrap();
        for (text, column) in [(name, 2), (sex, 3), (group, 4), (number, 5)] {
            sheet.write_string(row, column, *text).unwrap();
        }
        sheet.write_string(row, 7, "农建国").unwrap();
        sheet.write_number(row, 8, 13_900_000_017.0).unwrap();
    }
    sheet.write_number_with_format(2, 6, 42_077.0, &day).unwrap();
    sheet.write_number(3, 6, 42_077.0).unwrap();
    sheet.write_formula(4, 6, Formula::new("=\"2014年\"&\"11月22日\"").set_result("2014年11月22日")).unwrap();
    sheet.write_number(5, 0, 4).unwrap();
    sheet.write_string(7, 0, "合计").unwrap();
    sheet.write_string(7, 2, "3 人").unwrap();
}

#[test]
fn a_school_s_workbook_is_read_as_it_was_meant() {
    let read = Desk::new().good(&book(as_sent));
    assert_eq!(read.records.len(), 3);
    let rows: Vec<u32> = read.records.iter().map(|record| record.number).collect();
    assert_eq!(rows, [3, 4, 5], "rows as the spreadsheet counts them");
    assert_eq!(read.ignored, ["Sheet1!J 校车线路"]);
    for (row, name, sex, group, birth) in [
        (0, "农小禾", "1", "08", "2015-03-14"),
        (1, "梁小月", "2", "01", "2015-03-14"),
        (2, "阿依·努尔", "1", "05", "2014-11-22"),
    ] {
        for (field, value) in [
            ("psn_name", name),
            ("gend", sex),
            ("naty", group),
            ("brdy", birth),
            ("grade", "五年级"),
            ("class_name", "1班"),
            ("guardian_tel", "13900000017"),
        ] {
            assert_eq!(cell(&read, row, field), value, "{field}");
        }
    }
    assert_eq!(cell(&read, 0, "certno"), "451424201503140012");
}

const CSV: &str = "姓名,身份证号,民族,已在村(社区)参保,户籍地,年级,班级,特殊类型\r\n\
    农小禾,451424201503140012,壮族,否,桃城镇,五年级,1班,\r\n\
    \"梁小月\",\"=\"\"451424201503140020\"\"\",01,无,451424100000,五年级,1班,\r\n\
    ,,,,,,,\r\n\
    阿依·努尔,'451424201411220031,维吾尔,×,451424101000,五年级,\"2班\",\r\n";

#[test]
fn one_text_in_four_encodings_is_one_roster() {
    let desk = Desk::new();
    let marked = format!("\u{feff}{CSV}").into_bytes();
    let (gb18030, _, lost) = encoding_rs::GB18030.encode(CSV);
    assert!(!lost);
    let tabs = CSV.replace(',', "\t");
    let wide: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(tabs.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [CSV.as_bytes(), &marked, &gb18030, &wide] {
        let read = desk.good(bytes);
        assert_eq!(read.sheets[0].name, "名册.csv");
        let numbers: Vec<&str> = (0..3).map(|row| cell(&read, row, "certno")).collect();
        assert_eq!(numbers, ["451424201503140012", "451424201503140020", "451424201411220031"]);
        let groups: Vec<&str> = (0..3).map(|row| cell(&read, row, "naty")).collect();
        assert_eq!(groups, ["08", "01", "05"]);
        assert_eq!(cell(&read, 0, "resd_loc_admdvs"), "451424100000");
        assert_eq!((cell(&read, 2, "class_name"), cell(&read, 1, "enrolled_in_village")), ("2班", "0"));
        assert_eq!(read.records.iter().map(|r| r.number).collect::<Vec<_>>(), [2, 3, 5]);
    }
    // A line end inside a cell is no row.
    let lines = CSV.replace("壮族", "\"壮\n族\"");
    let read = desk.read(lines.as_bytes()).unwrap();
    assert_eq!(read.records.iter().map(|r| r.number).collect::<Vec<_>>(), [2, 3, 5]);
    assert!(matches!(desk.read(b"\xFF\xFF\x00\x81\x30"), Err(FileFault::Encoding | FileFault::NoTitles)));
}

/// Each trap names its cell, and the rows beside it stay readable.
#[test]
fn every_trap_of_a_spreadsheet_names_its_cell() {
    let bytes = book(|sheet| {
        for (title, column) in
            ["姓名", "证件号码", "年级", "班级", "民族", "开户银行", "监护人电话"].iter().zip(0_u16..)
        {
            sheet.write_string(0, column, *title).unwrap();
        }
        for row in 1..=7 {
            sheet.write_string(row, 0, "农小禾").unwrap();
            sheet.write_string(row, 1, "451424201503140012").unwrap();
        }
        // 18 digits as a number: the last three are lost.
        sheet.write_number(1, 1, 451_424_201_503_140_012.0).unwrap();
        sheet.write_string(2, 1, "451424201503140000").unwrap();
        sheet.write_string(3, 1, "4.51424E+17").unwrap();
        // Class 3-1 became the first of March.
        let day = Format::new().set_num_format("m\"月\"d\"日\"");
        sheet.write_number_with_format(4, 3, 46_082.0, &day).unwrap();
        sheet.write_string(5, 4, "火星族").unwrap();
        sheet.write_string(6, 0, "农\u{202e}小禾").unwrap();
        sheet.write_string(7, 5, "x".repeat(MAX_FIELD + 1)).unwrap();
    });
    let read = Desk::new().read(&bytes).unwrap();
    let found: Vec<(u32, &str, &str)> =
        read.faults.iter().map(|f| (f.row, f.column.as_str(), f.rule.as_str())).collect();
    let wanted = [
        (2, "B", "cell.precision"),
        (3, "B", "cell.precision"),
        (4, "B", "cell.precision"),
        (5, "D", "cell.date"),
        (6, "E", "cell.code"),
        (7, "A", "cell.control"),
        (8, "F", "cell.length"),
    ];
    assert_eq!(found, wanted);
    for fault in &read.faults {
        assert!(!fault.message.is_empty() && !fault.fix.is_empty() && fault.sheet == "Sheet1", "{fault:?}");
    }
    assert!(read.faults[3].value.starts_with("2026-03-01") && read.faults[4].message.contains("火星族"));
    assert_eq!(read.records.len(), 7);
}

#[test]
fn a_file_that_cannot_be_read_says_what_to_do() {
    let desk = Desk::new();
    let refused = |bytes: &[u8], words: &str| {
        let said = desk.read(bytes).map(|read| read.records.len()).unwrap_err().zh();
        assert!(said.contains(words), "{said}");
    };
    refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old", "另存为 xlsx");
    refused(b"PK\x03\x04 not a zip", "读不出来");
    refused("姓名,年级\n农小禾,五\n".as_bytes(), "标题行");
    refused("".as_bytes(), "标题行");
    refused("姓名,证件号码,民族\n".as_bytes(), "没有学生");
    refused("姓名,证件号码,民族,身份证号\n农小禾,1,2,3\n".as_bytes(), "B 列和 D 列");
    refused(&vec![b'a'; usize::try_from(MAX_FILE).unwrap() + 1], "50 MB");
    let wide = format!("姓名,证件号码,民族{}\n", ",x".repeat(MAX_COLUMNS));
    refused(wide.as_bytes(), "200 列");
    let long = format!("姓名,证件号码,民族\n{}", "农小禾,1,08\n".repeat(20_001));
    refused(long.as_bytes(), "20000 行");
    // One cell in the last corner of a sheet must not make a table of seventeen thousand million.
    refused(
        &book(|sheet| {
            sheet.write_string(1_048_575, 16_383, "x").unwrap();
        }),
        "20000 行",
    );
    refused(
        &book(|sheet| {
            sheet.write_string(3, 16_383, "x").unwrap();
        }),
        "200 列",
    );
}

/// 300 MB of blanks in 300 KB.
#[test]
fn a_workbook_that_unpacks_without_end_is_refused() {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_level(Some(1));
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let block = vec![b' '; 1024 * 1024];
    for _ in 0..300 {
        zip.write_all(&block).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 4 * 1024 * 1024);
    assert!(matches!(Desk::new().read(&bytes), Err(FileFault::TooLarge)));
}

#[test]
fn faults_are_counted_and_not_all_listed() {
    let rows = "农小禾,451424201503140000,火星\n".repeat(800);
    let read = Desk::new().read(format!("姓名,证件号码,民族\n{rows}").as_bytes()).unwrap();
    assert_eq!((read.faults.len(), read.more), (MAX_FAULTS, 600));
}

/// What leaves cannot be taken for a formula, and comes back as it was (reliability 9.3).
#[test]
fn tables_that_leave_calculate_nothing() {
    for evil in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1"] {
        assert_eq!(harmless(evil), format!("'{evil}"));
    }
    assert_eq!(harmless("农小禾 400.00"), "农小禾 400.00");
    let table = Table {
        name: "花名册[2027]".to_owned(),
        columns: vec![Column::new("psn_name", "姓名", 10), Column::new("bankacct", "账号", 20)],
        rows: vec![vec!["=cmd|' /C calc'!A0".to_owned(), "6228480000000000000".to_owned()]],
    };
    let csv = String::from_utf8(table.csv().unwrap()).unwrap();
    assert_eq!(csv, "\u{feff}姓名,账号\r\npsn_name,bankacct\r\n'=cmd|' /C calc'!A0,6228480000000000000\r\n");
    use calamine::Reader;
    let mut book: calamine::Xlsx<_> =
        calamine::Xlsx::new(std::io::Cursor::new(table.xlsx().unwrap())).unwrap();
    let range = book.worksheet_range("花名册2027").unwrap();
    let cells: Vec<_> = range.rows().nth(2).unwrap().to_vec();
    // Texts, never numbers or formulas: an account keeps its nineteenth digit.
    assert_eq!(cells[0], calamine::Data::String("=cmd|' /C calc'!A0".to_owned()));
    assert_eq!(cells[1], calamine::Data::String("6228480000000000000".to_owned()));
    assert!(book.worksheet_formula("花名册2027").unwrap().is_empty());
}

/// The empty roster has every column that somebody fills, and the import knows each of them.
#[test]
fn the_empty_roster_is_one_that_the_import_reads() {
    let desk = Desk::new();
    let bytes = template(&desk.def, desk.def.table("students").unwrap(), &desk.codes).unwrap();
    assert!(matches!(desk.read(&bytes), Err(FileFault::Empty)));
    let mut sheets = super::pick::sheets(&bytes, super::MAX_LINES).unwrap();
    let sheet = sheets.remove(0);
    let found = super::titles::find(&sheet, &desk.def, desk.def.table("students").unwrap()).unwrap().unwrap();
    assert_eq!(found.unknown, Vec::<String>::new());
    let typed = desk.def.table("students").unwrap().fields.iter().filter(|field| !field.readonly).count();
    assert_eq!(found.columns.len(), typed + 2, "and grade and class");
}

#[test]
fn columns_are_called_as_spreadsheets_call_them() {
    for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (199, "GR"), (702, "AAA")]
    {
        assert_eq!(letters(column), name);
    }
}

/// Whatever a file holds, reading it ends with rows or with a sentence.
#[test]
fn reading_never_panics_whatever_the_file_says() {
    let desk = Desk::new();
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 200, ..Default::default() });
    let good = book(as_sent);
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..400),
        any::<String>().prop_map(String::into_bytes),
        "[0-9E+.,农'\"=\\-/ 年月日：族]{0,80}"
            .prop_map(|cells| format!("姓名,证件号码,民族,出生日期,班级\n{cells}\n").into_bytes()),
        // A true workbook with a damaged byte.
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(move |(at, byte)| {
            let mut bytes = good.clone();
            let at = at.index(bytes.len());
            bytes[at] ^= byte;
            bytes
        }),
    ];
    let outcome = runner.run(&bytes, |bytes| {
        match desk.read(&bytes) {
            Ok(read) => prop_assert!(!read.records.is_empty()),
            Err(fault) => prop_assert!(!fault.zh().is_empty()),
        }
        Ok(())
    });
    outcome.unwrap();
}
