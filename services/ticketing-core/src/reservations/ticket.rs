//! `GET /api/reservations/{reservation_id}/ticket.svg` and `…/ticket.pdf`

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jari_domain::event::EventSettings;
use jari_domain::reservation::ReservationState;
use jari_ticket_print::{SeatLine, TicketSheet, TicketState};
use service_kit::{Bearer, Path, Problem};

use super::{ReservationBody, authorized, body};
use crate::{Core, TicketingCore};

/// The ticket to show on a screen.
#[utoipa::path(
    get, operation_id = "reservations_ticket_svg", path = "/api/reservations/{reservation_id}/ticket.svg", tag = "reservations", security(("receipt_token" = [])),
    params(("reservation_id" = String, Path)),
    responses((status = 200, content_type = "image/svg+xml"), (status = 401), (status = 403))
)]
pub async fn svg(
    State(core): Core,
    Path(reservation_id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Response, Problem> {
    let sheet = sheet(&core, &reservation_id, token.as_deref()).await?;
    Ok((
        [(header::CONTENT_TYPE, "image/svg+xml; charset=utf-8")],
        jari_ticket_print::svg(&sheet),
    )
        .into_response())
}

/// The ticket to print.
#[utoipa::path(
    get, operation_id = "reservations_ticket_pdf", path = "/api/reservations/{reservation_id}/ticket.pdf", tag = "reservations", security(("receipt_token" = [])),
    params(("reservation_id" = String, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 401), (status = 403))
)]
pub async fn pdf(
    State(core): Core,
    Path(reservation_id): Path<String>,
    Bearer(token): Bearer,
) -> Result<Response, Problem> {
    let sheet = sheet(&core, &reservation_id, token.as_deref()).await?;
    // Typesetting takes some milliseconds: not on a thread that answers others.
    let printed = tokio::task::spawn_blocking(move || jari_ticket_print::pdf(&sheet)).await;
    let pdf = printed.ok().and_then(Result::ok).ok_or_else(|| {
        tracing::error!("a ticket could not be printed");
        Problem::internal()
    })?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"ticket.pdf\"",
        ),
    ];
    Ok((headers, pdf).into_response())
}

async fn sheet(
    core: &TicketingCore,
    reservation_id: &str,
    token: Option<&str>,
) -> Result<TicketSheet, Problem> {
    let (view, reservation) = authorized(core, reservation_id, token).await?;
    let told = body(&core.means, &view, &reservation)?;
    Ok(sheet_of(&view.head().settings, told, reservation.state()))
}

fn sheet_of(
    settings: &EventSettings,
    told: ReservationBody,
    state: ReservationState,
) -> TicketSheet {
    let money = |minor: i64| jari_contract::money(minor, &told.currency);
    let seats = told.seats.iter().map(|seat| SeatLine {
        section: seat.section.clone(),
        row: seat.row.clone(),
        number: seat.number.clone(),
        category: seat.category.clone(),
        price_text: money(seat.price),
    });
    TicketSheet {
        event_name: settings.name.clone(),
        venue: settings.venue.clone(),
        starts_at_text: service_kit::time::in_zone(settings.starts_at.0, &settings.time_zone),
        seats: seats.collect(),
        total_text: money(told.total),
        code: told.code,
        buyer_name: told.buyer.name,
        reservation_id: told.reservation_id,
        entry_token: told.entry_token,
        state: match state {
            ReservationState::Cancelled => TicketState::Cancelled,
            ReservationState::CheckedIn => TicketState::CheckedIn,
            ReservationState::Confirmed => TicketState::Confirmed,
        },
    }
}
