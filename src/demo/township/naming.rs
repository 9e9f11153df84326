//! Names out of the tables. Knows generations and siblings; knows no papers.

use chrono::Datelike;

use super::dice::Dice;
use super::family::{Seat, Tie};
use super::tables::{Dotted, Given, Tables};

/// Draws until a name is new in its household; the tables are large enough that more are never needed.
const DRAWS: usize = 20;

/// Draws names for one household.
pub(super) struct Naming<'a> {
    tables: &'a Tables,
    surname: String,
    /// First character that the sisters, and the brothers, of the household share (字辈).
    shared: [Option<char>; 2],
    taken: Vec<String>,
    /// Only names that every font can print: for the persons of a script.
    plain: bool,
}

impl<'a> Naming<'a> {
    /// A household of some surname.
    pub(super) fn new(tables: &'a Tables, plain: bool, dice: &mut Dice) -> Self {
        let surname = tables.names.surnames.draw(dice).to_owned();
        Self { tables, surname, shared: [None, None], taken: Vec::new(), plain }
    }

    /// A name that no other member of the household has.
    pub(super) fn name(&mut self, seat: &Seat, dice: &mut Dice) -> String {
        let side = usize::from(seat.male);
        let child = matches!(seat.tie, Tie::Child | Tie::Grandchild);
        let known = self.shared.get(side).copied().flatten().filter(|_| child);
        let shared = known.filter(|_| dice.chance(self.tables.names.shared_per_mille));
        let (mut name, mut given) = (String::new(), String::new());
        for _ in 0..DRAWS {
            let own = self.tables.names.surnames.draw(dice);
            given = self.given(seat, shared, dice);
            name = format!("{}{given}", if seat.of_line() { self.surname.as_str() } else { own });
            if !self.taken.contains(&name) {
                break;
            }
        }
        if child && known.is_none() && given.chars().nth(1).is_some() {
            self.shared = std::array::from_fn(|index| {
                let before = self.shared.get(index).copied().flatten();
                if index == side { given.chars().next() } else { before }
            });
        }
        self.taken.push(name.clone());
        name
    }

    /// A name with a middle dot, now and then.
    pub(super) fn dotted(&self, male: bool, dice: &mut Dice) -> Option<(&'a Dotted, String)> {
        let names = &self.tables.names;
        if self.plain || !dice.chance(names.dotted_per_mille) {
            return None;
        }
        let given = dice.one(if male { &names.dotted.men } else { &names.dotted.women })?;
        let father = dice.one(&names.dotted.fathers)?;
        Some((&names.dotted, format!("{given}·{father}")))
    }

    fn given(&self, seat: &Seat, shared: Option<char>, dice: &mut Dice) -> String {
        let Some(generation) = self.tables.generation(seat.birth.year()) else { return String::new() };
        let table: &Given = if seat.male { &generation.male } else { &generation.female };
        let names = &self.tables.names;
        let rare = !self.plain && dice.chance(names.rare_per_mille);
        if shared.is_none() && dice.chance(table.single_per_mille) {
            let letters = if rare { &names.rare } else { &table.single };
            return letters.draw(dice).to_string();
        }
        let first = shared.unwrap_or_else(|| table.first.draw(dice));
        let letters = if rare { &names.rare } else { &table.second };
        let mut second = letters.draw(dice);
        for _ in 0..DRAWS {
            // 建建 is a pet name, not one for a booklet.
            if second != first {
                break;
            }
            second = letters.draw(dice);
        }
        String::from_iter([first, second])
    }
}
