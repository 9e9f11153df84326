//! The page model as text for a terminal: texts in their order and place, rules as line or ASCII frames. Not to scale
//! downwards (white space is dropped); across, a cell is widened when its text needs more cells. Knows no terminal.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::page::{Document, Item, Page};

/// Which characters draw the frames: what the terminal was found to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frames {
    /// `─ │ ┼`
    Line,
    /// `- | +`
    Ascii,
}

/// Baselines nearer than this, in micrometres, share one line of the screen.
const SAME_LINE: i32 = 1_500;
/// Two rules farther apart than this have a line of the screen between them even when nothing is written there.
const ROOM: i32 = 3_000;

/// Each page as lines of at most `columns` cells; pages are separated by an empty line. A row that is too dense for
/// the width goes on in the next line.
pub fn preview_text(document: &Document, columns: usize, frames: Frames) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, page) in document.pages.iter().enumerate() {
        if index > 0 {
            lines.push(String::new());
        }
        lines.extend(Sketch::new(page, columns.max(20)).lines(frames));
    }
    lines
}

/// One line of the screen before its frames are drawn.
enum Row {
    /// Rules from column to column.
    Rule(Vec<(usize, usize)>),
    /// Written text, and the columns of the upright lines.
    Text(String, BTreeSet<usize>),
}

/// Something in a row, left to right.
enum Part<'p> {
    Upright,
    Text(&'p str, i32),
}

struct Sketch<'p> {
    page: &'p Page,
    columns: usize,
    left: i32,
    right: i32,
    /// (y, x1, x2)
    level: Vec<(i32, i32, i32)>,
    /// (x, y1, y2)
    upright: Vec<(i32, i32, i32)>,
}

impl<'p> Sketch<'p> {
    fn new(page: &'p Page, columns: usize) -> Self {
        let mut sketch =
            Self { page, columns, left: page.w, right: 0, level: Vec::new(), upright: Vec::new() };
        for item in &page.items {
            match *item {
                Item::Line { x1, y1, x2, y2, .. } if y1 == y2 => sketch.level.push((y1, x1, x2)),
                Item::Line { x1, y1, y2, .. } => sketch.upright.push((x1, y1, y2)),
                Item::Rect { x, y, w, h, .. } => {
                    sketch.level.extend([(y, x, x + w), (y + h, x, x + w)]);
                    sketch.upright.extend([(x, y, y + h), (x + w, y, y + h)]);
                }
                Item::Text { x, width, .. } => sketch.reach(x, x + width),
            }
        }
        let ends: Vec<i32> = sketch.level.iter().flat_map(|(_, x1, x2)| [*x1, *x2]).collect();
        for x in ends {
            sketch.reach(x, x);
        }
        sketch
    }

    fn reach(&mut self, from: i32, to: i32) {
        self.left = self.left.min(from);
        self.right = self.right.max(to);
    }

    fn column(&self, x: i32) -> usize {
        let span = i64::from(self.right - self.left).max(1);
        let last = i64::try_from(self.columns - 1).unwrap_or(i64::MAX);
        usize::try_from(i64::from(x - self.left).max(0) * last / span).unwrap_or(0)
    }

    fn lines(&self, frames: Frames) -> Vec<String> {
        let rows = self.rows();
        let uprights = |index: Option<usize>| match index.and_then(|i| rows.get(i)) {
            Some(Row::Text(_, columns)) => columns.clone(),
            _ => BTreeSet::new(),
        };
        let draw = |(index, row): (usize, &Row)| match row {
            Row::Text(text, _) => match frames {
                Frames::Line => text.trim_end().to_owned(),
                Frames::Ascii => text.trim_end().replace('│', "|"),
            },
            Row::Rule(spans) => {
                rule(spans, &uprights(index.checked_sub(1)), &uprights(Some(index + 1)), frames)
            }
        };
        rows.iter().enumerate().map(draw).collect()
    }

    fn rows(&self) -> Vec<Row> {
        let mut rules: Vec<i32> = self.level.iter().map(|(y, ..)| *y).collect();
        rules.sort_unstable();
        rules.dedup();
        let mut texts: Vec<(i32, i32, i32, &str)> = Vec::new();
        for item in &self.page.items {
            if let Item::Text { x, y, width, text, .. } = item {
                texts.push((*y, *x, *width, text));
            }
        }
        texts.sort();
        let mut rows = Vec::new();
        let mut above = 0;
        let mut texts = texts.as_slice();
        for y in rules.iter().copied().chain([self.page.h]) {
            let count = texts.iter().take_while(|text| text.0 < y).count();
            let (band, behind) = texts.split_at(count);
            texts = behind;
            self.band(band, (above, y), &mut rows);
            if y < self.page.h {
                let spans = self.level.iter().filter(|level| level.0 == y);
                rows.push(Row::Rule(spans.map(|(_, x1, x2)| (self.column(*x1), self.column(*x2))).collect()));
            }
            above = y;
        }
        rows
    }

    /// The texts between two rules, as one or more lines.
    fn band(&self, texts: &[(i32, i32, i32, &'p str)], (above, below): (i32, i32), rows: &mut Vec<Row>) {
        let mut rest = texts;
        let inside = self.upright.iter().any(|(_, y1, y2)| *y1 <= above && below <= *y2);
        if rest.is_empty() && inside && below - above > ROOM {
            self.write(&[], above + (below - above) / 2, rows);
        }
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|text| text.0 - first.0 < SAME_LINE).count();
            let (line, behind) = rest.split_at(count);
            self.write(line, first.0 - 1_000, rows);
            rest = behind;
        }
    }

    fn write(&self, texts: &[(i32, i32, i32, &'p str)], y: i32, rows: &mut Vec<Row>) {
        let mut parts: Vec<(i32, Part)> =
            texts.iter().map(|(_, x, width, text)| (*x, Part::Text(text, *width))).collect();
        let mut xs: Vec<i32> =
            self.upright.iter().filter(|line| line.1 <= y && y < line.2).map(|line| line.0).collect();
        xs.sort_unstable();
        xs.dedup();
        parts.extend(xs.iter().map(|x| (*x, Part::Upright)));
        parts.sort_by_key(|part| part.0);
        let mut line = Line::default();
        let mut fresh = true;
        for (index, (x, part)) in parts.iter().enumerate() {
            let (wanted, shown) = match part {
                Part::Upright => (self.column(*x), "│"),
                Part::Text(text, width) => {
                    let next = parts.get(index + 1).map_or(self.columns, |next| self.column(next.0));
                    let cells = text.width();
                    let middle = self.column(x + width / 2).saturating_sub(cells / 2);
                    (middle.min(next.saturating_sub(cells)), *text)
                }
            };
            if line.end.max(if fresh { wanted } else { 0 }) + shown.width() > self.columns && line.end > 4 {
                rows.push(std::mem::take(&mut line).row());
                line.pad(4);
                fresh = false;
            }
            line.pad(if fresh { wanted } else { 0 });
            line.put(shown, matches!(part, Part::Upright));
        }
        rows.push(line.row());
    }
}

#[derive(Default)]
struct Line {
    text: String,
    end: usize,
    uprights: BTreeSet<usize>,
}

impl Line {
    fn pad(&mut self, to: usize) {
        while self.end < to {
            self.text.push(' ');
            self.end += 1;
        }
    }

    fn put(&mut self, shown: &str, upright: bool) {
        if upright {
            self.uprights.insert(self.end);
        }
        self.text.push_str(shown);
        self.end += shown.width();
    }

    fn row(self) -> Row {
        Row::Text(self.text, self.uprights)
    }
}

/// One rule with its crossings.
fn rule(
    spans: &[(usize, usize)],
    above: &BTreeSet<usize>,
    below: &BTreeSet<usize>,
    frames: Frames,
) -> String {
    let end = spans.iter().map(|span| span.1).chain(above.iter().chain(below).copied()).max().unwrap_or(0);
    let level = |column: usize| spans.iter().any(|(from, to)| (*from..*to).contains(&column));
    let shown = (0..=end).map(|column| {
        let (left, right) = (column > 0 && level(column - 1), level(column));
        let (up, down) = (above.contains(&column), below.contains(&column));
        cross(up, down, left, right, frames)
    });
    shown.collect::<String>().trim_end().to_owned()
}

fn cross(up: bool, down: bool, left: bool, right: bool, frames: Frames) -> char {
    if frames == Frames::Ascii {
        return match (up || down, left || right) {
            (false, false) => ' ',
            (true, false) => '|',
            (false, true) => '-',
            (true, true) => '+',
        };
    }
    match (up, down, left, right) {
        (false, false, false, false) => ' ',
        (false, false, ..) => '─',
        (_, _, false, false) => '│',
        (true, true, false, true) => '├',
        (true, true, true, false) => '┤',
        (true, true, true, true) => '┼',
        (true, false, false, true) => '└',
        (true, false, true, false) => '┘',
        (true, false, true, true) => '┴',
        (false, true, false, true) => '┌',
        (false, true, true, false) => '┐',
        (false, true, true, true) => '┬',
    }
}
