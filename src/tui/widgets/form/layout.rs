//! Where the lines of a form stand: fixed pages, columns of tables that fit, the field above and below. Knows geometry;
//! must not draw.

use std::ops::Range;

use super::{Form, Kind, Line};

/// Cells before a value: number, label, mark.
pub(super) const LABEL_AT: u16 = 4;
/// Cells of a label.
pub(super) const LABEL_CELLS: u16 = 18;
/// Where values begin.
pub(super) const VALUE_AT: u16 = LABEL_AT + LABEL_CELLS + 2;
/// Cells of a value and its caption together.
pub(super) const VALUE_CELLS: u16 = 30;
/// Where a table's first column begins.
pub(super) const TABLE_AT: u16 = 5;

/// One row of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// A line of the form as it is.
    Line(usize),
    /// In one-column layout: the label above.
    Label(usize),
    /// In one-column layout: the value below its label.
    Value(usize),
}

impl Form {
    /// All rows of the screen for a window of `cols` columns; below 80 one column of labels over values.
    pub(super) fn rows(&self, cols: u16) -> Vec<Row> {
        let narrow = cols < 80;
        let mut rows = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            match line {
                Line::Field(field) if narrow => rows.extend([Row::Label(*field), Row::Value(*field)]),
                Line::Row { fields, .. } if narrow => {
                    rows.push(Row::Line(index));
                    rows.extend(fields.clone().flat_map(|field| [Row::Label(field), Row::Value(field)]));
                }
                Line::TableHead(_) if narrow => {}
                _ => rows.push(Row::Line(index)),
            }
        }
        rows
    }

    /// Pages of at most `height` rows; a heading does not end a page, and a label keeps its value.
    pub(super) fn pages(&self, rows: &[Row], height: usize) -> Vec<Range<usize>> {
        let height = height.max(2);
        let mut pages = Vec::new();
        let mut from = 0;
        while from < rows.len() {
            let mut to = (from + height).min(rows.len());
            while to < rows.len() && to > from + 1 && rows.get(to - 1).is_some_and(|row| self.leans(row)) {
                to -= 1;
            }
            pages.push(from..to);
            from = to;
        }
        pages
    }

    /// Does the row belong to the one below it?
    fn leans(&self, row: &Row) -> bool {
        match row {
            Row::Label(_) => true,
            Row::Value(_) => false,
            Row::Line(line) => {
                matches!(self.lines.get(*line), Some(Line::Heading(_) | Line::TableHead(_)))
            }
        }
    }

    /// The screen row of a field.
    pub(super) fn row_of(&self, rows: &[Row], field: usize) -> Option<usize> {
        let holds = |line: &Line| match line {
            Line::Field(f) => *f == field,
            Line::Row { fields, .. } => fields.contains(&field),
            _ => false,
        };
        rows.iter().position(|row| matches!(row, Row::Value(f) if *f == field)).or_else(|| {
            rows.iter().position(|row| matches!(row, Row::Line(l) if self.lines.get(*l).is_some_and(holds)))
        })
    }

    /// The columns of a table row that are drawn together with the column `with` (an offset into the row): columns are
    /// packed into fixed groups, so that a column never slides.
    pub(super) fn columns(&self, fields: &Range<usize>, with: usize, room: u16) -> Range<usize> {
        let mut group = fields.start..fields.start;
        let mut used = 0;
        let first = self.fields.get(fields.start).map_or(0, |f| f.cells + 1);
        for index in fields.clone() {
            let cells = self.fields.get(index).map_or(0, |f| f.cells + 1);
            if used + cells > room && index > group.start {
                if with + fields.start < index {
                    break;
                }
                group.start = index;
                // The first column stands beside every group: without it nobody knows the row.
                used = first;
            }
            used += cells;
            group.end = index + 1;
        }
        group
    }

    /// The offset of the focused column, where the focus is in a row of as many columns; else the first.
    pub(super) fn focused_column(&self, columns: &Range<usize>) -> usize {
        self.lines
            .iter()
            .find_map(|line| match line {
                Line::Row { fields, .. } if fields.contains(&self.focus) && fields.len() == columns.len() => {
                    let same = self.fields.get(fields.start).map(|f| &f.label)
                        == self.fields.get(columns.start).map(|f| &f.label);
                    same.then(|| self.focus - fields.start)
                }
                _ => None,
            })
            .unwrap_or(0)
    }

    /// The field under the focus: in a table the same column of the next row.
    pub(super) fn below(&self) -> Option<usize> {
        self.neighbour(true)
    }

    /// The field over the focus.
    pub(super) fn above(&self) -> Option<usize> {
        self.neighbour(false)
    }

    fn neighbour(&self, down: bool) -> Option<usize> {
        let row = |range: &Range<usize>| range.contains(&self.focus);
        let at = self.lines.iter().position(|line| match line {
            Line::Field(f) => *f == self.focus,
            Line::Row { fields, .. } => row(fields),
            _ => false,
        })?;
        let offset = match self.lines.get(at) {
            Some(Line::Row { fields, .. }) => self.focus - fields.start,
            _ => 0,
        };
        let target = |line: &Line| {
            let candidate = match line {
                Line::Field(f) => *f..*f + 1,
                Line::Row { fields, .. } => fields.clone(),
                _ => return None,
            };
            let wanted = (candidate.start + offset).min(candidate.end.saturating_sub(1));
            let fills = |i: &usize| self.fields.get(*i).is_some_and(|f| f.kind != Kind::ReadOnly);
            Some(wanted).filter(fills).or_else(|| candidate.clone().find(fills))
        };
        if down {
            self.lines.iter().skip(at + 1).find_map(target)
        } else {
            self.lines.iter().take(at).rev().find_map(target)
        }
    }

    /// The first field that can be filled on the next or previous page.
    pub(super) fn page_target(&self, down: bool, cols: u16, height: u16) -> Option<usize> {
        let rows = self.rows(cols);
        let pages = self.pages(&rows, usize::from(height));
        let row = self.row_of(&rows, self.focus)?;
        let here = pages.iter().position(|page| page.contains(&row))?;
        let order: Vec<usize> =
            if down { (here + 1..pages.len()).collect() } else { (0..here).rev().collect() };
        order.into_iter().filter_map(|page| pages.get(page)).find_map(|page| {
            (0..self.fields.len()).find(|field| {
                self.fields.get(*field).is_some_and(|f| f.kind != Kind::ReadOnly)
                    && self.row_of(&rows, *field).is_some_and(|row| page.contains(&row))
            })
        })
    }
}
