//! Files of the two sample layouts, byte by byte as the layouts describe them, and what is refused on the way there and back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::*;
use xiangbao_core::money::Fen;

use super::*;

fn layout(id: &str) -> Layout {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("seed/banks/{id}.toml"));
    Layout::load(id, &std::fs::read_to_string(path).unwrap()).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn line(seq: u32, name: &str, account: &str, fen: i64) -> LineFacts {
    let texts = [
        (Field::AcctName, name),
        (Field::BankAcct, account),
        (Field::AcctKind, "2"),
        (Field::BankCode, "402"),
        (Field::BankName, "桃城支行"),
        (Field::Number, "BXTC01-1-000012"),
    ];
    let texts = texts.map(|(field, text)| (field, text.to_owned()));
    LineFacts { seq, amount: Fen(fen), texts: BTreeMap::from(texts) }
}

fn facts(lines: Vec<LineFacts>) -> FileFacts {
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let payer = layout("sample-fixed").payer;
    FileFacts { list_no: "FKTC01-1-000007".to_owned(), day, payer, lines }
}

fn two() -> FileFacts {
    facts(vec![line(1, "李䶮", "6228480000000000000", 618_750), line(2, "努尔·买买提", "450142400123456", 5)])
}

/// Written from the layout's description: each cell's width in bytes, GB18030 by the standard's tables
/// (李 C0EE; 䶮 FE9F; 努 C5AC 尔 B6FB · A1A4 买 C2F2 买 C2F2 提 CCE1; 桃 CCD2 城 B3C7 支 D6A7 行 D0D0;
/// 医 D2BD 保 B1A3 零 C1E3 星 D0C7 报 B1A8 销 CFFA; 示 CABE 例 C0FD 基 BBF9 金 BDF0 支 D6A7 出 B3F6 户 BBA7).
#[test]
fn the_fixed_file_is_what_its_layout_says() {
    let (name, bytes) = write_file(&layout("sample-fixed"), Use::Pay, &two()).unwrap();
    assert_eq!(name, "FKTC01-1-000007.txt");
    let mut expected: Vec<u8> = Vec::new();
    let mut cell = |bytes: &[u8], width: usize| {
        assert!(bytes.len() <= width);
        expected.extend_from_slice(bytes);
        expected.extend(std::iter::repeat_n(b' ', width - bytes.len()));
    };
    cell(b"H", 1);
    cell(b"FKTC01-1-000007", 24);
    cell(b"20261120", 8);
    cell(b"000002", 6);
    cell(b"000000000618755", 15);
    cell(b"4500000000000000018", 32);
    let payer = b"\xCA\xBE\xC0\xFD\xD2\xBD\xB1\xA3\xBB\xF9\xBD\xF0\xD6\xA7\xB3\xF6\xBB\xA7";
    cell(payer, 60);
    cell(b"", 54);
    cell(b"\r\n", 2);
    let purpose = b"\xD2\xBD\xB1\xA3\xC1\xE3\xD0\xC7\xB1\xA8\xCF\xFA";
    let branch = b"\xCC\xD2\xB3\xC7\xD6\xA7\xD0\xD0";
    type Cells = (&'static [u8], &'static [u8], &'static [u8], &'static [u8]);
    let rows: [Cells; 2] = [
        (b"000001", b"6228480000000000000", b"\xC0\xEE\xFE\x9F", b"0000000618750"),
        (
            b"000002",
            b"450142400123456",
            b"\xC5\xAC\xB6\xFB\xA1\xA4\xC2\xF2\xC2\xF2\xCC\xE1",
            b"0000000000005",
        ),
    ];
    for (seq, account, name, amount) in rows {
        cell(b"D", 1);
        cell(seq, 6);
        cell(account, 32);
        cell(name, 40);
        cell(b"402", 3);
        cell(branch, 60);
        cell(amount, 13);
        cell(purpose, 20);
        cell(b"BXTC01-1-000012", 25);
        cell(b"\r\n", 2);
    }
    cell(b"T", 1);
    cell(b"000002", 6);
    cell(b"000000000618755", 15);
    cell(b"", 178);
    cell(b"\r\n", 2);
    assert_eq!(bytes, expected);
    assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.is_empty() || line.len() == 201));
}

#[test]
fn the_separated_file_is_what_its_layout_says() {
    let mut facts = two();
    facts.lines[0].texts.insert(Field::BankName, "桃城支行,二楼\"南\"".to_owned());
    let (name, bytes) = write_file(&layout("sample-csv"), Use::Pay, &facts).unwrap();
    assert_eq!(name, "FKTC01-1-000007.csv");
    let expected = "序号,收款户名,收款账号,银行行别,开户行,金额,用途,业务编号\r\n\
        1,李䶮,6228480000000000000,402,\"桃城支行,二楼\"\"南\"\"\",6187.50,医保零星报销,BXTC01-1-000012\r\n\
        2,努尔·买买提,450142400123456,402,桃城支行,0.05,医保零星报销,BXTC01-1-000012\r\n\
        合计,FKTC01-1-000007,2026-11-20,2,6187.55\r\n";
    assert_eq!(String::from_utf8(bytes).unwrap(), expected);
}

#[test]
fn a_text_that_does_not_fit_is_refused_with_what_to_do() {
    let fixed = layout("sample-fixed");
    // 21 characters of two bytes in 40; U+20BB7 takes four bytes.
    let long = "买".repeat(21);
    let (seq, fault) = write_file(&fixed, Use::Pay, &facts(vec![line(3, &long, "62", 1)])).unwrap_err();
    assert_eq!(seq, 3);
    assert!(matches!(fault, TextFault::TooLong { bytes: 42, width: 40, .. }), "{fault}");
    assert!(fault.zh().contains("不能截断") && fault.zh().contains("银行用字"), "{}", fault.zh());
    let rare = format!("{}𠮷", "买".repeat(18));
    assert!(write_file(&fixed, Use::Pay, &facts(vec![line(1, &rare, "62", 1)])).is_ok(), "36 + 4 bytes");
    let gbk = Layout { encoding: Encoding::Gbk, ..layout("sample-fixed") };
    let (_, fault) = write_file(&gbk, Use::Pay, &facts(vec![line(1, "李𠮷", "62", 1)])).unwrap_err();
    assert!(fault.zh().contains("U+20BB7"), "{}", fault.zh());
    let csv = layout("sample-csv");
    for name in ["=1+1", "+86", "-1", "@x", "＝1"] {
        let (_, fault) = write_file(&csv, Use::Pay, &facts(vec![line(1, name, "62", 1)])).unwrap_err();
        assert!(matches!(fault, TextFault::Formula { .. }), "{name}: {fault}");
    }
    for (name, layout) in [("李\n四", &csv), ("李\u{202e}四", &fixed), ("李\t四", &fixed)] {
        let (_, fault) = write_file(layout, Use::Pay, &facts(vec![line(1, name, "62", 1)])).unwrap_err();
        assert!(matches!(fault, TextFault::Sign { .. }), "{name:?}: {fault}");
    }
    let bar = Layout { shape: Shape::Separated { separator: '|', quoted: false }, ..layout("sample-csv") };
    let (_, fault) = write_file(&bar, Use::Pay, &facts(vec![line(1, "李|四", "62", 1)])).unwrap_err();
    assert!(matches!(fault, TextFault::Sign { found: '|', .. }), "{fault}");
    for fen in [0, -1] {
        let (_, fault) = write_file(&fixed, Use::Pay, &facts(vec![line(1, "李", "62", fen)])).unwrap_err();
        assert!(matches!(fault, TextFault::NoValue { .. }), "{fen}: {fault}");
    }
}

#[test]
fn a_returned_csv_is_read_with_its_totals() {
    let csv = layout("sample-csv");
    let head = "序号,收款户名,收款账号,金额,处理日期,结果,说明\r\n";
    let good = format!(
        "{head}1,李䶮,6228480000000000000,6187.50,2026-11-21,成功,\r\n\
         2,努尔·买买提,450142400123456,0.05,2026-11-21,户名不符,\"证件,姓名\"\r\n合计,FKTC01-1-000007,2,6187.55\r\n"
    );
    let back = read_back(&csv, Use::PayResult, good.as_bytes()).unwrap();
    assert_eq!((back.list_no.as_deref(), back.lines.len()), (Some("FKTC01-1-000007"), 2));
    assert_eq!((back.lines[1].line, back.lines[1].seq, back.lines[1].amount), (3, 2, Fen(5)));
    assert_eq!(back.lines[1].texts[&Field::Reason], "证件,姓名");
    for (bad, words) in [
        (good.replace("合计,FKTC01-1-000007,2", "合计,FKTC01-1-000007,3"), "总笔数不符"),
        (good.replace("6187.55", "6187.56"), "总金额不符"),
        (good.replace("0.05", "0.051"), "金额【0.051】读不出"),
        (good.replace("2,努尔", "二,努尔"), "序号【二】读不出"),
        (good.replace("2026-11-21,户名", "2026-13-21,户名"), "日期"),
        (good.replace("处理日期", "日期"), "标题为【日期】"),
        (good.replace("合计", "总计"), "应为【合计】"),
        (good.replace(",成功,", ",成功"), "有 6 栏，版式为 7 栏"),
        (good.replace("\"证件,姓名\"", "\"证件,姓名"), "引号不成对"),
        (good.replace("李䶮", "李\u{7}"), "U+0007"),
        (String::new(), "空的"),
    ] {
        let fault = read_back(&csv, Use::PayResult, bad.as_bytes()).unwrap_err();
        assert!(fault.zh().contains(words), "{words}: {}", fault.zh());
    }
    let gb = encoding_rs::GB18030.encode(&good).0.into_owned();
    let fault = read_back(&csv, Use::PayResult, &gb).unwrap_err();
    assert!(matches!(fault, ReadFault::Encoding { line: 1, .. }), "{fault}");
}

#[test]
fn a_bad_layout_is_refused_with_line_and_fix() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seed/banks/sample-fixed.toml");
    let good = std::fs::read_to_string(path).unwrap();
    for (from, to, key, words) in [
        ("shape = \"fixed\"", "shape = \"wide\"", "shape", "unknown shape"),
        ("line_end = \"crlf\"", "line_end = \"cr\"", "line_end", "unknown line end"),
        ("encoding = \"gb18030\"", "encoding = \"big5\"", "", "big5"),
        ("sample = true", "sample = true\nsampel = true", "", "sampel"),
        (
            "field = \"acct_name\"\nwidth = 40",
            "field = \"acct_nam\"\nwidth = 40",
            "acct_nam",
            "unknown field",
        ),
        ("field = \"seq\"\nwidth = 6", "field = \"seq\"", "seq", "no width"),
        ("width = 13\npad = \"0\"\nunit = \"fen\"", "width = 13\npad = \"0\"", "amount", "without a unit"),
        (
            "field = \"bankacct\"\nwidth = 32",
            "field = \"bankacct\"\nwidth = 32\npad = \"0\"",
            "bankacct",
            "zeros",
        ),
        ("width = 8\ndate", "width = 7\ndate", "date", "8 bytes"),
        (
            "width = 60\n[[pay.header]]\nfield = \"blank\"",
            "width = 6\n[[pay.header]]\nfield = \"blank\"",
            "payer_name",
            "do not fit",
        ),
        ("outcome = \"done\"", "outcome = \"paid\"", "outcome", "unknown outcome"),
        ("code = \"01\"", "code = \"00\"", "code", "stands twice"),
        ("file = \"{list}.txt\"", "file = \"../{list}\"", "pay", "other signs"),
        ("[[pay_result.line]]\nfield = \"code\"\nwidth = 2\n", "", "pay_result", "no code"),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good, "{from}");
        let faults = Layout::load("bank.toml", &text).unwrap_err();
        let found = faults.iter().find(|fault| fault.key == key && fault.message.contains(words));
        let found = found.unwrap_or_else(|| panic!("{from}: {faults:?}"));
        assert!(found.line > 0 && !found.fix.is_empty(), "{found}");
    }
    let place = Layout::load("bank.toml", &good.replacen("\"crlf\"", "\"cr\"", 1)).unwrap_err();
    let line = good.lines().position(|line| line.starts_with("line_end")).unwrap() + 1;
    assert_eq!(place[0].line, line);
}

fn name() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            proptest::char::range('\u{4e00}', '\u{9fa5}'),
            proptest::char::range('\u{20000}', '\u{2a6d6}'),
            Just('·'),
            proptest::char::range('A', 'z').prop_filter("letters", char::is_ascii_alphabetic),
        ],
        1..=9,
    )
    .prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    /// Totals of the file are totals of its lines, and what was written is read back as it was: the bank answers every
    /// line as it came, in either shape.
    #[test]
    fn what_is_written_can_be_read_back(
        lines in proptest::collection::vec((name(), 15_u32..=19, 1_i64..=99_999_999), 1..=40)
    ) {
        let lines: Vec<LineFacts> = lines
            .into_iter()
            .zip(1_u32..)
            .map(|((name, digits, fen), seq)| line(seq, &name, &"7".repeat(digits as usize), fen))
            .collect();
        let facts = facts(lines);
        for id in ["sample-fixed", "sample-csv"] {
            let mut layout = layout(id);
            let (_, bytes) = write_file(&layout, Use::Pay, &facts).unwrap();
            // The office's own file, read by its own description.
            let part = layout.parts[&Use::Pay].clone();
            layout.parts.insert(Use::PayResult, part);
            let back = read_back(&layout, Use::PayResult, &bytes).unwrap();
            prop_assert_eq!(back.list_no.as_deref(), Some(facts.list_no.as_str()));
            prop_assert_eq!(Fen::checked_sum(back.lines.iter().map(|line| line.amount)), facts.sum());
            for (sent, read) in facts.lines.iter().zip(&back.lines) {
                prop_assert_eq!(read.seq, sent.seq);
                prop_assert_eq!(&read.texts[&Field::AcctName], &sent.texts[&Field::AcctName]);
                prop_assert_eq!(&read.texts[&Field::BankAcct], &sent.texts[&Field::BankAcct]);
            }
        }
    }

    /// Whatever bytes a bank sends, reading ends with an answer.
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for id in ["sample-fixed", "sample-csv"] {
            let _ = read_back(&layout(id), Use::PayResult, &bytes);
        }
    }
}
