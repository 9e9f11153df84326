//! Measures a terminal: prints characters that terminals disagree about and asks where the cursor went (product 2.1).
//! Knows the replies; must not know how they travel.

use std::time::Duration;

use crate::tui::look::Glyphs;

/// The first frame waits this long for the replies; a terminal on this machine answers within a few milliseconds.
const HOLD: Duration = Duration::from_millis(250);
/// Replies count as replies this long, over however slow a line.
const PATIENCE: Duration = Duration::from_secs(4);
/// Row of the measurement: not row 1, whose reports look like Shift-F3.
const ROW: u16 = 2;
/// What is printed and how many cells a good terminal uses: a rule, a Han character, the stop of names, an ellipsis, a
/// dash, an arrow, a circled digit, and last a Han character of the second plane.
const SAMPLES: [(&str, u16); 8] = [
    ("\u{2500}", 1),
    ("\u{4e2d}", 2),
    ("\u{b7}", 1),
    ("\u{2026}", 1),
    ("\u{2014}", 1),
    ("\u{2192}", 1),
    ("\u{2460}", 1),
    ("\u{20bb7}", 2),
];
const HAN: usize = 1;
/// The samples from here on say nothing about frames.
const RARE: usize = 7;

/// One measurement.
#[derive(Debug)]
pub(crate) struct Probe {
    began: Duration,
    widths: Vec<u16>,
}

/// What a finished measurement says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Measured {
    pub(crate) glyphs: Glyphs,
    /// A Han character takes two cells.
    pub(crate) han: bool,
    /// A Han character beyond the first plane takes two cells.
    pub(crate) rare: bool,
}

impl Probe {
    /// Begins; `out` gets the bytes to send. Ends by asking for mode 2026 if `sync` is wanted.
    pub(crate) fn begin(now: Duration, sync: bool, out: &mut Vec<u8>) -> Self {
        for (sample, _) in SAMPLES {
            out.extend_from_slice(format!("\x1b[{ROW};1H{sample}\x1b[6n").as_bytes());
        }
        out.extend_from_slice(format!("\x1b[{ROW};1H\x1b[2K").as_bytes());
        if sync {
            out.extend_from_slice(b"\x1b[?2026$p");
        }
        Self { began: now, widths: Vec::with_capacity(SAMPLES.len()) }
    }

    /// Takes a cursor report. `Some` when it was the last one awaited.
    pub(crate) fn report(&mut self, row: u16, col: u16) -> Option<Measured> {
        // A terminal with fewer rows reports another row; the column is what counts.
        let _ = row;
        self.widths.push(col.saturating_sub(1));
        if self.widths.len() < SAMPLES.len() {
            return None;
        }
        let fits = |(width, (_, wanted)): (&u16, &(&str, u16))| width == wanted;
        let clean = self.widths.iter().zip(SAMPLES.iter()).take(RARE).all(fits);
        Some(Measured {
            glyphs: if clean { Glyphs::Line } else { Glyphs::Ascii },
            han: self.widths.get(HAN) == Some(&2),
            rare: self.widths.get(RARE) == Some(&2),
        })
    }

    /// The first frame still waits.
    pub(crate) fn holds(&self, now: Duration) -> bool {
        now < self.began + HOLD
    }

    /// The terminal will not answer any more.
    pub(crate) fn over(&self, now: Duration) -> bool {
        now >= self.began + PATIENCE
    }

    /// When the next of the two ends comes.
    pub(crate) fn deadline(&self, now: Duration) -> Duration {
        self.began + if self.holds(now) { HOLD } else { PATIENCE }
    }
}
