//! The real program, from outside.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

/// Each of these tests asks the program itself, asks it through the gateway, and asks the services on many machines.
macro_rules! on_every_way {
    ($($test:ident,)*) => {
        mod straight {
            $(#[test] fn $test() { super::$test(crate::server::Way::Straight); })*
        }
        mod through_the_gateway {
            $(#[test] fn $test() { super::$test(crate::server::Way::ThroughTheGateway); })*
        }
        mod by_the_cluster {
            $(#[test] fn $test() { super::$test(crate::server::Way::Cluster); })*
        }
    };
}

mod asking;
mod cluster;
mod documents;
mod gateway;
mod journey;
mod kill;
mod load;
mod metrics;
mod pages;
mod refusals;
mod server;
mod start;
