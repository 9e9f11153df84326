//! Forms: their definition, the rule language, the values typed into them and the findings about those values.
//! Knows nothing of cases, reviews, screens or paper.
//!
//! A form is one TOML file (`forms/*.toml`, described in `forms/README.md`). [`FormDef::load`] reads it strictly;
//! everything after that is total: no input of a clerk can make an evaluation fail or panic.

pub mod data;

mod bind;
mod check;
mod cost;
mod def;
mod display;
mod error;
mod eval;
mod expr;
mod facts;
mod functions;
mod lint;
mod glyph;
mod kind;
mod load;
mod load_fields;
mod load_head;
mod levels;
mod materials;
mod normalize;
pub(crate) mod reader;
mod remark;
mod row;
mod typing;
mod value;
mod workdays;

pub use cost::MAX_WORK;
pub use data::{FieldPath, FormData, MaterialState, PaperNote, Row, Scan};
pub use def::{
    Article, Clock, Condition, Effect, Field, FormDef, Kind, KindSpec, Level, Material, Reason, RecordSpec,
    Role, Rule, Search, Seat, Section, Severity, TableSpec, Variants,
};
pub use display::display_value;
pub use error::FormError;
pub use eval::{
    EvalContext, Finding, check_field, derived, evaluate, following, passed, required, shown_fields, sources,
    visible, without_hidden,
};
pub use expr::Expr;
pub use facts::{Asked, FactSpec, FactTable, FactTest, FactWords, Schema};
pub use glyph::{EveryGlyph, Glyphs};
pub use levels::{documents_due, levels_due};
pub use materials::{asked_for, joined, materials_due, missing_materials, missing_names};
pub use normalize::normalize_field;
pub use remark::field_remark;
pub(crate) use value::ratio as share_of;
