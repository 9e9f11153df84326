//! Numbers and names as a window meets them: corpora that people can read and extend (`*.csv`), and an independent
//! second opinion on a hundred thousand generated and mutated numbers. Knows the public functions only.

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod second_opinion;
