//! Jari in one program, and its command-line tool.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod serve;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Sells numbered seats to far more people than there are seats.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs all of Jari in this process, with its state in a directory.
    #[command(
        after_help = "Examples:\n  jari serve --demo\n  jari serve --data /var/lib/jari --listen 0.0.0.0:8080"
    )]
    Serve {
        /// Where the state lives; made at the first start.
        #[arg(long, env = "JARI_DATA", default_value = "data", value_name = "DIR")]
        data: PathBuf,
        /// Where buyers, staff and operators come in.
        #[arg(
            long,
            env = "JARI_LISTEN",
            default_value = "127.0.0.1:8080",
            value_name = "ADDR:PORT"
        )]
        listen: SocketAddr,
        /// Where health and metrics are asked for; a free port of this machine's own if not set.
        #[arg(long, env = "JARI_INTERNAL_LISTEN", value_name = "ADDR:PORT")]
        internal_listen: Option<SocketAddr>,
        /// Sites whose pages may call the API.
        #[arg(
            long,
            env = "JARI_ALLOWED_ORIGINS",
            value_delimiter = ',',
            value_name = "ORIGIN"
        )]
        allowed_origins: Vec<String>,
        /// Puts an event on sale to try things with.
        #[arg(long)]
        demo: bool,
        /// Serves GET /hello, for benchmarks to compare with.
        #[arg(long, hide = true)]
        bench_hello: bool,
    },
}

#[expect(
    clippy::print_stderr,
    reason = "this is where a person reads what went wrong"
)]
fn main() -> ExitCode {
    let Cli { command } = Cli::parse();
    service_kit::telemetry::init(service_kit::telemetry::LogFormat::Text, "info");
    let result = match command {
        Command::Serve {
            data,
            listen,
            internal_listen,
            allowed_origins,
            demo,
            bench_hello,
        } => {
            let operator_key = std::env::var("JARI_OPERATOR_KEY").ok();
            serve::run(&serve::Settings {
                data,
                listen,
                internal_listen,
                allowed_origins,
                demo,
                bench_hello,
                operator_key,
            })
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("jari: {error:#}");
            ExitCode::FAILURE
        }
    }
}
