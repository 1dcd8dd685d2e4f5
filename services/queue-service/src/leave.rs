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
    /// The event's id.
    event_id: String,
}

/// Gives a place up, and its pass with it. Repeating it changes nothing.
#[utoipa::path(
    post, operation_id = "leave", path = "/api/queue/leave", tag = "queue", request_body = LeaveRequest,
    security(("ticket" = [])),
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422), (status = 503))
)]
pub async fn leave(
    State(queue): Queue,
    Bearer(ticket): Bearer,
    Json(request): Json<LeaveRequest>,
) -> Result<StatusCode, Problem> {
    let holder = queue.holder(&request.event_id, ticket.as_deref()).await?;
    // An ended place stays ended: that needs no store.
    if !holder.view.place(holder.number).has_ended() {
        queue
            .line
            .leave(holder.view.event_id(), holder.number)
            .await
            .map_err(problem_of)?;
    }
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use crate::testing::TestLine;

    #[tokio::test]
    async fn leaving_frees_the_slot_at_once_and_again_changes_nothing() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(3).await;
        for _ in 0..2 {
            let answer = line.leave(&tickets[0]).await;
            assert_eq!((answer.status, answer.text.as_str()), (204, ""));
            assert_eq!(line.status(&tickets[0]).await.body["state"], "left");
            assert_eq!(line.status(&tickets[1]).await.body["state"], "admitted");
            assert_eq!(line.status(&tickets[2]).await.body["state"], "waiting");
        }
    }

    #[tokio::test]
    async fn leaving_a_place_that_has_ended_otherwise_leaves_it_so() {
        let line = TestLine::open().await;
        let ticket = line.tickets(1).await.remove(0);
        line.pass_time(600_000).await;
        assert_eq!(line.leave(&ticket).await.status, 204);
        assert_eq!(line.status(&ticket).await.body["state"], "expired");
    }

    #[tokio::test]
    async fn only_the_holder_of_a_place_can_leave_it() {
        let line = TestLine::open().await;
        assert_eq!(line.leave("x").await.told(), (403, "ticket_invalid"));
        let body = serde_json::json!({ "event_id": "gala" });
        let answer = line.post("/api/queue/leave", None, &body).await;
        assert_eq!(answer.told(), (401, "ticket_missing"));
        let body = serde_json::json!({ "event_id": "nothing" });
        let answer = line.post("/api/queue/leave", None, &body).await;
        assert_eq!(answer.told(), (404, "event_not_found"));
    }
}
