//! Before a term breaks somebody must look: the office's own steps (`seed/escalation.toml`), and whom each one tells.
//! Derived from the clock each time it is read, so that nothing has to be sent and nothing can be missed.
//!
//! Knows clocks and roles; must not know lists or screens.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::clock::{Left, Reading, Standing};
use crate::role::Role;

/// One step, from mild to strong in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationStep {
    /// What the office calls it, e.g. 督办.
    pub label: String,
    /// Reached with that many working days left, or fewer.
    pub left_working_days: Option<u32>,
    /// Reached with that part of the term left, or less; 1 to 99.
    pub left_percent: Option<u32>,
    /// Reached with that many minutes left of a same-day term, or fewer.
    pub left_minutes: Option<u32>,
    /// Who is told.
    pub tell: BTreeSet<Role>,
}

/// The reminder of a supplement.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Working days given to the applicant, from the day of the notice, which is not counted.
    pub working_days: u32,
    /// Who set them.
    pub source: String,
}

/// All steps.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// Who set them.
    pub source: String,
    /// The reminder of a supplement, where the form sets none of its own.
    pub correction: Correction,
    /// The steps.
    pub step: Vec<EscalationStep>,
}

/// The file of steps cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {key}: {message}")]
pub struct EscalationError {
    /// File name as given.
    pub file: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// Key; empty when unknown.
    pub key: String,
    /// What is wrong.
    pub message: String,
}

impl Escalation {
    /// Reads the file.
    ///
    /// # Errors
    /// Unknown keys or roles, a step without a limit or without anybody to tell, a figure out of range.
    pub fn load(file: &str, text: &str) -> Result<Self, EscalationError> {
        let error = |line: usize, key: &str, message: &str| EscalationError {
            file: file.to_owned(),
            line,
            key: key.to_owned(),
            message: message.to_owned(),
        };
        let read: Self = toml::from_str(text).map_err(|fault| {
            let before = fault.span().and_then(|span| text.get(..span.start));
            error(before.map_or(0, |before| before.matches('\n').count() + 1), "", fault.message())
        })?;
        if !(1..=250).contains(&read.correction.working_days) {
            return Err(error(0, "correction.working_days", "is out of range (write 1 to 250)"));
        }
        for step in &read.step {
            let none = [step.left_working_days, step.left_percent, step.left_minutes];
            if none.iter().all(Option::is_none) {
                let fix = "has no limit (write left_working_days, left_percent or left_minutes)";
                return Err(error(0, "step", fix));
            }
            if step.left_percent.is_some_and(|percent| !(1..=99).contains(&percent)) {
                return Err(error(0, "step.left_percent", "is out of range (write 1 to 99)"));
            }
            if step.tell.is_empty() {
                return Err(error(0, "step.tell", "is empty (name at least one role)"));
            }
        }
        Ok(read)
    }

    /// The strongest step that a running clock has reached.
    pub fn reached(&self, reading: &Reading) -> Option<&EscalationStep> {
        if reading.standing != Standing::Running {
            return None;
        }
        self.step.iter().rev().find(|step| step.is_reached(reading))
    }

    /// The strongest step reached that tells one of these roles.
    pub fn told(&self, reading: &Reading, roles: &BTreeSet<Role>) -> Option<&EscalationStep> {
        if reading.standing != Standing::Running {
            return None;
        }
        self.step.iter().rev().find(|step| step.is_reached(reading) && !step.tell.is_disjoint(roles))
    }
}

impl EscalationStep {
    fn is_reached(&self, reading: &Reading) -> bool {
        if reading.breached {
            return true;
        }
        match reading.left {
            Left::Minutes(minutes) => self.left_minutes.is_some_and(|limit| minutes <= i64::from(limit)),
            Left::Days(days) => {
                let whole = reading.term.working_days().unwrap_or_default();
                self.left_working_days.is_some_and(|limit| days <= i64::from(limit))
                    || self
                        .left_percent
                        .is_some_and(|percent| whole > 0 && days * 100 <= i64::from(percent * whole))
            }
        }
    }
}
