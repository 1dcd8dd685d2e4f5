//! What a handler leaves unread of a body is read to its end before the answer is sent.
//!
//! Without that the connection has to be closed with bytes of the client's still coming: the client may lose the
//! answer, and its next request on that connection fails. It happens whenever a request is refused for its headers.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::extract::Request;
use axum::http::header;
use futures_util::StreamExt;
use futures_util::future::poll_fn;
use futures_util::stream::{self, Fuse};
use parking_lot::Mutex;
use tokio::time::timeout;

/// This much is read for nothing; a client that sends more loses its connection.
const REST_AT_MOST: usize = 1024 * 1024;
/// And for so long: a client that is slower loses its connection too.
const REST_WITHIN: Duration = Duration::from_secs(2);

/// The body of a request, of which a handler may read as much as it likes.
#[derive(Clone)]
pub struct Unread(Arc<Mutex<Fuse<BodyDataStream>>>);

impl Unread {
    /// Lends the body to whoever handles the request; `None` where there is nothing to read, or where the client
    /// waits to be told whether to send it.
    pub fn lend(request: Request) -> (Request, Option<Self>) {
        if request.body().is_end_stream() || request.headers().contains_key(header::EXPECT) {
            return (request, None);
        }
        let (parts, body) = request.into_parts();
        let unread = Self(Arc::new(Mutex::new(body.into_data_stream().fuse())));
        let lent = unread.clone();
        let lent = stream::poll_fn(move |context| lent.0.lock().poll_next_unpin(context));
        let request = Request::from_parts(parts, Body::from_stream(lent));
        (request, Some(unread))
    }

    /// Reads what is left.
    pub async fn finish(self) {
        let rest = async {
            let mut left = REST_AT_MOST;
            while let Some(Ok(bytes)) =
                poll_fn(|context| self.0.lock().poll_next_unpin(context)).await
            {
                left = left.saturating_sub(bytes.len());
                if left == 0 {
                    return;
                }
            }
        };
        // Whoever is too slow is cut off.
        let _ = timeout(REST_WITHIN, rest).await;
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use bytes::Bytes;
    use http_body_util::BodyExt;

    use super::*;

    /// A body of so many chunks of 64 KiB, and how many were read.
    fn request(chunks: usize) -> (Request, Arc<AtomicUsize>) {
        let read = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&read);
        let chunks = stream::iter(0..chunks).map(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            Ok::<_, Infallible>(Bytes::from(vec![0; 64 * 1024]))
        });
        (Request::new(Body::from_stream(chunks)), read)
    }

    #[tokio::test]
    async fn what_was_left_unread_is_read_to_its_end() {
        let (request, read) = request(3);
        let (mut request, unread) = Unread::lend(request);
        let first = request.body_mut().frame().await.unwrap().unwrap();
        assert_eq!(first.data_ref().map(Bytes::len), Some(64 * 1024));
        drop(request);
        unread.unwrap().finish().await;
        assert_eq!(read.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn what_has_no_end_is_left() {
        let (request, read) = request(usize::MAX);
        let (_, unread) = Unread::lend(request);
        unread.unwrap().finish().await;
        assert_eq!(read.load(Ordering::SeqCst), REST_AT_MOST / (64 * 1024));
    }

    #[tokio::test]
    async fn a_client_that_waits_to_be_told_is_not_told_to_send() {
        let (mut request, _) = request(1);
        let value = axum::http::HeaderValue::from_static("100-continue");
        request.headers_mut().insert(header::EXPECT, value);
        assert!(Unread::lend(request).1.is_none());
        assert!(Unread::lend(Request::new(Body::empty())).1.is_none());
    }
}
