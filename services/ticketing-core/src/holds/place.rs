//! `POST /api/events/{event_id}/holds`

use std::collections::HashSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::StatusCode;
use jari_contract::{problem_of, refused};
use jari_domain::Refusal;
use jari_domain::best_available::{MAX_QUANTITY, Request as BestRequest};
use jari_domain::fact::KeyUse;
use jari_domain::id::{Digest, HoldId, PlaceNumber, SeatId};
use jari_domain::sale::{PlaceHold, Wanted};
use jari_store::views::EventView;
use jari_token::{Pass, TokenError, digest};
use serde::Deserialize;
use service_kit::{Bearer, FieldErrors, IdempotencyKey, JsonWithDigest, Path, Problem};

use super::{HoldBody, body};
use crate::{Core, TicketingCore};

/// Seats that one request may name: what the largest `max_seats_per_buyer` allows.
const SEATS_AT_MOST: usize = MAX_QUANTITY;

/// Which seats are wanted: either by id, or the best ones together.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct PlaceRequest {
    #[schema(min_items = 1, max_items = 50)]
    seats: Option<Vec<String>>,
    best_available: Option<BestAvailable>,
}

/// The best seats next to each other.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct BestAvailable {
    #[schema(minimum = 1, maximum = 50)]
    quantity: u32,
    section: Option<String>,
    category: Option<String>,
    /// Accessible seats, and only those.
    accessible: Option<bool>,
}

/// Holds seats, all or none, for whoever shows a pass.
#[utoipa::path(
    post, operation_id = "holds_place", path = "/api/events/{event_id}/holds", tag = "holds", security(("pass" = [])),
    params(("event_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = PlaceRequest,
    responses(
        (status = 201, body = HoldBody), (status = 401), (status = 403),
        (status = 404), (status = 409), (status = 422)
    )
)]
pub async fn place(
    State(core): Core,
    Path(event_id): Path<String>,
    Bearer(pass): Bearer,
    request: Request,
) -> Result<(StatusCode, Json<HoldBody>), Problem> {
    let view = core.published(&event_id).await?;
    let number = pass_number(&core, &view, pass.as_deref())?;
    let wish = match read(&core, number, request).await {
        Ok(wish) => wish,
        Err(problem) => {
            // A pass that has ended is told before anything that is wrong with the body.
            core.holds
                .check_pass(view.event_id(), number)
                .await
                .map_err(problem_of)?;
            return Err(problem);
        }
    };
    let placed = core
        .holds
        .place_hold(view.event_id(), wish)
        .await
        .map_err(problem_of)?;
    let told = body(&core.means, &view, &placed.hold, placed.hold.placed_at)?;
    Ok((StatusCode::CREATED, Json(told)))
}

fn pass_number(
    core: &TicketingCore,
    view: &EventView,
    pass: Option<&str>,
) -> Result<PlaceNumber, Problem> {
    let pass = pass.ok_or_else(|| {
        let detail =
            "Send the pass as Authorization: Bearer …; the queue gives it to whoever is admitted.";
        Problem::new(StatusCode::UNAUTHORIZED, "pass_missing", detail)
    })?;
    match Pass::verify(&core.means.keyring, pass, core.means.now()) {
        Ok(pass) if pass.event_uid == view.uid() => Ok(pass.number),
        Err(TokenError::Expired) => Err(refused(Refusal::PassExpired)),
        Ok(_) | Err(_) => Err(refused(Refusal::PassInvalid)),
    }
}

async fn read(
    core: &Arc<TicketingCore>,
    number: PlaceNumber,
    request: Request,
) -> Result<PlaceHold, Problem> {
    let (mut parts, body) = request.into_parts();
    let IdempotencyKey(key) = IdempotencyKey::from_request_parts(&mut parts, core).await?;
    let request = Request::from_parts(parts, body);
    let JsonWithDigest {
        body,
        digest: body_digest,
    } = JsonWithDigest::<PlaceRequest>::from_request(request, core).await?;
    let key = key.map(|key| KeyUse {
        key: digest(key.as_bytes()),
        body: Digest(body_digest),
    });
    let now = core.means.now();
    let hold_id = HoldId(core.means.entropy.uuid(now.0));
    Ok(PlaceHold {
        hold_id,
        number,
        wanted: wanted(body)?,
        key,
    })
}

fn wanted(request: PlaceRequest) -> Result<Wanted, Problem> {
    let mut errors = FieldErrors::default();
    let wanted = match (request.seats, request.best_available) {
        (Some(seats), None) => Some(Wanted::Seats(named(&seats, &mut errors))),
        (None, Some(best)) => {
            errors.require(
                (1..=SEATS_AT_MOST).contains(&(best.quantity as usize)),
                "/best_available/quantity",
                || "a number from 1 to 50 is needed".to_owned(),
            );
            let BestAvailable {
                quantity,
                section,
                category,
                accessible,
            } = best;
            Some(Wanted::BestAvailable(BestRequest {
                quantity,
                section,
                category,
                accessible: accessible.unwrap_or_default(),
            }))
        }
        (Some(_), Some(_)) => {
            errors.push(
                "/best_available",
                "name seats or ask for the best available ones, not both",
            );
            None
        }
        (None, None) => {
            errors.push("/seats", "name seats, or ask for best_available");
            None
        }
    };
    errors.finish()?;
    wanted.ok_or_else(Problem::internal)
}

fn named(seats: &[String], errors: &mut FieldErrors) -> Vec<SeatId> {
    errors.require((1..=SEATS_AT_MOST).contains(&seats.len()), "/seats", || {
        format!("1 to {SEATS_AT_MOST} seats are needed")
    });
    let mut seen = HashSet::new();
    let mut ids = Vec::new();
    for (at, seat) in seats.iter().take(SEATS_AT_MOST).enumerate() {
        let field = format!("/seats/{at}");
        errors.require(seen.insert(seat), &field, || {
            format!("{seat} is named twice")
        });
        ids.extend(errors.take(&field, SeatId::parse(seat)));
    }
    ids
}
