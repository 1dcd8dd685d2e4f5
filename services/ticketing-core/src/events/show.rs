//! `GET /api/events/{event_id}`

use axum::Json;
use axum::extract::State;
use service_kit::{Path, Problem};

use super::EventBody;
use crate::Core;

/// One published event.
#[utoipa::path(
    get, operation_id = "events_show", path = "/api/events/{event_id}", tag = "events", params(("event_id" = String, Path)),
    responses((status = 200, body = EventBody), (status = 404))
)]
pub async fn show(
    State(core): Core,
    Path(event_id): Path<String>,
) -> Result<Json<EventBody>, Problem> {
    let view = core.published(&event_id).await?;
    Ok(Json(EventBody::of_view(&view, core.means.now())))
}
