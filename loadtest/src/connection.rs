//! One keep-alive connection to the server.

use std::net::SocketAddr;

use anyhow::{Context, anyhow};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use hyper::http::HeaderMap;
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// How much of an unexpected answer is shown.
const SHOWN_AT_MOST: usize = 300;
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A request that is ready to be sent, again and again.
#[derive(Debug, Clone)]
pub struct Call {
    method: Method,
    uri: Uri,
    authorization: Option<HeaderValue>,
    other: Option<(HeaderName, HeaderValue)>,
    content_type: HeaderValue,
    body: Bytes,
}

impl Call {
    /// GET of this path.
    pub fn get(path: &str) -> anyhow::Result<Self> {
        Ok(Self {
            method: Method::GET,
            uri: path.parse().with_context(|| format!("the path {path}"))?,
            authorization: None,
            other: None,
            content_type: JSON,
            body: Bytes::new(),
        })
    }

    /// POST of a JSON body to this path.
    pub fn post(path: &str, body: &Value) -> anyhow::Result<Self> {
        Self::post_text(path, body.to_string())
    }

    /// POST of JSON text to this path.
    pub fn post_text(path: &str, body: String) -> anyhow::Result<Self> {
        Ok(Self {
            method: Method::POST,
            body: body.into(),
            ..Self::get(path)?
        })
    }

    /// PUT of a body to this path.
    pub fn put(path: &str, content_type: &'static str, body: Bytes) -> anyhow::Result<Self> {
        Ok(Self {
            method: Method::PUT,
            content_type: HeaderValue::from_static(content_type),
            body,
            ..Self::get(path)?
        })
    }

    /// DELETE of this path.
    pub fn delete(path: &str) -> anyhow::Result<Self> {
        Ok(Self {
            method: Method::DELETE,
            ..Self::get(path)?
        })
    }

    /// With this token.
    pub fn bearer(self, token: &str) -> anyhow::Result<Self> {
        let authorization = HeaderValue::from_str(&format!("Bearer {token}"))?;
        Ok(Self {
            authorization: Some(authorization),
            ..self
        })
    }

    /// With this header.
    pub fn header(self, name: &'static str, value: &str) -> anyhow::Result<Self> {
        let value = HeaderValue::from_str(value)?;
        Ok(Self {
            other: Some((HeaderName::from_static(name), value)),
            ..self
        })
    }

    fn request(&self, host: &HeaderValue) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        headers.insert(HOST, host.clone());
        if let Some(authorization) = &self.authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        if let Some((name, value)) = &self.other {
            headers.insert(name.clone(), value.clone());
        }
        if !self.body.is_empty() {
            headers.insert(CONTENT_TYPE, self.content_type.clone());
        }
        request
    }
}

/// An answer: 2xx or 304.
#[derive(Debug)]
pub struct Answer {
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Result<Value, Failure> {
        serde_json::from_slice(&self.body).map_err(|error| Failure::Broken(error.into()))
    }
}

/// Why a request did not succeed.
#[derive(Debug)]
pub enum Failure {
    /// It was answered, but neither with 2xx nor with 304.
    Refused(String),
    /// Nothing more can be asked on this connection.
    Broken(anyhow::Error),
}

impl From<Failure> for anyhow::Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(told) => anyhow!("the server refused: {told}"),
            Failure::Broken(error) => error,
        }
    }
}

/// A connection that is kept open.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
    address: SocketAddr,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let host = HeaderValue::from_str(&address.to_string())?;
        Ok(Self {
            sender,
            host,
            address,
        })
    }

    /// Asks, and reads the whole answer.
    pub async fn send(&mut self, call: &Call) -> Result<Answer, Failure> {
        let broken = |error: hyper::Error| {
            Failure::Broken(anyhow!(error).context(format!("{} {}", call.method, call.uri.path())))
        };
        if self.sender.ready().await.is_err() {
            // The gateway closes a connection in order after so many answers, as it does to everybody.
            *self = Self::open(self.address).await.map_err(Failure::Broken)?;
            self.sender.ready().await.map_err(broken)?;
        }
        let response = self.sender.send_request(call.request(&self.host)).await;
        let (parts, body) = response.map_err(broken)?.into_parts();
        let body = body.collect().await.map_err(broken)?.to_bytes();
        if parts.status.is_success() || parts.status == StatusCode::NOT_MODIFIED {
            return Ok(Answer {
                headers: parts.headers,
                body,
            });
        }
        let shown = String::from_utf8_lossy(&body[..body.len().min(SHOWN_AT_MOST)]).into_owned();
        Err(Failure::Refused(format!(
            "{} {}: {} {shown}",
            call.method,
            call.uri.path(),
            parts.status
        )))
    }
}
