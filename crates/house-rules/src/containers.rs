//! That the images, the containers and the operating guide fit together. `make containers-test` runs them.

use std::collections::BTreeSet;

use serde_norway::{Mapping, Value};

use crate::tree::{assert_none, root};

/// The system, and which image of the Dockerfile each container has; the stores have their makers'.
const CONTAINERS: [(&str, Option<&str>); 6] = [
    ("nginx", Some("web")),
    ("ticketing-core", Some("ticketing-core")),
    ("queue-service", Some("queue-service")),
    ("staff-api", Some("staff-api")),
    ("postgres", None),
    ("redis", None),
];
/// Everything in one program: an image, but no part of the system.
const ALONE: &str = "jari";

pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The containers of a compose file, with what they share put into each.
fn containers(compose: &str) -> Vec<(String, Mapping)> {
    let mut compose: Value = serde_norway::from_str(compose).unwrap();
    compose.apply_merge().unwrap();
    let services = compose["services"].as_mapping().unwrap();
    let named = services.iter().map(|(name, container)| {
        let name = name.as_str().unwrap().to_owned();
        (name, container.as_mapping().unwrap().clone())
    });
    named.collect()
}

/// The texts of a list, or the names of a mapping.
fn names(value: Option<&Value>) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match value {
        Some(Value::Sequence(all)) => all.iter().map(text).collect(),
        Some(Value::Mapping(all)) => all.keys().map(text).collect(),
        _ => Vec::new(),
    }
}

/// The stages of a Dockerfile that are images: those that start something.
fn images(dockerfile: &str) -> BTreeSet<&str> {
    let mut stage = "";
    let mut images = BTreeSet::new();
    for line in dockerfile.lines() {
        if let Some(from) = line.strip_prefix("FROM ") {
            stage = from.split(" AS ").nth(1).unwrap_or_default();
        } else if line.starts_with("ENTRYPOINT ") {
            images.insert(stage);
        }
    }
    images
}

fn wrong_with_images(compose: &str, dockerfile: &str) -> Vec<String> {
    let mut left = images(dockerfile);
    left.remove(ALONE);
    let mut wrong = Vec::new();
    for (name, container) in containers(compose) {
        let Some(target) = container.get("build").map(|build| &build["target"]) else {
            continue;
        };
        let target = target.as_str().unwrap_or_default();
        if !left.remove(target) {
            wrong.push(format!("{name}: the Dockerfile has no image {target}"));
        }
        let image = container["image"].as_str().unwrap_or_default();
        if !image.starts_with(&format!("${{JARI_IMAGES:-jari}}/{target}:")) {
            wrong.push(format!("{name}: {image} is not what {target} is called"));
        }
    }
    wrong.extend(left.iter().map(|image| format!("nothing runs {image}")));
    wrong
}

/// What every container has, so that whoever breaks into one does not get further and none takes what others need.
pub(crate) fn wrong_with_limits(compose: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, container) in containers(compose) {
        let has = |key: &str, word: &str| names(container.get(key)).iter().any(|one| one == word);
        let checks = [
            (
                container.get("read_only") == Some(&Value::Bool(true)),
                "a root that can't be written",
            ),
            (has("cap_drop", "ALL"), "no capabilities"),
            (
                has("security_opt", "no-new-privileges:true"),
                "no way to new privileges",
            ),
            (container.contains_key("mem_limit"), "a limit of memory"),
            (container.contains_key("cpus"), "a limit of processors"),
            (container.contains_key("pids_limit"), "a limit of processes"),
            (has("ulimits", "nofile"), "a limit of files"),
            (
                container.contains_key("restart"),
                "a way to be started again",
            ),
            (
                container.contains_key("build") || container.contains_key("healthcheck"),
                "a check of its health",
            ),
            (
                container.contains_key("build") || container.contains_key("user"),
                "a user",
            ),
            (
                names(container.get("ports"))
                    .iter()
                    .all(|port| port.starts_with("${JARI_BIND:-127.0.0.1}:")),
                "no port beyond this machine unless told so",
            ),
        ];
        let missing = checks.iter().filter(|(holds, _)| !holds);
        wrong.extend(missing.map(|(_, what)| format!("{name}: it must have {what}")));
    }
    wrong
}

/// The part of the guide under this heading, up to the next one.
fn section<'g>(guide: &'g str, heading: &str) -> &'g str {
    let start = guide.find(&format!("\n{heading}\n")).unwrap();
    let section = &guide[start + 1 + heading.len()..];
    &section[..section.find("\n#").unwrap_or(section.len())]
}

/// Variables of a program that are not in its table in the guide, or must be set and are not.
fn wrong_with_variables(compose: &str, guide: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, container) in containers(compose) {
        if !container.contains_key("build") {
            continue;
        }
        let heading = match name.as_str() {
            "nginx" => "## The gateway".to_owned(),
            program => format!("### {program}"),
        };
        let table = section(guide, &heading);
        let set = names(container.get("environment"));
        let set: BTreeSet<&str> = set
            .iter()
            .map(|name| name.strip_suffix("_FILE").unwrap_or(name))
            .collect();
        let unknown = set
            .iter()
            .filter(|variable| !table.contains(&format!("\n| `{variable}` |")));
        wrong.extend(unknown.map(|variable| format!("{name}: {variable} is no variable of it")));
        let needed = table.lines().filter_map(|row| {
            let (variable, rest) = row.strip_prefix("| `")?.split_once("` | ")?;
            rest.starts_with("must be set").then_some(variable)
        });
        // The image has the pages, and says where.
        let missing = needed.filter(|one| !set.contains(one) && *one != "JARI_STATIC_DIR");
        wrong.extend(missing.map(|variable| format!("{name}: {variable} must be set")));
    }
    wrong
}

/// What the compose file itself can be told, and is not in the guide as it is.
pub(crate) fn wrong_with_settings(compose: &str, guide: &str) -> Vec<String> {
    let table = section(guide, "### Settings");
    let mut wrong = BTreeSet::new();
    for setting in compose.split("${").skip(1) {
        let setting = setting.split('}').next().unwrap_or_default();
        let row = match setting.split_once(":-") {
            Some((name, "")) => format!("| `{name}` | – |"),
            Some((name, default)) => format!("| `{name}` | `{default}` |"),
            None => format!("| `{setting}` | must be set |"),
        };
        if !table.contains(&row) {
            wrong.insert(format!("docs/OPERATING.md lacks: {row}"));
        }
    }
    wrong.into_iter().collect()
}

/// Secrets that a container has and nobody makes.
fn wrong_with_secrets(compose: &str, script: &str) -> Vec<String> {
    let whole: Value = serde_norway::from_str(compose).unwrap();
    let declared = names(whole.get("secrets"));
    let script: BTreeSet<&str> = script.split([' ', ';', '\n']).collect();
    let mut wrong = Vec::new();
    for (name, container) in containers(compose) {
        let secrets = names(container.get("secrets"));
        let unknown = secrets.iter().filter(|one| !declared.contains(one));
        wrong.extend(unknown.map(|secret| format!("{name}: no secret is called {secret}")));
        for (variable, file) in container
            .get("environment")
            .and_then(Value::as_mapping)
            .into_iter()
            .flatten()
        {
            let (variable, file) = (variable.as_str().unwrap(), file.as_str().unwrap());
            let is_there = file
                .strip_prefix("/run/secrets/")
                .is_some_and(|file| secrets.iter().any(|secret| secret == file));
            if variable.ends_with("_FILE") && !is_there {
                wrong.push(format!("{name}: {variable} is no secret that it has"));
            }
        }
    }
    let unmade = declared
        .iter()
        .filter(|secret| !script.contains(secret.as_str()));
    wrong.extend(unmade.map(|secret| format!("deploy/secrets.sh does not make {secret}")));
    wrong
}

/// What the Dockerfile copies from the repository.
fn copied(dockerfile: &str) -> Vec<&str> {
    let lines = dockerfile
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "));
    let from_here = lines.filter(|line| !line.contains("--from="));
    from_here
        .flat_map(|line| {
            let mut words: Vec<&str> = line.split(' ').collect();
            words.pop();
            words
        })
        .collect()
}

/// What is copied and is not there or not let through, and members of the workspace that are not copied.
fn wrong_with_copies(dockerfile: &str, ignore: &str, members: &[String]) -> Vec<String> {
    let copied = copied(dockerfile);
    let let_through: Vec<&str> = ignore.lines().filter_map(|l| l.strip_prefix('!')).collect();
    let hidden = copied.iter().filter(|path| !let_through.contains(path));
    let mut wrong: Vec<String> = hidden
        .map(|path| format!(".dockerignore hides {path}"))
        .collect();
    let gone = copied.iter().filter(|path| !root().join(path).exists());
    wrong.extend(gone.map(|path| format!("{path} is not there")));
    let is_copied = |member: &str| {
        copied
            .iter()
            .any(|path| member == *path || member.starts_with(&format!("{path}/")))
    };
    let missing = members.iter().filter(|member| !is_copied(member));
    wrong.extend(missing.map(|member| format!("the Dockerfile does not copy {member}")));
    wrong
}

/// Images that others make, without a version in their name.
pub(crate) fn unpinned(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    let named = lines.filter_map(|line| {
        let line = line
            .strip_prefix("FROM ")
            .or_else(|| line.strip_prefix("image: "));
        line?.split(' ').next()
    });
    let stages: Vec<&str> = text.split(" AS ").skip(1).collect();
    let is_stage = |name: &str| {
        stages
            .iter()
            .any(|stage| stage.lines().next() == Some(name))
    };
    named
        .filter(|name| !is_stage(name) && (!name.contains(':') || name.ends_with(":latest")))
        .map(|name| format!("{name} says no version"))
        .collect()
}

const BAD: &str = "
services:
  ticketing-core:
    image: jari/other:1
    build: {target: gone}
    ports: ['8080:8080']
    secrets: [lost]
    environment: {JARI_SECRET_KEY_FILE: /run/secrets/found, JARI_NAME: '${JARI_SETTING:-1}'}
";

#[test]
fn the_system_is_six_containers_of_the_images_that_there_are() {
    let compose = read("deploy/compose.yaml");
    let found = containers(&compose);
    let found: Vec<(&str, Option<&str>)> = found
        .iter()
        .map(|(name, container)| {
            let target = container.get("build").map(|build| &build["target"]);
            (name.as_str(), target.and_then(Value::as_str))
        })
        .collect();
    assert_eq!(found, CONTAINERS);
    assert_none(&wrong_with_images(&compose, &read("deploy/Dockerfile")));
    let dockerfile = "FROM a AS build\nFROM b AS ticketing-core\nENTRYPOINT [\"x\"]\n";
    assert_eq!(wrong_with_images(BAD, dockerfile).len(), 3);
}

#[test]
fn containers_have_limits() {
    assert_none(&wrong_with_limits(&read("deploy/compose.yaml")));
    // One machine's part, from images that say who they run as and how they are asked for their health.
    let mut wrong = wrong_with_limits(&read("deploy/azure/machine/compose.yaml"));
    wrong.retain(|what| !what.ends_with("a user") && !what.ends_with("a check of its health"));
    assert_none(&wrong);
    assert_eq!(wrong_with_limits(BAD).len(), 9, "all but health and user");
}

#[test]
fn containers_are_told_what_their_programs_can_be_told() {
    let (compose, guide) = (read("deploy/compose.yaml"), read("docs/OPERATING.md"));
    assert_none(&wrong_with_variables(&compose, &guide));
    assert_none(&wrong_with_settings(&compose, &guide));
    let with_tls = read("deploy/compose.tls.yaml");
    assert_none(&wrong_with_settings(&with_tls, &guide));
    let guide = "\n### ticketing-core\n\n| `JARI_SECRET_KEY` | must be set |\n| `JARI_ENTRY_KEY` | must be set |\n\n### Settings\n";
    assert_eq!(
        wrong_with_variables(BAD, guide),
        [
            "ticketing-core: JARI_NAME is no variable of it",
            "ticketing-core: JARI_ENTRY_KEY must be set"
        ]
    );
    assert_eq!(wrong_with_settings(BAD, guide).len(), 1);
}

#[test]
fn secrets_are_made_and_handed_to_who_reads_them() {
    let (compose, script) = (read("deploy/compose.yaml"), read("deploy/secrets.sh"));
    assert_none(&wrong_with_secrets(&compose, &script));
    for more in [
        "deploy/compose.observe.yaml",
        "deploy/azure/machine/compose.yaml",
    ] {
        assert_none(&wrong_with_secrets(&read(more), &script));
    }
    let bad = format!("{BAD}secrets: {{made: {{}}, unmade: {{}}}}\n");
    assert_eq!(
        wrong_with_secrets(&bad, "echo 1 > made\n"),
        [
            "ticketing-core: no secret is called lost",
            "ticketing-core: JARI_SECRET_KEY_FILE is no secret that it has",
            "deploy/secrets.sh does not make unmade"
        ]
    );
}

#[test]
fn images_are_built_from_what_is_there_and_the_whole_workspace() {
    let workspace = read("Cargo.toml");
    let members = workspace.split("\nmembers = [").nth(1).unwrap();
    let members = members.split(']').next().unwrap().split(", ");
    let members: Vec<String> = members
        .map(|one| one.trim_matches(['"', '*', '/']).to_owned())
        .collect();
    assert!(members.len() > 3, "{members:?}");
    let (dockerfile, ignore) = (read("deploy/Dockerfile"), read(".dockerignore"));
    assert_none(&wrong_with_copies(&dockerfile, &ignore, &members));
    let wrong = wrong_with_copies(
        "COPY crates gone x/\nCOPY --from=a b c\n",
        "*\n!crates\n",
        &members,
    );
    assert_eq!(
        wrong[..2],
        [".dockerignore hides gone", "gone is not there"]
    );
    assert_eq!(wrong.len(), 2 + members.len() - 1);
}

#[test]
fn images_of_others_say_their_version() {
    let (compose, dockerfile) = (read("deploy/compose.yaml"), read("deploy/Dockerfile"));
    assert_none(&[unpinned(&compose), unpinned(&dockerfile)].concat());
    assert_eq!(
        unpinned("FROM a\nFROM b:1 AS c\nFROM c\nFROM d:latest\n").len(),
        2
    );
}
