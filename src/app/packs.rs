//! The policy packs of all areas: built in, replaced or added by the office, or a draft in a folder of its own. Knows
//! folders and names; must not know what a parameter means.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use xiangbao_core::code::CodeBook;
use xiangbao_core::policy::{PolicyCase, PolicyError, PolicyPack, Value};

use super::library::{Fault, Library, LibraryError, SEED};
use super::library_files::{Reader, Source};
use super::office::{OFFICE_FILE, Office};

/// Longest file of a pack, in bytes: the longest built-in one has a twentieth of it.
const MAX_BYTES: u64 = 1024 * 1024;

impl From<PolicyError> for Fault {
    fn from(error: PolicyError) -> Self {
        let PolicyError { file, line, key, message, fix } = error;
        Self { file, line, key, message, fix }
    }
}

/// The areas that have a pack: built in, or in the office's `library/seed/policy/`.
pub fn areas(folder: Option<&Path>) -> Vec<String> {
    let built_in = SEED.get_dir("policy").into_iter().flat_map(|dir| dir.dirs());
    let mut areas: BTreeSet<String> = built_in.filter_map(|dir| name_of(dir.path())).collect();
    let own = folder.map(|folder| folder.join("library/seed/policy"));
    let entries = own.into_iter().flat_map(|own| std::fs::read_dir(own).into_iter().flatten().flatten());
    areas.extend(
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).filter_map(|path| name_of(&path)),
    );
    areas.into_iter().collect()
}

fn name_of(path: &Path) -> Option<String> {
    path.file_name().and_then(|name| name.to_str()).map(str::to_owned)
}

/// The files of an area with this extension, below its folder or a folder in it (`cases`).
pub(super) fn files(reader: &mut Reader<'_>, under: &str, extension: &str) -> Vec<Source> {
    let under = format!("policy/{under}");
    let mut sources = reader.files(&SEED, "seed", &under, extension);
    sources.extend(reader.beside(&SEED, "seed", &under, extension));
    sources
}

/// Code table of the chronic diseases that can be filed (form MB): what `dise_codg` of a bill is picked from.
const DISEASES: &str = "opsp_dise_code";

/// Quotas for diseases that nobody could file or pick: their code stands in no list (003 A65, A66).
pub(super) fn unknown_diseases(pack: &PolicyPack, codes: &CodeBook) -> Vec<Fault> {
    let mut faults = Vec::new();
    for param in pack.params() {
        for row in &param.rows {
            let Value::Quotas(quotas) = &row.value else { continue };
            let unknown = quotas.iter().filter(|quota| codes.label(DISEASES, &quota.disease).is_none());
            faults.extend(unknown.map(|quota| Fault {
                file: param.file.clone(),
                line: row.line,
                key: param.id.rsplit('.').next().unwrap_or_default().to_owned(),
                message: format!("the disease {:?} is not in the list {DISEASES}", quota.disease),
                fix: format!("use a code of `xiangbao codes {DISEASES}`, or add it to the list"),
            }));
        }
    }
    faults
}

/// The pack of an area; faults are recorded at the reader.
pub(super) fn load(reader: &mut Reader<'_>, area: &str) -> Option<PolicyPack> {
    let sources = files(reader, area, "toml");
    if sources.is_empty() {
        reader.fault(OFFICE_FILE, &format!("no policy of an area {area:?}"), "see `xiangbao policy list`");
        return None;
    }
    let files: Vec<(&str, &str)> = sources.iter().map(|s| (s.name.as_str(), s.text.as_str())).collect();
    match PolicyPack::load(&files) {
        Ok(pack) if pack.area() == area => Some(pack),
        Ok(pack) => {
            let message = format!("the files say area = {:?}, the folder is called {area:?}", pack.area());
            reader.fault(&format!("seed/policy/{area}"), &message, "give both the same name");
            None
        }
        Err(errors) => {
            reader.faults.extend(errors.into_iter().map(Fault::from));
            None
        }
    }
}

impl Library {
    /// The area whose policy the office of a data folder follows.
    ///
    /// # Errors
    /// What is wrong with `office.toml`.
    pub fn area(folder: &Path) -> Result<String, LibraryError> {
        let office = Office::load(folder).map_err(|fault| LibraryError(vec![fault]))?;
        Ok(office.area().to_owned())
    }

    /// The packs of all areas, by area.
    ///
    /// # Errors
    /// Every fault found in them.
    pub fn packs(folder: Option<&Path>) -> Result<BTreeMap<String, PolicyPack>, LibraryError> {
        let mut reader = Reader::new(folder);
        let mut packs = BTreeMap::new();
        for area in areas(folder) {
            if let Some(pack) = load(&mut reader, &area) {
                packs.insert(area, pack);
            }
        }
        if reader.faults.is_empty() { Ok(packs) } else { Err(LibraryError(reader.faults)) }
    }

    /// The policy tests of an area: built in, replaced or added by the office.
    ///
    /// # Errors
    /// Every line that cannot be read, and files whose area is another one.
    pub fn policy_cases(folder: Option<&Path>, area: &str) -> Result<Vec<PolicyCase>, LibraryError> {
        let mut reader = Reader::new(folder);
        let mut cases = Vec::new();
        for source in files(&mut reader, &format!("{area}/cases"), "txt") {
            match PolicyCase::read(&source.name, &source.text) {
                Ok(case) if case.area == area => cases.push(case),
                Ok(case) => {
                    let message = format!("地区 {} 的用例放在 {area} 下", case.area);
                    reader.fault(&source.name, &message, "改正地区，或把文件移到那个地区的 cases 下");
                }
                Err(errors) => reader.faults.extend(errors.into_iter().map(Fault::from)),
            }
        }
        if reader.faults.is_empty() { Ok(cases) } else { Err(LibraryError(reader.faults)) }
    }

    /// One pack: an area by name, else a folder with its files (a draft), or any file in such a folder.
    ///
    /// # Errors
    /// Every fault found, or that there is neither an area nor a folder of that name.
    pub fn pack(folder: Option<&Path>, wanted: &str) -> Result<PolicyPack, LibraryError> {
        let mut reader = Reader::new(folder);
        if areas(folder).iter().any(|area| area == wanted) {
            return load(&mut reader, wanted).ok_or(LibraryError(reader.faults));
        }
        draft(Path::new(wanted), folder).map_err(LibraryError)
    }
}

/// The pack in a folder outside the library.
fn draft(path: &Path, folder: Option<&Path>) -> Result<PolicyPack, Vec<Fault>> {
    let name = path.display().to_string();
    let fault = |file: &str, message: String, fix: String| {
        vec![Fault { file: file.to_owned(), line: 0, key: String::new(), message, fix }]
    };
    // One file is a topic of the pack that it lies in: alone it could not be settled with.
    let path = match path.parent() {
        Some(folder) if path.is_file() && folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) if path.is_file() => folder,
        _ => path,
    };
    if !path.is_dir() {
        let known = areas(folder).join(" ");
        return Err(fault(&name, "neither an area nor a folder".to_owned(), format!("use one of: {known}")));
    }
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let file = path.display().to_string();
        if std::fs::metadata(&path).is_ok_and(|about| about.len() > MAX_BYTES) {
            return Err(fault(&file, format!("longer than {MAX_BYTES} bytes"), "shorten it".to_owned()));
        }
        match std::fs::read_to_string(&path) {
            Ok(text) => texts.push((file, text)),
            Err(error) => return Err(fault(&file, error.to_string(), "make the file readable".to_owned())),
        }
    }
    PolicyPack::load(&texts).map_err(|errors| errors.into_iter().map(Fault::from).collect())
}
