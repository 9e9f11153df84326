//! A form definition with its values as fields and lines of the screen, in the paper's order: sections, tables in one
//! line where they fit 80 columns, rows as blocks where they do not. Pure: values in, fields out.

use std::collections::BTreeSet;

use xiangbao_core::form::{
    EvalContext, Field, FieldPath, Finding, FormData, FormDef, Kind, KindSpec, Section, Severity, required,
    shown_fields,
};

use crate::tui::key::{Code, Key};
use crate::tui::text;
use crate::tui::widgets::cells::{width, wrap};
use crate::tui::widgets::field::Field as Editor;
use crate::tui::widgets::form::{Finding as Remark, FormField, Kind as Typed, Level, Line};

/// Cells of the paper that a table in one line may take.
const TABLE_CELLS: usize = 74;
/// Cells of a line of demands.
const DEMAND_CELLS: usize = 74;
/// Least room in a code field: pinyin and short labels are typed there too.
const CODE_CELLS: usize = 6;

/// What a reviewer asked for when the case came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Field path, `mat.<id>`, or empty for the whole case.
    pub(super) path: String,
    /// What it is about, as people call it.
    pub(super) label: String,
    /// What is wrong and what to bring.
    pub(super) reason: String,
    /// The article it rests on.
    pub(super) article: String,
}

/// Everything that a screen of a form shows.
#[derive(Clone, Copy)]
pub(super) struct Sheet<'a> {
    pub(super) def: &'a FormDef,
    pub(super) data: &'a FormData,
    pub(super) context: EvalContext<'a>,
    /// What is wrong, in the paper's order.
    pub(super) findings: &'a [Finding],
    /// What a reviewer asked for.
    pub(super) wanted: &'a [Wanted],
    /// Paths copied from the record before.
    pub(super) carried: &'a BTreeSet<String>,
}

/// Fields and lines under construction.
struct Paper<'a> {
    sheet: Sheet<'a>,
    shown: BTreeSet<FieldPath>,
    fields: Vec<FormField>,
    lines: Vec<Line>,
}

impl Sheet<'_> {
    /// The fields in focus order and the lines they stand on.
    pub(super) fn lay_out(self) -> (Vec<FormField>, Vec<Line>) {
        let shown = shown_fields(self.def, self.data, &self.context).into_iter().collect();
        let mut paper = Paper { sheet: self, shown, fields: Vec::new(), lines: Vec::new() };
        paper.wanted();
        for section in &self.def.sections {
            paper.section(section);
        }
        (paper.fields, paper.lines)
    }
}

impl Paper<'_> {
    /// What came back with the case stands above everything else.
    fn wanted(&mut self) {
        if self.sheet.wanted.is_empty() {
            return;
        }
        self.lines.push(Line::Heading(text::FORM_WANTED.to_owned()));
        for wanted in self.sheet.wanted {
            let sentence = text::form_wanted(&wanted.label, &wanted.reason, &wanted.article);
            self.lines.extend(wrap(&sentence, DEMAND_CELLS).into_iter().map(Line::Text));
        }
    }

    fn section(&mut self, section: &Section) {
        let Some(table) = &section.table else {
            let paths: Vec<FieldPath> = section.fields.iter().map(|f| FieldPath::single(&f.id)).collect();
            if paths.iter().any(|path| self.shown.contains(path)) {
                self.lines.push(Line::Heading(section.title.clone()));
                self.block(section, &paths);
            }
            return;
        };
        let first = section.fields.first().map(|field| FieldPath::cell(&table.id, 0, &field.id));
        let rows = self.sheet.data.rows(&table.id).len().max(table.min);
        if rows == 0 {
            let there = first.is_some_and(|path| {
                xiangbao_core::form::visible(self.sheet.def, self.sheet.data, &path, &self.sheet.context)
            });
            if there {
                self.lines.push(Line::Heading(section.title.clone()));
                self.lines.push(Line::Text(text::FORM_NO_ROWS.to_owned()));
            }
            return;
        }
        let rows: Vec<Vec<FieldPath>> = (0..rows)
            .map(|row| section.fields.iter().map(|f| FieldPath::cell(&table.id, row, &f.id)).collect())
            .collect();
        if !rows.iter().flatten().any(|path| self.shown.contains(path)) {
            return;
        }
        let cells =
            if table.grid { Some(bill_columns(section, self.sheet.context)) } else { columns(section) };
        match cells {
            Some(cells) => self.grid(section, &rows, &cells),
            None => self.blocks(section, &rows),
        }
    }

    fn grid(&mut self, section: &Section, rows: &[Vec<FieldPath>], widths: &[usize]) {
        self.lines.push(Line::Heading(section.title.clone()));
        for (number, row) in (1..).zip(rows) {
            let start = self.fields.len();
            for ((path, field), cells) in row.iter().zip(&section.fields).zip(widths) {
                let mut cell = self.field(path, field);
                // Columns stay where they are: a hidden cell is there and cannot be filled.
                if !self.shown.contains(path) {
                    cell.kind = Typed::ReadOnly;
                }
                cell.cells = u16::try_from(*cells).unwrap_or(u16::MAX);
                // A unit would stand in the place of the figure.
                if field.spec.kind == Kind::Money {
                    cell.caption.clear();
                }
                self.fields.push(cell);
            }
            let fields = start..self.fields.len();
            if number == 1 {
                self.lines.push(Line::TableHead(fields.clone()));
            }
            self.lines.push(Line::Row { number, fields });
        }
    }

    fn blocks(&mut self, section: &Section, rows: &[Vec<FieldPath>]) {
        for (number, row) in (1..).zip(rows) {
            let name = row
                .iter()
                .find(|path| path.field.ends_with("_name"))
                .map_or("", |path| self.sheet.data.get(path));
            self.lines.push(Line::Heading(text::form_row(&section.title, number, name)));
            self.block(section, row);
        }
    }

    fn block(&mut self, section: &Section, paths: &[FieldPath]) {
        for (path, field) in paths.iter().zip(&section.fields) {
            if self.shown.contains(path) {
                let field = self.field(path, field);
                self.lines.push(Line::Field(self.fields.len()));
                self.fields.push(field);
            }
        }
    }

    fn field(&self, path: &FieldPath, field: &Field) -> FormField {
        let Sheet { def, data, context, .. } = self.sheet;
        let id = path.to_string();
        let spec = def.kind_at(data, path).unwrap_or(&field.spec);
        let typed = if field.readonly { Typed::ReadOnly } else { typed(spec.kind) };
        let value = data.get(path);
        let cells = u16::try_from(value_cells(field, spec, &context)).unwrap_or(u16::MAX);
        let mut field = FormField {
            label: field.label.clone(),
            kind: typed,
            required: !field.readonly && required(def, data, path, &context),
            cells,
            field: Editor::default().limited(field.max.saturating_add(20).max(40)),
            caption: caption(spec, value, &context),
            finding: self.remark(path, &id),
            carried: self.sheet.carried.contains(&id),
            id,
        }
        .with(value);
        to_start(&mut field);
        field
    }

    /// The worst of what stands against a field; what a reviewer asked for comes behind an error.
    fn remark(&self, path: &FieldPath, id: &str) -> Option<Remark> {
        let worst = self.sheet.findings.iter().filter(|f| f.path == *path).min_by_key(|f| f.severity);
        let wanted = self.sheet.wanted.iter().find(|wanted| wanted.path == id);
        match (worst, wanted) {
            (Some(finding), _) if finding.severity == Severity::Error => Some(remark(finding)),
            (_, Some(wanted)) => Some(Remark {
                level: Level::Warning,
                text: text::form_wanted_here(&wanted.reason, &wanted.article),
            }),
            (Some(finding), None) => Some(remark(finding)),
            (None, None) => None,
        }
    }
}

/// A value that nobody edits is read from its beginning; the focus puts the caret behind it again.
pub(super) fn to_start(field: &mut FormField) {
    field.field.key(Key::plain(Code::Home));
}

/// A finding as it stands beside its field.
pub(super) fn remark(finding: &Finding) -> Remark {
    let level = match finding.severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
    };
    Remark { level, text: finding.message.clone() }
}

fn typed(kind: Kind) -> Typed {
    match kind {
        Kind::Text | Kind::Note | Kind::Name => Typed::Text,
        Kind::Code => Typed::Code,
        Kind::Date
        | Kind::Month
        | Kind::Money
        | Kind::Int
        | Kind::Ratio
        | Kind::Decimal
        | Kind::Flag
        | Kind::Certificate
        | Kind::Phone
        | Kind::Bank => Typed::Number,
    }
}

fn caption(spec: &KindSpec, value: &str, context: &EvalContext<'_>) -> String {
    let word = match (spec.kind, value) {
        (Kind::Code, code) => spec.codes.as_deref().and_then(|table| context.codes.label(table, code)),
        (Kind::Flag, "1") => Some(text::FORM_YES),
        (Kind::Flag, "0") => Some(text::FORM_NO),
        (Kind::Money, value) if !value.is_empty() => Some(text::FORM_YUAN),
        _ => None,
    };
    word.unwrap_or_default().to_owned()
}

/// Cells of a value that stands alone on its line.
fn value_cells(field: &Field, spec: &KindSpec, context: &EvalContext<'_>) -> usize {
    match spec.kind {
        Kind::Code => {
            let table = spec.codes.as_deref().and_then(|table| context.codes.table(table));
            let longest = table.and_then(|t| t.entries().iter().map(|e| e.code.len()).max()).unwrap_or(0);
            longest.clamp(CODE_CELLS, 12) + 1
        }
        // An address is read whole on the smallest screen.
        Kind::Text | Kind::Note => (field.max * 2).clamp(CODE_CELLS, 54),
        kind => plain_cells(kind),
    }
}

/// Whether the rows of a table stand in one line each: then there is no room for a code's label behind it.
pub(super) fn in_one_line(def: &FormDef, table: &str) -> bool {
    def.table(table).is_some_and(|section| {
        section.table.as_ref().is_some_and(|table| table.grid) || columns(section).is_some()
    })
}

/// Cells of the columns of a bill: as narrow as their values allow, since a row has many of them. What does not fit the
/// screen stands on further pages of columns.
fn bill_columns(section: &Section, context: EvalContext<'_>) -> Vec<usize> {
    let cells = |field: &Field| match (field.spec.kind, field.spec.codes.as_deref()) {
        (Kind::Code, Some(table)) => {
            let entries = context.codes.table(table).map(|table| table.entries()).unwrap_or_default();
            let longest = entries.iter().map(|entry| width(&entry.label)).max().unwrap_or(0);
            longest.clamp(CODE_CELLS - 1, 9) + 1
        }
        _ => column_cells(field),
    };
    section.fields.iter().map(|field| cells(field).max(width(&field.label) + 1)).collect()
}

/// Cells of the columns of a table in one line, `None` where a row does not fit one. What is left goes to the texts.
fn columns(section: &Section) -> Option<Vec<usize>> {
    let mut cells: Vec<usize> = section.fields.iter().map(column_cells).collect();
    let used: usize = cells.iter().map(|cells| cells + 1).sum();
    let left = (TABLE_CELLS + 1).checked_sub(used)?;
    let is_text = |field: &Field| matches!(field.spec.kind, Kind::Text | Kind::Note);
    let texts = section.fields.iter().filter(|field| is_text(field)).count();
    let more = left.checked_div(texts).unwrap_or_default();
    for (cells, field) in cells.iter_mut().zip(&section.fields).filter(|(_, field)| is_text(field)) {
        *cells = (*cells + more).min(field.max * 2 + 1).min(24).max(*cells);
    }
    Some(cells)
}

/// Least cells of a column in a table of one line; never narrower than its head.
fn column_cells(field: &Field) -> usize {
    let cells = match field.spec.kind {
        Kind::Code => 9,
        Kind::Money => 11,
        Kind::Text | Kind::Note => (field.max * 2).min(16),
        kind => plain_cells(kind),
    };
    cells.max(width(&field.label) + 1)
}

/// The value and the caret behind it.
fn plain_cells(kind: Kind) -> usize {
    match kind {
        Kind::Text | Kind::Note => 30,
        Kind::Name => 16,
        Kind::Date => 11,
        Kind::Month | Kind::Ratio | Kind::Decimal => 8,
        Kind::Money => 13,
        Kind::Int | Kind::Code => 7,
        Kind::Flag => 3,
        Kind::Certificate => 20,
        Kind::Phone => 14,
        Kind::Bank => 24,
    }
}
