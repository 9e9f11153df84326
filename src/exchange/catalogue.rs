//! A catalogue file (三大目录) as rows of texts, and the installed catalogue as the file that a station reads at its start.
//! Knows columns and cells; the catalogue itself judges what they say.

use xiangbao_core::catalogue::{COLUMNS, Catalogue, CatalogueFault, Initials, MAX_ITEMS, RawRow};
use xiangbao_core::code::CodeBook;

use super::fault::{CellFault, FileFault};
use super::grid::{Cell, letters};
use super::heads::{Heads, Wanted, find};
use super::pick::sheets;

/// Columns that a file must have; the others may come from the order.
const NEEDED: [&str; 4] = ["med_list_codg", "hilist_name", "chrgitm_lv", "med_chrgitm_type"];

/// What holds for every row of a file that has no column for it.
#[derive(Clone, Debug, Default)]
pub struct CatalogueDefaults {
    /// First day of validity.
    pub begndate: String,
    /// The document.
    pub source: String,
}

/// A catalogue of a file, or what is wrong with its cells and how many faults are not listed.
pub type CatalogueRead = Result<Catalogue, (Vec<CellFault>, usize)>;

/// Reads a catalogue file: csv (UTF-8, UTF-16, GB18030) or the first sheet of an xlsx that has the titles.
///
/// # Errors
/// When the file as a whole cannot be read: format, size, titles.
pub fn read_catalogue(
    bytes: &[u8],
    file: &str,
    defaults: &CatalogueDefaults,
    codes: &CodeBook,
    progress: &mut dyn FnMut(usize),
) -> Result<CatalogueRead, FileFault> {
    let wanted: Vec<Wanted> = COLUMNS
        .iter()
        .map(|column| {
            let words: Vec<&str> = column.aliases.iter().copied().chain([column.title]).collect();
            Wanted::new(column.id, &words)
        })
        .collect();
    let most = u32::try_from(MAX_ITEMS + 100).unwrap_or(u32::MAX);
    for sheet in sheets(bytes, most)? {
        let Some(heads) = find(&sheet, &wanted, &NEEDED)? else { continue };
        let name = if sheet.name.is_empty() { file } else { &sheet.name };
        let rows: Vec<RawRow> = sheet
            .lines
            .iter()
            .skip(heads.below)
            .map(|line| {
                let cells = COLUMNS
                    .iter()
                    .map(|column| text(heads.cell(line, column.id), column.id, &heads, defaults));
                RawRow { line: line.number, cells: cells.collect() }
            })
            .collect();
        if rows.is_empty() {
            return Err(FileFault::NoRows);
        }
        let built = Catalogue::build(rows, codes, Initials::Added, progress);
        return Ok(built.map_err(|(faults, more)| {
            (faults.into_iter().map(|fault| at_cell(fault, name, &heads)).collect(), more)
        }));
    }
    Err(FileFault::Titles("“目录编码”“名称”“类别”“费用类别”（见 docs/catalogue.md）"))
}

/// What a cell says; where the file has no such column, what holds for every row.
fn text(cell: &Cell, id: &str, heads: &Heads, defaults: &CatalogueDefaults) -> String {
    if !heads.columns.contains_key(id) {
        return match id {
            "begndate" => defaults.begndate.clone(),
            "source" => defaults.source.clone(),
            _ => String::new(),
        };
    }
    match cell {
        Cell::Empty => String::new(),
        // A title that says percent; a csv has texts only.
        Cell::Text(text) | Cell::Number(text)
            if id == "selfpay_prop" && percent(heads.title(id)) && !percent(text) =>
        {
            format!("{text}%")
        }
        Cell::Text(text) | Cell::Error(text) => text.clone(),
        Cell::Number(number) => number.clone(),
        Cell::Day(day) => day.to_string(),
        // Longer than any column may be: the catalogue says so.
        Cell::TooLong => "…".repeat(500),
    }
}

/// A title that says in what its figures are written: 先自付比例(%).
fn percent(title: &str) -> bool {
    title.contains(['%', '％'])
}

fn at_cell(fault: CatalogueFault, sheet: &str, heads: &Heads) -> CellFault {
    let column = heads.columns.get(fault.column);
    let title = COLUMNS.iter().find(|column| column.id == fault.column).map_or("", |column| column.title);
    let written = heads.title(fault.column);
    CellFault {
        sheet: sheet.to_owned(),
        row: fault.line,
        column: column.map(|index| letters(*index)).unwrap_or_default(),
        title: if written.is_empty() { title } else { written }.to_owned(),
        value: fault.value,
        rule: fault.rule.to_owned(),
        message: fault.message,
        fix: fault.fix.to_owned(),
    }
}

/// The catalogue as the file that is installed: csv, UTF-8, the columns of [`COLUMNS`].
///
/// # Errors
/// When a row cannot be written.
pub fn catalogue_text(catalogue: &Catalogue) -> Result<Vec<u8>, csv::Error> {
    let mut out = Vec::new();
    let mut writer = csv::Writer::from_writer(&mut out);
    writer.write_record(COLUMNS.iter().map(|column| column.id))?;
    for item in catalogue.items() {
        writer.write_record(item.row())?;
    }
    writer.flush()?;
    drop(writer);
    Ok(out)
}

/// Reads the installed file.
///
/// # Errors
/// The faults with line and column, at most 1,000 and how many more; a file that is no such csv is one fault.
pub fn read_installed(text: &str, codes: &CodeBook) -> Result<Catalogue, (Vec<CatalogueFault>, usize)> {
    let broken = |line: u64, message: String| {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let fix = "import the catalogue again: xiangbao catalogue import FILE";
        let fault = CatalogueFault { line, column: "", value: String::new(), rule: "file.csv", message, fix };
        (vec![fault], 0)
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|error| broken(1, error.to_string()))?;
    if !heads.iter().eq(COLUMNS.iter().map(|column| column.id)) {
        return Err(broken(1, "the columns are not those of an installed catalogue".to_owned()));
    }
    let mut rows = Vec::new();
    for record in reader.into_records() {
        let record = record
            .map_err(|error| broken(error.position().map_or(0, csv::Position::line), error.to_string()))?;
        let line = u32::try_from(record.position().map_or(0, csv::Position::line)).unwrap_or(u32::MAX);
        rows.push(RawRow { line, cells: record.iter().map(str::to_owned).collect() });
    }
    Catalogue::build(rows, codes, Initials::Complete, &mut |_| {})
}
