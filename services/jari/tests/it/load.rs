//! Crowds: every scenario in small against the real program, and a verdict that is bad where it must be.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::server::{Server, jari};

/// Plays a scenario on a program of its own; gives all figures, after what must be so in every good run.
fn played(scenario: &str, people: u32, faster: u32) -> Value {
    let directory = tempfile::tempdir().unwrap();
    let said = load(directory.path(), scenario)
        .args([
            "--people",
            &people.to_string(),
            "--faster",
            &faster.to_string(),
        ])
        .output()
        .unwrap();
    let figures = figures(directory.path(), &said);
    assert!(said.status.success(), "{}", text(&said));
    let checks = figures["verdict"]["checks"].as_array().unwrap();
    let auditor = |check: &&Value| check["what"].as_str().unwrap().starts_with("Auditor: ");
    assert!(checks.iter().filter(auditor).count() > 10, "{checks:?}");
    for check in checks {
        assert_eq!(check["holds"], true, "{check}");
    }
    assert_eq!(figures["came"], people);
    assert_eq!(
        (&figures["failures"], &figures["still_there"]),
        (&json!({}), &json!(0))
    );
    let left: Vec<_> = std::fs::read_dir(directory.path().join("report"))
        .unwrap()
        .collect();
    assert_eq!(left.len(), 1, "the page alone: {left:?}");
    figures
}

fn load(directory: &Path, scenario: &str) -> Command {
    let mut command = jari();
    command
        .args(["load", scenario, "--report"])
        .arg(directory.join("report"));
    command.arg("--json").arg(directory.join("figures.json"));
    command
}

fn figures(directory: &Path, said: &Output) -> Value {
    let figures = std::fs::read(directory.join("figures.json"));
    let figures = figures.unwrap_or_else(|_| panic!("{}", text(said)));
    serde_json::from_slice(&figures).unwrap()
}

fn text(said: &Output) -> String {
    let (out, err) = (&said.stdout, &said.stderr);
    [out, err]
        .map(|text| String::from_utf8_lossy(text))
        .concat()
}

/// How often something of this kind was answered.
fn answers(figures: &Value, name: &str) -> u64 {
    let requests = figures["requests"].as_array().unwrap();
    let asked = requests.iter().find(|request| request["name"] == name);
    asked.map_or(0, |request| request["answers"].as_u64().unwrap())
}

#[test]
fn at_the_opening_people_wait_and_everybody_buys() {
    let figures = played("opening-rush", 80, 20);
    assert_eq!(figures["ends"], json!({ "bought": 80 }));
    assert!(
        answers(&figures, "status") > 0,
        "some came before the opening"
    );
    assert_eq!(figures["sales"], 80);
}

#[test]
fn a_stadium_sells_to_whoever_comes() {
    let figures = played("stadium-sell-out", 100, 50);
    assert_eq!(
        (&figures["sales"], &figures["seats"]),
        (&json!(100), &json!(39_616))
    );
}

#[test]
fn a_seat_that_all_want_has_one_winner() {
    let figures = played("hot-seat", 100, 5);
    assert_eq!(figures["ends"], json!({ "bought": 1, "left": 99 }));
    assert_eq!(figures["refusals"]["hold: seats_unavailable"], 99);
}

#[test]
fn whoever_bought_comes_in_once_and_a_copy_does_not() {
    let figures = played("gate-rush", 80, 20);
    assert_eq!(answers(&figures, "check-in"), 80);
    assert!(answers(&figures, "shown again") > 0);
    assert_eq!(figures["ends"]["came in at the door"], 80);
}

#[test]
fn where_the_line_hardly_moves_people_go() {
    let figures = played("slow-death", 60, 30);
    let ends = &figures["ends"];
    assert!(
        ends["left"].as_u64() > Some(0) && ends["went without a word"].as_u64() > Some(0),
        "{ends}"
    );
    assert!(ends["bought"].as_u64() < Some(60), "{ends}");
}

#[test]
fn what_is_sent_twice_happens_once() {
    let figures = played("retry-storm", 80, 20);
    assert_eq!(figures["sales"], 80);
    for kind in ["enter", "hold", "confirm"] {
        assert!(answers(&figures, kind) > 90, "{kind}: {figures}");
    }
}

#[test]
fn a_run_is_compared_with_requests_that_do_nothing_where_there_are_any() {
    let directory = tempfile::tempdir().unwrap();
    let hot_seat = |more: &[&str]| {
        let mut command = load(directory.path(), "hot-seat");
        command.args(["--people", "5", "--hello"]).args(more);
        command.output().unwrap()
    };
    let said = hot_seat(&[]);
    let compared = &figures(directory.path(), &said)["compared"];
    assert!(compared["times_hello"].as_f64() > Some(0.0), "{compared}");
    assert!(text(&said).contains("times as long as so many hellos"));
    let server = Server::start(&directory.path().join("data"));
    let data = directory.path().join("data").display().to_string();
    let said = hot_seat(&[
        "--url",
        &format!("http://{}", server.address()),
        "--data",
        &data,
    ]);
    assert!(!said.status.success());
    assert!(text(&said).contains("--bench-hello"), "{}", text(&said));
}

#[test]
fn answers_that_are_not_what_is_stored_make_the_verdict_bad() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let server = Server::start(&data);
    let loaded = |url: &str| {
        let mut command = load(directory.path(), "hot-seat");
        command
            .args(["--people", "5", "--url", url, "--data"])
            .arg(&data);
        let said = command.output().unwrap();
        let figures = figures(directory.path(), &said);
        std::fs::remove_file(directory.path().join("figures.json")).unwrap();
        (said.status.code(), figures)
    };
    let (status, honest) = loaded(&server.url);
    assert_eq!(
        (status, &honest["verdict"]["good"]),
        (Some(0), &json!(true))
    );
    let (status, tampered) = loaded(&liar_before(server.address()));
    assert_eq!(
        (status, &tampered["verdict"]["good"]),
        (Some(1), &json!(false))
    );
    let checks = tampered["verdict"]["checks"].as_array().unwrap();
    let broken: Vec<_> = checks
        .iter()
        .filter(|check| check["holds"] == false)
        .collect();
    assert_eq!(broken.len(), 1, "{broken:?}");
    assert_eq!(
        broken[0]["what"],
        "Every answered sale is stored as it was answered"
    );
}

/// Somebody in the middle who tells buyers another code than is stored. Gives the address.
fn liar_before(server: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = server.to_owned();
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let upstream = TcpStream::connect(&server).unwrap();
            let (mut from, mut to) = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut from, &mut to));
            std::thread::spawn(move || {
                let mut upstream = BufReader::new(&upstream);
                while pass_on(&mut upstream, &client) {}
            });
        }
    });
    url
}

/// Passes one answer on; only what a buyer is told of a sale has a receipt.
fn pass_on(upstream: &mut impl BufRead, mut client: &TcpStream) -> bool {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if upstream.read_line(&mut head).unwrap_or(0) == 0 {
            return false;
        }
    }
    let lower = head.to_lowercase();
    let length = lower.split("content-length: ").nth(1);
    let length = length.map_or(0, |rest| {
        rest.split("\r\n").next().unwrap().parse().unwrap()
    });
    let mut body = vec![0; length];
    upstream.read_exact(&mut body).unwrap();
    let mut body = String::from_utf8(body).unwrap();
    if body.contains("\"receipt_token\"") {
        let at = body.find("\"code\":\"").unwrap() + 8;
        let other = if body[at..].starts_with('0') {
            "1"
        } else {
            "0"
        };
        body.replace_range(at..=at, other);
    }
    client.write_all(format!("{head}{body}").as_bytes()).is_ok()
}

#[test]
fn what_can_not_be_played_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("mine.toml");
    std::fs::write(&file, "peopel = 3\n").unwrap();
    let cases = [
        ("gone", "opening-rush, stadium-sell-out"),
        (file.to_str().unwrap(), "peopel"),
    ];
    for (name, told) in cases {
        let said = load(directory.path(), name).output().unwrap();
        assert_eq!(said.status.code(), Some(1));
        assert!(text(&said).contains(told), "{}", text(&said));
    }
    let mut nobody = load(directory.path(), "hot-seat");
    let said = nobody
        .args(["--url", "http://127.0.0.1:1"])
        .output()
        .unwrap();
    assert_eq!(said.status.code(), Some(1));
    assert!(text(&said).contains("got no answer"), "{}", text(&said));
}

#[test]
fn a_rehearsal_recommends_and_leaves_the_event_alone() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let server = Server::start(&data);
    let asker = server.asker();
    let body = json!({ "event_id": "gala", "name": "Gala", "venue": "Hall", "starts_at": "2030-01-01T10:00:00Z",
        "currency": "KRW", "queue": { "capacity": 7, "max_admitted_per_second": 9 } });
    asker.operate("POST", "/events", &body).json(201);
    let rows =
        "section,row,seats,category,price\nStalls,A,1-20,VIP,132000\nStalls,B,1-20,R,99000\n";
    asker.import_csv("gala", rows).json(200);
    let before = asker.operate("GET", "/events/gala", &Value::Null).json(200);
    let mut rehearse = jari();
    rehearse.args([
        "rehearse",
        "--event",
        "gala",
        "--people",
        "10",
        "--faster",
        "50",
        "--url",
        &server.url,
    ]);
    rehearse.arg("--data").arg(&data);
    rehearse
        .arg("--report")
        .arg(directory.path().join("report"));
    rehearse
        .arg("--json")
        .arg(directory.path().join("figures.json"));
    let said = rehearse.output().unwrap();
    let figures = figures(directory.path(), &said);
    assert!(said.status.success(), "{}", text(&said));
    let recommended = &figures["recommendation"];
    assert_eq!(
        (
            &recommended["rehearsed_capacity"],
            &recommended["rehearsed_per_second"]
        ),
        (&json!(7), &json!(9))
    );
    let capacity = recommended["capacity"].as_u64().unwrap();
    assert!(
        (1..=8).contains(&capacity),
        "at most a fifth of 40 seats: {recommended}"
    );
    assert_eq!(figures["seats"], 40);
    assert!(
        text(&said).contains(&format!("For gala: capacity {capacity} (now 7)")),
        "{}",
        text(&said)
    );
    let after = asker.operate("GET", "/events/gala", &Value::Null).json(200);
    assert_eq!(before, after, "it is a draft as before");
    let events = asker.operate("GET", "/events", &Value::Null).json(200);
    assert_eq!(events["items"].as_array().unwrap().len(), 1);
}
