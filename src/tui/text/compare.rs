//! Words of the page that compares a settlement with what it would be otherwise.

use xiangbao_core::policy::{Change, Place};

/// Title.
pub const COMPARE: &str = "结算比较";
/// Heading of a settlement that is fixed.
pub const COMPARE_FIXED: &str = "同一张账单，换一种情形（按当时的政策和累计）";
/// Heading of a settlement that is not yet fixed.
pub const COMPARE_TODAY: &str = "同一张账单，换一种情形（按今天试算）";
/// Columns: circumstance, basic pool, other funds, the person, difference of all funds.
pub const COMPARE_COLUMNS: [&str; 5] = ["情形", "统筹基金", "大病救助等", "个人负担", "基金差额"];
/// The bill as it is.
pub const COMPARE_BASE: &str = "本件";
/// Under the table.
pub const COMPARE_NOTE: &str =
    "只供解释，不改变结算。差额为负，是基金少付、个人多负担。没有列出的情形，当地没有另外的规定。";

/// The change in words; at most 18 cells. `name` is the identity's.
pub fn change(change: &Change, name: &str) -> String {
    match change {
        Change::Referred(true) => "已按规定转诊备案".to_owned(),
        Change::Referred(false) => "未按规定转诊备案".to_owned(),
        Change::Level(level) => match level.as_str() {
            "1" => "在一级及以下医院".to_owned(),
            "2" => "在二级医院".to_owned(),
            "3" => "在三级医院".to_owned(),
            other => format!("在 {other} 级医院"),
        },
        Change::Place(Place::Inside) => "在本地就医".to_owned(),
        Change::Place(Place::InProvince) => "在区内异地就医".to_owned(),
        Change::Place(Place::CrossProvince) => "在区外就医".to_owned(),
        Change::With(_) => format!("是{name}"),
        Change::Without(_) => format!("不是{name}"),
    }
}
