//! What is logged of a request: a JSON object a line, at nginx and at the service, under one id.

use std::fs::File;

use serde_json::{Value, json};

use super::{Front, on_sale};
use crate::server::{Server, jari};

/// The lines of a log, each of which must be a JSON object.
fn lines(log: &str) -> Vec<Value> {
    let parsed = log.lines().map(serde_json::from_str);
    let lines: Vec<Value> = parsed.collect::<Result<_, _>>().unwrap();
    assert!(lines.iter().all(Value::is_object), "{log}");
    lines
}

#[test]
fn nginx_and_the_service_log_a_request_in_json_under_the_id_that_nginx_gave_it() {
    let data = tempfile::tempdir().unwrap();
    let log = data.path().join("log");
    let mut program = jari();
    program
        .args(["serve", "--log-format", "json", "--data"])
        .arg(data.path())
        .env("RUST_LOG", "info")
        .stderr(File::create(&log).unwrap());
    let server = Server::run(&mut program);
    let front = Front::of(server.address(), &[]);
    on_sale(&front.asker);
    let body = json!({ "event_id": "gala" });
    let place = front.asker.post("/api/queue/enter", "", &body).json(201);
    let hold = json!({ "seats": ["Stalls-A-999"] });
    let pass = place["pass"].as_str().unwrap();
    let told = front.asker.post("/api/events/gala/holds", pass, &hold);
    let code = told.json(404)["code"].clone();
    let id = told.header("x-request-id").to_owned();
    // The next request on the same connection is answered after nginx has written the line of this one.
    front.asker.get("/api/events", "").json(200);

    let service = lines(&std::fs::read_to_string(&log).unwrap());
    let own: Vec<&Value> = service
        .iter()
        .filter(|line| line["fields"]["request_id"] == *id)
        .collect();
    let [own] = own[..] else {
        panic!("one line of {id}: {own:?}");
    };
    let fields = &own["fields"];
    assert_eq!(fields["route"], "/api/events/{event_id}/holds");
    assert_eq!(
        (&fields["status"], &fields["refusal"], &fields["service"]),
        (&json!(404), &code, &json!("ticketing-core"))
    );
    assert!(fields["duration_ms"].is_number() && own["timestamp"].is_string());
    let gateway = lines(&front.gateway.access_log());
    let seen: Vec<&Value> = gateway
        .iter()
        .filter(|line| line["request_id"] == *id)
        .collect();
    let [seen] = seen[..] else {
        panic!("one line of {id}: {seen:?}");
    };
    assert_eq!(seen["path"], "/api/events/gala/holds");
    let all = format!("{service:?}{gateway:?}");
    assert!(!all.contains(pass) && !all.contains(place["ticket"].as_str().unwrap()));
}
