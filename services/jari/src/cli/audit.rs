use std::path::PathBuf;

use clap::Args;

/// What to audit.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  jari audit
  jari audit --data /var/lib/jari
  jari audit --data /var/lib/jari --json | jq .sound
  jari audit --database-url postgres://jari@localhost/jari

Reads only, and may run beside a server. Ends with 0 if every promise was kept, with 1 if one was broken, and with
2 if there is nothing that can be read. Of many machines all that counts is in PostgreSQL.")]
pub struct AuditArgs {
    /// The server's data directory; data if nothing else is said
    #[arg(long, env = "JARI_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// `PostgreSQL`, instead of a directory
    #[arg(
        long,
        help = "PostgreSQL, instead of a directory: postgres://USER:PASSWORD@HOST/DATABASE",
        env = "JARI_DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub database_url: Option<String>,
    /// Answers as JSON, for scripts
    #[arg(long)]
    pub json: bool,
}
