//! What can be wrong at the start, and what a person is told: one line that says what to do.

use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use crate::server::{Server, jari};

fn told(data: &std::path::Path, listen: &str) -> String {
    let output = jari()
        .args(["serve", "--listen", listen, "--data"])
        .arg(data)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told.lines().count(), 1, "{told}");
    told
}

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let _first = Server::start(directory.path());
    let told = told(directory.path(), "127.0.0.1:0");
    assert!(
        told.contains("in use by another jari process") && told.contains("--data"),
        "{told}"
    );
}

#[test]
fn a_port_in_use_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let directory = tempfile::tempdir().unwrap();
    let told = told(directory.path(), &taken.local_addr().unwrap().to_string());
    assert!(
        told.contains("in use by another program") && told.contains("--listen"),
        "{told}"
    );
}

#[test]
fn an_origin_that_no_browser_sends_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let mut program = jari();
    program.args(["serve", "--allowed-origins", "*", "--data"]);
    let output = program.arg(directory.path()).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(2) && told.contains("\"*\" is not an origin"),
        "{told}"
    );
}

#[test]
fn traces_that_go_nowhere_are_told() {
    let directory = tempfile::tempdir().unwrap();
    let mut program = jari();
    let program = program.env("JARI_OTLP_URL", "collector:4317");
    let program = program.args(["serve", "--data"]).arg(directory.path());
    let output = program.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{told}");
    assert!(
        told.contains("JARI_OTLP_URL") && told.contains("http://"),
        "{told}"
    );
}

#[test]
fn a_foreign_file_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("jari.db");
    for content in ["this is no database, and quite sure of that", ""] {
        std::fs::write(&path, content.repeat(100)).unwrap();
        if content.is_empty() {
            let foreign = rusqlite::Connection::open(&path).unwrap();
            foreign
                .execute_batch("create table poems (line text)")
                .unwrap();
        }
        let before = std::fs::read(&path).unwrap();
        let told = told(directory.path(), "127.0.0.1:0");
        assert!(
            told.contains("not a database of Jari's") && told.contains("jari.db"),
            "{told}"
        );
        assert!(
            std::fs::read(&path).unwrap() == before,
            "the file was touched"
        );
    }
}

#[test]
fn a_damaged_journal_is_told_with_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    let body = serde_json::json!({
        "event_id": "sale", "name": "E", "venue": "V", "starts_at": "2030-01-01T10:00:00Z", "currency": "KRW"
    });
    let made = server
        .client()
        .post("/api/admin/events", crate::server::OPERATOR_KEY, "", &body);
    assert_eq!(made.unwrap().0, 201);
    server.kill();
    let database = rusqlite::Connection::open(directory.path().join("jari.db")).unwrap();
    database
        .execute("update journal set fact = 'nonsense' where seq = 1", [])
        .unwrap();
    drop(database);
    let told = told(directory.path(), "127.0.0.1:0");
    assert!(
        told.contains("journal, seq 1") && told.contains("backup"),
        "{told}"
    );
}

#[test]
fn data_that_cannot_be_made_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    let told = told(&file.join("data"), "127.0.0.1:0");
    assert!(told.contains("file") && told.contains("--data"), "{told}");
}

#[test]
fn one_store_of_two_is_told_with_everything_else_that_is_missing() {
    let mut program = jari();
    let program = program.env_remove("JARI_OPERATOR_KEY");
    let output = program
        .args(["serve", "--redis-url", "redis://127.0.0.1:1"])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    for name in [
        "JARI_DATABASE_URL",
        "JARI_SECRET_KEY",
        "JARI_ENTRY_KEY",
        "JARI_OPERATOR_KEY",
    ] {
        assert!(told.contains(&format!("{name} is not set")), "{told}");
    }
    let directory = tempfile::tempdir().unwrap();
    let mut program = jari();
    program.args(["serve", "--redis-url", "redis://127.0.0.1:1", "--data"]);
    let output = program.arg(directory.path()).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("say one of both"), "{told}");
}

#[test]
fn an_operator_key_that_anybody_guesses_is_told_with_where_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let told = |key: Option<&str>| {
        let mut program = jari();
        program.env_remove("JARI_OPERATOR_KEY");
        program.envs(key.map(|key| ("JARI_OPERATOR_KEY", key)));
        program.args(["serve", "--listen", "127.0.0.1:0", "--data"]);
        let output = program.arg(directory.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let in_the_environment = told(Some("key"));
    assert!(
        in_the_environment.contains("the one in JARI_OPERATOR_KEY"),
        "{in_the_environment}"
    );
    let file = directory.path().join("operator-key");
    std::fs::write(&file, "\n").unwrap();
    let in_the_file = told(None);
    assert!(
        in_the_file.contains(file.to_str().unwrap()) && in_the_file.contains("4 or more"),
        "{in_the_file}"
    );
}

/// What systemd hears at this address of a program that it starts, once it is open.
fn heard(listener: &UnixDatagram, notify_socket: &std::ffi::OsStr) -> String {
    let directory = tempfile::tempdir().unwrap();
    let mut program = jari();
    program.env("NOTIFY_SOCKET", notify_socket);
    let server = Server::run(program.args(["serve", "--data"]).arg(directory.path()));
    let mut message = [0; 64];
    let length = listener.recv(&mut message).unwrap();
    server.kill();
    String::from_utf8_lossy(&message[..length]).into_owned()
}

#[test]
fn systemd_is_told_when_the_program_is_open() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notify");
    let listener = UnixDatagram::bind(&path).unwrap();
    assert_eq!(heard(&listener, path.as_os_str()), "READY=1");
    let name = format!("jari-notify-{}", std::process::id());
    let address = SocketAddr::from_abstract_name(&name).unwrap();
    let listener = UnixDatagram::bind_addr(&address).unwrap();
    assert_eq!(heard(&listener, format!("@{name}").as_ref()), "READY=1");
}
