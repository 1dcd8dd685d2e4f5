//! `DELETE /api/reservations/{reservation_id}`

use axum::extract::State;
use axum::http::StatusCode;
use jari_contract::problem_of;
use service_kit::{Bearer, Path, Problem};

use super::receipt;
use crate::Core;

/// The buyer cancels; the seats are free again. Repeating it changes nothing.
#[utoipa::path(
    delete, operation_id = "reservations_cancel", path = "/api/reservations/{reservation_id}", tag = "reservations", security(("receipt_token" = [])),
    params(("reservation_id" = String, Path)),
    responses((status = 204), (status = 401), (status = 403), (status = 409))
)]
pub async fn cancel(
    State(core): Core,
    Path(reservation_id): Path<String>,
    Bearer(token): Bearer,
) -> Result<StatusCode, Problem> {
    let receipt = receipt(&core, &reservation_id, token.as_deref())?;
    core.reservations
        .cancel_by_buyer(receipt.reservation_id, receipt.generation)
        .await
        .map_err(problem_of)?;
    Ok(StatusCode::NO_CONTENT)
}
