//! What happens around every request: an id, a limit of time, one line in the log, figures, safe headers.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tokio::time::timeout;
use tower::Layer as _;
use tower::layer::layer_fn;
use tracing::Instrument as _;

use crate::clock::Stopwatch;
use crate::durations::{METHODS, RouteDurations};
use crate::problem::{Problem, ProblemCode};
use crate::stats::ServiceStats;
use crate::unread::Unread;
use crate::{Clock, Entropy, Origins, trace};

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
}

/// Wraps a router's routes.
pub fn around(router: axum::Router, around: Arc<Around>) -> axum::Router {
    // A router puts its layer around each of its routes by itself: what belongs to a route is found there, and not
    // looked for in every request.
    let layer = layer_fn(move |route: axum::routing::Route| {
        let here = Here {
            around: Arc::clone(&around),
            durations: OnceLock::new(),
        };
        axum::middleware::from_fn_with_state(Arc::new(here), handle).layer(route)
    });
    router
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        // Handlers become the routes that they stay.
        .with_state(())
        .layer(layer)
}

/// What is around the requests of one route.
struct Here {
    around: Arc<Around>,
    /// Found at the first request: a route learns its name from it.
    durations: OnceLock<Arc<RouteDurations>>,
}

impl Here {
    fn durations(&self, request: &Request) -> &RouteDurations {
        self.durations.get_or_init(|| {
            let route = request.extensions().get::<MatchedPath>();
            let route = route.map_or("unmatched", MatchedPath::as_str);
            RouteDurations::of(self.around.stats.name(), route)
        })
    }
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

async fn handle(State(here): State<Arc<Here>>, request: Request, next: Next) -> Response {
    let watch = Stopwatch::start();
    let around = &here.around;
    let request_id = request_id(&request, around);
    let method = request.method().clone();
    let durations = here.durations(&request);
    let (request, unread) = Unread::lend(request);
    let request_id_text = request_id.to_str().unwrap_or_default();
    let span = trace::request(&method, &durations.route, request_id_text);
    let work = AssertUnwindSafe(next.run(request)).catch_unwind();
    let response = match timeout(TIME_LIMIT, work).instrument(span.clone()).await {
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
    durations.record(&method, status.as_u16(), took);
    trace::answered(&span, status.as_u16());
    let refusal = response
        .extensions()
        .get::<ProblemCode>()
        .map(|code| code.0);
    let request_id = request_id_text;
    let (service, status) = (around.stats.name(), status.as_u16());
    let route = durations.route.as_str();
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
