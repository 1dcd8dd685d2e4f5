//! The pages that the program serves from inside itself: the built ones, or the page that says there are none. What is asked here
//! holds for both.

use crate::asking::Asker;
use crate::server::Server;

fn asker() -> (Asker, Server, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    (
        Asker::at(&format!("http://{}", server.address())),
        server,
        directory,
    )
}

/// The first file with a hash in its name that the page asks for.
fn asset(page: &str) -> &str {
    let from = page.find("/assets/").unwrap();
    page[from..].split('"').next().unwrap()
}

#[test]
fn a_page_is_strict_and_asked_for_again_each_time() {
    let (asker, _server, _data) = asker();
    let page = asker.get("/", "");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("<!doctype html>"), "{}", page.text());
    assert!(page.header("content-type").starts_with("text/html"));
    assert_eq!(page.header("cache-control"), "no-cache");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe-inline"));
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert!(!page.header("etag").is_empty());
}

#[test]
fn a_file_with_a_hash_is_kept_for_ever() {
    let (asker, _server, _data) = asker();
    let page = asker.get("/", "").text();
    let file = asker.get(asset(&page), "");
    assert_eq!(file.status, 200, "{}", asset(&page));
    assert!(file.header("cache-control").contains("immutable"));
    asker.get("/assets/gone.js", "").refused(404, "not_found");
}

#[test]
fn what_is_no_page_is_a_problem_and_pages_are_only_read() {
    let (asker, _server, _data) = asker();
    asker.get("/nothing-here", "").refused(404, "not_found");
    asker.delete("/", "").refused(405, "method_not_allowed");
}
