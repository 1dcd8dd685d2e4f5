//! `DELETE /api/admin/events/{event_id}`

use axum::extract::State;
use axum::http::StatusCode;
use jari_contract::problem_of;
use service_kit::{Path, Problem};

use super::note_done;
use crate::Core;
use crate::auth::Operator;

/// Throws a draft away.
#[utoipa::path(
    delete, operation_id = "admin_delete_event", path = "/api/admin/events/{event_id}", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path)),
    responses((status = 204), (status = 404), (status = 409))
)]
pub async fn delete(
    State(core): Core,
    _: Operator,
    Path(event_id): Path<String>,
) -> Result<StatusCode, Problem> {
    let view = core.means.any_event(&event_id)?;
    core.events
        .delete(view.event_id())
        .await
        .map_err(problem_of)?;
    note_done(&core, "event.delete", Some(view.event_id()), None).await;
    Ok(StatusCode::NO_CONTENT)
}
