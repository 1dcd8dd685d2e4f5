//! `GET /api/queue/status`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use service_kit::{Bearer, Problem, Query};

use crate::{Queue, QueueService};
use jari_domain::Timestamp;
use jari_domain::id::PlaceNumber;
use jari_store::views::EventView;

/// Which line.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    pub event_id: String,
}

/// A place in line, for whoever shows its ticket.
#[utoipa::path(
    get, operation_id = "status", path = "/api/queue/status", tag = "queue", params(EventQuery),
    responses(
        (status = 200, body = crate::place::PlaceBody), (status = 401),
        (status = 403), (status = 404), (status = 429)
    )
)]
pub async fn status(
    State(queue): Queue,
    Query(query): Query<EventQuery>,
    Bearer(ticket): Bearer,
) -> Result<Response, Problem> {
    let now = queue.means.now();
    let (view, number) = queue.holder(&query.event_id, ticket.as_deref(), now)?;
    queue.check_politeness(&view, number, now)?;
    Ok(queue
        .place(&view, number, ticket.unwrap_or_default(), now)
        .await
        .answer(StatusCode::OK))
}

impl QueueService {
    /// Refuses a ticket that asks more than any page would.
    pub fn check_politeness(
        &self,
        view: &EventView,
        number: PlaceNumber,
        now: Timestamp,
    ) -> Result<(), Problem> {
        if self.politeness.allows(view.uid(), number, now) {
            return Ok(());
        }
        let detail =
            "This ticket asks more than 20 times a second. poll_after_ms says when to ask again.";
        Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).retry_after(1))
    }
}
