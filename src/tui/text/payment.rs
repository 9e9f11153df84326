//! Words of payment: payables, payment lists, deductions, call lists. Knows words; must not know layout.

/// A contribution that was booked.
pub fn change_contribution(year: u16, number: &str, amount: &str) -> String {
    format!("缴费  {number}  {year} 年度  {amount} 元")
}

/// Letters of the prefix column: F, to be paid.
pub const PAY_LETTERS: &str = "F";
/// Column heads of what is to be paid.
pub const PAY_COLUMNS: [&str; 7] = ["办件号", "款项", "参保人", "收款户名", "金额", "状态", "账号 开户行"];
/// Short word for what the money of a row is.
pub fn pay_kind(kind: xiangbao_core::event::PayKind) -> &'static str {
    match kind {
        xiangbao_core::event::PayKind::Benefit => "待遇",
        xiangbao_core::event::PayKind::Refund => "退费",
    }
}
/// Above the list.
pub fn pay_head(due: usize, sum: &str, others: usize) -> String {
    format!("待付款 {due} 件 {sum} 元   在途、更正、追回 {others} 件   付款单看 =FD")
}
/// How to mark.
pub const PAY_HINT: &str = "F 标记要付的，空格取消；F9 列成付款单，没有标的就是所列同一款项全部可付的";
/// Nothing is to be paid.
pub const PAY_EMPTY: &str = "没有待付款、在途或待追回的办件。";
/// What then.
pub const PAY_EMPTY_HINT: &str = "报销、重复缴费退费生效后自动列在这里；已报盘的付款单看 =FD。";
/// How its filter is written, where nothing fits.
pub const PAY_FILTER_HINT: &str = "例：三合，或 银行=农信 状态=失败 姓名=覃。按 / 改筛选，空白即全部。";
/// The same of payment lists.
pub const LISTS_FILTER_HINT: &str = "例：FKTC，或 银行=农信 状态=待复核。按 / 改筛选，空白即全部。";
/// No row can be listed.
pub const PAY_NOTHING: &str = "没有可以列入付款单的办件；不能列入的原因见每件下方的说明。";
/// Asks for a layout.
pub const PAY_WHICH_BANK: &str = "银行版式";
/// Asks before a list is made.
pub fn pay_sure(kind: &str, count: usize, sum: &str, samples: usize, layout: &str) -> String {
    format!("列成{kind}付款单：{count} 件 {sum} 元{}，版式 {layout}？", pay_samples(samples))
}
/// How many of the cases rest on figures that nobody verified.
fn pay_samples(samples: usize) -> String {
    if samples > 0 {
        format!("（{samples} 件按示例参数结算，未经核实）")
    } else {
        String::new()
    }
}
/// An amount, marked where it rests on figures that nobody verified.
pub fn pay_amount(amount: &str, sample: bool) -> String {
    if sample { format!("{amount} {}", super::SAMPLE) } else { amount.to_owned() }
}
/// A list was made.
pub fn pay_made(no: &str, count: usize, sum: &str) -> String {
    format!("已存：付款单 {no}，{count} 件 {sum} 元。请另一名财务人员在 =FD 复核。")
}
/// Why the bank did not pay.
pub fn pay_reason(list: &str, reason: &str) -> String {
    format!("付款单 {list} 银行未付：{reason}")
}
/// Where it is.
pub fn pay_in_list(list: &str) -> String {
    format!("付款单 {list}")
}
/// Column heads of payment lists.
pub const LISTS_COLUMNS: [&str; 8] = ["付款单", "制单日期", "件数", "金额", "状态", "制单", "复核", "回盘"];
/// Above the list.
pub fn lists_head(all: usize, waiting: usize, with_bank: usize) -> String {
    format!("付款单 {all} 张   待复核 {waiting}   待回盘 {with_bank}")
}
/// What the money is, where it is no benefit, and what the bank did.
pub fn lists_result(kind: xiangbao_core::event::PayKind, paid: usize, failed: usize) -> String {
    let what = match kind {
        xiangbao_core::event::PayKind::Benefit => "",
        xiangbao_core::event::PayKind::Refund => "退费 ",
    };
    let result = if paid + failed == 0 { String::new() } else { format!("已付 {paid} 失败 {failed}") };
    format!("{what}{result}").trim_end().to_owned()
}
/// No list yet.
pub const LISTS_EMPTY: &str = "还没有付款单。";
/// What then.
pub const LISTS_EMPTY_HINT: &str = "在 =FK 标记待付款的办件，按 F9 制单。";
/// Asks for the bank's file.
pub const ANSWER_PATH: &str = "回盘文件";
/// The same file again.
pub fn answer_again(no: &str) -> String {
    format!("{no}：这个文件已经导入过，没有任何改变。")
}
/// What came of a file.
pub fn answer_taken(no: &str, done: (usize, &str), failed: usize, doubts: usize, open: usize) -> String {
    format!("{no}：成功 {} 笔 {} 元，失败 {failed}，有疑问 {doubts}，未回 {open}。", done.0, done.1)
}
/// Heading: how a list stands.
pub const ONE_STANDING: &str = "付款单";
/// Label: standing.
pub const ONE_STATUS: &str = "状态";
/// Label: what the money is.
pub const ONE_KIND: &str = "款项";
/// Label: sum.
pub const ONE_SUM: &str = "合计";
/// Label: layout.
pub const ONE_BANK: &str = "银行版式";
/// Label: maker.
pub const ONE_MAKER: &str = "制单";
/// Label: checker.
pub const ONE_CHECKER: &str = "复核";
/// Label: file.
pub const ONE_FILE: &str = "报盘文件";
/// Label: what the bank did.
pub const ONE_RESULT: &str = "回盘";
/// Label: why it was given up.
pub const ONE_CLOSED: &str = "退回理由";
/// Heading: its lines.
pub const ONE_LINES: &str = "明细";
/// Heads of the lines.
pub const ONE_HEAD: [&str; 6] = ["序", "办件号", "参保人 收款人", "账号", "金额", "回盘"];
/// Heading: what of the bank's files was not taken.
pub const ONE_FINDINGS: &str = "回盘疑问";
/// Sum of a list.
pub fn one_sum(count: usize, sum: &str, samples: usize) -> String {
    format!("{count} 件 {sum} 元{}", pay_samples(samples))
}
/// What the bank did.
pub fn one_result(
    paid: (usize, xiangbao_core::money::Fen),
    failed: (usize, xiangbao_core::money::Fen),
    count: usize,
) -> String {
    let open = count.saturating_sub(paid.0 + failed.0);
    format!(
        "已付 {} 件 {} 元，失败 {} 件 {} 元，未回 {open} 件",
        paid.0,
        paid.1.to_grouped(),
        failed.0,
        failed.1.to_grouped()
    )
}
/// A line that was paid.
pub fn one_paid(day: &str) -> String {
    format!("{} 已支付", day.get(5..).unwrap_or(day))
}
/// A guardian is paid.
pub fn one_guardian(name: &str, guardian: &str) -> String {
    format!("{name} 监护人{guardian}")
}
/// A line that was not taken.
pub fn one_finding(line: u32, words: &str) -> String {
    format!("第 {line} 行：{words}")
}
/// Asks before approving.
pub fn one_approve_sure(no: &str, count: usize, sum: &str, samples: usize) -> String {
    format!("同意付款 {no}：{count} 件 {sum} 元{}？", pay_samples(samples))
}
/// Asks before the file is written.
pub fn one_export_sure(count: usize, sum: &str) -> String {
    format!("写出银行文件：{count} 笔 {sum} 元？写出后不能再退回。")
}
/// Approved.
pub fn one_approved(no: &str) -> String {
    format!("已存：{no} 已复核，可以报盘（F4）。")
}
/// Written.
pub fn one_written(path: &str, again: bool) -> String {
    let again = if again { "（与上次相同）" } else { "" };
    format!("已报盘{again}：{path}")
}
/// Title: why it is given back.
pub const ONE_GIVE_BACK: &str = "退回付款单";
/// Asks before giving back.
pub fn one_close_sure(no: &str) -> String {
    format!("退回 {no}，各件回到待付款？")
}
/// Given back.
pub fn one_given_back(no: &str) -> String {
    format!("已存：{no} 已退回，各件回到待付款。")
}
/// Printed.
pub fn one_printed(path: &str) -> String {
    format!("已存：{path}")
}
/// Column heads of deductions.
pub const DEDUCT_COLUMNS: [&str; 7] = ["代扣单", "年度", "日期", "户数", "金额", "制单", "回盘"];
/// Above the list.
pub fn deduct_head(all: usize, open: usize) -> String {
    format!("代扣单 {all} 张   银行未回 {open} 户   花名册在 =YW 三方代扣上按 F6")
}
/// What the bank did.
pub fn deduct_result(done: usize, failed: usize, open: usize) -> String {
    format!("已扣 {done} 失败 {failed} 未回 {open}")
}
/// No list yet.
pub const DEDUCT_EMPTY: &str = "还没有代扣单。";
/// What then.
pub const DEDUCT_EMPTY_HINT: &str = "三方协议（=DK）办结后按 F9 报盘；F6 打印催缴名单。";
/// Asks for a year.
pub const DEDUCT_YEAR: &str = "代扣哪个参保年度";
/// Asks for year and village.
pub const CALLS_YEAR: &str = "催缴年度，空格后可加村代码";
/// A file was made.
pub fn deduct_made(no: &str, lines: u32, sum: &str, path: &str) -> String {
    format!("已报盘：{no} {lines} 户 {sum} 元 {path}")
}
/// A call list was printed.
pub fn calls_printed(count: usize, sum: &str, path: &str) -> String {
    format!("未缴 {count} 人 {sum} 元，已存：{path}")
}
/// Heading: the money of a case.
pub const REVIEW_PAYMENT: &str = "付款";
/// Label: how it stands.
pub const REVIEW_PAYMENT_STATE: &str = "付款状态";
/// Label: what is given back.
pub const REVIEW_REFUND: &str = "退还缴费";
/// An amount.
pub fn yuan(amount: &str) -> String {
    format!("{amount} 元")
}
/// Heading: the refund settlement of a reversal.
pub const REVIEW_NEGATIVE: &str = "退费结算（冲正，与原结算逐项相抵）";
/// An amount of the settlement and of its refund.
pub fn review_negative(before: &str, back: &str) -> String {
    format!("原 {before}  退 {back}")
}
/// Label: the year without it.
pub const REVIEW_YEAR_AFTER: &str = "冲正后累计";
/// The year without it.
pub fn review_year_after(year: i32, admissions: u32, fund: &str) -> String {
    format!("{year} 年住院 {admissions} 次，基金支付 {fund} 元")
}
/// The list and the line.
pub fn review_payment(word: &str, list: &str, seq: u32, more: &str) -> String {
    if list.is_empty() {
        word.to_owned()
    } else {
        format!("{word}  {list} 第 {seq} 笔 {more}").trim_end().to_owned()
    }
}
/// Label: who asked for another account.
pub const REVIEW_CORRECTION: &str = "申请更正账户";
/// From what to what.
pub fn review_account(before: &str, after: &str) -> String {
    format!("{before} 改为 {after}")
}
/// Title: another account.
pub const ASK_ACCOUNT: &str = "更正收款账户（从初审重新审核，更正人不能再审核、支付本件）";
/// Label: why, and what was seen.
pub const ASK_ACCOUNT_REASON: &str = "理由和凭据";
/// Asks before it is sent to review.
pub fn question_account(number: &str) -> String {
    format!("{number} 更正账户，从初审重新审核？")
}
/// Not a case whose account can be corrected.
pub const NOT_CORRECTABLE: &str = "已生效、还没有支付的报销或退费才能更正账户。";
/// Done.
pub const DONE_ACCOUNT: &str = "账户更正已提交";
