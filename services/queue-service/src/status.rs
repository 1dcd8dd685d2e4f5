//! `GET /api/queue/status`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use service_kit::{Bearer, Problem, Query};

use crate::Queue;
use crate::place::PlaceBody;

/// Which line.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// The event's id.
    pub event_id: String,
}

/// A place in line, for whoever shows its ticket. `Retry-After` says the same as `poll_after_ms`, in seconds.
#[utoipa::path(
    get, operation_id = "status", path = "/api/queue/status", tag = "queue", params(EventQuery),
    security(("ticket" = [])),
    responses(
        (status = 200, body = PlaceBody, headers(("Retry-After" = u32))), (status = 401), (status = 403),
        (status = 404), (status = 422), (status = 429, headers(("Retry-After" = u32))), (status = 503)
    )
)]
pub async fn status(
    State(queue): Queue,
    Query(query): Query<EventQuery>,
    Bearer(ticket): Bearer,
) -> Result<Response, Problem> {
    let holder = queue.holder(&query.event_id, ticket.as_deref()).await?;
    queue.check_politeness(&holder)?;
    let look = queue.look(&holder).await?;
    let body = queue.body(&holder, ticket.as_deref().unwrap_or_default(), &look);
    Ok(body.answer(StatusCode::OK))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{NOW_MS, TestLine};

    const MINUTE_MS: i64 = 60_000;

    #[tokio::test]
    async fn positions_count_those_who_wait_with_lower_numbers() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(4).await;
        let told = |body: &Value| {
            ["state", "position", "ahead", "behind"].map(|field| body[field].clone())
        };
        let mut places = Vec::new();
        for ticket in &tickets {
            places.push(told(&line.status(ticket).await.body));
        }
        let expected = [
            [json!("admitted"), json!(0), json!(0), json!(3)],
            [json!("waiting"), json!(1), json!(0), json!(2)],
            [json!("waiting"), json!(2), json!(1), json!(1)],
            [json!("waiting"), json!(3), json!(2), json!(0)],
        ];
        assert_eq!(places, expected);
        line.leave(&tickets[1]).await;
        assert_eq!(line.status(&tickets[3]).await.body["position"], 2);
        let gone = told(&line.status(&tickets[1]).await.body);
        assert_eq!(gone, [json!("left"), Value::Null, Value::Null, Value::Null]);
    }

    #[tokio::test]
    async fn an_answer_says_when_to_ask_again_twice() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(2).await;
        for ticket in &tickets {
            let answer = line.status(ticket).await;
            let poll_after_ms = answer.body["poll_after_ms"].as_u64().unwrap();
            let seconds = poll_after_ms.div_ceil(1000).to_string();
            assert_eq!(answer.headers["retry-after"], seconds.as_str());
            assert_eq!(answer.body["ticket"], ticket.as_str());
            assert_eq!(answer.body["server_time"], "2027-01-15T08:00:00.000Z");
        }
    }

    #[tokio::test]
    async fn a_pass_is_the_same_text_until_it_runs_out_and_makes_room_for_the_next() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(2).await;
        let first = line.status(&tickets[0]).await.body;
        assert_eq!(first["pass_expires_at"], "2027-01-15T08:10:00.000Z");
        line.pass_time(10 * MINUTE_MS - 1).await;
        let last = line.status(&tickets[0]).await.body;
        assert!(first["pass"].is_string());
        for field in ["state", "pass", "pass_expires_at"] {
            assert_eq!(first[field], last[field], "{field}");
        }
        line.status(&tickets[1]).await;
        line.queue.tell_presence().await;
        line.pass_time(1).await;
        let over = line.status(&tickets[0]).await.body;
        assert_eq!(over["state"], "expired");
        for field in [
            "pass",
            "pass_expires_at",
            "position",
            "ahead",
            "behind",
            "eta_seconds",
        ] {
            assert!(over[field].is_null(), "{field}");
        }
        assert_eq!(line.status(&tickets[1]).await.body["state"], "admitted");
    }

    #[tokio::test]
    async fn the_time_of_a_pass_begins_when_it_is_first_shown() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(2).await;
        line.leave(&tickets[0]).await;
        line.pass_time(5_000).await;
        let shown = line.status(&tickets[1]).await.body;
        assert_eq!(shown["pass_expires_at"], "2027-01-15T08:10:05.000Z");
        line.pass_time(5_000).await;
        let again = line.status(&tickets[1]).await.body;
        assert_eq!(again["pass"], shown["pass"]);
    }

    #[tokio::test]
    async fn whoever_is_absent_when_called_is_parked_and_first_on_return() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(4).await;
        line.pass_time(2 * MINUTE_MS).await;
        line.status(&tickets[2]).await;
        line.status(&tickets[3]).await;
        line.queue.tell_presence().await;
        line.leave(&tickets[0]).await;
        // Nothing is asked of the one who is parked before this, or it would have come back by that.
        assert_eq!(line.status(&tickets[2]).await.body["state"], "admitted");
        assert_eq!(line.status(&tickets[3]).await.body["position"], 1);
        let parked = line.status(&tickets[1]).await.body;
        assert_eq!(
            (&parked["state"], &parked["position"]),
            (&json!("waiting"), &json!(1))
        );
        // Whoever was parked is back when it is answered, not only when presence is gathered.
        assert_eq!(line.status(&tickets[3]).await.body["position"], 2);
        line.leave(&tickets[2]).await;
        assert_eq!(line.status(&tickets[1]).await.body["state"], "admitted");
        assert_eq!(line.status(&tickets[3]).await.body["state"], "waiting");
    }

    #[tokio::test]
    async fn whoever_asks_late_but_before_a_place_is_free_is_not_passed_over() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(3).await;
        line.pass_time(2 * MINUTE_MS).await;
        line.status(&tickets[2]).await;
        line.queue.tell_presence().await;
        // Long silent, but not parked, as nobody was called: back a moment before somebody is.
        line.status(&tickets[1]).await;
        line.leave(&tickets[0]).await;
        assert_eq!(line.status(&tickets[1]).await.body["state"], "admitted");
        assert_eq!(line.status(&tickets[2]).await.body["position"], 1);
    }

    #[tokio::test]
    async fn a_pass_that_nobody_collects_is_taken_back() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(3).await;
        line.leave(&tickets[0]).await;
        line.pass_time(MINUTE_MS).await;
        line.status(&tickets[2]).await;
        line.queue.tell_presence().await;
        line.pass_time(1_000).await;
        assert_eq!(line.status(&tickets[2]).await.body["state"], "admitted");
        assert_eq!(line.status(&tickets[1]).await.body["state"], "waiting");
    }

    #[tokio::test]
    async fn everybody_is_told_as_soon_as_the_last_seat_is_sold() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(3).await;
        line.buy_everything(1).await;
        let told = line.status(&tickets[0]).await.body;
        assert_eq!(
            (&told["state"], &told["pass"]),
            (&json!("done"), &Value::Null)
        );
        for (ticket, position) in tickets[1..].iter().zip(1..) {
            let told = line.status(ticket).await.body;
            assert_eq!(
                (&told["state"], &told["position"]),
                (&json!("sold_out"), &json!(position))
            );
            assert!(told["eta_seconds"].is_null());
        }
    }

    #[tokio::test]
    async fn a_pause_is_told_with_its_message_and_takes_no_pass_away() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(2).await;
        line.pause(Some("Back at nine")).await;
        let waiting = line.status(&tickets[1]).await.body;
        assert_eq!(waiting["state"], "paused");
        assert_eq!(waiting["message"], "Back at nine");
        assert_eq!(
            (&waiting["position"], &waiting["eta_seconds"]),
            (&json!(1), &Value::Null)
        );
        let admitted = line.status(&tickets[0]).await.body;
        assert_eq!(admitted["state"], "admitted");
        assert!(admitted["pass"].is_string());
        line.leave(&tickets[0]).await;
        assert_eq!(line.status(&tickets[1]).await.body["state"], "paused");
        line.resume().await;
        let resumed = line.status(&tickets[1]).await.body;
        assert_eq!(
            (&resumed["state"], &resumed["message"]),
            (&json!("admitted"), &Value::Null)
        );
    }

    #[tokio::test]
    async fn before_the_opening_places_are_numbered_and_after_it_the_first_are_admitted() {
        const OPENS_IN_MS: i64 = 30_000;
        let opens_at = NOW_MS + OPENS_IN_MS;
        let line = TestLine::with(|settings| {
            settings.sale_opens_at = Some(jari_domain::Timestamp(opens_at));
            settings.queue.capacity = 1;
        })
        .await;
        let tickets = line.tickets(2).await;
        for (ticket, position) in tickets.iter().zip(1..) {
            let told = line.status(ticket).await.body;
            assert_eq!(
                (&told["state"], &told["position"]),
                (&json!("not_open"), &json!(position))
            );
            assert!(told["eta_seconds"].is_null() && told["pass"].is_null());
        }
        line.queue.tell_presence().await;
        line.pass_time(OPENS_IN_MS).await;
        assert_eq!(line.status(&tickets[0]).await.body["state"], "admitted");
        assert_eq!(line.status(&tickets[1]).await.body["state"], "waiting");
    }

    #[tokio::test]
    async fn after_the_close_nobody_has_a_pass_and_the_ended_stay_ended() {
        let line = TestLine::with(|settings| settings.queue.capacity = 2).await;
        let tickets = line.tickets(3).await;
        line.leave(&tickets[0]).await;
        line.close().await;
        assert_eq!(line.status(&tickets[0]).await.body["state"], "left");
        for ticket in &tickets[1..] {
            let told = line.status(ticket).await.body;
            assert_eq!(
                (&told["state"], &told["pass"]),
                (&json!("closed"), &Value::Null)
            );
        }
    }

    #[tokio::test]
    async fn only_a_ticket_of_this_line_is_answered() {
        let line = TestLine::open().await;
        let other = line.event("other", 2, |_| ()).await;
        line.draft("draft", 3).await;
        let ticket = line.tickets(1).await.remove(0);
        let of_the_other = line.enter_at(&other, None).await.ticket();
        let pass = line.status(&ticket).await.body["pass"]
            .as_str()
            .unwrap()
            .to_owned();
        let forged = ticket.replace(
            &ticket[20..21],
            if &ticket[20..21] == "A" { "B" } else { "A" },
        );
        let unknown_place = line.ticket_of(1_000);
        for bad in [&of_the_other, &pass, &forged, &unknown_place, "x"] {
            assert_eq!(
                line.status(bad).await.told(),
                (403, "ticket_invalid"),
                "{bad}"
            );
        }
        let ask = async |path: &str, ticket: Option<&str>| {
            let answer = line.get(path, ticket).await;
            let (status, code) = answer.told();
            (status, code.to_owned())
        };
        let path = "/api/queue/status?event_id=gala";
        assert_eq!(ask(path, None).await, (401, "ticket_missing".to_owned()));
        for event_id in ["nothing", "draft", "NO%20SLUG"] {
            let path = format!("/api/queue/status?event_id={event_id}");
            let told = ask(&path, Some(&ticket)).await;
            assert_eq!(told, (404, "event_not_found".to_owned()));
        }
        let answer = line.get("/api/queue/status", Some(&ticket)).await;
        assert_eq!(answer.told(), (422, "invalid_request"));
        assert_eq!(answer.body["errors"][0]["field"], "/event_id");
    }

    #[tokio::test]
    async fn a_ticket_is_answered_twenty_times_a_second() {
        let line = TestLine::open().await;
        let tickets = line.tickets(2).await;
        for _ in 0..20 {
            assert_eq!(line.status(&tickets[0]).await.status, 200);
        }
        let refused = line.status(&tickets[0]).await;
        assert_eq!(refused.told(), (429, "too_many_requests"));
        assert_eq!(refused.headers["retry-after"], "1");
        assert_eq!(line.status(&tickets[1]).await.status, 200);
        line.pass_time(1000).await;
        assert_eq!(line.status(&tickets[0]).await.status, 200);
    }
}
