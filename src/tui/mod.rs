//! The screens: bytes in, bytes out. `runtime` turns a terminal's bytes into events and a frame into bytes; `keymap`
//! is the one registry of keys; `text` holds every Chinese word of the interface; `widgets` draw; `screens` put them
//! together. Knows the application's use cases; must not know the database, a socket or the process's own terminal.

pub mod desk;
pub mod key;
pub mod keymap;
pub mod look;
pub mod runtime;
pub mod screen;
pub mod screens;
pub mod text;
pub mod theme;
pub mod widgets;
