//! Loads what the clocks need: the calendar's layers, office hours, escalation. Knows where the files lie; must not know
//! what a clock does with them.

use xiangbao_core::calendar::{Calendar, CalendarLayer, LayerLevel, OfficeHours};
use xiangbao_core::case::Escalation;

use super::library::{Fault, SEED};
use super::library_faults::calendar_fault;
use super::library_files::Reader;

/// The layers built into the program. Any other file in the office's `library/seed/calendar/` is a county layer: closed
/// days of the office's own.
const BUILT_IN: [(&str, LayerLevel); 2] = [
    ("seed/calendar/national.csv", LayerLevel::National),
    ("seed/calendar/guangxi.csv", LayerLevel::Regional),
];

/// The calendar with its layers up to `upto`.
pub(super) fn load_calendar(reader: &mut Reader<'_>, upto: LayerLevel) -> Option<Calendar> {
    let mut sources = reader.files(&SEED, "seed", "calendar", "csv");
    sources.extend(reader.beside(&SEED, "seed", "calendar", "csv"));
    let level = |name: &str| {
        let built_in = BUILT_IN.iter().find(|(file, _)| name == *file);
        built_in.map_or(LayerLevel::County, |(_, level)| *level)
    };
    // Later layers win: the nation first, the region over it, the county over both.
    sources.sort_by(|one, two| (level(&one.name), &one.name).cmp(&(level(&two.name), &two.name)));
    let layers: Vec<CalendarLayer<'_>> = sources
        .iter()
        .map(|source| CalendarLayer { name: &source.name, level: level(&source.name), text: &source.text })
        .filter(|layer| layer.level <= upto)
        .collect();
    match Calendar::from_csv(&layers) {
        Ok(calendar) => Some(calendar),
        Err(error) => {
            reader.faults.push(calendar_fault(&error));
            None
        }
    }
}

/// Office hours.
pub(super) fn load_hours(reader: &mut Reader<'_>) -> Option<OfficeHours> {
    let source = reader.one(&SEED, "seed", "office-hours.toml")?;
    match OfficeHours::load(&source.name, &source.text) {
        Ok(hours) => Some(hours),
        Err(error) => {
            let fix = "see the comment at the head of the file".to_owned();
            let (file, line, key, message) = (error.file, error.line, error.key, error.message);
            reader.faults.push(Fault { file, line, key, message, fix });
            None
        }
    }
}

/// Escalation.
pub(super) fn load_escalation(reader: &mut Reader<'_>) -> Option<Escalation> {
    let source = reader.one(&SEED, "seed", "escalation.toml")?;
    match Escalation::load(&source.name, &source.text) {
        Ok(escalation) => Some(escalation),
        Err(error) => {
            let fix = "see the comment at the head of the file".to_owned();
            let (file, line, key, message) = (error.file, error.line, error.key, error.message);
            reader.faults.push(Fault { file, line, key, message, fix });
            None
        }
    }
}
