//! Holds: some seats, all or none, for one place in line and a few minutes.

use std::collections::{BTreeSet, HashMap};

use crate::fact::{KeyUse, PricedSeat};
use crate::id::{Digest, HoldId, PlaceNumber, ReservationId};
use crate::time::Timestamp;

/// How long the outcome of a hold that has ended is still told: 24 hours.
pub const ENDED_HOLDS_KEPT_MS: i64 = 24 * 3_600_000;

/// What became of a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldState {
    /// It lives: its seats are its holder's until it runs out.
    Held,
    /// It became a reservation.
    Confirmed(ReservationId),
    /// It was given back.
    Released,
    /// It ran out.
    Expired,
}

/// A hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its id.
    pub hold_id: HoldId,
    /// The place in line whose pass was used.
    pub number: PlaceNumber,
    /// Its seats, and their prices when they were held.
    pub seats: Vec<PricedSeat>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When it runs out.
    pub expires_at: Timestamp,
    /// What became of it.
    pub state: HoldState,
    /// The Idempotency-Key it was placed with.
    pub key: Option<KeyUse>,
}

impl Hold {
    /// The price of all its seats, in minor units.
    pub fn total(&self) -> i64 {
        total(&self.seats)
    }
}

/// The price of some seats together, in minor units.
pub fn total(seats: &[PricedSeat]) -> i64 {
    seats.iter().map(|seat| seat.price).sum()
}

/// All holds of an event.
#[derive(Debug, Clone, Default)]
pub struct Holds {
    by_id: HashMap<HoldId, Hold>,
    /// Live holds, by the instant they run out.
    due: BTreeSet<(Timestamp, HoldId)>,
    /// Ended holds, by the instant they ended.
    ended: BTreeSet<(Timestamp, HoldId)>,
    by_key: HashMap<(PlaceNumber, Digest), HoldId>,
    /// Seats in live holds and in purchases, by place in line.
    taken: HashMap<PlaceNumber, u32>,
}

impl Holds {
    /// The hold of this id.
    pub fn get(&self, hold_id: HoldId) -> Option<&Hold> {
        self.by_id.get(&hold_id)
    }

    /// The hold that a place in line placed under this Idempotency-Key.
    pub fn by_key(&self, number: PlaceNumber, key: Digest) -> Option<&Hold> {
        self.by_key
            .get(&(number, key))
            .and_then(|hold_id| self.by_id.get(hold_id))
    }

    /// How many seats a place in line has in live holds and purchases together.
    pub fn taken_by(&self, number: PlaceNumber) -> u32 {
        self.taken.get(&number).copied().unwrap_or_default()
    }

    /// Live holds that have reached their end, at most `limit`.
    pub fn due(&self, now: Timestamp, limit: usize) -> Vec<HoldId> {
        self.due
            .iter()
            .take_while(|(at, _)| *at <= now)
            .take(limit)
            .map(|(_, id)| *id)
            .collect()
    }

    /// When the next live hold runs out.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Live holds.
    pub fn live(&self) -> impl Iterator<Item = &Hold> {
        self.due
            .iter()
            .filter_map(|(_, hold_id)| self.by_id.get(hold_id))
    }

    /// Forgets holds that ended more than [`ENDED_HOLDS_KEPT_MS`] ago.
    pub fn forget(&mut self, now: Timestamp) {
        let horizon = now.plus_ms(-ENDED_HOLDS_KEPT_MS);
        while let Some((at, hold_id)) = self.ended.first().copied().filter(|(at, _)| *at < horizon)
        {
            self.ended.remove(&(at, hold_id));
            if let Some(hold) = self.by_id.remove(&hold_id)
                && let Some(used) = hold.key
            {
                self.by_key.remove(&(hold.number, used.key));
            }
        }
    }

    pub(crate) fn place(&mut self, hold: Hold) {
        *self.taken.entry(hold.number).or_default() += seats_of(&hold);
        self.due.insert((hold.expires_at, hold.hold_id));
        if let Some(used) = hold.key {
            self.by_key.insert((hold.number, used.key), hold.hold_id);
        }
        self.by_id.insert(hold.hold_id, hold);
    }

    /// Ends a live hold; its seats stay with its place in line only if it was confirmed.
    pub(crate) fn end(
        &mut self,
        hold_id: HoldId,
        at: Timestamp,
        state: HoldState,
    ) -> Option<&Hold> {
        let hold = self
            .by_id
            .get_mut(&hold_id)
            .filter(|hold| hold.state == HoldState::Held)?;
        hold.state = state;
        self.due.remove(&(hold.expires_at, hold_id));
        self.ended.insert((at, hold_id));
        let (number, seats) = (hold.number, seats_of(hold));
        if !matches!(state, HoldState::Confirmed(_)) {
            self.give_back(number, seats);
        }
        self.by_id.get(&hold_id)
    }

    /// A place in line has fewer seats than before.
    pub(crate) fn give_back(&mut self, number: PlaceNumber, seats: u32) {
        if let Some(taken) = self.taken.get_mut(&number) {
            *taken = taken.saturating_sub(seats);
            if *taken == 0 {
                self.taken.remove(&number);
            }
        }
    }
}

fn seats_of(hold: &Hold) -> u32 {
    u32::try_from(hold.seats.len()).unwrap_or(u32::MAX)
}
