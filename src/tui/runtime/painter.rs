//! The one writer of terminal bytes: a ratatui backend into a buffer. Written here rather than taken from crossterm,
//! because that backend asks the daemon's own environment (`NO_COLOR`) and terminal, and moves the cursor before every
//! Chinese character (three times the bytes). Knows escape sequences, all constant; must not know a file.

use std::convert::Infallible;
use std::io::Write as _;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Cell, CellWidth as _};
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

/// Sent when a session takes a terminal: alternate screen, bracketed paste, clear.
pub(crate) const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h\x1b[0m\x1b[H\x1b[2J";
/// Sent when a session leaves a terminal, and by a client whose daemon went away: everything as it was.
pub const LEAVE: &[u8] = b"\x1b[?2026l\x1b[0m\x1b[?25h\x1b[?2004l\x1b[?1049l";
const SYNC_BEGIN: &[u8] = b"\x1b[?2026h";
const SYNC_END: &[u8] = b"\x1b[?2026l";

/// Collects the bytes of frames.
#[derive(Debug)]
pub(crate) struct Painter {
    out: Vec<u8>,
    size: Size,
    /// Two-cell characters were measured: after a common Han character the cursor is where it should be.
    pub(crate) han_measured: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const PLAIN: Pen = Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

impl Painter {
    pub(crate) fn new(size: Size) -> Self {
        Self { out: Vec::with_capacity(8 * 1024), size, han_measured: false }
    }

    pub(crate) fn size_now(&self) -> Size {
        self.size
    }

    pub(crate) fn set_size(&mut self, size: Size) {
        self.size = size;
    }

    /// Appends constant bytes.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Forgets every attribute and character on the terminal.
    pub(crate) fn wipe(&mut self) {
        self.raw(b"\x1b[0m\x1b[2J");
    }

    pub(crate) fn sync_begin(&mut self) {
        self.raw(SYNC_BEGIN);
    }

    pub(crate) fn sync_end(&mut self) {
        self.raw(SYNC_END);
    }

    /// Shows the cursor and puts it at `at`: the last bytes of every frame (product 2.2).
    pub(crate) fn cursor(&mut self, at: Position) {
        self.raw(b"\x1b[?25h");
        self.go(at);
    }

    fn go(&mut self, at: Position) {
        self.print(format_args!("\x1b[{};{}H", at.y.saturating_add(1), at.x.saturating_add(1)));
    }

    fn print(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a vector cannot fail.
        let _ = self.out.write_fmt(text);
    }

    fn pen(&mut self, pen: Pen) {
        self.raw(b"\x1b[0");
        for (modifier, code) in [
            (Modifier::BOLD, 1),
            (Modifier::DIM, 2),
            (Modifier::ITALIC, 3),
            (Modifier::UNDERLINED, 4),
            (Modifier::REVERSED, 7),
        ] {
            if pen.modifier.contains(modifier) {
                self.print(format_args!(";{code}"));
            }
        }
        self.colour(pen.fg, 30);
        self.colour(pen.bg, 40);
        self.raw(b"m");
    }

    fn colour(&mut self, colour: Color, base: u8) {
        let number = match colour {
            Color::Reset => return,
            Color::Indexed(n) => return self.print(format_args!(";{};5;{n}", base + 8)),
            Color::Rgb(r, g, b) => return self.print(format_args!(";{};2;{r};{g};{b}", base + 8)),
            Color::Black => 0,
            Color::Red => 1,
            Color::Green => 2,
            Color::Yellow => 3,
            Color::Blue => 4,
            Color::Magenta => 5,
            Color::Cyan => 6,
            Color::Gray => 7,
            Color::DarkGray => 60,
            Color::LightRed => 61,
            Color::LightGreen => 62,
            Color::LightYellow => 63,
            Color::LightBlue => 64,
            Color::LightMagenta => 65,
            Color::LightCyan => 66,
            Color::White => 67,
        };
        self.print(format_args!(";{}", base + number));
    }

    /// Where the terminal's cursor is after printing `symbol`, if that is certain.
    fn certain(&self, symbol: &str) -> bool {
        let mut chars = symbol.chars();
        match (chars.next(), chars.next()) {
            (Some(' '..='~'), None) => true,
            (Some('\u{4e00}'..='\u{9fa5}' | '\u{3001}' | '\u{3002}' | '\u{ff01}'..='\u{ff5e}'), None) => {
                self.han_measured
            }
            _ => false,
        }
    }
}

impl Backend for Painter {
    type Error = Infallible;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Infallible>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut pen = PLAIN;
        let mut at: Option<Position> = None;
        for (x, y, cell) in content {
            let here = Position { x, y };
            if at != Some(here) {
                self.go(here);
            }
            let wanted = Pen { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
            if wanted != pen {
                self.pen(wanted);
                pen = wanted;
            }
            let symbol = cell.symbol();
            self.raw(symbol.as_bytes());
            at = self.certain(symbol).then(|| Position { x: x.saturating_add(symbol.cell_width()), y });
        }
        if pen != PLAIN {
            self.raw(b"\x1b[0m");
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn show_cursor(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
        Ok(Position::ORIGIN)
    }

    // The session clears and places the cursor itself, at its own point of the frame.
    fn set_cursor_position<P: Into<Position>>(&mut self, _position: P) -> Result<(), Infallible> {
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn clear_region(&mut self, _clear_type: ClearType) -> Result<(), Infallible> {
        Ok(())
    }

    fn size(&self) -> Result<Size, Infallible> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> Result<WindowSize, Infallible> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
