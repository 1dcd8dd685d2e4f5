//! `POST /api/admin/reservations/{reservation_id}/cancel`

use axum::Json;
use axum::extract::State;
use jari_contract::{problem_of, refused};
use jari_domain::Refusal;
use serde::Deserialize;
use service_kit::{FieldErrors, Path, Problem};

use super::{called, note_done};
use crate::Core;
use crate::auth::Operator;
use crate::reservations::{ReservationBody, body, view_of};

/// A reason.
const REASON_AT_MOST: usize = 500;

/// Why it is cancelled.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CancelRequest {
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// The operator cancels a reservation, also one that was used at the door.
#[utoipa::path(
    post, operation_id = "admin_cancel_reservation", path = "/api/admin/reservations/{reservation_id}/cancel", tag = "operators",
    security(("operator_key" = [])), params(("reservation_id" = String, Path)), request_body = CancelRequest,
    responses((status = 200, body = ReservationBody), (status = 404), (status = 422))
)]
pub async fn cancel(
    State(core): Core,
    _: Operator,
    Path(reservation_id): Path<String>,
    service_kit::Json(CancelRequest { reason }): service_kit::Json<CancelRequest>,
) -> Result<Json<ReservationBody>, Problem> {
    let mut errors = FieldErrors::default();
    errors.line("/reason", &reason, REASON_AT_MOST);
    errors.finish()?;
    let id = reservation_id
        .parse()
        .map_err(|_| refused(Refusal::ReservationNotFound))?;
    let (event_id, reservation) = core
        .reservations
        .cancel_by_operator(id, reason.clone())
        .await
        .map_err(problem_of)?;
    let detail = format!("{}: {reason}", called(&core, &event_id, &reservation));
    note_done(&core, "reservation.cancel", Some(&event_id), Some(detail)).await;
    Ok(Json(body(
        &core.means,
        &*view_of(&core, &event_id)?,
        &reservation,
    )?))
}
