//! Words of the form, the checklist of papers and the page before submitting.

/// Find, asked for the person of a form: somebody the register does not know.
pub const FORM_FIND_EMPTY: &str = "参保库中没有的人：空着按 Enter，直接填空表。";
/// A draft, when there is none.
pub const FORM_DRAFT: &str = "草稿";
/// The page before submitting, on line 1.
pub const FORM_CHECK: &str = "提交前核对";
/// The checklist, on line 1.
pub const MATERIALS: &str = "材料清单";
/// The store refused.
pub const FORM_UNSAVED: &str = "未存";
/// Which page of the form.
pub fn form_page(page: usize, pages: usize) -> String {
    format!("{page}/{pages}页")
}
/// When the draft was stored last.
pub fn form_saved(time: &str) -> String {
    format!("已存 {time}")
}
/// Flag: yes.
pub const FORM_YES: &str = "是";
/// Flag: no.
pub const FORM_NO: &str = "否";
/// Behind an amount.
pub const FORM_YUAN: &str = "元";
/// Above the form: what a reviewer asked for.
pub const FORM_WANTED: &str = "退回补正，请改正以下各项";
/// One demand.
pub fn form_wanted(label: &str, reason: &str, article: &str) -> String {
    format!("{label}：{reason}{}", by(article))
}
/// The same beside its field.
pub fn form_wanted_here(reason: &str, article: &str) -> String {
    format!("补正：{reason}{}", by(article))
}
/// A table without rows.
pub const FORM_NO_ROWS: &str = "还没有内容。按 F7 增加一行；没有就空着。";
/// Head of a row that is a block of fields.
pub fn form_row(title: &str, number: usize, name: &str) -> String {
    format!("{title} {number} {name}").trim_end().to_owned()
}
/// One line about a field.
pub fn form_help(help: &str, article: &str) -> String {
    format!("{help}{} 再按 F1 看条文", by(article))
}
/// What a narrow cell cannot show.
pub fn form_whisper(label: &str, words: &str) -> String {
    format!("{label}：{words}")
}
/// Title of an article's text.
pub fn form_article(article: &str) -> String {
    format!("条文 {article}")
}
/// An article whose source text is damaged.
pub fn form_restored(words: &str) -> String {
    format!("{words}\n\n（原文有缺损，以上文字按上下文复原，正式引用前请核对原件。）")
}
/// No text of the article.
pub const FORM_NO_ARTICLE: &str = "本表没有收录这一条的文字，请查原件。";
/// Asks for a field's number.
pub const FORM_JUMP: &str = "跳到栏号 ^";
/// A number that is no field.
pub const FORM_NO_FIELD: &str = "没有这个栏号。栏号写在每一栏的左边。";
/// Nothing to explain.
pub const FORM_NO_DOUBT: &str = "这里没有需要说明的疑问。";
/// Asks for the reason of a doubt.
pub fn form_doubt(message: &str) -> String {
    message.to_owned()
}
/// Title of the list of reasons.
pub const FORM_REASONS: &str = "放行原因";
/// A reason was stored.
pub fn form_reason_given(label: &str) -> String {
    format!("已存：{label}")
}
/// F2 without a record before.
pub const FORM_NOTHING_BEFORE: &str = "前一件（或上一行）这一栏没有内容可抄。";
/// Fields copied.
pub fn form_copied(count: usize) -> String {
    match count {
        0 => "余下各栏没有可抄的内容。".to_owned(),
        count => format!("已照前一件抄 {count} 栏，请核对带 = 的各栏。"),
    }
}
/// The person is in the register.
pub fn form_followed(name: &str) -> String {
    format!("参保库中有此人：{name}，空着的栏已填入，请核对。")
}
/// Nothing to undo.
pub const FORM_NOTHING_TO_UNDO: &str = "没有可撤销的改动。";
/// Undone and stored.
pub const FORM_UNDONE: &str = "已撤销上一步改动，草稿已存。";
/// The form has no table.
pub const FORM_NO_TABLE: &str = "本表没有可增行的表格。";
/// The focus is in no row.
pub const FORM_NOT_IN_ROW: &str = "请先把光标移到要删的那一行。";
/// Asks before a row goes.
pub fn form_remove_row(number: usize) -> String {
    format!("删除第 {number} 行的全部内容吗？")
}
/// A row went.
pub fn form_row_removed(number: usize) -> String {
    format!("第 {number} 行已删除，Ctrl-Z 可撤销。")
}
/// Left, and kept.
pub const FORM_KEPT: &str = "草稿已存，在首页选它继续。";
/// F4 in a field without codes.
pub const FORM_NO_CODES: &str = "这一栏没有代码表，请直接键入。";
/// Under the room for several lines.
pub const FORM_LINES_HINT: &str = "F9 或 Esc 收下并返回，Enter 换行";
/// What became of a pasted block.
pub fn form_pasted(rows: usize, cells: usize, bad: usize, left_over: usize) -> String {
    let mut words = format!("已粘贴 {rows} 行 {cells} 格");
    if bad > 0 {
        words.push_str(&format!("，有 {bad} 处需要核对"));
    }
    if left_over > 0 {
        words.push_str(&format!("，{left_over} 处放不下未收"));
    }
    words.push('。');
    words
}
/// Asks before a draft goes.
pub const FORM_DISCARD: &str = "丢弃这份草稿？已键入的内容不再保留。";
/// The draft is gone.
pub const FORM_DISCARDED: &str = "草稿已丢弃。";

/// Head: what stands in the way.
pub const FORM_STANDING: &str = "能否提交";
/// Nothing stands in the way.
pub const FORM_READY: &str = "没有需要改正的内容，材料齐全。按 F9 提交。";
/// Counts of what stands in the way.
pub fn form_standing(errors: usize, doubts: usize, missing: usize) -> String {
    let mut parts = Vec::new();
    if errors > 0 {
        parts.push(format!("{errors} 处要改正"));
    }
    if doubts > 0 {
        parts.push(format!("{doubts} 处要说明原因"));
    }
    if missing > 0 {
        parts.push(format!("{missing} 件材料未齐"));
    }
    format!("还有 {}。按 Enter 去第一处。", parts.join("、"))
}
/// One finding with its place.
pub fn form_finding(word: &str, place: &str, message: &str, article: &str) -> String {
    format!("{word} {place}：{message}{}", by(article))
}
/// A paper that is missing.
pub fn form_missing(label: &str, copy: bool, one_of: bool, article: &str) -> String {
    let how = match (one_of, copy) {
        (true, _) => "（同类任一件即可）",
        (false, true) => "（要留复印件）",
        (false, false) => "",
    };
    format!("缺 {label}{how}{}", by(article))
}
/// A doubt that was explained.
pub fn form_explained(place: &str, code: &str, label: &str) -> String {
    format!("已说明 {place}：{code} {label}")
}
/// Where a field stands.
pub fn form_place(number: Option<usize>, row: Option<usize>, label: &str) -> String {
    let number = number.map(|number| format!("^{number} ")).unwrap_or_default();
    let row = row.map(|row| format!("第{row}行 ")).unwrap_or_default();
    format!("{number}{row}{label}")
}
/// Head: what happens next.
pub const FORM_NEXT: &str = "提交之后";
/// Number, clock and promise.
pub fn form_next(days: u16, due: &str, provisional: bool, article: &str) -> String {
    if days == 0 {
        return format!("给出受理编号，今日 {due} 下班前办结{}", by(article));
    }
    let mark = if provisional { "（次年工作日历未公布，暂定）" } else { "" };
    format!("给出受理编号，从今日起 {days} 个工作日内办结：{due} 前{mark}{}", by(article))
}
/// A correction keeps its number and place.
pub fn form_next_correction(number: &str) -> String {
    format!("{number} 回到原来的审核级，编号不变，停下的时限接着走。")
}
/// The levels.
pub fn form_levels(levels: &[String]) -> String {
    format!("经{}，各级由不同的人办理。", levels.join("、"))
}
/// Head: the settlement.
pub const FORM_SETTLEMENT: &str = "按今日政策试算（审批生效时再算一次）";
/// The bill cannot be settled while the form has faults.
pub const FORM_SETTLE_LATER: &str = "改正上面各处后，在这里试算。";
/// What the payments of an enrolment buy.
pub const FORM_OUTLOOK: &str = "缴费与待遇（收费前逐人告知）";
/// A figure that is only a sample.
pub const FORM_SAMPLE: &str = "示例参数，未经核实：以下金额不能作为支付依据。";
/// The sums, in the order of the slip.
pub const FORM_SUMS: [&str; 12] = [
    "医疗费总额",
    "全自费",
    "超限价自费",
    "先行自付",
    "符合政策范围",
    "起付线",
    "统筹基金支付",
    "大病保险支付",
    "补充保险支付",
    "医疗救助支付",
    "基金支付总额",
    "个人负担",
];
/// The fund's payment in words.
pub const FORM_CAPITALS: &str = "基金支付大写";
/// One band of the ratio table.
pub fn form_band(label: &str, base: &str, ratio: &str, amount: &str) -> String {
    format!("{label} {base} x {ratio} = {amount}")
}
/// Head: the reason of every amount.
pub const FORM_TRACE: &str = "每笔金额的来历";
/// One reason.
pub fn form_trace(formula: &str, document: &str, article: &str, sample: bool) -> String {
    let mark = if sample { " 示例" } else { "" };
    format!("{formula} [{document} {article}{mark}]")
}
/// One cell of a row on the page before submitting.
pub fn form_cell(label: &str, value: &str) -> String {
    format!("{label} {value}")
}
/// Between the cells of a row.
pub const FORM_CELL_GAP: &str = "；";

/// Asks before 受理.
pub fn form_ask_accept(name: &str, form: &str, due: &str) -> String {
    format!("受理 {name} 的{form}，编号并开始计时，{due} 前办结？")
}
/// Asks before a corrected case goes back.
pub fn form_ask_again(number: &str) -> String {
    format!("补正完毕，再交 {number}？编号和次序不变，从初审起审核。")
}
/// Asks before 不予受理.
pub fn form_ask_refuse(name: &str) -> String {
    format!("对 {name} 不予受理，出具通知书？")
}
/// Asks for the reason of a refusal.
pub const FORM_REFUSAL_REASON: &str = "不予受理的原因：";
/// Asks for its article.
pub const FORM_REFUSAL_ARTICLE: &str = "依据的文件和条款：";
/// A refusal without reason or article.
pub const FORM_REFUSAL_EMPTY: &str = "不予受理必须写明原因和依据，没有办理。";
/// A case that came back cannot be refused.
pub const FORM_REFUSE_CORRECTION: &str = "这是退回补正的办件，不能再不予受理；请补正或撤回。";
/// Head: accepted.
pub const FORM_ACCEPTED: &str = "已受理";
/// Head: handed in again.
pub const FORM_RESUBMITTED: &str = "已补正再交";
/// Head: refused.
pub const FORM_REFUSED: &str = "不予受理";
/// Label: the printed number.
pub const FORM_NUMBER: &str = "办件号";
/// Label: the person.
pub const FORM_WHO: &str = "申请人";
/// Label: the promised day.
pub const FORM_DUE: &str = "承诺办结日";
/// Label: the way of the case.
pub const FORM_THEN: &str = "接下来";
/// Label: reason of a refusal.
pub const FORM_REFUSED_WHY: &str = "原因和依据";
/// The promised day.
pub fn form_due(due: &str, days: u16, provisional: bool) -> String {
    let mark = if provisional { "，次年工作日历未公布，暂定" } else { "" };
    format!("{due}（{}{mark}）", super::term(days))
}
/// Reason and article.
pub fn form_because(reason: &str, article: &str) -> String {
    format!("{reason}{}", by(article))
}
/// Head: what to do now.
pub const FORM_WHAT_NOW: &str = "现在";
/// After an acceptance.
pub const FORM_WHAT_NOW_LINES: &str = "F6 打印受理通知书交申请人，Enter 回首页。";
/// After a refusal.
pub const FORM_REFUSED_NOW: &str = "F6 打印不予受理通知书交申请人，Enter 回首页。";
/// Stored durably.
pub fn form_stored(number: &str) -> String {
    format!("已存：{number}")
}

/// Column heads of the checklist.
pub const MATERIAL_COLUMNS: [&str; 4] = ["状态", "材料", "要求", "依据"];
/// A copy is kept.
pub const MATERIAL_COPY: &str = "验原件留复印件";
/// Seeing the original is enough.
pub const MATERIAL_ORIGINAL: &str = "验原件";
/// One of several papers.
pub const MATERIAL_ONE_OF: &str = "同类任一件";
/// No paper is due.
pub const MATERIALS_NONE: &str = "按现在填写的内容，不需要材料。";
/// What to do then.
pub const MATERIALS_NONE_HINT: &str = "按 Esc 回到表单。";
/// Nothing is missing.
pub const MATERIALS_COMPLETE: &str = "材料齐全。";
/// What is missing.
pub fn materials_missing(labels: &[String]) -> String {
    format!("还缺 {} 件：{}", labels.len(), labels.join("、"))
}
/// The paper in focus.
pub fn material_hint(label: &str, hint: &str, article: &str) -> String {
    let gap = if hint.is_empty() { "" } else { "：" };
    format!("{label}{gap}{hint}{}", by(article))
}
/// What a reviewer said of the paper.
pub fn material_wanted(reason: &str) -> String {
    format!("补正要求：{reason}")
}
/// The keys of the checklist.
pub const MATERIAL_KEYS: &str = "1 已验原件  2 留复印件  0 未交  空格轮换  P 页数  S 扫描件  F6 一次性告知书";
/// Asks for the pages of a paper.
pub const MATERIAL_PAGES: &str = "共几页";
/// Not a number of pages.
pub const MATERIAL_PAGES_RANGE: &str = "页数请键入 0 到 999 的数。";
/// Asks for the file of a scan.
pub const MATERIAL_SCAN: &str = "扫描件的文件路径（空为去掉）";
/// Pages and scan of a paper: size in bytes and the beginning of its hash.
pub fn material_note(pages: u16, scan: Option<(u64, &str)>) -> String {
    let pages = if pages == 0 { String::new() } else { format!("  {pages} 页") };
    let scan = scan.map(|(bytes, hash)| format!("  扫描件 {} KB 校验 {hash}", bytes.div_ceil(1024)));
    format!("{pages}{}", scan.unwrap_or_default())
}

/// The article behind something, in brackets; nothing where there is none.
fn by(article: &str) -> String {
    if article.is_empty() { String::new() } else { format!("（{article}）") }
}
/// Asks for a file.
pub const FORM_IMPORT_PATH: &str = "文件（xlsx、csv）：";
/// The form takes no file.
pub const FORM_IMPORT_NOT_HERE: &str = "本表不能从文件导入；在校学生参保登记表（=XS）、零星报销（=BX）可以。";
/// Over the faults of a file.
pub const FORM_IMPORT_TITLE: &str = "没有导入：文件中要改正的内容（Esc 关闭）";
/// How many rows, how many good.
pub fn form_import_faults(rows: usize, good: usize) -> String {
    format!("共 {rows} 行，{good} 行没有错误。请学校改正以下各格后重送：")
}
/// Faults that are not listed.
pub fn form_import_more(more: usize) -> String {
    format!("另有 {more} 处没有列出。")
}
/// The good rows alone?
pub fn form_import_good(good: usize) -> String {
    format!("只导入没有错误的 {good} 行，其余不导？")
}
/// Rows are in.
pub fn form_imported(rows: usize, classes: usize) -> String {
    match classes {
        0 | 1 => format!("已导入 {rows} 名学生，请核对后提交。"),
        more => format!("已导入 {rows} 名学生，{more} 个班；本表为第一个班，其余在首页草稿中。"),
    }
}
/// Asks for the insurance year of the deduction roster.
pub const ROSTER_YEAR: &str = "代扣花名册的参保年度：";
/// Not a year.
pub const ROSTER_NO_YEAR: &str = "请键入四位年度，如 2027。";
/// The roster is made.
pub fn roster_printed(households: usize, persons: u32, sum: &str, path: &str) -> String {
    format!("花名册 {households} 户 {persons} 人 {sum} 元，含完整账号，已存：{path}")
}
