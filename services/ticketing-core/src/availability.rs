//! `GET /api/events/{event_id}/availability` and its stream.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use jari_contract::refused;
use jari_domain::Refusal;
use jari_store::views::EventView;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use service_kit::sse::StreamPermit;
use service_kit::{Path, Problem, Query, etag};

use crate::{Core, TicketingCore};

/// A stream sends at most ten times a second.
const PAUSE: Duration = Duration::from_millis(100);

/// What the client knows already.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Since {
    /// The version that the client has: only what changed since is answered, if that is still known.
    #[serde(default, deserialize_with = "version")]
    since: Option<u64>,
}

/// A number that no version has is one that is not known: the whole answer is given.
fn version<'de, D: Deserializer<'de>>(text: D) -> Result<Option<u64>, D::Error> {
    let text = String::deserialize(text)?;
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(D::Error::custom("a version is needed: a whole number"));
    }
    Ok(Some(text.parse().unwrap_or(u64::MAX)))
}

/// The states of all seats.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Availability {
    full: bool,
    version: u64,
    map_version: String,
    seats_total: u32,
    free: u32,
    held: u32,
    sold: u32,
    blocked: u32,
    /// Base64 of two bits a seat by index, four seats a byte, lowest bits first: 0 free, 1 held, 2 sold, 3 blocked.
    states: String,
}

/// What changed since a version.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ChangesBody {
    full: bool,
    version: u64,
    map_version: String,
    since: u64,
    /// Index and state of each seat that changed.
    changes: Vec<(u32, u8)>,
}

/// Which seats are free, held, sold or blocked.
#[utoipa::path(
    get, operation_id = "availability_show", path = "/api/events/{event_id}/availability", tag = "events",
    params(("event_id" = String, Path), Since),
    responses((status = 200, body = Availability), (status = 304), (status = 404))
)]
pub async fn show(
    State(core): Core,
    Path(event_id): Path<String>,
    Query(query): Query<Since>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = core.published(&event_id).await?;
    if let Some(changes) = query.since.and_then(|since| changes(&view, since)) {
        let version = changes.version;
        return Ok(answer(
            version,
            serde_json::to_vec(&changes).unwrap_or_default().into(),
        ));
    }
    let served = core
        .served
        .availability(&view)
        .ok_or_else(|| refused(Refusal::MapMissing))?;
    let tag = tag(served.version);
    if etag::none_match(&headers, tag.to_str().unwrap_or_default()) {
        return Ok(etag::not_modified(&tag, "no-cache"));
    }
    Ok(answer(served.version, served.json))
}

/// Changes as they happen: the whole state first, or what is new since `since` or `Last-Event-ID`.
#[utoipa::path(
    get, operation_id = "availability_stream", path = "/api/events/{event_id}/availability/stream", tag = "events",
    params(("event_id" = String, Path), Since),
    responses((status = 200, content_type = "text/event-stream", body = ChangesBody), (status = 503))
)]
pub async fn stream(
    State(core): Core,
    Path(event_id): Path<String>,
    Query(query): Query<Since>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = core.published(&event_id).await?;
    let permit = core.streams.enter()?;
    let streams = core.streams.clone();
    let last_id = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let follow = Follow {
        core,
        view,
        known: last_id.or(query.since),
        started: false,
        _permit: permit,
    };
    Ok(streams.answer(futures_util::stream::unfold(follow, next)))
}

struct Follow {
    core: Arc<TicketingCore>,
    view: Arc<EventView>,
    known: Option<u64>,
    started: bool,
    _permit: StreamPermit,
}

async fn next(mut follow: Follow) -> Option<(Result<Event, Infallible>, Follow)> {
    let mut wake = follow.view.seats_changes();
    loop {
        if follow.started {
            tokio::time::sleep(PAUSE).await;
        }
        let news = follow.known.map(|since| changes(&follow.view, since));
        let (version, json) = match news {
            Some(Some(nothing)) if nothing.changes.is_empty() && follow.started => {
                wake.changed().await.ok()?;
                continue;
            }
            Some(Some(changes)) => (changes.version, serde_json::to_string(&changes).ok()?),
            Some(None) | None => {
                let served = follow.core.served.availability(&follow.view)?;
                (
                    served.version,
                    String::from_utf8(served.json.to_vec()).ok()?,
                )
            }
        };
        follow.started = true;
        follow.known = Some(version);
        return Some((
            Ok(Event::default()
                .event("changes")
                .id(version.to_string())
                .data(json)),
            follow,
        ));
    }
}

fn changes(view: &EventView, since: u64) -> Option<ChangesBody> {
    view.with_seats(|seen| {
        let changes = seen.seats.changes_since(since)?;
        Some(ChangesBody {
            full: false,
            version: seen.seats.version(),
            map_version: seen.hall.as_ref()?.version().to_owned(),
            since,
            changes: changes
                .into_iter()
                .map(|(seat, state)| (seat, state as u8))
                .collect(),
        })
    })
}

fn tag(version: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"v{version}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("\"v0\""))
}

fn answer(version: u64, json: Bytes) -> Response {
    let mut response = json.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::ETAG, tag(version));
    response
}
