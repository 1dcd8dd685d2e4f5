//! The invariants, as functions over plain data.
//!
//! Each is named after the promise it checks, takes what happened (not the state that the rules keep), and
//! works the matter out anew, in the plainest way: a mistake in the rules is not made here a second time.
//! Tests and the auditing tool call the same functions.

use crate::fact::Fact;
use crate::time::Timestamp;

pub mod door;
pub mod holds;
mod ledger;
pub mod line;
pub mod sales;
#[cfg(test)]
pub(crate) mod story;

/// Something that happened in one event, in the order of the journal, and when.
pub type Happening<'a> = (Timestamp, &'a Fact);

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{invariant}: {what}")]
pub struct Violation {
    /// The name of the function that found it.
    pub invariant: &'static str,
    /// What happened, with numbers and instants, without personal data.
    pub what: String,
}

fn violation(invariant: &'static str, at: Timestamp, what: impl std::fmt::Display) -> Violation {
    let what = format!("at {} ms: {what}", at.0);
    Violation { invariant, what }
}
