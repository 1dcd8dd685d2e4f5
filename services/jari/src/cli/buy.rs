use std::path::PathBuf;

use clap::Args;

use super::server::ServerArgs;

/// What to buy.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  jari buy --event spring-gala --quantity 2
  jari buy --event spring-gala --quantity 3 --category Balcony --name \"Kim Seo-yeon\" --contact 010-1234-5678
  jari buy --event spring-gala --quantity 1 --url https://tickets.example.org --out tickets --json

The ticket is written as ticket.pdf and ticket.svg, and what is needed to print it again or to cancel as
reservation.json. Files that are there already are kept: the new ones carry the reservation's id then.")]
pub struct BuyArgs {
    /// Of which event
    #[arg(long, value_name = "EVENT_ID")]
    pub event: String,
    /// How many seats together
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=50))]
    pub quantity: u32,
    #[command(flatten)]
    pub server: ServerArgs,
    /// Only seats of this category
    #[arg(long, value_name = "NAME")]
    pub category: Option<String>,
    /// Only seats of this section
    #[arg(long, value_name = "NAME")]
    pub section: Option<String>,
    /// Accessible seats
    #[arg(long)]
    pub accessible: bool,
    /// In whose name
    #[arg(long, value_name = "TEXT", default_value = "Jari Buyer")]
    pub name: String,
    /// Where they are reached
    #[arg(long, value_name = "TEXT", default_value = "buyer@example.org")]
    pub contact: String,
    /// Where the ticket is written; made if it is not there
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// Answers as JSON, for scripts
    #[arg(long)]
    pub json: bool,
}
