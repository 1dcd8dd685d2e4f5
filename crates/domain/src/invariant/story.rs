//! Short histories for the tests of the invariants. A story keeps no rules: it says what it is told.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Happening;
use crate::event::{EventSettings, QueueSettings};
use crate::fact::{Buyer, Fact, KeyUse, PricedSeat};
use crate::id::{Digest, EventId, PlaceNumber, SeatId, SeatIndex};
use crate::line::LineFact;
use crate::map::{Category, Point, Positions, Row, Seat, SeatMap, Section, Size};
use crate::time::Timestamp;

/// Ids by small numbers.
pub mod place {
    use uuid::Uuid;

    use crate::id::{CheckInId, HoldId, ReservationId};

    pub fn hold(id: u128) -> HoldId {
        HoldId(Uuid::from_u128(id))
    }

    pub fn reservation(id: u128) -> ReservationId {
        ReservationId(Uuid::from_u128(id))
    }

    pub fn check_in(id: u128) -> CheckInId {
        CheckInId(Uuid::from_u128(id))
    }
}

#[derive(Debug, Clone)]
pub struct Story {
    now: Timestamp,
    facts: Vec<(Timestamp, Fact)>,
}

impl Story {
    /// Every hold of a story lasts so long.
    pub const HOLD_MS: i64 = 60_000;
    /// Every pass of a story lasts so long.
    pub const PASS_MS: i64 = 600_000;

    /// An open event with so many seats, two at most for each buyer, and codes of four digits.
    pub fn of_seats(seats: u32) -> Self {
        let mut story = Self {
            now: Timestamp(0),
            facts: Vec::new(),
        };
        let settings = Arc::new(settings());
        story.add(Fact::Created { settings, uid: 1 });
        story.add(map_of(seats));
        story.add(Fact::Opened { code_digits: 4 });
        story
    }

    pub fn history(&self) -> impl Iterator<Item = Happening<'_>> {
        self.facts.iter().map(|(at, fact)| (*at, fact))
    }

    pub fn wait_ms(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }

    pub fn add(&mut self, mut fact: Fact) {
        if let Fact::Held { expires_at, .. } = &mut fact {
            *expires_at = self.now.plus_ms(Self::HOLD_MS);
        }
        self.facts.push((self.now, fact));
    }

    pub fn enters(&mut self, number: PlaceNumber) {
        self.add(Fact::Line(LineFact::Entered {
            number,
            visitor: None,
        }));
    }

    pub fn collects(&mut self, number: PlaceNumber) {
        let pass_expires_at = self.now.plus_ms(Self::PASS_MS);
        self.add(Fact::Line(LineFact::Collected {
            number,
            pass_expires_at,
        }));
    }

    /// Reservation and hold have the same number.
    pub fn confirms(&mut self, id: u128, code: u32) {
        self.add(Fact::Confirmed {
            reservation_id: place::reservation(id),
            hold_id: place::hold(id),
            code,
            buyer: Buyer {
                name: "Kim Seo-yeon".to_owned(),
                contact: "010-0000-0000".to_owned(),
            },
            key: key(id),
        });
    }

    pub fn cancels(&mut self, id: u128) {
        self.add(Fact::Cancelled {
            reservation_id: place::reservation(id),
            reason: None,
        });
    }

    pub fn expire(&mut self, holds: &[u128]) {
        let hold_ids = holds.iter().map(|id| place::hold(*id)).collect();
        self.add(Fact::HoldsExpired { hold_ids });
    }
}

/// A hold of these seats, each at 100, by a place in line.
pub fn held(id: u128, number: PlaceNumber, seats: &[SeatIndex]) -> Fact {
    let seats = seats.iter().map(|seat| PricedSeat {
        seat: *seat,
        price: 100,
    });
    Fact::Held {
        hold_id: place::hold(id),
        number,
        seats: seats.collect(),
        expires_at: Timestamp::default(),
        key: Some(key(id)),
    }
}

pub fn key(id: u128) -> KeyUse {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(&id.to_be_bytes());
    KeyUse {
        key: Digest(bytes),
        body: Digest([0; 32]),
    }
}

/// A map of one row.
pub fn map_of(seats: u32) -> Fact {
    let seats = (0..seats).map(|index| Seat {
        seat_id: SeatId::parse(&format!("A-1-{index}")).unwrap(),
        number: index.to_string(),
        x: f64::from(index),
        y: 0.0,
        category: "Stalls".to_owned(),
        accessible: false,
    });
    let row = Row {
        name: "1".to_owned(),
        seats: seats.collect(),
    };
    let map = SeatMap {
        name: "A hall".to_owned(),
        size: Size {
            width: 100.0,
            height: 100.0,
        },
        focus: Point { x: 50.0, y: 0.0 },
        positions: Positions::Given,
        categories: vec![Category {
            name: "Stalls".to_owned(),
            color: "#808080".to_owned(),
            price: Some(100),
        }],
        sections: vec![Section {
            name: "A".to_owned(),
            rows: vec![row],
        }],
        shapes: Vec::new(),
    };
    Fact::MapSet { map: Arc::new(map) }
}

fn settings() -> EventSettings {
    EventSettings {
        event_id: EventId::parse("gala").unwrap(),
        name: "Gala".to_owned(),
        venue: "A hall".to_owned(),
        description: None,
        starts_at: Timestamp(0),
        time_zone: "Asia/Seoul".to_owned(),
        sale_opens_at: None,
        sale_closes_at: None,
        currency: "KRW".to_owned(),
        hold_seconds: 60,
        max_seats_per_buyer: 2,
        code_digits: None,
        prices: BTreeMap::new(),
        queue: QueueSettings::default(),
    }
}
