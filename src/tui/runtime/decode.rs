//! Bytes of a terminal to keys, pastes and replies. Frames sequences itself, so that nothing ever leaks as typed text
//! or swallows the next key, and lets `termina` name the key. Knows bytes and time; must not know screens.

use std::time::Duration;

use termina::escape::csi::{Csi, Cursor};
use termina::event::{KeyCode, KeyEventKind, Modifiers};

use super::clean::{PASTE_CAP, allowed, clean_paste};
use crate::tui::key::{Code, Key};

/// A lone ESC byte is the Esc key after this time.
const ESC_WAIT: Duration = Duration::from_millis(40);
/// The rest of a sequence that began comes within this time, also over a slow line.
const SEQUENCE_WAIT: Duration = Duration::from_millis(500);
/// A bracketed paste whose end never comes is ended after this time, so that it cannot swallow keys for ever.
const PASTE_WAIT: Duration = Duration::from_secs(5);
/// Pieces of one burst come closer together than this.
const BURST_GAP: Duration = Duration::from_millis(30);
/// A read of at least this many bytes with two line ends and no escape is a paste of a terminal that does not bracket.
const BURST_BYTES: usize = 64;
/// Longer sequences are no keys: their bytes are dropped up to their end.
const LONGEST_SEQUENCE: usize = 4096;
const PASTE_START: &[u8] = b"\x1b[200~";
const PASTE_END: &[u8] = b"\x1b[201~";

/// What came out of the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// A key.
    Key(Key),
    /// A pasted block.
    Paste {
        /// Cleaned text.
        text: String,
        /// Its end was cut off.
        cut: bool,
    },
    /// The terminal says where its cursor is, from 1. May also be Shift-F3 (`as_key`).
    Cursor {
        /// Row from 1.
        row: u16,
        /// Column from 1.
        col: u16,
    },
    /// The terminal knows synchronized output (mode 2026).
    SyncOutput(bool),
    /// Bytes that are no UTF-8; told once.
    NotUtf8 {
        /// They look like GB18030.
        gb: bool,
    },
}

#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    Escape,
    Paste,
    Burst,
}

/// Decoder of one terminal's bytes.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    state: State,
    /// Bytes of a character or of a sequence that is not complete.
    pending: Vec<u8>,
    block: Vec<u8>,
    last: Duration,
    brackets: bool,
    warned: bool,
}

impl Decoder {
    /// Takes bytes that arrived together at `now`.
    pub(crate) fn feed(&mut self, bytes: &[u8], now: Duration, out: &mut Vec<Input>) {
        self.tick(now, out);
        self.last = now;
        let burst = match self.state {
            State::Burst => plain(bytes),
            State::Ground => !self.brackets && self.pending.is_empty() && is_burst(bytes),
            _ => false,
        };
        if burst {
            self.state = State::Burst;
            self.keep(bytes);
            return;
        }
        if self.state == State::Burst {
            self.end_block(out);
        }
        for byte in bytes {
            self.byte(*byte, out);
        }
    }

    /// Lets waiting bytes go whose time has passed.
    pub(crate) fn tick(&mut self, now: Duration, out: &mut Vec<Input>) {
        if self.deadline().is_none_or(|at| now < at) {
            return;
        }
        if matches!(self.state, State::Burst | State::Paste) {
            self.end_block(out);
            return;
        }
        let pending = std::mem::take(&mut self.pending);
        self.state = State::Ground;
        match pending.as_slice() {
            [0x1b] => out.push(Input::Key(Key::plain(Code::Esc))),
            // Esc typed, then the character: nothing else ever came.
            [0x1b, byte @ 0x20..=0x7e] => {
                out.push(Input::Key(Key::plain(Code::Esc)));
                self.byte(*byte, out);
            }
            _ => {}
        }
    }

    /// When [`Decoder::tick`] has something to do.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        match self.state {
            State::Burst => Some(self.last + BURST_GAP),
            State::Escape if self.pending.len() == 1 => Some(self.last + ESC_WAIT),
            State::Escape => Some(self.last + SEQUENCE_WAIT),
            State::Paste => Some(self.last + PASTE_WAIT),
            State::Ground => None,
        }
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<Input>) {
        match self.state {
            State::Ground | State::Burst => self.ground(byte, out),
            State::Escape => self.escape(byte, out),
            State::Paste => {
                self.keep(&[byte]);
                // Beyond the cap the block keeps no bytes, so the end mark is watched in `pending`.
                self.pending.push(byte);
                if self.pending.len() > PASTE_END.len() {
                    self.pending.remove(0);
                }
                if self.pending == PASTE_END {
                    let text = self.block.strip_suffix(PASTE_END).map_or(self.block.len(), <[u8]>::len);
                    self.block.truncate(text);
                    self.end_block(out);
                }
            }
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        // One byte more than the cap tells that there was more; the end mark still fits behind it.
        let room = (PASTE_CAP + 1 + PASTE_END.len()).saturating_sub(self.block.len());
        self.block.extend(bytes.iter().take(room));
    }

    fn end_block(&mut self, out: &mut Vec<Input>) {
        let block = std::mem::take(&mut self.block);
        self.pending.clear();
        self.state = State::Ground;
        let pasted = clean_paste(&block);
        out.push(Input::Paste { text: pasted.text, cut: pasted.cut });
    }

    fn ground(&mut self, byte: u8, out: &mut Vec<Input>) {
        if self.pending.is_empty() {
            match byte {
                0x1b => {
                    self.pending.push(byte);
                    self.state = State::Escape;
                }
                0x00..=0x7f => out.push(Input::Key(ascii(byte))),
                0xc2..=0xf4 => self.pending.push(byte),
                _ => self.not_utf8(&[byte], out),
            }
            return;
        }
        if !(0x80..=0xbf).contains(&byte) {
            // The character never came to its end: it is dropped, the byte that broke it is not.
            let mut bad = std::mem::take(&mut self.pending);
            bad.push(byte);
            self.not_utf8(&bad, out);
            self.ground(byte, out);
            return;
        }
        self.pending.push(byte);
        let wanted = match self.pending.first() {
            Some(0xc2..=0xdf) => 2,
            Some(0xe0..=0xef) => 3,
            _ => 4,
        };
        if self.pending.len() == wanted {
            let bytes = std::mem::take(&mut self.pending);
            match std::str::from_utf8(&bytes) {
                Ok(text) => {
                    out.extend(text.chars().filter(|c| allowed(*c)).map(|c| Input::Key(Key::char(c))));
                }
                Err(_) => self.not_utf8(&bytes, out),
            }
        }
    }

    fn not_utf8(&mut self, bytes: &[u8], out: &mut Vec<Input>) {
        // A lone byte waits for its pair in the next call: judge only what can be a pair.
        let gb = match bytes {
            [lead, trail, ..] => {
                (0x81..=0xfe).contains(lead) && (0x40..=0xfe).contains(trail) && *trail != 0x7f
            }
            [lead] => (0x81..=0xfe).contains(lead),
            [] => false,
        };
        if !self.warned {
            self.warned = true;
            out.push(Input::NotUtf8 { gb });
        }
    }

    fn escape(&mut self, byte: u8, out: &mut Vec<Input>) {
        let begun = self.pending.len();
        if begun == 1 && !matches!(byte, b'[' | b'O' | b']' | b'P' | b'_' | b'^') {
            // Esc and then another key: no Alt keys are bound, so both are keys and neither is lost.
            self.pending.clear();
            self.state = State::Ground;
            out.push(Input::Key(Key::plain(Code::Esc)));
            self.ground(byte, out);
            return;
        }
        let control = byte < 0x20 || byte == 0x7f;
        let string = matches!(self.pending.get(1), Some(b']' | b'P' | b'_' | b'^'));
        if control && !string {
            // No sequence contains a control byte: what began is dropped, the key is not.
            self.pending.clear();
            self.state = State::Ground;
            self.ground(byte, out);
            return;
        }
        if begun < LONGEST_SEQUENCE {
            self.pending.push(byte);
        } else if let Some(last) = self.pending.last_mut() {
            *last = byte;
        }
        if complete(&self.pending) {
            let sequence = std::mem::take(&mut self.pending);
            self.state = State::Ground;
            if sequence == PASTE_START {
                self.brackets = true;
                self.state = State::Paste;
            } else if begun < LONGEST_SEQUENCE {
                translate(&sequence, out);
            }
        }
    }
}

/// Is the sequence at its end?
fn complete(sequence: &[u8]) -> bool {
    match sequence {
        [0x1b, b'O', _] => true,
        [0x1b, b'[', b'[', rest @ ..] => rest.len() == 1,
        [0x1b, b'[', .., last] if sequence.len() > 2 => (0x40..=0x7e).contains(last),
        [0x1b, b']' | b'P' | b'_' | b'^', .., last] => *last == 0x07 || sequence.ends_with(b"\x1b\\"),
        _ => false,
    }
}

fn plain(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| *b >= 0x20 && *b != 0x7f || matches!(b, b'\r' | b'\n' | b'\t'))
}

fn is_burst(bytes: &[u8]) -> bool {
    let ends = bytes.iter().filter(|b| matches!(b, b'\r' | b'\n')).count();
    bytes.len() >= BURST_BYTES && ends >= 2 && plain(bytes)
}

fn ascii(byte: u8) -> Key {
    let key = match byte {
        b'\r' => Key::plain(Code::Enter),
        b'\t' => Key::plain(Code::Tab),
        0x7f => Key::plain(Code::Backspace),
        0x00 => Key::ctrl(' '),
        0x01..=0x1a => Key::ctrl(char::from(byte - 1 + b'a')),
        0x1b..=0x1f => Key::ctrl(char::from(byte - 0x1b + b'[')),
        _ => Key::char(char::from(byte)),
    };
    key.canonical()
}

/// Names one complete sequence; what is no key and no reply disappears.
fn translate(sequence: &[u8], out: &mut Vec<Input>) {
    if let Some(rest) = sequence.strip_prefix(b"\x1b[?2026;") {
        out.push(Input::SyncOutput(matches!(rest, [b'1' | b'2', b'$', b'y'])));
        return;
    }
    // Keypad in application mode, which nobody asked for: the terminal was left in it.
    if let [0x1b, b'O', keypad @ (b'M' | b'j'..=b'y')] = sequence {
        let key =
            if *keypad == b'M' { Key::plain(Code::Enter) } else { Key::char(char::from(keypad - 0x40)) };
        out.push(Input::Key(key));
        return;
    }
    let mut parser = termina::Parser::default();
    parser.parse(sequence, false);
    while let Some(event) = parser.pop() {
        match event {
            termina::Event::Key(key) if key.kind != KeyEventKind::Release => {
                if let Some(code) = code(key.code) {
                    let key = Key {
                        code,
                        ctrl: key.modifiers.contains(Modifiers::CONTROL),
                        shift: key.modifiers.contains(Modifiers::SHIFT),
                    };
                    out.push(Input::Key(key.canonical()));
                }
            }
            termina::Event::Csi(Csi::Cursor(Cursor::ActivePositionReport { line, col })) => {
                out.push(Input::Cursor { row: line.get(), col: col.get() });
            }
            _ => {}
        }
    }
}

fn code(code: KeyCode) -> Option<Code> {
    Some(match code {
        KeyCode::Char(c) if allowed(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Escape => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Function(n) => Code::F(n),
        _ => return None,
    })
}

/// Shift-F3 of xterm is written like a cursor report of row 1: outside a probe it is the key.
pub(crate) fn report_as_key(row: u16, col: u16) -> Option<Key> {
    (row == 1 && (2..=8).contains(&col)).then(|| {
        let mask = col - 1;
        Key { code: Code::F(3), ctrl: mask & 4 != 0, shift: mask & 1 != 0 }
    })
}

#[cfg(test)]
mod tests;
