//! Conditional reads.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Whether `If-None-Match` names `etag` (with its quotes), by weak comparison (RFC 9110, 13.1.2).
pub fn none_match(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| {
            value
                .split(',')
                .map(str::trim)
                .any(|sent| sent == "*" || sent.trim_start_matches("W/") == etag)
        })
}

/// 304, with the headers that the full answer would have.
pub fn not_modified(etag: &HeaderValue, cache_control: &'static str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    response.headers_mut().insert(header::ETAG, etag.clone());
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(cache_control),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_weak_tags_and_the_star_match() {
        let matches = |sent: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, sent.parse().unwrap());
            none_match(&headers, "\"v1\"")
        };
        assert!(
            matches("\"v1\"") && matches("W/\"v1\"") && matches("\"v0\", \"v1\"") && matches("*")
        );
        assert!(!matches("\"v10\"") && !matches("v1"));
    }
}
