use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jari_domain::map::import::Format;

use super::server::OperatorArgs;

/// What is done with seat maps.
#[derive(Debug, Subcommand)]
pub enum MapCommand {
    /// Reads a seat map and says what is in it and what is wrong with it; needs no server
    Check(Check),
    /// Gives an event its seat map
    Import(Import),
}

/// A seat map in a file.
#[derive(Debug, Clone, Args)]
pub struct MapFile {
    /// A pretix seating plan, CSV, or this API's own JSON
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// How the file is written [default: as its name and content say]
    #[arg(long)]
    pub format: Option<MapFormat>,
    /// The category whose seats are accessible
    #[arg(long, value_name = "NAME")]
    pub accessible_category: Option<String>,
}

/// How a seat map is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MapFormat {
    /// A pretix seating plan
    Pretix,
    /// Ranges of seats, or one seat a line
    Csv,
    /// This API's own JSON
    Json,
}

impl From<MapFormat> for Format {
    fn from(format: MapFormat) -> Self {
        match format {
            MapFormat::Pretix => Self::Pretix,
            MapFormat::Csv => Self::Csv,
            MapFormat::Json => Self::Json,
        }
    }
}

/// Checks a file.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  jari map check hall.json --accessible-category Wheelchair
  jari map check stadium.csv --json | jq .problems

Ends with 1 if the map can't be used, and with 2 if the file can't be read.")]
pub struct Check {
    #[command(flatten)]
    pub map: MapFile,
    /// Answers as JSON, for scripts
    #[arg(long)]
    pub json: bool,
}

/// Imports a file.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  jari map import spring-gala hall.json --accessible-category Wheelchair")]
pub struct Import {
    /// The event's id
    #[arg(value_name = "EVENT_ID")]
    pub event_id: String,
    #[command(flatten)]
    pub map: MapFile,
    #[command(flatten)]
    pub operator: OperatorArgs,
}
