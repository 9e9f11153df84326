//! Forms as a whole: the shipped forms load and judge their corpora, wrong forms are refused with file, line and key,
//! and no value makes an evaluation fail.

#[cfg(test)]
mod bad;
#[cfg(test)]
mod broken;
#[cfg(test)]
mod days;
#[cfg(test)]
mod filings;
#[cfg(test)]
mod good;
mod national;
mod papers;
#[cfg(test)]
mod levels;
#[cfg(test)]
mod props;
#[cfg(test)]
mod speak;
#[cfg(test)]
mod support;
