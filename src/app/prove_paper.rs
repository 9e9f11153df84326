//! Whether a paper is what the journal says: the text of its QR code, or the bytes of its PDF, against what was printed.
//! Shows no personal data but the account that printed. Knows the journal; must not know pages.

use std::path::Path;

use sha2::{Digest, Sha256};
use xiangbao_core::event::Event;
use xiangbao_core::journal::{Operation, hex};
use xiangbao_core::print::{Proof, ProofError};

use super::error::AppError;
use super::station::{Station, local};
use crate::store::{Snapshot, StoreError};

/// Largest PDF that is looked at, bytes.
const LARGEST: u64 = 512 * 1024 * 1024;
/// Operations read at once.
const STRIDE: usize = 1_024;

/// What a paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The journal has this copy with this check code.
    Genuine,
    /// The journal has this copy, and something else was printed on it.
    Altered,
    /// The journal has no such copy.
    Unknown,
}

impl Verdict {
    /// The word in answers for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::Altered => "altered",
            Self::Unknown => "unknown",
        }
    }

    /// The word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Genuine => "真",
            Self::Altered => "内容与存档不符",
            Self::Unknown => "查无此件",
        }
    }
}

/// A printed copy as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyFound {
    /// Case number.
    pub number: String,
    /// Template id.
    pub document: String,
    /// Title of the document.
    pub title: String,
    /// Which copy.
    pub copy: u32,
    /// Pages.
    pub pages: u32,
    /// When it was printed.
    pub printed: String,
    /// Name and account of the person who printed.
    pub by: String,
    /// Operation in the journal.
    pub seq: u64,
    /// SHA-256 of the PDF, hexadecimal.
    pub sha256: String,
    /// How the case stands now.
    pub status: String,
}

/// The answer about a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperAnswer {
    /// What it is.
    pub verdict: Verdict,
    /// The copies it is; several when one PDF holds a village's papers.
    pub copies: Vec<CopyFound>,
}

impl Station {
    /// Compares the text of a QR code with the journal.
    ///
    /// # Errors
    /// When the text is no such text, or the store cannot be read.
    pub fn prove_code(&self, text: &str) -> Result<PaperAnswer, AppError> {
        let proof: Proof = text.parse().map_err(|fault: ProofError| AppError::Input(proof_zh(&fault)))?;
        let snapshot = self.snapshot()?;
        let Some(case_id) = snapshot.case_id_by_number(&proof.number)? else { return Ok(unknown()) };
        for operation in snapshot.steps_of_case(&case_id)?.into_iter().rev() {
            let Event::Printed { document, copy, code: Some(code), .. } = decoded(&operation)? else {
                continue;
            };
            if !document.eq_ignore_ascii_case(&proof.template) || copy != proof.copy {
                continue;
            }
            let verdict = if code == proof.code.as_str() { Verdict::Genuine } else { Verdict::Altered };
            let copies = self.copy_found(&snapshot, &operation)?.into_iter().collect();
            return Ok(PaperAnswer { verdict, copies });
        }
        Ok(unknown())
    }

    /// Compares the bytes of a PDF with the journal: genuine only to the last bit.
    ///
    /// # Errors
    /// When the file or the store cannot be read.
    pub fn prove_pdf(&self, file: &Path) -> Result<PaperAnswer, AppError> {
        let fault = |source| AppError::File { path: file.to_owned(), source };
        if std::fs::metadata(file).map_err(fault)?.len() > LARGEST {
            return Err(AppError::Input(format!("{} 太大，不是本系统打印的 PDF。", file.display())));
        }
        let wanted = hex(&Sha256::digest(std::fs::read(file).map_err(fault)?));
        let snapshot = self.snapshot()?;
        let (mut copies, mut next) = (Vec::new(), 1);
        loop {
            let operations = snapshot.operations(next, STRIDE)?;
            let Some(last) = operations.last() else { break };
            next = last.seq + 1;
            for operation in &operations {
                if matches!(decoded(operation)?, Event::Printed { hash, .. } if hash == wanted) {
                    copies.extend(self.copy_found(&snapshot, operation)?);
                }
            }
        }
        let verdict = if copies.is_empty() { Verdict::Unknown } else { Verdict::Genuine };
        Ok(PaperAnswer { verdict, copies })
    }

    fn copy_found(&self, snapshot: &Snapshot, operation: &Operation) -> Result<Option<CopyFound>, AppError> {
        let Event::Printed { document, copy, pages, hash, .. } = decoded(operation)? else { return Ok(None) };
        let Some(case_id) = operation.case_id else { return Ok(None) };
        let Some(case) = snapshot.case(&case_id)? else { return Ok(None) };
        let account = &operation.actor.account;
        let name = snapshot.account(account)?.map(|account| account.name).unwrap_or_default();
        let title = self.library.templates.get(&document).map(|template| template.title.clone());
        Ok(Some(CopyFound {
            number: case.number,
            title: title.unwrap_or_else(|| document.clone()),
            document,
            copy,
            pages,
            printed: local(operation.wall_ms).format("%Y-%m-%d %H:%M").to_string(),
            by: format!("{name} {account}").trim().to_owned(),
            seq: operation.seq,
            sha256: hash,
            status: case.status.label().to_owned(),
        }))
    }
}

fn decoded(operation: &Operation) -> Result<Event, AppError> {
    Ok(Event::decode(operation.kind, &operation.payload).map_err(StoreError::from)?)
}

fn unknown() -> PaperAnswer {
    PaperAnswer { verdict: Verdict::Unknown, copies: Vec::new() }
}

fn proof_zh(fault: &ProofError) -> String {
    match fault {
        ProofError::Form => {
            "不是本系统的验真码。应为 XB1:办件号:文书:份数:16 位校验码，请重新扫描或照纸脚抄写。".to_owned()
        }
        ProofError::Copy(copy) => format!("份数 {copy:?} 不对，应为 1、2、3……"),
        ProofError::Code(code) => format!("校验码 {code:?} 不对，应为 16 位 0-9、A-F。"),
    }
}
