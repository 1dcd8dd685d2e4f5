//! `GET /api/queue/board/{event_id}`

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jari_domain::event::Phase;
use serde::Serialize;
use service_kit::time::Utc;
use service_kit::{Path, Problem};

use crate::Queue;

/// What everyone may know of a line.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BoardBody {
    event_id: String,
    /// The event's state.
    state: &'static str,
    waiting: u64,
    /// Passes that live.
    admitted: u64,
    capacity: u32,
    admitted_per_minute: u32,
    seats_left: u32,
    /// What the organiser tells those who wait.
    message: Option<String>,
    updated_at: Utc,
}

/// The public board of a line: the same for everyone, and good for a second.
#[utoipa::path(
    get, operation_id = "board", path = "/api/queue/board/{event_id}", tag = "queue", params(("event_id" = String, Path)),
    responses((status = 200, body = BoardBody), (status = 404))
)]
pub async fn board(State(queue): Queue, Path(event_id): Path<String>) -> Result<Response, Problem> {
    let view = queue.means.published(&event_id)?;
    let now = queue.means.now();
    let head = view.head();
    let (counts, admitted_per_minute) = view.line_counts(now);
    let message = match &head.phase {
        Phase::Paused { message } => message.clone(),
        Phase::Draft | Phase::Open | Phase::Closed => None,
    };
    let body = BoardBody {
        event_id: event_id.clone(),
        state: view.state(now).as_str(),
        waiting: counts.waiting,
        admitted: counts.active,
        capacity: head.settings.queue.capacity,
        admitted_per_minute,
        seats_left: view.counts().free,
        message,
        updated_at: Utc(now.0),
    };
    Ok(([(header::CACHE_CONTROL, "public, max-age=1")], Json(body)).into_response())
}
