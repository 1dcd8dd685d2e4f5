//! What happens around every request: an id, a limit of time, one line in the log, figures, safe headers.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use metrics::Histogram;
use parking_lot::RwLock;
use tokio::time::timeout;

use crate::clock::Stopwatch;
use crate::problem::{Problem, ProblemCode};
use crate::stats::ServiceStats;
use crate::unread::Unread;
use crate::{Clock, Entropy, Origins};

/// A request may take this long: far above any answer of ours, and below the patience of gateways.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// A request id that is sent along is echoed up to this length.
const REQUEST_ID_LIMIT: usize = 128;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What pages of other sites may send. Each is named, because a `*` would not cover `Authorization`.
const HEADERS_FROM_OTHER_SITES: [HeaderName; 5] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    header::IF_NONE_MATCH,
    HeaderName::from_static("idempotency-key"),
    REQUEST_ID,
];

/// What the middleware needs.
pub struct Around {
    /// Counts the requests of this service.
    pub stats: Arc<ServiceStats>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where request ids come from.
    pub entropy: Arc<dyn Entropy>,
    /// Durations for Prometheus.
    pub durations: Durations,
}

/// Wraps a router's routes.
pub fn around(router: axum::Router, around: Arc<Around>) -> axum::Router {
    router
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(axum::middleware::from_fn_with_state(around, handle))
}

/// Several services on one address; what none of them knows is answered by the first.
pub fn under_one_roof(
    first: axum::Router,
    others: impl IntoIterator<Item = axum::Router>,
) -> axum::Router {
    others
        .into_iter()
        .map(axum::Router::reset_fallback)
        .fold(first, axum::Router::merge)
}

/// Lets the pages of these sites call the API; nobody's where there are none.
pub fn with_origins(router: axum::Router, origins: &Origins) -> axum::Router {
    if origins.values().is_empty() {
        return router;
    }
    let cors = tower_http::cors::CorsLayer::new()
        .allow_origin(origins.values().to_vec())
        .allow_methods(METHODS)
        .allow_headers(HEADERS_FROM_OTHER_SITES)
        .expose_headers([header::RETRY_AFTER, header::ETAG, REQUEST_ID]);
    router.layer(cors)
}

async fn handle(State(around): State<Arc<Around>>, request: Request, next: Next) -> Response {
    let watch = Stopwatch::start();
    let request_id = request_id(&request, &around);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let (request, unread) = Unread::lend(request);
    let response = match timeout(
        TIME_LIMIT,
        AssertUnwindSafe(next.run(request)).catch_unwind(),
    )
    .await
    {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Problem::internal().into_response(),
        Err(_) => Problem::unavailable("The request took too long.").into_response(),
    };
    let response = with_headers(response, &request_id);
    if let Some(unread) = unread {
        unread.finish().await;
    }
    let took = watch.elapsed();
    let (status, now_ms) = (response.status(), around.clock.now_ms());
    around.stats.record(now_ms, took, status.is_server_error());
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    around.durations.record(
        around.stats.name(),
        &method,
        route,
        status.as_u16() / 100,
        took,
    );
    let refusal = response
        .extensions()
        .get::<ProblemCode>()
        .map(|code| code.0);
    let request_id = request_id.to_str().unwrap_or_default();
    let (service, status) = (around.stats.name(), status.as_u16());
    let duration_ms = took.as_secs_f64() * 1000.0;
    if method == Method::GET && status < 400 {
        // A million people who ask how the line moves are not worth a line each.
        tracing::debug!(service, %method, route, status, duration_ms, request_id, "request");
    } else {
        tracing::info!(service, %method, route, status, duration_ms, request_id, refusal, "request");
    }
    response
}

fn request_id(request: &Request, around: &Around) -> HeaderValue {
    let visible = |value: &&HeaderValue| {
        value.len() <= REQUEST_ID_LIMIT
            && !value.is_empty()
            && value.as_bytes().iter().all(u8::is_ascii_graphic)
    };
    request
        .headers()
        .get(REQUEST_ID)
        .filter(visible)
        .cloned()
        .unwrap_or_else(|| {
            let mut text = [0; 36];
            let id = around.entropy.uuid(around.clock.now_ms());
            let text = &*id.hyphenated().encode_lower(&mut text);
            HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("none"))
        })
}

fn with_headers(mut response: Response, request_id: &HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, request_id.clone());
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Durations of requests for Prometheus. The recorder looks its series up by all their labels; this remembers
/// them by route, which saves most of a microsecond a request.
#[derive(Default)]
pub struct Durations(RwLock<HashMap<String, ByMethodAndClass>>);

type ByMethodAndClass = HashMap<(&'static str, u16), Histogram>;

const METHODS: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

impl Durations {
    fn record(
        &self,
        service: &'static str,
        method: &Method,
        route: &str,
        class: u16,
        took: Duration,
    ) {
        let seconds = took.as_secs_f64();
        // Methods are anybody's choice, and every label is a series that stays: what is no method of ours is one.
        let method = METHODS
            .iter()
            .find(|known| *known == method)
            .map_or("other", Method::as_str);
        let key = (method, class);
        if let Some(known) = self.0.read().get(route).and_then(|series| series.get(&key)) {
            return known.record(seconds);
        }
        let labels = [
            ("service", service.to_owned()),
            ("method", method.to_owned()),
            ("route", route.to_owned()),
            ("status", format!("{class}xx")),
        ];
        let series = metrics::histogram!("http_request_duration_seconds", &labels);
        series.record(seconds);
        let mut routes = self.0.write();
        routes
            .entry(route.to_owned())
            .or_default()
            .insert(key, series);
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;
    use crate::clock::ManualClock;
    use crate::entropy::SeededEntropy;

    async fn ask(method: &str, path: &str, request_id: &str) -> (u16, String, String) {
        let router = axum::Router::new()
            .route(
                "/panic",
                get(async || -> String { panic!("secret detail") }),
            )
            .route("/hello", get(async || "hello"));
        let router = around(
            router,
            Arc::new(Around {
                stats: Arc::new(ServiceStats::new("test")),
                clock: Arc::new(ManualClock::at(0)),
                entropy: Arc::new(SeededEntropy::new(1)),
                durations: Durations::default(),
            }),
        );
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-request-id", request_id);
        let response = router
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let status = response.status().as_u16();
        let id = response.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, id, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_answered_without_its_details() {
        let (status, _, body) = ask("GET", "/panic", "a").await;
        assert!(
            status == 500 && body.contains("\"internal\"") && !body.contains("secret"),
            "{body}"
        );
    }

    #[tokio::test]
    async fn request_ids_are_echoed_or_made() {
        assert_eq!(ask("GET", "/hello", "abc").await.1, "abc");
        assert_eq!(ask("GET", "/hello", "a b").await.1.len(), 36);
    }

    #[tokio::test]
    async fn unknown_addresses_and_methods_are_problems() {
        assert!(
            ask("GET", "/nothing", "a")
                .await
                .2
                .contains("\"not_found\"")
        );
        let (status, _, body) = ask("PUT", "/hello", "a").await;
        assert!(
            status == 405 && body.contains("\"method_not_allowed\""),
            "{body}"
        );
    }

    #[test]
    fn invented_methods_share_one_series() {
        let durations = Durations::default();
        for method in [Method::GET, Method::HEAD]
            .into_iter()
            .chain((0..100).map(|n| format!("M{n}").parse().unwrap()))
        {
            durations.record("test", &method, "/hello", 2, Duration::ZERO);
        }
        assert_eq!(durations.0.read()["/hello"].len(), 2, "GET and other");
    }

    #[tokio::test]
    async fn pages_of_named_sites_may_send_their_token_and_others_may_not() {
        let origins = "https://shop.example".parse().unwrap();
        let router = axum::Router::new().route("/hello", get(async || "hello"));
        let router = with_origins(router, &origins);
        let preflight = async |origin: &str| {
            let request = Request::builder()
                .method("OPTIONS")
                .uri("/hello")
                .header("origin", origin)
                .header("access-control-request-method", "PATCH")
                .header("access-control-request-headers", "authorization");
            let request = request.body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            response.headers().clone()
        };
        let named = preflight("https://shop.example").await;
        let allowed = |name: &str| named[name].to_str().unwrap().to_lowercase();
        assert!(allowed("access-control-allow-headers").contains("authorization"));
        assert!(allowed("access-control-allow-methods").contains("patch"));
        let other = preflight("https://other.example").await;
        assert!(!other.contains_key("access-control-allow-origin"));
    }
}
