//! Bills: what the screen says below the lines is what the settlement reckons; lists that hospitals bring, good and bad;
//! a line keeps what it took from the catalogue. The files are made here: no hospital's list, no real person.

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use xiangbao::app::{BillPreview, Draft};
use xiangbao_core::form::{FieldPath, Row};
use xiangbao_core::money::Fen;

use super::desk::{Office, cell};

fn claim(office: &Office) -> Draft {
    let play = office.play("BX");
    office.draft(&office.actor("c1"), &play)
}

fn empty(office: &Office) -> Draft {
    let mut draft = claim(office);
    draft.data.tables.insert("fees".to_owned(), vec![Row::new()]);
    draft
}

fn preview(office: &Office, bytes: &[u8]) -> BillPreview {
    let draft = empty(office);
    office
        .station
        .preview_bill(&office.actor("c1"), &draft, bytes, "清单")
        .unwrap_or_else(|e| panic!("{}", e.zh()))
}

fn refused(office: &Office, bytes: &[u8]) -> String {
    let draft = empty(office);
    let error = office.station.preview_bill(&office.actor("c1"), &draft, bytes, "清单").unwrap_err();
    error.zh()
}

fn value<'r>(preview: &'r BillPreview, row: usize, id: &str) -> &'r str {
    preview.rows[row].get(id).map_or("", String::as_str)
}

fn faults(preview: &BillPreview) -> Vec<(u32, &str, &str)> {
    preview.faults.iter().map(|f| (f.row, f.column.as_str(), f.rule.as_str())).collect()
}

/// 200 bills drawn from a fixed row of numbers: every class, shares with and without a figure, limits, halves of a fen.
#[test]
fn the_sums_below_the_lines_are_those_of_the_settlement() {
    let office = Office::new();
    let mut draft = claim(&office);
    let snapshot = office.station.snapshot().unwrap();
    let mut seed = 20_261_120_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for _ in 0..200 {
        let lines = 1 + next(12);
        let rows = (0..lines).map(|_| {
            let fen = 1 + next(500_000);
            let class = ["01", "02", "02", "03"][next(4) as usize];
            let share = match (class, next(3)) {
                ("01", _) => "0.0000".to_owned(),
                ("03", _) => "1.0000".to_owned(),
                (_, 0) => String::new(),
                _ => format!("0.{:04}", next(9_999)),
            };
            let over = if next(3) == 0 { next(fen) } else { 0 };
            let yuan = |fen: u64| Fen(i64::try_from(fen).unwrap()).to_yuan();
            let mut row = Row::new();
            for (id, value) in [
                ("item_name", "示例".to_owned()),
                ("med_chrgitm_type", "09".to_owned()),
                ("chrgitm_lv", class.to_owned()),
                ("det_item_fee_sumamt", yuan(fen)),
                ("selfpay_prop", share),
                ("overlmt_amt", if over == 0 || class == "03" { String::new() } else { yuan(over) }),
            ] {
                if !value.is_empty() {
                    row.insert(id.to_owned(), value);
                }
            }
            row
        });
        let rows: Vec<Row> = rows.collect();
        draft.data.tables.insert("fees".to_owned(), rows);
        let sums = office.station.bill_sums(&draft).unwrap();
        let settled = office.station.settle(&snapshot, &draft.data).unwrap();
        assert_eq!(sums.total, settled.medfee_sumamt, "{:?}", draft.data.rows("fees"));
        assert_eq!(sums.first_paid, settled.preselfpay_amt, "{:?}", draft.data.rows("fees"));
        assert_eq!(sums.over_limit, settled.overlmt_selfpay);
        assert_eq!(sums.in_scope, settled.inscp_scp_amt);
        assert_eq!(sums.classes[2], settled.fulamt_ownpay_amt);
        assert_eq!((sums.lines as u64, sums.open), (lines, 0));
    }
}

#[test]
fn lines_that_are_not_whole_are_counted_and_add_what_they_have() {
    let office = Office::new();
    let mut draft = empty(&office);
    let mut set = |row: usize, id: &str, value: &str| {
        office.station.save_field(&mut draft, &cell("fees", row, id), value).unwrap();
    };
    set(0, "item_name", "某药");
    set(0, "det_item_fee_sumamt", "10");
    set(1, "item_name", "另一药");
    set(1, "det_item_fee_sumamt", "十元");
    let sums = office.station.bill_sums(&draft).unwrap();
    assert_eq!((sums.lines, sums.open, sums.total), (2, 2, Fen(1_000)));
    assert_eq!(sums.difference(), sums.control.checked_sub(Fen(1_000)).unwrap());
    // Other forms have no bill.
    let other = office.station.open_draft(&office.actor("c1"), "BG", None).unwrap();
    assert!(office.station.bill_sums(&other).is_none());
}

const LIST: &str = "项目名称,数量,单价,金额\n心电图,2,18,36.00\n阿莫西林胶囊,1,12.50,12.50\n";

#[test]
fn a_list_in_every_encoding_says_the_same() {
    let office = Office::new();
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(LIST.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let marked = [b"\xEF\xBB\xBF".as_slice(), LIST.as_bytes()].concat();
    let gb = encoding_rs::GB18030.encode(LIST).0.into_owned();
    let tabs = LIST.replace(',', "\t").into_bytes();
    let semicolons = LIST.replace(',', ";").into_bytes();
    let windows = LIST.replace('\n', "\r\n").into_bytes();
    for bytes in [LIST.as_bytes().to_vec(), marked, gb, utf16, tabs, semicolons, windows] {
        let read = preview(&office, &bytes);
        assert!(read.whole(), "{:?}", read.faults);
        assert_eq!((read.lines, read.sum, read.known), (2, Fen(4_850), [0, 2]));
        assert_eq!((value(&read, 0, "chrgitm_lv"), value(&read, 0, "med_chrgitm_type")), ("01", "03"));
        assert_eq!(value(&read, 1, "pric"), "12.5");
    }
}

#[test]
fn figures_as_hospitals_write_them() {
    let office = Office::new();
    let list = "收费项目名称,总量,单价(元),金额（元）,医保等级,自付比例,费用发生时间\n\
                ★心 电 图,２,１８,\"¥1,036.00\",甲,0,2026-10-13 08:30:00\n\
                某某检查,1,0.333333,0.33,乙,15%,2026.10.14\n\
                某某治疗,,,20元,丙类,100％,20261015\n";
    let read = preview(&office, list.as_bytes());
    assert!(read.whole(), "{:?}", read.faults);
    let ids = ["cnt", "pric", "det_item_fee_sumamt", "chrgitm_lv", "selfpay_prop", "fee_ocur_time"];
    let row = |index: usize| ids.map(|id| value(&read, index, id));
    assert_eq!(row(0), ["2", "18", "1036.00", "01", "0.0000", "2026-10-13"]);
    assert_eq!(row(1), ["1", "0.333333", "0.33", "02", "0.1500", "2026-10-14"]);
    assert_eq!(row(2), ["", "", "20.00", "03", "1.0000", "2026-10-15"]);
    assert_eq!(value(&read, 0, "item_name"), "★心 电 图", "the list's own words stay");
    assert_eq!(value(&read, 0, "med_list_codg"), "SLJC0016");
    assert_eq!((read.unknown.len(), read.unknown[0].row), (2, 3));
    assert_eq!(read.open, 2, "the kind of charge of two lines is the clerk's to fill");
}

#[test]
fn each_cell_that_cannot_be_read_is_named_and_nothing_is_taken() {
    let office = Office::new();
    for (line, column, rule) in [
        ("心电图,1,18,1.8E+01", "D", "cell.precision"),
        ("心电图,1,18,\"18,00\"", "D", "cell.number"),
        ("心电图,1,18,18.005", "D", "cell.decimals"),
        ("心电图,1,18,十八", "D", "cell.number"),
        ("心\u{200b}电图,1,18,18.00", "A", "cell.control"),
        ("心\u{1b}[31m电图,1,18,18.00", "A", "cell.control"),
        (",1,18,18.00", "A", "required"),
        ("心电图,,,", "D", "required"),
        ("心电图,1,18,-18.00", "", "bill.amount"),
        ("心电图,9999999999,9999999999,", "", "bill.amount"),
    ] {
        let list = format!("项目名称,数量,单价,金额\n阿莫西林胶囊,1,5,5.00\n{line}\n");
        let read = preview(&office, list.as_bytes());
        assert_eq!(faults(&read), [(3, column, rule)], "{line}");
        assert!(!read.whole() && !read.faults[0].fix.is_empty());
        let mut draft = empty(&office);
        assert!(office.station.take_bill(&mut draft, &read).is_err());
        assert!(draft.data.rows("fees")[0].is_empty());
    }
    for (bytes, words) in [
        (b"".as_slice(), "没有找到标题行"),
        ("姓名,金额\n农建国,5\n".as_bytes(), "项目名称"),
        ("项目名称,金额\n".as_bytes(), "没有内容"),
        ("项目名称,金额,总金额\n心电图,18,18\n".as_bytes(), "都是"),
        (b"\xD0\xCF\x11\xE0old".as_slice(), "旧版"),
        (b"PK\x03\x04broken".as_slice(), "读不出来"),
        (b"\xff\xfe\xff\xff\x00".as_slice(), "编码无法识别"),
    ] {
        assert!(refused(&office, bytes).contains(words), "{}", refused(&office, bytes));
    }
    assert!(refused(&office, &vec![b'a'; 50 * 1024 * 1024 + 1]).contains("太大"));
    let long = format!("项目名称,金额\n{}", "心电图,18\n".repeat(20_001));
    assert!(refused(&office, long.as_bytes()).contains("20000"));
}

#[test]
fn totals_headings_and_repeated_titles_are_no_lines() {
    let office = Office::new();
    let list = "某某医院住院费用汇总清单,,,\n病人：示例,,,\n项目名称,数量,单价,金额\n西药费,,,\n阿莫西林胶囊,1,5,5.00\n\
                某某注射液,1,7,7.00\n西药费小计,,,12.00\n项目名称,数量,单价,金额\n检查费：,,,\n心电图,1,18,18.00\n小计,,,18.00\n\
                合计,,,31.00\n打印时间：2026-10-21,,,\n心电图,1,18,18.00\n";
    let read = preview(&office, list.as_bytes());
    assert!(read.whole(), "{:?}", read.faults);
    assert_eq!((read.lines, read.sum), (3, Fen(3_000)));
    // The list's own total says one yuan more: shown, and the clerk decides.
    assert_eq!(read.totals, [(12, Fen(3_100))]);
    assert_eq!(value(&read, 1, "med_chrgitm_type"), "09", "by the heading above it");
}

#[test]
fn a_refund_goes_off_its_own_line_and_the_sum_stays() {
    let office = Office::new();
    let head = "项目名称,数量,单价,金额\n";
    let list = format!(
        "{head}某药,5,10,50.00\n某药,3,12,36.00\n某药,-2,10,-20.00\n某药,-3,12,(36.00)\n心电图,1,18,18.00\n"
    );
    let read = preview(&office, list.as_bytes());
    assert!(read.whole(), "{:?}", read.faults);
    assert_eq!((read.sum, read.rows.len(), read.netted.len()), (Fen(4_800), 2, 2));
    assert_eq!((value(&read, 0, "cnt"), value(&read, 0, "det_item_fee_sumamt")), ("3", "30.00"));
    let total: i64 = read
        .rows
        .iter()
        .map(|row| xiangbao_core::money::parse_yuan(&row["det_item_fee_sumamt"]).unwrap().0)
        .sum();
    assert_eq!(total, read.sum.0);
    // Another price, another item, more than there is: nobody guesses.
    for refund in ["某药,-2,11,-22.00", "别的药,-1,10,-10.00", "某药,-6,10,-60.00"] {
        let read = preview(&office, format!("{head}某药,5,10,50.00\n{refund}\n").as_bytes());
        assert_eq!(faults(&read), [(3, "", "bill.amount")], "{refund}");
    }
}

fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_with_merged_titles_formulas_and_binary_fractions() {
    let office = Office::new();
    let bytes = book(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 4, "费用清单", &plain).unwrap();
        sheet.merge_range(1, 0, 2, 0, "项目名称", &plain).unwrap();
        sheet.merge_range(1, 1, 1, 3, "费用", &plain).unwrap();
        for (column, title) in [(1_u16, "数量"), (2, "单价"), (3, "金额")] {
            sheet.write_string(2, column, title).unwrap();
        }
        sheet.write_string(1, 4, "国家医保编码").unwrap();
        sheet.write_string(3, 0, "=HYPERLINK(\"x\")").unwrap();
        sheet.write_number(3, 1, 3.0).unwrap();
        sheet.write_number(3, 2, 0.1).unwrap();
        sheet.write_formula(3, 3, Formula::new("=B4*C4").set_result("0.30000000000000004")).unwrap();
        sheet.write_string(4, 0, "门冬胰岛素").unwrap();
        sheet.write_number(4, 1, 1.0).unwrap();
        sheet.write_number(4, 2, 80.0).unwrap();
        sheet.write_string(4, 4, "slxy9001").unwrap();
    });
    let read = preview(&office, &bytes);
    assert!(read.whole(), "{:?}", read.faults);
    assert_eq!(read.sum, Fen(8_030));
    assert_eq!(value(&read, 0, "item_name"), "=HYPERLINK(\"x\")", "a text, and nothing else");
    assert_eq!(value(&read, 0, "det_item_fee_sumamt"), "0.30");
    // By its code; without an amount it is quantity times price, and the part over the limit follows.
    assert_eq!((value(&read, 1, "med_list_codg"), value(&read, 1, "pric_uplmt_amt")), ("SLXY9001", "72"));
    let mut draft = empty(&office);
    office.station.take_bill(&mut draft, &read).unwrap();
    let at = |id: &str| draft.data.get(&cell("fees", 1, id)).to_owned();
    assert_eq!(
        [at("det_item_fee_sumamt"), at("overlmt_amt"), at("selfpay_prop")],
        ["80.00", "8.00", "0.1000"]
    );
    let error = book(|sheet| {
        sheet.write_string(0, 0, "项目名称").unwrap();
        sheet.write_string(0, 1, "金额").unwrap();
        sheet.write_string(1, 0, "心电图").unwrap();
        sheet.write_formula(1, 1, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    });
    assert_eq!(preview(&office, &error).faults.len(), 1);
}

#[test]
fn a_list_that_is_too_long_for_the_form_is_refused_whole() {
    let office = Office::new();
    let list = format!("项目名称,金额\n{}", (0..401).map(|i| format!("项目{i},1.00\n")).collect::<String>());
    let read = preview(&office, list.as_bytes());
    assert_eq!(faults(&read), [(0, "", "bill.rows")]);
    assert!(read.faults[0].message.contains("401 行") && read.faults[0].message.contains("400 行"));
    // Only who fills the form may look, and only that form takes a list.
    let draft = empty(&office);
    assert!(office.station.preview_bill(&office.actor("r1"), &draft, LIST.as_bytes(), "清单").is_err());
    let other = office.station.open_draft(&office.actor("c1"), "BG", None).unwrap();
    let refused =
        office.station.preview_bill(&office.actor("c1"), &other, LIST.as_bytes(), "清单").unwrap_err();
    assert!(refused.zh().contains("零星报销"));
}

/// The class of an item changed on 2020-01-01 (sample): the day of the charge decides, not today.
#[test]
fn the_day_of_the_charge_decides_which_row_of_the_catalogue_holds() {
    let office = Office::new();
    let list = "项目名称,金额,日期\n门冬胰岛素注射液,10.00,2019-12-31\n门冬胰岛素注射液,10.00,2020-01-01\n";
    let read = preview(&office, list.as_bytes());
    assert_eq!((value(&read, 0, "chrgitm_lv"), value(&read, 1, "chrgitm_lv")), ("03", "02"));
}

/// A case keeps what its lines took: another catalogue changes neither its lines nor its settlement.
#[test]
fn another_catalogue_never_re_judges_an_old_case() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let mut draft = claim(&office);
    office.station.take_item(&mut draft, &cell("fees", 0, "item_name"), "SLXY0002").unwrap();
    for (id, value) in [("cnt", "10"), ("pric", "600")] {
        office.station.save_field(&mut draft, &cell("fees", 0, id), value).unwrap();
    }
    office.settle_papers(&mut draft);
    let case = office.accept(&clerk, &draft).unwrap().case_id;
    let kept = |office: &Office| {
        let data = office.case(&case).filing.data;
        let ids = ["med_list_codg", "item_name", "chrgitm_lv", "selfpay_prop", "unit"];
        ids.map(|id| data.get(&FieldPath::cell("fees", 0, id)).to_owned())
    };
    let before = kept(&office);
    assert_eq!(before, ["SLXY0002", "阿莫西林克拉维酸钾片", "02", "0.1000", "盒"]);
    let settled =
        office.station.settle(&office.station.snapshot().unwrap(), &office.case(&case).filing.data).unwrap();
    // The same code is 丙 now, for a station that starts anew.
    let file = office.folder.path().join("new.csv");
    std::fs::write(
        &file,
        "目录编码,名称,类别,费用类别,生效日期,来源\nSLXY0002,阿莫西林克拉维酸钾片,丙,西药费,2017-07-01,示例\n",
    )
    .unwrap();
    let folder = office.folder.path().to_owned();
    let report =
        xiangbao::app::import_catalogue(&folder, &file, &Default::default(), false, &mut |_| {}).unwrap();
    assert!(report.installed, "{report:?}");
    let office = office.reopened();
    assert_eq!(office.station.library().catalogue_hash, report.hash);
    assert_eq!(office.station.library().catalogue.items()[0].class, "03");
    assert_eq!(kept(&office), before);
    let again =
        office.station.settle(&office.station.snapshot().unwrap(), &office.case(&case).filing.data).unwrap();
    assert_eq!(again.inscp_scp_amt, settled.inscp_scp_amt);
    office.pass(&case, &["c2", "r1", "a1"]);
    office.verified();
}
