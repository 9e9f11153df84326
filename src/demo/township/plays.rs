//! The cast on the real forms: the family's next enrolment and the elder's cancellation pass every rule of their
//! form and take effect on a register that holds nothing but the township.

use std::collections::BTreeMap;

use xiangbao_core::form::{
    EvalContext, EveryGlyph, FieldPath, Finding, FormData, FormDef, derived, evaluate,
};
use xiangbao_core::policy::contribution;
use xiangbao_core::register::{
    EffectContext, Enrolment, EnrolmentStatus, FilingRecord, PersonField as F, PersonStatus, RecordKey,
    RegisterView, effects_of,
};

use super::tests::{codes, day, policy};
use super::*;

const DAYS: [&str; 6] = ["2026-01-03", "2026-03-02", "2026-08-31", "2026-09-01", "2026-11-21", "2026-12-31"];

/// The township as a register.
struct Register {
    newest: BTreeMap<RecordKey, Change>,
    counts: (u64, u64),
}

impl Register {
    fn of(town: &Township) -> Self {
        let newest = town.changes.iter().map(|change| (change.key(), change.clone())).collect();
        Self { newest, counts: (town.persons, town.households) }
    }
}

impl RegisterView for Register {
    fn current(&self, key: &RecordKey) -> Result<Option<Change>, String> {
        Ok(self.newest.get(key).cloned())
    }

    fn version(&self, key: &RecordKey, rev: u32) -> Result<Option<Change>, String> {
        Ok(self.newest.get(key).filter(|change| change.rev() == rev).cloned())
    }

    fn persons_by_certno(&self, certno: &str) -> Result<Vec<String>, String> {
        let numbers = self.newest.values().filter_map(|change| match change {
            Change::Person { record, .. } if record.certno() == certno => Some(record.psn_no.clone()),
            _ => None,
        });
        Ok(numbers.collect())
    }

    fn household_by_book(&self, village: &str, book: &str) -> Result<Option<String>, String> {
        Ok(self.newest.values().find_map(|change| match change {
            Change::Household { record, .. } if record.admdvs12 == village && record.resdbook_no == book => {
                Some(record.household_no.clone())
            }
            _ => None,
        }))
    }

    fn serials(&self) -> Result<(u64, u64), String> {
        Ok(self.counts)
    }

    fn filings(&self, _psn_no: &str, _kind: &str) -> Result<Vec<FilingRecord>, String> {
        Ok(Vec::new())
    }

    fn fund_paid(&self, _psn_no: &str, _year: u16) -> Result<bool, String> {
        Ok(false)
    }
}

fn form(id: &str) -> FormDef {
    let path = format!("{}/forms/{id}.toml", env!("CARGO_MANIFEST_DIR"));
    FormDef::load(id, &std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Sets what is given, then lets the form derive the rest as the screen does.
fn fill(def: &FormDef, values: &[(FieldPath, String)], context: &EvalContext<'_>) -> FormData {
    let mut data = def.blank();
    for (path, value) in values {
        data.set(path, value);
    }
    for _ in 0..3 {
        for (path, value) in derived(def, &data, context) {
            if data.get(&path).is_empty() {
                data.set(&path, &value);
            }
        }
    }
    data
}

fn enrolment_values(town: &Township, today: NaiveDate) -> Vec<(FieldPath, String)> {
    let family = &town.cast.family;
    let home = town.household(&family.household_no).unwrap();
    let head = town.person(&family.head).unwrap();
    let single = |id: &str, value: &str| (FieldPath::single(id), value.to_owned());
    let mut values = vec![
        single("admdvs12", &home.admdvs12),
        single("group_no", &home.group_no),
        single("resdbook_no", &home.resdbook_no),
        single("householder_name", &home.head_name),
        single("householder_cert_type", head.get(F::CertType)),
        single("householder_certno", head.certno()),
        single("family_cnt", "5"),
        single("hsreg_addr", &home.address),
        single("mob", head.get(F::Phone)),
        single("deduct_flag", "1"),
        single("bank_type_code", head.get(F::BankCode)),
        single("bank_name", "桃城信用社"),
        single("acct_name", head.get(F::AccountName)),
        single("acct_kind", head.get(F::AccountKind)),
        single("bankacct", head.get(F::BankAccount)),
        single("village_opinion", "情况属实，同意上报"),
        single("village_assistant", "李协办"),
        single("village_date", &today.to_string()),
        single("sign_name", &home.head_name),
    ];
    let cost = contribution(&policy(), i32::from(family.insu_year), &[], today).unwrap();
    let mut cell = |row: usize, id: &str, value: &str| {
        values.push((FieldPath::cell("members", row, id), value.to_owned()));
    };
    for (row, psn_no) in family.members.iter().enumerate() {
        let person = town.person(psn_no).unwrap();
        for field in [F::Name, F::CertType, F::CertNo, F::Ethnicity, F::Relation] {
            cell(row, field.id(), person.get(field));
        }
        cell(row, "enrol_kind", "2");
    }
    let child = &family.newborn;
    cell(4, "psn_name", &child.name);
    cell(4, "enrol_kind", "4");
    cell(4, "psn_cert_type", "990201");
    cell(4, "certno", &child.birth_certificate);
    cell(4, "birth_cert_no", &child.birth_certificate);
    cell(4, "gend", child.sex);
    cell(4, "naty", &child.ethnicity);
    cell(4, "brdy", &child.birth.to_string());
    cell(4, "patn_rlts", child.relation);
    for row in 0..5 {
        cell(row, "pay_std", &cost.standard.to_yuan());
        cell(row, "aid_amt", "0.00");
    }
    values
}

fn messages(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{}: {}", finding.path, finding.message)).collect()
}

#[test]
fn the_family_is_enrolled_for_the_next_year() {
    let (def, codes, policy) = (form("enrolment"), codes(), policy());
    for today in DAYS.map(day) {
        let town = township(SEED, 8, today, &policy).unwrap();
        let context = EvalContext {
            today,
            codes: &codes,
            glyphs: &EveryGlyph,
            ruleset: "guangxi_2017",
            calendar: None,
        };
        let data = fill(&def, &enrolment_values(&town, today), &context);
        assert_eq!(data.field("insu_year"), town.cast.family.insu_year.to_string());
        assert_eq!(messages(&evaluate(&def, &data, &context)), Vec::<String>::new(), "{today}");
        let effect = EffectContext {
            effect: def.effect,
            form: &def.id,
            record: None,
            today,
            prefix: &town.prefix,
            policy: &policy,
        };
        let changes = effects_of(&data, None, &Register::of(&town), &effect).unwrap();
        let enrolled: Vec<&Enrolment> = changes
            .iter()
            .filter_map(|change| match change {
                Change::Enrolment { record, .. } => Some(record),
                _ => None,
            })
            .collect();
        assert_eq!(enrolled.len(), 5);
        assert!(enrolled.iter().all(|record| record.status == EnrolmentStatus::Normal));
        // The register goes on counting where the township stopped, and the household is the known one.
        assert_eq!(enrolled[4].psn_no, format!("{}{:08}", town.prefix, town.persons + 1));
        assert!(changes.iter().any(|change| matches!(change, Change::Household { record, .. }
            if record.household_no == town.cast.family.household_no && record.rev == 2)));
    }
}

#[test]
fn the_elder_is_cancelled() {
    let (def, codes, policy) = (form("cancellation"), codes(), policy());
    for today in DAYS.map(day) {
        let town = township(SEED, 8, today, &policy).unwrap();
        let role = &town.cast.deceased;
        let (elder, heir) = (town.person(&role.psn_no).unwrap(), town.person(&role.heir).unwrap());
        let single = |id: &str, value: &str| (FieldPath::single(id), value.to_owned());
        let mut values: Vec<_> = F::ALL.map(|field| single(field.id(), elder.get(field))).into();
        values.retain(|(path, value)| !value.is_empty() && def.field(path).is_some());
        values.extend([
            single("psn_no", &elder.psn_no),
            single("cancel_rea", "1"),
            single("event_date", &role.died.to_string()),
            single("applicant_kind", "3"),
            single("open_claims", "0"),
            single("agnter_name", heir.name()),
            single("agnter_rlts", "2"),
            single("agnter_cert_type", "01"),
            single("agnter_certno", heir.certno()),
            single("agnter_tel", heir.get(F::Phone)),
            single("sign_name", heir.name()),
        ]);
        let context = EvalContext {
            today,
            codes: &codes,
            glyphs: &EveryGlyph,
            ruleset: "guangxi_2017",
            calendar: None,
        };
        let data = fill(&def, &values, &context);
        assert_eq!(messages(&evaluate(&def, &data, &context)), Vec::<String>::new(), "{today}");
        let effect = EffectContext {
            effect: def.effect,
            form: &def.id,
            record: None,
            today,
            prefix: &town.prefix,
            policy: &policy,
        };
        let changes = effects_of(&data, None, &Register::of(&town), &effect).unwrap();
        assert!(changes.iter().any(|change| matches!(change, Change::Person { record, .. }
            if record.psn_no == role.psn_no && record.status == PersonStatus::Cancelled)));
        assert!(changes.iter().any(|change| matches!(change, Change::Enrolment { record, .. }
            if record.psn_no == role.psn_no && record.entitled_to == role.died.to_string())));
    }
}
