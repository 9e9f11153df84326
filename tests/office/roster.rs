//! A school's file on its way into the register (003 A6, A9), and the deduction roster on its way to the bank (A7, A23).

use xiangbao::app::{AppError, CallOrder, Draft, ImportOrder, ImportReport, RosterOrder};
use xiangbao_core::form::FieldPath;
use xiangbao_core::register::{Change, EnrolmentStatus, Household, Person, PersonField};

use super::desk::{Office, cell, field};

/// A resident number of the county of Daxin with its check character (GB 11643).
fn certno(birth: &str, serial: u32) -> String {
    let body = format!("451424{birth}{serial:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(c, weight)| c.to_digit(10).unwrap() * weight).sum();
    let check = "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap()).unwrap();
    format!("{body}{check}")
}

const HEAD: [(&str, &str); 11] = [
    ("school_name", "桃城一小（样例）"),
    ("school_kind", "2"),
    ("contact", "黄素梅"),
    ("tel", "13900000021"),
    ("insu_year", "2027"),
    ("pay_way", "1"),
    ("sign_name", "黄素梅"),
    ("checker_name", "农建业"),
    ("school_seal", "1"),
    ("sign_date", "2026-11-18"),
    ("school_addr", "桃城镇新城社区"),
];

fn order() -> ImportOrder {
    let head = HEAD.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
    ImportOrder { file: "名册.csv".to_owned(), head, ..ImportOrder::default() }
}

fn row(class: &str, name: &str, number: &str) -> String {
    format!("五年级,{class},{name},{number},壮族,桃城镇,农建国,13900000017,否\n")
}

fn file(rows: &[String]) -> Vec<u8> {
    format!("年级,班级,姓名,证件号码,民族,户籍地,监护人姓名,监护人电话,已在村参保\n{}", rows.concat())
        .into_bytes()
}

fn import(office: &Office, rows: &[String], order: &ImportOrder) -> ImportReport {
    office.station.import_roster(&office.actor("c1"), &file(rows), order).unwrap()
}

#[test]
fn a_school_s_file_becomes_a_draft_for_each_class_and_enrols() {
    let office = Office::new();
    let rows = [
        row("1班", "农小禾", &certno("20150314", 1)),
        row("2班", "梁小月", &certno("20150401", 2)),
        row("1班", "黄苗苗", &certno("20150709", 3)),
    ];
    let report = import(&office, &rows, &order());
    assert_eq!((report.rows, report.good, report.faults.as_slice()), (3, 3, &[][..]), "{report:?}");
    let classes: Vec<(&str, usize, i64)> =
        report.classes.iter().map(|class| (class.class_name.as_str(), class.rows, class.sum_fen)).collect();
    // 400 yuan a head: the sample parameters of 2027.
    assert_eq!(classes, [("1班", 2, 80_000), ("2班", 1, 40_000)]);
    let clerk = office.actor("c1");
    let mut drafts = office.station.drafts(&clerk).unwrap();
    assert_eq!(drafts.len(), 2);
    drafts.sort_by_key(|draft| draft.data.field("class_name").to_owned());
    let mut draft = drafts.remove(0);
    assert_eq!(draft.data.field("sumamt"), "800.00");
    assert_eq!(draft.data.get(&cell("students", 0, "enrol_kind")), "1", "nobody knew them");
    assert_eq!(draft.data.get(&cell("students", 1, "gend")), "1");
    office.settle_papers(&mut draft);
    let case = office.accept(&clerk, &draft).unwrap().case_id;
    assert_eq!(office.case(&case).filing.title, "桃城一小（样例）");
    office.pass(&case, &["c2", "r1", "a1"]);
    let snapshot = office.station.snapshot().unwrap();
    let found = office.station.find_persons(&clerk, &certno("20150314", 1)).unwrap();
    assert_eq!(found.len(), 1);
    let enrolments = snapshot.enrolments(&found[0].psn_no).unwrap();
    assert_eq!(enrolments[0].unit.as_deref(), Some("桃城一小（样例）"));
    assert_eq!(enrolments[0].entitled_from, "2027-01-01");
    // The same file again: the register knows them now (A6).
    let again = import(&office, &rows, &order());
    assert!(!again.imported && again.good == 1, "{again:?}");
    assert!(again.faults.iter().all(|fault| fault.rule == "register.enrolled" && fault.column == "D"));
    office.verified();
}

#[test]
fn what_follows_from_the_head_is_asked_of_the_head() {
    let office = Office::new();
    let mut open = order();
    open.head.retain(|(id, _)| id != "school_kind");
    let report = import(&office, &[row("1班", "农小禾", &certno("20150314", 1))], &open);
    let fault = report.faults.iter().find(|fault| fault.title == "人员类别").unwrap();
    assert!(!report.imported && fault.fix.contains("表头") && fault.fix.contains("“学校类别”"), "{fault:?}");
}

#[test]
fn nothing_is_half_imported_unless_it_is_asked_for() {
    let office = Office::new();
    let twin = certno("20150314", 1);
    // No month is the thirteenth.
    let bad = certno("20151301", 2);
    let rows = [
        row("1班", "农小禾", &twin),
        row("1班", "梁小月", &bad),
        row("2班", "农小禾", &twin),
        row("2班", "黄苗苗", &certno("20150709", 3)),
        row("2班", "韦村里", &certno("20150710", 4)).replace(",否", ",是"),
        row("2班", "韦年长", &certno("19850710", 5)),
    ];
    let clerk = office.actor("c1");
    let looked = import(&office, &rows, &ImportOrder { check: true, ..order() });
    let report = import(&office, &rows, &order());
    assert_eq!(looked.faults, report.faults);
    let found: Vec<(u32, &str, &str)> =
        report.faults.iter().map(|f| (f.row, f.column.as_str(), f.rule.as_str())).collect();
    assert_eq!(
        found,
        [
            (3, "", "required"),
            (3, "D", "kind.certificate"),
            (4, "D", "file.twice"),
            (6, "I", "not_in_village")
        ]
    );
    assert!(report.faults.iter().all(|fault| !fault.fix.is_empty() && fault.sheet == "名册.csv"));
    // An adult among pupils is looked at on the screen, and stops nothing.
    assert!(report.warnings.iter().any(|w| w.row == 7 && w.rule == "age_of_school"), "{:?}", report.warnings);
    assert!(!report.imported && office.station.drafts(&clerk).unwrap().is_empty());
    let kept = import(&office, &rows, &ImportOrder { keep_good: true, ..order() });
    assert!(kept.imported && kept.good == 3, "{kept:?}");
    assert_eq!(kept.classes.iter().map(|class| class.rows).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(office.station.drafts(&clerk).unwrap().len(), 2);
}

#[test]
fn the_paper_s_totals_are_held_against_the_file() {
    let office = Office::new();
    let mut order = order();
    order.head.extend([("cnt".to_owned(), "3".to_owned()), ("sumamt".to_owned(), "800".to_owned())]);
    let rows = [row("1班", "农小禾", &certno("20150314", 1)), row("1班", "梁小月", &certno("20150401", 2))];
    let report = import(&office, &rows, &order);
    assert!(!report.imported);
    assert_eq!(report.faults.len(), 1);
    assert_eq!((report.faults[0].rule.as_str(), report.faults[0].row), ("file.totals", 0));
    assert!(report.faults[0].message.contains("是 3，文件中是 2"), "{}", report.faults[0].message);
    order.head.push(("no_such_field".to_owned(), "1".to_owned()));
    let refused = office.station.import_roster(&office.actor("c1"), &file(&rows), &order).unwrap_err();
    assert!(refused.zh().contains("no_such_field") && refused.zh().contains("school_name"));
    let denied = office.station.import_roster(&office.actor("r1"), &file(&rows), &order).unwrap_err();
    assert!(matches!(denied, AppError::Denied(_)));
}

/// Seventy rows a sheet: a larger class takes two, with the same head.
#[test]
fn a_class_too_large_for_one_sheet_takes_two() {
    let office = Office::new();
    let rows: Vec<String> = (0..75).map(|i| row("1班", "农小禾", &certno("20150314", i))).collect();
    let report = import(&office, &rows, &order());
    assert_eq!(report.classes.iter().map(|class| class.rows).collect::<Vec<_>>(), [70, 5]);
    assert!(report.imported, "{:?}", report.faults);
}

pub const YEAR: u16 = 2026;

/// What a person of the town owes for the year, from the town's own changes.
pub fn due(office: &Office, psn_no: &str) -> Option<i64> {
    office.town.changes.iter().find_map(|change| match change {
        Change::Enrolment { record, .. }
            if record.psn_no == psn_no
                && record.insu_year == YEAR
                && record.status == EnrolmentStatus::Normal =>
        {
            Some(record.personal.0)
        }
        _ => None,
    })
}

/// A household of the town whose members all have an identity number and owe something.
pub fn family(office: &Office) -> (Household, Vec<Person>) {
    let snapshot = office.station.snapshot().unwrap();
    let pays = |person: &Person| {
        person.get(PersonField::CertType) == "01" && due(office, &person.psn_no).is_some_and(|fen| fen > 0)
    };
    let found = office.town.changes.iter().find_map(|change| {
        let Change::Household { record, .. } = change else { return None };
        let members = snapshot.members(&record.household_no).unwrap();
        (members.len() >= 2 && members.iter().all(pays)).then(|| (record.clone(), members))
    });
    found.unwrap()
}

/// The agreement of a household, typed and with its papers.
pub fn agreement(office: &Office, household: &Household, members: &[Person]) -> Draft {
    let clerk = office.actor("c1");
    let payer = &members[0];
    let mut values: Vec<(FieldPath, &str)> = [
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
        ("sign_date", "2026-11-18"),
        ("agency_signer", "黄经办"),
        ("agency_date", "2026-11-18"),
        ("bank_signer", "韦志强"),
        ("bank_date", "2026-11-19"),
    ]
    .map(|(id, value)| (field(id), value))
    .to_vec();
    for (index, member) in members.iter().enumerate() {
        let own = [("psn_name", member.name()), ("certno", member.certno()), ("patn_rlts", "02")];
        values.extend(own.map(|(id, value)| (cell("covered", index, id), value)));
    }
    let mut draft = office.station.open_draft(&clerk, "DK", None).unwrap();
    for (path, value) in &values {
        office.station.save_field(&mut draft, path, value).unwrap();
    }
    office.settle_papers(&mut draft);
    draft
}

/// The roster is made of the open agreements and the year's enrolments: what each household owes, in one line (A23).
#[test]
fn the_bank_gets_one_line_for_each_household() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let order = RosterOrder { year: YEAR, ..RosterOrder::default() };
    assert!(office.station.deduction_roster(&clerk, &order).unwrap().rows.is_empty());
    let (household, members) = family(&office);
    let draft = agreement(&office, &household, &members);
    let case = office.accept(&clerk, &draft).unwrap().case_id;
    office.pass(&case, &["c2", "r1"]);
    assert_eq!(office.status(&case), "已生效");
    let roster = office.station.deduction_roster(&clerk, &order).unwrap();
    let owed: i64 = members.iter().filter_map(|member| due(&office, &member.psn_no)).sum();
    assert_eq!((roster.rows.len(), roster.sum.0), (1, owed));
    assert_eq!(usize::try_from(roster.count).unwrap(), members.len());
    assert!(roster.rows[0].bankacct.contains('*') && roster.rows[0].certno.contains('*'), "masked on screen");
    // Other banks have none, and a village that does not exist is said.
    let other = RosterOrder { bank: Some("102".to_owned()), ..order.clone() };
    assert!(office.station.deduction_roster(&clerk, &other).unwrap().rows.is_empty());
    let none = RosterOrder { village: Some("999".to_owned()), ..order.clone() };
    assert!(matches!(office.station.deduction_roster(&clerk, &none), Err(AppError::NotFound(_))));
    // A second open agreement for the same persons is refused.
    let second = agreement(&office, &household, &members);
    let refused = office.accept(&clerk, &second).unwrap_err();
    assert!(matches!(refused, AppError::Effect(_)), "{refused:?}");
    office.verified();
}

/// The bank's file has whole numbers under their national names, and each making of it is noted.
#[test]
fn whole_account_numbers_leave_for_the_bank_alone_and_are_noted() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let order = RosterOrder { year: YEAR, ..RosterOrder::default() };
    let (household, members) = family(&office);
    let case = office.accept(&clerk, &agreement(&office, &household, &members)).unwrap().case_id;
    office.pass(&case, &["c2", "r1"]);
    let csv = String::from_utf8(office.station.roster_file(&clerk, &order, false).unwrap()).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[1].contains("psn_name,certno,acct_name,bank_type_code,bank_name,bankacct"), "{}", lines[1]);
    assert!(
        lines[2].contains("6228480000000000000") && lines[2].contains(members[0].certno()),
        "{}",
        lines[2]
    );
    let paper = office.station.prepare_roster(&clerk, &order).unwrap();
    assert_eq!(paper.document.pages.len(), 1);
    let noted = snapshot_accesses(&office);
    assert!(
        noted.iter().any(|what| what == "roster_file") && noted.iter().any(|what| what == "roster_paper")
    );
}

fn snapshot_accesses(office: &Office) -> Vec<String> {
    let snapshot = office.station.snapshot().unwrap();
    snapshot.accesses(usize::MAX).unwrap().into_iter().map(|access| access.what).collect()
}

/// The bank's answer to a deduction list by the csv layout: `(number, account, yuan, result)`.
pub fn collected(no: &str, day: &str, lines: &[(u32, &str, &str, &str)]) -> Vec<u8> {
    let mut text = "序号,扣款账号,金额,扣款日期,结果\r\n".to_owned();
    let mut fen = 0;
    for (seq, account, yuan, result) in lines {
        text.push_str(&format!("{seq},{account},{yuan},{day},{result}\r\n"));
        fen += xiangbao_core::money::parse_yuan(yuan).unwrap().0;
    }
    let sum = xiangbao_core::money::Fen(fen).to_yuan();
    text.push_str(&format!("合计,{no},{},{sum}\r\n", lines.len()));
    text.into_bytes()
}

pub const CARD: &str = "6228480000000000000";

/// A23: what the bank collected is a contribution of the register with the bank's day, and its cover follows from that day
/// by 003 A22; what it did not collect keeps its reason, and its household stays on the call list.
#[test]
fn a_deduction_goes_to_the_bank_and_comes_back_as_contributions() {
    let office = Office::new();
    let clerk = office.actor("c1");
    let (household, members) = family(&office);
    let case = office.accept(&clerk, &agreement(&office, &household, &members)).unwrap().case_id;
    office.pass(&case, &["c2", "r1"]);
    let order = RosterOrder { year: YEAR, ..RosterOrder::default() };
    let calls = CallOrder { year: YEAR, village: Some(household.admdvs12.clone()), purpose: None };
    let before = office.station.call_list(&clerk, &calls).unwrap();
    let own = |list: &xiangbao::app::CallList| {
        let rows = list.rows.iter().filter(|row| row.resdbook_no == household.resdbook_no);
        rows.map(|row| row.reason.clone()).collect::<Vec<_>>()
    };
    assert_eq!(own(&before), vec!["已签协议，未扣款"; members.len()]);
    assert!(before.rows.iter().all(|row| row.certno.starts_with("****")), "masked");
    // On 2026-11-20 the window of 2026 is long closed: the money would buy what 003 A22 says, or nothing.
    let made = office.station.make_deduction(&clerk, &order, "sample-csv", None, office.station.new_id());
    let made = made.unwrap();
    let owed: i64 = members.iter().filter_map(|member| due(&office, &member.psn_no)).sum();
    assert_eq!((made.file.lines, made.file.sum.0), (1, owed));
    let bytes = std::fs::read(&made.file.path).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(&format!("1,{},{CARD},402,", members[0].name())), "{text}");
    // Under way: not taken a second time.
    let again = office.station.make_deduction(&clerk, &order, "sample-csv", None, office.station.new_id());
    assert!(matches!(again, Err(AppError::NotFound(_))));
    let rewritten = office.station.rewrite_deduction(&clerk, &made.file.no, None).unwrap();
    assert_eq!(std::fs::read(rewritten.file.path).unwrap(), bytes);
    assert_eq!(
        own(&office.station.call_list(&clerk, &calls).unwrap()),
        vec!["代扣中，银行未回盘"; members.len()]
    );
    let yuan = made.file.sum.to_yuan();
    let take = |bytes: &[u8]| {
        office.station.take_deduction_return(&clerk, None, ("back.csv", bytes), office.station.new_id())
    };
    let failed = collected(&made.file.no, "2026-11-21", &[(1, CARD, &yuan, "余额不足")]);
    let report = take(&failed).unwrap();
    assert_eq!((report.failed.len(), report.failed[0].2.as_str()), (1, "余额不足"));
    assert_eq!(
        own(&office.station.call_list(&clerk, &calls).unwrap()),
        vec!["扣款失败：余额不足"; members.len()]
    );
    // A second list, collected.
    let made = office.station.make_deduction(&clerk, &order, "sample-csv", None, office.station.new_id());
    let made = made.unwrap();
    let good = collected(&made.file.no, "2026-11-23", &[(1, CARD, &yuan, "成功")]);
    assert_eq!(take(&good).unwrap().done.0, 1);
    let head = office.station.snapshot().unwrap().head().unwrap().seq;
    assert!(take(&good).unwrap().again, "the same file changes nothing");
    assert_eq!(office.station.snapshot().unwrap().head().unwrap().seq, head);
    let snapshot = office.station.snapshot().unwrap();
    for member in &members {
        let booked = snapshot.contribution(&member.psn_no, YEAR).unwrap().unwrap();
        let expected = (due(&office, &member.psn_no).unwrap(), "2026-11-23", made.file.no.as_str());
        assert_eq!((booked.amount.0, booked.paid_on.as_str(), booked.source.as_str()), expected);
    }
    assert_eq!(own(&office.station.call_list(&clerk, &calls).unwrap()), Vec::<String>::new());
    // Every look at the list is on record, and whole numbers need a purpose.
    let whole = CallOrder { purpose: Some("电话催缴".to_owned()), ..calls };
    let shown = office.station.call_list(&clerk, &whole).unwrap();
    assert!(shown.unmasked && shown.rows.iter().all(|row| !row.certno.contains('*')));
    let noted = snapshot_accesses(&office);
    for what in ["call_list", "call_list_unmasked", "deduct_file"] {
        assert!(noted.iter().any(|noted| noted == what), "{what}");
    }
    office.verified();
}
