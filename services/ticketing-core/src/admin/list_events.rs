//! `GET /api/admin/events`

use axum::Json;
use axum::extract::State;
use service_kit::page::PageQuery;
use service_kit::{Problem, Query};

use super::AdminEventBody;
use crate::Core;
use crate::auth::Operator;
use crate::events::{EventList, page};

/// All events, drafts too, by id.
#[utoipa::path(
    get, operation_id = "admin_list_events", path = "/api/admin/events", tag = "operators", security(("operator_key" = [])), params(PageQuery),
    responses((status = 200, body = EventList<AdminEventBody>))
)]
pub async fn list(
    State(core): Core,
    _: Operator,
    Query(query): Query<PageQuery>,
) -> Result<Json<EventList<AdminEventBody>>, Problem> {
    let now = core.means.now();
    page(&core, &query, |view| {
        Some(AdminEventBody::of_view(view, now))
    })
    .map(Json)
}
