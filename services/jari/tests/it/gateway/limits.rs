//! Limits per address: who meets them, and who does not.

use serde_json::json;

use super::{Front, on_sale, server};
use crate::asking::Asker;

/// Limits that are soon reached.
const NARROW: [(&str, &str); 4] = [
    ("JARI_LIMIT_ENTER_RATE", "1r/m"),
    ("JARI_LIMIT_ENTER_BURST", "2"),
    ("JARI_LIMIT_LOOKUPS_RATE", "1r/m"),
    ("JARI_LIMIT_LOOKUPS_BURST", "2"),
];

fn enter(asker: &Asker, headers: &[(&str, &str)]) -> u16 {
    let body = json!({ "event_id": "gala" });
    asker
        .with_json("POST", "/api/queue/enter", "", headers, &body)
        .status
}

#[test]
fn past_the_limit_an_address_is_told_to_wait_and_others_are_not() {
    let (server, _data) = server();
    let mut variables = NARROW.to_vec();
    variables.push(("JARI_TRUSTED_PROXIES", "127.0.0.0/8"));
    let front = Front::of(server.address(), &variables);
    on_sale(&front.asker);
    let from = |address: &str| enter(&front.asker, &[("X-Forwarded-For", address)]);
    let first: Vec<u16> = (0..4).map(|_| from("203.0.113.7")).collect();
    assert_eq!(first, [201, 201, 201, 429]);
    assert_eq!(from("203.0.113.8"), 201, "another address");
    assert_eq!(
        from("198.51.100.1, 203.0.113.7"),
        429,
        "what a client says of itself is not believed"
    );
    let network: Vec<u16> = (1..=4)
        .map(|host| from(&format!("2001:db8::{host}")))
        .collect();
    assert_eq!(
        network,
        [201, 201, 201, 429],
        "an IPv6 network counts as one"
    );
    assert_eq!(from("2001:db8:0:1::1"), 201, "the next network");
    let body = json!({ "event_id": "gala" });
    let headers = [("X-Forwarded-For", "203.0.113.7"), ("X-Request-Id", "mine")];
    let told = front
        .asker
        .with_json("POST", "/api/queue/enter", "", &headers, &body);
    told.refused(429, "too_many_requests");
    assert!(told.header("retry-after").parse::<u32>().unwrap() > 0);
    assert_eq!(told.header("x-request-id"), "mine");
    let looks: Vec<u16> = (0..4)
        .map(|_| {
            let path = "/staff/events/gala/lookup";
            let code = json!({ "code": "0000" });
            front
                .asker
                .with_json("POST", path, "none", &headers, &code)
                .status
        })
        .collect();
    assert_eq!(
        looks,
        [403, 403, 403, 429],
        "look-ups have a limit of their own"
    );
    let reads: Vec<u16> = (0..20)
        .map(|_| front.asker.get("/api/events/gala", "").status)
        .collect();
    assert_eq!(reads, [200; 20], "reading has none");
}

#[test]
fn without_a_load_balancer_nobody_chooses_an_address_and_exempt_ones_are_not_counted() {
    let (server, _data) = server();
    on_sale(&Asker::at(&server.url));
    let four = |more: &[(&str, &str)]| {
        let mut variables = NARROW.to_vec();
        variables.extend(more);
        let front = Front::of(server.address(), &variables);
        let others = ["203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4"];
        others.map(|address| enter(&front.asker, &[("X-Forwarded-For", address)]))
    };
    assert_eq!(four(&[]), [201, 201, 201, 429]);
    assert_eq!(four(&[("JARI_LIMIT_EXEMPT", "127.0.0.0/8")]), [201; 4]);
    assert_eq!(
        four(&[("JARI_LIMIT_EXEMPT", "10.0.0.0/8")]),
        [201, 201, 201, 429]
    );
}

#[test]
fn an_office_of_hundreds_behind_one_address_enters_at_once() {
    let (server, _data) = server();
    let front = Front::of(server.address(), &[]);
    on_sale(&front.asker);
    for person in 0..500 {
        assert_eq!(enter(&front.asker, &[]), 201, "person {person}");
    }
}
