//! A bill by keyboard: items by initials, quantity and price, line after line; sums, repeated and inserted lines, a pasted
//! block, a hospital's list.

use xiangbao_core::form::{FieldPath, FormData, Row};

use super::desk::Bench;

/// The sample with an empty bill and one invoice.
fn bill(cols: u16, rows: u16, invoice: &str) -> Bench {
    let mut bench = Bench::new(cols, rows);
    let invoice = invoice.to_owned();
    bench.open_sample("reimbursement", move |data| {
        data.tables.insert("fees".to_owned(), vec![Row::new()]);
        data.tables.get_mut("invoices").unwrap().truncate(1);
        data.set(&FieldPath::cell("invoices", 0, "invo_amt"), &invoice);
        data.set(&FieldPath::single("medfee_sumamt"), &invoice);
    });
    to_line(&mut bench, 0);
    bench
}

/// Puts the focus on the item of a line.
fn to_line(bench: &mut Bench, row: usize) {
    let def = bench.station.library().form("reimbursement").unwrap().def.clone();
    let data = bench.draft().data;
    let shown = xiangbao_core::form::shown_fields(&def, &data, &bench.station.eval_context());
    let path = FieldPath::cell("fees", row, "item_name");
    let number = shown.iter().position(|other| *other == path).unwrap() + 1;
    bench.keys(&format!("<Ctrl-n>{number}<Enter>"));
}

fn fee(data: &FormData, row: usize, id: &str) -> String {
    data.get(&FieldPath::cell("fees", row, id)).to_owned()
}

fn cells(bench: &Bench, row: usize, ids: &[&str]) -> Vec<String> {
    let data = bench.draft().data;
    ids.iter().map(|id| fee(&data, row, id)).collect()
}

#[test]
fn initials_choose_an_item_and_enter_goes_on_to_the_next_line() {
    let mut bench = bill(80, 24, "346.00");
    // One item begins so: it is taken at once. Quantity, price, next line.
    bench.keys("zsytbqsn<Enter>").shows("甲类，单位 支，限价 12.5").shows("示例目录");
    bench.keys("8<Enter>12<Enter>");
    let ids =
        ["item_name", "cnt", "pric", "det_item_fee_sumamt", "chrgitm_lv", "selfpay_prop", "med_chrgitm_type"];
    assert_eq!(cells(&bench, 0, &ids), ["注射用头孢曲松钠", "8", "12", "96.00", "01", "0.0000", "09"]);
    assert_eq!(cells(&bench, 0, &["overlmt_amt", "med_list_codg"])[0], "");
    // Several: the list opens with what was typed, narrows as one types on, and Enter takes.
    bench.keys("cr<Enter>").shows("三大目录");
    bench.keys("<BS><BS>ctps<Enter>");
    bench.shows("甲 96.00").shows("乙 0.00");
    // Examinations bring their price: only the quantity is typed, the price is passed by Enter.
    bench.keys("1<Enter><Enter>");
    assert_eq!(cells(&bench, 1, &ids), ["CT平扫", "1", "220", "220.00", "02", "0.1500", "03"]);
    bench.shows("费用 2 行 316.00 票据 346.00  差 30.00 不符").shows("先自付 33.00").shows("范围内 283.00");
    // By code, in small letters; over the limit.
    let code = bench.station.library().catalogue.search("特需单人病房", today(), 1)[0].code.to_lowercase();
    bench.keys(&format!("{code}<Enter>1<Enter><Ctrl-u>30<Enter>"));
    assert_eq!(cells(&bench, 2, &ids), ["特需单人病房", "1", "30", "30.00", "03", "1.0000", "01"]);
    bench.shows("差 0.00 相符");
    // An empty line ends the bill.
    bench.keys("<Enter>");
    assert_eq!(bench.draft().data.rows("fees").len(), 3);
    bench.keys("<F8>").shows("没有待遇享受资格");
    // The page before submitting reckons what the line below said, under what the reviewers will look at.
    bench.keys("<PgDn>").shows("符合政策范围              283.00").shows("先行自付                   33.00");
}

fn today() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 10, 21).unwrap()
}

#[test]
fn an_amount_over_the_limit_is_split_and_follows_the_quantity() {
    let mut bench = bill(80, 24, "400.00");
    bench.keys("zsymlpn<Enter>2<Enter>130<Enter>");
    let ids = ["det_item_fee_sumamt", "overlmt_amt", "pric_uplmt_amt", "selfpay_prop", "expensive"];
    // 美罗培南: sample limit 108, 20 % first paid.
    assert_eq!(cells(&bench, 0, &ids), ["260.00", "44.00", "108", "0.2000", "1"]);
    bench.shows("超限价 44.00").shows("先自付 43.20").shows("范围内 172.80");
    to_line(&mut bench, 0);
    bench.keys("<Enter><Ctrl-u>3<Enter>");
    assert_eq!(cells(&bench, 0, &ids)[..2], ["390.00", "66.00"], "nobody typed over them: they follow");
    // An amount that somebody typed stays, and the doubt is said.
    to_line(&mut bench, 0);
    bench.keys("<Tab><Tab><Tab>");
    bench.draft();
}

#[test]
fn what_no_catalogue_knows_stays_as_the_list_has_it() {
    let mut bench = bill(80, 24, "50.00");
    bench.keys("自制药浴<Enter>").shows("目录中没有【自制药浴】");
    // Quantity and price may be empty; amount, class, kind are typed.
    bench.keys("<Enter><Enter>50<Enter>3<BS>03<Enter><Enter>05<Enter>");
    let ids = [
        "item_name",
        "cnt",
        "det_item_fee_sumamt",
        "chrgitm_lv",
        "selfpay_prop",
        "med_chrgitm_type",
        "med_list_codg",
    ];
    assert_eq!(cells(&bench, 0, &ids), ["自制药浴", "", "50.00", "03", "1.0000", "05", ""]);
    // Esc in the list keeps the typed word too.
    bench.keys("zsy<Enter>").shows("三大目录");
    bench.keys("<Esc><Tab>");
    assert_eq!(cells(&bench, 1, &["item_name"]), ["zsy"]);
    // Another item takes what the first had with it.
    to_line(&mut bench, 0);
    bench.keys("<Ctrl-u>zsymlpn<Enter>");
    to_line(&mut bench, 0);
    bench.keys("<Ctrl-u>别的东西<Enter>");
    assert_eq!(cells(&bench, 0, &["med_list_codg", "pric_uplmt_amt", "expensive"]), ["", "", ""]);
}

#[test]
fn lines_are_repeated_inserted_removed_and_brought_back() {
    let mut bench = bill(80, 24, "36.00");
    bench.keys("xdt<Enter>").shows("动态心电图");
    bench.keys("<Enter>1<Enter><Enter>");
    assert_eq!(cells(&bench, 0, &["item_name"]), ["心电图"]);
    // In the new empty line: the line above once more; that two are alike is said.
    bench.keys("<S-F2>").shows("已重复为第 2 行");
    assert_eq!(cells(&bench, 1, &["item_name", "det_item_fee_sumamt"]), ["心电图", "18.00"]);
    bench.keys("<Down>").shows("差 0.00 相符");
    bench.keys("<F8>").shows("第 2 行“心电图”与第 1 行完全相同");
    bench.keys("<Esc>");
    to_line(&mut bench, 1);
    bench.keys("<Ins>");
    assert_eq!(bench.draft().data.rows("fees").len(), 3);
    assert_eq!(cells(&bench, 1, &["item_name"]), [""]);
    bench.keys("<Ctrl-y>y");
    assert_eq!(bench.draft().data.rows("fees").len(), 2);
    bench.keys("<Ctrl-z>");
    assert_eq!(bench.draft().data.rows("fees").len(), 3);
    bench.keys("<Ctrl-z><Ctrl-z>");
    assert_eq!(bench.draft().data.rows("fees").len(), 1, "the repeated line goes in one step");
}

#[test]
fn a_block_takes_from_the_catalogue_what_it_leaves_open() {
    let mut bench = bill(80, 24, "0");
    bench.paste("心电图\t1\t18\n阿莫西林胶囊\t2\t１２.５\n没有的项目\t1\t5\t5\t丙\n");
    let ids = ["item_name", "det_item_fee_sumamt", "chrgitm_lv", "med_chrgitm_type"];
    assert_eq!(cells(&bench, 0, &ids), ["心电图", "18.00", "01", "03"]);
    assert_eq!(cells(&bench, 1, &ids), ["阿莫西林胶囊", "25.00", "01", "09"]);
    assert_eq!(cells(&bench, 2, &ids), ["没有的项目", "5.00", "03", ""]);
    // With titles it is a list: shown first, taken when asked for.
    let mut bench = bill(80, 24, "43.00");
    bench.paste(
        "项目名称\t单价\t数量\t金额\n心电图\t18\t1\t18.00\n阿莫西林胶囊\t12.5\t2\t25.00\n合计\t\t\t43.00\n",
    );
    bench.shows("费用清单预览").shows("合计 43.00 元").shows("相符").shows("按名称对上 2 行");
    assert!(bench.draft().data.rows("fees")[0].is_empty(), "nothing is taken yet");
    bench.keys("<Esc>").shows("把这 2 行（43.00 元）放进费用清单");
    bench.keys("y").shows("已导入 2 行");
    assert_eq!(cells(&bench, 1, &ids), ["阿莫西林胶囊", "25.00", "01", "09"]);
    bench.keys("<Ctrl-z>");
    assert!(bench.draft().data.rows("fees")[0].is_empty());
}

#[test]
fn a_hospital_s_file_is_shown_before_it_is_taken() {
    let mut bench = bill(80, 24, "61.00");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("清单.csv");
    let list = "示例医院住院费用清单\n项目名称,规格,数量,单价,金额,医保类别,自付比例(%)\n西药费\n阿莫西林胶囊,0.25g×24粒,2,12.5,25.00,甲,\n\
                心电图,,2,18,36.00,乙,10\n某院内制剂,,1,5,5.00,丙,100\n心电图,,-1,18,-18.00,乙,10\n检查费 小计,,,,18.00\n合计,,,,48.00\n";
    std::fs::write(&path, list).unwrap();
    bench.keys("<Ctrl-b>").shows("文件");
    bench.keys(&format!("{}<Enter>", path.display()));
    insta::assert_snapshot!("bill_preview_80x24", bench.text());
    bench.keys("<Esc>y").shows("已导入 3 行");
    let ids = ["item_name", "cnt", "det_item_fee_sumamt", "chrgitm_lv", "selfpay_prop", "med_chrgitm_type"];
    assert_eq!(cells(&bench, 0, &ids), ["阿莫西林胶囊", "2", "25.00", "01", "0.0000", "09"]);
    // The list says 乙 10 %: it stays, and was said.
    assert_eq!(cells(&bench, 1, &ids), ["心电图", "1", "18.00", "02", "0.1000", "09"]);
    assert_eq!(cells(&bench, 2, &ids), ["某院内制剂", "1", "5.00", "03", "1.0000", "09"]);
    // A file with faults is not taken, and says which cells.
    std::fs::write(&path, "项目名称,金额\n心电图,1.8E+01\n,5\n阿莫西林胶囊,五元\n").unwrap();
    bench.keys(&format!("<Ctrl-b>{}<Enter>", path.display()));
    bench.shows("没有导入").shows("B2").shows("科学计数").shows("没有项目名称").shows("不是数");
    bench.keys("<Esc>");
    assert_eq!(bench.draft().data.rows("fees").len(), 3);
}

/// Product 2.3: one screen of a long bill as the clerk sees it, at two sizes.
#[test]
fn a_bill_of_three_hundred_lines() {
    for (cols, rows) in [(80, 24), (120, 40)] {
        let mut bench = bill(cols, rows, "30000.00");
        let items: Vec<String> = bench
            .station
            .library()
            .catalogue
            .items()
            .iter()
            .take(150)
            .map(|item| item.name.clone())
            .collect();
        let lines: Vec<String> =
            (0..300).map(|index| format!("{}\t1\t{}", items[index % 150], 50 + index / 150)).collect();
        bench.paste(&lines.join("\n"));
        assert_eq!(bench.draft().data.rows("fees").len(), 300);
        to_line(&mut bench, 299);
        bench.shows("费用 300 行 15,150.00 票据 30,000.00  差 14,850.00 不符");
        let before = std::time::Instant::now();
        bench.keys("<Enter><Ctrl-u>2<Enter>");
        assert!(before.elapsed().as_secs() < 20, "{:?}", before.elapsed());
        bench.shows("费用 300 行 15,201.00");
        insta::assert_snapshot!(format!("bill_{cols}x{rows}"), bench.text());
        bench.keys("<Enter>").shows("费用 300 行");
        bench.keys("zsy<F4>");
        insta::assert_snapshot!(format!("bill_items_{cols}x{rows}"), bench.text());
    }
}
