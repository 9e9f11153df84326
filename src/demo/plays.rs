//! What the walk types: one play for each of the five kinds of case, for the people of the cast. Values as a clerk
//! types them; what the form fills by itself is not typed.

use chrono::{Datelike, Days, NaiveDate};
use xiangbao_core::form::FieldPath;
use xiangbao_core::register::PersonField;

use super::township::Cast;

/// One case to be typed.
#[derive(Clone, Debug)]
pub struct Play {
    /// Screen code.
    pub code: &'static str,
    /// What it is, for the report.
    pub title: &'static str,
    /// The person whose record opens the form.
    pub psn_no: String,
    /// Values by path, in the order of the paper.
    pub values: Vec<(FieldPath, String)>,
}

struct Typed(Vec<(FieldPath, String)>);

impl Typed {
    fn field(&mut self, id: &str, value: &str) -> &mut Self {
        self.0.push((FieldPath::single(id), value.to_owned()));
        self
    }

    fn cell(&mut self, table: &str, row: usize, id: &str, value: &str) -> &mut Self {
        self.0.push((FieldPath::cell(table, row, id), value.to_owned()));
        self
    }
}

/// Answers what the register holds of a person.
pub type Lookup<'a> = &'a dyn Fn(&str, PersonField) -> String;

/// The five plays.
pub fn plays(cast: &Cast, today: NaiveDate, get: Lookup<'_>) -> Vec<Play> {
    vec![
        enrolment(cast, today, get),
        change(cast, get),
        cancellation(cast, get),
        transfer(cast, today, get),
        reimbursement(cast, today, get),
    ]
}

fn enrolment(cast: &Cast, today: NaiveDate, get: Lookup<'_>) -> Play {
    let family = &cast.family;
    let child = &family.newborn;
    let row = family.members.len();
    let mut typed = Typed(Vec::new());
    typed.field("family_cnt", &(row + 1).to_string()).field("insu_year", &family.insu_year.to_string());
    for member in 0..row {
        typed.cell("members", member, "enrol_kind", "2");
    }
    // The newborn has a birth certificate and no number yet (003 A7).
    typed
        .cell("members", row, "psn_name", &child.name)
        .cell("members", row, "psn_cert_type", "990201")
        .cell("members", row, "certno", &child.birth_certificate)
        .cell("members", row, "gend", child.sex)
        .cell("members", row, "naty", &child.ethnicity)
        .cell("members", row, "brdy", &child.birth.to_string())
        .cell("members", row, "patn_rlts", child.relation)
        .cell("members", row, "psn_type", "1401")
        .cell("members", row, "enrol_kind", "4")
        .cell("members", row, "birth_cert_no", &child.birth_certificate)
        .field("deduct_flag", "0")
        .field("village_opinion", "情况属实，同意上报")
        .field("village_assistant", "李协六")
        .field("village_date", &today.to_string())
        .field("sign_name", &get(&family.head, PersonField::Name));
    Play {
        code: "DJ", title: "参保登记（一户五人，含新生儿）", psn_no: family.head.clone(), values: typed.0
    }
}

fn change(cast: &Cast, get: Lookup<'_>) -> Play {
    let mover = &cast.mover;
    let mut typed = Typed(Vec::new());
    typed
        .cell("changes", 0, "chg_item", "08")
        .cell("changes", 0, "after", &mover.phone)
        .cell("changes", 0, "chg_rea", "换了号码")
        .cell("changes", 1, "chg_item", "07")
        .cell("changes", 1, "after", &mover.address)
        .cell("changes", 1, "chg_rea", "搬家")
        .field("sign_name", &get(&mover.psn_no, PersonField::Name));
    Play {
        code: "BG", title: "信息变更（电话、住址）", psn_no: mover.psn_no.clone(), values: typed.0
    }
}

fn cancellation(cast: &Cast, get: Lookup<'_>) -> Play {
    let elder = &cast.deceased;
    let heir = get(&elder.heir, PersonField::Name);
    let mut typed = Typed(Vec::new());
    typed
        .field("cancel_rea", "1")
        .field("event_date", &elder.died.to_string())
        .field("applicant_kind", "3")
        .field("open_claims", "0")
        .field("agnter_name", &heir)
        .field("agnter_rlts", "2")
        .field("agnter_certno", &get(&elder.heir, PersonField::CertNo))
        .field("agnter_tel", &get(&elder.heir, PersonField::Phone))
        .field("sign_name", &heir);
    Play { code: "ZX", title: "关系注销（死亡）", psn_no: elder.psn_no.clone(), values: typed.0 }
}

fn transfer(cast: &Cast, today: NaiveDate, get: Lookup<'_>) -> Play {
    let leaver = &cast.leaver;
    let year = today.year();
    let mut typed = Typed(Vec::new());
    typed
        .field("trans_kind", "1")
        .field("old_area", "崇左市")
        .field("old_agency", "大新县医疗保障事业管理中心")
        .field("old_insutype", "390")
        .field("new_area", "南宁市")
        .field("new_agency", "南宁市医疗保障事业管理中心")
        .field("new_insutype", "310")
        .field("new_emp", "广西示例建材有限公司")
        .cell("periods", 0, "begn_ym", &format!("{}-01", year - 1))
        .cell("periods", 0, "end_ym", &format!("{}-12", year - 1))
        .cell("periods", 0, "insutype", "390")
        .field("sign_name", &get(&leaver.psn_no, PersonField::Name));
    Play { code: "ZY", title: "转移接续（转出）", psn_no: leaver.psn_no.clone(), values: typed.0 }
}

fn reimbursement(cast: &Cast, today: NaiveDate, get: Lookup<'_>) -> Play {
    let patient = &cast.inpatient;
    let name = get(&patient.psn_no, PersonField::Name);
    // A stay of nine days that ended a few days ago, inside one settlement year.
    let end = today.checked_sub_days(Days::new(5)).filter(|day| day.year() == today.year()).unwrap_or(today);
    let begin = end.checked_sub_days(Days::new(9)).filter(|day| day.year() == end.year()).unwrap_or(end);
    let (begin, end) = (begin.to_string(), end.to_string());
    let mut typed = Typed(Vec::new());
    typed
        .field("psn_type", "15")
        .field("manl_reim_rea", "02")
        .field("med_type", "2101")
        .field("fixmedins_name", "大新县示例医院")
        .field("dedc_hosp_lv", "2")
        .field("begntime", &begin)
        .field("endtime", &end)
        .field("ipt_otp_no", "ZY00012345")
        .field("adm_no", "1")
        .field("diag_code", "J18.900")
        .field("diag_name", "肺炎")
        .field("trum_flag", "0")
        .cell("invoices", 0, "invo_no", "00345671")
        .cell("invoices", 0, "invo_date", &end)
        .cell("invoices", 0, "invo_amt", "9800.00")
        .cell("invoices", 1, "invo_no", "00345672")
        .cell("invoices", 1, "invo_date", &begin)
        .cell("invoices", 1, "invo_amt", "200.00")
        .cell("fees", 0, "med_chrgitm_type", "09")
        .cell("fees", 0, "item_name", "西药（甲类）")
        .cell("fees", 0, "chrgitm_lv", "01")
        .cell("fees", 0, "det_item_fee_sumamt", "6000.00")
        .cell("fees", 1, "med_chrgitm_type", "03")
        .cell("fees", 1, "item_name", "CT检查")
        .cell("fees", 1, "chrgitm_lv", "02")
        .cell("fees", 1, "det_item_fee_sumamt", "3000.00")
        .cell("fees", 2, "med_chrgitm_type", "08")
        .cell("fees", 2, "item_name", "自费材料")
        .cell("fees", 2, "chrgitm_lv", "03")
        .cell("fees", 2, "det_item_fee_sumamt", "1000.00")
        .field("bank_type_code", "402")
        .field("bank_name", "大新县示例支行")
        .field("acct_name", &name)
        .field("acct_kind", "2")
        .field("bankacct", "6228480000000000000")
        .field("sign_name", &name);
    Play { code: "BX", title: "零星报销（住院）", psn_no: patient.psn_no.clone(), values: typed.0 }
}
