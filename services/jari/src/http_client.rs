//! Talking to a server over HTTP, and saying in words what went wrong.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::http::{Method, Request, header};

/// How long a connection may take: a server that is there answers at once.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long an answer may take: importing the largest map takes a few seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// The largest answer: ten times the largest map.
const ANSWER_AT_MOST: u64 = 320 * 1024 * 1024;
/// How much of a strange answer is repeated.
const QUOTED_CHARS: usize = 200;

/// A server.
pub struct HttpClient {
    agent: ureq::Agent,
    url: String,
}

/// A request in the making.
pub struct Call<'a> {
    client: &'a HttpClient,
    method: Method,
    path: String,
    headers: Vec<(header::HeaderName, String)>,
    body: Option<Vec<u8>>,
}

/// An answer that is no error.
pub struct Answer {
    what: String,
    body: Vec<u8>,
}

/// Why there is no answer to work with.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No answer came. Whether the request was carried out is not known.
    #[error("{what}")]
    Unanswered {
        /// What happened, and what to do.
        what: String,
    },
    /// The server said no.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// Something answered, but not as Jari does.
    #[error("{what}")]
    Strange {
        /// What happened, and what to do.
        what: String,
    },
}

/// A problem as a server describes it.
#[derive(Debug)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The problem's code (`"seats_unavailable"`).
    pub code: String,
    /// When to ask again, in seconds, if the server said so.
    pub retry_after: Option<u64>,
    /// The whole problem object.
    pub problem: Value,
    what: String,
}

impl HttpClient {
    /// The server at this URL.
    pub fn new(url: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .tls_config(crate::trust::tls(url))
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT_WITHIN))
            .timeout_global(Some(ANSWER_WITHIN))
            .user_agent(concat!("jari/", env!("CARGO_PKG_VERSION")));
        let config = if is_this_machine(url) {
            config.proxy(None)
        } else {
            config
        };
        Self {
            agent: config.build().new_agent(),
            url: url.to_owned(),
        }
    }

    /// Asks for something.
    pub fn get(&self, path: impl Into<String>) -> Call<'_> {
        self.call(Method::GET, path)
    }

    /// Asks to do something.
    pub fn post(&self, path: impl Into<String>) -> Call<'_> {
        self.call(Method::POST, path)
    }

    /// Asks to put something in its place.
    pub fn put(&self, path: impl Into<String>) -> Call<'_> {
        self.call(Method::PUT, path)
    }

    /// Asks to change something.
    pub fn patch(&self, path: impl Into<String>) -> Call<'_> {
        self.call(Method::PATCH, path)
    }

    /// Asks to take something away.
    pub fn delete(&self, path: impl Into<String>) -> Call<'_> {
        self.call(Method::DELETE, path)
    }

    fn call(&self, method: Method, path: impl Into<String>) -> Call<'_> {
        Call {
            client: self,
            method,
            path: path.into(),
            headers: Vec::new(),
            body: None,
        }
    }
}

impl Call<'_> {
    /// With this token or key.
    pub fn bearer(mut self, token: &str) -> Self {
        self.headers
            .push((header::AUTHORIZATION, format!("Bearer {token}")));
        self
    }

    /// With this Idempotency-Key: sending it again is safe.
    pub fn idempotency_key(mut self, key: &str) -> Self {
        let name = header::HeaderName::from_static("idempotency-key");
        self.headers.push((name, key.to_owned()));
        self
    }

    /// With this body as JSON.
    pub fn json(self, body: &impl Serialize) -> Self {
        let bytes = serde_json::to_vec(body).unwrap_or_default();
        self.body("application/json", bytes)
    }

    /// With this body.
    pub fn body(mut self, media_type: &str, bytes: Vec<u8>) -> Self {
        self.headers
            .push((header::CONTENT_TYPE, media_type.to_owned()));
        self.body = Some(bytes);
        self
    }

    /// Sends it.
    pub fn send(self) -> Result<Answer, CallError> {
        let what = format!("{} {}{}", self.method, self.client.url, self.path);
        let mut request = Request::builder()
            .method(self.method)
            .uri(format!("{}{}", self.client.url, self.path));
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let agent = &self.client.agent;
        let sent = match self.body {
            Some(body) => request.body(body).map(|request| agent.run(request)),
            None => request.body(()).map(|request| agent.run(request)),
        };
        let malformed = |error: &dyn std::fmt::Display| CallError::Strange {
            what: format!("{what} is not a request that can be sent: {error}"),
        };
        let failed = |error: &ureq::Error| unanswered(&self.client.url, &what, error);
        let answer = sent.map_err(|error| malformed(&error))?;
        let mut answer = answer.map_err(|error| failed(&error))?;
        let (status, headers) = (answer.status().as_u16(), answer.headers());
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let retry_after = text(header::RETRY_AFTER).and_then(|seconds| seconds.parse().ok());
        let bytes = answer.body_mut().with_config().limit(ANSWER_AT_MOST);
        let body = bytes.read_to_vec().map_err(|error| failed(&error))?;
        if (200..300).contains(&status) {
            return Ok(Answer { what, body });
        }
        Err(refused(status, retry_after, &what, &body))
    }
}

impl Answer {
    /// The answer as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        serde_json::from_slice(&self.body).map_err(|error| CallError::Strange {
            what: format!(
                "{} was answered, but not as Jari does ({error}). Does --url name a Jari of this version?",
                self.what
            ),
        })
    }

    /// The answer as it came.
    pub fn into_bytes(self) -> Vec<u8> {
        self.body
    }
}

impl std::error::Error for Refusal {}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let said = |field: &str| self.problem[field].as_str();
        let detail = said("detail").or_else(|| said("title"));
        let detail = detail.unwrap_or("the server gives no reason");
        write!(f, "{detail}\n  {} was answered {}", self.what, self.status)?;
        if !self.code.is_empty() {
            write!(f, " {}", self.code)?;
        }
        for error in self.problem["errors"].as_array().into_iter().flatten() {
            let field = error["field"].as_str().unwrap_or_default();
            let what = error["detail"].as_str().unwrap_or_default();
            if !detail.ends_with(what) {
                write!(f, "\n  {}: {what}", field.trim_start_matches('/'))?;
            }
        }
        for name in ["categories", "seats"] {
            let list = self.problem[name].as_array().into_iter().flatten();
            let words: Vec<_> = list.filter_map(Value::as_str).collect();
            if !words.is_empty() {
                write!(f, "\n  {name}: {}", words.join(", "))?;
            }
        }
        match hint(&self.code) {
            "" => Ok(()),
            hint => write!(f, "\n  {hint}"),
        }
    }
}

/// What to do about a refusal, where the server can't know it.
fn hint(code: &str) -> &'static str {
    match code {
        "operator_key_missing" | "operator_key_invalid" => {
            "The key was taken from JARI_OPERATOR_KEY or from DIR/operator-key: name the data directory of this \
             server with --data."
        }
        "event_not_found" => "`jari event list` shows what there is; drafts can't be bought from.",
        "event_is_draft" => "Open it first: `jari event open`.",
        "map_missing" => "Give it a seat map: `jari map import`.",
        "price_missing" => "Name the prices: `jari event price EVENT_ID CATEGORY=MINOR …`.",
        _ => "",
    }
}

fn refused(status: u16, retry_after: Option<u64>, what: &str, body: &[u8]) -> CallError {
    match serde_json::from_slice::<Value>(body) {
        Ok(problem) if problem["code"].is_string() => CallError::Refused(Box::new(Refusal {
            status,
            code: problem["code"].as_str().unwrap_or_default().to_owned(),
            retry_after,
            problem,
            what: what.to_owned(),
        })),
        _ if matches!(status, 502..=504) => CallError::Unanswered {
            what: format!(
                "{what} was answered {status}: what stands before Jari can't reach it now"
            ),
        },
        _ => {
            let text = String::from_utf8_lossy(body);
            let start: String = text.trim().chars().take(QUOTED_CHARS).collect();
            CallError::Strange {
                what: format!(
                    "{what} was answered {status}, but not by a Jari ({start:?}). Name the right server with --url."
                ),
            }
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what else can go wrong on the way is told as the library tells it"
)]
fn unanswered(url: &str, what: &str, error: &ureq::Error) -> CallError {
    let no_jari = |why: &str| {
        format!("no Jari answers at {url}{why}: start one with `jari serve`, or name it with --url")
    };
    let what = match error {
        ureq::Error::Io(io) if io.kind() == std::io::ErrorKind::ConnectionRefused => no_jari(""),
        ureq::Error::ConnectionFailed => no_jari(""),
        ureq::Error::HostNotFound => no_jari(" (there is no host of that name)"),
        ureq::Error::Timeout(ureq::Timeout::Connect) => {
            no_jari(" (no connection within 5 seconds)")
        }
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            let what = format!("{url} is not a URL that can be asked ({error}): mend --url");
            return CallError::Strange { what };
        }
        error => format!("{what} got no whole answer: {error}"),
    };
    CallError::Unanswered { what }
}

/// Whether a URL is of this machine: no proxy stands before it.
fn is_this_machine(url: &str) -> bool {
    let authority = url.split("://").nth(1).unwrap_or(url);
    let authority = authority.split('/').next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    host == "localhost" || host == "[::1]" || host.starts_with("127.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_told_by_its_names() {
        for url in [
            "http://localhost:8080",
            "http://127.0.0.1:1/x",
            "http://[::1]:80",
            "http://localhost",
        ] {
            assert!(is_this_machine(url), "{url}");
        }
        assert!(!is_this_machine("https://localhost.example.org"));
    }

    #[test]
    fn a_server_that_is_not_there_is_told_with_what_to_do() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let error = HttpClient::new(&url)
            .get("/api/events")
            .send()
            .err()
            .unwrap();
        assert!(matches!(error, CallError::Unanswered { .. }));
        assert_eq!(
            error.to_string(),
            format!("no Jari answers at {url}: start one with `jari serve`, or name it with --url")
        );
    }

    #[test]
    fn a_problem_is_told_with_its_fields() {
        let body = serde_json::json!({ "code": "invalid_request", "detail": "Two fields are wrong.",
            "errors": [{ "field": "/starts_at", "detail": "not an instant" }] });
        let bytes = serde_json::to_vec(&body).unwrap();
        let error = refused(422, None, "POST http://x/api/admin/events", &bytes);
        assert!(matches!(&error, CallError::Refused(refusal) if refusal.code == "invalid_request"));
        assert_eq!(
            error.to_string(),
            "Two fields are wrong.\n  POST http://x/api/admin/events was answered 422 invalid_request\n  \
             starts_at: not an instant"
        );
    }

    #[test]
    fn whoever_is_not_jari_is_told_from_a_jari_that_says_no() {
        let error = refused(404, None, "GET http://x/", b"<html>nothing here</html>");
        assert!(matches!(error, CallError::Strange { .. }), "{error}");
        let error = refused(502, None, "GET http://x/", b"<html>bad gateway</html>");
        assert!(matches!(error, CallError::Unanswered { .. }), "{error}");
    }
}
