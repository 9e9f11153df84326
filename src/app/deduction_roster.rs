//! 代扣代缴花名册 (003 A7(3)2, A23): from the open three-party agreements and the year's enrolments, by household, for
//! the bank's stamp and file. On screen numbers are masked; in the bank's paper and file they are whole, and each making
//! of one is in the log of looks. Knows the form of the agreement; must not know screens.

use std::collections::BTreeMap;

use xiangbao_core::identity::{masked_account, masked_certno};
use xiangbao_core::money::Fen;
use xiangbao_core::register::{EnrolmentStatus, FilingRecord, PersonStatus};
use xiangbao_core::role::{Action, Actor, Subject};

use super::error::AppError;
use super::print_case::{Prepared, laid_out};
use super::print_data::Sheet;
use super::station::Station;
use crate::exchange::{Column, Table};
use crate::store::Snapshot;

/// The form whose filings are agreements.
pub const AGREEMENT_FORM: &str = "agreement";
/// The print template.
const TEMPLATE: &str = "deduction-roster";

/// Which agreements a roster is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterOrder {
    /// Insurance year.
    pub year: u16,
    /// One village, 12-digit code.
    pub village: Option<String>,
    /// One bank, code table `bank_type_code`.
    pub bank: Option<String>,
}

/// One household of the roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterRow {
    /// Village, 12-digit code.
    pub admdvs12: String,
    /// Its name.
    pub village: String,
    /// Number of the household booklet.
    pub resdbook_no: String,
    /// Who pays.
    pub payer: String,
    /// The payer's certificate number.
    pub certno: String,
    /// Name on the account.
    pub acct_name: String,
    /// Code of the bank.
    pub bank_type_code: String,
    /// Name of bank and branch.
    pub bank: String,
    /// Account.
    pub bankacct: String,
    /// Persons whose contribution is deducted.
    pub count: u32,
    /// What is due for the year.
    pub amount: Fen,
    /// Number of the agreement.
    pub agre_no: String,
    /// Day of the signature.
    pub signed: String,
    /// Persons of the agreement who are not enrolled for the year.
    pub missing: u32,
    /// An amount rests on a figure that is not verified (示例).
    pub sample: bool,
    /// Kind of account, local table `acct_kind`.
    pub acct_kind: String,
    /// Branch alone.
    pub branch: String,
    /// Persons with what each owes.
    pub persons: Vec<(String, Fen)>,
}

/// The roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeductionRoster {
    /// Insurance year.
    pub year: u16,
    /// Village and bank in words.
    pub scope: String,
    /// Households with something to deduct, by village and booklet.
    pub rows: Vec<RosterRow>,
    /// Persons.
    pub count: u32,
    /// Sum.
    pub sum: Fen,
    /// Agreements of households that owe nothing this year.
    pub idle: u32,
}

impl DeductionRoster {
    /// Whether an amount rests on a sample figure.
    pub fn sample(&self) -> bool {
        self.rows.iter().any(|row| row.sample)
    }

    /// The same with certificate and account numbers masked, for screens.
    fn masked(mut self) -> Self {
        for row in &mut self.rows {
            row.certno = masked_certno(&row.certno);
            row.bankacct = masked_account(&row.bankacct);
        }
        self
    }

    /// As a table for the bank, with national field names.
    fn table(&self) -> Table {
        let column = Column::new;
        let columns = vec![
            column("seq", "序号", 6),
            column("admdvs12", "村(社区)代码", 14),
            column("admdvs_name", "村(社区)", 20),
            column("resdbook_no", "户号", 18),
            column("psn_name", "缴费人姓名", 12),
            column("certno", "证件号码", 20),
            column("acct_name", "账户名", 12),
            column("bank_type_code", "银行代码", 8),
            column("bank_name", "开户银行", 26),
            column("bankacct", "账号", 24),
            column("psn_cnt", "参保人数", 8),
            column("psn_clct_amt", "应缴金额", 12),
            column("agre_no", "协议编号", 18),
            column("sign_date", "签约日期", 12),
            column("dedc_rslt", "扣款结果", 10),
            column("dedc_fail_rea", "失败原因", 16),
            column("memo", "备注", 16),
        ];
        let rows = self.rows.iter().zip(1_u32..).map(|(row, number)| {
            vec![
                number.to_string(),
                row.admdvs12.clone(),
                row.village.clone(),
                row.resdbook_no.clone(),
                row.payer.clone(),
                row.certno.clone(),
                row.acct_name.clone(),
                row.bank_type_code.clone(),
                row.bank.clone(),
                row.bankacct.clone(),
                row.count.to_string(),
                row.amount.to_yuan(),
                row.agre_no.clone(),
                row.signed.clone(),
                String::new(),
                String::new(),
                row.memo(),
            ]
        });
        Table { name: format!("代扣代缴花名册{}", self.year), columns, rows: rows.collect() }
    }
}

impl RosterRow {
    fn memo(&self) -> String {
        if self.missing == 0 { String::new() } else { format!("{} 人未登记", self.missing) }
    }
}

impl Station {
    /// The roster with masked numbers, for the screen.
    ///
    /// # Errors
    /// When the actor may not, or village or bank do not exist.
    pub fn deduction_roster(&self, actor: &Actor, order: &RosterOrder) -> Result<DeductionRoster, AppError> {
        self.authorize(actor, Action::ViewCases, &Subject::none())?;
        Ok(self.whole_roster(actor, &self.snapshot()?, order)?.masked())
    }

    /// The bank's file: csv, or a workbook.
    ///
    /// # Errors
    /// When the actor may not, or nothing is to be deducted.
    pub fn roster_file(
        &self,
        actor: &Actor,
        order: &RosterOrder,
        workbook: bool,
    ) -> Result<Vec<u8>, AppError> {
        let table = self.roster_for_bank(actor, &self.snapshot()?, order, "roster_file")?.table();
        let fault = |error: String| AppError::Input(format!("花名册无法生成：{error}"));
        match workbook {
            true => table.xlsx().map_err(|error| fault(error.to_string())),
            false => table.csv().map_err(|error| fault(error.to_string())),
        }
    }

    /// The bank's paper.
    ///
    /// # Errors
    /// When the actor may not, nothing is to be deducted, or a text does not fit.
    pub fn prepare_roster(&self, actor: &Actor, order: &RosterOrder) -> Result<Prepared, AppError> {
        let snapshot = self.snapshot()?;
        let roster = self.roster_for_bank(actor, &snapshot, order, "roster_paper")?;
        let mut sheet = Sheet::new(self, &snapshot)?;
        let today = self.today().to_string();
        sheet.set("roster.year", &roster.year.to_string());
        sheet.set("roster.scope", &roster.scope);
        sheet.set("roster.date", &today);
        sheet.set("roster.households", &roster.rows.len().to_string());
        sheet.set("roster.count", &roster.count.to_string());
        sheet.set("roster.sum", &roster.sum.to_grouped());
        sheet.set("roster.capital", &roster.sum.capitals());
        sheet.set("case.clerk", &actor.name);
        sheet.set("print.mark", if roster.sample() { "含示例金额，未经核实" } else { "正本" });
        let mut data = sheet.done();
        let rows = roster.rows.iter().map(|row| {
            let cells = [
                ("village", row.village.clone()),
                ("resdbook_no", row.resdbook_no.clone()),
                ("payer", row.payer.clone()),
                ("certno", row.certno.clone()),
                ("acct_name", row.acct_name.clone()),
                ("bank", row.bank.clone()),
                ("bankacct", row.bankacct.clone()),
                ("count", row.count.to_string()),
                ("amount", row.amount.to_grouped()),
                ("agre_no", row.agre_no.clone()),
                ("signed", row.signed.clone()),
                ("result", String::new()),
                ("memo", row.memo()),
            ];
            cells.into_iter().map(|(slot, text)| (slot.to_owned(), text)).collect::<BTreeMap<_, _>>()
        });
        data.tables.insert("roster".to_owned(), rows.collect());
        laid_out(self.template(TEMPLATE)?, &data, &today, self.now_ms())
    }

    /// Makes the paper and files it in the data folder's `prints/`.
    ///
    /// # Errors
    /// As [`Self::prepare_roster`], or when the disk refuses.
    pub fn print_roster(&self, actor: &Actor, order: &RosterOrder) -> Result<std::path::PathBuf, AppError> {
        let prepared = self.prepare_roster(actor, order)?;
        let bytes = self.pdf(&prepared)?;
        let part = |code: &Option<String>| code.as_ref().map_or_else(String::new, |code| format!("-{code}"));
        let scope = format!("{}{}{}", order.year, part(&order.village), part(&order.bank));
        let name = format!("{TEMPLATE}-{scope}-{}.pdf", self.now_ms());
        self.write_print(&name, &bytes)
    }

    /// The roster with whole numbers; who made it, and for what, is noted.
    fn roster_for_bank(
        &self,
        actor: &Actor,
        snapshot: &Snapshot,
        order: &RosterOrder,
        what: &str,
    ) -> Result<DeductionRoster, AppError> {
        for action in [Action::Unmask, Action::PrintCase] {
            self.authorize(actor, action, &Subject::none())?;
        }
        let roster = self.whole_roster(actor, snapshot, order)?;
        if roster.rows.is_empty() {
            return Err(AppError::NotFound(format!("{} 年度可以代扣的户", order.year)));
        }
        self.looked(actor, what, &format!("{} {}", roster.year, roster.scope))?;
        Ok(roster)
    }

    pub(super) fn whole_roster(
        &self,
        actor: &Actor,
        snapshot: &Snapshot,
        order: &RosterOrder,
    ) -> Result<DeductionRoster, AppError> {
        let scope = self.roster_scope(order)?;
        let today = self.today().to_string();
        let asked = |wanted: &Option<String>, value: &str| wanted.as_ref().is_none_or(|w| w == value);
        let mut households: BTreeMap<[String; 4], RosterRow> = BTreeMap::new();
        for filing in snapshot.filings_by_kind(AGREEMENT_FORM)? {
            let village = filing.value("admdvs12");
            let wanted = filing.holds_on(&today)
                && asked(&order.village, village)
                && asked(&order.bank, filing.value("bank_type_code"))
                && actor.serves(village);
            if !wanted {
                continue;
            }
            let key = ["admdvs12", "resdbook_no", "householder_certno", "bankacct"]
                .map(|id| filing.value(id).to_owned());
            let row = households.entry(key).or_insert_with(|| self.roster_row(&filing));
            self.add_due(snapshot, order.year, &filing, row)?;
        }
        let all = households.len();
        let rows: Vec<RosterRow> = households.into_values().filter(|row| row.amount > Fen::ZERO).collect();
        Ok(DeductionRoster {
            year: order.year,
            scope,
            count: rows.iter().map(|row| row.count).fold(0, u32::saturating_add),
            sum: Fen(rows.iter().fold(0_i64, |sum, row| sum.saturating_add(row.amount.0))),
            idle: u32::try_from(all - rows.len()).unwrap_or(u32::MAX),
            rows,
        })
    }

    /// What one person of an agreement owes for the year.
    fn add_due(
        &self,
        snapshot: &Snapshot,
        year: u16,
        filing: &FilingRecord,
        row: &mut RosterRow,
    ) -> Result<(), AppError> {
        // Paid already, whatever the way: nothing to collect (003 A23).
        if snapshot.contribution(&filing.psn_no, year)?.is_some() {
            return Ok(());
        }
        let active =
            snapshot.person(&filing.psn_no)?.is_some_and(|person| person.status == PersonStatus::Active);
        let years = snapshot.enrolments(&filing.psn_no)?.into_iter();
        let mut of_year = years.filter(|e| e.insu_year == year && e.status == EnrolmentStatus::Normal);
        match of_year.next().filter(|_| active) {
            Some(due) if due.personal > Fen::ZERO => {
                row.count = row.count.saturating_add(1);
                row.amount = Fen(row.amount.0.saturating_add(due.personal.0));
                row.sample |= due.sample;
                row.persons.push((filing.psn_no.clone(), due.personal));
            }
            // Aid covers the whole contribution: nothing is deducted.
            Some(_) => {}
            None => row.missing = row.missing.saturating_add(1),
        }
        Ok(())
    }

    fn roster_row(&self, filing: &FilingRecord) -> RosterRow {
        let text = |id: &str| filing.value(id).to_owned();
        let label =
            |table: &str, code: &str| self.library.codes.label(table, code).unwrap_or(code).to_owned();
        let bank = label("bank_type_code", filing.value("bank_type_code"));
        RosterRow {
            admdvs12: text("admdvs12"),
            village: label("divisions", filing.value("admdvs12")),
            resdbook_no: text("resdbook_no"),
            payer: text("householder_name"),
            certno: text("householder_certno"),
            acct_name: text("acct_name"),
            bank_type_code: text("bank_type_code"),
            bank: format!("{bank} {}", filing.value("bank_name")),
            bankacct: text("bankacct"),
            count: 0,
            amount: Fen::ZERO,
            agre_no: text("agre_no"),
            signed: text("sign_date"),
            missing: 0,
            sample: false,
            acct_kind: text("acct_kind"),
            branch: text("bank_name"),
            persons: Vec::new(),
        }
    }

    /// Village and bank in words.
    fn roster_scope(&self, order: &RosterOrder) -> Result<String, AppError> {
        let word = |table: &str, code: &Option<String>, all: &str| match code {
            None => Ok(all.to_owned()),
            Some(code) => self
                .library
                .codes
                .label(table, code)
                .map(str::to_owned)
                .ok_or_else(|| AppError::NotFound(format!("代码 {code}（{table}）"))),
        };
        let village = word("divisions", &order.village, "全部村(社区)")?;
        let bank = word("bank_type_code", &order.bank, "各银行")?;
        Ok(format!("{village} {bank}"))
    }
}
