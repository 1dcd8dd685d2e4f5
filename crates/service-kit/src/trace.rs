//! Traces over OTLP, where somebody wants them: what a request waited for, down to the statements of a store. The trace has
//! the id of the request, so that whoever has one, from a log or from an answer, finds the other.
//!
//! A span is made with [`TARGET`] as its target. Without somebody who wants traces it costs a look at a number.

use std::sync::OnceLock;

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
    // There is one in a process.
    let _ = PROVIDER.set(provider);
    Ok(tracer)
}

/// Sends what is still to be sent: for the end of a program.
pub async fn flush() {
    if let Some(provider) = PROVIDER.get() {
        let _ = tokio::task::spawn_blocking(|| provider.force_flush()).await;
    }
}

/// The span of a request.
pub(crate) fn request(method: &Method, route: &str, request_id: &str) -> Span {
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
        let _ = span.set_parent(Context::new().with_remote_span_context(context(request_id)));
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
    let bare = request_id.replace('-', "");
    let known = TraceId::from_hex(&bare).ok();
    let known = known.filter(|id| bare.len() == 32 && *id != TraceId::INVALID);
    let digest: [u8; 32] = Sha256::digest(request_id).into();
    let mut first = [0; 16];
    first.copy_from_slice(&digest[..16]);
    let mut last = [0; 8];
    last.copy_from_slice(&digest[24..]);
    SpanContext::new(
        known.unwrap_or(TraceId::from_bytes(first)),
        SpanId::from_bytes(last),
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
    fn traces_go_to_an_address_or_nowhere() {
        let url = otlp_url("http://collector:4318/");
        assert_eq!(url, Ok(Some("http://collector:4318".to_owned())));
        assert!(otlp_url("collector:4317").is_err());
    }
}
