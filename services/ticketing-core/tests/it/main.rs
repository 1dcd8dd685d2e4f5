//! The program, on real servers.

use std::process::{Command, Output};

use test_servers::{Postgres, Redis, Service, ask, scratch};

const SECRET: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const SERVICE_KEY: &str = "the-key-that-the-services-share-0";

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ticketing-core"));
    command.env_clear().env("RUST_LOG", "off");
    command
}

fn on(redis: &Redis, postgres: &Postgres) -> Command {
    let mut command = program();
    command
        .env("JARI_LISTEN", "127.0.0.1:0")
        .env("JARI_INTERNAL_LISTEN", "127.0.0.1:0")
        .env("JARI_REDIS_URL", redis.url())
        .env("JARI_DATABASE_URL", postgres.url())
        .env("JARI_SECRET_KEY", SECRET)
        .env("JARI_ENTRY_KEY", SECRET)
        .env("JARI_OPERATOR_KEY", "the operator key of a test")
        .env("JARI_SERVICE_KEY", SERVICE_KEY)
        .env("JARI_MIGRATE", "no");
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_schema_is_migrated_first_and_then_served_while_the_stores_answer() {
    let (mut redis, postgres) = (Redis::start(), Postgres::start());
    let refused = on(&redis, &postgres).output().unwrap();
    assert!(!refused.status.success());
    assert!(said(&refused).contains("Migrate it first"), "{refused:?}");
    let mut migrate = program();
    migrate
        .env("JARI_DATABASE_URL", postgres.url())
        .arg("migrate");
    for _ in 0..2 {
        let migrated = migrate.output().unwrap();
        assert!(migrated.status.success(), "{}", said(&migrated));
    }
    let directory = scratch();
    let log = directory.path().join("log");
    let core = Service::start(&mut on(&redis, &postgres), &log).unwrap();
    let status = |address: &str, path: &str, key: &str| {
        let answer = ask(address, path, Some(key)).unwrap();
        answer["HTTP/1.1 ".len()..][..3].to_owned()
    };
    assert_eq!(status(&core.address, "/api/events", ""), "200");
    assert_eq!(status(&core.address, "/api/docs/", ""), "200");
    assert_eq!(status(&core.internal_address, "/readyz", ""), "200");
    assert_eq!(
        status(&core.internal_address, "/internal/events", "forged"),
        "403"
    );
    for path in ["/internal/events", "/readyz", "/metrics"] {
        assert_eq!(status(&core.address, path, SERVICE_KEY), "404", "{path}");
    }
    redis.kill();
    assert_eq!(status(&core.internal_address, "/readyz", ""), "503");
    assert_eq!(status(&core.internal_address, "/healthz", ""), "200");
    redis.restart();
    assert_eq!(status(&core.internal_address, "/readyz", ""), "200");
}

#[test]
fn stores_that_are_away_at_the_start_are_waited_for() {
    let (mut redis, mut postgres) = (Redis::start(), Postgres::start());
    redis.kill();
    postgres.kill();
    let directory = scratch();
    let mut command = on(&redis, &postgres);
    command
        .env("JARI_MIGRATE", "yes")
        .env("JARI_LOG_FORMAT", "text")
        .env("RUST_LOG", "warn");
    let mut core = Service::begin(&mut command, &directory.path().join("log")).unwrap();
    let waits = |core: &mut Service, what: &str| {
        core.says(what).unwrap();
        let ready = ask(&core.internal_address, "/readyz", None).unwrap();
        assert!(ready.starts_with("HTTP/1.1 503"), "{ready}");
        assert!(
            ready.contains("retry-after: 1") && ready.contains(what),
            "{ready}"
        );
        let alive = ask(&core.internal_address, "/healthz", None).unwrap();
        assert!(alive.starts_with("HTTP/1.1 200"), "{alive}");
    };
    waits(&mut core, "PostgreSQL does not answer");
    postgres.restart();
    waits(&mut core, "Redis does not answer");
    redis.restart();
    core.until_it_serves().unwrap();
    let ready = ask(&core.internal_address, "/readyz", None).unwrap();
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");
    let log = std::fs::read_to_string(directory.path().join("log")).unwrap();
    let waits = log.lines().filter(|line| line.contains("waiting for it"));
    assert_eq!(waits.count(), 2, "one line for each: {log}");
}

#[test]
fn whoever_waits_for_a_store_stops_when_told() {
    let (mut redis, postgres) = (Redis::start(), Postgres::start());
    redis.kill();
    let directory = scratch();
    let mut command = on(&redis, &postgres);
    command.env("JARI_MIGRATE", "yes").env("RUST_LOG", "warn");
    let mut core = Service::begin(&mut command, &directory.path().join("log")).unwrap();
    core.says("Redis does not answer").unwrap();
    assert!(core.stop());
}

#[test]
fn what_does_not_pass_by_waiting_is_said_at_once() {
    let (redis, mut postgres) = (Redis::start(), Postgres::start());
    let ends = |redis_url: &str, database_url: &str, saying: &str| {
        let mut command = on(&redis, &postgres);
        command
            .env("JARI_REDIS_URL", redis_url)
            .env("JARI_DATABASE_URL", database_url)
            .env("JARI_MIGRATE", "yes");
        let output = command.output().unwrap();
        let told = said(&output);
        assert!(!output.status.success() && told.contains(saying), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    };
    let nowhere = postgres.url().replace("/postgres", "/elsewhere");
    ends(&redis.url(), &nowhere, "PostgreSQL refuses: ");
    postgres.query("create table journal (of text)");
    ends(&redis.url(), &postgres.url(), "already exists");
    postgres.query("drop table journal");
    redis.command(&["CONFIG", "SET", "requirepass", "hunter2"]);
    ends(&redis.url(), &postgres.url(), "Redis refuses: ");
    postgres.ask_for_passwords();
    let wrong = postgres.url().replace("jari@", "jari:hunter3@");
    for url in [&wrong, &postgres.url()] {
        let mut command = on(&redis, &postgres);
        let output = command.env("JARI_DATABASE_URL", url).output().unwrap();
        let told = said(&output);
        assert!(
            told.contains("PostgreSQL refuses: ") && told.contains("password"),
            "{told}"
        );
        assert!(!told.contains("hunter"), "{told}");
    }
}

#[test]
fn what_is_missing_is_said_at_once_and_no_secret() {
    let output = program()
        .env("JARI_LISTEN", "nowhere")
        .env("JARI_REDIS_URL", "http://:hunter2@redis")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let told = said(&output);
    for name in [
        "JARI_LISTEN",
        "JARI_REDIS_URL",
        "JARI_DATABASE_URL",
        "JARI_SECRET_KEY",
        "JARI_ENTRY_KEY",
        "JARI_OPERATOR_KEY",
        "JARI_SERVICE_KEY",
    ] {
        assert!(told.contains(name), "{name}: {told}");
    }
    assert!(!told.contains("hunter2"), "{told}");
    let unknown = program().arg("migrat").output().unwrap();
    assert!(!unknown.status.success() && said(&unknown).contains("migrate"));
    let nowhere = program().arg("migrate").output().unwrap();
    assert!(said(&nowhere).contains("JARI_DATABASE_URL is not set"));
}
