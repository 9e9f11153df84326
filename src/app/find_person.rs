//! Finding a person, and opening one: everything the window needs to answer at once. Lists are masked; opening a
//! record and unmasking it are recorded before they are shown.

use chrono::NaiveDate;
use xiangbao_core::case::Case;
use xiangbao_core::form::{Field, FormDef, Kind};
use xiangbao_core::identity::text::{clean_code, is_refused};
use xiangbao_core::identity::{
    check_certificate, check_name, from_15, masked_account, masked_certno, masked_phone, with_code_points,
};
use xiangbao_core::register::{
    Enrolment, FilingRecord, FilingStanding, Household, Person, PersonField, PersonStatus, RecordKey,
};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::station::Station;
use crate::store::{Snapshot, Version, search};

/// Most rows a search answers.
pub const MAX_ROWS: usize = 200;

/// One row of the list: masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Person number.
    pub psn_no: String,
    /// Name.
    pub name: String,
    /// Masked certificate number.
    pub certno: String,
    /// Sex, as a word.
    pub sex: String,
    /// Day of birth.
    pub birth: String,
    /// Village, as a word.
    pub village: String,
    /// Masked telephone.
    pub phone: String,
    /// Standing: 参保 of this year, 未参保, 已注销.
    pub standing: String,
}

/// Everything about one person.
#[derive(Clone, Debug)]
pub struct PersonCard {
    /// The record.
    pub person: Person,
    /// Whether numbers are shown in full.
    pub unmasked: bool,
    /// The household, if any.
    pub household: Option<Household>,
    /// Its members, with what they have this year.
    pub members: Vec<PersonRow>,
    /// Enrolments, oldest year first.
    pub enrolments: Vec<Enrolment>,
    /// What is filed about the person, newest first.
    pub filings: Vec<PersonFiling>,
    /// Cases, newest first.
    pub cases: Vec<([u8; 16], Case)>,
    /// Versions of the record, oldest first: what was known when.
    pub history: Vec<Version>,
}

/// One filing of the person, as it stands today.
#[derive(Clone, Debug)]
pub struct PersonFiling {
    /// The record.
    pub record: FilingRecord,
    /// How it stands today.
    pub standing: FilingStanding,
    /// Its versions, oldest first.
    pub history: Vec<Version>,
}

impl PersonCard {
    /// What a filing keeps, by field in the order of its form (by id where the form is gone), as it may be shown now:
    /// canonical text, numbers masked by the kind of their field.
    pub fn filed(&self, filing: &FilingRecord, def: Option<&FormDef>) -> Vec<(String, String)> {
        let fields: Vec<&Field> =
            def.iter().flat_map(|def| def.sections.iter().flat_map(|section| &section.fields)).collect();
        let place = |id: &str| fields.iter().position(|field| field.id == id).unwrap_or(usize::MAX);
        let mut values: Vec<(String, String)> = filing
            .values
            .iter()
            .map(|(id, value)| {
                let kind = fields.iter().find(|field| field.id == *id).map(|field| field.spec.kind);
                let shown = match kind {
                    _ if self.unmasked => value.clone(),
                    Some(Kind::Certificate) => masked_certno(value),
                    Some(Kind::Phone) => masked_phone(value),
                    Some(Kind::Bank) => masked_account(value),
                    _ => value.clone(),
                };
                (id.clone(), shown)
            })
            .collect();
        values.sort_by_key(|(id, _)| place(id));
        values
    }

    /// A value as it may be shown now.
    pub fn shown(&self, field: PersonField) -> String {
        let value = self.person.get(field);
        if self.unmasked {
            return value.to_owned();
        }
        match field {
            PersonField::CertNo | PersonField::BirthCertificate => masked_certno(value),
            PersonField::Phone => masked_phone(value),
            PersonField::BankAccount => masked_account(value),
            _ => value.to_owned(),
        }
    }
}

/// The words as the register spells them: narrow figures, composed, characters for code points, one middle dot, no
/// control characters.
fn meant(query: &str) -> String {
    let safe: String = query.chars().map(|found| if is_refused(found) { ' ' } else { found }).collect();
    let words = safe.split_whitespace().map(|word| {
        let word = clean_code(word).unwrap_or_default();
        let name = check_name(&word).ok().filter(|_| !word.is_ascii() || word.contains('+'));
        name.map_or_else(|| with_code_points(&word).into_owned(), |name| name.normal)
    });
    words.collect::<Vec<String>>().join(" ")
}

/// The 18 characters of a 15-digit number; any other word as it is.
fn of_15(word: &str, today: NaiveDate) -> String {
    let old = from_15(word).filter(|number| check_certificate("01", number, today).is_ok());
    old.unwrap_or_else(|| word.to_owned())
}

impl Station {
    /// Finds persons by anything that is typed.
    ///
    /// # Errors
    /// When the actor may not search, or the store cannot be read.
    pub fn find_persons(&self, actor: &Actor, query: &str) -> Result<Vec<PersonRow>, AppError> {
        self.authorize(actor, Action::SearchPersons, &Subject::none())?;
        let query = meant(query);
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let snapshot = self.snapshot()?;
        let mut rows = Vec::new();
        let mut persons = search::find_persons(&snapshot, &query, MAX_ROWS)?;
        if persons.is_empty() {
            // The number of an old card, which the register holds with 18 characters.
            let today = self.today();
            let widened: Vec<String> = query.split(' ').map(|word| of_15(word, today)).collect();
            persons = search::find_persons(&snapshot, &widened.join(" "), MAX_ROWS)?;
        }
        for person in persons {
            if actor.serves(person.get(PersonField::Village)) {
                rows.push(self.row_of(&snapshot, &person)?);
            }
        }
        self.looked(actor, "search", &format!("{} rows", rows.len()))?;
        Ok(rows)
    }

    /// Opens one person's record; `unmask` shows numbers in full and is recorded as such.
    ///
    /// # Errors
    /// When the actor may not, there is no such person, or the store cannot be read.
    pub fn open_person(&self, actor: &Actor, psn_no: &str, unmask: bool) -> Result<PersonCard, AppError> {
        let snapshot = self.snapshot()?;
        let person = snapshot.person(psn_no)?.ok_or_else(|| AppError::NotFound(format!("人员 {psn_no}")))?;
        let subject = Subject::in_village(person.get(PersonField::Village));
        self.authorize(actor, Action::ViewPerson, &subject)?;
        if unmask {
            self.authorize(actor, Action::Unmask, &subject)?;
        }
        self.looked(actor, if unmask { "unmask" } else { "view_person" }, psn_no)?;
        let mut members = Vec::new();
        for member in snapshot.members(&person.household_no)? {
            members.push(self.row_of(&snapshot, &member)?);
        }
        let mut cases = snapshot.cases_of_person(psn_no)?;
        cases.reverse();
        Ok(PersonCard {
            unmasked: unmask,
            household: snapshot.household(&person.household_no)?,
            members,
            enrolments: snapshot.enrolments(psn_no)?,
            filings: self.filings_of(&snapshot, psn_no)?,
            cases,
            history: snapshot.history(&RecordKey::Person(psn_no.to_owned()))?,
            person,
        })
    }

    fn filings_of(&self, snapshot: &Snapshot, psn_no: &str) -> Result<Vec<PersonFiling>, AppError> {
        let today = self.today().to_string();
        let mut filings = Vec::new();
        for record in snapshot.filings_of(psn_no, None)? {
            let key = RecordKey::Filing(psn_no.to_owned(), record.kind.clone(), record.serial);
            let (standing, history) = (record.standing(&today), snapshot.history(&key)?);
            filings.push(PersonFiling { record, standing, history });
        }
        filings.sort_by(|a, b| b.record.from.cmp(&a.record.from));
        Ok(filings)
    }

    fn row_of(&self, snapshot: &Snapshot, person: &Person) -> Result<PersonRow, AppError> {
        use chrono::Datelike;
        let year = u16::try_from(self.today().year()).unwrap_or_default();
        let enrolled = snapshot.enrolment(&person.psn_no, year)?;
        let standing = match (person.status, enrolled) {
            (PersonStatus::Cancelled, _) => "已注销".to_owned(),
            (PersonStatus::Void, _) => "已作废".to_owned(),
            (PersonStatus::Active, Some(now)) => match now.status {
                xiangbao_core::register::EnrolmentStatus::Normal => format!("{year}年参保"),
                _ => "已终止".to_owned(),
            },
            (PersonStatus::Active, None) => "未参保".to_owned(),
        };
        let codes = &self.library.codes;
        let village = person.get(PersonField::Village);
        Ok(PersonRow {
            psn_no: person.psn_no.clone(),
            name: person.name().to_owned(),
            certno: masked_certno(person.certno()),
            sex: codes.label("gend", person.get(PersonField::Sex)).unwrap_or_default().to_owned(),
            birth: person.get(PersonField::Birth).to_owned(),
            village: codes.label("divisions", village).unwrap_or(village).to_owned(),
            phone: masked_phone(person.get(PersonField::Phone)),
            standing,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference 6.1 trap 6, 6.6: what input methods and code points do to a search.
    #[test]
    fn a_search_is_read_as_it_was_meant() {
        for (typed, meant_by_it) in [
            (" 覃小芳　４５１４ ", "覃小芳 4514"),
            ("李U+4DAE", "李䶮"),
            ("u4dae", "䶮"),
            ("买买提•艾力", "买买提·艾力"),
            ("qxf", "qxf"),
            ("45142419900101004x", "45142419900101004x"),
            ("覃\u{202e}芳", "覃 芳"),
            ("\u{1b}", ""),
        ] {
            assert_eq!(meant(typed), meant_by_it, "{typed}");
        }
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        assert_eq!(of_15("452130750815003", today), "452130197508150036");
        // The number of a household booklet has 15 digits as well.
        assert_eq!(of_15("451424100200317", today), "451424100200317");
    }
}
