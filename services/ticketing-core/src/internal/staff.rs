//! `POST /internal/staff`

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jari_contract::internal::{Answered, Ask, DoorFigures};
use serde::Serialize;
use service_kit::Json;

use super::Internal;

/// Answers a question of staff-api as the store answers it.
pub async fn answer(State(core): State<Arc<Internal>>, Json(ask): Json<Ask>) -> Response {
    match ask {
        Ask::LookUp {
            event_id,
            key,
            code,
        } => told(core.door.look_up(&event_id, key, &code).await),
        Ask::CheckIn { event_id, request } => told(core.door.check_in(&event_id, request).await),
        Ask::CheckInBatch { event_id, items } => {
            told(core.door.check_in_batch(&event_id, items).await)
        }
        Ask::Void { events, id, reason } => told(core.door.void(&events, id, reason).await),
        Ask::Entries {
            event_id,
            after,
            limit,
        } => told(core.door.entries(&event_id, after, limit).await),
        Ask::Manifest { event_id } => told(core.door.manifest(&event_id).await),
        Ask::DoorStats { event_id } => {
            told(core.door.door_stats(&event_id).await.map(DoorFigures::from))
        }
        Ask::StaffKey { key } => told(core.staff_keys.staff_key(key).await),
        Ask::Note { entry } => told(core.audit.note(entry).await),
    }
}

fn told<T: Serialize>(result: jari_store::Result<T>) -> Response {
    axum::Json(Answered::from(result)).into_response()
}
