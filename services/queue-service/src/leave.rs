//! `POST /api/queue/leave`

use axum::extract::State;
use axum::http::StatusCode;
use jari_contract::problem_of;
use serde::Deserialize;
use service_kit::{Bearer, Json, Problem};

use crate::Queue;

/// Which line.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct LeaveRequest {
    event_id: String,
}

/// Gives a place up, and its pass with it. Repeating it changes nothing.
#[utoipa::path(
    post, operation_id = "leave", path = "/api/queue/leave", tag = "queue", request_body = LeaveRequest,
    responses((status = 204), (status = 401), (status = 403), (status = 404))
)]
pub async fn leave(
    State(queue): Queue,
    Bearer(ticket): Bearer,
    Json(request): Json<LeaveRequest>,
) -> Result<StatusCode, Problem> {
    let (view, number) = queue.holder(&request.event_id, ticket.as_deref(), queue.means.now())?;
    queue
        .line
        .leave(view.event_id(), number)
        .await
        .map_err(problem_of)?;
    Ok(StatusCode::NO_CONTENT)
}
