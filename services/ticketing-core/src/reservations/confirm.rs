//! `POST /api/events/{event_id}/reservations`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jari_contract::problem_of;
use jari_domain::fact::{Buyer, KeyUse};
use jari_domain::id::{Digest, ReservationId};
use jari_domain::reservation::Reservation;
use jari_domain::sale::{Confirm, Confirmed};
use jari_token::digest;
use serde::Deserialize;
use service_kit::{FieldErrors, JsonWithDigest, Path, Problem, RequiredIdempotencyKey};

use super::{ReservationBody, body};
use crate::Core;
use crate::holds::verify;

/// A name or contact may have this many characters.
const CHARACTERS_AT_MOST: usize = 100;

/// What is bought, and by whom.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct ConfirmRequest {
    hold_token: String,
    buyer: BuyerRequest,
}

/// Who buys.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct BuyerRequest {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    #[schema(min_length = 1, max_length = 100)]
    contact: String,
}

/// Turns a hold into a reservation, exactly once; answered after it is durable.
#[utoipa::path(
    post, operation_id = "reservations_confirm", path = "/api/events/{event_id}/reservations", tag = "reservations",
    params(("event_id" = String, Path), ("Idempotency-Key" = String, Header)),
    request_body = ConfirmRequest,
    responses(
        (status = 201, body = ReservationBody), (status = 200, body = ReservationBody, description = "confirmed before"),
        (status = 400), (status = 403), (status = 409),
        (status = 410), (status = 422)
    )
)]
pub async fn confirm(
    State(core): Core,
    Path(event_id): Path<String>,
    RequiredIdempotencyKey(key): RequiredIdempotencyKey,
    JsonWithDigest {
        body: request,
        digest: body_digest,
    }: JsonWithDigest<ConfirmRequest>,
) -> Result<(StatusCode, Json<ReservationBody>), Problem> {
    let view = core.published(&event_id).await?;
    let buyer = buyer(request.buyer)?;
    let token = verify(&core.means, &view, &request.hold_token)?;
    let wish = Confirm {
        hold_id: token.hold_id,
        reservation_id: ReservationId(core.means.entropy.uuid(core.means.now().0)),
        random: core.means.entropy.number(),
        buyer,
        key: KeyUse {
            key: digest(key.as_bytes()),
            body: Digest(body_digest),
        },
    };
    let confirmed = core
        .reservations
        .confirm(view.event_id(), wish)
        .await
        .map_err(problem_of)?;
    let (status, reservation) = match confirmed {
        Confirmed::Now(reservation) => (StatusCode::CREATED, reservation),
        Confirmed::Before(reservation) => (StatusCode::CREATED, as_confirmed(reservation)),
        Confirmed::ByAnother(reservation) => (StatusCode::OK, reservation),
    };
    Ok((status, Json(body(&core.means, &view, &reservation)?)))
}

/// The reservation as it was when it was confirmed: what the first answer said is said again.
fn as_confirmed(reservation: Reservation) -> Reservation {
    let checked_in = std::collections::BTreeSet::new();
    Reservation {
        cancelled_at: None,
        receipt_generation: 0,
        checked_in,
        ..reservation
    }
}

fn buyer(request: BuyerRequest) -> Result<Buyer, Problem> {
    let mut errors = FieldErrors::default();
    let mut text = |field: &str, text: String| {
        let text = text.trim().to_owned();
        errors.line(field, &text, CHARACTERS_AT_MOST);
        text
    };
    let buyer = Buyer {
        name: text("/buyer/name", request.name),
        contact: text("/buyer/contact", request.contact),
    };
    errors.finish()?;
    Ok(buyer)
}
