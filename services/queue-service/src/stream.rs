//! `GET /api/queue/stream`

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use axum::response::sse::Event;
use jari_domain::id::PlaceNumber;
use jari_domain::line::Word;
use jari_store::views::EventView;
use service_kit::{Bearer, Problem, Query, sse};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::place::PlaceBody;
use crate::status::EventQuery;
use crate::{Queue, QueueService};

/// Two places of a stream are at least so far apart: faster than anybody reads.
const PAUSE: Duration = Duration::from_millis(500);
/// A stream says something at least this often, which also keeps its holder present.
const PERIOD: Duration = Duration::from_secs(10);

/// A place, whenever it has changed. An open stream counts as presence.
#[utoipa::path(
    get, operation_id = "stream", path = "/api/queue/stream", tag = "queue", params(EventQuery),
    responses(
        (status = 200, content_type = "text/event-stream", body = PlaceBody), (status = 401),
        (status = 403), (status = 404), (status = 503)
    )
)]
pub async fn stream(
    State(queue): Queue,
    Query(query): Query<EventQuery>,
    Bearer(ticket): Bearer,
) -> Result<Response, Problem> {
    let (view, number) = queue.holder(&query.event_id, ticket.as_deref(), queue.means.now())?;
    let permit = queue.streams.enter()?;
    let ticket = ticket.unwrap_or_default();
    let follow = Follow {
        queue,
        view,
        number,
        ticket,
        told: None,
        count: 0,
        ended: false,
        _permit: permit,
    };
    Ok(sse::response(futures_util::stream::unfold(follow, next)))
}

struct Follow {
    queue: Arc<QueueService>,
    view: Arc<EventView>,
    number: PlaceNumber,
    ticket: String,
    /// What was told last, and when.
    told: Option<(Told, Instant)>,
    count: u64,
    ended: bool,
    _permit: OwnedSemaphorePermit,
}

/// What makes a place another than the one told before.
type Told = (Word, Option<u64>, bool, Option<String>);

async fn next(mut follow: Follow) -> Option<(Result<Event, Infallible>, Follow)> {
    if follow.ended {
        return None;
    }
    let mut wake = follow.view.line_changes();
    if let Some((_, at)) = &follow.told {
        sleep_until(*at + PAUSE).await;
    }
    loop {
        let place = follow.place().await;
        let news = (
            place.state,
            place.position,
            place.pass.is_some(),
            place.message.clone(),
        );
        let deadline = follow
            .told
            .as_ref()
            .map(|(told, at)| (*told == news, *at + PERIOD));
        if let Some((true, deadline)) = deadline
            && Instant::now() < deadline
        {
            // Woken by the line, or to say that nothing has changed.
            let _ = timeout_at(deadline, wake.changed()).await;
            continue;
        }
        follow.ended = matches!(place.state, Word::Done | Word::Left | Word::Expired);
        follow.told = Some((news, Instant::now()));
        follow.count += 1;
        let event = Event::default()
            .event("place")
            .id(follow.count.to_string())
            .json_data(&place)
            .ok()?;
        return Some((Ok(event), follow));
    }
}

impl Follow {
    async fn place(&self) -> PlaceBody {
        let now = self.queue.means.now();
        self.queue
            .place(&self.view, self.number, self.ticket.clone(), now)
            .await
    }
}
