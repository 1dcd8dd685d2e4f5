//! What the other services ask, on the internal address and with the key that the services share.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jari_contract::internal::{EVENTS, STAFF};
use jari_domain::id::Digest;
use jari_store::{AuditTrail, Door, StaffKeys};
use jari_token::{hash_key, same_digest};
use service_kit::Problem;
use service_kit::extract::{BodyLimit, bearer};

mod events;
mod staff;

pub use events::EventsAtTheDoor;

/// Bytes of a question at most: a batch of check-ins, which staff-api takes up to 2 MiB of, written out.
const QUESTION_LIMIT: usize = 8 << 20;

/// What the other services' questions are answered from.
pub struct Internal {
    /// The door.
    pub door: Arc<dyn Door>,
    /// The keys of gate staff.
    pub staff_keys: Arc<dyn StaffKeys>,
    /// The record of who did what.
    pub audit: Arc<dyn AuditTrail>,
    /// What there is to know of events.
    pub events: Arc<EventsAtTheDoor>,
    /// The digest of the key that the services share.
    pub service_key: Digest,
}

/// All routes.
pub fn router(internal: Arc<Internal>) -> axum::Router {
    axum::Router::new()
        .route(STAFF, post(staff::answer))
        .route(EVENTS, get(events::tell))
        .layer(axum::Extension(BodyLimit(QUESTION_LIMIT)))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&internal),
            only_services,
        ))
        .with_state(internal)
}

async fn only_services(
    State(internal): State<Arc<Internal>>,
    request: Request,
    next: Next,
) -> Response {
    let is_service = bearer(request.headers())
        .is_some_and(|key| same_digest(&hash_key(key), &internal.service_key));
    if is_service {
        next.run(request).await
    } else {
        let detail = "Only services ask here, with the key that they share.";
        Problem::new(StatusCode::FORBIDDEN, "service_key_invalid", detail).into_response()
    }
}
