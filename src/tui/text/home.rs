//! Words of the desk and the home screen.

use xiangbao_core::money::Fen;

/// Right end of line 1: who works here, and what the city does not have yet, or that nothing is exchanged
/// any more.
pub fn desk_state(name: &str, open: u64, oldest: &str, stopped: bool) -> String {
    if stopped {
        format!("{name} 报送已停 见 =TB")
    } else if open == 0 {
        format!("{name} 市级已全收")
    } else {
        format!("{name} 未回执 {open} 笔 自 {oldest}")
    }
}

/// Title of the home screen.
pub const HOME: &str = "首页";
/// Group: due today or overdue.
pub const DUE: &str = "到期";
/// Group: returned for supplement, or by the city.
pub const RETURNED: &str = "退回";
/// Group: demanded after the first notice.
pub const LATE: &str = "迟告";
/// Group: waits for this person's level.
pub const TO_REVIEW: &str = "待审";
/// Group: a settled case that cannot be paid to its account.
pub const WRONG_ACCOUNT: &str = "账户";
/// What is to be done with it.
pub const TO_CORRECT: &str = "待更正账户";
/// Group: what waits for finance.
pub const PAYMENT: &str = "付款";
/// Cases that wait for a payment list.
pub const TO_PAY: &str = "待制单";
/// Cases and sum of a payment list.
pub fn count_and_sum(count: usize, sum: Fen, samples: bool) -> String {
    let mark = if samples { format!(" {}", super::SAMPLE) } else { String::new() };
    format!("{count} 件 {} 元{mark}", sum.to_grouped())
}
/// Group: typed by a village assistant, waits for the window.
pub const VILLAGE: &str = "村送";
/// Group: typed, not handed in.
pub const DRAFT: &str = "草稿";
/// Column heads of the home list.
pub const HOME_COLUMNS: [&str; 7] = ["事项", "办件号", "业务", "姓名", "村(社区)", "状态", "期限"];
/// Nothing to do.
pub const HOME_EMPTY: &str = "现在没有到期、退回、待审或未交的办件。";
/// What to do then.
pub const HOME_EMPTY_HINT: &str = "按 F3 查人；键入 = 和代码开始办理，例如 =DJ 参保登记。";
/// What to do then, for those who begin no case.
pub const HOME_EMPTY_OTHERS: &str = "键入 = 和下面的代码转到画面；Ctrl-X 锁定。";
/// Above the list: the counts.
pub fn home_counts(
    due: usize,
    watched: usize,
    returned: usize,
    review: usize,
    drafts: usize,
    money: usize,
) -> String {
    let watched = if watched > 0 { format!("   {} {watched}", super::WATCHED) } else { String::new() };
    let money = if money > 0 { format!("   待办付款 {money}") } else { String::new() };
    format!("今日到期 {due}{watched}   退回我处 {returned}   待我审核 {review}   未交草稿 {drafts}{money}")
}
/// Below the list: how the exchange stands.
pub fn home_sync(stored: u64, sent: u64, received: u64, returned: u64) -> String {
    format!("交换：已存 {stored}  已送 {sent}  市级已收 {received}  已退 {returned}")
}
/// The menu line.
pub fn menu_entry(code: &str, label: &str) -> String {
    format!("={code} {label}")
}
/// A draft's standing.
pub const DRAFT_OPEN: &str = "未交";
/// A correction's standing.
pub const DRAFT_CORRECTING: &str = "补正中";
/// A screen that is asked for by a form that is not installed.
pub fn no_form(code: &str) -> String {
    format!("没有代码为 {code} 的表单。请管理员检查表单文件。")
}
/// Column heads of the list of every kind of case.
pub const BUSINESS_COLUMNS: [&str; 5] = ["代码", "业务", "附件", "时限", "表名"];
/// No form is installed.
pub const BUSINESS_EMPTY: &str = "没有您的岗位可以填写的表单。";
/// What to do then.
pub const BUSINESS_EMPTY_HINT: &str = "请管理员用 xiangbao check 检查表单文件。";
/// Whom the next form is for.
pub fn business_for(name: &str) -> String {
    format!("为 {name} 办理")
}
/// Esc at sign-in: the next one leaves.
pub const LEAVE_AGAIN: &str = "再按一次 Esc 退出工作站。";
/// Esc on the lowest screen.
pub const HOME_IS_LOWEST: &str = "已在首页。离开座位请按 Ctrl-X 锁定；锁定后按 Esc 换人。";
/// Title of the text that a demo begins with.
pub const WELCOME: &str = "演示：先做这几步（Esc 关闭）";
