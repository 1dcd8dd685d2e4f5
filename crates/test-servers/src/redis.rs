//! Redis, alone or as a cluster.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::process::{Process, free_port, scratch};

const READY: &str = "Ready to accept connections";

/// A Redis server that keeps nothing on disk.
#[derive(Debug)]
pub struct Redis {
    log: PathBuf,
    port: u16,
    process: Option<Process>,
    /// Its log's directory, if that is to end with it.
    scratch: Option<TempDir>,
}

impl Redis {
    /// Starts one.
    pub fn start() -> Self {
        let scratch = scratch();
        let started = Self::start_with(&scratch.path().join("redis.log"));
        let mut redis = started.unwrap_or_else(|error| panic!("{error}"));
        redis.scratch = Some(scratch);
        redis
    }

    /// Starts one with this log; what went wrong if it can't be started.
    pub fn start_with(log: &Path) -> Result<Self, String> {
        let port = free_port();
        Ok(Self {
            log: log.to_owned(),
            port,
            process: Some(serve(port, log, &[])?),
            scratch: None,
        })
    }

    /// Lets it go on after us; its number.
    pub fn leave(mut self) -> Option<u32> {
        self.process.take().map(Process::leave)
    }

    /// Its port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Kills it.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.end("-KILL");
        }
    }

    /// Starts it again, with nothing in it.
    pub fn restart(&mut self) {
        self.kill();
        let served = serve(self.port, &self.log, &[]);
        self.process = Some(served.unwrap_or_else(|error| panic!("{error}")));
    }

    /// Runs a command with `redis-cli`, and gives what it says.
    pub fn command(&self, words: &[&str]) -> String {
        cli(self.port, words)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Three masters.
#[derive(Debug)]
pub struct RedisCluster {
    _directories: Vec<TempDir>,
    ports: Vec<u16>,
    processes: Vec<Process>,
}

impl RedisCluster {
    /// Starts one, which has given all slots to its masters.
    pub fn start() -> Self {
        let directories: Vec<TempDir> = (0..3).map(|_| scratch()).collect();
        // The bus has a port of its own, 10,000 above by default, which may be too high.
        let ports: Vec<u16> = (0..3).map(|_| free_port()).collect();
        let processes = directories.iter().zip(&ports).map(|(directory, port)| {
            let bus = free_port().to_string();
            let cluster = ["--cluster-enabled", "yes", "--cluster-port", &bus];
            let served = serve(*port, &directory.path().join("redis.log"), &cluster);
            served.unwrap_or_else(|error| panic!("{error}"))
        });
        let processes = processes.collect();
        let nodes: Vec<String> = ports
            .iter()
            .map(|port| format!("127.0.0.1:{port}"))
            .collect();
        let mut create = Command::new("redis-cli");
        create
            .args(["--cluster", "create"])
            .args(&nodes)
            .arg("--cluster-yes");
        let made = create
            .output()
            .unwrap_or_else(|error| panic!("{create:?}: {error}"));
        let said = String::from_utf8_lossy(&made.stdout).into_owned();
        assert!(said.contains("All 16384 slots covered"), "{said}");
        Self {
            _directories: directories,
            ports,
            processes,
        }
    }

    /// Its address.
    pub fn url(&self) -> String {
        let hosts: Vec<String> = self
            .ports
            .iter()
            .map(|port| format!("127.0.0.1:{port}"))
            .collect();
        format!("redis+cluster://{}", hosts.join(","))
    }
}

impl Drop for RedisCluster {
    fn drop(&mut self) {
        for process in &mut self.processes {
            process.end("-KILL");
        }
    }
}

pub(crate) fn serve(port: u16, log: &Path, options: &[&str]) -> Result<Process, String> {
    let port = port.to_string();
    let mut command = Command::new("redis-server");
    command
        .args(["--port", &port, "--bind", "127.0.0.1", "--save", ""])
        .args(["--appendonly", "no", "--dir"])
        .arg(log.parent().unwrap_or(log))
        .args(options);
    Process::start(&mut command, log, READY)
}

fn cli(port: u16, words: &[&str]) -> String {
    let port = port.to_string();
    let said = Command::new("redis-cli")
        .args(["-p", &port])
        .args(words)
        .output();
    let said = said.unwrap_or_else(|error| panic!("redis-cli: {error}"));
    String::from_utf8_lossy(&said.stdout).trim().to_owned()
}
