//! What the program of every service does alike: it says where it is open, and what went wrong.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;

use axum::Router;
use tokio::runtime::Runtime;

use crate::entropy::{Entropy as _, SystemEntropy};
use crate::serve::{self, BindError};
use crate::startup::{Startup, say_where};
use crate::trace;

/// Why a program can't go on, in words for a person.
pub type Failed = Box<dyn Error>;

/// What a program does: the word that asks for it, and how it is done.
pub type Command = (&'static str, fn() -> Result<(), Failed>);

/// Runs a program to its end: it serves, unless its one argument asks for something else.
#[expect(
    clippy::print_stderr,
    reason = "this is where a person reads what went wrong"
)]
pub fn run(name: &str, serve: fn() -> Result<(), Failed>, others: &[Command]) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match chosen(&arguments, serve, others).and_then(|chosen| chosen()) {
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

fn chosen(
    arguments: &[String],
    serve: fn() -> Result<(), Failed>,
    others: &[Command],
) -> Result<fn() -> Result<(), Failed>, Failed> {
    let [word] = arguments else {
        return match arguments {
            [] => Ok(serve),
            _ => Err("it takes one argument at most".into()),
        };
    };
    let found = others.iter().find(|(name, _)| name == word);
    found.map(|(_, command)| *command).ok_or_else(|| {
        let names: Vec<&str> = others.iter().map(|(name, _)| *name).collect();
        format!("say nothing to serve, or one of: {}", names.join(", ")).into()
    })
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
    trace::flush().await;
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

    const OTHERS: [Command; 2] = [
        ("migrate", || Err("migrated".into())),
        ("health", || Ok(())),
    ];

    fn done(arguments: &[&str]) -> Result<(), String> {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let done = chosen(&arguments, || Err("served".into()), &OTHERS).and_then(|chosen| chosen());
        done.map_err(|error| error.to_string())
    }

    #[test]
    fn a_program_serves_or_does_what_its_argument_says() {
        assert_eq!(done(&[]), Err("served".to_owned()));
        assert_eq!(done(&["migrate"]), Err("migrated".to_owned()));
        assert_eq!(done(&["health"]), Ok(()));
        let told = done(&["mirgate"]).unwrap_err();
        assert!(told.ends_with("one of: migrate, health"), "{told}");
        assert!(done(&["migrate", "health"]).is_err());
    }
}
