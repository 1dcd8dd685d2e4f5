//! The program, on real servers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use test_servers::{Postgres, Redis};

const SECRET: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_queue-service"));
    command.env_clear().env("RUST_LOG", "off");
    command
}

/// The answer, head and body.
fn ask(address: &str, path: &str) -> String {
    let mut connection = TcpStream::connect(address).unwrap();
    write!(
        connection,
        "GET {path} HTTP/1.1\r\nHost: queue\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_migrates_serves_and_stops_when_told() {
    let (redis, postgres) = (Redis::start(), Postgres::start());
    let mut process = program()
        .env("JARI_LISTEN", "127.0.0.1:0")
        .env("JARI_INTERNAL_LISTEN", "127.0.0.1:0")
        .env("JARI_REDIS_URL", redis.url())
        .env("JARI_DATABASE_URL", postgres.url())
        .env("JARI_SECRET_KEY", SECRET)
        .env("JARI_ENTRY_KEY", SECRET)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut address = || {
        let line = told.next().unwrap().unwrap();
        line.split_once("http://").unwrap().1.to_owned()
    };
    let (public, internal) = (address(), address());
    let board = ask(&public, "/api/queue/board/none");
    assert!(board.contains("event_not_found"), "{board}");
    assert!(ask(&public, "/readyz").starts_with("HTTP/1.1 404"));
    assert!(ask(&internal, "/readyz").starts_with("HTTP/1.1 200"));
    let id = process.id().to_string();
    assert!(Command::new("kill").arg(&id).status().unwrap().success());
    assert!(process.wait().unwrap().success());
}

#[test]
fn what_is_missing_is_said_at_once() {
    let output = program().env("JARI_LISTEN", "nowhere").output().unwrap();
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    for name in [
        "JARI_LISTEN",
        "JARI_REDIS_URL",
        "JARI_DATABASE_URL",
        "JARI_SECRET_KEY",
        "JARI_ENTRY_KEY",
    ] {
        assert!(told.contains(name), "{name}: {told}");
    }
}
