use std::path::PathBuf;

use clap::Args;

/// What to audit.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  jari audit
  jari audit --data /var/lib/jari
  jari audit --data /var/lib/jari --json | jq .sound

Reads only, and may run beside a server. Ends with 0 if every promise was kept, with 1 if one was broken, and with
2 if there is nothing in DIR that can be read.")]
pub struct AuditArgs {
    /// The server's data directory
    #[arg(long, env = "JARI_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// Answers as JSON, for scripts
    #[arg(long)]
    pub json: bool,
}
