//! What was answered is kept: the process is killed in the middle of a sale, again and again, and each time
//! everything that anybody was told is compared with what is there afterwards.

use std::path::Path;
use std::sync::mpsc::{Sender, channel};

use serde_json::{Value, json};

use crate::server::{Client, OPERATOR_KEY, Server, jari};

const KILLS: u64 = 50;
const BUYERS: u64 = 4;
const EVENT: &str = "/api/events/sale";

/// Something that somebody was told.
enum Told {
    Place(Value),
    Hold(Value),
    Released(Value),
    /// The reservation, and the body and key with which it was asked for.
    Bought(Value, Value, String),
    Cancelled(Value),
    Left(Value),
    /// A confirmation without an answer: its body and key.
    Unanswered(Value, String),
}

#[test]
fn what_was_answered_survives_being_killed_fifty_times() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let mut random = Random(20_261_123);
    let mut told = Vec::new();
    let (mut bought, mut ended, mut unanswered, mut checked) = (0, 0, 0, 0);
    for round in 0..KILLS {
        let server = Server::start(&data);
        if round == 0 {
            put_on_sale(&server.client());
        }
        checked += check(&server.client(), &told);
        told.clear();
        for news in sell_until_killed(server, round, &mut random) {
            bought += u32::from(matches!(news, Told::Bought(..)));
            ended += u32::from(matches!(news, Told::Cancelled(_) | Told::Left(_)));
            unanswered += u32::from(matches!(news, Told::Unanswered(..)));
            told.push(news);
        }
        audit(&data);
    }
    checked += check(&Server::start(&data).client(), &told);
    assert!(
        bought > 300 && ended > 50 && unanswered > 10 && checked > 1000,
        "{bought} {ended} {unanswered} {checked}"
    );
}

fn put_on_sale(client: &Client) {
    for (event, capacity) in [("sale", 100_000), ("line", 0)] {
        let body = json!({
            "event_id": event, "name": "Evening", "venue": "Hall", "starts_at": "2030-01-01T10:00:00Z",
            "currency": "KRW", "hold_seconds": 3600, "max_seats_per_buyer": 50,
            "queue": { "capacity": capacity, "max_admitted_per_second": 100_000 }
        });
        let path = format!("/api/admin/events/{event}");
        assert_eq!(
            client
                .post("/api/admin/events", OPERATOR_KEY, "", &body)
                .unwrap()
                .0,
            201
        );
        let rows: Vec<String> = (1..=300)
            .map(|row| format!("Floor,{row},1-30,R,1000"))
            .collect();
        let csv = format!(
            "section,row,seats,category,price
{}
",
            rows.join(
                "
"
            )
        );
        assert_eq!(client.put_csv(&format!("{path}/map"), &csv).unwrap().0, 200);
        assert_eq!(
            client
                .post(&format!("{path}/open"), OPERATOR_KEY, "", &Value::Null)
                .unwrap()
                .0,
            200
        );
    }
}

/// Buyers buy until the server is killed, which happens after a random number of answers, while others are
/// on their way.
fn sell_until_killed(server: Server, round: u64, random: &mut Random) -> Vec<Told> {
    let (sender, received) = channel();
    let buyers: Vec<_> = (0..BUYERS)
        .map(|buyer| {
            let (client, sender) = (server.client(), sender.clone());
            let random = Random(round * 1000 + buyer + 1);
            std::thread::spawn(move || buy_until_it_breaks(&client, &sender, random))
        })
        .collect();
    drop(sender);
    let answers = usize::try_from(20 + random.below(60)).unwrap();
    let mut told: Vec<Told> = received.iter().take(answers).collect();
    server.kill();
    for buyer in buyers {
        buyer.join().unwrap();
    }
    told.extend(received);
    told
}

/// Returns at the first connection that breaks.
fn buy_until_it_breaks(client: &Client, told: &Sender<Told>, mut random: Random) {
    let step = |client: &Client, random: &mut Random| -> Option<()> {
        let (_, place) = client.post("/api/queue/enter", "", "", &json!({ "event_id": "line" }))?;
        told.send(Told::Place(place)).ok();
        let (_, place) = client.post("/api/queue/enter", "", "", &json!({ "event_id": "sale" }))?;
        let pass = place["pass"]
            .as_str()
            .expect("there is room in the shop")
            .to_owned();
        if random.below(8) == 0 {
            let (ticket, body) = (place["ticket"].as_str()?, json!({ "event_id": "sale" }));
            let (status, _) = client.post("/api/queue/leave", ticket, "", &body)?;
            assert_eq!(status, 204);
            told.send(Told::Left(place)).ok();
            return Some(());
        }
        told.send(Told::Place(place)).ok();
        let wish = json!({ "best_available": { "quantity": 1 + random.below(3) } });
        let (status, hold) = client.post(&format!("{EVENT}/holds"), &pass, "", &wish)?;
        assert_eq!(status, 201, "{hold}");
        let token = hold["hold_token"].clone();
        match random.below(10) {
            0 => told.send(Told::Hold(hold)).ok()?,
            1 => {
                let path = format!("{EVENT}/holds/{}", hold["hold_id"].as_str()?);
                // What was not answered may or may not have happened: nothing is claimed of it.
                assert_eq!(client.delete(&path, token.as_str()?)?.0, 204);
                told.send(Told::Released(hold)).ok()?;
            }
            _ => {
                let body =
                    json!({ "hold_token": token, "buyer": { "name": "Kim", "contact": "010" } });
                let key = random.below(u64::MAX).to_string();
                let Some((status, bought)) =
                    client.post(&format!("{EVENT}/reservations"), "", &key, &body)
                else {
                    told.send(Told::Unanswered(body, key)).ok();
                    return None;
                };
                assert_eq!(status, 201, "{bought}");
                if random.below(8) > 0 {
                    told.send(Told::Bought(bought, body, key)).ok()?;
                    return Some(());
                }
                let path = format!("/api/reservations/{}", bought["reservation_id"].as_str()?);
                let receipt = bought["receipt_token"].as_str()?;
                assert_eq!(client.delete(&path, receipt)?.0, 204);
                told.send(Told::Cancelled(bought)).ok()?;
            }
        }
        Some(())
    };
    while step(client, &mut random).is_some() {}
}

/// Compares what was told with what is there; gives how much was compared.
fn check(client: &Client, told: &[Told]) -> usize {
    for news in told {
        match news {
            Told::Place(place) => check_place(client, place),
            Told::Hold(hold) => assert_eq!(look_at(client, hold)["state"], "held"),
            Told::Released(hold) => assert_eq!(look_at(client, hold)["state"], "released"),
            Told::Cancelled(bought) => {
                let id = bought["reservation_id"].as_str().unwrap();
                let receipt = bought["receipt_token"].as_str().unwrap();
                let (status, seen) = client
                    .get(&format!("/api/reservations/{id}"), receipt)
                    .unwrap();
                assert_eq!((status, &seen["state"]), (200, &json!("cancelled")));
                assert_eq!(seen["code"], bought["code"]);
            }
            Told::Left(place) => {
                let ticket = place["ticket"].as_str().unwrap();
                let seen = client.get("/api/queue/status?event_id=sale", ticket);
                assert_eq!(seen.unwrap().1["state"], "left");
            }
            Told::Bought(bought, body, key) => {
                let id = bought["reservation_id"].as_str().unwrap();
                let receipt = bought["receipt_token"].as_str().unwrap();
                let seen = client.get(&format!("/api/reservations/{id}"), receipt);
                assert_eq!(seen, Some((200, bought.clone())));
                let again = client.post(&format!("{EVENT}/reservations"), "", key, body);
                assert_eq!(
                    again,
                    Some((201, bought.clone())),
                    "the first answer is given again"
                );
            }
            Told::Unanswered(body, key) => {
                // It happened or it did not: asking again the same way ends in one reservation.
                let again = client
                    .post(&format!("{EVENT}/reservations"), "", key, body)
                    .unwrap();
                assert_eq!(again.0, 201, "{again:?}");
                assert_eq!(
                    client.post(&format!("{EVENT}/reservations"), "", key, body),
                    Some(again)
                );
            }
        }
    }
    told.len()
}

/// The same position, or the same pass until the same instant.
fn check_place(client: &Client, place: &Value) {
    let event = place["event_id"].as_str().unwrap();
    let path = format!("/api/queue/status?event_id={event}");
    let (status, seen) = client
        .get(&path, place["ticket"].as_str().unwrap())
        .unwrap();
    assert_eq!(status, 200, "{seen}");
    if event == "line" {
        assert_eq!(
            (&seen["state"], &seen["position"]),
            (&place["state"], &place["position"])
        );
    } else if seen["state"] != "done" {
        assert_eq!(
            (&seen["pass"], &seen["pass_expires_at"]),
            (&place["pass"], &place["pass_expires_at"])
        );
    }
}

fn look_at(client: &Client, hold: &Value) -> Value {
    let path = format!("{EVENT}/holds/{}", hold["hold_id"].as_str().unwrap());
    let (status, seen) = client
        .get(&path, hold["hold_token"].as_str().unwrap())
        .unwrap();
    assert_eq!(status, 200, "{seen}");
    assert_eq!(
        (&seen["expires_at"], &seen["seats"]),
        (&hold["expires_at"], &hold["seats"])
    );
    seen
}

/// Every promise holds over everything that is stored.
fn audit(data: &Path) {
    let output = jari().args(["audit", "--data"]).arg(data).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

/// `SplitMix64` (Steele, Lea, Flood, 2014): the same kills in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }
}
