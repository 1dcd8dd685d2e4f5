//! Every refusal of the contract, over HTTP.

use serde_json::{Value, json};

use crate::asking::{Asker, Told};
use crate::server::{OPERATOR_KEY, Server, Way};

on_every_way! {
    requests_that_are_not_well_formed_are_refused,
    holds_are_refused_with_their_reasons,
    confirming_is_refused_with_reasons,
    what_was_bought_is_refused_with_reasons,
    the_door_refuses_with_its_reasons,
    operators_are_refused_with_reasons,
}

struct World {
    asker: Asker,
    _server: Server,
    _directory: tempfile::TempDir,
}

fn world(way: Way) -> World {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start_on(directory.path(), way);
    World {
        asker: server.asker(),
        _server: server,
        _directory: directory,
    }
}

fn settings(event: &str) -> Value {
    json!({
        "event_id": event, "name": "Evening", "venue": "Hall", "starts_at": "2030-01-01T10:00:00Z",
        "currency": "KRW", "hold_seconds": 1
    })
}

impl World {
    fn create(&self, settings: &Value) -> Told {
        self.asker.operate("POST", "/events", settings)
    }

    fn act(&self, event: &str, action: &str) -> Told {
        self.asker
            .operate("POST", &format!("/events/{event}/{action}"), &Value::Null)
    }

    fn on_sale(&self, event: &str) {
        self.create(&settings(event)).json(201);
        let csv = "section,row,seats,category,price\nS,A,1-6,R,1000\n";
        self.asker.import_csv(event, csv).json(200);
        self.act(event, "open").json(200);
    }

    fn pass(&self, event: &str) -> String {
        let place = self
            .asker
            .post("/api/queue/enter", "", &json!({ "event_id": event }));
        place.json(201)["pass"].as_str().unwrap().to_owned()
    }

    fn hold(&self, event: &str, pass: &str, seats: &[&str]) -> Told {
        let path = format!("/api/events/{event}/holds");
        self.asker.post(&path, pass, &json!({ "seats": seats }))
    }

    fn confirm(&self, event: &str, key: &str, token: &Value) -> Told {
        let body = json!({ "hold_token": token, "buyer": { "name": "Kim", "contact": "010" } });
        let path = format!("/api/events/{event}/reservations");
        self.asker
            .with_json("POST", &path, "", &[("Idempotency-Key", key)], &body)
    }

    /// A reservation of these seats.
    fn bought(&self, event: &str, seats: &[&str]) -> Value {
        let hold = self.hold(event, &self.pass(event), seats).json(201);
        self.confirm(event, "k", &hold["hold_token"]).json(201)
    }

    fn staff_key(&self, event: &str) -> String {
        let body = json!({ "event_ids": [event], "name": "Gate" });
        let made = self.asker.operate("POST", "/staff-keys", &body).json(201);
        made["key"].as_str().unwrap().to_owned()
    }
}

fn requests_that_are_not_well_formed_are_refused(way: Way) {
    let world = world(way);
    world.on_sale("gala");
    let asker = &world.asker;
    let json = [("Content-Type", "application/json")];
    let enter = "/api/queue/enter";
    asker
        .ask("POST", enter, "", &json, b"{")
        .refused(400, "invalid_json");
    let wrong = asker
        .post(enter, "", &json!({ "event_id": 7 }))
        .refused(422, "invalid_request");
    assert_eq!(wrong["errors"][0]["field"], "/event_id", "{wrong}");
    asker.get("/api/nowhere", "").refused(404, "not_found");
    asker
        .ask("PUT", enter, "", &json, b"{}")
        .refused(405, "method_not_allowed");
    let xml = [("Content-Type", "application/xml")];
    asker
        .ask("POST", enter, "", &xml, b"<a/>")
        .refused(415, "unsupported_media_type");
    let long = json!({ "event_id": "x".repeat(70_000) });
    asker.post(enter, "", &long).refused(413, "body_too_large");
    asker
        .post(enter, "", &json!({ "event_id": "none" }))
        .refused(404, "event_not_found");
    asker
        .get("/api/queue/status?event_id=gala", "")
        .refused(401, "ticket_missing");
    asker
        .get("/api/queue/status?event_id=gala", "forged")
        .refused(403, "ticket_invalid");
}

fn holds_are_refused_with_their_reasons(way: Way) {
    let world = world(way);
    for event in ["gala", "other", "later"] {
        world.on_sale(event);
    }
    let hold = |pass: &str, seats: &[&str]| world.hold("gala", pass, seats);
    hold("", &["S-A-1"]).refused(401, "pass_missing");
    hold("forged", &["S-A-1"]).refused(403, "pass_invalid");
    hold(&world.pass("other"), &["S-A-1"]).refused(403, "pass_invalid");
    let (one, two) = (world.pass("gala"), world.pass("gala"));
    hold(&one, &[]).refused(422, "invalid_request");
    hold(&one, &["S-A-1", "S-A-1"]).refused(422, "invalid_request");
    assert_eq!(
        hold(&one, &["S-A-9"]).refused(404, "seat_not_found")["seats"],
        json!(["S-A-9"])
    );
    let five = ["S-A-1", "S-A-2", "S-A-3", "S-A-4", "S-A-5"];
    let limit = hold(&one, &five).refused(409, "limit_exceeded");
    assert_eq!(
        (&limit["limit"], &limit["remaining"]),
        (&json!(4), &json!(4))
    );
    let best = json!({ "best_available": { "quantity": 2, "accessible": true } });
    world
        .asker
        .post("/api/events/gala/holds", &one, &best)
        .refused(409, "no_adjacent_seats");
    world.bought("gala", &["S-A-3"]);
    let taken = hold(&two, &["S-A-3"]).refused(409, "seats_unavailable");
    assert_eq!(taken["seats"], json!(["S-A-3"]));
    assert!(
        taken["alternatives"]
            .as_array()
            .is_some_and(|lists| !lists.is_empty())
    );
    let key = [("Idempotency-Key", "k")];
    let path = "/api/events/gala/holds";
    let ask = |seat: &str| {
        world
            .asker
            .with_json("POST", path, &two, &key, &json!({ "seats": [seat] }))
    };
    ask("S-A-5").json(201);
    ask("S-A-6").refused(422, "idempotency_mismatch");
    let leaving = world
        .asker
        .post("/api/queue/enter", "", &json!({ "event_id": "gala" }))
        .json(201);
    let ticket = leaving["ticket"].as_str().unwrap();
    let left = world
        .asker
        .post("/api/queue/leave", ticket, &json!({ "event_id": "gala" }));
    assert_eq!(left.status, 204);
    hold(leaving["pass"].as_str().unwrap(), &["S-A-1"]).refused(403, "pass_expired");
    let late = world.pass("later");
    let opens = json!({ "sale_opens_at": "2029-01-01T00:00:00Z" });
    world
        .asker
        .operate("PATCH", "/events/later", &opens)
        .json(200);
    world
        .hold("later", &late, &["S-A-1"])
        .refused(409, "sale_not_open");
    world.act("gala", "pause").json(200);
    hold(&one, &["S-A-1"]).refused(409, "sale_paused");
    world.act("gala", "close").json(200);
    hold(&one, &["S-A-1"]).refused(409, "sale_closed");
}

fn confirming_is_refused_with_reasons(way: Way) {
    let world = world(way);
    world.on_sale("gala");
    let pass = world.pass("gala");
    let hold = world.hold("gala", &pass, &["S-A-1"]).json(201);
    let (id, token) = (hold["hold_id"].as_str().unwrap(), &hold["hold_token"]);
    let path = format!("/api/events/gala/holds/{id}");
    world
        .asker
        .get(&path, "")
        .refused(401, "hold_token_missing");
    world
        .asker
        .get(&path, "forged")
        .refused(403, "hold_invalid");
    assert_eq!(
        world.asker.delete(&path, token.as_str().unwrap()).status,
        204
    );
    world
        .confirm("gala", "k", token)
        .refused(410, "hold_released");
    world
        .confirm("gala", "k", &json!("forged"))
        .refused(403, "hold_invalid");
    let reservations = "/api/events/gala/reservations";
    let body = json!({ "hold_token": token, "buyer": { "name": "Kim", "contact": "010" } });
    world
        .asker
        .post(reservations, "", &body)
        .refused(400, "idempotency_key_missing");
    let broken = world.asker.ask(
        "POST",
        reservations,
        "",
        &[("Content-Type", "application/json")],
        b"{",
    );
    broken.refused(400, "idempotency_key_missing");
    // Whoever follows the seats is told when the hold has run out.
    let hold = world.hold("gala", &pass, &["S-A-2"]).json(201);
    let mut seats = world
        .asker
        .stream("/api/events/gala/availability/stream", "");
    while seats.next().2["changes"] != json!([[1, 0]]) {}
    world
        .confirm("gala", "k", &hold["hold_token"])
        .refused(410, "hold_expired");
    let hold = world.hold("gala", &pass, &["S-A-3"]).json(201);
    world.confirm("gala", "k", &hold["hold_token"]).json(201);
    let other =
        json!({ "hold_token": hold["hold_token"], "buyer": { "name": "Lee", "contact": "010" } });
    let key = [("Idempotency-Key", "k")];
    world
        .asker
        .with_json("POST", reservations, "", &key, &other)
        .refused(422, "idempotency_mismatch");
}

fn what_was_bought_is_refused_with_reasons(way: Way) {
    let world = world(way);
    world.on_sale("gala");
    let hold = world
        .hold("gala", &world.pass("gala"), &["S-A-3"])
        .json(201);
    let bought = world.confirm("gala", "k", &hold["hold_token"]).json(201);
    let path = format!(
        "/api/events/gala/holds/{}",
        hold["hold_id"].as_str().unwrap()
    );
    let token = hold["hold_token"].as_str().unwrap();
    world
        .asker
        .delete(&path, token)
        .refused(409, "already_confirmed");
    let path = format!(
        "/api/reservations/{}",
        bought["reservation_id"].as_str().unwrap()
    );
    world
        .asker
        .get(&path, "")
        .refused(401, "receipt_token_missing");
    world
        .asker
        .get(&path, "forged")
        .refused(403, "receipt_invalid");
    let come = json!({ "code": bought["code"] });
    let key = world.staff_key("gala");
    world
        .asker
        .post("/staff/events/gala/check-ins", &key, &come)
        .json(200);
    let receipt = bought["receipt_token"].as_str().unwrap();
    world
        .asker
        .delete(&path, receipt)
        .refused(409, "already_checked_in");
}

fn the_door_refuses_with_its_reasons(way: Way) {
    let world = world(way);
    world.on_sale("gala");
    world.on_sale("other");
    let bought = world.bought("gala", &["S-A-1"]);
    let elsewhere = world.bought("other", &["S-A-1"]);
    let key = world.staff_key("gala");
    let look_up = |event: &str, key: &str, code: &str| {
        let path = format!("/staff/events/{event}/lookup");
        world.asker.post(&path, key, &json!({ "code": code }))
    };
    look_up("gala", "", "0000").refused(401, "staff_key_missing");
    look_up("gala", "forged", "0000").refused(403, "staff_key_invalid");
    look_up("other", &key, "0000").refused(403, "wrong_event");
    look_up("gala", &key, "12").refused(422, "invalid_code");
    let come = |body: &Value| world.asker.post("/staff/events/gala/check-ins", &key, body);
    come(&json!({ "entry_token": "forged" })).refused(404, "ticket_not_found");
    come(&json!({ "entry_token": elsewhere["entry_token"] })).refused(404, "ticket_not_found");
    let seat = json!({ "code": bought["code"], "seats": ["S-A-2"] });
    come(&seat).refused(422, "seat_not_in_reservation");
    let right = bought["code"].as_str().unwrap();
    let wrong = if right == "0000" { "0001" } else { "0000" };
    for _ in 0..20 {
        look_up("gala", &key, wrong).refused(404, "code_not_found");
    }
    let told = look_up("gala", &key, right);
    told.refused(429, "too_many_attempts");
    assert!(!told.header("retry-after").is_empty());
}

fn operators_are_refused_with_reasons(way: Way) {
    let world = world(way);
    let asker = &world.asker;
    asker
        .get("/api/admin/events", "")
        .refused(401, "operator_key_missing");
    asker
        .get("/api/admin/events", "forged")
        .refused(403, "operator_key_invalid");
    world
        .create(&json!({ "event_id": "Gala!" }))
        .refused(422, "invalid_request");
    let mut nameless = settings("gala");
    nameless["event_id"] = Value::Null;
    let wrong = world.create(&nameless).refused(422, "invalid_request");
    assert_eq!(wrong["errors"][0]["field"], "/event_id", "{wrong}");
    world.create(&settings("gala")).json(201);
    world.create(&settings("gala")).refused(409, "event_exists");
    let null = json!({ "event_id": null });
    asker
        .operate("PATCH", "/events/gala", &null)
        .refused(422, "invalid_request");
    world.act("gala", "pause").refused(409, "event_is_draft");
    world.act("gala", "open").refused(422, "map_missing");
    let map = asker.import_csv(
        "gala",
        "section,row,seats,category,price\nS,A,1-6,R,cheap\n",
    );
    let problems = map.refused(422, "map_invalid")["problems"].clone();
    assert_eq!(problems[0]["where"]["line"], 2, "{problems}");
    asker
        .import_csv("gala", "section,row,seats,category\nS,A,1-6,R\n")
        .json(200);
    world.act("gala", "open").refused(422, "price_missing");
    let rows: Vec<_> = (1..=11).map(|row| format!("S,{row},1-1000,R,1")).collect();
    let rows = rows.join("\n");
    asker
        .import_csv("gala", &format!("section,row,seats,category,price\n{rows}"))
        .json(200);
    let digits = json!({ "code_digits": 4 });
    asker.operate("PATCH", "/events/gala", &digits).json(200);
    world
        .act("gala", "open")
        .refused(422, "code_digits_too_few");
    world.on_sale("evening");
    let path = "/events/evening";
    asker
        .operate("PATCH", path, &json!({ "currency": "EUR" }))
        .refused(409, "field_fixed");
    asker
        .operate("DELETE", path, &Value::Null)
        .refused(409, "event_not_draft");
    world.bought("evening", &["S-A-1"]);
    let csv = "section,row,seats,category,price\nS,A,1-9,R,1000\n";
    asker.import_csv("evening", csv).refused(409, "map_in_use");
    let blocks = json!({ "block": ["S-A-1"] });
    asker
        .operate("PUT", "/events/evening/blocks", &blocks)
        .refused(409, "seats_unavailable");
    world.act("evening", "close").json(200);
    world.act("evening", "open").refused(409, "sale_closed");
    let unknown = "/api/admin/reservations/00000000-0000-7000-8000-000000000000/receipt";
    asker
        .post(unknown, OPERATOR_KEY, &Value::Null)
        .refused(404, "not_found");
    assert_eq!(
        asker.operate("DELETE", "/events/gala", &Value::Null).status,
        204
    );
}
