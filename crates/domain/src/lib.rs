//! What Jari means.
//!
//! This crate is the specification: the line, the seats, holds, sales and the door as plain state and
//! rules. It does no I/O, has no clock and draws no random numbers: **time, ids and randomness are
//! arguments**. Whatever changes is a [`fact::Fact`]; state is what facts add up to, so replaying the
//! facts gives the state again.

pub mod adjacency;
pub mod best_available;
pub mod code;
pub mod door;
pub mod event;
pub mod fact;
pub mod hall;
pub mod hold;
pub mod id;
pub mod invariant;
pub mod line;
pub mod map;
pub mod refusal;
pub mod reservation;
pub mod sale;
pub mod seats;
pub mod shop;
pub mod stored;
pub mod tally;
pub mod time;

pub use refusal::Refusal;
pub use sale::Sale;
pub use shop::Shop;
pub use time::Timestamp;
