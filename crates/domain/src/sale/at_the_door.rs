//! Looking codes up and letting people in.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Sale;
use super::apply::{answer_to, indexes, remaining};
use crate::code;
use crate::door::{CheckIn, DoorAnswer, DoorFact, DoorOutcome};
use crate::fact::Fact;
use crate::id::{CheckInId, ReservationId, SeatId, SeatIndex, StaffKeyId};
use crate::refusal::Refusal;
use crate::reservation::Reservation;
use crate::time::Timestamp;

/// What is shown at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ticket {
    /// The code, as it was typed.
    Code(String),
    /// The reservation that a verified entry token names; `None`: the token is forged or of another event.
    EntryToken(Option<ReservationId>),
}

impl Ticket {
    /// Whether it is a code, whose wrong tries are counted.
    pub const fn is_code(&self) -> bool {
        matches!(self, Self::Code(_))
    }
}

/// A wish to let people in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckInRequest {
    /// The id of the entry, if it comes to be.
    pub check_in_id: CheckInId,
    /// What was shown.
    pub ticket: Ticket,
    /// Which seats; `None`: all that remain.
    pub seats: Option<Vec<SeatId>>,
    /// Where.
    pub gate: Option<String>,
    /// The device's nonce: the same again gives the same answer, and none for another ticket.
    pub nonce: Option<String>,
    /// When, by the clock of a device that was offline.
    pub occurred_at: Option<Timestamp>,
    /// With which key.
    pub staff_key: StaffKeyId,
    /// Whether the device has let the people in already, so that a double entry is a conflict.
    pub was_offline: bool,
}

/// A reservation as the door sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedUp {
    /// The reservation.
    pub reservation: Reservation,
    /// Its entries, oldest first.
    pub history: Vec<CheckIn>,
}

impl Sale {
    /// The reservation that has this code.
    pub fn look_up(&self, code: &str) -> Result<LookedUp, Refusal> {
        let reservation = self.find(&Ticket::Code(code.to_owned()))?;
        let history = self.history(reservation, reservation.history.len());
        Ok(LookedUp {
            reservation: reservation.clone(),
            history,
        })
    }

    /// Lets people in. Gives the answer and the history that goes with it.
    pub fn check_in(
        &mut self,
        now: Timestamp,
        request: CheckInRequest,
    ) -> Result<(DoorAnswer, Vec<CheckIn>), Refusal> {
        if let Some(answer) = request
            .nonce
            .as_deref()
            .and_then(|nonce| self.door.answer(nonce))
        {
            return if self.is_of(&request.ticket, answer.reservation_id) {
                Ok(self.with_history(answer.clone()))
            } else {
                Err(Refusal::IdempotencyMismatch)
            };
        }
        let reservation = self.find(&request.ticket)?;
        let wanted = self.wanted_at_door(reservation, request.seats.as_deref())?;
        let new: Vec<_> = wanted
            .iter()
            .copied()
            .filter(|seat| !reservation.checked_in.contains(seat))
            .collect();
        let answer = if reservation.cancelled_at.is_some() {
            self.turn_away(
                now,
                request.nonce,
                turned_away(reservation, DoorOutcome::Cancelled),
            )
        } else if !new.is_empty() {
            self.let_in(now, request, new, false)?
        } else if request.was_offline {
            self.let_in(now, request, wanted, true)?
        } else {
            self.turn_away(
                now,
                request.nonce,
                turned_away(reservation, DoorOutcome::AlreadyAdmitted),
            )
        };
        Ok(self.with_history(answer))
    }

    /// Undoes an entry; again changes nothing.
    pub fn void_check_in(
        &mut self,
        now: Timestamp,
        check_in_id: CheckInId,
        reason: String,
    ) -> Result<(), Refusal> {
        let entry = self.door.get(check_in_id).ok_or(Refusal::CheckInNotFound)?;
        if entry.voided_at.is_none() {
            self.record(
                now,
                Fact::Door(DoorFact::Voided {
                    check_in_id,
                    reason,
                }),
            );
        }
        Ok(())
    }

    /// The first `entries` of a reservation's history, oldest first.
    pub fn history(&self, reservation: &Reservation, entries: usize) -> Vec<CheckIn> {
        let ids = reservation.history.iter().take(entries);
        ids.filter_map(|id| self.door.get(*id)).cloned().collect()
    }

    /// Whether this is the reservation's ticket, or was before it was cancelled.
    fn is_of(&self, ticket: &Ticket, reservation_id: ReservationId) -> bool {
        match ticket {
            Ticket::Code(text) => self
                .reservations
                .get(reservation_id)
                .is_some_and(|own| code::parse(text, self.code_digits()) == Some(own.code)),
            Ticket::EntryToken(shown) => *shown == Some(reservation_id),
        }
    }

    fn find(&self, ticket: &Ticket) -> Result<&Reservation, Refusal> {
        match ticket {
            Ticket::Code(text) => {
                let digits = self.code_digits();
                let code = code::parse(text, digits).ok_or(Refusal::InvalidCode { digits })?;
                self.reservations.by_code(code).ok_or(Refusal::CodeNotFound)
            }
            Ticket::EntryToken(reservation_id) => reservation_id
                .and_then(|id| self.reservations.get(id))
                .ok_or(Refusal::EntryTicketNotFound),
        }
    }

    fn wanted_at_door(
        &self,
        reservation: &Reservation,
        seats: Option<&[SeatId]>,
    ) -> Result<Vec<SeatIndex>, Refusal> {
        let own = indexes(&reservation.seats);
        let Some(asked) = seats else {
            let left = remaining(reservation);
            return Ok(if left.is_empty() { own } else { left });
        };
        let index_of = |id: &SeatId| self.hall.as_ref().and_then(|hall| hall.map().index_of(id));
        let mut wanted = BTreeSet::new();
        let mut strangers = Vec::new();
        for id in asked {
            match index_of(id).filter(|seat| own.contains(seat)) {
                Some(seat) => {
                    wanted.insert(seat);
                }
                None => strangers.push(id.clone()),
            }
        }
        if strangers.is_empty() {
            Ok(wanted.into_iter().collect())
        } else {
            Err(Refusal::SeatNotInReservation { seats: strangers })
        }
    }

    fn let_in(
        &mut self,
        now: Timestamp,
        request: CheckInRequest,
        seats: Vec<SeatIndex>,
        conflict: bool,
    ) -> Result<DoorAnswer, Refusal> {
        let reservation_id = self.find(&request.ticket)?.reservation_id;
        let entry = CheckIn {
            check_in_id: request.check_in_id,
            reservation_id,
            seats,
            at: request.occurred_at.filter(|at| *at < now).unwrap_or(now),
            gate: request.gate,
            staff_key: request.staff_key,
            nonce: request.nonce,
            conflict,
            voided_at: None,
        };
        self.record(now, Fact::Door(DoorFact::CheckedIn(entry.clone())));
        Ok(answer_to(&entry, self.reservation(reservation_id)?))
    }

    fn turn_away(
        &mut self,
        now: Timestamp,
        nonce: Option<String>,
        answer: DoorAnswer,
    ) -> DoorAnswer {
        if let Some(nonce) = nonce {
            let answer = answer.clone();
            self.record(now, Fact::Door(DoorFact::TurnedAway { nonce, answer }));
        }
        answer
    }

    fn with_history(&self, answer: DoorAnswer) -> (DoorAnswer, Vec<CheckIn>) {
        let reservation = self.reservations.get(answer.reservation_id);
        let history = reservation
            .map(|r| self.history(r, answer.history))
            .unwrap_or_default();
        (answer, history)
    }
}

fn turned_away(reservation: &Reservation, outcome: DoorOutcome) -> DoorAnswer {
    DoorAnswer {
        reservation_id: reservation.reservation_id,
        check_in_id: None,
        outcome,
        admitted: Vec::new(),
        remaining: remaining(reservation),
        history: reservation.history.len(),
    }
}
