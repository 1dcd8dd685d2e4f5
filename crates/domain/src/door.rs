//! The door: who came in where and when.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::id::{CheckInId, ReservationId, SeatIndex, StaffKeyId};
use crate::time::Timestamp;

/// Something that happened at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoorFact {
    /// Seats were let in; or, as a conflict, a device that was offline let in seats that were in already.
    CheckedIn(CheckIn),
    /// Nobody was let in, and the device may ask again with the same nonce.
    TurnedAway {
        /// The device's nonce.
        nonce: String,
        /// What it was answered.
        answer: DoorAnswer,
    },
    /// An entry was undone.
    Voided {
        /// Which.
        check_in_id: CheckInId,
        /// Why.
        reason: String,
    },
}

/// One entry at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckIn {
    /// Its id.
    pub check_in_id: CheckInId,
    /// Whose.
    pub reservation_id: ReservationId,
    /// The seats that came in with this entry.
    pub seats: Vec<SeatIndex>,
    /// When: for a device that was offline, its own time.
    pub at: Timestamp,
    /// Where.
    pub gate: Option<String>,
    /// With which key.
    pub staff_key: StaffKeyId,
    /// The device's nonce.
    pub nonce: Option<String>,
    /// Whether the seats had been let in elsewhere already.
    pub conflict: bool,
    /// When it was undone, if it was.
    #[serde(default)]
    pub voided_at: Option<Timestamp>,
}

/// How a try at the door ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoorOutcome {
    /// At least one seat is new.
    Admitted,
    /// All seats asked for had been let in before.
    AlreadyAdmitted,
    /// The reservation was cancelled.
    Cancelled,
    /// Another device had let the same seats in; both entries are kept.
    Conflict,
}

/// What a device is told, as far as it can't be read from the reservation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorAnswer {
    /// Whose ticket it was.
    pub reservation_id: ReservationId,
    /// The entry made, if one was.
    pub check_in_id: Option<CheckInId>,
    /// How it ended.
    pub outcome: DoorOutcome,
    /// The seats let in by this try.
    pub admitted: Vec<SeatIndex>,
    /// The seats of the reservation not let in yet after it.
    pub remaining: Vec<SeatIndex>,
    /// How many entries of the reservation's history the answer shows.
    pub history: usize,
}

/// Entries of one gate; `None` stands for entries without one.
pub type ByGate = BTreeMap<Option<String>, u32>;

/// All entries of an event.
#[derive(Debug, Clone, Default)]
pub struct Door {
    entries: HashMap<CheckInId, CheckIn>,
    /// Entries in the order in which they became known; an undone one stands there a second time.
    log: Vec<CheckInId>,
    answers: HashMap<String, DoorAnswer>,
}

impl Door {
    /// The entry of this id.
    pub fn get(&self, check_in_id: CheckInId) -> Option<&CheckIn> {
        self.entries.get(&check_in_id)
    }

    /// What the device with this nonce was answered.
    pub fn answer(&self, nonce: &str) -> Option<&DoorAnswer> {
        self.answers.get(nonce)
    }

    /// Entries made or undone after the first `after` ones, in order, as they are now.
    pub fn since(&self, after: usize) -> impl Iterator<Item = &CheckIn> {
        self.log
            .get(after..)
            .unwrap_or_default()
            .iter()
            .filter_map(|id| self.entries.get(id))
    }

    /// Entries that count: neither undone nor a conflict.
    pub fn counted(&self) -> impl Iterator<Item = &CheckIn> {
        self.entries
            .values()
            .filter(|entry| entry.voided_at.is_none() && !entry.conflict)
    }

    pub(crate) fn add(&mut self, entry: CheckIn, answer: DoorAnswer) {
        if let Some(nonce) = &entry.nonce {
            self.answers.insert(nonce.clone(), answer);
        }
        self.log.push(entry.check_in_id);
        self.entries.insert(entry.check_in_id, entry);
    }

    pub(crate) fn turn_away(&mut self, nonce: String, answer: DoorAnswer) {
        self.answers.insert(nonce, answer);
    }

    pub(crate) fn void(&mut self, check_in_id: CheckInId, at: Timestamp) -> Option<&CheckIn> {
        let entry = self.entries.get_mut(&check_in_id)?;
        entry.voided_at = Some(at);
        self.log.push(check_in_id);
        self.entries.get(&check_in_id)
    }
}
