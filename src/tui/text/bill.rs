//! Words of the bill: items of the catalogues, sums below the lines, a hospital's list.

/// Title of the list of items.
pub const BILL_ITEMS: &str = "三大目录";
/// An item in the list: name and package, class, share, limit.
pub fn bill_item(label: &str, class: &str, share: &str, limit: &str, sample: bool) -> String {
    let share = if share.is_empty() { String::new() } else { format!(" 先付{share}") };
    let limit = if limit.is_empty() { String::new() } else { format!(" 限{limit}") };
    let sample = if sample { " 示例" } else { "" };
    format!("{label} {class}{share}{limit}{sample}")
}
/// Class 甲, 乙, 丙 by its place.
pub const BILL_CLASSES: [&str; 3] = ["甲", "乙", "丙"];
/// An item was put into the line.
pub fn bill_taken(label: &str, class: &str, unit: &str, limit: &str, sample: bool) -> String {
    let unit = if unit.is_empty() { String::new() } else { format!("，单位 {unit}") };
    let limit = if limit.is_empty() { String::new() } else { format!("，限价 {limit}") };
    let sample = if sample { "（示例目录，不作依据）" } else { "" };
    format!("{label}：{class}类{unit}{limit}{sample}")
}
/// The catalogue does not know what was typed.
pub fn bill_unknown(text: &str) -> String {
    format!("目录中没有【{text}】：照清单填类别、先自付和费用类别")
}
/// Lines and their sum.
pub fn bill_lines(lines: usize, total: &str) -> String {
    format!("费用 {lines} 行 {total}")
}
/// Lines that lack an amount or class.
pub fn bill_open(open: usize) -> String {
    format!("（{open} 行未全）")
}
/// The invoices beside the lines.
pub fn bill_control(control: &str, difference: &str) -> String {
    format!("票据 {control}  差 {difference}")
}
/// Both are the same.
pub const BILL_EVEN: &str = "相符";
/// They are not.
pub const BILL_UNEVEN: &str = "不符";
/// No invoice was entered.
pub const BILL_NO_CONTROL: &str = "票据未填";
/// What is over the limits.
pub fn bill_over(amount: &str) -> String {
    format!("超限价 {amount}")
}
/// One part of the bill.
pub fn bill_part(label: &str, amount: &str) -> String {
    format!("{label} {amount}")
}
/// First paid.
pub const BILL_FIRST: &str = "先自付";
/// In scope.
pub const BILL_SCOPE: &str = "范围内";
/// Nothing above to repeat.
pub const BILL_NOTHING_ABOVE: &str = "上面没有可重复的行。";
/// A line was repeated.
pub fn bill_repeated(number: usize) -> String {
    format!("已重复为第 {number} 行，Ctrl-Z 可撤销")
}
/// Title over a hospital's list before it is taken.
pub const BILL_PREVIEW: &str = "费用清单预览：还没有导入（Esc 关闭后再问）";
/// Title over a list that cannot be taken.
pub const BILL_REFUSED: &str = "没有导入：清单中要改正的内容（Esc 关闭）";
/// Head of the preview.
pub fn bill_read(lines: usize, rows: usize, sum: &str) -> String {
    format!("清单 {lines} 行，入表 {rows} 行，合计 {sum} 元")
}
/// The invoices against the list, with the lines that are there already.
pub fn bill_against(control: &str, with: Option<&str>, difference: &str, even: bool) -> String {
    let word = if even { BILL_EVEN } else { BILL_UNEVEN };
    let with = with.map(|before| format!("连同表中已有的 {before} 元，")).unwrap_or_default();
    format!("票据合计 {control} 元，{with}差 {difference} 元，{word}")
}
/// The list's own total against its lines.
pub fn bill_own_total(row: u32, total: &str, even: bool) -> String {
    let word = if even { BILL_EVEN } else { BILL_UNEVEN };
    format!("清单第 {row} 行的合计 {total} 元，与各行之和{word}")
}
/// How many lines the catalogue knows.
pub fn bill_known(by_code: usize, by_name: usize, unknown: usize) -> String {
    format!("目录：按编码对上 {by_code} 行，按名称对上 {by_name} 行，对不上 {unknown} 行")
}
/// Lines without class or kind.
pub fn bill_lacking(open: usize) -> String {
    format!("有 {open} 行缺类别或费用类别，导入后逐行补填（F8 列出）")
}
/// Lines that are there already.
pub fn bill_before(lines: usize) -> String {
    format!("表中已有 {lines} 行，清单接在后面")
}
/// Head: lines that the catalogue does not know.
pub const BILL_UNKNOWN: &str = "目录中没有的行（照清单原样入表）：";
/// Head: lines that say something else than the catalogue.
pub const BILL_DIFFERING: &str = "与目录不同的行（以清单为准，请核对）：";
/// Head: refunds.
pub const BILL_NETTED: &str = "已冲减的负数行：";
/// One line of the list.
pub fn bill_remark(row: u32, text: &str) -> String {
    format!("  第 {row} 行 {text}")
}
/// Columns that were not read.
pub fn bill_ignored(columns: &str) -> String {
    format!("没有读的列：{columns}")
}
/// Sheets that were not read.
pub fn bill_skipped(sheets: &str) -> String {
    format!("没有标题行、没有读的工作表：{sheets}")
}
/// Faults of the list.
pub fn bill_faults(lines: usize, faults: usize) -> String {
    format!("读出 {lines} 行，另有 {faults} 处读不出来。请改正以下各格后再导入，表中没有改动：")
}
/// Asks before the lines go into the form.
pub fn bill_take(rows: usize, sum: &str) -> String {
    format!("把这 {rows} 行（{sum} 元）放进费用清单？")
}
/// The lines are in.
pub fn bill_imported(rows: usize) -> String {
    format!("已导入 {rows} 行，请核对；Ctrl-Z 可撤销。")
}
/// What marks a row of the sample catalogue.
pub const BILL_SAMPLE: &str = "示例";
