//! The definitions a station works with: forms, print templates, code tables, divisions, calendar, roles, policy.
//! They are built into the program; a file of the same name in the data folder's `library/` replaces the built-in
//! one, so that an office changes a form without a programmer. Everything is checked when it is loaded.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use xiangbao_core::calendar::{Calendar, CalendarLayer};
use xiangbao_core::code::CodeBook;
use xiangbao_core::form::FormDef;
use xiangbao_core::policy::PolicyPack;
use xiangbao_core::print::Template;
use xiangbao_core::role::RoleTable;

use super::check_library::Shelf;
use super::definitions::fingerprint;
use super::library_faults::{calendar_fault, code_fault};

static FORMS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/forms");
static SEED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/seed");

/// The area whose parameters are used.
pub const AREA: &str = "guangxi-2017";

/// One thing wrong with a definition: where, what, how to fix.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// File, as an office would look for it.
    pub file: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// Key inside the file.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub fix: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.message)?;
        if self.fix.is_empty() { Ok(()) } else { write!(f, " [{}]", self.fix) }
    }
}

/// A form with the fingerprint of its file.
pub struct Form {
    /// The definition.
    pub def: FormDef,
    /// SHA-256 of the file, first 16 hexadecimal digits.
    pub hash: String,
    /// The file.
    pub text: String,
}

/// All definitions.
pub struct Library {
    /// Forms by id.
    pub forms: BTreeMap<String, Form>,
    /// Print templates by id.
    pub templates: BTreeMap<String, Template>,
    /// The files of the templates, by id.
    pub template_texts: BTreeMap<String, String>,
    /// Code tables and divisions.
    pub codes: CodeBook,
    /// Working days.
    pub calendar: Calendar,
    /// Who may do what.
    pub roles: RoleTable,
    /// The area's parameters.
    pub policy: PolicyPack,
    /// Files that replace built-in ones.
    pub overrides: Vec<PathBuf>,
    /// Files in the office's `library/` that replace nothing: a name with a slip of the pen.
    pub unused: Vec<PathBuf>,
}

/// One file of the library: its name for messages and its text.
struct Source {
    name: String,
    text: String,
}

/// Where the library reads from: built in, or the office's replacement.
struct Reader<'a> {
    folder: Option<&'a Path>,
    overrides: Vec<PathBuf>,
    faults: Vec<Fault>,
    /// Texts of forms and templates by name, to say where something stands.
    texts: BTreeMap<String, String>,
}

impl Reader<'_> {
    /// All files with this extension under a folder of the library, in name order.
    fn files(&mut self, root: &Dir<'_>, prefix: &str, under: &str, extension: &str) -> Vec<Source> {
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

    fn replaced(&mut self, name: &str) -> Option<String> {
        let path = self.folder?.join("library").join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                self.overrides.push(path);
                Some(text)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                self.fault(
                    &path.display().to_string(),
                    &error.to_string(),
                    "make the file readable, or remove it",
                );
                None
            }
        }
    }

    /// A definition is called as its file, or an office's copy would not take the place of the built-in one.
    fn own_name(&mut self, source: &Source, id: &str) {
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

    fn fault(&mut self, file: &str, message: &str, fix: &str) {
        self.faults.push(Fault {
            file: file.to_owned(),
            line: 0,
            key: String::new(),
            message: message.to_owned(),
            fix: fix.to_owned(),
        });
    }
}

/// The definitions are broken: all faults at once.
#[derive(Debug, thiserror::Error)]
#[error("{} faults in the definitions: {}", .0.len(), .0.first().map_or(String::new(), ToString::to_string))]
pub struct LibraryError(pub Vec<Fault>);

impl Library {
    /// Loads and checks everything.
    ///
    /// # Errors
    /// Every fault found, with file, line, key and fix.
    pub fn load(folder: Option<&Path>) -> Result<Self, LibraryError> {
        let mut reader = Reader { folder, overrides: Vec::new(), faults: Vec::new(), texts: BTreeMap::new() };
        let codes = load_codes(&mut reader);
        let calendar = load_calendar(&mut reader);
        let roles = load_roles(&mut reader);
        let policy = load_policy(&mut reader);
        let before = reader.faults.len();
        let forms = load_forms(&mut reader);
        let templates = load_templates(&mut reader);
        let whole = reader.faults.len() == before;
        let Reader { overrides, mut faults, texts, .. } = reader;
        let unused = folder.map_or_else(Vec::new, |folder| unused(&folder.join("library"), &overrides));
        // A form that did not load would make every slot of its paper look wrong.
        if let Some(codes) = &codes {
            for form in forms.values() {
                faults.extend(form.def.check(codes).into_iter().map(Fault::from));
            }
            if whole {
                let shelf = Shelf { forms: &forms, templates: &templates, codes, texts: &texts };
                faults.extend(shelf.cross_check());
            }
        }
        match (codes, calendar, roles, policy) {
            (Some(codes), Some(calendar), Some(roles), Some(policy)) if faults.is_empty() => {
                let file = |id: &String| {
                    Some((id.clone(), texts.get(&format!("print-templates/{id}.toml"))?.clone()))
                };
                let template_texts = templates.keys().filter_map(file).collect();
                Ok(Self {
                    forms,
                    templates,
                    template_texts,
                    codes,
                    calendar,
                    roles,
                    policy,
                    overrides,
                    unused,
                })
            }
            _ => Err(LibraryError(faults)),
        }
    }

    /// The code tables and divisions alone, for questions that need no form.
    ///
    /// # Errors
    /// Every fault found in them.
    pub fn codes(folder: Option<&Path>) -> Result<CodeBook, LibraryError> {
        let mut reader = Reader { folder, overrides: Vec::new(), faults: Vec::new(), texts: BTreeMap::new() };
        let codes = load_codes(&mut reader);
        codes.filter(|_| reader.faults.is_empty()).ok_or(LibraryError(reader.faults))
    }

    /// What cases pin of a template.
    pub fn template_hash(&self, id: &str) -> Option<String> {
        self.template_texts.get(id).map(|text| fingerprint(text))
    }

    /// A form by id or by screen code.
    pub fn form(&self, id: &str) -> Option<&Form> {
        self.forms.get(id).or_else(|| self.forms.values().find(|form| form.def.code == id))
    }
}

/// Definitions under the office's folder that replaced nothing.
fn unused(folder: &Path, overrides: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(unused(&path, overrides));
        } else if !overrides.contains(&path) && path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn load_forms(reader: &mut Reader<'_>) -> BTreeMap<String, Form> {
    let mut forms = BTreeMap::new();
    for source in reader.files(&FORMS, "forms", "", "toml") {
        match FormDef::load(&source.name, &source.text) {
            Ok(def) => {
                reader.own_name(&source, &def.id);
                reader.texts.insert(source.name.clone(), source.text.clone());
                let hash = fingerprint(&source.text);
                forms.insert(def.id.clone(), Form { def, hash, text: source.text });
            }
            Err(errors) => reader.faults.extend(errors.into_iter().map(Fault::from)),
        }
    }
    forms
}

fn load_templates(reader: &mut Reader<'_>) -> BTreeMap<String, Template> {
    let mut templates = BTreeMap::new();
    for source in reader.files(&crate::print::TEMPLATES, "print-templates", "", "toml") {
        match Template::load(&source.name, &source.text) {
            Ok(template) => {
                reader.own_name(&source, &template.id);
                reader.texts.insert(source.name.clone(), source.text.clone());
                templates.insert(template.id.clone(), template);
            }
            Err(errors) => reader.faults.extend(errors.into_iter().map(|e| Fault {
                file: e.file,
                line: e.line,
                key: e.key,
                message: e.message,
                fix: e.fix,
            })),
        }
    }
    templates
}

fn load_codes(reader: &mut Reader<'_>) -> Option<CodeBook> {
    let mut sources = reader.files(&SEED, "seed", "codes", "csv");
    sources.extend(reader.files(&SEED, "seed", "divisions", "csv"));
    let files: Vec<(&str, &str)> = sources.iter().map(|s| (s.name.as_str(), s.text.as_str())).collect();
    match CodeBook::from_csv(&files) {
        Ok(codes) => Some(codes),
        Err(error) => {
            reader.faults.push(code_fault(&error));
            None
        }
    }
}

fn load_calendar(reader: &mut Reader<'_>) -> Option<Calendar> {
    let mut sources = reader.files(&SEED, "seed", "calendar", "csv");
    // Later layers win: the nation first, the region over it, the county over both.
    let rank =
        |name: &str| ["national", "guangxi"].iter().position(|layer| name.contains(layer)).unwrap_or(2);
    sources.sort_by_key(|source| rank(&source.name));
    let layers: Vec<CalendarLayer<'_>> =
        sources.iter().map(|s| CalendarLayer { name: &s.name, text: &s.text }).collect();
    match Calendar::from_csv(&layers) {
        Ok(calendar) => Some(calendar),
        Err(error) => {
            reader.faults.push(calendar_fault(&error));
            None
        }
    }
}

fn load_roles(reader: &mut Reader<'_>) -> Option<RoleTable> {
    let source = reader.files(&SEED, "seed", "", "toml").into_iter().find(|s| s.name == "seed/roles.toml");
    let Some(source) = source else {
        reader.fault("seed/roles.toml", "the file is missing", "restore it");
        return None;
    };
    match RoleTable::load(&source.name, &source.text) {
        Ok(roles) => Some(roles),
        Err(error) => {
            reader.faults.push(Fault {
                file: error.file,
                line: error.line,
                key: error.key,
                message: error.message,
                fix: "see the comment at the head of the file".to_owned(),
            });
            None
        }
    }
}

fn load_policy(reader: &mut Reader<'_>) -> Option<PolicyPack> {
    let sources = reader.files(&SEED, "seed", &format!("policy/{AREA}"), "toml");
    let files: Vec<(&str, &str)> = sources.iter().map(|s| (s.name.as_str(), s.text.as_str())).collect();
    match PolicyPack::load(&files) {
        Ok(policy) => Some(policy),
        Err(errors) => {
            reader.faults.extend(errors.into_iter().map(|e| Fault {
                file: e.file,
                line: e.line,
                key: e.key,
                message: e.message,
                fix: e.fix,
            }));
            None
        }
    }
}
