//! What screens are made of. Every widget draws into a buffer through [`cells::put`], clips to its room, and answers
//! where the real cursor belongs. Widgets know cells, keys and words; must not know the application.

pub mod area;
pub mod cells;
pub mod confirm;
pub mod field;
pub mod form;
pub mod frame;
pub mod headed;
pub mod list;
pub mod overlay;
pub mod page;
pub mod pick;
pub mod prompt;
pub mod reader;
pub mod status;

pub use cells::{buffer_text, clip, fit, put, width, wrap};
pub use status::{empty, progress, too_small};

#[cfg(test)]
mod tests;
