//! Journeys through the screens around a case: keys in, screens and operations out, on a real station.

mod counter;
mod due;
mod filter;
mod findings;
mod find;
mod lists;
mod office;
mod paper;
mod parcels;
mod payments;
mod queue;
mod review;

/// The window sizes of every snapshot.
const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];
