//! The keys of the answers with `--json`: scripts read them, so they stay. `docs/cli.md` lists the same table.

use chrono::Datelike;
use serde_json::Value;
use xiangbao::app::Station;
use xiangbao::demo::office::LOGINS;
use xiangbao_core::event::Verdict;
use xiangbao_core::form::FieldPath;
use xiangbao_core::money::parse_yuan;

use super::bench::{Bench, keys, see_papers};

/// A list's keys by its name.
type Keys = &'static [&'static str];

/// One answer: the command, the object in its answer (empty: the answer itself; `x[]`: each of a list), its keys.
pub const ANSWERS: [(&str, &str, Keys); 24] = [
    ("doctor import", "", &["faults", "file", "read", "stored"]),
    ("doctor import", "faults[]", &["column", "fix", "message", "row", "rule", "sheet", "title", "value"]),
    (
        "doctor list",
        "[]",
        &["basis", "begndate", "dr_codg", "dr_name", "enddate", "fixmedins_code", "fixmedins_name", "state"],
    ),
    ("audit sample", "", SAMPLE),
    ("audit sample", "drawn[]", &["fund_pay_sumamt", "looks", "name", "number", "status", "why"]),
    ("audit list", "[]", SAMPLE),
    ("pay due", "", &["rows"]),
    (
        "pay due",
        "rows[]",
        &[
            "amount", "bank", "bankacct", "bar", "due", "kind", "list", "number", "payee", "psn_name",
            "reason", "run", "sample", "state",
        ],
    ),
    ("pay make", "", LIST),
    ("pay list", "rows[]", LIST),
    ("pay list NO", "", &["bar", "entries", "file", "findings", "list", "paper"]),
    (
        "pay list NO",
        "entries[]",
        &[
            "amount",
            "bank_type_code",
            "bankacct",
            "code",
            "day",
            "done",
            "number",
            "payee",
            "payee_kind",
            "psn_name",
            "psn_no",
            "reason",
            "run",
            "sample",
            "seq",
        ],
    ),
    ("pay list NO", "file", &["day", "name", "sha256"]),
    ("pay approve, close, recover, account", "", &["no", "seq", "state"]),
    ("pay export, deduct file", "", &["again", "file", "left_out", "lines", "no", "sha256", "sum"]),
    (
        "pay return, deduct result",
        "",
        &[
            "again",
            "done_count",
            "done_sum",
            "failed",
            "failed_sum",
            "findings",
            "known",
            "no",
            "notes",
            "open",
            "taken",
        ],
    ),
    ("pay return, deduct result", "failed[]", &["reason", "seq", "what"]),
    ("pay return, deduct result", "findings[]", &["line", "text"]),
    ("pay banks", "rows[]", &["banks", "encoding", "hash", "id", "name", "parts", "sample", "source"]),
    (
        "deduct list",
        "rows[]",
        &[
            "bank",
            "count",
            "done_count",
            "done_sum",
            "failed_count",
            "failed_sum",
            "made",
            "maker",
            "no",
            "open",
            "sum",
            "year",
        ],
    ),
    ("deduct paid", "", &["booked", "known", "notes", "refused", "sum", "voucher"]),
    ("deduct paid", "booked[]", &["psn_clct_amt", "psn_name"]),
    ("deduct calls", "", &["csv", "paper", "rows", "scope", "sum", "unmasked", "year"]),
    (
        "deduct calls",
        "rows[]",
        &[
            "admdvs12",
            "admdvs_name",
            "certno",
            "householder_name",
            "mob",
            "psn_clct_amt",
            "psn_name",
            "reason",
            "resdbook_no",
            "sample",
        ],
    ),
];

const SAMPLE: Keys = &[
    "cases",
    "drawn",
    "generator",
    "period",
    "population",
    "random_share",
    "seed",
    "seq",
    "time",
    "total",
    "weighted_points",
];

const LIST: Keys = &[
    "bank",
    "checker",
    "count",
    "failed_count",
    "failed_sum",
    "kind",
    "made",
    "maker",
    "no",
    "paid_count",
    "paid_sum",
    "samples",
    "state",
    "sum",
];

/// The object at `place` has the keys that the table promises for `command`.
#[track_caller]
fn has(command: &str, place: &str, answer: &Value) {
    let row = ANSWERS.iter().find(|(own, at, _)| *own == command && *at == place);
    let (_, _, wanted) = row.unwrap_or_else(|| panic!("{command} {place} stands in the table"));
    let (key, listed) = place.strip_suffix("[]").map_or((place, false), |key| (key, true));
    let found = if key.is_empty() { answer } else { &answer[key] };
    let found = if listed { &found[0] } else { found };
    assert!(found.is_object(), "{command} {place}: {answer}");
    assert_eq!(keys(found), *wanted, "{command} {place}");
}

#[test]
fn answers_about_doctors_and_samples_keep_their_keys() {
    let bench = Bench::new();
    let import = bench.by("sp01", &["doctor", "import", "--sample", "--json"]).exits(0).json();
    has("doctor import", "", &import);
    let bad = bench.folder().join("名单.csv");
    let head = "机构编码,机构名称,医师编码,医师姓名,状态,开始日期,结束日期,依据\n";
    std::fs::write(&bad, format!("{head}H1,示例医院,D1,示例医师,走了,2017-07-01,,示例\n")).unwrap();
    let faulty = bench.by("sp01", &["doctor", "import", bad.to_str().unwrap(), "--json"]).exits(1).json();
    has("doctor import", "", &faulty);
    has("doctor import", "faults[]", &faulty);
    has("doctor list", "[]", &bench.by("jh01", &["doctor", "list", "--json"]).exits(0).json());
    let none = bench.by("jh01", &["doctor", "list", "没有此人", "--json"]).exits(1).json();
    assert_eq!(none, serde_json::json!([]));

    assert_eq!(bench.by("jh01", &["audit", "list", "--json"]).exits(1).json(), serde_json::json!([]));
    let month = Station::open(bench.folder()).unwrap().today().format("%Y-%m").to_string();
    let order = ["audit", "sample", "--period", &month, "--random", "100%", "--json"];
    let sample = bench.by("jh01", &order).exits(0).json();
    has("audit sample", "", &sample);
    has("audit sample", "drawn[]", &sample);
    has("audit list", "[]", &bench.by("jh01", &["audit", "list", "--json"]).exits(0).json());
}

#[test]
fn answers_about_payments_keep_their_keys() {
    let bench = Bench::new();
    let maker = |args: &[&str]| bench.by("cw01", args);
    let checker = |args: &[&str]| bench.by("cw02", args);
    assert_eq!(maker(&["pay", "list", "--json"]).exits(1).json(), serde_json::json!({ "rows": [] }));
    let due = maker(&["pay", "due", "--json"]).exits(0).json();
    has("pay due", "", &due);
    has("pay due", "rows[]", &due);
    let made = maker(&["pay", "make", "--all", "--bank", "sample-csv", "--json"]).exits(0).json();
    has("pay make", "", &made);
    let no = made["no"].as_str().unwrap();
    let told = checker(&["pay", "close", no, "--reason", "账号写错", "--json"]).exits(0).json();
    has("pay approve, close, recover, account", "", &told);
    let again = maker(&["pay", "make", "--all", "--bank", "sample-csv", "--json"]).exits(0).json();
    let no = again["no"].as_str().unwrap();
    let told = checker(&["pay", "approve", no, "--json"]).exits(0).json();
    has("pay approve, close, recover, account", "", &told);
    let written = checker(&["pay", "export", no, "--json"]).exits(0).json();
    has("pay export, deduct file", "", &written);

    let one = maker(&["pay", "list", no, "--json"]).exits(0).json();
    has("pay list NO", "", &one);
    has("pay list NO", "file", &one);
    let entry = &one["entries"][0];
    // Whole account numbers stand in the bank's file alone.
    let sent = std::fs::read_to_string(written["file"].as_str().unwrap()).unwrap();
    let account = sent.lines().nth(1).and_then(|line| line.split(',').nth(2)).unwrap().trim_matches('"');
    let amount = entry["amount"].as_str().unwrap();
    let stick = tempfile::tempdir().unwrap();
    let back = stick.path().join("回盘.csv");
    let day = Station::open(bench.folder()).unwrap().today();
    // The second line is nobody's.
    let sum = parse_yuan(amount).unwrap();
    let both = sum.checked_add(sum).unwrap().to_yuan();
    let payee = entry["payee"].as_str().unwrap();
    let text = format!(
        "序号,收款户名,收款账号,金额,处理日期,结果,说明\r\n1,{payee},{account},{amount},{day},账户不存在,\r\n\
         7,某人,{account},{amount},{day},成功,\r\n合计,{no},2,{both}\r\n"
    );
    std::fs::write(&back, text).unwrap();
    let answer = maker(&["pay", "return", back.to_str().unwrap(), "--json"]).exits(1).json();
    has("pay return, deduct result", "", &answer);
    has("pay return, deduct result", "failed[]", &answer);
    has("pay return, deduct result", "findings[]", &answer);
    let number = entry["number"].as_str().unwrap();
    let set = ["--set", "bankacct=6221880000000000019", "--reason", "见卡原件", "--json"];
    let told = bench.clerk(&[&["pay", "account", number], set.as_slice()].concat()).exits(0).json();
    has("pay approve, close, recover, account", "", &told);
    let banks = bench.run(&["pay", "banks", "--json"]).exits(0).json();
    has("pay banks", "rows[]", &banks);
}

/// An agreement of the mover's household about the mover, through its levels.
fn agreed(bench: &Bench) {
    let station = Station::open(bench.folder()).unwrap();
    let actor = |account: &str| {
        let login = LOGINS.iter().find(|login| login.account == account).unwrap();
        station.sign_in(login.account, login.pin).unwrap()
    };
    let clerk = actor("jb01");
    let payer = &bench.made.mover;
    let household = station.snapshot().unwrap().household(&payer.household_no).unwrap().unwrap();
    let today = station.today().to_string();
    let single = [
        ("admdvs12", household.admdvs12.as_str()),
        ("resdbook_no", &household.resdbook_no),
        ("householder_name", payer.name()),
        ("householder_certno", payer.certno()),
        ("mob", "13900000017"),
        ("live_addr", "桃城镇"),
        ("bank_type_code", "402"),
        ("bank_name", "桃城信用社"),
        ("acct_name", payer.name()),
        ("acct_kind", "2"),
        ("bankacct", "6228480000000000000"),
        ("sign_name", payer.name()),
        ("sign_date", &today),
        ("agency_signer", "农经一"),
        ("agency_date", &today),
        ("bank_signer", "韦志强"),
        ("bank_date", &today),
    ];
    let mut draft = station.open_draft(&clerk, "DK", None).unwrap();
    for (id, value) in single {
        station.save_field(&mut draft, &FieldPath::single(id), value).unwrap();
    }
    for (id, value) in [("psn_name", payer.name()), ("certno", payer.certno()), ("patn_rlts", "02")] {
        station.save_field(&mut draft, &FieldPath::cell("covered", 0, id), value).unwrap();
    }
    see_papers(&station, &mut draft);
    let case_id = station.accept(&clerk, &draft, station.new_id()).unwrap().case_id;
    for account in ["jb01", "fh01"] {
        let actor = actor(account);
        station.review(&actor, &case_id, Verdict::Passed, "同意", station.new_id()).unwrap();
    }
}

#[test]
fn answers_about_deductions_keep_their_keys() {
    let bench = Bench::new();
    agreed(&bench);
    let year = Station::open(bench.folder()).unwrap().today().year().to_string();
    assert_eq!(bench.clerk(&["deduct", "list", "--json"]).exits(1).json(), serde_json::json!({ "rows": [] }));
    let stick = tempfile::tempdir().unwrap();
    let dir = stick.path().to_str().unwrap();
    let order = ["deduct", "file", "--year", &year, "--layout", "sample-csv", "--dir", dir, "--json"];
    let written = bench.clerk(&order).exits(0).json();
    has("pay export, deduct file", "", &written);
    let no = written["no"].as_str().unwrap();
    let again = bench.clerk(&["deduct", "file", "--again", no, "--dir", dir, "--json"]);
    has("pay export, deduct file", "", &again.exits(0).json());
    has("deduct list", "rows[]", &bench.clerk(&["deduct", "list", "--json"]).exits(0).json());
    // The file that went to the bank is no answer of the bank.
    let sent = written["file"].as_str().unwrap();
    let refused = bench.clerk(&["deduct", "result", sent, "--json"]);
    assert!(refused.exits(2).err.contains("报盘文件，不是银行的回盘文件"), "{}", refused.err);
    let wrong = bench.clerk(&["pay", "return", sent, "--json"]);
    wrong.exits(3);
    let wrong = bench.by("cw01", &["pay", "return", sent, "--json"]);
    assert!(wrong.exits(2).err.contains("代扣单") && wrong.err.contains("不是付款回盘文件"), "{}", wrong.err);
    let calls = bench.clerk(&["deduct", "calls", "--year", &year, "--json"]).exits(0).json();
    let today = Station::open(bench.folder()).unwrap().today().to_string();
    let person = bench.made.mover.certno();
    let way = ["--year", &year, "--day", &today, "--way", "02", "--voucher", "SP1", "--json"];
    let paid = bench.clerk(&[&["deduct", "paid", person], way.as_slice()].concat()).json();
    has("deduct paid", "", &paid);
    has("deduct paid", "booked[]", &paid);
    has("deduct calls", "", &calls);
    has("deduct calls", "rows[]", &calls);
}
