//! Which crate may use which.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{File, assert_none, files};

/// The crates of this workspace, and which others of it each may use. Everything points inwards.
const LAYERS: [(&str, &[&str]); 20] = [
    ("gateway", &[]),
    ("local-cluster", &["gateway", "test-servers"]),
    ("machines", &["gateway", "test-servers"]),
    ("jari-domain", &[]),
    ("jari-load", &[]),
    ("jari-ticket-print", &[]),
    ("service-kit", &[]),
    ("house-rules", &[]),
    ("loadtest", &["gateway", "test-servers"]),
    ("jari-token", &["jari-domain"]),
    ("jari-store", &["jari-domain"]),
    ("jari-store-embedded", &["jari-domain", "jari-store"]),
    ("jari-store-cluster", &["jari-domain", "jari-store"]),
    (
        "jari-store-figures",
        &["jari-domain", "jari-store", "service-kit"],
    ),
    ("test-servers", &[]),
    (
        "jari-contract",
        &["jari-domain", "jari-store", "jari-token", "service-kit"],
    ),
    ("queue-service", SERVICE_WITH_A_STORE),
    ("staff-api", SERVICE),
    ("ticketing-core", SERVICE_THAT_PRINTS),
    (
        "jari",
        &[
            "jari-contract",
            "jari-domain",
            "jari-load",
            "jari-store",
            "jari-store-cluster",
            "jari-store-embedded",
            "jari-store-figures",
            "jari-token",
            "queue-service",
            "service-kit",
            "staff-api",
            "ticketing-core",
        ],
    ),
];
const SERVICE: &[&str] = &[
    "jari-contract",
    "jari-domain",
    "jari-store",
    "jari-token",
    "service-kit",
];
/// The store is for the program beside the library: see `NAMES_A_BACKEND`.
const SERVICE_WITH_A_STORE: &[&str] = &[
    "jari-contract",
    "jari-domain",
    "jari-store",
    "jari-store-cluster",
    "jari-store-figures",
    "jari-token",
    "service-kit",
];
const SERVICE_THAT_PRINTS: &[&str] = &[
    "jari-contract",
    "jari-domain",
    "jari-store",
    "jari-store-cluster",
    "jari-store-figures",
    "jari-ticket-print",
    "jari-token",
    "service-kit",
];

/// What tests may use on top: services are tested on a real store, through the real gateway and as a cluster, and
/// staff-api with the real ticketing-core behind it.
const IN_TESTS: [&str; 5] = [
    "gateway",
    "jari-store-embedded",
    "local-cluster",
    "test-servers",
    "ticketing-core",
];

/// Crates whose third-party crates are counted: what is not named here can't do I/O behind their backs.
const CLOSED: [(&str, &[&str]); 5] = [
    (
        "jari-domain",
        &["csv", "serde", "serde_json", "sha2", "thiserror", "uuid"],
    ),
    (
        "jari-token",
        &[
            "base64",
            "ed25519-dalek",
            "hmac",
            "sha2",
            "subtle",
            "thiserror",
            "uuid",
        ],
    ),
    (
        "jari-ticket-print",
        &["krilla", "qrcode", "rustybuzz", "thiserror"],
    ),
    (
        "jari-store",
        &[
            "async-trait",
            "parking_lot",
            "serde",
            "thiserror",
            "tokio",
            "uuid",
        ],
    ),
    ("house-rules", &[]),
];

/// Third-party crates with few homes, and why.
const HOMES: [(&str, &[&str], &str); 15] = [
    (
        "rusqlite",
        &["jari-store-embedded"],
        "SQL stands in one place",
    ),
    (
        "rustix",
        &["jari-store-embedded", "service-kit"],
        "the data directory's lock, and how many files may be open",
    ),
    ("hmac", &["jari-token"], "one crate touches key material"),
    (
        "ed25519-dalek",
        &["jari-token"],
        "one crate touches key material",
    ),
    ("subtle", &["jari-token"], "one crate compares secrets"),
    ("rand", &["service-kit"], "randomness is an argument"),
    (
        "jiff",
        &["service-kit", "jari-load"],
        "time is an argument, and written in one place; a crowd reads the time of the server that it loads",
    ),
    (
        "hyper-util",
        &["service-kit", "jari-load", "loadtest"],
        "one accept loop, and clients that load it",
    ),
    ("krilla", &["jari-ticket-print"], "one crate prints"),
    (
        "opentelemetry",
        &["service-kit"],
        "one crate sends traces; the others have spans of tracing",
    ),
    (
        "utoipa-swagger-ui",
        &["service-kit"],
        "one page to read the API",
    ),
    (
        "anyhow",
        &["jari", "loadtest"],
        "libraries name their errors",
    ),
    (
        "clap",
        &["jari", "loadtest"],
        "libraries have no command line",
    ),
    ("ureq", &["jari"], "only the tool asks other servers"),
    ("indicatif", &["jari"], "only the tool draws on a terminal"),
];

/// What one Cargo.toml names.
#[derive(Debug, Default)]
struct Manifest {
    name: String,
    uses: BTreeSet<String>,
    uses_in_tests: BTreeSet<String>,
}

/// Reads as much of a Cargo.toml as is needed: sections and the keys in them.
fn read(text: &str) -> Manifest {
    let mut manifest = Manifest::default();
    let mut section = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_matches(['[', ']']).to_owned();
            // [dependencies.name]
            if let Some((kind, name)) = section.rsplit_once('.') {
                manifest.add(kind, name);
            }
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let key = key.trim().split('.').next().unwrap_or_default();
        if section == "package" && key == "name" {
            value
                .trim()
                .trim_matches('"')
                .clone_into(&mut manifest.name);
        }
        manifest.add(&section, key);
    }
    manifest
}

impl Manifest {
    fn add(&mut self, section: &str, key: &str) {
        // The last part, so that [target.'cfg(…)'.dependencies] counts too.
        match section.rsplit('.').next().unwrap_or_default() {
            "dependencies" | "build-dependencies" => self.uses.insert(key.to_owned()),
            "dev-dependencies" => self.uses_in_tests.insert(key.to_owned()),
            _ => false,
        };
    }
}

fn against_the_layers(manifest: &Manifest) -> Vec<String> {
    let layers = BTreeMap::from(LAYERS);
    let name = &manifest.name;
    let Some(allowed) = layers.get(name.as_str()) else {
        return vec![format!("{name}: say in LAYERS what it may use")];
    };
    let inside = |name: &&String| layers.contains_key(name.as_str());
    let wrong = manifest
        .uses
        .iter()
        .filter(inside)
        .filter(|used| !allowed.contains(&used.as_str()));
    let wrong_in_tests = manifest.uses_in_tests.iter().filter(inside).filter(|used| {
        let used = used.as_str();
        used != name && !allowed.contains(&used) && !IN_TESTS.contains(&used)
    });
    wrong
        .chain(wrong_in_tests)
        .map(|used| format!("{name} must not use {used}: see LAYERS"))
        .collect()
}

fn against_the_closed_lists(manifest: &Manifest) -> Vec<String> {
    let layers = BTreeMap::from(LAYERS);
    let name = &manifest.name;
    let Some(allowed) = BTreeMap::from(CLOSED).remove(name.as_str()) else {
        return Vec::new();
    };
    let outside = manifest
        .uses
        .iter()
        .filter(|used| !layers.contains_key(used.as_str()));
    outside
        .filter(|used| !allowed.contains(&used.as_str()))
        .map(|used| format!("{name} must not use {used}: see CLOSED"))
        .collect()
}

fn away_from_home(manifest: &Manifest) -> Vec<String> {
    let name = &manifest.name;
    let homeless = HOMES.iter().filter(|(used, homes, _)| {
        manifest.uses.contains(*used) && !homes.contains(&name.as_str())
    });
    homeless
        .map(|(used, homes, why)| {
            format!("{name} must not use {used}, only {homes:?} may: {why}; see HOMES")
        })
        .collect()
}

fn manifests() -> Vec<Manifest> {
    let is_member = |file: &File| file.text.contains("[package]");
    let files = files("Cargo.toml");
    files
        .iter()
        .filter(|file| is_member(file))
        .map(|file| read(&file.text))
        .collect()
}

#[test]
fn crates_use_only_what_lies_further_inside() {
    let manifests = manifests();
    let names: BTreeSet<&str> = manifests.iter().map(|m| m.name.as_str()).collect();
    let expected: BTreeSet<&str> = LAYERS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, expected);
    let found: Vec<String> = manifests.iter().flat_map(against_the_layers).collect();
    assert_none(&found);
}

#[test]
fn pure_crates_use_only_third_party_crates_that_are_counted() {
    let manifests = manifests();
    let found: Vec<String> = manifests
        .iter()
        .flat_map(against_the_closed_lists)
        .collect();
    assert_none(&found);
}

#[test]
fn third_party_crates_with_a_home_stay_there() {
    let found: Vec<String> = manifests().iter().flat_map(away_from_home).collect();
    assert_none(&found);
}

#[test]
fn every_form_of_a_dependency_is_read() {
    let manifest = read(
        "[package]\nname = \"a\"\nversion.workspace = true\n[dependencies]\nb.workspace = true\nc = \"1\"\n\
         [dependencies.d]\nversion = \"1\"\n[target.'cfg(unix)'.dependencies]\ne = { version = \"1\" }\n\
         [dev-dependencies]\nf.workspace = true\n[features]\ng = []\n",
    );
    assert_eq!(manifest.name, "a");
    assert_eq!(
        manifest.uses,
        ["b", "c", "d", "e"].map(str::to_owned).into()
    );
    assert_eq!(manifest.uses_in_tests, ["f".to_owned()].into());
}

#[test]
fn a_domain_that_could_wait_or_store_is_found() {
    let bad = read(
        "[package]\nname = \"jari-domain\"\n[dependencies]\nserde = \"1\"\ntokio = \"1\"\nrusqlite = \"1\"\n\
         jari-store.workspace = true\n",
    );
    assert_eq!(
        against_the_layers(&bad),
        ["jari-domain must not use jari-store: see LAYERS"]
    );
    assert_eq!(
        against_the_closed_lists(&bad),
        [
            "jari-domain must not use rusqlite: see CLOSED",
            "jari-domain must not use tokio: see CLOSED"
        ]
    );
    assert_eq!(away_from_home(&bad).len(), 1);
}

#[test]
fn a_service_that_names_a_backend_is_found_unless_in_tests() {
    let in_tests = "[package]\nname = \"staff-api\"\n[dev-dependencies]\njari-store-embedded.workspace = true\n";
    assert!(against_the_layers(&read(in_tests)).is_empty());
    let always = in_tests.replace("dev-dependencies", "dependencies");
    assert_eq!(against_the_layers(&read(&always)).len(), 1);
    let unknown = "[package]\nname = \"new\"\n[dependencies]\n";
    assert_eq!(against_the_layers(&read(unknown)).len(), 1);
}
