//! What a bank's answer means for the lines that were sent: each line finds its own by reference, account and amount, or it
//! is a finding. Knows lines; must not know files.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::{LineFinding, LineResult};
use crate::identity::masked_account;
use crate::money::Fen;

/// A line that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Account.
    pub bankacct: String,
    /// Name on it, as it was written.
    pub name: String,
    /// Amount.
    pub amount: Fen,
    /// What the bank said before, if anything.
    pub answered: Option<LineResult>,
}

/// What a line of a returned file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Line, from 1.
    pub line: u32,
    /// Number within the list.
    pub seq: u32,
    /// Account, where the layout has it.
    pub bankacct: Option<String>,
    /// Name, where the layout has it.
    pub name: Option<String>,
    /// Amount.
    pub amount: Fen,
    /// The money moved.
    pub done: bool,
    /// The bank's code.
    pub code: String,
    /// What it means; empty when done.
    pub reason: String,
    /// The bank's day, `YYYY-MM-DD`.
    pub day: String,
    /// The account must be put right before another attempt.
    pub correct: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// Lines to be taken.
    pub results: Vec<LineResult>,
    /// Lines that are not taken, and why.
    pub findings: Vec<LineFinding>,
    /// Lines that say again what was taken before.
    pub known: usize,
}

/// Matches a returned file with the lines that were sent. A line that stands twice is not taken at all: which of the two is
/// true only the bank knows.
pub fn matched(sent: &BTreeMap<u32, Sent>, said: &[Said]) -> Matched {
    let mut seen = BTreeSet::new();
    let twice: BTreeSet<u32> = said.iter().map(|line| line.seq).filter(|seq| !seen.insert(*seq)).collect();
    let mut matched = Matched::default();
    for line in said {
        match judge(sent.get(&line.seq), line, twice.contains(&line.seq)) {
            Ok(true) => matched.known += 1,
            Ok(false) => matched.results.push(LineResult {
                seq: line.seq,
                line: line.line,
                done: line.done,
                code: line.code.clone(),
                reason: line.reason.clone(),
                day: line.day.clone(),
                correct: line.correct,
            }),
            Err(text) => matched.findings.push(LineFinding { line: line.line, text }),
        }
    }
    matched
}

/// Whether a line says again what is known; why it cannot be taken.
fn judge(sent: Option<&Sent>, said: &Said, twice: bool) -> Result<bool, String> {
    let seq = said.seq;
    let Some(sent) = sent else {
        return Err(format!("序号 {seq} 不在本单中：没有采用。请与银行核对是否回错了文件。"));
    };
    if twice {
        return Err(format!("序号 {seq} 在文件中出现不止一次：都没有采用。请银行更正后重新回盘。"));
    }
    if said.bankacct.as_ref().is_some_and(|account| *account != sent.bankacct) {
        let own = masked_account(&sent.bankacct);
        return Err(format!("序号 {seq} 的账号与报盘（{own}）不一致：没有采用。请与银行核对。"));
    }
    if said.name.as_ref().is_some_and(|name| *name != sent.name) {
        return Err(format!("序号 {seq} 的户名与报盘不一致：没有采用。请与银行核对。"));
    }
    if said.amount != sent.amount {
        let (own, other) = (sent.amount.to_grouped(), said.amount.to_grouped());
        return Err(format!("序号 {seq} 的金额 {other} 与报盘 {own} 不一致：没有采用。请与银行核对。"));
    }
    match &sent.answered {
        None => Ok(false),
        Some(before) if before.done == said.done => Ok(true),
        Some(before) => {
            let word = |done: bool| if done { "成功" } else { "失败" };
            Err(format!(
                "序号 {seq} 以前回盘为{}，这次为{}：没有采用。请与银行核对，退汇的办理追回或重付须有银行凭证。",
                word(before.done),
                word(said.done)
            ))
        }
    }
}
