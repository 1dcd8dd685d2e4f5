//! Redis on two machines, and three sentinels, of which two must agree.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use test_servers::Process;

use crate::network::Machine;

/// What sentinels call the two.
const NAME: &str = "jari";
const PORT: u16 = 6379;
const SENTINEL_PORT: u16 = 26379;
const READY: &str = "Ready to accept connections";
const SENTINEL_READY: &str = "+monitor master";

/// Redis, or a sentinel.
#[derive(Debug)]
pub struct Server {
    machine: Machine,
    port: u16,
    ready: &'static str,
    kind: &'static str,
    folder: PathBuf,
    process: Option<Process>,
}

impl Server {
    /// Redis, which does not run yet, with its settings in this folder; it follows a master if there is one.
    pub fn redis(
        machine: Machine,
        folder: &Path,
        master: Option<&Machine>,
    ) -> Result<Self, String> {
        let mut settings = "save \"\"\nappendonly no\n".to_owned();
        if let Some(master) = master {
            let _ = writeln!(settings, "replicaof {} {PORT}", master.address);
        }
        Self::make(machine, folder, "redis", PORT, READY, &settings)
    }

    /// A sentinel, which does not run yet, of this master.
    pub fn sentinel(machine: Machine, folder: &Path, master: &Machine) -> Result<Self, String> {
        let settings = format!(
            "sentinel monitor {NAME} {} {PORT} 2\nsentinel down-after-milliseconds {NAME} 1000\n\
             sentinel failover-timeout {NAME} 3000\n",
            master.address
        );
        let (port, ready) = (SENTINEL_PORT, SENTINEL_READY);
        Self::make(machine, folder, "sentinel", port, ready, &settings)
    }

    fn make(
        machine: Machine,
        folder: &Path,
        kind: &'static str,
        port: u16,
        ready: &'static str,
        settings: &str,
    ) -> Result<Self, String> {
        let folder = folder.join(format!("{kind}-on-{}", machine.name));
        let address = &machine.address;
        let text = format!(
            "port {port}\nbind {address}\nprotected-mode no\ndir {}\n{settings}",
            folder.display()
        );
        // It writes into it what it learns: whom it follows, whom it has seen.
        let written = std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::write(folder.join("redis.conf"), text));
        written.map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self {
            machine,
            port,
            ready,
            kind,
            folder,
            process: None,
        })
    }

    /// Starts it.
    pub fn start(&mut self) -> Result<(), String> {
        // Until somebody has asked how it ended there is a process of its number.
        self.process = None;
        let mut serve = Command::new("redis-server");
        serve.arg(self.folder.join("redis.conf"));
        if self.kind == "sentinel" {
            serve.arg("--sentinel");
        }
        let log = self.folder.join("log");
        let started = Process::start(&mut self.machine.run(&serve), &log, self.ready);
        self.process = Some(started?);
        Ok(())
    }

    /// What it says to these words; nothing if it does not answer.
    fn command(&self, words: &[&str]) -> String {
        let port = self.port.to_string();
        let said = Command::new("redis-cli")
            .args(["-h", &self.machine.address, "-p", &port])
            .args(words)
            .output();
        said.map(|said| String::from_utf8_lossy(&said.stdout).into_owned())
            .unwrap_or_default()
    }

    /// Of a sentinel: the address of the master; nothing if it does not answer.
    fn master(&self) -> String {
        let said = self.command(&["SENTINEL", "get-master-addr-by-name", NAME]);
        said.lines().next().unwrap_or_default().to_owned()
    }

    /// Of a sentinel: whether it sees the two others.
    fn sees_the_others(&self) -> bool {
        self.command(&["SENTINEL", "ckquorum", NAME])
            .contains("OK 3 usable")
    }

    /// Of a master: whether another one follows it and has all.
    fn is_followed(&self) -> bool {
        let told = self.command(&["INFO", "replication"]);
        told.contains("role:master") && told.contains(",state=online,")
    }
}

/// Whether the next loss of a master would be as harmless as the first.
pub fn are_whole(servers: &[Server; 2], sentinels: &[Server; 3]) -> bool {
    let master = sentinels[0].master();
    let followed = servers.iter().find(|one| one.machine.address == master);
    let agreed = |sentinel: &Server| sentinel.master() == master && sentinel.sees_the_others();
    followed.is_some_and(Server::is_followed) && sentinels.iter().all(agreed)
}

/// What the services are told.
pub fn url_of(sentinels: &[Server; 3]) -> String {
    let hosts = sentinels.each_ref().map(|one| one.machine.at(one.port));
    format!("redis+sentinel://{}/{NAME}", hosts.join(","))
}
