//! The gateway in front of the real program: who is routed where, what is cached, limited, and said by itself.

use std::net::TcpListener;

use gateway::{Configuration, Gateway, own_address};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::asking::Asker;
use crate::server::{OPERATOR_KEY, Server};

mod configuration;
mod limits;
mod logs;

const NOWHERE: &str = "127.0.0.1:1";
/// A gateway in front of these, and somebody who asks it.
pub struct Front {
    pub asker: Asker,
    pub gateway: Gateway,
    _directory: TempDir,
}

impl Front {
    /// In front of this address, whatever is asked; `more` variables win.
    pub fn of(address: &str, more: &[(&str, &str)]) -> Self {
        let all = [
            ("JARI_CORE_SERVERS", address),
            ("JARI_QUEUE_SERVERS", address),
            ("JARI_STAFF_SERVERS", address),
        ];
        let directory = tempfile::tempdir().unwrap();
        let pages = directory.path().join("pages");
        std::fs::create_dir_all(pages.join("assets")).unwrap();
        std::fs::write(pages.join("index.html"), "the page").unwrap();
        std::fs::write(pages.join("assets/app.1a2b.js"), "// the script").unwrap();
        let listen = own_address(0);
        let mut variables = vec![
            ("JARI_GATEWAY_LISTEN", listen.as_str()),
            ("JARI_STATIC_DIR", pages.to_str().unwrap()),
        ];
        variables.extend(all);
        variables.extend(more);
        let configuration =
            Configuration::write(&directory.path().join("nginx"), &variables).unwrap();
        Self {
            gateway: Gateway::start(configuration).unwrap(),
            asker: Asker::at(&format!("http://{listen}")),
            _directory: directory,
        }
    }
}

fn server() -> (Server, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    (Server::start(directory.path()), directory)
}

/// Puts a hall on sale whose map is large enough to be worth compressing.
fn on_sale(asker: &Asker) {
    let settings = json!({ "queue": { "capacity": 1000 } });
    asker.put_on_sale(&settings, "Stalls,A,1-200,R,99000");
}

/// How often the program answered on this route.
fn answered(internal: &Asker, route: &str) -> u64 {
    let metrics = internal.get("/metrics", "").text();
    let label = format!("route=\"{route}\"");
    let counts = metrics.lines().filter(|line| {
        line.starts_with("http_request_duration_seconds_count") && line.contains(&label)
    });
    counts
        .filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok())
        .sum()
}

#[test]
fn the_longest_prefix_says_which_service_answers() {
    let (server, _data) = server();
    let routes = [
        ("JARI_CORE_SERVERS", ["/api/events", "/api/openapi.json"]),
        (
            "JARI_QUEUE_SERVERS",
            ["/api/queue/openapi.json", "/api/queue/enter"],
        ),
        (
            "JARI_STAFF_SERVERS",
            ["/staff/openapi.json", "/staff/session"],
        ),
    ];
    for (service, _) in routes {
        // The other two are down: only what is for this one is answered.
        let front = Front::of(NOWHERE, &[(service, server.address())]);
        for (other, others) in routes {
            for path in others {
                let is_down = front.asker.get(path, "").status == 502;
                assert_eq!(is_down, other != service, "{path} with only {service} up");
            }
        }
    }
}

#[test]
fn what_is_for_the_machines_alone_is_never_routed() {
    let (server, _data) = server();
    let internal = server.internal_url.trim_start_matches("http://");
    // Were anything let through, it would be answered there.
    assert_eq!(
        Asker::at(&server.internal_url).get("/metrics", "").status,
        200
    );
    let front = Front::of(internal, &[]);
    let roads = [
        "/metrics",
        "/healthz",
        "/readyz",
        "/internal",
        "/internal/events",
        "//metrics",
        "/api/../metrics",
        "/api/%2e%2e/metrics",
        "/staff/..//internal/events",
        "/./metrics",
        "/metrics/",
        "/%6detrics",
        "/api/queue/../../healthz",
    ];
    for path in roads {
        front.asker.get(path, "").refused(404, "not_found");
    }
}

#[test]
fn pages_are_strict_and_have_addresses_of_their_own() {
    let front = Front::of(NOWHERE, &[]);
    for path in ["/", "/events/gala", "/door"] {
        let page = front.asker.get(path, "");
        assert_eq!(
            (page.status, page.text().as_str()),
            (200, "the page"),
            "{path}"
        );
        assert_eq!(page.header("cache-control"), "no-cache");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe-inline"));
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("x-frame-options"), "DENY");
    }
    let script = front.asker.get("/assets/app.1a2b.js", "");
    assert_eq!(
        (script.status, script.header("content-type")),
        (200, "text/javascript")
    );
    assert!(script.header("cache-control").contains("immutable"));
    assert!(!script.header("content-security-policy").is_empty());
    for path in ["/gone.js", "/assets/gone.js"] {
        front.asker.get(path, "").json(404);
    }
    front
        .asker
        .delete("/", "")
        .refused(405, "method_not_allowed");
}

#[test]
fn a_board_is_asked_for_once_and_what_may_change_at_once_every_time() {
    let (server, _data) = server();
    let front = Front::of(server.address(), &[]);
    let internal = Asker::at(&server.internal_url);
    on_sale(&front.asker);
    for _ in 0..200 {
        front.asker.get("/api/queue/board/gala", "").json(200);
        front
            .asker
            .get("/api/events/gala/availability", "")
            .json(200);
        front.asker.get("/api/events/gala", "").json(200);
    }
    let boards = answered(&internal, "/api/queue/board/{event_id}");
    assert!(
        (1..=100).contains(&boards),
        "{boards} of 200 boards were not cached"
    );
    assert_eq!(
        answered(&internal, "/api/events/{event_id}/availability"),
        200
    );
    assert_eq!(answered(&internal, "/api/events/{event_id}"), 200);
}

#[test]
fn a_version_of_a_map_is_cached_and_the_present_one_is_asked_for() {
    let (server, _data) = server();
    let front = Front::of(server.address(), &[]);
    let internal = Asker::at(&server.internal_url);
    on_sale(&front.asker);
    let map = front.asker.get("/api/events/gala/map", "");
    let version = map.json(200)["map_version"].clone();
    let tag = map.header("etag").to_owned();
    let road = format!(
        "/api/events/gala/map?version={}",
        version.as_str().map_or(version.to_string(), str::to_owned)
    );
    for _ in 0..5 {
        assert_eq!(front.asker.get(&road, "").json(200), map.json(200));
    }
    let asked = answered(&internal, "/api/events/{event_id}/map");
    assert_eq!(asked, 2, "once without a version and once with it");
    let headers = [("If-None-Match", tag.as_str())];
    let again = front
        .asker
        .ask("GET", "/api/events/gala/map", "", &headers, b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(answered(&internal, "/api/events/{event_id}/map"), 3);
}

#[test]
fn maps_and_availability_are_compressed_and_places_are_not() {
    let (server, _data) = server();
    let front = Front::of(server.address(), &[]);
    on_sale(&front.asker);
    let headers = [("Accept-Encoding", "gzip")];
    let encoding = |path: &str| {
        let told = front.asker.raw("GET", path, &headers);
        assert!(told.starts_with("HTTP/1.1 200"), "{told}");
        told.to_lowercase().contains("content-encoding: gzip")
    };
    assert!(encoding("/api/events/gala/map"));
    assert!(!encoding("/api/openapi.json"));
}

#[test]
fn a_stream_passes_at_once() {
    let (server, _data) = server();
    let front = Front::of(server.address(), &[]);
    on_sale(&front.asker);
    let body = json!({ "event_id": "gala" });
    let place = front.asker.post("/api/queue/enter", "", &body).json(201);
    let ticket = place["ticket"].as_str().unwrap();
    // Each event is far smaller than a buffer of nginx, and the streams go on: only what is not held back arrives.
    let mut places = front
        .asker
        .stream("/api/queue/stream?event_id=gala", ticket);
    assert_eq!(places.next().0, "place");
    let mut seats = front
        .asker
        .stream("/api/events/gala/availability/stream", "");
    assert_eq!(seats.next().0, "changes");
    let mut figures = front
        .asker
        .stream("/api/admin/events/gala/stats/stream", OPERATOR_KEY);
    figures.next();
    let pass = place["pass"].as_str().unwrap();
    let hold = json!({ "seats": ["Stalls-A-7"] });
    front
        .asker
        .post("/api/events/gala/holds", pass, &hold)
        .json(201);
    let changes = seats.next().2;
    assert_eq!(changes["changes"], json!([[6, 1]]), "{changes}");
}

#[test]
fn the_gateway_has_problems_of_its_own() {
    // A service that takes a request and says nothing, and one that is not there.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let more = [
        ("JARI_STAFF_SERVERS", address.as_str()),
        ("JARI_NGINX_READ_TIMEOUT", "1s"),
    ];
    let front = Front::of(NOWHERE, &more);
    for (path, status, code) in [
        ("/api/events", 502, "bad_gateway"),
        ("/api/queue/status", 502, "bad_gateway"),
        ("/staff/session", 504, "gateway_timeout"),
    ] {
        let told = front.asker.get(path, "");
        told.refused(status, code);
        assert!(told.header("retry-after").parse::<u32>().unwrap() > 0);
        assert_eq!(told.header("cache-control"), "no-store");
        assert!(!told.header("x-request-id").is_empty());
    }
    let large = vec![b' '; 64 * 1024 + 1];
    let told = front.asker.ask("POST", "/api/queue/enter", "", &[], &large);
    told.refused(413, "body_too_large");
}

#[test]
fn problems_of_a_service_pass_as_they_are_with_the_id_of_the_request() {
    let (server, _data) = server();
    let front = Front::of(server.address(), &[]);
    let headers = [("X-Request-Id", "mine")];
    let told = front
        .asker
        .ask("GET", "/api/events/unknown", "", &headers, b"");
    told.refused(404, "event_not_found");
    assert_eq!(told.headers.get_all("x-request-id").iter().count(), 1);
    assert_eq!(told.header("x-request-id"), "mine");
    assert_eq!(
        told.headers
            .get_all("x-content-type-options")
            .iter()
            .count(),
        1
    );
}

#[test]
fn names_that_operators_search_for_are_not_logged() {
    let (server, _data) = server();
    let front = Front::of(server.address(), &[]);
    on_sale(&front.asker);
    let search = "/events/gala/reservations?q=Seo-yeon";
    front.asker.operate("GET", search, &Value::Null).json(200);
    // The next request on the same connection is answered after the line of this one was written.
    front.asker.get("/api/events", "").json(200);
    let log = front.gateway.access_log();
    assert!(log.contains("/api/admin/events/gala/reservations"), "{log}");
    assert!(
        !log.contains("Seo-yeon") && !log.contains(OPERATOR_KEY),
        "{log}"
    );
}
