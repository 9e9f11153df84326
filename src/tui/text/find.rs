//! Words of finding a person and of the person's card.

use xiangbao_core::register::{EnrolmentStatus, PersonField};

/// Before the box.
pub const FIND_LABEL: &str = "查找";
/// Behind the box.
pub const FIND_KEYS: &str = "Enter 查找，再按 Enter 打开所选";
/// Column heads of the found persons.
pub const FIND_COLUMNS: [&str; 7] = ["姓名", "证件号码", "性别", "出生日期", "村(社区)", "电话", "参保"];
/// Before the first search.
pub const FIND_BEGIN: &str = "键入知道的任何一项，几项之间空一格，先后不论。";
/// What can be typed: an example and what it is.
pub const FIND_EXAMPLES: [(&str, &str); 7] = [
    ("覃小芳", "姓名，或前几个字"),
    ("qxf", "姓名拼音首字母"),
    ("qinxiaofang", "姓名全拼"),
    ("0017", "证件号码末几位（三位以上），或完整号码"),
    ("8001", "电话末几位"),
    ("H4514241000000002", "户编号，列出全户；或完整的个人编号"),
    ("qxf 0017", "两项都符合的人"),
];
/// Nobody found.
pub fn find_nothing(query: &str) -> String {
    format!("没有符合 {query} 的人。")
}
/// What to do then.
pub const FIND_NOTHING_HINT: &str = "少键入一项或换一项再查；参保库中没有的人，键入 =DJ 办参保登记。";
/// How many were found.
pub fn find_count(count: usize, most: usize) -> String {
    if count >= most {
        format!("只列出前 {most} 人，请再加一项缩小范围")
    } else {
        format!("共 {count} 人")
    }
}
/// The purpose of the search.
pub fn find_for(code: &str, form: &str) -> String {
    format!("为 {code} {form} 选人")
}

/// Title of a person's card.
pub const PERSON: &str = "人员";
/// Sections of the card.
pub const PERSON_BASICS: &str = "基本信息";
/// Members of the household.
pub fn person_household(number: &str, head: &str, members: usize) -> String {
    format!("户内成员  {number}  户主 {head}  {members} 人")
}
/// A person without a household.
pub const PERSON_NO_HOUSEHOLD: &str = "没有登记在任何户内。";
/// Enrolments.
pub const PERSON_ENROLMENTS: &str = "参保和待遇";
/// None.
pub const PERSON_NO_ENROLMENT: &str = "没有参保记录。按 1 办参保登记。";
/// Cases.
pub const PERSON_CASES: &str = "办件";
/// None.
pub const PERSON_NO_CASE: &str = "没有办件。";
/// History.
pub const PERSON_HISTORY: &str = "登记经过（何时知道什么）";
/// Heads of the members.
pub const PERSON_MEMBER_HEAD: [&str; 5] = ["姓名", "性别", "证件号码", "出生日期", "参保"];
/// Heads of the enrolments.
pub const PERSON_ENROLMENT_HEAD: [&str; 7] = ["年度", "状态", "个人缴费", "资助", "待遇起", "待遇止", "依据"];
/// Heads of the cases.
pub const PERSON_CASE_HEAD: [&str; 4] = ["办件号", "业务", "受理", "状态"];
/// What is filed about the person (003 A65-A73 and the like).
pub const PERSON_FILINGS: &str = "备案";
/// Heads of the filings.
pub const PERSON_FILING_HEAD: [&str; 4] = ["备案", "自", "至", "状态"];
/// A filing without a last day.
pub const OPEN_ENDED: &str = "长期";
/// A filing that became known.
pub const HISTORY_FILED: &str = "备案";
/// A filing whose case was reversed.
pub const HISTORY_FILING_VOID: &str = "备案作废";
/// A filing in the history: its form and its days.
pub fn history_filing(form: &str, from: &str, to: &str) -> String {
    let to = if to.is_empty() { OPEN_ENDED } else { to };
    format!("{form}  {from} 至 {to}")
}
/// The person number.
pub const PERSON_NUMBER: &str = "个人编号";
/// Standing in the register.
pub const PERSON_STANDING: &str = "登记状态";
/// Characters that a screen may lack, with their code points.
pub const PERSON_RARE: &str = "生僻字";
/// Numbers are shown in full.
pub const PERSON_UNMASKED: &str = "正在显示完整号码，30 秒后或离开本页时恢复遮盖。";
/// Asks before unmasking.
pub const PERSON_UNMASK_QUESTION: &str = "显示完整的证件号码、电话和账号？查看记录会留下。";
/// Masked again.
pub const PERSON_MASKED: &str = "号码已恢复遮盖。";
/// The hint over the card.
pub const PERSON_HINT: &str = "按数字键为此人办理，F4 其他业务；上下选择家庭成员或办件，Enter 打开";
/// A figure that is a sample.
pub const SAMPLE: &str = "示例";
/// An empty value.
pub const NOTHING: &str = "(空)";

/// Standing of a person in the register.
pub fn person_status(status: xiangbao_core::register::PersonStatus) -> &'static str {
    use xiangbao_core::register::PersonStatus;
    match status {
        PersonStatus::Active => "在册",
        PersonStatus::Cancelled => "已注销",
        PersonStatus::Void => "已作废",
    }
}

/// Standing of an enrolment (national code table `psn_insu_stas`).
pub fn enrolment_status(status: EnrolmentStatus) -> &'static str {
    match status {
        EnrolmentStatus::Normal => "正常参保",
        EnrolmentStatus::Void => "无效参保",
        EnrolmentStatus::Ended => "终止参保",
    }
}

/// What a datum of a person is called.
pub fn person_field(field: PersonField) -> &'static str {
    match field {
        PersonField::Name => "姓名",
        PersonField::CertType => "证件类型",
        PersonField::CertNo => "证件号码",
        PersonField::Sex => "性别",
        PersonField::Ethnicity => "民族",
        PersonField::Birth => "出生日期",
        PersonField::Phone => "联系电话",
        PersonField::HouseholdKind => "户口性质",
        PersonField::RegisteredAddress => "户籍地址",
        PersonField::LivingAddress => "居住地址",
        PersonField::Village => "村(社区)",
        PersonField::Relation => "与户主关系",
        PersonField::Category => "人员类别",
        PersonField::SpecialIdentity => "特殊类型",
        PersonField::SpecialCertificate => "特殊证件号",
        PersonField::SpecialUntil => "资格期限",
        PersonField::BankAccount => "银行账号",
        PersonField::BankCode => "开户银行",
        PersonField::AccountKind => "账户类型",
        PersonField::AccountName => "户名",
        PersonField::BirthCertificate => "出生证号",
        PersonField::AccountNameAlias => "户名别写",
    }
}

/// The first version of a record.
pub const HISTORY_FIRST: &str = "初次登记";
/// Nothing of the person's own data changed.
pub const HISTORY_STANDING: &str = "登记状态变更";
/// The record came from elsewhere.
pub const HISTORY_LOADED: &str = "期初数据";
/// When it became known, from when it is true, by which case.
pub fn history_head(known: &str, effective: &str, source: &str) -> String {
    format!("{known} 知道  自 {effective} 起  {source}")
}
/// A value that became another.
pub fn changed_to(before: &str, after: &str) -> String {
    let shown = |value: &str| if value.is_empty() { NOTHING.to_owned() } else { value.to_owned() };
    format!("{} 改为 {}", shown(before), shown(after))
}
