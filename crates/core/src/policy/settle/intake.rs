//! From the reimbursement form to the question of settlement. Knows the field ids of `forms/reimbursement.toml`;
//! judges only what the calculation needs, the form's own rules have judged the rest.

use chrono::NaiveDate;

use super::{FeeLine, ItemClass, SettleInput, YearToDate};
use crate::code::Distance;
use crate::form::data::{FormData, Row};
use crate::money::{Fen, parse_yuan};
use crate::policy::gap::PolicyGap;
use crate::policy::read::{parse_date, parse_ratio};

impl SettleInput {
    /// The question that a filled reimbursement form asks, on `settle_date`, with what was used before.
    ///
    /// `adm_no` empty means 1; a filled `refl_no` counts as referred; `selfpay_prop` empty takes the class's share;
    /// `mdtrtarea_admdvs` against `admdvs12` says where the treatment took place, and empty is at home. Identities
    /// and recognised diseases are not on the form, and what an earlier part of the stay bore is looked up: the caller
    /// adds them.
    ///
    /// # Errors
    /// [`PolicyGap::Input`] names the field (`fees.0.det_item_fee_sumamt`) that cannot be read.
    pub fn from_form(data: &FormData, settle_date: NaiveDate, used: YearToDate) -> Result<Self, PolicyGap> {
        let field = |id: &str| data.fields.get(id).map_or("", |value| value.trim());
        let end_date = parse_date(field("endtime"))
            .ok_or_else(|| PolicyGap::input("endtime", "出院（治疗结束）日期未填或不是日期"))?;
        let admission_no = match field("adm_no") {
            "" => 1,
            text => text.parse().map_err(|_| PolicyGap::input("adm_no", "本年第几次住院应为整数"))?,
        };
        let rows = data.tables.get("fees").map_or(&[][..], Vec::as_slice);
        let line = |(index, row): (usize, &Row)| {
            FeeLine::from_cells(index, |id| row.get(id).map_or("", String::as_str))
        };
        let lines = rows.iter().enumerate().map(line).collect::<Result<_, _>>()?;
        Ok(Self {
            lines,
            hospital_level: field("dedc_hosp_lv").to_owned(),
            med_type: field("med_type").to_owned(),
            admission_no,
            end_date,
            settle_date,
            used,
            referred: !field("refl_no").is_empty(),
            place: Distance::between(field("mdtrtarea_admdvs"), field("admdvs12")).into(),
            psn_type: field("psn_type").to_owned(),
            identities: Vec::new(),
            dise_codg: field("dise_codg").to_owned(),
            diseases: Vec::new(),
            continued: None,
        })
    }
}

impl FeeLine {
    /// The line that stands in row `index` (from 0) of a form's bill; `cell` answers what stands in a column, nothing as an
    /// empty text.
    ///
    /// # Errors
    /// [`PolicyGap::Input`] names the cell (`fees.0.det_item_fee_sumamt`) that cannot be read.
    pub(crate) fn from_cells<'r>(index: usize, cell: impl Fn(&str) -> &'r str) -> Result<Self, PolicyGap> {
        let cell = |id: &str| cell(id).trim();
        let bad = |id: &str, problem: String| PolicyGap::input(&format!("fees.{index}.{id}"), problem);
        let money = |id: &str| parse_yuan(cell(id)).map_err(|error| bad(id, error.zh()));
        let class = ItemClass::from_code(cell("chrgitm_lv"))
            .ok_or_else(|| bad("chrgitm_lv", "应为 01 甲类、02 乙类或 03 丙类".to_owned()))?;
        let first_paid = match cell("selfpay_prop") {
            "" => None,
            text => {
                let ratio = parse_ratio(text);
                Some(ratio.ok_or_else(|| bad("selfpay_prop", "应在 0 到 1 之间，如 0.15".to_owned()))?)
            }
        };
        Ok(Self {
            kind: cell("med_chrgitm_type").to_owned(),
            name: cell("item_name").to_owned(),
            class,
            amount: money("det_item_fee_sumamt")?,
            first_paid,
            over_limit: if cell("overlmt_amt").is_empty() { Fen::ZERO } else { money("overlmt_amt")? },
        })
    }
}
