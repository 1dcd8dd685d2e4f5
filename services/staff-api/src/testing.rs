//! A door to test: the real store in a directory of its own, with one event, and a clock that stands still.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt;
use jari_contract::Means;
use jari_domain::event::{EventSettings, QueueSettings};
use jari_domain::fact::{AuditEntry, Buyer, KeyUse};
use jari_domain::id::{CheckInId, Digest, EventId, HoldId, ReservationId, SeatId, StaffKeyId};
use jari_domain::map::{Category, Point, Positions, Row, Seat, SeatMap, Section, Size};
use jari_domain::sale::{CheckInRequest, Confirm, Confirmed, Enter, PlaceHold, Ticket, Wanted};
use jari_domain::shop::StaffKey;
use jari_domain::{Timestamp, code};
use jari_store::views::Views;
use jari_store::{AuditTrail, Door, Events, Holds, Line, Reservations, StaffKeys, Upkeep};
use jari_store_embedded::EmbeddedStore;
use jari_token::{EntrySigner, EntryToken, Keyring, PublicKey, Secret, hash_key};
use serde_json::{Value, json};
use service_kit::Clock;
use service_kit::clock::ManualClock;
use service_kit::entropy::SeededEntropy;
use tokio::sync::watch;
use tower::ServiceExt;
use uuid::Uuid;

use crate::from_core::testing::state_of;
use crate::router;

/// 2027-01-15T08:00:00Z.
const NOW_MS: i64 = 1_800_000_000_000;
/// How long after [`NOW_MS`] entry tokens are valid.
pub const TOKEN_LASTS_MS: i64 = 7 * 86_400_000;
/// A staff key for "gala", of "North gate".
pub const KEY: &str = "jsk_north";
/// Another one, of "South gate".
pub const OTHER_KEY: &str = "jsk_south";

/// A door to test, with the event "gala".
pub struct TestDoor {
    pub clock: Arc<ManualClock>,
    pub key_id: StaffKeyId,
    store: Arc<EmbeddedStore>,
    means: Means,
    router: axum::Router,
    news: Option<watch::Receiver<bool>>,
    _directory: tempfile::TempDir,
}

/// A reservation, and what its buyer carries.
pub struct Bought {
    pub reservation_id: ReservationId,
    pub code: String,
    pub seats: Vec<String>,
    pub entry_token: String,
}

impl Bought {
    /// Codes of the right form that no reservation has, if this is the only one.
    pub fn wrong_codes(&self, count: usize) -> Vec<String> {
        let codes = (0..).map(|number| code::as_text(number, 4));
        codes
            .filter(|code| *code != self.code)
            .take(count)
            .collect()
    }
}

/// What was answered.
#[derive(Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    /// `text` as JSON; null if it is empty.
    pub body: Value,
}

impl Answer {
    /// Status and code of a problem.
    pub fn told(&self) -> (u16, &str) {
        let is_problem = self
            .headers
            .get("content-type")
            .is_some_and(|t| t == "application/problem+json");
        assert!(is_problem, "{self:?}");
        (self.status, self.body["code"].as_str().unwrap())
    }
}

/// The ids of seats in an answer.
pub fn seat_ids(seats: &Value) -> Vec<String> {
    let seats = seats.as_array().unwrap().iter();
    seats
        .map(|seat| seat["seat_id"].as_str().unwrap().to_owned())
        .collect()
}

impl TestDoor {
    pub async fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(NOW_MS));
        let time = Arc::clone(&clock);
        let now = Arc::new(move || Timestamp(time.now_ms()));
        let store = Arc::new(EmbeddedStore::open(directory.path(), now).unwrap());
        let means = means(&clock);
        let (state, news) = state_of(&store, &means).await;
        let key_id = StaffKeyId(Uuid::from_u128(1));
        let router = router(state);
        let door = Self {
            clock,
            key_id,
            store,
            means,
            router,
            news,
            _directory: directory,
        };
        door.event("gala", 1).await;
        door.add_key(key_id, "North gate", KEY).await;
        door.add_key(StaffKeyId(Uuid::from_u128(2)), "South gate", OTHER_KEY)
            .await;
        door
    }

    async fn add_key(&self, id: StaffKeyId, name: &str, key: &str) {
        let event_ids = vec![EventId::parse("gala").unwrap()];
        let key = StaffKey {
            id,
            name: name.to_owned(),
            event_ids,
            key: hash_key(key),
        };
        self.store.add_staff_key(key).await.unwrap();
    }

    /// Withdraws [`KEY`].
    pub async fn withdraw_key(&self) {
        self.store.remove_staff_key(self.key_id).await.unwrap();
    }

    /// Puts an event on sale.
    pub async fn event(&self, event_id: &str, uid: u64) {
        let event_id = EventId::parse(event_id).unwrap();
        self.store.create(settings(&event_id), uid).await.unwrap();
        self.store
            .set_map(&event_id, Arc::new(map()))
            .await
            .unwrap();
        self.store.open(&event_id).await.unwrap();
        // Nobody is answered before the views know it, but for news that come over the network.
        if let Some(mut news) = self.news.clone() {
            while self.means.views.published(&event_id).is_none() {
                news.changed().await.unwrap();
            }
        }
    }

    /// Buys seats, all the way from the line.
    pub async fn buy(&self, event_id: &str, seats: &[&str]) -> Bought {
        let event_id = EventId::parse(event_id).unwrap();
        let number = self
            .store
            .enter(&event_id, Enter::default())
            .await
            .unwrap()
            .number;
        self.store.tick().await.unwrap();
        self.store.collect(&event_id, number).await.unwrap();
        let hold_id = HoldId(self.uuid());
        let wanted = Wanted::Seats(
            seats
                .iter()
                .map(|seat| SeatId::parse(seat).unwrap())
                .collect(),
        );
        let wish = PlaceHold {
            hold_id,
            number,
            wanted,
            key: None,
        };
        self.store.place_hold(&event_id, wish).await.unwrap();
        let buyer = Buyer {
            name: "Ada Lovelace".to_owned(),
            contact: "010-1815-1852".to_owned(),
        };
        let wish = Confirm {
            hold_id,
            reservation_id: ReservationId(self.uuid()),
            random: self.means.entropy.number(),
            buyer,
            key: KeyUse {
                key: Digest([0; 32]),
                body: Digest([0; 32]),
            },
        };
        let Confirmed::Now(reservation) = self.store.confirm(&event_id, wish).await.unwrap() else {
            panic!("the hold is new");
        };
        let reservation_id = reservation.reservation_id;
        Bought {
            reservation_id,
            code: code::as_text(reservation.code, 4),
            seats: seats.iter().map(ToString::to_string).collect(),
            entry_token: self.sign(event_id.as_str(), reservation_id.0),
        }
    }

    /// An entry token of this event for any reservation.
    pub fn sign(&self, event_id: &str, reservation_id: Uuid) -> String {
        let token = EntryToken {
            event_uid: self.event_uid(event_id),
            reservation_id: ReservationId(reservation_id),
            expires_at: Timestamp(NOW_MS + TOKEN_LASTS_MS),
        };
        token.sign(&self.means.entry_signer)
    }

    /// The number of an event in its tokens.
    pub fn event_uid(&self, event_id: &str) -> u64 {
        self.means.any_event(event_id).unwrap().head().uid
    }

    pub fn public_key(&self) -> PublicKey {
        self.means.entry_signer.public_key()
    }

    pub async fn cancel(&self, bought: &Bought) {
        self.store
            .cancel_by_buyer(bought.reservation_id, 0)
            .await
            .unwrap();
    }

    /// Lets everybody of a reservation in at an event that no key is for.
    pub async fn check_in_elsewhere(&self, event_id: &str, bought: &Bought) -> CheckInId {
        let check_in_id = CheckInId(self.uuid());
        let request = CheckInRequest {
            check_in_id,
            ticket: Ticket::EntryToken(Some(bought.reservation_id)),
            seats: None,
            gate: None,
            nonce: None,
            occurred_at: None,
            staff_key: self.key_id,
            was_offline: false,
        };
        let event_id = EventId::parse(event_id).unwrap();
        Door::check_in(&*self.store, &event_id, request)
            .await
            .unwrap();
        check_in_id
    }

    /// What is on record of this action, newest first.
    pub async fn audited(&self, action: &str) -> Vec<AuditEntry> {
        let entries = self.store.audit(None, 1000).await.unwrap();
        let entries = entries.into_iter().map(|(_, entry)| entry);
        entries.filter(|entry| entry.action == action).collect()
    }

    pub async fn look_up(&self, key: &str, code: &str) -> Answer {
        self.post(key, "/staff/events/gala/lookup", json!({ "code": code }))
            .await
    }

    pub async fn check_in(&self, key: &str, body: Value) -> Answer {
        self.post(key, "/staff/events/gala/check-ins", body).await
    }

    pub async fn void(&self, key: &str, check_in_id: &Value) -> Answer {
        let path = format!("/staff/check-ins/{}/void", check_in_id.as_str().unwrap());
        self.post(key, &path, json!({ "reason": "wrong ticket" }))
            .await
    }

    pub async fn get(&self, key: &str, path: &str) -> Answer {
        self.ask("GET", key, path, None).await
    }

    pub async fn get_if_none_match(&self, key: &str, path: &str, tag: &str) -> Answer {
        let request = request("GET", key, path).header("if-none-match", tag);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, key: &str, path: &str, body: Value) -> Answer {
        self.ask("POST", key, path, Some(body)).await
    }

    pub async fn ask(&self, method: &str, key: &str, path: &str, body: Option<Value>) -> Answer {
        let request = request(method, key, path).header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap()
        };
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text,
            body,
        }
    }

    fn uuid(&self) -> Uuid {
        self.means.entropy.uuid(self.clock.now_ms())
    }
}

fn means(clock: &Arc<ManualClock>) -> Means {
    Means {
        views: Arc::new(Views::default()),
        keyring: Arc::new(Keyring::new(Secret::generate([1; 32]), None)),
        entry_signer: Arc::new(EntrySigner::new(&Secret::generate([2; 32]))),
        clock: Arc::clone(clock) as _,
        entropy: Arc::new(SeededEntropy::new(1)),
        stats: Vec::new(),
    }
}

fn request(method: &str, key: &str, path: &str) -> axum::http::request::Builder {
    let request = Request::builder().method(method).uri(path);
    if key.is_empty() {
        request
    } else {
        request.header("authorization", format!("Bearer {key}"))
    }
}

fn settings(event_id: &EventId) -> EventSettings {
    EventSettings {
        event_id: event_id.clone(),
        name: "Gala".to_owned(),
        venue: "Hall".to_owned(),
        description: None,
        starts_at: Timestamp(NOW_MS).plus_seconds(3600),
        time_zone: "Asia/Seoul".to_owned(),
        sale_opens_at: None,
        sale_closes_at: None,
        currency: "KRW".to_owned(),
        hold_seconds: 300,
        max_seats_per_buyer: 8,
        code_digits: None,
        prices: std::collections::BTreeMap::new(),
        queue: QueueSettings::default(),
    }
}

/// One section, two rows of four.
fn map() -> SeatMap {
    let seat = |row: u32, number: u32| Seat {
        seat_id: SeatId::parse(&format!("A-{row}-{number}")).unwrap(),
        number: number.to_string(),
        x: f64::from(number),
        y: f64::from(row),
        category: "Stalls".to_owned(),
        accessible: false,
    };
    let row = |name: u32| Row {
        name: name.to_string(),
        seats: (1..=4).map(|number| seat(name, number)).collect(),
    };
    SeatMap {
        name: "Hall".to_owned(),
        size: Size {
            width: 5.0,
            height: 3.0,
        },
        focus: Point { x: 2.5, y: 0.0 },
        positions: Positions::Given,
        categories: vec![Category {
            name: "Stalls".to_owned(),
            color: "#336699".to_owned(),
            price: Some(1000),
        }],
        sections: vec![Section {
            name: "A".to_owned(),
            rows: vec![row(1), row(2)],
        }],
        shapes: Vec::new(),
    }
}
