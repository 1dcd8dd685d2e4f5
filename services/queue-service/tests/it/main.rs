//! The program, on real servers.

use std::process::Command;

use test_servers::{Postgres, Redis, Service, ask, scratch};

const SECRET: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_queue-service"));
    command.env_clear().env("RUST_LOG", "off");
    command
}

#[test]
fn it_migrates_serves_and_stops_when_told() {
    let (redis, postgres) = (Redis::start(), Postgres::start());
    let directory = scratch();
    let mut command = program();
    command
        .env("JARI_LISTEN", "127.0.0.1:0")
        .env("JARI_INTERNAL_LISTEN", "127.0.0.1:0")
        .env("JARI_REDIS_URL", redis.url())
        .env("JARI_DATABASE_URL", postgres.url())
        .env("JARI_SECRET_KEY", SECRET)
        .env("JARI_ENTRY_KEY", SECRET);
    let mut queue = Service::start(&mut command, &directory.path().join("log")).unwrap();
    let board = ask(&queue.address, "/api/queue/board/none", None).unwrap();
    assert!(board.contains("event_not_found"), "{board}");
    let ready = |address: &str| ask(address, "/readyz", None).unwrap();
    assert!(ready(&queue.address).starts_with("HTTP/1.1 404"));
    assert!(ready(&queue.internal_address).starts_with("HTTP/1.1 200"));
    assert!(queue.stop());
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
