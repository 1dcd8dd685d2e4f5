//! `PostgreSQL`.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::process::{Process, free_port, scratch};

const READY: &str = "database system is ready to accept connections";
/// Where Debian keeps the programs of each version.
const PROGRAMS: &str = "/usr/lib/postgresql";

/// How much a `PostgreSQL` server may lose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing that was committed.
    Full,
    /// Whatever the machine loses: tests kill the server, not the machine.
    UnlessTheMachineFails,
}

/// A `PostgreSQL` server.
#[derive(Debug)]
pub struct Postgres {
    /// Where its data are.
    data: PathBuf,
    log: PathBuf,
    durability: Durability,
    port: u16,
    process: Option<Process>,
    /// The directory of both, if that is to end with it.
    scratch: Option<TempDir>,
}

impl Postgres {
    /// Starts one, with an empty database.
    pub fn start() -> Self {
        let scratch = scratch();
        let log = scratch.path().join("postgres.log");
        let started = Self::start_in(scratch.path(), &log, Durability::UnlessTheMachineFails);
        let mut postgres = started.unwrap_or_else(|error| panic!("{error}"));
        postgres.scratch = Some(scratch);
        postgres
    }

    /// Starts one, with an empty database in this directory and with this log; what went wrong if it can't be started.
    pub fn start_in(directory: &Path, log: &Path, durability: Durability) -> Result<Self, String> {
        let data = directory.join("data");
        Self::make_data(&data);
        let mut postgres = Self {
            data,
            log: log.to_owned(),
            durability,
            port: free_port(),
            process: None,
            scratch: None,
        };
        postgres.process = Some(postgres.serve()?);
        Ok(postgres)
    }

    /// Lets it go on after us; its number.
    pub fn leave(mut self) -> Option<u32> {
        self.process.take().map(Process::leave)
    }

    /// Its port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The address of the database, by way of another port of this machine.
    pub fn url_at(&self, port: u16) -> String {
        format!("postgres://jari@127.0.0.1:{port}/postgres")
    }

    /// The address of the database.
    pub fn url(&self) -> String {
        self.url_at(self.port)
    }

    /// Ends it at once, as a crash would.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.end("-QUIT");
        }
    }

    /// Starts it again, with the data it had.
    pub fn restart(&mut self) {
        self.kill();
        self.process = Some(self.serve().unwrap_or_else(|error| panic!("{error}")));
    }

    /// From now on nobody is let in without a password; whoever asks without one, or with a wrong one, is refused.
    pub fn ask_for_passwords(&mut self) {
        let rules = self.data.join("pg_hba.conf");
        if let Err(error) = std::fs::write(&rules, "host all all all scram-sha-256\n") {
            panic!("{}: {error}", rules.display());
        }
        self.restart();
    }

    fn serve(&self) -> Result<Process, String> {
        let mut command = program("postgres");
        command
            .arg("-D")
            .arg(&self.data)
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string()])
            .args(["-c", "unix_socket_directories="]);
        command.args(match self.durability {
            Durability::Full => ["-c", "max_connections=100"].as_slice(),
            Durability::UnlessTheMachineFails => &[
                "-c",
                "fsync=off",
                "-c",
                "shared_buffers=16MB",
                "-c",
                "max_connections=40",
            ],
        });
        Process::start(&mut command, &self.log, READY)
    }

    /// Where one of its programs is.
    pub fn program(name: &str) -> PathBuf {
        bin().join(name)
    }

    /// Whom it runs as where we are root, as which it refuses to run: the user and the group.
    pub fn user() -> Option<(u32, u32)> {
        other_user()
    }

    /// Makes this directory one with an empty database, in which everybody on this machine is `jari`.
    pub fn make_data(directory: &Path) {
        let mut copy = Command::new("cp");
        run(copy.arg("-a").arg(template()).arg(directory));
    }

    /// Runs a statement with `psql`, and gives what it says.
    pub fn query(&self, statement: &str) -> String {
        let mut psql = Command::new(bin().join("psql"));
        psql.args(["-X", "-A", "-t", "-c", statement, &self.url()]);
        run(&mut psql)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A fresh data directory to copy: making one takes a second, and every test needs one.
fn template() -> PathBuf {
    let name = format!("jari-test-postgres-{}", version());
    let template = std::env::temp_dir().join(name);
    if !template.exists() {
        let made = scratch();
        let data = made.path().join("data");
        own(&data);
        let mut init = program("initdb");
        init.args(["--no-sync", "-A", "trust", "-U", "jari", "-E", "UTF8"])
            .args(["--locale", "C", "-D"])
            .arg(&data);
        run(&mut init);
        // Whoever comes second finds it there, which is as good.
        let _ = std::fs::rename(&data, &template);
    }
    template
}

/// Makes a directory that the server's user owns.
fn own(path: &Path) {
    if let Err(error) = std::fs::create_dir(path) {
        panic!("{}: {error}", path.display());
    }
    if let Some((user, group)) = other_user()
        && let Err(error) = std::os::unix::fs::chown(path, Some(user), Some(group))
    {
        panic!("{}: {error}", path.display());
    }
}

/// One of `PostgreSQL`'s programs, run as the user `postgres` where we are root, as which it refuses to run.
fn program(name: &str) -> Command {
    let mut command = Command::new(bin().join(name));
    command.current_dir(std::env::temp_dir());
    if let Some((user, group)) = other_user() {
        command.uid(user).gid(group);
    }
    command
}

fn other_user() -> Option<(u32, u32)> {
    let we = std::fs::metadata("/proc/self").map_or(0, |process| process.uid());
    if we != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let line = users.lines().find(|line| line.starts_with("postgres:"));
    let mut fields = line
        .unwrap_or_else(|| panic!("there is no user postgres"))
        .split(':')
        .skip(2);
    let mut number = || fields.next().and_then(|field| field.parse().ok());
    Some((number()?, number()?))
}

fn version() -> u32 {
    let versions = std::fs::read_dir(PROGRAMS)
        .unwrap_or_else(|error| panic!("{PROGRAMS}: {error}; install PostgreSQL"));
    let names = versions.filter_map(|version| version.ok()?.file_name().into_string().ok());
    let newest = names.filter_map(|name| name.parse().ok()).max();
    newest.unwrap_or_else(|| panic!("{PROGRAMS} is empty; install PostgreSQL"))
}

fn bin() -> PathBuf {
    Path::new(PROGRAMS).join(version().to_string()).join("bin")
}

fn run(command: &mut Command) -> String {
    let done = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let error = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}: {error}");
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}
