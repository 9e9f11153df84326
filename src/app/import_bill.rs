//! A hospital's list becomes the lines of a bill (003 A74, A85): read, held against the catalogue by code and then by name,
//! shown, and only then taken, all of it. What the catalogue does not know is listed and stays as the hospital wrote it:
//! nothing is lost and nothing guessed. Knows the form's table; must not know file formats or screens.

use std::path::Path;
use std::str::FromStr as _;

use rust_decimal::Decimal;
use xiangbao_core::catalogue::Item;
use xiangbao_core::form::{self, Effect, FieldPath, FormData, FormDef, Row};
use xiangbao_core::money::{Fen, parse_yuan};
use xiangbao_core::role::{Actor, Subject};

use super::bill::{FEES, complete, exact};
use super::drafts::action_to_fill;
use super::error::AppError;
use super::station::Station;
use crate::exchange::{BillLine, BillRead, CellFault, MAX_FILE, read_bill};
use crate::store::Draft;

/// Remarks of one sort that are kept; the rest is counted.
const MAX_REMARKS: usize = 500;

/// Something to look at in a list: which row of the file, and what.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct BillRemark {
    /// Row of the file, from 1.
    pub row: u32,
    /// What is to be seen there.
    pub text: String,
}

/// What a list would put into the bill.
#[derive(Clone, Debug, Default)]
pub struct BillPreview {
    /// Lines of the list.
    pub lines: usize,
    /// The rows they become.
    pub rows: Vec<Row>,
    /// Lines that the catalogue knows by code, and by name.
    pub known: [usize; 2],
    /// Lines that the catalogue does not know, or knows several of.
    pub unknown: Vec<BillRemark>,
    /// Lines that say another class or share than the catalogue; the list's stays.
    pub differing: Vec<BillRemark>,
    /// Refunds that were taken off another line of the list.
    pub netted: Vec<BillRemark>,
    /// Rows without class or kind of charge: the clerk fills them.
    pub open: usize,
    /// The list's lines together.
    pub sum: Fen,
    /// What the list itself says, with its row.
    pub totals: Vec<(u32, Fen)>,
    /// The invoices of the form.
    pub control: Fen,
    /// Lines that the form has already: the list comes behind them.
    pub before: usize,
    /// Those lines together.
    pub before_sum: Fen,
    /// What must be put right: with any of these nothing is taken.
    pub faults: Vec<CellFault>,
    /// Faults beyond those listed.
    pub more: usize,
    /// Columns that were not read.
    pub ignored: Vec<String>,
    /// Sheets without titles.
    pub skipped: Vec<String>,
}

impl BillPreview {
    /// Whether it can be taken.
    pub fn whole(&self) -> bool {
        self.faults.is_empty() && !self.rows.is_empty()
    }
}

/// A line on its way into the form.
struct Entered {
    number: u32,
    sheet: String,
    row: Row,
    amount: Fen,
    /// A refund went off it.
    netted: bool,
}

impl Station {
    /// Reads a hospital's list of a file on this machine; keeps nothing.
    ///
    /// # Errors
    /// When the actor may not, the form takes no list, or the file as a whole cannot be read.
    pub fn preview_bill_file(
        &self,
        actor: &Actor,
        draft: &Draft,
        path: &Path,
    ) -> Result<BillPreview, AppError> {
        self.authorize(actor, action_to_fill(self.form_of_draft(draft)?), &Subject::none())?;
        let bytes = self.read_named(path, MAX_FILE)?;
        let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        self.preview_bill(actor, draft, &bytes, &file)
    }

    /// As [`Self::preview_bill_file`], of bytes: a file's, or a pasted block with its titles.
    ///
    /// # Errors
    /// See there.
    pub fn preview_bill(
        &self,
        actor: &Actor,
        draft: &Draft,
        bytes: &[u8],
        file: &str,
    ) -> Result<BillPreview, AppError> {
        let def = self.form_of_draft(draft)?;
        self.authorize(actor, action_to_fill(def), &Subject::none())?;
        if def.effect != Effect::Reimburse || def.table(FEES).is_none() {
            return Err(AppError::Input("只有零星报销（=BX）的费用清单可以导入。".to_owned()));
        }
        let read = read_bill(bytes, file, &self.library.codes)?;
        self.looked(actor, "import_bill", file)?;
        Ok(self.preview(def, draft, read))
    }

    fn preview(&self, def: &FormDef, draft: &Draft, read: BillRead) -> BillPreview {
        let BillRead { lines, faults, more, totals, ignored, skipped } = read;
        let mut preview =
            BillPreview { lines: lines.len(), faults, more, ignored, skipped, ..BillPreview::default() };
        preview.totals = totals.iter().filter_map(|(row, text)| Some((*row, signed(text)?))).collect();
        let mut entered = Vec::new();
        for line in &lines {
            if let Some(one) = self.enter(def, draft, line, &mut preview) {
                preview.sum = preview.sum.checked_add(one.amount).unwrap_or(preview.sum);
                entered.push(one);
            }
        }
        preview.rows = net(entered, &mut preview);
        let lacks = |row: &&Row| !row.contains_key("chrgitm_lv") || !row.contains_key("med_chrgitm_type");
        preview.open = preview.rows.iter().filter(lacks).count();
        let sums = self.bill_sums(draft).unwrap_or_default();
        (preview.control, preview.before_sum) = (sums.control, sums.total);
        preview.before = draft.data.rows(FEES).iter().filter(|row| !row.is_empty()).count();
        let most = def.table(FEES).and_then(|section| section.table.as_ref()).map_or(0, |table| table.max);
        if preview.before + preview.rows.len() > most {
            preview.faults.push(whole(
                &preview,
                format!("清单 {} 行，表中已有 {} 行，超过本表 {most} 行", preview.rows.len(), preview.before),
                "请医院出具按项目汇总的清单，或分单申报",
            ));
        }
        preview
    }

    /// One line as a row of the form, completed from the catalogue where code or name mean one item.
    fn enter(
        &self,
        def: &FormDef,
        draft: &Draft,
        line: &BillLine,
        preview: &mut BillPreview,
    ) -> Option<Entered> {
        let amount = match line.cell("det_item_fee_sumamt") {
            "" => product(line),
            text => signed(text),
        };
        let Some(amount) = amount else {
            let bad = fault(line, "det_item_fee_sumamt", "金额读不出来，或超出上限", "核对金额、数量和单价");
            preview.faults.push(bad);
            return None;
        };
        let mut row = self.canonical(def, &draft.data, line);
        let day = self.charge_day(&draft.data, Some(&row));
        match self.known(line, day) {
            Known::Item(item, by) => {
                if let Some(count) = preview.known.get_mut(by) {
                    *count += 1;
                }
                let said: Vec<String> = complete(&mut row, item)
                    .into_iter()
                    .map(|id| {
                        let label =
                            def.table(FEES).and_then(|s| s.field(id)).map_or(id, |f| f.label.as_str());
                        let own = item.cells().into_iter().find(|(other, _)| *other == id);
                        let list = row.get(id).map_or("", String::as_str);
                        format!("{label} 清单 {list} 目录 {}", own.map_or("", |(_, value)| value))
                    })
                    .collect();
                if !said.is_empty() {
                    let text = format!("{}：{}", line.cell("item_name"), said.join("，"));
                    remark(&mut preview.differing, line.number, text);
                }
            }
            Known::Several(count) => {
                let text = format!("{} {}：目录中同名 {count} 项", line.cell("item_name"), line.cell("spec"));
                remark(&mut preview.unknown, line.number, text);
            }
            Known::Nothing => {
                let code = line.cell("med_list_codg");
                let text = format!("{} {code} {} 元", line.cell("item_name"), amount.to_grouped());
                remark(&mut preview.unknown, line.number, text);
            }
        }
        Some(Entered { number: line.number, sheet: line.sheet.clone(), row, amount, netted: false })
    }

    /// The cells of the form's columns as if they had been typed. A code that the catalogue does not know stays out: the
    /// column holds codes of the catalogue only. A refund keeps its sign until it is taken off its line.
    fn canonical(&self, def: &FormDef, head: &FormData, line: &BillLine) -> Row {
        let mut data = FormData { fields: head.fields.clone(), ..FormData::default() };
        let columns = def.table(FEES).map(|section| section.fields.as_slice()).unwrap_or_default();
        for field in columns.iter().filter(|field| !field.readonly) {
            let typed = line.cell(&field.id);
            let path = FieldPath::cell(FEES, 0, &field.id);
            let value = form::normalize_field(def, &data, &path, typed.trim_start_matches('-'), self.today());
            data.set(&path, &value);
        }
        data.tables.remove(FEES).and_then(|rows| rows.into_iter().next()).unwrap_or_default()
    }

    fn known(&self, line: &BillLine, day: chrono::NaiveDate) -> Known<'_> {
        let catalogue = &self.library.catalogue;
        if let Some(item) = catalogue.by_code(line.cell("med_list_codg"), day) {
            return Known::Item(item, 0);
        }
        let name = line.cell("item_name");
        let named = catalogue.by_name(name, day);
        // A hospital's own code means an item of the catalogue only where the name agrees.
        if let Some(item) = named.iter().find(|item| item.code.eq_ignore_ascii_case(line.cell("own_code"))) {
            return Known::Item(item, 0);
        }
        let packed = format!("{name} {}", line.cell("spec"));
        if let Some(item) = exact(catalogue, name, day).or_else(|| exact(catalogue, &packed, day)) {
            return Known::Item(item, 1);
        }
        if named.is_empty() { Known::Nothing } else { Known::Several(named.len()) }
    }

    /// Puts the rows of a preview behind the lines that are there, and saves.
    ///
    /// # Errors
    /// When it cannot be taken, or the store refuses.
    pub fn take_bill(&self, draft: &mut Draft, preview: &BillPreview) -> Result<(), AppError> {
        if !preview.whole() {
            return Err(AppError::Input("清单有错，没有导入。".to_owned()));
        }
        let def = self.form_of_draft(draft)?;
        let rows = draft.data.tables.entry(FEES.to_owned()).or_default();
        rows.retain(|row| !row.is_empty());
        rows.extend(preview.rows.iter().cloned());
        self.fill_defaults(def, &mut draft.data);
        self.touch(draft)
    }
}

/// What the catalogue says of a line; by code (0) or by name (1).
enum Known<'c> {
    Item(&'c Item, usize),
    Several(usize),
    Nothing,
}

fn remark(remarks: &mut Vec<BillRemark>, row: u32, text: String) {
    if remarks.len() < MAX_REMARKS {
        remarks.push(BillRemark { row, text });
    }
}

fn fault(line: &BillLine, id: &str, message: &str, fix: &str) -> CellFault {
    CellFault {
        sheet: line.sheet.clone(),
        row: line.number,
        column: String::new(),
        title: line.cell("item_name").to_owned(),
        value: line.cell(id).to_owned(),
        rule: "bill.amount".to_owned(),
        message: message.to_owned(),
        fix: fix.to_owned(),
    }
}

fn whole(preview: &BillPreview, message: String, fix: &str) -> CellFault {
    CellFault {
        sheet: String::new(),
        row: 0,
        column: String::new(),
        title: String::new(),
        value: preview.rows.len().to_string(),
        rule: "bill.rows".to_owned(),
        message,
        fix: fix.to_owned(),
    }
}

/// An amount with its sign.
fn signed(text: &str) -> Option<Fen> {
    parse_yuan(text).ok()
}

/// Quantity times unit price, where the list has no amount.
fn product(line: &BillLine) -> Option<Fen> {
    let number = |id: &str| Decimal::from_str(line.cell(id)).ok();
    Fen::from_decimal_yuan(number("cnt")?.checked_mul(number("pric")?)?).ok()
}

/// Refunds go off a line of the same item and price that is at least as large; the sum stays what it was. One that
/// finds no such line is a fault.
fn net(mut entered: Vec<Entered>, preview: &mut BillPreview) -> Vec<Row> {
    for index in 0..entered.len() {
        let Some(amount) = entered.get(index).map(|one| one.amount).filter(|amount| amount.0 < 0) else {
            continue;
        };
        let found =
            (0..index).rev().chain(index + 1..entered.len()).find(|other| takes(&entered, *other, index));
        let Some(other) = found else {
            if let Some(one) = entered.get(index) {
                let line = BillLine { sheet: one.sheet.clone(), number: one.number, ..BillLine::default() };
                let name = one.row.get("item_name").cloned().unwrap_or_default();
                let mut bad =
                    fault(&line, "", "负数行没有同名同价、金额足够的行可以冲减", "在清单中冲减后再导入");
                bad.title = name;
                bad.value = amount.to_yuan();
                preview.faults.push(bad);
            }
            continue;
        };
        take_off(&mut entered, other, index, preview);
    }
    // A line of which nothing is left is no line; one that was zero from the beginning is the clerk's to look at.
    entered.retain(|one| one.amount.0 > 0 || (one.amount == Fen::ZERO && !one.netted));
    entered.into_iter().map(|one| one.row).collect()
}

/// Whether the line at `other` is the same item at the same price, and large enough.
fn takes(entered: &[Entered], other: usize, refund: usize) -> bool {
    let (Some(other), Some(refund)) = (entered.get(other), entered.get(refund)) else { return false };
    let same = ["item_name", "pric", "chrgitm_lv", "med_list_codg"];
    let enough = other.amount.checked_add(refund.amount).is_some_and(|left| left.0 >= 0);
    let count =
        |one: &Entered| one.row.get("cnt").and_then(|cnt| Decimal::from_str(cnt).ok()).unwrap_or_default();
    other.amount.0 > 0
        && enough
        && count(other) >= count(refund)
        && same.iter().all(|id| other.row.get(*id) == refund.row.get(*id))
}

fn take_off(entered: &mut [Entered], other: usize, refund: usize, preview: &mut BillPreview) {
    let Some((amount, number, cnt)) = entered
        .get(refund)
        .map(|one| (one.amount, one.number, one.row.get("cnt").and_then(|cnt| Decimal::from_str(cnt).ok())))
    else {
        return;
    };
    let Some(line) = entered.get_mut(other) else { return };
    line.amount = line.amount.checked_add(amount).unwrap_or(line.amount);
    let left = line.row.get("cnt").and_then(|own| Decimal::from_str(own).ok()).zip(cnt);
    if let Some(left) = left.and_then(|(own, off)| own.checked_sub(off)) {
        line.row.insert("cnt".to_owned(), left.normalize().to_string());
    }
    line.row.insert("det_item_fee_sumamt".to_owned(), line.amount.to_yuan());
    line.netted = true;
    let name = line.row.get("item_name").cloned().unwrap_or_default();
    let text = format!("{name} {} 元，从第 {} 行减去", amount.to_grouped(), line.number);
    remark(&mut preview.netted, number, text);
}
