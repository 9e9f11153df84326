//! Who lives together: the shapes of households with sexes and days of birth. Knows no names and no papers.
//!
//! The mix is that of a rural township in Guangxi: many three-generation households, grandparents who raise their
//! grandchildren, old couples alone.

use chrono::{Days, NaiveDate};

use super::dice::Dice;

/// What a member is to the householder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tie {
    Head,
    Spouse,
    Child,
    /// The wife of a son.
    InLaw,
    Grandchild,
    Parent,
}

/// One member, still without a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat {
    pub(super) tie: Tie,
    pub(super) male: bool,
    pub(super) birth: NaiveDate,
}

impl Seat {
    /// A member of that age in full years on `today`.
    pub(super) fn aged(tie: Tie, male: bool, age: i32, today: NaiveDate, dice: &mut Dice) -> Self {
        Self { tie, male, birth: birth(age, today, dice) }
    }

    /// Code of table `patn_rlts`.
    pub(super) fn relation(&self) -> &'static str {
        match (self.tie, self.male) {
            (Tie::Head, _) => "02",
            (Tie::Spouse, _) => "10",
            (Tie::Child, true) => "20",
            (Tie::Child, false) => "30",
            (Tie::InLaw, true) => "28",
            (Tie::InLaw, false) => "38",
            (Tie::Grandchild, true) => "41",
            (Tie::Grandchild, false) => "42",
            (Tie::Parent, true) => "51",
            (Tie::Parent, false) => "52",
        }
    }

    /// Whether the surname is the family's; the others have married in.
    pub(super) fn of_line(&self) -> bool {
        match self.tie {
            Tie::Head | Tie::Parent => self.male,
            Tie::Child | Tie::Grandchild => true,
            Tie::Spouse | Tie::InLaw => false,
        }
    }
}

/// A day of birth that gives `age` full years on `today`, away from the birthday itself.
fn birth(age: i32, today: NaiveDate, dice: &mut Dice) -> NaiveDate {
    // 1461 days are four years; the two days at each end swallow the rounding.
    let years = u32::try_from(age.max(0)).unwrap_or(0) * 1461 / 4;
    let days = years + 2 + dice.below(361);
    today.checked_sub_days(Days::new(u64::from(days))).unwrap_or(today)
}

/// The kinds of households.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// A couple with children.
    Couple,
    /// A couple with children and the husband's parents.
    WithParents,
    /// An old couple with a married son and grandchildren.
    WithSon,
    /// Old people alone.
    Old,
    /// One parent with children.
    OneParent,
    /// Grandparents with grandchildren; the parents work far away and stand in another booklet.
    LeftBehind,
    /// A couple whose children have left.
    Two,
    /// One adult.
    Single,
}

/// Shapes with weights.
const SHAPES: [(Shape, u32); 8] = [
    (Shape::Couple, 36),
    (Shape::WithParents, 13),
    (Shape::WithSon, 10),
    (Shape::Old, 14),
    (Shape::OneParent, 6),
    (Shape::LeftBehind, 6),
    (Shape::Two, 9),
    (Shape::Single, 6),
];

/// Draws a household; the householder stands first.
pub(super) fn household(today: NaiveDate, dice: &mut Dice) -> Vec<Seat> {
    let shape = dice.weighted(&SHAPES, |(_, weight)| *weight).map_or(Shape::Couple, |(shape, _)| *shape);
    let mut seats = Vec::new();
    match shape {
        Shape::Couple => {
            let wife = couple(&mut seats, dice.between(24, 52), today, dice);
            children(&mut seats, Tie::Child, wife, today, dice);
        }
        Shape::WithParents => {
            let wife = couple(&mut seats, dice.between(24, 46), today, dice);
            children(&mut seats, Tie::Child, wife, today, dice);
            parents(&mut seats, wife, today, dice);
        }
        Shape::WithSon => {
            let wife = couple(&mut seats, dice.between(50, 68), today, dice);
            let son = wife - dice.between(21, 25);
            seats.push(Seat::aged(Tie::Child, true, son, today, dice));
            seats.push(Seat::aged(Tie::InLaw, false, son - dice.between(0, 3), today, dice));
            children(&mut seats, Tie::Grandchild, son - 1, today, dice);
        }
        Shape::Old => old(&mut seats, today, dice),
        Shape::OneParent => {
            let (male, age) = (dice.chance(400), dice.between(26, 48));
            seats.push(Seat::aged(Tie::Head, male, age, today, dice));
            children(&mut seats, Tie::Child, age, today, dice);
        }
        Shape::LeftBehind => {
            let wife = couple(&mut seats, dice.between(52, 70), today, dice);
            children(&mut seats, Tie::Grandchild, (wife - dice.between(22, 26)).min(38), today, dice);
        }
        Shape::Two => {
            couple(&mut seats, dice.between(44, 62), today, dice);
        }
        Shape::Single => {
            let male = dice.chance(750);
            seats.push(Seat::aged(Tie::Head, male, dice.between(25, 70), today, dice));
        }
    }
    seats
}

/// Husband and wife; the age of the wife is given back.
fn couple(seats: &mut Vec<Seat>, wife: i32, today: NaiveDate, dice: &mut Dice) -> i32 {
    let husband = wife + dice.between(-2, 6);
    seats.push(Seat::aged(Tie::Head, true, husband, today, dice));
    seats.push(Seat::aged(Tie::Spouse, false, wife, today, dice));
    wife
}

/// One, two or three children of a mother of that age; the grown ones have mostly left.
fn children(seats: &mut Vec<Seat>, tie: Tie, mother: i32, today: NaiveDate, dice: &mut Dice) {
    let count = match dice.below(100) {
        0..30 => 1,
        30..80 => 2,
        _ => 3,
    };
    let mut age = mother - dice.between(20, 26);
    for _ in 0..count {
        let stays = match age {
            ..0 => 0,
            0..18 => 1000,
            18..25 => 800,
            25..32 => 350,
            _ => 150,
        };
        if dice.chance(stays) {
            let male = dice.chance(530);
            seats.push(Seat::aged(tie, male, age, today, dice));
        }
        age -= dice.between(2, 5);
    }
}

/// The husband's parents, as far as they live.
fn parents(seats: &mut Vec<Seat>, wife: i32, today: NaiveDate, dice: &mut Dice) {
    let mother = wife + dice.between(21, 29);
    for (male, age) in [(true, mother + dice.between(0, 6)), (false, mother)] {
        // Women grow older.
        let lives = match age + if male { 4 } else { 0 } {
            ..65 => 970,
            65..75 => 900,
            75..85 => 700,
            85..95 => 320,
            _ => 50,
        };
        if dice.chance(lives) && age < 104 {
            seats.push(Seat::aged(Tie::Parent, male, age, today, dice));
        }
    }
}

/// An old couple, or the one who is left.
fn old(seats: &mut Vec<Seat>, today: NaiveDate, dice: &mut Dice) {
    let wife = match dice.below(10) {
        0..4 => dice.between(60, 69),
        4..7 => dice.between(70, 79),
        _ => dice.between(80, 95),
    };
    if wife < 80 && dice.chance(620) {
        couple(seats, wife, today, dice);
    } else {
        let male = dice.chance(380);
        seats.push(Seat::aged(Tie::Head, male, wife, today, dice));
    }
}
