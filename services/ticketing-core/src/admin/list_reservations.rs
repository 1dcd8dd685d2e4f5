//! `GET /api/admin/events/{event_id}/reservations` and `…/reservations.csv`

use std::collections::VecDeque;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jari_contract::problem_of;
use jari_domain::id::EventId;
use jari_domain::reservation::Reservation;
use jari_store::ReservationSearch;
use jari_store::views::EventView;
use serde::{Deserialize, Serialize};
use service_kit::page::{PageQuery, cursor};
use service_kit::time::Utc;
use service_kit::{Path, Problem, Query};

use crate::auth::Operator;
use crate::reservations::{BuyerBody, body};
use crate::{Core, TicketingCore};

/// Reservations read at a time for the CSV: a read of this size takes the store about a millisecond.
const CHUNK: usize = 500;
/// A search text.
const QUERY_AT_MOST: usize = 100;

/// What to look for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Part of a code, name, contact or seat id, without regard to case.
    q: Option<String>,
    /// How many items at most: 1–1000.
    limit: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A reservation as operators see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ListedBody {
    reservation_id: String,
    event_id: String,
    code: String,
    seats: Vec<jari_contract::SeatLine>,
    total: i64,
    currency: String,
    buyer: BuyerBody,
    confirmed_at: Utc,
    state: &'static str,
}

/// A page of reservations.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReservationList {
    items: Vec<ListedBody>,
    next_cursor: Option<String>,
}

/// The reservations, in the order of confirming.
#[utoipa::path(
    get, operation_id = "admin_list_reservations", path = "/api/admin/events/{event_id}/reservations", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path), SearchQuery),
    responses((status = 200, body = ReservationList), (status = 404), (status = 422))
)]
pub async fn list(
    State(core): Core,
    _: Operator,
    Path(event_id): Path<String>,
    Query(query): Query<SearchQuery>,
) -> Result<Json<ReservationList>, Problem> {
    let view = core.means.any_event(&event_id)?;
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    };
    let (limit, after) = (page.limit()?, page.number()?.unwrap_or_default());
    let query = query.q.map(|q| q.chars().take(QUERY_AT_MOST).collect());
    let search = ReservationSearch {
        query,
        after,
        limit: limit + 1,
    };
    let mut found = core
        .reservations
        .search(view.event_id(), search)
        .await
        .map_err(problem_of)?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found
        .last()
        .filter(|_| has_more)
        .map(|listed| cursor(listed.cursor));
    let items = found
        .iter()
        .map(|listed| listed_body(&core, &view, &listed.reservation));
    Ok(Json(ReservationList {
        items: items.collect::<Result<_, _>>()?,
        next_cursor,
    }))
}

/// All reservations as CSV, one line a seat, sent as it is read.
#[utoipa::path(
    get, operation_id = "admin_list_reservations_csv", path = "/api/admin/events/{event_id}/reservations.csv", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path)),
    responses((status = 200, content_type = "text/csv"), (status = 404))
)]
pub async fn csv(
    State(core): Core,
    _: Operator,
    Path(event_id): Path<String>,
) -> Result<Response, Problem> {
    let view = core.means.any_event(&event_id)?;
    super::note(&core, "reservations.export", Some(view.event_id()), None).await?;
    let reading = Reading {
        core,
        event_id: view.event_id().clone(),
        view,
        after: 0,
        ready: VecDeque::from([HEADER.to_owned()]),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"reservations.csv\"",
        ),
    ];
    Ok((
        headers,
        Body::from_stream(futures_util::stream::unfold(reading, next)),
    )
        .into_response())
}

const HEADER: &str = "reservation_id,code,state,confirmed_at,buyer_name,buyer_contact,seat_id,section,row,number,category,price,currency\r\n";

struct Reading {
    core: Arc<TicketingCore>,
    event_id: EventId,
    view: Arc<EventView>,
    after: u64,
    ready: VecDeque<String>,
}

async fn next(mut reading: Reading) -> Option<(Result<String, std::io::Error>, Reading)> {
    if let Some(text) = reading.ready.pop_front() {
        return Some((Ok(text), reading));
    }
    let search = ReservationSearch {
        query: None,
        after: reading.after,
        limit: CHUNK,
    };
    let found = match reading
        .core
        .reservations
        .search(&reading.event_id, search)
        .await
    {
        Ok(found) => found,
        // Breaking off is the only way left to say that the file is not whole.
        Err(error) => return Some((Err(std::io::Error::other(error.to_string())), reading)),
    };
    reading.after = found.last()?.cursor;
    let mut text = String::new();
    for listed in &found {
        match listed_body(&reading.core, &reading.view, &listed.reservation) {
            Ok(told) => write_lines(&mut text, &told),
            Err(problem) => {
                let what = format!("{problem:?}");
                return Some((Err(std::io::Error::other(what)), reading));
            }
        }
    }
    Some((Ok(text), reading))
}

fn write_lines(text: &mut String, told: &ListedBody) {
    let at = told.confirmed_at.to_text();
    for seat in &told.seats {
        let price = seat.price.to_string();
        let fields = [
            &told.reservation_id,
            &told.code,
            told.state,
            &at,
            &told.buyer.name,
            &told.buyer.contact,
            &seat.seat_id,
            &seat.section,
            &seat.row,
            &seat.number,
            &seat.category,
            &price,
            &told.currency,
        ];
        let quoted: Vec<String> = fields.iter().map(|field| quote(field)).collect();
        text.push_str(&quoted.join(","));
        text.push_str("\r\n");
    }
}

/// A CSV field (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe in front, because
/// buyers choose their own names.
fn quote(field: &str) -> String {
    let guarded = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{field}")
    } else {
        field.to_owned()
    };
    if guarded.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

fn listed_body(
    core: &TicketingCore,
    view: &EventView,
    reservation: &Reservation,
) -> Result<ListedBody, Problem> {
    let told = body(&core.means, view, reservation)?;
    Ok(ListedBody {
        reservation_id: told.reservation_id,
        event_id: told.event_id,
        code: told.code,
        seats: told.seats,
        total: told.total,
        currency: told.currency,
        buyer: told.buyer,
        confirmed_at: told.confirmed_at,
        state: told.state,
    })
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn fields_are_quoted_and_formulas_are_defused() {
        assert_eq!(quote("Kim, Min"), "\"Kim, Min\"");
        assert_eq!(quote("the \"one\""), "\"the \"\"one\"\"\"");
        assert_eq!(quote("=1+1"), "'=1+1");
        assert_eq!(quote("김민수"), "김민수");
    }
}
