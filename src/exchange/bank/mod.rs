//! Files for banks and from them, by layouts that are data (`seed/banks/*.toml`): fixed-width or separated, in the bank's
//! encoding, with control totals. A text that does not fit is refused, never cut. Knows layouts, bytes and plain values;
//! must not know lists, cases or the store.

mod layout;
mod load;
mod read;
mod text;
mod write;

pub use layout::{CellSpec, Code, Encoding, Field, FieldKind, Layout, Part, Payer, Shape, Use};
pub use load::LayoutFault;
pub use read::{Back, BackLine, ReadFault, read_back};
pub use text::TextFault;
pub use write::{FileFacts, LineFacts, Value, write_file};

#[cfg(test)]
mod tests;
