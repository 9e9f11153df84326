//! Settlements as a table under the names of the national interface (2304 `setlinfo`, `setldetail`; 5203 for the refund
//! flag): each settlement that took effect, and behind it the refund settlement of its reversal with the opposite signs and
//! the number of the original. Knows settled cases; must not know how a file is written.

use xiangbao_core::case::{Case, Step};
use xiangbao_core::event::{Level, Verdict};
use xiangbao_core::form::{Effect, FormDef};
use xiangbao_core::identity::masked_certno;
use xiangbao_core::money::Fen;
use xiangbao_core::policy::Settlement;

use super::reverse_case::setl_id;
use super::station::local;

/// Which of the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SettlementTable {
    /// One line a settlement.
    Info,
    /// One line a fund of a settlement.
    Detail,
}

/// What stands before the amounts of `setlinfo`.
const INFO: [(&str, &str); 10] = [
    ("setl_id", "结算ID"),
    ("init_setl_id", "原结算ID"),
    ("refd_setl_flag", "退费结算标志"),
    ("psn_no", "人员编号"),
    ("psn_name", "人员姓名"),
    ("psn_cert_type", "人员证件类型"),
    ("certno", "证件号码"),
    ("setl_time", "结算时间"),
    ("med_type", "医疗类别"),
    ("year", "年度"),
];

/// The columns of `setldetail`.
const DETAIL: [(&str, &str); 7] = [
    ("setl_id", "结算ID"),
    ("refd_setl_flag", "退费结算标志"),
    ("fund_pay_type", "基金支付类型"),
    ("fund_pay_type_name", "基金支付类型名称"),
    ("inscp_scp_amt", "符合政策范围金额"),
    ("crt_payb_lmt_amt", "本次可支付限额金额"),
    ("fund_payamt", "基金支付金额"),
];

impl SettlementTable {
    /// The table of this name, for forms that settle a bill.
    pub(super) fn named(def: &FormDef, table: Option<&str>) -> Option<Self> {
        let settles = def.effect == Effect::Reimburse;
        match table.filter(|_| settles)? {
            "setlinfo" => Some(Self::Info),
            "setldetail" => Some(Self::Detail),
            _ => None,
        }
    }

    /// Names and labels of its columns.
    pub(super) fn columns(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Info => {
                let amounts = Settlement::AMOUNTS.into_iter();
                let share = [("pool_prop_selfpay", "基本医疗保险统筹基金支付比例")];
                INFO.into_iter().chain(amounts).chain(share).collect()
            }
            Self::Detail => DETAIL.to_vec(),
        }
    }

    /// The lines of a case: none before its effect.
    pub(super) fn lines(self, case: &Case, masked: bool) -> Vec<Vec<String>> {
        let original = case.settlement.as_ref().map(|settled| (settled, case.effect.as_ref()));
        let refund = case.negative.as_deref().map(|settled| (settled, reversed(case)));
        let both = original.into_iter().chain(refund);
        both.flat_map(|(settled, step)| match self {
            Self::Info => vec![info(case, settled, step, masked)],
            Self::Detail => detail(case, settled),
        })
        .collect()
    }
}

/// Who had the last word about the reversal, and when.
fn reversed(case: &Case) -> Option<&Step> {
    let last = |review: &&xiangbao_core::case::Review| {
        review.reversal && review.level == Level::Approval && review.verdict == Verdict::Passed
    };
    case.reviews.iter().rfind(last).map(|review| &review.by)
}

fn flag(settled: &Settlement) -> String {
    if settled.refd_setl_flag { "1" } else { "0" }.to_owned()
}

fn info(case: &Case, settled: &Settlement, step: Option<&Step>, masked: bool) -> Vec<String> {
    let data = &case.filing.data;
    let refund = settled.refd_setl_flag;
    let certno = data.field("certno");
    let time = |step: &Step| local(step.wall_ms).format("%Y-%m-%d %H:%M:%S").to_string();
    let head = [
        setl_id(case, refund),
        if refund { setl_id(case, false) } else { String::new() },
        flag(settled),
        data.field("psn_no").to_owned(),
        data.field("psn_name").to_owned(),
        data.field("psn_cert_type").to_owned(),
        if masked { masked_certno(certno) } else { certno.to_owned() },
        step.map(time).unwrap_or_default(),
        data.field("med_type").to_owned(),
        settled.year.to_string(),
    ];
    let amounts = settled.amounts().map(|(_, _, amount)| amount.to_yuan());
    head.into_iter().chain(amounts).chain([settled.pool_prop_selfpay().to_string()]).collect()
}

fn detail(case: &Case, settled: &Settlement) -> Vec<Vec<String>> {
    let rows = settled.setldetail().into_iter().map(|row| {
        vec![
            setl_id(case, settled.refd_setl_flag),
            flag(settled),
            row.fund_pay_type.to_owned(),
            row.fund_pay_type_name.to_owned(),
            row.inscp_scp_amt.to_yuan(),
            row.crt_payb_lmt_amt.map(Fen::to_yuan).unwrap_or_default(),
            row.fund_payamt.to_yuan(),
        ]
    });
    rows.collect()
}
