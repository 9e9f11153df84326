//! What policy cannot answer. Knows the sentence for the clerk (what is missing, whom to ask); knows no screen.

use chrono::NaiveDate;

/// Why there is no figure. Its text is Chinese, for the clerk: what is missing and who decides.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyGap {
    /// The pack holds no row of this parameter for this day.
    #[error("{area}没有{on}适用的“{label}”（{param}）。请报县医保经办机构核实并补录政策参数后再办，不得估算")]
    NoParameter {
        /// Area of the pack.
        area: String,
        /// Parameter id, `topic.key`.
        param: String,
        /// Its Chinese name.
        label: String,
        /// The rule date.
        on: NaiveDate,
    },
    /// The parameter exists, but not for this hospital level, class or treatment kind.
    #[error("“{label}”（{param}）没有规定{what}。请请示县医保经办机构，按其书面答复办理")]
    NotCovered {
        /// Parameter id.
        param: String,
        /// Its Chinese name.
        label: String,
        /// What was looked for.
        what: String,
    },
    /// The text itself is silent (for example 003 A22 on a first payment in July or August).
    #[error("{article}对此没有规定：{what}。请请示县医保经办机构，按其书面答复办理；答复前不要收费")]
    Silent {
        /// Rule name, for example `G5`.
        rule: String,
        /// Article that was read.
        article: String,
        /// The case that it does not speak of.
        what: String,
    },
    /// The text has a rule, but only for people who prove that they belong to a class (004 question 3: returning
    /// workers).
    #[error("{article}{what}。请先核实身份、留存证明，再按该类人员办理；核实前不要收费")]
    Needs {
        /// Rule name, for example `H2`.
        rule: String,
        /// The kind of payer that it is for.
        needs: String,
        /// Article that was read.
        article: String,
        /// For whom the rule is, in Chinese.
        what: String,
    },
    /// The question itself is not answerable as put.
    #[error("{field}：{problem}")]
    Input {
        /// Field, in the national or English name.
        field: String,
        /// What is wrong and what to do, in Chinese.
        problem: String,
    },
    /// A sum rule of the settlement does not hold. Never expected; the figure must not be used.
    #[error("结算核对不符（{check}：{detail}），结果已作废。请停止办理本件，记下办件编号报市级系统管理员")]
    Broken {
        /// The rule that failed.
        check: &'static str,
        /// The two sides.
        detail: String,
    },
}

impl PolicyGap {
    /// How `entitlement-cases.csv` names a silence of the text: `G5 no rule`, `H2 needs migrant`; `None` for what is
    /// no answer of the text (a missing parameter, a wrong question).
    pub fn outcome(&self) -> Option<String> {
        match self {
            Self::Silent { rule, .. } => Some(format!("{rule} no rule")),
            Self::Needs { rule, needs, .. } => Some(format!("{rule} needs {needs}")),
            _ => None,
        }
    }

    /// An unanswerable question: `field` as named by the form, `problem` in Chinese.
    pub(super) fn input(field: &str, problem: impl Into<String>) -> Self {
        Self::Input { field: field.to_owned(), problem: problem.into() }
    }

    /// An amount left the range of exact arithmetic.
    pub(super) fn too_large(field: &str) -> Self {
        Self::input(field, "金额过大，无法精确计算，请核对录入")
    }
}
