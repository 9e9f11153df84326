//! The repeating table: heading, rows, blank rows, page breaks with the heading repeated. Knows the flow, not the values'
//! meaning.

use std::collections::BTreeMap;

use super::cell::Frame;
use super::{Flow, LayoutError};
use crate::print::template::{Column, Table};
use crate::print::text::{Bound, PAD, printable};

/// One row with its texts bound: per column the text and the name errors give it.
type BoundRow = Vec<(Bound, String)>;

impl Flow<'_> {
    pub(super) fn table(&mut self, id: &str, table: &Table) -> Result<(), LayoutError> {
        let empty = BTreeMap::new();
        let rows = self.data.tables.get(&table.name).map_or(&[][..], Vec::as_slice);
        self.ensure(table.head_height + table.row_height);
        let mut top = self.y;
        self.table_head(id, table)?;
        for index in 0..rows.len().max(table.min_rows) {
            let bound = self.bind_row(table, index, rows.get(index).unwrap_or(&empty), index < rows.len())?;
            let height = self.row_height(table, &bound)?;
            if height > self.room() {
                self.side(top, table.side.as_ref())?;
                self.next_page();
                top = self.y;
                self.table_head(id, table)?;
            }
            self.table_row(table, height, &bound)?;
        }
        self.side(top, table.side.as_ref())
    }

    fn bind_row(
        &self,
        table: &Table,
        index: usize,
        row: &BTreeMap<String, String>,
        filled: bool,
    ) -> Result<BoundRow, LayoutError> {
        let value = |name: &str| match name {
            "row.no" => (index + 1).to_string(),
            _ => row.get(name).map_or_else(String::new, |text| printable(text.trim())),
        };
        let bind = |column: &Column| {
            let path = |name: String| format!("{}.{index}.{name}", table.name);
            let is_number = column.ink.content.slots() == ["row.no"];
            if !filled && !is_number {
                return Ok((Bound::default(), path(column.head.clone())));
            }
            let (text, slot) = self.bound_with(&column.head, &column.ink.content, &value)?;
            Ok((text, path(slot)))
        };
        table.columns.iter().map(bind).collect()
    }

    fn row_height(&self, table: &Table, bound: &BoundRow) -> Result<i32, LayoutError> {
        let most = self.template.page.content_height() - table.head_height;
        let mut height = table.row_height;
        if table.grow {
            for (column, (text, slot)) in table.columns.iter().zip(bound) {
                height = height.max(self.grown(
                    (column.width, height, most),
                    &text.text,
                    slot,
                    &column.ink.style,
                )?);
            }
        }
        Ok(height)
    }

    fn table_head(&mut self, id: &str, table: &Table) -> Result<(), LayoutError> {
        self.open_frame();
        let heads: BoundRow =
            table.columns.iter().map(|column| (Bound::fixed(&column.head), id.to_owned())).collect();
        self.cells(table, table.head_height, &heads, true)
    }

    fn table_row(&mut self, table: &Table, height: i32, bound: &BoundRow) -> Result<(), LayoutError> {
        self.cells(table, height, bound, false)
    }

    fn cells(&mut self, table: &Table, height: i32, bound: &BoundRow, head: bool) -> Result<(), LayoutError> {
        let x0 = self.left() + table.side.as_ref().map_or(0, |side| side.width);
        let mut x = x0;
        for (index, (column, (text, slot))) in table.columns.iter().zip(bound).enumerate() {
            if index > 0 {
                self.rule(x, self.y, x, self.y + height);
            }
            let style = if head { table.head_style } else { column.ink.style };
            let frame = Frame { x, y: self.y, w: column.width, h: height, pad: PAD };
            self.draw(frame, text, slot, &style)?;
            x += column.width;
        }
        self.y += height;
        let right = self.right();
        self.rule(x0, self.y, right, self.y);
        Ok(())
    }
}
