//! What the program of every service does alike: it says where it is open, and what went wrong.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;

use axum::Router;
use tokio::runtime::Runtime;

use crate::entropy::{Entropy as _, SystemEntropy};
use crate::serve::{self, BindError};
use crate::startup::{Startup, say_where};

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

/// Opens the public address, says where it is, and serves until told to stop; whoever asks on the internal address is
/// answered by `internal` from then on.
pub async fn serve(
    name: &str,
    listen: SocketAddr,
    startup: Startup,
    public: Router,
    internal: Router,
) -> Result<(), BindError> {
    let listener = serve::bind(listen, "JARI_LISTEN").await?;
    startup.done(internal);
    say_where(name, listener.local_addr().unwrap_or(listen));
    serve::serve(listener, public, startup.stop).await;
    Ok(())
}

/// The start of a service's program: health is told from now on.
pub async fn begin(internal_listen: SocketAddr) -> Result<Startup, BindError> {
    let startup = Startup::begin(internal_listen, "JARI_INTERNAL_LISTEN").await?;
    say_where("health, metrics", startup.internal_address);
    Ok(startup)
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
