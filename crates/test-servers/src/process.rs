//! One server as a child process.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// How often a log is looked at for the word that its server serves.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// A running server. Dropping it ends it at once.
#[derive(Debug)]
pub struct Process {
    child: Child,
    program: String,
    /// Whether it goes on after us.
    left: bool,
}

impl Process {
    /// Starts a server, which says `ready` in its log once it serves; what went wrong if it does not. It has a process
    /// group of its own: a Ctrl-C that is meant for others does not reach it.
    pub fn start(command: &mut Command, log: &Path, ready: &str) -> Result<Self, String> {
        let what = |error: std::io::Error| format!("{}: {error}", log.display());
        let out = File::create(log).map_err(what)?;
        let command = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(out.try_clone().map_err(what)?)
            .stderr(out);
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command
            .spawn()
            .map_err(|error| format!("{program} can't be started: {error}"))?;
        let mut process = Self {
            child,
            program,
            left: false,
        };
        process.says(log, ready)?;
        Ok(process)
    }

    /// Waits until it has said this in its log: all that it has said; what went wrong if it ends instead.
    pub fn says(&mut self, log: &Path, what: &str) -> Result<String, String> {
        loop {
            // In this order: one that has ended has said all.
            let ended = self.ended();
            let said = std::fs::read(log).map_err(|error| format!("{}: {error}", log.display()))?;
            // Lines are said whole: what follows on the same one is there, too.
            let said = String::from_utf8_lossy(&said).into_owned();
            let whole = said.rfind('\n').map_or("", |end| &said[..end]);
            if whole.contains(what) {
                return Ok(said);
            }
            if let Some(status) = ended {
                return Err(format!("{} has ended ({status}):\n{said}", self.program));
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once with this signal, and waits until it has gone; how it ended.
    pub fn end(&mut self, signal: &str) -> Option<ExitStatus> {
        let id = self.child.id().to_string();
        // Where it has gone already there is nobody to signal.
        let _ = Command::new("kill").args([signal, &id]).status();
        self.child.wait().ok()
    }

    /// Lets it go on after us; its number.
    pub fn leave(mut self) -> u32 {
        self.left = true;
        self.id()
    }

    fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !self.left && self.ended().is_none() {
            self.end("-KILL");
        }
    }
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
pub fn scratch() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let permissions = std::fs::Permissions::from_mode(0o755);
    tempfile::Builder::new()
        .prefix("jari-test-")
        .permissions(permissions)
        .tempdir()
        .unwrap_or_else(|error| panic!("no scratch directory: {error}"))
}
