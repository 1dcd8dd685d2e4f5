use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// How a server runs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  jari serve --demo
  jari serve --data /var/lib/jari --listen 0.0.0.0:8080 --internal-listen 127.0.0.1:9090
  jari serve --allowed-origins https://tickets.example.org --log-format json

The operator key is JARI_OPERATOR_KEY if that is set, and else the one in DIR/operator-key, which is made at the
first start. RUST_LOG sets how much is logged.")]
pub struct ServeArgs {
    /// Where the state lives; made at the first start
    #[arg(long, env = "JARI_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// Where buyers, staff and operators come in
    #[arg(
        long,
        env = "JARI_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDR:PORT"
    )]
    pub listen: SocketAddr,
    /// Where health and metrics are asked for; a free port of this machine's own if not set
    #[arg(long, env = "JARI_INTERNAL_LISTEN", value_name = "ADDR:PORT")]
    pub internal_listen: Option<SocketAddr>,
    /// Sites whose pages may call the API, separated by commas
    #[arg(
        long,
        env = "JARI_ALLOWED_ORIGINS",
        default_value = "",
        hide_default_value = true,
        value_name = "ORIGIN,…"
    )]
    pub allowed_origins: service_kit::Origins,
    /// How the log is written to standard error
    #[arg(
        long,
        env = "JARI_LOG_FORMAT",
        default_value = "text",
        value_name = "FORMAT"
    )]
    pub log_format: LogFormat,
    /// Puts an event on sale to try things with
    #[arg(long)]
    pub demo: bool,
    /// Serves GET /hello, for benchmarks to compare with
    #[arg(long, hide = true)]
    pub bench_hello: bool,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}
