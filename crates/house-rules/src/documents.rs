//! That the documents hold what they promise.

use std::path::Path;

use crate::tree::{File, assert_none, files, root};

/// A decision fits on a page of this many lines.
const PAGE: usize = 60;

/// Text without its blocks of code: what they hold is no Markdown.
fn prose(text: &str) -> String {
    let mut in_code = false;
    let lines = text.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !fence && !in_code
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Links to files of this repository, without what stands behind `#`.
fn links(text: &str) -> Vec<String> {
    let prose = prose(text);
    let targets = prose.split("](").skip(1).filter_map(|rest| {
        let target = rest.split([')', ' ', '\n']).next()?;
        let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
        let file = target.split('#').next()?;
        (!is_elsewhere && !file.is_empty()).then(|| file.to_owned())
    });
    targets.collect()
}

fn broken_links(file: &File, is_there: impl Fn(&Path) -> bool) -> Vec<String> {
    let folder = Path::new(&file.path).parent().unwrap();
    let links = links(&file.text);
    links
        .into_iter()
        .filter(|link| !is_there(&folder.join(link)))
        .map(|link| format!("{}: {link} leads nowhere", file.path))
        .collect()
}

/// What stands between single backticks.
fn quoted(text: &str) -> Vec<String> {
    let prose = prose(text);
    let quoted = prose.split('`').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}

/// Paths of this repository that the text names and that are not there.
fn missing_paths(file: &File, is_there: impl Fn(&Path) -> bool) -> Vec<String> {
    let folders = [
        "crates/",
        "services/",
        "deploy/",
        "docs/",
        "scripts/",
        "venues/",
    ];
    let named = quoted(&file.text).into_iter().filter(|name| {
        folders.iter().any(|folder| name.starts_with(folder)) && !name.contains(['*', ' ', '{'])
    });
    named
        .filter(|name| !is_there(Path::new(name)))
        .map(|name| format!("{}: names {name}, which is not there", file.path))
        .collect()
}

/// Functions and types, named as `Type::function` or `name`, that no source has.
fn missing_functions(file: &File, sources: &str) -> Vec<String> {
    let named = quoted(&file.text).into_iter().filter(|name| {
        name.contains("::")
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || "_:".contains(c))
    });
    named
        .filter(|name| {
            let (owner, last) = name.rsplit_once("::").unwrap_or_default();
            let owner = owner.rsplit("::").next().unwrap_or_default();
            !is_defined(last, sources) || !is_defined(owner, sources)
        })
        .map(|name| format!("{}: names {name}, which no source has", file.path))
        .collect()
}

/// Whether a function, type, trait, module or variant of this name is written somewhere.
fn is_defined(name: &str, sources: &str) -> bool {
    let ways = [
        "fn ", "struct ", "enum ", "trait ", "mod ", "type ", "const ",
    ];
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let follows = |before: &str| {
        let needle = format!("{before}{name}");
        sources
            .match_indices(&needle)
            .any(|(at, _)| ends(&sources[at + needle.len()..]))
    };
    ways.iter().any(|way| follows(way)) || follows("\n    ")
}

fn wrong_with_decision(file: &File) -> Vec<String> {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let number = name.split('-').next().unwrap_or_default();
    let checks = [
        (
            number.len() == 4 && number.chars().all(|c| c.is_ascii_digit()),
            "its name begins with four digits and a hyphen",
        ),
        (file.text.starts_with("# "), "it begins with a title"),
        (
            file.text.contains("\n## What was given up\n"),
            "it says \"## What was given up\"",
        ),
        (file.text.lines().count() <= PAGE, "it fits on a page"),
    ];
    checks
        .iter()
        .filter(|(holds, _)| !holds)
        .map(|(_, what)| format!("{}: a decision needs that {what}", file.path))
        .collect()
}

fn is_there(path: &Path) -> bool {
    root().join(path).exists()
}

fn decisions() -> Vec<File> {
    let mut decisions = files(".md");
    decisions.retain(|file| file.path.starts_with("docs/decisions/"));
    decisions
}

#[test]
fn links_lead_somewhere() {
    let documents = files(".md");
    let found: Vec<String> = documents
        .iter()
        .flat_map(|file| broken_links(file, is_there))
        .collect();
    assert_none(&found);
    let bad = File::new(
        "docs/a.md",
        "[x](gone.md) [y](../README.md#try-it) [z](https://example.org/) [w](#top)\n```\n[v](code.md)\n```\n![u](b.svg)\n",
    );
    assert_eq!(links(&bad.text), ["gone.md", "../README.md", "b.svg"]);
    assert_eq!(
        broken_links(&bad, |path| path != Path::new("docs/gone.md")),
        ["docs/a.md: gone.md leads nowhere"]
    );
}

#[test]
fn documents_name_files_that_are_there() {
    let documents = files(".md");
    let found: Vec<String> = documents
        .iter()
        .flat_map(|file| missing_paths(file, is_there))
        .collect();
    assert_none(&found);
    let bad = File::new(
        "a.md",
        "`crates/gone/src/lib.rs`, `services/*`, `cargo run`",
    );
    assert_eq!(
        missing_paths(&bad, |_| false),
        ["a.md: names crates/gone/src/lib.rs, which is not there"]
    );
}

#[test]
fn documents_name_functions_that_are_there() {
    let sources: String = files(".rs").into_iter().map(|file| file.text).collect();
    let documents = files(".md");
    let found: Vec<String> = documents
        .iter()
        .flat_map(|file| missing_functions(file, &sources))
        .collect();
    assert_none(&found);
    let sources = "pub struct Sale {}\nimpl Sale {\n    pub fn enter(&mut self) {}\n}\npub enum Fact {\n    Held {},\n}\n";
    let text = "`Sale::enter` `Fact::Held` `Sale::ent` `Shop::enter` `Arc<dyn …>` `Sale::gone`";
    assert_eq!(
        missing_functions(&File::new("a.md", text), sources),
        ["Sale::ent", "Shop::enter", "Sale::gone"]
            .map(|name| format!("a.md: names {name}, which no source has"))
    );
}

#[test]
fn decisions_say_what_was_given_up() {
    let decisions = decisions();
    assert!(decisions.len() >= 4);
    let found: Vec<String> = decisions.iter().flat_map(wrong_with_decision).collect();
    assert_none(&found);
    let good = "# A\n\n## Decided\n\n## What was given up\n- b\n";
    assert!(wrong_with_decision(&File::new("docs/decisions/0001-a.md", good)).is_empty());
    let long = format!(
        "{}{}",
        good.replace("## What was given up", ""),
        "\n".repeat(PAGE)
    );
    assert_eq!(
        wrong_with_decision(&File::new("docs/decisions/a.md", &long[1..])).len(),
        4
    );
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let numbers: Vec<String> = decisions()
        .iter()
        .map(|file| file.path["docs/decisions/".len()..][..4].to_owned())
        .collect();
    let expected: Vec<String> = (1..=numbers.len()).map(|at| format!("{at:04}")).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn the_map_of_the_code_has_every_crate() {
    let map = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let mut members = files("Cargo.toml");
    members.retain(|file| file.text.contains("[package]"));
    let folders = members
        .iter()
        .map(|file| file.path.trim_end_matches("/Cargo.toml"));
    let missing: Vec<String> = folders
        .filter(|folder| !map.contains(&format!("| `{folder}`")))
        .map(|folder| format!("docs/ARCHITECTURE.md: {folder} is not on the map"))
        .collect();
    assert_none(&missing);
}

/// `make` targets that the text tells people to use.
fn missing_targets(file: &File, makefile: &str) -> Vec<String> {
    let commands = file
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("make "));
    let targets = commands.filter_map(|rest| rest.split_whitespace().next());
    targets
        .filter(|target| !makefile.contains(&format!("\n{target}:")))
        .map(|target| format!("{}: there is no make {target}", file.path))
        .collect()
}

#[test]
fn documents_tell_of_make_targets_that_are_there() {
    let makefile = std::fs::read_to_string(root().join("Makefile")).unwrap();
    let documents = files(".md");
    let found: Vec<String> = documents
        .iter()
        .flat_map(|file| missing_targets(file, &makefile))
        .collect();
    assert_none(&found);
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains("\nmake run ") && readme.contains("\nmake test "));
    let bad = File::new("a.md", "```sh\nmake run   # runs\nmake it so\n```\n");
    assert_eq!(
        missing_targets(&bad, "x:\nrun: ## runs\n"),
        ["a.md: there is no make it"]
    );
}
