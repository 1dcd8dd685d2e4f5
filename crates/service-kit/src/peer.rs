//! Asking another service of the same system: JSON over HTTP/1, with the key that the services share. Their
//! network is their own, so there is no TLS.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An answer comes within this time: longer than a store takes to give up.
const ANSWERED_WITHIN: Duration = Duration::from_secs(12);
/// A peer that can't be reached is one that is down: it is on the same network.
const CONNECTED_WITHIN: Duration = Duration::from_secs(2);
/// Bytes of an answer, or of a line, at most: the largest seat map there is, with room.
const ANSWER_AT_MOST: usize = 64 << 20;
/// Whoever listens is told something, if only that nothing has happened, at least this often.
const SILENT_AT_MOST: Duration = Duration::from_secs(15);

/// Why a peer did not answer.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// The address is not one of a peer, or there is none.
    #[error("{0} is no http:// address")]
    Address(String),
    /// It can't be reached, or broke off.
    #[error("it can't be reached: {0}")]
    Unreachable(String),
    /// It took too long.
    #[error("it did not answer in time")]
    TimeOut,
    /// It answered with another status than 200.
    #[error("it answered {0}")]
    Status(u16),
    /// It answered something that is not understood.
    #[error("its answer is not understood: {0}")]
    Answer(String),
}

/// Another service, in one instance or several of which any will do.
#[derive(Clone)]
pub struct Peer {
    client: Client<HttpConnector, Full<Bytes>>,
    bases: Arc<[String]>,
    /// The one that could be reached last.
    asked: Arc<AtomicUsize>,
    authorization: HeaderValue,
}

impl Peer {
    /// The service at these addresses (`http://host:port`, separated by commas), with the key that the services share.
    pub fn new(bases: &str, key: &str) -> Result<Self, PeerError> {
        let wrong = || PeerError::Address(bases.to_owned());
        let bases: Result<Arc<[String]>, PeerError> = bases.split(',').map(base).collect();
        let mut authorization =
            HeaderValue::try_from(format!("Bearer {key}")).map_err(|_| wrong())?;
        authorization.set_sensitive(true);
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(CONNECTED_WITHIN));
        connector.set_nodelay(true);
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            bases: bases?,
            asked: Arc::default(),
            authorization,
        })
    }

    /// Asks a question and waits for its answer.
    pub async fn ask<A: DeserializeOwned>(
        &self,
        path: &str,
        question: &(impl Serialize + Sync),
    ) -> Result<A, PeerError> {
        let body = serde_json::to_vec(question).map_err(|error| no_json(&error))?;
        let answer = async {
            let response = self.send(Method::POST, path, body.into()).await?;
            let body = Limited::new(response.into_body(), ANSWER_AT_MOST);
            body.collect()
                .await
                .map_err(|error| PeerError::Unreachable(error.to_string()))
        };
        let answer = tokio::time::timeout(ANSWERED_WITHIN, answer).await;
        let bytes = answer.map_err(|_| PeerError::TimeOut)??.to_bytes();
        serde_json::from_slice(&bytes).map_err(|error| no_json(&error))
    }

    /// Listens to what is told line by line.
    pub async fn listen(&self, path: &str) -> Result<Lines, PeerError> {
        let response = self.send(Method::GET, path, Bytes::new());
        let response = tokio::time::timeout(ANSWERED_WITHIN, response).await;
        Ok(Lines {
            body: response.map_err(|_| PeerError::TimeOut)??.into_body(),
            read: BytesMut::new(),
        })
    }

    /// Asks the instance that could be reached last, and the others only where it can't have heard anything.
    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<Response<Incoming>, PeerError> {
        let first = self.asked.load(Ordering::Relaxed);
        let mut tried = 0;
        loop {
            let at = (first + tried) % self.bases.len();
            let request = Request::builder()
                .method(method.clone())
                .uri(format!("{}{path}", self.bases[at]))
                .header(AUTHORIZATION, self.authorization.clone())
                .header(CONTENT_TYPE, "application/json");
            let request = request
                .body(Full::new(body.clone()))
                .map_err(|error| PeerError::Answer(error.to_string()))?;
            tried += 1;
            match self.client.request(request).await {
                Err(error) if error.is_connect() && tried < self.bases.len() => {}
                Err(error) => return Err(PeerError::Unreachable(chain(&error))),
                Ok(response) => {
                    self.asked.store(at, Ordering::Relaxed);
                    return match response.status().as_u16() {
                        200 => Ok(response),
                        other => Err(PeerError::Status(other)),
                    };
                }
            }
        }
    }
}

/// An address of a server and nothing else, without its last slash.
fn base(text: &str) -> Result<String, PeerError> {
    let wrong = || PeerError::Address(text.to_owned());
    let base = text.trim().trim_end_matches('/');
    let uri: Uri = base.parse().map_err(|_| wrong())?;
    let is_bare = uri.path() == "/" && uri.query().is_none();
    if uri.scheme_str() != Some("http") || uri.host().is_none() || !is_bare {
        return Err(wrong());
    }
    Ok(base.to_owned())
}

/// What is told, line by line.
pub struct Lines {
    body: Incoming,
    read: BytesMut,
}

impl Lines {
    /// The next line; `None` once the peer has said goodbye.
    pub async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, PeerError> {
        loop {
            if let Some(at) = self.read.iter().position(|byte| *byte == b'\n') {
                let line = self.read.split_to(at + 1);
                return serde_json::from_slice(&line)
                    .map(Some)
                    .map_err(|error| no_json(&error));
            }
            if self.read.len() > ANSWER_AT_MOST {
                return Err(PeerError::Answer("a line is too long".to_owned()));
            }
            let frame = tokio::time::timeout(SILENT_AT_MOST, self.body.frame()).await;
            match frame.map_err(|_| PeerError::TimeOut)? {
                None => return Ok(None),
                Some(Err(error)) => return Err(PeerError::Unreachable(error.to_string())),
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        self.read.extend_from_slice(data);
                    }
                }
            }
        }
    }
}

/// The kind of a fault and its place: serde's own words may quote what was read, and that has names and contacts
/// in it.
fn no_json(error: &serde_json::Error) -> PeerError {
    let (kind, line, column) = (error.classify(), error.line(), error.column());
    PeerError::Answer(format!("{kind:?} at line {line}, column {column}"))
}

/// An error with all its causes: the first alone says only that something failed.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_is_that_of_a_server_and_nothing_else() {
        for good in [
            "http://core:9081",
            "http://127.0.0.1:9081/",
            "http://one:1, http://two:2/",
        ] {
            assert!(Peer::new(good, "key").is_ok(), "{good}");
        }
        for bad in [
            "core:9081",
            "https://core",
            "http://core/api",
            "http://",
            "http://one:1,",
        ] {
            assert!(Peer::new(bad, "key").is_err(), "{bad}");
        }
        assert!(Peer::new("http://core", "a\nkey").is_err());
    }

    #[tokio::test]
    async fn another_instance_is_asked_where_the_first_cannot_be_reached() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let alive = listener.local_addr().unwrap();
        let routes = axum::Router::new()
            .route("/", axum::routing::post(async || "7"))
            .route("/name", axum::routing::post(async || "\"Kim Min-ji\""));
        tokio::spawn(axum::serve(listener, routes).into_future());
        let peer = Peer::new(&format!("http://127.0.0.1:1,http://{alive}"), "key").unwrap();
        for _ in 0..2 {
            assert_eq!(peer.ask::<u32>("/", &()).await.unwrap(), 7);
            assert_eq!(peer.asked.load(Ordering::Relaxed), 1, "it is remembered");
        }
        let told = peer.ask::<u32>("/name", &()).await.unwrap_err().to_string();
        assert!(
            told.contains("column") && !told.contains("Kim"),
            "what was read is not quoted: {told}"
        );
        let nobody = Peer::new("http://127.0.0.1:1,http://127.0.0.1:1", "key").unwrap();
        let told = nobody.ask::<u32>("/", &()).await.unwrap_err();
        assert!(matches!(told, PeerError::Unreachable(_)), "{told}");
    }
}
