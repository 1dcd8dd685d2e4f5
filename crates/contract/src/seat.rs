//! Seats as buyers and staff read them.

use jari_domain::fact::PricedSeat;
use jari_domain::hall::Hall;
use serde::Serialize;

/// A seat of a hold or a reservation.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SeatLine {
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
    /// What it costs, in minor units.
    pub price: i64,
}

/// The seats of a hold or a reservation, in its order.
pub fn seat_lines(hall: &Hall, seats: &[PricedSeat]) -> Vec<SeatLine> {
    let map = hall.map();
    let line = |priced: &PricedSeat| {
        let (place, seat) = (map.place(priced.seat), map.seat(priced.seat));
        SeatLine {
            seat_id: seat.seat_id.as_str().to_owned(),
            section: map.section(place).name.clone(),
            row: map.row(place).name.clone(),
            number: seat.number.clone(),
            category: seat.category.clone(),
            price: priced.price,
        }
    };
    seats.iter().map(line).collect()
}
