//! Asking a server anything, and reading all of the answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::{HeaderMap, Request};

use crate::server::OPERATOR_KEY;

/// Somebody who asks.
pub struct Asker {
    agent: ureq::Agent,
    url: String,
    /// The internal addresses of all instances that know all that has happened before anything is asked.
    instances: Vec<String>,
}

/// A whole answer.
#[derive(Debug)]
pub struct Told {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Told {
    /// The answer as JSON, which must have this status.
    pub fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The answer as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The problem, which must be this one in every respect.
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let problem = self.json(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("/problems/{code}"));
        assert!(problem["title"].is_string() && problem["detail"].is_string());
        problem
    }
}

impl Asker {
    /// Somebody who asks at this URL.
    pub fn at(url: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self {
            agent: agent.into(),
            url: url.to_owned(),
            instances: Vec::new(),
        }
    }

    /// Somebody who asks at this URL of many instances. What one of them has answered another shows a moment later, and
    /// tests ask at once: so each instance catches up first, as it does to say that it is ready.
    pub fn of_many(url: &str, instances: Vec<String>) -> Self {
        Self {
            instances,
            ..Self::at(url)
        }
    }

    /// Asks with a token (none if empty), headers, and a body.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Told {
        let mut response = self.send(method, path, token, headers, body);
        Told {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.body_mut().read_to_vec().unwrap(),
        }
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> ureq::http::Response<ureq::Body> {
        for instance in &self.instances {
            let ready = self.agent.get(format!("http://{instance}/readyz")).call();
            assert_eq!(ready.unwrap().status(), 200, "{instance}");
        }
        let uri = format!("{}{path}", self.url);
        let mut request = Request::builder().method(method).uri(uri);
        if !token.is_empty() {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_empty() {
            self.agent.run(request.body(()).unwrap()).unwrap()
        } else {
            self.agent.run(request.body(body).unwrap()).unwrap()
        }
    }

    /// Asks over a connection of its own, and gives the head of the answer as it came: nothing is decoded.
    pub fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> String {
        let address = self.url.trim_start_matches("http://");
        let mut connection = TcpStream::connect(address).unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
        connection.write_all(head.as_bytes()).unwrap();
        for (name, value) in headers {
            write!(connection, "{name}: {value}\r\n").unwrap();
        }
        connection.write_all(b"\r\n").unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer);
        answer
            .split("\r\n\r\n")
            .next()
            .unwrap_or_default()
            .to_owned()
    }

    pub fn get(&self, path: &str, token: &str) -> Told {
        self.ask("GET", path, token, &[], b"")
    }

    pub fn post(&self, path: &str, token: &str, body: &Value) -> Told {
        self.with_json("POST", path, token, &[], body)
    }

    pub fn delete(&self, path: &str, token: &str) -> Told {
        self.ask("DELETE", path, token, &[], b"")
    }

    /// Asks with a body in JSON; null is no body.
    pub fn with_json(
        &self,
        method: &str,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Told {
        if body.is_null() {
            return self.ask(method, path, token, headers, b"");
        }
        let mut all = vec![("Content-Type", "application/json")];
        all.extend(headers);
        self.ask(method, path, token, &all, body.to_string().as_bytes())
    }

    /// What an operator asks under `/api/admin`.
    pub fn operate(&self, method: &str, path: &str, body: &Value) -> Told {
        let path = format!("/api/admin{path}");
        self.with_json(method, &path, OPERATOR_KEY, &[], body)
    }

    /// Imports a map of rows.
    pub fn import_csv(&self, event: &str, csv: &str) -> Told {
        let path = format!("/api/admin/events/{event}/map");
        let headers = [("Content-Type", "text/csv")];
        self.ask("PUT", &path, OPERATOR_KEY, &headers, csv.as_bytes())
    }

    /// Puts the event `gala` on sale with these settings, besides those that there must be, in a hall of these rows.
    pub fn put_on_sale(&self, settings: &Value, rows: &str) {
        let mut event = json!({
            "event_id": "gala", "name": "Gala", "venue": "Hall", "starts_at": "2030-01-01T10:00:00Z", "currency": "KRW"
        });
        for (name, value) in settings.as_object().into_iter().flatten() {
            event[name] = value.clone();
        }
        self.operate("POST", "/events", &event).json(201);
        let csv = format!("section,row,seats,category,price\n{rows}\n");
        self.import_csv("gala", &csv).json(200);
        let opened = self.operate("POST", "/events/gala/open", &Value::Null);
        opened.json(200);
    }

    /// Follows a stream.
    pub fn stream(&self, path: &str, token: &str) -> Stream {
        let response = self.send("GET", path, token, &[], b"");
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let reader = response.into_body().into_reader();
        Stream(Box::new(BufReader::new(reader)))
    }
}

/// The head and the body of the next request that comes here, which is answered as well received.
pub fn next_request(listener: &TcpListener) -> (String, Vec<u8>) {
    let (stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    // An empty line has two characters of its own.
    while reader.read_line(&mut head).unwrap() > 2 {}
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_it = name.eq_ignore_ascii_case("content-length");
        is_it.then(|| value.trim().parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    reader.get_mut().write_all(answer).unwrap();
    (head, body)
}

/// A stream of events, read as they come.
pub struct Stream(Box<dyn BufRead>);

impl Stream {
    /// The next event: its name, id and data.
    pub fn next(&mut self) -> (String, String, Value) {
        let (mut name, mut id, mut data) = (String::new(), String::new(), None);
        loop {
            let mut line = String::new();
            let read = self.0.read_line(&mut line).unwrap();
            assert!(read > 0, "the stream has ended");
            match line.trim_end().split_once(':') {
                Some(("event", text)) => text.trim().clone_into(&mut name),
                Some(("id", text)) => text.trim().clone_into(&mut id),
                Some(("data", text)) => data = Some(serde_json::from_str(text.trim()).unwrap()),
                Some(_) => {}
                None => {
                    if let Some(data) = data.take() {
                        return (name, id, data);
                    }
                }
            }
        }
    }
}
