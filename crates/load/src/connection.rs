//! Keep-alive connections over HTTP/1.1.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::http::uri::PathAndQuery;
use hyper::{Method, Request as HttpRequest, Uri};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;

/// No answer is waited for longer than this: nobody looks at a page for so long.
pub const ANSWERED_WITHIN: Duration = Duration::from_secs(30);
/// The largest answer: the map of a stadium several times over.
const ANSWER_AT_MOST: usize = 64 << 20;
/// How much of a strange answer is repeated.
const QUOTED: usize = 300;
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

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
    host: HeaderValue,
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
            host: HeaderValue::from_str(authority.as_str()).map_err(|_| bad("its host"))?,
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
    content_type: HeaderValue,
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
            content_type: HeaderValue::from_static("application/json"),
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
            content_type: HeaderValue::from_static(content_type),
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

    fn ready(&self, host: &HeaderValue) -> HttpRequest<Full<Bytes>> {
        let mut request = HttpRequest::new(Full::new(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = Uri::from(self.path.clone());
        let headers = request.headers_mut();
        headers.insert(HOST, host.clone());
        let bearer = self.bearer.as_ref();
        if let Some(Ok(value)) =
            bearer.map(|token| HeaderValue::try_from(format!("Bearer {token}")))
        {
            headers.insert(AUTHORIZATION, value);
        }
        let key = self.idempotency_key.as_ref();
        if let Some(Ok(value)) = key.map(HeaderValue::try_from) {
            headers.insert(IDEMPOTENCY_KEY, value);
        }
        if !self.body.is_empty() {
            headers.insert(CONTENT_TYPE, self.content_type.clone());
        }
        request
    }
}

/// What was answered.
#[derive(Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// When to ask again, in seconds.
    pub retry_after: Option<u32>,
    /// The whole body.
    pub body: Bytes,
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
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Connection {
    /// Not open yet.
    pub const fn to(target: Target) -> Self {
        Self {
            target,
            sender: None,
        }
    }

    /// Asks, and reads the whole answer.
    pub async fn send(&mut self, request: &Request) -> Result<Response, Unanswered> {
        let sent = tokio::time::timeout(ANSWERED_WITHIN, self.ask(request)).await;
        let answer = sent.unwrap_or(Err(Unanswered::TimedOut));
        if answer.is_err() {
            self.sender = None;
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
        let response = loop {
            let is_new = self.open().await?;
            let Some(sender) = &mut self.sender else {
                return Err(Unanswered::Broken("it was closed".to_owned()));
            };
            match sender.send_request(request.ready(&self.target.host)).await {
                Ok(response) => break response,
                // The server closed it in order before anything of this was sent.
                Err(error) if error.is_canceled() && !is_new => self.sender = None,
                Err(error) => return Err(broken(&error)),
            }
        };
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, ANSWER_AT_MOST).collect().await;
        let body = body.map_err(|error| Unanswered::Broken(error.to_string()))?;
        let retry_after = parts.headers.get(RETRY_AFTER);
        Ok(Response {
            status: parts.status.as_u16(),
            retry_after: retry_after.and_then(|value| value.to_str().ok()?.parse().ok()),
            body: body.to_bytes(),
        })
    }

    /// Sees to it that it is open; whether it was opened anew.
    async fn open(&mut self) -> Result<bool, Unanswered> {
        if let Some(sender) = &mut self.sender
            && sender.ready().await.is_ok()
        {
            return Ok(false);
        }
        let failed = |error: std::io::Error| Unanswered::Broken(error.to_string());
        let stream = TcpStream::connect(self.target.address)
            .await
            .map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        let shaken = handshake(TokioIo::new(stream)).await;
        let (sender, connection) = shaken.map_err(|error| broken(&error))?;
        tokio::spawn(connection);
        self.sender = Some(sender);
        Ok(true)
    }
}

fn broken(error: &hyper::Error) -> Unanswered {
    Unanswered::Broken(error.to_string())
}
