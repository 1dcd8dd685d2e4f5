//! The real Prometheus, with the rules of deploy/observe, looks at the real services.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use local_cluster::Cluster;
use serde_json::Value;
use tempfile::TempDir;
use test_servers::{Process, Service};

use super::{buy, on_sale};
use crate::asking::{Asker, next_request};
use crate::server::start_cluster;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/observe")
}

/// Asks one of Prometheus's own tools; all that it says if it is not content.
fn asked(tool: &str, arguments: &[&str]) {
    let mut tool = Command::new(tool);
    let told = tool.args(arguments).current_dir(folder()).output().unwrap();
    let said = [told.stdout, told.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(told.status.success(), "{arguments:?}: {said}");
}

#[test]
fn prometheus_takes_its_configuration_and_every_alert_fires_in_its_story() {
    asked("promtool", &["check", "config", "prometheus.yaml"]);
    asked(
        "promtool",
        &["check", "rules", "--lint-fatal", "alerts.yaml"],
    );
    asked("promtool", &["test", "rules", "alerts.test.yaml"]);
    asked("amtool", &["check-config", "alertmanager.yaml"]);
}

/// Text of deploy/observe with these parts replaced, each of which must be there.
fn replaced(file: &str, parts: &[(&str, String)]) -> String {
    let mut text = std::fs::read_to_string(folder().join(file)).unwrap();
    for (old, new) in parts {
        assert!(text.contains(old), "{file}: {old} in {text}");
        text = text.replace(old, new);
    }
    text
}

/// Prometheus as deploy/observe has it, but for addresses, and in a hurry.
struct Prometheus {
    _process: Process,
    _directory: TempDir,
    address: String,
    /// Prometheus takes us for the Alertmanager.
    told: TcpListener,
}

impl Prometheus {
    fn start(cluster: &Cluster) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let told = TcpListener::bind("127.0.0.1:0").unwrap();
        let all = |instances: &[Service]| {
            let addresses = instances.iter().map(|one| one.internal_address.clone());
            addresses.collect::<Vec<_>>().join("\", \"")
        };
        let parts = [
            ("ticketing-core:9081", all(&cluster.cores)),
            ("queue-service:9082", all(&cluster.queues)),
            ("staff-api:9083", cluster.staff.internal_address.clone()),
            ("alertmanager:9093", told.local_addr().unwrap().to_string()),
            (
                "scrape_interval: 5s",
                "scrape_interval: 200ms\n  scrape_timeout: 200ms".to_owned(),
            ),
            (
                "evaluation_interval: 5s",
                "evaluation_interval: 200ms".to_owned(),
            ),
        ];
        let path = |name: &str| directory.path().join(name);
        std::fs::write(path("prometheus.yaml"), replaced("prometheus.yaml", &parts)).unwrap();
        let at_once = [("for: 10s", "for: 0s".to_owned())];
        std::fs::write(path("alerts.yaml"), replaced("alerts.yaml", &at_once)).unwrap();
        let address = gateway::own_address(2);
        let mut program = Command::new("prometheus");
        program
            .arg(format!(
                "--config.file={}",
                path("prometheus.yaml").display()
            ))
            .arg(format!("--storage.tsdb.path={}", path("data").display()))
            .arg(format!("--web.listen-address={address}"));
        let ready = "Server is ready to receive web requests";
        let process = Process::start(&mut program, &path("log"), ready);
        Self {
            _process: process.unwrap_or_else(|error| panic!("{error}")),
            _directory: directory,
            address,
            told,
        }
    }

    /// The next alerts that it tells of, firing or over.
    fn next_alerts(&self) -> Vec<Value> {
        let (_, body) = next_request(&self.told);
        serde_json::from_slice(&body).unwrap()
    }
}

#[test]
fn the_real_prometheus_tells_of_a_redis_that_was_killed_and_names_the_runbook() {
    let (_data, mut cluster) = start_cluster();
    on_sale(&cluster);
    buy(&cluster);
    let prometheus = Prometheus::start(&cluster);
    cluster.redis.kill();
    let mut left: BTreeSet<String> = cluster
        .cores
        .iter()
        .chain(&cluster.queues)
        .map(|instance| instance.internal_address.clone())
        .collect();
    while !left.is_empty() {
        for alert in prometheus.next_alerts() {
            let labels = &alert["labels"];
            if labels["alertname"] != "JariStoreDown" {
                continue;
            }
            let runbook = alert["annotations"]["runbook"].as_str().unwrap();
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
            assert!(root.join(runbook).exists(), "{alert}");
            assert_eq!(labels["severity"], "page");
            left.remove(labels["instance"].as_str().unwrap());
        }
    }
    // It knows why, and what was sold.
    let asker = Asker::at(&format!("http://{}", prometheus.address));
    let ask = |query: &str| {
        let told = asker.get(&format!("/api/v1/query?query={query}"), "");
        told.json(200)["data"]["result"].clone()
    };
    let failures = ask("min(jari_store_failures_total)%20by%20(store)");
    assert_eq!(failures[0]["metric"]["store"], "redis", "{failures}");
    let sold = ask("max(jari_seats{state=%22sold%22})%20by%20(event)");
    assert_eq!(sold[0]["metric"]["event"], "gala", "{sold}");
    assert_eq!(sold[0]["value"][1], "2", "{sold}");
}
