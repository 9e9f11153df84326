//! The rules for findings of the library: one file an area, built in or the office's own. Knows where it lies; must not know
//! what its rules say.

use xiangbao_core::findings::FindingsPack;

use super::library::{AREA, Fault, SEED};
use super::library_files::Reader;

/// The rules of the area.
pub(super) fn load_findings(reader: &mut Reader<'_>) -> Option<FindingsPack> {
    let name = format!("seed/findings/{AREA}.toml");
    let sources = reader.files(&SEED, "seed", "findings", "toml");
    let Some(source) = sources.into_iter().find(|source| source.name == name) else {
        reader.fault(&name, "the file is missing", "restore it");
        return None;
    };
    match FindingsPack::load(&source.name, &source.text) {
        Ok(pack) if pack.area == AREA => Some(pack),
        Ok(pack) => {
            let message = format!("the area is {:?}, but the file is called {AREA}.toml", pack.area);
            reader.fault(&name, &message, "give both the same name");
            None
        }
        Err(errors) => {
            reader.faults.extend(errors.into_iter().map(Fault::from));
            None
        }
    }
}
