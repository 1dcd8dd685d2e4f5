//! Standing in line.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;
use serde_json::json;

use super::super::encoded;
use super::retry::again;
use crate::http_client::{Answer, CallError, HttpClient};
use crate::output::grouped;

/// How often the bar shows that it is alive.
const TICK: Duration = Duration::from_millis(120);

/// A pass, and the place in line that it is of.
pub struct Pass {
    /// What holds seats.
    pub token: String,
    ticket: String,
}

#[derive(Deserialize)]
struct Place {
    state: String,
    ticket: String,
    position: Option<u64>,
    eta_seconds: Option<Eta>,
    poll_after_ms: u64,
    pass: Option<String>,
    message: Option<String>,
}

#[derive(Deserialize)]
struct Eta {
    p50: u64,
    p90: u64,
}

/// Waits until it is our turn, asking when the server wishes to be asked. Tells in words why not, if it will
/// not be.
pub fn wait(
    client: &HttpClient,
    event_id: &str,
    visitor: &str,
) -> Result<Result<Pass, String>, CallError> {
    let body = json!({ "event_id": event_id, "visitor": visitor });
    let mut place = read(&again(|| {
        client.post("/api/queue/enter").json(&body).send()
    })?)?;
    let bar = Bar::new();
    let path = format!("/api/queue/status?event_id={}", encoded(event_id));
    loop {
        if let Some(token) = place.pass.take() {
            let ticket = place.ticket;
            return Ok(Ok(Pass { token, ticket }));
        }
        if let Some(refusal) = over(&place) {
            leave_line(client, event_id, &place.ticket);
            return Ok(Err(refusal));
        }
        bar.show(&place);
        std::thread::sleep(Duration::from_millis(place.poll_after_ms));
        place = read(&again(|| {
            client.get(path.as_str()).bearer(&place.ticket).send()
        })?)?;
    }
}

/// Frees the place for the next one. Whether that worked makes no difference here: the pass ends by itself.
pub fn leave(client: &HttpClient, event_id: &str, pass: &Pass) {
    leave_line(client, event_id, &pass.ticket);
}

fn leave_line(client: &HttpClient, event_id: &str, ticket: &str) {
    let body = json!({ "event_id": event_id });
    let _ = client
        .post("/api/queue/leave")
        .bearer(ticket)
        .json(&body)
        .send();
}

fn read(answer: &Answer) -> Result<Place, CallError> {
    answer.json()
}

/// Why waiting on would be in vain; `None`: it is not.
fn over(place: &Place) -> Option<String> {
    let words = match place.state.as_str() {
        "waiting" | "admitted" | "not_open" | "paused" | "recovering" => return None,
        "sold_out" => "sold out",
        "closed" => "the sale is over",
        "expired" => "the time to choose seats ran out",
        "left" => "the place in line was given up",
        "done" => "the place in line was used to buy already",
        other => other,
    };
    let said = place
        .message
        .as_deref()
        .map(|message| format!(" ({message})"));
    Some(format!("{words}{}", said.unwrap_or_default()))
}

/// A bar that fills as the line moves. Where nobody sees bars, each new state is a line.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::no_length();
        let style = ProgressStyle::with_template("{spinner} {wide_bar} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(bar)
    }

    #[expect(clippy::print_stderr, reason = "where nobody sees bars, words do")]
    fn show(&self, place: &Place) {
        let words = words(place);
        if self.0.is_hidden() && self.0.message() != words {
            eprintln!("{words}");
        }
        self.0.set_message(words);
        let position = place.position.unwrap_or_default();
        let whole = self.0.length().unwrap_or_default().max(position);
        self.0.set_length(whole);
        self.0.set_position(whole - position);
        self.0.enable_steady_tick(TICK);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn words(place: &Place) -> String {
    let state = match place.state.as_str() {
        "not_open" => "the sale has not opened yet, ",
        "paused" => "the sale is paused, ",
        "recovering" => "the line is being rebuilt, ",
        _ => "",
    };
    let position = place.position.map(grouped).unwrap_or_default();
    let eta = place.eta_seconds.as_ref().map(|eta| {
        format!(
            ", about {} (nine times in ten under {})",
            span(eta.p50),
            span(eta.p90)
        )
    });
    let message = place
        .message
        .as_deref()
        .map(|message| format!(" — {message}"));
    format!(
        "{state}position {position}{}{}",
        eta.unwrap_or_default(),
        message.unwrap_or_default()
    )
}

fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(state: &str) -> Place {
        Place {
            state: state.to_owned(),
            ticket: String::new(),
            position: Some(1204),
            eta_seconds: Some(Eta { p50: 45, p90: 140 }),
            poll_after_ms: 0,
            pass: None,
            message: Some("Soon!".to_owned()),
        }
    }

    #[test]
    fn one_who_waits_reads_position_and_wait() {
        assert_eq!(
            words(&place("waiting")),
            "position 1,204, about 45 s (nine times in ten under 3 min) — Soon!"
        );
        assert_eq!(span(7_260), "2 h 1 min");
    }

    #[test]
    fn what_may_still_become_a_pass_is_waited_for_and_what_may_not_is_told() {
        for state in ["waiting", "admitted", "not_open", "paused", "recovering"] {
            assert_eq!(over(&place(state)), None, "{state}");
        }
        assert_eq!(
            over(&place("sold_out")).as_deref(),
            Some("sold out (Soon!)")
        );
        for state in ["closed", "expired", "left", "done"] {
            assert!(over(&place(state)).is_some(), "{state}");
        }
    }
}
