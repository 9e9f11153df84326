//! The screens. Each one is a file: what it shows, what its keys do, which use case they call.

pub mod sign_in;
