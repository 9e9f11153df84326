//! Draws a form. Knows buffers; must not change the form.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::layout::{LABEL_AT, LABEL_CELLS, Row, TABLE_AT, VALUE_AT, VALUE_CELLS};
use super::{Finding, Form, FormField, Kind, Level, Line};
use crate::tui::look::Look;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::{put, put_fill, width};

impl Finding {
    /// The word of its level and its text, for the message line.
    pub fn sentence(&self) -> String {
        format!("{}: {}", self.word(), self.text)
    }

    /// The word of its level: the state is told by a word, not by a colour.
    pub fn word(&self) -> &'static str {
        match self.level {
            Level::Error => text::FINDING_ERROR,
            Level::Warning => text::FINDING_WARNING,
            Level::Note => text::FINDING_NOTE,
        }
    }

    /// How it is drawn.
    pub fn role(&self) -> Role {
        match self.level {
            Level::Error => Role::Error,
            Level::Warning => Role::Warning,
            Level::Note => Role::Muted,
        }
    }
}

impl Form {
    /// Draws the page with the focus and answers the caret's cell.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Position {
        let rows = self.rows(area.width);
        let pages = self.pages(&rows, usize::from(area.height));
        let focused = self.row_of(&rows, self.focus).unwrap_or(0);
        let page = pages.into_iter().find(|page| page.contains(&focused)).unwrap_or(0..0);
        let mut cursor = None;
        for (row, y) in rows.get(page).unwrap_or_default().iter().zip(area.y..area.bottom()) {
            let line = Rect { y, height: 1, ..area };
            let at = match row {
                Row::Line(index) => self.lines.get(*index).and_then(|l| self.line(l, buf, line, look)),
                Row::Label(field) => self.narrow_label(*field, buf, line, look),
                Row::Value(field) => self.value_view(*field, buf, line, 2, look),
            };
            cursor = cursor.or(at);
        }
        cursor.unwrap_or(Position { x: area.x, y: area.y })
    }

    /// Which page is shown and how many there are, from 1.
    pub fn page(&self, area: Rect) -> (usize, usize) {
        let rows = self.rows(area.width);
        let pages = self.pages(&rows, usize::from(area.height));
        let row = self.row_of(&rows, self.focus).unwrap_or(0);
        let at = pages.iter().position(|page| page.contains(&row)).unwrap_or(0);
        (at + 1, pages.len().max(1))
    }

    fn line(&self, line: &Line, buf: &mut Buffer, area: Rect, look: &Look) -> Option<Position> {
        let text_style = |role| look.theme.style(role);
        match line {
            Line::Heading(heading) => {
                let end =
                    put(buf, area.x + 1, area.y, heading, area.width, text_style(Role::Heading), look) + 1;
                let rest = area.right().saturating_sub(end + 1);
                let rule = look.glyphs.rule().repeat(usize::from(rest));
                put(buf, end, area.y, &rule, rest, text_style(Role::Muted), look);
                None
            }
            Line::Text(words) => {
                put(buf, area.x + LABEL_AT, area.y, words, area.width, text_style(Role::Muted), look);
                None
            }
            Line::Field(field) => self.wide_field(*field, buf, area, look),
            Line::TableHead(fields) => {
                self.table_head(fields, buf, area, look);
                None
            }
            Line::Row { number, fields } => self.table_row(*number, fields, buf, area, look),
        }
    }

    fn wide_field(&self, index: usize, buf: &mut Buffer, area: Rect, look: &Look) -> Option<Position> {
        let field = self.fields.get(index)?;
        let focused = index == self.focus;
        let label = if focused { Role::Accent } else { Role::Text };
        if field.kind != Kind::ReadOnly {
            let number = format!("{:>3}", index + 1);
            put(buf, area.x, area.y, &number, LABEL_AT, look.theme.style(Role::Muted), look);
        }
        put(buf, area.x + LABEL_AT, area.y, &field.label, LABEL_CELLS, look.theme.style(label), look);
        let mark = mark(field);
        put(buf, area.x + VALUE_AT - 2, area.y, mark, 1, look.theme.style(Role::Accent), look);
        let cursor = self.value_view(index, buf, area, VALUE_AT, look);
        if let Some(finding) = &field.finding {
            let x = area.x + VALUE_AT + VALUE_CELLS + 1;
            let room = area.right().saturating_sub(x);
            let style = look.theme.style(finding.role());
            let end = put(buf, x, area.y, finding.word(), room, style, look) + 1;
            put(buf, end, area.y, &finding.text, area.right().saturating_sub(end), style, look);
        }
        cursor
    }

    fn narrow_label(&self, index: usize, buf: &mut Buffer, area: Rect, look: &Look) -> Option<Position> {
        let field = self.fields.get(index)?;
        let label = format!("{} {}{}", index + 1, field.label, mark(field));
        let end = put(buf, area.x, area.y, &label, area.width, look.theme.style(Role::Muted), look) + 1;
        if let Some(finding) = &field.finding {
            let style = look.theme.style(finding.role());
            put(buf, end, area.y, &finding.sentence(), area.right().saturating_sub(end), style, look);
        }
        None
    }

    fn value_view(
        &self,
        index: usize,
        buf: &mut Buffer,
        area: Rect,
        at: u16,
        look: &Look,
    ) -> Option<Position> {
        let field = self.fields.get(index)?;
        let room = area.width.saturating_sub(at + 1);
        let room = if area.width < 80 { room } else { room.min(VALUE_CELLS) };
        let cells = field.cells.clamp(1, room.max(1));
        let role = self.value_role(index);
        let x = area.x + at;
        let cursor = field.field.view(buf, Rect { x, width: cells, ..area }, look, role);
        if !field.caption.is_empty() && cells + 1 < room {
            let style = look.theme.style(Role::Muted);
            put(buf, x + cells + 1, area.y, &field.caption, room - cells - 1, style, look);
        }
        (index == self.focus).then_some(cursor)
    }

    fn value_role(&self, index: usize) -> Role {
        match self.fields.get(index) {
            _ if index == self.focus => Role::Focus,
            Some(FormField { kind: Kind::ReadOnly, .. }) => Role::Text,
            _ => Role::Field,
        }
    }

    /// The columns of a row that are drawn: the group with the focus, and the first column beside it.
    fn drawn(&self, fields: &Range<usize>, area: Rect) -> impl Iterator<Item = usize> + use<> {
        let group = self.columns(fields, self.focused_column(fields), area.width.saturating_sub(TABLE_AT));
        let first = (group.start > fields.start).then_some(fields.start);
        first.into_iter().chain(group)
    }

    fn table_head(&self, fields: &Range<usize>, buf: &mut Buffer, area: Rect, look: &Look) {
        let mut x = area.x + TABLE_AT;
        for field in self.drawn(fields, area).filter_map(|index| self.fields.get(index)) {
            let label = format!("{}{}", field.label, if field.required { "*" } else { "" });
            put(buf, x, area.y, &label, field.cells, look.theme.style(Role::Muted), look);
            x += field.cells + 1;
        }
    }

    fn table_row(
        &self,
        number: usize,
        fields: &Range<usize>,
        buf: &mut Buffer,
        area: Rect,
        look: &Look,
    ) -> Option<Position> {
        let here = fields.contains(&self.focus);
        let label = if here { Role::Accent } else { Role::Muted };
        put(buf, area.x, area.y, &format!("{number:>3}"), 3, look.theme.style(label), look);
        let worst = self
            .fields
            .get(fields.clone())?
            .iter()
            .filter_map(|f| f.finding.as_ref())
            .min_by_key(|f| f.level);
        if let Some(finding) = worst {
            let mark = if finding.level == Level::Error { "!" } else { "?" };
            put(buf, area.x + 3, area.y, mark, 1, look.theme.style(finding.role()), look);
        }
        if area.width < 80 {
            return None;
        }
        let mut x = area.x + TABLE_AT;
        let mut cursor = None;
        for index in self.drawn(fields, area) {
            let field = self.fields.get(index)?;
            let cells = field.cells.min(area.right().saturating_sub(x).max(1));
            let role = self.value_role(index);
            let cell = Rect { x, width: cells, ..area };
            // A code shows its label where the label fits and nobody types.
            if index != self.focus && !field.caption.is_empty() && width(&field.caption) <= usize::from(cells)
            {
                put_fill(buf, x, area.y, &field.caption, cells, look.theme.style(role), look);
            } else {
                let at = field.field.view(buf, cell, look, role);
                cursor = cursor.or((index == self.focus).then_some(at));
            }
            x += cells + 1;
        }
        cursor
    }
}

fn mark(field: &FormField) -> &'static str {
    match (field.carried, field.required) {
        (true, _) => text::CARRIED,
        (false, true) => "*",
        (false, false) => "",
    }
}
