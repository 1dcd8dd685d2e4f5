//! Asking over HTTP as somebody does who does not wait for ever.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// Somebody who is there lets others in sooner.
const CONNECT_PATIENCE: Duration = Duration::from_secs(3);
/// Whoever has heard nothing for so long asks again.
const PATIENCE: Duration = Duration::from_secs(8);

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body, if that is JSON.
    pub body: Value,
}

/// Asks this address by `GET`; nothing if there is no answer.
pub fn get(address: &str, path: &str, token: &str) -> Option<Answer> {
    ask(address, "GET", path, token, "", &Value::Null)
}

/// Tells this address by `POST`, with a token and a key of the request if they are not empty; nothing if there is no answer.
pub fn post(address: &str, path: &str, token: &str, key: &str, body: &Value) -> Option<Answer> {
    ask(address, "POST", path, token, key, body)
}

fn ask(
    address: &str,
    method: &str,
    path: &str,
    token: &str,
    key: &str,
    body: &Value,
) -> Option<Answer> {
    let socket = address.parse().ok()?;
    let mut connection = TcpStream::connect_timeout(&socket, CONNECT_PATIENCE).ok()?;
    connection.set_read_timeout(Some(PATIENCE)).ok()?;
    // Of this version an answer comes in one piece.
    let mut request = format!("{method} {path} HTTP/1.0\r\nHost: {address}\r\n");
    for (name, value) in [
        ("Authorization: Bearer ", token),
        ("Idempotency-Key: ", key),
    ] {
        if !value.is_empty() {
            let _ = write!(request, "{name}{value}\r\n");
        }
    }
    let body = match body {
        Value::Null => String::new(),
        Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => body.to_string(),
    };
    if !body.is_empty() {
        let length = body.len();
        let headers = "Content-Type: application/json\r\nContent-Length:";
        let _ = write!(request, "{headers} {length}\r\n");
    }
    write!(connection, "{request}\r\n{body}").ok()?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).ok()?;
    parse(&String::from_utf8_lossy(&answer))
}

/// Reads a whole answer; nothing if a part of it is missing.
fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.parse::<usize>().ok())?
    });
    if length.is_some_and(|length| length != body.len()) {
        return None;
    }
    let body = serde_json::from_str(body).unwrap_or_default();
    Some(Answer { status, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_breaks_off_is_none() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
        let whole = parse(&format!("{head}{{\"a\": 1}}\n")).unwrap();
        assert_eq!((whole.status, &whole.body["a"]), (200, &Value::from(1)));
        assert!(parse(&format!("{head}{{\"a\":")).is_none());
        assert!(parse("HTTP/1.1 200 OK\r\nContent-Le").is_none());
    }
}
