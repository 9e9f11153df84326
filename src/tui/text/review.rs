//! Words of the review page, of what is asked there, and of the print preview.

/// Title of the review page.
pub const REVIEW: &str = "审核";
/// Sections.
pub const REVIEW_STANDING: &str = "办理情况";
/// Findings.
pub const REVIEW_FINDINGS: &str = "核对提示";
/// Materials.
pub const REVIEW_MATERIALS: &str = "材料";
/// Opinions.
pub const REVIEW_OPINIONS: &str = "审核意见";
/// Settlement.
pub const REVIEW_SETTLEMENT: &str = "结算";
/// Settlement before the last level agreed.
pub const REVIEW_SETTLEMENT_TODAY: &str = "结算（按今天试算，审批通过时定）";
/// Trace.
pub const REVIEW_TRACE: &str = "计算过程";
/// What the case would change, before everything else.
pub const REVIEW_CHANGES: &str = "本件变更";
/// What a reversal undoes.
pub const REVIEW_UNDONE: &str = "冲正将还原";
/// What took effect.
pub const REVIEW_EFFECT: &str = "已生效的变更";
/// Mark of a changed value.
pub const MARK_CHANGED: &str = "变更";
/// Nothing found.
pub const REVIEW_NO_FINDING: &str = "没有提示，各项规则都符合。";
/// No material.
pub const REVIEW_NO_MATERIAL: &str = "本件没有材料记录。";
/// No opinion yet.
pub const REVIEW_NO_OPINION: &str = "还没有审核意见。";
/// Labels of the standing.
pub const REVIEW_STATUS: &str = "状态";
/// Acceptance.
pub const REVIEW_ACCEPTED: &str = "受理";
/// Promise.
pub const REVIEW_DUE: &str = "承诺办结日";
/// Levels.
pub const REVIEW_LEVELS: &str = "审核级次";
/// Reason of the end.
pub const REVIEW_CLOSED: &str = "原因";
/// Reason of a reversal.
pub const REVIEW_REVERSAL: &str = "冲正理由";
/// The case is shown by another form than it was accepted under.
pub const REVIEW_NOTE: &str = "表单版本";
/// Why it cannot take effect.
pub const REVIEW_OBSTACLE: &str = "不能生效";
/// Why this person cannot decide.
pub const REVIEW_BAR: &str = "不能审核";
/// A provisional promise.
pub const REVIEW_PROVISIONAL: &str = "（节假日安排未公布，暂定）";
/// Demands that wait for the applicant.
pub const REVIEW_DEMANDS: &str = "待补正";
/// Round of a supplement.
pub fn review_round(round: u16) -> String {
    format!("第 {round} 次提交")
}
/// A row of a table.
pub fn review_row(row: usize) -> String {
    format!("第 {row} 行")
}
/// The days of the promise.
pub fn review_promise(due: &str, days: u16, left: &str) -> String {
    format!("{due}（{}）{left}", super::term(days))
}
/// Passed, returned, rejected.
pub const VERDICT_PASSED: &str = "通过";
/// Returned.
pub const VERDICT_RETURNED: &str = "退回补正";
/// Rejected.
pub const VERDICT_REJECTED: &str = "退件";
/// Where a figure comes from.
pub fn trace_source(rule: &str, article: &str, document: &str) -> String {
    [article, document, rule].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("  ")
}
/// A figure of the trace that is not verified.
pub const REVIEW_SAMPLE: &str = "结算用到的参数有示例值，未经文件核对，不能作为支付依据。";
/// Amounts of a settlement, with their national names in Chinese.
pub const SETTLEMENT_LABELS: [&str; 14] = [
    "医疗费总额",
    "全自费",
    "超限价自费",
    "先行自付",
    "政策范围内",
    "起付线",
    "统筹支付",
    "超封顶线",
    "其中保底补足",
    "大病保险支付",
    "补充保险支付",
    "医疗救助支付",
    "基金支付总额",
    "个人负担",
];

/// Layers that the area has no parameters for.
pub fn settlement_absent(names: &[String]) -> String {
    format!("本地政策参数中没有{}，未计算；需要时报县级经办机构。", names.join("、"))
}

/// A change of the register, as a line: kind, whose, which version.
pub fn change_person(name: &str, number: &str, rev: u32) -> String {
    format!("人员  {name}  {number}  第 {rev} 版")
}
/// A household.
pub fn change_household(head: &str, number: &str, rev: u32) -> String {
    format!("家庭  户主 {head}  {number}  第 {rev} 版")
}
/// An enrolment.
pub fn change_enrolment(year: u16, number: &str, status: &str, from: &str, to: &str) -> String {
    format!("参保  {year}年  {number}  {status}  {from} 至 {to}")
}
/// A yearly sum.
pub fn change_accumulation(year: u16, number: &str, paid: &str) -> String {
    format!("年度累计  {year}年  {number}  基金已付 {paid}")
}
/// A transfer.
pub fn change_transfer(number: &str, old: &str, new: &str) -> String {
    format!("转移  {number}  {old} 转 {new}")
}
/// An invoice.
pub fn change_invoice(number: &str, used: bool) -> String {
    format!("票据  {number}  {}", if used { "已使用" } else { "已退还" })
}

/// A filing.
pub fn change_filing(number: &str, from: &str, to: &str) -> String {
    let to = if to.is_empty() { "长期" } else { to };
    format!("备案  {number}  {from} 至 {to}")
}

/// Asked for an opinion.
pub fn ask_pass(level: &str) -> String {
    format!("{level}通过")
}
/// Asked for a return.
pub const ASK_RETURN: &str = "退回补正：一次告知全部内容（003 A35）";
/// Asked for a rejection.
pub const ASK_REJECT: &str = "退件：写明理由和条文，告知申请人（003 A11）";
/// Asked for a reason against a reversal.
pub const ASK_NO_REVERSAL: &str = "不同意冲正：写明理由";
/// Asked for a withdrawal.
pub const ASK_WITHDRAW: &str = "撤回本件";
/// Asked for a reversal.
pub const ASK_REVERSE: &str = "提出冲正：须由另外两人复核、审批";
/// Fields.
pub const ASK_OPINION: &str = "意见";
/// The opinion to begin with.
pub const ASK_AGREED: &str = "同意";
/// What is to be put right.
pub const ASK_ITEM: &str = "补正项目";
/// Reason.
pub const ASK_REASON: &str = "理由";
/// Article.
pub const ASK_ARTICLE: &str = "条文";
/// The whole case.
pub const ASK_WHOLE: &str = "整件";
/// Material in the list of items.
pub const ASK_MATERIAL: &str = "材料";
/// Title of the list of items.
pub const ASK_ITEMS: &str = "补正项目：栏目或材料";
/// What the keys do.
pub const ASK_HINT: &str = "F9 或末栏 Enter 确认，Esc 返回（已写的留着）";
/// What the keys do in a notice.
pub const ASK_NOTICE_HINT: &str = "F4 选项目，F7 再加一项，Shift-F7 删末项；F9 确认，Esc 返回（已写的留着）";
/// Reason missing.
pub const ASK_NEEDS_REASON: &str = "请写明理由：要告知申请人。";
/// Opinion missing.
pub const ASK_NEEDS_OPINION: &str = "请写意见，例如：同意。";
/// Item unknown.
pub const ASK_NO_ITEM: &str = "没有这个项目。按 F4 选择，留空即整件。";
/// Questions before it is done.
pub fn question_pass(level: &str, number: &str, opinion: &str) -> String {
    format!("{level}通过 {number}，意见：{opinion}？")
}
/// Return.
pub fn question_return(number: &str, demands: usize) -> String {
    format!("退回 {number} 补正 {demands} 项，一次告知完整？")
}
/// Reject.
pub fn question_reject(number: &str) -> String {
    format!("退件 {number}？退件后不再办理，须重新申请。")
}
/// Withdraw.
pub fn question_withdraw(number: &str) -> String {
    format!("撤回 {number}？撤回后不再办理。")
}
/// Reverse.
pub fn question_reverse(number: &str) -> String {
    format!("对已生效的 {number} 提出冲正？")
}
/// Beside a demand that came late.
pub const LATE_DEMAND: &str = "首次未告知";
/// At the end of a demand that would come late.
pub const LATE_DEMAND_NOTE: &str = " 首次告知书未列此项，将提示主管";
/// Demands that were not on the first notice.
pub fn late_demands(count: usize) -> String {
    format!("后来又要求补正 {count} 项，首次一次性告知书未列：请主管核实原因。")
}
/// A demand in a notice being written.
pub fn demand_line(number: usize, item: &str, reason: &str, article: &str) -> String {
    format!("{number}. {item}：{reason}（{article}）")
}
/// Stored.
pub fn review_stored(number: &str, what: &str, status: &str) -> String {
    format!("已存：{number} {what}，现在{status}。")
}
/// What was done, for [`review_stored`].
pub const DONE_WITHDRAWN: &str = "撤回";
/// Reversal proposed.
pub const DONE_REVERSAL: &str = "提出冲正";
/// Nobody may decide this now.
pub fn not_deciding(status: &str) -> String {
    format!("本件现在{status}，不由您的岗位审核。")
}
/// A reversal is agreed to or not.
pub const NOT_RETURNABLE: &str = "冲正只有同意或不同意：同意按 F9，不同意按 J 写明理由。";
/// A reversal that is not agreed to.
pub fn question_no_reversal(number: &str) -> String {
    format!("不同意冲正 {number}？原办件仍然有效。")
}
/// Before the level, where a reversal is decided.
pub const REVERSAL: &str = "冲正";
/// How the supplement is typed.
pub const REVIEW_CORRECT: &str = "申请人补齐后按 Enter 打开表单补正；期限从退回起暂停。";
/// A case that cannot be withdrawn.
pub const NOT_WITHDRAWABLE: &str = "本件已办结，不能撤回；已生效的只能冲正（按 C）。";
/// A case that cannot be reversed.
pub const NOT_REVERSIBLE: &str = "只有已生效的办件可以冲正；未生效的请撤回（按 U）。";

/// Title of the preview.
pub const PREVIEW: &str = "打印预览";
/// Which document, of how many.
pub fn preview_document(title: &str, at: usize, of: usize, pages: usize) -> String {
    if of > 1 { format!("文书 {at}/{of}  {title}  {pages} 页") } else { format!("{title}  {pages} 页") }
}
/// Title of the list of documents.
pub const PREVIEW_PICK: &str = "文书";
/// Which copy it would be, on what, where.
pub fn preview_copy(copy: u32, values_only: bool, printer: &str) -> String {
    let copy = if copy <= 1 {
        "F6 打印正本".to_owned()
    } else {
        format!("已打印过，F6 补打第 {copy} 份")
    };
    let stock = if values_only { "套打 " } else { "" };
    let printer = if printer.is_empty() { String::new() } else { format!(" 送 {printer}") };
    format!("{stock}{copy}{printer}")
}
/// A draft or blank paper.
pub const PREVIEW_LOOSE: &str = "F6 生成 PDF，不计份数";
/// Asks who takes a further copy.
pub fn preview_collector(copy: u32) -> String {
    format!("补打第 {copy} 份，领取人姓名")
}
/// Asks for whom.
pub fn preview_relation(name: &str) -> String {
    format!("{name} 是")
}
/// Title of the list of printers.
pub const PRINTER_PICK: &str = "打印机";
/// No queue: the PDF stays in `prints/`.
pub const PRINTER_NONE: &str = "不送打印机，只存 PDF";
/// Asks for the three numbers.
pub const CALIBRATE_ASK: &str = "向右 向下（毫米） 比例（千分）";
/// Not three numbers.
pub const CALIBRATE_THREE: &str = "要写三个数，用空格隔开，如 1.5 -0.8 1003。";
/// The numbers are stored.
pub fn calibrated(printer: &str, title: &str) -> String {
    let printer = if printer.is_empty() { "不经打印机队列" } else { printer };
    format!("已存：{printer} 套打 {title} 的校准。")
}
/// The test card lies there.
pub fn card_done(path: &str) -> String {
    format!("已存：试印卡  {path}")
}
/// The file is on its way.
pub fn preview_spooling(printer: &str) -> String {
    format!("  正送 {printer} ...")
}
/// The printing system took the file.
pub fn preview_spooled(printer: &str, said: &str) -> String {
    format!("{printer} 已接收  {said}")
}
/// Printed.
pub fn preview_done(title: &str, pages: usize, copy: u32, path: &str) -> String {
    format!("已存：{title} {pages} 页，第 {copy} 份  {path}")
}
/// No document.
pub const PREVIEW_NONE: &str = "本件现在没有可打印的文书。";

/// Why a case was closed, with the article where one was given.
pub fn review_closed(reason: &str, article: &str) -> String {
    if article.is_empty() { reason.to_owned() } else { format!("{reason}（{article}）") }
}

/// Which paper about a person.
pub const PAPER_WHICH: &str = "出具哪一种";
/// What it is for.
pub const PAPER_WHAT_FOR: &str = "用途";
/// Numbers in full.
pub const PAPER_UNMASKED: &str = "证件号码印完整的？答否则遮盖中间几位。完整号码会留下查阅记录。";
/// Before the paper is given out.
pub const PAPER_NOT_YET: &str = "F6 出具：编号并登记用途";
/// Afterwards.
pub const PAPER_ISSUED: &str = "已出具并登记";
/// A second one.
pub const PAPER_AGAIN: &str = "已经出具过。要另出一份新编号的，请返回人员卡片再按 F6。";
/// Given out.
pub fn paper_issued(title: &str, number: &str, path: &str) -> String {
    format!("已出具：{title} {number}  {path}")
}
