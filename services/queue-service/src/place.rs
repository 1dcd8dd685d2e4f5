//! A place, as its holder is told.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jari_domain::Timestamp;
use jari_domain::event::Phase;
use jari_domain::id::PlaceNumber;
use jari_domain::line::{PlaceState, Standing, Word};
use jari_store::views::EventView;
use serde::Serialize;
use service_kit::time::Utc;

use crate::QueueService;

/// A place in line.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlaceBody {
    pub event_id: String,
    /// `waiting`, `admitted`, `expired`, `done`, `left`, `sold_out`, `paused`, `not_open`, `closed` or `recovering`.
    #[schema(value_type = String)]
    pub state: Word,
    pub ticket: String,
    /// People in line with a lower number who are not parked, + 1; 0 with a pass; null once the place has ended.
    pub position: Option<u64>,
    pub ahead: Option<u64>,
    pub behind: Option<u64>,
    pub eta_seconds: Option<EtaBody>,
    /// When to ask again, in milliseconds.
    pub poll_after_ms: u32,
    /// With state `admitted`: what holds seats.
    pub pass: Option<String>,
    pub pass_expires_at: Option<Utc>,
    /// What the organiser tells those who wait.
    pub message: Option<String>,
    pub server_time: Utc,
}

/// The wait to expect, in seconds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EtaBody {
    /// As likely sooner as later.
    pub p50: u32,
    /// Nine times in ten not later.
    pub p90: u32,
}

impl QueueService {
    /// A place as it is now. A pass that is shown is collected by that.
    pub async fn place(
        &self,
        view: &Arc<EventView>,
        number: PlaceNumber,
        ticket: String,
        now: Timestamp,
    ) -> PlaceBody {
        if view.place(number) == PlaceState::Called {
            // If the store can't say so now, the pass is not shown yet and is asked for again.
            if let Err(error) = self.line.collect(view.event_id(), number).await {
                tracing::debug!(%error, "a pass was not collected");
            }
        }
        let standing = view.standing(number, now);
        self.presence.note(view, number, &standing, now);
        self.body(view, number, ticket, &standing, now)
    }

    fn body(
        &self,
        view: &EventView,
        number: PlaceNumber,
        ticket: String,
        standing: &Standing,
        now: Timestamp,
    ) -> PlaceBody {
        let pass = standing
            .pass_expires_at
            .map(|at| self.pass(view.uid(), number, at));
        let message = match &view.head().phase {
            Phase::Paused { message } => message.clone(),
            Phase::Draft | Phase::Open | Phase::Closed => None,
        };
        PlaceBody {
            event_id: view.event_id().to_string(),
            state: standing.state,
            ticket,
            position: standing.position,
            ahead: standing.ahead,
            behind: standing.behind,
            eta_seconds: standing.eta.map(|eta| EtaBody {
                p50: eta.p50,
                p90: eta.p90,
            }),
            poll_after_ms: standing.poll_after_ms,
            pass,
            pass_expires_at: standing.pass_expires_at.map(|at| Utc(at.0)),
            message,
            server_time: Utc(now.0),
        }
    }
}

impl PlaceBody {
    /// The place as an answer; when to ask again is told as `Retry-After` too.
    pub fn answer(self, status: StatusCode) -> Response {
        let seconds = self.poll_after_ms.div_ceil(1000);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        response
    }
}
