//! Papers about a person out of the register (003 A18-A19): the proof of enrolment and the personal record. Each is
//! numbered, carries a code over its content, names what it is for, and is journalled with its hash. Knows the register;
//! must not know screens.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{Datelike, Days};
use sha2::{Digest, Sha256};
use xiangbao_core::case::Status;
use xiangbao_core::event::{Event, PersonPaper};
use xiangbao_core::identity::{masked_certno, masked_phone};
use xiangbao_core::journal::hex;
use xiangbao_core::register::{Enrolment, EnrolmentStatus, Person, PersonField, PersonStatus, RecordKey};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::print_case::{Prepared, laid_out};
use super::print_data::{Sheet, day, row};
use super::station::{Station, local};
use crate::store::{Snapshot, StoreError};

/// Template of the proof of enrolment and payment (reference 2.15).
pub const PROOF: &str = "proof-of-enrolment";
/// Template of the personal record (003 A18).
pub const RECORD: &str = "personal-record";
/// The papers there are: template and letters of the number.
const PAPERS: [(&str, &str); 2] = [(PROOF, "ZM"), (RECORD, "QY")];
/// Days a paper may be relied on: the office's own, no source sets any.
const VALID_DAYS: u64 = 30;
/// Longest backing, characters.
const MAX_BACKING: usize = 60;

/// What a paper is for: a closed list (人社部令第14号; reliability 12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// 本人.
    Person,
    /// 代理人, with a letter of authority.
    Agent,
    /// 经办, for a case of the office.
    Handling,
    /// 稽核.
    Audit,
    /// 法定机关, with the number of its letter.
    Authority,
}

impl Purpose {
    /// All of them, in the order of the list.
    pub const ALL: [Self; 5] = [Self::Person, Self::Agent, Self::Handling, Self::Audit, Self::Authority];

    /// The word in commands and in the journal.
    pub fn id(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Agent => "agent",
            Self::Handling => "handling",
            Self::Audit => "audit",
            Self::Authority => "authority",
        }
    }

    /// The purpose of a word.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.id() == id)
    }

    /// What the office calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Person => "本人",
            Self::Agent => "代理人",
            Self::Handling => "经办",
            Self::Audit => "稽核",
            Self::Authority => "法定机关",
        }
    }

    /// What has to back it, as the question at the desk; none for the person, whose own document was looked at.
    pub fn asks(self) -> Option<&'static str> {
        match self {
            Self::Person => None,
            Self::Agent => Some("代理人姓名和授权书"),
            Self::Handling => Some("办件号或事由"),
            Self::Audit => Some("稽核文号或事由"),
            Self::Authority => Some("机关名称和文号"),
        }
    }
}

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperWish {
    /// Person number.
    pub psn_no: String,
    /// Template id, [`PROOF`] or [`RECORD`].
    pub document: String,
    /// What for.
    pub purpose: Purpose,
    /// What backs the purpose.
    pub backing: String,
    /// Numbers in full.
    pub unmasked: bool,
}

/// A paper that was given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedPaper {
    /// What the journal keeps.
    pub paper: PersonPaper,
    /// Where the PDF lies.
    pub path: PathBuf,
    /// Title.
    pub title: String,
}

/// What a paper carries that only its issue fixes.
struct Stamp<'a> {
    number: &'a str,
    mark: &'a str,
}

impl Station {
    /// The papers that can be given out: template and title.
    pub fn person_papers(&self) -> Vec<(String, String)> {
        let title = |id: &str| self.library.templates.get(id).map(|template| template.title.clone());
        PAPERS.iter().filter_map(|(id, _)| Some(((*id).to_owned(), title(id)?))).collect()
    }

    /// Lays a paper out as it would be, without number and code.
    ///
    /// # Errors
    /// As [`Self::issue_person_paper`], but for the disk.
    pub fn preview_person_paper(&self, actor: &Actor, wish: &PaperWish) -> Result<Prepared, AppError> {
        let snapshot = self.snapshot()?;
        let person = self.person_for_paper(actor, &snapshot, wish)?;
        let stamp = Stamp { number: "", mark: "预览，未出具" };
        Ok(self.person_paper(actor, &snapshot, &person, wish, &stamp)?.0)
    }

    /// Gives a paper out: numbered, filed in `prints/`, journalled with purpose and hash (003 A19).
    ///
    /// # Errors
    /// When the actor may not, the purpose lacks its backing, periods overlap, or the disk refuses.
    pub fn issue_person_paper(
        &self,
        actor: &Actor,
        wish: &PaperWish,
        command_id: [u8; 16],
    ) -> Result<IssuedPaper, AppError> {
        let _turn = self.store.turn();
        let snapshot = self.snapshot()?;
        let person = self.person_for_paper(actor, &snapshot, wish)?;
        if let Some(stored) = snapshot.command(&command_id)? {
            return self.paper_before(&snapshot, wish, stored.first);
        }
        let before = snapshot.papers_of_person(&person.psn_no)?;
        let same = before.iter().filter(|(_, paper)| paper.document == wish.document).count();
        let copy = u32::try_from(same).unwrap_or(u32::MAX).saturating_add(1);
        let identity = self.store.identity();
        let letters = PAPERS.iter().find(|(id, _)| *id == wish.document).map_or("", |(_, letters)| letters);
        let next = snapshot.head()?.seq + 1;
        let number = format!("{letters}{}-{}-{next:06}", identity.station, identity.epoch);
        let mark = format!("正本 第{copy}次出具");
        let (prepared, code) =
            self.person_paper(actor, &snapshot, &person, wish, &Stamp { number: &number, mark: &mark })?;
        let bytes = self.pdf(&prepared)?;
        let path = self.write_print(&format!("{number}.pdf"), &bytes)?;
        let paper = PersonPaper {
            psn_no: person.psn_no.clone(),
            document: wish.document.clone(),
            version: self.template(&wish.document)?.version,
            number,
            code,
            purpose: wish.purpose.id().to_owned(),
            backing: wish.backing.trim().to_owned(),
            valid_to: self.valid_to(),
            unmasked: wish.unmasked,
            hash: hex(&Sha256::digest(&bytes)),
            pages: u32::try_from(prepared.document.pages.len()).unwrap_or(u32::MAX),
            copy,
        };
        self.append(actor, None, command_id, vec![Event::PersonPaperIssued { paper: paper.clone() }])?;
        Ok(IssuedPaper { paper, path, title: prepared.title })
    }

    /// What an earlier issue of the same command made.
    fn paper_before(&self, snapshot: &Snapshot, wish: &PaperWish, seq: u64) -> Result<IssuedPaper, AppError> {
        let papers = snapshot.papers_of_person(&wish.psn_no)?;
        let found = papers.into_iter().find(|(at, paper)| *at == seq && paper.document == wish.document);
        let Some((_, paper)) = found else { return Err(StoreError::CommandReused.into()) };
        let path = self.folder().join("prints").join(format!("{}.pdf", paper.number));
        let title = self.template(&paper.document)?.title.clone();
        Ok(IssuedPaper { paper, path, title })
    }

    /// Asks the roles and the purpose, and records the look.
    fn person_for_paper(
        &self,
        actor: &Actor,
        snapshot: &Snapshot,
        wish: &PaperWish,
    ) -> Result<Person, AppError> {
        let person = snapshot.person(&wish.psn_no)?;
        let person = person.ok_or_else(|| AppError::NotFound(format!("人员 {}", wish.psn_no)))?;
        let subject = Subject::in_village(person.get(PersonField::Village));
        self.authorize(actor, Action::IssuePaper, &subject)?;
        if wish.purpose == Purpose::Audit {
            self.authorize(actor, Action::FillAudit, &subject)?;
        }
        if wish.unmasked {
            self.authorize(actor, Action::Unmask, &subject)?;
        }
        if !PAPERS.iter().any(|(id, _)| *id == wish.document) {
            return Err(AppError::NotFound(format!("证明 {}", wish.document)));
        }
        let backing = wish.backing.trim();
        if let Some(question) = wish.purpose.asks()
            && backing.is_empty()
        {
            let label = wish.purpose.label();
            return Err(AppError::Input(format!("用途为【{label}】的，请写明{question}。")));
        }
        if backing.chars().count() > MAX_BACKING || backing.chars().any(char::is_control) {
            return Err(AppError::Input(format!("用途说明不超过 {MAX_BACKING} 字，不含换行。")));
        }
        let what = if wish.unmasked { "paper_unmasked" } else { "paper" };
        self.looked(actor, what, &format!("{} {} {}", person.psn_no, wish.document, wish.purpose.id()))?;
        Ok(person)
    }

    fn valid_to(&self) -> String {
        let last = self.today().checked_add_days(Days::new(VALID_DAYS));
        last.unwrap_or_else(|| self.today()).to_string()
    }

    /// The paper, and the code over what stands on it.
    fn person_paper(
        &self,
        actor: &Actor,
        snapshot: &Snapshot,
        person: &Person,
        wish: &PaperWish,
        stamp: &Stamp<'_>,
    ) -> Result<(Prepared, String), AppError> {
        let mut sheet = Sheet::new(self, snapshot)?;
        let enrolments = snapshot.enrolments(&person.psn_no)?;
        check_apart(&enrolments)?;
        self.describe(&mut sheet, person, wish.unmasked);
        self.standing(&mut sheet, person, &enrolments);
        sheet.table("years", self.years(snapshot, &enrolments)?);
        if wish.document == RECORD {
            sheet.table("benefits", benefits(snapshot, &person.psn_no)?);
            sheet.table("filings", self.filings(snapshot, &person.psn_no)?);
        }
        let purpose = match wish.backing.trim() {
            "" => wish.purpose.label().to_owned(),
            backing => format!("{}（{backing}）", wish.purpose.label()),
        };
        sheet.set("paper.purpose", &purpose);
        sheet.set("paper.valid_to", &self.valid_to());
        sheet.set("paper.date", &self.today().to_string());
        sheet.set("paper.number", stamp.number);
        sheet.set("case.clerk", &actor.name);
        let content = sheet.done();
        let code = if stamp.number.is_empty() { String::new() } else { code_of(&content) };
        let mut data = content;
        data.values.insert("paper.code".to_owned(), code.clone());
        data.values.insert("print.mark".to_owned(), stamp.mark.to_owned());
        let template = self.template(&wish.document)?;
        Ok((laid_out(template, &data, stamp.number, self.now_ms())?, code))
    }

    fn describe(&self, sheet: &mut Sheet<'_>, person: &Person, unmasked: bool) {
        let codes = &self.library.codes;
        let label = |table: &str, field: PersonField| {
            let code = person.get(field);
            codes.label(table, code).unwrap_or(code).to_owned()
        };
        sheet.set("psn_name", person.name());
        sheet.set("psn_no", &person.psn_no);
        sheet.set("gend", &label("gend", PersonField::Sex));
        sheet.set("psn_cert_type", &label("psn_cert_type", PersonField::CertType));
        sheet.set("admdvs12", &label("divisions", PersonField::Village));
        let phone = person.get(PersonField::Phone);
        if unmasked {
            sheet.set("brdy", person.get(PersonField::Birth));
            sheet.set("paper.certno", person.certno());
            sheet.set("paper.mob", phone);
        } else {
            // The day of birth would give back what the number hides.
            sheet.set("brdy", &person.get(PersonField::Birth).chars().take(4).collect::<String>());
            sheet.set("paper.certno", &masked_certno(person.certno()));
            sheet.set("paper.mob", &masked_phone(phone));
        }
    }

    /// Present standing in words: insured is who paid and was not reversed (trap 11 of the reference).
    fn standing(&self, sheet: &mut Sheet<'_>, person: &Person, enrolments: &[Enrolment]) {
        let year = u16::try_from(self.today().year()).unwrap_or_default();
        let now = enrolments.iter().find(|e| e.insu_year == year && e.status == EnrolmentStatus::Normal);
        let valid = enrolments.iter().rev().find(|e| e.status == EnrolmentStatus::Normal);
        let (status, statement) = match (person.status, now) {
            (PersonStatus::Active, Some(now)) => (
                "正常参保",
                format!(
                    "兹证明该人员{year}年度在本统筹地区参加城乡居民基本医疗保险，{}。",
                    match (now.entitled_from.as_str(), now.entitled_to.as_str()) {
                        ("", _) => "待遇享受期尚未确定".to_owned(),
                        (from, to) => format!("待遇享受期{from}至{to}"),
                    }
                ),
            ),
            (PersonStatus::Active, None) => (
                "未参保",
                format!(
                    "兹证明截至{}，该人员在本统筹地区没有{year}年度城乡居民基本医疗保险的有效参保记录。",
                    self.today()
                ),
            ),
            (PersonStatus::Cancelled, _) => (
                "终止参保",
                format!(
                    "兹证明该人员的城乡居民基本医疗保险关系已在本统筹地区注销，截至{}没有有效参保。",
                    self.today()
                ),
            ),
            (PersonStatus::Void, _) => ("无效", "该人员的登记记录已作废，没有有效参保。".to_owned()),
        };
        sheet.set("paper.status", status);
        sheet.set("paper.statement", &statement);
        sheet.set("paper.entitled_from", now.or(valid).map_or("", |e| e.entitled_from.as_str()));
    }

    fn years(
        &self,
        snapshot: &Snapshot,
        enrolments: &[Enrolment],
    ) -> Result<Vec<BTreeMap<String, String>>, AppError> {
        let mut rows = Vec::new();
        for enrolment in enrolments {
            let key = RecordKey::Enrolment(enrolment.psn_no.clone(), enrolment.insu_year);
            let first = snapshot.history(&key)?.first().map(|version| version.known_ms);
            let recorded = first.map(|ms| local(ms).format("%Y-%m-%d").to_string()).unwrap_or_default();
            let state = match enrolment.status {
                EnrolmentStatus::Normal => "正常参保",
                EnrolmentStatus::Void => "已冲正，不计",
                EnrolmentStatus::Ended => "终止参保",
            };
            // One source for what was paid: what was booked. Years from before bookings, and years that are still to be
            // collected, have the amount that is due and no day.
            let booked = snapshot.contribution(&enrolment.psn_no, enrolment.insu_year)?;
            let personal = booked.as_ref().map_or(enrolment.personal, |paid| paid.amount);
            rows.push(row(&[
                ("year", &enrolment.insu_year.to_string()),
                ("begin", &enrolment.entitled_from),
                ("end", &enrolment.entitled_to),
                ("personal", &personal.to_grouped()),
                ("paid", booked.as_ref().map_or("未入账", |paid| paid.paid_on.as_str())),
                ("aid", &enrolment.aid.to_grouped()),
                ("recorded", &recorded),
                ("state", state),
            ]));
        }
        Ok(rows)
    }

    fn filings(&self, snapshot: &Snapshot, psn_no: &str) -> Result<Vec<BTreeMap<String, String>>, AppError> {
        let today = self.today().to_string();
        let rows = snapshot.filings_of(psn_no, None)?.into_iter().map(|filing| {
            let name = self.library.form(&filing.kind).map_or(filing.kind.as_str(), |form| &form.def.name);
            let state = match () {
                () if filing.void => "已冲正",
                () if filing.ended_before(&today) => "已到期",
                () => "有效",
            };
            row(&[("kind", name), ("begin", &filing.from), ("end", &filing.to), ("state", state)])
        });
        Ok(rows.collect())
    }
}

/// What the fund paid for the person and was not reversed.
fn benefits(snapshot: &Snapshot, psn_no: &str) -> Result<Vec<BTreeMap<String, String>>, AppError> {
    let cases = snapshot.cases_of_person(psn_no)?;
    let rows = cases.iter().filter(|(_, case)| case.status == Status::InEffect).filter_map(|(_, case)| {
        let settled = case.settlement.as_ref()?;
        Some(row(&[
            ("date", &case.effect.as_ref().map(day).unwrap_or_default()),
            ("number", &case.number),
            ("hospital", case.filing.data.field("fixmedins_name")),
            ("total", &settled.medfee_sumamt.to_grouped()),
            ("fund", &settled.fund_pay_sumamt.to_grouped()),
        ]))
    });
    Ok(rows.collect())
}

/// Two years must not entitle to the same day twice.
fn check_apart(enrolments: &[Enrolment]) -> Result<(), AppError> {
    let counted = |e: &&Enrolment| e.status != EnrolmentStatus::Void && !e.entitled_from.is_empty();
    let mut periods: Vec<(&str, &str, u16)> = enrolments
        .iter()
        .filter(counted)
        .map(|e| (e.entitled_from.as_str(), e.entitled_to.as_str(), e.insu_year))
        .collect();
    periods.sort_unstable();
    for pair in periods.windows(2) {
        if let [(_, end, one), (begin, _, two)] = pair
            && begin <= end
        {
            let sentence =
                format!("{one}年度与{two}年度的待遇享受期重叠，不能出具证明。请先核对参保记录，必要时冲正。");
            return Err(AppError::Input(sentence));
        }
    }
    Ok(())
}

/// Twelve hexadecimal digits over everything that stands on the paper, in groups of four.
fn code_of(content: &xiangbao_core::print::PrintData) -> String {
    let mut digest = Sha256::new();
    let mut put = |text: &str| {
        digest.update(text.len().to_be_bytes());
        digest.update(text.as_bytes());
    };
    for (slot, value) in &content.values {
        put(slot);
        put(value);
    }
    for (table, rows) in &content.tables {
        put(table);
        for (key, value) in rows.iter().flatten() {
            put(key);
            put(value);
        }
    }
    let digits: String = hex(&digest.finalize()).chars().take(12).collect::<String>().to_uppercase();
    let groups: Vec<&str> = [0..4, 4..8, 8..12].into_iter().filter_map(|range| digits.get(range)).collect();
    groups.join("-")
}
