//! People who buy, whatever happens: they stand in line, hold a seat and buy it, and ask again what was not answered.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::asking::{self, Answer};

/// The event that is on sale.
pub const EVENT: &str = "gala";
/// How many people buy at the same time.
const AT_ONCE: usize = 4;
/// Whoever was not answered asks again so often before giving up: for minutes, which no loss here takes.
const TRIES: u32 = 1_200;
/// Whoever was not answered waits for a moment first.
const AGAIN_AFTER: Duration = Duration::from_millis(100);

/// What is heard of buyers.
#[derive(Debug)]
pub enum News {
    /// Somebody was told of their reservation.
    Bought(Value),
    /// Somebody was not answered, or told to ask again.
    Failed,
    /// Somebody was refused what nobody may be refused, or has given up.
    Lost(String),
}

/// What buyers went through.
#[derive(Debug, Default)]
pub struct Sold {
    /// Every reservation that was answered.
    pub reservations: Vec<Value>,
    /// Requests that had to be repeated.
    pub failed: usize,
    /// The longest time in which nobody bought anything.
    pub longest_silence: Duration,
}

/// Lets `purchases` be made at the gateway at this address, by people whom `crowd` tells from all others. Whatever is heard of
/// them is told to `hear`, with what was sold before it.
pub fn sell(
    gateway: &str,
    crowd: &str,
    purchases: usize,
    mut hear: impl FnMut(&News, &Sold) -> Result<(), String>,
) -> Result<Sold, String> {
    // Nobody goes on before what they tell is heard: what is done about it is done while there are more to come.
    let (sender, receiver) = sync_channel(0);
    for name in 0..AT_ONCE {
        let (gateway, sender) = (gateway.to_owned(), sender.clone());
        let people = (name..purchases).step_by(AT_ONCE);
        let people: Vec<String> = people
            .map(|nth| format!("a-buyer-of-{crowd}-{nth:04}"))
            .collect();
        std::thread::spawn(move || {
            for person in people {
                buy(&gateway, &person, &sender);
            }
        });
    }
    drop(sender);
    let mut sold = Sold::default();
    let mut last = now();
    for news in receiver {
        hear(&news, &sold)?;
        match news {
            News::Bought(reservation) => {
                sold.longest_silence = sold.longest_silence.max(last.elapsed());
                last = now();
                sold.reservations.push(reservation);
            }
            News::Failed => sold.failed += 1,
            News::Lost(what) => return Err(what),
        }
    }
    Ok(sold)
}

/// One person buys one seat.
fn buy(gateway: &str, person: &str, news: &SyncSender<News>) {
    let told = || -> Result<Value, String> {
        let enter = json!({ "event_id": EVENT, "visitor": person });
        let place = insist(gateway, "/api/queue/enter", "", "", &enter, news)?;
        let pass = place["pass"].as_str().unwrap_or_default();
        let best = json!({ "best_available": { "quantity": 1 } });
        let holds = format!("/api/events/{EVENT}/holds");
        let hold = insist(gateway, &holds, pass, person, &best, news)?;
        let buyer = json!({ "name": "Kim", "contact": "010" });
        let confirm = json!({ "hold_token": hold["hold_token"], "buyer": buyer });
        let reservations = format!("/api/events/{EVENT}/reservations");
        insist(gateway, &reservations, "", person, &confirm, news)
    };
    // Who no longer listens has seen enough.
    let _ = news.send(match told() {
        Ok(reservation) => News::Bought(reservation),
        Err(what) => News::Lost(format!("{person}: {what}")),
    });
}

/// Asks the same until it is done.
fn insist(
    gateway: &str,
    path: &str,
    token: &str,
    key: &str,
    body: &Value,
    news: &SyncSender<News>,
) -> Result<Value, String> {
    let mut told = None;
    for _ in 0..TRIES {
        told = asking::post(gateway, path, token, key, body);
        match told {
            Some(Answer {
                status: 200 | 201,
                body,
            }) => return Ok(body),
            Some(Answer { status, body }) if status < 500 => {
                return Err(format!("{path}: {status}: {body}"));
            }
            _ => {}
        }
        let _ = news.send(News::Failed);
        std::thread::sleep(AGAIN_AFTER);
    }
    Err(format!("{path}: given up at {told:?}"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long people wait is measured here"
)]
fn now() -> Instant {
    Instant::now()
}
