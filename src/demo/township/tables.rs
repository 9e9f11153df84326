//! The tables that a township is drawn from: `seed/demo/` and the villages of `seed/divisions/`. Knows their shape,
//! draws nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::TownshipError;
use super::dice::{Bag, Letters};

const NAMES: &str = include_str!("../../../seed/demo/names.toml");
const TOWN: &str = include_str!("../../../seed/demo/township.toml");
const DIVISIONS: &str = include_str!("../../../seed/divisions/guangxi.csv");

/// Hamlets or residents' groups in one village.
const GROUPS: usize = 5;

/// Everything there is to draw from.
pub(super) struct Tables {
    pub(super) names: Names,
    pub(super) town: Town,
    /// By 12-digit code.
    pub(super) villages: BTreeMap<String, Village>,
}

/// `names.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub(super) rare_per_mille: u32,
    pub(super) rare: Letters,
    pub(super) dotted_per_mille: u32,
    pub(super) shared_per_mille: u32,
    pub(super) surnames: Bag,
    pub(super) ethnic: Bag,
    pub(super) generations: Vec<Generation>,
    pub(super) dotted: Dotted,
}

/// Given names of those born before a year.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Generation {
    pub(super) before: i32,
    pub(super) male: Given,
    pub(super) female: Given,
}

/// Characters of given names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    pub(super) single_per_mille: u32,
    pub(super) single: Letters,
    pub(super) first: Letters,
    pub(super) second: Letters,
}

/// Names with a middle dot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dotted {
    pub(super) ethnic: String,
    pub(super) division: String,
    pub(super) men: Vec<String>,
    pub(super) women: Vec<String>,
    pub(super) fathers: Vec<String>,
}

/// `township.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Town {
    pub(super) township: String,
    pub(super) address: String,
    pub(super) villages: Bag,
    hamlets: Hamlets,
    pub(super) town: Streets,
    pub(super) away: Away,
    pub(super) divisions: Divisions,
    pub(super) phone: Phone,
    pub(super) accounts: Vec<Account>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hamlets {
    beginnings: Letters,
    ends: Letters,
}

/// Streets of the communities.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Streets {
    pub(super) streets: Vec<String>,
}

/// Where people work far from home.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Away {
    pub(super) places: Vec<String>,
}

/// First six digits of ID numbers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Divisions {
    pub(super) reform: NaiveDate,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) married_in_before: Bag,
    pub(super) married_in_after: Bag,
}

/// Telephones.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phone {
    pub(super) prefix: String,
}

/// One sort of bank account.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    pub(super) weight: u32,
    pub(super) kind: String,
    pub(super) bank: String,
    pub(super) prefix: String,
    pub(super) digits: usize,
}

/// A village or community.
pub(super) struct Village {
    /// Short name: 北三村, 新城社区.
    pub(super) name: String,
    /// A village (行政村), not a community of the town.
    pub(super) rural: bool,
    /// Hamlets, or residents' groups in the town.
    pub(super) groups: Vec<String>,
}

impl Tables {
    /// Reads the built-in tables.
    pub(super) fn load() -> Result<Self, TownshipError> {
        let names: Names = read("names.toml", NAMES)?;
        let town: Town = read("township.toml", TOWN)?;
        let villages = villages(&town)?;
        if names.generations.is_empty() || town.accounts.iter().all(|account| account.weight == 0) {
            let message = "generations and accounts must not be empty".to_owned();
            return Err(TownshipError::Table { file: "names.toml, township.toml", message });
        }
        Ok(Self { names, town, villages })
    }

    /// The given names of a year of birth; the last generation has no end.
    pub(super) fn generation(&self, year: i32) -> Option<&Generation> {
        let generations = &self.names.generations;
        generations.iter().find(|generation| year < generation.before).or(generations.last())
    }

    /// First nine digits of the township's code: how person and household numbers begin.
    pub(super) fn prefix(&self) -> &str {
        self.town.township.get(..9).unwrap_or(&self.town.township)
    }
}

fn read<T: serde::de::DeserializeOwned>(file: &'static str, text: &str) -> Result<T, TownshipError> {
    toml::from_str(text).map_err(|error| TownshipError::Table { file, message: error.to_string() })
}

/// The villages that have households, with their names from the divisions.
fn villages(town: &Town) -> Result<BTreeMap<String, Village>, TownshipError> {
    let mut villages = BTreeMap::new();
    for (place, code) in town.villages.texts().enumerate() {
        let row = DIVISIONS.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let mut row = row.filter(|cells| {
            cells.first() == Some(&code) && cells.get(3).is_some_and(|parent| *parent == town.township)
        });
        let Some(full) = row.next().and_then(|cells| cells.get(1).copied()) else {
            return Err(TownshipError::Village(code.to_owned()));
        };
        let rural = full.ends_with("村民委员会");
        let name = full.strip_suffix("民委员会").or(full.strip_suffix("居委会")).unwrap_or(full).to_owned();
        let groups =
            (0..GROUPS).map(|group| group_name(town, rural, place * GROUPS + group, group)).collect();
        villages.insert(code.to_owned(), Village { name, rural, groups });
    }
    Ok(villages)
}

/// 咘隆屯 in a village, 第3居民小组 in the town. The two lists of characters have no common divisor in length, so no
/// hamlet stands in two villages.
fn group_name(town: &Town, rural: bool, index: usize, group: usize) -> String {
    if rural {
        format!("{}{}屯", town.hamlets.beginnings.around(index), town.hamlets.ends.around(index))
    } else {
        format!("第{}居民小组", group + 1)
    }
}
