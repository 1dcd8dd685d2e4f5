//! `GET /api/admin/events/{event_id}`

use axum::Json;
use axum::extract::State;
use service_kit::{Path, Problem};

use super::AdminEventBody;
use crate::Core;
use crate::auth::Operator;

/// One event, drafts too.
#[utoipa::path(
    get, operation_id = "admin_show_event", path = "/api/admin/events/{event_id}", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path)),
    responses((status = 200, body = AdminEventBody), (status = 404))
)]
pub async fn show(
    State(core): Core,
    _: Operator,
    Path(event_id): Path<String>,
) -> Result<Json<AdminEventBody>, Problem> {
    let view = core.means.any_event(&event_id)?;
    Ok(Json(AdminEventBody::of_view(&view, core.means.now())))
}
