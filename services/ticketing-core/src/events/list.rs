//! `GET /api/events`

use axum::Json;
use axum::extract::State;
use service_kit::page::PageQuery;
use service_kit::{Problem, Query};

use super::{EventBody, EventList, page};
use crate::Core;

/// The published events, by id.
#[utoipa::path(
    get, operation_id = "events_list", path = "/api/events", tag = "events", params(PageQuery),
    responses((status = 200, body = EventList<EventBody>), (status = 422))
)]
pub async fn list(
    State(core): Core,
    Query(query): Query<PageQuery>,
) -> Result<Json<EventList<EventBody>>, Problem> {
    let now = core.means.now();
    page(&core, &query, |view| {
        view.is_published().then(|| EventBody::of_view(view, now))
    })
    .map(Json)
}
