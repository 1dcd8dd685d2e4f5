//! What the services share: the words of the HTTP contract, how their programs are configured, and what these do with a
//! store.

pub mod configuration;
pub mod internal;
mod means;
mod money;
mod problem;
mod seat;
mod store_clock;
mod upkeep;

pub use means::Means;
pub use money::money;
pub use problem::{problem_of, refused};
pub use seat::{SeatLine, seat_lines};
pub use store_clock::StoreClock;
pub use upkeep::{let_time_pass, ready};
