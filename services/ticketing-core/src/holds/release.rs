//! `DELETE /api/events/{event_id}/holds/{hold_id}`

use axum::extract::State;
use axum::http::StatusCode;
use jari_contract::problem_of;
use service_kit::{Bearer, Path, Problem};

use super::authorized;
use crate::Core;

/// Gives a hold back. Repeating it changes nothing.
#[utoipa::path(
    delete, operation_id = "holds_release", path = "/api/events/{event_id}/holds/{hold_id}", tag = "holds", security(("hold_token" = [])),
    params(("event_id" = String, Path), ("hold_id" = String, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 409))
)]
pub async fn release(
    State(core): Core,
    Path((event_id, hold_id)): Path<(String, String)>,
    Bearer(token): Bearer,
) -> Result<StatusCode, Problem> {
    let view = core.published(&event_id).await?;
    let token = authorized(&core.means, &view, &hold_id, token.as_deref())?;
    core.holds
        .release_hold(view.event_id(), token.hold_id)
        .await
        .map_err(problem_of)?;
    Ok(StatusCode::NO_CONTENT)
}
