//! The screens, one file each, and the one place that knows them all: a screen code opens a screen.

mod ask;
pub mod business;
pub mod cases;
pub mod compare;
pub mod due;
mod filter;
pub mod find;
pub mod form;
pub mod home;
mod materials;
pub mod person;
mod places;
pub mod preview;
mod parcels;
pub mod deductions;
pub mod payment_list;
pub mod payment_lists;
pub mod payments;
pub mod queue;
pub mod review;
mod samples;
pub mod sign_in;
pub mod sync;
pub mod timeline;

#[cfg(test)]
mod tests;

use xiangbao_core::form::FormDef;
use xiangbao_core::role::{Action, Subject};

use crate::app::AppError;
use crate::tui::keymap::Screen as ScreenCode;
use crate::tui::screen::{Room, Screen, Step};

/// What a line of a list stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A case: its review page.
    Case([u8; 16]),
    /// A draft: its form.
    Draft([u8; 16]),
    /// A returned case: its form, at the first demand.
    Correction([u8; 16]),
    /// A village assistant's draft: taken over, then its form.
    Village([u8; 16]),
    /// A payment list, by its number: its page.
    PaymentList(String),
    /// The cases that wait for a payment list.
    Payments,
}

/// Opens what a line of a list stands for.
pub fn open_target(target: Target, room: Room<'_>) -> Step {
    let opened = match target {
        Target::Draft(case_id) => form::open_draft(&case_id, room),
        Target::Village(case_id) => room
            .station
            .take_village_draft(room.actor, &case_id)
            .and_then(|draft| form::open_draft(&draft.case_id, room)),
        Target::Correction(case_id) => form::open_correction(&case_id, room),
        Target::Case(case_id) => review::open(&case_id, room),
        Target::PaymentList(no) => payment_list::open(&no, room),
        Target::Payments => payments::open(room),
    };
    Step::opened(opened)
}

/// Begins the form with this screen code, for a person or for nobody yet.
///
/// # Errors
/// When the person at the desk may not, or there is no such form or person.
pub fn open_form(code: &str, psn_no: Option<&str>, room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    form::open_new(code, psn_no, room)
}

/// Begins a form by its code as one begins it at the counter: what is about one person begins with finding that person.
///
/// # Errors
/// As [`open_form`].
pub fn begin(code: &str, room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    match room.station.library().form(code) {
        Some(form) if about_one_person(&form.def) => Ok(find::open_for(code, room)),
        _ => form::open_new(code, None, room),
    }
}

/// Whether a form is about one person of the register.
fn about_one_person(def: &FormDef) -> bool {
    def.single_sections().any(|section| section.field("psn_no").is_some())
}

/// Whether the person at the desk has a role that fills this form.
fn may_fill(def: &FormDef, room: Room<'_>) -> bool {
    let action = crate::app::action_to_fill(def);
    room.station.library().roles.authorize(room.actor, action, &Subject::none()).is_ok()
}

/// Whether the person at the desk has a role for the screen of a code: home offers only those.
pub fn serves(code: ScreenCode, room: Room<'_>) -> bool {
    let action = match code {
        ScreenCode::Home => return true,
        ScreenCode::Find => Action::SearchPersons,
        ScreenCode::Review | ScreenCode::Due | ScreenCode::Cases => Action::ViewCases,
        ScreenCode::Sync | ScreenCode::Parcels => Action::ViewSync,
        ScreenCode::Payments | ScreenCode::PaymentLists => Action::ViewPayments,
        ScreenCode::Deductions => Action::Deduct,
        ScreenCode::Samples => Action::DrawSample,
        ScreenCode::Enrolment
        | ScreenCode::Change
        | ScreenCode::Cancellation
        | ScreenCode::Transfer
        | ScreenCode::Reimbursement => Action::DraftCase,
        ScreenCode::Business => {
            return room.station.library().forms.values().any(|form| may_fill(&form.def, room));
        }
    };
    room.station.library().roles.authorize(room.actor, action, &Subject::none()).is_ok()
}

/// Opens the screen of a code.
///
/// # Errors
/// When the person may not, or the store cannot be read.
pub fn open(code: ScreenCode, room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    match code {
        ScreenCode::Home => Ok(Box::new(home::Home::open(room)?)),
        ScreenCode::Find => Ok(find::open(room)),
        ScreenCode::Review => queue::open(room),
        ScreenCode::Due => due::open(room),
        ScreenCode::Cases => cases::open(room),
        ScreenCode::Sync => sync::open(room),
        ScreenCode::Parcels => parcels::open(room),
        ScreenCode::Payments => payments::open(room),
        ScreenCode::PaymentLists => payment_lists::open(room),
        ScreenCode::Deductions => deductions::open(room),
        ScreenCode::Samples => samples::open(room),
        ScreenCode::Business => Ok(business::open(None, room)),
        ScreenCode::Enrolment
        | ScreenCode::Change
        | ScreenCode::Cancellation
        | ScreenCode::Transfer
        | ScreenCode::Reimbursement => begin(code.code(), room),
    }
}
