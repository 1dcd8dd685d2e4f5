//! That alerts, their stories, their runbooks and the dashboard fit together. The real Prometheus has them in the tests of
//! services/jari.

use std::collections::BTreeSet;

use serde_norway::Value;

use crate::containers::{read, unpinned, wrong_with_limits, wrong_with_settings};
use crate::tree::{assert_none, files};

const RUNBOOKS: &str = "docs/runbooks/";
/// What every runbook says, in this order.
const SECTIONS: [&str; 4] = [
    "\n## What it means\n",
    "\n## What buyers see\n",
    "\n## What to look at\n",
    "\n## What to do\n",
];

fn text<'v>(value: &'v Value, keys: &[&str]) -> &'v str {
    let found = keys.iter().try_fold(value, |value, key| value.get(key));
    found.and_then(Value::as_str).unwrap_or_default()
}

fn sequence(value: Option<&Value>) -> &[Value] {
    value
        .and_then(Value::as_sequence)
        .map_or(&[], Vec::as_slice)
}

fn alerts(rules: &Value) -> Vec<&Value> {
    let groups = sequence(rules.get("groups")).iter();
    groups
        .flat_map(|group| sequence(group.get("rules")))
        .collect()
}

fn wrong_with_alert(alert: &Value) -> Vec<String> {
    let name = text(alert, &["alert"]);
    let severity = text(alert, &["labels", "severity"]);
    let runbook = text(alert, &["annotations", "runbook"]);
    let checks = [
        (name.starts_with("Jari"), "a name that begins with Jari"),
        (
            !text(alert, &["for"]).is_empty(),
            "a time for which it must hold",
        ),
        (
            ["page", "ticket"].contains(&severity),
            "a severity: page or ticket",
        ),
        (
            !text(alert, &["annotations", "summary"]).is_empty(),
            "a sentence that says what is wrong",
        ),
        (
            runbook == format!("{RUNBOOKS}{name}.md"),
            "the runbook of its name",
        ),
    ];
    let missing = checks.iter().filter(|(holds, _)| !holds);
    missing
        .map(|(_, what)| format!("{name}: it must have {what}"))
        .collect()
}

/// Alerts that no story makes fire, and those that a good evening does not look for.
fn untold(alerts: &[&Value], stories: &Value) -> Vec<String> {
    let (mut fired, mut silent) = (BTreeSet::new(), BTreeSet::new());
    for story in sequence(stories.get("tests")) {
        for check in sequence(story.get("alert_rule_test")) {
            let name = text(check, &["alertname"]);
            let fires = !sequence(check.get("exp_alerts")).is_empty();
            if fires {
                fired.insert(name);
            } else if text(story, &["name"]) == "a good evening" {
                silent.insert(name);
            }
        }
    }
    let names = alerts.iter().map(|alert| text(alert, &["alert"]));
    names
        .flat_map(|name| {
            let wrong = [
                (fired.contains(name), "no story makes it fire"),
                (silent.contains(name), "a good evening does not look for it"),
            ];
            wrong
                .into_iter()
                .filter(|(holds, _)| !holds)
                .map(move |(_, what)| format!("{name}: {what}"))
        })
        .collect()
}

fn wrong_with_runbook(name: &str, runbook: &str) -> Vec<String> {
    let mut after = 0;
    let mut wrong = Vec::new();
    if !runbook.starts_with(&format!("# {name}\n")) {
        wrong.push(format!("{name}: its runbook has another title"));
    }
    for section in SECTIONS {
        match runbook[after..].find(section) {
            Some(at) => after += at,
            None => wrong.push(format!("{name}: its runbook lacks \"{}\"", section.trim())),
        }
    }
    wrong
}

fn yaml(path: &str) -> Value {
    serde_norway::from_str(&read(path)).unwrap()
}

#[test]
fn every_alert_is_whole_and_has_a_story_in_which_it_fires() {
    let (rules, stories) = (
        yaml("deploy/observe/alerts.yaml"),
        yaml("deploy/observe/alerts.test.yaml"),
    );
    let alerts = alerts(&rules);
    assert!(alerts.len() >= 5);
    let wrong = alerts.iter().flat_map(|alert| wrong_with_alert(alert));
    assert_none(&wrong.collect::<Vec<_>>());
    assert_none(&untold(&alerts, &stories));
    let bad: Value = serde_norway::from_str("{alert: Slow, expr: x}").unwrap();
    assert_eq!(wrong_with_alert(&bad).len(), 5);
    assert_eq!(untold(&[&bad], &stories).len(), 2);
}

#[test]
fn every_alert_has_a_runbook_and_every_runbook_an_alert() {
    let rules = yaml("deploy/observe/alerts.yaml");
    let mut left: BTreeSet<&str> = alerts(&rules)
        .iter()
        .map(|alert| text(alert, &["alert"]))
        .collect();
    let mut wrong = Vec::new();
    for file in files(".md") {
        let Some(name) = file.path.strip_prefix(RUNBOOKS) else {
            continue;
        };
        let name = name.trim_end_matches(".md");
        if !left.remove(name) {
            wrong.push(format!("{}: there is no such alert", file.path));
        }
        wrong.extend(wrong_with_runbook(name, &file.text));
    }
    wrong.extend(left.iter().map(|name| format!("{name} has no runbook")));
    assert_none(&wrong);
    let bad = "# A\n\n## What to do\n\n## What it means\n";
    assert_eq!(wrong_with_runbook("B", bad).len(), 4);
}

#[test]
fn the_dashboard_names_runbooks_that_are_there_and_every_panel_asks_something() {
    let dashboard = read("deploy/observe/dashboards/jari.json");
    let parsed: Value = serde_norway::from_str(&dashboard).unwrap();
    let panels = sequence(parsed.get("panels"));
    assert!(panels.len() > 20);
    for panel in panels {
        let is_row = text(panel, &["type"]) == "row";
        let asked = sequence(panel.get("targets"));
        let empty = asked
            .iter()
            .any(|target| text(target, &["expr"]).is_empty());
        assert!(!empty && asked.is_empty() == is_row, "{panel:?}");
    }
    let named = dashboard.split("unbook ").skip(1);
    let named: BTreeSet<&str> = named
        .filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next())
        .collect();
    let rules = yaml("deploy/observe/alerts.yaml");
    let names: BTreeSet<&str> = alerts(&rules)
        .iter()
        .map(|alert| text(alert, &["alert"]))
        .collect();
    assert_eq!(named, names, "each is named where it can be seen");
}

#[test]
fn the_eyes_are_containers_as_the_others_are() {
    let compose = read("deploy/compose.observe.yaml");
    assert_none(&wrong_with_limits(&compose));
    assert_none(&wrong_with_settings(&compose, &read("docs/OPERATING.md")));
    assert_none(&unpinned(&compose));
    let mounted = compose.lines().filter_map(|line| {
        let path = line.trim().strip_prefix("- ./")?;
        path.split(':').next()
    });
    let mounted: Vec<&str> = mounted.collect();
    assert!(mounted.len() > 4, "{mounted:?}");
    for path in mounted {
        let there = crate::tree::root().join("deploy").join(path);
        assert!(there.exists(), "{path} is not there");
    }
}
