//! From rows of texts to a catalogue, strictly: every cell that cannot be taken is named with row, column, value, rule
//! and what to do, and nothing is taken while one is wrong. Knows the columns; must not know files.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{CLASS_A, CLASS_B, CLASS_C, Catalogue, Item, keys, plain, plain_code};
use crate::code::CodeBook;
use crate::identity::text::{clean, clean_code, display_safe};

/// Most items of one catalogue: the national lists together have about 300,000.
pub const MAX_ITEMS: usize = 500_000;
/// Most faults that are listed.
const MAX_FAULTS: usize = 1_000;
/// Code table of the kinds of charge.
const KINDS: &str = "med_chrgitm_type";

/// A column of a catalogue file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name of the national interface, or our own (`expensive`, `pinyin`).
    pub id: &'static str,
    /// Title in Chinese.
    pub title: &'static str,
    /// Other titles that mean it.
    pub aliases: &'static [&'static str],
    /// The file must have it.
    pub required: bool,
    /// Most characters of a value.
    pub max: usize,
}

const fn column(
    id: &'static str,
    title: &'static str,
    aliases: &'static [&'static str],
    required: bool,
    max: usize,
) -> Column {
    Column { id, title, aliases, required, max }
}

/// The columns, in the order of the installed file. Lengths are those of the interface (5204).
pub const COLUMNS: [Column; 14] = [
    column(
        "med_list_codg",
        "目录编码",
        &[
            "hilist_code",
            "编码",
            "项目编码",
            "医保编码",
            "医保目录编码",
            "医疗目录编码",
            "国家编码",
            "国家医保编码",
        ],
        true,
        50,
    ),
    column(
        "hilist_name",
        "名称",
        &["item_name", "项目名称", "目录名称", "医保目录名称", "药品名称", "通用名", "注册名称", "品名"],
        true,
        100,
    ),
    column("spec", "规格", &["规格型号", "包装规格"], false, 200),
    column(
        "chrgitm_lv",
        "类别",
        &["目录类别", "收费项目等级", "甲乙类", "医保类别", "等级", "甲乙丙"],
        true,
        20,
    ),
    column(
        "med_chrgitm_type",
        "费用类别",
        &["收费项目类别", "医疗收费项目类别", "收费类别", "项目类别", "费用类型"],
        true,
        20,
    ),
    column(
        "selfpay_prop",
        "先自付比例",
        &["自付比例", "先行自付比例", "首先自付比例", "个人先付比例"],
        false,
        20,
    ),
    column(
        "pric_uplmt_amt",
        "限价",
        &["定价上限金额", "支付标准", "最高限价", "医保支付标准", "支付上限", "限额"],
        false,
        20,
    ),
    column("pric", "单价", &["参考价", "参考单价", "零售价", "价格"], false, 20),
    column("unit", "单位", &["计价单位", "最小计价单位", "包装单位"], false, 20),
    column("expensive", "贵重", &["贵重药品", "高值", "高值耗材", "是否贵重", "贵重标志"], false, 10),
    column("begndate", "生效日期", &["开始日期", "启用日期", "执行日期", "有效起"], true, 20),
    column("enddate", "失效日期", &["结束日期", "停用日期", "终止日期", "有效止"], false, 20),
    column("source", "来源", &["依据", "文号", "文件", "备注来源"], true, 200),
    column("pinyin", "拼音码", &["拼音", "拼音首字母", "简拼", "助记码"], false, 400),
];

/// One row of a file: its number as the file counts, and a text for each of [`COLUMNS`].
#[derive(Clone, Debug, Default)]
pub struct RawRow {
    /// Row of the file, from 1.
    pub line: u32,
    /// A text for each column; missing ones are empty.
    pub cells: Vec<String>,
}

/// Whether the column of initials is all there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initials {
    /// The file's mnemonics stand beside what the name says: a file that somebody brings.
    Added,
    /// The column holds everything already: the installed file, read at each start.
    Complete,
}

/// One cell that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueFault {
    /// Row of the file, from 1; 0 when the whole file is meant.
    pub line: u32,
    /// Column, as in [`COLUMNS`].
    pub column: &'static str,
    /// What stands there, safe to show.
    pub value: String,
    /// Stable id of the rule.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// How to put it right.
    pub fix: &'static str,
}

/// Why one cell is refused.
struct Wrong {
    column: &'static str,
    rule: &'static str,
    message: String,
    fix: &'static str,
}

fn wrong(column: &'static str, rule: &'static str, message: impl Into<String>, fix: &'static str) -> Wrong {
    Wrong { column, rule, message: message.into(), fix }
}

impl Catalogue {
    /// Builds a catalogue of rows; `progress` is told how many were read, every thousand.
    ///
    /// # Errors
    /// Every cell that cannot be taken, at most 1,000, in the order of the file, and how many more there are.
    pub fn build(
        rows: impl IntoIterator<Item = RawRow>,
        codes: &CodeBook,
        initials: Initials,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Self, (Vec<CatalogueFault>, usize)> {
        let mut catalogue = Self::default();
        let (mut faults, mut more) = (Vec::new(), 0);
        let mut say = |line: u32, value: &str, wrong: Wrong| {
            if faults.len() >= MAX_FAULTS {
                more += 1;
                return;
            }
            let Wrong { column, rule, message, fix } = wrong;
            let value = display_safe(value).chars().take(60).collect();
            faults.push(CatalogueFault { line, column, value, rule, message, fix });
        };
        let mut lines: Vec<u32> = Vec::new();
        for (count, row) in rows.into_iter().enumerate() {
            if count % 1_000 == 0 {
                progress(count);
            }
            if count >= MAX_ITEMS {
                let message = format!("超过 {MAX_ITEMS} 行");
                say(
                    row.line,
                    "",
                    wrong("med_list_codg", "file.rows", message, "分开目录，只导入本地使用的部分"),
                );
                break;
            }
            match item(&row, codes, initials) {
                Err(bad) => bad.into_iter().for_each(|(value, wrong)| say(row.line, &value, wrong)),
                Ok(item) => {
                    if let Some(bad) = catalogue.clash(&item, &lines) {
                        say(row.line, &item.code, bad);
                    }
                    catalogue.push(item);
                    lines.push(row.line);
                }
            }
        }
        progress(catalogue.items.len());
        if faults.is_empty() { Ok(catalogue) } else { Err((faults, more)) }
    }

    /// A code has one row on each day.
    fn clash(&self, item: &Item, lines: &[u32]) -> Option<Wrong> {
        let rows = self.by_code.get(&plain_code(&item.code))?;
        let overlaps = |other: &Item| {
            other.to.is_none_or(|to| item.from <= to) && item.to.is_none_or(|to| other.from <= to)
        };
        let row = rows.iter().find(|row| self.items.get(**row).is_some_and(overlaps))?;
        let line = lines.get(*row).copied().unwrap_or_default();
        let message = format!("编码与第 {line} 行相同，有效日期重叠");
        Some(wrong("med_list_codg", "catalogue.twice", message, "去掉一行，或给旧的一行填失效日期"))
    }

    fn push(&mut self, item: Item) {
        let row = self.items.len();
        self.by_code.entry(plain_code(&item.code)).or_default().push(row);
        let name = plain(&item.name);
        let text = if item.spec.is_empty() { name.clone() } else { plain(&item.label()) };
        let bytes = name.len();
        if text != name {
            self.by_name.entry(text.clone()).or_default().push(row);
        }
        self.by_name.entry(name).or_default().push(row);
        self.texts.push((text, bytes));
        self.items.push(item);
    }
}

/// One row, or all that is wrong with it beside the value it is wrong about.
fn item(row: &RawRow, codes: &CodeBook, initials: Initials) -> Result<Item, Vec<(String, Wrong)>> {
    let mut faults = Vec::new();
    let mut cells: BTreeMap<&str, String> = BTreeMap::new();
    for (index, column) in COLUMNS.iter().enumerate() {
        let raw = row.cells.get(index).map_or("", String::as_str);
        match text(raw, column) {
            Ok(text) => drop(cells.insert(column.id, text)),
            Err(bad) => faults.push((raw.to_owned(), bad)),
        }
    }
    let cell = |id: &str| cells.get(id).map_or("", String::as_str);
    let mut take = |id: &'static str, read: Result<String, Wrong>| {
        read.unwrap_or_else(|bad| {
            faults.push((cell(id).to_owned(), bad));
            String::new()
        })
    };
    let class = take("chrgitm_lv", class(cell("chrgitm_lv")));
    let first_paid = take("selfpay_prop", share(cell("selfpay_prop"), &class));
    let item = Item {
        code: cell("med_list_codg").to_owned(),
        name: cell("hilist_name").to_owned(),
        spec: cell("spec").to_owned(),
        kind: take("med_chrgitm_type", kind(cell("med_chrgitm_type"), codes)),
        limit: take("pric_uplmt_amt", price("pric_uplmt_amt", cell("pric_uplmt_amt"))),
        price: take("pric", price("pric", cell("pric"))),
        unit: cell("unit").to_owned(),
        expensive: take("expensive", flag(cell("expensive"))) == "1",
        from: day(&take("begndate", date("begndate", cell("begndate")))).unwrap_or_default(),
        to: day(&take("enddate", date("enddate", cell("enddate")))),
        source: cell("source").to_owned(),
        pinyin: take("pinyin", pinyin(cell("pinyin"), cell("hilist_name"), initials)),
        class,
        first_paid,
    };
    if item.to.is_some_and(|to| to < item.from) {
        let bad = wrong("enddate", "catalogue.days", "失效日期早于生效日期", "核对两个日期");
        faults.push((cell("enddate").to_owned(), bad));
    }
    if faults.is_empty() { Ok(item) } else { Err(faults) }
}

/// The text of a cell: clean, present where it must be, not too long; codes without blanks.
fn text(raw: &str, column: &Column) -> Result<String, Wrong> {
    let line: String = raw.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
    let read = if column.id == "med_list_codg" { clean_code(&line) } else { clean(&line) };
    let text =
        read.map_err(|error| wrong(column.id, "cell.control", error.zh(), "删去这个字符，重新录入此格"))?;
    if text.is_empty() && column.required {
        return Err(wrong(column.id, "required", format!("“{}”必须填写", column.title), "补填此格"));
    }
    let length = text.chars().count();
    if length > column.max {
        let message = format!("共 {length} 个字，最多 {} 个字", column.max);
        return Err(wrong(column.id, "length", message, "缩短此格"));
    }
    Ok(text)
}

fn class(text: &str) -> Result<String, Wrong> {
    let plain = plain(text);
    let code = match plain.trim_end_matches('类') {
        "" => return Ok(String::new()),
        "01" | "1" | "甲" | "a" => CLASS_A,
        "02" | "2" | "乙" | "b" => CLASS_B,
        "03" | "3" | "丙" | "c" | "自费" | "全自费" => CLASS_C,
        _ => {
            let message = format!("“{text}”不是目录类别");
            return Err(wrong("chrgitm_lv", "catalogue.class", message, "填 甲、乙、丙，或 01、02、03"));
        }
    };
    Ok(code.to_owned())
}

fn kind(text: &str, codes: &CodeBook) -> Result<String, Wrong> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let bad = || {
        let message = format!("“{text}”不是医疗收费项目类别");
        wrong(
            "med_chrgitm_type",
            "catalogue.kind",
            message,
            "填代码（09）或名称（西药费）；运行 xiangbao codes med_chrgitm_type 可列出",
        )
    };
    let table = codes.table(KINDS).ok_or_else(bad)?;
    // The installed file holds codes: a hundred thousand of them are read at each start.
    if table.entries().iter().any(|entry| entry.code == text) {
        return Ok(text.to_owned());
    }
    let typed = plain(text);
    let same = |label: &str| {
        let label = plain(label);
        label == typed || label.strip_suffix('费') == Some(&typed)
    };
    let found = table.entries().iter().find(|entry| {
        entry.code == typed || entry.code.trim_start_matches('0') == typed || same(&entry.label)
    });
    found.map(|entry| entry.code.clone()).ok_or_else(bad)
}

/// A share as `0.1500`. 甲 has none, 丙 is the patient's alone; of 乙 an empty cell leaves it to the policy.
fn share(text: &str, class: &str) -> Result<String, Wrong> {
    let bad = |message: String, fix| wrong("selfpay_prop", "catalogue.share", message, fix);
    let typed = plain(text);
    let share = match (typed.as_str(), class) {
        ("", CLASS_A) => return Ok("0.0000".to_owned()),
        ("", CLASS_C) => return Ok("1.0000".to_owned()),
        ("", _) => return Ok(String::new()),
        (typed, _) => ten_thousandths(typed).ok_or_else(|| {
            bad(format!("“{text}”不是 0 到 1 之间的比例"), "写成 0.15 或 15%，最多四位小数")
        })?,
    };
    if class == CLASS_A && share != 0 {
        return Err(bad("甲类没有先自付比例".to_owned(), "改为 0，或改类别"));
    }
    if class == CLASS_B && share == 10_000 {
        return Err(bad("乙类的先自付比例应小于 100%".to_owned(), "核对比例，全自费的改为丙类"));
    }
    Ok(format!("{}.{:04}", share / 10_000, share % 10_000))
}

/// `0.15`, `15%`; a bare number over 1 may be either and is neither.
fn ten_thousandths(text: &str) -> Option<u32> {
    let (number, decimals) = match text.strip_suffix('%') {
        Some(percent) => (percent, 2),
        None => (text, 4),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let fraction = fraction.trim_end_matches('0');
    if whole.len() > 3
        || fraction.len() > decimals
        || !digits(whole)
        || !(fraction.is_empty() || digits(fraction))
    {
        return None;
    }
    let share: u32 = format!("{whole}{fraction:0<decimals$}").parse().ok()?;
    (share <= 10_000).then_some(share)
}

fn price(column: &'static str, text: &str) -> Result<String, Wrong> {
    if text.is_empty() {
        return Ok(String::new());
    }
    match parse_decimal(text) {
        Some(price) if price != "0" => Ok(price),
        Some(_) => Err(wrong(column, "catalogue.price", "价格为 0", "没有价格的留空")),
        None => {
            let message = format!("“{}”不是价格", display_safe(text));
            Err(wrong(column, "catalogue.price", message, "写成 12.5，最多六位小数，不带单位"))
        }
    }
}

/// A number that is not negative, with at most ten digits and six decimals, as its shortest text: `1,234.50` is
/// `1234.5`. `None` for anything else: a slipped comma, a sign, `1.2E+05`.
pub fn parse_decimal(text: &str) -> Option<String> {
    let typed = plain(text);
    let typed = typed.trim_start_matches(['¥', '￥']).trim_end_matches('元');
    let (whole, fraction) = typed.split_once('.').unwrap_or((typed, "0"));
    let groups: Vec<&str> = whole.split(',').collect();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (first, rest) = groups.split_first()?;
    let grouped = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    let whole: String = groups.concat();
    if !grouped || !digits(&whole) || !digits(fraction) || whole.len() > 10 {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 6 {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    Some(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

fn flag(text: &str) -> Result<String, Wrong> {
    match plain(text).as_str() {
        "" | "0" | "否" | "无" | "n" | "×" => Ok(String::new()),
        "1" | "是" | "有" | "y" | "√" | "贵重" | "高值" => Ok("1".to_owned()),
        _ => {
            Err(wrong("expensive", "catalogue.flag", format!("“{text}”不是 是 或 否"), "填 是 或 否，或留空"))
        }
    }
}

/// A day as `2026-01-01`; also `2026.1.1`, `20260101`, `2026年1月1日`.
fn date(column: &'static str, text: &str) -> Result<String, Wrong> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let typed = plain(text);
    let parts: Vec<&str> =
        typed.split(['-', '.', '/', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    let read = match parts.as_slice() {
        [whole] if whole.len() == 8 && whole.bytes().all(|b| b.is_ascii_digit()) => {
            NaiveDate::parse_from_str(whole, "%Y%m%d").ok()
        }
        [year, month, rest] if year.len() == 4 => {
            // A spreadsheet's midnight behind the day says nothing.
            let rest = rest.strip_suffix("00:00:00").unwrap_or(rest);
            let numbers = (year.parse().ok(), month.parse().ok(), rest.parse().ok());
            match numbers {
                (Some(year), Some(month), Some(day)) => NaiveDate::from_ymd_opt(year, month, day),
                _ => None,
            }
        }
        _ => None,
    };
    match read {
        Some(day) => Ok(day.to_string()),
        None => Err(wrong(column, "catalogue.date", format!("“{text}”不是日期"), "写成 2026-01-01")),
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

/// The initials that the file gives (letters and digits), else those of the name.
fn pinyin(text: &str, name: &str, initials: Initials) -> Result<String, Wrong> {
    let given = text.to_lowercase();
    if given.is_empty() {
        return Ok(keys::initials(name));
    }
    if given.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ') {
        if initials == Initials::Complete {
            return Ok(given);
        }
        // A mnemonic of the office beside our own ways to read the name.
        let own = keys::initials(name);
        let mut all: Vec<&str> = given.split(' ').filter(|key| !key.is_empty()).collect();
        all.extend(own.split(' ').filter(|key| !key.is_empty()));
        let mut kept: Vec<&str> = Vec::new();
        for key in all {
            if !kept.contains(&key) {
                kept.push(key);
            }
        }
        return Ok(kept.join(" "));
    }
    Err(wrong("pinyin", "catalogue.pinyin", "拼音码只能是字母和数字", "改正，或留空由系统给出"))
}
