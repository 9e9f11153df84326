//! The first look of the day: what is due, what came back, what waits for me, what I was typing, what money
//! asks of me, what the city has.

use xiangbao_core::case::Status;
use xiangbao_core::role::{Action, Actor, Subject};

use super::case_view::OPEN;
use super::error::AppError;
use super::home_money::HomeMoney;
use super::review::QueueRow;
use super::station::Station;
use super::sync_now::{SyncState, city_returned};
use crate::store::Draft;

/// The home screen's content.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// Cases due today or overdue, and those that the office's escalation shows to this person before they break; what
    /// breaks first on top.
    pub due: Vec<QueueRow>,
    /// Cases that wait for a supplement, and cases that the city returned (with what it said in `bar`).
    pub returned: Vec<QueueRow>,
    /// For those who supervise: open cases in which something was demanded that the first notice did not name (003 A35).
    pub late: Vec<QueueRow>,
    /// Cases that wait for this person's level.
    pub to_review: Vec<QueueRow>,
    /// What this account was typing.
    pub drafts: Vec<Draft>,
    /// What village assistants typed and nobody has taken over.
    pub village: Vec<Draft>,
    /// What money asks of this person.
    pub money: HomeMoney,
    /// State of the exchange.
    pub sync: SyncState,
}

impl Station {
    /// Gathers the home screen.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn home(&self, actor: &Actor) -> Result<Home, AppError> {
        let mut home = Home {
            sync: self.sync_state()?,
            drafts: self.drafts(actor)?,
            village: self.village_drafts(actor)?,
            ..Home::default()
        };
        if self.library.roles.authorize(actor, Action::ViewCases, &Subject::none()).is_err() {
            return Ok(home);
        }
        let snapshot = self.snapshot()?;
        let clocks = self.clocks(&snapshot)?;
        let supervises = [Action::ReviewRecheck, Action::ReviewApproval]
            .into_iter()
            .any(|action| self.library.roles.authorize(actor, action, &Subject::none()).is_ok());
        for status in OPEN {
            for (case_id, case) in snapshot.cases_in(status, usize::MAX)? {
                if !actor.serves(&case.filing.village) {
                    continue;
                }
                let row = self.queue_row(actor, &clocks, case_id, &case);
                if row.is_due() || row.alert.is_some() {
                    home.due.push(row.clone());
                }
                if supervises && !case.late_demands().is_empty() {
                    home.late.push(row.clone());
                }
                if status == Status::Supplement {
                    home.returned.push(row);
                } else if let Some(reason) = &case.held {
                    // An upper station agreed, and it had no effect here: nobody else will notice.
                    home.returned.push(QueueRow { bar: reason.clone(), ..row });
                }
            }
        }
        for (case_id, detail) in city_returned(&snapshot)? {
            let Some(case) = snapshot.case(&case_id)? else { continue };
            let done = !OPEN.contains(&case.status) && case.status != Status::InEffect;
            if done || !actor.serves(&case.filing.village) {
                continue;
            }
            let row = self.queue_row(actor, &clocks, case_id, &case);
            home.returned.retain(|other| other.case_id != case_id);
            home.returned.push(QueueRow { bar: detail, ..row });
        }
        super::due_board::sort_by_due(&mut home.due);
        home.to_review = self.review_queue(actor)?;
        home.money = self.home_money(&snapshot, &clocks, actor)?;
        Ok(home)
    }
}
