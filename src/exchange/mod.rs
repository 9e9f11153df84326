//! What comes in and goes out as files: rosters that schools bring (xlsx, csv), tables for banks. Knows core's forms and
//! codes; must not know the store, a use case or a screen.

mod csv_text;
mod fault;
mod grid;
mod pick;
mod roster;
mod table;
mod titles;
mod workbook;

pub use fault::{CellFault, FileFault};
pub use grid::{MAX_COLUMNS, MAX_FAULTS, MAX_FIELD, MAX_FILE, MAX_LINES, letters};
pub use roster::{Context, Imported, Record, SheetRead, read_roster};
pub use table::{Column, Table, template};

#[cfg(test)]
mod tests;
