//! Printing: a document of a case as pages, as text for the screen, as PDF. The one moment on the paper is the moment of
//! the print's own operation, so the same case and operation give the same bytes; each PDF's hash and check code are
//! journalled, and a further copy is marked and names who takes it.

use std::path::PathBuf;

use sha2::{Digest, Sha256};
use xiangbao_core::case::{Case, Refusal, Status};
use xiangbao_core::event::{Collector, Demand, Event, Relation};
use xiangbao_core::form::{self, FieldPath, FormDef};
use xiangbao_core::journal::hex;
use xiangbao_core::print::{Document, How, PrintData, Stamp, Template, adjust, layout_as};
use xiangbao_core::role::{Action, Actor, Subject};

use super::citation;
use super::error::AppError;
use super::files::write_durably;
use super::print_data::Sheet;
use super::printers::{off_paper, unprintable};
use super::station::{Station, local};
use crate::print::{PdfInfo, metrics, render};
use crate::store::{Draft, Snapshot, StoreError};

/// Template of the one-time notice.
pub const SUPPLEMENT_NOTICE: &str = "supplement-notice";
/// Template of the notice of refusal (不予受理).
pub const REFUSAL_NOTICE: &str = "refusal-notice";
/// Template of the notice of rejection after review (退件).
pub const REJECTION_NOTICE: &str = "rejection-notice";
/// The certificate of a transfer: one for the person, one for the file (reference 2.6).
const CERTIFICATE: &str = "participation-certificate";
/// Template of the notice of acceptance.
const RECEIPT: &str = "receipt";
/// Template of the settlement slip.
pub const SETTLEMENT_SLIP: &str = "settlement-slip";

/// Template of the slip of a refund settlement (冲正).
pub const REFUND_SLIP: &str = "refund-slip";

/// Longest name of a collector, characters.
const LONGEST_NAME: usize = 40;

/// How a document of a case is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Only the values, for pre-printed stock (套打).
    pub values_only: bool,
    /// The queue of the printer; empty keeps the file in `prints/` and takes the calibration of `default`.
    pub printer: String,
    /// Who takes the paper; needed for every copy after the original.
    pub collector: Option<Collector>,
}

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
    /// Only the values, for pre-printed stock.
    pub values_only: bool,
    pub(super) info: PdfInfo,
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
    /// What the QR code says.
    pub proof: String,
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
            Status::Refused => ids.push(REFUSAL_NOTICE),
            Status::Rejected => ids.push(REJECTION_NOTICE),
            Status::Supplement => ids.push(SUPPLEMENT_NOTICE),
            _ => {}
        }
        if case.negative.is_some() {
            ids.push(REFUND_SLIP);
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
        ids.extend(form::documents_due(def, &case.filing.data, &self.eval_context()));
        ids.into_iter().map(|id| Ok((id.to_owned(), self.template_of(case, id)?.title.clone()))).collect()
    }

    /// Lays out one document of a case, as it would be printed now.
    ///
    /// # Errors
    /// When the actor may not, the case does not exist, a text does not fit, or the calibration moves it off the paper.
    pub fn prepare_print(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        template: &str,
        wish: &Wish,
    ) -> Result<Prepared, AppError> {
        let (snapshot, case) = self.for_print(actor, case_id, template)?;
        self.prepare_at(&snapshot, actor, &case, template, wish, self.now_ms())
    }

    /// The case of a print, after asking whether the actor may and the case has this document; the look is recorded.
    fn for_print(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        template: &str,
    ) -> Result<(Snapshot, Case), AppError> {
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        self.authorize(actor, Action::PrintCase, &Subject::in_village(&case.filing.village))?;
        if !self.documents_of(&case)?.iter().any(|(id, _)| id == template) {
            return Err(AppError::NotFound(format!("本件的文书 {template}")));
        }
        self.looked(actor, "print", &case.number)?;
        Ok((snapshot, case))
    }

    /// The same at a given moment, for somebody who may.
    pub(super) fn prepare_at(
        &self,
        snapshot: &Snapshot,
        actor: &Actor,
        case: &Case,
        template: &str,
        wish: &Wish,
        at: i64,
    ) -> Result<Prepared, AppError> {
        let def = self.form_of(case)?;
        let paper = self.template_of(case, template)?;
        let copy = next_copy(case, template);
        let collector = wish.collector.as_ref().filter(|_| copy > 1);
        let stamp = Stamp {
            number: case.number.clone(),
            copy,
            printed: local(at).format("%Y-%m-%d %H:%M").to_string(),
            by: actor.name.clone(),
            note: collector.map_or_else(String::new, |collector| {
                format!("领取人 {}（{}）", collector.name, collector.relation.label())
            }),
        };
        let how = How { values_only: wish.values_only, stamp: Some(&stamp) };
        let mut data = self.case_data(snapshot, def, case)?;
        data.values.insert("notice.number".to_owned(), self.notice_number(case, template));
        let mut whole: Option<Document> = None;
        for mark in marks(def, case, template, copy) {
            data.values.insert("print.mark".to_owned(), mark);
            let document = pages(paper, &data, how)?;
            match &mut whole {
                Some(whole) => whole.pages.extend(document.pages),
                None => whole = Some(document),
            }
        }
        let mut document = whole.ok_or_else(|| AppError::NotFound(format!("打印模板 {template}")))?;
        if wish.values_only {
            let calibration = self.calibration(&wish.printer, template)?;
            document = adjust(&document, calibration).map_err(|off| off_paper(&off))?;
        }
        let title = paper.title.clone();
        let info = PdfInfo { title: title.clone(), subject: case.number.clone(), created: local(at) };
        let (template, version, values_only) = (template.to_owned(), paper.version, wish.values_only);
        Ok(Prepared { template, version, title, document, copy, values_only, info })
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
        laid_out(self.template(&def.template)?, &sheet.done(), &def.title, 0)
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
        let own = def.clock.correct_within;
        let days = own.unwrap_or(self.library.escalation.correction.working_days);
        let until = self.library.calendar.add_working_days(self.today(), days);
        sheet.set("case.correct_by", &until.date.format("%Y年%-m月%-d日").to_string());
        let paper = match snapshot.case(&draft.case_id)? {
            Some(case) => self.template_of(&case, template)?,
            None => self.template(template)?,
        };
        laid_out(paper, &sheet.done(), "", draft.saved_ms)
    }

    fn case_data(&self, snapshot: &Snapshot, def: &FormDef, case: &Case) -> Result<PrintData, AppError> {
        let mut sheet = Sheet::new(self, snapshot)?;
        sheet.form(def);
        sheet.values(def, &case.filing.data);
        sheet.case(case)?;
        if let Some(settled) = &case.settlement {
            sheet.settlement(settled, &case.filing.data);
            if let Some(negative) = &case.negative {
                sheet.negative(case, settled, negative)?;
            }
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
        sheet.set("refuse.reason", &case.closing_reason);
        let basis = case.closing_article.as_deref().filter(|article| !article.is_empty());
        sheet.set("refuse.basis", &citation::in_full(basis.unwrap_or(&def.source)));
        // The city has everything of this case: the receipt is no longer 待市级确认.
        if case.last.seq <= snapshot.counter("city_through")? {
            sheet.set("receipt.state", "（市级已确认）");
        }
        Ok(sheet.done())
    }

    /// Number of a notice, unique in its kind and year (reference 2.18): the operation it tells of; empty for papers
    /// that carry the number of the case.
    fn notice_number(&self, case: &Case, template: &str) -> String {
        let decided = case.reviews.last().map_or(&case.accepted, |review| &review.by);
        let (kind, step) = match template {
            RECEIPT => ("受", &case.accepted),
            SUPPLEMENT_NOTICE => ("补", decided),
            REFUSAL_NOTICE => ("不受", &case.accepted),
            REJECTION_NOTICE => ("退", decided),
            _ => return String::new(),
        };
        let identity = self.store.identity();
        let year = local(step.wall_ms).format("%Y");
        format!("{kind}〔{year}〕{}{}-{:06}号", identity.station, identity.epoch, step.seq)
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

    /// The PDF of a prepared document.
    ///
    /// # Errors
    /// A character without a glyph, named.
    pub fn pdf(&self, prepared: &Prepared) -> Result<Vec<u8>, AppError> {
        Ok(render(&prepared.document, &prepared.info)?)
    }

    /// Makes the PDF of a case's document, files it in the data folder's `prints/`, and journals its hash, its check
    /// code and who takes it. Sending the file to a queue is [`crate::app::Station::spool`].
    ///
    /// # Errors
    /// As [`Self::prepare_print`], when a further copy names no collector, or when the file cannot be written.
    pub fn print(
        &self,
        actor: &Actor,
        case_id: &[u8; 16],
        template: &str,
        wish: &Wish,
        command_id: [u8; 16],
    ) -> Result<Printed, AppError> {
        let _turn = self.store.turn();
        if let Some(stored) = self.repeated(&self.snapshot()?, actor, case_id, &command_id)? {
            return self.printed_before(case_id, stored.first);
        }
        let wish =
            Wish { collector: wish.collector.as_ref().map(checked_collector).transpose()?, ..wish.clone() };
        let at = self.now_ms();
        let (snapshot, case) = self.for_print(actor, case_id, template)?;
        let prepared = self.prepare_at(&snapshot, actor, &case, template, &wish, at)?;
        if prepared.copy > 1 && wish.collector.is_none() {
            return Err(AppError::Input(format!(
                "补打第 {} 份要写明领取人和关系（本人、代办人）。",
                prepared.copy
            )));
        }
        let bytes = self.pdf(&prepared)?;
        let path = self.write_print(&file_name(&case.number, template, prepared.copy), &bytes)?;
        let hash = hex(&Sha256::digest(&bytes));
        let pages = u32::try_from(prepared.document.pages.len()).unwrap_or(u32::MAX);
        let event = printed_event(&prepared, hash.clone(), pages, wish.collector);
        self.append_at(actor, Some(*case_id), command_id, at, vec![event])?;
        let proof = prepared.document.proof.as_ref().map(ToString::to_string).unwrap_or_default();
        let (title, copy, bytes) = (prepared.title, prepared.copy, bytes.len() as u64);
        Ok(Printed { path, title, pages, bytes, hash, copy, proof })
    }

    /// What an earlier print of the same command made.
    fn printed_before(&self, case_id: &[u8; 16], seq: u64) -> Result<Printed, AppError> {
        let snapshot = self.snapshot()?;
        let case = snapshot.case(case_id)?.ok_or(Refusal::Unknown)?;
        let operations = snapshot.operations(seq, 1)?;
        let event = operations.first().map(|operation| Event::decode(operation.kind, &operation.payload));
        let Some(Event::Printed { document, hash, pages, copy, code, .. }) =
            event.transpose().map_err(StoreError::from)?
        else {
            return Err(StoreError::CommandReused.into());
        };
        let path = self.folder().join("prints").join(file_name(&case.number, &document, copy));
        let bytes =
            std::fs::metadata(&path).map_err(|source| AppError::File { path: path.clone(), source })?.len();
        let title = self.template_of(&case, &document)?.title.clone();
        let proof = code.map_or_else(String::new, |code| proof_text(&case.number, &document, copy, &code));
        Ok(Printed { path, title, pages, bytes, hash, copy, proof })
    }

    /// Who most likely stands at the window: the agent named in the form, else the person of the case.
    ///
    /// # Errors
    /// When the case does not exist.
    pub fn likely_collector(&self, case_id: &[u8; 16]) -> Result<Collector, AppError> {
        let case = self.snapshot()?.case(case_id)?.ok_or(Refusal::Unknown)?;
        let data = &case.filing.data;
        let agent = !data.field("agnter_name").is_empty();
        let relation = if agent { Relation::Agent } else { Relation::Person };
        Ok(Collector { name: applicant(data).to_owned(), relation })
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

/// The pages of a paper.
fn pages(template: &Template, data: &PrintData, how: How<'_>) -> Result<Document, AppError> {
    layout_as(template, data, how, metrics()).map_err(|fault| unprintable(&template.title, &fault))
}

/// A paper without case number and count: blank forms, drafts, cover lists.
pub(super) fn laid_out(
    template: &Template,
    data: &PrintData,
    subject: &str,
    moment: i64,
) -> Result<Prepared, AppError> {
    let document = pages(template, data, How::default())?;
    let title = template.title.clone();
    let info = PdfInfo { title: title.clone(), subject: subject.to_owned(), created: local(moment) };
    let (template, version) = (template.id.clone(), template.version);
    Ok(Prepared { template, version, title, document, copy: 1, values_only: false, info })
}

/// Which copy of a document comes next.
pub(super) fn next_copy(case: &Case, template: &str) -> u32 {
    case.copies.get(template).copied().unwrap_or_default() + 1
}

/// The marks of the papers of one copy, in printed order: an original that the procedure asks for in several pieces
/// (003 A72(2)) is printed as so many at once.
fn marks(def: &FormDef, case: &Case, template: &str, copy: u32) -> Vec<String> {
    let pieces = match template {
        id if id == def.template => def.copies.max(1),
        CERTIFICATE => 2,
        _ => 1,
    };
    let marks = match (copy, pieces) {
        (1, 1) => vec!["正本".to_owned()],
        (1, pieces) => (1..=pieces).map(|piece| format!("正本{}", numeral(piece))).collect(),
        _ => vec![format!("补打 第{copy}份")],
    };
    let mark = |mark: String| match case.status {
        // What was taken back must not pass for a paper in force.
        Status::Reversed => format!("{}，作废 {mark}", case.status.label()),
        // An audit's paper is served once it is approved, not before (003 A117(1), (4)).
        _ if def.opened_by == form::Role::Auditor && case.effect.is_none() => {
            format!("送审稿，未批准不得送达 {mark}")
        }
        _ => mark,
    };
    marks.into_iter().map(mark).collect()
}

/// The numeral of a piece as offices write it.
fn numeral(piece: u32) -> String {
    let place = usize::try_from(piece).unwrap_or_default().checked_sub(1);
    let numeral = place.and_then(|place| "一二三四五六七八九".chars().nth(place));
    numeral.map_or_else(|| piece.to_string(), String::from)
}

/// What the journal keeps of a print.
pub(super) fn printed_event(
    prepared: &Prepared,
    hash: String,
    pages: u32,
    collector: Option<Collector>,
) -> Event {
    Event::Printed {
        document: prepared.template.clone(),
        version: prepared.version,
        hash,
        pages,
        copy: prepared.copy,
        code: prepared.document.proof.as_ref().map(|proof| proof.code.as_str().to_owned()),
        collector: collector.filter(|_| prepared.copy > 1),
        values_only: prepared.values_only,
    }
}

/// The text of a QR code, put together again from the journal.
pub(super) fn proof_text(number: &str, document: &str, copy: u32, code: &str) -> String {
    format!("XB1:{number}:{}:{copy}:{code}", document.to_ascii_uppercase())
}

/// A collector whose name can be printed.
///
/// # Errors
/// An empty or overlong name, or one with control characters.
pub(super) fn checked_collector(collector: &Collector) -> Result<Collector, AppError> {
    let name = collector.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(AppError::Input(format!("领取人姓名要写明，最多 {LONGEST_NAME} 个字。")));
    }
    Ok(Collector { name: name.to_owned(), relation: collector.relation })
}

fn file_name(number: &str, template: &str, copy: u32) -> String {
    format!("{number}-{template}-{copy}.pdf")
}

/// An article in a narrow column of a notice.
fn cited(article: &str) -> String {
    citation::articles(article).unwrap_or_else(|| article.to_owned())
}

/// Who stands at the counter: the agent if there is one, else the person or the householder.
pub(super) fn applicant(data: &form::FormData) -> &str {
    ["agnter_name", "psn_name", "householder_name", "object_name"]
        .iter()
        .map(|field| data.field(field))
        .find(|name| !name.is_empty())
        .unwrap_or_default()
}
