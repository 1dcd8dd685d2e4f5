//! Keep-alive connections over HTTP/1.1.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::http::uri::PathAndQuery;
use hyper::{Method, Uri};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::wire::{self, Progress, Response};

/// No answer is waited for longer than this: nobody looks at a page for so long.
pub const ANSWERED_WITHIN: Duration = Duration::from_secs(30);
/// What is read at once at least.
const READ_AT_ONCE: usize = 4096;
/// How much of a strange answer is repeated.
const QUOTED: usize = 300;

/// Why a server can't be asked.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The URL is none that is spoken here.
    #[error(
        "{url} can't be asked: {why}. The generator speaks plain HTTP; name an address behind what ends TLS, as \
         http://127.0.0.1:8080 is"
    )]
    Url {
        /// What was named.
        url: String,
        /// Why not.
        why: String,
    },
    /// No answer.
    #[error("{what} got no answer: {why}")]
    Unanswered {
        /// What was asked.
        what: String,
        /// Why not.
        why: Unanswered,
    },
    /// Another answer than it takes to go on.
    #[error("{what} was answered {status}: {told}")]
    Refused {
        /// What was asked.
        what: String,
        /// The HTTP status.
        status: u16,
        /// The beginning of the answer.
        told: String,
    },
}

/// Where a server is.
#[derive(Debug, Clone)]
pub struct Target {
    address: SocketAddr,
    host: Arc<str>,
}

impl Target {
    /// The server at `http://HOST[:PORT]`.
    pub async fn at(url: &str) -> Result<Self, AskError> {
        let bad = |why: &str| AskError::Url {
            url: url.to_owned(),
            why: why.to_owned(),
        };
        let uri: Uri = url.parse().map_err(|_| bad("it is no URL"))?;
        if uri.scheme_str() != Some("http") {
            return Err(bad("it does not begin with http://"));
        }
        if uri.path() != "/" || uri.query().is_some() {
            return Err(bad("it has a path"));
        }
        let authority = uri.authority().ok_or_else(|| bad("it names no host"))?;
        let name = authority.host().trim_matches(['[', ']']).to_owned();
        let port = authority.port_u16().unwrap_or(80);
        let found = tokio::net::lookup_host((name, port)).await;
        let address = found.ok().and_then(|mut all| all.next());
        Ok(Self {
            address: address.ok_or_else(|| bad("there is no host of that name"))?,
            host: authority.as_str().into(),
        })
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Request {
    method: Method,
    path: PathAndQuery,
    bearer: Option<Arc<str>>,
    idempotency_key: Option<String>,
    content_type: &'static str,
    body: Bytes,
}

impl Request {
    /// GET of this path.
    pub fn get(path: &PathAndQuery) -> Self {
        Self {
            method: Method::GET,
            path: path.clone(),
            bearer: None,
            idempotency_key: None,
            content_type: "application/json",
            body: Bytes::new(),
        }
    }

    /// POST of JSON to this path.
    pub fn post(path: &PathAndQuery, body: impl Into<Bytes>) -> Self {
        Self {
            method: Method::POST,
            body: body.into(),
            ..Self::get(path)
        }
    }

    /// PUT of something to this path.
    pub fn put(path: &PathAndQuery, content_type: &'static str, body: Bytes) -> Self {
        Self {
            method: Method::PUT,
            content_type,
            ..Self::post(path, body)
        }
    }

    /// With this token.
    #[must_use]
    pub fn bearer(mut self, token: &Arc<str>) -> Self {
        self.bearer = Some(Arc::clone(token));
        self
    }

    /// Happens once, however often it is sent.
    #[must_use]
    pub fn idempotency_key(mut self, key: String) -> Self {
        self.idempotency_key = Some(key);
        self
    }

    /// As it goes over the wire. A token or key that no header can hold is left out: the server says what it lacks.
    fn write(&self, host: &str, wire: &mut Vec<u8>) {
        wire.clear();
        let method = self.method.as_str();
        for part in [method, " ", self.path.as_str(), " HTTP/1.1\r\nhost: ", host] {
            wire.extend_from_slice(part.as_bytes());
        }
        let mut header = |name: &str, value: &str| {
            if value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                for part in ["\r\n", name, value] {
                    wire.extend_from_slice(part.as_bytes());
                }
            }
        };
        if let Some(token) = &self.bearer {
            header("authorization: Bearer ", token);
        }
        if let Some(key) = &self.idempotency_key {
            header("idempotency-key: ", key);
        }
        if self.method != Method::GET {
            header("content-length: ", &self.body.len().to_string());
        }
        if !self.body.is_empty() {
            header("content-type: ", self.content_type);
        }
        wire.extend_from_slice(b"\r\n\r\n");
        wire.extend_from_slice(&self.body);
    }
}

/// No answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// None within [`ANSWERED_WITHIN`].
    #[error("none within {} seconds", ANSWERED_WITHIN.as_secs())]
    TimedOut,
    /// The connection was refused, or broke.
    #[error("{0}")]
    Broken(String),
}

/// A connection that is opened when it is needed and kept.
pub struct Connection {
    target: Target,
    stream: Option<TcpStream>,
    /// What is sent, and then what comes.
    bytes: Vec<u8>,
}

impl Connection {
    /// Not open yet.
    pub const fn to(target: Target) -> Self {
        Self {
            target,
            stream: None,
            bytes: Vec::new(),
        }
    }

    /// Asks, and reads the whole answer.
    pub async fn send(&mut self, request: &Request) -> Result<Response, Unanswered> {
        let sent = tokio::time::timeout(ANSWERED_WITHIN, self.ask(request)).await;
        let answer = sent.unwrap_or(Err(Unanswered::TimedOut));
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    /// Asks what has to succeed for anything to go on, and reads the answer as JSON.
    pub async fn json<T: DeserializeOwned>(&mut self, request: &Request) -> Result<T, AskError> {
        let response = self.success(request).await?;
        serde_json::from_slice(&response.body).map_err(|error| AskError::Refused {
            what: format!("{} {}", request.method, request.path),
            status: response.status,
            told: format!("not as Jari does ({error})"),
        })
    }

    /// Asks what has to succeed for anything to go on.
    pub async fn success(&mut self, request: &Request) -> Result<Response, AskError> {
        let what = || format!("{} {}", request.method, request.path);
        let response = self.send(request).await;
        let response = response.map_err(|why| AskError::Unanswered { what: what(), why })?;
        if (200..300).contains(&response.status) {
            return Ok(response);
        }
        let told = &response.body[..response.body.len().min(QUOTED)];
        Err(AskError::Refused {
            what: what(),
            status: response.status,
            told: String::from_utf8_lossy(told).into_owned(),
        })
    }

    async fn ask(&mut self, request: &Request) -> Result<Response, Unanswered> {
        let mut stream = match self.stream.take().filter(is_quiet) {
            Some(stream) => stream,
            None => self.open().await?,
        };
        request.write(&self.target.host, &mut self.bytes);
        stream.write_all(&self.bytes).await.map_err(broken)?;
        self.bytes.clear();
        loop {
            self.bytes.reserve(READ_AT_ONCE);
            let came = stream.read_buf(&mut self.bytes).await.map_err(broken)?;
            match wire::read(&self.bytes, came == 0).map_err(broken)? {
                Progress::Whole(whole) => {
                    if whole.stays_open && whole.length == self.bytes.len() {
                        self.stream = Some(stream);
                    }
                    return Ok(whole.response);
                }
                Progress::Partial if came == 0 => {
                    return Err(broken("it was closed before the answer was whole"));
                }
                Progress::Partial => {}
            }
        }
    }

    async fn open(&self) -> Result<TcpStream, Unanswered> {
        let stream = TcpStream::connect(self.target.address).await;
        let stream = stream.map_err(broken)?;
        stream.set_nodelay(true).map_err(broken)?;
        Ok(stream)
    }
}

/// Whether nothing has come since the last answer, not even the end: a server may close a connection that is idle, in
/// order, and nothing of what is asked next would reach it.
fn is_quiet(stream: &TcpStream) -> bool {
    let told = stream.try_read(&mut [0]);
    matches!(told, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
}

fn broken(error: impl std::fmt::Display) -> Unanswered {
    Unanswered::Broken(error.to_string())
}
