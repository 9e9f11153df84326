//! Where the definitions come from: built in, replaced by a file of the office, or added by it. Knows folders and names;
//! must not know what a form or template says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::Dir;

use super::library::Fault;

/// Longest file of an office that is read, in bytes; the divisions of a region are the longest built-in one.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// The same of a catalogue: the national lists together have some hundred thousand rows.
const MAX_CATALOGUE: u64 = 160 * 1024 * 1024;

/// One file of the library: its name for messages and its text.
pub(super) struct Source {
    pub(super) name: String,
    pub(super) text: String,
}

/// Where the library reads from: built in, or the office's replacement.
pub(super) struct Reader<'a> {
    folder: Option<&'a Path>,
    pub(super) overrides: Vec<PathBuf>,
    pub(super) added: Vec<PathBuf>,
    pub(super) faults: Vec<Fault>,
    /// Texts of forms and templates by name, to say where something stands.
    pub(super) texts: BTreeMap<String, String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(folder: Option<&'a Path>) -> Self {
        Self { folder, overrides: Vec::new(), added: Vec::new(), faults: Vec::new(), texts: BTreeMap::new() }
    }

    /// All files with this extension under a folder of the library, in name order.
    pub(super) fn files(
        &mut self,
        root: &Dir<'_>,
        prefix: &str,
        under: &str,
        extension: &str,
    ) -> Vec<Source> {
        let dir = if under.is_empty() { Some(root) } else { root.get_dir(under) };
        let mut sources = Vec::new();
        for file in dir.into_iter().flat_map(Dir::files) {
            let path = file.path();
            if path.extension().is_none_or(|found| found != extension) {
                continue;
            }
            let name = format!("{prefix}/{}", path.display());
            let text = self.replaced(&name).or_else(|| file.contents_utf8().map(str::to_owned));
            match text {
                Some(text) => sources.push(Source { name, text }),
                None => self.fault(&name, "not UTF-8", "save the file as UTF-8"),
            }
        }
        sources.sort_by(|a, b| a.name.cmp(&b.name));
        sources
    }

    /// One file at the root of a folder; a missing one is a fault.
    pub(super) fn one(&mut self, root: &Dir<'_>, prefix: &str, file: &str) -> Option<Source> {
        let name = format!("{prefix}/{file}");
        let built_in = || root.get_file(file).and_then(|file| file.contents_utf8()).map(str::to_owned);
        match self.replaced(&name).or_else(built_in) {
            Some(text) => Some(Source { name, text }),
            None => {
                self.fault(&name, "the file is missing", "restore it");
                None
            }
        }
    }

    /// The catalogue: as [`Self::one`], of a path in the seed, and longer than other files may be.
    pub(super) fn catalogue(&mut self, root: &Dir<'_>, name: &str) -> Option<Source> {
        let own = self.folder.map(|folder| folder.join("library").join(name));
        let text = own.and_then(|path| {
            let text = self.read(&path, MAX_CATALOGUE)?;
            self.overrides.push(path);
            Some(text)
        });
        let inside = name.split_once('/').map_or(name, |(_, inside)| inside);
        let built_in = || root.get_file(inside).and_then(|file| file.contents_utf8()).map(str::to_owned);
        match text.or_else(built_in) {
            Some(text) => Some(Source { name: name.to_owned(), text }),
            None => {
                self.fault(name, "the file is missing", "restore it");
                None
            }
        }
    }

    /// The office's own data files of a folder, beside the built-in ones.
    pub(super) fn beside(
        &mut self,
        root: &Dir<'_>,
        prefix: &str,
        under: &str,
        extension: &str,
    ) -> Vec<Source> {
        let Some(folder) = self.folder else { return Vec::new() };
        let folder = folder.join("library").join(prefix).join(under);
        let mut sources = Vec::new();
        for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            let Some(file) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let built_in = root.get_file(format!("{under}/{file}")).is_some();
            if built_in || path.extension().is_none_or(|found| found != extension) {
                continue;
            }
            let name = format!("{prefix}/{under}/{file}");
            let Some(text) = self.read(&path, MAX_BYTES) else { continue };
            sources.push(Source { name, text });
            self.added.push(path);
        }
        sources.sort_by(|a, b| a.name.cmp(&b.name));
        self.added.sort();
        sources
    }

    fn replaced(&mut self, name: &str) -> Option<String> {
        let path = self.folder?.join("library").join(name);
        let text = self.read(&path, MAX_BYTES)?;
        self.overrides.push(path);
        Some(text)
    }

    /// A file of the office; nothing where there is none.
    fn read(&mut self, path: &Path, most: u64) -> Option<String> {
        let size = std::fs::metadata(path).map(|about| about.len());
        if size.is_ok_and(|size| size > most) {
            let message = format!("the file is longer than {most} bytes");
            self.fault(&path.display().to_string(), &message, "shorten it, or remove it");
            return None;
        }
        match std::fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                let fix = "make the file readable, or remove it";
                self.fault(&path.display().to_string(), &error.to_string(), fix);
                None
            }
        }
    }

    /// The office's own definitions of a folder: files that replace nothing and whose id is their name. A copy that
    /// kept its old id is none, but a slip of the pen; one that cannot be read at all is a fault.
    pub(super) fn additional(&mut self, root: &Dir<'_>, prefix: &str) -> Vec<Source> {
        let Some(folder) = self.folder else { return Vec::new() };
        let mut sources = Vec::new();
        let entries = std::fs::read_dir(folder.join("library").join(prefix)).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
            let file = format!("{stem}.toml");
            if path.extension().is_none_or(|e| e != "toml") || root.get_file(&file).is_some() {
                continue;
            }
            let Some(text) = self.read(&path, MAX_BYTES) else { continue };
            let id =
                text.parse::<toml::Table>().map(|t| t.get("id").and_then(|v| v.as_str().map(str::to_owned)));
            if id.is_ok_and(|id| id.is_some_and(|id| id != stem)) {
                continue;
            }
            sources.push(Source { name: format!("{prefix}/{file}"), text });
            self.added.push(path);
        }
        sources.sort_by(|a, b| a.name.cmp(&b.name));
        self.added.sort();
        sources
    }

    /// Definitions in the office's folder that were not used.
    pub(super) fn unused(&self) -> Vec<PathBuf> {
        let Some(folder) = self.folder else { return Vec::new() };
        let used: Vec<&PathBuf> = self.overrides.iter().chain(&self.added).collect();
        unused(&folder.join("library"), &used)
    }

    /// A definition is called as its file, or an office's copy would not take the place of the built-in one.
    pub(super) fn own_name(&mut self, source: &Source, id: &str) {
        let file = source.name.rsplit('/').next().unwrap_or_default();
        if file.strip_suffix(".toml") == Some(id) {
            return;
        }
        let line = source.text.lines().position(|line| line.trim_start().starts_with("id"));
        self.faults.push(Fault {
            file: source.name.clone(),
            line: line.map_or(0, |index| index + 1),
            key: "id".to_owned(),
            message: format!("the id is {id:?}, but the file is called {file}"),
            fix: "give both the same name".to_owned(),
        });
    }

    pub(super) fn fault(&mut self, file: &str, message: &str, fix: &str) {
        self.faults.push(Fault {
            file: file.to_owned(),
            line: 0,
            key: String::new(),
            message: message.to_owned(),
            fix: fix.to_owned(),
        });
    }
}

/// Definitions under the office's folder that replaced nothing.
fn unused(folder: &Path, used: &[&PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(unused(&path, used));
        } else if !used.contains(&&path) && path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            found.push(path);
        }
    }
    found.sort();
    found
}
