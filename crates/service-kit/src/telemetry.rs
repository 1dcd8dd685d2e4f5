//! The log, and traces where somebody wants them.

use std::io::IsTerminal;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry, fmt};

use crate::trace;

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts logging to standard error; `RUST_LOG` wins over `default_filter`. Traces go to this address, if to any.
pub fn start(service: &str, format: LogFormat, default_filter: &str, otlp_url: Option<String>) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default_filter));
    let Some(url) = otlp_url else {
        let log = fmt()
            .with_env_filter(filter)
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr);
        // A second call, as in tests, changes nothing.
        let _ = match format {
            LogFormat::Text => log.try_init(),
            LogFormat::Json => log.json().try_init(),
        };
        return;
    };
    let log = fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let log = match format {
        LogFormat::Text => log.boxed(),
        LogFormat::Json => log.json().boxed(),
    };
    let tracer = trace::tracer(service, &url);
    let what = tracer.as_ref().err().cloned();
    let traces = tracer.ok().map(|tracer| {
        tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_filter(Targets::new().with_target(trace::TARGET, LevelFilter::TRACE))
    });
    let layers = Registry::default().with(log.with_filter(filter));
    let _ = layers.with(traces).try_init();
    if let Some(what) = what {
        tracing::warn!(what, "no traces");
    }
}
