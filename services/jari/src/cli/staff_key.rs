use clap::Subcommand;

use super::server::OperatorArgs;

/// What is done with staff keys.
#[derive(Debug, Subcommand)]
pub enum StaffKeyCommand {
    /// Makes a key and shows it, this once
    #[command(after_help = "Examples:
  jari staff-key add --name \"North gate\" --event spring-gala
  jari staff-key add --name Stewards --event spring-gala --event cup-final --json | jq -r .key")]
    Add {
        /// Whose it is
        #[arg(long, value_name = "TEXT")]
        name: String,
        /// An event it is for; may be given many times
        #[arg(long = "event", value_name = "EVENT_ID", required = true)]
        events: Vec<String>,
        #[command(flatten)]
        operator: OperatorArgs,
    },
    /// Lists all keys, without the keys themselves
    #[command(after_help = "Examples:
  jari staff-key list")]
    List(OperatorArgs),
    /// Withdraws a key
    #[command(after_help = "Examples:
  jari staff-key remove 0198c2f4-1111-7000-8000-000000000000")]
    Remove {
        /// The key's id, as `jari staff-key list` shows it
        id: String,
        #[command(flatten)]
        operator: OperatorArgs,
    },
}
