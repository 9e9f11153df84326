//! Printing from the command line.

use super::bench::{Bench, keys, mode};

fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-") && bytes.len() < 80 * 1024
}

#[test]
fn blank_forms_need_no_account() {
    let bench = Bench::new();
    for code in ["DJ", "BG", "ZX", "ZY", "BX"] {
        let printed = bench.run(&["print", "--blank", code, "--json"]).exits(0).json();
        assert_eq!(keys(&printed), ["bytes", "pages", "path"]);
        assert!(is_pdf(&std::fs::read(printed["path"].as_str().unwrap()).unwrap()), "{code}");
    }
    let unknown = bench.run(&["print", "--blank", "QQ"]);
    assert!(unknown.exits(1).err.contains("QQ"));
}

#[test]
fn documents_are_listed_printed_and_counted() {
    let bench = Bench::new();
    let list = bench.clerk(&["print", &bench.made.claim, "--list"]).exits(0).out.clone();
    let ids: Vec<&str> = list.lines().map(|line| line.split('\t').next().unwrap()).collect();
    assert_eq!(ids, ["settlement-slip", "receipt", "reimbursement"]);
    // Without a wish, the most wanted one.
    let printed = bench.clerk(&["print", &bench.made.claim, "--json"]).exits(0).json();
    assert_eq!(keys(&printed), ["bytes", "copy", "pages", "path", "sha256", "title"]);
    assert_eq!(printed["copy"], 1);
    let path = std::path::PathBuf::from(printed["path"].as_str().unwrap());
    assert!(
        path.ends_with(format!("prints/{}-settlement-slip-1.pdf", bench.made.claim)),
        "{}",
        path.display()
    );
    assert!(is_pdf(&std::fs::read(&path).unwrap()));
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    let again = bench.clerk(&["print", &bench.made.claim]);
    assert!(again.exits(0).out.contains("（补打第2份）"), "{}", again.out);
    bench.clerk(&["print", &bench.made.claim, "--document", "receipt"]).exits(0);
    // Of another kind of case.
    let none = bench.clerk(&["print", &bench.made.claim, "--document", "enrolment"]);
    assert!(none.exits(1).err.contains("enrolment"));
    // Each print is journalled: the journal is still whole.
    bench.run(&["verify"]).exits(0);
    // Nobody prints a case without saying who.
    bench.run(&["print", &bench.made.claim]).exits(2);
}
