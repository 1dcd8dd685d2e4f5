//! What happens in a line.

use serde::{Deserialize, Serialize};

use crate::id::{Digest, PlaceNumber};
use crate::time::Timestamp;

/// Something that happened in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineFact {
    /// Somebody entered and was given the next number.
    Entered {
        /// The number.
        number: PlaceNumber,
        /// Digest of the visitor's secret, if one was given.
        visitor: Option<Digest>,
    },
    /// These were called: each may collect a pass.
    Admitted {
        /// The places, lowest first.
        numbers: Vec<PlaceNumber>,
        /// The capacity that was set at that moment.
        capacity: u32,
    },
    /// A pass was shown to its holder; its time runs from now.
    Collected {
        /// The place.
        number: PlaceNumber,
        /// When the pass ends.
        pass_expires_at: Timestamp,
    },
    /// These were absent when called; they keep their numbers.
    Parked {
        /// The places.
        numbers: Vec<PlaceNumber>,
    },
    /// Parked people are present again.
    Returned {
        /// The places.
        numbers: Vec<PlaceNumber>,
    },
    /// These did not collect their passes in time and are parked.
    TakenBack {
        /// The places.
        numbers: Vec<PlaceNumber>,
    },
    /// Collected passes ran out.
    PassesExpired {
        /// The places.
        numbers: Vec<PlaceNumber>,
    },
    /// Somebody gave their place up.
    Left {
        /// The place.
        number: PlaceNumber,
    },
    /// Somebody bought, which ends the pass.
    Done {
        /// The place.
        number: PlaceNumber,
    },
}
