//! The program, with ticketing-core on a real store behind it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use jari_domain::Timestamp;
use jari_domain::id::StaffKeyId;
use jari_domain::shop::StaffKey;
use jari_store::StaffKeys;
use jari_store_embedded::EmbeddedStore;
use jari_token::hash_key;
use test_servers::{Service, ask};
use ticketing_core::internal::{EventsAtTheDoor, Internal};
use tokio::net::TcpListener;

const SERVICE_KEY: &str = "the-key-that-the-services-share-0";
const SECRET: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// staff-api as a process, which has its log here.
fn start(core: &str, service_key: &str, log: &Path) -> Service {
    let mut command = program();
    command
        .env("JARI_LISTEN", "127.0.0.1:0")
        .env("JARI_INTERNAL_LISTEN", "127.0.0.1:0")
        .env("JARI_CORE_INTERNAL_URL", core)
        .env("JARI_SERVICE_KEY", service_key)
        .env("JARI_SECRET_KEY", SECRET)
        .env("JARI_ENTRY_KEY", SECRET);
    Service::start(&mut command, log).unwrap()
}

/// Asks for the session of a key: the answer, head and body.
fn session(door: &Service, key: &str) -> String {
    ask(&door.address, "/staff/session", Some(key)).unwrap()
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_staff-api"));
    command.env_clear().env("RUST_LOG", "off");
    command
}

/// ticketing-core's internal address, which knows one staff key.
async fn core(directory: &std::path::Path) -> String {
    let store = EmbeddedStore::open(directory, Arc::new(|| Timestamp(0))).unwrap();
    let store = Arc::new(store);
    let key = StaffKey {
        id: StaffKeyId(uuid::Uuid::from_u128(1)),
        name: "North gate".to_owned(),
        event_ids: Vec::new(),
        key: hash_key("jsk_north"),
    };
    store.add_staff_key(key).await.unwrap();
    let internal = ticketing_core::internal::router(Arc::new(Internal {
        door: Arc::clone(&store) as _,
        staff_keys: Arc::clone(&store) as _,
        audit: store,
        events: Arc::new(EventsAtTheDoor::default()),
        service_key: hash_key(SERVICE_KEY),
    }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, internal).into_future());
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_answers_what_ticketing_core_answers() {
    let directory = tempfile::tempdir().unwrap();
    let core = core(directory.path()).await;
    let logs = directory.path().to_owned();
    let told = tokio::task::spawn_blocking(move || {
        let door = start(&core, SERVICE_KEY, &logs.join("door"));
        let stranger = start(
            &core,
            "another-key-that-nobody-shares-00",
            &logs.join("stranger"),
        );
        (
            session(&door, "jsk_north"),
            session(&door, "jsk_unknown"),
            session(&stranger, "jsk_north"),
        )
    });
    let (known, unknown, by_a_stranger) = told.await.unwrap();
    assert!(
        known.starts_with("HTTP/1.1 200") && known.contains("North gate"),
        "{known}"
    );
    assert!(unknown.starts_with("HTTP/1.1 403") && unknown.contains("staff_key_invalid"));
    assert!(by_a_stranger.starts_with("HTTP/1.1 503"), "{by_a_stranger}");
}

#[test]
fn what_is_missing_is_said_at_once() {
    let output = program().env("JARI_LISTEN", "nowhere").output().unwrap();
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    for name in [
        "JARI_LISTEN",
        "JARI_CORE_INTERNAL_URL",
        "JARI_SERVICE_KEY",
        "JARI_SECRET_KEY",
        "JARI_ENTRY_KEY",
    ] {
        assert!(told.contains(name), "{name}: {told}");
    }
}
