//! The persons that a scripted demonstration needs: five households of a known shape, the first of the register, the
//! same for a seed whatever the number of households. Knows shapes and ages; knows no form and no key.

use chrono::{Datelike, Days, NaiveDate};

use super::dice::Dice;
use super::family::{Seat, Tie};

/// Who plays in the demonstration. Distinct persons of distinct households, all in the register and enrolled for the
/// year of today and the year before, unless said otherwise; every adult has a telephone and an account; no special
/// identity, and only characters that every Chinese font has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    /// 参保登记: a household whose next enrolment is due.
    pub family: Family,
    /// 信息变更: an adult with a new telephone and a new address.
    pub mover: Mover,
    /// 关系注销: an elder who has died.
    pub deceased: Deceased,
    /// 转移接续: a young adult who transfers out.
    pub leaver: Role,
    /// 零星报销: a man of 57 who was in hospital.
    pub inpatient: Role,
}

/// One person of the cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Person number.
    pub psn_no: String,
    /// Household number.
    pub household_no: String,
}

/// Four persons of the register and a newborn: a household of five.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// Household number.
    pub household_no: String,
    /// Person number of the householder, a man of 34.
    pub head: String,
    /// Person numbers in the order of the booklet: householder, wife, son, the householder's mother.
    pub members: Vec<String>,
    /// The year to enrol for: the next one from 1 September on, before that the year of today. The members are
    /// enrolled for the two years before it and not for it.
    pub insu_year: u16,
    /// The daughter who is not in the register yet.
    pub newborn: Newborn,
}

/// A newborn with a birth certificate and no ID number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newborn {
    /// Name.
    pub name: String,
    /// Day of birth: 24 days before today.
    pub birth: NaiveDate,
    /// Code of `gend`.
    pub sex: &'static str,
    /// Ethnic group, two digits.
    pub ethnicity: String,
    /// Relation to the householder, code of `patn_rlts`.
    pub relation: &'static str,
    /// Number of the birth certificate.
    pub birth_certificate: String,
}

/// An adult who changes telephone and living address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mover {
    /// Person number.
    pub psn_no: String,
    /// Household number.
    pub household_no: String,
    /// The new telephone number.
    pub phone: String,
    /// The new living address, within the pooling area.
    pub address: String,
}

/// An elder who has died, and who applies for the cancellation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deceased {
    /// Person number.
    pub psn_no: String,
    /// Household number.
    pub household_no: String,
    /// Day of death: six days before today.
    pub died: NaiveDate,
    /// Person number of the son, the householder.
    pub heir: String,
}

/// Households of the cast, in the order of the register.
pub(super) const FAMILY: usize = 0;
/// The household of the mover.
pub(super) const MOVER: usize = 1;
/// The household of the deceased.
pub(super) const DECEASED: usize = 2;
/// The household of the leaver.
pub(super) const LEAVER: usize = 3;
/// The household of the inpatient.
pub(super) const INPATIENT: usize = 4;
/// Number of scripted households.
pub(super) const HOUSEHOLDS: usize = 5;

/// The members of a scripted household, householder first; `None` behind the cast.
pub(super) fn seats(index: usize, today: NaiveDate, dice: &mut Dice) -> Option<Vec<Seat>> {
    let shape: &[(Tie, bool, i32)] = match index {
        FAMILY => &[
            (Tie::Head, true, 34),
            (Tie::Spouse, false, 31),
            (Tie::Child, true, 8),
            (Tie::Parent, false, 63),
        ],
        MOVER => &[(Tie::Head, true, 45), (Tie::Spouse, false, 43), (Tie::Child, false, 16)],
        DECEASED => &[(Tie::Head, true, 58), (Tie::Spouse, false, 55), (Tie::Parent, true, 86)],
        LEAVER => &[(Tie::Head, true, 52), (Tie::Spouse, false, 50), (Tie::Child, false, 26)],
        INPATIENT => &[(Tie::Head, true, 57), (Tie::Spouse, false, 54)],
        _ => return None,
    };
    Some(shape.iter().map(|(tie, male, age)| Seat::aged(*tie, *male, *age, today, dice)).collect())
}

/// The newborn of the family: a daughter.
pub(super) fn newborn_seat(today: NaiveDate) -> Seat {
    Seat { tie: Tie::Child, male: false, birth: today.checked_sub_days(Days::new(24)).unwrap_or(today) }
}

/// The insurance year that is enrolled for on that day (003 A22: the window opens on 1 September).
pub(super) fn year_to_enrol(today: NaiveDate) -> i32 {
    today.year() + i32::from(today.month() >= 9)
}
