//! The three catalogues of an office: taken from a file, checked whole, installed beside the other files of its library.
//! Knows folders and the exchange of files; must not know screens.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};
use xiangbao_core::catalogue::{CLASS_A, CLASS_B, CLASS_C, Catalogue};
use xiangbao_core::journal::hex;

use super::error::AppError;
use super::files::{read_at_most, write_durably};
use super::library::{Library, LibraryError};
use crate::exchange::{CatalogueDefaults, CellFault, MAX_FILE, catalogue_text, read_catalogue};

/// Where the catalogue stands in the library.
pub(super) const CATALOGUE_FILE: &str = "seed/catalogue/catalogue.csv";

/// What an import found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct CatalogueReport {
    /// Items of the file.
    pub items: usize,
    /// What must be put right, in the order of the file.
    pub faults: Vec<CellFault>,
    /// Faults beyond those listed.
    pub more: usize,
    /// Whether the catalogue is installed now.
    pub installed: bool,
    /// The installed file.
    pub file: Option<PathBuf>,
    /// Its hash.
    pub hash: String,
}

/// What is installed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct CatalogueStatus {
    /// The office's file; none while the small sample that is built in holds.
    pub file: Option<PathBuf>,
    /// Hash of the catalogue.
    pub hash: String,
    /// Items of all days.
    pub items: usize,
    /// Items that are valid on the day asked for.
    pub valid: usize,
    /// Of these: 甲, 乙, 丙.
    pub classes: [usize; 3],
    /// Of these: with a price limit.
    pub limited: usize,
    /// Of these: high-price items.
    pub expensive: usize,
    /// Of these: marked 示例.
    pub samples: usize,
    /// First and last day on which a row begins or ends.
    pub from: Option<NaiveDate>,
    /// See `from`.
    pub to: Option<NaiveDate>,
    /// The documents the rows come from, most rows first, at most 20.
    pub sources: Vec<(String, usize)>,
}

/// SHA-256 of a catalogue's text, first 16 hexadecimal digits, as of every file of the library.
pub(super) fn catalogue_hash(text: &[u8]) -> String {
    hex(&Sha256::digest(text)).chars().take(16).collect()
}

/// Reads a catalogue file and installs it in the office's library: whole, or not at all. A running station works with
/// it from its next start on; lines of old cases keep what they were entered with.
///
/// # Errors
/// When the file as a whole cannot be read, the code tables are broken, or the disk refuses. Faults of cells are no
/// error: they stand in the report.
pub fn import_catalogue(
    folder: &Path,
    path: &Path,
    defaults: &CatalogueDefaults,
    check: bool,
    progress: &mut dyn FnMut(usize),
) -> Result<CatalogueReport, AppError> {
    let codes = Library::codes(Some(folder)).map_err(broken)?;
    let bytes = read_at_most(path, MAX_FILE)?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    match read_catalogue(&bytes, &name, defaults, &codes, progress)? {
        Err((faults, more)) => Ok(CatalogueReport { faults, more, ..CatalogueReport::default() }),
        Ok(catalogue) => install(folder, &catalogue, check),
    }
}

fn install(folder: &Path, catalogue: &Catalogue, check: bool) -> Result<CatalogueReport, AppError> {
    let text =
        catalogue_text(catalogue).map_err(|error| AppError::Input(format!("目录写不出来：{error}")))?;
    let mut report =
        CatalogueReport { items: catalogue.len(), hash: catalogue_hash(&text), ..CatalogueReport::default() };
    if check {
        return Ok(report);
    }
    let file = folder.join("library").join(CATALOGUE_FILE);
    let parent = file.parent().unwrap_or(folder);
    let written = write_durably(parent, "catalogue.csv", &text);
    written.map_err(|source| AppError::File { path: file.clone(), source })?;
    report.installed = true;
    report.file = Some(file);
    Ok(report)
}

fn broken(error: LibraryError) -> AppError {
    let first = error.0.first().map_or_else(String::new, ToString::to_string);
    AppError::Input(format!("代码表有错，先运行 xiangbao check 改正：{first}"))
}

/// The catalogue of a data folder, built-in or the office's own, with its hash.
///
/// # Errors
/// Every fault of the code tables and of the file.
pub fn installed_catalogue(folder: &Path) -> Result<(Catalogue, String, Option<PathBuf>), LibraryError> {
    Library::catalogue(Some(folder))
}

/// What a catalogue holds on a day.
pub fn catalogue_status(
    catalogue: &Catalogue,
    hash: &str,
    file: Option<PathBuf>,
    on: NaiveDate,
) -> CatalogueStatus {
    let mut status =
        CatalogueStatus { file, hash: hash.to_owned(), items: catalogue.len(), ..CatalogueStatus::default() };
    let mut sources: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for item in catalogue.items().iter().filter(|item| item.is_valid_on(on)) {
        status.valid += 1;
        for (count, class) in status.classes.iter_mut().zip([CLASS_A, CLASS_B, CLASS_C]) {
            *count += usize::from(item.class == class);
        }
        status.limited += usize::from(!item.limit.is_empty());
        status.expensive += usize::from(item.expensive);
        status.samples += usize::from(item.source.contains("示例"));
        *sources.entry(item.source.as_str()).or_default() += 1;
    }
    status.sources = sources.into_iter().map(|(source, count)| (source.to_owned(), count)).collect();
    status.sources.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    status.sources.truncate(20);
    if let Some((from, to)) = catalogue.span() {
        (status.from, status.to) = (Some(from), Some(to));
    }
    status
}
