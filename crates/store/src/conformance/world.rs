//! A small event on sale, and short words for what people do with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jari_domain::best_available::Request;
use jari_domain::event::{EventSettings, QueueSettings};
use jari_domain::fact::{Buyer, KeyUse};
use jari_domain::id::{Digest, EventId, HoldId, PlaceNumber, ReservationId, SeatId};
use jari_domain::map::{Category, Point, Positions, Row, Seat, SeatMap, Section, Size};
use jari_domain::reservation::Reservation;
use jari_domain::sale::{Confirm, Confirmed, Enter, PlaceHold, Placed, Wanted};
use jari_domain::{Refusal, Timestamp};
use uuid::Uuid;

use super::Harness;
use crate::views::Views;
use crate::{Follower, Result, Store, StoreError};

/// A harness with one event in it.
pub struct World<H> {
    /// The store and its clock.
    pub harness: H,
    /// What follows the store.
    pub views: Arc<Views>,
    /// The event.
    pub event: EventId,
    next_id: u128,
}

/// Seats of a row of the small hall; it has two rows, A and B.
pub const SEATS_PER_ROW: u32 = 6;

/// The instant at which every test begins.
pub const BEGINNING: Timestamp = Timestamp(1_800_000_000_000);

/// The settings of the event: a shop for two, three seats a place, holds of a minute.
pub fn settings() -> EventSettings {
    EventSettings {
        event_id: event_id(),
        name: "Evening".to_owned(),
        venue: "Small hall".to_owned(),
        description: None,
        starts_at: BEGINNING.plus_ms(1_000_000_000),
        time_zone: "Asia/Seoul".to_owned(),
        sale_opens_at: None,
        sale_closes_at: None,
        currency: "KRW".to_owned(),
        hold_seconds: 60,
        max_seats_per_buyer: 3,
        code_digits: None,
        prices: BTreeMap::new(),
        queue: QueueSettings {
            capacity: 2,
            pass_seconds: 300,
            max_admitted_per_second: 50,
        },
    }
}

fn event_id() -> EventId {
    EventId::parse("evening").unwrap_or_else(|_| unreachable!("a slug"))
}

/// Two rows of six seats; the last of row B is accessible.
pub fn map() -> SeatMap {
    let seat = |row: &str, y: f64, number: u32| Seat {
        seat_id: seat_id(&format!("{row}-{number}")),
        number: number.to_string(),
        x: f64::from(number) * 10.0,
        y,
        category: "R".to_owned(),
        accessible: row == "B" && number == SEATS_PER_ROW,
    };
    let row = |name: &str, y: f64| Row {
        name: name.to_owned(),
        seats: (1..=SEATS_PER_ROW)
            .map(|number| seat(name, y, number))
            .collect(),
    };
    SeatMap {
        name: "Small hall".to_owned(),
        size: Size {
            width: 80.0,
            height: 40.0,
        },
        focus: Point { x: 35.0, y: 0.0 },
        positions: Positions::Given,
        categories: vec![Category {
            name: "R".to_owned(),
            color: "#336699".to_owned(),
            price: Some(1000),
        }],
        sections: vec![Section {
            name: "Hall".to_owned(),
            rows: vec![row("A", 10.0), row("B", 20.0)],
        }],
        shapes: Vec::new(),
    }
}

/// A seat's id.
pub fn seat_id(text: &str) -> SeatId {
    SeatId::parse(text).unwrap_or_else(|_| unreachable!("a seat id"))
}

/// A digest that stands for a text.
pub fn digest(text: &str) -> Digest {
    let mut bytes = [0u8; 32];
    for (at, byte) in text.bytes().enumerate() {
        bytes[at % 32] = bytes[at % 32].wrapping_mul(31).wrapping_add(byte);
    }
    Digest(bytes)
}

/// A use of a key with a body.
pub fn key(key: &str, body: &str) -> KeyUse {
    KeyUse {
        key: digest(key),
        body: digest(body),
    }
}

/// The refusal in an answer.
pub fn refusal<T: std::fmt::Debug>(answer: Result<T>) -> Refusal {
    match answer {
        Err(StoreError::Refused(refusal)) => refusal,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

impl<H: Harness> World<H> {
    /// The event on sale.
    pub async fn on_sale() -> Self {
        Self::opened(settings()).await
    }

    /// The event with these settings, opened.
    pub async fn opened(settings: EventSettings) -> Self {
        let world = Self::draft(settings).await;
        done(world.store().set_map(&world.event, Arc::new(map())).await);
        done(world.store().open(&world.event).await);
        world
    }

    /// The event with these settings, as a draft without a map.
    pub async fn draft(settings: EventSettings) -> Self {
        let harness = H::fresh();
        let views = Arc::new(Views::default());
        follow(&harness, &views).await;
        let event = settings.event_id.clone();
        done(harness.store().create(settings, 7).await);
        Self {
            harness,
            views,
            event,
            next_id: 0,
        }
    }

    /// The store.
    pub fn store(&self) -> Arc<dyn Store> {
        self.harness.store()
    }

    /// Closes the store and opens it again; a new view follows it.
    pub async fn reopen(&mut self) {
        self.harness.reopen();
        self.views = Arc::new(Views::default());
        follow(&self.harness, &self.views).await;
    }

    /// Lets time pass, and the store notice.
    pub async fn pass(&self, ms: i64) {
        self.harness.advance(ms);
        done(self.store().tick().await);
    }

    /// A fresh id.
    pub fn id(&mut self) -> Uuid {
        self.next_id += 1;
        Uuid::from_u128(self.next_id)
    }

    /// Somebody enters.
    pub async fn enter(&self) -> PlaceNumber {
        done(self.store().enter(&self.event, Enter::default()).await).number
    }

    /// Somebody enters and has a pass.
    pub async fn admitted(&self) -> PlaceNumber {
        let number = self.enter().await;
        done(self.store().collect(&self.event, number).await);
        number
    }

    /// These are present for a minute from now.
    pub async fn present(&self, numbers: &[PlaceNumber]) {
        let until = self.harness.now().plus_ms(60_000);
        let present = numbers.iter().map(|number| (*number, until)).collect();
        done(self.store().seen(&self.event, present).await);
    }

    /// A wish for these seats.
    pub fn wish(&mut self, number: PlaceNumber, seats: &[&str], key: Option<KeyUse>) -> PlaceHold {
        let wanted = Wanted::Seats(seats.iter().map(|seat| seat_id(seat)).collect());
        PlaceHold {
            hold_id: HoldId(self.id()),
            number,
            wanted,
            key,
        }
    }

    /// Holds these seats.
    pub async fn hold(&mut self, number: PlaceNumber, seats: &[&str]) -> Result<Placed> {
        let wish = self.wish(number, seats, None);
        self.store().place_hold(&self.event, wish).await
    }

    /// Holds the best seats.
    pub async fn best(&mut self, number: PlaceNumber, quantity: u32) -> Result<Placed> {
        let request = Request {
            quantity,
            section: None,
            category: None,
            accessible: false,
        };
        let wanted = Wanted::BestAvailable(request);
        let wish = PlaceHold {
            hold_id: HoldId(self.id()),
            number,
            wanted,
            key: None,
        };
        self.store().place_hold(&self.event, wish).await
    }

    /// Confirms a hold.
    pub async fn confirm(&mut self, hold_id: HoldId, used: KeyUse) -> Result<Confirmed> {
        let wish = Confirm {
            hold_id,
            reservation_id: ReservationId(self.id()),
            random: u64::try_from(self.next_id)
                .unwrap_or_default()
                .wrapping_mul(0x9e37_79b9_7f4a_7c15),
            buyer: Buyer {
                name: "Kim".to_owned(),
                contact: "010".to_owned(),
            },
            key: used,
        };
        self.store().confirm(&self.event, wish).await
    }

    /// Somebody enters and buys these seats.
    pub async fn buy(&mut self, seats: &[&str]) -> Reservation {
        let number = self.admitted().await;
        let hold = done(self.hold(number, seats).await).hold;
        match done(self.confirm(hold.hold_id, key("k", "b")).await) {
            Confirmed::Now(reservation) => reservation,
            other @ (Confirmed::Before(_) | Confirmed::ByAnother(_)) => {
                panic!("a new reservation was expected, not {other:?}")
            }
        }
    }

    /// The state of a seat, as everyone sees it.
    pub fn seat(&self, seat: &str) -> jari_domain::seats::SeatState {
        let view = self
            .views
            .event(&self.event)
            .unwrap_or_else(|| panic!("the view knows the event"));
        view.with_seats(|seen| {
            let index = seen
                .hall
                .as_ref()
                .and_then(|hall| hall.map().index_of(&seat_id(seat)));
            seen.seats
                .state(index.unwrap_or_else(|| panic!("the hall has {seat}")))
        })
    }
}

/// The answer, which must be a yes.
pub fn done<T>(answer: Result<T>) -> T {
    answer.unwrap_or_else(|error| panic!("a yes was expected, not {error:?}"))
}

async fn follow<H: Harness>(harness: &H, views: &Arc<Views>) {
    let (store, views) = (harness.store(), Arc::clone(views) as Arc<dyn Follower>);
    // A store may block until it has told everything.
    let told = tokio::task::spawn_blocking(move || store.follow(views)).await;
    assert!(told.is_ok(), "following began");
}
