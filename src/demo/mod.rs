//! The demonstration: what a fresh station is filled with so that it can be tried. Knows core's types and the seed
//! tables; must not know the store, the screens or how a demonstration is driven.

pub mod township;
