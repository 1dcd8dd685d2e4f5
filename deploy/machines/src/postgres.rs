//! `PostgreSQL` on two machines: one answers, the other follows and has all that was answered. What an operator does when one
//! is lost is done by the operator's script, `deploy/postgres/standby.sh`.

use std::path::{Path, PathBuf};
use std::process::Command;

use test_servers::{Postgres, Process};

use crate::network::{Machine, everybody, said};

/// What the one that answers says, and the one that follows.
const READY: &str = "database system is ready to accept";
/// The port.
const PORT: u16 = 5432;

/// One of the two.
#[derive(Debug)]
pub struct Server {
    /// Where it runs.
    pub machine: Machine,
    data: PathBuf,
    log: PathBuf,
    process: Option<Process>,
}

impl Server {
    /// One that does not run yet, with a folder of its own in this one.
    pub fn new(machine: Machine, folder: &Path) -> Self {
        Self {
            data: folder.join(&machine.name).join("data"),
            log: folder.join(format!("{}.log", machine.name)),
            machine,
            process: None,
        }
    }

    /// Makes an empty database, in which everybody at the switch may do everything.
    pub fn make(&self) -> Result<(), String> {
        self.make_folder()?;
        Postgres::make_data(&self.data);
        let rules = self.data.join("pg_hba.conf");
        let all = everybody();
        let text = format!("host all all {all} trust\nhost replication all {all} trust\n");
        std::fs::write(&rules, text).map_err(|error| format!("{}: {error}", rules.display()))
    }

    /// Makes it one that follows the one at this address; it does not run itself, or not any more.
    pub fn join(&mut self, primary: &str) -> Result<(), String> {
        // As in start.
        self.process = None;
        self.make_folder()?;
        let mut join = script();
        join.arg("join").arg(&self.data).arg(&self.machine.name);
        join.arg(primary);
        said(&mut self.machine.run_as(Postgres::user(), &join)).map(drop)
    }

    /// The folder around its data, which is its user's.
    fn make_folder(&self) -> Result<(), String> {
        let folder = self.data.parent().unwrap_or(&self.data);
        let made = std::fs::create_dir_all(folder);
        let owned = made.and_then(|()| match Postgres::user() {
            Some((user, group)) => std::os::unix::fs::chown(folder, Some(user), Some(group)),
            None => Ok(()),
        });
        owned.map_err(|error| format!("{}: {error}", folder.display()))
    }

    /// Starts it.
    pub fn start(&mut self) -> Result<(), String> {
        // Until somebody has asked how it ended there is a process of its number.
        self.process = None;
        let mut serve = Command::new(Postgres::program("postgres"));
        serve.arg("-D").arg(&self.data);
        serve.args(["-h", &self.machine.address, "-p", &PORT.to_string()]);
        for setting in [
            "unix_socket_directories=",
            "max_connections=40",
            "shared_buffers=16MB",
            // No test here takes the disk away.
            "fsync=off",
            // As docs/OPERATING.md has them: whoever says nothing for so long is taken for lost.
            "wal_sender_timeout=5s",
            "wal_receiver_timeout=5s",
        ] {
            serve.args(["-c", setting]);
        }
        let mut command = self.machine.run_as(Postgres::user(), &serve);
        self.process = Some(Process::start(&mut command, &self.log, READY)?);
        Ok(())
    }

    /// Commits are answered when this one has them, too.
    pub fn require(&self, standby: &Self) -> Result<(), String> {
        self.operate("require", &[&standby.machine.name])
    }

    /// Commits are answered when it has them alone.
    pub fn alone(&self) -> Result<(), String> {
        self.operate("alone", &[])
    }

    /// Takes over.
    pub fn promote(&self) -> Result<(), String> {
        self.operate("promote", &[])
    }

    fn operate(&self, what: &str, words: &[&str]) -> Result<(), String> {
        let mut operate = script();
        operate.arg(what).arg(self.url()).args(words);
        said(&mut operate).map(drop)
    }

    /// Its address.
    pub fn url(&self) -> String {
        let address = self.machine.at(PORT);
        format!("postgres://jari@{address}/postgres")
    }
}

/// What the services are told: both, of which they take the one that can be written to.
pub fn url_of(servers: &[Server; 2]) -> String {
    let [first, second] = servers.each_ref().map(|server| server.machine.at(PORT));
    format!("postgres://jari@{first},{second}/postgres?target_session_attrs=read-write")
}

fn script() -> Command {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../postgres/standby.sh"))
}
