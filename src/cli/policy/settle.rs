//! `policy settle`: one bill under the law of an area, with every sum and its reason, for scripts and auditors. Knows
//! how a settlement is written; the calculation is the core's.

use std::path::Path;

use serde_json::{Value, json as object};
use xiangbao_core::money::Fen;
use xiangbao_core::policy::{Band, LayerUse, Settlement, YearToDate, settle as calculate};

use super::{exit_of, no_answer, pack, settle_case};
use crate::cli::args::PolicySettleArgs;
use crate::cli::output::{Exit, complain, json, say};

/// A case file is a bill of some hundred lines: longer is something else.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

pub(super) fn settle(folder: &Path, args: &PolicySettleArgs) -> Result<Exit, Exit> {
    let pack = pack(folder, &args.params)?;
    let input = settle_case::read(&text(&args.case)?).map_err(|fault| {
        complain(format!("{}：{fault}", args.case.display()));
        Exit::Usage
    })?;
    match calculate(&pack, &input) {
        Ok(found) if args.json => json(&answer(&found)),
        Ok(found) => table(&found),
        Err(gap) if args.json && exit_of(&gap) == Exit::Negative => {
            json(
                &object!({ "area": pack.area(), "pack_hash": pack.hash(), "no_rule": true, "reason": gap.to_string() }),
            );
            return Ok(Exit::Negative);
        }
        Err(gap) => return Err(no_answer(&gap)),
    }
    Ok(Exit::Done)
}

fn text(file: &Path) -> Result<String, Exit> {
    let name = file.display();
    let size = std::fs::metadata(file).map(|about| about.len());
    if size.is_ok_and(|size| size > MAX_BYTES) {
        complain(format!("{name}：文件超过 {MAX_BYTES} 字节，一个文件只写一笔结算"));
        return Err(Exit::Usage);
    }
    std::fs::read_to_string(file).map_err(|error| {
        complain(format!("{name}：读不出（{error}），请核对文件名"));
        Exit::Fault
    })
}

fn yuan(amount: Fen) -> Value {
    amount.to_yuan().into()
}

fn bands(bands: &[Band]) -> Value {
    let row = |band: &Band| {
        object!({
            "label": band.label, "base": yuan(band.base), "ratio": band.ratio, "amount": yuan(band.amount),
        })
    };
    bands.iter().map(row).collect()
}

fn year(year: &YearToDate) -> Value {
    let layer = |used: LayerUse| object!({ "base": yuan(used.base), "paid": yuan(used.paid) });
    let quotas = year.quotas.iter().map(|quota| {
        object!({
            "dise_codg": quota.dise_codg, "quarter": quota.quarter, "amount": yuan(quota.amount),
        })
    });
    object!({
        "fund_paid": yuan(year.fund_paid), "deductible_paid": yuan(year.deductible_paid),
        "admissions": year.admissions, "basic_paid": yuan(year.basic_paid),
        "big_illness": layer(year.big_illness), "supplement": layer(year.supplement),
        "assistance": layer(year.assistance), "tilt": layer(year.tilt), "quotas": quotas.collect::<Value>(),
    })
}

/// The amounts under the names of `setlinfo` (transaction 2304).
fn setlinfo(found: &Settlement) -> Value {
    let none = yuan(Fen::ZERO);
    object!({
        "medfee_sumamt": yuan(found.medfee_sumamt), "fulamt_ownpay_amt": yuan(found.fulamt_ownpay_amt),
        "overlmt_selfpay": yuan(found.overlmt_selfpay), "preselfpay_amt": yuan(found.preselfpay_amt),
        "inscp_scp_amt": yuan(found.inscp_scp_amt), "act_pay_dedc": yuan(found.act_pay_dedc),
        "hifp_pay": yuan(found.hifp_pay), "pool_prop_selfpay": found.pool_prop_selfpay().to_string(),
        "cvlserv_pay": none, "hifes_pay": none, "hifmi_pay": yuan(found.hifmi_pay), "hifob_pay": none,
        "maf_pay": yuan(found.maf_pay), "oth_pay": yuan(found.oth_pay),
        "fund_pay_sumamt": yuan(found.fund_pay_sumamt), "psn_part_amt": yuan(found.psn_part_amt),
        "acct_pay": none, "acct_mulaid_pay": none, "psn_cash_pay": yuan(found.psn_cash_pay()),
        "hosp_part_amt": none, "year": found.year, "refd_setl_flag": if found.refd_setl_flag { "1" } else { "0" },
    })
}

/// The whole answer as JSON; amounts and ratios are text.
fn answer(found: &Settlement) -> Value {
    let detail = found.setldetail();
    let detail = detail.iter().map(|row| {
        object!({
            "fund_pay_type": row.fund_pay_type, "fund_pay_type_name": row.fund_pay_type_name,
            "inscp_scp_amt": yuan(row.inscp_scp_amt), "crt_payb_lmt_amt": row.crt_payb_lmt_amt.map(yuan),
            "fund_payamt": yuan(row.fund_payamt),
        })
    });
    let layers = found.layers.iter().map(|row| {
        object!({
            "topic": row.topic, "base": yuan(row.base), "threshold": yuan(row.threshold),
            "limit": row.limit.map(yuan), "over_cap": yuan(row.over_cap), "paid": yuan(row.paid),
            "bands": bands(&row.bands),
        })
    });
    let kinds = found.fee_kinds.iter().map(|kind| {
        object!({
            "med_chrgitm_type": kind.kind, "amount": yuan(kind.amount), "class_a": yuan(kind.class_a),
            "first_paid": yuan(kind.first_paid), "own": yuan(kind.own),
        })
    });
    let trace = found.trace.iter().map(|step| {
        object!({
            "label": step.label, "formula": step.formula, "amount": yuan(step.amount), "rule": step.rule,
            "article": step.article, "document": step.document, "sample": step.sample,
        })
    });
    object!({
        "area": found.area, "pack_hash": found.pack_hash, "benefit": found.benefit,
        "rule_date": found.rule_date, "sample": found.sample, "not_computed": found.absent,
        "setlinfo": setlinfo(found), "setldetail": detail.collect::<Value>(),
        "guarantee_amt": yuan(found.guarantee_amt), "over_cap_amt": yuan(found.over_cap_amt),
        "bands": bands(&found.bands), "layers": layers.collect::<Value>(),
        "fee_kinds": kinds.collect::<Value>(), "year_own": year(&found.year_own),
        "year_after": year(&found.year_after), "trace": trace.collect::<Value>(),
    })
}

/// The answer for people: the amounts, then each with its reason.
fn table(found: &Settlement) {
    say(format!("{}\t{}\t规则日期 {}\t{} 年", found.area, found.benefit, found.rule_date, found.year));
    if found.sample {
        say("示例参数，未经核实：结果只供试算，不得作为政策告知参保人。");
    }
    if !found.absent.is_empty() {
        say(format!("没有参数、未计算：{}", found.absent.join("、")));
    }
    for (label, amount) in [
        ("医疗费总额", found.medfee_sumamt),
        ("全自费", found.fulamt_ownpay_amt),
        ("超限价自费", found.overlmt_selfpay),
        ("先行自付", found.preselfpay_amt),
        ("政策范围内", found.inscp_scp_amt),
        ("实际支付起付线", found.act_pay_dedc),
        ("统筹基金支付", found.hifp_pay),
        ("大病保险支付", found.hifmi_pay),
        ("补充保险支付", found.oth_pay),
        ("医疗救助支付", found.maf_pay),
        ("基金支付总额", found.fund_pay_sumamt),
        ("个人负担", found.psn_part_amt),
    ] {
        say(format!("{label}\t{}", amount.to_grouped()));
    }
    say("怎样算出：");
    for step in &found.trace {
        let mark = if step.sample { "\t示例" } else { "" };
        say(format!(
            "{}\t{}\t{}\t{} {}\t{}{mark}",
            step.label,
            step.amount.to_grouped(),
            step.formula,
            step.document,
            step.article,
            step.rule
        ));
    }
}
