//! What only the operator's own machines may ask: alive, ready, metrics.

use std::pin::Pin;
use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::problem::Problem;

/// Asks the stores whether they answer; the reason if not.
pub type Ready =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

/// Bounds of the duration histogram, in seconds: from a quick answer to a time-out.
const DURATIONS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0,
];

/// Installs the recorder of metrics for this process. `None` if one is installed already.
pub fn install_metrics() -> Option<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &DURATIONS)
        .ok()?
        .install_recorder()
        .ok()
}

/// `/healthz`, `/readyz` and `/metrics`.
pub fn router(metrics: Option<PrometheusHandle>, ready: Ready) -> axum::Router {
    axum::Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(move || is_ready(Arc::clone(&ready))))
        .route(
            "/metrics",
            get(move || std::future::ready(render(metrics.as_ref()))),
        )
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
}

async fn is_ready(ready: Ready) -> Response {
    match ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(reason) => Problem::unavailable(reason).into_response(),
    }
}

fn render(metrics: Option<&PrometheusHandle>) -> Response {
    let mut text = metrics.map(PrometheusHandle::render).unwrap_or_default();
    text.push_str(&process_metrics());
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        text,
    )
        .into_response()
}

/// Memory and open files of this process, as Linux tells them; nothing elsewhere.
fn process_metrics() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: u64 = resident
        .and_then(|text| text.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default();
    let files = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    format!(
        "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes {}\n\
         # TYPE process_open_fds gauge\nprocess_open_fds {files}\n",
        kilobytes * 1024
    )
}
