//! What a form is: sections, fields, rules, materials, clock, review levels. Plain data with look-ups; reading the
//! file is [`super::load`], judging values is [`super::eval`].

use std::collections::{BTreeMap, BTreeSet};

use super::data::{FieldPath, FormData, Row};
use super::error::FormError;
use super::expr::Expr;
use super::reader::Place;
use crate::calendar::Term;

/// One form definition, as read from `forms/<id>.toml`.
#[derive(Clone, Debug)]
pub struct FormDef {
    /// Stable id, e.g. `enrolment`.
    pub id: String,
    /// Two-letter screen code, e.g. `DJ`.
    pub code: String,
    /// Version of this definition; a case pins the version it was opened with.
    pub version: u32,
    /// Short name on screens and lists, e.g. 参保登记.
    pub name: String,
    /// Title as printed.
    pub title: String,
    /// Annex number as printed (`附件1`); empty where the form is none of the annexes.
    pub annex: String,
    /// The article the form comes from, e.g. `003 A7`.
    pub source: String,
    /// Print template of the filled form.
    pub template: String,
    /// Print template of the acceptance receipt.
    pub receipt: String,
    /// Further print templates of a case, e.g. the letters that travel with a transfer.
    pub documents: Vec<String>,
    /// When one of the documents belongs to a case; without a condition it always does.
    pub document_when: Vec<DocumentWhen>,
    /// How many copies of the filled form the procedure asks for (003 A72(2): two).
    pub copies: u32,
    /// Who fills the form at the office.
    pub opened_by: Role,
    /// What approval does.
    pub effect: Effect,
    /// What is filed in the register; present exactly for [`Effect::File`] and
    /// [`Effect::Refund`].
    pub record: Option<RecordSpec>,
    /// The time limit of the review.
    pub clock: Clock,
    /// Review levels in order; one natural person each.
    pub levels: Vec<Level>,
    /// Sections in the order of the paper.
    pub sections: Vec<Section>,
    /// Rules in the order of the file.
    pub rules: Vec<Rule>,
    /// Materials in the order of the checklist.
    pub materials: Vec<Material>,
    /// Reasons a clerk may give to pass a warning.
    pub reasons: Vec<Reason>,
    /// Texts of the articles the form names, by reference.
    pub articles: BTreeMap<String, Article>,
    pub(super) file: String,
    /// Article references used somewhere in the file.
    pub(super) cited: BTreeSet<String>,
    pub(super) place: Place,
    pub(super) article_places: BTreeMap<String, Place>,
}

/// What approval of a case of this form does. Closed: a form cannot invent an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Registers the members of a household (003 A7, A11).
    EnrolHousehold,
    /// Registers the pupils and students of a school's roster (003 A6, A9).
    EnrolStudents,
    /// Changes registered data of one person (003 A14).
    ChangePerson,
    /// Ends the insurance of one person (003 A15).
    CancelEnrolment,
    /// Transfers or continues the insurance between pooling areas (003 A16-A17).
    Transfer,
    /// Settles a manual reimbursement (003 A82-A84).
    Reimburse,
    /// Files a record of a person with its days of validity: a filing, a card, an agreement (003 A13, A23, A65-A73).
    File,
    /// Gives back a contribution that was paid twice, and files a record of it: the one exception to 003 A28.
    Refund,
    /// The case is kept on file and changes nothing in the register (003 A117).
    Keep,
}

/// What a form of [`Effect::File`] or [`Effect::Refund`] leaves in the register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordSpec {
    /// The table whose rows are the persons concerned; none when the form is about one person.
    pub each: Option<String>,
    /// The field with the first day of validity.
    pub from: Option<String>,
    /// The field with the last day of validity; without one the record is open until it is ended.
    pub to: Option<String>,
    /// A second open record of the person with the same values in these fields is refused; without fields, any
    /// second open record is.
    pub unique: Option<Vec<String>>,
    /// Fields that must say the same as in every open record of the person (003 A66: no change meanwhile); kept too.
    pub fixed: Vec<String>,
    /// An enrolment must cover the first day (003 A22, A80).
    pub needs_cover: bool,
    /// The first day must not lie before the day of the decision (003 A69: the agency agrees first).
    pub agreed_first: bool,
    /// The fields kept with the record.
    pub keep: Vec<String>,
}

/// The statutory clock of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// How long, from acceptance; the day of acceptance does not count.
    pub term: Term,
    /// The article that sets it, e.g. `003 A11`.
    pub source: String,
    /// Working days that the applicant is given for a supplement before the office asks again; none: the office's own
    /// figure (`seed/escalation.toml`).
    pub correct_within: Option<u32>,
}

/// When a further paper belongs to a case.
#[derive(Clone, Debug)]
pub struct DocumentWhen {
    /// Print template.
    pub document: String,
    /// The condition.
    pub when: Expr,
    pub(super) place: Place,
}

/// One review level.
#[derive(Clone, Debug)]
pub struct Level {
    /// `initial` 初审, `recheck` 复核 or `approval` 审批.
    pub level: String,
    /// Who may do it.
    pub role: Role,
    /// Where it sits.
    pub seat: Seat,
    /// When the case goes through this level; always without a condition (amount limits, 003 A83).
    pub when: Option<Expr>,
    pub(super) place: Place,
}

/// Where a review level sits (003 A14, A15, A74: the township hands up, county or city decides).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum Seat {
    /// 乡镇.
    #[default]
    #[n(0)]
    Township,
    /// 县级.
    #[n(1)]
    County,
    /// 市级.
    #[n(2)]
    City,
}

impl Seat {
    /// Every seat, from the township up.
    pub const ALL: [Self; 3] = [Self::Township, Self::County, Self::City];

    /// Identifier in data files and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Township => "township",
            Self::County => "county",
            Self::City => "city",
        }
    }

    /// The next higher seat; none above the city.
    pub fn above(self) -> Option<Self> {
        match self {
            Self::Township => Some(Self::County),
            Self::County => Some(Self::City),
            Self::City => None,
        }
    }

    /// What the office calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Township => "乡镇",
            Self::County => "县级",
            Self::City => "市级",
        }
    }
}

/// The roles a review level, or filling a form, can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Window clerk 经办.
    Clerk,
    /// Rechecker 复核.
    Rechecker,
    /// Approver 审批.
    Approver,
    /// Finance 财务.
    Finance,
    /// Auditor 稽核.
    Auditor,
}

/// One block of the paper form: single fields, or the columns of a repeating table.
#[derive(Clone, Debug)]
pub struct Section {
    /// Heading on screen and paper.
    pub title: String,
    /// Present when the block is a repeating table; `fields` are then its columns.
    pub table: Option<TableSpec>,
    /// When the block is shown; hidden fields are neither required nor checked.
    pub shown: Condition,
    /// Fields or columns in the order of the paper.
    pub fields: Vec<Field>,
    pub(super) place: Place,
}

/// A repeating table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSpec {
    /// Table id, e.g. `members`.
    pub id: String,
    /// Least number of rows.
    pub min: usize,
    /// Greatest number of rows.
    pub max: usize,
    /// A bill: every row stands on one line, however many columns, and Enter goes on row by row.
    pub grid: bool,
    /// Rows that say the same in these columns are doubted (`rows.alike`); none without columns.
    pub alike: Vec<String>,
}

/// Where a text is looked up while it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// The three catalogues (三大目录, 003 A85): a choice fills the columns of the row that bear the catalogue's names.
    Catalogue,
}

/// When something holds.
#[derive(Clone, Debug)]
pub enum Condition {
    /// In every case.
    Always,
    /// In no case.
    Never,
    /// When the expression is true.
    When(Expr),
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line of free text.
    Text,
    /// Several lines of free text.
    Note,
    /// A person's name.
    Name,
    /// `YYYY-MM-DD`.
    Date,
    /// `YYYY-MM`.
    Month,
    /// Yuan with two decimals; expressions see integer fen.
    Money,
    /// A whole number, not negative.
    Int,
    /// A share between 0 and 1 with up to four decimals, e.g. `0.1500`.
    Ratio,
    /// A number with up to six decimals, not negative: a quantity, a unit price. Texts to the rule language.
    Decimal,
    /// A code of a table.
    Code,
    /// `1` or `0`.
    Flag,
    /// The number of a certificate; its type stands in the field named by `beside`.
    Certificate,
    /// A telephone number.
    Phone,
    /// A bank account or card; its sort stands in the field named by `beside`.
    Bank,
}

/// Kind and code table that hold for one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindSpec {
    /// What the value is.
    pub kind: Kind,
    /// Code table of a [`Kind::Code`].
    pub codes: Option<String>,
    /// The table is whole for codes that begin so; any other code is taken as it is, and the form's rules judge it.
    pub whole_for: Option<String>,
}

impl KindSpec {
    /// A kind without a code table.
    pub fn plain(kind: Kind) -> Self {
        Self { kind, codes: None, whole_for: None }
    }

    /// Whether a code that the table lacks may stand nevertheless.
    pub fn is_open_for(&self, code: &str) -> bool {
        self.whole_for.as_deref().is_some_and(|known| !code.starts_with(known))
    }
}

/// Kinds that depend on the code in another field of the same scope, e.g. the new value of a change by its item.
#[derive(Clone, Debug)]
pub struct Variants {
    /// The field that decides.
    pub by: String,
    /// Kind for each code of that field; other codes leave the field's own kind.
    pub kinds: BTreeMap<String, KindSpec>,
}

/// One field of a form, or one column of a table.
#[derive(Clone, Debug)]
pub struct Field {
    /// Id; a national interface name where there is one.
    pub id: String,
    /// Short label for 80 columns.
    pub label: String,
    /// Kind and code table, where no variant decides.
    pub spec: KindSpec,
    /// Kinds by the code of another field.
    pub variants: Option<Variants>,
    /// The field that tells the sort of a certificate or account.
    pub beside: Option<String>,
    /// Greatest number of characters.
    pub max: usize,
    /// When it must be filled.
    pub required: Condition,
    /// When it is shown.
    pub shown: Condition,
    /// F2 repeats it from the previous record.
    pub carry: bool,
    /// Filled by the system, not typed.
    pub readonly: bool,
    /// Why no paper of the form prints it; empty when one must.
    pub unprinted: String,
    /// The default, as an expression.
    pub derive: Option<Expr>,
    /// Enter passes over the field where this holds; Tab, arrows and its number still reach it.
    pub passed: Condition,
    /// Where what is typed is looked up.
    pub search: Option<Search>,
    /// One line of help (F1).
    pub help: String,
    /// The article behind the field (F1 F1 shows its text).
    pub article: String,
    pub(super) place: Place,
}

/// How hard a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The case cannot be submitted.
    Error,
    /// The case can be submitted with a reason.
    Warning,
}

/// Where a rule points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// Table, for a column.
    pub(super) table: Option<String>,
    /// Field or column.
    pub(super) field: String,
}

/// A message with embedded expressions.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// Fixed text.
    Text(String),
    /// A value computed when the message is shown.
    Value(Expr),
}

/// One rule between values.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Stable id.
    pub id: String,
    /// The article behind it.
    pub article: String,
    /// Error, or warning that a reason passes.
    pub severity: Severity,
    /// Reasons that pass the warning, ids of [`FormDef::reasons`].
    pub reason_codes: Vec<String>,
    /// What is wrong and what to do, as written in the file.
    pub message: String,
    pub(super) pieces: Vec<Piece>,
    pub(super) on: Target,
    pub(super) each: Option<String>,
    pub(super) check: Expr,
    pub(super) when: Option<Expr>,
    pub(super) place: Place,
}

/// One paper of the checklist (003 A7, A8, A15, A74, A82).
#[derive(Clone, Debug)]
pub struct Material {
    /// Id, stable within the form.
    pub id: String,
    /// Name on the checklist.
    pub label: String,
    /// A copy is kept; otherwise seeing the original is enough.
    pub copy: bool,
    /// The original itself is kept (invoices, 003 A74): what `copy` asks for is then the paper, not a copy of it.
    pub original: bool,
    /// When it is due.
    pub required: Condition,
    /// Any one paper of the same group is enough.
    pub group: Option<String>,
    /// The article that asks for it.
    pub article: String,
    /// What to look at.
    pub hint: String,
    pub(super) place: Place,
}

/// One reason that lets a warning pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Code kept with the case.
    pub code: String,
    /// Text on screen and paper.
    pub label: String,
}

/// Short text of an article for F1 F1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// A short quotation or summary.
    pub text: String,
    /// The source text is damaged and the wording was restored.
    pub restored: bool,
}

impl FormDef {
    /// The section of a table.
    pub fn table(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|s| s.table.as_ref().is_some_and(|t| t.id == id))
    }

    /// All sections that hold single fields.
    pub fn single_sections(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(|s| s.table.is_none())
    }

    /// The field a path points at, with its section.
    pub fn locate(&self, path: &FieldPath) -> Option<(&Section, &Field)> {
        match &path.row {
            Some((table, _)) => self.table(table).and_then(|s| s.field(&path.field).map(|f| (s, f))),
            None => self.single_sections().find_map(|s| s.field(&path.field).map(|f| (s, f))),
        }
    }

    /// The field a path points at.
    pub fn field(&self, path: &FieldPath) -> Option<&Field> {
        self.locate(path).map(|(_, f)| f)
    }

    /// The single field `id`.
    pub(super) fn single(&self, id: &str) -> Option<&Field> {
        self.single_sections().find_map(|section| section.field(id))
    }

    /// A rule by id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.id == id)
    }

    /// A mistake at a key of the file's head, found by somebody who knows more than the form.
    pub fn mistake(&self, key: &str, message: impl Into<String>, fix: impl Into<String>) -> FormError {
        self.place.mistake(&self.file, key, message, fix)
    }

    /// A material by id.
    pub fn material(&self, id: &str) -> Option<&Material> {
        self.materials.iter().find(|m| m.id == id)
    }

    /// The text of an article this form names.
    pub fn article(&self, reference: &str) -> Option<&Article> {
        self.articles.get(reference)
    }

    /// The reasons that let a warning pass. A warning of a kind check (not a rule of the file) takes any reason.
    pub fn reasons_for(&self, rule: &str) -> Vec<&Reason> {
        match self.rule(rule) {
            Some(rule) => self.reasons.iter().filter(|r| rule.reason_codes.contains(&r.code)).collect(),
            None => self.reasons.iter().collect(),
        }
    }

    /// Kind and code table that hold at `path` with these values (a variant may decide).
    pub fn kind_at(&self, data: &FormData, path: &FieldPath) -> Option<&KindSpec> {
        let field = self.field(path)?;
        let Some(variants) = &field.variants else { return Some(&field.spec) };
        let by = FieldPath { row: path.row.clone(), field: variants.by.clone() };
        Some(variants.kinds.get(data.get(&by)).unwrap_or(&field.spec))
    }

    /// A new, empty form: every table has its least number of rows.
    pub fn blank(&self) -> FormData {
        let mut data = FormData::default();
        for table in self.sections.iter().filter_map(|s| s.table.as_ref()) {
            data.tables.insert(table.id.clone(), vec![Row::new(); table.min]);
        }
        data
    }

    /// Every field of the form as it stands, in the order of the paper: the order of the focus. Hidden fields are
    /// included; [`super::visible`] tells them apart.
    pub fn field_order(&self, data: &FormData) -> Vec<FieldPath> {
        let mut order = Vec::new();
        for section in &self.sections {
            match &section.table {
                None => order.extend(section.fields.iter().map(|f| FieldPath::single(&f.id))),
                Some(table) => {
                    let rows = data.rows(&table.id).len().max(table.min);
                    for row in 0..rows {
                        order.extend(section.fields.iter().map(|f| FieldPath::cell(&table.id, row, &f.id)));
                    }
                }
            }
        }
        order
    }

    /// Code tables this form uses, each with the field that names it.
    pub fn code_tables(&self) -> Vec<(&Field, &str)> {
        let mut tables = Vec::new();
        for field in self.sections.iter().flat_map(|s| &s.fields) {
            let variants = field.variants.iter().flat_map(|v| v.kinds.values());
            let specs = std::iter::once(&field.spec).chain(variants);
            tables.extend(specs.filter_map(|spec| spec.codes.as_deref()).map(|codes| (field, codes)));
        }
        tables
    }
}

impl Section {
    /// A field or column by id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.id == id)
    }
}

impl Condition {
    /// Whether the condition can ever hold.
    pub fn can_hold(&self) -> bool {
        !matches!(self, Self::Never)
    }
}
