//! `jari buy`: the whole way of a buyer.

use std::process::ExitCode;

use jari_contract::money;
use jari_domain::id::ReservationId;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use service_kit::{Entropy, SystemEntropy};

use super::encoded;
use crate::cli::BuyArgs;
use crate::http_client::{CallError, HttpClient};
use crate::output::{counted, say, say_json};
use line::Pass;

mod digits;
mod line;
mod retry;
mod ticket;

use retry::again;

/// Goes the whole way, and says in words where it ended if it did not end with a ticket.
pub fn run(args: &BuyArgs) -> anyhow::Result<ExitCode> {
    let client = HttpClient::new(&args.server.url);
    ticket::check_writable(&args.out)?;
    let event: Event = again(|| {
        client
            .get(format!("/api/events/{}", encoded(&args.event)))
            .send()
    })?
    .json()?;
    let pass = match line::wait(&client, &args.event, &secret())? {
        Ok(pass) => pass,
        Err(refusal) => return Ok(refuse(&format!("{}: {refusal}", event.name))),
    };
    let hold = match hold(&client, args, &pass) {
        Ok(hold) => hold,
        Err(error) => {
            line::leave(&client, &args.event, &pass);
            return match in_words(args, &error) {
                Some(words) => Ok(refuse(&words)),
                None => Err(error.into()),
            };
        }
    };
    let reservation = confirm(&client, args, &hold)?;
    finish(&client, args, &event, &reservation)
}

#[derive(Deserialize)]
struct Event {
    name: String,
    venue: String,
}

/// A hold, as far as it is needed to confirm it.
#[derive(Deserialize)]
struct Hold {
    #[serde(rename = "hold_token")]
    token: String,
}

/// A reservation, as far as it is shown.
#[derive(Deserialize)]
struct Reservation {
    #[serde(rename = "reservation_id")]
    id: ReservationId,
    code: String,
    seats: Vec<Seat>,
    total: i64,
    currency: String,
    receipt_token: String,
}

#[derive(Deserialize)]
struct Seat {
    section: String,
    row: String,
    number: String,
    category: String,
    price: i64,
}

fn hold(client: &HttpClient, args: &BuyArgs, pass: &Pass) -> Result<Hold, CallError> {
    let mut wanted = Map::new();
    wanted.insert("quantity".to_owned(), json!(args.quantity));
    for (name, value) in [("category", &args.category), ("section", &args.section)] {
        if let Some(value) = value {
            wanted.insert(name.to_owned(), json!(value));
        }
    }
    if args.accessible {
        wanted.insert("accessible".to_owned(), json!(true));
    }
    let body = json!({ "best_available": wanted });
    let (path, key) = (
        format!("/api/events/{}/holds", encoded(&args.event)),
        secret(),
    );
    let send = || {
        let call = client.post(path.as_str()).bearer(&pass.token);
        call.idempotency_key(&key).json(&body).send()
    };
    again(send)?.json()
}

/// The same key every time: however often it is sent, it buys once.
fn confirm(client: &HttpClient, args: &BuyArgs, hold: &Hold) -> Result<Value, CallError> {
    let body = json!({ "hold_token": hold.token,
        "buyer": { "name": args.name, "contact": args.contact } });
    let path = format!("/api/events/{}/reservations", encoded(&args.event));
    let key = secret();
    let send = || {
        client
            .post(path.as_str())
            .idempotency_key(&key)
            .json(&body)
            .send()
    };
    again(send)?.json()
}

/// What a refused hold means for whoever wants to buy; `None`: it is no word about seats.
fn in_words(args: &BuyArgs, error: &CallError) -> Option<String> {
    let CallError::Refused(refusal) = error else {
        return None;
    };
    let seats = counted(args.quantity as usize, "seat");
    let among = [("category", &args.category), ("section", &args.section)];
    let among = among
        .into_iter()
        .filter_map(|(word, name)| Some(format!(" in {word} {}", name.as_ref()?)));
    let among: String = among.collect();
    match refusal.code.as_str() {
        "no_adjacent_seats" if args.quantity == 1 => Some(format!(
            "There is no seat{among} any more. Ask for another."
        )),
        "no_adjacent_seats" => Some(format!(
            "There are no {seats} together{among} any more. Ask for fewer, or for others."
        )),
        "limit_exceeded" => Some(format!(
            "{seats} would be more than one buyer may have here: at most {}.",
            refusal.problem["limit"]
        )),
        "sale_not_open" => Some("The sale has not opened yet.".to_owned()),
        "sale_paused" => Some("The sale is paused: try again later.".to_owned()),
        "sale_closed" => Some("The sale is over.".to_owned()),
        "pass_expired" => Some("The time to choose seats ran out: try again.".to_owned()),
        _ => None,
    }
}

#[expect(
    clippy::print_stderr,
    reason = "this is where a person reads what went wrong"
)]
fn refuse(words: &str) -> ExitCode {
    eprintln!("jari: {words}");
    ExitCode::FAILURE
}

/// From here on it is bought: the code is shown before anything else can go wrong.
fn finish(
    client: &HttpClient,
    args: &BuyArgs,
    event: &Event,
    bought: &Value,
) -> anyhow::Result<ExitCode> {
    let reservation = Reservation::deserialize(bought)?;
    if !args.json {
        say_bought(event, &reservation);
    }
    let written = ticket::write(client, &args.out, &reservation, bought);
    if args.json {
        let mut told = bought.clone();
        told["files"] = json!(written.as_ref().map_or(&[][..], Vec::as_slice));
        say_json(&told);
    }
    let files = written.map_err(|error| {
        error.context(format!(
            "the seats are bought under code {}, but the ticket could not be written",
            reservation.code
        ))
    })?;
    if !args.json {
        for file in files {
            say(format!("  {}", file.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn say_bought(event: &Event, reservation: &Reservation) {
    say(format!("\n{}, {}\n", event.name, event.venue));
    say(digits::large(&reservation.code));
    for seat in &reservation.seats {
        say(format!(
            "  {}, row {}, seat {}  ({}, {})",
            seat.section,
            seat.row,
            seat.number,
            seat.category,
            money(seat.price, &reservation.currency)
        ));
    }
    say(format!(
        "  {} for {}\n",
        counted(reservation.seats.len(), "seat"),
        money(reservation.total, &reservation.currency)
    ));
}

/// 128 random bits and more, as text.
fn secret() -> String {
    let bytes = SystemEntropy.bytes();
    bytes
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_and_never_the_same() {
        let (one, other) = (secret(), secret());
        assert_eq!(one.len(), 64);
        assert_ne!(one, other);
    }
}
