//! What stands on the review page, in the order in which a reviewer reads. Knows the page's content and words; must
//! not know keys or decisions.

use std::collections::BTreeMap;

use xiangbao_core::case::{Case, Status};
use xiangbao_core::event::Verdict;
use xiangbao_core::findings::Reply;
use xiangbao_core::form::Severity;
use xiangbao_core::register::Change;

use super::settled;
use crate::app::{AppError, Doubt, ReviewPage, ReviewValue, Station, local};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::page::{Entry, columns};

/// Fields of a row that says what a datum was and what it shall be (annex 4).
const ITEM: &str = "chg_item";
const BEFORE: &str = "before";
const AFTER: &str = "after";

/// The entries of the page.
pub(super) fn entries(review: &ReviewPage, station: &Station) -> Result<Vec<Entry>, AppError> {
    let names: BTreeMap<String, String> =
        station.accounts()?.into_iter().map(|account| (account.account, account.name)).collect();
    let name = |account: &str| names.get(account).cloned().unwrap_or_else(|| account.to_owned());
    let mut entries = Vec::new();
    standing(review, station, &name, &mut entries);
    money(&review.case, station, &name, &mut entries);
    if matches!(review.case.status, Status::Reversing(_)) {
        changes(text::REVIEW_UNDONE, &review.case.changes, &mut entries);
    }
    let told = told_values(review);
    changed(&told, &mut entries);
    doubts(review, &mut entries);
    findings(review, &mut entries);
    values(&told, &mut entries);
    materials(review, &mut entries);
    if let Some(settlement) = &review.settlement {
        if let Some(negative) = &review.case.negative {
            settled::refund(settlement, negative, &mut entries);
        }
        settled::entries(settlement, review.case.settlement.is_some(), &mut entries);
    }
    opinions(&review.case, &name, &mut entries);
    if matches!(review.case.status, Status::InEffect | Status::Reversed) {
        changes(text::REVIEW_EFFECT, &review.case.changes, &mut entries);
    }
    Ok(entries)
}

/// How the money of the case stands, and another account that is asked for: numbers masked, but the new one whole for those
/// who decide about it.
fn money(case: &Case, station: &Station, name: &dyn Fn(&str) -> String, entries: &mut Vec<Entry>) {
    let word = case.pay_word();
    if word.is_empty() && case.correction.is_none() {
        return;
    }
    entries.push(Entry::Heading(text::REVIEW_PAYMENT.to_owned()));
    if let Some(refund) = case.refund {
        entries.push(Entry::value(text::REVIEW_REFUND, text::yuan(&refund.to_grouped())));
    }
    let line = match &case.payment {
        Some(pay) => text::review_payment(word, &pay.list, pay.seq, &format!("{} {}", pay.day, pay.reason)),
        None => word.to_owned(),
    };
    if !line.is_empty() {
        entries.push(Entry::value(text::REVIEW_PAYMENT_STATE, line));
    }
    let Some((by, correction)) = &case.correction else { return };
    let elsewhere = case.origin.iter().flat_map(|origin| origin.editors.iter().flatten());
    let editor = elsewhere
        .filter(|who| who.person_id() == by.person)
        .map(|who| text::person_elsewhere(&who.name, &who.station))
        .next();
    let asked = format!("{}  {}", editor.unwrap_or_else(|| name(&by.account)), correction.reason);
    entries.push(Entry::marked(text::MARK_CHANGED, text::REVIEW_CORRECTION, asked, Role::Warning));
    let def = station.form_of(case).ok();
    for (id, value) in &correction.values {
        let path = xiangbao_core::form::FieldPath::single(id);
        let label = def.and_then(|def| def.field(&path)).map_or(id.as_str(), |field| field.label.as_str());
        let words = text::review_account(case.filing.data.field(id), value);
        entries.push(Entry::marked(text::MARK_CHANGED, label, words, Role::Warning));
    }
}

fn standing(review: &ReviewPage, station: &Station, name: &dyn Fn(&str) -> String, entries: &mut Vec<Entry>) {
    let case = &review.case;
    entries.push(Entry::Heading(text::REVIEW_STANDING.to_owned()));
    let round = if case.round > 1 { text::review_round(case.round) } else { String::new() };
    let status = format!("{}  {round}", case.standing());
    entries.push(Entry::marked("", text::REVIEW_STATUS, status.trim_end(), Role::Accent));
    let when = local(case.accepted.wall_ms).format("%Y-%m-%d %H:%M");
    let accepted = format!("{when}  {}", name(&case.accepted.account));
    entries.push(Entry::value(text::REVIEW_ACCEPTED, accepted));
    if let Some(moment) = case.filing.received_ms {
        let moment = local(moment).format("%Y-%m-%d %H:%M").to_string();
        entries.push(Entry::value("", text::received_in_outage(&moment)));
    }
    if !case.promise.due.is_empty() {
        // A clock that was moved or stands still has a line of its own.
        let clock = review.clock.as_ref();
        let moved = clock.filter(|clock| clock.reminder.is_some() || !clock.extended.is_empty());
        let provisional = if case.promise.provisional { text::REVIEW_PROVISIONAL } else { "" };
        let left = if moved.is_none() { text::clock_left(clock) } else { String::new() };
        let due = text::review_promise(&case.promise.due, case.promise.working_days, &left);
        entries.push(Entry::value(text::REVIEW_DUE, format!("{due}{provisional}")));
        if let Some(clock) = moved {
            let role = if clock.breached { Role::Error } else { Role::Warning };
            let words = text::clock_sentence(clock, &case.promise.due);
            entries.push(Entry::marked("", text::REVIEW_CLOCK, words, role));
        }
    }
    if !review.levels.is_empty() {
        entries.push(Entry::value(text::REVIEW_SEATS, text::listed(&review.levels)));
    }
    if let Some(origin) = &case.origin {
        let from = text::review_origin(&origin.station, origin.no);
        entries.push(Entry::marked("", text::REVIEW_ORIGIN, from, Role::Accent));
        if !origin.note.is_empty() {
            entries.push(Entry::marked("", text::REVIEW_AGAIN, &origin.note, Role::Warning));
        }
    }
    obstacles(review, entries);
    if !case.closing_reason.is_empty() {
        let article = case.closing_article.as_deref().unwrap_or_default();
        let why = text::review_closed(&case.closing_reason, article);
        entries.push(Entry::value(text::REVIEW_CLOSED, &why));
    }
    if let Some((by, reason)) = &case.reversal {
        let words = format!("{reason}  {}", name(&by.account));
        entries.push(Entry::marked("", text::REVIEW_REVERSAL, words, Role::Warning));
    }
    demands(review, station, entries);
}

/// What stands in the way of a decision or of the effect.
fn obstacles(review: &ReviewPage, entries: &mut Vec<Entry>) {
    if let Some(held) = &review.case.held {
        entries.push(Entry::marked(text::FINDING_ERROR, text::REVIEW_HELD, held, Role::Error));
    }
    if review.level.is_some() && !review.bar.is_empty() {
        entries.push(Entry::marked(text::FINDING_ERROR, text::REVIEW_BAR, &review.bar, Role::Error));
    }
    if !review.note.is_empty() {
        entries.push(Entry::marked(text::FINDING_WARNING, text::REVIEW_NOTE, &review.note, Role::Warning));
    }
    if !review.obstacle.is_empty() {
        let obstacle = review.obstacle.clone();
        entries.push(Entry::marked(text::FINDING_ERROR, text::REVIEW_OBSTACLE, obstacle, Role::Error));
    }
}

/// What the applicant is to bring, and what was demanded late.
fn demands(review: &ReviewPage, station: &Station, entries: &mut Vec<Entry>) {
    let case = &review.case;
    let def = station.form_of(case).ok();
    for (index, demand) in case.open_demands().iter().enumerate() {
        let item = def.map(|def| station.demand_label(def, demand)).unwrap_or_default();
        let line = text::demand_line(index + 1, &item, &demand.reason, &demand.article);
        entries.push(Entry::marked("", text::REVIEW_DEMANDS, line, Role::Warning));
    }
    let late = case.late_demands().len();
    if late > 0 {
        entries.push(Entry::marked(
            text::FINDING_WARNING,
            "003 A35",
            text::late_demands(late),
            Role::Warning,
        ));
    }
    if case.status == Status::Supplement {
        entries.push(Entry::marked("", "", text::REVIEW_CORRECT, Role::Muted));
    }
}

/// What must be looked at before agreeing; nothing stands here for a case that no rules judged.
fn doubts(review: &ReviewPage, entries: &mut Vec<Entry>) {
    if review.case.filing.findings.is_none() {
        return;
    }
    let open = review.doubts.iter().filter(|doubt| doubt.open).count();
    entries.push(Entry::Heading(text::doubts_heading(open)));
    if review.doubts.is_empty() {
        entries.push(Entry::text(text::DOUBTS_NONE, Role::Muted));
    }
    for doubt in &review.doubts {
        let raised = &doubt.raised;
        let standing = match (doubt.open, doubt.fresh) {
            (_, true) => text::DOUBT_FRESH,
            (true, false) => text::DOUBT_OPEN,
            (false, false) => "",
        };
        let row = text::doubt_row(&raised.code, &raised.title, raised.weight, standing);
        let role = if doubt.open { Role::Warning } else { Role::Text };
        entries.push(Entry::row(row, role, true));
        entries.push(Entry::text(text::review_closed(&raised.sentence, &raised.article), Role::Text));
        entries.extend(answers(doubt));
    }
}

/// What the levels answered, one line each.
pub(super) fn answers(doubt: &Doubt) -> impl Iterator<Item = Entry> {
    doubt.answers.iter().map(|answer| {
        let level = answer.level.label();
        let reply = answer.reply.label();
        let words = text::doubt_answer(level, &answer.who, &answer.time, reply, &answer.text, answer.now);
        let role = if answer.reply == Reply::Sustained { Role::Warning } else { Role::Muted };
        Entry::text(words, role)
    })
}

fn findings(review: &ReviewPage, entries: &mut Vec<Entry>) {
    entries.push(Entry::Heading(text::REVIEW_FINDINGS.to_owned()));
    if review.findings.is_empty() {
        entries.push(Entry::text(text::REVIEW_NO_FINDING, Role::Muted));
    }
    for finding in &review.findings {
        let (mark, role) = match finding.severity {
            Severity::Error => (text::FINDING_ERROR, Role::Error),
            Severity::Warning => (text::FINDING_WARNING, Role::Warning),
        };
        entries.push(Entry::marked(mark, &finding.article, &finding.message, role));
    }
}

/// The values; once the case is decided the register has moved on, and a difference says nothing about the case.
fn told_values(review: &ReviewPage) -> Vec<ReviewValue> {
    let waiting = matches!(review.case.status, Status::Review(_) | Status::Supplement);
    let mut values = review.values.clone();
    if !waiting {
        values.iter_mut().for_each(|value| value.before = None);
        values.retain(|value| !value.value.is_empty());
    }
    values
}

/// What differs from the register, first and together; in its place below it is marked again.
fn changed(all: &[ReviewValue], entries: &mut Vec<Entry>) {
    let mut listed = Vec::new();
    values(all, &mut listed);
    listed.retain(|entry| matches!(entry, Entry::Value { mark, .. } if *mark == text::MARK_CHANGED));
    if !listed.is_empty() {
        entries.push(Entry::Heading(text::REVIEW_CHANGES.to_owned()));
        entries.append(&mut listed);
    }
}

fn values(values: &[ReviewValue], entries: &mut Vec<Entry>) {
    let mut section = "";
    let mut rest = values;
    while let Some(first) = rest.first() {
        if first.section != section {
            section = &first.section;
            entries.push(Entry::Heading(section.to_owned()));
        }
        let same = |value: &&ReviewValue| value.row == first.row && value.section == first.section;
        let count = if first.row == 0 { 1 } else { rest.iter().take_while(same).count() };
        let (group, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        match first.row {
            0 => single(first, entries),
            row => table_row(row, group, entries),
        }
        rest = after;
    }
}

fn single(value: &ReviewValue, entries: &mut Vec<Entry>) {
    entries.push(match &value.before {
        None => Entry::value(&value.label, &value.value),
        Some(before) => Entry::marked(
            text::MARK_CHANGED,
            &value.label,
            text::changed_to(before, &value.value),
            Role::Accent,
        ),
    });
}

/// A row of a table on as few lines as it needs; what differs from the register gets lines of its own.
fn table_row(row: usize, group: &[ReviewValue], entries: &mut Vec<Entry>) {
    let field = |id: &str| group.iter().find(|value| value.path.field == id);
    let mut label = text::review_row(row);
    if let (Some(item), true) = (field(ITEM), field(BEFORE).is_some() || field(AFTER).is_some()) {
        let text_of = |id: &str| field(id).map_or("", |value| value.value.as_str());
        let change = text::changed_to(text_of(BEFORE), text_of(AFTER));
        entries.push(Entry::marked(text::MARK_CHANGED, &item.value, change, Role::Accent));
        label = String::new();
    }
    let told = |value: &&ReviewValue| {
        !label.is_empty() || ![ITEM, BEFORE, AFTER].contains(&value.path.field.as_str())
    };
    let parts: Vec<String> =
        group.iter().filter(told).map(|value| format!("{} {}", value.label, value.value)).collect();
    if !parts.is_empty() {
        entries.push(Entry::value(&label, parts.join("  ")));
    }
    for value in group {
        if let Some(before) = &value.before {
            let change = text::changed_to(before, &value.value);
            entries.push(Entry::marked(text::MARK_CHANGED, &value.label, change, Role::Accent));
        }
    }
}

fn materials(review: &ReviewPage, entries: &mut Vec<Entry>) {
    entries.push(Entry::Heading(text::REVIEW_MATERIALS.to_owned()));
    if review.materials.is_empty() {
        entries.push(Entry::text(text::REVIEW_NO_MATERIAL, Role::Muted));
    }
    for (label, state, note) in &review.materials {
        let scan = note.scan.as_ref().map(|scan| (scan.bytes, scan.sha256.get(..12).unwrap_or_default()));
        let words = format!("{label}{}", text::material_note(note.pages, scan));
        entries.push(Entry::row(columns(&[(*state, 17), (&words, 80)]), Role::Text, false));
    }
}

fn opinions(case: &Case, name: &dyn Fn(&str) -> String, entries: &mut Vec<Entry>) {
    entries.push(Entry::Heading(text::REVIEW_OPINIONS.to_owned()));
    if case.reviews.is_empty() {
        entries.push(Entry::text(text::REVIEW_NO_OPINION, Role::Muted));
    }
    for review in &case.reviews {
        let who = review
            .elsewhere
            .as_ref()
            .map_or_else(|| name(&review.by.account), |who| text::person_elsewhere(&who.name, &who.station));
        let label = format!("{} {who}", review.level.label());
        let when = local(review.by.wall_ms).format("%m-%d %H:%M");
        let words = format!("{when}  {}  {}", verdict_word(&review.verdict), review.opinion);
        entries.push(Entry::value(label, words.trim_end()));
        match &review.verdict {
            Verdict::Passed => {}
            Verdict::Returned { demands } => {
                for demand in demands {
                    let late = case.late_demands().contains(&demand);
                    let line = format!("{} {}", demand.reason, demand.article);
                    match late {
                        true => entries.push(Entry::marked("", text::LATE_DEMAND, line, Role::Warning)),
                        false => entries.push(Entry::marked("", "", line, Role::Muted)),
                    }
                }
            }
            Verdict::Rejected { reason, article } => {
                entries.push(Entry::marked("", "", format!("{reason} {article}"), Role::Muted));
            }
        }
    }
}

/// What a verdict is called.
pub(super) fn verdict_word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => text::VERDICT_PASSED,
        Verdict::Returned { .. } => text::VERDICT_RETURNED,
        Verdict::Rejected { .. } => text::VERDICT_REJECTED,
    }
}

fn changes(heading: &str, changes: &[Change], entries: &mut Vec<Entry>) {
    entries.push(Entry::Heading(heading.to_owned()));
    for change in changes {
        let line = match change {
            Change::Person { record, .. } => text::change_person(record.name(), &record.psn_no, record.rev),
            Change::Household { record, .. } => {
                text::change_household(&record.head_name, &record.household_no, record.rev)
            }
            Change::Enrolment { record, .. } => text::change_enrolment(
                record.insu_year,
                &record.psn_no,
                text::enrolment_status(record.status),
                &record.entitled_from,
                &record.entitled_to,
            ),
            Change::Accumulation { record, .. } => {
                text::change_accumulation(record.year, &record.psn_no, &record.fund_paid.to_grouped())
            }
            Change::Transfer { record, .. } => {
                text::change_transfer(&record.psn_no, &record.old_area, &record.new_area)
            }
            Change::Invoice { invo_no, used, .. } => text::change_invoice(invo_no, *used),
            Change::Contribution { record, .. } => {
                text::change_contribution(record.insu_year, &record.psn_no, &record.amount.to_grouped())
            }
            Change::Filing { record, .. } => text::change_filing(&record.psn_no, &record.from, &record.to),
        };
        entries.push(Entry::text(line, Role::Text));
    }
}
