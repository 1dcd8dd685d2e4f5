//! `POST /api/queue/enter`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jari_contract::problem_of;
use jari_domain::sale::Enter;
use jari_token::{Digest, digest};
use serde::Deserialize;
use service_kit::{Bearer, FieldErrors, Json, Problem};

use crate::Queue;
use crate::place::PlaceBody;
use crate::ticket::Holder;

/// Who wants to stand in which line.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct EnterRequest {
    /// The event's id.
    event_id: String,
    /// A secret of the visitor's that makes entering safely repeatable: 128 or more random bits.
    #[schema(min_length = 16, max_length = 128)]
    visitor: Option<String>,
}

/// Gives a place in line (201), or finds the one there is (200). A ticket that is sent along wins over `visitor`;
/// a place that has ended is not revived: its ticket or visitor gets a new one.
#[utoipa::path(
    post, operation_id = "enter", path = "/api/queue/enter", tag = "queue", request_body = EnterRequest,
    security((), ("ticket" = [])),
    responses(
        (status = 201, body = PlaceBody, headers(("Retry-After" = u32))),
        (status = 200, body = PlaceBody, headers(("Retry-After" = u32))), (status = 403), (status = 404),
        (status = 422), (status = 429, headers(("Retry-After" = u32))), (status = 503)
    )
)]
pub async fn enter(
    State(queue): Queue,
    Bearer(ticket): Bearer,
    Json(request): Json<EnterRequest>,
) -> Result<Response, Problem> {
    let visitor = request.visitor()?;
    let view = queue.published(&request.event_id).await?;
    let mut shown = None;
    if let Some(ticket) = ticket {
        let holder = queue.holder_in(view.clone(), &ticket).await?;
        queue.check_politeness(&holder)?;
        // With a place that lives this is the same as asking for its status: answered from memory.
        if !queue.look_at(&holder).has_ended() {
            let look = queue.look(&holder).await?;
            return Ok(queue.body(&holder, &ticket, &look).answer(StatusCode::OK));
        }
        shown = Some(holder.number);
    }
    let wish = Enter {
        visitor,
        ticket: shown,
    };
    let entered = queue.line.enter(view.event_id(), wish).await;
    let entered = entered.map_err(problem_of)?;
    let holder = Holder {
        view,
        number: entered.number,
    };
    let status = if entered.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let look = queue.look(&holder).await?;
    let ticket = queue.ticket(&holder);
    Ok(queue.body(&holder, &ticket, &look).answer(status))
}

impl EnterRequest {
    /// The digest of the visitor's secret, if one was sent. It covers the event too, so that what is stored of two
    /// events can't be put together.
    fn visitor(&self) -> Result<Option<Digest>, Problem> {
        let Some(visitor) = &self.visitor else {
            return Ok(None);
        };
        let mut errors = FieldErrors::default();
        let fits = (16..=128).contains(&visitor.chars().count());
        errors.require(fits, "/visitor", || {
            "16 to 128 characters are needed".to_owned()
        });
        errors.finish()?;
        let text = format!("{}\n{visitor}", self.event_id);
        Ok(Some(digest(text.as_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::TestLine;

    const VISITOR: &str = "0123456789abcdef";
    const ANOTHER: &str = "fedcba9876543210";

    #[tokio::test]
    async fn a_visitor_gets_the_same_place_again_and_nobody_else_does() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let first = line.enter(Some(VISITOR)).await;
        assert_eq!(first.status, 201);
        let again = line.enter(Some(VISITOR)).await;
        assert_eq!((again.status, again.ticket()), (200, first.ticket()));
        let (another, without) = (line.enter(Some(ANOTHER)).await, line.enter(None).await);
        assert_eq!(
            (another.status, &another.body["position"]),
            (201, &json!(1))
        );
        assert_eq!(
            (without.status, &without.body["position"]),
            (201, &json!(2))
        );
        assert_eq!(line.enter(None).await.body["position"], 3);
        assert_eq!(line.enter(Some(ANOTHER)).await.body["position"], 1);
    }

    #[tokio::test]
    async fn with_room_in_the_shop_one_is_admitted_at_once() {
        let line = TestLine::with(|settings| settings.queue.capacity = 2).await;
        for _ in 0..2 {
            let admitted = line.enter(None).await.body;
            assert_eq!(
                (&admitted["state"], &admitted["position"]),
                (&json!("admitted"), &json!(0))
            );
            assert!(admitted["pass"].is_string());
            assert_eq!(admitted["pass_expires_at"], "2027-01-15T08:10:00.000Z");
        }
        let third = line.enter(None).await.body;
        assert_eq!(
            (&third["state"], &third["position"]),
            (&json!("waiting"), &json!(1))
        );
        assert_eq!(
            (&third["pass"], &third["pass_expires_at"]),
            (&Value::Null, &Value::Null)
        );
        assert!(third["eta_seconds"]["p50"].as_u64() <= third["eta_seconds"]["p90"].as_u64());
    }

    #[tokio::test]
    async fn entering_with_a_ticket_is_asking_for_its_status() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(2).await;
        line.enter(Some(VISITOR)).await;
        for ticket in &tickets {
            let entered = line.enter_with(ticket, Some(VISITOR)).await;
            let status = line.status(ticket).await;
            assert_eq!(entered, status, "the ticket wins over the visitor");
        }
        let bad = line.enter_with("x", Some(VISITOR)).await;
        assert_eq!(bad.told(), (403, "ticket_invalid"));
        let rude = async |_| line.enter_with(&tickets[0], None).await.status;
        let mut answers = Vec::new();
        for question in 0..30 {
            answers.push(rude(question).await);
        }
        assert!(answers.contains(&429), "{answers:?}");
    }

    #[tokio::test]
    async fn a_place_that_has_ended_is_not_revived() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let first = line.enter(Some(VISITOR)).await.ticket();
        line.leave(&first).await;
        let second = line.enter_with(&first, None).await;
        assert_eq!(
            (second.status, &second.body["state"]),
            (201, &json!("admitted"))
        );
        assert_ne!(second.ticket(), first);
        let third = line.enter(Some(VISITOR)).await;
        assert_eq!((third.status, &third.body["position"]), (201, &json!(1)));
        line.pass_time(600_000).await;
        let fourth = line.enter_with(&second.ticket(), None).await;
        assert_eq!(fourth.status, 201, "the pass has run out");
        assert_eq!(line.status(&first).await.body["state"], "left");
    }

    #[tokio::test]
    async fn an_ended_ticket_gives_a_visitor_no_second_place() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let ended = line.enter(None).await.ticket();
        line.leave(&ended).await;
        let place = line.enter(Some(VISITOR)).await;
        let again = line.enter_with(&ended, Some(VISITOR)).await;
        assert_eq!((place.status, again.status), (201, 200));
        assert_eq!(again.ticket(), place.ticket());
    }

    #[tokio::test]
    async fn a_visitor_has_16_to_128_characters() {
        let line = TestLine::open().await;
        for (length, status) in [(15, 422), (16, 201), (128, 201), (129, 422), (0, 422)] {
            let answer = line.enter(Some(&"가".repeat(length))).await;
            assert_eq!(answer.status, status, "{length}");
            if status == 422 {
                assert_eq!(answer.body["errors"][0]["field"], "/visitor");
            }
        }
        let body = json!({ "event_id": "gala", "visitor": 7 });
        let answer = line.post("/api/queue/enter", None, &body).await;
        assert_eq!(answer.told(), (422, "invalid_request"));
    }

    #[tokio::test]
    async fn a_line_that_is_not_public_can_not_be_entered() {
        let line = TestLine::open().await;
        line.draft("draft", 2).await;
        for event_id in ["draft", "nothing", "No Slug", ""] {
            let answer = line.enter_at(event_id, None).await;
            assert_eq!(answer.told(), (404, "event_not_found"), "{event_id}");
        }
    }

    #[tokio::test]
    async fn what_is_stored_of_a_visitor_differs_between_events() {
        let stored = |event_id: &str| {
            let request = EnterRequest {
                event_id: event_id.to_owned(),
                visitor: Some(VISITOR.to_owned()),
            };
            request.visitor().unwrap()
        };
        assert_ne!(stored("gala"), stored("other"));
        assert_eq!(stored("gala"), stored("gala"));
    }
}
