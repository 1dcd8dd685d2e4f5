//! Traces over OTLP, where somebody wants them: what a request waited for, down to the statements of a store. The trace has
//! the id of the request, so that whoever has one, from a log or from an answer, finds the other.
//!
//! A span is made with [`TARGET`] as its target. A request that is not traced costs a look at a number, and at its id where
//! one in so many is: whether it is, is decided before anything is made for it.

use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::Method;
use opentelemetry::Context;
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState, TracerProvider as _,
};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use sha2::{Digest as _, Sha256};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::environment::Variable;

/// The target of all spans.
pub const TARGET: &str = "jari::trace";

/// Where traces go.
pub const OTLP_URL: Variable = Variable {
    name: "JARI_OTLP_URL",
    default: Some(""),
    what: "where traces go, by OTLP over HTTP: `http://collector:4318`; else what `OTEL_EXPORTER_OTLP_ENDPOINT` says",
};
/// The same, as other programs know it.
const STANDARD_URL: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// Requests are traced whose ids, as numbers of 63 bits, are below this: none, some or all.
static TRACED_BELOW: AtomicU64 = AtomicU64::new(0);
const ALL: u64 = 1 << 63;

/// The gateway's span, which nobody sends: what comes after it has it for a parent.
const GATEWAY: SpanId = SpanId::from_bytes([0, 0, 0, 0, 0, 0, 0, 1]);

static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// For [`crate::environment::Environment::read`]: where traces go, if anywhere.
pub fn otlp_url(text: &str) -> Result<Option<String>, String> {
    let standard = || std::env::var(STANDARD_URL).unwrap_or_default();
    let url = if text.is_empty() {
        standard()
    } else {
        text.to_owned()
    };
    match url.trim().trim_end_matches('/') {
        "" => Ok(None),
        url if url.starts_with("http://") => Ok(Some(url.to_owned())),
        _ => Err("it is no address that begins with http://".to_owned()),
    }
}

/// What sends this service's spans there; what is wrong if nothing can be sent.
pub(crate) fn tracer(service: &str, url: &str) -> Result<SdkTracer, String> {
    let endpoint = format!("{url}/v1/traces");
    // It blocks a thread of its own, and must not be made on one that drives others.
    let made = std::thread::spawn(|| {
        let exporter = SpanExporter::builder().with_http();
        exporter.with_endpoint(endpoint).build()
    });
    let exporter = made.join().map_err(|_| "it could not be made".to_owned())?;
    let exporter = exporter.map_err(|error| error.to_string())?;
    let resource = Resource::builder().with_service_name(service.to_owned());
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource.build())
        .build();
    let tracer = provider.tracer("jari");
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let share = share(
        &variable("OTEL_TRACES_SAMPLER"),
        &variable("OTEL_TRACES_SAMPLER_ARG"),
    );
    TRACED_BELOW.store(share, Ordering::Relaxed);
    // There is one in a process.
    let _ = PROVIDER.set(provider);
    Ok(tracer)
}

/// The share of requests that the standard variables ask for; all, unless they name one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of 2⁶³, and `as` saturates"
)]
fn share(sampler: &str, argument: &str) -> u64 {
    match (sampler, argument.parse::<f64>()) {
        ("traceidratio" | "parentbased_traceidratio", Ok(share)) => {
            (share.clamp(0.0, 1.0) * ALL as f64) as u64
        }
        ("always_off" | "parentbased_always_off", _) => 0,
        _ => ALL,
    }
}

/// Whether a trace is among so many, as every service finds it, and every program that keeps to the standard.
fn is_among(trace_id: TraceId, below: u64) -> bool {
    let lower = u128::from_be_bytes(trace_id.to_bytes()) & u128::from(u64::MAX);
    lower >> 1 < below.into()
}

/// Sends what is still to be sent: for the end of a program.
pub async fn flush() {
    if let Some(provider) = PROVIDER.get() {
        let _ = tokio::task::spawn_blocking(|| provider.force_flush()).await;
    }
}

/// The span of a request.
pub(crate) fn request(method: &Method, route: &str, request_id: &str) -> Span {
    let below = TRACED_BELOW.load(Ordering::Relaxed);
    if below == 0 {
        return Span::none();
    }
    let context = context(request_id);
    if !is_among(context.trace_id(), below) {
        return Span::none();
    }
    let span = tracing::trace_span!(
        target: TARGET,
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        http.request.method = %method,
        http.route = route,
        http.response.status_code = tracing::field::Empty,
        request_id,
    );
    if !span.is_none() {
        // The gateway has begun the trace, and tells of it in its log alone.
        let _ = span.set_parent(Context::new().with_remote_span_context(context));
    }
    span
}

/// How the request was answered.
pub(crate) fn answered(span: &Span, status: u16) {
    span.record("http.response.status_code", status);
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// The trace of a request: nginx's ids are 128 bits as they are, and so are ours without hyphens. Of others comes a digest.
fn context(request_id: &str) -> SpanContext {
    let bare = match request_id.len() {
        36 => Cow::Owned(request_id.replace('-', "")),
        _ => Cow::Borrowed(request_id),
    };
    let known = TraceId::from_hex(&bare).ok();
    let known = known.filter(|id| bare.len() == 32 && *id != TraceId::INVALID);
    let trace_id = known.unwrap_or_else(|| {
        let digest: [u8; 32] = Sha256::digest(request_id).into();
        let mut first = [0; 16];
        first.copy_from_slice(&digest[..16]);
        TraceId::from_bytes(first)
    });
    SpanContext::new(
        trace_id,
        GATEWAY,
        TraceFlags::SAMPLED,
        true,
        TraceState::NONE,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_has_the_id_of_its_request() {
        let trace = |id: &str| context(id).trace_id().to_string();
        let nginx = "0af7651916cd43dd8448eb211c80319c";
        assert_eq!(trace(nginx), nginx);
        let ours = "018f3d2e-5a6b-7c8d-9e0f-112233445566";
        assert_eq!(trace(ours), "018f3d2e5a6b7c8d9e0f112233445566");
        assert_eq!(trace("mine"), trace("mine"));
        assert_ne!(trace("mine"), trace("yours"));
        for id in ["mine", nginx, "00000000000000000000000000000000"] {
            assert!(context(id).is_valid(), "{id}");
        }
    }

    #[test]
    fn one_in_a_hundred_is_about_one_in_a_hundred_and_the_same_everywhere() {
        let below = share("traceidratio", "0.01");
        let traced = (0..10_000).filter(|n| is_among(context(&format!("r{n}")).trace_id(), below));
        assert!((50..150).contains(&traced.count()));
        let counted = |below| {
            let ids = (0..100).map(|n| context(&format!("r{n}")).trace_id());
            ids.filter(|id| is_among(*id, below)).count()
        };
        assert_eq!(counted(share("", "")), 100);
        assert_eq!(counted(share("traceidratio", "1")), 100);
        assert_eq!(counted(share("always_off", "")), 0);
    }

    #[test]
    fn traces_go_to_an_address_or_nowhere() {
        let url = otlp_url("http://collector:4318/");
        assert_eq!(url, Ok(Some("http://collector:4318".to_owned())));
        assert!(otlp_url("collector:4317").is_err());
    }
}
