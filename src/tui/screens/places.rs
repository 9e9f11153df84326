//! Village names in lists, without the township that every one of them begins with. Knows names; must not know lists.

use crate::tui::screen::Room;

/// The township's name.
#[derive(Clone, Debug, Default)]
pub struct Places {
    township: String,
}

impl Places {
    /// The names of this office.
    pub fn of(room: Room<'_>) -> Self {
        let code = room.station.snapshot().and_then(|now| Ok(now.station()?.township)).unwrap_or_default();
        let township = room.station.library().codes.label("divisions", &code);
        Self { township: township.unwrap_or_default().to_owned() }
    }

    /// A village as a list shows it.
    pub fn short<'v>(&self, village: &'v str) -> &'v str {
        match village.strip_prefix(self.township.as_str()) {
            Some(rest) if !rest.is_empty() => rest,
            _ => village,
        }
    }
}
