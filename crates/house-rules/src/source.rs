//! How source files look.

use crate::tree::{File, assert_none, files, root};

/// Above this many lines a file needs a reason.
const LINES_AT_MOST: usize = 400;

/// Files that are longer, and why that is right.
const LONG: [(&str, &str); 7] = [
    (
        "crates/domain/src/invariant/line.rs",
        "five promises of the line, each with the histories that break it",
    ),
    (
        "crates/domain/src/line/histories.rs",
        "one random history: its steps, its model and its checks read together",
    ),
    (
        "crates/store/src/conformance/history.rs",
        "one random history: its steps, both sides of it and the comparison read together",
    ),
    (
        "crates/store/src/one_shop.rs",
        "one short function for each operation of every trait",
    ),
    (
        "crates/ticket-print/src/tests.rs",
        "the printed ticket's promises, in one place",
    ),
    (
        "crates/token/src/token.rs",
        "four tokens of one layout, beside the forgeries that each refuses",
    ),
    (
        "services/jari/tests/it/journey.rs",
        "one way from the line to the door: each step begins where the last one ended",
    ),
];

/// The stores.
const BACKENDS: [&str; 2] = ["jari_store_embedded", "jari_store_cluster"];
/// Where stores are named: in themselves, in what starts the programs, where one is audited, and in tests.
const NAMES_A_BACKEND: [&str; 6] = [
    "crates/store-cluster/",
    "crates/store-embedded/",
    "services/jari/src/serve/backend.rs",
    "services/jari/src/commands/audit.rs",
    "services/queue-service/src/main.rs",
    "services/ticketing-core/src/main.rs",
];

fn too_long(file: &File) -> Option<String> {
    let lines = file.text.lines().count();
    let has_reason = LONG.iter().any(|(path, _)| *path == file.path);
    (lines > LINES_AT_MOST && !has_reason).then(|| {
        format!(
            "{}: {lines} lines; cut it, or say in LONG why it is longer than {LINES_AT_MOST}",
            file.path
        )
    })
}

fn names_a_backend(file: &File) -> Option<String> {
    let may = NAMES_A_BACKEND
        .iter()
        .any(|place| file.path.starts_with(place));
    let before_tests = file.text.len() - file.test_part().len();
    let text = &file.text[..before_tests];
    let named = BACKENDS.iter().any(|backend| text.contains(backend));
    (named && !may).then(|| {
        format!(
            "{}: names a backend; take Arc<dyn …> of what it needs from jari-store",
            file.path
        )
    })
}

fn lines_with<'a>(
    file: &'a File,
    part: &'a str,
    needles: &'a [&'a str],
    what: &'a str,
) -> impl Iterator<Item = String> + 'a {
    let first = file.text[..file.text.len() - part.len()].lines().count();
    let found = part
        .lines()
        .enumerate()
        .filter(|(_, line)| needles.iter().any(|needle| line.contains(needle)));
    found.map(move |(at, _)| format!("{}:{}: {what}", file.path, first + at + 1))
}

fn allows(file: &File) -> Vec<String> {
    let needles = [concat!("#[", "allow("), concat!("#![", "allow(")];
    lines_with(file, &file.text, &needles, "expect the lint, with a reason").collect()
}

fn ignores(file: &File) -> Vec<String> {
    let needles = [concat!("#[", "ignore")];
    lines_with(file, &file.text, &needles, "a test runs or is not there").collect()
}

fn sleeps_in_tests(file: &File) -> Vec<String> {
    let needles = [concat!("thread::", "sleep"), concat!("time::", "sleep")];
    lines_with(
        file,
        file.test_part(),
        &needles,
        "tests advance time, they do not await it",
    )
    .collect()
}

/// A file with an endpoint begins with the verb and path of its first one.
fn begins_otherwise(file: &File) -> Option<String> {
    let (_, attribute) = file.text.split_once(concat!("#[utoipa::", "path("))?;
    let (_, path) = attribute.split_once("path = \"")?;
    let path = path.split('"').next()?;
    let verbs = ["get", "post", "put", "patch", "delete"];
    let mut words = attribute.split(|letter: char| !letter.is_alphanumeric());
    let verb = words.find(|word| verbs.contains(word))?.to_uppercase();
    let expected = format!("//! `{verb} {path}`");
    (!file.text.starts_with(&expected)).then(|| format!("{}: begin with {expected}", file.path))
}

#[test]
fn files_fit_or_have_a_reason_not_to() {
    let sources = files(".rs");
    let mut found: Vec<String> = sources.iter().filter_map(too_long).collect();
    for (path, _) in LONG {
        let is_long = |file: &File| file.path == path && file.text.lines().count() > LINES_AT_MOST;
        if !sources.iter().any(is_long) {
            found.push(format!("{path}: not long any more; take it off LONG"));
        }
    }
    assert_none(&found);
    let long = "\n".repeat(LINES_AT_MOST + 1);
    assert!(too_long(&File::new("crates/new.rs", &long)).is_some());
    assert!(too_long(&File::new(LONG[0].0, &long)).is_none());
    assert!(too_long(&File::new("crates/new.rs", &long[1..])).is_none());
}

#[test]
fn only_the_program_names_a_backend() {
    let found: Vec<String> = files(".rs").iter().filter_map(names_a_backend).collect();
    assert_none(&found);
    for backend in BACKENDS {
        let text = format!("use {backend}::Store;\n");
        let named = |path: &str| names_a_backend(&File::new(path, &text));
        assert!(named("services/staff-api/src/auth.rs").is_some());
        assert!(named("services/jari/src/serve/mod.rs").is_some());
        assert!(named("services/staff-api/src/testing.rs").is_none());
        assert!(named("services/ticketing-core/src/main.rs").is_none());
    }
}

#[test]
fn lints_are_expected_not_allowed() {
    let found: Vec<String> = files(".rs").iter().flat_map(allows).collect();
    assert_none(&found);
    let bad = File::new(
        "a.rs",
        concat!("//! A.\n\n#[", "allow(dead_code)]\nfn a() {}\n"),
    );
    assert_eq!(allows(&bad), ["a.rs:3: expect the lint, with a reason"]);
}

#[test]
fn no_test_is_ignored() {
    let found: Vec<String> = files(".rs").iter().flat_map(ignores).collect();
    assert_none(&found);
    let bad = File::new(
        "a.rs",
        concat!("#[test]\n#[", "ignore = \"slow\"]\nfn a() {}\n"),
    );
    assert_eq!(ignores(&bad).len(), 1);
}

#[test]
fn no_test_sleeps() {
    let found: Vec<String> = files(".rs").iter().flat_map(sleeps_in_tests).collect();
    assert_none(&found);
    let sleep = concat!("std::thread::", "sleep(PERIOD);\n");
    let module = format!(
        "fn a() {{\n{sleep}}}\n{}tests {{\n{sleep}}}\n",
        concat!("#[cfg(", "test)]\nmod ")
    );
    let only_in_the_module = sleeps_in_tests(&File::new("a/src/b.rs", &module));
    assert_eq!(
        only_in_the_module,
        ["a/src/b.rs:6: tests advance time, they do not await it"]
    );
    assert_eq!(sleeps_in_tests(&File::new("a/tests/b.rs", sleep)).len(), 1);
}

#[test]
fn endpoints_begin_with_their_verb_and_path() {
    let services = files(".rs");
    let endpoints = services
        .iter()
        .filter(|file| file.text.contains(concat!("#[utoipa::", "path(")));
    assert!(endpoints.count() > 30);
    let found: Vec<String> = services.iter().filter_map(begins_otherwise).collect();
    assert_none(&found);
    let endpoint = |top: &str| {
        let attribute = concat!(
            "#[utoipa::",
            "path(\n    post, path = \"/api/a\", tag = \"get\"\n)]\n"
        );
        begins_otherwise(&File::new("a.rs", &format!("{top}\n\n{attribute}")))
    };
    assert!(endpoint("//! `POST /api/a`").is_none());
    assert!(endpoint("//! `POST /api/a` and its stream.").is_none());
    for top in ["//! Makes an a.", "//! `GET /api/a`", "//! `POST /api/b`"] {
        assert_eq!(endpoint(top).unwrap(), "a.rs: begin with //! `POST /api/a`");
    }
}

#[test]
fn the_licence_is_there() {
    let licence = std::fs::read_to_string(root().join("LICENSE")).unwrap();
    assert!(licence.contains("Apache License") && licence.contains("Version 2.0"));
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("license = \"Apache-2.0\""));
}
