//! The facts around a claim: from the form, the other claims of the township, the filings, the days of cover, the doctor
//! and the city's answers. Pure: whoever calls it has read all of that. Knows the fields of the reimbursement form; must
//! not know which facts are suspicious.

use chrono::{Datelike, NaiveDate};

use super::doctor::DoctorStanding;
use super::facts::{MAX_INVOICES, MAX_ROWS};
use crate::code::Distance;
use crate::form::{FieldPath, FormData, Row};
use crate::money::{Fen, parse_yuan};
use crate::policy::Place;
use crate::register::continued::{PART_BEFORE, PART_BEFORE_END, PART_BEFORE_PAID, is_stay};
use crate::register::{FilingRecord, filed_disease, place_of, same_place};

/// Columns in which a fee line may hold its day.
const LINE_DAY: &str = "fee_ocur_time";
/// Column that marks an expensive drug (三大目录, 003 A88).
const EXPENSIVE: &str = "expensive";
/// Codes of `med_chrgitm_type` that are drugs: western, herbs, Chinese patent.
const DRUGS: [&str; 3] = ["09", "10", "11"];
/// Days before an outpatient claim in which others count (003 A88, number of visits).
const VISIT_DAYS: i64 = 30;
/// Days between discharge and admission within which a stay is a readmission (003 A68).
const READMISSION_DAYS: i64 = 14;
/// Longest stay whose days are looked at one by one.
const MAX_DAYS: i64 = 3_660;

/// One invoice of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimInvoice {
    /// Number.
    pub number: String,
    /// Day, as typed.
    pub date: String,
    /// Amount.
    pub amount: Fen,
}

/// One claim as others are compared with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Printed number of the case.
    pub case_no: String,
    /// Person number.
    pub psn_no: String,
    /// Name it is listed under.
    pub who: String,
    /// Its standing in words.
    pub standing: String,
    /// Hospital as typed.
    pub hospital: String,
    /// Code of the hospital; may be empty.
    pub hospital_code: String,
    /// Code of `med_type`.
    pub med_type: String,
    /// First and last day, where both are days in order.
    pub span: Option<(NaiveDate, NaiveDate)>,
    /// Invoices.
    pub invoices: Vec<ClaimInvoice>,
    /// Number of the settlement that this stay goes on from (seed 002); empty for a treatment of its own.
    pub continues: String,
}

impl Claim {
    /// A claim from the values of its form.
    pub fn of(case_no: &str, psn_no: &str, who: &str, standing: &str, data: &FormData) -> Self {
        let invoices = data.rows("invoices").iter().take(MAX_INVOICES).map(|row| ClaimInvoice {
            number: cell(row, "invo_no").to_owned(),
            date: cell(row, "invo_date").to_owned(),
            amount: amount(cell(row, "invo_amt")),
        });
        Self {
            case_no: case_no.to_owned(),
            psn_no: psn_no.to_owned(),
            who: who.to_owned(),
            standing: standing.to_owned(),
            hospital: data.field("fixmedins_name").to_owned(),
            hospital_code: data.field("fixmedins_code").to_owned(),
            med_type: data.field("med_type").to_owned(),
            span: day(data.field("begntime")).zip(day(data.field("endtime"))).filter(|(from, to)| from <= to),
            invoices: invoices.collect(),
            continues: data.field(PART_BEFORE).to_owned(),
        }
    }

    fn inpatient(&self) -> bool {
        is_stay(&self.med_type)
    }

    fn same_hospital(&self, other: &Self) -> bool {
        same_place(
            &place_of(&self.hospital_code, &self.hospital),
            &place_of(&other.hospital_code, &other.hospital),
        ) || same_place(&place_of("", &self.hospital), &place_of("", &other.hospital))
    }
}

/// Everything around a claim.
pub struct Around<'a> {
    /// Day on which it was or is handed in.
    pub filed: NaiveDate,
    /// Other claims that are not refused, withdrawn or reversed: of this person, and those with one of its invoices.
    pub history: &'a [Claim],
    /// Filings of the person.
    pub filings: &'a [FilingRecord],
    /// Days of cover of the person, first and last, `YYYY-MM-DD`.
    pub covers: &'a [(String, String)],
    /// The doctor of the treatment.
    pub doctor: DoctorStanding,
    /// What the city answered about the invoices: operation and sentence.
    pub city: &'a [(u64, String)],
    /// Settlement year, where the policy has one; else the year of the last day.
    pub year: Option<i32>,
}

/// The facts of a claim, in the names of [`super::FACTS`].
pub fn gather(own: &Claim, data: &FormData, around: &Around<'_>) -> FormData {
    let mut facts = Facts(FormData::default());
    head(&mut facts, own, data, around);
    money(&mut facts, own, data);
    filings(&mut facts, own, data, around);
    disease(&mut facts, own, data, around);
    part_before(&mut facts, own, data, around);
    cover(&mut facts, own, data, around);
    counts(&mut facts, own, around);
    invoices(&mut facts, own, around);
    stays(&mut facts, own, around);
    for (seq, detail) in around.city.iter().take(10) {
        facts.row("city", &[("seq", seq.to_string()), ("detail", detail.clone())]);
    }
    facts.0
}

struct Facts(FormData);

impl Facts {
    fn set(&mut self, id: &str, value: impl Into<String>) {
        self.0.set(&FieldPath::single(id), &value.into());
    }

    fn flag(&mut self, id: &str, value: bool) {
        self.set(id, word(value));
    }

    fn number(&mut self, id: &str, value: i64) {
        self.set(id, value.clamp(0, 999_999_999).to_string());
    }

    fn row(&mut self, table: &str, cells: &[(&str, String)]) {
        let rows = self.0.tables.entry(table.to_owned()).or_default();
        if rows.len() < MAX_ROWS {
            let filled = cells.iter().filter(|(_, value)| !value.is_empty());
            rows.push(filled.map(|(id, value)| ((*id).to_owned(), value.clone())).collect());
        }
    }
}

fn word(value: bool) -> String {
    if value { "1" } else { "0" }.to_owned()
}

fn cell<'a>(row: &'a Row, field: &str) -> &'a str {
    row.get(field).map_or("", String::as_str)
}

fn amount(text: &str) -> Fen {
    parse_yuan(text).unwrap_or(Fen::ZERO)
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

fn head(facts: &mut Facts, own: &Claim, data: &FormData, around: &Around<'_>) {
    let emergency = data.field("manl_reim_rea") == "04" || ["13", "1301"].contains(&own.med_type.as_str());
    facts.set("med_type", &own.med_type);
    facts.set("reason", data.field("manl_reim_rea"));
    facts.flag("inpatient", own.inpatient());
    facts.flag("emergency", emergency);
    facts.set("hospital", &own.hospital);
    facts.set("area", data.field("mdtrtarea"));
    let place = Place::from(Distance::between(data.field("mdtrtarea_admdvs"), data.field("admdvs12")));
    facts.set("place", place.label());
    facts.flag("outside", place != Place::Inside);
    facts.set("filed", around.filed.to_string());
    let doctor = [data.field("atddr_no"), data.field("atddr_name")].join(" ");
    facts.set("doctor", doctor.trim());
    facts.set("doctor_state", around.doctor.id());
    if let Some((begin, end)) = own.span {
        facts.set("begin", begin.to_string());
        facts.set("end", end.to_string());
        facts.number("days", (end - begin).num_days().max(1));
        let year = around.year.unwrap_or_else(|| end.year());
        if let Some(last) = NaiveDate::from_ymd_opt(year, 12, 31) {
            facts.set("year_end", last.to_string());
        }
    }
}

fn money(facts: &mut Facts, own: &Claim, data: &FormData) {
    let (mut paid, mut drugs, mut expensive) = (0_i64, 0_i64, 0_i64);
    for row in data.rows("fees") {
        let line = amount(cell(row, "det_item_fee_sumamt")).0;
        let over = amount(cell(row, "overlmt_amt")).0.min(line);
        paid = paid.saturating_add(if cell(row, "chrgitm_lv") == "03" { line } else { over });
        if DRUGS.contains(&cell(row, "med_chrgitm_type")) {
            drugs = drugs.saturating_add(line);
            if cell(row, EXPENSIVE) == "1" {
                expensive = expensive.saturating_add(line);
            }
        }
    }
    let total = amount(data.field("medfee_sumamt")).0;
    facts.set("medfee", Fen(total).to_yuan());
    facts.set("own", Fen(paid).to_yuan());
    facts.number("own_share", share(paid, total));
    facts.set("drugs", Fen(drugs).to_yuan());
    facts.set("expensive", Fen(expensive).to_yuan());
    facts.number("expensive_share", share(expensive, drugs));
    if let Some((begin, end)) = own.span {
        facts.set("day_cost", Fen(total / (end - begin).num_days().max(1)).to_yuan());
    }
}

/// Ten-thousandths, cut; nothing of nothing is none.
fn share(part: i64, whole: i64) -> i64 {
    if whole <= 0 { 0 } else { i64::try_from(i128::from(part) * 10_000 / i128::from(whole)).unwrap_or(0) }
}

/// Filings that hold on the first day of the treatment (003 A72, A73).
fn filings(facts: &mut Facts, own: &Claim, data: &FormData, around: &Around<'_>) {
    let Some((begin, _)) = own.span else { return };
    let begin = begin.to_string();
    let held = |kind: &str| -> Vec<&FilingRecord> {
        around.filings.iter().filter(|filing| filing.kind == kind && filing.holds_on(&begin)).collect()
    };
    let outside = held("outside_filing");
    let emergency = |filing: &&FilingRecord| filing.value("out_file_kind") == "6";
    facts.flag("outside_filed", outside.iter().any(|filing| !emergency(filing)));
    facts.flag("emergency_filed", outside.iter().any(emergency));
    let referrals = held("referral");
    let here = |filing: &FilingRecord| {
        same_place(&place_of("", filing.value("reflin_medins_name")), &place_of("", &own.hospital))
            || same_place(filing.value("reflin_medins_no"), data.field("fixmedins_code"))
    };
    facts.flag("referred", !referrals.is_empty());
    facts.flag("referred_here", referrals.iter().any(|filing| here(filing)));
}

/// The chronic disease of the bill beside its filing: one hospital for the year, no other meanwhile (003 A66). That
/// there is a filing at all is a matter of the settlement.
fn disease(facts: &mut Facts, own: &Claim, data: &FormData, around: &Around<'_>) {
    let (code, name) = (data.field("dise_codg"), data.field("dise_name"));
    let Some((begin, _)) = own.span.filter(|_| !code.is_empty()) else { return };
    facts.set("disease", if name.is_empty() { code } else { name });
    let Some(filing) = filed_disease(around.filings, (code, name), &begin.to_string()) else { return };
    let (filed_code, filed) = (filing.value("fixmedins_code"), filing.value("fixmedins_name"));
    let here = same_place(&place_of(filed_code, filed), &place_of(&own.hospital_code, &own.hospital))
        || same_place(&place_of("", filed), &place_of("", &own.hospital));
    facts.set("disease_hospital", filed);
    facts.flag("disease_elsewhere", !here);
}

/// The settlement that a stay goes on from (seed 002): one that this office does not hold is as the slip says.
fn part_before(facts: &mut Facts, own: &Claim, data: &FormData, around: &Around<'_>) {
    if own.continues.is_empty() {
        return;
    }
    facts.set("continues", &own.continues);
    facts.set("continues_to", data.field(PART_BEFORE_END));
    facts.set("continues_paid", amount(data.field(PART_BEFORE_PAID)).to_yuan());
    let held = around.history.iter().any(|claim| claim.case_no == own.continues);
    facts.flag("continues_elsewhere", !held);
}

/// Case numbers of the earlier parts of a stay: parts follow each other, each names the one before.
fn parts_before<'a>(own: &'a Claim, history: &'a [Claim]) -> Vec<&'a str> {
    let mut parts: Vec<&str> = Vec::new();
    let mut next = own.continues.as_str();
    while !next.is_empty() && !parts.contains(&next) {
        parts.push(next);
        let part = history.iter().find(|claim| claim.case_no == next);
        next = part.map_or("", |part| part.continues.as_str());
    }
    parts
}

/// Cover on the days of the treatment (reference 5.1): a stay that begins before it, or outlasts it, is told.
fn cover(facts: &mut Facts, own: &Claim, data: &FormData, around: &Around<'_>) {
    let Some((begin, end)) = own.span else { return };
    let covered =
        |text: &str| around.covers.iter().any(|(from, to)| from.as_str() <= text && text <= to.as_str());
    let mut covered_days = Vec::new();
    let mut bare = 0;
    for date in begin.iter_days().take_while(|date| *date <= end && (*date - begin).num_days() < MAX_DAYS) {
        let text = date.to_string();
        if covered(&text) {
            covered_days.push(text);
        } else {
            bare += 1;
        }
    }
    facts.number("covered_days", i64::try_from(covered_days.len()).unwrap_or(i64::MAX));
    facts.number("uncovered_days", bare);
    facts.set("cover_from", covered_days.first().cloned().unwrap_or_default());
    facts.set("cover_to", covered_days.last().cloned().unwrap_or_default());
    let bare = |row: &&Row| day(cell(row, LINE_DAY)).is_some_and(|date| !covered(&date.to_string()));
    let lines: Vec<&Row> = data.rows("fees").iter().filter(bare).collect();
    let sum =
        lines.iter().fold(0_i64, |sum, row| sum.saturating_add(amount(cell(row, "det_item_fee_sumamt")).0));
    facts.number("lines_outside", i64::try_from(lines.len()).unwrap_or(i64::MAX));
    facts.set("lines_outside_sum", Fen(sum).to_yuan());
}

/// How often the person claimed lately (003 A88).
fn counts(facts: &mut Facts, own: &Claim, around: &Around<'_>) {
    let Some((begin, _)) = own.span else { return };
    let mine = around.history.iter().filter(|claim| claim.psn_no == own.psn_no && !own.psn_no.is_empty());
    // A further part of a stay is no further admission (seed 002).
    let admitted = |claim: &Claim| claim.inpatient() && claim.continues.is_empty();
    let (mut visits, mut admissions) = (i64::from(!own.inpatient()), i64::from(admitted(own)));
    for claim in mine {
        let Some((from, _)) = claim.span else { continue };
        let before = (begin - from).num_days();
        visits += i64::from(!claim.inpatient() && (0..VISIT_DAYS).contains(&before));
        admissions += i64::from(admitted(claim) && from.year() == begin.year());
    }
    facts.number("visits", visits);
    facts.number("admissions", admissions);
}

/// The same paper twice (003 A74(1)1; reference 2.11: a number is unique in the whole system).
fn invoices(facts: &mut Facts, own: &Claim, around: &Around<'_>) {
    for other in around.history {
        let same_hospital = own.same_hospital(other);
        for mine in &own.invoices {
            for theirs in &other.invoices {
                let number = !mine.number.is_empty() && mine.number == theirs.number;
                let paper = same_hospital && mine.date == theirs.date && mine.amount == theirs.amount;
                let amount = theirs.amount.to_yuan();
                if number {
                    let cells = [
                        ("invo_no", mine.number.clone()),
                        ("case_no", other.case_no.clone()),
                        ("who", other.who.clone()),
                        ("standing", other.standing.clone()),
                        ("hospital", other.hospital.clone()),
                        ("invo_date", theirs.date.clone()),
                        ("invo_amt", amount),
                        ("same_hospital", word(same_hospital)),
                    ];
                    facts.row("same_number", &cells);
                } else if paper && !mine.date.is_empty() && mine.amount > Fen::ZERO {
                    let cells = [
                        ("invo_no", mine.number.clone()),
                        ("other_no", theirs.number.clone()),
                        ("case_no", other.case_no.clone()),
                        ("who", other.who.clone()),
                        ("standing", other.standing.clone()),
                        ("hospital", other.hospital.clone()),
                        ("invo_date", theirs.date.clone()),
                        ("invo_amt", amount),
                    ];
                    facts.row("same_amount", &cells);
                }
            }
        }
    }
}

/// Other treatments of the person that overlap, and stays that follow each other closely (003 A68). Parts of one stay are
/// neither.
fn stays(facts: &mut Facts, own: &Claim, around: &Around<'_>) {
    let Some((begin, end)) = own.span else { return };
    let parts = parts_before(own, around.history);
    let mine = around.history.iter().filter(|claim| claim.psn_no == own.psn_no && !own.psn_no.is_empty());
    let mine = mine.filter(|claim| !parts.contains(&claim.case_no.as_str()));
    for other in mine {
        let Some((from, to)) = other.span else { continue };
        if from <= end && begin <= to {
            let common = (end.min(to) - begin.max(from)).num_days() + 1;
            let cells = [
                ("case_no", other.case_no.clone()),
                ("standing", other.standing.clone()),
                ("hospital", other.hospital.clone()),
                ("begin", from.to_string()),
                ("end", to.to_string()),
                ("inpatient", word(other.inpatient())),
                ("same_hospital", word(own.same_hospital(other))),
                ("common_days", common.to_string()),
            ];
            facts.row("stays", &cells);
        }
        let (discharged, admitted) = if to <= begin { (to, begin) } else { (end, from) };
        let gap = (admitted - discharged).num_days();
        let both = own.inpatient() && other.inpatient();
        if both && (to <= begin || end <= from) && (0..=READMISSION_DAYS).contains(&gap) {
            let filed = around.filings.iter().any(|filing| {
                filing.kind == "readmission" && !filing.void && filing.from == admitted.to_string()
            });
            let cells = [
                ("case_no", other.case_no.clone()),
                ("standing", other.standing.clone()),
                ("hospital", other.hospital.clone()),
                ("discharged", discharged.to_string()),
                ("admitted", admitted.to_string()),
                ("gap", gap.to_string()),
                ("filed", word(filed)),
            ];
            facts.row("readmissions", &cells);
        }
    }
}
