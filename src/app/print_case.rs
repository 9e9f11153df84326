//! Printing: a document of a case as pages, as text for the screen, as PDF. Time and numbers come from the
//! operations, so the same case gives the same bytes; each PDF's hash is journalled, and a second copy is marked.

use std::path::PathBuf;

use sha2::{Digest, Sha256};
use xiangbao_core::case::{Case, Refusal, Status};
use xiangbao_core::event::{Demand, Event};
use xiangbao_core::form::{self, FieldPath, FormDef};
use xiangbao_core::journal::hex;
use xiangbao_core::print::{Document, PrintData, Template, layout};
use xiangbao_core::role::{Action, Actor, Subject};

use super::citation;
use super::error::AppError;
use super::files::write_durably;
use super::print_data::Sheet;
use super::station::{Station, local};
use crate::print::{PdfInfo, metrics, render};
use crate::store::{Draft, Snapshot, StoreError};

/// Template of the one-time notice.
pub const SUPPLEMENT_NOTICE: &str = "supplement-notice";
/// Template of the notice of refusal.
pub const REFUSAL_NOTICE: &str = "refusal-notice";
/// Template of the settlement slip.
pub const SETTLEMENT_SLIP: &str = "settlement-slip";

/// A document ready to be printed.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Template id.
    pub template: String,
    /// Version of the template.
    pub version: u32,
    /// Title.
    pub title: String,
    /// Pages.
    pub document: Document,
    /// Which copy this would be: 1 is the original.
    pub copy: u32,
    info: PdfInfo,
}

/// A printed document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Where the PDF lies.
    pub path: PathBuf,
    /// Title.
    pub title: String,
    /// Pages.
    pub pages: u32,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub hash: String,
    /// Which copy.
    pub copy: u32,
}

impl Station {
    /// Which documents a case can have now: template id and title, the most wanted first.
    ///
    /// # Errors
    /// When the case or its form is unknown.
    pub fn documents_of(&self, case: &Case) -> Result<Vec<(String, String)>, AppError> {
        let def = self.form_of(case)?;
        let mut ids: Vec<&str> = Vec::new();
        match case.status {
            Status::Refused | Status::Rejected => ids.push(REFUSAL_NOTICE),
            Status::Supplement => ids.push(SUPPLEMENT_NOTICE),
            _ => {}
        }
        if case.settlement.is_some() {
            ids.push(SETTLEMENT_SLIP);
        }
        // What comes back from the audited person is signed after the paper itself.
        let audit = def.opened_by == form::Role::Auditor;
        if audit {
            ids.push(&def.template);
        }
        if case.status != Status::Refused {
            ids.push(&def.receipt);
        }
        if !audit {
            ids.push(&def.template);
        }
        ids.extend(def.documents.iter().map(String::as_str));
        ids.into_iter().map(|id| Ok((id.to_owned(), self.template_of(case, id)?.title.clone()))).collect()
    }

    /// Lays out one document of a case.
    ///
    /// # Errors
    /// When the actor may not, the case does not exist, or a text does not fit.
    pub fn prepare_print(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        template: &str,
    ) -> Result<Prepared, AppError> {
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        self.authorize(actor, Action::PrintCase, &Subject::in_village(&case.filing.village))?;
        if !self.documents_of(&case)?.iter().any(|(id, _)| id == template) {
            return Err(AppError::NotFound(format!("本件的文书 {template}")));
        }
        self.looked(actor, "print", &case.number)?;
        let def = self.form_of(&case)?;
        let copy = case.copies.get(template).copied().unwrap_or_default() + 1;
        let mark = if copy == 1 { "正本".to_owned() } else { format!("补打 第{copy}份") };
        // An audit's paper is served once it is approved, not before (003 A117(1), (4)).
        let mark = match def.opened_by {
            form::Role::Auditor if case.effect.is_none() => format!("送审稿，未批准不得送达 {mark}"),
            _ => mark,
        };
        // What was taken back must not pass for a paper in force.
        let mark = if case.status == Status::Reversed {
            format!("{}，作废 {mark}", case.status.label())
        } else {
            mark
        };
        let data = self.case_data(&snapshot, def, &case, &mark)?;
        let moment = if template == SETTLEMENT_SLIP {
            case.effect.as_ref().map_or(case.accepted.wall_ms, |step| step.wall_ms)
        } else {
            case.accepted.wall_ms
        };
        self.laid_out(self.template_of(&case, template)?, &data, &case.number, moment, copy)
    }

    /// Lays out the empty form, for people who fill it by hand.
    ///
    /// # Errors
    /// When the form is unknown.
    pub fn prepare_blank(&self, form: &str) -> Result<Prepared, AppError> {
        let snapshot = self.snapshot()?;
        let def = self.form(form)?;
        let mut sheet = Sheet::new(self, &snapshot)?;
        sheet.form(def);
        sheet.set("print.mark", "空白表");
        self.laid_out(self.template(&def.template)?, &sheet.done(), &def.title, 0, 1)
    }

    /// Lays out a draft as it stands: the form itself, or the one-time notice of what is missing (003 A35).
    ///
    /// # Errors
    /// When the actor may not, or a text does not fit.
    pub fn prepare_draft(&self, actor: &Actor, draft: &Draft, template: &str) -> Result<Prepared, AppError> {
        self.authorize(actor, Action::PrintCase, &Subject::none())?;
        let snapshot = self.snapshot()?;
        let def = self.form_of_draft(draft)?;
        let mut sheet = Sheet::new(self, &snapshot)?;
        sheet.form(def);
        sheet.values(def, &draft.data);
        sheet.set("case.clerk", &actor.name);
        sheet.set("print.mark", "草稿");
        let missing = form::missing_materials(def, &draft.data, &self.eval_context());
        if template == SUPPLEMENT_NOTICE && missing.is_empty() {
            return Err(AppError::Input("材料齐全，没有需要告知补正的内容".to_owned()));
        }
        let rows = form::asked_for(&missing).into_iter().map(|papers| {
            let of_first = |text: fn(&form::Material) -> &String| papers.first().map(|p| text(p).clone());
            let hint =
                if papers.len() > 1 { Some("任一件即可".to_owned()) } else { of_first(|p| &p.hint) };
            let article = of_first(|p| &p.article).unwrap_or_default();
            (form::joined(&papers), hint.unwrap_or_default(), cited(&article))
        });
        sheet.demands(rows.collect());
        sheet.set("applicant", applicant(&draft.data));
        sheet.set("notice.date", &self.today().to_string());
        let paper = match snapshot.case(&draft.case_id)? {
            Some(case) => self.template_of(&case, template)?,
            None => self.template(template)?,
        };
        self.laid_out(paper, &sheet.done(), "", draft.saved_ms, 1)
    }

    fn case_data(
        &self,
        snapshot: &Snapshot,
        def: &FormDef,
        case: &Case,
        mark: &str,
    ) -> Result<PrintData, AppError> {
        let mut sheet = Sheet::new(self, snapshot)?;
        sheet.form(def);
        sheet.values(def, &case.filing.data);
        sheet.case(case)?;
        if let Some(settled) = &case.settlement {
            sheet.settlement(settled, &case.filing.data);
        }
        let demands = case
            .open_demands()
            .iter()
            .map(|demand| (self.demand_label(def, demand), demand.reason.clone(), cited(&demand.article)));
        sheet.demands(demands.collect());
        sheet.set("applicant", applicant(&case.filing.data));
        // The day of the decision: a print of the notice moves the case's last step, not its date.
        let decided = case.reviews.last().map_or(&case.accepted, |review| &review.by);
        sheet.set("notice.date", &super::print_data::day(decided));
        if case.status == Status::Reversed {
            sheet.set("setl.mark", "已冲正，作废");
        }
        if matches!(case.status, Status::Refused | Status::Rejected) {
            sheet.set("case.outcome", if case.status == Status::Refused { "不予受理" } else { "退件" });
        }
        sheet.set("refuse.reason", &case.closing_reason);
        let basis = case.closing_article.as_deref().filter(|article| !article.is_empty());
        sheet.set("refuse.basis", &citation::in_full(basis.unwrap_or(&def.source)));
        sheet.set("print.mark", mark);
        // The city has everything of this case: the receipt is no longer 待市级确认.
        if case.last.seq <= snapshot.counter("city_through")? {
            sheet.set("receipt.state", "（市级已确认）");
        }
        Ok(sheet.done())
    }

    /// What a demand is about, as people call it.
    pub fn demand_label(&self, def: &FormDef, demand: &Demand) -> String {
        if let Some(material) = demand.path.strip_prefix("mat.").and_then(|id| def.material(id)) {
            return material.label.clone();
        }
        let Ok(path) = demand.path.parse::<FieldPath>() else { return "本件".to_owned() };
        let label = def.field(&path).map_or_else(|| path.field.clone(), |field| field.label.clone());
        match path.row {
            Some((_, index)) => format!("第{}行 {label}", index + 1),
            None => label,
        }
    }

    fn laid_out(
        &self,
        template: &Template,
        data: &PrintData,
        subject: &str,
        moment: i64,
        copy: u32,
    ) -> Result<Prepared, AppError> {
        let document =
            layout(template, data, metrics()).map_err(|fault| AppError::Input(fault.to_string()))?;
        let info =
            PdfInfo { title: template.title.clone(), subject: subject.to_owned(), created: local(moment) };
        Ok(Prepared {
            template: template.id.clone(),
            version: template.version,
            title: template.title.clone(),
            document,
            copy,
            info,
        })
    }

    /// The PDF of a prepared document.
    ///
    /// # Errors
    /// A character without a glyph, named.
    pub fn pdf(&self, prepared: &Prepared) -> Result<Vec<u8>, AppError> {
        Ok(render(&prepared.document, &prepared.info)?)
    }

    /// Makes the PDF of a case's document, files it in the data folder's `prints/`, and journals its hash.
    ///
    /// # Errors
    /// As [`Self::prepare_print`], or when the file cannot be written.
    pub fn print(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        template: &str,
        command_id: [u8; 16],
    ) -> Result<Printed, AppError> {
        let _turn = self.store.turn();
        if let Some(stored) = self.repeated(&self.snapshot()?, actor, case_id, &command_id)? {
            return self.printed_before(case_id, stored.first);
        }
        let prepared = self.prepare_print(actor, case_id, template)?;
        let bytes = self.pdf(&prepared)?;
        let name = file_name(&prepared.info.subject, template, prepared.copy);
        let path = self.write_print(&name, &bytes)?;
        let pages = u32::try_from(prepared.document.pages.len()).unwrap_or(u32::MAX);
        let hash = hex(&Sha256::digest(&bytes));
        let event = Event::Printed {
            document: template.to_owned(),
            version: prepared.version,
            hash: hash.clone(),
            pages,
            copy: prepared.copy,
        };
        self.append(actor, Some(*case_id), command_id, vec![event])?;
        let size = bytes.len() as u64;
        Ok(Printed { path, title: prepared.title, pages, bytes: size, hash, copy: prepared.copy })
    }

    /// What an earlier print of the same command made.
    fn printed_before(&self, case_id: &[u8; 16], seq: u64) -> Result<Printed, AppError> {
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        let operations = snapshot.operations(seq, 1)?;
        let event = operations.first().map(|operation| Event::decode(operation.kind, &operation.payload));
        let Some(Event::Printed { document, hash, pages, copy, .. }) =
            event.transpose().map_err(StoreError::from)?
        else {
            return Err(StoreError::CommandReused.into());
        };
        let path = self.folder().join("prints").join(file_name(&case.number, &document, copy));
        let size =
            std::fs::metadata(&path).map_err(|source| AppError::File { path: path.clone(), source })?.len();
        let title = self.template_of(&case, &document)?.title.clone();
        Ok(Printed { path, title, pages, bytes: size, hash, copy })
    }

    /// Writes a PDF into `prints/`, readable by the owner alone.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write_print(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, AppError> {
        let folder = self.folder().join("prints");
        let path = folder.join(name);
        let fault = |source| AppError::File { path: path.clone(), source };
        write_durably(&folder, name, bytes).map_err(fault)?;
        Ok(path)
    }
}

fn file_name(number: &str, template: &str, copy: u32) -> String {
    format!("{number}-{template}-{copy}.pdf")
}

/// An article in a narrow column of a notice.
fn cited(article: &str) -> String {
    citation::articles(article).unwrap_or_else(|| article.to_owned())
}

/// Who stands at the counter: the agent if there is one, else the person or the householder.
fn applicant(data: &form::FormData) -> &str {
    ["agnter_name", "psn_name", "householder_name", "object_name"]
        .iter()
        .map(|field| data.field(field))
        .find(|name| !name.is_empty())
        .unwrap_or_default()
}
