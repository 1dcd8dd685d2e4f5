//! A service of ours as a child process.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Process;

/// What a program says first.
const STARTS: &str = "health, metrics: http://";

/// A running service. Dropping it ends it at once.
#[derive(Debug)]
pub struct Service {
    process: Process,
    log: PathBuf,
    /// What it says once it serves, but for the address.
    serves: String,
    /// Where people, or the gateway for them, ask it; empty before it serves.
    pub address: String,
    /// Where health and metrics are.
    pub internal_address: String,
}

impl Service {
    /// Starts one, and waits until it serves; what went wrong if it does not.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self, String> {
        let mut service = Self::begin(command, log)?;
        service.until_it_serves()?;
        Ok(service)
    }

    /// Starts one, which may still wait for something; what went wrong if it does not even do that.
    pub fn begin(command: &mut Command, log: &Path) -> Result<Self, String> {
        let program = Path::new(command.get_program()).file_name();
        let program = program.unwrap_or_default().to_string_lossy().into_owned();
        Self::begin_as(&program, command, log)
    }

    /// The same, by a command that only leads to the program.
    pub fn begin_as(program: &str, command: &mut Command, log: &Path) -> Result<Self, String> {
        let process = Process::start(command, log, STARTS)?;
        let mut service = Self {
            process,
            log: log.to_owned(),
            serves: format!("{program}: http://"),
            address: String::new(),
            internal_address: String::new(),
        };
        service.internal_address = service.says(STARTS)?;
        Ok(service)
    }

    /// Waits until it serves; what went wrong if it ends instead.
    pub fn until_it_serves(&mut self) -> Result<(), String> {
        let serves = self.serves.clone();
        self.address = self.says(&serves)?;
        Ok(())
    }

    /// Waits until it says this; the rest of that line, or what went wrong if it ends instead.
    pub fn says(&mut self, what: &str) -> Result<String, String> {
        let said = self.process.says(&self.log, what)?;
        let line = said.lines().find_map(|line| line.split_once(what));
        Ok(line.map_or_else(String::new, |(_, rest)| rest.trim().to_owned()))
    }

    /// Ends it at once, as a crash would.
    pub fn kill(&mut self) {
        let _ = self.process.end("-KILL");
    }

    /// Tells it to stop, and waits; whether it ended as one that has done its work.
    pub fn stop(&mut self) -> bool {
        self.process
            .end("-TERM")
            .is_some_and(|status| status.success())
    }

    /// Lets it go on after us; its number.
    pub fn leave(self) -> u32 {
        self.process.leave()
    }
}

/// Asks a service by `GET`, with a key if there is one: the whole answer, as it comes.
pub fn ask(address: &str, path: &str, key: Option<&str>) -> std::io::Result<String> {
    let authorization = key.map(|key| format!("Authorization: Bearer {key}\r\n"));
    let authorization = authorization.unwrap_or_default();
    let mut connection = TcpStream::connect(address)?;
    write!(
        connection,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{authorization}\r\n"
    )?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
