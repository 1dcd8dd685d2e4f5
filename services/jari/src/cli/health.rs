use std::net::SocketAddr;

use clap::Args;

/// Which server is asked.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  jari health --internal-listen 127.0.0.1:9090

It ends with 0 if the server is alive, and says why not otherwise. The images ask like this.")]
pub struct HealthArgs {
    /// What `jari serve` was told with the same option
    #[arg(long, env = "JARI_INTERNAL_LISTEN", value_name = "ADDR:PORT")]
    pub internal_listen: SocketAddr,
}
