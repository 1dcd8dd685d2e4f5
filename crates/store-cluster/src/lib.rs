//! The store of many machines: `PostgreSQL` keeps what happened, Redis says whose turn it is to write.
//!
//! Every instance has the whole state in memory, as the embedded store has, and runs every operation on it by the
//! domain's own functions. To write, an instance takes the *turn* in Redis, catches up with what others wrote,
//! runs all operations that have gathered, and commits what they recorded to the journal in `PostgreSQL` in one
//! transaction, under the numbers that follow the last one. Then it tells the others through a stream in Redis,
//! gives the turn back, and answers.
//!
//! **Invariant:** nothing is answered, and no view shows anything, before `PostgreSQL` has committed it.
//!
//! **Invariant:** Redis decides nothing. Two instances that both believe it is their turn write the same numbers,
//! and the journal's primary key lets one of them through. All that is in Redis may be lost at any moment.

mod database;
mod entry;
mod follow;
mod journal;
mod keys;
mod link;
mod migrate;
mod open;
mod read;
mod scripts;
mod store;
mod writer;

pub use open::{Clock, ClusterSettings, Now, OpenError, migrate};
pub use read::{Kept, read};
pub use store::ClusterStore;

#[cfg(test)]
mod tests;
