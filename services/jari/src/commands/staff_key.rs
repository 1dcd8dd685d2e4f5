//! `jari staff-key …`

use std::process::ExitCode;

use serde_json::{Value, json};

use super::{Operator, encoded, event};
use crate::cli::StaffKeyCommand;
use crate::output::{say, say_json, table};

/// Does what was said.
pub fn run(command: StaffKeyCommand) -> anyhow::Result<ExitCode> {
    match command {
        StaffKeyCommand::Add {
            name,
            events,
            operator,
        } => add(&Operator::new(&operator)?, &name, &events)?,
        StaffKeyCommand::List(operator) => list(&Operator::new(&operator)?)?,
        StaffKeyCommand::Remove { id, operator } => {
            let operator = Operator::new(&operator)?;
            let path = format!("/api/admin/staff-keys/{}", encoded(&id));
            operator.delete(path).send()?;
            if operator.json {
                say_json(&json!({ "id": id, "removed": true }));
            } else {
                say(format!("The key {id} opens nothing any more."));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn add(operator: &Operator, name: &str, events: &[String]) -> anyhow::Result<()> {
    let body = json!({ "name": name, "event_ids": events });
    let made: Value = operator
        .post("/api/admin/staff-keys")
        .json(&body)
        .send()?
        .json()?;
    if operator.json {
        say_json(&made);
        return Ok(());
    }
    let text = |field: &str| made[field].as_str().unwrap_or_default().to_owned();
    say(text("key"));
    say(format!(
        "\nThis is the key of {name} for {}, shown this once. Its id is {}.",
        events.join(", "),
        text("id")
    ));
    Ok(())
}

fn list(operator: &Operator) -> anyhow::Result<()> {
    let keys = event::all(operator, "/api/admin/staff-keys")?;
    if operator.json {
        say_json(&json!({ "items": keys }));
        return Ok(());
    }
    if keys.is_empty() {
        say("There are no staff keys yet: `jari staff-key add` makes one.");
        return Ok(());
    }
    let row = |key: &Value| {
        let text = |field: &str| key[field].as_str().unwrap_or_default().to_owned();
        let events = key["event_ids"].as_array().into_iter().flatten();
        let events: Vec<_> = events.filter_map(Value::as_str).collect();
        [text("id"), text("name"), events.join(", ")]
    };
    let rows: Vec<_> = keys.iter().map(row).collect();
    say(table(["ID", "NAME", "EVENTS"], &rows));
    Ok(())
}
