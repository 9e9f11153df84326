//! An answer that nobody reads to its end, and one that the disk does not take.

use std::fs::File;
use std::io::{PipeWriter, pipe};

use super::bench::Bench;

/// 128 + SIGPIPE, as a shell counts the end of a filter.
const CLOSED: i32 = 141;

/// A pipe whose reader is gone, as behind `| head`.
fn closed() -> PipeWriter {
    pipe().unwrap().1
}

#[test]
fn a_closed_pipe_ends_a_command_quietly() {
    let bench = Bench::new();
    for args in [
        &["codes", "divisions"] as &[&str],
        &["codes", "divisions", "--json"],
        &["completions", "bash"],
        &["policy", "list"],
        &["policy", "test"],
        &["check"],
        &["verify"],
        &["user", "list", "--json"],
    ] {
        let answer = bench.run_into(args, closed());
        assert_eq!((answer.code, answer.err.as_str()), (CLOSED, ""), "{args:?}: {answer:#?}");
    }
    let answer = bench.clerk_into(&["case", "list"], closed());
    assert_eq!((answer.code, answer.err.as_str()), (CLOSED, ""), "{answer:#?}");
}

#[test]
fn what_a_command_began_is_done_though_nobody_listens() {
    let bench = Bench::new();
    let file = bench.folder().join("代码.csv");
    let out = file.to_str().unwrap();
    bench.clerk_into(&["policy", "replay", "--pack", "guangxi-2017", "--out", out], closed()).exits(CLOSED);
    assert!(file.is_file());
    bench.run(&["verify"]).exits(0);
}

#[test]
fn an_answer_that_the_disk_does_not_take_is_a_fault() {
    let bench = Bench::new();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let answer = bench.run_into(&["codes", "divisions"], full);
    answer.exits(5);
    assert!(answer.err.contains("没有写完") && !answer.err.contains("panicked"), "{}", answer.err);
}
