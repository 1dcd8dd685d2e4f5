//! The store on real servers.

mod conformance;
mod outages;
mod several;
mod world;
