//! What a timeline says of a case's money: its own line of a list, its own answer of a bank. Knows events; must not know lists
//! or screens.

use xiangbao_core::case::Case;
use xiangbao_core::event::Event;
use xiangbao_core::identity::masked_account;

/// The words for an event about money; none for any other.
pub(super) fn money_detail(case: &Case, event: &Event) -> Option<String> {
    Some(match event {
        Event::PaymentListMade { sheet } => {
            let own = sheet.entries.iter().find(|entry| entry.number == case.number)?;
            let account = masked_account(&own.payee.account.bankacct);
            let (kind, name) = (own.payee.kind.label(), &own.payee.account.name);
            let run = if own.run > 1 { format!("，第 {} 次付款", own.run) } else { String::new() };
            format!(
                "{} 第 {} 笔 {} 元，{kind} {name} {account}{run}",
                sheet.no,
                own.seq,
                own.amount.to_grouped()
            )
        }
        Event::PaymentListApproved { no } => no.clone(),
        Event::PaymentListClosed { no, reason } => format!("{no}：{reason}"),
        Event::PaymentExported { no, file } => format!("{no}，{}", file.name),
        Event::PaymentReturned { no, taken } => {
            let pay = case.payment.as_ref();
            // The case knows its line of its last list; of an earlier one the timeline names the list alone.
            let seq = pay.filter(|pay| pay.list == *no).map(|pay| pay.seq);
            match taken.results.iter().find(|result| Some(result.seq) == seq) {
                Some(result) if result.done => format!("{no}：{} 已支付", result.day),
                Some(result) => format!("{no}：{} 未付，{}", result.day, result.reason),
                None => no.clone(),
            }
        }
        Event::PaymentRecovered { recovery } => {
            format!("{} 元，{}，凭证 {}", recovery.amount.to_grouped(), recovery.day, recovery.voucher)
        }
        Event::AccountCorrected { correction } => {
            let account = correction.values.get("bankacct").map(|account| masked_account(account));
            let name = correction.values.get("acct_name").cloned();
            let words: Vec<String> =
                name.into_iter().chain(account).chain([correction.reason.clone()]).collect();
            words.join(" ")
        }
        Event::AccountTaken => "从初审起各级通过，可以付款".to_owned(),
        _ => return None,
    })
}
