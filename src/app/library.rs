//! The definitions a station works with: forms, print templates, code tables, divisions, calendar, roles, policy.
//! They are built into the program; a file of the same name in the data folder's `library/` replaces the built-in
//! one, so that an office changes a form without a programmer. Everything is checked when it is loaded.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use xiangbao_core::calendar::{Calendar, LayerLevel, OfficeHours};
use xiangbao_core::case::Escalation;
use xiangbao_core::catalogue::Catalogue;
use xiangbao_core::code::CodeBook;
use xiangbao_core::code::fields::FieldBook;
use xiangbao_core::findings::FindingsPack;
use xiangbao_core::form::FormDef;
use xiangbao_core::policy::PolicyPack;
use xiangbao_core::print::Template;
use xiangbao_core::role::RoleTable;

use super::catalogue::{CATALOGUE_FILE, catalogue_hash};
use super::check_library::Shelf;
use super::definitions::fingerprint;
use super::library_banks::{Bank, load_banks};
use super::library_clocks::{load_calendar, load_escalation, load_hours};
use super::library_faults::code_fault;
use super::library_files::Reader;
use super::library_findings::load_findings;
use super::office::Office;
use super::packs;

static FORMS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/forms");
pub(super) static SEED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/seed");

/// The area whose parameters are used, where `office.toml` names no other.
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
    /// The three catalogues.
    pub catalogue: Catalogue,
    /// SHA-256 of their file, first 16 hexadecimal digits.
    pub catalogue_hash: String,
    /// National field names.
    pub fields: FieldBook,
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// Office hours.
    pub hours: OfficeHours,
    /// Who is shown a case before its term breaks.
    pub escalation: Escalation,
    /// Who may do what.
    pub roles: RoleTable,
    /// The area's parameters.
    pub policy: PolicyPack,
    /// Layouts of banks' files, by id.
    pub banks: BTreeMap<String, Bank>,
    /// What reviewers of reimbursements must look at.
    pub findings: FindingsPack,
    /// Telephones and address on papers.
    pub office: Office,
    /// Files that replace built-in ones.
    pub overrides: Vec<PathBuf>,
    /// The office's own forms and templates, beside the built-in ones.
    pub added: Vec<PathBuf>,
    /// Files in the office's `library/` that are neither: a name with a slip of the pen.
    pub unused: Vec<PathBuf>,
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
        let mut reader = Reader::new(folder);
        let codes = load_codes(&mut reader);
        let catalogue = codes.as_ref().and_then(|codes| load_catalogue(&mut reader, codes));
        let fields = load_fields(&mut reader);
        let calendar = load_calendar(&mut reader, LayerLevel::County);
        let hours = load_hours(&mut reader);
        let escalation = load_escalation(&mut reader);
        let roles = load_roles(&mut reader);
        let office = folder.map_or_else(|| Ok(Office::default()), Office::load).unwrap_or_else(|fault| {
            reader.faults.push(fault);
            Office::default()
        });
        let policy = packs::load(&mut reader, office.area());
        let banks = load_banks(&mut reader);
        let findings = load_findings(&mut reader, office.area());
        let before = reader.faults.len();
        let forms = load_forms(&mut reader);
        let templates = load_templates(&mut reader);
        let whole = reader.faults.len() == before;
        let unused = reader.unused();
        let Reader { overrides, added, mut faults, texts, .. } = reader;
        // A form that did not load would make every slot of its paper look wrong.
        if let Some(codes) = &codes {
            faults.extend(policy.iter().flat_map(|policy| packs::unknown_diseases(policy, codes)));
            for form in forms.values() {
                faults.extend(form.def.check(codes).into_iter().map(Fault::from));
            }
            if whole {
                let shelf = Shelf { forms: &forms, templates: &templates, codes, texts: &texts };
                faults.extend(shelf.cross_check());
            }
        }
        match (
            codes.zip(fields).zip(catalogue),
            calendar.zip(hours).zip(escalation),
            roles,
            policy.zip(findings),
        ) {
            (
                Some(((codes, fields), (catalogue, catalogue_hash, _))),
                Some(((calendar, hours), escalation)),
                Some(roles),
                Some((policy, findings)),
            ) if faults.is_empty() => {
                let file = |id: &String| {
                    Some((id.clone(), texts.get(&format!("print-templates/{id}.toml"))?.clone()))
                };
                let template_texts = templates.keys().filter_map(file).collect();
                Ok(Self {
                    forms,
                    templates,
                    office,
                    template_texts,
                    codes,
                    catalogue,
                    catalogue_hash,
                    fields,
                    calendar: Arc::new(calendar),
                    hours,
                    escalation,
                    roles,
                    policy,
                    banks,
                    findings,
                    overrides,
                    added,
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
        let mut reader = Reader::new(folder);
        let codes = load_codes(&mut reader);
        codes.filter(|_| reader.faults.is_empty()).ok_or(LibraryError(reader.faults))
    }

    /// The three catalogues alone, with their hash and the office's file where there is one.
    ///
    /// # Errors
    /// Every fault found in the code tables and in them.
    pub fn catalogue(folder: Option<&Path>) -> Result<(Catalogue, String, Option<PathBuf>), LibraryError> {
        let mut reader = Reader::new(folder);
        let codes = load_codes(&mut reader);
        let catalogue = codes.as_ref().and_then(|codes| load_catalogue(&mut reader, codes));
        catalogue.filter(|_| reader.faults.is_empty()).ok_or(LibraryError(reader.faults))
    }

    /// The calendar alone, with its layers up to one: for questions that need no station.
    ///
    /// # Errors
    /// Every fault of its files.
    pub fn load_calendar(folder: Option<&Path>, upto: LayerLevel) -> Result<Calendar, LibraryError> {
        let mut reader = Reader::new(folder);
        let calendar = load_calendar(&mut reader, upto);
        calendar.filter(|_| reader.faults.is_empty()).ok_or(LibraryError(reader.faults))
    }

    /// The text of a form or template in use, e.g. `forms/change.toml`.
    pub fn text(&self, file: &str) -> Option<&str> {
        let (folder, name) = file.split_once('/')?;
        let id = name.strip_suffix(".toml")?;
        match folder {
            "forms" => self.forms.get(id).map(|form| form.text.as_str()),
            _ => self.template_texts.get(id).map(String::as_str),
        }
    }

    /// What cases pin of a template.
    pub fn template_hash(&self, id: &str) -> Option<String> {
        self.template_texts.get(id).map(|text| fingerprint(text))
    }

    /// The text of a built-in file, e.g. `forms/change.toml`.
    pub fn built_in(name: &str) -> Option<&'static str> {
        let (root, rest) = name.split_once('/')?;
        let dir = match root {
            "forms" => &FORMS,
            "print-templates" => &crate::print::TEMPLATES,
            "seed" => &SEED,
            _ => return None,
        };
        dir.get_file(rest)?.contents_utf8()
    }

    /// A form by id or by screen code.
    pub fn form(&self, id: &str) -> Option<&Form> {
        self.forms.get(id).or_else(|| self.forms.values().find(|form| form.def.code == id))
    }
}

fn load_forms(reader: &mut Reader<'_>) -> BTreeMap<String, Form> {
    let mut forms = BTreeMap::new();
    let mut sources = reader.files(&FORMS, "forms", "", "toml");
    sources.extend(reader.additional(&FORMS, "forms"));
    for source in sources {
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
    let mut sources = reader.files(&crate::print::TEMPLATES, "print-templates", "", "toml");
    sources.extend(reader.additional(&crate::print::TEMPLATES, "print-templates"));
    for source in sources {
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

/// The catalogue, its hash, and the office's file.
fn load_catalogue(reader: &mut Reader<'_>, codes: &CodeBook) -> Option<(Catalogue, String, Option<PathBuf>)> {
    let before = reader.overrides.len();
    let source = reader.catalogue(&SEED, CATALOGUE_FILE)?;
    let file = reader.overrides.get(before).cloned();
    match crate::exchange::read_installed(&source.text, codes) {
        Ok(catalogue) => Some((catalogue, catalogue_hash(source.text.as_bytes()), file)),
        Err((faults, _)) => {
            reader.faults.extend(faults.into_iter().map(|fault| Fault {
                file: source.name.clone(),
                line: usize::try_from(fault.line).unwrap_or_default(),
                key: fault.column.to_owned(),
                message: format!("{}: {}", fault.value, fault.message),
                fix: fault.fix.to_owned(),
            }));
            None
        }
    }
}

fn load_fields(reader: &mut Reader<'_>) -> Option<FieldBook> {
    let source = reader.one(&SEED, "seed", "fields.csv")?;
    match FieldBook::from_csv(&source.name, &source.text) {
        Ok(fields) => Some(fields),
        Err(error) => {
            reader.faults.push(Fault {
                file: error.file,
                line: usize::try_from(error.line).unwrap_or_default(),
                key: String::new(),
                message: error.problem,
                fix: "correct the row, or remove the file to go back to the built-in one".to_owned(),
            });
            None
        }
    }
}

fn load_roles(reader: &mut Reader<'_>) -> Option<RoleTable> {
    let source = reader.one(&SEED, "seed", "roles.toml")?;
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
