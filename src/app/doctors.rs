//! The list of doctors of the insurance (003 A54, A56): taken over from a file, shown. Knows the file and the journal; must
//! not know what a suspended doctor means for a claim.

use xiangbao_core::event::Event;
use xiangbao_core::findings::Doctor;
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::library::Library;
use super::station::Station;
use crate::exchange::{CellFault, read_doctors};

/// Records in one operation.
const STRIDE: usize = 500;
/// The list that is shipped to try it out (示例).
const SAMPLE: &str = "seed/doctors/sample.csv";

/// One cell of a list that cannot be taken.
pub type DoctorFault = CellFault;

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoctorImport {
    /// Records in the file without faults.
    pub read: usize,
    /// Records that are new or say something else than before; nothing is stored while there are faults.
    pub stored: usize,
    /// What must be put right.
    pub faults: Vec<DoctorFault>,
}

impl Station {
    /// Takes over a list; all of it or nothing. A record of the same hospital, doctor and first day is replaced; what is
    /// there already in the same words is not stored again.
    ///
    /// # Errors
    /// When the actor may not, the file cannot be read, or the store refuses.
    pub fn import_doctors(&self, actor: &Actor, file: &str, bytes: &[u8]) -> Result<DoctorImport, AppError> {
        self.authorize(actor, Action::KeepDoctors, &Subject::none())?;
        let list = read_doctors(bytes, file)?;
        let read = list.doctors.len();
        if !list.faults.is_empty() {
            return Ok(DoctorImport { read, stored: 0, faults: list.faults });
        }
        let _turn = self.store.turn();
        let known = self.snapshot()?.doctors(None)?;
        let mut fresh: Vec<Doctor> =
            list.doctors.into_iter().filter(|doctor| !known.contains(doctor)).collect();
        fresh.dedup();
        for doctors in fresh.chunks(STRIDE) {
            let event = Event::DoctorsListed { origin: file.to_owned(), doctors: doctors.to_vec() };
            self.append(actor, None, self.new_id(), vec![event])?;
        }
        Ok(DoctorImport { read, stored: fresh.len(), faults: Vec::new() })
    }

    /// The list that is shipped to try it out (示例): its name and its bytes.
    pub fn sample_doctors() -> (&'static str, &'static [u8]) {
        (SAMPLE, Library::built_in(SAMPLE).unwrap_or_default().as_bytes())
    }

    /// Doctors whose code, name or hospital contains a text; all for an empty one.
    ///
    /// # Errors
    /// When the actor may not see cases, or the store cannot be read.
    pub fn list_doctors(&self, actor: &Actor, filter: &str) -> Result<Vec<Doctor>, AppError> {
        self.authorize(actor, Action::ViewCases, &Subject::none())?;
        let mut doctors = self.snapshot()?.doctors(None)?;
        let holds = |text: &String| text.contains(filter);
        doctors.retain(|doctor| {
            [&doctor.fixmedins_code, &doctor.fixmedins_name, &doctor.dr_codg, &doctor.name]
                .into_iter()
                .any(holds)
        });
        Ok(doctors)
    }
}
