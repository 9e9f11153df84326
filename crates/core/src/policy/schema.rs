//! Which parameters a topic has, and the shape, unit and Chinese name of each: the one list that the loader, the
//! listing and the error texts share. Knows no values.

mod treatment;
mod waiting;

pub(super) use treatment::LAYERS;
pub(super) use waiting::needed;

use super::law::Reading;

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
    /// A reading of an ambiguous wording.
    Reading(&'static Reading),
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
            Self::Choice(_) | Self::Reading(_) => "选项",
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
    spec("refund", "退费", Shape::Choice(&["none", "silent"])),
];

/// The parameters of `topic`, or `None` if there is no such topic.
pub(super) fn of_topic(topic: &str) -> Option<&'static [Spec]> {
    match topic {
        "averages" => Some(treatment::AVERAGES),
        "catalogue" => Some(treatment::CATALOGUE),
        "contribution" => Some(CONTRIBUTION),
        "entitlement" => Some(waiting::ENTITLEMENT),
        "status" => Some(waiting::STATUS),
        _ if LAYERS.iter().any(|(layer, _)| *layer == topic) => Some(treatment::LAYER),
        _ => topic
            .strip_prefix("settlement-")
            .filter(|benefit| !benefit.is_empty())
            .map(|_| treatment::SETTLEMENT),
    }
}

/// Shape of the parameter `topic.key`.
pub(super) fn shape(id: &str) -> Option<Shape> {
    let (topic, key) = id.split_once('.')?;
    of_topic(topic)?.iter().find(|spec| spec.key == key).map(|spec| spec.shape)
}

/// Chinese name of the parameter `topic.key`, or a general word.
pub(super) fn label(id: &str) -> &'static str {
    let known =
        id.split_once('.').and_then(|(topic, key)| of_topic(topic)?.iter().find(|spec| spec.key == key));
    known.map_or("政策参数", |spec| spec.label)
}
