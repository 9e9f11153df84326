//! The rules for findings of the library: one file an area, built in or the office's own. Knows where it lies; must not know
//! what its rules say.

use xiangbao_core::findings::FindingsPack;

use super::library::{AREA, Fault, SEED};
use super::library_files::Reader;

/// The rules of an area. Those of the procedure of Guangxi are no law elsewhere: another area without a file of its own has
/// none.
pub(super) fn load_findings(reader: &mut Reader<'_>, area: &str) -> Option<FindingsPack> {
    let name = format!("seed/findings/{area}.toml");
    let mut sources = reader.files(&SEED, "seed", "findings", "toml");
    sources.extend(reader.beside(&SEED, "seed", "findings", "toml"));
    let text = match sources.into_iter().find(|source| source.name == name) {
        Some(source) => source.text,
        None if area == AREA => {
            reader.fault(&name, "the file is missing", "restore it");
            return None;
        }
        None => format!("area = {}\ntitle = \"零星报销核查（本地区没有规则）\"\n", toml::Value::from(area)),
    };
    match FindingsPack::load(&name, &text) {
        Ok(pack) if pack.area == area => Some(pack),
        Ok(pack) => {
            let message = format!("the area is {:?}, but the file is called {area}.toml", pack.area);
            reader.fault(&name, &message, "give both the same name");
            None
        }
        Err(errors) => {
            reader.faults.extend(errors.into_iter().map(Fault::from));
            None
        }
    }
}
