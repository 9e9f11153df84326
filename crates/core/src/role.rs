//! Who may do what: one question, `authorize(actor, action, subject)`, answered from a data table
//! (`seed/roles.toml`). Roles open doors; that three levels are three *persons* is decided by `case::decide`,
//! whatever this table allows. Knows nothing of screens, accounts' secrets or storage.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// What a person can be asked to do in the office (003 A74, A84, A117, A121).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Role {
    /// 村协办: collects papers, drafts, for the own village.
    #[n(0)]
    VillageAssistant,
    /// 经办: the window clerk, first level.
    #[n(1)]
    Clerk,
    /// 复核: second level.
    #[n(2)]
    Rechecker,
    /// 审批: third level.
    #[n(3)]
    Approver,
    /// 财务.
    #[n(4)]
    Finance,
    /// 稽核: reads everything, writes no business data.
    #[n(5)]
    Auditor,
    /// 系统管理员: machines and accounts, never case data.
    #[n(6)]
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::VillageAssistant,
        Self::Clerk,
        Self::Rechecker,
        Self::Approver,
        Self::Finance,
        Self::Auditor,
        Self::Administrator,
    ];

    /// Identifier in data files and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::VillageAssistant => "village_assistant",
            Self::Clerk => "clerk",
            Self::Rechecker => "rechecker",
            Self::Approver => "approver",
            Self::Finance => "finance",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// The role with this identifier.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.id() == id)
    }

    /// What the office calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::VillageAssistant => "村协办",
            Self::Clerk => "经办",
            Self::Rechecker => "复核",
            Self::Approver => "审批",
            Self::Finance => "财务",
            Self::Auditor => "稽核",
            Self::Administrator => "系统管理员",
        }
    }
}

/// Everything that a use case asks permission for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Find persons in the register (masked).
    SearchPersons,
    /// Open one person's record.
    ViewPerson,
    /// See certificate number, account and telephone in full; logged.
    Unmask,
    /// Begin or edit a draft.
    DraftCase,
    /// Begin, edit and hand in a form of the audit (稽核通知书, 责令改正书; 003 A117).
    FillAudit,
    /// Accept a case (受理), refuse it, or hand in a corrected one.
    AcceptCase,
    /// First level, 初审.
    ReviewInitial,
    /// Second level, 复核.
    ReviewRecheck,
    /// Third level, 审批.
    ReviewApproval,
    /// Finance's review, where the form asks for it, 财务复核 (003 A84, A97).
    ReviewFinance,
    /// First level of a paper of the audit, by another auditor (003 A117(2)).
    ReviewAudit,
    /// Take a case back before it takes effect (撤回).
    WithdrawCase,
    /// Ask for a reversal of an effective case (冲正).
    ProposeReversal,
    /// See cases, queues and timelines.
    ViewCases,
    /// Print a case's documents.
    PrintCase,
    /// Give out a paper from the register about a person (003 A19).
    IssuePaper,
    /// Exchange batches with the city.
    Sync,
    /// See the state of the exchange.
    ViewSync,
    /// Note an outage that moves the clocks, or its end (停机通知, 002).
    NoticeOutage,
    /// See payables, payment lists and deduction lists.
    ViewPayments,
    /// Make a payment list, write its file, take in the bank's answer, note recovered money (003 A84, A97).
    MakePayment,
    /// Approve a payment list that another person made (003 A97).
    ApprovePayment,
    /// Ask for another bank account of a settled case.
    CorrectAccount,
    /// Make deduction files for banks and take in their answers (003 A23).
    Deduct,
    /// See who has not paid for a year (催缴名单).
    CallList,
    /// Take over the list of doctors of the insurance (003 A54, A56).
    KeepDoctors,
    /// Draw settled cases for a second look, and see what was drawn (003 A120).
    DrawSample,
    /// Add accounts and roles.
    ManageAccounts,
    /// Walk the journal and compare the projections.
    VerifyJournal,
}

impl Action {
    /// Every action with its identifier in the table and what it is to the people of the office.
    const NAMED: [(Self, &str, &str); 29] = [
        (Self::SearchPersons, "search_persons", "查找人员"),
        (Self::ViewPerson, "view_person", "查看人员档案"),
        (Self::Unmask, "unmask", "查看完整号码"),
        (Self::DraftCase, "draft_case", "录入草稿"),
        (Self::FillAudit, "fill_audit", "填写稽核文书"),
        (Self::AcceptCase, "accept_case", "受理"),
        (Self::ReviewInitial, "review_initial", "初审"),
        (Self::ReviewRecheck, "review_recheck", "复核"),
        (Self::ReviewApproval, "review_approval", "审批"),
        (Self::ReviewFinance, "review_finance", "财务复核"),
        (Self::ReviewAudit, "review_audit", "稽核文书复核"),
        (Self::WithdrawCase, "withdraw_case", "撤回"),
        (Self::ProposeReversal, "propose_reversal", "提出冲正"),
        (Self::ViewCases, "view_cases", "查看办件"),
        (Self::PrintCase, "print_case", "打印办件文书"),
        (Self::IssuePaper, "issue_paper", "出具参保凭证等文书"),
        (Self::Sync, "sync", "与市级中心交换"),
        (Self::ViewSync, "view_sync", "查看同步状态"),
        (Self::NoticeOutage, "notice_outage", "登记停机通知"),
        (Self::ViewPayments, "view_payments", "查看付款和代扣"),
        (Self::MakePayment, "make_payment", "付款制单、报盘、回盘"),
        (Self::ApprovePayment, "approve_payment", "付款单复核"),
        (Self::CorrectAccount, "correct_account", "更正收款账户"),
        (Self::Deduct, "deduct", "代扣报盘、回盘"),
        (Self::CallList, "call_list", "催缴名单"),
        (Self::KeepDoctors, "keep_doctors", "导入医保医师名单"),
        (Self::DrawSample, "draw_sample", "抽样复查"),
        (Self::ManageAccounts, "manage_accounts", "管理账号"),
        (Self::VerifyJournal, "verify_journal", "走查业务日志"),
    ];

    /// Every action.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::NAMED.into_iter().map(|(action, ..)| action)
    }

    fn named(self) -> (&'static str, &'static str) {
        let found = Self::NAMED.into_iter().find(|(action, ..)| *action == self);
        found.map_or(("", ""), |(_, id, label)| (id, label))
    }

    /// Identifier in the table.
    pub fn id(self) -> &'static str {
        self.named().0
    }

    /// What the office calls it.
    pub fn label(self) -> &'static str {
        self.named().1
    }
}

/// The natural person who acts, as established at sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Identifier of the natural person: the same for all accounts of that person.
    pub person: String,
    /// Account signed in with.
    pub account: String,
    /// Name shown on screen and paper.
    pub name: String,
    /// Roles of the account.
    pub roles: BTreeSet<Role>,
    /// The person's own certificate number, for recusal; empty when not recorded.
    pub certno: String,
    /// Villages (12-digit codes) the account is limited to; empty means the whole township.
    pub villages: BTreeSet<String>,
    /// Session identifier.
    pub session: String,
}

impl Actor {
    /// Whether the account may be shown what concerns this village: all of them unless it is limited to some. What
    /// names no village belongs to none of those.
    pub fn serves(&self, village: &str) -> bool {
        self.villages.is_empty() || self.villages.contains(village)
    }
}

/// What an action is done to, as far as permission depends on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Village of the person or household concerned, an empty text when it is not known; none when the action
    /// concerns no village.
    pub village: Option<String>,
}

impl Subject {
    /// An action that concerns no village.
    pub fn none() -> Self {
        Self::default()
    }

    /// An action that concerns a person or household of this village.
    pub fn in_village(code: &str) -> Self {
        Self { village: Some(code.to_owned()) }
    }
}

/// Why an action was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// No role of the account may do this.
    #[error("account {account} has no role that may {action:?}")]
    NoRole {
        /// The account.
        account: String,
        /// The action.
        action: Action,
    },
    /// No role of this office may do this: its own table is older than the action.
    #[error("no role of this office may {action:?}")]
    NoRoleAtAll {
        /// The action.
        action: Action,
    },
    /// The account is limited to other villages.
    #[error("account {account} may not act for village {village}")]
    OtherVillage {
        /// The account.
        account: String,
        /// The village asked for.
        village: String,
    },
}

impl Denied {
    /// The sentence for the clerk.
    pub fn zh(&self) -> String {
        match self {
            Self::NoRole { account, .. } => {
                format!("账号 {account} 的岗位没有这项权限；请由有权限的同事办理，或请管理员调整岗位。")
            }
            Self::NoRoleAtAll { action } => {
                format!(
                    "本单位的岗位表没有把“{}”（{}）交给任何岗位，谁都不能办。请管理员在 library/seed/roles.toml 中补上，再用 xiangbao check 核对。",
                    action.label(),
                    action.id()
                )
            }
            Self::OtherVillage { account, .. } => {
                format!("账号 {account} 只能办理本村业务；请转镇窗口办理。")
            }
        }
    }
}

/// The table of roles (`seed/roles.toml`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleTable {
    allowed: BTreeMap<Role, BTreeSet<Action>>,
}

/// The role table cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct RoleTableError {
    /// File name as given.
    pub file: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// Key; empty when unknown.
    pub key: String,
    /// What is wrong.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleFile {
    role: Vec<RoleRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleRow {
    id: toml::Spanned<Role>,
    #[serde(rename = "source")]
    _source: String,
    allow: BTreeSet<Action>,
}

impl RoleTable {
    /// Reads the table; every role must stand in it exactly once.
    ///
    /// # Errors
    /// Unknown keys, roles or actions, a role named twice or not at all.
    pub fn load(file: &str, text: &str) -> Result<Self, RoleTableError> {
        let error = |line: usize, key: &str, message: String| RoleTableError {
            file: file.to_owned(),
            line,
            key: key.to_owned(),
            message,
        };
        let line_at = |offset: usize| text.get(..offset).map_or(0, |before| before.matches('\n').count() + 1);
        let parsed: RoleFile = toml::from_str(text).map_err(|fault| {
            let line = fault.span().map_or(0, |span| line_at(span.start));
            error(line, "", fault.message().to_owned())
        })?;
        let mut allowed = BTreeMap::new();
        for row in parsed.role {
            let (line, role) = (line_at(row.id.span().start), row.id.into_inner());
            if allowed.insert(role, row.allow).is_some() {
                let message = format!("role {} stands twice: keep one of the two tables", role.id());
                return Err(error(line, "role.id", message));
            }
        }
        if let Some(missing) = Role::ALL.into_iter().find(|role| !allowed.contains_key(role)) {
            let message = format!("role {} is missing: add a [[role]] table for it", missing.id());
            return Err(error(0, "role", message));
        }
        Ok(Self { allowed })
    }

    /// Roles that may do this, in the order of their levels.
    pub fn holders(&self, action: Action) -> impl Iterator<Item = Role> {
        self.allowed.iter().filter(move |(_, actions)| actions.contains(&action)).map(|(role, _)| *role)
    }

    /// The one question about permission. Every use case asks it before it reads or writes.
    ///
    /// # Errors
    /// The reason of the refusal.
    pub fn authorize(&self, actor: &Actor, action: Action, subject: &Subject) -> Result<(), Denied> {
        let granted = actor
            .roles
            .iter()
            .any(|role| self.allowed.get(role).is_some_and(|actions| actions.contains(&action)));
        if !granted && self.holders(action).next().is_none() {
            return Err(Denied::NoRoleAtAll { action });
        }
        if !granted {
            return Err(Denied::NoRole { account: actor.account.clone(), action });
        }
        match &subject.village {
            Some(village) if !actor.serves(village) => {
                Err(Denied::OtherVillage { account: actor.account.clone(), village: village.clone() })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = include_str!("../../../seed/roles.toml");

    fn actor(roles: &[Role], villages: &[&str]) -> Actor {
        Actor {
            person: "p1".into(),
            account: "a1".into(),
            name: "甲".into(),
            roles: roles.iter().copied().collect(),
            certno: String::new(),
            villages: villages.iter().map(|v| (*v).to_owned()).collect(),
            session: "s".into(),
        }
    }

    #[test]
    fn the_administrator_never_sees_case_data_and_the_auditor_never_writes() {
        let table = RoleTable::load("roles.toml", TABLE).unwrap();
        let administrator = actor(&[Role::Administrator], &[]);
        for action in [Action::ViewCases, Action::ViewPerson, Action::SearchPersons, Action::AcceptCase] {
            assert!(table.authorize(&administrator, action, &Subject::none()).is_err(), "{action:?}");
        }
        let auditor = actor(&[Role::Auditor], &[]);
        assert!(table.authorize(&auditor, Action::ViewCases, &Subject::none()).is_ok());
        for action in [Action::DraftCase, Action::AcceptCase, Action::ReviewInitial, Action::ReviewApproval] {
            assert!(table.authorize(&auditor, action, &Subject::none()).is_err(), "{action:?}");
        }
    }

    #[test]
    fn each_level_belongs_to_its_role_alone() {
        let table = RoleTable::load("roles.toml", TABLE).unwrap();
        let levels = [
            (Role::Clerk, Action::ReviewInitial),
            (Role::Rechecker, Action::ReviewRecheck),
            (Role::Approver, Action::ReviewApproval),
        ];
        for (role, own) in levels {
            for (_, action) in levels {
                let answer = table.authorize(&actor(&[role], &[]), action, &Subject::none());
                assert_eq!(answer.is_ok(), action == own, "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn a_village_assistant_stays_in_the_own_village() {
        let table = RoleTable::load("roles.toml", TABLE).unwrap();
        let assistant = actor(&[Role::VillageAssistant], &["451424100201"]);
        let at = |code| table.authorize(&assistant, Action::DraftCase, &Subject::in_village(code));
        assert!(at("451424100201").is_ok());
        assert!(matches!(at("451424100202"), Err(Denied::OtherVillage { .. })));
        assert!(at("").is_err(), "nobody knows where this person lives: the township's business");
        assert!(table.authorize(&assistant, Action::DraftCase, &Subject::none()).is_ok());
    }

    #[test]
    fn every_action_is_named_as_the_table_writes_it_and_held_by_somebody() {
        let table = RoleTable::load("roles.toml", TABLE).unwrap();
        for action in Action::all() {
            let read: BTreeMap<String, Action> = toml::from_str(&format!("a = {:?}", action.id())).unwrap();
            assert_eq!(read["a"], action);
            assert!(!action.label().is_empty() && table.holders(action).next().is_some(), "{action:?}");
        }
        let older = TABLE.replace("\n  \"keep_doctors\",", "");
        let table = RoleTable::load("roles.toml", &older).unwrap();
        let denied = table.authorize(&actor(&[Role::Approver], &[]), Action::KeepDoctors, &Subject::none());
        let words = denied.unwrap_err().zh();
        assert!(words.contains("导入医保医师名单") && words.contains("roles.toml"), "{words}");
    }

    #[test]
    fn a_bad_table_is_refused_with_its_place() {
        let unknown = TABLE.replacen("\"sync\"", "\"synk\"", 1);
        let fault = RoleTable::load("roles.toml", &unknown).unwrap_err();
        let line = TABLE.lines().position(|line| line.contains("\"sync\"")).unwrap() + 1;
        assert!(fault.message.contains("synk") && fault.line == line, "{fault}");
        assert!(
            RoleTable::load("roles.toml", "role = []").unwrap_err().message.contains("village_assistant")
        );
    }
}
