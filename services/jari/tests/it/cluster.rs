//! The services on many machines: the tool works with them, instances agree, and a sale goes on when one of them dies or
//! Redis loses everything.

use std::collections::BTreeSet;
use std::sync::mpsc::{Sender, channel};

use local_cluster::Cluster;
use serde_json::{Value, json};
use test_servers::Service;

use crate::asking::Asker;
use crate::server::{Client, Server, jari, start_cluster};

mod forms;
mod observe;
mod outages;
mod traces;

const AVAILABILITY: &str = "/api/events/gala/availability";

fn asker(instance: &Service) -> Asker {
    Asker::at(&format!("http://{}", instance.address))
}

/// What the tool says, in a directory of its own.
fn tool(cluster: &Cluster, arguments: &[&str]) -> String {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(
        directory.path().join("hall.csv"),
        "section,row,seats,category,price\nStalls,A,1-400,R,1000\n",
    )
    .unwrap();
    let output = jari()
        .args(arguments)
        .current_dir(directory.path())
        .env("JARI_URL", &cluster.url)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {told}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn on_sale(cluster: &Cluster) {
    let mut arguments = vec![
        "event", "create", "gala", "--name", "Gala", "--venue", "Hall",
    ];
    arguments.extend(["--starts-at", "2030-01-01T10:00:00Z", "--currency", "KRW"]);
    arguments.extend(["--map", "hall.csv", "--open"]);
    // Nobody here is to wait for their turn.
    arguments.extend(["--max-admitted-per-second", "1000"]);
    tool(cluster, &arguments);
    // Every instance knows it: each catches up before it says that it is ready.
    for instance in cluster.cores.iter().chain(&cluster.queues) {
        let internal = Asker::at(&format!("http://{}", instance.internal_address));
        assert_eq!(internal.get("/readyz", "").status, 200);
    }
}

/// What the audit says as JSON, and how it ends.
fn audit(cluster: &Cluster) -> (Option<i32>, Value) {
    let output = jari()
        .args(["audit", "--json"])
        .env("JARI_DATABASE_URL", cluster.postgres.url())
        .output()
        .unwrap();
    let told = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code(), told)
}

/// Everything that has happened kept every promise.
fn sound(cluster: &Cluster) {
    let (code, told) = audit(cluster);
    assert_eq!((code, &told["sound"]), (Some(0), &json!(true)), "{told}");
}

fn buy(cluster: &Cluster) -> String {
    tool(cluster, &["buy", "--event", "gala", "--quantity", "2"])
}

/// The seats that are sold, as an instance shows them once it shows this version.
fn sold(instance: &Service, version: &Value) -> Value {
    let asker = asker(instance);
    let mut changes = asker.stream(&format!("{AVAILABILITY}/stream"), "");
    while changes.next().2["version"].as_u64() < version.as_u64() {}
    asker.get(AVAILABILITY, "").json(200)["sold"].clone()
}

fn version(instance: &Service) -> Value {
    asker(instance).get(AVAILABILITY, "").json(200)["version"].clone()
}

#[test]
fn the_tool_sells_and_buys_and_the_instances_agree() {
    let (_data, cluster) = start_cluster();
    on_sale(&cluster);
    assert!(buy(&cluster).contains("Stalls, row A"));
    let [one, two] = &cluster.cores;
    let newest = version(one).as_u64().max(version(two).as_u64());
    let newest = json!(newest);
    assert_eq!(
        [sold(one, &newest), sold(two, &newest)],
        [json!(2), json!(2)]
    );
    let [first, second] = cluster.queues.each_ref().map(asker);
    let visitor = json!({ "event_id": "gala", "visitor": "0123456789abcdef0123456789abcdef" });
    let place = first.post("/api/queue/enter", "", &visitor).json(201);
    let again = second.post("/api/queue/enter", "", &visitor).json(200);
    assert_eq!(
        (&place["ticket"], &place["pass"]),
        (&again["ticket"], &again["pass"]),
        "a visitor has one place, whichever instance is asked"
    );
}

#[test]
fn the_audit_sees_what_the_judge_was_not_told() {
    let (_data, mut cluster) = start_cluster();
    on_sale(&cluster);
    buy(&cluster);
    sound(&cluster);
    let postgres = &cluster.postgres;
    postgres.query("update sold_seats set seat = seat + 100");
    let (code, told) = audit(&cluster);
    assert_eq!(code, Some(1), "{told}");
    let invariants = told["events"][0]["invariants"].as_array().unwrap();
    let broken = invariants
        .iter()
        .filter(|checked| checked["holds"] == false);
    let broken: Vec<&Value> = broken.map(|checked| &checked["name"]).collect();
    assert_eq!(broken, [&json!("what_was_answered_is_kept")]);
    cluster.postgres.kill();
    assert_eq!(audit(&cluster).0, Some(2), "there is nothing to read");
}

/// Nobody hears what the others tell, for a moment.
fn cut_the_news(cluster: &Cluster) {
    let clients = cluster.redis.command(&["CLIENT", "LIST"]);
    let listening = clients.lines().filter(|line| line.contains("cmd=xread"));
    let ids: Vec<&str> = listening
        .filter_map(|line| line.strip_prefix("id=")?.split(' ').next())
        .collect();
    assert!(ids.len() >= 4, "{clients}");
    for id in ids {
        cluster.redis.command(&["CLIENT", "KILL", "ID", id]);
    }
}

#[test]
fn the_one_program_serves_the_same_sale_on_the_same_stores() {
    let (_data, cluster) = start_cluster();
    on_sale(&cluster);
    let program = Server::start_beside(&cluster);
    let one = Asker::at(&program.url);
    let event = json!({ "event_id": "gala" });
    let place = one.post("/api/queue/enter", "", &event).json(201);
    let pass = place["pass"].as_str().unwrap();
    let hold = json!({ "seats": ["Stalls-A-1"] });
    // A pass of the one program is a pass to the others, and what one holds nobody else gets.
    let core = asker(&cluster.cores[0]);
    core.post("/api/events/gala/holds", pass, &hold).json(201);
    let place = one.post("/api/queue/enter", "", &event).json(201);
    let pass = place["pass"].as_str().unwrap();
    let told = one.post("/api/events/gala/holds", pass, &hold);
    told.refused(409, "seats_unavailable");
}

#[test]
fn a_ticket_is_known_to_an_instance_that_has_not_heard_of_it() {
    let (_data, cluster) = start_cluster();
    on_sale(&cluster);
    let [first, second] = cluster.queues.each_ref().map(asker);
    let event = json!({ "event_id": "gala" });
    // Known to both by now.
    first.post("/api/queue/enter", "", &event).json(201);
    second.post("/api/queue/enter", "", &event).json(201);
    cut_the_news(&cluster);
    let place = first.post("/api/queue/enter", "", &event).json(201);
    let ticket = place["ticket"].as_str().unwrap();
    let seen = second.get("/api/queue/status?event_id=gala", ticket);
    assert_eq!(seen.json(200)["pass"], place["pass"]);
}

/// How many people buy at the same time, and how many purchases each makes.
const BUYERS: usize = 4;
const PURCHASES: usize = 30;

/// Asks the same again until it is done, as people do whose request has failed.
fn insist(client: &Client, path: &str, token: &str, key: &str, body: &Value) -> Value {
    let mut told = None;
    for _ in 0..1000 {
        told = client.post(path, token, key, body);
        if let Some((200 | 201, answer)) = told {
            return answer;
        }
    }
    panic!("{path}: {told:?}");
}

/// One person after another stands in line, holds a seat and buys it.
fn keep_buying(client: &Client, name: usize, bought: &Sender<Value>) {
    for nth in 0..PURCHASES {
        let key = format!("buyer-number-{name}-{nth}");
        let enter = json!({ "event_id": "gala", "visitor": key });
        let place = insist(client, "/api/queue/enter", "", "", &enter);
        let pass = place["pass"].as_str().unwrap();
        let best = json!({ "best_available": { "quantity": 1 } });
        let hold = insist(client, "/api/events/gala/holds", pass, &key, &best);
        let buyer = json!({ "name": "Kim", "contact": "010" });
        let confirm = json!({ "hold_token": hold["hold_token"], "buyer": buyer });
        let reservations = "/api/events/gala/reservations";
        bought
            .send(insist(client, reservations, "", &key, &confirm))
            .unwrap();
    }
}

#[test]
fn an_operator_goes_on_at_an_instance_that_has_not_heard_of_the_event() {
    let (_data, cluster) = start_cluster();
    let [first, second] = cluster.cores.each_ref().map(asker);
    let event = json!({
        "event_id": "gala", "name": "Gala", "venue": "Hall", "starts_at": "2030-01-01T10:00:00Z", "currency": "KRW"
    });
    cut_the_news(&cluster);
    first.operate("POST", "/events", &event).json(201);
    let csv = "section,row,seats,category,price\nStalls,A,1-4,R,1000\n";
    second.import_csv("gala", csv).json(200);
}

#[test]
fn a_buyer_finds_an_event_at_an_instance_that_has_not_heard_of_its_opening() {
    let (_data, cluster) = start_cluster();
    let [first, second] = cluster.cores.each_ref().map(asker);
    let queue = asker(&cluster.queues[1]);
    let event = json!({
        "event_id": "gala", "name": "Gala", "venue": "Hall", "starts_at": "2030-01-01T10:00:00Z", "currency": "KRW"
    });
    first.operate("POST", "/events", &event).json(201);
    let csv = "section,row,seats,category,price\nStalls,A,1-4,R,1000\n";
    first.import_csv("gala", csv).json(200);
    cut_the_news(&cluster);
    let open = first.operate("POST", "/events/gala/open", &Value::Null);
    open.json(200);
    second.get("/api/events/gala", "").json(200);
    let enter = json!({ "event_id": "gala" });
    queue.post("/api/queue/enter", "", &enter).json(201);
    second
        .get("/api/events/none", "")
        .refused(404, "event_not_found");
}

#[test]
fn an_instance_that_stops_tells_the_others_who_asked_last() {
    let (_data, mut cluster) = start_cluster();
    let settings = json!({ "queue": { "capacity": 1 } });
    Asker::at(&cluster.url).put_on_sale(&settings, "Stalls,A,1-4,R,1000");
    let [first, second] = cluster.queues.each_ref().map(asker);
    let event = json!({ "event_id": "gala" });
    second.post("/api/queue/enter", "", &event).json(201);
    let place = second.post("/api/queue/enter", "", &event).json(201);
    assert_eq!(place["position"], 1);
    let ticket = place["ticket"].as_str().unwrap();
    first
        .get("/api/queue/status?event_id=gala", ticket)
        .json(200);
    assert!(cluster.queues[0].stop());
    let log = cluster.redis.command(&["XRANGE", "{jari}:log", "-", "+"]);
    let entries = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let told: BTreeSet<String> = entries
        .filter(|entry: &Value| {
            let present = entry["present"][0][1].as_array();
            present.is_some_and(|present| present.iter().any(|one| one[0] == 2))
        })
        .map(|entry| entry["by"].to_string())
        .collect();
    assert_eq!(
        told.len(),
        2,
        "the one that was entered at, and the one that was asked: {told:?}"
    );
}

#[test]
fn the_door_goes_on_when_the_instance_that_it_asks_is_killed() {
    let (_data, mut cluster) = start_cluster();
    on_sale(&cluster);
    let staff = Asker::at(&cluster.url);
    let body = json!({ "event_ids": ["gala"], "name": "North gate" });
    let key = staff.operate("POST", "/staff-keys", &body).json(201);
    let key = key["key"].as_str().unwrap();
    staff.get("/staff/session", key).json(200);
    cluster.cores[0].kill();
    // What was on its way over a connection to the dead one may fail; whoever asks again is answered.
    staff.get("/staff/session", key);
    staff.get("/staff/session", key).json(200);
}

#[test]
fn a_sale_goes_on_when_redis_loses_everything_and_when_an_instance_is_killed() {
    let (_data, mut cluster) = start_cluster();
    on_sale(&cluster);
    let (sender, receiver) = channel();
    for name in 0..BUYERS {
        let (client, sender) = (Client::at(&cluster.url), sender.clone());
        std::thread::spawn(move || keep_buying(&client, name, &sender));
    }
    drop(sender);
    let mut bought = Vec::new();
    for reservation in receiver {
        bought.push(reservation);
        match bought.len() {
            20 | 40 => drop(cluster.redis.command(&["FLUSHALL"])),
            60 => cluster.cores[1].kill(),
            80 => cluster.queues[1].kill(),
            _ => {}
        }
    }
    assert_eq!(bought.len(), BUYERS * PURCHASES, "a buyer has given up");
    let all = |field: &str| -> BTreeSet<String> {
        bought.iter().map(|one| one[field].to_string()).collect()
    };
    for field in ["seats", "code", "reservation_id"] {
        assert_eq!(all(field).len(), bought.len(), "two have the same {field}");
    }
    let core = asker(&cluster.cores[0]);
    for reservation in &bought {
        let id = reservation["reservation_id"].as_str().unwrap();
        let receipt = reservation["receipt_token"].as_str().unwrap();
        let kept = core.get(&format!("/api/reservations/{id}"), receipt);
        assert_eq!(kept.json(200)["code"], reservation["code"]);
    }
    let seats = core.get(AVAILABILITY, "").json(200);
    assert_eq!(
        (&seats["sold"], &seats["held"]),
        (&json!(bought.len()), &json!(0))
    );
    sound(&cluster);
}
