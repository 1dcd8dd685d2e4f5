//! The words of the HTTP contract that the services share.

pub mod internal;
mod means;
mod money;
mod problem;
mod seat;

pub use means::Means;
pub use money::money;
pub use problem::{problem_of, refused};
pub use seat::{SeatLine, seat_lines};
