//! `GET /api/events/{event_id}/holds/{hold_id}`

use axum::Json;
use axum::extract::State;
use jari_contract::problem_of;
use jari_domain::hold::HoldState;
use serde::Serialize;
use service_kit::{Bearer, Path, Problem};

use super::{HoldBody, authorized, body};
use crate::Core;

/// A hold and what became of it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ShownHold {
    #[serde(flatten)]
    hold: HoldBody,
    /// `held`, `confirmed`, `released` or `expired`.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_id: Option<String>,
}

/// A hold, for whoever shows its token.
#[utoipa::path(
    get, operation_id = "holds_show", path = "/api/events/{event_id}/holds/{hold_id}", tag = "holds", security(("hold_token" = [])),
    params(("event_id" = String, Path), ("hold_id" = String, Path)),
    responses((status = 200, body = ShownHold), (status = 401), (status = 403))
)]
pub async fn show(
    State(core): Core,
    Path((event_id, hold_id)): Path<(String, String)>,
    Bearer(token): Bearer,
) -> Result<Json<ShownHold>, Problem> {
    let view = core.published(&event_id).await?;
    let token = authorized(&core.means, &view, &hold_id, token.as_deref())?;
    let hold = core
        .holds
        .look_at_hold(view.event_id(), token.hold_id)
        .await
        .map_err(problem_of)?;
    let (state, reservation_id) = match hold.state {
        HoldState::Held => ("held", None),
        HoldState::Confirmed(reservation_id) => ("confirmed", Some(reservation_id.to_string())),
        HoldState::Released => ("released", None),
        HoldState::Expired => ("expired", None),
    };
    let hold = body(&core.means, &view, &hold, core.means.now())?;
    Ok(Json(ShownHold {
        hold,
        state,
        reservation_id,
    }))
}
