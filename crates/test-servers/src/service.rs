//! A service of ours as a child process.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use crate::Process;

/// The last line of a program that serves.
const SERVES: &str = "health, metrics: http://";

/// A running service. Dropping it ends it at once.
#[derive(Debug)]
pub struct Service {
    process: Process,
    /// Where people, or the gateway for them, ask it.
    pub address: String,
    /// Where health and metrics are.
    pub internal_address: String,
}

impl Service {
    /// Starts one, which says where it is in its log; what went wrong if it does not.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self, String> {
        let process = Process::start(command, log, SERVES)?;
        let said =
            std::fs::read_to_string(log).map_err(|error| format!("{}: {error}", log.display()))?;
        // Of what it says first, the public address comes before the internal one.
        let mut addresses = said
            .lines()
            .filter_map(|line| line.split_once(": http://"))
            .map(|(_, address)| address.trim().to_owned());
        let (Some(address), Some(internal_address)) = (addresses.next(), addresses.next()) else {
            return Err(format!(
                "{} does not say where it is:\n{said}",
                log.display()
            ));
        };
        Ok(Self {
            process,
            address,
            internal_address,
        })
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
