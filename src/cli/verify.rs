//! `verify`: walks the journal, rebuilds every projection and compares.

use xiangbao_core::journal::hex;

use super::output::{Exit, complain, failed, json, say};
use crate::app::Station;
use crate::store::verify::Finding;

/// Operations between two lines of progress.
const STRIDE: u64 = 5_000;

/// Walks, and names the first bad record.
pub fn verify(station: &Station, as_json: bool) -> Exit {
    let mut told = 0;
    let mut progress = |done: u64, total: u64| {
        if done >= told + STRIDE {
            told = done;
            complain(format!("已走查 {done}/{total}"));
        }
        true
    };
    let verdict = match station.verify(&station.machine_actor(), &mut progress) {
        Ok(Some(verdict)) => verdict,
        Ok(None) => return Exit::Negative,
        Err(error) => return failed(&error),
    };
    let scans = match station.check_scans(&station.machine_actor(), &mut |_, _| true) {
        Ok(scans) => scans,
        Err(error) => return failed(&error),
    };
    let mut findings: Vec<String> = verdict.findings.iter().map(sentence).collect();
    findings.extend(scans.iter().map(|fault| {
        let how = if fault.altered { "与受理时不同" } else { "不在数据文件夹内" };
        format!("办件 {} 材料 {} 的扫描件{how}", fault.number, fault.material)
    }));
    let head = hex(&verdict.head.hash);
    if as_json {
        json(&serde_json::json!({
            "ok": findings.is_empty(),
            "operations": verdict.operations,
            "records": verdict.records,
            "head": { "seq": verdict.head.seq, "hash": head },
            "findings": findings,
        }));
    } else {
        say(format!("业务日志 {} 笔，投影 {} 条，链头 {}", verdict.operations, verdict.records, &head[..20]));
        for finding in &findings {
            say(finding);
        }
        say(if findings.is_empty() {
            "链条完整，投影与日志一致。"
        } else {
            "发现不符。请保留现场，联系管理员。"
        });
    }
    if findings.is_empty() { Exit::Done } else { Exit::Negative }
}

fn sentence(finding: &Finding) -> String {
    match finding {
        Finding::Chain { seq, what } => format!("第 {seq} 笔链条断开：{what}"),
        Finding::Payload { seq, what } => format!("第 {seq} 笔内容无法识别：{what}"),
        Finding::Head { walked, recorded } => format!("链尾不符：走到 {walked}，记录为 {recorded}"),
        Finding::Derived { table, key, how } => {
            let how = match *how {
                "missing" => "缺少",
                "superfluous" => "多余",
                _ => "不同",
            };
            format!("投影 {table} 记录 {key} {how}")
        }
    }
}
