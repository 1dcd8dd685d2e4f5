//! `POST /api/admin/events/{event_id}/open` | `/pause` | `/resume` | `/close`

use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::http::header;
use jari_contract::problem_of;
use jari_store::{EventState, Result as StoreResult};
use serde::Deserialize;
use service_kit::{FieldErrors, Path, Problem};

use super::{AdminEventBody, note_done};
use crate::auth::Operator;
use crate::{Core, TicketingCore};

/// What those who wait are told.
const MESSAGE_AT_MOST: usize = 500;

/// Publishes the event.
#[utoipa::path(
    post, operation_id = "admin_lifecycle_open", path = "/api/admin/events/{event_id}/open", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path)),
    responses((status = 200, body = AdminEventBody), (status = 409), (status = 422))
)]
pub async fn open(
    State(core): Core,
    _: Operator,
    Path(id): Path<String>,
) -> Result<Json<AdminEventBody>, Problem> {
    let view = core.means.any_event(&id)?;
    told(
        &core,
        "event.open",
        core.events.open(view.event_id()).await,
        None,
    )
    .await
}

/// A message for those who wait.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct PauseRequest {
    #[schema(max_length = 500)]
    message: Option<String>,
}

/// Stops holds and admissions for now.
#[utoipa::path(
    post, operation_id = "admin_lifecycle_pause", path = "/api/admin/events/{event_id}/pause", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path)), request_body(content = Option<PauseRequest>),
    responses((status = 200, body = AdminEventBody), (status = 409))
)]
pub async fn pause(
    State(core): Core,
    _: Operator,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<AdminEventBody>, Problem> {
    let view = core.means.any_event(&id)?;
    let message = message(request).await?;
    let paused = core.events.pause(view.event_id(), message.clone()).await;
    told(&core, "event.pause", paused, message).await
}

/// Goes on after a pause.
#[utoipa::path(
    post, operation_id = "admin_lifecycle_resume", path = "/api/admin/events/{event_id}/resume", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path)),
    responses((status = 200, body = AdminEventBody), (status = 409))
)]
pub async fn resume(
    State(core): Core,
    _: Operator,
    Path(id): Path<String>,
) -> Result<Json<AdminEventBody>, Problem> {
    let view = core.means.any_event(&id)?;
    told(
        &core,
        "event.resume",
        core.events.resume(view.event_id()).await,
        None,
    )
    .await
}

/// Ends the sale for good.
#[utoipa::path(
    post, operation_id = "admin_lifecycle_close", path = "/api/admin/events/{event_id}/close", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path)),
    responses((status = 200, body = AdminEventBody), (status = 409))
)]
pub async fn close(
    State(core): Core,
    _: Operator,
    Path(id): Path<String>,
) -> Result<Json<AdminEventBody>, Problem> {
    let view = core.means.any_event(&id)?;
    told(
        &core,
        "event.close",
        core.events.close(view.event_id()).await,
        None,
    )
    .await
}

async fn told(
    core: &TicketingCore,
    action: &str,
    state: StoreResult<EventState>,
    detail: Option<String>,
) -> Result<Json<AdminEventBody>, Problem> {
    let state = state.map_err(problem_of)?;
    note_done(core, action, Some(&state.head.settings.event_id), detail).await;
    Ok(Json(AdminEventBody::of_state(&state)))
}

/// The message of a pause; no body is no message.
async fn message(request: Request) -> Result<Option<String>, Problem> {
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok());
    let is_empty = match length {
        Some(length) => length == "0",
        None => !request.headers().contains_key(header::TRANSFER_ENCODING),
    };
    if is_empty && !request.headers().contains_key(header::CONTENT_TYPE) {
        return Ok(None);
    }
    let (parts, body) = request.into_parts();
    let bytes = service_kit::extract::read_body(&parts, body).await?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let request = Request::from_parts(parts, bytes.into());
    let service_kit::Json(PauseRequest { message }) =
        service_kit::Json::from_request(request, &()).await?;
    let mut errors = FieldErrors::default();
    let fits = message
        .as_ref()
        .is_none_or(|message| message.chars().count() <= MESSAGE_AT_MOST);
    errors.require(fits, "/message", || {
        format!("at most {MESSAGE_AT_MOST} characters")
    });
    errors.finish()?;
    Ok(message)
}
