//! Words of the lists of cases: review queue, all cases, exchange with the city, timeline, filters.

/// Title of the review queue.
pub const QUEUE: &str = "审核";
/// Its columns.
pub const QUEUE_COLUMNS: [&str; 8] = ["办件号", "业务", "姓名", "村(社区)", "状态", "受理", "期限", "提示"];
/// Nothing waits.
pub const QUEUE_EMPTY: &str = "现在没有等您审核的办件。";
/// What to do then.
pub const QUEUE_EMPTY_HINT: &str = "受理的件会自动到这里。键入 =BJ 看全部办件，按 F3 查人。";
/// Line commands.
pub const QUEUE_HINT: &str = "行首键入 A 通过 T 退回 P 打印，空格消去，Enter 一并办理；没有标记则打开所选";
/// The letters of the prefix column: pass, return, print.
pub const QUEUE_LETTERS: &str = "ATP";
/// The person is concerned.
pub const BAR_CONCERNED: &str = "回避";
/// The person acted at another level.
pub const BAR_SAME: &str = "同一人";
/// Carried out.
pub const ROW_DONE: &str = "已存";
/// Not carried out.
pub const ROW_FAILED: &str = "未办";
/// One confirmation for all marked rows.
pub fn queue_question(passed: usize, returned: usize, printed: usize) -> String {
    let parts = [("通过", passed), ("退回补正", returned), ("打印", printed)];
    let parts: Vec<String> =
        parts.iter().filter(|(_, n)| *n > 0).map(|(word, n)| format!("{word} {n} 件")).collect();
    format!("{}，现在办理？", parts.join("、"))
}
/// What came of them.
pub fn queue_done(done: usize, failed: usize) -> String {
    if failed == 0 {
        format!("已存：{done} 件办妥。")
    } else if done == 0 {
        format!("{failed} 件没有办成，原因见各行。")
    } else {
        format!("已存：{done} 件办妥；{failed} 件没有办成，原因见各行。")
    }
}
/// A row that was passed or returned.
pub fn row_moved(status: &str) -> String {
    format!("已存，现在{status}")
}
/// A row that was printed.
pub fn row_printed(title: &str, copy: u32, path: &str) -> String {
    format!("{title} 第{copy}份 {path}")
}
/// Title of the common reason for marked rows.
pub fn queue_return_title(count: usize) -> String {
    format!("退回补正 {count} 件：写一次，各件同样告知")
}

/// Asks for a filter.
pub const FILTER_PROMPT: &str = "筛选";
/// The filter in force.
pub fn filter_shown(text: &str, shown: usize, of: usize) -> String {
    format!("筛选 {text}  {shown}/{of}")
}
/// Nothing fits.
pub const FILTER_NOTHING: &str = "没有符合筛选的件。";
/// How filters are written.
pub const FILTER_HINT: &str = "例：三合，或 村=三合 状态=补正 期限<3d 业务=BX。按 / 改筛选，空白即全部。";
/// Words before `=` in a filter.
pub const FILTER_VILLAGE: &str = "村";
/// Status.
pub const FILTER_STATUS: &str = "状态";
/// Form.
pub const FILTER_BUSINESS: &str = "业务";
/// Name.
pub const FILTER_NAME: &str = "姓名";
/// Number.
pub const FILTER_NUMBER: &str = "号";
/// Working days left.
pub const FILTER_DAYS: &str = "期限";
/// Standing in the exchange.
pub const FILTER_CITY: &str = "市级";
/// Bank.
pub const FILTER_BANK: &str = "银行";
/// Days behind a number in a filter.
pub const FILTER_DAY_MARK: char = '天';
/// A filter that cannot be read.
pub fn filter_unknown(term: &str) -> String {
    format!("筛选中的 {term} 看不懂。可用：村= 状态= 业务= 姓名= 号= 市级= 期限<3d，或直接键入文字。")
}

/// Title of the list of all cases.
pub const CASES: &str = "办件";
/// Its columns.
pub const CASES_COLUMNS: [&str; 8] =
    ["办件号", "业务", "姓名", "村(社区)", "状态", "受理", "基金支付", "市级"];
/// No case yet.
pub const CASES_EMPTY: &str = "还没有办件。";
/// What to do then.
pub const CASES_EMPTY_HINT: &str = "键入 = 和代码开始办理，例如 =DJ 参保登记；或按 F3 查人后按数字键开始。";
/// How many.
pub fn cases_count(count: usize) -> String {
    format!("共 {count} 件，新的在前")
}

/// Title of the timeline.
pub const TIMELINE: &str = "经过";
/// Its columns.
pub const TIMELINE_COLUMNS: [&str; 5] = ["时间", "事项", "经办", "说明", "市级"];

/// Title of the exchange.
pub const SYNC: &str = "同步";
/// Its columns.
pub const SYNC_COLUMNS: [&str; 6] = ["办件号", "业务", "姓名", "状态", "市级", "市级意见"];
/// Counts, with what each means.
pub fn sync_counts(stored: u64, sent: u64, received: u64, returned: u64) -> [(&'static str, String); 4] {
    [
        ("已存", format!("{stored} 笔")),
        ("已送", format!("{sent} 笔")),
        ("市级已收", format!("{received} 笔")),
        ("已退", format!("{returned} 笔")),
    ]
}
/// The oldest operation without receipt.
pub fn sync_oldest(open: u64, oldest: &str) -> String {
    if open == 0 {
        "市级已全部收到，没有未回执的业务。".to_owned()
    } else {
        format!("未回执 {open} 笔，最早一笔 {oldest}。没有网络也照常办理，通了再送，不会丢。")
    }
}
/// Nothing to exchange.
pub const SYNC_EMPTY: &str = "还没有办件要送市级。";
/// What to do then.
pub const SYNC_EMPTY_HINT: &str = "受理、审核后的业务会自动排队；按 F9 可以马上发送。";
/// While a pass runs aside.
pub const SYNC_RUNNING: &str = "正在与市级中心交换，可以照常看本页；Esc 不再等，交换在后台做完。";
/// The person did not wait.
pub const SYNC_LEFT: &str = "没有再等。交换在后台做完，结果稍后在本页可见。";
/// What a pass did.
pub fn sync_done(sent: u32, receipts: u32, open: u64, returned: usize) -> String {
    let back = if returned == 0 {
        String::new()
    } else {
        format!("；市级退回 {returned} 笔，见下面各件")
    };
    if sent == 0 && receipts == 0 && open == 0 {
        return format!("没有要送的，市级已全部收到{back}。");
    }
    format!("送出 {sent} 批，收到回执 {receipts} 份，还有 {open} 笔未回执{back}。")
}
/// Counts by case.
pub fn sync_cases(counts: &[(&str, usize)]) -> String {
    let parts: Vec<String> = counts.iter().map(|(word, n)| format!("{word} {n}")).collect();
    format!("办件：{}", parts.join("  "))
}

/// Asks before all papers of a village are printed.
pub fn village_question(village: &str) -> String {
    format!("整村打印 {village}：把没有打印过的文书合成一个 PDF？")
}
/// How far a village's papers are.
pub fn village_running(done: usize, total: usize) -> String {
    let percent = done * 100 / total.max(1);
    format!("正在整村打印 {percent}%，Esc 停止（停止后什么都不记）")
}
/// Stopped in time.
pub const VILLAGE_STOPPED: &str = "已停止整村打印，没有打印任何文书。";
/// All papers of a village lie there.
pub fn village_done(documents: usize, pages: usize, left_out: usize, path: &str) -> String {
    let left =
        if left_out > 0 { format!("，{left_out} 份以前打印过，没有再印") } else { String::new() };
    format!("已存：{documents} 份 {pages} 页{left}  {path}")
}
