//! Journeys through the form: keys in, screens and drafts out, on a real station.

mod audit;
mod bills;
mod claims;
mod desk;
mod every;
mod journeys;
mod papers;
mod screens;
mod typed;
