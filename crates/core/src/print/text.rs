//! Setting text: what may be printed, where a line may break, and which size fits a box. Pure arithmetic on widths;
//! knows no page.

use super::template::{Content, Font, OWN_SLOTS, Piece, Style, TickOption};
use super::{Metrics, PrintData};

/// Micrometres between the rule of a cell and its text.
pub(super) const PAD: i32 = 1_100;
/// Micrometres that a text keeps from the rules above and below it.
pub(super) const PAD_LEVEL: i32 = 350;
/// A quarter of a point, the step of shrinking, in micrometres.
const STEP: i32 = 88;
/// May not begin a line.
const CLOSING: &str = "，。；：、！？）」』】》〉〕”’％,.;:!?)]}%";
/// May not end a line.
const OPENING: &str = "（「『【《〈〔“‘([{";

/// Why a text cannot be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unset {
    /// Neither font has this character.
    Missing(char),
    /// The text is too long even at the smallest size.
    TooLong,
}

/// Text broken into lines at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lines {
    pub(super) font: Font,
    pub(super) size: i32,
    pub(super) lines: Vec<(String, i32)>,
}

impl Lines {
    /// Height of all lines, from the top of the first to the foot of the last.
    pub(super) fn height(&self) -> i32 {
        let count = i32::try_from(self.lines.len()).unwrap_or(i32::MAX);
        if count == 0 { 0 } else { self.size.saturating_add(self.pitch().saturating_mul(count - 1)) }
    }

    /// From one baseline to the next.
    pub(super) fn pitch(&self) -> i32 {
        self.size * 130 / 100
    }
}

/// Takes away what paper cannot show: control characters (an escape sequence prints as its visible rest) and the
/// invisible marks that turn the direction of writing. Line feeds stay.
pub(super) fn printable(text: &str) -> String {
    let invisible = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| !invisible(*c)).collect()
}

/// A text with the values put in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bound {
    /// The characters.
    pub(super) text: String,
    /// For each character whether it comes from the data (a value, a tick), not from the template.
    pub(super) filled: Vec<bool>,
}

impl Bound {
    /// Text of the template.
    pub(super) fn fixed(text: &str) -> Self {
        let mut bound = Self::default();
        bound.push(text, false);
        bound
    }

    fn push(&mut self, text: &str, filled: bool) {
        self.text.push_str(text);
        self.filled.extend(text.chars().map(|_| filled));
    }
}

/// The text of a content for one set of values; the slot's name is returned where one cannot be bound.
pub(super) fn bind(content: &Content, value: &dyn Fn(&str) -> String) -> Result<Bound, (String, String)> {
    let mut bound = Bound::default();
    match content {
        Content::Text(pieces) => pieces.iter().for_each(|piece| bind_piece(&mut bound, piece, value)),
        Content::Tick { slot, options, .. } => {
            let chosen = value(slot);
            let is_chosen = |option: &TickOption| chosen == option.code || chosen == option.label;
            if !chosen.is_empty() && !options.iter().any(is_chosen) {
                return Err((slot.clone(), chosen));
            }
            for (index, option) in options.iter().enumerate() {
                let ticked = is_chosen(option) && !chosen.is_empty();
                bound.push(if index > 0 { "　" } else { "" }, false);
                bound.push(if ticked { "☑" } else { "□" }, ticked);
                bound.push(&option.label, false);
            }
        }
    }
    Ok(bound)
}

/// The numbers of rows and pages are part of the printed form: stock carries them.
fn bind_piece(bound: &mut Bound, piece: &Piece, value: &dyn Fn(&str) -> String) {
    match piece {
        Piece::Fixed(text) => bound.push(text, false),
        Piece::Slot { name, blank } => {
            let text = value(name);
            if text.is_empty() {
                bound.push(blank, false);
            } else {
                bound.push(&text, !OWN_SLOTS.contains(&name.as_str()));
            }
        }
    }
}

/// The value of a single slot, cleaned for paper.
pub(super) fn single(data: &PrintData, name: &str) -> String {
    data.values.get(name).map_or_else(String::new, |text| printable(text.trim()))
}

/// Chooses the font that has all characters: the wanted one, or Song for a text with a character that Hei lacks.
fn font_for(text: &str, wanted: Font, metrics: &dyn Metrics) -> Result<Font, char> {
    let lacks = |font| text.chars().find(|c| *c != '\n' && metrics.advance(font, *c).is_none());
    match (lacks(wanted), wanted) {
        (None, _) => Ok(wanted),
        (Some(missing), Font::Song) => Err(missing),
        (Some(_), Font::Hei) => lacks(Font::Song).map_or(Ok(Font::Song), Err),
    }
}

/// Width of a text in micrometres, rounded up.
pub(super) fn width(text: &str, font: Font, size: i32, metrics: &dyn Metrics) -> i32 {
    let units: i64 = text.chars().filter_map(|c| metrics.advance(font, c)).map(i64::from).sum();
    let em = i64::from(metrics.units_per_em(font)).max(1);
    i32::try_from((units * i64::from(size) + em - 1) / em).unwrap_or(i32::MAX)
}

/// Sets `text` into `w` × `h` micrometres: at the style's size if it fits, else smaller, down to the smallest size.
/// A flat box prefers one slightly smaller line to two cramped ones. Words of Latin letters and digits are only broken
/// when no size keeps them whole.
pub(super) fn fit(text: &str, style: &Style, w: i32, h: i32, metrics: &dyn Metrics) -> Result<Lines, Unset> {
    let font = font_for(text, style.font, metrics).map_err(Unset::Missing)?;
    let most = if style.wrap { usize::MAX } else { 1 };
    let flat = h < 3 * style.size;
    let nearly = style.min_size.max(style.size * 80 / 100);
    let tries =
        [(flat, nearly, 1, true), (true, style.min_size, most, true), (true, style.min_size, most, false)];
    for (_, smallest, most, whole_words) in tries.into_iter().filter(|attempt| attempt.0) {
        let mut size = style.size;
        loop {
            if let Some(lines) = set(text, font, size, w, whole_words, metrics) {
                let set = Lines { font, size, lines };
                if set.lines.len() <= most && set.height() <= h {
                    return Ok(set);
                }
            }
            if size <= smallest {
                break;
            }
            size = (size - STEP).max(smallest);
        }
    }
    Err(Unset::TooLong)
}

/// Breaks a text into lines at one size; `None` when a word is wider than the line and words stay whole.
fn set(
    text: &str,
    font: Font,
    size: i32,
    w: i32,
    whole_words: bool,
    metrics: &dyn Metrics,
) -> Option<Vec<(String, i32)>> {
    let measure = |text: &str| width(text, font, size, metrics);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut reached = 0;
        for word in words(paragraph, whole_words) {
            let visible = measure(word.trim_end());
            if visible == 0 || reached + visible <= w {
                line.push_str(&word);
                reached += measure(&word);
                continue;
            }
            let full = line.trim_end();
            if !full.is_empty() {
                lines.push((full.to_owned(), measure(full)));
            }
            line = word.trim_start().to_owned();
            reached = measure(&line);
            if measure(line.trim_end()) > w {
                return None;
            }
        }
        let width = measure(&line);
        lines.push((line, width));
    }
    Some(lines)
}

/// Cuts a paragraph where a line may break: between Han characters and behind spaces, never before a closing mark or
/// behind an opening one, never inside a Latin word, a number or a ticked answer. With `whole_words` off, anywhere: the
/// last resort for a run without any place to break.
fn words(paragraph: &str, whole_words: bool) -> Vec<String> {
    if !whole_words {
        return paragraph.chars().map(String::from).collect();
    }
    let mut words: Vec<String> = Vec::new();
    for c in paragraph.chars() {
        let last = words.last().and_then(|word| word.chars().last());
        let in_tick = words.last().is_some_and(|word| word.starts_with(['☑', '□'])) && !"☑□　".contains(c);
        let joins = in_tick
            || last.is_some_and(|before| {
                CLOSING.contains(c)
                    || OPENING.contains(before)
                    || c == ' '
                    || (is_latin(before) && is_latin(c))
            });
        match words.last_mut() {
            Some(word) if joins => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    words
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_/.,@:#*+".contains(c)
}
