//! Holding seats and giving them back.

use std::sync::Arc;

use super::Sale;
use crate::best_available::{self, Request};
use crate::event::SaleState;
use crate::fact::{Fact, KeyUse, PricedSeat};
use crate::hall::Hall;
use crate::hold::{Hold, HoldState};
use crate::id::{HoldId, PlaceNumber, SeatId, SeatIndex};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// A wish to hold seats.
#[derive(Debug, Clone)]
pub struct PlaceHold {
    /// The id of the hold, if it comes to be.
    pub hold_id: HoldId,
    /// The place in line whose pass is used.
    pub number: PlaceNumber,
    /// Which seats.
    pub wanted: Wanted,
    /// The Idempotency-Key, if one was given.
    pub key: Option<KeyUse>,
}

/// Which seats somebody wants.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// These, all or none; at least one and none twice.
    Seats(Vec<SeatId>),
    /// The best ones together.
    BestAvailable(Request),
}

/// The answer to a wish to hold seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The hold.
    pub hold: Hold,
    /// Whether an earlier request with the same key placed it.
    pub repeated: bool,
}

/// How many other choices a refused hold is offered.
const ALTERNATIVES: usize = 3;

impl Sale {
    /// Holds seats, all or none. Checks in this order: the pass, the key, the state of the sale, unknown
    /// seats, the limit per place in line, seats that are taken.
    ///
    /// # Panics
    /// If the state is broken: the hold that was recorded is not there.
    pub fn place_hold(&mut self, now: Timestamp, wish: &PlaceHold) -> Result<Placed, Refusal> {
        self.advance(now);
        self.check_pass(wish.number)?;
        if let Some(placed) = self.repeated_hold(wish)? {
            return Ok(placed);
        }
        self.check_selling(now)?;
        let hall = Arc::clone(self.hall.as_ref().ok_or(Refusal::SaleNotOpen)?);
        let seats = self.choose(&hall, wish)?;
        let priced = seats.iter().map(|seat| PricedSeat {
            seat: *seat,
            price: hall.price(*seat),
        });
        let fact = Fact::Held {
            hold_id: wish.hold_id,
            number: wish.number,
            seats: priced.collect(),
            expires_at: now.plus_seconds(self.settings().hold_seconds),
            key: wish.key,
        };
        self.record(now, fact);
        #[expect(
            clippy::expect_used,
            reason = "broken is no refusal: a writer that catches this goes back to what was kept"
        )]
        let hold = self
            .holds
            .get(wish.hold_id)
            .expect("a hold that was recorded is there");
        Ok(Placed {
            hold: hold.clone(),
            repeated: false,
        })
    }

    /// The hold of this id, with what became of it by `now`.
    pub fn look_at_hold(&mut self, now: Timestamp, hold_id: HoldId) -> Result<Hold, Refusal> {
        self.advance(now);
        self.holds.get(hold_id).cloned().ok_or(Refusal::HoldInvalid)
    }

    /// Gives a hold back; again, or after its end, changes nothing.
    pub fn release_hold(&mut self, now: Timestamp, hold_id: HoldId) -> Result<(), Refusal> {
        self.advance(now);
        match self.holds.get(hold_id).ok_or(Refusal::HoldInvalid)?.state {
            HoldState::Held => self.record(now, Fact::Released { hold_id }),
            HoldState::Confirmed(_) => return Err(Refusal::AlreadyConfirmed),
            HoldState::Released | HoldState::Expired => {}
        }
        Ok(())
    }

    /// Whether the pass of this place lives: what a request is told first, whatever else is wrong with it.
    pub fn check_pass(&self, number: PlaceNumber) -> Result<(), Refusal> {
        if self.line.has_pass(number) {
            Ok(())
        } else {
            Err(Refusal::PassExpired)
        }
    }

    fn repeated_hold(&self, wish: &PlaceHold) -> Result<Option<Placed>, Refusal> {
        let Some(used) = wish.key else {
            return Ok(None);
        };
        let Some(hold) = self.holds.by_key(wish.number, used.key) else {
            return Ok(None);
        };
        if hold.key.is_some_and(|first| first.body == used.body) {
            Ok(Some(Placed {
                hold: hold.clone(),
                repeated: true,
            }))
        } else {
            Err(Refusal::IdempotencyMismatch)
        }
    }

    /// Sold out is not refused here: the seats themselves say so, and may come back.
    fn check_selling(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.state(now) {
            SaleState::OnSale | SaleState::SoldOut => Ok(()),
            SaleState::Draft => Err(Refusal::EventNotFound),
            SaleState::Scheduled => Err(Refusal::SaleNotOpen),
            SaleState::Paused => Err(Refusal::SalePaused),
            SaleState::Closed => Err(Refusal::SaleClosed),
        }
    }

    fn choose(&self, hall: &Hall, wish: &PlaceHold) -> Result<Vec<SeatIndex>, Refusal> {
        match &wish.wanted {
            Wanted::Seats(ids) => {
                let seats = hall
                    .indexes(ids)
                    .map_err(|seats| Refusal::SeatNotFound { seats })?;
                self.check_limit(wish.number, seats.len())?;
                self.check_free(hall, &seats)?;
                Ok(seats)
            }
            Wanted::BestAvailable(request) => {
                self.check_limit(wish.number, request.quantity as usize)?;
                best_available::best_available(hall.map(), hall.ranking(), &self.free, request)
                    .ok_or(Refusal::NoAdjacentSeats)
            }
        }
    }

    fn check_limit(&self, number: PlaceNumber, wanted: usize) -> Result<(), Refusal> {
        let limit = self.settings().max_seats_per_buyer;
        let remaining = limit.saturating_sub(self.holds.taken_by(number));
        if wanted <= remaining as usize {
            Ok(())
        } else {
            Err(Refusal::LimitExceeded { limit, remaining })
        }
    }

    fn check_free(&self, hall: &Hall, wanted: &[SeatIndex]) -> Result<(), Refusal> {
        let taken: Vec<_> = wanted
            .iter()
            .copied()
            .filter(|seat| !self.seats.is_free(*seat))
            .collect();
        if taken.is_empty() {
            return Ok(());
        }
        let others = best_available::alternatives(
            hall.map(),
            hall.ranking(),
            &self.free,
            wanted,
            ALTERNATIVES,
        );
        Err(Refusal::SeatsUnavailable {
            seats: hall.ids(taken),
            alternatives: others.into_iter().map(|seats| hall.ids(seats)).collect(),
        })
    }
}
