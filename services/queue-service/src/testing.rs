//! A line to test: the real store in a directory of its own, and a clock that stands still.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, Response};
use http_body_util::BodyExt;
use jari_contract::Means;
use jari_domain::Timestamp;
use jari_domain::event::{EventSettings, QueueSettings};
use jari_domain::fact::{Buyer, KeyUse};
use jari_domain::id::{Digest, EventId, HoldId, PlaceNumber, ReservationId, SeatId};
use jari_domain::line::LineFact;
use jari_domain::map::{Category, Point, Positions, Row, Seat, SeatMap, Section, Size};
use jari_domain::sale::{Change, Confirm, FIRST_EPOCH, PlaceHold, Wanted};
use jari_store::views::Views;
use jari_store::{Events, Follower, Holds, Reservations, Store as _, Upkeep};
use jari_store_embedded::EmbeddedStore;
use jari_token::{EntrySigner, Keyring, Secret, Ticket};
use serde_json::{Value, json};
use service_kit::Clock;
use service_kit::clock::ManualClock;
use service_kit::entropy::SeededEntropy;
use service_kit::sse::Streams;
use tower::ServiceExt;
use uuid::Uuid;

use crate::{QueueService, STREAMS_AT_MOST, router};

/// 2027-01-15T08:00:00Z.
pub const NOW_MS: i64 = 1_800_000_000_000;
/// All seats of the hall.
const SEATS: [&str; 2] = ["A-1-1", "A-1-2"];

/// A line to test, that of the event "gala".
pub struct TestLine {
    pub queue: Arc<QueueService>,
    clock: Arc<ManualClock>,
    store: Arc<EmbeddedStore>,
    router: axum::Router,
    _directory: tempfile::TempDir,
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

    /// The ticket of a place.
    pub fn ticket(&self) -> String {
        self.body["ticket"].as_str().unwrap().to_owned()
    }
}

impl TestLine {
    /// On sale as events usually are.
    pub async fn open() -> Self {
        Self::with(|_| ()).await
    }

    /// On sale with these settings.
    pub async fn with(change: impl FnOnce(&mut EventSettings)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(NOW_MS));
        let time = Arc::clone(&clock);
        let now = Arc::new(move || Timestamp(time.now_ms()));
        let store = Arc::new(EmbeddedStore::open(directory.path(), now).unwrap());
        let means = means(&store, &clock).await;
        let queue = QueueService::new(
            means,
            Arc::clone(&store) as _,
            Arc::clone(&store) as _,
            Streams::at_most(STREAMS_AT_MOST),
        );
        let line = Self {
            router: router(Arc::clone(&queue)),
            queue,
            clock,
            store,
            _directory: directory,
        };
        line.event("gala", 1, change).await;
        line
    }

    /// Puts an event on sale.
    pub async fn event(
        &self,
        event_id: &str,
        uid: u64,
        change: impl FnOnce(&mut EventSettings),
    ) -> String {
        let mut settings = settings(event_id);
        change(&mut settings);
        let id = settings.event_id.clone();
        self.store.create(settings, uid).await.unwrap();
        self.store.set_map(&id, Arc::new(map())).await.unwrap();
        self.store.open(&id).await.unwrap();
        event_id.to_owned()
    }

    /// Makes an event that is not public.
    pub async fn draft(&self, event_id: &str, uid: u64) {
        self.store.create(settings(event_id), uid).await.unwrap();
    }

    pub async fn pause(&self, message: Option<&str>) {
        let message = message.map(str::to_owned);
        self.store.pause(&gala(), message).await.unwrap();
    }

    /// Goes on after a pause, and lets time come by.
    pub async fn resume(&self) {
        self.store.resume(&gala()).await.unwrap();
        self.store.tick().await.unwrap();
    }

    pub async fn close(&self) {
        self.store.close(&gala()).await.unwrap();
    }

    /// Lets time pass, here and in the sale.
    pub async fn pass_time(&self, ms: i64) {
        self.clock.advance(ms);
        self.store.tick().await.unwrap();
    }

    /// Buys all seats with the pass of this place.
    pub async fn buy_everything(&self, number: PlaceNumber) {
        let hold_id = HoldId(Uuid::from_u128(1));
        let seats = SEATS.map(|seat| SeatId::parse(seat).unwrap());
        let wish = PlaceHold {
            hold_id,
            number,
            wanted: Wanted::Seats(seats.to_vec()),
            key: None,
        };
        self.store.place_hold(&gala(), wish).await.unwrap();
        let wish = Confirm {
            hold_id,
            reservation_id: ReservationId(Uuid::from_u128(2)),
            random: 3,
            buyer: Buyer {
                name: "Ada Lovelace".to_owned(),
                contact: "010-1815-1852".to_owned(),
            },
            key: KeyUse {
                key: Digest([0; 32]),
                body: Digest([0; 32]),
            },
        };
        self.store.confirm(&gala(), wish).await.unwrap();
    }

    /// Shows in the view alone that somebody has left.
    pub fn show_left(&self, number: PlaceNumber) {
        let change = Change::Line(Timestamp(NOW_MS), LineFact::Left { number });
        self.queue.means.views.changed(&gala(), &[change]);
    }

    /// Tickets of this many people who enter one after the other.
    pub async fn tickets(&self, people: usize) -> Vec<String> {
        let mut tickets = Vec::new();
        for _ in 0..people {
            tickets.push(self.enter(None).await.ticket());
        }
        tickets
    }

    /// A genuine ticket of any place.
    pub fn ticket_of(&self, number: PlaceNumber) -> String {
        let view = self.queue.means.published("gala").unwrap();
        Ticket {
            event_uid: view.uid(),
            epoch: FIRST_EPOCH,
            number,
            expires_at: Timestamp(NOW_MS + 60_000),
        }
        .sign(&self.queue.means.keyring)
    }

    pub async fn enter(&self, visitor: Option<&str>) -> Answer {
        self.enter_at("gala", visitor).await
    }

    pub async fn enter_at(&self, event_id: &str, visitor: Option<&str>) -> Answer {
        let body = json!({ "event_id": event_id, "visitor": visitor });
        self.post("/api/queue/enter", None, &body).await
    }

    pub async fn enter_with(&self, ticket: &str, visitor: Option<&str>) -> Answer {
        let body = json!({ "event_id": "gala", "visitor": visitor });
        self.post("/api/queue/enter", Some(ticket), &body).await
    }

    pub async fn status(&self, ticket: &str) -> Answer {
        self.get("/api/queue/status?event_id=gala", Some(ticket))
            .await
    }

    pub async fn leave(&self, ticket: &str) -> Answer {
        let body = json!({ "event_id": "gala" });
        self.post("/api/queue/leave", Some(ticket), &body).await
    }

    pub async fn stream(&self, ticket: &str) -> Stream {
        let request = request("GET", "/api/queue/stream?event_id=gala", Some(ticket));
        let response = self.send(request.body(Body::empty()).unwrap()).await;
        let (parts, body) = response.into_parts();
        Stream {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    pub async fn get(&self, path: &str, ticket: Option<&str>) -> Answer {
        let request = request("GET", path, ticket).body(Body::empty()).unwrap();
        read(self.send(request).await).await
    }

    pub async fn get_if_none_match(&self, path: &str, tag: &str) -> Answer {
        let request = request("GET", path, None).header("if-none-match", tag);
        read(self.send(request.body(Body::empty()).unwrap()).await).await
    }

    pub async fn post(&self, path: &str, ticket: Option<&str>, body: &Value) -> Answer {
        let request = request("POST", path, ticket).header("content-type", "application/json");
        let request = request.body(Body::from(body.to_string())).unwrap();
        read(self.send(request).await).await
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }
}

/// A stream of places.
pub struct Stream {
    pub status: u16,
    pub headers: HeaderMap,
    body: Body,
}

/// One event of a stream.
pub struct Sent {
    pub id: String,
    pub event: String,
    pub data: Value,
}

impl Stream {
    /// The next event; `None` at the end. Comments that keep a connection alive are passed over.
    pub async fn place(&mut self) -> Option<Sent> {
        loop {
            let bytes = self.body.frame().await?.unwrap().into_data().unwrap();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            if text.starts_with(':') {
                continue;
            }
            let field = |name: &str| {
                let mut lines = text.lines().filter_map(|line| line.split_once(": "));
                let (_, value) = lines.find(|(field, _)| *field == name).unwrap();
                value.to_owned()
            };
            return Some(Sent {
                id: field("id"),
                event: field("event"),
                data: serde_json::from_str(&field("data")).unwrap(),
            });
        }
    }
}

fn request(method: &str, path: &str, ticket: Option<&str>) -> axum::http::request::Builder {
    let request = Request::builder().method(method).uri(path);
    match ticket {
        Some(ticket) => request.header("authorization", format!("Bearer {ticket}")),
        None => request,
    }
}

async fn read(response: Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let body = match text.as_str() {
        "" => Value::Null,
        text => serde_json::from_str(text).unwrap(),
    };
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        text,
        body,
    }
}

async fn means(store: &Arc<EmbeddedStore>, clock: &Arc<ManualClock>) -> Means {
    let views = Arc::new(Views::default());
    let (leader, follower) = (Arc::clone(store), Arc::clone(&views));
    // Following waits for the store, which a thread that serves must not.
    tokio::task::spawn_blocking(move || leader.follow(follower))
        .await
        .unwrap();
    Means {
        views,
        keyring: Arc::new(Keyring::new(Secret::generate([1; 32]), None)),
        entry_signer: Arc::new(EntrySigner::new(&Secret::generate([2; 32]))),
        clock: Arc::clone(clock) as _,
        entropy: Arc::new(SeededEntropy::new(1)),
        stats: Vec::new(),
    }
}

fn gala() -> EventId {
    EventId::parse("gala").unwrap()
}

fn settings(event_id: &str) -> EventSettings {
    EventSettings {
        event_id: EventId::parse(event_id).unwrap(),
        name: "Gala".to_owned(),
        venue: "Hall".to_owned(),
        description: None,
        starts_at: Timestamp(NOW_MS).plus_seconds(86_400),
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

/// One row of two seats.
fn map() -> SeatMap {
    let seat = |number: u32| Seat {
        seat_id: SeatId::parse(&format!("A-1-{number}")).unwrap(),
        number: number.to_string(),
        x: f64::from(number),
        y: 1.0,
        category: "Stalls".to_owned(),
        accessible: false,
    };
    SeatMap {
        name: "Hall".to_owned(),
        size: Size {
            width: 4.0,
            height: 2.0,
        },
        focus: Point { x: 1.5, y: 0.0 },
        positions: Positions::Given,
        categories: vec![Category {
            name: "Stalls".to_owned(),
            color: "#336699".to_owned(),
            price: Some(1000),
        }],
        sections: vec![Section {
            name: "A".to_owned(),
            rows: vec![Row {
                name: "1".to_owned(),
                seats: vec![seat(1), seat(2)],
            }],
        }],
        shapes: Vec::new(),
    }
}
