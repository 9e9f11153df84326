//! What comes in and goes out as files: rosters that schools bring (xlsx, csv), bills of hospitals, catalogues, tables
//! for banks. Knows core's forms and codes; must not know the store, a use case or a screen.

mod bill;
mod catalogue;
pub mod bank;
mod csv_text;
mod doctors;
mod fault;
mod grid;
mod heads;
mod pick;
mod roster;
mod table;
mod titles;
mod workbook;

pub use bill::{BillLine, BillRead, read_bill};
pub use catalogue::{CatalogueDefaults, catalogue_text, read_catalogue, read_installed};
pub use doctors::{DoctorList, read_doctors};
pub use fault::{CellFault, FileFault};
pub use grid::{MAX_COLUMNS, MAX_FAULTS, MAX_FIELD, MAX_FILE, MAX_LINES, letters};
pub use roster::{Context, Imported, Record, SheetRead, read_roster};
pub use table::{Column, Table, template};

#[cfg(test)]
mod tests;
