//! What Prometheus is told, by the real program.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use crate::asking::Asker;
use crate::server::Server;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).unwrap()
}

/// A hall of six seats on sale, two places in the shop.
fn on_sale(asker: &Asker) {
    let settings = json!({ "queue": { "capacity": 2 } });
    asker.put_on_sale(&settings, "Stalls,A,1-6,R,99000");
}

fn enter(asker: &Asker) -> String {
    let event = json!({ "event_id": "gala" });
    let place = asker.post("/api/queue/enter", "", &event).json(201);
    place["pass"].as_str().unwrap_or_default().to_owned()
}

fn hold(asker: &Asker, pass: &str, seats: &[&str]) -> Value {
    let wish = json!({ "seats": seats });
    asker.post("/api/events/gala/holds", pass, &wish).json(201)
}

fn buy(asker: &Asker, seats: &[&str]) -> Value {
    let hold = hold(asker, &enter(asker), seats);
    let body = json!({
        "hold_token": hold["hold_token"], "buyer": { "name": "Seo-yeon", "contact": "010-1234" }
    });
    let road = "/api/events/gala/reservations";
    let key = seats.concat();
    let headers = [("Idempotency-Key", key.as_str())];
    let told = asker.with_json("POST", road, "", &headers, &body);
    told.json(201)
}

/// All series, by their whole names with labels.
fn series(internal: &Asker) -> BTreeMap<String, f64> {
    let text = internal.get("/metrics", "").text();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), value.parse().unwrap())
        })
        .collect()
}

#[test]
fn a_sale_is_told_in_figures() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    let (asker, internal) = (server.asker(), Asker::at(&server.internal_url));
    on_sale(&asker);
    let reservation = buy(&asker, &["Stalls-A-1", "Stalls-A-2"]);
    buy(&asker, &["Stalls-A-3"]);
    hold(&asker, &enter(&asker), &["Stalls-A-4"]);
    enter(&asker);
    enter(&asker);
    let key = json!({ "event_ids": ["gala"], "name": "North gate" });
    let key = asker.operate("POST", "/staff-keys", &key).json(201);
    let entry = json!({ "code": reservation["code"], "gate": "North", "nonce": "first-try" });
    let road = "/staff/events/gala/check-ins";
    asker
        .post(road, key["key"].as_str().unwrap(), &entry)
        .json(200);
    let _seats = asker
        .stream("/api/events/gala/availability/stream", "")
        .next();
    let told = series(&internal);
    for (name, expected) in [
        (r#"jari_people{event="gala",state="waiting"}"#, 1.0),
        (r#"jari_people{event="gala",state="parked"}"#, 0.0),
        (r#"jari_people{event="gala",state="admitted"}"#, 2.0),
        (r#"jari_capacity{event="gala"}"#, 2.0),
        (r#"jari_seats{event="gala",state="free"}"#, 2.0),
        (r#"jari_seats{event="gala",state="held"}"#, 1.0),
        (r#"jari_seats{event="gala",state="sold"}"#, 3.0),
        (r#"jari_seats{event="gala",state="blocked"}"#, 0.0),
        (r#"jari_on_sale{event="gala"}"#, 1.0),
        (r#"jari_entered_total{event="gala"}"#, 5.0),
        (r#"jari_admitted_total{event="gala"}"#, 4.0),
        (r#"jari_holds_total{event="gala"}"#, 3.0),
        (r#"jari_sales_total{event="gala"}"#, 2.0),
        (r#"jari_cancellations_total{event="gala"}"#, 0.0),
        (r#"jari_check_ins_total{event="gala"}"#, 1.0),
        ("jari_store_up", 1.0),
        (
            r#"http_request_duration_seconds_count{service="ticketing-core",method="POST",route="/api/events/{event_id}/holds",status="2xx"}"#,
            3.0,
        ),
    ] {
        assert_eq!(told.get(name), Some(&expected), "{name}");
    }
    assert!(told["jari_batch_operations_count"] > 10.0);
    assert!(told["jari_batch_operations_sum"] >= told["jari_batch_operations_count"]);
    let text = internal.get("/metrics", "").text();
    let id = reservation["reservation_id"].as_str().unwrap();
    for personal in ["Seo-yeon", "010-1234", "North", "first-try", id] {
        assert!(!text.contains(personal), "{personal}: {text}");
    }
}

#[test]
fn an_open_stream_is_counted_while_it_is_open() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    let (asker, internal) = (server.asker(), Asker::at(&server.internal_url));
    on_sale(&asker);
    let streams = r#"http_streams_open{service="ticketing-core"}"#;
    assert_eq!(series(&internal).get(streams), Some(&0.0));
    let mut seats = asker.stream("/api/events/gala/availability/stream", "");
    seats.next();
    assert_eq!(series(&internal).get(streams), Some(&1.0));
}

#[test]
fn what_strangers_ask_for_makes_no_series() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    let (asker, internal) = (server.asker(), Asker::at(&server.internal_url));
    let ask = |nth: u32| {
        asker
            .get(&format!("/api/events/stranger-{nth}"), "")
            .json(404);
        asker.raw("GET", &format!("/{nth}/stranger"), &[]);
        asker.raw(&format!("STRANGER{nth}"), "/api/events", &[]);
    };
    ask(0);
    let first = series(&internal);
    (1..20).for_each(ask);
    let later = series(&internal);
    assert_eq!(
        first.keys().collect::<Vec<_>>(),
        later.keys().collect::<Vec<_>>()
    );
    assert!(
        !later
            .keys()
            .any(|name| name.to_lowercase().contains("stranger"))
    );
}

/// Name, type and meaning of every metric that the program says it has.
fn said(text: &str) -> BTreeSet<(String, String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let pairs = lines.windows(2).filter_map(|pair| {
        let (name, what) = pair[0].strip_prefix("# HELP ")?.split_once(' ')?;
        let (same, kind) = pair[1].strip_prefix("# TYPE ")?.split_once(' ')?;
        assert_eq!(name, same);
        Some((name.to_owned(), kind.to_owned(), what.to_owned()))
    });
    pairs.collect()
}

#[test]
fn the_page_on_metrics_has_all_of_them_and_no_others() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    let said = said(&Asker::at(&server.internal_url).get("/metrics", "").text());
    let page = read("docs/metrics.md");
    let rows = page.lines().filter_map(|line| {
        let row = line.strip_prefix("| `")?.strip_suffix(" |")?;
        let (name, rest) = row.split_once("` | ")?;
        let (kind, what) = rest.split_once(" | ")?;
        Some((name.to_owned(), kind.to_owned(), what.to_owned()))
    });
    assert_eq!(rows.collect::<BTreeSet<_>>(), said);
}

#[test]
fn alerts_and_the_dashboard_name_metrics_that_there_are() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    let said = said(&Asker::at(&server.internal_url).get("/metrics", "").text());
    let mut names = BTreeSet::new();
    for (name, kind, _) in said {
        if kind == "histogram" {
            names.extend(["_bucket", "_sum", "_count"].map(|end| format!("{name}{end}")));
        } else {
            names.insert(name);
        }
    }
    let known = ["jari_", "http_", "process_"];
    for path in [
        "deploy/observe/alerts.yaml",
        "deploy/observe/alerts.test.yaml",
        "deploy/observe/dashboards/jari.json",
    ] {
        let text = read(path);
        let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let named: BTreeSet<&str> = words
            .filter(|word| known.iter().any(|start| word.starts_with(start)))
            .collect();
        assert!(named.len() > 5, "{path}: {named:?}");
        let unknown: Vec<_> = named
            .iter()
            .filter(|name| !names.contains(**name))
            .collect();
        assert!(unknown.is_empty(), "{path}: {unknown:?}");
    }
}
