//! `POST /api/queue/enter`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jari_contract::problem_of;
use jari_domain::sale::Enter;
use jari_token::digest;
use serde::Deserialize;
use service_kit::{Bearer, FieldErrors, Json, Problem};

use crate::Queue;

/// Who wants to stand in which line.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct EnterRequest {
    event_id: String,
    /// A secret of the visitor's that makes entering safely repeatable: 128 or more random bits.
    #[schema(min_length = 16, max_length = 128)]
    visitor: Option<String>,
}

/// Gives a place in line, or finds the one there is.
#[utoipa::path(
    post, operation_id = "enter", path = "/api/queue/enter", tag = "queue", request_body = EnterRequest,
    responses(
        (status = 201, body = crate::place::PlaceBody), (status = 200, body = crate::place::PlaceBody),
        (status = 403), (status = 404), (status = 422)
    )
)]
pub async fn enter(
    State(queue): Queue,
    Bearer(ticket): Bearer,
    Json(request): Json<EnterRequest>,
) -> Result<Response, Problem> {
    let mut errors = FieldErrors::default();
    let fits = request
        .visitor
        .as_ref()
        .is_none_or(|visitor| (16..=128).contains(&visitor.chars().count()));
    errors.require(fits, "/visitor", || {
        "16 to 128 characters are needed".to_owned()
    });
    errors.finish()?;
    let view = queue.means.published(&request.event_id)?;
    let now = queue.means.now();
    let place = ticket
        .as_deref()
        .map(|ticket| queue.place_of(&view, ticket, now))
        .transpose()?;
    // The digest covers the event too, so that stored digests of two events can't be put together.
    let visitor = request
        .visitor
        .map(|visitor| digest(format!("{}\n{visitor}", request.event_id).as_bytes()));
    let entered = queue
        .line
        .enter(
            view.event_id(),
            Enter {
                visitor,
                ticket: place,
            },
        )
        .await
        .map_err(problem_of)?;
    let ticket = match ticket {
        Some(ticket) if !entered.is_new => ticket,
        _ => queue.ticket(&view, entered.number, now),
    };
    let status = if entered.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok(queue
        .place(&view, entered.number, ticket, now)
        .await
        .answer(status))
}
