//! Printing from the command line.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::bench::{Answer, Bench, keys, mode};

/// A PDF of at most 80 KB a page, as `--json` describes it.
fn is_pdf(printed: &serde_json::Value) -> bool {
    let bytes = std::fs::read(printed["path"].as_str().unwrap()).unwrap();
    let pages = usize::try_from(printed["pages"].as_u64().unwrap()).unwrap();
    bytes.starts_with(b"%PDF-") && bytes.len() < 80 * 1024 * pages
}

#[test]
fn blank_forms_need_no_account() {
    let bench = Bench::new();
    for code in ["DJ", "BG", "ZX", "ZY", "BX"] {
        let printed = bench.run(&["print", "--blank", code, "--json"]).exits(0).json();
        assert_eq!(keys(&printed), ["bytes", "pages", "path"]);
        assert!(is_pdf(&printed), "{code}");
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
    assert_eq!(keys(&printed), ["bytes", "copy", "pages", "path", "proof", "sha256", "title"]);
    assert_eq!(printed["copy"], 1);
    let path = std::path::PathBuf::from(printed["path"].as_str().unwrap());
    assert!(
        path.ends_with(format!("prints/{}-settlement-slip-1.pdf", bench.made.claim)),
        "{}",
        path.display()
    );
    let bytes = std::fs::read(&path).unwrap();
    // The limit is one of each page, as for the papers of the demo (tests/demo.rs).
    let pages = usize::try_from(printed["pages"].as_u64().unwrap()).unwrap();
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() <= 80 * 1024 * pages, "{} on {pages}", bytes.len());
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    let again = bench.clerk(&["print", &bench.made.claim]);
    assert!(again.exits(2).err.contains("补打第 2 份要写明领取人"), "{}", again.err);
    let again = bench.clerk(&["print", &bench.made.claim, "--collector", "韦阿美", "--relation", "agent"]);
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

/// A folder with a printing system that only writes down what it was asked.
fn printing_system(folder: &Path, lp: &str) -> PathBuf {
    let tools = folder.join("tools");
    std::fs::create_dir_all(&tools).unwrap();
    for (name, text) in [("lp", lp), ("lpstat", "echo Epson_LQ630\necho Laser-2\n")] {
        let file = tools.join(name);
        std::fs::write(&file, format!("#!/bin/sh\n{text}")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    tools
}

/// Runs as the clerk with these programs before those of the machine.
fn clerk_with(bench: &Bench, tools: &Path, args: &[&str]) -> Answer {
    let path = std::env::join_paths([tools, Path::new("/usr/bin"), Path::new("/bin")]).unwrap();
    bench.by_with("jb01", args, &[("PATH", path.to_str().unwrap())])
}

#[test]
fn a_document_goes_to_the_queue_that_was_named() {
    let bench = Bench::new();
    let tools = printing_system(
        bench.folder(),
        "printf '%s\\n' \"$@\" > \"$XIANGBAO_DATA/asked\"\necho request id is Q-7\n",
    );
    let printed =
        clerk_with(&bench, &tools, &["print", &bench.made.claim, "--printer", "Epson_LQ630", "--json"]);
    assert!(printed.exits(0).err.contains("Epson_LQ630 已接收  request id is Q-7"), "{}", printed.err);
    let path = printed.json()["path"].as_str().unwrap().to_owned();
    let asked = std::fs::read_to_string(bench.folder().join("asked")).unwrap();
    assert_eq!(asked, format!("-d\nEpson_LQ630\n-o\nmedia=A4\n-o\nprint-scaling=none\n--\n{path}\n"));
    assert_eq!(mode(Path::new(&path)), 0o600);
    let env = [("PATH", tools.to_str().unwrap())];
    let list = bench.run_with(&["print", "printers", "--json"], &env).exits(0).json();
    assert_eq!(list["queues"], serde_json::json!(["Epson_LQ630", "Laser-2"]));
    // A name that would be an option never reaches the program, and the copy is not lost.
    let bad = clerk_with(&bench, &tools, &["print", &bench.made.change, "--printer=-oraw"]);
    assert!(bad.exits(2).err.contains("不能用"), "{}", bad.err);
}

#[test]
fn a_printer_that_refuses_or_is_not_there_leaves_the_file_and_says_so() {
    let bench = Bench::new();
    let tools = printing_system(bench.folder(), "echo 'lp: The printer is out of paper.' >&2\nexit 1\n");
    let said = clerk_with(&bench, &tools, &["print", &bench.made.claim, "--printer", "Laser-2"]);
    assert!(said.exits(4).err.contains("打印系统没有接收：lp: The printer is out of paper."), "{}", said.err);
    assert!(said.out.contains("prints/"), "{}", said.out);
    let nothing = [("PATH", "/nowhere")];
    let missing = bench.run_with(&["print", "--blank", "BG", "--printer", "Laser-2"], &nothing);
    assert!(missing.exits(4).err.contains("没有打印系统"), "{}", missing.err);
    assert!(bench.run_with(&["print", "printers"], &nothing).exits(0).out.contains("没有打印队列"));
}

#[test]
fn a_paper_is_proved_by_its_code_and_its_file() {
    let bench = Bench::new();
    let printed = bench.clerk(&["print", &bench.made.claim, "--json"]).exits(0).json();
    let (proof, path) = (printed["proof"].as_str().unwrap(), printed["path"].as_str().unwrap());
    let answer = bench.run(&["print", "verify", proof, "--pdf", path, "--json"]).exits(0).json();
    assert_eq!(keys(&answer), ["code", "pdf"]);
    for what in ["code", "pdf"] {
        assert_eq!(answer[what]["verdict"], "genuine");
        let copy = &answer[what]["copies"][0];
        assert_eq!(
            (copy["number"].as_str(), copy["copy"].as_u64()),
            (Some(bench.made.claim.as_str()), Some(1))
        );
        assert_eq!(copy["sha256"], printed["sha256"]);
    }
    assert!(bench.run(&["print", "verify", proof]).exits(0).out.contains("验真码：真"));
    let altered = format!("{}0000", &proof[..proof.len() - 4]);
    assert!(bench.run(&["print", "verify", &altered]).exits(1).out.contains("内容与存档不符"));
    assert!(bench.run(&["print", "verify", "XB1:A:B:1:0123456789ABCDEF"]).exits(1).out.contains("查无此件"));
    assert!(bench.run(&["print", "verify", "12345"]).exits(2).err.contains("不是本系统的验真码"));
    bench.run(&["print", "verify"]).exits(2);
}

#[test]
fn stock_is_calibrated_and_a_card_is_printed() {
    let bench = Bench::new();
    let set = ["print", "calibrate", "--printer", "Epson_LQ630", "--document", "receipt"];
    let numbers = ["--x", "1.5", "--y", "-0.8", "--scale", "1003"];
    let said = bench.clerk(&[&set[..], &numbers[..]].concat());
    assert!(said.exits(0).out.contains("右 1.5 毫米 下 -0.8 毫米 比例 1003‰"), "{}", said.out);
    let list = bench.run(&["print", "printers", "--json"]).exits(0).json();
    let row = &list["calibrations"][0];
    assert_eq!(
        (&row["printer"], &row["x"], &row["scale"]),
        (&"Epson_LQ630".into(), &"1.5".into(), &"1003".into())
    );
    assert!(bench.clerk(&[&set[..], &["--x", "99"][..]].concat()).exits(2).err.contains("-30 到 30"));
    let none = bench.clerk(&["print", "calibrate", "--document", "nothing"]);
    assert!(none.exits(1).err.contains("nothing"));
    let card = bench.run(&["print", "card", "--json"]).exits(0).json();
    let bytes = std::fs::read(card["path"].as_str().unwrap()).unwrap();
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() < 80 * 1024);
    let stock = bench.clerk(&["print", &bench.made.claim, "--document", "receipt", "--overprint", "--json"]);
    let whole =
        bench.clerk(&["print", &bench.made.claim, "--document", "receipt", "--collector", "覃某", "--json"]);
    let size = |answer: &Answer| answer.exits(0).json()["bytes"].as_u64().unwrap();
    assert!(size(&stock) < size(&whole), "values alone are less than the whole form");
}

#[test]
fn a_village_is_printed_as_one_file() {
    let bench = Bench::new();
    let list = bench.clerk(&["case", "list", &bench.made.change, "--json"]).exits(0).json();
    let code = list[0]["village"].as_str().unwrap().to_owned();
    let printed =
        bench.clerk(&["print", "--village", &code, "--document", "receipt", "--json"]).exits(0).json();
    assert_eq!(keys(&printed), ["bytes", "documents", "left_out", "pages", "path", "sha256"]);
    let documents = printed["documents"].as_u64().unwrap();
    assert_eq!(printed["pages"].as_u64().unwrap(), documents + 1, "a cover and a page each");
    let answer =
        bench.run(&["print", "verify", "--pdf", printed["path"].as_str().unwrap(), "--json"]).exits(0).json();
    assert_eq!(answer["pdf"]["copies"].as_array().unwrap().len() as u64, documents);
    assert!(
        bench
            .clerk(&["print", "--village", &code, "--document", "receipt"])
            .exits(1)
            .err
            .contains("都已打印过")
    );
    bench.clerk(&["print", "--village", "999999999999"]).exits(1);
    bench.run(&["print", "--village", &code]).exits(2);
    bench.run(&["verify"]).exits(0);
}
