//! What a store's tables say of one event's sales, beside its journal.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::id::{HoldId, ReservationId, SeatIndex};
use crate::sale::Sale;
use crate::time::Timestamp;

/// A reservation as a store's tables have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoredReservation {
    /// Its id.
    pub reservation_id: ReservationId,
    /// The hold it came from.
    pub hold_id: HoldId,
    /// Its code.
    pub code: u32,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// When it was cancelled, if it was.
    pub cancelled_at: Option<Timestamp>,
}

/// What a store's tables say of one event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    /// All reservations, cancelled ones too.
    pub reservations: BTreeSet<StoredReservation>,
    /// Which seat is whose.
    pub sold_seats: BTreeSet<(SeatIndex, ReservationId)>,
    /// Which code is whose.
    pub codes: BTreeSet<(u32, ReservationId)>,
}

impl Stored {
    /// What the tables have to say of a sale.
    pub fn of(sale: &Sale) -> Self {
        let mut stored = Self::default();
        for (_, reservation) in sale.reservations().after(0) {
            let reservation_id = reservation.reservation_id;
            if reservation.cancelled_at.is_none() {
                stored.codes.insert((reservation.code, reservation_id));
                let seats = reservation.seats.iter();
                let seats = seats.map(|priced| (priced.seat, reservation_id));
                stored.sold_seats.extend(seats);
            }
            stored.reservations.insert(StoredReservation {
                reservation_id,
                hold_id: reservation.hold_id,
                code: reservation.code,
                confirmed_at: reservation.confirmed_at,
                cancelled_at: reservation.cancelled_at,
            });
        }
        stored
    }

    /// The first thing in which these tables differ from what the journal says, in words.
    pub fn difference_from(&self, journal: &Self) -> Option<String> {
        let number = |(number, _): &(u32, _)| *number;
        difference("seat", &self.sold_seats, &journal.sold_seats, number)
            .or_else(|| difference("code", &self.codes, &journal.codes, number))
            .or_else(|| {
                let (tables, journal) = (&self.reservations, &journal.reservations);
                difference("reservation", tables, journal, |row| row.reservation_id)
            })
    }
}

/// A row that one side has and the other has not, or has otherwise.
fn difference<T: Ord, N: Display>(
    what: &str,
    tables: &BTreeSet<T>,
    journal: &BTreeSet<T>,
    name: impl Fn(&T) -> N,
) -> Option<String> {
    if let Some(row) = journal.difference(tables).next() {
        let name = name(row);
        return Some(format!(
            "{what} {name} is missing in the tables, or not as the journal has it"
        ));
    }
    let row = tables.difference(journal).next()?;
    let name = name(row);
    Some(format!(
        "{what} {name} is in the tables alone, or otherwise in the journal"
    ))
}
