//! `GET /api/reservations/{reservation_id}`

use axum::Json;
use axum::extract::State;
use service_kit::{Bearer, Path, Problem};

use super::{ReservationBody, authorized, body};
use crate::Core;

/// A reservation, for whoever shows its receipt.
#[utoipa::path(
    get, operation_id = "reservations_show", path = "/api/reservations/{reservation_id}", tag = "reservations", security(("receipt_token" = [])),
    params(("reservation_id" = String, Path)),
    responses((status = 200, body = ReservationBody), (status = 401), (status = 403))
)]
pub async fn show(
    State(core): Core,
    Path(reservation_id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Json<ReservationBody>, Problem> {
    let (view, reservation) = authorized(&core, &reservation_id, token.as_deref()).await?;
    body(&core.means, &view, &reservation).map(Json)
}
