//! What an office changed: its files against the built-in ones, line by line. Knows the library's files; must not know
//! how they are shown.

use std::path::{Path, PathBuf};
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use super::catalogue::CATALOGUE_FILE;
use super::library::{Fault, Library};
use super::same_version;
use crate::store::{FILE_NAME, Store, StoreError};

/// Lines around a change.
const AROUND: usize = 3;
/// A comparison takes this long at most; what is left then counts as changed.
const LIMIT: Duration = Duration::from_secs(2);

/// How a file of the office differs from the built-in one it replaces.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// The office's file.
    pub path: PathBuf,
    /// Name in the library, e.g. `forms/change.toml`.
    pub file: String,
    /// Lines that the office added.
    pub added: usize,
    /// Lines that the office removed.
    pub removed: usize,
    /// The changes as a unified diff; empty when both are the same.
    pub diff: String,
}

/// Compares every file that replaces a built-in one.
pub fn differences(folder: &Path, library: &Library) -> Vec<Difference> {
    library.overrides.iter().filter_map(|path| difference(folder, path)).collect()
}

fn difference(folder: &Path, path: &Path) -> Option<Difference> {
    let inside = path.strip_prefix(folder.join("library")).ok()?;
    let file =
        inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    let built_in = Library::built_in(&file)?;
    let own = std::fs::read_to_string(path).ok()?;
    if file == CATALOGUE_FILE {
        // Another table, not a changed one: a hundred thousand lines beside the sample say nothing.
        let (added, removed) = (own.lines().count(), built_in.lines().count());
        let diff =
            format!("{file}: {added} lines in the place of the built-in sample; see catalogue status\n");
        return Some(Difference { path: path.to_owned(), file, added, removed, diff });
    }
    let diff = TextDiff::configure().timeout(LIMIT).diff_lines(built_in, own.as_str());
    let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
    let (added, removed) = (count(ChangeTag::Insert), count(ChangeTag::Delete));
    let shown = path.display().to_string();
    let unified =
        diff.unified_diff().context_radius(AROUND).header(&format!("{file}（内置）"), &shown).to_string();
    let diff = if added + removed == 0 { String::new() } else { unified };
    Some(Difference { path: path.to_owned(), file, added, removed, diff })
}

/// What is not wrong and should be put right: files that changed while their version stayed, compared with what the
/// station of this folder worked with. Nothing where there is no station.
///
/// # Errors
/// When the station's data file cannot be read now, because the station is running.
pub fn version_warnings(folder: &Path, library: &Library) -> Result<Vec<Fault>, StoreError> {
    if !folder.join(FILE_NAME).exists() {
        return Ok(Vec::new());
    }
    let kept = Store::open(folder)?.snapshot()?.definitions()?;
    let warning = |(file, version): (String, u32)| {
        let text = library.text(&file).unwrap_or_default();
        let line = text.lines().position(|line| line.trim_start().starts_with("version"));
        Fault {
            file,
            line: line.map_or(0, |index| index + 1),
            key: "version".to_owned(),
            message: format!("the file changed, but its version is still {version}"),
            fix: format!("write version = {}", version + 1),
        }
    };
    Ok(same_version(library, &kept).into_iter().map(warning).collect())
}
