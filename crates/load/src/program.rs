//! A program of one's own to load: the same executable as a child process, on a directory that is removed afterwards.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::watch::{Taken, taken};

/// What a program of its own must not hear of, since it means another one.
const NOT_ITS_OWN: [&str; 9] = [
    "JARI_DATA",
    "JARI_LISTEN",
    "JARI_INTERNAL_LISTEN",
    "JARI_OPERATOR_KEY",
    "JARI_REDIS_URL",
    "JARI_DATABASE_URL",
    "JARI_SECRET_KEY",
    "JARI_ENTRY_KEY",
    "JARI_OTLP_URL",
];

/// Why there is no program to load.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// The directory can't be made.
    #[error("{} can't be made: {error}", .directory.display())]
    Directory {
        /// Which.
        directory: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// It can't be started.
    #[error("{} can't be started: {error}", .program.display())]
    Start {
        /// Which.
        program: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// It ended before it was open.
    #[error("the program that was to be loaded did not open; what it said stands above")]
    NotOpen,
    /// It is open, but its operator key can't be read.
    #[error("its operator key can't be read: {0}")]
    Key(std::io::Error),
    /// The audit said nothing that can be read.
    #[error("the audit gave no answer: {0}")]
    Audit(String),
}

/// A running program, gone with its directory when this is dropped.
pub struct Program {
    executable: PathBuf,
    directory: PathBuf,
    child: Child,
    /// Where it is asked.
    pub url: String,
    /// What makes us its operator.
    pub operator_key: String,
}

impl Program {
    /// Starts one with its data below this directory: on the disk where others would have it, too.
    pub fn start(executable: &Path, below: &Path) -> Result<Self, ProgramError> {
        let directory = below.join(format!("scratch-{}", std::process::id()));
        let made = std::fs::create_dir_all(below).and_then(|()| std::fs::create_dir(&directory));
        made.map_err(|error| ProgramError::Directory {
            directory: directory.clone(),
            error,
        })?;
        let child = command(executable)
            .args([
                "serve",
                "--bench-hello",
                "--listen",
                "127.0.0.1:0",
                "--data",
            ])
            .arg(&directory)
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        let child = child.map_err(|error| ProgramError::Start {
            program: executable.to_owned(),
            error,
        });
        let child = match child {
            Ok(child) => child,
            Err(error) => {
                // It is empty, and nobody needs it.
                let _ = std::fs::remove_dir_all(&directory);
                return Err(error);
            }
        };
        let mut program = Self {
            executable: executable.to_owned(),
            directory,
            child,
            url: String::new(),
            operator_key: String::new(),
        };
        program.url = program.says_where().ok_or(ProgramError::NotOpen)?;
        let key = std::fs::read_to_string(program.directory.join("operator-key"));
        key.map_err(ProgramError::Key)?
            .trim()
            .clone_into(&mut program.operator_key);
        Ok(program)
    }

    /// The address in the first line that has one.
    fn says_where(&mut self) -> Option<String> {
        let lines = BufReader::new(self.child.stdout.take()?).lines();
        let mut lines = lines.map_while(Result::ok);
        lines.find_map(|line| {
            let mut words = line.split_whitespace();
            words
                .find(|word| word.starts_with("http://"))
                .map(|url| url.trim_end_matches('/').to_owned())
        })
    }

    /// What it has taken of the machine.
    pub fn taken(&self) -> Option<Taken> {
        taken(&self.child.id().to_string())
    }

    /// Kills it, as a power cut would, and audits what is on disk.
    pub fn kill_and_audit(&mut self) -> Result<Value, ProgramError> {
        self.kill();
        audit(
            &self.executable,
            &["--data".as_ref(), self.directory.as_os_str()],
        )
    }

    fn kill(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// Asks the auditor, which is the same executable, about what these options name.
pub fn audit(executable: &Path, options: &[&std::ffi::OsStr]) -> Result<Value, ProgramError> {
    let said = command(executable)
        .args(["audit", "--json"])
        .args(options)
        .stderr(Stdio::piped())
        .output();
    let said = said.map_err(|error| ProgramError::Audit(error.to_string()))?;
    serde_json::from_slice(&said.stdout).map_err(|_| {
        let told = String::from_utf8_lossy(&said.stderr);
        ProgramError::Audit(told.trim().to_owned())
    })
}

fn command(executable: &Path) -> Command {
    let mut command = Command::new(executable);
    for name in NOT_ITS_OWN {
        command.env_remove(name);
    }
    command
}
