//! Actions that an office's own table of roles gives to nobody: a table that is older than the program refuses what came
//! later, to everybody. Knows tables and files; must not know how warnings are shown.

use std::path::Path;

use xiangbao_core::role::{Action, Role, RoleTable};

use super::library::{Fault, Library};

/// The table in the library.
const ROLES: &str = "seed/roles.toml";

/// One warning for each action that no role of the office may do, at the role that has it built in.
pub fn role_warnings(folder: &Path, library: &Library) -> Vec<Fault> {
    let own = std::fs::read_to_string(folder.join("library").join(ROLES)).unwrap_or_default();
    let built_in = Library::built_in(ROLES).and_then(|text| RoleTable::load(ROLES, text).ok());
    let line_of = |role: Role| {
        let id = format!("{:?}", role.id());
        let place = own.lines().position(|line| line.trim_start().starts_with("id") && line.contains(&id));
        place.map_or(0, |index| index + 1)
    };
    let warning = |action: Action| {
        let usual = built_in.as_ref().and_then(|table| table.holders(action).next());
        let to = usual
            .map_or_else(String::new, |role| format!(" of role {:?}, as the built-in table does", role.id()));
        Fault {
            file: ROLES.to_owned(),
            line: usual.map_or(0, line_of),
            key: "allow".to_owned(),
            message: format!("no role may {:?} ({}): everybody is refused", action.id(), action.label()),
            fix: format!("add {:?} to `allow`{to}", action.id()),
        }
    };
    Action::all().filter(|action| library.roles.holders(*action).next().is_none()).map(warning).collect()
}
