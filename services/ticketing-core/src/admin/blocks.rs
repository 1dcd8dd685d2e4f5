//! `PUT /api/admin/events/{event_id}/blocks`

use axum::Json;
use axum::extract::State;
use jari_contract::problem_of;
use jari_domain::id::SeatId;
use jari_domain::sale::Blocks;
use serde::{Deserialize, Serialize};
use service_kit::{FieldErrors, Path, Problem};

use super::note_done;
use crate::Core;
use crate::auth::Operator;

/// Seats to take off sale, and seats to put on sale again.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct BlocksRequest {
    block: Option<Vec<String>>,
    unblock: Option<Vec<String>>,
}

/// How many are blocked and free now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BlocksBody {
    blocked: u32,
    free: u32,
}

/// Takes seats off sale and puts others on sale again, all or none.
#[utoipa::path(
    put, operation_id = "admin_blocks_set", path = "/api/admin/events/{event_id}/blocks", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path)), request_body = BlocksRequest,
    responses((status = 200, body = BlocksBody), (status = 404), (status = 409))
)]
pub async fn set(
    State(core): Core,
    _: Operator,
    Path(event_id): Path<String>,
    service_kit::Json(request): service_kit::Json<BlocksRequest>,
) -> Result<Json<BlocksBody>, Problem> {
    let view = core.means.any_event(&event_id)?;
    let mut errors = FieldErrors::default();
    let block = ids(
        request.block.as_deref().unwrap_or_default(),
        "/block",
        &mut errors,
    );
    let unblock = ids(
        request.unblock.as_deref().unwrap_or_default(),
        "/unblock",
        &mut errors,
    );
    errors.finish()?;
    let detail = format!("{} blocked, {} unblocked", block.len(), unblock.len());
    let counts = core
        .events
        .set_blocks(view.event_id(), Blocks { block, unblock })
        .await
        .map_err(problem_of)?;
    note_done(&core, "seats.block", Some(view.event_id()), Some(detail)).await;
    Ok(Json(BlocksBody {
        blocked: counts.blocked,
        free: counts.free,
    }))
}

fn ids(texts: &[String], field: &str, errors: &mut FieldErrors) -> Vec<SeatId> {
    let parse =
        |(at, text): (usize, &String)| errors.take(&format!("{field}/{at}"), SeatId::parse(text));
    texts.iter().enumerate().filter_map(parse).collect()
}
