//! `POST /api/admin/reservations/{reservation_id}/receipt`

use axum::Json;
use axum::extract::State;
use jari_contract::{problem_of, refused};
use jari_domain::Refusal;
use serde::Serialize;
use service_kit::{Path, Problem};

use super::{called, note_done};
use crate::Core;
use crate::auth::Operator;
use crate::reservations::{receipt_of, view_of};

/// The new receipt.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ReceiptBody {
    receipt_token: String,
}

/// Issues a new receipt; the old one ends.
#[utoipa::path(
    post, operation_id = "admin_reissue_receipt", path = "/api/admin/reservations/{reservation_id}/receipt", tag = "operators",
    security(("operator_key" = [])), params(("reservation_id" = String, Path)),
    responses((status = 200, body = ReceiptBody), (status = 404))
)]
pub async fn reissue(
    State(core): Core,
    _: Operator,
    Path(reservation_id): Path<String>,
) -> Result<Json<ReceiptBody>, Problem> {
    let id = reservation_id
        .parse()
        .map_err(|_| refused(Refusal::ReservationNotFound))?;
    let (event_id, reservation) = core
        .reservations
        .reissue_receipt(id)
        .await
        .map_err(problem_of)?;
    note_done(
        &core,
        "receipt.reissue",
        Some(&event_id),
        Some(called(&core, &event_id, &reservation)),
    )
    .await;
    let uid = view_of(&core, &event_id)?.head().uid;
    let receipt_token = receipt_of(
        &core.means,
        uid,
        &reservation,
        reservation.receipt_generation,
    );
    Ok(Json(ReceiptBody { receipt_token }))
}
