//! Seats and entries as staff read them.

use jari_domain::door::CheckIn;
use jari_domain::hall::Hall;
use jari_domain::id::SeatIndex;
use serde::Serialize;
use service_kit::time::Utc;

/// Where a seat is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[expect(clippy::struct_field_names, reason = "the words of the contract")]
pub struct Seat {
    /// Its id in the map.
    #[schema(example = "RS-F-12")]
    pub seat_id: String,
    /// Its section.
    pub section: String,
    /// Its row.
    pub row: String,
    /// The number on it.
    pub number: String,
    /// Its category.
    pub category: String,
}

/// An entry at the door.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Entry {
    /// Its id.
    #[schema(format = "uuid")]
    pub check_in_id: String,
    /// When; for a device that was offline, by its own clock.
    pub at: Utc,
    /// Where.
    pub gate: Option<String>,
    /// The seats that came in with it.
    pub seats: Vec<Seat>,
    /// Whether these seats had been let in elsewhere already.
    pub conflict: bool,
    /// When it was undone, if it was.
    pub voided_at: Option<Utc>,
}

impl Entry {
    /// An entry as staff read it.
    pub fn of(hall: Option<&Hall>, entry: CheckIn) -> Self {
        Self {
            check_in_id: entry.check_in_id.to_string(),
            at: Utc(entry.at.0),
            seats: seats(hall, &entry.seats),
            gate: entry.gate,
            conflict: entry.conflict,
            voided_at: entry.voided_at.map(|at| Utc(at.0)),
        }
    }
}

/// Where these seats are.
pub fn seats(hall: Option<&Hall>, indexes: &[SeatIndex]) -> Vec<Seat> {
    hall.map_or_else(Vec::new, |hall| {
        indexes.iter().map(|index| seat(hall, *index)).collect()
    })
}

/// Where this seat is.
pub fn seat(hall: &Hall, index: SeatIndex) -> Seat {
    let map = hall.map();
    let (place, seat) = (map.place(index), map.seat(index));
    Seat {
        seat_id: seat.seat_id.as_str().to_owned(),
        section: map.section(place).name.clone(),
        row: map.row(place).name.clone(),
        number: seat.number.clone(),
        category: seat.category.clone(),
    }
}
