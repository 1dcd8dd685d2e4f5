//! Following what was recorded elsewhere, in a journal or by another instance.

use super::apply::indexes;
use super::{Change, Sale};
use crate::code::{CODE_DIGITS, codes_of};
use crate::door::DoorFact;
use crate::fact::Fact;
use crate::hold::HoldState;
use crate::id::{HoldId, PlaceNumber, SeatIndex};
use crate::line::{LineFact, PlaceState};
use crate::seats::SeatState;
use crate::time::Timestamp;

impl Sale {
    /// Applies a fact, and gives what followers are told of it; `None` if it can't follow what came before it, and nothing
    /// was done.
    pub fn replay(&mut self, at: Timestamp, fact: &Fact) -> Option<Vec<Change>> {
        self.can_follow(fact).then(|| {
            self.apply(at, fact);
            std::mem::take(&mut self.outbox.changes)
        })
    }

    /// Whether what the fact speaks of is there, and in the state from which it begins.
    fn can_follow(&self, fact: &Fact) -> bool {
        match fact {
            Fact::Created { .. }
            | Fact::Changed { .. }
            | Fact::MapSet { .. }
            | Fact::Paused { .. }
            | Fact::Resumed
            | Fact::Closed
            | Fact::Deleted => true,
            Fact::Opened { code_digits } => CODE_DIGITS.contains(code_digits),
            Fact::Blocked { seats } => self.all_are(seats.iter(), SeatState::Free),
            Fact::Unblocked { seats } => self.all_are(seats.iter(), SeatState::Blocked),
            Fact::Line(fact) => self.can_follow_in_line(fact),
            Fact::Held { hold_id, seats, .. } => {
                let prices = seats.iter().map(|priced| priced.price);
                let total = prices.into_iter().try_fold(0, i64::checked_add);
                let seats = seats.iter().map(|priced| &priced.seat);
                total.is_some()
                    && self.holds.get(*hold_id).is_none()
                    && self.all_are(seats, SeatState::Free)
            }
            Fact::Released { hold_id } => self.is_held(hold_id),
            Fact::Confirmed {
                reservation_id,
                hold_id,
                code,
                ..
            } => {
                let is_new = self.reservations.get(*reservation_id).is_none();
                is_new && self.is_held(hold_id) && self.is_unused(*code)
            }
            Fact::HoldsExpired { hold_ids } => hold_ids.iter().all(|id| self.is_held(id)),
            Fact::Cancelled { reservation_id, .. } => self
                .reservations
                .get(*reservation_id)
                .is_some_and(|reservation| reservation.cancelled_at.is_none()),
            Fact::ReceiptReissued { reservation_id } => {
                self.reservations.get(*reservation_id).is_some()
            }
            Fact::Door(fact) => self.can_follow_at_the_door(fact),
        }
    }

    fn can_follow_in_line(&self, fact: &LineFact) -> bool {
        let given = |number: &PlaceNumber| self.line.state(*number) != PlaceState::NotGiven;
        match fact {
            LineFact::Entered { number, .. } => *number == self.line.next_number(),
            LineFact::Collected { number, .. }
            | LineFact::Left { number }
            | LineFact::Done { number } => given(number),
            LineFact::Admitted { numbers, .. }
            | LineFact::Parked { numbers }
            | LineFact::Returned { numbers }
            | LineFact::TakenBack { numbers }
            | LineFact::PassesExpired { numbers } => numbers.iter().all(given),
        }
    }

    fn can_follow_at_the_door(&self, fact: &DoorFact) -> bool {
        match fact {
            DoorFact::CheckedIn(entry) => {
                let is_new = self.door.get(entry.check_in_id).is_none();
                let reservation = self.reservations.get(entry.reservation_id);
                let own = reservation
                    .map(|own| indexes(&own.seats))
                    .unwrap_or_default();
                let are_its = entry.seats.iter().all(|seat| own.contains(seat));
                is_new && reservation.is_some() && are_its
            }
            DoorFact::TurnedAway { answer, .. } => {
                self.reservations.get(answer.reservation_id).is_some()
            }
            DoorFact::Voided { check_in_id, .. } => self.door.get(*check_in_id).is_some(),
        }
    }

    fn all_are<'a>(
        &self,
        mut seats: impl Iterator<Item = &'a SeatIndex>,
        state: SeatState,
    ) -> bool {
        let total = self.seats.total();
        seats.all(|seat| *seat < total && self.seats.state(*seat) == state)
    }

    fn is_unused(&self, code: u32) -> bool {
        let user = self.reservations.by_code(code);
        let is_free = user.is_none_or(|user| user.cancelled_at.is_some());
        is_free && code < codes_of(self.code_digits())
    }

    fn is_held(&self, hold_id: &HoldId) -> bool {
        let hold = self.holds.get(*hold_id);
        hold.is_some_and(|hold| hold.state == HoldState::Held)
    }
}
