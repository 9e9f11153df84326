//! A school's file becomes drafts of annex 2, one for each class (003 A6, A9): read, judged by the form, asked of the
//! register, and only then kept, all of it or nothing, unless the clerk asks for the good rows alone. Knows the form
//! of the roster; must not know file formats or screens.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use xiangbao_core::form::{self, FieldPath, Finding, FormData, FormDef, Row, Severity};
use xiangbao_core::money::{Fen, parse_yuan};
use xiangbao_core::policy::PayerKind;
use xiangbao_core::register::{EnrolmentStatus, PersonStatus};
use xiangbao_core::role::{Actor, Subject};

use super::drafts::action_to_fill;
use super::error::AppError;
use super::outlook::last_paid;
use super::station::Station;
use crate::exchange::{
    CellFault, Context, Imported, MAX_FAULTS, MAX_FILE, Record, SheetRead, read_roster, template,
};
use crate::store::{Draft, Snapshot, search};

/// The form that a roster fills.
pub const ROSTER_FORM: &str = "students";
/// Its table.
const TABLE: &str = "students";

/// What is asked of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportOrder {
    /// Name of the file, for messages.
    pub file: String,
    /// Fields of the head, as typed. `cnt` and `sumamt` are the totals on paper and must fit the whole file.
    pub head: Vec<(String, String)>,
    /// Only look: nothing is kept.
    pub check: bool,
    /// Keep the good rows although others have faults.
    pub keep_good: bool,
    /// An open draft that takes the first class; its head serves for all.
    pub into: Option<[u8; 16]>,
}

/// One class of the file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ImportedClass {
    /// Grade.
    pub grade: String,
    /// Class.
    pub class_name: String,
    /// Rows.
    pub rows: usize,
    /// Contributions, in fen.
    pub sum_fen: i64,
    /// Whether a draft holds them now.
    pub kept: bool,
}

/// What an import found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ImportReport {
    /// Rows of the file.
    pub rows: usize,
    /// Rows without faults.
    pub good: usize,
    /// What must be put right, in the order of the file.
    pub faults: Vec<CellFault>,
    /// What should be looked at; the clerk answers it on the screen.
    pub warnings: Vec<CellFault>,
    /// Faults beyond those listed.
    pub more: usize,
    /// Classes, in the order of the file.
    pub classes: Vec<ImportedClass>,
    /// Columns that were not read.
    pub ignored: Vec<String>,
    /// Sheets without titles.
    pub skipped: Vec<String>,
    /// Drafts were kept.
    pub imported: bool,
}

/// The rows of one class on their way into a draft.
struct Class<'r> {
    data: FormData,
    records: Vec<(usize, &'r Record)>,
}

/// What judging a file needs everywhere.
struct Judge<'a> {
    station: &'a Station,
    snapshot: &'a Snapshot,
    def: &'a FormDef,
    imported: &'a Imported,
}

impl Station {
    /// The empty roster that schools fill, as a workbook.
    ///
    /// # Errors
    /// When the form is missing, or the workbook cannot be made.
    pub fn roster_template(&self) -> Result<Vec<u8>, AppError> {
        roster_template(&self.library)
    }

    /// Reads a roster and keeps it as drafts of the actor.
    ///
    /// # Errors
    /// When the actor may not, the file as a whole cannot be read, or the store refuses. Faults of cells are no error:
    /// they stand in the report.
    pub fn import_roster(
        &self,
        actor: &Actor,
        bytes: &[u8],
        order: &ImportOrder,
    ) -> Result<ImportReport, AppError> {
        let def = self.form(ROSTER_FORM)?;
        self.authorize(actor, action_to_fill(def), &Subject::none())?;
        let context =
            Context { def, table: TABLE, codes: &self.library.codes, today: self.today(), file: &order.file };
        let imported = read_roster(bytes, &context)?;
        let snapshot = self.snapshot()?;
        self.looked(actor, "import_roster", &order.file)?;
        let into = match &order.into {
            Some(id) => snapshot.draft(&actor.account, id)?,
            None => None,
        };
        let head = self.roster_head(def, order, into.as_ref())?;
        let judge = Judge { station: self, snapshot: &snapshot, def, imported: &imported };
        let all: Vec<(usize, &Record)> = imported.records.iter().enumerate().collect();
        let classes = judge.classes(&head, &all)?;
        let mut report = judge.report(&classes, order)?;
        let bad = report.bad_rows(&imported);
        report.good = imported.records.len() - bad.len();
        let whole = report.faults.is_empty();
        if order.check || report.good == 0 || !(whole || order.keep_good) {
            return Ok(report);
        }
        let good: Vec<(usize, &Record)> = all.into_iter().filter(|(index, _)| !bad.contains(index)).collect();
        let kept = if whole { classes } else { judge.classes(&head, &good)? };
        report.classes = kept.iter().map(|class| class_of(&class.data, true)).collect();
        self.keep_classes(actor, def, kept, into)?;
        report.imported = true;
        Ok(report)
    }

    /// As [`Self::import_roster`], of a file on this machine.
    ///
    /// # Errors
    /// When it cannot be read, too.
    pub fn import_roster_file(
        &self,
        actor: &Actor,
        path: &Path,
        mut order: ImportOrder,
    ) -> Result<ImportReport, AppError> {
        self.authorize(actor, action_to_fill(self.form(ROSTER_FORM)?), &Subject::none())?;
        let bytes = self.read_named(path, MAX_FILE)?;
        order.file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        self.import_roster(actor, &bytes, &order)
    }

    /// The head that all classes share: that of the draft, over it what was given.
    fn roster_head(
        &self,
        def: &FormDef,
        order: &ImportOrder,
        into: Option<&Draft>,
    ) -> Result<FormData, AppError> {
        let mut head = FormData::default();
        if let Some(draft) = into {
            if draft.form != ROSTER_FORM {
                return Err(AppError::Input("这份草稿不是在校学生参保登记表，不能导入学生名册。".to_owned()));
            }
            if draft.data.rows(TABLE).iter().any(|row| row.contains_key("psn_name")) {
                return Err(AppError::Input(
                    "表中已经填了学生。请新开一张表再导入，或先删去已填的行。".to_owned(),
                ));
            }
            let new = self.library.form(ROSTER_FORM).map(|form| form.hash.as_str());
            if new.is_some_and(|hash| !draft.form_hash.is_empty() && draft.form_hash != hash) {
                return Err(AppError::Input(
                    "这份草稿按旧版表单填写，不能导入。请新开一张表（=XS）。".to_owned(),
                ));
            }
            head.fields.clone_from(&draft.data.fields);
            head.materials.clone_from(&draft.data.materials);
        }
        for (id, raw) in &order.head {
            let path = FieldPath::single(id);
            if def.field(&path).is_none_or(|field| field.readonly) {
                let known = def.single_sections().flat_map(|section| &section.fields);
                let known: Vec<&str> = known.map(|field| field.id.as_str()).collect();
                return Err(AppError::Input(format!("表头没有“{id}”这一项。可以写：{}", known.join(" "))));
            }
            let value = form::normalize_field(def, &head, &path, raw, self.today());
            head.set(&path, &value);
            let findings = form::check_field(def, &head, &path, &self.eval_context());
            let own = |finding: &&Finding| finding.rule.starts_with("kind.") || finding.rule == "length";
            if let Some(finding) = findings.iter().find(own) {
                return Err(AppError::Input(format!("表头 {id}：{}", finding.message)));
            }
        }
        Ok(head)
    }

    /// All drafts in one transaction: a crash leaves all of them or none.
    fn keep_classes(
        &self,
        actor: &Actor,
        def: &FormDef,
        classes: Vec<Class<'_>>,
        into: Option<Draft>,
    ) -> Result<(), AppError> {
        let _turn = self.store.turn();
        let now = self.now_ms();
        let mut open = into;
        let mut drafts = Vec::new();
        for class in classes {
            drafts.push(match open.take() {
                Some(draft) => Draft { data: class.data, saved_ms: now, ..draft },
                None => self.new_draft(actor, def, class.data),
            });
        }
        Ok(self.store.save_drafts(&drafts)?)
    }
}

/// The empty roster of a library's form, without a station.
///
/// # Errors
/// When the form is missing, or the workbook cannot be made.
pub fn roster_template(library: &super::Library) -> Result<Vec<u8>, AppError> {
    let def = library.form(ROSTER_FORM).map(|form| &form.def);
    let section = def.and_then(|def| def.table(TABLE).map(|section| (def, section)));
    let Some((def, section)) = section else {
        return Err(AppError::NotFound(format!("表单 {ROSTER_FORM}")));
    };
    template(def, section, &library.codes).map_err(|error| AppError::Input(format!("模板无法生成：{error}")))
}

fn class_of(data: &FormData, kept: bool) -> ImportedClass {
    ImportedClass {
        grade: data.field("grade").to_owned(),
        class_name: data.field("class_name").to_owned(),
        rows: data.rows(TABLE).len(),
        sum_fen: total(data.rows(TABLE)).0,
        kept,
    }
}

fn total(rows: &[Row]) -> Fen {
    let amounts = rows.iter().filter_map(|row| parse_yuan(row.get("psn_clct_amt")?).ok());
    Fen(amounts.fold(0_i64, |sum, amount| sum.saturating_add(amount.0)))
}

impl ImportReport {
    /// Indices of the records that have a fault.
    fn bad_rows(&self, imported: &Imported) -> BTreeSet<usize> {
        let at: BTreeSet<(&str, u32)> = self.faults.iter().map(|f| (f.sheet.as_str(), f.row)).collect();
        let sheet = |record: &Record| imported.sheets.get(record.sheet).map_or("", |s: &SheetRead| &s.name);
        let bad = |record: &Record| at.contains(&(sheet(record), record.number));
        let records = imported.records.iter().enumerate();
        records.filter(|(_, record)| bad(record)).map(|(index, _)| index).collect()
    }
}

impl Judge<'_> {
    /// Rows by class, filled as if they had been typed. A class with more rows than the form holds takes several sheets.
    fn classes<'r>(
        &self,
        head: &FormData,
        records: &[(usize, &'r Record)],
    ) -> Result<Vec<Class<'r>>, AppError> {
        let max = self.def.table(TABLE).and_then(|section| section.table.as_ref()).map_or(1, |spec| spec.max);
        let mut order: Vec<(Row, Vec<(usize, &'r Record)>)> = Vec::new();
        for (index, record) in records {
            let room = order.iter_mut().find(|(head, rows)| *head == record.head && rows.len() < max);
            match room {
                Some((_, rows)) => rows.push((*index, *record)),
                None => order.push((record.head.clone(), vec![(*index, *record)])),
            }
        }
        let mut classes = Vec::new();
        for (own, records) in order {
            let mut data = head.clone();
            for (id, value) in &own {
                data.set(&FieldPath::single(id), value);
            }
            data.tables.insert(TABLE.to_owned(), records.iter().map(|(_, r)| r.row.clone()).collect());
            self.fill_kinds(&mut data)?;
            self.station.fill_defaults(self.def, &mut data);
            // The paper's totals are of the whole school; each sheet has its own.
            let rows = data.rows(TABLE);
            let (count, sum) = (rows.len().to_string(), total(rows).to_yuan());
            data.set(&FieldPath::single("cnt"), &count);
            data.set(&FieldPath::single("sumamt"), &sum);
            classes.push(Class { data, records });
        }
        Ok(classes)
    }

    /// First time, continued or resumed (003 A22): the school does not know it, the register does.
    fn fill_kinds(&self, data: &mut FormData) -> Result<(), AppError> {
        let default = form::derived(self.def, data, &self.station.eval_context());
        let year = FieldPath::single("insu_year");
        let derived = default.iter().find(|(path, _)| *path == year).map(|(_, value)| value.clone());
        let year = derived.unwrap_or_else(|| data.get(&year).to_owned());
        let Ok(year) = year.parse::<i32>() else { return Ok(()) };
        for index in 0..data.rows(TABLE).len() {
            let at = |field: &str| FieldPath::cell(TABLE, index, field);
            if !data.get(&at("enrol_kind")).is_empty() || data.get(&at("certno")).is_empty() {
                continue;
            }
            let last = last_paid(self.snapshot, data.get(&at("certno")), year)?;
            let code = match PayerKind::from_last_paid(last, year) {
                PayerKind::First => "1",
                PayerKind::Continuous => "2",
                _ => "3",
            };
            data.set(&at("enrol_kind"), code);
        }
        Ok(())
    }

    fn report(&self, classes: &[Class<'_>], order: &ImportOrder) -> Result<ImportReport, AppError> {
        let mut faults = self.imported.faults.clone();
        let mut warnings = Vec::new();
        self.totals(classes, order, &mut faults);
        faults.extend(self.twice());
        for class in classes {
            for finding in form::evaluate(self.def, &class.data, &self.station.eval_context()) {
                let Some(fault) = self.at_cell(class, &finding) else { continue };
                // A cell that could not be read is not also missing.
                let known = |other: &CellFault| {
                    (&other.sheet, other.row, &other.column) == (&fault.sheet, fault.row, &fault.column)
                };
                match finding.severity {
                    Severity::Error if faults.iter().any(known) => {}
                    Severity::Error => faults.push(fault),
                    Severity::Warning => warnings.push(fault),
                }
            }
            faults.extend(self.register(class)?);
        }
        let place = |fault: &CellFault| {
            let sheet = self.imported.sheets.iter().position(|sheet| sheet.name == fault.sheet);
            (sheet, fault.row, fault.column.len(), fault.column.clone())
        };
        faults.sort_by_key(place);
        warnings.sort_by_key(place);
        let more = self.imported.more + faults.len().saturating_sub(MAX_FAULTS);
        faults.truncate(MAX_FAULTS);
        warnings.truncate(MAX_FAULTS);
        Ok(ImportReport {
            rows: self.imported.records.len(),
            good: 0,
            faults,
            warnings,
            more,
            classes: classes.iter().map(|class| class_of(&class.data, false)).collect(),
            ignored: self.imported.ignored.clone(),
            skipped: self.imported.skipped.clone(),
            imported: false,
        })
    }

    /// A finding in the table, at its cell of the file; findings of the head wait for the clerk on the screen.
    fn at_cell(&self, class: &Class<'_>, finding: &Finding) -> Option<CellFault> {
        let (_, index) = finding.path.row.as_ref()?;
        let (_, record) = class.records.get(*index)?;
        let field = self.def.field(&finding.path)?;
        let open: Vec<String> = form::sources(self.def, field)
            .into_iter()
            .filter(|source| class.data.field(&source.id).is_empty())
            .map(|source| format!("“{}”", source.label))
            .collect();
        let fix = match finding.rule.as_str() {
            // No cell to fill: it follows from the head, which the clerk has not filled yet.
            "required" if field.readonly && !open.is_empty() => {
                &format!("这一项自动得出，先在表头填写{}再导入", open.join("、"))
            }
            "required" => "补填此格",
            _ => "核对原件，改正此格",
        };
        let (id, label) = (&finding.path.field, field.label.as_str());
        let mut fault = self.imported.fault(record, id, label, &finding.rule, finding.message.clone(), fix);
        if fault.value.is_empty() {
            class.data.get(&finding.path).clone_into(&mut fault.value);
        }
        Some(fault)
    }

    /// The totals on paper against the whole file.
    fn totals(&self, classes: &[Class<'_>], order: &ImportOrder, faults: &mut Vec<CellFault>) {
        let count = self.imported.records.len().to_string();
        let sum =
            classes.iter().fold(0_i64, |sum, class| sum.saturating_add(total(class.data.rows(TABLE)).0));
        let sum = Fen(sum).to_yuan();
        for (id, title, is) in [("cnt", "合计人数", count), ("sumamt", "合计金额", sum)] {
            let Some((_, said)) = order.head.iter().find(|(head, _)| head == id) else { continue };
            let path = FieldPath::single(id);
            let said =
                form::normalize_field(self.def, &FormData::default(), &path, said, self.station.today());
            if said != is {
                faults.push(CellFault {
                    sheet: order.file.clone(),
                    row: 0,
                    column: String::new(),
                    title: title.to_owned(),
                    message: format!("纸表的{title}是 {said}，文件中是 {is}"),
                    value: said,
                    rule: "file.totals".to_owned(),
                    fix: "请学校核对纸表和文件，两者须一致".to_owned(),
                });
            }
        }
    }

    /// One number in two rows of the file, also of different classes; within a class the form says so itself.
    fn twice(&self) -> Vec<CellFault> {
        let mut first: BTreeMap<&str, &Record> = BTreeMap::new();
        let mut faults = Vec::new();
        for record in &self.imported.records {
            let Some(certno) = record.row.get("certno") else { continue };
            let Some(other) = first.insert(certno, record) else { continue };
            let sheet = self.imported.sheets.get(other.sheet).map_or("", |sheet| &sheet.name);
            let message = format!("证件号码与工作表【{sheet}】第 {} 行相同", other.number);
            let fix = "核对是否重复填写或填错号码，去掉一行";
            faults.push(self.imported.fault(record, "certno", "证件号码", "file.twice", message, fix));
        }
        faults
    }

    /// What the register says against a row: somebody else's number, enrolled already (003 A6).
    fn register(&self, class: &Class<'_>) -> Result<Vec<CellFault>, AppError> {
        let mut faults = Vec::new();
        let year: u16 = class.data.field("insu_year").parse().unwrap_or_default();
        for (index, (_, record)) in class.records.iter().enumerate() {
            let value = |field: &str| class.data.get(&FieldPath::cell(TABLE, index, field));
            if value("certno").is_empty() {
                continue;
            }
            let mut say = |field: &str, label: &str, rule: &str, message: String, fix: &str| {
                faults.push(self.imported.fault(record, field, label, rule, message, fix));
            };
            for person in search::by_certificate(self.snapshot, value("certno"))? {
                if person.status == PersonStatus::Void {
                    continue;
                }
                if person.name() != value("psn_name") {
                    let message = format!("这个证件号在参保库中的姓名不是“{}”", value("psn_name"));
                    let fix = "核对证件原件；确已改名的先办信息变更";
                    say("psn_name", "姓名", "register.other_person", message, fix);
                }
                let enrolled = self.snapshot.enrolments(&person.psn_no)?.into_iter();
                let mut now = enrolled.filter(|e| e.insu_year == year && e.status == EnrolmentStatus::Normal);
                if now.next().is_some() {
                    let message = format!("{year} 年度已参保，不能重复参保（003 A6）");
                    say("certno", "证件号码", "register.enrolled", message, "从名册中去掉这一行");
                }
            }
        }
        Ok(faults)
    }
}
