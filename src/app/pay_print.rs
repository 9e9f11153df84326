//! The payment list as paper, with its two signature places (003 A97). Accounts are masked: whole numbers stand in the bank's
//! file alone. Knows payments and templates; must not know screens.

use std::collections::BTreeMap;

use xiangbao_core::event::PayKind;
use xiangbao_core::identity::masked_account;
use xiangbao_core::journal::hex;
use xiangbao_core::money::Fen;
use xiangbao_core::payment::PaymentList;
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::print_case::{Prepared, laid_out};
use super::print_data::Sheet;
use super::station::{Station, local};

/// The print template.
const TEMPLATE: &str = "payment-list";

impl Station {
    /// The paper of a list.
    ///
    /// # Errors
    /// When the actor may not, there is no such list, or a text does not fit.
    pub fn prepare_payment_list(&self, actor: &Actor, no: &str) -> Result<Prepared, AppError> {
        for action in [Action::ViewPayments, Action::PrintCase] {
            self.authorize(actor, action, &Subject::none())?;
        }
        let snapshot = self.snapshot()?;
        let list = self.list_of(&snapshot, no)?;
        self.looked(actor, "payment_paper", &list.sheet.no)?;
        let row = self.list_row(&snapshot, &list)?;
        let mut sheet = Sheet::new(self, &snapshot)?;
        let day = |wall_ms: i64| local(wall_ms).format("%Y-%m-%d").to_string();
        sheet.set("list.no", &row.no);
        sheet.set("list.bank", &row.bank);
        let payer =
            self.library.banks.get(&list.sheet.layout).and_then(|bank| bank.layout.payer_of(row.kind));
        sheet.set("list.payer", payer.map_or("", |payer| payer.name.as_str()));
        let (kind, basis) = match row.kind {
            PayKind::Benefit => ("待遇", "医疗费用结算单"),
            PayKind::Refund => ("重复缴费退费", "重复缴费退费申请表"),
        };
        sheet.set("list.kind", kind);
        sheet.set("list.basis", basis);
        sheet.set("list.made", &row.made);
        sheet.set("list.maker", &row.maker);
        sheet.set("list.checker", &row.checker);
        sheet.set("list.checked", &list.approved.as_ref().map(|by| day(by.wall_ms)).unwrap_or_default());
        sheet.set("list.count", &row.count.to_string());
        sheet.set("list.sum", &row.sum.to_grouped());
        sheet.set("list.capital", &row.sum.capitals());
        let digest = list.exported.as_ref().map(|(_, file)| hex(&file.digest));
        let digest: String = digest.unwrap_or_default().chars().take(16).collect();
        sheet.set("list.digest", &digest);
        let sample = self.library.banks.get(&list.sheet.layout).is_none_or(|bank| bank.layout.sample);
        sheet.set("print.mark", &mark(&list, sample, row.samples));
        sheet.table("pays", self.payment_rows(&list));
        laid_out(self.template(TEMPLATE)?, &sheet.done(), &list.sheet.no, self.now_ms())
    }

    /// Makes the paper and files it in the data folder's `prints/`.
    ///
    /// # Errors
    /// As [`Self::prepare_payment_list`], or when the disk refuses.
    pub fn print_payment_list(&self, actor: &Actor, no: &str) -> Result<std::path::PathBuf, AppError> {
        let prepared = self.prepare_payment_list(actor, no)?;
        let bytes = self.pdf(&prepared)?;
        self.write_print(&format!("{TEMPLATE}-{}-{}.pdf", no.trim(), self.now_ms()), &bytes)
    }

    fn payment_rows(&self, list: &PaymentList) -> Vec<BTreeMap<String, String>> {
        let codes = &self.library.codes;
        let rows = list.sheet.entries.iter().map(|entry| {
            let account = &entry.payee.account;
            let bank = codes.label("bank_type_code", &account.bank_type_code).unwrap_or_default();
            let result = match list.results.get(&entry.seq) {
                Some(result) if result.done => format!("{} 已支付", result.day),
                Some(result) => result.reason.clone(),
                None => String::new(),
            };
            let cells = [
                ("seq", entry.seq.to_string()),
                ("number", entry.number.clone()),
                ("psn_name", entry.psn_name.clone()),
                ("payee", account.name.clone()),
                ("kind", entry.payee.kind.label().to_owned()),
                ("bank", format!("{bank} {}", account.bank_name)),
                ("bankacct", masked_account(&account.bankacct)),
                ("amount", marked(entry.amount, entry.sample == Some(true))),
                ("run", entry.run.to_string()),
                ("result", result),
            ];
            cells.into_iter().map(|(slot, text)| (slot.to_owned(), text)).collect()
        });
        rows.collect()
    }
}

/// What the foot says of the whole list: how it stands, and what of it nobody verified.
fn mark(list: &PaymentList, layout: bool, figures: usize) -> String {
    let mut mark = list.status.label().to_owned();
    if layout {
        mark.push_str("　银行版式为示例");
    }
    if figures > 0 {
        mark.push_str(&format!("　{figures} 件按示例参数结算，未经核实"));
    }
    mark
}

/// An amount, marked where it rests on figures that nobody verified.
fn marked(amount: Fen, sample: bool) -> String {
    if sample { format!("{} 示例", amount.to_grouped()) } else { amount.to_grouped() }
}
