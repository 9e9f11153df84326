//! A pasted block: cells of a spreadsheet go into the table row by row, each judged by itself; a line goes into its
//! field. Nothing pasted ever submits. Knows tabs and line ends; must not know what the cells mean.

use xiangbao_core::form::{self, FieldPath, FormDef, Row};

use super::FormScreen;
use crate::app::AppError;
use crate::tui::screen::{Room, Step};
use crate::tui::text;
use crate::tui::widgets::form::FormEvent;
use crate::tui::widgets::frame::Message;

/// What became of a block.
#[derive(Default)]
struct Pasted {
    rows: usize,
    cells: usize,
    /// Rows beyond the table's greatest number, and cells beyond its last column.
    left_over: usize,
}

impl FormScreen {
    /// Takes a pasted block at the focus.
    pub(super) fn paste_block(&mut self, block: &str, room: Room<'_>) -> Step {
        let body = block.trim_end_matches('\n');
        let many = body.contains(['\t', '\n']);
        let Some((path, (table, row))) = self.path_here().and_then(|p| p.row.clone().map(|row| (p, row)))
        else {
            return self.paste_line(body);
        };
        if !many {
            return self.paste_line(body);
        }
        if let Some(step) = self.paste_list(body, &table, room) {
            return step;
        }
        match self.paste_cells(body, &table, row, &path, room) {
            Ok(pasted) => {
                self.look_here(room);
                let bad =
                    self.findings.iter().filter(|finding| {
                        finding.path.row.as_ref().is_some_and(|(t, index)| {
                            *t == table && *index >= row && *index < row + pasted.rows
                        })
                    });
                let bad = bad.count();
                let words = text::form_pasted(pasted.rows, pasted.cells, bad, pasted.left_over);
                let fine = bad == 0 && pasted.left_over == 0;
                Step::Say(if fine { Message::good(words) } else { Message::warning(words) })
            }
            Err(error) => Step::failed(&error),
        }
    }

    fn paste_line(&mut self, line: &str) -> Step {
        match self.form.paste(line) {
            FormEvent::Ignored => Step::Still,
            _ => Step::Changed,
        }
    }

    /// Fills cells from the focused one on; rows are added up to the greatest number. One save for the whole block.
    fn paste_cells(
        &mut self,
        body: &str,
        table: &str,
        first: usize,
        at: &FieldPath,
        room: Room<'_>,
    ) -> Result<Pasted, AppError> {
        let def = room.station.form_of_draft(&self.draft)?;
        let columns = columns(def, table);
        let from = columns.iter().position(|id| *id == at.field).unwrap_or(0);
        let most = def.table(table).and_then(|s| s.table.as_ref()).map_or(0, |spec| spec.max);
        self.remember();
        let mut pasted = Pasted::default();
        let mut last = None;
        for (offset, line) in body.split('\n').enumerate() {
            let row = first + offset;
            if row >= most {
                pasted.left_over += 1;
                continue;
            }
            self.grow(table, row);
            pasted.rows += 1;
            let ids = columns.get(from..).unwrap_or_default();
            let cells: Vec<&str> = line.split('\t').collect();
            pasted.left_over += cells.len().saturating_sub(ids.len());
            for (id, raw) in ids.iter().zip(cells) {
                let path = FieldPath::cell(table, row, id);
                let meant = self.meant(&path, raw, room);
                let value = form::normalize_field(def, &self.draft.data, &path, &meant, room.station.today());
                self.draft.data.set(&path, &value);
                self.draft.answers.retain(|key, _| !key.ends_with(&format!("@{path}")));
                pasted.cells += 1;
                last = Some((path, value));
            }
        }
        if let Some((path, value)) = last {
            room.station.complete_lines(&mut self.draft, table, first..first + pasted.rows);
            let value = if self.draft.data.get(&path).is_empty() {
                value
            } else {
                self.draft.data.get(&path).to_owned()
            };
            self.keep(&path, &value, room)?;
        }
        Ok(pasted)
    }

    fn grow(&mut self, table: &str, row: usize) {
        let rows = self.draft.data.tables.entry(table.to_owned()).or_default();
        if rows.len() <= row {
            rows.resize(row + 1, Row::new());
        }
    }
}

/// Columns that people fill, in the paper's order. Also those that a row hides: a spreadsheet's columns are the same in
/// every row.
fn columns<'d>(def: &'d FormDef, table: &str) -> Vec<&'d str> {
    let fields = def.table(table).map(|section| section.fields.as_slice()).unwrap_or_default();
    fields.iter().filter(|field| !field.readonly).map(|field| field.id.as_str()).collect()
}
