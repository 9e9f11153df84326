//! Making a station, its accounts, and what may stand on a command line.

use std::io::Write as _;
use std::process::{Command, Stdio};

use clap::CommandFactory;

use super::bench::{Bench, mode, run};

const INIT: [&str; 7] =
    ["init", "--station", "TC01", "--name", "桃城镇社保服务中心", "--township", "451424100000"];

#[test]
fn a_station_is_made_once_in_a_folder_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("deep/station");
    let made = run(&data, &INIT, None);
    made.exits(0);
    assert!(
        made.out.contains("已建站：桃城镇社保服务中心（TC01）") && made.out.contains("user add"),
        "{}",
        made.out
    );
    // What is in it is nobody else's business, whatever the umask.
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("xiangbao.redb")), 0o600);
    let again = run(&data, &INIT, None);
    again.exits(1);
    assert!(again.err.contains("已有数据文件") && again.err.contains("换一个文件夹"), "{}", again.err);
    run(&data, &["verify"], None).exits(0);
}

#[test]
fn a_wrong_division_makes_no_station() {
    let folder = tempfile::tempdir().unwrap();
    let mut args = INIT;
    args[6] = "999999000000";
    let answer = run(folder.path(), &args, None);
    answer.exits(2);
    assert!(answer.err.contains("999999000000") && answer.err.contains("区划"), "{}", answer.err);
    // The next try finds an empty folder.
    run(folder.path(), &INIT, None).exits(0);
}

#[test]
fn without_a_station_every_command_says_how_to_make_one() {
    let folder = tempfile::tempdir().unwrap();
    for args in [&["verify"][..], &["user", "list"], &["case", "list", "--as", "jb01"], &["serve"], &["sync"]]
    {
        let answer = run(folder.path(), args, Some("310001"));
        answer.exits(1);
        assert!(answer.err.contains("xiangbao init"), "{args:?}: {}", answer.err);
    }
}

#[test]
fn accounts_are_added_and_listed() {
    let bench = Bench::new();
    let add = |args: &[&str], pin: Option<&str>| {
        let mut all = vec!["user", "add"];
        all.extend(args);
        run(bench.folder(), &all, pin)
    };
    let new = ["nongmm", "--name", "农某某", "--role", "clerk", "--role", "rechecker", "--person", "p-9"];
    add(&new, Some("135790")).exits(0);
    assert!(add(&new, Some("135790")).exits(2).err.contains("nongmm 已存在"));
    let list = bench.run(&["user", "list", "--json"]).exits(0).json();
    let row = list.as_array().unwrap().iter().find(|row| row["account"] == "nongmm").unwrap();
    assert_eq!(row["person"], "p-9");
    assert_eq!(row["roles"], serde_json::json!(["clerk", "rechecker"]));
    assert_eq!(super::bench::keys(row), ["account", "closed", "name", "person", "roles", "villages"]);
    assert!(bench.run(&["user", "list"]).out.contains("nongmm\t农某某\tp-9\t经办、复核"));
    // What is wrong, and what is right.
    let king = add(&["a2", "--name", "甲", "--role", "king"], Some("135790"));
    assert!(
        king.exits(2).err.contains("没有岗位 king") && king.err.contains("clerk（经办）"),
        "{}",
        king.err
    );
    assert!(add(&["a2", "--name", "甲", "--role", "clerk"], Some("123")).exits(2).err.contains("至少 6 位"));
    assert!(
        add(&["A2", "--name", "甲", "--role", "clerk"], Some("135790")).exits(2).err.contains("小写字母")
    );
    assert!(add(&["a2", "--name", "甲", "--role", "clerk"], None).exits(2).err.contains("XIANGBAO_PIN"));
    // The new account can sign in.
    run(bench.folder(), &["case", "list", "--as", "nongmm"], Some("135790")).exits(0);
}

#[test]
fn a_pin_comes_by_the_environment_or_the_first_line_and_never_by_an_argument() {
    let bench = Bench::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_xiangbao"))
        .env_clear()
        .arg("--data")
        .arg(bench.folder())
        .args(["case", "list", "--as", "jb01"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all("310001\n".as_bytes()).unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    // Arguments stand in the process list: no command takes a PIN there.
    fn look(command: &clap::Command, path: &str) {
        for argument in command.get_arguments() {
            let name = argument.get_id().as_str().to_lowercase();
            assert!(!["pin", "password", "secret"].iter().any(|word| name.contains(word)), "{path} {name}");
        }
        for inner in command.get_subcommands() {
            look(inner, &format!("{path} {}", inner.get_name()));
        }
    }
    look(&xiangbao::cli::Cli::command(), "xiangbao");
}

#[test]
fn the_help_names_the_exit_codes_and_bad_arguments_are_two() {
    let folder = tempfile::tempdir().unwrap();
    let help = run(folder.path(), &["--help"], None);
    help.exits(0);
    for code in [
        "0 完成",
        "1 查到问题或没有找到",
        "2 命令写法不对",
        "3 不允许",
        "4 数据被占用或连接不上",
        "5 读写故障",
    ] {
        assert!(help.out.contains(code), "{code}\n{}", help.out);
    }
    // The folder of whoever asks for help is not part of the help.
    assert!(!help.out.contains(&folder.path().display().to_string()));
    for args in
        [&["nonsense"][..], &["case", "list"], &["print"], &["person", "find", "--as", "jb01"], &["init"]]
    {
        run(folder.path(), args, None).exits(2);
    }
}
