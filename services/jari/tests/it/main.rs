//! The real program, from outside.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod asking;
mod journey;
mod kill;
mod refusals;
mod server;
mod start;
