//! Streams of server-sent events, capped in number.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::problem::Problem;
use crate::serve::stopped;

/// A comment keeps a silent connection alive: below the idle time-outs of gateways and mobile networks.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// When a client that is refused a stream may try again: it polls meanwhile.
const RETRY_AFTER_SECONDS: u32 = 30;

/// How many streams an instance serves at the same time, and until when.
#[derive(Debug, Clone)]
pub struct Streams {
    room: Arc<Semaphore>,
    at_most: usize,
    ended: watch::Sender<bool>,
}

impl Streams {
    /// At most so many.
    pub fn at_most(streams: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(streams)),
            at_most: streams,
            ended: watch::Sender::new(false),
        }
    }

    /// Ends all streams, those that are still to begin too: a server that stops waits for nobody who only listens.
    pub fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Ends all streams once `stop` is true.
    pub async fn end_at(self, mut stop: watch::Receiver<bool>) {
        stopped(&mut stop).await;
        self.end();
    }

    /// Room for one more, or 503 `too_many_streams`.
    pub fn enter(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.room).try_acquire_owned().map_err(|_| {
            let detail = "This instance serves as many streams as it can. Poll instead.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_streams", detail)
                .retry_after(RETRY_AFTER_SECONDS)
        })
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        self.at_most - self.room.available_permits()
    }

    /// Answers with a stream of events, which gateways are told not to hold back.
    pub fn answer<S>(&self, events: S) -> Response
    where
        S: Stream<Item = Result<Event, Infallible>> + Send + 'static,
    {
        let mut ended = self.ended.subscribe();
        let events = events.take_until(async move { stopped(&mut ended).await });
        let mut response = Sse::new(events)
            .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
            .into_response();
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        response
            .headers_mut()
            .insert("x-accel-buffering", HeaderValue::from_static("no"));
        response
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn streams_end_when_the_server_stops() {
        let streams = Streams::at_most(1);
        let one = futures_util::stream::iter([Ok(Event::default().data("1"))]);
        let answer = streams.answer(one.chain(futures_util::stream::pending()));
        let mut body = answer.into_body();
        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(first, "data: 1\n\n");
        streams.end();
        assert!(body.frame().await.is_none());
        let later = streams.answer(futures_util::stream::pending()).into_body();
        assert!(later.collect().await.unwrap().to_bytes().is_empty());
    }
}
