//! `GET /api/queue/board/{event_id}`

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jari_contract::refused;
use jari_domain::Refusal;
use jari_token::digest;
use serde::Serialize;
use service_kit::time::Utc;
use service_kit::{Problem, etag};

use crate::Queue;
use crate::place::message;

const CACHE_CONTROL: &str = "public, max-age=1";

/// What everyone may know of a line.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BoardBody {
    event_id: String,
    /// `scheduled`, `on_sale`, `sold_out`, `paused` or `closed`.
    #[schema(example = "on_sale")]
    state: &'static str,
    /// People in line who are not parked.
    waiting: u64,
    /// Passes that live.
    admitted: u64,
    /// How many may hold a pass at the same time.
    capacity: u32,
    /// People admitted in the last minute.
    admitted_per_minute: u32,
    /// Free seats.
    seats_left: u32,
    /// What the organiser tells those who wait.
    message: Option<String>,
    updated_at: Utc,
}

/// The public board of a line: the same for everyone, and good for a second.
#[utoipa::path(
    get, operation_id = "board", path = "/api/queue/board/{event_id}", tag = "queue",
    params(("event_id" = String, Path, description = "The event's id.")),
    responses(
        (status = 200, body = BoardBody, headers(("ETag" = String), ("Cache-Control" = String))), (status = 304),
        (status = 404)
    )
)]
pub async fn board(
    State(queue): Queue,
    event_id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path(event_id) = event_id.map_err(|_| refused(Refusal::EventNotFound))?;
    let view = queue.published(&event_id).await?;
    let now = queue.means.now();
    let head = view.head();
    let (line, admitted_per_minute) = view.line_counts(now);
    let body = BoardBody {
        event_id,
        state: view.state(now).as_str(),
        waiting: line.waiting,
        admitted: line.active,
        capacity: head.settings.queue.capacity,
        admitted_per_minute,
        seats_left: view.counts().free,
        message: message(&head.phase).map(str::to_owned),
        updated_at: Utc(now.0),
    };
    let tag = body.tag();
    if etag::none_match(&headers, &tag) {
        return Ok(etag::not_modified(&weak(&tag), CACHE_CONTROL));
    }
    let mut response = Json(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::ETAG, weak(&tag));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(CACHE_CONTROL),
    );
    Ok(response)
}

impl BoardBody {
    /// The same for boards that say the same, whenever they say it.
    fn tag(&self) -> String {
        let timeless = Self {
            event_id: self.event_id.clone(),
            message: self.message.clone(),
            updated_at: Utc(0),
            ..*self
        };
        let bytes = digest(&serde_json::to_vec(&timeless).unwrap_or_default()).0;
        let (head, _) = bytes.split_at(8);
        let number = head
            .iter()
            .fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte));
        format!("\"{number:016x}\"")
    }
}

/// Weak, as boards with the same tag may differ in their time.
fn weak(tag: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("W/{tag}"))
        .unwrap_or_else(|_| HeaderValue::from_static("W/\"\""))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::TestLine;

    const PATH: &str = "/api/queue/board/gala";

    #[tokio::test]
    async fn the_board_counts_the_line_and_the_seats() {
        let line = TestLine::with(|settings| settings.queue.capacity = 2).await;
        line.tickets(5).await;
        let board = line.get(PATH, None).await;
        let expected = json!({
            "event_id": "gala", "state": "on_sale", "waiting": 3, "admitted": 2, "capacity": 2,
            "admitted_per_minute": 2, "seats_left": 2, "message": null,
            "updated_at": "2027-01-15T08:00:00.000Z"
        });
        assert_eq!((board.status, board.body), (200, expected));
        line.pause(Some("Back at nine")).await;
        let board = line.get(PATH, None).await.body;
        assert_eq!(
            (&board["state"], &board["message"]),
            (&json!("paused"), &json!("Back at nine"))
        );
        line.resume().await;
        line.buy_everything(1).await;
        let board = line.get(PATH, None).await.body;
        assert_eq!(
            (&board["state"], &board["seats_left"]),
            (&json!("sold_out"), &json!(0))
        );
    }

    #[tokio::test]
    async fn the_board_may_be_kept_for_a_second_and_is_not_sent_twice() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let board = line.get(PATH, None).await;
        assert_eq!(board.headers["cache-control"], "public, max-age=1");
        let tag = board.headers["etag"].to_str().unwrap().to_owned();
        line.pass_time(1000).await;
        let same = line.get_if_none_match(PATH, &tag).await;
        assert_eq!((same.status, same.text.as_str()), (304, ""));
        assert_eq!(same.headers["etag"], tag.as_str());
        assert_eq!(same.headers["cache-control"], "public, max-age=1");
        line.tickets(1).await;
        assert_eq!(line.get_if_none_match(PATH, &tag).await.status, 200);
    }

    #[tokio::test]
    async fn there_is_no_board_of_what_is_not_public() {
        let line = TestLine::open().await;
        line.draft("draft", 2).await;
        for event_id in ["draft", "nothing", "No%20Slug", "%ff"] {
            let path = format!("/api/queue/board/{event_id}");
            let answer = line.get(&path, None).await;
            assert_eq!(answer.told(), (404, "event_not_found"), "{event_id}");
        }
    }
}
