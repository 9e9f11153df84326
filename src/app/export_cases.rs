//! Cases as a table under the national field names: to be typed into, or pasted into, the platform's own screens (003
//! A130). Masked unless a purpose is given; every export is recorded. Knows forms and cases; how a file is written is `exchange`.

use std::path::Path;

use chrono::NaiveDate;
use xiangbao_core::form::{FieldPath, FormData, FormDef, Kind, Section};
use xiangbao_core::identity::{masked_account, masked_certno, masked_phone};
use xiangbao_core::role::{Action, Actor, Role, Subject};

use super::error::AppError;
use super::export_settlements::SettlementTable;
use super::files::write_private;
use super::station::{Station, local};
use crate::exchange::{Column, Table};

/// Rows with personal data that a clerk may take out at once; more needs the rechecker or the approver.
const CLERK_ROWS: usize = 200;
/// Width of a column in a workbook, characters.
const COLUMN_WIDTH: u8 = 18;

/// Which cases.
#[derive(Clone, Debug, Default)]
pub struct CaseFilter {
    /// Form id or screen code.
    pub form: String,
    /// A table of the form: one line for each of its rows, instead of one for each case. Of a form that settles bills also
    /// `setlinfo` (one line for each settlement and each refund settlement) and `setldetail` (one for each fund of it).
    pub table: Option<String>,
    /// First day of acceptance.
    pub since: Option<NaiveDate>,
    /// Last day of acceptance.
    pub until: Option<NaiveDate>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportColumn {
    /// National name where there is one, else the form's own.
    pub field: String,
    /// What the form calls it.
    pub label: String,
    /// The name is one of the national interface.
    pub national: bool,
}

/// The table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Columns: number, standing and day of the case, then the fields in the order of the paper.
    pub columns: Vec<ExportColumn>,
    /// Canonical text: codes as codes, days `YYYY-MM-DD`, money in yuan with two decimals.
    pub rows: Vec<Vec<String>>,
    /// Numbers of persons are masked.
    pub masked: bool,
}

impl Station {
    /// Gathers the cases of a form. With a purpose (document number, or why) numbers stand in full, and that is recorded.
    ///
    /// # Errors
    /// When the actor may not, there is no such form or table, or the store cannot be read.
    pub fn export_cases(
        &self,
        actor: &Actor,
        filter: &CaseFilter,
        purpose: Option<&str>,
    ) -> Result<Exported, AppError> {
        self.authorize(actor, Action::ViewCases, &Subject::none())?;
        let masked = purpose.is_none();
        if let Some(purpose) = purpose {
            self.authorize(actor, Action::Unmask, &Subject::none())?;
            if purpose.trim().is_empty() {
                return Err(AppError::Input("导出完整号码须写明用途或文号。".to_owned()));
            }
        }
        let def = self.form(&filter.form)?;
        let settled = SettlementTable::named(def, filter.table.as_deref());
        let section = if settled.is_some() { None } else { self.section_of(def, filter)? };
        let mut rows = Vec::new();
        for (_, case) in self.snapshot()?.all_cases(usize::MAX)? {
            let day = local(case.accepted.wall_ms).date_naive();
            let early = filter.since.is_some_and(|since| day < since);
            let late = filter.until.is_some_and(|until| day > until);
            if case.filing.form != def.id || early || late || !actor.serves(&case.filing.village) {
                continue;
            }
            let head = [case.number.clone(), case.status.label().to_owned(), day.to_string()];
            let lines = match settled {
                Some(table) => table.lines(&case, masked),
                None => form_lines(def, section, &case.filing.data, masked),
            };
            rows.extend(lines.into_iter().map(|values| head.iter().cloned().chain(values).collect()));
        }
        let senior = [Role::Rechecker, Role::Approver].iter().any(|role| actor.roles.contains(role));
        if !masked && rows.len() > CLERK_ROWS && !senior {
            let found = rows.len();
            let words = format!(
                "共 {found} 行，超过 {CLERK_ROWS} 行的完整号码由复核或审批人员导出；请缩小日期范围。"
            );
            return Err(AppError::Input(words));
        }
        let what = if masked { "export" } else { "export_unmasked" };
        let subject = format!("{} {} rows {}", def.id, rows.len(), purpose.unwrap_or_default());
        self.looked(actor, what, subject.trim())?;
        Ok(Exported { columns: self.columns_of(def, section, settled), rows, masked })
    }

    /// Writes an export to a file: a workbook by its ending `xlsx`, else csv. Owner-only, whole or not at all.
    ///
    /// # Errors
    /// When the table cannot be made or the disk refuses.
    pub fn write_export(&self, exported: &Exported, file: &Path) -> Result<(), AppError> {
        let columns = exported.columns.iter();
        let table = Table {
            name: "办件".to_owned(),
            columns: columns.map(|c| Column::new(&c.field, &c.label, COLUMN_WIDTH)).collect(),
            rows: exported.rows.clone(),
        };
        self.write_table(&table, file)
    }

    /// Writes a table to a file: a workbook by its ending `xlsx`, else csv. Owner-only, whole or not at all.
    ///
    /// # Errors
    /// When the table cannot be made or the disk refuses.
    pub fn write_table(&self, table: &Table, file: &Path) -> Result<(), AppError> {
        let made = match file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) {
            true => table.xlsx().map_err(|fault| fault.to_string()),
            false => table.csv().map_err(|fault| fault.to_string()),
        };
        let bytes = made.map_err(|fault| AppError::Input(format!("导出表不能生成：{fault}")))?;
        write_private(file, &bytes).map_err(|source| AppError::File { path: file.to_owned(), source })
    }

    fn section_of<'d>(&self, def: &'d FormDef, filter: &CaseFilter) -> Result<Option<&'d Section>, AppError> {
        let Some(table) = &filter.table else { return Ok(None) };
        match def.table(table) {
            Some(section) => Ok(Some(section)),
            None => Err(AppError::NotFound(format!("{} 中的表 {table}", def.name))),
        }
    }

    fn columns_of(
        &self,
        def: &FormDef,
        section: Option<&Section>,
        settled: Option<SettlementTable>,
    ) -> Vec<ExportColumn> {
        let own = |field: &str, label: &str| ExportColumn {
            field: field.to_owned(),
            label: label.to_owned(),
            national: false,
        };
        let head = [own("case_no", "办件号"), own("case_state", "状态"), own("accept_date", "受理日期")];
        if let Some(table) = settled {
            let columns = table.columns().into_iter().map(|(field, label)| ExportColumn {
                national: self.library.fields.get(field).is_some(),
                ..own(field, label)
            });
            return head.into_iter().chain(columns).collect();
        }
        let sections: Vec<&Section> = match section {
            Some(section) => vec![section],
            None => def.single_sections().collect(),
        };
        let fields = sections.into_iter().flat_map(|section| &section.fields).map(|field| ExportColumn {
            field: field.id.clone(),
            label: field.label.clone(),
            national: self.library.fields.get(&field.id).is_some(),
        });
        head.into_iter().chain(fields).collect()
    }
}

/// The values of each line as they may be shown.
fn form_lines(def: &FormDef, section: Option<&Section>, data: &FormData, masked: bool) -> Vec<Vec<String>> {
    let lines = lines_of(def, section, data).into_iter();
    lines.map(|paths| paths.iter().map(|path| shown(def, data, path, masked)).collect()).collect()
}

/// The cells of each line: all single fields once, or the columns of each row of a table.
fn lines_of(def: &FormDef, section: Option<&Section>, data: &FormData) -> Vec<Vec<FieldPath>> {
    let Some((section, table)) = section.and_then(|s| s.table.as_ref().map(|table| (s, table))) else {
        let fields = def.single_sections().flat_map(|section| &section.fields);
        return vec![fields.map(|field| FieldPath::single(&field.id)).collect()];
    };
    let row =
        |index| section.fields.iter().map(|field| FieldPath::cell(&table.id, index, &field.id)).collect();
    (0..data.rows(&table.id).len()).map(row).collect()
}

fn shown(def: &FormDef, data: &FormData, path: &FieldPath, masked: bool) -> String {
    let value = data.get(path);
    if !masked {
        return value.to_owned();
    }
    match def.kind_at(data, path).map(|spec| spec.kind) {
        Some(Kind::Certificate) => masked_certno(value),
        Some(Kind::Bank) => masked_account(value),
        Some(Kind::Phone) => masked_phone(value),
        _ => value.to_owned(),
    }
}
