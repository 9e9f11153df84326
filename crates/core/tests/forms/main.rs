//! Forms as a whole: the shipped forms load and judge their corpora, wrong forms are refused with file, line and key,
//! and no value makes an evaluation fail.

mod bad;
mod broken;
mod good;
mod props;
mod support;
