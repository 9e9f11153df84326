//! One page as text. The page is cut into bands at its level rules, a band into cells at its upright rules; a cell that
//! has no rule below it goes on in the next band. Knows items only.

use std::collections::BTreeMap;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Frames;
use crate::print::page::{Item, Page};
use crate::print::template::Align;

/// Rules and edges nearer than this, in micrometres, are the same one.
const SAME: i32 = 300;
/// Baselines nearer than this share one line.
const SAME_LINE: i32 = 1_500;
/// A larger gap inside a cell separates what stands at its top from what stands at its foot.
const STRETCH: i32 = 7_000;

/// What stands for the QR code.
const CODE: &str = "[二维码]";

/// A text of the page: the lines of one box that were broken on paper are one text again.
struct Text<'p> {
    x: i32,
    /// Baseline of the first line.
    y: i32,
    /// Baseline and size of the last line.
    last: (i32, i32),
    width: i32,
    slot: &'p str,
    text: String,
}

/// A strip of the page between two level rules.
struct Band {
    top: i32,
    bottom: i32,
    /// Upright rules: place on paper and column on the screen.
    uprights: Vec<(i32, usize)>,
    /// For each pair of neighbouring uprights, the box it belongs to.
    boxes: Vec<usize>,
    /// Lines on the screen.
    height: usize,
}

/// One line inside a box, with its place.
type Written = (String, Align);

/// A ruled box, over one band or several.
struct Cell {
    first: usize,
    last: usize,
    /// Left and right edge on paper.
    edges: (i32, i32),
    /// The texts in it, by number.
    texts: Vec<usize>,
    lines: Vec<Written>,
    /// Where free lines go, when not evenly above and below.
    stretch: Option<usize>,
}

pub(super) fn page(page: &Page, columns: usize, frames: Frames) -> Vec<String> {
    let sketch = Sketch::new(page, columns, frames);
    let mut bands = sketch.bands();
    let mut cells = sketch.cells(&mut bands);
    let free = sketch.place(&bands, &mut cells);
    sketch.divide(&mut bands, &cells);
    for number in 0..cells.len() {
        let width = bands.iter().filter_map(|band| band.width_of(number)).min().unwrap_or(1);
        let Some(cell) = cells.get_mut(number) else { continue };
        cell.write(width, &sketch.texts);
        let have = lines_of(&bands, cell);
        if let Some(band) = bands.get_mut(cell.last) {
            band.height += cell.lines.len().saturating_sub(have);
        }
    }
    sketch.draw(&bands, &cells, &free)
}

impl Band {
    /// The columns inside box `number`, when the band crosses it.
    fn width_of(&self, number: usize) -> Option<usize> {
        let place = self.boxes.iter().position(|other| *other == number)?;
        let (from, to) = (self.uprights.get(place)?, self.uprights.get(place + 1)?);
        Some(to.1.saturating_sub(from.1 + 1))
    }

    fn places(&self) -> impl Iterator<Item = i32> {
        self.uprights.iter().map(|upright| upright.0)
    }
}

/// Adds a line, to the text before it when that goes on in this line.
fn join<'p>(texts: &mut Vec<Text<'p>>, next: Text<'p>) {
    match texts.last_mut() {
        Some(text)
            if text.slot == next.slot
                && text.last.1 == next.last.1
                && next.y - text.last.0 == text.last.1 * 130 / 100
                && next.text.chars().count() > 1 =>
        {
            text.last = next.last;
            text.width = text.width.max(next.width);
            text.x = text.x.min(next.x);
            text.text.push_str(&next.text);
        }
        _ => texts.push(next),
    }
}

struct Sketch<'p> {
    columns: usize,
    frames: Frames,
    left: i32,
    right: i32,
    height: i32,
    texts: Vec<Text<'p>>,
    /// (y, x1, x2)
    levels: Vec<(i32, i32, i32)>,
    /// (x, y1, y2)
    uprights: Vec<(i32, i32, i32)>,
}

impl<'p> Sketch<'p> {
    fn new(page: &'p Page, columns: usize, frames: Frames) -> Self {
        let (mut texts, mut levels, mut uprights): (Vec<Text>, _, _) = (Vec::new(), Vec::new(), Vec::new());
        let mut foot_of_code: Option<i32> = None;
        for item in &page.items {
            match item {
                Item::Fill { y, h, .. } => foot_of_code = foot_of_code.max(Some(y + h)),
                Item::Line { x1, y1, x2, y2, .. } if y1 == y2 => levels.push((*y1, *x1, *x2)),
                Item::Line { x1, y1, y2, .. } => uprights.push((*x1, *y1, *y2)),
                Item::Rect { x, y, w, h, .. } => {
                    levels.extend([(*y, *x, x + w), (y + h, *x, x + w)]);
                    uprights.extend([(*x, *y, y + h), (x + w, *y, y + h)]);
                }
                Item::Text { x, y, width, size, text, slot, .. } => {
                    let next =
                        Text { x: *x, y: *y, last: (*y, *size), width: *width, slot, text: text.clone() };
                    join(&mut texts, next);
                }
            }
        }
        texts.sort_by_key(|text| (text.y, text.x));
        let ends = levels.iter().flat_map(|(_, x1, x2)| [*x1, *x2]);
        let ends: Vec<i32> =
            ends.chain(texts.iter().flat_map(|text| [text.x, text.x + text.width])).collect();
        let left = ends.iter().copied().min().unwrap_or(0);
        let right = ends.iter().copied().max().unwrap_or(page.w);
        if let Some(y) = foot_of_code {
            // The QR code is a word here, at the right end of the last line.
            texts.push(Text { x: right, y, last: (y, 0), width: 0, slot: "", text: CODE.to_owned() });
        }
        Self { columns, frames, left, right, height: page.h, texts, levels, uprights }
    }

    /// The column of a place, to scale.
    fn column(&self, x: i32) -> usize {
        let span = i64::from(self.right - self.left).max(1);
        let last = i64::try_from(self.columns - 1).unwrap_or(0);
        usize::try_from((i64::from(x - self.left).max(0) * last + span / 2) / span).unwrap_or(0)
    }

    fn bands(&self) -> Vec<Band> {
        let mut ys: Vec<i32> = self.levels.iter().map(|level| level.0).chain([0, self.height]).collect();
        ys.sort_unstable();
        ys.dedup_by(|b, a| *b - *a < SAME);
        let pairs = ys.iter().zip(ys.iter().skip(1));
        pairs.map(|(top, bottom)| self.band(*top, *bottom)).collect()
    }

    fn band(&self, top: i32, bottom: i32) -> Band {
        let crosses = |line: &&(i32, i32, i32)| line.1 <= top + SAME && line.2 >= bottom - SAME;
        let mut xs: Vec<i32> = self.uprights.iter().filter(crosses).map(|line| line.0).collect();
        xs.sort_unstable();
        xs.dedup_by(|b, a| *b - *a < SAME);
        let mut uprights: Vec<(i32, usize)> = Vec::new();
        for x in &xs {
            let least = uprights.last().map_or(0, |(_, column)| column + 3);
            uprights.push((*x, self.column(*x).max(least)));
        }
        let mut most = self.columns - 1;
        for (_, column) in uprights.iter_mut().rev() {
            *column = (*column).min(most);
            most = column.saturating_sub(3);
        }
        let height = usize::from(uprights.len() > 1);
        Band { top, bottom, uprights, boxes: Vec::new(), height }
    }

    /// Whether a rule at `y` covers the middle between two places.
    fn closed(&self, y: i32, from: i32, to: i32) -> bool {
        let middle = from + (to - from) / 2;
        self.levels.iter().any(|level| (level.0 - y).abs() < SAME && level.1 <= middle && middle <= level.2)
    }

    fn cells(&self, bands: &mut [Band]) -> Vec<Cell> {
        let mut cells: Vec<Cell> = Vec::new();
        let mut open: BTreeMap<(i32, i32), usize> = BTreeMap::new();
        for (index, band) in bands.iter_mut().enumerate() {
            let mut still_open = BTreeMap::new();
            for ((from, _), (to, _)) in band.uprights.iter().zip(band.uprights.iter().skip(1)) {
                let number = open.get(&(*from, *to)).copied().unwrap_or(cells.len());
                match cells.get_mut(number) {
                    Some(cell) => cell.last = index,
                    None => cells.push(Cell {
                        first: index,
                        last: index,
                        edges: (*from, *to),
                        texts: Vec::new(),
                        lines: Vec::new(),
                        stretch: None,
                    }),
                }
                band.boxes.push(number);
                if !self.closed(band.bottom, *from, *to) {
                    still_open.insert((*from, *to), number);
                }
            }
            open = still_open;
        }
        cells
    }

    /// Gives the texts to their boxes; those outside any box are returned by band.
    fn place(&self, bands: &[Band], cells: &mut [Cell]) -> BTreeMap<usize, Vec<&Text<'p>>> {
        let mut free: BTreeMap<usize, Vec<&Text>> = BTreeMap::new();
        for (number, text) in self.texts.iter().enumerate() {
            let band = bands.iter().position(|band| band.top < text.y && text.y <= band.bottom).unwrap_or(0);
            let holds = |cell: &&mut Cell| {
                (cell.first..=cell.last).contains(&band) && cell.edges.0 <= text.x && text.x < cell.edges.1
            };
            match cells.iter_mut().find(holds) {
                Some(cell) => cell.texts.push(number),
                None => free.entry(band).or_default().push(text),
            }
        }
        free
    }

    /// Moves columns from boxes with room to boxes whose text would not fit one line; the bands of one table, which
    /// have the same uprights, are divided alike.
    fn divide(&self, bands: &mut [Band], cells: &[Cell]) {
        let alike = |a: &Band, b: &Band| a.places().eq(b.places());
        for table in bands.chunk_by_mut(alike) {
            let count = table.first().map_or(0, |band| band.boxes.len());
            let mut widths: Vec<usize> = Vec::new();
            let mut needs = Vec::new();
            for place in 0..count {
                let numbers = table.iter().filter_map(|band| band.boxes.get(place).copied());
                let texts = numbers.filter_map(|number| cells.get(number)).flat_map(|cell| &cell.texts);
                let need = texts.filter_map(|number| self.texts.get(*number)).map(|text| text.text.width());
                needs.push(need.max().unwrap_or(2).max(2));
                let number = table.first().and_then(|band| band.boxes.get(place).copied());
                widths.push(number.and_then(|number| table.first()?.width_of(number)).unwrap_or(2));
            }
            share(&mut widths, &needs);
            for band in table {
                let mut column = band.uprights.first().map_or(0, |upright| upright.1);
                for (upright, width) in band.uprights.iter_mut().skip(1).zip(&widths) {
                    column += width + 1;
                    upright.1 = column;
                }
            }
        }
    }

    fn draw(&self, bands: &[Band], cells: &[Cell], free: &BTreeMap<usize, Vec<&Text>>) -> Vec<String> {
        let mut lines = Vec::new();
        for (index, band) in bands.iter().enumerate() {
            if index > 0 {
                lines.push(self.rule(bands, index, cells));
            }
            for line in 0..band.height {
                lines.push(self.framed(bands, index, line, cells));
            }
            self.unframed(free.get(&index).map_or(&[][..], Vec::as_slice), &mut lines);
        }
        lines.into_iter().map(|line| line.trim_end_matches(' ').to_owned()).collect()
    }

    fn framed(&self, bands: &[Band], index: usize, line: usize, cells: &[Cell]) -> String {
        let Some(band) = bands.get(index) else { return String::new() };
        let mut shown = Row::default();
        for (number, ((_, start), (_, end))) in
            band.boxes.iter().zip(band.uprights.iter().zip(band.uprights.iter().skip(1)))
        {
            shown.pad(*start);
            shown.put(&self.frames.upright().to_string());
            let Some(cell) = cells.get(*number) else { continue };
            let line = lines_above(bands, cell, index) + line;
            shown.put_written(cell.line(line, lines_of(bands, cell)), *start + 1, *end);
        }
        if let Some((_, column)) = band.uprights.last() {
            shown.pad(*column);
            shown.put(&self.frames.upright().to_string());
        }
        shown.text
    }

    /// The rule above band `below`; a box that goes on through it shows its text there.
    fn rule(&self, bands: &[Band], index: usize, cells: &[Cell]) -> String {
        let Some(below) = bands.get(index) else { return String::new() };
        let (y, above) = (below.top, index.checked_sub(1).and_then(|above| bands.get(above)));
        let uprights = |band: Option<&Band>| -> Vec<(i32, usize)> {
            band.map_or_else(Vec::new, |band| {
                if band.uprights.len() > 1 { band.uprights.clone() } else { Vec::new() }
            })
        };
        let (up, down) = (uprights(above), uprights(Some(below)));
        let place = |x: i32| {
            let near = |line: &&(i32, usize)| (line.0 - x).abs() < SAME;
            down.iter().find(near).or_else(|| up.iter().find(near)).map_or(self.column(x), |line| line.1)
        };
        let spans: Vec<(usize, usize)> = self
            .levels
            .iter()
            .filter(|level| (level.0 - y).abs() < SAME)
            .map(|level| (place(level.1), place(level.2)))
            .collect();
        let level = |column: usize| spans.iter().any(|(from, to)| (*from..*to).contains(&column));
        let has = |lines: &[(i32, usize)], column: usize| lines.iter().any(|line| line.1 == column);
        let mut row = Row::default();
        for column in 0..self.columns {
            if row.end > column {
                continue;
            }
            let left = column > 0 && level(column - 1);
            row.put(
                &self.frames.cross(has(&up, column), has(&down, column), left, level(column)).to_string(),
            );
            let boxes = below.boxes.iter().zip(below.uprights.iter().zip(below.uprights.iter().skip(1)));
            let through = boxes
                .filter_map(|(number, (from, to))| Some((cells.get(*number)?, from.1, to.1)))
                .find(|(cell, from, _)| cell.first < index && *from == column);
            if let Some((cell, from, to)) = through {
                row.put_written(
                    cell.line(lines_above(bands, cell, index) - 1, lines_of(bands, cell)),
                    from + 1,
                    to,
                );
            }
        }
        row.text
    }

    /// Texts without a frame: in their places while they fit, else in lines of their own.
    fn unframed(&self, texts: &[&Text], lines: &mut Vec<String>) {
        let mut rest = texts;
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|text| text.y - first.y < SAME_LINE).count();
            let (together, behind) = rest.split_at(count);
            rest = behind;
            let mut together = together.to_vec();
            together.sort_by_key(|text| text.x);
            let mut row = Row::default();
            for text in together {
                let cells = text.text.width();
                let (from_left, from_right) = (text.x - self.left, self.right - text.x - text.width);
                let wanted = if from_left < 1_500 {
                    0
                } else if from_right < 1_500 {
                    self.columns.saturating_sub(cells)
                } else {
                    self.column(text.x + text.width / 2).saturating_sub(cells / 2)
                };
                let start = wanted.min(self.columns.saturating_sub(cells));
                if row.end > 0 && row.end + 1 + cells > self.columns {
                    lines.push(std::mem::take(&mut row).text);
                }
                row.pad(
                    start
                        .max(if row.end > 0 { row.end + 1 } else { 0 })
                        .min(self.columns.saturating_sub(cells)),
                );
                let mut pieces = wrap(&text.text, self.columns);
                let last = pieces.pop().unwrap_or_default();
                for piece in pieces {
                    row.put(&piece);
                    lines.push(std::mem::take(&mut row).text);
                }
                row.put(&last);
            }
            lines.push(row.text);
        }
    }
}

/// Lines of a box above band `index`, the rules it goes through included.
fn lines_above(bands: &[Band], cell: &Cell, index: usize) -> usize {
    bands.iter().take(index).skip(cell.first).map(|band| band.height + 1).sum()
}

/// All lines of a box, the rules it goes through included.
fn lines_of(bands: &[Band], cell: &Cell) -> usize {
    lines_above(bands, cell, cell.last + 1).saturating_sub(1)
}

/// Takes from the box with most room for the box with the greatest need, column by column.
fn share(widths: &mut [usize], needs: &[usize]) {
    let total: usize = widths.iter().sum();
    for _ in 0..total {
        let lacks = |(width, need): (&usize, &usize)| need.saturating_sub(*width);
        let spare = |(width, need): (&usize, &usize)| width.saturating_sub(*need);
        let poorest = widths.iter().zip(needs).map(lacks).enumerate().max_by_key(|(_, lack)| *lack);
        let richest = widths.iter().zip(needs).map(spare).enumerate().max_by_key(|(_, spare)| *spare);
        let (Some((to, 1..)), Some((from, 1..))) = (poorest, richest) else { return };
        for (place, width) in widths.iter_mut().enumerate() {
            *width = if place == from { *width - 1 } else { *width + usize::from(place == to) };
        }
    }
}

impl Cell {
    /// Wraps the texts of the box into `width` columns.
    fn write(&mut self, width: usize, texts: &[Text]) {
        let mut before: Option<i32> = None;
        let (from, to) = self.edges;
        for text in self.texts.iter().filter_map(|number| texts.get(*number)) {
            if before.is_some_and(|before| text.y - before > STRETCH) {
                self.stretch = Some(self.lines.len());
            }
            before = Some(text.last.0);
            let (left, right) = (text.x - from, to - text.x - text.width);
            let place = if left < 1_500 {
                Align::Left
            } else if (left - right).abs() < SAME {
                Align::Center
            } else if right < 1_500 {
                Align::Right
            } else {
                Align::Left
            };
            self.lines.extend(wrap(&text.text, width).into_iter().map(|line| (line, place)));
        }
    }

    /// Line `line` of a box that is `height` lines high.
    fn line(&self, line: usize, height: usize) -> Option<&Written> {
        let free = height.saturating_sub(self.lines.len());
        match self.stretch {
            Some(gap) if line < gap => self.lines.get(line),
            Some(gap) => {
                line.checked_sub(free).filter(|line| *line >= gap).and_then(|line| self.lines.get(line))
            }
            None => line.checked_sub(free / 2).and_then(|line| self.lines.get(line)),
        }
    }
}

#[derive(Default)]
struct Row {
    text: String,
    end: usize,
}

impl Row {
    fn pad(&mut self, to: usize) {
        while self.end < to {
            self.put(" ");
        }
    }

    fn put(&mut self, shown: &str) {
        self.text.push_str(shown);
        self.end += shown.width();
    }

    fn put_written(&mut self, written: Option<&Written>, start: usize, end: usize) {
        if let Some((text, place)) = written {
            let slack = end.saturating_sub(start + text.width());
            self.pad(match place {
                Align::Left => start,
                Align::Center => start + slack / 2,
                Align::Right => start + slack,
            });
            self.put(text);
        }
        self.pad(end);
    }
}

/// Cuts a text into pieces of at most `width` cells.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut end = 0;
    for c in text.chars() {
        let cells = c.width().unwrap_or(0);
        if end + cells > width && end > 0 {
            pieces.push(String::new());
            end = 0;
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
        end += cells;
    }
    pieces
}
