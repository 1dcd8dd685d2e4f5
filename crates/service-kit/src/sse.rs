//! Streams of server-sent events, capped in number.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::Problem;

/// A comment keeps a silent connection alive: below the idle time-outs of gateways and mobile networks.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// When a client that is refused a stream may try again: it polls meanwhile.
const RETRY_AFTER_SECONDS: u32 = 30;

/// How many streams an instance serves at the same time.
#[derive(Debug, Clone)]
pub struct Streams(Arc<Semaphore>);

impl Streams {
    /// At most so many.
    pub fn at_most(streams: usize) -> Self {
        Self(Arc::new(Semaphore::new(streams)))
    }

    /// Room for one more, or 503 `too_many_streams`.
    pub fn enter(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.0).try_acquire_owned().map_err(|_| {
            let detail = "This instance serves as many streams as it can. Poll instead.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_streams", detail)
                .retry_after(RETRY_AFTER_SECONDS)
        })
    }
}

/// Answers with a stream of events, which gateways are told not to hold back.
pub fn response<S>(events: S) -> Response
where
    S: Stream<Item = Result<Event, Infallible>> + Send + 'static,
{
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
