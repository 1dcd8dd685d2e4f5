//! Starts the program and talks to it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use gateway::{Configuration, Gateway};
use serde_json::Value;
use tempfile::TempDir;

/// The operator key of every server here.
pub const OPERATOR_KEY: &str = "the operator key of a test";

/// The program under test.
pub fn jari() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jari"));
    command
        .env("JARI_OPERATOR_KEY", OPERATOR_KEY)
        .env("RUST_LOG", "off");
    command
}

/// How a server is asked.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    Straight,
    ThroughTheGateway,
}

/// A server on a free port.
pub struct Server {
    process: Child,
    gateway: Option<(Gateway, TempDir)>,
    /// Where everybody comes in.
    pub url: String,
    /// Where health and metrics are asked for.
    pub internal_url: String,
}

impl Server {
    /// Starts on this data directory, and returns once it says that it is open.
    pub fn start(data: &Path) -> Self {
        let mut process = jari()
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut urls = BufReader::new(process.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| url_in(&line));
        let url = urls.next().expect("the first line says what to open");
        let internal = urls.next().expect("another says where health is");
        let internal_url = internal.trim_end_matches("/readyz").to_owned();
        drop(urls);
        Self {
            process,
            gateway: None,
            url,
            internal_url,
        }
    }

    /// Starts on this data directory, with a gateway in front if that is the way.
    pub fn start_on(data: &Path, way: Way) -> Self {
        let server = Self::start(data);
        match way {
            Way::Straight => server,
            Way::ThroughTheGateway => server.behind_a_gateway(),
        }
    }

    fn behind_a_gateway(mut self) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let listen = gateway::own_address(0);
        let server = self.address();
        let variables = [
            ("JARI_GATEWAY_LISTEN", listen.as_str()),
            ("JARI_STATIC_DIR", "/nonexistent"),
            ("JARI_CORE_SERVERS", server),
            ("JARI_QUEUE_SERVERS", server),
            ("JARI_STAFF_SERVERS", server),
        ];
        let configuration = Configuration::write(directory.path(), &variables).unwrap();
        let gateway = Gateway::start(configuration).unwrap();
        self.url = format!("http://{listen}");
        self.gateway = Some((gateway, directory));
        self
    }

    /// Its address, without `http://`.
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// SIGKILL: no destructor runs, nothing is flushed.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Somebody who talks to it.
    pub fn client(&self) -> Client {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(20)))
            .build();
        Client {
            agent: agent.into(),
            url: self.url.clone(),
        }
    }
}

fn url_in(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    words
        .find(|word| word.starts_with("http://"))
        .map(str::to_owned)
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Somebody who talks to a server.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    url: String,
}

/// An answer, or `None` if the connection broke before there was one.
pub type Answer = Option<(u16, Value)>;

impl Client {
    /// Asks.
    pub fn get(&self, path: &str, token: &str) -> Answer {
        let request = self.agent.get(format!("{}{path}", self.url));
        read(
            request
                .header("Authorization", format!("Bearer {token}"))
                .call(),
        )
    }

    /// Tells.
    pub fn post(&self, path: &str, token: &str, key: &str, body: &Value) -> Answer {
        let request = self
            .agent
            .post(format!("{}{path}", self.url))
            .header("Idempotency-Key", key);
        read(
            request
                .header("Authorization", format!("Bearer {token}"))
                .send_json(body),
        )
    }

    /// Takes back.
    pub fn delete(&self, path: &str, token: &str) -> Answer {
        let request = self.agent.delete(format!("{}{path}", self.url));
        read(
            request
                .header("Authorization", format!("Bearer {token}"))
                .call(),
        )
    }

    /// Imports a CSV map.
    pub fn put_csv(&self, path: &str, csv: &str) -> Answer {
        let request = self
            .agent
            .put(format!("{}{path}", self.url))
            .header("Content-Type", "text/csv");
        read(
            request
                .header("Authorization", format!("Bearer {OPERATOR_KEY}"))
                .send(csv),
        )
    }
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = answer.ok()?;
    let status = response.status().as_u16();
    let text = response.body_mut().read_to_string().ok()?;
    let body = if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text).ok()?
    };
    Some((status, body))
}
