//! How a canonical value is shown on the review page and on paper. Knows nothing of widths or fonts.

use super::data::{FieldPath, FormData};
use super::def::{FormDef, Kind, KindSpec};
use super::value::{money, ratio};
use crate::code::CodeBook;
use crate::identity::text::is_refused;
use crate::money::Fen;

/// The value at `path` as people read it: the label of a code, grouped money, 是/否, a share in percent. What does not
/// fit its kind is shown as it was typed, without control characters.
pub fn display_value(def: &FormDef, data: &FormData, path: &FieldPath, codes: &CodeBook) -> String {
    let value = data.get(path);
    let shown = match def.kind_at(data, path) {
        Some(spec) if !value.is_empty() => of_kind(spec, value, codes),
        _ => None,
    };
    shown.unwrap_or_else(|| value.chars().filter(|c| !is_refused(*c) || *c == '\n').collect())
}

fn of_kind(spec: &KindSpec, value: &str, codes: &CodeBook) -> Option<String> {
    match spec.kind {
        Kind::Code => spec.codes.as_deref().and_then(|table| codes.label(table, value)).map(str::to_owned),
        Kind::Money => money(value).map(|fen| Fen(fen).to_grouped()),
        Kind::Ratio => ratio(value).map(percent),
        Kind::Flag => match value {
            "1" => Some("是".to_owned()),
            "0" => Some("否".to_owned()),
            _ => None,
        },
        _ => None,
    }
}

/// Ten-thousandths as percent without useless zeros: 1500 is `15%`.
fn percent(share: i64) -> String {
    let text = format!("{}.{:02}", share / 100, share % 100);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn shares_read_as_percent() {
        assert_eq!(percent(1500), "15%");
        assert_eq!(percent(1250), "12.5%");
        assert_eq!(percent(10_000), "100%");
        assert_eq!(percent(0), "0%");
        assert_eq!(percent(5), "0.05%");
    }
}
