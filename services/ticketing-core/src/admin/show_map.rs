//! `GET /api/admin/events/{event_id}/map`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use service_kit::{Path, Problem};

use crate::Core;
use crate::auth::Operator;
use crate::events::map::{MapBody, answer};

/// The seat map of any event, drafts too.
#[utoipa::path(
    get, operation_id = "admin_show_map", path = "/api/admin/events/{event_id}/map", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path)),
    responses((status = 200, body = MapBody), (status = 304), (status = 404), (status = 422))
)]
pub async fn show(
    State(core): Core,
    _: Operator,
    Path(event_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = core.means.any_event(&event_id)?;
    answer(&core, &view, None, &headers)
}
