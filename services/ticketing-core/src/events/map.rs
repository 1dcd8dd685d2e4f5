//! `GET /api/events/{event_id}/map`

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jari_contract::refused;
use jari_domain::Refusal;
use jari_store::views::EventView;
use serde::{Deserialize, Serialize};
use service_kit::{Path, Problem, Query, etag};

use crate::{Core, TicketingCore};

const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// Which version is wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Version {
    /// A `map_version`: the answer never changes and may be kept.
    version: Option<String>,
}

/// The seat map. Seats are numbered 0, 1, 2 … in the order in which they stand here: that is a seat's index.
#[derive(Serialize, utoipa::ToSchema)]
pub struct MapBody {
    map_version: String,
    name: String,
    size: serde_json::Value,
    /// Where one looks: the stage, the pitch.
    focus: serde_json::Value,
    categories: Vec<serde_json::Value>,
    sections: Vec<serde_json::Value>,
    shapes: Vec<serde_json::Value>,
}

/// The seat map of a published event.
#[utoipa::path(
    get, operation_id = "events_map", path = "/api/events/{event_id}/map", tag = "events", params(("event_id" = String, Path), Version),
    responses((status = 200, body = MapBody), (status = 304), (status = 404))
)]
pub async fn map(
    State(core): Core,
    Path(event_id): Path<String>,
    Query(query): Query<Version>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = core.published(&event_id).await?;
    answer(&core, &view, query.version.as_deref(), &headers)
}

/// The map of any event.
pub fn answer(
    core: &TicketingCore,
    view: &EventView,
    version: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let hall = view.hall().ok_or_else(|| refused(Refusal::MapMissing))?;
    if version.is_some_and(|version| version != hall.version()) {
        return Err(Problem::not_found());
    }
    let served = core.served.map(view.event_id(), &hall);
    let tag = HeaderValue::from_str(&format!("\"{}\"", served.version))
        .unwrap_or_else(|_| HeaderValue::from_static("\"0\""));
    let cache_control = if version.is_some() {
        FOREVER
    } else {
        ASK_AGAIN
    };
    if etag::none_match(headers, tag.to_str().unwrap_or_default()) {
        return Ok(etag::not_modified(&tag, cache_control));
    }
    let zipped = accepts_gzip(headers);
    let body = if zipped {
        served.gzip.clone()
    } else {
        served.plain.clone()
    };
    let mut response = body.into_response();
    let out = response.headers_mut();
    out.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    out.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(cache_control),
    );
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    out.insert(header::ETAG, tag);
    if zipped {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Ok(response)
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("gzip"))
            && !parts.any(|part| {
                part.trim_start_matches("q=")
                    .trim_matches(['0', '.'])
                    .is_empty()
            })
    })
}
