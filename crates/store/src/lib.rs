//! What a store must do, and the views that follow it.
//!
//! Every operation of the traits here means "as the function of that name in `jari-domain`", on whatever
//! backend: what one of them answers has been kept. Handlers hold `Arc<dyn …>` of the capabilities they use
//! and don't know which backend they have.
//!
//! Reads that everyone does all the time (status, availability) don't come from the store: a [`Follower`] is
//! told of every change, and [`views`] answer from memory.

mod capability;
mod error;
mod one_shop;
pub mod views;

#[cfg(feature = "conformance")]
pub mod conformance;

pub use capability::{
    AuditTrail, Batch, BatchAnswer, CheckInAnswer, Door, DoorStats, EventState, Events, Follower,
    Holds, Line, ListedReservation, ManifestEntry, ReservationSearch, Reservations, SaleStats,
    StaffKeys, Store, Upkeep, tell,
};
pub use error::{Result, StoreError};
pub use one_shop::OneShop;
