//! What a village assistant typed reaches the window (003 A7: the village collects, the township enters): clerks see
//! the drafts of the villages they serve, and take one over to hand it in under their own name.

use xiangbao_core::role::{Action, Actor, Role, Subject};

use super::error::AppError;
use super::intake::village_of;
use super::station::Station;
use crate::store::Draft;

impl Station {
    /// Drafts of village assistants, oldest first; none for somebody who cannot hand in.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn village_drafts(&self, actor: &Actor) -> Result<Vec<Draft>, AppError> {
        if self.library.roles.authorize(actor, Action::AcceptCase, &Subject::none()).is_err() {
            return Ok(Vec::new());
        }
        let snapshot = self.snapshot()?;
        let mut drafts = Vec::new();
        for account in snapshot.accounts()? {
            if account.roles.contains(&Role::VillageAssistant) && account.account != actor.account {
                drafts.extend(snapshot.drafts(&account.account)?);
            }
        }
        drafts.retain(|draft| actor.serves(&village_of(&draft.data)));
        drafts.sort_by_key(|draft| draft.opened_ms);
        Ok(drafts)
    }

    /// Takes a village draft over: from now on it is the clerk's, as typed.
    ///
    /// # Errors
    /// When the actor may not hand in for that village, or the draft is gone.
    pub fn take_village_draft(&self, actor: &Actor, case_id: &[u8; 16]) -> Result<Draft, AppError> {
        let _turn = self.store.turn();
        let found = self.village_drafts(actor)?.into_iter().find(|draft| draft.case_id == *case_id);
        let draft = found.ok_or_else(|| AppError::NotFound("这份村送草稿".to_owned()))?;
        self.authorize(actor, Action::AcceptCase, &Subject::in_village(&village_of(&draft.data)))?;
        self.looked(actor, "take_draft", &draft.account)?;
        let taken = Draft { account: actor.account.clone(), saved_ms: self.now_ms(), ..draft.clone() };
        self.store.move_draft(&draft.account, &taken)?;
        Ok(taken)
    }
}
