//! One event's sale: all its state, and every rule by which it changes.
//!
//! A decision (`enter`, `place_hold`, `confirm` …) first lets time pass (`advance`), then checks, then
//! records [`Fact`]s. Recording applies the fact and puts it into the outbox, from which a store writes it
//! down before anyone is answered. `apply` is the only way in which state changes, so replaying the
//! facts of a journal gives the same sale again.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::best_available::FreeSeats;
use crate::code::Codes;
use crate::door::Door;
use crate::event::{EventSettings, Phase, SaleState, sale_state};
use crate::fact::Fact;
use crate::hall::Hall;
use crate::hold::Holds;
use crate::id::PlaceNumber;
use crate::line::{Line, Pace, Presence, Visitors};
use crate::map::SeatMap;
use crate::reservation::Reservations;
use crate::seats::{Seats, SeatsChanged};
use crate::tally::Tally;
use crate::time::Timestamp;

mod apply;
mod at_the_door;
mod buying;
mod holding;
mod operating;
mod replay;
mod standing_in_line;
#[cfg(test)]
mod tampered;

pub use at_the_door::{CheckInRequest, LookedUp, Ticket};
pub use buying::{Confirm, Confirmed};
pub use holding::{PlaceHold, Placed, Wanted};
pub use operating::{Blocks, SettingsChange};
pub use standing_in_line::{Enter, Entered};

/// The part of a sale that everyone is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// What the operator said.
    pub settings: Arc<EventSettings>,
    /// Random; sets this event apart from an earlier one of the same id in every token.
    pub uid: u64,
    /// How far the operator has taken it.
    pub phase: Phase,
}

/// What a follower of a sale is told, in the order in which it happened.
#[derive(Debug, Clone)]
pub enum Change {
    /// Settings or phase are other than before.
    Head(Head),
    /// There is another hall, with all its seats in these states.
    Hall(Arc<Hall>, Seats),
    /// Something happened in the line.
    Line(Timestamp, crate::line::LineFact),
    /// These count as present until these instants.
    Present(Present),
    /// Seats took another state.
    Seats(SeatsChanged),
    /// The event is gone.
    Removed,
}

/// Everything a follower needs to begin with.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// What everyone is shown.
    pub head: Head,
    /// The hall, if there is one yet.
    pub hall: Option<Arc<Hall>>,
    /// The seats.
    pub seats: Seats,
    /// The line.
    pub line: Line,
    /// How fast it moves.
    pub pace: Pace,
    /// Until when who counts as present.
    pub presence: Presence,
}

impl Snapshot {
    /// An event that has just been made.
    pub fn of_new(head: Head) -> Self {
        Sale::created(head.settings, head.uid).snapshot()
    }
}

/// One event's sale.
#[derive(Debug)]
pub struct Sale {
    head: Head,
    map: Option<Arc<SeatMap>>,
    hall: Option<Arc<Hall>>,
    seats: Seats,
    /// The free ones of `seats`, as best available searches them.
    free: FreeSeats,
    line: Line,
    visitors: Visitors,
    presence: Presence,
    pace: Pace,
    /// Passes not collected yet, by the instant up to which their holders were present when called.
    uncollected: BTreeSet<(Timestamp, PlaceNumber)>,
    holds: Holds,
    reservations: Reservations,
    codes: Codes,
    door: Door,
    tally: Tally,
    outbox: Outbox,
}

/// What a sale has recorded and its store has not taken yet.
#[derive(Debug, Default)]
pub struct Outbox {
    /// To be written down.
    pub facts: Vec<(Timestamp, Fact)>,
    /// To be told to followers once that is done.
    pub changes: Vec<Change>,
    /// Who is present until when: no facts, but other instances of a store must know.
    pub present: Present,
}

/// Places, and the instants up to which their holders are present.
pub type Present = Vec<(PlaceNumber, Timestamp)>;

/// The epoch of a store that has never lost anything: availability versions count from 2³² times the epoch,
/// which leaves room for 2²¹ epochs below the 2⁵³ that JSON readers keep exactly.
pub const FIRST_EPOCH: u32 = 1;

impl Sale {
    /// The sale of an event that has just been made. Nothing is recorded: [`Fact::Created`] is the store's
    /// first fact of it.
    pub fn created(settings: Arc<EventSettings>, uid: u64) -> Self {
        Self {
            head: Head {
                settings,
                uid,
                phase: Phase::Draft,
            },
            map: None,
            hall: None,
            seats: Seats::new(0, u64::from(FIRST_EPOCH) << 32),
            free: FreeSeats::default(),
            line: Line::default(),
            visitors: Visitors::default(),
            presence: Presence::default(),
            pace: Pace::default(),
            uncollected: BTreeSet::new(),
            holds: Holds::default(),
            reservations: Reservations::default(),
            codes: Codes::new(4),
            door: Door::default(),
            tally: Tally::default(),
            outbox: Outbox::default(),
        }
    }

    /// What everyone is shown.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// What the operator said.
    pub fn settings(&self) -> &EventSettings {
        &self.head.settings
    }

    /// The hall, if there is one yet.
    pub const fn hall(&self) -> Option<&Arc<Hall>> {
        self.hall.as_ref()
    }

    /// The seats.
    pub const fn seats(&self) -> &Seats {
        &self.seats
    }

    /// The line.
    pub const fn line(&self) -> &Line {
        &self.line
    }

    /// How fast the line moves.
    pub const fn pace(&self) -> &Pace {
        &self.pace
    }

    /// The holds.
    pub const fn holds(&self) -> &Holds {
        &self.holds
    }

    /// The reservations.
    pub const fn reservations(&self) -> &Reservations {
        &self.reservations
    }

    /// The door.
    pub const fn door(&self) -> &Door {
        &self.door
    }

    /// Counts by minute.
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The digits of this event's codes, 4 while that is still open.
    pub fn code_digits(&self) -> u8 {
        self.settings().code_digits.unwrap_or(4)
    }

    /// The state of the sale at `now`.
    pub fn state(&self, now: Timestamp) -> SaleState {
        sale_state(
            &self.head.phase,
            self.settings(),
            self.seats.counts().free_or_held(),
            now,
        )
    }

    /// Everything a follower needs to begin with.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            head: self.head.clone(),
            hall: self.hall.clone(),
            seats: self.seats.clone(),
            line: self.line.clone(),
            pace: self.pace.clone(),
            presence: self.presence.clone(),
        }
    }

    /// Takes what was recorded since the last time.
    pub fn take_outbox(&mut self) -> Outbox {
        std::mem::take(&mut self.outbox)
    }

    /// Who was noted as present since the outbox was taken.
    pub(crate) fn noted_present(&self) -> &Present {
        &self.outbox.present
    }

    /// Whether anything was recorded or noted since the outbox was taken.
    pub fn has_recorded(&self) -> bool {
        !self.outbox.facts.is_empty() || !self.outbox.present.is_empty()
    }

    /// Records that the event was made.
    pub(crate) fn record_created(&mut self, at: Timestamp, settings: Arc<EventSettings>, uid: u64) {
        self.record(at, Fact::Created { settings, uid });
    }

    fn record(&mut self, at: Timestamp, fact: Fact) {
        self.apply(at, &fact);
        self.outbox.facts.push((at, fact));
    }
}
