//! The bank's file of an approved list (报盘). The journal knows of the file before the file exists: whatever crashes in
//! between, writing it again gives the same bytes, and no file exists that the journal does not know. Knows payments; must
//! not know screens.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use xiangbao_core::event::BankFile;
use xiangbao_core::payment::{ListStatus, PaymentList, export};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::files::{write_durably, write_private};
use super::station::Station;

/// A file that was written for a bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Where.
    pub path: PathBuf,
    /// Number of the list.
    pub no: String,
    /// SHA-256, hex.
    pub digest: String,
    /// Lines with money.
    pub lines: u32,
    /// Sum, in fen.
    pub sum: xiangbao_core::money::Fen,
    /// It was written before: the same bytes.
    pub again: bool,
}

impl Station {
    /// Writes the file of a list: into a folder that somebody names, else into `bank/` of the data folder. It holds whole
    /// account numbers; the writing is recorded before it happens.
    ///
    /// # Errors
    /// When the list is not approved, a text does not fit, or the disk refuses.
    pub fn export_payment(
        &self,
        actor: &Actor,
        no: &str,
        folder: Option<&Path>,
        command_id: [u8; 16],
    ) -> Result<WrittenFile, AppError> {
        self.authorize(actor, Action::MakePayment, &Subject::none())?;
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        let list = self.list_of(&snapshot, no)?;
        let bank = self.pinned_bank(&list.sheet.layout, &list.sheet.layout_hash)?;
        let now = self.now_ms();
        let today = super::station::local(now).date_naive();
        let (day, again) = match &list.exported {
            Some((_, file)) => (file.day.parse::<NaiveDate>().unwrap_or(today), true),
            None => (today, false),
        };
        let (name, bytes) = self.payment_bytes(bank, &list.sheet, day)?;
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        let lines = u32::try_from(list.sheet.entries.len()).unwrap_or(u32::MAX);
        self.check_same(&list, &digest)?;
        self.looked(actor, "bank_file", &list.sheet.no)?;
        if !again {
            let file =
                BankFile { name: name.clone(), digest, lines, sum: list.sheet.sum, day: day.to_string() };
            let event = export(&list, file)?;
            self.append_at(actor, None, command_id, now, vec![event])?;
        }
        let path = self.write_bank_file(folder, &name, &bytes)?;
        let digest = xiangbao_core::journal::hex(&digest);
        Ok(WrittenFile { path, no: list.sheet.no, digest, lines, sum: list.sheet.sum, again })
    }

    /// A second file of a list is the first one, byte for byte.
    fn check_same(&self, list: &PaymentList, digest: &[u8; 32]) -> Result<(), AppError> {
        match &list.exported {
            Some((_, file)) if file.digest != *digest => Err(AppError::Input(format!(
                "付款单 {} 重新生成的文件与已报盘的不一致，没有写出。请通知管理员。",
                list.sheet.no
            ))),
            None if list.status != ListStatus::Approved => {
                Err(xiangbao_core::payment::PayRefusal::WrongStatus {
                    no: list.sheet.no.clone(),
                    status: list.status,
                }
                .into())
            }
            _ => Ok(()),
        }
    }

    /// Writes whole or not at all, for the owner alone.
    pub(super) fn write_bank_file(
        &self,
        folder: Option<&Path>,
        name: &str,
        bytes: &[u8],
    ) -> Result<PathBuf, AppError> {
        let path = folder.map_or_else(|| self.folder().join("bank"), Path::to_path_buf).join(name);
        let written = match folder {
            Some(_) => write_private(&path, bytes),
            None => write_durably(&self.folder().join("bank"), name, bytes),
        };
        written.map_err(|source| AppError::File { path: path.clone(), source })?;
        Ok(path)
    }
}
