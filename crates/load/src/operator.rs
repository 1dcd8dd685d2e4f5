//! What the operator does before and after: makes the event, opens it, reads what was sold.

use std::sync::Arc;

use bytes::Bytes;
use hyper::http::uri::PathAndQuery;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Seat;
use crate::connection::{AskError, Connection, Request, Target};
use crate::ledger::ids;
use crate::numbers::whole;
use crate::scenario::{EventPlan, Hall, Scenario};

const STADIUM: &[u8] = include_bytes!("../../../venues/metalist-stadium.csv");
const CONCERT_HALL: &[u8] = include_bytes!("../../../venues/ekcc-hall.pretix.json");
/// Reservations on one page of a list, the most that there may be.
const PAGE: u32 = 1000;
const CSV: &str = "text/csv";
const PRETIX: &str = "application/vnd.pretix.seating-plan+json";
const JSON: &str = "application/json";

/// The map that an event is given.
#[derive(Debug, Clone)]
pub struct MapFile {
    /// What it is.
    pub content_type: &'static str,
    /// The file.
    pub bytes: Bytes,
}

impl MapFile {
    /// One of those that are in the program.
    pub const fn of(hall: Hall) -> Self {
        let (content_type, bytes) = match hall {
            Hall::Stadium => (CSV, STADIUM),
            Hall::ConcertHall => (PRETIX, CONCERT_HALL),
        };
        Self {
            content_type,
            bytes: Bytes::from_static(bytes),
        }
    }
}

/// A reservation as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Which one.
    pub reservation_id: String,
    /// What finds it.
    pub code: String,
    /// Its seats, in the order of their ids.
    pub seats: Vec<String>,
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Item>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    reservation_id: String,
    code: String,
    seats: Vec<Seat>,
}

/// The operator of a server.
pub struct Operator {
    connection: Connection,
    key: Arc<str>,
}

impl Operator {
    /// With this key.
    pub fn of(target: Target, key: &str) -> Self {
        Self {
            connection: Connection::to(target),
            key: key.into(),
        }
    }

    /// An event, drafts too, with its line and prices.
    pub async fn event(&mut self, event_id: &str) -> Result<Value, AskError> {
        let path = path(&format!("/api/admin/events/{event_id}"))?;
        self.json(Request::get(&path)).await
    }

    /// The map of an event, drafts too, as this API writes it.
    pub async fn map(&mut self, event_id: &str) -> Result<MapFile, AskError> {
        let path = path(&format!("/api/admin/events/{event_id}/map"))?;
        let request = Request::get(&path).bearer(&self.key);
        Ok(MapFile {
            content_type: JSON,
            bytes: self.connection.success(&request).await?.body,
        })
    }

    /// Makes the event of a scenario and opens it: on sale at once, or after its time.
    pub async fn put_on_sale(
        &mut self,
        event_id: &str,
        scenario: &Scenario,
        map: &MapFile,
    ) -> Result<(), AskError> {
        let now = self.server_time().await?;
        let mut event = form(event_id, &scenario.event);
        let opens = scenario.event.opens_after_seconds;
        if let Some(at) = opens.and_then(|seconds| later(now, seconds)) {
            event["sale_opens_at"] = json!(at.to_string());
        }
        self.json(Request::post(
            &path("/api/admin/events")?,
            event.to_string(),
        ))
        .await?;
        let this = format!("/api/admin/events/{event_id}");
        let put = path(&format!("{this}/map"))?;
        let put = Request::put(&put, map.content_type, map.bytes.clone());
        self.json(put).await?;
        self.json(Request::post(&path(&format!("{this}/open"))?, ""))
            .await?;
        Ok(())
    }

    /// Ends the sale of an event.
    pub async fn close(&mut self, event_id: &str) -> Result<(), AskError> {
        let path = path(&format!("/api/admin/events/{event_id}/close"))?;
        self.json(Request::post(&path, "")).await.map(|_| ())
    }

    /// Keys for so many gates of an event.
    pub async fn staff_keys(
        &mut self,
        event_id: &str,
        gates: u32,
    ) -> Result<Vec<Arc<str>>, AskError> {
        let path = path("/api/admin/staff-keys")?;
        let mut keys = Vec::new();
        for gate in 1..=gates {
            let wish = json!({ "event_ids": [event_id], "name": format!("Gate {gate}") });
            let made = self.json(Request::post(&path, wish.to_string())).await?;
            keys.push(made["key"].as_str().unwrap_or_default().into());
        }
        Ok(keys)
    }

    /// Every reservation that is stored of an event and lives.
    pub async fn stored(&mut self, event_id: &str) -> Result<Vec<Stored>, AskError> {
        let all = format!("/api/admin/events/{event_id}/reservations?limit={PAGE}");
        let mut next = all.clone();
        let mut stored = Vec::new();
        loop {
            let request = Request::get(&path(&next)?).bearer(&self.key);
            let page: Page = self.connection.json(&request).await?;
            stored.extend(page.items.into_iter().map(|item| Stored {
                seats: ids(&item.seats),
                reservation_id: item.reservation_id,
                code: item.code,
            }));
            match page.next_cursor {
                Some(cursor) => next = format!("{all}&cursor={cursor}"),
                None => return Ok(stored),
            }
        }
    }

    /// How many seats the server has as sold, and as free.
    pub async fn seats(&mut self, event_id: &str) -> Result<(u64, u64), AskError> {
        let path = path(&format!("/api/admin/events/{event_id}/stats"))?;
        let stats = self.json(Request::get(&path)).await?;
        let number = |name: &str| stats["seats"][name].as_u64().unwrap_or_default();
        Ok((number("sold"), number("free")))
    }

    /// How many seats the door has let in.
    pub async fn seats_let_in(&mut self, event_id: &str, key: &Arc<str>) -> Result<u64, AskError> {
        let path = path(&format!("/staff/events/{event_id}/stats"))?;
        let request = Request::get(&path).bearer(key);
        let stats: Value = self.connection.json(&request).await?;
        Ok(stats["admitted_seats"].as_u64().unwrap_or_default())
    }

    async fn server_time(&mut self) -> Result<jiff::Timestamp, AskError> {
        let request = Request::get(&PathAndQuery::from_static("/api/time"));
        let told: Value = self.connection.json(&request).await?;
        let time = told["server_time"].as_str().unwrap_or_default();
        time.parse().map_err(|_| AskError::Refused {
            what: "GET /api/time".to_owned(),
            status: 200,
            told: told.to_string(),
        })
    }

    async fn json(&mut self, request: Request) -> Result<Value, AskError> {
        self.connection.json(&request.bearer(&self.key)).await
    }
}

fn path(text: &str) -> Result<PathAndQuery, AskError> {
    text.parse().map_err(|_| AskError::Url {
        url: text.to_owned(),
        why: "it is no path".to_owned(),
    })
}

fn later(now: jiff::Timestamp, seconds: f64) -> Option<jiff::Timestamp> {
    let ms = i64::try_from(whole(seconds * 1000.0)).ok()?;
    now.checked_add(jiff::SignedDuration::from_millis(ms)).ok()
}

fn form(event_id: &str, plan: &EventPlan) -> Value {
    json!({
        "event_id": event_id,
        "name": "A crowd, for trying the server",
        "venue": "Nowhere",
        "starts_at": "2099-01-01T10:00:00Z",
        "currency": "EUR",
        "hold_seconds": plan.hold_seconds,
        "max_seats_per_buyer": plan.max_seats_per_buyer,
        "prices": plan.prices,
        "queue": {
            "capacity": plan.capacity,
            "pass_seconds": plan.pass_seconds,
            "max_admitted_per_second": plan.max_admitted_per_second,
        },
    })
}
