//! The event in which the histories take place: a row of seats, a small shop and short passes.

use std::collections::BTreeMap;

use crate::event::{EventSettings, QueueSettings};
use crate::id::{EventId, SeatId};
use crate::map::{Category, Point, Positions, Row, Seat, SeatMap, Section, Size};
use crate::time::Timestamp;

/// When it begins.
pub(super) const BEGIN: Timestamp = Timestamp(1_800_000_000_000);
const SEATS: u32 = 400;
const PASS_SECONDS: u32 = 30;

pub(super) fn seat_id(index: u32) -> SeatId {
    SeatId::parse(&format!("A-1-{index}")).unwrap()
}

pub(super) fn settings() -> EventSettings {
    EventSettings {
        event_id: EventId::parse("gala").unwrap(),
        name: "Gala".to_owned(),
        venue: "Hall".to_owned(),
        description: None,
        starts_at: BEGIN.plus_seconds(1_000_000),
        time_zone: "UTC".to_owned(),
        sale_opens_at: None,
        sale_closes_at: None,
        currency: "KRW".to_owned(),
        hold_seconds: 300,
        max_seats_per_buyer: 4,
        code_digits: None,
        prices: BTreeMap::new(),
        queue: QueueSettings {
            capacity: 4,
            pass_seconds: PASS_SECONDS,
            max_admitted_per_second: 2,
        },
    }
}

pub(super) fn map() -> SeatMap {
    let seats = (0..SEATS).map(|index| Seat {
        seat_id: seat_id(index),
        number: index.to_string(),
        x: f64::from(index),
        y: 0.0,
        category: "A".to_owned(),
        accessible: false,
    });
    SeatMap {
        name: "Hall".to_owned(),
        size: Size {
            width: f64::from(SEATS),
            height: 10.0,
        },
        focus: Point { x: 0.0, y: 0.0 },
        positions: Positions::Given,
        categories: vec![Category {
            name: "A".to_owned(),
            color: "#888888".to_owned(),
            price: Some(1000),
        }],
        sections: vec![Section {
            name: "A".to_owned(),
            rows: vec![Row {
                name: "1".to_owned(),
                seats: seats.collect(),
            }],
        }],
        shapes: Vec::new(),
    }
}
