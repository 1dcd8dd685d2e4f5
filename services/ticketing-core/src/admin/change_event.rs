//! `PATCH /api/admin/events/{event_id}`

use axum::Json;
use axum::extract::State;
use jari_contract::problem_of;
use service_kit::{Path, Problem};

use super::form::EventForm;
use super::{AdminEventBody, note_done};
use crate::Core;
use crate::auth::Operator;

/// Changes some fields; null clears an optional one.
#[utoipa::path(
    patch, operation_id = "admin_change_event", path = "/api/admin/events/{event_id}", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path)), request_body = EventForm,
    responses((status = 200, body = AdminEventBody), (status = 409), (status = 422))
)]
pub async fn change(
    State(core): Core,
    _: Operator,
    Path(event_id): Path<String>,
    service_kit::Json(form): service_kit::Json<EventForm>,
) -> Result<Json<AdminEventBody>, Problem> {
    let view = core.means.any_event(&event_id)?;
    let known = view.head();
    let wanted = form.change(&known.settings)?;
    let before = known.settings.clone();
    let changed = merge(&mut (*before).clone(), &before, wanted.clone()).join(", ");
    // Only what this request changes is written, whatever another one has changed since it was read.
    let change = Box::new(move |settings: &mut jari_domain::event::EventSettings| {
        merge(settings, &before, wanted);
    });
    let state = core
        .events
        .change(view.event_id(), change)
        .await
        .map_err(problem_of)?;
    note_done(&core, "event.change", Some(view.event_id()), Some(changed)).await;
    Ok(Json(AdminEventBody::of_state(&state)))
}

/// Changes what is wanted otherwise than before, and names it.
fn merge(
    settings: &mut jari_domain::event::EventSettings,
    before: &jari_domain::event::EventSettings,
    wanted: jari_domain::event::EventSettings,
) -> Vec<&'static str> {
    let mut names = Vec::new();
    macro_rules! changed {
        ($($field:ident $(. $inner:ident)?),+) => {$(
            if wanted.$field$(.$inner)? != before.$field$(.$inner)? {
                settings.$field$(.$inner)? = wanted.$field$(.$inner)?;
                names.push(stringify!($field$(.$inner)?));
            }
        )+};
    }
    changed!(
        name,
        venue,
        description,
        starts_at,
        time_zone,
        sale_opens_at,
        sale_closes_at,
        currency,
        hold_seconds,
        max_seats_per_buyer,
        code_digits,
        prices,
        queue.capacity,
        queue.pass_seconds,
        queue.max_admitted_per_second
    );
    names
}
