//! `POST /api/admin/events`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jari_contract::problem_of;
use service_kit::Problem;

use super::form::EventForm;
use super::{AdminEventBody, note_done};
use crate::Core;
use crate::auth::Operator;

/// Makes an event, as a draft.
#[utoipa::path(
    post, operation_id = "admin_create_event", path = "/api/admin/events", tag = "operators", security(("operator_key" = [])), request_body = EventForm,
    responses((status = 201, body = AdminEventBody), (status = 409), (status = 422))
)]
pub async fn create(
    State(core): Core,
    _: Operator,
    service_kit::Json(form): service_kit::Json<EventForm>,
) -> Result<(StatusCode, Json<AdminEventBody>), Problem> {
    let settings = form.create()?;
    let uid = core.means.entropy.number();
    let state = core
        .events
        .create(settings, uid)
        .await
        .map_err(problem_of)?;
    note_done(
        &core,
        "event.create",
        Some(&state.head.settings.event_id),
        None,
    )
    .await;
    Ok((StatusCode::CREATED, Json(AdminEventBody::of_state(&state))))
}
