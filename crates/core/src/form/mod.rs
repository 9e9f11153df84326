//! Forms: their definition, the rule language, the values typed into them and the findings about those values.
//! Knows nothing of cases, reviews, screens or paper.

pub mod data;

pub use data::{FieldPath, FormData, MaterialState, Row};
