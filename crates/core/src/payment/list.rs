//! A payment list as the fold of its events. Knows nothing of what is allowed next.

use std::collections::BTreeMap;

use crate::case::Step;
use crate::event::{BankFile, Event, LineFinding, LineResult, PayEntry, PaymentSheet};
use crate::money::Fen;

/// Where a list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum ListStatus {
    /// Waits for the second person.
    #[n(1)]
    Made,
    /// Its file may be written.
    #[n(2)]
    Approved,
    /// Given up before its file was written. Final.
    #[n(3)]
    Closed,
    /// The bank has it or may have it.
    #[n(4)]
    Exported,
    /// The bank answered a part.
    #[n(5)]
    Partly,
    /// The bank answered every line. Final.
    #[n(6)]
    Done,
}

impl ListStatus {
    /// The word on screen and paper.
    pub fn label(self) -> &'static str {
        match self {
            Self::Made => "待复核",
            Self::Approved => "待报盘",
            Self::Closed => "已退回",
            Self::Exported => "待回盘",
            Self::Partly => "部分回盘",
            Self::Done => "已回盘",
        }
    }

    /// The word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Approved => "approved",
            Self::Closed => "closed",
            Self::Exported => "exported",
            Self::Partly => "partly",
            Self::Done => "done",
        }
    }
}

/// A payment list.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct PaymentList {
    /// What was made.
    #[n(0)]
    pub sheet: PaymentSheet,
    /// Standing.
    #[n(1)]
    pub status: ListStatus,
    /// Who made it.
    #[n(2)]
    pub made: Step,
    /// Who approved it.
    #[n(3)]
    pub approved: Option<Step>,
    /// Who gave it up, and why.
    #[n(4)]
    pub closed: Option<(Step, String)>,
    /// Who wrote its file, and what it was.
    #[n(5)]
    pub exported: Option<(Step, BankFile)>,
    /// The bank's answers by line number.
    #[n(6)]
    pub results: BTreeMap<u32, LineResult>,
    /// What of the bank's files was not taken, with when.
    #[n(7)]
    pub findings: Vec<(Step, LineFinding)>,
}

impl PaymentList {
    /// The first event opens the list; anything else returns none.
    pub fn open(event: &Event, by: &Step) -> Option<Self> {
        let Event::PaymentListMade { sheet } = event else { return None };
        Some(Self {
            sheet: (**sheet).clone(),
            status: ListStatus::Made,
            made: by.clone(),
            approved: None,
            closed: None,
            exported: None,
            results: BTreeMap::new(),
            findings: Vec::new(),
        })
    }

    /// Takes in the next event. Events of other lists change nothing.
    pub fn apply(&mut self, event: &Event, by: &Step) {
        match event {
            Event::PaymentListApproved { no } if *no == self.sheet.no => {
                self.approved = Some(by.clone());
                self.status = ListStatus::Approved;
            }
            Event::PaymentListClosed { no, reason } if *no == self.sheet.no => {
                self.closed = Some((by.clone(), reason.clone()));
                self.status = ListStatus::Closed;
            }
            Event::PaymentExported { no, file } if *no == self.sheet.no => {
                self.exported = Some((by.clone(), file.clone()));
                self.status = ListStatus::Exported;
            }
            Event::PaymentReturned { no, taken } if *no == self.sheet.no => {
                for result in &taken.results {
                    self.results.insert(result.seq, result.clone());
                }
                self.findings.extend(taken.findings.iter().map(|finding| (by.clone(), finding.clone())));
                self.status = match self.results.len() {
                    0 => ListStatus::Exported,
                    some if some < self.sheet.entries.len() => ListStatus::Partly,
                    _ => ListStatus::Done,
                };
            }
            _ => {}
        }
    }

    /// The line with this number.
    pub fn entry(&self, seq: u32) -> Option<&PayEntry> {
        self.sheet.entries.iter().find(|entry| entry.seq == seq)
    }

    /// Lines and sum of what the bank paid.
    pub fn paid(&self) -> (usize, Fen) {
        self.counted(true)
    }

    /// Lines and sum of what the bank did not pay.
    pub fn failed(&self) -> (usize, Fen) {
        self.counted(false)
    }

    fn counted(&self, done: bool) -> (usize, Fen) {
        let lines = self.results.values().filter(|result| result.done == done);
        let amounts = lines.filter_map(|result| self.entry(result.seq)).map(|entry| entry.amount);
        let (count, sum) =
            amounts.fold((0, 0_i64), |(count, sum), amount| (count + 1, sum.saturating_add(amount.0)));
        (count, Fen(sum))
    }
}
