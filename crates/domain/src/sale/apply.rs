//! What each fact does to the state: the only place where a sale changes.

use std::sync::Arc;

use super::{Change, Sale};
use crate::best_available::FreeSeats;
use crate::code::Codes;
use crate::door::{CheckIn, DoorAnswer, DoorFact, DoorOutcome};
use crate::event::{EventSettings, Phase};
use crate::fact::{Fact, PricedSeat};
use crate::hall::Hall;
use crate::hold::{Hold, HoldState};
use crate::id::{HoldId, ReservationId, SeatIndex};
use crate::line::LineFact;
use crate::reservation::Reservation;
use crate::seats::{SeatState, Seats};
use crate::time::Timestamp;

impl Sale {
    pub(super) fn apply(&mut self, at: Timestamp, fact: &Fact) {
        match fact {
            Fact::Created { .. } => self.tell_head(),
            Fact::Changed { settings } => self.apply_settings(Arc::clone(settings)),
            Fact::MapSet { map } => {
                self.map = Some(Arc::clone(map));
                self.rebuild_hall(true);
            }
            Fact::Opened { code_digits } => self.apply_opened(*code_digits),
            Fact::Paused { message } => self.apply_phase(Phase::Paused {
                message: message.clone(),
            }),
            Fact::Resumed => self.apply_phase(Phase::Open),
            Fact::Closed => self.apply_phase(Phase::Closed),
            Fact::Deleted => self.outbox.changes.push(Change::Removed),
            Fact::Blocked { seats } => self.put_seats(seats, SeatState::Blocked),
            Fact::Unblocked { seats } => self.put_seats(seats, SeatState::Free),
            Fact::Line(fact) => self.apply_line(at, fact),
            Fact::Held {
                hold_id,
                number,
                seats,
                expires_at,
                key,
            } => self.apply_held(Hold {
                hold_id: *hold_id,
                number: *number,
                seats: seats.clone(),
                placed_at: at,
                expires_at: *expires_at,
                state: HoldState::Held,
                key: *key,
            }),
            Fact::Released { hold_id } => self.apply_freed(at, &[*hold_id], HoldState::Released),
            Fact::HoldsExpired { hold_ids } => self.apply_freed(at, hold_ids, HoldState::Expired),
            Fact::Confirmed { .. } => self.apply_confirmed(at, fact),
            Fact::Cancelled { reservation_id, .. } => self.apply_cancelled(at, *reservation_id),
            Fact::ReceiptReissued { reservation_id } => {
                if let Some(reservation) = self.reservations.get_mut(*reservation_id) {
                    reservation.receipt_generation += 1;
                }
            }
            Fact::Door(fact) => self.apply_door(at, fact),
        }
    }

    fn tell_head(&mut self) {
        self.outbox.changes.push(Change::Head(self.head.clone()));
    }

    fn apply_phase(&mut self, phase: Phase) {
        self.head.phase = phase;
        self.tell_head();
    }

    fn apply_settings(&mut self, settings: Arc<EventSettings>) {
        let prices_changed = self.head.settings.prices != settings.prices;
        self.head.settings = settings;
        self.tell_head();
        if prices_changed {
            self.rebuild_hall(false);
        }
    }

    fn apply_opened(&mut self, code_digits: u8) {
        let mut settings = EventSettings::clone(&self.head.settings);
        settings.code_digits = Some(code_digits);
        self.head.settings = Arc::new(settings);
        self.codes = Codes::new(code_digits);
        self.apply_phase(Phase::Open);
    }

    /// A new map frees all seats; new prices leave them as they are.
    fn rebuild_hall(&mut self, new_map: bool) {
        let Some(map) = &self.map else { return };
        let Some(hall) = Hall::new(map, &self.head.settings.prices).map(Arc::new) else {
            return;
        };
        if new_map {
            self.seats = Seats::new(hall.map().seats_total(), self.seats.version() + 1);
            self.free = FreeSeats::new(hall.ranking(), |_| true);
        }
        // A version never means two things: new prices make one too.
        self.seats.set(&[], SeatState::Free);
        self.hall = Some(Arc::clone(&hall));
        self.outbox
            .changes
            .push(Change::Hall(hall, self.seats.clone()));
    }

    fn put_seats(&mut self, seats: &[SeatIndex], state: SeatState) {
        let changed = self.seats.set(seats, state);
        if let Some(hall) = &self.hall {
            for seat in seats {
                self.free
                    .set(hall.ranking(), *seat, state == SeatState::Free);
            }
        }
        self.outbox.changes.push(Change::Seats(changed));
    }

    fn apply_line(&mut self, at: Timestamp, fact: &LineFact) {
        match fact {
            LineFact::Entered { number, visitor } => {
                self.tally.at(at).entered += 1;
                if let Some(visitor) = visitor {
                    self.visitors.entered(*visitor, *number);
                }
            }
            LineFact::Admitted { numbers, .. } => {
                self.tally.at(at).admitted += u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                let until = numbers
                    .iter()
                    .map(|number| (self.presence.until(*number), *number));
                self.uncollected.extend(until);
            }
            LineFact::PassesExpired { numbers } => self.visitors.ended(numbers),
            LineFact::Left { number } | LineFact::Done { number } => {
                self.visitors.ended(&[*number]);
            }
            LineFact::Collected { .. }
            | LineFact::Parked { .. }
            | LineFact::Returned { .. }
            | LineFact::TakenBack { .. } => {}
        }
        self.pace.apply(at, fact);
        self.line.apply(fact);
        self.outbox.changes.push(Change::Line(at, fact.clone()));
    }

    fn apply_held(&mut self, hold: Hold) {
        self.tally.at(hold.placed_at).held += 1;
        self.put_seats(&indexes(&hold.seats), SeatState::Held);
        self.holds.place(hold);
    }

    fn apply_freed(&mut self, at: Timestamp, hold_ids: &[HoldId], state: HoldState) {
        let mut freed = Vec::new();
        for hold_id in hold_ids {
            if let Some(hold) = self.holds.end(*hold_id, at, state) {
                freed.extend(indexes(&hold.seats));
            }
        }
        self.put_seats(&freed, SeatState::Free);
    }

    fn apply_confirmed(&mut self, at: Timestamp, fact: &Fact) {
        let Fact::Confirmed {
            reservation_id,
            hold_id,
            code,
            buyer,
            key,
        } = fact
        else {
            return;
        };
        let confirmed = HoldState::Confirmed(*reservation_id);
        let Some(hold) = self.holds.end(*hold_id, at, confirmed) else {
            return;
        };
        let reservation = Reservation {
            reservation_id: *reservation_id,
            hold_id: *hold_id,
            number: hold.number,
            code: *code,
            seats: hold.seats.clone(),
            buyer: buyer.clone(),
            confirmed_at: at,
            key: *key,
            cancelled_at: None,
            receipt_generation: 0,
            checked_in: std::collections::BTreeSet::new(),
            history: Vec::new(),
        };
        self.tally.at(at).confirmed += 1;
        self.codes.take(*code);
        self.put_seats(&indexes(&reservation.seats), SeatState::Sold);
        self.reservations.add(reservation);
    }

    fn apply_cancelled(&mut self, at: Timestamp, reservation_id: ReservationId) {
        let Some(reservation) = self.reservations.cancel(reservation_id, at) else {
            return;
        };
        let seats = indexes(&reservation.seats);
        self.codes.free(reservation.code);
        self.holds.give_back(
            reservation.number,
            u32::try_from(seats.len()).unwrap_or(u32::MAX),
        );
        self.tally.at(at).cancelled += 1;
        self.put_seats(&seats, SeatState::Free);
    }

    fn apply_door(&mut self, at: Timestamp, fact: &DoorFact) {
        match fact {
            DoorFact::CheckedIn(entry) => self.apply_checked_in(entry),
            DoorFact::TurnedAway { nonce, answer } => {
                self.door.turn_away(nonce.clone(), answer.clone());
            }
            DoorFact::Voided { check_in_id, .. } => {
                let Some(entry) = self.door.void(*check_in_id, at).cloned() else {
                    return;
                };
                self.recount_checked_in(entry.reservation_id);
            }
        }
    }

    fn apply_checked_in(&mut self, entry: &CheckIn) {
        let Some(reservation) = self.reservations.get_mut(entry.reservation_id) else {
            return;
        };
        reservation.history.push(entry.check_in_id);
        reservation.checked_in.extend(&entry.seats);
        let answer = answer_to(entry, reservation);
        self.door.add(entry.clone(), answer);
    }

    /// The seats that are in are those of the entries that are left: a seat of two entries stays in when one
    /// of them is undone.
    fn recount_checked_in(&mut self, reservation_id: ReservationId) {
        let Some(reservation) = self.reservations.get_mut(reservation_id) else {
            return;
        };
        let entries = reservation
            .history
            .iter()
            .filter_map(|id| self.door.get(*id));
        reservation.checked_in = entries
            .filter(|entry| entry.voided_at.is_none())
            .flat_map(|entry| entry.seats.iter().copied())
            .collect();
    }
}

pub(super) fn indexes(seats: &[PricedSeat]) -> Vec<SeatIndex> {
    seats.iter().map(|priced| priced.seat).collect()
}

/// What the device that made an entry is told.
pub(super) fn answer_to(entry: &CheckIn, reservation: &Reservation) -> DoorAnswer {
    DoorAnswer {
        reservation_id: entry.reservation_id,
        check_in_id: Some(entry.check_in_id),
        outcome: if entry.conflict {
            DoorOutcome::Conflict
        } else {
            DoorOutcome::Admitted
        },
        admitted: if entry.conflict {
            Vec::new()
        } else {
            entry.seats.clone()
        },
        remaining: remaining(reservation),
        history: reservation.history.len(),
    }
}

pub(super) fn remaining(reservation: &Reservation) -> Vec<SeatIndex> {
    let seats = indexes(&reservation.seats).into_iter();
    seats
        .filter(|seat| !reservation.checked_in.contains(seat))
        .collect()
}
