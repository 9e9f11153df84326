//! A key press as the screens see it, whatever terminal it came from. Knows the habits of terminals (function keys
//! above 12, full-width characters of an input method); must not know what a key does.

use std::fmt;

/// Which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A character, as typed or committed by an input method.
    Char(char),
    /// Enter, also the numeric block's.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab, whichever way the terminal says it.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Function key 1 to 12.
    F(u8),
}

/// One key press. Shift is never set on a character: the character already says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The key.
    pub code: Code,
    /// Control was held.
    pub ctrl: bool,
    /// Shift was held (never for characters).
    pub shift: bool,
}

impl Key {
    /// A key with no modifier.
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, shift: false }
    }

    /// A character.
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// Control and a lower-case letter.
    pub const fn ctrl(c: char) -> Self {
        Self { code: Code::Char(c), ctrl: true, shift: false }
    }

    /// A function key, 1 to 12.
    pub const fn f(number: u8) -> Self {
        Self::plain(Code::F(number))
    }

    /// Shift and a function key, 1 to 12.
    pub const fn shift_f(number: u8) -> Self {
        Self { code: Code::F(number), ctrl: false, shift: true }
    }

    /// The one spelling of a key that terminals write in several ways: F13 to F20 are Shift-F1 to Shift-F8 (Linux
    /// console, rxvt), Ctrl-H is Backspace, a bare line feed is Enter, Shift-Tab is `BackTab`.
    pub fn canonical(self) -> Self {
        match (self.code, self.ctrl, self.shift) {
            (Code::F(n @ 13..=24), ctrl, _) => Self { code: Code::F(n - 12), ctrl, shift: true },
            (Code::Char('h'), true, _) => Self::plain(Code::Backspace),
            (Code::Char('j'), true, _) => Self::plain(Code::Enter),
            (Code::Tab, _, true) | (Code::BackTab, ..) => Self::plain(Code::BackTab),
            (Code::Char(_), ctrl, true) => Self { code: self.code, ctrl, shift: false },
            _ => self,
        }
    }

    /// The key as a command: full-width forms become ASCII, so that commands work with an input method on.
    pub fn as_command(self) -> Self {
        match self.code {
            Code::Char(c) => Self { code: Code::Char(half_width(c)), ..self },
            _ => self,
        }
    }
}

/// The ASCII character of a full-width one (U+FF01 to U+FF5E, the ideographic space and the ideographic stops that an
/// input method puts on the same keys); any other character is itself.
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        '\u{3000}' => ' ',
        '\u{3001}' => '/',
        '\u{3002}' => '.',
        _ => c,
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.shift {
            f.write_str("Shift-")?;
        }
        match self.code {
            Code::Char(' ') => f.write_str("Space"),
            Code::Char(c) if self.ctrl => write!(f, "{}", c.to_ascii_uppercase()),
            Code::Char(c) => write!(f, "{c}"),
            Code::F(n) => write!(f, "F{n}"),
            Code::BackTab => f.write_str("Shift-Tab"),
            Code::PageUp => f.write_str("PgUp"),
            Code::PageDown => f.write_str("PgDn"),
            Code::Delete => f.write_str("Del"),
            Code::Insert => f.write_str("Ins"),
            other => write!(f, "{other:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_forms_are_their_ascii_keys() {
        for (wide, narrow) in [('\u{ff1d}', '='), ('\u{ff1f}', '?'), ('\u{ff11}', '1'), ('\u{ff21}', 'A')] {
            assert_eq!(Key::char(wide).as_command(), Key::char(narrow));
        }
        assert_eq!(half_width('\u{4f60}'), '\u{4f60}');
    }

    #[test]
    fn one_key_has_one_spelling() {
        assert_eq!(Key::plain(Code::F(14)).canonical(), Key::shift_f(2));
        assert_eq!(Key { code: Code::Tab, ctrl: false, shift: true }.canonical(), Key::plain(Code::BackTab));
        assert_eq!(Key::ctrl('h').canonical(), Key::plain(Code::Backspace));
        assert_eq!(Key::shift_f(2).to_string(), "Shift-F2");
        assert_eq!(Key::ctrl('p').to_string(), "Ctrl-P");
    }
}
