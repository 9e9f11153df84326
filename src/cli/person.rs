//! `person find`, `person show` and `person paper`.

use xiangbao_core::register::PersonField;

use super::args::AsArgs;
use super::output::{Exit, failed, json, say};
use super::sign_in::sign_in;
use crate::app::{AppError, PaperWish, PersonCard, PersonFiling, Purpose, Station};

/// Finds persons.
pub fn find(station: &Station, query: &str, who: &AsArgs) -> Exit {
    try_find(station, query, who).unwrap_or_else(|error| failed(&error))
}

/// Shows one person.
pub fn show(station: &Station, psn_no: &str, unmask: bool, who: &AsArgs) -> Exit {
    try_show(station, psn_no, unmask, who).unwrap_or_else(|error| failed(&error))
}

fn try_find(station: &Station, query: &str, who: &AsArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &who.account)?;
    let rows = station.find_persons(&actor, query)?;
    if who.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                serde_json::json!({
                    "psn_no": row.psn_no, "psn_name": row.name, "certno": row.certno, "gend": row.sex,
                    "brdy": row.birth, "village": row.village, "mob": row.phone, "standing": row.standing,
                })
            })
            .collect();
        let found = if rows.is_empty() { Exit::Negative } else { Exit::Done };
        json(&serde_json::Value::from(rows));
        return Ok(found);
    } else {
        for row in &rows {
            let line =
                [&row.psn_no, &row.name, &row.sex, &row.birth, &row.certno, &row.village, &row.standing];
            say(line.map(String::as_str).join("\t"));
        }
        if rows.is_empty() {
            say("没有找到。可以试姓名、拼音首字母、证件号末几位、电话末几位。");
            return Ok(Exit::Negative);
        }
    }
    Ok(Exit::Done)
}

/// A filing under the field names of its form.
fn filing_json(station: &Station, card: &PersonCard, filing: &PersonFiling) -> serde_json::Value {
    let record = &filing.record;
    let def = station.library().form(&record.kind).map(|form| &form.def);
    let values = card.filed(record, def).into_iter().map(|(id, value)| (id, value.into()));
    serde_json::json!({
        "form": record.kind, "code": def.map(|def| def.code.as_str()), "name": def.map(|def| def.name.as_str()),
        "serial": record.serial, "begndate": record.from,
        "enddate": Some(record.to.as_str()).filter(|to| !to.is_empty()),
        "standing": filing.standing.id(), "rev": record.rev,
        "values": values.collect::<serde_json::Map<String, serde_json::Value>>(),
    })
}

fn try_show(station: &Station, psn_no: &str, unmask: bool, who: &AsArgs) -> Result<Exit, AppError> {
    let actor = sign_in(station, &who.account)?;
    let card = station.open_person(&actor, psn_no, unmask)?;
    let values = PersonField::ALL.into_iter().filter(|field| !card.person.get(*field).is_empty());
    if who.json {
        let values: serde_json::Map<String, serde_json::Value> =
            values.map(|field| (field.id().to_owned(), card.shown(field).into())).collect();
        let enrolments: Vec<_> = card
            .enrolments
            .iter()
            .map(|e| {
                serde_json::json!({
                    "insu_year": e.insu_year, "psn_insu_stas": e.status.code(),
                    "entitled_from": e.entitled_from, "entitled_to": e.entitled_to,
                    "rule": e.entitlement_rule, "psn_clct_amt": e.personal.to_yuan(), "sample": e.sample,
                })
            })
            .collect();
        let filings: Vec<_> = card.filings.iter().map(|filing| filing_json(station, &card, filing)).collect();
        let history: Vec<_> = card
            .history
            .iter()
            .map(|v| serde_json::json!({ "seq": v.seq, "known_ms": v.known_ms, "rev": v.change.rev() }))
            .collect();
        json(&serde_json::json!({
            "psn_no": psn_no, "values": values, "household_no": card.person.household_no,
            "enrolments": enrolments, "filings": filings, "history": history,
            "cases": card.cases.iter().map(|(_, case)| case.number.clone()).collect::<Vec<_>>(),
        }));
        return Ok(Exit::Done);
    }
    for field in values {
        say(format!("{}\t{}", field.id(), card.shown(field)));
    }
    for enrolment in &card.enrolments {
        let mark = if enrolment.sample { "示例" } else { "" };
        say(format!(
            "{} 年度\t{} 至 {}\t{}\t{mark}",
            enrolment.insu_year, enrolment.entitled_from, enrolment.entitled_to, enrolment.entitlement_rule
        ));
    }
    for filing in &card.filings {
        let record = &filing.record;
        let to = if record.to.is_empty() { "长期" } else { &record.to };
        let name = station.library().form(&record.kind).map_or(record.kind.as_str(), |form| &form.def.name);
        say(format!("备案\t{name}\t{} 至 {to}\t{}", record.from, filing.standing.label()));
    }
    for (_, case) in &card.cases {
        say(format!("办件\t{}\t{}", case.number, case.status.label()));
    }
    Ok(Exit::Done)
}

/// What `person paper` was asked for.
pub struct Wanted {
    /// Person number.
    pub psn_no: String,
    /// Template.
    pub document: String,
    /// Word for the purpose.
    pub purpose: String,
    /// What backs it.
    pub backing: String,
    /// Numbers in full.
    pub unmask: bool,
}

/// Gives out a paper about a person.
pub fn paper(station: &Station, wanted: Wanted, who: &AsArgs) -> Exit {
    try_paper(station, wanted, who).unwrap_or_else(|error| failed(&error))
}

fn try_paper(station: &Station, wanted: Wanted, who: &AsArgs) -> Result<Exit, AppError> {
    let Wanted { psn_no, document, purpose, backing, unmask } = wanted;
    let Some(purpose) = Purpose::from_id(&purpose) else {
        let words: Vec<&str> = Purpose::ALL.iter().map(|purpose| purpose.id()).collect();
        return Err(AppError::Input(format!("用途 {purpose} 不在清单中：{}。", words.join(" "))));
    };
    let actor = sign_in(station, &who.account)?;
    let wish = PaperWish { psn_no, document, purpose, backing, unmasked: unmask };
    let issued = station.issue_person_paper(&actor, &wish, station.new_id())?;
    let paper = &issued.paper;
    if who.json {
        json(&serde_json::json!({
            "path": issued.path, "title": issued.title, "number": paper.number, "code": paper.code,
            "psn_no": paper.psn_no, "purpose": paper.purpose, "valid_to": paper.valid_to,
            "pages": paper.pages, "sha256": paper.hash, "copy": paper.copy,
        }));
    } else {
        let (title, number, code) = (&issued.title, &paper.number, &paper.code);
        say(format!("{title}  {number}  校验码 {code}  {}", issued.path.display()));
    }
    Ok(Exit::Done)
}
