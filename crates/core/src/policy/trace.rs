//! One line of reasoning behind a figure: label, formula in words and numbers, amount, rule, article, document.
//! Knows how a figure is cited; knows neither how it was computed nor where it is shown.

use super::pack::Used;
use crate::money::Fen;

/// Why one amount is what it is. Shown on the review page and printed, in plain Chinese.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct TraceStep {
    /// What the amount is, for example `起付线`.
    #[n(0)]
    pub label: String,
    /// How it came about, with its numbers, in Chinese.
    #[n(1)]
    pub formula: String,
    /// The amount in fen.
    #[n(2)]
    pub amount: Fen,
    /// Rule or parameter with its effective day, for example `settlement-inpatient.bands@2017-07-01`.
    #[n(3)]
    pub rule: String,
    /// Article, for example `第八十七条`.
    #[n(4)]
    pub article: String,
    /// Document, for example `桂社保发〔2017〕8号`.
    #[n(5)]
    pub document: String,
    /// True if the parameter is only a sample (示例), not checked against a document.
    #[n(6)]
    pub sample: bool,
}

impl TraceStep {
    /// A step that rests on one row of a parameter.
    pub(super) fn of<T>(label: &str, formula: String, amount: Fen, used: &Used<'_, T>) -> Self {
        Self {
            label: label.to_owned(),
            formula,
            amount,
            rule: used.rule(),
            article: used.row.article.clone(),
            document: used.row.document.clone(),
            sample: used.row.is_sample(),
        }
    }
}
