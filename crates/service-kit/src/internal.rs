//! What only the operator's own machines may ask: alive, ready, metrics.

use std::pin::Pin;
use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::durations;
use crate::metrics::{Exposition, Kind, Metric, Source};
use crate::problem::Problem;
use crate::sse::Streams;

/// Asks the stores whether they answer; the reason if not.
pub type Ready =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

const STREAMS: Metric = Metric {
    name: "http_streams_open",
    kind: Kind::Gauge,
    what: "Streams of events that are open, by service",
};
const MEMORY: Metric = Metric {
    name: "process_resident_memory_bytes",
    kind: Kind::Gauge,
    what: "Memory that the process has",
};
const FILES: Metric = Metric {
    name: "process_open_fds",
    kind: Kind::Gauge,
    what: "Files and connections that the process has open",
};
const FILES_AT_MOST: Metric = Metric {
    name: "process_max_fds",
    kind: Kind::Gauge,
    what: "As many as it may open",
};
const PROCESSOR: Metric = Metric {
    name: "process_cpu_seconds_total",
    kind: Kind::Counter,
    what: "Time of processors that the process has used",
};

/// `/healthz`, `/readyz`, and `/metrics` with what these say beside requests and the process itself.
pub fn router(figures: Vec<Source>, ready: Ready) -> axum::Router {
    let mut sources: Vec<Source> = vec![Arc::new(durations::tell), Arc::new(tell_process)];
    sources.extend(figures);
    axum::Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(move || is_ready(Arc::clone(&ready))))
        .route(
            "/metrics",
            get(move || std::future::ready(render(&sources))),
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

fn render(sources: &[Source]) -> Response {
    let form = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, form)], Exposition::of(sources)).into_response()
}

/// Says how many streams these services have open.
pub fn open_streams(services: Vec<(&'static str, Streams)>) -> Source {
    Arc::new(move |exposition| {
        let mut samples = exposition.metric(&STREAMS);
        for (service, streams) in &services {
            samples.count(&[("service", service)], streams.open() as u64);
        }
    })
}

/// Memory, files and processors of this process, as Linux tells them; 0 elsewhere.
fn tell_process(exposition: &mut Exposition) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: u64 = resident
        .and_then(|text| text.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default();
    let files = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    exposition.metric(&MEMORY).count(&[], kilobytes * 1024);
    exposition.metric(&FILES).count(&[], files as u64);
    let most = limit.current.unwrap_or_default();
    exposition.metric(&FILES_AT_MOST).count(&[], most);
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    exposition
        .metric(&PROCESSOR)
        .value(&[], processor_seconds(&stat));
}

/// Linux counts a process's time in hundredths of a second, whatever its own clock does.
fn processor_seconds(stat: &str) -> f64 {
    // The name of the program comes first, and may have spaces and brackets.
    let fields = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = fields.split(' ').skip(11).take(2);
    let ticks: u32 = ticks.filter_map(|ticks| ticks.parse::<u32>().ok()).sum();
    f64::from(ticks) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_told_of() {
        let stat = "7 (a) b) S 1 2 3 4 5 6 7 8 9 10 250 50 13 14";
        assert!((processor_seconds(stat) - 3.0).abs() < 1e-9);
        let text = Exposition::of(&[Arc::new(tell_process)]);
        let value = |name: &str| -> f64 {
            let start = format!("{name} ");
            let line = text.lines().find_map(|line| line.strip_prefix(&start));
            line.unwrap().parse().unwrap()
        };
        assert!(value(MEMORY.name) > 1e6, "{text}");
        assert!(
            (3.0..=value(FILES_AT_MOST.name)).contains(&value(FILES.name)),
            "{text}"
        );
    }
}
