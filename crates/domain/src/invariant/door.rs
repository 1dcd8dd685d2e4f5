//! What must always be true at the door, worked out from what happened.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an invariant looks at the facts that it is about, and at no others"
)]

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::ledger::Ledger;
use super::{Happening, Violation, violation};
use crate::door::{CheckIn, DoorFact};
use crate::fact::Fact;
use crate::id::{CheckInId, ReservationId, SeatIndex};

/// What [`nobody_is_let_in_twice`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Entries {
    /// Entries that were made.
    pub entries: u64,
    /// Seats that are in.
    pub seats_in: u64,
    /// Entries of seats that another device had let in.
    pub conflicts: u64,
    /// Entries that were undone.
    pub voided: u64,
}

/// Only seats of a reservation that is not cancelled are let in, each once until the entry is undone. An entry of
/// seats that are all in already is kept as a conflict. A nonce is answered once.
pub fn nobody_is_let_in_twice<'a>(
    history: impl IntoIterator<Item = Happening<'a>>,
) -> Result<Entries, Violation> {
    let mut book = Book::default();
    for (at, fact) in history {
        book.ledger.note(fact);
        let step = match fact {
            Fact::Cancelled { reservation_id, .. } => {
                book.cancelled.insert(*reservation_id);
                Ok(())
            }
            Fact::Door(DoorFact::CheckedIn(entry)) => book.check_in(entry),
            Fact::Door(DoorFact::TurnedAway { nonce, .. }) => book.answer(nonce),
            Fact::Door(DoorFact::Voided { check_in_id, .. }) => book.void(*check_in_id),
            _ => Ok(()),
        };
        step.map_err(|what| violation("nobody_is_let_in_twice", at, what))?;
    }
    let inside = book.entries_of.values().filter(|entries| **entries > 0);
    book.figures.seats_in = inside.count() as u64;
    Ok(book.figures)
}

/// The book at the door.
#[derive(Default)]
struct Book<'a> {
    ledger: Ledger<'a>,
    cancelled: HashSet<ReservationId>,
    /// Entries by id; those that were undone are gone.
    entries: HashMap<CheckInId, &'a CheckIn>,
    seen: HashSet<CheckInId>,
    nonces: HashSet<&'a str>,
    /// How many entries that were not undone a seat has.
    entries_of: HashMap<(ReservationId, SeatIndex), u32>,
    figures: Entries,
}

impl<'a> Book<'a> {
    fn check_in(&mut self, entry: &'a CheckIn) -> Result<(), String> {
        let (id, reservation_id) = (entry.check_in_id, entry.reservation_id);
        if !self.seen.insert(id) {
            return Err(format!("entry {id} was made twice"));
        }
        if let Some(nonce) = &entry.nonce {
            self.answer(nonce)?;
        }
        if self.cancelled.contains(&reservation_id) {
            return Err(format!("entry {id}: {reservation_id} was cancelled"));
        }
        let own: HashSet<_> = self.ledger.seats_bought(reservation_id).collect();
        if entry.seats.is_empty() || !entry.seats.iter().all(|seat| own.contains(seat)) {
            return Err(format!(
                "entry {id} has no seats or others than {reservation_id}"
            ));
        }
        for seat in &entry.seats {
            let entries = self.entries_of.entry((reservation_id, *seat)).or_default();
            if (*entries > 0) != entry.conflict {
                let word = if entry.conflict {
                    "was not in"
                } else {
                    "was in"
                };
                return Err(format!("entry {id}: seat {seat} {word} before"));
            }
            *entries += 1;
        }
        self.entries.insert(id, entry);
        self.figures.entries += 1;
        self.figures.conflicts += u64::from(entry.conflict);
        Ok(())
    }

    fn answer(&mut self, nonce: &'a str) -> Result<(), String> {
        if self.nonces.insert(nonce) {
            Ok(())
        } else {
            Err("a nonce was answered twice".to_owned())
        }
    }

    fn void(&mut self, id: CheckInId) -> Result<(), String> {
        let Some(entry) = self.entries.remove(&id) else {
            return Err(format!("entry {id} was undone twice or never made"));
        };
        for seat in &entry.seats {
            if let Some(entries) = self.entries_of.get_mut(&(entry.reservation_id, *seat)) {
                *entries = entries.saturating_sub(1);
            }
        }
        self.figures.voided += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::story::{Story, held, place};
    use super::*;
    use crate::id::StaffKeyId;
    use crate::time::Timestamp;

    fn bought() -> Story {
        let mut story = Story::of_seats(4);
        story.add(held(1, 1, &[0, 1]));
        story.add(held(2, 2, &[2]));
        story.confirms(1, 1);
        story.confirms(2, 2);
        story
    }

    fn entry(id: u128, seats: &[SeatIndex], conflict: bool) -> Fact {
        Fact::Door(DoorFact::CheckedIn(CheckIn {
            check_in_id: place::check_in(id),
            reservation_id: place::reservation(1),
            seats: seats.to_vec(),
            at: Timestamp(0),
            gate: None,
            staff_key: StaffKeyId(uuid::Uuid::nil()),
            nonce: Some(format!("nonce {id}")),
            conflict,
            voided_at: None,
        }))
    }

    fn void(id: u128) -> Fact {
        Fact::Door(DoorFact::Voided {
            check_in_id: place::check_in(id),
            reason: "by mistake".to_owned(),
        })
    }

    fn after(facts: impl IntoIterator<Item = Fact>) -> Result<Entries, Violation> {
        let mut story = bought();
        facts.into_iter().for_each(|fact| story.add(fact));
        nobody_is_let_in_twice(story.history())
    }

    #[test]
    fn one_by_one_again_after_an_undone_entry_and_as_a_conflict_is_sound() {
        let facts = [
            entry(1, &[0], false),
            entry(2, &[1], false),
            void(2),
            entry(3, &[1], false),
            entry(4, &[0, 1], true),
        ];
        let entries = after(facts).unwrap();
        assert_eq!((entries.entries, entries.seats_in), (4, 2));
        assert_eq!((entries.conflicts, entries.voided), (1, 1));
    }

    #[test]
    fn a_seat_let_in_twice_is_found_and_a_conflict_with_nobody_too() {
        assert!(after([entry(1, &[0], false), entry(2, &[0, 1], false)]).is_err());
        assert!(after([entry(1, &[0], true)]).is_err());
    }

    #[test]
    fn a_seat_of_somebody_else_or_of_a_cancelled_reservation_is_found() {
        assert!(after([entry(1, &[2], false)]).is_err());
        let cancelled = Fact::Cancelled {
            reservation_id: place::reservation(1),
            reason: None,
        };
        assert!(after([cancelled, entry(1, &[0], false)]).is_err());
    }

    #[test]
    fn an_entry_made_or_undone_twice_and_a_nonce_answered_twice_are_found() {
        assert!(after([entry(1, &[0], false), entry(1, &[1], false)]).is_err());
        assert!(after([entry(1, &[0], false), void(1), void(1)]).is_err());
        let mut second = entry(2, &[1], false);
        if let Fact::Door(DoorFact::CheckedIn(entry)) = &mut second {
            entry.nonce = Some("nonce 1".to_owned());
        }
        assert!(after([entry(1, &[0], false), second]).is_err());
    }
}
