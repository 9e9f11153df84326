//! The bill of a reimbursement while it is typed: items of the three catalogues into its lines (003 A85), sums of the
//! lines beside the invoices. What a line took stays with it: a later catalogue changes no line. Knows the national names of
//! the bill's columns; must not know keys or screens.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use xiangbao_core::catalogue::{CLASS_A, CLASS_B, CLASS_C, Catalogue, Item};
use xiangbao_core::form::{self, Effect, FieldPath, FormData, FormDef, Row, Search};
use xiangbao_core::money::{Fen, parse_yuan};
use xiangbao_core::policy::Value;

use super::drafts::FieldSaved;
use super::error::AppError;
use super::station::Station;
use crate::store::Draft;

/// The table of the lines.
pub(super) const FEES: &str = "fees";
/// What a line has from the catalogue alone: gone when the item is another.
const FROM_CATALOGUE: [&str; 4] = ["med_list_codg", "pric_uplmt_amt", "unit", "expensive"];
/// The policy's first-paid shares by class.
const SHARES: &str = "catalogue.first_paid";
/// Ten-thousandths of a whole.
const WHOLE: i64 = 10_000;

/// What a typed text means in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BillMatch {
    /// Nothing: the line stands as the list has it.
    None,
    /// One item, by its code.
    One(String),
    /// Several.
    Several,
}

/// Sums over the lines as they stand; lines that cannot be read yet count as nothing, and are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BillSums {
    /// Lines with a name or an amount.
    pub lines: usize,
    /// Of these: without a readable amount or class.
    pub open: usize,
    /// All amounts.
    pub total: Fen,
    /// Amounts of 甲, 乙, 丙.
    pub classes: [Fen; 3],
    /// First-paid amounts, each line rounded half up (as the settlement does).
    pub first_paid: Fen,
    /// Amounts over the price limit.
    pub over_limit: Fen,
    /// What is left in the scope of the policy.
    pub in_scope: Fen,
    /// The invoices: what the paper says the total is.
    pub control: Fen,
}

impl BillSums {
    /// Invoices less lines; zero when the bill is whole.
    pub fn difference(&self) -> Fen {
        self.control.checked_sub(self.total).unwrap_or_default()
    }
}

impl Station {
    /// The day on which a line's item must be valid: that of the charge, else the end of the treatment, else today.
    pub(super) fn charge_day(&self, data: &FormData, row: Option<&Row>) -> NaiveDate {
        let own = row.and_then(|row| row.get("fee_ocur_time")).map_or("", String::as_str);
        [own, data.field("endtime"), data.field("begntime")]
            .iter()
            .find_map(|day| day.parse().ok())
            .unwrap_or_else(|| self.today())
    }

    /// Items for a line, nearest first; an empty text gives the first ones.
    pub fn bill_items(&self, draft: &Draft, path: &FieldPath, text: &str, limit: usize) -> Vec<&Item> {
        let row = row_of(&draft.data, path);
        self.library.catalogue.search(text, self.charge_day(&draft.data, row), limit)
    }

    /// What a text typed into the item of a line means: its code or name exactly, else what a search finds.
    pub fn bill_match(&self, draft: &Draft, path: &FieldPath, text: &str) -> BillMatch {
        let day = self.charge_day(&draft.data, row_of(&draft.data, path));
        let catalogue = &self.library.catalogue;
        if let Some(item) = exact(catalogue, text, day) {
            return BillMatch::One(item.code.clone());
        }
        match catalogue.search(text, day, 2).as_slice() {
            [] => BillMatch::None,
            [one] => BillMatch::One(one.code.clone()),
            _ => BillMatch::Several,
        }
    }

    /// Puts an item into the line at `path`, and saves: code, name, class, share, kind, limit, unit; the unit price where
    /// the line has none yet.
    ///
    /// # Errors
    /// When there is no such item on the day of the charge, or the store refuses.
    pub fn take_item(&self, draft: &mut Draft, path: &FieldPath, code: &str) -> Result<FieldSaved, AppError> {
        let day = self.charge_day(&draft.data, row_of(&draft.data, path));
        let item = self.library.catalogue.by_code(code, day);
        let item = item.ok_or_else(|| AppError::NotFound(format!("目录中 {day} 有效的 {code}")))?;
        let def = self.form_of_draft(draft)?;
        // Another limit: what was over the old one is reckoned anew, unless somebody typed it.
        let count = FieldPath { field: "cnt".to_owned(), ..path.clone() };
        for follower in form::following(def, &draft.data, &count, &self.eval_context()) {
            draft.data.set(&follower, "");
        }
        fill(def, &mut draft.data, path, item);
        let name = item.name.clone();
        self.save_field(draft, path, &name)
    }

    /// The sums of a reimbursement's lines; nothing for other forms.
    pub fn bill_sums(&self, draft: &Draft) -> Option<BillSums> {
        let def = self.form_of_draft(draft).ok()?;
        if def.effect != Effect::Reimburse || def.table(FEES).is_none() {
            return None;
        }
        let shares = self.class_shares(self.charge_day(&draft.data, None));
        let mut sums = BillSums::default();
        for row in draft.data.rows(FEES) {
            sums.add(row, &shares);
        }
        let invoices =
            draft.data.rows("invoices").iter().map(|row| amount(row, "invo_amt").unwrap_or_default());
        sums.control = Fen::checked_sum(invoices).unwrap_or_default();
        Some(sums)
    }

    /// First-paid share of each class on a day, in ten-thousandths, for lines that name none.
    fn class_shares(&self, day: NaiveDate) -> BTreeMap<String, i64> {
        let row = self.library.policy.at(SHARES, day).ok();
        let Some(Value::FirstPaid(shares)) = row.map(|row| &row.value) else { return BTreeMap::new() };
        let share = |text: String| ten_thousandths(&text).unwrap_or_default();
        shares.iter().map(|row| (row.class.clone(), share(row.ratio.to_string()))).collect()
    }
}

/// The item of exactly this code or name, where there is one only.
pub(super) fn exact<'c>(catalogue: &'c Catalogue, text: &str, day: NaiveDate) -> Option<&'c Item> {
    catalogue.by_code(text, day).or_else(|| match catalogue.by_name(text, day).as_slice() {
        [one] => Some(one),
        _ => None,
    })
}

fn row_of<'d>(data: &'d FormData, path: &FieldPath) -> Option<&'d Row> {
    let (table, index) = path.row.as_ref()?;
    data.rows(table).get(*index)
}

/// Writes an item into the columns of the row that bear its names. A unit price that stands there is the list's own.
fn fill(def: &FormDef, data: &mut FormData, path: &FieldPath, item: &Item) {
    let Some((table, index)) = &path.row else { return };
    for (id, value) in item.cells() {
        let cell = FieldPath::cell(table, *index, id);
        let stays = id == "pric" && (value.is_empty() || !data.get(&cell).is_empty());
        if def.field(&cell).is_some() && !stays {
            data.set(&cell, value);
        }
    }
}

/// Fills what a row leaves open from an item; answers where the row says otherwise (id of the column).
pub(super) fn complete(row: &mut Row, item: &Item) -> Vec<&'static str> {
    let mut other = Vec::new();
    for (id, value) in item.cells() {
        let said = row.get(id).map_or("", String::as_str);
        if value.is_empty() || id == "item_name" {
            continue;
        }
        if said.is_empty() {
            row.insert(id.to_owned(), value.to_owned());
        } else if said != value && matches!(id, "chrgitm_lv" | "selfpay_prop") {
            other.push(id);
        }
    }
    other
}

/// Before a value goes into a cell: cells that only follow from it are emptied, so that they follow again; what the
/// catalogue said of another item goes.
pub(super) fn make_way(
    def: &FormDef,
    data: &mut FormData,
    path: &FieldPath,
    value: &str,
    following: &[FieldPath],
) {
    let Some((table, index)) = &path.row else { return };
    if data.get(path) == value {
        return;
    }
    for follower in following {
        data.set(follower, "");
    }
    if def.field(path).is_some_and(|field| field.search == Some(Search::Catalogue)) {
        for id in FROM_CATALOGUE {
            data.set(&FieldPath::cell(table, *index, id), "");
        }
    }
}

/// Ten-thousandths of a share written as a decimal text.
fn ten_thousandths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 4 {
        return None;
    }
    format!("{whole}{fraction:0<4}").parse().ok().filter(|share| (0..=WHOLE).contains(share))
}

fn amount(row: &Row, id: &str) -> Option<Fen> {
    parse_yuan(row.get(id)?).ok()
}

impl BillSums {
    /// As step 1 of the settlement (reference 4.5a): 丙 is the patient's; of the rest the part over the limit, then the
    /// first-paid share, then what is in scope.
    fn add(&mut self, row: &Row, shares: &BTreeMap<String, i64>) {
        let said = |id: &str| row.get(id).map_or("", String::as_str);
        if said("item_name").is_empty() && said("det_item_fee_sumamt").is_empty() {
            return;
        }
        self.lines += 1;
        let class = said("chrgitm_lv");
        let place = [CLASS_A, CLASS_B, CLASS_C].iter().position(|known| *known == class);
        let (Some(sum), Some(place)) = (amount(row, "det_item_fee_sumamt"), place) else {
            self.open += 1;
            let sum = amount(row, "det_item_fee_sumamt").unwrap_or_default();
            self.total = plus(self.total, sum);
            return;
        };
        self.total = plus(self.total, sum);
        if let Some(class) = self.classes.get_mut(place) {
            *class = plus(*class, sum);
        }
        let usual = shares.get(class).copied().unwrap_or_default();
        if usual == WHOLE {
            return;
        }
        let over = amount(row, "overlmt_amt").unwrap_or_default();
        let base = sum.checked_sub(over).unwrap_or_default();
        let share = ten_thousandths(said("selfpay_prop")).filter(|_| !said("selfpay_prop").is_empty());
        let first = base.mul_ratio_half_up(Decimal::new(share.unwrap_or(usual), 4));
        self.over_limit = plus(self.over_limit, over);
        self.first_paid = plus(self.first_paid, first);
        self.in_scope = plus(self.in_scope, base.checked_sub(first).unwrap_or_default());
    }
}

fn plus(sum: Fen, amount: Fen) -> Fen {
    sum.checked_add(amount).unwrap_or(sum)
}

impl Station {
    /// After a block went into lines of the bill: each of them takes from the catalogue what it leaves open, where code
    /// or name mean one item. Nothing is saved yet.
    pub fn complete_lines(&self, draft: &mut Draft, table: &str, rows: std::ops::Range<usize>) {
        let Ok(def) = self.form_of_draft(draft) else { return };
        let searched = |field: &&form::Field| field.search == Some(Search::Catalogue);
        let Some(field) = def.table(table).and_then(|section| section.fields.iter().find(searched)) else {
            return;
        };
        for index in rows {
            let text = draft.data.get(&FieldPath::cell(table, index, &field.id)).to_owned();
            let day = self.charge_day(&draft.data, draft.data.rows(table).get(index));
            let item = exact(&self.library.catalogue, &text, day);
            let Some(row) = draft.data.tables.get_mut(table).and_then(|rows| rows.get_mut(index)) else {
                continue;
            };
            FROM_CATALOGUE.iter().for_each(|id| drop(row.remove(*id)));
            if let Some(item) = item {
                complete(row, item);
                // A code was pasted: the line says what it is.
                row.insert(field.id.clone(), item.name.clone());
            }
        }
    }
}
