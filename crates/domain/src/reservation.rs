//! Reservations: what was sold, to whom, under which code.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::fact::{Buyer, KeyUse, PricedSeat};
use crate::hold::total;
use crate::id::{CheckInId, HoldId, PlaceNumber, ReservationId, SeatIndex};
use crate::time::Timestamp;

/// How long the answer to a confirm is given again for the same key: 24 hours.
pub const KEYS_KEPT_MS: i64 = 24 * 3_600_000;

/// A reservation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Its id.
    pub reservation_id: ReservationId,
    /// The hold it came from.
    pub hold_id: HoldId,
    /// The place in line that bought.
    pub number: PlaceNumber,
    /// Its code, as a number.
    pub code: u32,
    /// Its seats and what they cost.
    pub seats: Vec<PricedSeat>,
    /// Who bought.
    pub buyer: Buyer,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// The Idempotency-Key it was confirmed with.
    pub key: KeyUse,
    /// When it was cancelled, if it was.
    pub cancelled_at: Option<Timestamp>,
    /// Which receipt is valid: 0 is the first.
    pub receipt_generation: u32,
    /// The seats that have been let in at the door.
    pub checked_in: BTreeSet<SeatIndex>,
    /// Its entries at the door, oldest first.
    pub history: Vec<CheckInId>,
}

/// The state of a reservation, as its holder sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReservationState {
    /// Its seats are its buyer's.
    Confirmed,
    /// Its seats were given back.
    Cancelled,
    /// At least one of its seats has been let in.
    CheckedIn,
}

impl ReservationState {
    /// The word for it in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
            Self::CheckedIn => "checked_in",
        }
    }
}

impl Reservation {
    /// Its state.
    pub fn state(&self) -> ReservationState {
        if self.cancelled_at.is_some() {
            ReservationState::Cancelled
        } else if self.checked_in.is_empty() {
            ReservationState::Confirmed
        } else {
            ReservationState::CheckedIn
        }
    }

    /// The price of all its seats, in minor units.
    pub fn total(&self) -> i64 {
        total(&self.seats)
    }
}

/// All reservations of an event, in the order in which they were confirmed.
#[derive(Debug, Clone, Default)]
pub struct Reservations {
    /// By the order of confirming, from 1.
    in_order: BTreeMap<u64, Reservation>,
    order_of: HashMap<ReservationId, u64>,
    by_code: HashMap<u32, u64>,
    revenue: i64,
}

impl Reservations {
    /// The reservation of this id.
    pub fn get(&self, reservation_id: ReservationId) -> Option<&Reservation> {
        self.order_of
            .get(&reservation_id)
            .and_then(|order| self.in_order.get(order))
    }

    /// The reservation that has this code now; a cancelled one keeps it until it is given again.
    pub fn by_code(&self, code: u32) -> Option<&Reservation> {
        self.by_code
            .get(&code)
            .and_then(|order| self.in_order.get(order))
    }

    /// Reservations with their order of confirming, of those after `after`, oldest first.
    pub fn after(&self, after: u64) -> impl Iterator<Item = (u64, &Reservation)> {
        self.in_order
            .range(after.saturating_add(1)..)
            .map(|(order, reservation)| (*order, reservation))
    }

    /// How many there are, cancelled ones too.
    pub fn len(&self) -> usize {
        self.in_order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.in_order.is_empty()
    }

    /// What the reservations that are not cancelled cost together, in minor units.
    pub const fn revenue(&self) -> i64 {
        self.revenue
    }

    pub(crate) fn add(&mut self, reservation: Reservation) {
        let order = self
            .in_order
            .last_key_value()
            .map_or(0, |(order, _)| *order)
            + 1;
        self.revenue = self.revenue.saturating_add(reservation.total());
        self.by_code.insert(reservation.code, order);
        self.order_of.insert(reservation.reservation_id, order);
        self.in_order.insert(order, reservation);
    }

    pub(crate) fn get_mut(&mut self, reservation_id: ReservationId) -> Option<&mut Reservation> {
        let order = self.order_of.get(&reservation_id)?;
        self.in_order.get_mut(order)
    }

    pub(crate) fn cancel(
        &mut self,
        reservation_id: ReservationId,
        at: Timestamp,
    ) -> Option<&Reservation> {
        let order = *self.order_of.get(&reservation_id)?;
        let reservation = self
            .in_order
            .get_mut(&order)
            .filter(|r| r.cancelled_at.is_none())?;
        reservation.cancelled_at = Some(at);
        self.revenue = self.revenue.saturating_sub(reservation.total());
        self.in_order.get(&order)
    }
}
