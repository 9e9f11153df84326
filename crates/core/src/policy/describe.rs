//! A parameter's value in plain Chinese, for listings and comparisons. Knows the shapes that read better as words; the
//! others stay as the file writes them.

use super::pack::Dated;
use super::schema::{self, Shape};
use super::value::{AidAmount, Value};

mod treatment;

impl Dated {
    /// The value of the parameter `id` in words, for people.
    pub fn words(&self, id: &str) -> String {
        match &self.value {
            Value::Money(amount) => format!("{} 元", amount.to_grouped()),
            Value::Choice(name) => match schema::shape(id) {
                Some(Shape::Reading(reading)) => format!("{name}（{}）", reading.words(name)),
                _ => name.clone(),
            },
            Value::Standard(standard) => format!(
                "{} 年标准：个人 {} 元，财政补助 {} 元",
                standard.standard_year,
                standard.personal.to_grouped(),
                standard.subsidy.to_grouped()
            ),
            Value::Aid(table) => {
                let payout =
                    if table.to_account { "先缴费，资助转入个人账户" } else { "直接减收" };
                let class = |class: &super::value::AidClass| match class.amount {
                    AidAmount::Known(amount) => format!("{} {} 元", class.label, amount.to_grouped()),
                    AidAmount::Unknown => format!("{} 金额未见", class.label),
                };
                let classes: Vec<String> = table.classes.iter().map(class).collect();
                format!("{payout}：{}", classes.join("，"))
            }
            Value::Window(window) => format!("{} 至 {}", window.opens.words(), window.closes.words()),
            Value::Term(term) => term.words(),
            other => treatment::words(other).unwrap_or_else(|| self.written.clone()),
        }
    }
}
