//! One server as a child process.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

/// A running server. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts a server that says `ready` once it serves.
    pub(crate) fn start(command: &mut Command, ready: &str) -> Self {
        let command = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut process = Self { child };
        let (said, heard) = std::sync::mpsc::channel();
        if let Some(out) = process.child.stdout.take() {
            listen(out, said.clone());
        }
        if let Some(out) = process.child.stderr.take() {
            listen(out, said);
        }
        let mut words = Vec::new();
        loop {
            let line = heard
                .recv()
                .unwrap_or_else(|_| panic!("{command:?} has ended: {words:#?}"));
            if line.contains(ready) {
                return process;
            }
            words.push(line);
        }
    }

    /// Ends it at once with this signal, and waits until it has gone.
    pub(crate) fn end(&mut self, signal: &str) {
        let id = self.child.id().to_string();
        // Where it has gone already there is nobody to signal.
        let _ = Command::new("kill").args([signal, &id]).status();
        let _ = self.child.wait();
    }
}

/// Reads what a server says, for as long as it speaks: one whose output nobody reads would stand still.
fn listen(out: impl Read + Send + 'static, said: std::sync::mpsc::Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            // Once it serves nobody listens.
            let _ = said.send(line);
        }
    });
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    match listener {
        Ok(address) => address.port(),
        Err(error) => panic!("no port is free: {error}"),
    }
}

/// A scratch directory that other users may enter: `PostgreSQL` does not run as root.
pub(crate) fn scratch() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let permissions = std::fs::Permissions::from_mode(0o755);
    tempfile::Builder::new()
        .prefix("jari-test-")
        .permissions(permissions)
        .tempdir()
        .unwrap_or_else(|error| panic!("no scratch directory: {error}"))
}
