//! The screens, one file each, and the one place that knows them all: a screen code opens a screen.

pub mod home;
pub mod sign_in;

use crate::app::AppError;
use crate::tui::keymap::Screen as ScreenCode;
use crate::tui::screen::{Room, Screen, Step};
use crate::tui::text;

/// What a line of a list stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A case: its review page.
    Case([u8; 16]),
    /// A draft: its form.
    Draft([u8; 16]),
    /// A returned case: its form, at the first demand.
    Correction([u8; 16]),
}

/// Opens what a line of a list stands for.
pub fn open_target(target: Target, _room: Room<'_>) -> Step {
    match target {
        Target::Case(_) | Target::Draft(_) | Target::Correction(_) => Step::Still,
    }
}

/// Opens the screen of a code.
///
/// # Errors
/// When the person may not, or the store cannot be read.
pub fn open(code: ScreenCode, room: Room<'_>) -> Result<Box<dyn Screen>, AppError> {
    match code {
        ScreenCode::Home => Ok(Box::new(home::Home::open(room)?)),
        other => Err(AppError::Input(text::no_form(other.code()))),
    }
}
