//! `POST /api/admin/staff-keys`, `GET` of the same, and `DELETE /api/admin/staff-keys/{id}`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jari_contract::problem_of;
use jari_domain::id::{EventId, StaffKeyId};
use jari_domain::shop::StaffKey;
use jari_token::{AccessKind, access_key, hash_key};
use serde::{Deserialize, Serialize};
use service_kit::page::{PageQuery, cursor};
use service_kit::{FieldErrors, Path, Problem, Query};

use super::note_done;
use crate::auth::Operator;
use crate::{Core, TicketingCore};

/// Whose key it is.
const NAME_AT_MOST: usize = 100;
/// Events of one key.
const EVENTS_AT_MOST: usize = 100;

/// A new key.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct AddRequest {
    event_ids: Vec<String>,
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// A staff key; the key itself only in the answer that makes it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct StaffKeyBody {
    id: String,
    name: String,
    event_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

/// A page of keys.
#[derive(Serialize, utoipa::ToSchema)]
pub struct StaffKeyList {
    items: Vec<StaffKeyBody>,
    next_cursor: Option<String>,
}

/// Makes a key; it is shown this once.
#[utoipa::path(
    post, operation_id = "admin_staff_keys_add", path = "/api/admin/staff-keys", tag = "operators", security(("operator_key" = [])), request_body = AddRequest,
    responses((status = 201, body = StaffKeyBody), (status = 422))
)]
pub async fn add(
    State(core): Core,
    _: Operator,
    service_kit::Json(request): service_kit::Json<AddRequest>,
) -> Result<(StatusCode, Json<StaffKeyBody>), Problem> {
    let event_ids = check(&core, &request)?;
    let id = StaffKeyId(core.means.entropy.uuid(core.means.now().0));
    let key = access_key(AccessKind::Staff, core.means.entropy.bytes());
    let stored = StaffKey {
        id,
        name: request.name.trim().to_owned(),
        event_ids,
        key: hash_key(&key),
    };
    core.staff_keys
        .add_staff_key(stored.clone())
        .await
        .map_err(problem_of)?;
    note_done(&core, "staff_key.add", None, Some(called(&stored))).await;
    Ok((
        StatusCode::CREATED,
        Json(StaffKeyBody {
            key: Some(key),
            ..body(&stored)
        }),
    ))
}

/// All keys, without the keys themselves.
#[utoipa::path(
    get, operation_id = "admin_staff_keys_list", path = "/api/admin/staff-keys", tag = "operators", security(("operator_key" = [])), params(PageQuery),
    responses((status = 200, body = StaffKeyList))
)]
pub async fn list(
    State(core): Core,
    _: Operator,
    Query(query): Query<PageQuery>,
) -> Result<Json<StaffKeyList>, Problem> {
    let (limit, skip) = (query.limit()?, query.number()?.unwrap_or_default());
    let keys = core.staff_keys.staff_keys().await.map_err(problem_of)?;
    let skip = usize::try_from(skip).unwrap_or(usize::MAX);
    let items: Vec<_> = keys.iter().skip(skip).take(limit).map(body).collect();
    let end = skip.saturating_add(items.len());
    let next_cursor = (end < keys.len()).then(|| cursor(end as u64));
    Ok(Json(StaffKeyList { items, next_cursor }))
}

/// Withdraws a key. Repeating it changes nothing.
#[utoipa::path(
    delete, operation_id = "admin_staff_keys_remove", path = "/api/admin/staff-keys/{id}", tag = "operators", security(("operator_key" = [])),
    params(("id" = String, Path)), responses((status = 204), (status = 404))
)]
pub async fn remove(
    State(core): Core,
    _: Operator,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id: StaffKeyId = id.parse().map_err(|_| Problem::not_found())?;
    // Afterwards nobody knows what it was called.
    let keys = core.staff_keys.staff_keys().await.map_err(problem_of)?;
    let known = keys.iter().find(|key| key.id == id);
    let detail = known.map_or_else(|| id.to_string(), called);
    core.staff_keys
        .remove_staff_key(id)
        .await
        .map_err(problem_of)?;
    note_done(&core, "staff_key.remove", None, Some(detail)).await;
    Ok(StatusCode::NO_CONTENT)
}

/// A key in the record, which outlives it.
fn called(key: &StaffKey) -> String {
    format!("{} ({})", key.id, key.name)
}

fn body(key: &StaffKey) -> StaffKeyBody {
    let event_ids = key.event_ids.iter().map(EventId::to_string).collect();
    StaffKeyBody {
        id: key.id.to_string(),
        name: key.name.clone(),
        event_ids,
        key: None,
    }
}

fn check(core: &TicketingCore, request: &AddRequest) -> Result<Vec<EventId>, Problem> {
    let mut errors = FieldErrors::default();
    errors.line("/name", &request.name, NAME_AT_MOST);
    errors.require(
        (1..=EVENTS_AT_MOST).contains(&request.event_ids.len()),
        "/event_ids",
        || format!("1 to {EVENTS_AT_MOST} events are needed"),
    );
    let mut event_ids = Vec::new();
    for (at, text) in request.event_ids.iter().take(EVENTS_AT_MOST).enumerate() {
        match core.means.any_event(text) {
            Ok(view) => event_ids.push(view.event_id().clone()),
            Err(_) => errors.push(format!("/event_ids/{at}"), "there is no such event"),
        }
    }
    errors.finish()?;
    event_ids.sort();
    event_ids.dedup();
    Ok(event_ids)
}
