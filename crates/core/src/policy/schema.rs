//! Which parameters a topic has, and the shape, unit and Chinese name of each: the one list that the loader, the
//! listing and the error texts share. Knows no values.

mod treatment;

pub(super) use treatment::LAYERS;

/// Shape of a parameter's value, as the loader must read it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Yuan with at most two decimals.
    Money,
    /// An amount, or amounts by condition, "none" and "unknown" among them.
    Amounts,
    /// One of these names.
    Choice(&'static [&'static str]),
    /// List of codes.
    Codes,
    /// Deductibles by condition and admission.
    Deductibles,
    /// Ratios by condition and band.
    Bands,
    /// Points of the ratio by condition.
    Points,
    /// Guaranteed minimum ratio.
    Guarantee,
    /// Quotas of chronic diseases.
    Quotas,
    /// A number of things, or "none".
    Count,
    /// "all", or codes of identity.
    Who,
    /// Names of codes.
    Labels,
    /// First-paid shares by class.
    FirstPaid,
    /// Contribution standard.
    Standard,
    /// Aid table.
    Aid,
    /// Window in a year.
    Window,
    /// Months or days.
    Term,
}

impl Shape {
    /// The unit that the file must state.
    pub(super) fn unit(self) -> &'static str {
        match self {
            Self::Money | Self::Amounts | Self::Deductibles | Self::Quotas | Self::Standard | Self::Aid => {
                "元"
            }
            Self::Bands | Self::Points | Self::FirstPaid | Self::Guarantee => "比例",
            Self::Choice(_) => "选项",
            Self::Codes | Self::Who | Self::Labels => "代码",
            Self::Count => "个",
            Self::Window => "月日",
            Self::Term => "期限",
        }
    }
}

/// One parameter of a topic.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spec {
    pub(super) key: &'static str,
    pub(super) label: &'static str,
    pub(super) shape: Shape,
    /// False if the area may be without it: absent is "not set".
    pub(super) required: bool,
}

const fn spec(key: &'static str, label: &'static str, shape: Shape) -> Spec {
    Spec { key, label, shape, required: true }
}

const fn opt(key: &'static str, label: &'static str, shape: Shape) -> Spec {
    Spec { key, label, shape, required: false }
}

const CONTRIBUTION: &[Spec] = &[
    spec("standard", "缴费标准", Shape::Standard),
    spec("aid", "个人缴费资助", Shape::Aid),
    spec("refund", "退费", Shape::Choice(&["none"])),
];

const ENTITLEMENT: &[Spec] = &[
    spec("ruleset", "待遇享受规则", Shape::Choice(&["guangxi_2017"])),
    spec("collection", "集中缴费期", Shape::Window),
    spec("grace", "延缴期", Shape::Window),
    spec("grace_retroactive", "延缴期缴费是否追溯至1月1日", Shape::Choice(&["true", "false"])),
    spec("first_time", "初次参保当年缴费期", Shape::Window),
    spec("late_start", "逾期缴费享受起始", Shape::Choice(&["next_month"])),
    spec("third_month", "“第3个月”的算法", Shape::Choice(&["after", "inclusive"])),
    spec("interrupted_in_window", "中断人员集中缴费期缴费", Shape::Choice(&["new_year", "third_month"])),
    spec("newborn", "新生儿参保缴费期限", Shape::Term),
];

/// The parameters of `topic`, or `None` if there is no such topic.
pub(super) fn of_topic(topic: &str) -> Option<&'static [Spec]> {
    match topic {
        "averages" => Some(treatment::AVERAGES),
        "catalogue" => Some(treatment::CATALOGUE),
        "contribution" => Some(CONTRIBUTION),
        "entitlement" => Some(ENTITLEMENT),
        _ if LAYERS.iter().any(|(layer, _)| *layer == topic) => Some(treatment::LAYER),
        _ => topic
            .strip_prefix("settlement-")
            .filter(|benefit| !benefit.is_empty())
            .map(|_| treatment::SETTLEMENT),
    }
}

/// Chinese name of the parameter `topic.key`, or a general word.
pub(super) fn label(id: &str) -> &'static str {
    let known =
        id.split_once('.').and_then(|(topic, key)| of_topic(topic)?.iter().find(|spec| spec.key == key));
    known.map_or("政策参数", |spec| spec.label)
}
