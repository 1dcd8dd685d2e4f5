//! Errors as RFC 9457 problems.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

/// An error as everyone is told it: `application/problem+json`.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    retry_after_seconds: Option<u32>,
    fields: Map<String, Value>,
}

impl Problem {
    /// A problem with a stable code, and a sentence that says what happened and what to do.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            retry_after_seconds: None,
            fields: Map::new(),
        }
    }

    /// With a field of its own.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    /// With `Retry-After`.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// 404 `not_found`.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "There is nothing at this address.",
        )
    }

    /// 405 `method_not_allowed`.
    pub fn method_not_allowed() -> Self {
        let detail =
            "This address does not take this method; the Allow header says which it takes.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
    }

    /// 413 `body_too_large`.
    pub fn body_too_large(limit: usize) -> Self {
        let detail = format!("The body is larger than the {limit} bytes that this address takes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    }

    /// 415 `unsupported_media_type`.
    pub fn unsupported_media_type(wanted: &str) -> Self {
        let detail = format!("The body must have Content-Type: {wanted}.");
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            detail,
        )
    }

    /// 400 `invalid_json`.
    pub fn invalid_json(what: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid_json",
            format!("The body is not JSON: {what}."),
        )
    }

    /// 422 `invalid_request`, with the wrong fields.
    pub fn invalid_request(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] if one.field.is_empty() => one.detail.clone(),
            [one] => format!("{}: {}", one.field, one.detail),
            many => format!("{} fields are wrong; errors names each.", many.len()),
        };
        let errors = errors
            .into_iter()
            .map(|error| serde_json::json!({ "field": error.field, "detail": error.detail }));
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", detail)
            .with("errors", errors.collect::<Vec<Value>>())
    }

    /// 503 `unavailable`: it may work later.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).retry_after(1)
    }

    /// 500 `internal`: a fault of ours, told without details.
    pub fn internal() -> Self {
        let detail =
            "Something broke on our side. It has been recorded under this request's X-Request-Id.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The HTTP status.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The sentence.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The problem as a JSON object.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("type".to_owned(), format!("/problems/{}", self.code).into());
        object.insert("title".to_owned(), title(self.code).into());
        object.insert("status".to_owned(), self.status.as_u16().into());
        object.insert("detail".to_owned(), self.detail.clone().into());
        object.insert("code".to_owned(), self.code.into());
        object.extend(self.fields.clone());
        Value::Object(object)
    }
}

/// The title is the code in words: the same for every problem of a code, as RFC 9457 wants it.
fn title(code: &str) -> String {
    let mut words = code.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// The code of the problem that a response carries: for the line that is logged of the request.
#[derive(Debug, Clone, Copy)]
pub struct ProblemCode(pub &'static str);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.to_json().to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 9110 wants the way to be named.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(ProblemCode(self.code));
        response
    }
}

/// A wrong field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Where: a JSON pointer into the body, or `/name` of a query parameter or header.
    pub field: String,
    /// What is wrong, and what would be right.
    pub detail: String,
}

/// How a problem looks in `OpenAPI`.
#[derive(utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemSchema {
    /// `/problems/<code>`.
    #[schema(example = "/problems/not_found")]
    pub r#type: String,
    /// The code in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// The stable code.
    pub code: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_the_members_of_rfc_9457_a_code_and_its_own_fields() {
        let problem = Problem::not_found().with("seats", vec!["A-1"]);
        let expected = serde_json::json!({
            "type": "/problems/not_found", "title": "Not found", "status": 404,
            "detail": "There is nothing at this address.", "code": "not_found", "seats": ["A-1"]
        });
        assert_eq!(problem.to_json(), expected);
    }

    #[test]
    fn a_missing_token_is_told_with_the_way_to_send_it() {
        let missing = Problem::new(StatusCode::UNAUTHORIZED, "pass_missing", "Send the pass.");
        let response = missing.into_response();
        assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer");
        let other = Problem::not_found().into_response();
        assert!(!other.headers().contains_key(header::WWW_AUTHENTICATE));
    }

    #[test]
    fn retry_after_is_a_header() {
        let response = Problem::unavailable("busy").retry_after(3).into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "3");
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "application/problem+json"
        );
    }
}
