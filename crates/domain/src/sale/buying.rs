//! Confirming a hold, and what can be done with a reservation afterwards.

use super::Sale;
use super::apply::indexes;
use crate::fact::{Buyer, Fact, KeyUse};
use crate::hold::HoldState;
use crate::id::{HoldId, PlaceNumber, ReservationId};
use crate::line::LineFact;
use crate::refusal::Refusal;
use crate::reservation::{KEYS_KEPT_MS, Reservation, ReservationState};
use crate::time::Timestamp;

/// A wish to buy what is held.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// The hold.
    pub hold_id: HoldId,
    /// The id of the reservation, if it comes to be.
    pub reservation_id: ReservationId,
    /// Chooses the code.
    pub random: u64,
    /// Who buys.
    pub buyer: Buyer,
    /// The Idempotency-Key.
    pub key: KeyUse,
}

/// The answer to a wish to buy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmed {
    /// The reservation was made now.
    Now(Reservation),
    /// The same request made it before: it is owed the answer it had then.
    Before(Reservation),
    /// Another request made it: here it is as it is now.
    ByAnother(Reservation),
}

impl Sale {
    /// Turns a hold into a reservation, exactly once.
    ///
    /// # Panics
    /// If the state is broken: no code is left for a seat that is held.
    pub fn confirm(&mut self, now: Timestamp, wish: Confirm) -> Result<Confirmed, Refusal> {
        self.advance(now);
        let hold = self.holds.get(wish.hold_id).ok_or(Refusal::HoldInvalid)?;
        match hold.state {
            HoldState::Held => {}
            HoldState::Confirmed(reservation_id) => {
                return self.confirmed_before(now, reservation_id, wish.key);
            }
            HoldState::Released => return Err(Refusal::HoldReleased),
            HoldState::Expired => return Err(Refusal::HoldExpired),
        }
        let number = hold.number;
        #[expect(
            clippy::expect_used,
            reason = "broken is no refusal: a writer that catches this goes back to what was kept"
        )]
        let code = self
            .codes
            .draw(wish.random)
            .expect("`open` sees to it that there is a code for every seat, so one is left");
        let Confirm {
            hold_id,
            reservation_id,
            buyer,
            key,
            ..
        } = wish;
        self.record(
            now,
            Fact::Confirmed {
                reservation_id,
                hold_id,
                code,
                buyer,
                key,
            },
        );
        self.end_pass(now, number);
        #[expect(
            clippy::expect_used,
            reason = "broken is no refusal: a writer that catches this goes back to what was kept"
        )]
        let reservation = self
            .reservations
            .get(reservation_id)
            .expect("a reservation that was recorded is there");
        Ok(Confirmed::Now(reservation.clone()))
    }

    /// The reservation of this id.
    pub fn reservation(&self, reservation_id: ReservationId) -> Result<&Reservation, Refusal> {
        self.reservations
            .get(reservation_id)
            .ok_or(Refusal::ReservationNotFound)
    }

    /// Reservations in the order of confirming after `after`, with their place in it: all, or those whose code,
    /// buyer or seats contain `query`, without regard to case.
    pub fn search(
        &self,
        query: Option<&str>,
        after: u64,
    ) -> impl Iterator<Item = (u64, &Reservation)> {
        let query = query
            .map(str::to_lowercase)
            .filter(|query| !query.is_empty());
        self.reservations
            .after(after)
            .filter(move |(_, reservation)| {
                query
                    .as_deref()
                    .is_none_or(|query| self.matches(reservation, query))
            })
    }

    fn matches(&self, reservation: &Reservation, query: &str) -> bool {
        let code = crate::code::as_text(reservation.code, self.code_digits());
        let seat_ids = self
            .hall
            .iter()
            .flat_map(|hall| hall.ids(indexes(&reservation.seats)));
        code.contains(query)
            || reservation.buyer.name.to_lowercase().contains(query)
            || reservation.buyer.contact.to_lowercase().contains(query)
            || seat_ids
                .into_iter()
                .any(|id| id.as_str().to_lowercase().contains(query))
    }

    /// The reservation of this id, for whoever shows its receipt of this generation.
    pub fn reservation_with_receipt(
        &self,
        reservation_id: ReservationId,
        generation: u32,
    ) -> Result<&Reservation, Refusal> {
        let reservation = self
            .reservations
            .get(reservation_id)
            .ok_or(Refusal::ReceiptInvalid)?;
        if reservation.receipt_generation == generation {
            Ok(reservation)
        } else {
            Err(Refusal::ReceiptInvalid)
        }
    }

    /// The buyer cancels; again changes nothing. Refused once a seat has been let in.
    pub fn cancel_by_buyer(
        &mut self,
        now: Timestamp,
        reservation_id: ReservationId,
        generation: u32,
    ) -> Result<(), Refusal> {
        self.advance(now);
        match self
            .reservation_with_receipt(reservation_id, generation)?
            .state()
        {
            ReservationState::Cancelled => {}
            ReservationState::CheckedIn => return Err(Refusal::AlreadyCheckedIn),
            ReservationState::Confirmed => {
                self.record(
                    now,
                    Fact::Cancelled {
                        reservation_id,
                        reason: None,
                    },
                );
            }
        }
        Ok(())
    }

    /// The operator cancels, also what has been let in; again changes nothing.
    pub fn cancel_by_operator(
        &mut self,
        now: Timestamp,
        reservation_id: ReservationId,
        reason: String,
    ) -> Result<Reservation, Refusal> {
        self.advance(now);
        if self.reservation(reservation_id)?.cancelled_at.is_none() {
            self.record(
                now,
                Fact::Cancelled {
                    reservation_id,
                    reason: Some(reason),
                },
            );
        }
        self.reservation(reservation_id).cloned()
    }

    /// Issues a new receipt; earlier ones end.
    pub fn reissue_receipt(
        &mut self,
        now: Timestamp,
        reservation_id: ReservationId,
    ) -> Result<Reservation, Refusal> {
        self.reservation(reservation_id)?;
        self.record(now, Fact::ReceiptReissued { reservation_id });
        self.reservation(reservation_id).cloned()
    }

    fn confirmed_before(
        &self,
        now: Timestamp,
        reservation_id: ReservationId,
        used: KeyUse,
    ) -> Result<Confirmed, Refusal> {
        let reservation = self.reservation(reservation_id)?.clone();
        let remembered = now.ms_since(reservation.confirmed_at) < KEYS_KEPT_MS;
        if reservation.key.key != used.key || !remembered {
            Ok(Confirmed::ByAnother(reservation))
        } else if reservation.key.body == used.body {
            Ok(Confirmed::Before(reservation))
        } else {
            Err(Refusal::IdempotencyMismatch)
        }
    }

    /// A purchase ends the pass and frees the slot for the next in line at once.
    fn end_pass(&mut self, now: Timestamp, number: PlaceNumber) {
        if self.line.has_pass(number) {
            self.record(now, Fact::Line(LineFact::Done { number }));
            self.admit(now);
        }
    }
}
