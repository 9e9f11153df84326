//! The last table of the headless demo, and whether all of it is so.

use std::collections::BTreeSet;

use xiangbao_core::case::PayState;
use xiangbao_core::money::Fen;

use crate::app::{Reach, Verified};

/// One case.
#[derive(Clone, Debug)]
pub struct Line {
    /// Printed number.
    pub number: String,
    /// What it is.
    pub title: String,
    /// It took effect.
    pub effective: bool,
    /// Who decided, in the order of the levels.
    pub persons: Vec<String>,
    /// Total of the bill, for a reimbursement.
    pub total: Option<Fen>,
    /// Paid by the fund.
    pub fund: Option<Fen>,
    /// Where the fund's money is, in a word; empty where it pays nothing.
    pub paid: &'static str,
    /// Documents with their pages.
    pub files: Vec<(String, u32)>,
    /// How far it came.
    pub city: Reach,
    /// The city accepted it.
    pub accepted: bool,
    /// Identifier of the city's receipt that covers its last decision; empty when there is none.
    pub receipt: String,
}

/// Everything the walk found.
#[derive(Clone, Debug)]
pub struct Report {
    /// Persons and households.
    pub size: (u64, u64),
    /// One line a case.
    pub lines: Vec<Line>,
    /// Keys typed.
    pub keystrokes: u64,
    /// Walk of the journal.
    pub verdict: Verified,
}

impl Report {
    /// What is not as it must be; empty means the demo succeeded.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.lines.len() != 5 {
            faults.push(format!("应有 5 件，实为 {}", self.lines.len()));
        }
        for line in &self.lines {
            let different: BTreeSet<&String> = line.persons.iter().collect();
            if line.persons.len() != 3 || different.len() != 3 {
                faults.push(format!("{}：应由三人审核，实为 {}", line.number, line.persons.join("、")));
            }
            if !line.effective {
                faults.push(format!("{}：没有生效", line.number));
            }
            if !line.accepted || line.receipt.is_empty() {
                faults.push(format!("{}：市级未核，或没有回执", line.number));
            }
            if line.fund.is_some_and(|fund| fund > Fen(0)) && line.paid != PayState::Paid.label() {
                faults.push(format!("{}：基金支付没有到账，付款为【{}】", line.number, line.paid));
            }
            if line.files.is_empty() || line.files.iter().any(|(_, pages)| *pages == 0) {
                faults.push(format!("{}：没有打印", line.number));
            }
        }
        if !self.lines.iter().any(|line| line.fund.is_some_and(|fund| fund > Fen(0))) {
            faults.push("没有一件报销有基金支付".to_owned());
        }
        faults.extend(self.verdict.findings.iter().map(|finding| format!("走查：{finding:?}")));
        faults
    }

    /// The table as lines of text.
    pub fn table(&self) -> Vec<String> {
        let mut out = vec![format!(
            "虚构乡镇 {} 户 {} 人；键入 {} 键；业务日志 {} 笔，投影 {} 条",
            self.size.1, self.size.0, self.keystrokes, self.verdict.operations, self.verdict.records
        )];
        for line in &self.lines {
            let amounts = match (line.total, line.fund) {
                (Some(total), Some(fund)) => {
                    format!("总额 {} 基金 {}（示例参数）", total.to_grouped(), fund.to_grouped())
                }
                _ => "-".to_owned(),
            };
            let files: Vec<String> =
                line.files.iter().map(|(document, pages)| format!("{document} {pages}页")).collect();
            out.push(format!("{}  {}", line.number, line.title));
            let paid = if line.paid.is_empty() { String::new() } else { format!("  付款 {}", line.paid) };
            out.push(format!("    审核 {}  金额 {amounts}{paid}", line.persons.join(" > ")));
            let receipt = line.receipt.get(..16).unwrap_or(&line.receipt);
            out.push(format!("    市级 {}  回执 {receipt}", line.city.label()));
            out.push(format!("    文书 {}", files.join("；")));
        }
        out
    }
}
