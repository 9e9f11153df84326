//! From a case to the slots of a paper: labels instead of codes, grouped money, opinions, trace. Numbers are masked
//! where the document demands it (the settlement slip), and in full on the statutory forms.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use xiangbao_core::case::{Case, Step};
use xiangbao_core::event::Level;
use xiangbao_core::form::{self, FieldPath, FormData, FormDef, Material, MaterialState};
use xiangbao_core::identity::{masked_account, masked_certno};
use xiangbao_core::money::Fen;
use xiangbao_core::policy::Settlement;
use xiangbao_core::print::PrintData;

use super::error::AppError;
use super::station::{Station, local};
use crate::store::Snapshot;

/// Fills slots.
pub(super) struct Sheet<'a> {
    station: &'a Station,
    snapshot: &'a Snapshot,
    data: PrintData,
}

impl<'a> Sheet<'a> {
    /// An empty sheet with what every paper carries.
    pub(super) fn new(station: &'a Station, snapshot: &'a Snapshot) -> Result<Self, AppError> {
        let info = snapshot.station()?;
        let township =
            station.library.codes.label("divisions", &info.township).unwrap_or_default().to_owned();
        let mut sheet = Self { station, snapshot, data: PrintData::default() };
        sheet.set("station.name", &info.name);
        sheet.set("station.township", &township);
        let office = &station.library.office;
        sheet.set("station.phone", &office.telephone);
        sheet.set("station.complaint", &office.complaint_telephone);
        sheet.set("station.address", &office.address);
        Ok(sheet)
    }

    /// The finished data.
    pub(super) fn done(self) -> PrintData {
        self.data
    }

    pub(super) fn set(&mut self, slot: &str, value: &str) {
        self.data.values.insert(slot.to_owned(), value.to_owned());
    }

    /// Title and source of the form: on blank papers too.
    pub(super) fn form(&mut self, def: &FormDef) {
        self.set("form.title", &def.title);
        self.set("form.annex", &def.annex);
        self.set("form.source", &def.source);
        self.set("case.kind", &def.title);
    }

    /// All values of a filled form.
    pub(super) fn values(&mut self, def: &FormDef, data: &FormData) {
        let codes = &self.station.library.codes;
        for path in def.field_order(data) {
            let value = form::display_value(def, data, &path, codes);
            match &path.row {
                None => {
                    self.data.values.insert(path.field, value);
                }
                Some((table, index)) => {
                    let rows = self.data.tables.entry(table.clone()).or_default();
                    if rows.len() <= *index {
                        rows.resize(*index + 1, BTreeMap::new());
                    }
                    if let Some(row) = rows.get_mut(*index) {
                        row.insert(path.field, value);
                    }
                }
            }
        }
        let certno =
            ["certno", "householder_certno"].iter().map(|id| data.field(id)).find(|no| !no.is_empty());
        self.set("certno.masked", &masked_certno(certno.unwrap_or_default()));
        self.set("acct.masked", &masked_account(data.field("bankacct")));
        self.ticks(def, data);
        self.materials(def, data);
    }

    /// Codes that templates draw as tick boxes stand beside their words, as `raw.<field>`.
    fn ticks(&mut self, def: &FormDef, data: &FormData) {
        for section in def.single_sections() {
            for field in &section.fields {
                let value = data.field(&field.id);
                self.data.values.insert(format!("raw.{}", field.id), value.to_owned());
            }
        }
    }

    fn materials(&mut self, def: &FormDef, data: &FormData) {
        let due = form::materials_due(def, data, &self.station.eval_context());
        let rows = due
            .iter()
            .map(|material| {
                let state = data.materials.get(&material.id).copied().unwrap_or(MaterialState::Missing);
                BTreeMap::from([
                    ("name".to_owned(), material.label.clone()),
                    ("state".to_owned(), material_word(material, state).to_owned()),
                    ("article".to_owned(), material.article.clone()),
                ])
            })
            .collect();
        self.data.tables.insert("mats".to_owned(), rows);
        // What was handed in, as a notice lists it (003 A35); pages that nobody counted are written by hand.
        let taken = due.iter().filter_map(|material| {
            let form = match data.materials.get(&material.id)? {
                MaterialState::Missing => return None,
                MaterialState::OriginalSeen => "原件（已退还）",
                MaterialState::CopyKept if material.original => "原件",
                MaterialState::CopyKept => "复印件",
            };
            let pages = match data.papers.get(&material.id).map_or(0, |note| note.pages) {
                0 => String::new(),
                pages => pages.to_string(),
            };
            Some(row(&[("name", &material.label), ("form", form), ("copies", "1"), ("pages", &pages)]))
        });
        self.data.tables.insert("received".to_owned(), taken.collect());
    }

    /// The rows of a table that the application fills.
    pub(super) fn table(&mut self, name: &str, rows: Vec<BTreeMap<String, String>>) {
        self.data.tables.insert(name.to_owned(), rows);
    }

    /// Number, days, clerk and opinions of a case.
    pub(super) fn case(&mut self, case: &Case) -> Result<(), AppError> {
        self.set("case.number", &case.number);
        self.set("case.accepted_date", &local(case.received_ms()).format("%Y-%m-%d").to_string());
        self.set("case.due_date", &case.promise.due);
        let clerk = self.name_of(&case.accepted)?;
        self.set("case.clerk", &clerk);
        let days = case.promise.working_days;
        let provisional =
            if case.promise.provisional { "（次年工作日历未公布，暂定）" } else { "" };
        let promise = match days {
            0 => "当日办结".to_owned(),
            days => format!("{days} 个工作日内办结{provisional}"),
        };
        self.set("receipt.promise", &promise);
        let clock = self.station.reading(&self.station.clocks(self.snapshot)?, case);
        if let Some((until, _)) = clock.and_then(|clock| clock.reminder) {
            self.set("case.correct_by", &until.date.format("%Y年%-m月%-d日").to_string());
        }
        for level in Level::ALL {
            let Some(review) = case.agreement(level) else { continue };
            let name = match &review.elsewhere {
                Some(who) => who.name.clone(),
                None => self.name_of(&review.by)?,
            };
            self.set(&format!("op.{}.person", level.id()), &name);
            self.set(&format!("op.{}.date", level.id()), &day(&review.by));
            self.set(&format!("op.{}.text", level.id()), &review.opinion);
        }
        Ok(())
    }

    pub(super) fn name_of(&self, step: &Step) -> Result<String, AppError> {
        Ok(self.snapshot.account(&step.account)?.map_or_else(|| step.account.clone(), |account| account.name))
    }

    /// What the applicant must bring.
    pub(super) fn demands(&mut self, rows: Vec<(String, String, String)>) {
        let rows = rows
            .into_iter()
            .map(|(label, reason, article)| {
                BTreeMap::from([
                    ("label".to_owned(), label),
                    ("reason".to_owned(), reason),
                    ("article".to_owned(), article),
                ])
            })
            .collect();
        self.data.tables.insert("demands".to_owned(), rows);
    }

    /// The settlement: amounts in national names, bands, kinds of cost, trace.
    pub(super) fn settlement(&mut self, settled: &Settlement, form: &FormData) {
        let sums = [
            ("medfee_sumamt", settled.medfee_sumamt),
            ("fulamt_ownpay_amt", settled.fulamt_ownpay_amt),
            ("overlmt_selfpay", settled.overlmt_selfpay),
            ("preselfpay_amt", settled.preselfpay_amt),
            ("inscp_scp_amt", settled.inscp_scp_amt),
            ("act_pay_dedc", settled.act_pay_dedc),
            ("hifp_pay", settled.hifp_pay),
            ("hifmi_pay", settled.hifmi_pay),
            ("oth_pay", settled.oth_pay),
            ("maf_pay", settled.maf_pay),
            ("fund_pay_sumamt", settled.fund_pay_sumamt),
            ("psn_part_amt", settled.psn_part_amt),
            ("used_fund", settled.year_after.fund_paid),
            ("used_dedc", settled.year_after.deductible_paid),
            ("used_big_base", settled.year_after.big_illness.base),
        ];
        for (name, amount) in sums {
            self.set(&format!("setl.{name}"), &amount.to_grouped());
        }
        self.set("setl.admissions", &settled.year_after.admissions.to_string());
        self.set("setl.capital", &settled.fund_pay_sumamt.capitals());
        self.set("setl.days", &days_of(form));
        let mut documents: Vec<&str> = settled.trace.iter().map(|step| step.document.as_str()).collect();
        documents.sort_unstable();
        documents.dedup();
        self.set("print.basis", &documents.join("；"));
        self.set("setl.mark", if settled.sample { "示例参数，未经核实" } else { "" });
        let codes = &self.station.library.codes;
        let amount = |fen: Fen| fen.to_grouped();
        let kinds = settled.fee_kinds.iter().map(|kind| {
            BTreeMap::from([
                (
                    "kind".to_owned(),
                    codes.label("med_chrgitm_type", &kind.kind).unwrap_or_default().to_owned(),
                ),
                ("amount".to_owned(), amount(kind.amount)),
                ("a".to_owned(), amount(kind.class_a)),
                ("b_share".to_owned(), amount(kind.first_paid)),
                ("own".to_owned(), amount(kind.own)),
            ])
        });
        self.data.tables.insert("fee_kinds".to_owned(), kinds.collect());
        let basic = settled.bands.iter().map(|band| ("", band));
        let layers = settled.layers.iter().flat_map(|layer| {
            let name = layer_word(&layer.topic);
            layer.bands.iter().map(move |band| (name, band))
        });
        let bands = basic.chain(layers).map(|(name, band)| {
            BTreeMap::from([
                ("label".to_owned(), format!("{name}{}", band.label)),
                ("base".to_owned(), amount(band.base)),
                ("ratio".to_owned(), percent(&band.ratio)),
                ("amount".to_owned(), amount(band.amount)),
            ])
        });
        self.data.tables.insert("bands".to_owned(), bands.collect());
        let trace = settled.trace.iter().map(|step| {
            let mark = if step.sample { " 示例" } else { "" };
            BTreeMap::from([
                ("label".to_owned(), step.label.clone()),
                ("formula".to_owned(), step.formula.clone()),
                ("amount".to_owned(), amount(step.amount)),
                ("rule".to_owned(), format!("{} {}{mark}", step.document, step.article)),
            ])
        });
        self.data.tables.insert("trace".to_owned(), trace.collect());
    }
}

/// What stands before the bands of a layer.
fn layer_word(topic: &str) -> &'static str {
    match topic {
        "big-illness" => "大病保险 ",
        "supplement" => "补充保险 ",
        "assistance-tilt" => "倾斜救助 ",
        _ => "医疗救助 ",
    }
}

/// One row of a table.
pub(super) fn row(cells: &[(&str, &str)]) -> BTreeMap<String, String> {
    cells.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// The word for the state of a material.
pub fn material_word(material: &Material, state: MaterialState) -> &'static str {
    match state {
        MaterialState::Missing => "未交",
        MaterialState::OriginalSeen => "已验原件",
        MaterialState::CopyKept if material.original => "已收原件",
        MaterialState::CopyKept => "已验原件留复印件",
    }
}

/// Day of a step in the office's time.
pub(super) fn day(step: &Step) -> String {
    local(step.wall_ms).format("%Y-%m-%d").to_string()
}

/// Days of treatment, first and last counted once.
fn days_of(form: &FormData) -> String {
    let date = |field: &str| form.get(&FieldPath::single(field)).parse::<chrono::NaiveDate>().ok();
    match (date("begntime"), date("endtime")) {
        (Some(begin), Some(end)) => (end - begin).num_days().max(1).to_string(),
        _ => String::new(),
    }
}

/// A ratio as people read it: `0.75` as 75%.
fn percent(ratio: &str) -> String {
    ratio
        .parse::<Decimal>()
        .map_or_else(|_| ratio.to_owned(), |ratio| format!("{}%", (ratio * Decimal::ONE_HUNDRED).normalize()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn ratios_are_read_as_percent() {
        for (ratio, words) in [("0.75", "75%"), ("1", "100%"), ("0.125", "12.5%"), ("分段", "分段")] {
            assert_eq!(super::percent(ratio), words);
        }
    }
}
