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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::door::CheckIn;
    use crate::id::StaffKeyId;
    use crate::invariant::story::{Story, held, place};

    /// Every kind of fact that speaks of something, and what it speaks of.
    fn evening() -> Vec<(Timestamp, Fact)> {
        let mut story = Story::of_seats(6);
        story.add(Fact::Blocked { seats: vec![4, 5] });
        story.add(Fact::Unblocked { seats: vec![4] });
        story.enters(1);
        story.enters(2);
        story.add(Fact::Line(LineFact::Admitted {
            numbers: vec![1, 2],
            capacity: 2,
        }));
        story.collects(1);
        story.add(held(1, 1, &[0, 1]));
        story.add(held(2, 2, &[2]));
        story.add(held(3, 2, &[3]));
        story.add(held(4, 2, &[4]));
        story.confirms(1, 427);
        story.confirms(2, 9_999);
        story.cancels(2);
        story.expire(&[3]);
        story.add(Fact::Released {
            hold_id: place::hold(4),
        });
        story.add(Fact::Door(DoorFact::CheckedIn(CheckIn {
            check_in_id: place::check_in(1),
            reservation_id: place::reservation(1),
            seats: vec![0],
            at: Timestamp(0),
            gate: None,
            staff_key: StaffKeyId(uuid::Uuid::nil()),
            nonce: None,
            conflict: false,
            voided_at: None,
        })));
        story.add(Fact::Door(DoorFact::Voided {
            check_in_id: place::check_in(1),
            reason: "by mistake".to_owned(),
        }));
        story
            .history()
            .map(|(at, fact)| (at, fact.clone()))
            .collect()
    }

    /// Whether every fact can follow those before it.
    fn is_whole(facts: &[(Timestamp, Fact)]) -> bool {
        let Some((_, Fact::Created { settings, uid })) = facts.first() else {
            return false;
        };
        let mut sale = Sale::created(Arc::clone(settings), *uid);
        facts
            .iter()
            .all(|(at, fact)| sale.replay(*at, fact).is_some())
    }

    #[test]
    fn a_journal_that_lacks_a_fact_on_which_others_rest_is_told() {
        let evening = evening();
        assert!(is_whole(&evening));
        for lost in 1..evening.len() {
            let nothing_rests_on_it = matches!(
                evening[lost].1,
                Fact::Opened { .. }
                    | Fact::Line(LineFact::Admitted { .. } | LineFact::Collected { .. })
                    | Fact::Cancelled { .. }
                    | Fact::HoldsExpired { .. }
                    | Fact::Released { .. }
                    | Fact::Door(DoorFact::Voided { .. })
            );
            let mut facts = evening.clone();
            facts.remove(lost);
            assert_eq!(
                is_whole(&facts),
                nothing_rests_on_it,
                "{:?}",
                evening[lost].1
            );
        }
    }

    #[test]
    fn a_journal_in_which_something_happens_twice_is_told() {
        let evening = evening();
        for twice in 0..evening.len() {
            let may_be_twice = matches!(
                evening[twice].1,
                Fact::Created { .. }
                    | Fact::MapSet { .. }
                    | Fact::Opened { .. }
                    | Fact::Line(LineFact::Admitted { .. } | LineFact::Collected { .. })
                    | Fact::Door(DoorFact::Voided { .. })
            );
            let mut facts = evening.clone();
            facts.insert(twice, evening[twice].clone());
            assert_eq!(is_whole(&facts), may_be_twice, "{:?}", evening[twice].1);
        }
    }

    #[test]
    fn a_seat_that_is_not_there_is_told() {
        for fact in [
            Fact::Blocked { seats: vec![6] },
            held(9, 1, &[u32::MAX]),
            Fact::Line(LineFact::Parked { numbers: vec![9] }),
        ] {
            let mut facts = evening();
            facts.push((Timestamp(0), fact.clone()));
            assert!(!is_whole(&facts), "{fact:?}");
        }
    }
}
