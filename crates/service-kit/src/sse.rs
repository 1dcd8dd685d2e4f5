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
    /// What they have together with the streams of other services in the same program.
    together: Option<Arc<Semaphore>>,
    at_most: usize,
    ended: watch::Sender<bool>,
}

impl Streams {
    /// At most so many.
    pub fn at_most(streams: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(streams)),
            together: None,
            at_most: streams,
            ended: watch::Sender::new(false),
        }
    }

    /// … and no more than there is room for together with others.
    #[must_use]
    pub fn together_in(self, room: &Arc<Semaphore>) -> Self {
        Self {
            together: Some(Arc::clone(room)),
            ..self
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
    pub fn enter(&self) -> Result<StreamPermit, Problem> {
        self.try_enter().ok_or_else(|| {
            let detail = "This instance serves as many streams as it can. Poll instead.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_streams", detail)
                .retry_after(RETRY_AFTER_SECONDS)
        })
    }

    fn try_enter(&self) -> Option<StreamPermit> {
        let together = match &self.together {
            Some(room) => Some(Arc::clone(room).try_acquire_owned().ok()?),
            None => None,
        };
        Some(StreamPermit {
            _own: Arc::clone(&self.room).try_acquire_owned().ok()?,
            _together: together,
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

/// Room for one stream, as long as it is kept.
#[derive(Debug)]
pub struct StreamPermit {
    _own: OwnedSemaphorePermit,
    _together: Option<OwnedSemaphorePermit>,
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[test]
    fn streams_of_several_services_have_no_more_room_than_there_is_together() {
        let together = Arc::new(Semaphore::new(3));
        let [one, other] = [1, 2].map(|_| Streams::at_most(2).together_in(&together));
        let mut taken = vec![one.enter().unwrap(), one.enter().unwrap()];
        assert!(one.enter().is_err(), "it has two of its own");
        taken.push(other.enter().unwrap());
        assert!(other.enter().is_err(), "there are three together");
        assert_eq!((one.open(), other.open()), (2, 1));
        taken.clear();
        assert!(other.enter().is_ok());
    }

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
