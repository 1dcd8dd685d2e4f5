//! The pages for buyers, the door and the organiser, from inside the program. The gateway serves the same files itself.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use memory_serve::CacheControl;

/// The same as in `deploy/nginx/page-headers.conf`, which says why.
const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(), geolocation=(), payment=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
];
/// Files here have a hash of their content in their names, so they never change their meaning.
const HASHED: &str = "/assets/";
const FOREVER: &str = "public, max-age=31536000, immutable";

/// Every file at its path, and each page at its own: `/`, `/gate`, `/ops`.
pub fn router() -> Router {
    memory_serve::load!()
        .index_on_subdirectories(true)
        .add_alias("/gate/", "/gate/index.html")
        .add_alias("/ops/", "/ops/index.html")
        .html_cache_control(CacheControl::NoCache)
        .cache_control(CacheControl::NoCache)
        .into_router()
        .layer(middleware::from_fn(with_headers))
}

async fn with_headers(request: Request, next: Next) -> Response {
    let hashed = request.uri().path().starts_with(HASHED);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if hashed {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOREVER));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::HEADERS;

    #[test]
    fn the_gateway_sends_the_same_headers_with_pages() {
        let gateway = [
            include_str!("../../../../deploy/nginx/page-headers.conf"),
            include_str!("../../../../deploy/nginx/headers.conf.template"),
        ]
        .concat()
        .replace('"', "");
        for (name, value) in HEADERS {
            let line = format!("add_header {name} {value} always;").to_lowercase();
            assert!(gateway.to_lowercase().contains(&line), "{line}");
        }
    }
}
