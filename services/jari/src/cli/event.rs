use clap::{Args, Subcommand};

use super::map::MapFile;
use super::server::OperatorArgs;

/// What is done with events.
#[derive(Debug, Subcommand)]
pub enum EventCommand {
    /// Makes an event, as a draft; --open puts it on sale at once
    Create(Box<Create>),
    /// Sets the prices of some categories, in minor units
    #[command(after_help = "Examples:
  jari event price spring-gala \"Front Stalls=132000\" Balcony=77000")]
    Price {
        /// The event's id
        #[arg(value_name = "EVENT_ID")]
        event_id: String,
        /// A category and its price
        #[arg(value_name = "CATEGORY=MINOR", value_parser = price, required = true)]
        prices: Vec<(String, i64)>,
        #[command(flatten)]
        operator: OperatorArgs,
    },
    /// Publishes an event: it is on sale from the time its sale opens, or at once
    #[command(after_help = "Examples:
  jari event open spring-gala
  jari event open spring-gala --url https://tickets.example.org --json")]
    Open(Named),
    /// Stops holds and admissions for now; what is held may still be bought
    #[command(after_help = "Examples:
  jari event pause spring-gala
  jari event pause spring-gala --message \"We are back at nine.\"")]
    Pause {
        #[command(flatten)]
        named: Named,
        /// What those who wait are told
        #[arg(long, value_name = "TEXT")]
        message: Option<String>,
    },
    /// Goes on after a pause
    #[command(after_help = "Examples:
  jari event resume spring-gala")]
    Resume(Named),
    /// Ends the sale for good; what is held may still be bought
    #[command(after_help = "Examples:
  jari event close spring-gala")]
    Close(Named),
    /// Lists all events, drafts too
    #[command(after_help = "Examples:
  jari event list
  jari event list --json | jq -r \".items[].event_id\"")]
    List(OperatorArgs),
}

/// Which event.
#[derive(Debug, Clone, Args)]
pub struct EventName {
    /// The event's id: a-z, 0-9 and '-', as in its address
    #[arg(value_name = "EVENT_ID", required_unless_present = "event")]
    event_id: Option<String>,
    /// The same, as an option
    #[arg(
        long,
        value_name = "EVENT_ID",
        conflicts_with = "event_id",
        hide = true,
        alias = "event-id"
    )]
    event: Option<String>,
}

impl EventName {
    /// The id.
    pub fn id(&self) -> &str {
        let id = self.event_id.as_deref().or(self.event.as_deref());
        id.unwrap_or_default()
    }
}

/// One event of one server.
#[derive(Debug, Args)]
pub struct Named {
    #[command(flatten)]
    pub event: EventName,
    #[command(flatten)]
    pub operator: OperatorArgs,
}

/// A new event.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  jari event create spring-gala --name \"Spring Gala\" --venue \"The Hall\" \\
    --starts-at 2027-03-20T19:30:00+09:00 --currency KRW \\
    --map hall.json --price \"Front Stalls=132000\" --price Balcony=77000 --open
  jari event create cup-final --name \"Cup Final\" --venue Metalist --starts-at 2027-05-30T16:00:00Z \\
    --currency EUR --map stadium.csv --capacity 500 --max-admitted-per-second 100

Prices are in minor units (won, cents). They win over prices in the map. The map is checked before anything is made.")]
pub struct Create {
    #[command(flatten)]
    pub event: EventName,
    #[command(flatten)]
    pub operator: OperatorArgs,
    /// What it is called
    #[arg(long, value_name = "TEXT")]
    pub name: String,
    /// Where it takes place
    #[arg(long, value_name = "TEXT")]
    pub venue: String,
    /// A longer text
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// When it begins (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    pub starts_at: String,
    /// The venue's IANA time zone, for printing [default: Asia/Seoul]
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// When the sale opens (RFC 3339); without it, as soon as the event is opened
    #[arg(long, value_name = "INSTANT")]
    pub sale_opens_at: Option<String>,
    /// When the sale closes by itself (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    pub sale_closes_at: Option<String>,
    /// ISO 4217 code of every price
    #[arg(long, value_name = "CODE")]
    pub currency: String,
    /// How long a hold lasts, 1 to 3600 [default: 300]
    #[arg(long, value_name = "SECONDS")]
    pub hold_seconds: Option<u32>,
    /// How many seats one place in line may have, 1 to 50 [default: 4]
    #[arg(long, value_name = "N")]
    pub max_seats_per_buyer: Option<u32>,
    /// Digits of the codes, 4 to 8 [default: the fewest that give every seat a code of its own]
    #[arg(long, value_name = "N")]
    pub code_digits: Option<u8>,
    /// A category's price in minor units; may be given many times
    #[arg(long = "price", value_name = "CATEGORY=MINOR", value_parser = price)]
    pub prices: Vec<(String, i64)>,
    /// How many may choose seats at the same time [default: 100]
    #[arg(long, value_name = "N")]
    pub capacity: Option<u32>,
    /// How long they have for it, 1 to 86400 [default: 600]
    #[arg(long, value_name = "SECONDS")]
    pub pass_seconds: Option<u32>,
    /// How many are let in in any second at most [default: 50]
    #[arg(long, value_name = "N")]
    pub max_admitted_per_second: Option<u32>,
    /// The seat map: a pretix seating plan, CSV, or this API's own JSON
    #[arg(long = "map", value_name = "FILE")]
    pub map: Option<std::path::PathBuf>,
    /// The category of the map whose seats are accessible
    #[arg(long, value_name = "NAME", requires = "map")]
    pub accessible_category: Option<String>,
    /// Puts it on sale at once
    #[arg(long, requires = "map")]
    pub open: bool,
}

impl Create {
    /// The map, if one was named.
    pub fn map_file(&self) -> Option<MapFile> {
        self.map.clone().map(|file| MapFile {
            file,
            format: None,
            accessible_category: self.accessible_category.clone(),
        })
    }
}

fn price(text: &str) -> Result<(String, i64), String> {
    let wrong = || format!("{text:?} is not CATEGORY=MINOR, as in Balcony=77000");
    let (category, minor) = text.rsplit_once('=').ok_or_else(wrong)?;
    let minor = minor.trim().parse().map_err(|_| wrong())?;
    if category.is_empty() {
        return Err(wrong());
    }
    Ok((category.to_owned(), minor))
}

#[cfg(test)]
mod tests {
    use super::price;

    #[test]
    fn a_price_is_a_category_and_minor_units() {
        assert_eq!(price("A=B=12"), Ok(("A=B".to_owned(), 12)));
        for bad in ["12", "A=", "A=1.5", "=12"] {
            assert!(price(bad).is_err(), "{bad}");
        }
    }
}
