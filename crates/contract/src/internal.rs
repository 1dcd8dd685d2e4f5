//! What staff-api asks of ticketing-core, as both of them write it down: `POST /internal/staff` takes an [`Ask`],
//! and `GET /internal/events` tells [`EventNews`], one a line, for as long as it is listened to.

use jari_domain::Refusal;
use jari_domain::fact::AuditEntry;
use jari_domain::id::{CheckInId, Digest, EventId, StaffKeyId};
use jari_domain::map::SeatMap;
use jari_domain::sale::{CheckInRequest, Head};
use jari_domain::{Timestamp, door::ByGate};
use jari_store::{DoorStats, StoreError};
use serde::{Deserialize, Serialize};

/// Where an [`Ask`] goes.
pub const STAFF: &str = "/internal/staff";
/// Where [`EventNews`] comes from.
pub const EVENTS: &str = "/internal/events";

/// A question of staff-api: one for each function of a store that it uses, and no other. Gate staff make no keys,
/// so neither does what serves them.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// `Door::look_up`
    LookUp {
        /// In this event.
        event_id: EventId,
        /// With this key.
        key: StaffKeyId,
        /// As it was typed.
        code: String,
    },
    /// `Door::check_in`
    CheckIn {
        /// In this event.
        event_id: EventId,
        /// The wish.
        request: CheckInRequest,
    },
    /// `Door::check_in_batch`
    CheckInBatch {
        /// In this event.
        event_id: EventId,
        /// The wishes.
        items: Vec<CheckInRequest>,
    },
    /// `Door::void`
    Void {
        /// Events of the key.
        events: Vec<EventId>,
        /// Which entry.
        id: CheckInId,
        /// Why.
        reason: String,
    },
    /// `Door::entries`
    Entries {
        /// Of this event.
        event_id: EventId,
        /// After so many.
        after: usize,
        /// At most.
        limit: usize,
    },
    /// `Door::manifest`
    Manifest {
        /// Of this event.
        event_id: EventId,
    },
    /// `Door::door_stats`, told as [`DoorFigures`]
    DoorStats {
        /// Of this event.
        event_id: EventId,
    },
    /// `StaffKeys::staff_key`
    StaffKey {
        /// The key's digest.
        key: Digest,
    },
    /// `AuditTrail::note`
    Note {
        /// The entry.
        entry: AuditEntry,
    },
}

/// What is answered: "no" is a value here too.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered<T> {
    /// Done, with what the function gives.
    Done(T),
    /// The domain says no.
    Refused(Refusal),
    /// The store can't answer.
    Unavailable(String),
}

impl<T> From<jari_store::Result<T>> for Answered<T> {
    fn from(result: jari_store::Result<T>) -> Self {
        match result {
            Ok(value) => Self::Done(value),
            Err(StoreError::Refused(refusal)) => Self::Refused(refusal),
            Err(StoreError::Unavailable(reason)) => Self::Unavailable(reason),
            Err(error @ StoreError::Corrupt { .. }) => {
                tracing::error!(%error, "the store contradicts itself");
                Self::Unavailable(error.to_string())
            }
        }
    }
}

impl<T> From<Answered<T>> for jari_store::Result<T> {
    fn from(answered: Answered<T>) -> Self {
        match answered {
            Answered::Done(value) => Ok(value),
            Answered::Refused(refusal) => Err(StoreError::Refused(refusal)),
            Answered::Unavailable(reason) => Err(StoreError::Unavailable(reason)),
        }
    }
}

/// [`DoorStats`] without maps whose keys JSON does not have.
#[derive(Debug, Serialize, Deserialize)]
pub struct DoorFigures {
    confirmed_seats: u32,
    admitted_seats: u32,
    gates: Vec<(Option<String>, u32)>,
    minutes: Vec<(Timestamp, u32)>,
}

impl From<DoorStats> for DoorFigures {
    fn from(stats: DoorStats) -> Self {
        Self {
            confirmed_seats: stats.confirmed_seats,
            admitted_seats: stats.admitted_seats,
            gates: stats.gates.into_iter().collect(),
            minutes: stats.minutes,
        }
    }
}

impl From<DoorFigures> for DoorStats {
    fn from(figures: DoorFigures) -> Self {
        Self {
            confirmed_seats: figures.confirmed_seats,
            admitted_seats: figures.admitted_seats,
            gates: figures.gates.into_iter().collect::<ByGate>(),
            minutes: figures.minutes,
        }
    }
}

/// What there is to know of events at the door: what they are and where their seats are, but not who has them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventNews {
    /// Told first: these are all, and each follows.
    All {
        /// Their ids.
        event_ids: Vec<EventId>,
    },
    /// This event is like this now.
    Is {
        /// Its id.
        event_id: EventId,
        /// Settings and phase.
        head: Box<Head>,
        /// Its map with the prices in force, if it has one yet.
        map: Option<Box<SeatMap>>,
    },
    /// This event is gone.
    Gone {
        /// Its id.
        event_id: EventId,
    },
    /// Nothing has happened: told now and then, so that a broken connection is noticed.
    Nothing,
}
