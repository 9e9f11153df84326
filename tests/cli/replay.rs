//! `policy replay`: a draft in a folder, tried on the settled case of the bench.

use super::bench::Bench;
use super::drafted::drafted;

/// A copy of the seed's pack in a folder, with one text of the file of inpatients replaced.
fn draft(old: &str, new: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in drafted(old, new) {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn gains_and_losses_are_listed_before_a_pack_goes_live() {
    let bench = Bench::new();
    let better = draft(r#"level = "2", ratio = "0.75""#, r#"level = "2", ratio = "0.80""#);
    let pack = better.path().to_str().unwrap();
    let table = better.path().join("重算.csv");
    let out = table.to_str().unwrap();
    let answer = bench.clerk(&["policy", "replay", "--pack", pack, "--out", out, "--json"]);
    let report = answer.exits(0).json();
    // (8,550.00 - 300.00) × 75 % = 6,187.50 and × 80 % = 6,600.00.
    assert_eq!((&report["asked"], &report["same"]), (&1.into(), &0.into()), "{report}");
    let gain = &report["gains"][0];
    assert_eq!(
        (gain["before"].as_str(), gain["after"].as_str(), gain["difference"].as_str()),
        (Some("6187.50"), Some("6600.00"), Some("412.50"))
    );
    assert_eq!(gain["case_no"], bench.made.claim.as_str());
    let written = std::fs::read_to_string(&table).unwrap();
    assert!(written.contains("412.50") && written.contains("差额"), "{written}");
    let words = bench.clerk(&["policy", "replay", "--pack", pack]);
    assert!(words.exits(0).out.contains("多得 1 件") && words.out.contains("412.50"), "{}", words.out);
}

#[test]
fn a_pack_without_an_answer_or_with_a_mistake_says_so() {
    let bench = Bench::new();
    let silent = draft(r#""2101", "#, "");
    let answer = bench.clerk(&["policy", "replay", "--pack", silent.path().to_str().unwrap()]);
    answer.exits(1);
    assert!(answer.out.contains("没有答案 1 件") && answer.out.contains("2101"), "{}", answer.out);
    let broken = draft(r#"ratio = "0.75""#, r#"ratio = "1.75""#);
    let answer = bench.clerk(&["policy", "replay", "--pack", broken.path().to_str().unwrap()]);
    answer.exits(1);
    assert!(
        answer.err.contains("settlement-inpatient.toml") && answer.err.contains("1.75"),
        "{}",
        answer.err
    );
}
