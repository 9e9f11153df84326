//! Styles by meaning, in four palettes. Colour never carries a meaning alone: every state also has a word, and the
//! focus is reverse video or a caret (product 2.3). Knows styles; must not know screens.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of the screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// Secondary text: labels, hints, empty states.
    Muted,
    /// Headings.
    Heading,
    /// The bar of line 1.
    Title,
    /// The one accent: codes, keys of the key line.
    Accent,
    /// A field that can be filled.
    Field,
    /// The field that has the focus.
    Focus,
    /// The chosen row of a list.
    Selected,
    /// Wrong: must be mended.
    Error,
    /// Doubtful: needs a reason.
    Warning,
    /// In order.
    Good,
}

/// Every role, for tests and for a palette's sample.
pub const ROLES: [Role; 11] = [
    Role::Text,
    Role::Muted,
    Role::Heading,
    Role::Title,
    Role::Accent,
    Role::Field,
    Role::Focus,
    Role::Selected,
    Role::Error,
    Role::Warning,
    Role::Good,
];

/// A palette; stored per person, because ssh carries no such wish.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Palette {
    /// No colour at all (`NO_COLOR`).
    Mono,
    /// The 16 colours of every terminal.
    #[default]
    Sixteen,
    /// Blue and orange, for red-green deficiency.
    BlueOrange,
    /// White on black, bold.
    HighContrast,
}

impl Palette {
    /// Every palette in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Sixteen, Self::BlueOrange, Self::HighContrast, Self::Mono];

    /// The name under which it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mono => "mono",
            Self::Sixteen => "sixteen",
            Self::BlueOrange => "blue-orange",
            Self::HighContrast => "high-contrast",
        }
    }

    /// The palette of a stored name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|palette| palette.name() == name)
    }
}

/// A palette on a terminal with so many colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    palette: Palette,
    many: bool,
}

impl Theme {
    /// The palette that this person wants on a terminal of this `TERM`.
    pub fn new(palette: Palette, term: &str, no_color: bool) -> Self {
        let plain = no_color || term.is_empty() || term == "dumb" || term.starts_with("vt");
        Self { palette: if plain { Palette::Mono } else { palette }, many: term.contains("256color") }
    }

    /// The palette in use.
    pub fn palette(&self) -> Palette {
        self.palette
    }

    /// The style of a meaning.
    pub fn style(&self, role: Role) -> Style {
        let plain = Style::new();
        let shape = match role {
            Role::Text | Role::Muted | Role::Warning => plain,
            Role::Heading | Role::Accent | Role::Good => plain.add_modifier(Modifier::BOLD),
            Role::Field => plain.add_modifier(Modifier::UNDERLINED),
            Role::Title | Role::Focus | Role::Selected => plain.add_modifier(Modifier::REVERSED),
            Role::Error => plain.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        };
        match self.palette {
            Palette::Mono => shape,
            Palette::Sixteen => Self::tint(shape, role, Color::Cyan, Color::Red, Color::Yellow, Color::Green),
            Palette::BlueOrange => {
                let orange = if self.many { Color::Indexed(208) } else { Color::Yellow };
                let blue = if self.many { Color::Indexed(75) } else { Color::LightBlue };
                Self::tint(shape, role, blue, orange, orange, blue)
            }
            Palette::HighContrast => match role {
                Role::Title | Role::Focus | Role::Selected => shape.add_modifier(Modifier::BOLD),
                _ => shape.fg(Color::White).bg(Color::Black).add_modifier(Modifier::BOLD),
            },
        }
    }

    fn tint(shape: Style, role: Role, accent: Color, bad: Color, doubtful: Color, good: Color) -> Style {
        match role {
            Role::Title => Style::new().fg(Color::Black).bg(accent),
            Role::Accent | Role::Heading => shape.fg(accent),
            Role::Error => Style::new().fg(bad).add_modifier(Modifier::BOLD),
            Role::Warning => shape.fg(doubtful),
            Role::Good => Style::new().fg(good),
            Role::Muted => shape.fg(Color::Gray),
            _ => shape,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_color_has_no_colour_and_still_tells_focus_from_field() {
        let theme = Theme::new(Palette::Sixteen, "xterm-256color", true);
        for role in ROLES {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
        assert_ne!(theme.style(Role::Focus), theme.style(Role::Field));
        assert_ne!(theme.style(Role::Error), theme.style(Role::Text));
    }

    #[test]
    fn every_palette_loads_by_its_name_and_shows_the_focus_without_colour() {
        for palette in Palette::ALL {
            assert_eq!(Palette::named(palette.name()), Some(palette));
            let style = Theme::new(palette, "linux", false).style(Role::Focus);
            assert!(style.add_modifier.contains(Modifier::REVERSED), "{palette:?}");
        }
    }
}
