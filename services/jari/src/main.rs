//! Jari in one program, and its command-line tool.

use std::process::ExitCode;

use clap::Parser;
use service_kit::environment::Environment;
use service_kit::{telemetry, trace};

mod cli;
mod commands;
mod http_client;
mod output;
mod serve;
mod trust;

use cli::{Cli, Command, LogFormat, ServeArgs};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(
    clippy::print_stderr,
    reason = "this is where a person reads what went wrong"
)]
fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Serve(args) => run_serve(args),
        Command::Event(command) => commands::event::run(command),
        Command::Map(command) => commands::map::run(&command),
        Command::StaffKey(command) => commands::staff_key::run(command),
        Command::Buy(args) => commands::buy::run(&args),
        Command::Audit(args) => Ok(commands::audit::run(&args)),
        Command::Load(args) => cli::run_load(&args),
        Command::Rehearse(args) => cli::run_rehearse(&args),
        Command::Health(args) => commands::health::run(&args),
        Command::Completions(args) => Ok(cli::completions(&args)),
        Command::Man(args) => cli::man(&args),
    };
    result.unwrap_or_else(|error| {
        eprintln!("jari: {error:#}");
        ExitCode::FAILURE
    })
}

fn run_serve(args: ServeArgs) -> anyhow::Result<ExitCode> {
    let format = match args.log_format {
        LogFormat::Text => telemetry::LogFormat::Text,
        LogFormat::Json => telemetry::LogFormat::Json,
    };
    let otlp_url = Environment::all(&|name| std::env::var(name).ok(), |environment| {
        environment.read(trace::OTLP_URL, trace::otlp_url)
    })?;
    telemetry::start("jari", format, "info,memory_serve=warn", otlp_url);
    let backend = args.backend()?;
    let settings = serve::Settings {
        listen: args.listen,
        internal_listen: args.internal_listen,
        allowed_origins: args.allowed_origins,
        demo: args.demo,
        bench_hello: args.bench_hello,
    };
    serve::run(backend, &settings)?;
    Ok(ExitCode::SUCCESS)
}
