//! The real program, from outside.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod kill;
mod server;
mod start;
