//! What the program of every service does alike: it says where it is open, and what went wrong.

use std::error::Error;
use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::entropy::{Entropy as _, SystemEntropy};
use crate::serve::{self, BindError};

/// Why a program can't go on, in words for a person.
pub type Failed = Box<dyn Error>;

/// Runs a program to its end.
#[expect(
    clippy::print_stderr,
    reason = "this is where a person reads what went wrong"
)]
pub fn run(name: &str, program: impl FnOnce() -> Result<(), Failed>) -> ExitCode {
    match program() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A line for each thing that is wrong, each with the name of who says so.
            for line in error.to_string().lines() {
                eprintln!("{name}: {line}");
            }
            ExitCode::FAILURE
        }
    }
}

/// The runtime of a server, which may open as many files as the system allows.
pub fn runtime() -> std::io::Result<Runtime> {
    serve::allow_files();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
}

/// A name that no other process has, also not this program after a restart.
pub fn instance(name: &str) -> String {
    format!("{name}-{:016x}", SystemEntropy.number())
}

/// The addresses on which a service is asked.
#[derive(Debug)]
pub struct Doors {
    public: TcpListener,
    internal: TcpListener,
}

impl Doors {
    /// Opens both.
    pub async fn open(listen: SocketAddr, internal_listen: SocketAddr) -> Result<Self, BindError> {
        Ok(Self {
            public: serve::bind(listen, "JARI_LISTEN").await?,
            internal: serve::bind(internal_listen, "JARI_INTERNAL_LISTEN").await?,
        })
    }

    /// Says where they are, and serves until told to stop.
    pub async fn serve(
        self,
        name: &str,
        public: Router,
        internal: Router,
        stop: watch::Receiver<bool>,
    ) {
        for (what, listener) in [(name, &self.public), ("health, metrics", &self.internal)] {
            if let Ok(address) = listener.local_addr() {
                // Nobody may be reading; the door is open all the same.
                let _ = writeln!(std::io::stdout(), "{what}: http://{address}");
            }
        }
        tokio::spawn(serve::serve(self.internal, internal, stop.clone()));
        serve::serve(self.public, public, stop).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_says_so_with_its_exit_code() {
        assert_eq!(run("test", || Ok(())), ExitCode::SUCCESS);
        assert_eq!(run("test", || Err("no".into())), ExitCode::FAILURE);
    }
}
