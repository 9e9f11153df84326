//! `id check`: a certificate number, with the reason.

use xiangbao_core::identity::check_certificate;

use super::output::{Exit, json, say};
use crate::app::{Clock, SystemClock, local};

/// Checks a number.
pub fn check(number: &str, kind: &str, as_json: bool) -> Exit {
    let today = local(SystemClock.now_ms()).date_naive();
    match check_certificate(kind, number, today) {
        Ok(found) => {
            let notes: Vec<String> = found.notes.iter().map(|note| note.zh()).collect();
            if as_json {
                json(&serde_json::json!({
                    "ok": true, "normal": found.normal, "brdy": found.birth, "gend": found.sex_code,
                    "division": found.division, "notes": notes,
                }));
            } else {
                say(format!("正确：{}", found.normal));
                if let Some(birth) = found.birth {
                    say(format!("出生日期 {birth}"));
                }
                for note in notes {
                    say(note);
                }
            }
            Exit::Done
        }
        Err(error) => {
            if as_json {
                json(&serde_json::json!({
                    "ok": false, "code": error.code(), "message": error.zh(),
                    "overridable": error.is_overridable(),
                }));
            } else {
                say(error.zh());
            }
            Exit::Negative
        }
    }
}
