use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};

use crate::serve::Backend;

/// How a server runs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  jari serve --demo
  jari serve --data /var/lib/jari --listen 0.0.0.0:8080 --internal-listen 127.0.0.1:9090
  jari serve --allowed-origins https://tickets.example.org --log-format json
  jari serve --redis-url redis://localhost:6379 --database-url postgres://jari@localhost/jari

The operator key is JARI_OPERATOR_KEY if that is set, and else the one in DIR/operator-key, which is made at the
first start. With Redis and PostgreSQL it must be set, and JARI_SECRET_KEY and JARI_ENTRY_KEY as well: 64 hexadecimal
digits each, the same on every machine. RUST_LOG sets how much is logged.")]
pub struct ServeArgs {
    /// Where the state lives, made at the first start; data if nothing else is said
    #[arg(long, env = "JARI_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Redis, instead of a directory
    #[arg(
        long,
        help = "Redis, instead of a directory and with --database-url: redis://HOST:PORT",
        env = "JARI_REDIS_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub redis_url: Option<String>,
    /// `PostgreSQL`, with Redis
    #[arg(
        long,
        help = "PostgreSQL, with --redis-url: postgres://USER:PASSWORD@HOST/DATABASE",
        env = "JARI_DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub database_url: Option<String>,
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

impl ServeArgs {
    /// Where the state lives: in a directory, or in Redis and `PostgreSQL`.
    pub fn backend(&self) -> anyhow::Result<Backend> {
        if self.redis_url.is_none() && self.database_url.is_none() {
            return Ok(Backend::Directory {
                data: self.data.clone().unwrap_or_else(|| "data".into()),
                operator_key: std::env::var("JARI_OPERATOR_KEY").ok(),
            });
        }
        if let Some(data) = &self.data {
            let data = data.display();
            bail!(
                "the state is either in the directory {data} or in Redis and PostgreSQL: say one of both"
            );
        }
        let get = |name: &str| match name {
            "JARI_REDIS_URL" => self.redis_url.clone(),
            "JARI_DATABASE_URL" => self.database_url.clone(),
            _ => std::env::var(name).ok(),
        };
        Ok(Backend::cluster(&get)?)
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}
