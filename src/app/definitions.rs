//! Which definition holds for a case or draft: the one it was accepted or opened under. Texts that the library no longer
//! holds come from the store, and are read when they are first asked for. Knows nothing of screens.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use xiangbao_core::case::Case;
use xiangbao_core::form::FormDef;
use xiangbao_core::journal::hex;
use xiangbao_core::print::Template;

use super::error::AppError;
use super::library::{Form, Library};
use super::station::Station;
use crate::store::{Definition, Draft, Sort, StoreError};

/// Digits of a hash that cases pin.
const DIGITS: usize = 16;

/// A text of an earlier day, read when it is needed.
struct Kept<T> {
    text: Definition,
    read: OnceLock<Option<T>>,
}

impl<T> Kept<T> {
    fn new(text: Definition) -> Self {
        Self { text, read: OnceLock::new() }
    }
}

/// Every form and template of earlier days, by hash.
#[derive(Default)]
pub(super) struct Definitions {
    forms: BTreeMap<String, Kept<Form>>,
    templates: BTreeMap<String, Kept<Template>>,
}

/// What cases pin of a file: SHA-256, hexadecimal, first 16 digits.
pub(super) fn fingerprint(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes())).chars().take(DIGITS).collect()
}

impl Definitions {
    fn of(texts: Vec<Definition>) -> Self {
        let mut definitions = Self::default();
        // A text that is not what its hash says is worth nothing.
        for text in texts.into_iter().filter(|text| fingerprint(&text.text) == text.hash) {
            match text.sort {
                Sort::Form => drop(definitions.forms.insert(text.hash.clone(), Kept::new(text))),
                Sort::Template => drop(definitions.templates.insert(text.hash.clone(), Kept::new(text))),
            }
        }
        definitions
    }

    fn form(&self, id: &str, hash: &str) -> Option<&Form> {
        let kept = self.forms.get(hash).filter(|kept| kept.text.id == id)?;
        let read = || {
            let def = FormDef::load(&format!("forms/{id}.toml"), &kept.text.text).ok()?;
            Some(Form { def, hash: hash.to_owned(), text: kept.text.text.clone() })
        };
        kept.read.get_or_init(read).as_ref()
    }

    fn template(&self, id: &str, hash: &str) -> Option<&Template> {
        let kept = self.templates.get(hash).filter(|kept| kept.text.id == id)?;
        let read = || Template::load(&format!("print-templates/{id}.toml"), &kept.text.text).ok();
        kept.read.get_or_init(read).as_ref()
    }
}

/// Forms and templates of the library, as the store keeps them.
fn present(library: &Library) -> Vec<Definition> {
    let forms = library.forms.values().map(|form| Definition {
        sort: Sort::Form,
        id: form.def.id.clone(),
        version: form.def.version,
        hash: form.hash.clone(),
        text: form.text.clone(),
    });
    let templates = library.templates.values().filter_map(|template| {
        let text = library.template_texts.get(&template.id)?;
        Some(Definition {
            sort: Sort::Template,
            id: template.id.clone(),
            version: template.version,
            hash: fingerprint(text),
            text: text.clone(),
        })
    });
    forms.chain(templates).collect()
}

/// Files that changed while their version stayed: cases of the same version would be judged by different texts.
pub fn same_version(library: &Library, kept: &[Definition]) -> Vec<(String, u32)> {
    let changed = present(library).into_iter().filter(|now| {
        kept.iter().any(|old| {
            (old.sort, &old.id, old.version) == (now.sort, &now.id, now.version) && old.hash != now.hash
        })
    });
    let file = |now: Definition| match now.sort {
        Sort::Form => (format!("forms/{}.toml", now.id), now.version),
        Sort::Template => (format!("print-templates/{}.toml", now.id), now.version),
    };
    changed.map(file).collect()
}

impl Station {
    /// Reads the texts of earlier days.
    pub(super) fn recall_definitions(&mut self) -> Result<(), StoreError> {
        self.definitions = Definitions::of(self.store.snapshot()?.definitions()?);
        Ok(())
    }

    /// Keeps the texts this station works with from now on, as far as they are new.
    pub(super) fn keep_definitions(&self) -> Result<(), StoreError> {
        let mut new = present(&self.library);
        new.retain(|text| match text.sort {
            Sort::Form => !self.definitions.forms.contains_key(&text.hash),
            Sort::Template => !self.definitions.templates.contains_key(&text.hash),
        });
        if new.is_empty() { Ok(()) } else { self.store.keep_definitions(&new) }
    }

    fn pinned_form(&self, id: &str, hash: &str) -> Option<&Form> {
        let newest = self.library.forms.get(id).filter(|form| form.hash == hash);
        newest.or_else(|| self.definitions.form(id, hash))
    }

    /// The form a case was accepted under; the newest where that one is unknown here ([`Self::definition_note`]).
    ///
    /// # Errors
    /// When there is no form of this id at all.
    pub fn form_of(&self, case: &Case) -> Result<&FormDef, AppError> {
        match self.pinned_form(&case.filing.form, &case.filing.form_hash) {
            Some(form) => Ok(&form.def),
            None => self.form(&case.filing.form),
        }
    }

    /// The form a draft was opened with; the newest where that one is unknown here.
    ///
    /// # Errors
    /// When there is no form of this id at all.
    pub fn form_of_draft(&self, draft: &Draft) -> Result<&FormDef, AppError> {
        match self.pinned_form(&draft.form, &draft.form_hash) {
            Some(form) => Ok(&form.def),
            None => self.form(&draft.form),
        }
    }

    /// The hash of the form that [`Self::form_of_draft`] gives.
    pub(super) fn hash_of_draft(&self, draft: &Draft) -> String {
        let form = self.pinned_form(&draft.form, &draft.form_hash).or_else(|| self.library.form(&draft.form));
        form.map(|form| form.hash.clone()).unwrap_or_default()
    }

    /// The template a case prints a document with: the one of its acceptance, else the newest.
    ///
    /// # Errors
    /// When there is no template of this id at all.
    pub fn template_of(&self, case: &Case, id: &str) -> Result<&Template, AppError> {
        let hash = case.filing.templates.as_ref().and_then(|templates| templates.get(id));
        let pinned = hash.filter(|hash| self.library.template_hash(id).as_ref() != Some(*hash));
        match pinned.and_then(|hash| self.definitions.template(id, hash)) {
            Some(template) => Ok(template),
            None => self.template(id),
        }
    }

    /// The newest template.
    pub(super) fn template(&self, id: &str) -> Result<&Template, AppError> {
        self.library.templates.get(id).ok_or_else(|| AppError::NotFound(format!("打印模板 {id}")))
    }

    /// What a case of this form pins of its papers: its own, and those that every form has.
    pub(super) fn papers_of(&self, def: &FormDef) -> BTreeMap<String, String> {
        let others = |id: &String| {
            let mut forms = self.library.forms.values().map(|form| &form.def);
            forms.any(|other| other.id != def.id && (other.template == *id || other.documents.contains(id)))
        };
        let own = |id: &String| def.template == *id || def.receipt == *id || def.documents.contains(id);
        let ids = self.library.templates.keys().filter(|id| own(id) || !others(id));
        ids.filter_map(|id| Some((id.clone(), self.library.template_hash(id)?))).collect()
    }

    /// A sentence where the case is shown by another form than it was accepted under, because that one is unknown
    /// here; empty otherwise.
    pub fn definition_note(&self, case: &Case) -> String {
        let filing = &case.filing;
        if self.pinned_form(&filing.form, &filing.form_hash).is_some() {
            return String::new();
        }
        let newest = self.library.form(&filing.form).map_or(0, |form| form.def.version);
        format!(
            "本件受理时的表单（第{}版）不在本站，现按第{newest}版显示和核对，请以纸质申请表为准",
            filing.form_version
        )
    }
}
