//! The due board (期限): every clock that runs, what breaks first on top; and what waits for the applicant, with its
//! reminder. Knows clocks and steps of escalation; must not know how they are drawn.

use xiangbao_core::case::{Reading, Standing};
use xiangbao_core::event::Outage;
use xiangbao_core::role::{Action, Actor, Subject};

use super::case_view::OPEN;
use super::error::AppError;
use super::review::QueueRow;
use super::station::Station;

/// The board.
#[derive(Clone, Debug, Default)]
pub struct DueBoard {
    /// Running clocks, what breaks first on top.
    pub running: Vec<QueueRow>,
    /// Clocks that stand still for a supplement, the oldest reminder first.
    pub paused: Vec<QueueRow>,
    /// Notices, the newest beginning first.
    pub outages: Vec<Outage>,
}

impl Station {
    /// Reads the board.
    ///
    /// # Errors
    /// When the actor may not see cases, or the store cannot be read.
    pub fn due_board(&self, actor: &Actor) -> Result<DueBoard, AppError> {
        self.authorize(actor, Action::ViewCases, &Subject::none())?;
        let snapshot = self.snapshot()?;
        let clocks = self.clocks(&snapshot)?;
        let mut board = DueBoard { outages: clocks.outages().to_vec(), ..DueBoard::default() };
        for status in OPEN {
            for (case_id, case) in snapshot.cases_in(status, usize::MAX)? {
                if !actor.serves(&case.filing.village) {
                    continue;
                }
                let row = self.queue_row(actor, &clocks, case_id, &case);
                match row.clock.as_ref().map(|clock| clock.standing) {
                    Some(Standing::Running) => board.running.push(row),
                    Some(Standing::Paused(_)) => board.paused.push(row),
                    Some(Standing::Done(_)) | None => {}
                }
            }
        }
        sort_by_due(&mut board.running);
        board.paused.sort_by_key(|row| {
            let until = row.clock.as_ref().and_then(|clock| clock.reminder).map(|(until, _)| until.date);
            (until, row.number.clone())
        });
        Ok(board)
    }
}

/// What breaks first on top; equal moments by number, so that the order stands still.
pub(super) fn sort_by_due(rows: &mut [QueueRow]) {
    let at = |clock: &Option<Reading>| clock.as_ref().map(|clock| clock.due_at);
    rows.sort_by(|one, two| (at(&one.clock), &one.number).cmp(&(at(&two.clock), &two.number)));
}
