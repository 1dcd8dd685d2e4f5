//! The whole way over HTTP: an operator sells, somebody buys, the door lets them in.

use serde_json::{Value, json};

use crate::asking::{Asker, Told};
use crate::server::{OPERATOR_KEY, Server, Way};

on_every_way! {
    people_stand_in_line_and_are_told_when_it_is_their_turn,
    somebody_buys_and_everyone_sees_it,
    a_reservation_is_printed_and_can_be_cancelled,
    the_door_lets_people_in_once,
    the_operator_sees_and_steers_the_sale,
    the_api_describes_itself_and_says_how_it_is,
}

const EVENT: &str = "/api/events/gala";

fn buyer() -> Value {
    json!({ "name": "Kim Seo-yeon", "contact": "seo@example.org" })
}

/// A hall of two rows of ten, on sale.
fn on_sale(asker: &Asker) {
    let body = json!({
        "event_id": "gala", "name": "Gala", "venue": "Hall", "starts_at": "2030-01-01T10:00:00Z",
        "currency": "KRW", "queue": { "capacity": 2 }
    });
    let made = asker.operate("POST", "/events", &body).json(201);
    assert_eq!(
        (&made["state"], &made["hold_seconds"]),
        (&json!("draft"), &json!(300))
    );
    asker.get(EVENT, "").refused(404, "event_not_found");
    let csv = "section,row,seats,category,price\nStalls,A,1-10,VIP,132000\nStalls,B,1-10,R,99000\n";
    let path = "/api/admin/events/gala/map?dry_run=true";
    let headers = [("Content-Type", "text/csv")];
    let dry = asker.ask("PUT", path, OPERATOR_KEY, &headers, csv.as_bytes());
    let dry = dry.json(200);
    assert_eq!(
        (&dry["seats_total"], &dry["sections"]),
        (&json!(20), &json!(1))
    );
    assert!(dry["map"].is_object() && dry["problems"].is_array());
    asker
        .operate("POST", "/events/gala/open", &Value::Null)
        .refused(422, "map_missing");
    let imported = asker.import_csv("gala", csv).json(200);
    assert_eq!(imported["map_version"], dry["map_version"]);
    assert!(dry["map_version"].is_string());
    assert_eq!(
        asker
            .operate("GET", "/events/gala/map", &Value::Null)
            .status,
        200
    );
    let opened = asker
        .operate("POST", "/events/gala/open", &Value::Null)
        .json(200);
    assert_eq!(
        (&opened["state"], &opened["code_digits"]),
        (&json!("on_sale"), &json!(4))
    );
}

/// Somebody who is let into the shop.
fn admitted(asker: &Asker) -> Value {
    let place = asker
        .post("/api/queue/enter", "", &json!({ "event_id": "gala" }))
        .json(201);
    assert_eq!(place["state"], "admitted", "{place}");
    place
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn hold(asker: &Asker, pass: &str, seats: &[&str]) -> Value {
    asker
        .post(&format!("{EVENT}/holds"), pass, &json!({ "seats": seats }))
        .json(201)
}

fn confirm(asker: &Asker, hold: &Value, key: &str) -> Told {
    let body = json!({ "hold_token": hold["hold_token"], "buyer": buyer() });
    asker.with_json(
        "POST",
        &format!("{EVENT}/reservations"),
        "",
        &[("Idempotency-Key", key)],
        &body,
    )
}

fn bought(asker: &Asker, seats: &[&str]) -> Value {
    let place = admitted(asker);
    confirm(asker, &hold(asker, text(&place["pass"]), seats), "k").json(201)
}

fn people_stand_in_line_and_are_told_when_it_is_their_turn(way: Way) {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start_on(directory.path(), way);
    let asker = server.asker();
    on_sale(&asker);
    let visitor = json!({ "event_id": "gala", "visitor": "0123456789abcdef0123456789abcdef" });
    let first = asker.post("/api/queue/enter", "", &visitor).json(201);
    let again = asker.post("/api/queue/enter", "", &visitor).json(200);
    assert_eq!(
        (&first["ticket"], &first["pass"]),
        (&again["ticket"], &again["pass"])
    );
    let leaving = admitted(&asker);
    let third = asker
        .post("/api/queue/enter", "", &json!({ "event_id": "gala" }))
        .json(201);
    let seen = (
        &third["state"],
        &third["position"],
        &third["ahead"],
        &third["pass"],
    );
    assert_eq!(
        seen,
        (&json!("waiting"), &json!(1), &json!(0), &Value::Null)
    );
    let mut stream = asker.stream("/api/queue/stream?event_id=gala", text(&third["ticket"]));
    let (name, id, place) = stream.next();
    assert_eq!(
        (name.as_str(), id.as_str(), &place["state"]),
        ("place", "1", &json!("waiting"))
    );
    for _ in 0..2 {
        let left = asker.post(
            "/api/queue/leave",
            text(&leaving["ticket"]),
            &json!({ "event_id": "gala" }),
        );
        assert_eq!(left.status, 204);
    }
    let turn = loop {
        let (_, _, place) = stream.next();
        if place["state"] == "admitted" {
            break place;
        }
    };
    let status = asker.get("/api/queue/status?event_id=gala", text(&third["ticket"]));
    assert!(!status.header("retry-after").is_empty());
    assert_eq!(
        status.json(200)["pass"],
        turn["pass"],
        "it stays the same string"
    );
    let left = asker
        .get("/api/queue/status?event_id=gala", text(&leaving["ticket"]))
        .json(200);
    assert_eq!(
        (&left["state"], &left["position"]),
        (&json!("left"), &Value::Null)
    );
    let board = asker.get("/api/queue/board/gala", "");
    assert!(board.header("cache-control").contains("max-age=1"));
    let board = board.json(200);
    assert_eq!(
        (&board["admitted"], &board["waiting"], &board["seats_left"]),
        (&json!(2), &json!(0), &json!(20))
    );
}

fn somebody_buys_and_everyone_sees_it(way: Way) {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start_on(directory.path(), way);
    let asker = server.asker();
    on_sale(&asker);
    let before = asker.get(&format!("{EVENT}/availability"), "");
    let tag = [("If-None-Match", before.header("etag"))];
    assert_eq!(
        asker
            .ask("GET", &format!("{EVENT}/availability"), "", &tag, b"")
            .status,
        304
    );
    let version = before.json(200)["version"].as_u64().unwrap();
    let mut stream = asker.stream(&format!("{EVENT}/availability/stream?since={version}"), "");
    let place = admitted(&asker);
    let hold = hold(&asker, text(&place["pass"]), &["Stalls-A-1", "Stalls-A-2"]);
    assert_eq!(
        (&hold["total"], &hold["currency"]),
        (&json!(264_000), &json!("KRW"))
    );
    let changes = loop {
        let (name, id, told) = stream.next();
        assert_eq!(name, "changes");
        assert_eq!(id, told["version"].to_string());
        if told["full"] == false
            && told["changes"]
                .as_array()
                .is_some_and(|all| !all.is_empty())
        {
            break told["changes"].clone();
        }
    };
    assert_eq!(changes, json!([[0, 1], [1, 1]]));
    let path = format!("{EVENT}/holds/{}", text(&hold["hold_id"]));
    let seen = asker.get(&path, text(&hold["hold_token"])).json(200);
    assert_eq!(
        (&seen["state"], &seen["seats"]),
        (&json!("held"), &hold["seats"])
    );
    let bought = confirm(&asker, &hold, "k").json(201);
    assert_eq!(confirm(&asker, &hold, "k").json(201), bought);
    assert_eq!(
        confirm(&asker, &hold, "other").json(200)["code"],
        bought["code"]
    );
    let unheard_of = format!("{EVENT}/availability?since=99999999999999999999");
    assert_eq!(asker.get(&unheard_of, "").json(200)["full"], true);
    let since = asker
        .get(&format!("{EVENT}/availability?since={version}"), "")
        .json(200);
    assert_eq!(
        (&since["full"], &since["changes"]),
        (&json!(false), &json!([[0, 2], [1, 2]]))
    );
}

fn a_reservation_is_printed_and_can_be_cancelled(way: Way) {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start_on(directory.path(), way);
    let asker = server.asker();
    on_sale(&asker);
    let bought = bought(&asker, &["Stalls-A-1", "Stalls-A-2"]);
    let path = format!("/api/reservations/{}", text(&bought["reservation_id"]));
    let receipt = text(&bought["receipt_token"]);
    assert_eq!(asker.get(&path, receipt).json(200), bought);
    let svg = asker.get(&format!("{path}/ticket.svg"), receipt);
    assert!(
        svg.text().starts_with("<svg") || svg.text().starts_with("<?xml"),
        "{}",
        svg.text()
    );
    assert!(
        asker
            .get(&format!("{path}/ticket.pdf"), receipt)
            .body
            .starts_with(b"%PDF-")
    );
    for _ in 0..2 {
        assert_eq!(asker.delete(&path, receipt).status, 204);
    }
    assert_eq!(asker.get(&path, receipt).json(200)["state"], "cancelled");
    assert_eq!(asker.get(EVENT, "").json(200)["seats_left"], 20);
}

fn the_door_lets_people_in_once(way: Way) {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start_on(directory.path(), way);
    let asker = server.asker();
    on_sale(&asker);
    let bought = bought(&asker, &["Stalls-B-1", "Stalls-B-2"]);
    let key = json!({ "event_ids": ["gala"], "name": "North gate" });
    let key = asker.operate("POST", "/staff-keys", &key).json(201);
    let (id, key) = (text(&key["id"]), text(&key["key"]));
    let session = asker.get("/staff/session", key).json(200);
    assert_eq!(session["events"][0]["event_id"], "gala");
    let staff = "/staff/events/gala";
    let found = asker
        .post(
            &format!("{staff}/lookup"),
            key,
            &json!({ "code": bought["code"] }),
        )
        .json(200);
    assert_eq!(found["buyer_name"], "K**********n");
    let come = json!({ "entry_token": bought["entry_token"], "seats": ["Stalls-B-1"], "gate": "N", "nonce": "n-1" });
    let one = asker
        .post(&format!("{staff}/check-ins"), key, &come)
        .json(200);
    assert_eq!(
        (&one["outcome"], &one["remaining"][0]["seat_id"]),
        (&json!("admitted"), &json!("Stalls-B-2"))
    );
    assert_eq!(
        asker
            .post(&format!("{staff}/check-ins"), key, &come)
            .json(200),
        one
    );
    let late = json!({ "items": [{ "code": bought["code"], "seats": ["Stalls-B-1"], "nonce": "n-2", "occurred_at": "2029-12-31T00:00:00Z" }] });
    let batch = asker
        .post(&format!("{staff}/check-ins/batch"), key, &late)
        .json(200);
    assert_eq!(batch["items"][0]["outcome"], "conflict", "{batch}");
    let void = format!("/staff/check-ins/{}/void", text(&one["check_in_id"]));
    for _ in 0..2 {
        assert_eq!(
            asker
                .post(&void, key, &json!({ "reason": "wrong gate" }))
                .status,
            204
        );
    }
    let list = asker
        .get(&format!("{staff}/check-ins?limit=10"), key)
        .json(200);
    assert!(
        !list["next_cursor"].is_null()
            && list["items"].as_array().is_some_and(|all| all.len() >= 2)
    );
    let manifest = asker.get(&format!("{staff}/manifest"), key);
    assert!(!manifest.header("etag").is_empty() && !manifest.text().contains("Kim"));
    let stats = asker.get(&format!("{staff}/stats"), key).json(200);
    assert_eq!(stats["confirmed_seats"], 2);
    assert_eq!(
        asker
            .operate("DELETE", &format!("/staff-keys/{id}"), &Value::Null)
            .status,
        204
    );
    asker
        .get("/staff/session", key)
        .refused(403, "staff_key_invalid");
}

fn the_operator_sees_and_steers_the_sale(way: Way) {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start_on(directory.path(), way);
    let asker = server.asker();
    on_sale(&asker);
    let bought = bought(&asker, &["Stalls-A-5"]);
    let nothing = &Value::Null;
    let block = json!({ "block": ["Stalls-A-1", "Stalls-A-2"] });
    let counts = asker
        .operate("PUT", "/events/gala/blocks", &block)
        .json(200);
    assert_eq!(
        (&counts["blocked"], &counts["free"]),
        (&json!(2), &json!(17))
    );
    let stats = asker
        .operate("GET", "/events/gala/stats", nothing)
        .json(200);
    assert_eq!(
        (&stats["revenue"], &stats["seats"]["sold"]),
        (&json!(132_000), &json!(1))
    );
    let mut stream = asker.stream("/api/admin/events/gala/stats/stream", OPERATOR_KEY);
    assert_eq!(stream.next().2["revenue"], 132_000);
    let list = asker
        .operate("GET", "/events/gala/reservations?q=seo-y", nothing)
        .json(200);
    assert_eq!(list["items"][0]["code"], bought["code"]);
    let csv = asker.operate("GET", "/events/gala/reservations.csv", nothing);
    assert!(
        csv.header("content-type").starts_with("text/csv") && csv.text().contains("Kim Seo-yeon")
    );
    let id = text(&bought["reservation_id"]);
    let receipt = asker.operate("POST", &format!("/reservations/{id}/receipt"), nothing);
    let receipt = receipt.json(200)["receipt_token"].clone();
    let path = format!("/api/reservations/{id}");
    asker
        .get(&path, text(&bought["receipt_token"]))
        .refused(403, "receipt_invalid");
    assert_eq!(asker.get(&path, text(&receipt)).status, 200);
    let cancelled = asker.operate(
        "POST",
        &format!("/reservations/{id}/cancel"),
        &json!({ "reason": "asked" }),
    );
    assert_eq!(cancelled.json(200)["state"], "cancelled");
    let settings = json!({ "queue": { "capacity": 7 } });
    let changed = asker.operate("PATCH", "/events/gala", &settings).json(200);
    assert_eq!(
        (
            &changed["queue"]["capacity"],
            &changed["queue"]["pass_seconds"]
        ),
        (&json!(7), &json!(600))
    );
    for (action, state) in [
        ("pause", "paused"),
        ("resume", "on_sale"),
        ("close", "closed"),
        ("close", "closed"),
    ] {
        let told = asker.operate("POST", &format!("/events/gala/{action}"), nothing);
        assert_eq!(told.json(200)["state"], state);
    }
    let audit = asker.operate("GET", "/audit?limit=2", nothing).json(200);
    assert_eq!(audit["items"].as_array().map(Vec::len), Some(2));
    assert!(
        audit["items"][0].to_string().contains("event.close"),
        "{audit}"
    );
}

fn the_api_describes_itself_and_says_how_it_is(way: Way) {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start_on(directory.path(), way);
    let asker = server.asker();
    for (path, committed) in [
        (
            "/api/openapi.json",
            include_str!("../../../../web/openapi/ticketing-core.json"),
        ),
        (
            "/api/queue/openapi.json",
            include_str!("../../../../web/openapi/queue-service.json"),
        ),
        (
            "/staff/openapi.json",
            include_str!("../../../../web/openapi/staff-api.json"),
        ),
    ] {
        let document = asker.get(path, "").json(200);
        let committed: Value = serde_json::from_str(committed).unwrap();
        assert!(
            document == committed,
            "web/openapi has another {path}: the pages' types are made from it"
        );
        assert!(text(&document["openapi"]).starts_with("3.1"));
        assert!(
            document["paths"]
                .as_object()
                .is_some_and(|paths| !paths.is_empty())
        );
    }
    let page = asker.get("/api/docs/", "");
    assert_eq!(page.status, 200);
    for attribute in ["src=\"", "href=\""] {
        for link in page.text().split(attribute).skip(1) {
            assert!(
                !link.starts_with("http") && !link.starts_with("//"),
                "{link}"
            );
        }
    }
    let time = asker.get("/api/time", "");
    assert_eq!(time.header("cache-control"), "no-store");
    let internal = Asker::at(&server.internal_url);
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(internal.get(path, "").status, 200, "{path}");
        assert_eq!(
            asker.get(path, "").status,
            404,
            "{path} is not for the public"
        );
    }
}
