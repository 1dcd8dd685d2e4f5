//! Crowds that buy: what a sale does to a server, and whether the server kept its promises meanwhile.
//!
//! A [scenario] says who comes when and how they behave. Every [person] is a small state machine without
//! a clock, chance or network of its own; the [crowd] moves a million of them and sends what they ask over
//! [connections](connection) that they share. It is an open loop: a request's latency is counted from when it
//! should have started, so that a server that is slow can't hide it by being asked less.

pub mod answer;
pub mod clock;
pub mod connection;
pub mod crowd;
pub mod dice;
pub mod hall;
pub mod ledger;
pub mod numbers;
pub mod operator;
pub mod person;
pub mod program;
pub mod record;
pub mod rehearsal;
pub mod report;
pub mod request;
pub mod run;
pub mod scenario;
pub mod schedule;
pub mod verdict;
mod watch;
pub mod yardstick;
