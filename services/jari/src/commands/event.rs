//! `jari event …`

use std::process::ExitCode;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Operator, encoded, map};
use crate::cli::{Create, EventCommand, Named, OperatorArgs};
use crate::output::{grouped, say, say_json, table};

/// Events on one page of a list.
const PAGE: usize = 1000;

/// Does what was said.
pub fn run(command: EventCommand) -> anyhow::Result<ExitCode> {
    match command {
        EventCommand::Create(create) => run_create(&create),
        EventCommand::Open(named) => act(&named, "open", None),
        EventCommand::Pause { named, message } => {
            let body = message.map(|message| json!({ "message": message }));
            act(&named, "pause", body.as_ref())
        }
        EventCommand::Price {
            event_id,
            prices,
            operator,
        } => price(&Operator::new(&operator)?, &event_id, prices),
        EventCommand::Resume(named) => act(&named, "resume", None),
        EventCommand::Close(named) => act(&named, "close", None),
        EventCommand::List(args) => list(&args),
    }
}

/// An event, as far as the tool shows it.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "event_id")]
    id: String,
    name: String,
    state: String,
    starts_at: String,
    seats_total: u64,
    seats_left: u64,
}

fn run_create(create: &Create) -> anyhow::Result<ExitCode> {
    let operator = Operator::new(&create.operator)?;
    // A map that can't be used is told before anything is made.
    let map = match create.map_file() {
        Some(file) => match map::read_usable(&file)? {
            Some(map) => Some(map),
            None => return Ok(ExitCode::FAILURE),
        },
        None => None,
    };
    let id = create.event.id();
    let mut event: Value = operator
        .post("/api/admin/events")
        .json(&form(create))
        .send()?
        .json()?;
    if let Some(map) = map {
        let made = format!("the draft {id} was made, but has no seat map yet");
        map::put(&operator, id, map).context(made)?;
        event = operator
            .get(format!("/api/admin/events/{}", encoded(id)))
            .send()?
            .json()?;
    }
    if create.open {
        let made = format!("the draft {id} was made, but is not on sale yet");
        let path = format!("/api/admin/events/{}/open", encoded(id));
        event = operator.post(path).send().context(made)?.json()?;
    }
    show(&operator, &event)
}

/// The body that makes an event: what was not said is left to the server.
fn form(create: &Create) -> Value {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            body.insert(name.to_owned(), value);
        }
    };
    put("event_id", json!(create.event.id()));
    put("name", json!(create.name));
    put("venue", json!(create.venue));
    put("description", json!(create.description));
    put("starts_at", json!(create.starts_at));
    put("time_zone", json!(create.time_zone));
    put("sale_opens_at", json!(create.sale_opens_at));
    put("sale_closes_at", json!(create.sale_closes_at));
    put("currency", json!(create.currency));
    put("hold_seconds", json!(create.hold_seconds));
    put("max_seats_per_buyer", json!(create.max_seats_per_buyer));
    put("code_digits", json!(create.code_digits));
    let prices = create.prices.iter();
    let prices: Map<_, _> = prices
        .map(|(name, minor)| (name.clone(), json!(minor)))
        .collect();
    put("prices", json!(prices));
    let queue = [
        ("capacity", create.capacity),
        ("pass_seconds", create.pass_seconds),
        ("max_admitted_per_second", create.max_admitted_per_second),
    ];
    let queue = queue
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), json!(value?))));
    put("queue", Value::Object(queue.collect()));
    Value::Object(body)
}

fn act(named: &Named, verb: &str, body: Option<&Value>) -> anyhow::Result<ExitCode> {
    let operator = Operator::new(&named.operator)?;
    let path = format!("/api/admin/events/{}/{verb}", encoded(named.event.id()));
    let call = operator.post(path);
    let call = match body {
        Some(body) => call.json(body),
        None => call,
    };
    show(&operator, &call.send()?.json()?)
}

/// Adds to the prices there are: the server takes all of them at once.
fn price(
    operator: &Operator,
    event_id: &str,
    prices: Vec<(String, i64)>,
) -> anyhow::Result<ExitCode> {
    let path = format!("/api/admin/events/{}", encoded(event_id));
    let event: Value = operator.get(path.as_str()).send()?.json()?;
    let mut all = event["prices"].as_object().cloned().unwrap_or_default();
    all.extend(prices.into_iter().map(|(name, minor)| (name, json!(minor))));
    let change = json!({ "prices": all });
    show(
        operator,
        &operator.patch(path).json(&change).send()?.json()?,
    )
}

fn show(operator: &Operator, event: &Value) -> anyhow::Result<ExitCode> {
    if operator.json {
        say_json(event);
        return Ok(ExitCode::SUCCESS);
    }
    let event = Event::deserialize(event).context("the server describes the event strangely")?;
    let next = match event.state.as_str() {
        "draft" if event.seats_total == 0 => "  (next: jari map import)",
        "draft" => "  (next: jari event open)",
        _ => "",
    };
    let state = match event.state.as_str() {
        "draft" => "a draft".to_owned(),
        state => state.replace('_', " "),
    };
    say(format!(
        "{} is {state}: {} of {} seats are free{next}",
        event.id,
        grouped(event.seats_left),
        grouped(event.seats_total)
    ));
    Ok(ExitCode::SUCCESS)
}

#[derive(Deserialize, Serialize)]
struct Page {
    items: Vec<Value>,
    next_cursor: Option<String>,
}

fn list(args: &OperatorArgs) -> anyhow::Result<ExitCode> {
    let operator = Operator::new(args)?;
    let items = all(&operator, "/api/admin/events")?;
    if operator.json {
        say_json(&json!({ "items": items }));
        return Ok(ExitCode::SUCCESS);
    }
    if items.is_empty() {
        say("There are no events yet: `jari event create` makes one.");
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Result<Vec<_>, _> = items.into_iter().map(Event::deserialize).collect();
    let rows = rows.context("the server describes its events strangely")?;
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    say(table(
        ["EVENT", "STATE", "FREE", "SEATS", "STARTS", "NAME"],
        &rows,
    ));
    Ok(ExitCode::SUCCESS)
}

fn row(event: Event) -> [String; 6] {
    [
        event.id,
        event.state,
        grouped(event.seats_left),
        grouped(event.seats_total),
        event.starts_at,
        event.name,
    ]
}

/// Every item of a list, page by page.
pub(super) fn all(operator: &Operator, path: &str) -> anyhow::Result<Vec<Value>> {
    let mut items = Vec::new();
    let mut cursor = None::<String>;
    loop {
        let from = cursor.map(|cursor| format!("&cursor={}", encoded(&cursor)));
        let path = format!("{path}?limit={PAGE}{}", from.unwrap_or_default());
        let page: Page = operator.get(path).send()?.json()?;
        let is_last = page.items.is_empty();
        items.extend(page.items);
        cursor = page.next_cursor.filter(|_| !is_last);
        if cursor.is_none() {
            return Ok(items);
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};

    fn form_of(words: &str) -> Value {
        let words = words.split_whitespace();
        let cli = Cli::try_parse_from(["jari", "event", "create"].into_iter().chain(words));
        let Command::Event(EventCommand::Create(create)) = cli.unwrap().command else {
            panic!("another command");
        };
        form(&create)
    }

    #[test]
    fn what_is_not_said_is_left_to_the_server() {
        let form = form_of("gala --name Gala --venue Hall --starts-at soon --currency KRW");
        let wanted = json!({ "event_id": "gala", "name": "Gala", "venue": "Hall", "starts_at": "soon",
            "currency": "KRW", "prices": {}, "queue": {} });
        assert_eq!(form, wanted);
    }

    #[test]
    fn every_field_can_be_said() {
        let form = form_of(
            "--event gala --name Gala --venue Hall --starts-at a --currency KRW --description d --time-zone UTC \
             --sale-opens-at b --sale-closes-at c --hold-seconds 60 --max-seats-per-buyer 2 --code-digits 5 \
             --price A=1 --price B=2 --capacity 0 --pass-seconds 30 --max-admitted-per-second 7",
        );
        let wanted = json!({ "event_id": "gala", "name": "Gala", "venue": "Hall", "starts_at": "a",
            "currency": "KRW", "description": "d", "time_zone": "UTC", "sale_opens_at": "b", "sale_closes_at": "c",
            "hold_seconds": 60, "max_seats_per_buyer": 2, "code_digits": 5, "prices": { "A": 1, "B": 2 },
            "queue": { "capacity": 0, "pass_seconds": 30, "max_admitted_per_second": 7 } });
        assert_eq!(form, wanted);
    }
}
