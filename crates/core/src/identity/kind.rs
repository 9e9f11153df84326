//! The kinds of numbers that a window is shown, by the codes of table `psn_cert_type` and by names for those that are
//! no certificate of a person; and the one door that judges them all. Knows no register and no form.

use chrono::NaiveDate;

use super::bank::{self, check_account};
use super::credit::{check_credit_code, check_organisation_code};
use super::error::{IdentityError, Problem};
use super::{Certificate, card, check_certificate};

/// A kind of number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberKind<'a> {
    /// A certificate of a person, by its code of table `psn_cert_type`.
    Certificate(&'a str),
    /// Unified social credit code (GB 32100).
    CreditCode,
    /// Organisation code (GB 11714).
    Organisation,
    /// Number of a debit card.
    BankCard,
    /// Account of a bank book.
    BankBook,
    /// Social-security card: the number printed on it, or its bank side.
    SocialCard,
    /// Identification code of a social-security card (`card_sn`).
    CardSn,
}

impl<'a> NumberKind<'a> {
    /// Names for kinds that have no code, with what they stand for.
    pub const NAMES: [(&'static str, &'static str, NumberKind<'static>); 6] = [
        ("uscc", "统一社会信用代码", NumberKind::CreditCode),
        ("org", "组织机构代码", NumberKind::Organisation),
        ("bank-card", "银行卡", NumberKind::BankCard),
        ("bank-book", "银行存折", NumberKind::BankBook),
        ("social-card", "社会保障卡", NumberKind::SocialCard),
        ("card-sn", "社会保障卡卡识别码", NumberKind::CardSn),
    ];

    /// The kind that a word means; every other word is a code of table `psn_cert_type`.
    pub fn of(word: &'a str) -> Self {
        Self::NAMES
            .iter()
            .find(|(name, _, _)| *name == word)
            .map_or(Self::Certificate(word), |(_, _, kind)| *kind)
    }

    /// What the kind is called; `None` for certificates, whose names stand in table `psn_cert_type`.
    pub fn label(self) -> Option<&'static str> {
        Self::NAMES.iter().find(|(_, _, kind)| *kind == self).map(|(_, label, _)| *label)
    }
}

/// Judges a number of any kind; `today` bounds birth dates. See [`check_certificate`] for what can be overridden.
///
/// # Errors
/// What is wrong, with what to do.
pub fn check_number(
    kind: NumberKind<'_>,
    text: &str,
    today: NaiveDate,
) -> Result<Certificate, IdentityError> {
    match kind {
        NumberKind::Certificate(code) => check_certificate(code, text, today),
        NumberKind::CreditCode => check_credit_code(text).map(|code| {
            let mut read = Certificate::plain(&code);
            read.division = code.get(2..8).map(str::to_owned);
            read.organisation = code.get(8..17).map(str::to_owned);
            read
        }),
        NumberKind::Organisation => check_organisation_code(text).map(|code| Certificate::plain(&code)),
        NumberKind::BankCard => check_account("2", text).map(|digits| Certificate::plain(&digits)),
        NumberKind::BankBook => check_account("3", text).map(|digits| {
            let mut read = Certificate::plain(&digits);
            read.notes.extend(bank::book_note(&digits));
            read
        }),
        NumberKind::SocialCard => card::check(text, today),
        NumberKind::CardSn => card::check_sn(text),
    }
}

/// What a number of another kind than the typed one may be: said beside a refusal, so that a clerk need not guess.
pub fn other_kinds(kind: NumberKind<'_>, text: &str, today: NaiveDate) -> Vec<&'static str> {
    const CERTIFICATES: [(&str, &str); 5] = [
        ("01", "居民身份证"),
        ("17", "港澳台居民居住证"),
        ("07", "外国人永久居留证"),
        ("04", "香港居民通行证"),
        ("05", "澳门居民通行证"),
    ];
    let fits = |other: NumberKind<'_>| match check_number(other, text, today) {
        Ok(read) => other != kind && read.notes.is_empty(),
        Err(_) => false,
    };
    let certificates = CERTIFICATES
        .into_iter()
        .filter(|(code, _)| kind != NumberKind::Certificate(code) && fits(NumberKind::Certificate(code)));
    let named = [NumberKind::CreditCode, NumberKind::BankCard];
    let named = named.into_iter().filter(|other| fits(*other)).filter_map(NumberKind::label);
    certificates.map(|(_, label)| label).chain(named).collect()
}

/// Problem of a kind that has no rule of its own.
pub(super) fn needed(text: &str) -> Result<&str, IdentityError> {
    if text.is_empty() { Err(Problem::Empty.into()) } else { Ok(text) }
}
