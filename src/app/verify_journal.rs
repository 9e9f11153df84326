//! Walking the journal: the question an auditor asks.

use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::station::Station;
use crate::store::verify::{self, Verdict};

impl Station {
    /// Walks the chain, rebuilds every projection and compares. `progress` answers whether to go on; none when it
    /// said no.
    ///
    /// # Errors
    /// When the actor may not, or the store cannot be read.
    pub fn verify(
        &self,
        actor: &Actor,
        progress: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Option<Verdict>, AppError> {
        self.authorize(actor, Action::VerifyJournal, &Subject::none())?;
        Ok(verify::verify(&self.snapshot()?, progress)?)
    }
}
