//! A deduction list (代扣, 003 A23) as the fold of its events. Knows nothing of what is due or how it is booked.

use std::collections::BTreeMap;

use crate::case::Step;
use crate::event::{DeductEntry, DeductionSheet, Event, LineFinding, LineResult};
use crate::money::Fen;

/// A deduction list.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct DeductionList {
    /// What was made, with its file.
    #[n(0)]
    pub sheet: DeductionSheet,
    /// Who made it.
    #[n(1)]
    pub made: Step,
    /// The bank's answers by line number.
    #[n(2)]
    pub results: BTreeMap<u32, LineResult>,
    /// What of the bank's files was not taken, with when.
    #[n(3)]
    pub findings: Vec<(Step, LineFinding)>,
}

impl DeductionList {
    /// The first event opens the list; anything else returns none.
    pub fn open(event: &Event, by: &Step) -> Option<Self> {
        let Event::DeductionMade { sheet } = event else { return None };
        let sheet = (**sheet).clone();
        Some(Self { sheet, made: by.clone(), results: BTreeMap::new(), findings: Vec::new() })
    }

    /// Takes in the next event. Events of other lists change nothing.
    pub fn apply(&mut self, event: &Event, by: &Step) {
        let Event::DeductionReturned { no, taken, .. } = event else { return };
        if *no != self.sheet.no {
            return;
        }
        for result in &taken.results {
            self.results.insert(result.seq, result.clone());
        }
        self.findings.extend(taken.findings.iter().map(|finding| (by.clone(), finding.clone())));
    }

    /// The line with this number.
    pub fn entry(&self, seq: u32) -> Option<&DeductEntry> {
        self.sheet.entries.iter().find(|entry| entry.seq == seq)
    }

    /// Whether the bank answered every line.
    pub fn is_done(&self) -> bool {
        self.results.len() >= self.sheet.entries.len()
    }

    /// Lines and sum that the bank collected (`true`) or did not.
    pub fn counted(&self, done: bool) -> (usize, Fen) {
        let lines = self.results.values().filter(|result| result.done == done);
        let amounts = lines.filter_map(|result| self.entry(result.seq)).map(|entry| entry.amount);
        let (count, sum) =
            amounts.fold((0, 0_i64), |(count, sum), amount| (count + 1, sum.saturating_add(amount.0)));
        (count, Fen(sum))
    }

    /// The line of a person, with what the bank said of it.
    pub fn of_person(&self, psn_no: &str) -> Option<(&DeductEntry, Option<&LineResult>)> {
        let own = |entry: &&DeductEntry| entry.persons.iter().any(|person| person.psn_no == psn_no);
        let entry = self.sheet.entries.iter().find(own)?;
        Some((entry, self.results.get(&entry.seq)))
    }
}
