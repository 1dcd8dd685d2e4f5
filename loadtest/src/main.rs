//! Measures `jari serve` on this machine, over loopback, and says what of it is the price of what Jari does.
//!
//! Every scenario is measured in slices that alternate with slices of `GET /hello`, a route that does nothing:
//! the machine is shared and its speed drifts, but the ratio of neighbours stays.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::follow::Follow;
use crate::growth::Growth;
use crate::report::write;
use crate::streams::Streams;

mod arithmetic;
mod bench;
mod clock;
mod cluster;
mod connection;
mod follow;
mod growth;
mod lanes;
mod measure;
mod operator;
mod postgres;
mod prepare;
mod report;
mod scenarios;
mod server;
mod streams;

/// All of it ends within this time whatever happens: the longest takes about six minutes.
const TIME_LIMIT: Duration = Duration::from_secs(15 * 60);

/// Measures Jari servers that it starts itself.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// What can be measured.
#[derive(Debug, Subcommand)]
enum Command {
    /// How many requests a second it answers, of each kind, and how that compares with a route that does nothing
    Bench(Options),
    /// What a request costs in short and long lines, small and large halls
    Growth(Growth),
    /// Many open streams: the memory of each, and how soon all have a change
    Streams(Streams),
    /// Opens streams on one server; started by `streams`, since one process may have 20,000 files open
    #[command(hide = true)]
    Follow(Follow),
}

/// What the bench was asked.
#[derive(Debug, Args)]
pub struct Options {
    /// The program to measure.
    #[arg(long, value_name = "FILE")]
    jari: PathBuf,
    /// Measures it on `PostgreSQL` and Redis, straight and through nginx.
    #[arg(long, requires = "writer")]
    cluster: bool,
    /// The program that measures the store of many machines by itself.
    #[arg(long, value_name = "FILE")]
    writer: Option<PathBuf>,
    /// How long a slice takes.
    #[arg(long, default_value_t = 1.0, value_name = "SECONDS", value_parser = positive)]
    seconds: f64,
    /// Slices of each scenario, each between two of GET /hello.
    #[arg(long, default_value_t = 5, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=100))]
    slices: u32,
    /// Connections that ask, each as soon as it has been answered: enough that somebody asks while others wait for
    /// the disk.
    #[arg(long, default_value_t = 256, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1024))]
    connections: u32,
    /// People in the long line.
    #[arg(long, default_value_t = 1_000_000, value_name = "COUNT")]
    people: usize,
    /// Measures only the scenarios whose names contain this.
    #[arg(long, default_value = "", value_name = "TEXT")]
    only: String,
    /// Where the hall is.
    #[arg(
        long,
        default_value = "venues/metalist-stadium.csv",
        value_name = "FILE"
    )]
    hall: PathBuf,
    /// Where the figures go, and the data of the server while it is measured: on a disk like that of the real one.
    #[arg(long, default_value = "bench-results", value_name = "DIR")]
    results: PathBuf,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 60.0 => Ok(seconds),
        _ => Err("a number of seconds up to 60 is needed".to_owned()),
    }
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the table is what this program is for"
)]
fn main() -> ExitCode {
    let asked = Cli::parse().command;
    let finished = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| {
            runtime.block_on(async {
                tokio::time::timeout(TIME_LIMIT, measured(&asked))
                    .await
                    .unwrap_or_else(|_| Err(anyhow::anyhow!("it took more than {TIME_LIMIT:?}")))
            })
        });
    match finished {
        Ok((told, failed)) => {
            print!("{told}");
            ExitCode::from(u8::from(failed > 0))
        }
        Err(error) => {
            eprintln!("loadtest: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What to print, and how many answers were no success.
async fn measured(asked: &Command) -> anyhow::Result<(String, usize)> {
    match asked {
        Command::Bench(options) => {
            let report = bench::run(options).await?;
            let path = write(&options.results, "", report.at, &report)?;
            Ok((report.table() + &written(&path), report.failed()))
        }
        Command::Growth(options) => {
            let report = growth::run(options).await?;
            let path = write(&options.results, "growth-", report.at, &report)?;
            Ok((report.table() + &written(&path), report.failed()))
        }
        Command::Streams(options) => {
            let report = streams::run(options).await?;
            let path = write(&options.results, "streams-", report.at, &report)?;
            Ok((report.table() + &written(&path), 0))
        }
        Command::Follow(options) => {
            follow::run(options).await?;
            Ok((String::new(), 0))
        }
    }
}

fn written(path: &Path) -> String {
    format!("\nThe same as JSON: {}\n", path.display())
}
