//! Traces, as a collector gets them: from the request, under the id that nginx gave it, to the commit in `PostgreSQL`.

use std::net::TcpListener;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Attribute;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use serde_json::{Value, json};
use test_servers::{Postgres, Redis};

use crate::asking::{Asker, next_request};
use crate::gateway::Front;
use crate::server::Server;

/// Takes traces, as a collector does.
struct Collector(TcpListener);

impl Collector {
    fn open() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().unwrap())
    }

    /// The spans of the next delivery.
    fn next_spans(&self) -> Vec<Span> {
        let (head, body) = next_request(&self.0);
        assert!(head.starts_with("POST /v1/traces "), "{head}");
        let request = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
        let resources = request.resource_spans.into_iter();
        let scopes = resources.flat_map(|resource| resource.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }

    /// All spans of this trace, up to and with that of the request, which ends last.
    fn trace(&self, trace_id: &str) -> Vec<Span> {
        let mut trace: Vec<Span> = Vec::new();
        while !trace.iter().any(|span| span.name.starts_with("POST ")) {
            let spans = self.next_spans().into_iter();
            trace.extend(spans.filter(|span| hex(&span.trace_id) == trace_id));
        }
        trace
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

fn attribute(span: &Span, key: &str) -> String {
    let found = span.attributes.iter().find(|one| one.key == key);
    match found.and_then(|one| one.value.clone()?.value) {
        Some(Attribute::StringValue(text)) => text,
        Some(Attribute::IntValue(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// A hall on sale, and a hold on a seat of it.
fn held(asker: &Asker) -> Value {
    asker.put_on_sale(&json!({}), "Stalls,A,1-4,R,1000");
    let event = json!({ "event_id": "gala" });
    let place = asker.post("/api/queue/enter", "", &event).json(201);
    let wish = json!({ "seats": ["Stalls-A-1"] });
    let pass = place["pass"].as_str().unwrap();
    asker.post("/api/events/gala/holds", pass, &wish).json(201)
}

#[test]
fn a_purchase_is_one_trace_from_the_id_that_nginx_gave_to_the_statement() {
    let (redis, postgres) = (Redis::start(), Postgres::start());
    let collector = Collector::open();
    // Sent soon; by itself it takes five seconds.
    let variables = [
        ("JARI_OTLP_URL", collector.url()),
        ("OTEL_BSP_SCHEDULE_DELAY", "50".to_owned()),
    ];
    let variables = variables
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let server = Server::start_on_stores(&redis.url(), &postgres.url(), &variables);
    let front = Front::of(server.address(), &[]);
    let asker = &front.asker;
    let hold = held(asker);
    let body = json!({
        "hold_token": hold["hold_token"], "buyer": { "name": "Seo-yeon", "contact": "010-1234" }
    });
    let headers = [("Idempotency-Key", "first-purchase")];
    let road = "/api/events/gala/reservations";
    let told = asker.with_json("POST", road, "", &headers, &body);
    told.json(201);
    let request_id = told.header("x-request-id").to_owned();
    assert_eq!(request_id.len(), 32, "nginx has made it: {request_id}");

    let trace = collector.trace(&request_id);
    let named = |name: &str| {
        let mut found = trace.iter().filter(|span| span.name == name);
        let one = found.next().unwrap_or_else(|| panic!("{name}: {trace:?}"));
        assert!(found.next().is_none(), "there is one {name}");
        one
    };
    let request = named("POST /api/events/{event_id}/reservations");
    let (turn, commit) = (named("turn"), named("commit"));
    assert_eq!(trace.len(), 3, "{trace:?}");
    assert_eq!(turn.parent_span_id, request.span_id);
    assert_eq!(commit.parent_span_id, turn.span_id);
    assert_eq!(attribute(request, "http.response.status_code"), "201");
    assert_eq!(attribute(request, "request_id"), request_id);
    assert_eq!(attribute(commit, "db.system.name"), "postgresql");
    assert!(attribute(commit, "db.query.text").starts_with("insert into journal"));
    assert!(turn.start_time_unix_nano <= commit.start_time_unix_nano);
    assert!(commit.end_time_unix_nano <= turn.end_time_unix_nano);
    let all = format!("{trace:?}");
    for personal in ["Seo-yeon", "010-1234", "first-purchase"] {
        assert!(!all.contains(personal), "{all}");
    }
    // The next request on the same connection is answered after the line of this one was written.
    asker.get("/api/events", "").json(200);
    assert!(front.gateway.access_log().contains(&request_id));
}
