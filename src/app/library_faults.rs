//! Where a fault of a code table or calendar stands: file, line, column. Knows those errors; must not know how the
//! files are found.

use xiangbao_core::calendar::CalendarError;
use xiangbao_core::code::{CodeError, CodeProblem};

use super::library::Fault;

/// What to do about a bad row.
const ROW: &str = "correct the row, or remove the file to go back to the built-in one";

/// A fault of a code table or of the divisions.
pub(super) fn code_fault(error: &CodeError) -> Fault {
    let key = match &error.problem {
        CodeProblem::Csv(_) => "",
        CodeProblem::Column(column) | CodeProblem::Empty(column) | CodeProblem::Character(column) => column,
        CodeProblem::Date { column, .. } => column,
        CodeProblem::Twice { .. } | CodeProblem::DivisionCode(_) => "code",
        CodeProblem::Common(_) => "common",
        CodeProblem::Level(_) => "level",
        CodeProblem::Parent(_) => "parent_code",
    };
    Fault {
        file: error.file.clone(),
        line: usize::try_from(error.line).unwrap_or_default(),
        key: key.to_owned(),
        message: error.problem.to_string(),
        fix: ROW.to_owned(),
    }
}

/// A fault of a calendar layer.
pub(super) fn calendar_fault(error: &CalendarError) -> Fault {
    let (file, line, key, message) = match error {
        CalendarError::NoLayer => ("seed/calendar", 0, "", error.to_string()),
        CalendarError::Csv { layer, line, reason } => (layer.as_str(), *line, "", reason.clone()),
        CalendarError::Column { layer, column } => {
            (layer.as_str(), 1, *column, format!("the header lacks the column `{column}`"))
        }
        CalendarError::Date { layer, line, value } => {
            (layer.as_str(), *line, "date", format!("{value:?} is not a date (write YYYY-MM-DD)"))
        }
        CalendarError::Kind { layer, line, value } => {
            (layer.as_str(), *line, "kind", format!("{value:?} is no kind (write `holiday` or `workday`)"))
        }
        CalendarError::Source { layer, line } => (
            layer.as_str(),
            *line,
            "source",
            "the column is empty; name the document that closes or opens the office".to_owned(),
        ),
        CalendarError::Twice { layer, line, date } => {
            (layer.as_str(), *line, "date", format!("{date} stands twice in this layer; keep one line"))
        }
    };
    Fault {
        file: file.to_owned(),
        line: usize::try_from(line).unwrap_or_default(),
        key: key.to_owned(),
        message,
        fix: ROW.to_owned(),
    }
}
