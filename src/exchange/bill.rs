//! A hospital's list of charges as lines: each cell as somebody would type it, or a fault that names sheet, row, column,
//! value and what to do. Totals and headings of the list are told apart from its lines. Knows titles and cells; must
//! not know the catalogue or the form's rules.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use rust_decimal::Decimal;
use xiangbao_core::code::CodeBook;
use xiangbao_core::identity::text::{is_refused, narrow};

use super::fault::{CellFault, FileFault};
use super::grid::{Cell, Line, MAX_FAULTS, MAX_LINES, Sheet, letters};
use super::heads::{Heads, Wanted, find};
use super::pick::sheets;

/// Words with which a line begins that adds up others.
const SUMS: [&str; 4] = ["小计", "合计", "总计", "本页"];
/// Words with which the foot of a list begins: nothing below is a line.
const FOOT: [&str; 8] = ["填表人", "审核人", "制表人", "打印", "说明", "备注：", "收款人", "经办人"];
/// Code table of the kinds of charge.
const KINDS: &str = "med_chrgitm_type";
/// Decimals to which a spreadsheet's own figures are taken: behind them stands only what binary fractions leave.
const EXACT: u32 = 8;

/// Ids of the columns with every title that hospitals write over them.
const TITLES: &[(&str, &[&str])] = &[
    (
        "item_name",
        &[
            "项目名称",
            "名称",
            "费用名称",
            "收费项目",
            "收费项目名称",
            "药品名称",
            "明细名称",
            "诊疗项目",
            "诊疗项目名称",
            "品名",
            "项目",
            "医保目录名称",
            "药品及项目名称",
            "药品/项目名称",
            "项目(药品)名称",
            "费用项目",
            "费用项目名称",
            "明细项目",
            "hilist_name",
            "medins_list_name",
        ],
    ),
    (
        "med_list_codg",
        &[
            "医保编码",
            "医保目录编码",
            "医疗目录编码",
            "国家编码",
            "国家医保编码",
            "国家码",
            "医保代码",
            "国家医保代码",
            "目录编码",
            "贯标码",
            "医保项目编码",
            "hilist_code",
        ],
    ),
    ("own_code", &["编码", "项目编码", "项目代码", "收费编码", "药品编码", "院内编码", "medins_list_codg"]),
    ("spec", &["规格", "规格型号", "规格/型号"]),
    ("unit", &["单位", "计价单位", "计量单位"]),
    ("cnt", &["数量", "总量", "次数", "总数量", "数量合计"]),
    ("pric", &["单价", "价格", "单价(元)"]),
    (
        "det_item_fee_sumamt",
        &[
            "金额",
            "费用",
            "总金额",
            "合计金额",
            "总价",
            "费用金额",
            "应收金额",
            "金额合计",
            "明细金额",
            "费用合计",
            "项目金额",
        ],
    ),
    (
        "chrgitm_lv",
        &[
            "类别",
            "医保类别",
            "目录类别",
            "收费项目等级",
            "费用等级",
            "甲乙类",
            "甲乙丙",
            "等级",
            "项目等级",
            "医保等级",
            "收费等级",
            "医保属性",
        ],
    ),
    (
        "med_chrgitm_type",
        &[
            "费用类别",
            "收费类别",
            "项目类别",
            "费用类型",
            "大类",
            "费别",
            "财务分类",
            "发票项目",
            "收据类别",
            "费用分类",
            "收费项目类别",
            "医疗收费项目类别",
            "核算类别",
        ],
    ),
    (
        "selfpay_prop",
        &[
            "自付比例",
            "先自付比例",
            "先行自付比例",
            "首先自付比例",
            "个人自付比例",
            "自理比例",
            "先付比例",
            "先自付",
        ],
    ),
    ("overlmt_amt", &["超限价", "超限价金额", "超限额", "超标准金额", "超限金额", "超限价自付"]),
    (
        "fee_ocur_time",
        &[
            "日期",
            "费用日期",
            "发生日期",
            "费用发生时间",
            "费用发生日期",
            "收费日期",
            "记账日期",
            "计费时间",
            "计费日期",
        ],
    ),
    ("row_no", &["序号", "行号", "no", "编号"]),
];
/// Columns of figures: blanks, signs of money and full-width digits in them mean nothing.
const FIGURES: [&str; 4] = ["cnt", "pric", "det_item_fee_sumamt", "overlmt_amt"];

/// One line of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BillLine {
    /// Sheet; the file for csv.
    pub sheet: String,
    /// Row as the file counts, from 1.
    pub number: u32,
    /// Texts by column id (those of the form's table, and `own_code`, `spec`); figures plain, `-12.50` for a refund.
    pub cells: BTreeMap<String, String>,
}

impl BillLine {
    /// What stands in a column; empty where nothing does.
    pub fn cell(&self, id: &str) -> &str {
        self.cells.get(id).map_or("", String::as_str)
    }
}

/// What a list holds.
#[derive(Clone, Debug, Default)]
pub struct BillRead {
    /// Lines, in the order of the file.
    pub lines: Vec<BillLine>,
    /// Cells that cannot be read, at most [`MAX_FAULTS`].
    pub faults: Vec<CellFault>,
    /// More faults than are listed.
    pub more: usize,
    /// The list's own total and its row, as written; the last one of each sheet.
    pub totals: Vec<(u32, String)>,
    /// Columns whose title nothing answers to.
    pub ignored: Vec<String>,
    /// Sheets without titles.
    pub skipped: Vec<String>,
}

/// Reads a list: csv (UTF-8, UTF-16, GB18030), the visible sheets of an xlsx, or a pasted block with its titles.
///
/// # Errors
/// When the file as a whole cannot be read: format, size, titles.
pub fn read_bill(bytes: &[u8], file: &str, codes: &CodeBook) -> Result<BillRead, FileFault> {
    let wanted: Vec<Wanted> = TITLES.iter().map(|(id, words)| Wanted::new(id, words)).collect();
    let mut read = BillRead::default();
    let mut titled = false;
    for mut sheet in sheets(bytes, MAX_LINES)? {
        if sheet.name.is_empty() {
            file.clone_into(&mut sheet.name);
        }
        let heads = match find(&sheet, &wanted, &["item_name", "det_item_fee_sumamt"])? {
            Some(heads) => Some(heads),
            // Without amounts, quantity and unit price make them.
            None => find(&sheet, &wanted, &["item_name", "cnt", "pric"])?,
        };
        match heads {
            Some(heads) => {
                titled = true;
                Reading { sheet: &sheet, heads: &heads, codes }.read(&mut read);
            }
            None if sheet.lines.is_empty() => {}
            None => read.skipped.push(sheet.name),
        }
    }
    if !titled {
        return Err(FileFault::Titles("“项目名称”和“金额”（或“数量”“单价”）"));
    }
    if read.lines.is_empty() && read.faults.is_empty() {
        return Err(FileFault::NoRows);
    }
    read.more = read.faults.len().saturating_sub(MAX_FAULTS);
    read.faults.truncate(MAX_FAULTS);
    Ok(read)
}

/// One sheet on its way.
struct Reading<'a> {
    sheet: &'a Sheet,
    heads: &'a Heads,
    codes: &'a CodeBook,
}

/// Why a cell cannot be read.
struct Unreadable(&'static str, String, &'static str);

impl Reading<'_> {
    fn read(&self, read: &mut BillRead) {
        read.ignored.extend(self.heads.unknown.iter().map(|title| format!("{}!{title}", self.sheet.name)));
        let top = self.sheet.lines.get(self.heads.below.saturating_sub(1)).map(|line| &line.cells);
        // A heading between the lines (西药费) is the kind of those below it, where the list has no column of kinds.
        let mut heading = String::new();
        let mut total = None;
        for line in self.sheet.lines.iter().skip(self.heads.below) {
            // Titles repeated on each page.
            if Some(&line.cells) == top {
                continue;
            }
            let first = line.cells.iter().find(|cell| **cell != Cell::Empty);
            let begins = first.map(|cell| without_blanks(&cell.shown())).unwrap_or_default();
            if FOOT.iter().any(|word| begins.starts_with(word)) {
                break;
            }
            if self.adds_up(line, &begins) {
                if begins.starts_with("合计") || begins.starts_with("总计") {
                    let amount = self.text("det_item_fee_sumamt", line).ok();
                    total = amount
                        .filter(|amount| !amount.is_empty())
                        .map(|amount| (line.number, amount))
                        .or(total);
                }
                continue;
            }
            if let Some(code) = self.heading(line) {
                heading = code;
                continue;
            }
            self.line(line, &heading, read);
        }
        read.totals.extend(total);
    }

    /// Totals, of a kind or of everything: what they say is held against the lines, and is none.
    fn adds_up(&self, line: &Line, begins: &str) -> bool {
        let name = without_blanks(&self.heads.cell(line, "item_name").shown());
        SUMS.iter().any(|word| {
            begins.starts_with(word) || name.starts_with(word) || name.ends_with(&format!("{word}："))
        }) || name.ends_with("小计")
    }

    /// The code of the kind that a line names which says nothing else.
    fn heading(&self, line: &Line) -> Option<String> {
        let mut filled = line.cells.iter().filter(|cell| **cell != Cell::Empty);
        let (only, None) = (filled.next()?, filled.next()) else { return None };
        kind_of(&without_blanks(&only.shown()).replace(['：', ':'], ""), self.codes)
    }

    fn line(&self, line: &Line, heading: &str, read: &mut BillRead) {
        let before = read.faults.len();
        let mut cells = BTreeMap::new();
        let mut say = |id: &str, cell: &Cell, Unreadable(rule, message, fix): Unreadable| {
            read.faults.push(self.fault(line, id, cell.shown(), rule, message, fix));
        };
        for id in self.heads.columns.keys().filter(|id| **id != "row_no") {
            match self.text(id, line) {
                Ok(text) if text.is_empty() => {}
                Ok(text) => drop(cells.insert((*id).to_owned(), text)),
                Err(bad) => say(id, self.heads.cell(line, id), bad),
            }
        }
        if cells.is_empty() && read.faults.len() == before {
            return;
        }
        self.sort_out(&mut cells, heading);
        let filled = |id: &str| cells.contains_key(id);
        let amount = filled("det_item_fee_sumamt") || (filled("cnt") && filled("pric"));
        for (id, there, message, fix) in [
            ("item_name", filled("item_name"), "没有项目名称", "补填名称；不是费用行的，删去这一行"),
            ("det_item_fee_sumamt", amount, "没有金额", "补填金额；不是费用行的，删去这一行"),
        ] {
            if !there && read.faults.len() == before {
                let cell = self.heads.cell(line, id);
                read.faults.push(self.fault(line, id, cell.shown(), "required", message.to_owned(), fix));
            }
        }
        if read.faults.len() == before {
            read.lines.push(BillLine { sheet: self.sheet.name.clone(), number: line.number, cells });
        }
    }

    /// “类别” is the class here and the kind there: each goes where it belongs, and nothing else is guessed.
    fn sort_out(&self, cells: &mut BTreeMap<String, String>, heading: &str) {
        let said: Vec<String> =
            ["chrgitm_lv", "med_chrgitm_type"].iter().filter_map(|id| cells.remove(*id)).collect();
        for text in &said {
            if let Some(class) = class_of(text) {
                cells.entry("chrgitm_lv".to_owned()).or_insert(class.to_owned());
            } else if let Some(kind) = kind_of(text, self.codes) {
                cells.entry("med_chrgitm_type".to_owned()).or_insert(kind);
            }
        }
        if !heading.is_empty() {
            cells.entry("med_chrgitm_type".to_owned()).or_insert_with(|| heading.to_owned());
        }
    }

    fn fault(
        &self,
        line: &Line,
        id: &str,
        value: String,
        rule: &str,
        message: String,
        fix: &str,
    ) -> CellFault {
        CellFault {
            sheet: self.sheet.name.clone(),
            row: line.number,
            column: self.heads.columns.get(id).map(|column| letters(*column)).unwrap_or_default(),
            title: self.heads.title(id).to_owned(),
            value: value.chars().filter(|c| !is_refused(*c)).collect(),
            rule: rule.to_owned(),
            message,
            fix: fix.to_owned(),
        }
    }

    /// What a cell says, as somebody would type it.
    fn text(&self, id: &str, line: &Line) -> Result<String, Unreadable> {
        let bad = |rule, message: &str, fix| Err(Unreadable(rule, message.to_owned(), fix));
        let percent = id == "selfpay_prop" && self.heads.title(id).contains(['%', '％']);
        match self.heads.cell(line, id) {
            Cell::Empty => Ok(String::new()),
            Cell::TooLong => bad("cell.length", "内容超过 8 KB", "一格只填一项内容，删去多余文字"),
            Cell::Error(error) => {
                let message = format!("单元格是公式错误 {error}");
                Err(Unreadable("cell.error", message, "改正公式，或改填数值"))
            }
            Cell::Day(day) if id == "fee_ocur_time" => Ok(day.to_string()),
            Cell::Day(_) if FIGURES.contains(&id) => {
                bad("cell.date", "数值被表格软件改成了日期", "把整列设为“常规”格式，重新填写")
            }
            Cell::Day(day) => Ok(day.to_string()),
            Cell::Number(number) if id == "selfpay_prop" => {
                Ok(if percent { format!("{number}%") } else { tidy(number) })
            }
            Cell::Number(number) if FIGURES.contains(&id) => figure(id, &tidy(number)),
            Cell::Number(number) => Ok(number.clone()),
            Cell::Text(text) => {
                let line: String =
                    text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
                if let Some(found) = line.chars().find(|c| is_refused(*c)) {
                    let message = format!("含有看不见的控制字符 U+{:04X}", u32::from(found));
                    return Err(Unreadable("cell.control", message, "删去这个字符，重新录入此格"));
                }
                match id {
                    _ if FIGURES.contains(&id) => figure(id, line.trim()),
                    "selfpay_prop" if percent && !line.contains(['%', '％']) => {
                        Ok(format!("{}%", narrow(line.trim())))
                    }
                    "fee_ocur_time" => Ok(day_of(line.trim())),
                    _ => Ok(line.trim().to_owned()),
                }
            }
        }
    }
}

/// A figure: full-width digits, thousands commas and the sign of money mean nothing; `1.2E+05` and a slipped comma are
/// no figure. A refund keeps its sign, also written in brackets.
fn figure(id: &str, text: &str) -> Result<String, Unreadable> {
    let plain: String = narrow(text).chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.replace(['−', '—', '–'], "-").replace(['￥', '¥'], "");
    let plain = plain.trim_end_matches('元');
    if plain.is_empty() || matches!(plain, "-" | "--" | "/") {
        return Ok(String::new());
    }
    let bad = |rule, message: String, fix| Err(Unreadable(rule, message, fix));
    let scientific = plain.to_ascii_uppercase().split_once('E').is_some_and(|(number, power)| {
        let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
        !number.is_empty() && digits(number) && digits(power)
    });
    if scientific {
        let fix = "把这一列设为“数值”格式后重新保存";
        return bad("cell.precision", format!("“{text}”是科学计数，末尾几位可能已经丢失"), fix);
    }
    let (sign, number) =
        match (plain.strip_prefix('-'), plain.strip_prefix('(').and_then(|n| n.strip_suffix(')'))) {
            (Some(number), _) | (None, Some(number)) => ("-", number),
            _ => ("", plain.strip_prefix('+').unwrap_or(plain)),
        };
    let Some(number) = xiangbao_core::catalogue::parse_decimal(number) else {
        return bad("cell.number", format!("“{text}”不是数"), "只填数字和小数点，如 1234.50");
    };
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    if decimals > 2 && matches!(id, "det_item_fee_sumamt" | "overlmt_amt") {
        return bad("cell.decimals", format!("金额 {number} 不止两位小数"), "四舍五入到分，或请医院重出清单");
    }
    Ok(if number == "0" { number } else { format!("{sign}{number}") })
}

/// A spreadsheet's number without what binary fractions leave behind: 0.30000000000000004 is 0.3.
fn tidy(number: &str) -> String {
    Decimal::from_str(number)
        .map_or_else(|_| number.to_owned(), |d| d.round_dp(EXACT).normalize().to_string())
}

/// The day of a moment.
fn day_of(text: &str) -> String {
    match text.split_once([' ', 'T']) {
        Some((day, time)) if time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.')) => {
            day.to_owned()
        }
        _ => text.to_owned(),
    }
}

fn class_of(text: &str) -> Option<&'static str> {
    let plain = without_blanks(&narrow(text));
    match plain.trim_end_matches('类') {
        "01" | "1" | "甲" => Some("01"),
        "02" | "2" | "乙" => Some("02"),
        "03" | "3" | "丙" | "自费" | "全自费" => Some("03"),
        _ => None,
    }
}

/// The code of a kind of charge by code or label, also without its 费.
fn kind_of(text: &str, codes: &CodeBook) -> Option<String> {
    let typed = without_blanks(&narrow(text));
    let table = codes.table(KINDS)?;
    let same = |label: &str| label == typed || label.strip_suffix('费') == Some(&typed);
    let found = table.entries().iter().find(|entry| entry.code == typed || same(&entry.label));
    found.map(|entry| entry.code.clone())
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
