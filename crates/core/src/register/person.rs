//! Persons and households as the register holds them. Field names are those of the national platform, so that a
//! record fills a form, a print and an export without translation. Knows nothing of forms or cases.

use std::collections::BTreeMap;

/// One datum of a person, with its national field name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum PersonField {
    /// Name (003 A14).
    #[n(0)]
    Name,
    /// Kind of certificate, code table `psn_cert_type`.
    #[n(1)]
    CertType,
    /// Certificate number.
    #[n(2)]
    CertNo,
    /// Sex, code table `gend`.
    #[n(3)]
    Sex,
    /// Ethnic group, code table `naty`, two digits.
    #[n(4)]
    Ethnicity,
    /// Day of birth, `YYYY-MM-DD`.
    #[n(5)]
    Birth,
    /// Telephone.
    #[n(6)]
    Phone,
    /// Kind of household registration, local table `resd_natu`.
    #[n(7)]
    HouseholdKind,
    /// Address of household registration.
    #[n(8)]
    RegisteredAddress,
    /// Living address.
    #[n(9)]
    LivingAddress,
    /// Village or community, 12-digit division code.
    #[n(10)]
    Village,
    /// Relation to the householder, code table `patn_rlts`.
    #[n(11)]
    Relation,
    /// Person category, code table `psn_type`.
    #[n(12)]
    Category,
    /// Special identity, code table `psn_idet_type` (003 A8).
    #[n(13)]
    SpecialIdentity,
    /// Number of the certificate that proves the special identity.
    #[n(14)]
    SpecialCertificate,
    /// Bank account or social-security card for deduction and payment.
    #[n(15)]
    BankAccount,
    /// Code of the bank.
    #[n(16)]
    BankCode,
    /// Kind of account, local table `acct_kind`.
    #[n(17)]
    AccountKind,
    /// Name on the account.
    #[n(18)]
    AccountName,
    /// Birth certificate number of a newborn without an identity number (003 A7).
    #[n(19)]
    BirthCertificate,
    /// How the bank spells the name on the account where it cannot write it as the certificate does (reference 6.6;
    /// product 2.6): what a payment must carry to arrive.
    #[n(20)]
    AccountNameAlias,
    /// Last day on which the proof of the special identity holds (003 A8: valid proof).
    #[n(21)]
    SpecialUntil,
}

impl PersonField {
    /// Every field, in the order of the paper form.
    pub const ALL: [Self; 22] = [
        Self::Name,
        Self::CertType,
        Self::CertNo,
        Self::Sex,
        Self::Ethnicity,
        Self::Birth,
        Self::Phone,
        Self::HouseholdKind,
        Self::RegisteredAddress,
        Self::LivingAddress,
        Self::Village,
        Self::Relation,
        Self::Category,
        Self::SpecialIdentity,
        Self::SpecialCertificate,
        Self::SpecialUntil,
        Self::BankAccount,
        Self::BankCode,
        Self::AccountKind,
        Self::AccountName,
        Self::BirthCertificate,
        Self::AccountNameAlias,
    ];

    /// The national field name, which is also the form field id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Name => "psn_name",
            Self::CertType => "psn_cert_type",
            Self::CertNo => "certno",
            Self::Sex => "gend",
            Self::Ethnicity => "naty",
            Self::Birth => "brdy",
            Self::Phone => "mob",
            Self::HouseholdKind => "resd_natu",
            Self::RegisteredAddress => "hsreg_addr",
            Self::LivingAddress => "live_addr",
            Self::Village => "admdvs12",
            Self::Relation => "patn_rlts",
            Self::Category => "psn_type",
            Self::SpecialIdentity => "psn_idet_type",
            Self::SpecialCertificate => "spec_cert_no",
            Self::SpecialUntil => "spec_cert_end",
            Self::BankAccount => "bankacct",
            Self::BankCode => "bank_type_code",
            Self::AccountKind => "acct_kind",
            Self::AccountName => "acct_name",
            Self::BirthCertificate => "birth_cert_no",
            Self::AccountNameAlias => "acct_name_alias",
        }
    }

    /// The field that an item of the change form stands for (annex 4, 003 A14; 10 is ours); none for a code outside the
    /// table.
    pub fn of_change_item(code: &str) -> Option<Self> {
        Some(match code {
            "01" => Self::Name,
            "02" => Self::Sex,
            "03" => Self::Ethnicity,
            "04" => Self::CertNo,
            "05" => Self::BankAccount,
            "06" => Self::SpecialIdentity,
            "07" => Self::LivingAddress,
            "08" => Self::Phone,
            "09" => Self::RegisteredAddress,
            "10" => Self::AccountNameAlias,
            _ => return None,
        })
    }
}

/// Whether the person is part of the register today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum PersonStatus {
    /// In the register.
    #[n(0)]
    Active,
    /// Relation cancelled (003 A15).
    #[n(1)]
    Cancelled,
    /// The case that created the record was reversed.
    #[n(2)]
    Void,
}

/// One person of the register.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Person {
    /// Number of the person in this register, given once and never reused.
    #[n(0)]
    pub psn_no: String,
    /// Revision: 1 for the first version, one more for each later one.
    #[n(1)]
    pub rev: u32,
    /// Household the person belongs to; empty when none.
    #[n(2)]
    pub household_no: String,
    /// Standing in the register.
    #[n(3)]
    pub status: PersonStatus,
    /// Canonical text by field; a missing key is not filled.
    #[n(4)]
    pub values: BTreeMap<PersonField, String>,
}

impl Person {
    /// The value of a field; empty where not filled.
    pub fn get(&self, field: PersonField) -> &str {
        self.values.get(&field).map_or("", String::as_str)
    }

    /// Sets a value; an empty one removes the key.
    pub fn set(&mut self, field: PersonField, value: &str) {
        if value.is_empty() {
            self.values.remove(&field);
        } else {
            self.values.insert(field, value.to_owned());
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        self.get(PersonField::Name)
    }

    /// The certificate number.
    pub fn certno(&self) -> &str {
        self.get(PersonField::CertNo)
    }
}

/// One household (户): the unit in which villages enrol (003 A6).
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct Household {
    /// Number of the household in this register.
    #[n(0)]
    pub household_no: String,
    /// Revision, from 1.
    #[n(1)]
    pub rev: u32,
    /// Number of the household booklet; empty when unknown.
    #[n(2)]
    pub resdbook_no: String,
    /// Person number of the householder; empty when the householder is not in the register.
    #[n(3)]
    pub head_psn_no: String,
    /// Name of the householder as on the form.
    #[n(4)]
    pub head_name: String,
    /// Village or community, 12-digit division code.
    #[n(5)]
    pub admdvs12: String,
    /// Villagers' group.
    #[n(6)]
    pub group_no: String,
    /// Address of household registration.
    #[n(7)]
    pub address: String,
    /// The case that created the record was reversed.
    #[n(8)]
    pub void: bool,
}
