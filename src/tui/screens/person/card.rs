//! What stands on the card of a person. Knows the card and the code tables; must not know keys or cells of the window.

use std::collections::BTreeSet;

use xiangbao_core::code::CodeBook;
use xiangbao_core::form::{FieldPath, FormData, display_value};
use xiangbao_core::identity::{is_rare, masked_account, masked_certno, masked_phone, with_rare_named};
use xiangbao_core::register::{Change, Enrolment, FilingStanding, Person, PersonField};

use super::Link;
use crate::app::{Library, PersonCard, Version, local};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::cells::fit;
use crate::tui::widgets::page::{Entry, columns};

/// The entries of the card, and what its rows open, in their order.
pub(super) fn entries(card: &PersonCard, library: &Library) -> (Vec<Entry>, Vec<Link>) {
    let mut entries = Vec::new();
    let mut links = Vec::new();
    basics(card, &library.codes, &mut entries);
    household(card, &mut entries, &mut links);
    enrolments(&card.enrolments, &mut entries);
    filings(card, library, &mut entries);
    cases(card, library, &mut entries, &mut links);
    history(card, library, &mut entries);
    (entries, links)
}

/// Fields that stand two on a line, then those that need a line of their own.
const PAIRS: [(PersonField, PersonField); 8] = [
    (PersonField::CertType, PersonField::CertNo),
    (PersonField::Sex, PersonField::Birth),
    (PersonField::Ethnicity, PersonField::Phone),
    (PersonField::Village, PersonField::Relation),
    (PersonField::HouseholdKind, PersonField::Category),
    (PersonField::SpecialIdentity, PersonField::SpecialUntil),
    (PersonField::BankCode, PersonField::BankAccount),
    (PersonField::AccountName, PersonField::AccountNameAlias),
];
const WIDE: [PersonField; 4] = [
    PersonField::SpecialCertificate,
    PersonField::RegisteredAddress,
    PersonField::LivingAddress,
    PersonField::BirthCertificate,
];

fn basics(card: &PersonCard, codes: &CodeBook, entries: &mut Vec<Entry>) {
    entries.push(Entry::Heading(text::PERSON_BASICS.to_owned()));
    let person = &card.person;
    entries.push(pair(
        (text::person_field(PersonField::Name), person.name()),
        (text::PERSON_STANDING, text::person_status(person.status)),
    ));
    entries.push(pair((text::PERSON_NUMBER, &person.psn_no), ("", "")));
    for (left, right) in PAIRS {
        let (a, b) = (shown(card, left, codes), shown(card, right, codes));
        // An account in the person's own name needs no line.
        let own = left == PersonField::AccountName && a == person.name() && b.is_empty();
        if !own && (!a.is_empty() || !b.is_empty()) {
            entries.push(pair((text::person_field(left), &a), (text::person_field(right), &b)));
        }
    }
    let mut wide = |label: &str, value: &str| {
        if !value.is_empty() {
            entries.push(Entry::text(format!("{}{value}", fit(label, 12, "~")), Role::Text));
        }
    };
    for field in WIDE {
        wide(text::person_field(field), &shown(card, field, codes));
    }
    wide(text::PERSON_RARE, &rare(person));
}

/// Every rare character of the person's data, named: a screen may show a box in its place.
fn rare(person: &Person) -> String {
    let found: BTreeSet<char> =
        person.values.values().flat_map(|value| value.chars()).filter(|c| is_rare(*c)).collect();
    let named: Vec<String> =
        found.into_iter().map(|c| with_rare_named(c.encode_utf8(&mut [0; 4])).into_owned()).collect();
    named.join(" ")
}

fn pair(left: (&str, &str), right: (&str, &str)) -> Entry {
    Entry::row(columns(&[(left.0, 10), (left.1, 22), (right.0, 10), (right.1, 24)]), Role::Text, false)
}

fn shown(card: &PersonCard, field: PersonField, codes: &CodeBook) -> String {
    label(field, &card.shown(field), codes)
}

/// A value as people read it.
fn label(field: PersonField, value: &str, codes: &CodeBook) -> String {
    let table = match field {
        PersonField::CertType => "psn_cert_type",
        PersonField::Sex => "gend",
        PersonField::Ethnicity => "naty",
        PersonField::HouseholdKind => "resd_natu",
        PersonField::Village => "divisions",
        PersonField::Relation => "patn_rlts",
        PersonField::Category => "psn_type",
        PersonField::SpecialIdentity => "psn_idet_type",
        PersonField::BankCode => "bank_type_code",
        PersonField::AccountKind => "acct_kind",
        _ => return value.to_owned(),
    };
    codes.label(table, value).unwrap_or(value).to_owned()
}

fn household(card: &PersonCard, entries: &mut Vec<Entry>, links: &mut Vec<Link>) {
    let Some(household) = &card.household else {
        entries.push(Entry::Heading(text::PERSON_NO_HOUSEHOLD.to_owned()));
        return;
    };
    let heading = text::person_household(&household.household_no, &household.head_name, card.members.len());
    entries.push(Entry::Heading(heading));
    let [name, sex, certno, birth, standing] = text::PERSON_MEMBER_HEAD;
    let head = columns(&[(name, 10), (sex, 4), (certno, 18), (birth, 10), (standing, 12)]);
    entries.push(Entry::row(head, Role::Muted, false));
    for member in &card.members {
        let cells = columns(&[
            (&member.name, 10),
            (&member.sex, 4),
            (&member.certno, 18),
            (&member.birth, 10),
            (&member.standing, 12),
        ]);
        entries.push(Entry::row(cells, Role::Text, true));
        links.push(Link::Person(member.psn_no.clone()));
    }
}

fn enrolments(enrolments: &[Enrolment], entries: &mut Vec<Entry>) {
    entries.push(Entry::Heading(text::PERSON_ENROLMENTS.to_owned()));
    if enrolments.is_empty() {
        entries.push(Entry::text(text::PERSON_NO_ENROLMENT, Role::Muted));
        return;
    }
    let [year, status, personal, aid, from, to, rule] = text::PERSON_ENROLMENT_HEAD;
    let head = [(year, 4), (status, 8), (personal, -8), (aid, -8), (from, 10), (to, 10), (rule, 12)];
    entries.push(Entry::row(columns(&head), Role::Muted, false));
    for enrolment in enrolments.iter().rev() {
        let sample = if enrolment.sample { text::SAMPLE } else { "" };
        let line = columns(&[
            (&enrolment.insu_year.to_string(), 4),
            (text::enrolment_status(enrolment.status), 8),
            (&enrolment.personal.to_grouped(), -8),
            (&enrolment.aid.to_grouped(), -8),
            (&enrolment.entitled_from, 10),
            (&enrolment.entitled_to, 10),
            (&format!("{} {sample}", enrolment.entitlement_rule), 40),
        ]);
        entries.push(Entry::row(line, Role::Text, false));
    }
}

/// What is filed, one line each and its data under it; nothing at all for the many who have none.
fn filings(card: &PersonCard, library: &Library, entries: &mut Vec<Entry>) {
    if card.filings.is_empty() {
        return;
    }
    entries.push(Entry::Heading(text::PERSON_FILINGS.to_owned()));
    let [form, from, to, standing] = text::PERSON_FILING_HEAD;
    let head = columns(&[(form, 24), (from, 10), (to, 10), (standing, 12)]);
    entries.push(Entry::row(head, Role::Muted, false));
    for filing in &card.filings {
        let record = &filing.record;
        let to = if record.to.is_empty() { text::OPEN_ENDED } else { &record.to };
        let name = form_name(&record.kind, library);
        let cells = [(name.as_str(), 24), (&record.from, 10), (to, 10), (filing.standing.label(), 12)];
        let holds = matches!(filing.standing, FilingStanding::Valid | FilingStanding::Ahead);
        let role = if holds { Role::Text } else { Role::Muted };
        entries.push(Entry::row(columns(&cells), role, false));
        let def = library.form(&record.kind).map(|form| &form.def);
        for (id, value) in card.filed(record, def) {
            let path = FieldPath::single(&id);
            let label = def.and_then(|def| def.field(&path)).map_or(id.as_str(), |field| &field.label);
            let mut one = FormData::default();
            one.set(&path, &value);
            let shown = def.map_or(value, |def| display_value(def, &one, &path, &library.codes));
            entries.push(Entry::value(label, shown));
        }
    }
}

/// Code and name of a form; its id where the office has it no longer.
fn form_name(id: &str, library: &Library) -> String {
    library.form(id).map_or_else(|| id.to_owned(), |form| format!("{} {}", form.def.code, form.def.name))
}

fn cases(card: &PersonCard, library: &Library, entries: &mut Vec<Entry>, links: &mut Vec<Link>) {
    entries.push(Entry::Heading(text::PERSON_CASES.to_owned()));
    if card.cases.is_empty() {
        entries.push(Entry::text(text::PERSON_NO_CASE, Role::Muted));
        return;
    }
    let [number, business, accepted, status] = text::PERSON_CASE_HEAD;
    let head = columns(&[(number, 22), (business, 20), (accepted, 10), (status, 16)]);
    entries.push(Entry::row(head, Role::Muted, false));
    for (case_id, case) in &card.cases {
        let form = library.form(&case.filing.form).map(|form| format!("{} {}", form.def.code, form.def.name));
        let form = form.unwrap_or_default();
        let day = local(case.accepted.wall_ms).format("%Y-%m-%d").to_string();
        // Where money is owed, where it is says more than that the case is in effect.
        let word = Some(case.pay_word()).filter(|word| !word.is_empty() && case.correction.is_none());
        let standing = word.unwrap_or(case.status.label());
        let line = columns(&[(&case.number, 22), (&form, 20), (&day, 10), (standing, 16)]);
        entries.push(Entry::row(line, Role::Text, true));
        links.push(Link::Case(*case_id));
    }
}

fn history(card: &PersonCard, library: &Library, entries: &mut Vec<Entry>) {
    entries.push(Entry::Heading(text::PERSON_HISTORY.to_owned()));
    let own = (0..card.history.len()).map(|index| (&card.history, index));
    let filed = card.filings.iter().flat_map(|filing| {
        let history = &filing.history;
        (0..history.len()).map(move |index| (history, index))
    });
    let mut versions: Vec<(&Version, Option<&Version>)> = own
        .chain(filed)
        .filter_map(|(all, index)| Some((all.get(index)?, index.checked_sub(1).and_then(|at| all.get(at)))))
        .collect();
    versions.sort_by_key(|(version, _)| (version.known_ms, version.seq));
    for (version, before) in versions.into_iter().rev() {
        match &version.change {
            Change::Person { effective, record } => {
                history_entry(card, version, effective, entries);
                person_change(card, record, before, library, entries);
            }
            Change::Filing { effective, record } => {
                history_entry(card, version, effective, entries);
                let label = if record.void { text::HISTORY_FILING_VOID } else { text::HISTORY_FILED };
                let form = form_name(&record.kind, library);
                entries.push(Entry::value(label, text::history_filing(&form, &record.from, &record.to)));
            }
            _ => {}
        }
    }
}

fn history_entry(card: &PersonCard, version: &Version, effective: &str, entries: &mut Vec<Entry>) {
    let known = local(version.known_ms).format("%Y-%m-%d %H:%M").to_string();
    let head = text::history_head(&known, effective, &source(card, version.case_id));
    entries.push(Entry::text(head, Role::Text));
}

fn person_change(
    card: &PersonCard,
    record: &Person,
    before: Option<&Version>,
    library: &Library,
    entries: &mut Vec<Entry>,
) {
    let Some(Change::Person { record: before, .. }) = before.map(|version| &version.change) else {
        entries.push(Entry::value(text::HISTORY_FIRST, ""));
        return;
    };
    let lines = differences(before, record, card.unmasked, &library.codes);
    if lines.is_empty() {
        entries.push(Entry::value(text::HISTORY_STANDING, text::person_status(record.status)));
    }
    entries.extend(lines);
}

/// The case behind a version, by its number.
fn source(card: &PersonCard, case_id: Option<[u8; 16]>) -> String {
    let case = case_id.and_then(|id| card.cases.iter().find(|(case_id, _)| *case_id == id));
    match case {
        Some((_, case)) => case.number.clone(),
        None => text::HISTORY_LOADED.to_owned(),
    }
}

fn differences(before: &Person, after: &Person, unmasked: bool, codes: &CodeBook) -> Vec<Entry> {
    let show = |field: PersonField, value: &str| match field {
        _ if unmasked => label(field, value, codes),
        PersonField::CertNo | PersonField::BirthCertificate => masked_certno(value),
        PersonField::Phone => masked_phone(value),
        PersonField::BankAccount => masked_account(value),
        _ => label(field, value, codes),
    };
    PersonField::ALL
        .into_iter()
        .filter(|field| before.get(*field) != after.get(*field))
        .map(|field| {
            let (old, new) = (show(field, before.get(field)), show(field, after.get(field)));
            Entry::marked(
                text::MARK_CHANGED,
                text::person_field(field),
                text::changed_to(&old, &new),
                Role::Text,
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use xiangbao_core::register::PersonStatus;

    use super::*;

    #[test]
    fn rare_characters_of_a_person_are_named_once() {
        let mut person = Person {
            psn_no: "1".to_owned(),
            rev: 1,
            household_no: String::new(),
            status: PersonStatus::Active,
            values: std::collections::BTreeMap::new(),
        };
        person.set(PersonField::Name, "李䶮");
        assert_eq!(rare(&person), "〔䶮 U+4DAE〕");
        person.set(PersonField::AccountName, "李䶮");
        person.set(PersonField::LivingAddress, "𠮷村");
        assert_eq!(rare(&person), "〔䶮 U+4DAE〕 〔𠮷 U+20BB7〕");
        person.set(PersonField::Name, "覃小芳");
        person.set(PersonField::AccountName, "");
        person.set(PersonField::LivingAddress, "咘村");
        assert_eq!(rare(&person), "");
    }
}
