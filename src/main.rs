//! The `xiangbao` command.

fn main() {}
