//! What a handler takes from a request, with every mistake told in the same words.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, header, request::Parts};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::json::{missing_field, parse_json};
use crate::problem::{FieldError, Problem};

/// A body may have this many bytes unless its route says otherwise.
pub const BODY_LIMIT: usize = 64 * 1024;

/// How many bytes a route's body may have, as a request extension.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit(pub usize);

/// Reads the whole body, within the route's limit.
pub async fn read_body(parts: &Parts, body: Body) -> Result<Bytes, Problem> {
    let limit = parts
        .extensions
        .get::<BodyLimit>()
        .map_or(BODY_LIMIT, |limit| limit.0);
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => {
            Err(Problem::body_too_large(limit))
        }
        Err(_) => Err(Problem::invalid_json("it ended early")),
    }
}

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        check_content_type(&parts.headers)?;
        let bytes = read_body(&parts, body).await?;
        parse_json(&bytes).map(Self)
    }
}

/// A JSON body together with the SHA-256 of what it means: of the JSON value, whatever its spaces and the
/// order of its keys.
#[derive(Debug)]
pub struct JsonWithDigest<T> {
    /// The body.
    pub body: T,
    /// SHA-256 of the body as a JSON value.
    pub digest: [u8; 32],
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonWithDigest<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        check_content_type(&parts.headers)?;
        let bytes = read_body(&parts, body).await?;
        let body = parse_json(&bytes)?;
        // serde_json keeps objects sorted by key, so writing the value again makes equal values equal bytes.
        let value: serde_json::Value =
            serde_json::from_slice(&bytes).map_err(Problem::invalid_json)?;
        let digest = Sha256::digest(value.to_string().as_bytes()).into();
        Ok(Self { body, digest })
    }
}

fn check_content_type(headers: &HeaderMap) -> Result<(), Problem> {
    let sent = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim();
    let is_json = essence.eq_ignore_ascii_case("application/json")
        || essence.len() > 5 && essence.to_ascii_lowercase().ends_with("+json");
    if is_json {
        Ok(())
    } else {
        Err(Problem::unsupported_media_type("application/json"))
    }
}

/// Query parameters.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::try_from_uri(&parts.uri) {
            Ok(query) => Ok(Self(query.0)),
            Err(rejection) => {
                let text = rejection.body_text();
                let detail = text
                    .split_once(": ")
                    .map_or(text.as_str(), |(_, detail)| detail)
                    .to_owned();
                let named = missing_field(&detail)
                    .or_else(|| detail.split(':').next().filter(|n| !n.contains(' ')));
                let field = named.map_or_else(String::new, |name| format!("/{name}"));
                Err(Problem::invalid_request(vec![FieldError { field, detail }]))
            }
        }
    }
}

/// Parts of the path; what can't be read is not found.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0))
            .map_err(|_| Problem::not_found())
    }
}

/// The token of `Authorization: Bearer …`, if one was sent.
#[derive(Clone)]
pub struct Bearer(pub Option<String>);

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bearer(…)")
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Bearer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(bearer(&parts.headers).map(str::to_owned)))
    }
}

/// The token of `Authorization: Bearer …`, if one was sent.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked(value.iter().position(|byte| *byte == b' ')?)?;
    // A token of other bytes was sent all the same, and is none of ours.
    let token = std::str::from_utf8(token).unwrap_or("?").trim();
    (scheme.eq_ignore_ascii_case(b"bearer") && !token.is_empty()).then_some(token)
}

/// `Idempotency-Key`: 1–128 characters, if one was sent.
#[derive(Debug, Clone)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        match std::str::from_utf8(value.as_bytes()).map(str::trim) {
            Ok("") => Ok(Self(None)),
            Ok(key) if key.chars().count() <= 128 => Ok(Self(Some(key.to_owned()))),
            _ => Err(Problem::invalid_request(vec![FieldError {
                field: "/Idempotency-Key".to_owned(),
                detail: "1 to 128 characters are needed, in UTF-8".to_owned(),
            }])),
        }
    }
}

/// An `Idempotency-Key` that must be sent: 400 `idempotency_key_missing` otherwise, whatever the body is.
#[derive(Debug, Clone)]
pub struct RequiredIdempotencyKey(pub String);

impl<S: Send + Sync> FromRequestParts<S> for RequiredIdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let IdempotencyKey(key) = IdempotencyKey::from_request_parts(parts, state).await?;
        key.map(Self).ok_or_else(|| {
            let detail = "Send an Idempotency-Key header, the same one when you try again, so that you buy once.";
            Problem::new(StatusCode::BAD_REQUEST, "idempotency_key_missing", detail)
        })
    }
}

/// One line of 1 to `at_most` characters that says something; what is wrong otherwise.
pub fn line(text: &str, at_most: usize) -> Result<(), String> {
    if text.contains(char::is_control) {
        return Err("control characters are not allowed".to_owned());
    }
    let fits = !text.trim().is_empty() && text.chars().count() <= at_most;
    fits.then_some(())
        .ok_or_else(|| format!("1 to {at_most} characters are needed"))
}

/// Gathers what is wrong with a request, so that all of it is told at once.
#[derive(Debug, Default)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// `field` (a JSON pointer) is wrong.
    pub fn push(&mut self, field: impl Into<String>, detail: impl Into<String>) {
        self.0.push(FieldError {
            field: field.into(),
            detail: detail.into(),
        });
    }

    /// `field` is wrong unless `ok`.
    pub fn require(&mut self, ok: bool, field: &str, detail: impl FnOnce() -> String) {
        if !ok {
            self.push(field, detail());
        }
    }

    /// `field` is wrong unless it is a [`line()`] of text.
    pub fn line(&mut self, field: &str, text: &str, at_most: usize) {
        self.take(field, line(text, at_most));
    }

    /// Takes a value, or remembers what is wrong with it.
    pub fn take<T, E: std::fmt::Display>(&mut self, field: &str, value: Result<T, E>) -> Option<T> {
        value
            .map_err(|error| self.push(field, error.to_string()))
            .ok()
    }

    /// Whether anything is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// 422 `invalid_request` if anything was wrong.
    pub fn finish(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid_request(self.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_digest_is_of_the_value_and_not_of_its_spelling() {
        let digest = async |body: &'static str| {
            let request = Request::post("/")
                .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
                .body(Body::from(body))
                .unwrap();
            let read = JsonWithDigest::<serde_json::Value>::from_request(request, &()).await;
            read.unwrap().digest
        };
        let first = digest(r#"{"a":1,"b":{"c":"x","d":[1,2]}}"#).await;
        let respelled = digest(r#" { "b": {"d":[1, 2],"c":"\u0078"}, "a":1 } "#).await;
        assert_eq!(first, respelled);
        assert_ne!(first, digest(r#"{"a":1,"b":{"c":"x","d":[2,1]}}"#).await);
    }

    #[tokio::test]
    async fn bodies_of_another_type_or_beyond_the_limit_of_the_route_are_refused() {
        let told = async |content_type: &str, bytes: usize, limit: Option<usize>| {
            let body = format!("\"{}\"", "x".repeat(bytes - 2));
            let mut request = Request::post("/")
                .header(header::CONTENT_TYPE, content_type)
                .body(Body::from(body))
                .unwrap();
            if let Some(limit) = limit {
                request.extensions_mut().insert(BodyLimit(limit));
            }
            let read = Json::<String>::from_request(request, &()).await;
            read.map_or_else(|problem| problem.code(), |_| "read")
        };
        assert_eq!(told("application/json", BODY_LIMIT, None).await, "read");
        let above = BODY_LIMIT + 1;
        assert_eq!(
            told("application/json", above, None).await,
            "body_too_large"
        );
        assert_eq!(told("application/json", above, Some(above)).await, "read");
        assert_eq!(told("application/vnd.x+json", 9, None).await, "read");
        for other in ["text/plain", "", "+json"] {
            assert_eq!(told(other, 9, None).await, "unsupported_media_type");
        }
    }

    #[test]
    fn a_bearer_token_is_found_whatever_the_case_of_its_scheme() {
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(with("bearer abc"), Some("abc".to_owned()));
        assert_eq!(with("Basic abc"), None);
        assert_eq!(with("Bearer "), None);
        assert_eq!(with("Bearer é"), Some("é".to_owned()));
        let mut headers = HeaderMap::new();
        let latin = axum::http::HeaderValue::from_bytes(b"Bearer \xe9").unwrap();
        headers.insert(header::AUTHORIZATION, latin);
        assert_eq!(bearer(&headers), Some("?"));
    }
}
