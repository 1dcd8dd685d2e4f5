//! The program as somebody else's part. The services beside it have been built by whoever builds the workspace.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use test_servers::ask;

#[test]
fn a_cluster_serves_pages_and_services_and_ends_with_whoever_started_it() {
    let pages = local_cluster::scratch();
    std::fs::write(pages.path().join("index.html"), "the pages").unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_local-cluster"))
        .arg("run")
        .arg(pages.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = String::new();
    let mut said = BufReader::new(program.stdout.take().unwrap());
    said.read_line(&mut told).unwrap();
    let (_, url) = told.split_once("http://").expect("it says where it is");
    let (address, _) = url.split_once('"').unwrap();
    assert!(ask(address, "/", None).unwrap().ends_with("the pages"));
    let events = ask(address, "/api/events", None).unwrap();
    assert!(events.starts_with("HTTP/1.1 200"), "{events}");

    drop(program.stdin.take());
    assert!(program.wait().unwrap().success());
    assert!(ask(address, "/", None).is_err(), "nothing is left");
}
