//! Money of one case at the city: what it pays by its own form and settlement, and that a reversal takes back exactly what was
//! done, by the rules that the station uses. Knows the fold of a case; must not know lists.

use xiangbao_core::case::{Case, may_reverse};
use xiangbao_core::event::Recovery;
use xiangbao_core::money::Fen;
use xiangbao_core::payment::recover;
use xiangbao_core::policy::Settlement;
use xiangbao_core::register::{Accumulation, Change, RecordKey, refund_amount};

use crate::city::{Judged, objection};

/// What a case pays: a settlement that adds up, or what its form gives back, never both.
pub(crate) fn effect(case: &Case, settlement: Option<&Settlement>, refund: Option<Fen>) -> Judged {
    match (settlement, refund) {
        (Some(_), Some(_)) => objection("money", "一件业务不能既结算待遇又退费。"),
        (Some(settled), None) if settled.refd_setl_flag => objection("money", "生效的结算不能是退费结算。"),
        (Some(settled), None) => match settled.check() {
            Ok(()) => Ok(()),
            Err(gap) => objection("money", format!("结算各项不平，市级不认可：{gap}。")),
        },
        (None, Some(refund)) => match refund_amount(&case.filing.data) {
            Ok(asked) if asked == refund && refund > Fen::ZERO => Ok(()),
            _ => objection("money", "退费金额与申请表不一致，市级不认可。"),
        },
        (None, None) => Ok(()),
    }
}

/// Whether the money lets the case be reversed: not while a list holds it or the bank may be paying it.
pub(crate) fn free(case: &Case) -> Judged {
    match may_reverse(case) {
        Ok(()) => Ok(()),
        Err(refusal) => objection("payment", refusal.zh()),
    }
}

/// A reversal writes the exact negative of the settlement, and the year goes back by exactly what the settlement added. A
/// journal from before negatives were written has none.
pub(crate) fn reversal(case: &Case, changes: &[Change], negative: Option<&Settlement>) -> Judged {
    let (original, negative) = match (&case.settlement, negative) {
        (_, None) => return Ok(()),
        (None, Some(_)) => return objection("money", "这件业务没有结算，不能有退费结算。"),
        (Some(original), Some(negative)) => (original, negative),
    };
    if let Err(gap) = negative.check_negative_of(original) {
        return objection("money", format!("退费结算与原结算不能相抵，市级不认可：{gap}。"));
    }
    for done in &case.changes {
        let Change::Accumulation { record: after, .. } = done else { continue };
        let key = RecordKey::Accumulation(after.psn_no.clone(), after.year, after.benefit.clone());
        let back = changes.iter().find_map(|change| match change {
            Change::Accumulation { record, .. } if change.key() == key => Some(record),
            _ => None,
        });
        let whole = back.map(Accumulation::used).and_then(|back| back.plus(&original.year_own));
        if whole != Some(after.used()) {
            return objection("money", "冲正后的年度累计不等于冲正前减去这笔结算，市级不认可。");
        }
    }
    Ok(())
}

/// What came back is part of what is claimed.
pub(crate) fn recovered(case: &Case, recovery: &Recovery) -> Judged {
    match recover(case, recovery.clone()) {
        Ok(_) => Ok(()),
        Err(refusal) => objection("payment", refusal.zh()),
    }
}
