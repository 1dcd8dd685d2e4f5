//! That the version is the same wherever it is said, and that only what agrees with itself is released.

use std::path::Path;
use std::process::Command;

use crate::containers::read;
use crate::tree::{assert_none, root};

/// The one place of the version.
fn version() -> String {
    let workspace = read("Cargo.toml");
    let version = workspace.split("\nversion = \"").nth(1).unwrap();
    version.split('"').next().unwrap().to_owned()
}

/// Files that say the version, each with what stands right before it.
const SAID: [(&str, &str); 8] = [
    ("deploy/Dockerfile", "ARG VERSION="),
    ("deploy/compose.yaml", "JARI_VERSION:-"),
    (
        "deploy/kubernetes/overlays/laptop/kustomization.yaml",
        "newTag: \"",
    ),
    (
        "deploy/kubernetes/overlays/production/kustomization.yaml",
        "newTag: \"",
    ),
    ("docs/OPERATING.md", "jari/jari:"),
    ("web/openapi/queue-service.json", "\"version\": \""),
    ("web/openapi/staff-api.json", "\"version\": \""),
    ("web/openapi/ticketing-core.json", "\"version\": \""),
];

/// Where this text says another version, or none.
fn other_versions(path: &str, text: &str, before: &str, version: &str) -> Vec<String> {
    let said: Vec<&str> = text.split(before).skip(1).collect();
    if said.is_empty() {
        return vec![format!("{path} says no version after {before}")];
    }
    let is_it = |said: &&str| {
        let rest = said.strip_prefix(version);
        rest.is_some_and(|rest| {
            !rest.starts_with(|next: char| next.is_ascii_digit() || next == '.')
        })
    };
    let wrong = said.iter().filter(|said| !is_it(said));
    wrong
        .map(|said| {
            format!(
                "{path}: {before}{} is not {version}",
                said.chars().take(8).collect::<String>()
            )
        })
        .collect()
}

#[test]
fn the_version_is_the_same_wherever_it_is_said() {
    let version = version();
    for (path, before) in SAID {
        assert_none(&other_versions(path, &read(path), before, &version));
    }
    assert_eq!(
        other_versions("a", "v=1.2.3 v=1.2.30 v=1.2 v=1.2.3.4", "v=", "1.2.3").len(),
        3
    );
    assert_eq!(other_versions("a", "", "v=", "1.2.3").len(), 1);
}

/// A repository of which only this is there.
fn repository(folder: &Path, changelog: &str) {
    let scripts = folder.join("scripts");
    std::fs::create_dir_all(&scripts).unwrap();
    std::fs::copy(
        root().join("scripts/version.sh"),
        scripts.join("version.sh"),
    )
    .unwrap();
    std::fs::write(
        folder.join("Cargo.toml"),
        "[workspace.package]\nversion = \"1.2.3\"\n",
    )
    .unwrap();
    std::fs::write(folder.join("CHANGELOG.md"), changelog).unwrap();
}

/// Whether it ended well, and what it said.
fn asked(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(folder.join("scripts/version.sh"))
        .args(arguments)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[test]
fn a_tag_is_released_only_if_version_and_changelog_agree_with_it() {
    let folder = std::env::temp_dir().join(format!("jari-version-{}", std::process::id()));
    repository(
        &folder,
        "# Changelog\n\n## 1.2.3 (2030-01-01)\n\n- It is there.\n\n## 1.2.30\n\n- Not this.\n",
    );
    assert_eq!(asked(&folder, &[]), (true, "1.2.3\n".to_owned()));
    assert_eq!(asked(&folder, &["check", "v1.2.3"]), (true, String::new()));
    assert_eq!(asked(&folder, &["notes"]).1.trim(), "- It is there.");
    let (well, said) = asked(&folder, &["check", "v1.2.4"]);
    assert!(
        !well && said.contains("v1.2.4") && said.contains("Cargo.toml 1.2.3"),
        "{said}"
    );
    for (changelog, why) in [
        (
            "# Changelog\n\n## Unreleased\n\n- New.\n\n## 1.2.3\n\n- Old.\n",
            "begins with something else",
        ),
        (
            "# Changelog\n\n## Unreleased\n\n- New.\n",
            "says nothing under",
        ),
        (
            "# Changelog\n\n## 1.2.3\n\n## 1.2.2\n\n- Old.\n",
            "says nothing under",
        ),
    ] {
        repository(&folder, changelog);
        let (well, said) = asked(&folder, &["check", "v1.2.3"]);
        assert!(
            !well && said.contains(why) && said.lines().count() == 1,
            "{said}"
        );
    }
    std::fs::remove_dir_all(&folder).unwrap();
    let (well, said) = asked(&root(), &[]);
    assert!(well && said.trim() == version(), "{said}");
}
