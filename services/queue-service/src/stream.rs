//! `GET /api/queue/stream`

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use axum::response::sse::Event;
use jari_domain::Timestamp;
use jari_domain::line::Word;
use service_kit::sse::StreamPermit;
use service_kit::{Bearer, Problem, Query};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::place::{Look, PlaceBody};
use crate::status::EventQuery;
use crate::ticket::Holder;
use crate::{Queue, QueueService};

/// A stream looks at its place again after this long at the earliest: nobody reads faster, and a line that changes a
/// thousand times a second wakes ten thousand streams no more often. All of them have a change within half a second.
const REST: Duration = Duration::from_millis(400);

/// A place, whenever it has changed, and at least as often as `poll_after_ms` says. An open stream counts as
/// presence. It ends after a place that has ended.
#[utoipa::path(
    get, operation_id = "stream", path = "/api/queue/stream", tag = "queue", params(EventQuery),
    security(("ticket" = [])),
    responses(
        (status = 200, content_type = "text/event-stream", body = PlaceBody), (status = 401), (status = 403),
        (status = 404), (status = 422), (status = 429, headers(("Retry-After" = u32))),
        (status = 503, headers(("Retry-After" = u32)))
    )
)]
pub async fn stream(
    State(queue): Queue,
    Query(query): Query<EventQuery>,
    Bearer(ticket): Bearer,
) -> Result<Response, Problem> {
    let holder = queue.holder(&query.event_id, ticket.as_deref()).await?;
    queue.check_politeness(&holder)?;
    let permit = queue.streams.enter()?;
    let streams = queue.streams.clone();
    let follow = Follow {
        line_changes: holder.view.line_changes(),
        queue,
        holder,
        ticket: ticket.unwrap_or_default(),
        rests_until: Instant::now(),
        speaks_at: Instant::now(),
        told: None,
        events: 0,
        _permit: permit,
    };
    Ok(streams.answer(futures_util::stream::unfold(Some(follow), next)))
}

/// Somebody who follows a place.
struct Follow {
    queue: Arc<QueueService>,
    holder: Holder,
    ticket: String,
    line_changes: watch::Receiver<u64>,
    /// No look before this.
    rests_until: Instant,
    /// By then something is said, also if nothing has changed.
    speaks_at: Instant,
    told: Option<News>,
    /// How many events were sent.
    events: u64,
    _permit: StreamPermit,
}

/// What makes a place worth telling. How many stand behind and how long it may take change all the time, and come
/// along.
#[derive(PartialEq, Eq)]
struct News {
    state: Word,
    position: Option<u64>,
    pass_expires_at: Option<Timestamp>,
    message: Option<String>,
}

impl News {
    fn of(look: &Look) -> Self {
        Self {
            state: look.standing.state,
            position: look.standing.position,
            pass_expires_at: look.standing.pass_expires_at,
            message: look.message().map(str::to_owned),
        }
    }
}

/// The next event, and the follower unless this was the last one.
async fn next(follow: Option<Follow>) -> Option<(Result<Event, Infallible>, Option<Follow>)> {
    let mut follow = follow?;
    let look = follow.news().await;
    let event = follow.event(&look)?;
    let follow = (!look.has_ended()).then_some(follow);
    Some((Ok(event), follow))
}

impl Follow {
    /// Waits until there is something to say.
    async fn news(&mut self) -> Look {
        loop {
            sleep_until(self.rests_until).await;
            self.rests_until = Instant::now() + REST;
            self.line_changes.mark_unchanged();
            // A pass that the store can't hand out now is asked for again after the rest.
            let Ok(look) = self.queue.look(&self.holder).await else {
                continue;
            };
            let news = News::of(&look);
            if Instant::now() >= self.speaks_at || self.told.as_ref() != Some(&news) {
                self.told = Some(news);
                return look;
            }
            // Woken by the line, or by the time to say that nothing has changed.
            let _ = timeout_at(self.speaks_at, self.line_changes.changed()).await;
        }
    }

    fn event(&mut self, look: &Look) -> Option<Event> {
        let poll_after = Duration::from_millis(look.standing.poll_after_ms.into());
        self.speaks_at = Instant::now() + poll_after;
        self.events += 1;
        Event::default()
            .event("place")
            .id(self.events.to_string())
            .json_data(self.queue.body(&self.holder, &self.ticket, look))
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::TestLine;

    #[tokio::test(start_paused = true)]
    async fn a_stream_begins_with_the_place_and_tells_each_change() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(3).await;
        let mut stream = line.stream(&tickets[2]).await;
        assert_eq!(stream.headers["content-type"], "text/event-stream");
        let first = stream.place().await.unwrap();
        assert_eq!((first.id.as_str(), first.event.as_str()), ("1", "place"));
        assert_eq!(first.data["position"], 2);
        assert_eq!(first.data["ticket"], tickets[2].as_str());
        line.leave(&tickets[1]).await;
        let second = stream.place().await.unwrap();
        assert_eq!(
            (second.id.as_str(), &second.data["position"]),
            ("2", &json!(1))
        );
        line.pause(Some("Back at nine")).await;
        let paused = stream.place().await.unwrap().data;
        assert_eq!(
            (&paused["state"], &paused["message"]),
            (&json!("paused"), &json!("Back at nine"))
        );
        line.resume().await;
        assert_eq!(stream.place().await.unwrap().data["state"], "waiting");
        line.leave(&tickets[0]).await;
        let admitted = stream.place().await.unwrap().data;
        assert_eq!(admitted["state"], "admitted");
        assert!(admitted["pass"].is_string());
        assert_eq!(
            admitted["pass"],
            line.status(&tickets[2]).await.body["pass"]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_ends_after_a_place_that_has_ended() {
        let line = TestLine::open().await;
        let ticket = line.tickets(1).await.remove(0);
        let mut stream = line.stream(&ticket).await;
        assert_eq!(stream.place().await.unwrap().data["state"], "admitted");
        line.leave(&ticket).await;
        assert_eq!(stream.place().await.unwrap().data["state"], "left");
        assert!(stream.place().await.is_none());
        let mut again = line.stream(&ticket).await;
        assert_eq!(again.place().await.unwrap().data["state"], "left");
        assert!(again.place().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn an_open_stream_counts_as_presence() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(3).await;
        let mut stream = line.stream(&tickets[2]).await;
        stream.place().await.unwrap();
        line.pass_time(300_000).await;
        let unchanged = stream.place().await.unwrap();
        assert_eq!(
            (unchanged.id.as_str(), &unchanged.data["position"]),
            ("2", &json!(2))
        );
        line.queue.tell_presence().await;
        line.leave(&tickets[0]).await;
        assert_eq!(stream.place().await.unwrap().data["state"], "admitted");
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_changes_all_the_time_is_told_after_a_rest() {
        let line = TestLine::with(|settings| settings.queue.capacity = 1).await;
        let tickets = line.tickets(12).await;
        let mut stream = line.stream(&tickets[11]).await;
        stream.place().await.unwrap();
        for (pair, position) in [([2, 3], 9), ([4, 5], 7), ([6, 7], 5)] {
            // Told to the view itself: waiting for the store would let the paused time run.
            for number in pair {
                line.show_left(number);
            }
            let began = Instant::now();
            let told = stream.place().await.unwrap().data;
            assert_eq!(
                (&told["position"], began.elapsed()),
                (&json!(position), REST)
            );
        }
    }

    #[tokio::test]
    async fn only_a_holder_may_follow_and_only_as_many_as_there_is_room_for() {
        let line = TestLine::open().await;
        let ticket = line.tickets(1).await.remove(0);
        let path = "/api/queue/stream?event_id=gala";
        assert_eq!(line.get(path, None).await.told(), (401, "ticket_missing"));
        assert_eq!(
            line.get(path, Some("x")).await.told(),
            (403, "ticket_invalid")
        );
        let taken: Vec<_> = (0..crate::STREAMS_AT_MOST)
            .map(|_| line.queue.streams.enter().unwrap())
            .collect();
        let refused = line.get(path, Some(&ticket)).await;
        assert_eq!(refused.told(), (503, "too_many_streams"));
        assert_eq!(refused.headers["retry-after"], "30");
        drop(taken);
        assert_eq!(line.stream(&ticket).await.status, 200);
    }
}
