//! What a good value says about itself, for the line below the form: the place, birth and sex that an ID number names,
//! the code points of rare characters, the newborn who has no name yet. Says; never judges (that is `check`).

use super::check::sort_beside;
use super::data::{FieldPath, FormData};
use super::def::{FormDef, Kind};
use super::eval::EvalContext;
use crate::identity::{check_certificate, is_newborn_name, is_rare, with_rare_named};

/// What there is to say about the value at `path`; nothing for most values.
pub fn field_remark(
    def: &FormDef,
    data: &FormData,
    path: &FieldPath,
    context: &EvalContext<'_>,
) -> Option<String> {
    let text = data.get(path);
    if text.is_empty() {
        return None;
    }
    match def.kind_at(data, path)?.kind {
        Kind::Certificate => number(sort_beside(data, path, def.field(path)?)?, text, context),
        Kind::Name | Kind::Text if text.chars().any(is_rare) => {
            Some(format!("含生僻字：{}", with_rare_named(text)))
        }
        Kind::Name if is_newborn_name(text) => {
            Some("未取名的新生儿：凭出生医学证明（证件类型 990201）登记，取名落户后办理变更".to_owned())
        }
        _ => None,
    }
}

/// Birth, sex and place by a number, with what is odd about the place.
fn number(sort: &str, text: &str, context: &EvalContext<'_>) -> Option<String> {
    let read = match check_certificate(sort, text, context.today) {
        Ok(read) => read,
        Err(problem) => problem.reading()?.clone(),
    };
    let birth = read.birth?;
    let sex = read.sex_code.and_then(|code| context.codes.label("gend", code)).unwrap_or("");
    let region = read.division.as_deref().and_then(|division| context.codes.id_region(division));
    let place = region.as_ref().map_or_else(String::new, |region| format!("，{}", region.zh()));
    let doubt = region.and_then(|region| region.doubt(Some(birth)));
    let doubt = doubt.map_or_else(String::new, |doubt| format!("。{doubt}"));
    Some(format!("{birth} 出生，{sex}{place}{doubt}"))
}
