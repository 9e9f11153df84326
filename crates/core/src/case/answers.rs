//! Findings of a case and what its levels answered: which are open, for whom. Knows the list that came with the case; must
//! not know the rules that gave it.

use super::fold::{Case, Status, Step};
use crate::event::{Level, Replied, Who};
use crate::findings::{Raised, Reply};

/// One answer of one level to one finding.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Answered {
    /// Who and when.
    #[n(0)]
    pub by: Step,
    /// For which level.
    #[n(1)]
    pub level: Level,
    /// Which finding, and the answer.
    #[n(2)]
    pub replied: Replied,
    /// Round of the case.
    #[n(3)]
    pub round: u16,
    /// The person, when it was answered at another station.
    #[n(4)]
    pub elsewhere: Option<Who>,
}

impl Case {
    /// What was found in the case; empty for a case that no rules judged.
    pub fn findings(&self) -> &[Raised] {
        self.filing.findings.as_ref().map_or(&[], |pinned| pinned.list.as_slice())
    }

    /// All answers, oldest first.
    pub fn answers(&self) -> &[Answered] {
        self.answers.as_deref().unwrap_or_default()
    }

    /// The last answer of a level to a finding in this round.
    pub fn answer_of(&self, raised: &Raised, level: Level) -> Option<&Answered> {
        self.answers().iter().rev().find(|answered| {
            answered.round == self.round && answered.level == level && answered.replied.is_to(raised)
        })
    }

    /// The findings that a level has to answer and has not, in this round.
    pub fn open_findings(&self, level: Level) -> Vec<&Raised> {
        let asked = self.findings().iter().filter(|raised| raised.asks(level.id()));
        asked.filter(|raised| self.answer_of(raised, level).is_none()).collect()
    }

    /// The findings that a level holds to be true: it does not agree then.
    pub fn sustained(&self, level: Level) -> Vec<&Raised> {
        let holds = |raised: &&Raised| {
            self.answer_of(raised, level).is_some_and(|found| found.replied.reply == Reply::Sustained)
        };
        self.findings().iter().filter(holds).collect()
    }

    /// What a level answered in this round, for the station that gets its decision: the last word about each finding.
    pub fn replies_of(&self, level: Level, round: u16) -> Vec<Replied> {
        let own = self.answers().iter().filter(|answered| answered.level == level && answered.round == round);
        let mut replies: Vec<Replied> = Vec::new();
        for answered in own {
            replies
                .retain(|other| other.code != answered.replied.code || other.about != answered.replied.about);
            replies.push(answered.replied.clone());
        }
        replies
    }

    pub(super) fn raise(&mut self, findings: &[Raised]) {
        let Some(pinned) = &mut self.filing.findings else { return };
        for raised in findings {
            if !pinned.list.iter().any(|known| known.is(&raised.code, &raised.about)) {
                pinned.list.push(raised.clone());
            }
        }
    }

    pub(super) fn answered(&mut self, level: Level, replied: &Replied, by: &Step, elsewhere: Option<&Who>) {
        if self.status != Status::Review(level) {
            return;
        }
        let answered = Answered {
            by: by.clone(),
            level,
            replied: replied.clone(),
            round: self.round,
            elsewhere: elsewhere.cloned(),
        };
        self.answers.get_or_insert_default().push(answered);
    }
}
