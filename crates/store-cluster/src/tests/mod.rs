//! The store on real servers.

mod by_turns;
mod conformance;
mod outages;
mod several;
mod world;
