//! What claims are compared by: invoices of all claims that were judged when they came in, the list of doctors, and draws
//! for a second look. Knows keys; must not know what is suspicious.

use xiangbao_core::case::Case;
use xiangbao_core::event::Draw;
use xiangbao_core::findings::Doctor;
use xiangbao_core::register::RecordKey;

use super::database::{decode, encode};
use super::error::StoreError;
use super::keys;
use super::kv::Kv;
use super::projections::Version;
use super::snapshot::Snapshot;
use super::tables::Table;

/// Most claims that are read for one invoice.
const MAX_CLAIMS: usize = 50;

/// Lists the invoices of a claim. One that no rules judged has none: older journals give the same tables as before.
pub(super) fn index(kv: &mut dyn Kv, case_id: &[u8; 16], case: &Case) -> Result<(), StoreError> {
    if case.filing.findings.is_none() || case.origin.is_some() {
        return Ok(());
    }
    for row in case.filing.data.rows("invoices") {
        let cell = |id: &str| row.get(id).map_or("", String::as_str);
        let (number, date, amount) = (cell("invo_no"), cell("invo_date"), cell("invo_amt"));
        if !number.is_empty() {
            kv.put(Table::InvoiceIndex, &with_case(&number_key(number), case_id), &[])?;
        }
        if !date.is_empty() && !amount.is_empty() {
            kv.put(Table::InvoiceIndex, &with_case(&paper_key(date, amount), case_id), &[])?;
        }
    }
    Ok(())
}

fn number_key(number: &str) -> Vec<u8> {
    keys::join(&[b"N", number.as_bytes(), b""])
}

fn paper_key(date: &str, amount: &str) -> Vec<u8> {
    keys::join(&[b"D", date.as_bytes(), amount.as_bytes(), b""])
}

fn with_case(key: &[u8], case_id: &[u8; 16]) -> Vec<u8> {
    [key, case_id].concat()
}

/// Keeps doctors: a record of the same hospital, doctor and first day is replaced.
pub(super) fn put_doctors(kv: &mut dyn Kv, doctors: &[Doctor]) -> Result<(), StoreError> {
    for doctor in doctors {
        let parts = [&doctor.fixmedins_code, &doctor.dr_codg, &doctor.from];
        let key = keys::join(&parts.map(|part| part.as_bytes()));
        kv.put(Table::Doctors, &key, &encode(doctor))?;
    }
    Ok(())
}

impl Snapshot {
    /// Claims with an invoice of this number, or of this day and amount (as typed): those that were judged when they came
    /// in, and of older ones those that took effect.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn claims_with_invoice(
        &self,
        number: &str,
        date: &str,
        amount: &str,
    ) -> Result<Vec<([u8; 16], Case)>, StoreError> {
        let mut ids: Vec<[u8; 16]> = Vec::new();
        for prefix in [number_key(number), paper_key(date, amount)] {
            for (key, _) in self.scan(Table::InvoiceIndex, &prefix, MAX_CLAIMS)? {
                let id: Option<[u8; 16]> =
                    key.get(prefix.len()..).and_then(|tail| <[u8; 16]>::try_from(tail).ok());
                ids.extend(id);
            }
        }
        let old = self.history(&RecordKey::Invoice(number.to_owned(), String::new()))?;
        ids.extend(old.into_iter().filter_map(|version: Version| version.case_id));
        ids.sort_unstable();
        ids.dedup();
        let mut cases = Vec::new();
        for id in ids {
            cases.extend(self.case(&id)?.map(|case| (id, case)));
        }
        Ok(cases)
    }

    /// Doctors of a hospital, or all of them, by hospital, doctor and day.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn doctors(&self, hospital: Option<&str>) -> Result<Vec<Doctor>, StoreError> {
        let prefix = hospital.map(|code| keys::join(&[code.as_bytes(), b""])).unwrap_or_default();
        let pairs = self.scan(Table::Doctors, &prefix, usize::MAX)?;
        pairs.iter().map(|(_, value)| decode(Table::Doctors, value)).collect()
    }

    /// Draws for a second look, oldest first, each with its operation.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn draws(&self) -> Result<Vec<(u64, Draw)>, StoreError> {
        let pairs = self.scan(Table::Samples, &[], usize::MAX)?;
        pairs.iter().map(|(key, value)| Ok((keys::read_seq(key), decode(Table::Samples, value)?))).collect()
    }
}
