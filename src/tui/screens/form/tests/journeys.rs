//! What the keys do.

use xiangbao_core::case::Status;
use xiangbao_core::event::{Demand, Level, Verdict};
use xiangbao_core::form::{FieldPath, MaterialState};
use xiangbao_core::role::Role;

use super::desk::{Bench, FARMER};

fn member(row: usize, field: &str) -> FieldPath {
    FieldPath::cell("members", row, field)
}

#[test]
fn a_draft_is_stored_at_each_field_exit_and_opens_where_it_stopped() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=DJ<Enter>451424100001<Enter>三组<Enter>4514<Esc>");
    bench.shows("草稿已存");
    let draft = bench.draft();
    assert_eq!(draft.data.field("admdvs12"), "451424100001");
    assert_eq!(draft.data.field("group_no"), "三组");
    assert_eq!(draft.data.field("resdbook_no"), "4514", "Esc loses nothing");
    assert_eq!(draft.caret, "resdbook_no");
    bench.keys("<Enter>99<Enter>");
    assert_eq!(bench.draft().data.field("resdbook_no"), "451499");
}

#[test]
fn a_form_in_which_nothing_was_typed_leaves_no_draft() {
    let mut bench = Bench::new(80, 24);
    for code in ["DJ", "BG", "ZX", "ZY", "BX"] {
        // Those about one person ask who it is first; an empty answer begins an empty form.
        let empty = if code == "DJ" { "" } else { "<Enter>" };
        bench.keys(&format!("={code}<Enter>{empty}"));
        bench.shows(&format!(" {code} "));
        bench.keys("<Esc>");
        assert!(bench.station.drafts(&bench.actor).unwrap().is_empty(), "{code}");
    }
}

#[test]
fn a_label_or_pinyin_that_means_one_code_becomes_it() {
    let mut bench = Bench::new(80, 24);
    // A village by pinyin, a people by its label, full-width digits.
    bench.keys("=DJ<Enter>xcsq<Enter>");
    assert_eq!(bench.draft().data.field("admdvs12"), "451424100001");
    bench.keys("<F8>^18<Enter>壮族<Enter>");
    assert_eq!(bench.draft().data.get(&member(0, "naty")), "08");
    bench.keys("<Ctrl-n>17<Enter>２<Enter>");
    assert_eq!(bench.draft().data.get(&member(0, "gend")), "2");
    // What means several stays, with a finding; F4 looks for it.
    bench.keys("<Ctrl-n>20<Enter>zi<Enter>");
    bench.shows("按 F4 选择");
    assert_eq!(bench.draft().data.get(&member(0, "patn_rlts")), "zi");
    bench.keys("<Up><F4>");
    bench.shows("筛选 zi");
}

#[test]
fn a_pick_list_puts_the_code_and_the_next_one_remembers_it() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=DJ<Enter><F4>bs<Enter>");
    bench.shows("桃城镇北三村");
    assert_eq!(bench.draft().data.field("admdvs12"), "451424100201");
    bench.keys("<Ctrl-n>18<Enter><F4>瑶<Enter><Enter>");
    let naty = bench.draft().data.get(&member(0, "naty")).to_owned();
    assert_eq!(bench.station.library().codes.label("naty", &naty), Some("瑶族"));
    bench.keys("<F7><Ctrl-n>32<Enter><F4><Enter>");
    assert_eq!(bench.draft().data.get(&member(1, "naty")), naty, "the one used last comes first");
}

#[test]
fn the_last_enter_shows_the_page_and_never_submits() {
    let mut bench = Bench::new(80, 24);
    bench.open_sample("enrolment", |_| {});
    for _ in 0..90 {
        bench.keys("<Enter>");
        if bench.text().contains("提交前核对") {
            break;
        }
    }
    bench.shows("按 F9 提交");
    assert!(bench.station.snapshot().unwrap().all_cases(9).unwrap().is_empty());
    // A question is not answered by what was typed ahead of it.
    bench.keys("<F9><Enter><Enter>");
    bench.shows("[Y/N]");
    assert!(bench.station.snapshot().unwrap().all_cases(9).unwrap().is_empty());
    bench.keys("n<Esc><Esc>").shows("草稿");
}

#[test]
fn accepting_gives_number_and_day_and_ends_the_draft() {
    let mut bench = Bench::new(80, 24);
    bench.open_sample("enrolment", |_| {});
    bench.keys("<F9>");
    bench.shows("受理 农建国 的参保登记，编号并开始计时，2026-12-11 前办结？");
    bench.keys("y");
    let case = bench.station.snapshot().unwrap().case(&bench.case_id()).unwrap().unwrap();
    assert_eq!(case.status, Status::Review(Level::Initial));
    assert_eq!(case.promise.due, "2026-12-11");
    bench.shows(&case.number).shows("2026-12-11（15 个工作日");
    assert!(bench.station.drafts(&bench.actor).unwrap().is_empty());
    bench.keys("<F6>").shows("受理通知书");
    bench.keys("<Esc>").shows("已受理");
    bench.keys("<Enter>").shows("首页");
}

#[test]
fn what_stands_in_the_way_is_where_the_caret_goes() {
    let mut bench = Bench::new(80, 24);
    bench.open_sample("enrolment", |data| data.set(&FieldPath::single("mob"), "12345"));
    bench.keys("<F9>");
    bench.shows("错: 不是电话号码");
    bench.keys("<Ctrl-u>13900000017<Enter>");
    assert_eq!(bench.draft().data.field("mob"), "13900000017");
    bench.keys("<F9>y");
    assert_eq!(bench.station.snapshot().unwrap().all_cases(9).unwrap().len(), 1);
}

#[test]
fn missing_papers_stop_it_and_one_key_a_paper_mends_it() {
    let mut bench = Bench::new(80, 24);
    bench.open_sample("enrolment", |data| data.materials.clear());
    bench.keys("<F9>").shows("材料不齐");
    assert!(bench.station.snapshot().unwrap().all_cases(9).unwrap().is_empty());
    bench.keys("<F6>").shows("一次性告知").shows("居民户口簿");
    bench.keys("<Esc>2222222");
    bench.shows("材料齐全");
    let state = bench.draft().data.materials.get("hukou").copied();
    assert_eq!(state, Some(MaterialState::CopyKept));
    // Nothing to ask for: no notice.
    bench.keys("<F6>").shows("没有需要告知补正的内容");
    bench.keys("<F9>y").shows("已受理");
}

#[test]
fn a_doubt_passes_with_a_reason_and_not_for_another_value() {
    let mut bench = Bench::new(80, 24);
    bench.open_sample("enrolment", |data| data.set(&member(1, "certno"), "451424197008250021"));
    bench.keys("<F9>").shows("疑: 校验位不符");
    bench.keys("<Ctrl-o>").shows("原因代码");
    // A code that is no reason opens the list of reasons.
    bench.keys("77<Enter>").shows("放行原因");
    bench.keys("<Enter>").shows("已存：");
    let answers = bench.draft().answers;
    assert_eq!(answers.keys().collect::<Vec<_>>(), ["kind.certificate.check@members.1.certno"]);
    bench.keys("<F8>").shows("已说明");
    bench.keys("<Esc><BS>3<Enter>");
    assert!(bench.draft().answers.is_empty(), "another number, another doubt");
    // The caret has gone on, the key still means the doubt that was just raised.
    bench.keys("<Ctrl-o>01<Enter>").shows("已存：");
    assert_eq!(bench.draft().answers.len(), 1);
}

#[test]
fn removing_a_row_asks_and_takes_the_reasons_of_the_rows_that_move() {
    let mut bench = Bench::new(80, 24);
    bench.open_sample("enrolment", |data| data.set(&member(1, "certno"), "451424197008250021"));
    bench.keys("<F9><Ctrl-o>01<Enter>");
    assert_eq!(bench.draft().answers.len(), 1);
    bench.keys("<Ctrl-n>14<Enter><Ctrl-y>").shows("删除第 1 行");
    bench.keys("<Enter><Enter>");
    assert_eq!(bench.draft().data.rows("members").len(), 3, "Enter does not agree");
    bench.keys("y");
    let draft = bench.draft();
    assert_eq!(draft.data.rows("members").len(), 2);
    assert!(draft.answers.is_empty());
    bench.keys("<Ctrl-z>");
    let draft = bench.draft();
    assert_eq!((draft.data.rows("members").len(), draft.answers.len()), (3, 1));
}

#[test]
fn undo_takes_back_what_is_typed_then_what_was_stored() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=DJ<Enter>^16<Enter>45142419680312001X<Enter>");
    assert_eq!(bench.draft().data.get(&member(0, "brdy")), "1968-03-12", "filled from the number");
    bench.keys("3<Ctrl-z>");
    assert_eq!(bench.draft().data.get(&member(0, "certno")), "45142419680312001X");
    bench.keys("<Ctrl-z>").shows("已撤销");
    let draft = bench.draft();
    assert_eq!(draft.data.get(&member(0, "certno")), "");
    assert_eq!(draft.data.get(&member(0, "brdy")), "", "what followed goes with it");
}

#[test]
fn carry_over_repeats_the_record_before() {
    let mut bench = Bench::new(80, 24);
    bench.open_sample("enrolment", |_| {});
    bench.keys("<F9>y<Enter>=DJ<Enter><F2>");
    assert_eq!(bench.draft().data.field("admdvs12"), "451424100001");
    bench.keys("<S-F2>").shows("请核对带 = 的各栏");
    let draft = bench.draft();
    assert_eq!(draft.data.field("group_no"), "三组");
    assert_eq!(draft.data.field("householder_name"), "", "only fields that repeat");
    // Space in an empty field is the one used last.
    bench.keys("<F8>^4<Enter> ");
    assert_eq!(bench.draft().data.field("householder_name"), "农建国");
}

#[test]
fn a_block_goes_into_the_table_with_errors_per_cell_and_submits_nothing() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=BX<Enter><Enter><F7>");
    bench.paste("00345671\t20261021\t9,800\n00345672\t10.12\tzwei\n");
    let draft = bench.draft();
    let cell = |row, id: &str| draft.data.get(&FieldPath::cell("invoices", row, id)).to_owned();
    let last = draft.data.rows("invoices").len() - 1;
    assert_eq!(cell(last - 1, "invo_amt"), "9800.00");
    assert_eq!(cell(last, "invo_date"), "2026-10-12");
    assert_eq!(cell(last, "invo_amt"), "zwei");
    bench.shows("已粘贴 2 行 6 格，有").shows("!");
    // Codes by label in a block; more rows than the paper has are said, not lost in silence.
    bench.keys("<Ctrl-z>");
    assert!(bench.draft().data.rows("invoices").len() < 3);
    let many = "1\t20261021\t1\n".repeat(40);
    bench.paste(&many);
    bench.shows("放不下未收");
    assert_eq!(bench.draft().data.rows("invoices").len(), 30);
}

#[test]
fn a_block_over_a_single_field_stays_in_it() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=DJ<Enter><Enter>");
    bench.paste("三组\n四组\n");
    bench.keys("<Enter>");
    assert_eq!(bench.draft().data.field("group_no"), "三组 四组");
}

#[test]
fn a_known_number_fills_the_form_from_the_register() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=BX<Enter><Enter>^4<Enter>45142419680312001x<Enter>");
    let draft = bench.draft();
    assert_eq!(draft.data.field("psn_no"), FARMER);
    assert_eq!(draft.data.field("psn_name"), "农建国");
    bench.shows("参保库中有此人：农建国");
    // Another number is another person: the person number does not stay.
    bench.keys("<Ctrl-n>4<Enter><Ctrl-u>451424197008250020<Enter>");
    assert_eq!(bench.draft().data.field("psn_no"), "");
}

#[test]
fn a_form_about_one_person_asks_who_first() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=ZX<Enter>").shows("空着按 Enter");
    bench.keys("njg<Enter><Enter>").shows(" ZX ").shows("农建国");
    assert_eq!(bench.draft().data.field("psn_no"), FARMER);
    // Nothing was typed: nothing stays.
    bench.keys("<Esc>");
    assert!(bench.station.drafts(&bench.actor).unwrap().is_empty());
}

#[test]
fn a_known_head_fills_the_household() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=DJ<Enter>^6<Enter>45142419680312001X<Enter>");
    let draft = bench.draft();
    assert_eq!(draft.data.field("householder_name"), "农建国");
    assert_eq!(draft.data.field("admdvs12"), "451424100001");
    assert_eq!(draft.data.get(&member(0, "certno")), "45142419680312001X");
}

#[test]
fn a_change_shows_what_the_register_holds_now() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=BG<Enter><Enter>^4<Enter>45142419680312001X<Enter><F7>08<Enter>");
    let draft = bench.draft();
    let last = draft.data.rows("changes").len() - 1;
    assert_eq!(draft.data.get(&FieldPath::cell("changes", last, "before")), "13900000017");
    bench.shows("13900000017");
}

#[test]
fn help_says_one_line_then_the_article() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=DJ<Enter><F1>").shows("F4 按名称选择").shows("再按 F1 看条文");
    bench.keys("<F1>").shows("条文 003 A6");
    bench.keys("<Esc><Enter><F1>").shows("村民小组");
}

#[test]
fn a_remark_of_several_lines_keeps_its_lines() {
    let mut bench = Bench::new(80, 24);
    bench.open_sample("cancellation", |_| {});
    bench.keys("<F8>");
    let memo = {
        let def = bench.station.form("cancellation").unwrap();
        assert!(def.field(&FieldPath::single("memo")).is_some());
        "memo"
    };
    bench.keys("<Esc><Ctrl-p>");
    bench.keys("<Esc><PgDn><PgDn><PgDn>");
    for _ in 0..40 {
        if bench.text().contains("F4 选择") && bench.text().contains("备注") {
            bench.keys("<F4>");
            if bench.text().contains("Enter 换行") {
                break;
            }
            bench.keys("<Esc>");
        }
        bench.keys("<Down>");
    }
    bench.keys("一行<Enter>二行<F9>");
    assert_eq!(bench.draft().data.field(memo), "一行\n二行");
    bench.keys("<Up><Down><F8><Esc><Esc>");
    assert_eq!(bench.draft().data.field(memo), "一行\n二行", "passing over it does not join the lines");
}

#[test]
fn a_returned_case_opens_at_what_was_asked_for_and_goes_back_in_its_place() {
    let mut bench = Bench::new(80, 24);
    bench.open_sample("enrolment", |_| {});
    bench.keys("<F9>y<Enter>");
    let case_id = bench.case_id();
    let reviewer = bench.colleague("c2", Role::Clerk);
    let demands = vec![
        Demand {
            path: "mob".to_owned(),
            reason: "电话打不通，请核对".to_owned(),
            article: "003 A7".to_owned(),
        },
        Demand {
            path: "mat.hukou".to_owned(),
            reason: "复印件看不清，请重印".to_owned(),
            article: "003 A7".to_owned(),
        },
    ];
    let verdict = Verdict::Returned { demands };
    bench.station.review(&reviewer, &case_id, verdict, "", bench.station.new_id()).unwrap();
    bench.keys("=00<Enter><Enter>");
    bench.shows("退回补正").shows("联系电话：电话打不通").shows("补正：电话打不通");
    insta::assert_snapshot!("correction_80x24", bench.text());
    bench.keys("<Ctrl-u>13900000018<Enter><F5>").shows("补正要求：复印件看不清");
    bench.keys("<Esc>").shows("联系电话：电话打不通");
    bench.keys("<F8><F5><Esc>").shows("能否提交");
    bench.keys("<F9>").shows("编号和次序不变，从初审起审核。");
    bench.keys("y").shows("已补正再交");
    let case = bench.station.snapshot().unwrap().case(&case_id).unwrap().unwrap();
    assert_eq!(case.status, Status::Review(Level::Initial));
    assert_eq!(case.filing.data.field("mob"), "13900000018");
}

#[test]
fn refusing_needs_reason_and_article_and_a_yes() {
    let mut bench = Bench::new(80, 24);
    bench.open_sample("enrolment", |_| {});
    bench.keys("<Ctrl-r><Enter>").shows("必须写明原因和依据");
    bench.keys("<Ctrl-r>不在本县参保范围<Enter><Enter>").shows("不予受理，出具通知书？");
    bench.keys("n");
    assert_eq!(bench.draft().data.field("mob"), "13900000017");
    bench.keys("<Ctrl-r>不在本县参保范围<Enter><Enter>y").shows("不予受理");
    bench.keys("<F6>").shows("不在本县参保范围");
    let case = bench.station.snapshot().unwrap().case(&bench.case_id()).unwrap().unwrap();
    assert_eq!(case.status, Status::Refused);
    assert!(bench.station.drafts(&bench.actor).unwrap().is_empty());
}

#[test]
fn a_draft_goes_only_when_it_was_asked() {
    let mut bench = Bench::new(80, 24);
    bench.open_sample("enrolment", |_| {});
    bench.keys("<Ctrl-t><Enter>n");
    bench.draft();
    bench.keys("<Ctrl-t>y").shows("草稿已丢弃");
    assert!(bench.station.drafts(&bench.actor).unwrap().is_empty());
}

#[test]
fn all_five_samples_are_accepted_or_say_why_not() {
    for (form, code) in [
        ("enrolment", "DJ"),
        ("change", "BG"),
        ("cancellation", "ZX"),
        ("transfer", "ZY"),
        ("reimbursement", "BX"),
    ] {
        let mut bench = Bench::new(80, 24);
        bench.open_sample(form, |_| {});
        bench.shows(&format!(" {code} "));
        // The farmer of the bench is in the register without an enrolment: nothing covers the stay (003 A80).
        let expected = if code == "BX" { "没有待遇享受资格" } else { "没有需要改正的内容" };
        bench.keys("<F8>").shows(expected);
    }
}

#[test]
fn a_code_without_room_for_its_label_says_it_on_the_message_line() {
    let mut bench = Bench::new(80, 24);
    bench.open_sample("transfer", |_| {});
    bench.keys("<F8>^24<Enter><Enter>").shows("险种：城乡居民基本医疗保险");
}

/// Keys without sense: nothing breaks, nothing is handed in, and the screen always has a caret inside.
#[test]
fn senseless_keys_break_nothing_and_submit_nothing() {
    const KEYS: [&str; 44] = [
        "<Enter>", "<Enter>", "<Enter>", "<Tab>", "<S-Tab>", "<Up>", "<Down>", "<PgUp>", "<PgDn>", "<F1>",
        "<F2>", "<S-F2>", "<F4>", "<F5>", "<F7>", "<S-F7>", "<F8>", "<F9>", "<Ctrl-z>", "<Ctrl-o>",
        "<Ctrl-n>", "<Ctrl-t>", "<Ctrl-r>", "<Esc>", "<BS>", "<Del>", "<Left>", "<Home>", "<Space>", "<F6>",
        "n", "0", "1", "2", "9", "覃", "壮", "，", "^", "?", "+", "-", ".", "x",
    ];
    for (seed, form) in (1_u32..).zip(["enrolment", "change", "reimbursement"]) {
        let mut bench = Bench::new(80, 24);
        bench.open_sample(form, |_| {});
        let (mut state, mut on_form) = (seed, 0);
        for count in 0..150 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let key = KEYS[(state >> 16) as usize % KEYS.len()];
            bench.keys(key);
            let (row, column) = bench.rig.terminal.screen().cursor_position();
            assert!(row < 24 && column < 80, "{form} {count} {key}");
            if count % 97 == 0 {
                bench.paste("一\t二\n三\t四\n");
            }
            let text = bench.text();
            if text.contains("已锁定") {
                bench.keys("<Ctrl-u>246810<Enter>");
            } else if text.contains(" 00 首页") {
                bench.open_sample(form, |_| {});
            } else {
                on_form += 1;
            }
        }
        assert!(on_form > 120, "{form}: {on_form}");
        assert!(bench.station.snapshot().unwrap().all_cases(9).unwrap().is_empty(), "{form}");
    }
}

/// A locked terminal may be taken by another person: what stood in the field is in the draft by then.
#[test]
fn locking_keeps_the_characters_that_were_not_saved_yet() {
    let mut bench = Bench::new(80, 24);
    bench.keys("=DJ<Enter>451424100001<Enter>三组");
    assert_eq!(bench.draft().data.field("group_no"), "");
    bench.rig.wait(6 * 60 * 1000);
    assert!(bench.text().contains("已锁定"), "{}", bench.text());
    assert_eq!(bench.draft().data.field("group_no"), "三组");
}

/// What the register would refuse is said before anybody answers a question.
#[test]
fn an_obstacle_in_the_register_stands_on_the_page_before_submitting() {
    let mut bench = Bench::new(80, 24);
    // The farmer is in the register, but no enrolment covers the stay.
    bench.open_sample("reimbursement", |_| {}).keys("<F8>");
    assert!(bench.text().contains("没有待遇享受资格"), "{}", bench.text());
    bench.keys("<F9>");
    assert!(bench.text().contains("没有待遇享受资格") && !bench.text().contains("[Y/N]"), "{}", bench.text());
    assert_eq!(bench.draft().form, "reimbursement");
}
