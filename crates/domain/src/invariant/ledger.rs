//! What holds and reservations are of, by what was said when they were made.

use std::collections::HashMap;

use crate::fact::{Fact, PricedSeat};
use crate::id::{HoldId, PlaceNumber, ReservationId, SeatIndex};
use crate::time::Timestamp;

/// A hold, as it was placed.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlacedHold<'a> {
    pub number: PlaceNumber,
    pub seats: &'a [PricedSeat],
    pub expires_at: Timestamp,
}

/// Every hold and reservation that was ever made. It knows no rules: whatever is written in a fact is taken
/// down, and the first word on an id stands.
#[derive(Debug, Default)]
pub(super) struct Ledger<'a> {
    holds: HashMap<HoldId, PlacedHold<'a>>,
    hold_of: HashMap<ReservationId, HoldId>,
}

impl<'a> Ledger<'a> {
    pub fn note(&mut self, fact: &'a Fact) {
        if let Fact::Held {
            hold_id,
            number,
            seats,
            expires_at,
            ..
        } = fact
        {
            self.holds.entry(*hold_id).or_insert(PlacedHold {
                number: *number,
                seats,
                expires_at: *expires_at,
            });
        }
        if let Fact::Confirmed {
            reservation_id,
            hold_id,
            ..
        } = fact
        {
            self.hold_of.entry(*reservation_id).or_insert(*hold_id);
        }
    }

    pub fn hold(&self, hold_id: HoldId) -> Option<PlacedHold<'a>> {
        self.holds.get(&hold_id).copied()
    }

    pub fn bought(&self, reservation_id: ReservationId) -> Option<PlacedHold<'a>> {
        self.hold_of
            .get(&reservation_id)
            .and_then(|hold_id| self.hold(*hold_id))
    }

    /// The seats of a hold; none of one that was never placed.
    pub fn seats_of_hold(&self, hold_id: HoldId) -> impl Iterator<Item = SeatIndex> + use<'a> {
        indexes(self.hold(hold_id))
    }

    /// The seats of a reservation; none of one that was never made.
    pub fn seats_bought(&self, id: ReservationId) -> impl Iterator<Item = SeatIndex> + use<'a> {
        indexes(self.bought(id))
    }
}

fn indexes(hold: Option<PlacedHold<'_>>) -> impl Iterator<Item = SeatIndex> {
    let seats = hold.map(|hold| hold.seats).unwrap_or_default();
    seats.iter().map(|priced| priced.seat)
}
