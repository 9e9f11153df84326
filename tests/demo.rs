//! The headless demo, as a stranger runs it: five kinds of case, three persons, paper, city, restart, verification.
//! What it prints and leaves behind is looked at from outside.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeSet;
use std::process::{Command, Output};

fn xiangbao(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xiangbao")).args(args).env_remove("XIANGBAO_DATA").output().unwrap()
}

#[test]
fn the_headless_demo_walks_from_key_to_receipt() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_str().unwrap();
    let output = xiangbao(&["demo", "--headless", "--households", "60", "--dir", dir]);
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}\n{text}");
    // The screens it passed stand in the output, as text.
    for screen in
        ["签到", "首页", "参保人", "DJ 录入完", "BX 已受理", "审核队列", "打印预览", "付款单", "办件经过"]
    {
        assert!(text.contains(screen), "no screen {screen}");
    }
    // The last table: one line a case with its number.
    let table = text.split("====").last().unwrap();
    let codes: BTreeSet<&str> = ["DJTC01", "BGTC01", "ZXTC01", "ZYTC01", "BXTC01"]
        .into_iter()
        .filter(|code| table.contains(code))
        .collect();
    assert_eq!(codes.len(), 5, "{table}");
    assert_eq!(table.matches("jb01 > fh01 > sp01").count(), 5, "{table}");
    assert_eq!(table.matches("已核").count(), 5, "{table}");
    // Each with the city's receipt: sixteen hexadecimal digits of its identifier.
    let receipts = table
        .split("回执 ")
        .skip(1)
        .filter(|rest| rest.chars().take_while(char::is_ascii_hexdigit).count() == 16);
    assert_eq!(receipts.count(), 5, "{table}");
    // 10,000 in all: class C 1,000 own, class B 3,000 at 15 % first-paid, deductible 300, then 75 %.
    assert!(table.contains("总额 10,000.00") && table.contains("基金 6,187.50"), "{table}");
    // Paid through a bank by two finance persons, neither of whom decided a level.
    assert!(table.contains("付款 已支付"), "{table}");
    assert!(folder.path().join("station/bank").read_dir().unwrap().count() == 1);
    paper_is_clean(&folder.path().join("station/prints"));
    // The folder it left is a whole station: verified again by another process.
    let data = folder.path().join("station");
    let verified = xiangbao(&["--data", data.to_str().unwrap(), "verify", "--json"]);
    let answer: serde_json::Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert_eq!(answer["ok"], true, "{answer}");
}

/// Thirteen documents: a receipt and a form for each case, the settlement slip, and the two letters of the transfer.
fn paper_is_clean(prints: &std::path::Path) {
    let mut count = 0;
    for entry in std::fs::read_dir(prints).unwrap() {
        let path = entry.unwrap().path();
        let checked = Command::new("qpdf").arg("--check").arg(&path).output().unwrap();
        assert!(checked.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&checked.stdout));
        let text = Command::new("pdftotext").arg(&path).arg("-").output().unwrap();
        let text = String::from_utf8(text.stdout).unwrap();
        let number = path.file_name().unwrap().to_str().unwrap().split_once("-1-").unwrap().0.to_owned();
        assert!(text.contains(&number), "{} does not carry its number", path.display());
        let pages = text.matches('\u{c}').count() as u64;
        let size = std::fs::metadata(&path).unwrap().len();
        assert!(size <= 80 * 1024 * pages, "{}: {size} bytes on {pages} pages", path.display());
        count += 1;
    }
    assert_eq!(count, 13);
}
