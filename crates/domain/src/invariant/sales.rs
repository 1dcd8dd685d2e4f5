//! What must always be true of sales, worked out from what happened.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an invariant looks at the facts that it is about, and at no others"
)]

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::ledger::Ledger;
use super::{Happening, Violation, violation};
use crate::fact::Fact;
use crate::id::{HoldId, ReservationId, SeatIndex};
use crate::seats::SeatState;
use crate::stored::{Stored, StoredReservation};
use crate::time::Timestamp;

/// What [`no_seat_sold_twice`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Sales {
    /// Reservations that were made.
    pub reservations: u64,
    /// Those of them that were cancelled.
    pub cancelled: u64,
    /// Seats that are sold now.
    pub seats_sold: u64,
    /// What they cost together, in minor units.
    pub revenue: i64,
}

/// No seat is sold while another reservation has it, and the map is not replaced under a seat that is sold.
pub fn no_seat_sold_twice<'a>(
    history: impl IntoIterator<Item = Happening<'a>>,
) -> Result<Sales, Violation> {
    let broken = |at, what| violation("no_seat_sold_twice", at, what);
    let mut figures = Sales::default();
    let mut ledger = Ledger::default();
    let mut sold: HashMap<SeatIndex, (ReservationId, i64)> = HashMap::new();
    for (at, fact) in history {
        ledger.note(fact);
        match fact {
            Fact::Confirmed {
                reservation_id,
                hold_id,
                ..
            } => {
                let hold = ledger.hold(*hold_id);
                for priced in hold.map(|hold| hold.seats).unwrap_or_default() {
                    let buyer = (*reservation_id, priced.price);
                    if let Some((first, _)) = sold.insert(priced.seat, buyer) {
                        let seat = priced.seat;
                        let what = format!("seat {seat} was sold to {reservation_id} and {first}");
                        return Err(broken(at, what));
                    }
                }
                figures.reservations += 1;
            }
            Fact::Cancelled { reservation_id, .. } => {
                for seat in ledger.seats_bought(*reservation_id) {
                    sold.remove(&seat);
                }
                figures.cancelled += 1;
            }
            Fact::MapSet { .. } if !sold.is_empty() => {
                let what = "the map was replaced while seats were sold".to_owned();
                return Err(broken(at, what));
            }
            _ => {}
        }
    }
    figures.seats_sold = sold.len() as u64;
    figures.revenue = sold.values().map(|(_, price)| price).sum();
    Ok(figures)
}

/// What [`confirmed_exactly_once`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Confirmations {
    /// Holds that were placed.
    pub holds: u64,
    /// Those of them that became a reservation.
    pub confirmed: u64,
}

/// Every reservation came from a hold of its own that was live, before its end; it is cancelled at most once,
/// and nothing is said of a reservation that was never made.
pub fn confirmed_exactly_once<'a>(
    history: impl IntoIterator<Item = Happening<'a>>,
) -> Result<Confirmations, Violation> {
    let broken = |at, what| violation("confirmed_exactly_once", at, what);
    let mut figures = Confirmations::default();
    let mut live: HashMap<HoldId, Timestamp> = HashMap::new();
    let mut made: HashSet<ReservationId> = HashSet::new();
    let mut cancelled: HashSet<ReservationId> = HashSet::new();
    for (at, fact) in history {
        match fact {
            Fact::Held {
                hold_id,
                expires_at,
                ..
            } => {
                live.insert(*hold_id, *expires_at);
                figures.holds += 1;
            }
            Fact::Released { hold_id } => {
                live.remove(hold_id);
            }
            Fact::HoldsExpired { hold_ids } => {
                for hold_id in hold_ids {
                    live.remove(hold_id);
                }
            }
            Fact::Confirmed {
                reservation_id,
                hold_id,
                ..
            } => {
                if live.remove(hold_id).is_none_or(|end| end <= at) {
                    let what = format!("{reservation_id} came from {hold_id}, which was not live");
                    return Err(broken(at, what));
                }
                if !made.insert(*reservation_id) {
                    return Err(broken(at, format!("{reservation_id} was made twice")));
                }
                figures.confirmed += 1;
            }
            Fact::Cancelled { reservation_id, .. }
                if !made.contains(reservation_id) || !cancelled.insert(*reservation_id) =>
            {
                let what = format!("{reservation_id} was cancelled twice or never made");
                return Err(broken(at, what));
            }
            Fact::ReceiptReissued { reservation_id } if !made.contains(reservation_id) => {
                let what = format!("a receipt of {reservation_id}, which was never made");
                return Err(broken(at, what));
            }
            _ => {}
        }
    }
    Ok(figures)
}

/// What [`codes_are_unique`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct CodesGiven {
    /// Codes that were given.
    pub given: u64,
    /// Codes that reservations have now.
    pub in_use: u64,
    /// Codes that were given again after a cancellation.
    pub given_again: u64,
}

/// No two reservations have the same code at the same time; every code has the event's digits; and a code that a
/// cancellation freed is given again only when every other one has been given.
pub fn codes_are_unique<'a>(
    history: impl IntoIterator<Item = Happening<'a>>,
) -> Result<CodesGiven, Violation> {
    let broken = |at, what| violation("codes_are_unique", at, what);
    let mut figures = CodesGiven::default();
    let mut codes_there_are = 0;
    let mut in_use: HashMap<u32, ReservationId> = HashMap::new();
    let mut code_of: HashMap<ReservationId, u32> = HashMap::new();
    let mut given: HashSet<u32> = HashSet::new();
    for (at, fact) in history {
        match fact {
            Fact::Opened { code_digits } => {
                codes_there_are = 10_u64.saturating_pow(u32::from(*code_digits));
            }
            Fact::Confirmed {
                reservation_id,
                code,
                ..
            } => {
                if u64::from(*code) >= codes_there_are {
                    return Err(broken(at, format!("code {code} has too many digits")));
                }
                code_of.insert(*reservation_id, *code);
                if let Some(first) = in_use.insert(*code, *reservation_id) {
                    let what = format!("code {code} was given to {reservation_id} and {first}");
                    return Err(broken(at, what));
                }
                if !given.insert(*code) {
                    if (given.len() as u64) < codes_there_are {
                        let what = format!("code {code} was given again while others were unused");
                        return Err(broken(at, what));
                    }
                    figures.given_again += 1;
                }
                figures.given += 1;
            }
            Fact::Cancelled { reservation_id, .. } => {
                if let Some(code) = code_of.remove(reservation_id) {
                    in_use.remove(&code);
                }
            }
            _ => {}
        }
    }
    figures.in_use = in_use.len() as u64;
    Ok(figures)
}

/// What [`what_was_answered_is_kept`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Kept {
    /// Reservations, in the journal and in the table.
    pub reservations: u64,
    /// Seats sold, in the journal and in the table.
    pub sold_seats: u64,
    /// Codes in use, in the journal and in the table.
    pub codes: u64,
}

/// The tables that are the judge of sales say the same as the journal: not one reservation, seat or code more,
/// less or other.
pub fn what_was_answered_is_kept<'a>(
    history: impl IntoIterator<Item = Happening<'a>>,
    stored: &Stored,
) -> Result<Kept, Violation> {
    let mut ledger = Ledger::default();
    let mut made: BTreeMap<ReservationId, StoredReservation> = BTreeMap::new();
    let mut last = Timestamp::default();
    for (at, fact) in history {
        ledger.note(fact);
        last = at;
        if let Fact::Confirmed {
            reservation_id,
            hold_id,
            code,
            ..
        } = fact
        {
            let row = StoredReservation {
                reservation_id: *reservation_id,
                hold_id: *hold_id,
                code: *code,
                confirmed_at: at,
                cancelled_at: None,
            };
            made.insert(*reservation_id, row);
        }
        if let Fact::Cancelled { reservation_id, .. } = fact
            && let Some(row) = made.get_mut(reservation_id)
        {
            row.cancelled_at = Some(at);
        }
    }
    let live = || made.values().filter(|row| row.cancelled_at.is_none());
    let seats = live().flat_map(|row| {
        let seats = ledger.seats_bought(row.reservation_id);
        seats.map(|seat| (seat, row.reservation_id))
    });
    let journal = Stored {
        sold_seats: seats.collect(),
        codes: live().map(|row| (row.code, row.reservation_id)).collect(),
        reservations: made.values().copied().collect(),
    };
    match stored.difference_from(&journal) {
        Some(what) => Err(violation("what_was_answered_is_kept", last, what)),
        None => Ok(Kept {
            reservations: stored.reservations.len() as u64,
            sold_seats: stored.sold_seats.len() as u64,
            codes: stored.codes.len() as u64,
        }),
    }
}

/// What [`a_restart_gives_the_same_seats`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct SeatFigures {
    /// Seats anyone with a pass may hold.
    pub free: u64,
    /// Seats somebody holds.
    pub held: u64,
    /// Seats sold.
    pub sold: u64,
    /// Seats kept off sale.
    pub blocked: u64,
}

/// The seats are, after a restart, as what happened says: `replayed` is the state of each seat by its index, as
/// the rules give it.
pub fn a_restart_gives_the_same_seats<'a>(
    history: impl IntoIterator<Item = Happening<'a>>,
    replayed: &[SeatState],
) -> Result<SeatFigures, Violation> {
    let broken = |at, what| violation("a_restart_gives_the_same_seats", at, what);
    let mut ledger = Ledger::default();
    let mut states: Vec<SeatState> = Vec::new();
    let mut last = Timestamp::default();
    for (at, fact) in history {
        ledger.note(fact);
        last = at;
        if let Fact::MapSet { map } = fact {
            states = vec![SeatState::Free; map.seats().count()];
        }
        for (seat, state) in changed_by(fact, &ledger) {
            match states.get_mut(seat as usize) {
                Some(slot) => *slot = state,
                None => return Err(broken(at, format!("there is no seat {seat}"))),
            }
        }
    }
    if states.len() != replayed.len() {
        let what = format!(
            "{} seats, and {} after a restart",
            states.len(),
            replayed.len()
        );
        return Err(broken(last, what));
    }
    let mut pairs = (0..).zip(states.iter().zip(replayed));
    if let Some((seat, (is, becomes))) = pairs.find(|(_, (is, becomes))| is != becomes) {
        let what = format!("seat {seat} is {is:?}, and {becomes:?} after a restart");
        return Err(broken(last, what));
    }
    let count = |wanted| states.iter().filter(|state| **state == wanted).count() as u64;
    Ok(SeatFigures {
        free: count(SeatState::Free),
        held: count(SeatState::Held),
        sold: count(SeatState::Sold),
        blocked: count(SeatState::Blocked),
    })
}

/// The seats that a fact puts into a state.
fn changed_by(fact: &Fact, ledger: &Ledger) -> Vec<(SeatIndex, SeatState)> {
    let all = |seats: &mut dyn Iterator<Item = SeatIndex>, state| -> Vec<_> {
        seats.map(|seat| (seat, state)).collect()
    };
    match fact {
        Fact::Blocked { seats } => all(&mut seats.iter().copied(), SeatState::Blocked),
        Fact::Unblocked { seats } => all(&mut seats.iter().copied(), SeatState::Free),
        Fact::Held { hold_id, .. } => all(&mut ledger.seats_of_hold(*hold_id), SeatState::Held),
        Fact::Released { hold_id } => all(&mut ledger.seats_of_hold(*hold_id), SeatState::Free),
        Fact::HoldsExpired { hold_ids } => {
            let mut seats = hold_ids.iter().flat_map(|id| ledger.seats_of_hold(*id));
            all(&mut seats, SeatState::Free)
        }
        Fact::Confirmed { hold_id, .. } => {
            all(&mut ledger.seats_of_hold(*hold_id), SeatState::Sold)
        }
        Fact::Cancelled { reservation_id, .. } => {
            all(&mut ledger.seats_bought(*reservation_id), SeatState::Free)
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
