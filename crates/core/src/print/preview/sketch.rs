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

/// A text of the page.
struct Text<'p> {
    x: i32,
    y: i32,
    width: i32,
    text: &'p str,
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
    width: usize,
    lines: Vec<Written>,
    /// Where free lines go, when not evenly above and below.
    stretch: Option<usize>,
}

pub(super) fn page(page: &Page, columns: usize, frames: Frames) -> Vec<String> {
    let sketch = Sketch::new(page, columns, frames);
    let mut bands = sketch.bands();
    let mut cells = sketch.cells(&mut bands);
    let free = sketch.place(&bands, &mut cells);
    for cell in &cells {
        let have = lines_of(&bands, cell);
        if let Some(band) = bands.get_mut(cell.last) {
            band.height += cell.lines.len().saturating_sub(have);
        }
    }
    sketch.draw(&bands, &cells, &free)
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
        let (mut texts, mut levels, mut uprights) = (Vec::new(), Vec::new(), Vec::new());
        for item in &page.items {
            match item {
                Item::Line { x1, y1, x2, y2, .. } if y1 == y2 => levels.push((*y1, *x1, *x2)),
                Item::Line { x1, y1, y2, .. } => uprights.push((*x1, *y1, *y2)),
                Item::Rect { x, y, w, h, .. } => {
                    levels.extend([(*y, *x, x + w), (y + h, *x, x + w)]);
                    uprights.extend([(*x, *y, y + h), (x + w, *y, y + h)]);
                }
                Item::Text { x, y, width, text, .. } => {
                    texts.push(Text { x: *x, y: *y, width: *width, text })
                }
            }
        }
        texts.sort_by_key(|text| (text.y, text.x));
        let ends = levels.iter().flat_map(|(_, x1, x2)| [*x1, *x2]);
        let ends: Vec<i32> =
            ends.chain(texts.iter().flat_map(|text| [text.x, text.x + text.width])).collect();
        let left = ends.iter().copied().min().unwrap_or(0);
        let right = ends.iter().copied().max().unwrap_or(page.w);
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
            for ((from, start), (to, end)) in band.uprights.iter().zip(band.uprights.iter().skip(1)) {
                let width = end.saturating_sub(start + 1);
                let number = open.get(&(*from, *to)).copied().unwrap_or(cells.len());
                match cells.get_mut(number) {
                    Some(cell) => {
                        cell.last = index;
                        cell.width = cell.width.min(width);
                    }
                    None => {
                        cells.push(Cell {
                            first: index,
                            last: index,
                            width,
                            lines: Vec::new(),
                            stretch: None,
                        });
                    }
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

    /// Writes the texts into their boxes; those outside any box are returned by band.
    fn place(&self, bands: &[Band], cells: &mut [Cell]) -> BTreeMap<usize, Vec<&Text<'p>>> {
        let mut free: BTreeMap<usize, Vec<&Text>> = BTreeMap::new();
        let mut inside: BTreeMap<usize, (i32, i32, Vec<&Text>)> = BTreeMap::new();
        for text in &self.texts {
            let band = bands.iter().position(|band| band.top < text.y && text.y <= band.bottom).unwrap_or(0);
            let found = bands.get(band).and_then(|band| {
                let pairs = band.uprights.iter().zip(band.uprights.iter().skip(1)).zip(&band.boxes);
                pairs.into_iter().find(|((from, to), _)| from.0 <= text.x && text.x < to.0)
            });
            match found {
                Some(((from, to), number)) => {
                    inside.entry(*number).or_insert((from.0, to.0, Vec::new())).2.push(text);
                }
                None => free.entry(band).or_default().push(text),
            }
        }
        for (number, (from, to, texts)) in inside {
            if let Some(cell) = cells.get_mut(number) {
                cell.write(from, to, &texts);
            }
        }
        free
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
                let middle = self.column(text.x + text.width / 2).saturating_sub(cells / 2);
                let start = middle.min(self.columns.saturating_sub(cells));
                if row.end > 0 && row.end + 1 + cells > self.columns {
                    lines.push(std::mem::take(&mut row).text);
                }
                row.pad(
                    start
                        .max(if row.end > 0 { row.end + 1 } else { 0 })
                        .min(self.columns.saturating_sub(cells)),
                );
                let mut pieces = wrap(text.text, self.columns);
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

impl Cell {
    /// Fills the box with the texts that stand in it on paper, between the places `from` and `to`.
    fn write(&mut self, from: i32, to: i32, texts: &[&Text]) {
        let mut before: Option<i32> = None;
        for text in texts {
            if before.is_some_and(|before| text.y - before > STRETCH) {
                self.stretch = Some(self.lines.len());
            }
            before = Some(text.y);
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
            self.lines.extend(wrap(text.text, self.width).into_iter().map(|line| (line, place)));
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
