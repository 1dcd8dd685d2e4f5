//! What can be said on the command line.

use clap::{Parser, Subcommand};

mod audit;
mod buy;
mod documents;
mod event;
mod health;
mod load;
mod map;
mod rehearse;
mod serve;
mod server;
mod staff_key;

pub use audit::AuditArgs;
pub use buy::BuyArgs;
pub use documents::{CompletionsArgs, ManArgs, completions, man};
pub use event::{Create, EventCommand, Named};
pub use health::HealthArgs;
pub use load::{LoadArgs, run as run_load};
pub use map::{Check, Import, MapCommand, MapFile};
pub use rehearse::{RehearseArgs, run as run_rehearse};
pub use serve::{LogFormat, ServeArgs};
pub use server::OperatorArgs;
pub use staff_key::StaffKeyCommand;

/// Sells numbered seats to far more people than there are seats.
///
/// One program: it serves the line, the seats and the door, and is the tool to work with them.
#[derive(Debug, Parser)]
#[command(
    name = "jari",
    version,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = "Examples:
  jari serve --demo                                a shop to try things with
  jari buy --event spring-gala --quantity 2        buys two seats of it
  jari event list                                  what is on sale
  jari audit                                       checks every promise in what is stored
  jari load opening-rush                           a crowd, on a program of its own

`jari help COMMAND` says more."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs all of Jari in this process, with its state in a directory.
    Serve(ServeArgs),
    /// Makes events, opens, pauses and closes them.
    #[command(
        subcommand,
        after_help = "Examples:
  jari event open spring-gala
  jari event list"
    )]
    Event(EventCommand),
    /// Checks and imports seat maps.
    #[command(
        subcommand,
        after_help = "Examples:
  jari map check hall.json
  jari map import spring-gala hall.json"
    )]
    Map(MapCommand),
    /// Makes and withdraws the keys of the people at the door.
    #[command(
        subcommand,
        after_help = "Examples:
  jari staff-key add --name \"North gate\" --event spring-gala
  jari staff-key list"
    )]
    StaffKey(StaffKeyCommand),
    /// Buys seats: waits in line, takes the best ones together, confirms, and writes the ticket.
    Buy(BuyArgs),
    /// Works out anew, from what is stored, whether every promise was kept.
    Audit(AuditArgs),
    /// Plays a scenario, with up to a million people, and says whether every promise was kept.
    Load(LoadArgs),
    /// Plays the opening of an event on a copy of it, and says what to set.
    Rehearse(RehearseArgs),
    /// Asks a server on this machine whether it is alive, for whatever runs it.
    Health(HealthArgs),
    /// Writes what a shell needs to complete the words of this command line.
    Completions(CompletionsArgs),
    /// Writes the man pages, one for each command.
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    /// A command with all below it.
    fn all(command: &clap::Command, path: &str) -> Vec<(String, clap::Command)> {
        let below = command.get_subcommands();
        let deeper = below.flat_map(|sub| all(sub, &format!("{path} {}", sub.get_name())));
        let this = (path.to_owned(), command.clone());
        std::iter::once(this).chain(deeper).collect()
    }

    #[test]
    fn every_command_has_an_example_that_names_it() {
        let commands = all(&Cli::command(), "jari");
        assert!(commands.len() > 10, "{commands:?}");
        for (path, command) in commands {
            let help = command.get_after_help().map(ToString::to_string);
            assert!(help.unwrap_or_default().contains(&path), "{path}");
        }
    }

    #[test]
    fn every_example_can_be_parsed() {
        let mut parsed = 0;
        // Those of the whole program have words beside them.
        let commands = all(&Cli::command(), "jari").split_off(1);
        for (path, command) in commands {
            let help = command.get_after_help().map(ToString::to_string);
            let help = help.unwrap_or_default().replace("\\\n", " ");
            for line in help
                .lines()
                .filter(|line| line.starts_with("  ") && line.contains(&path))
            {
                let words = words(line.split(['|', '>']).next().unwrap_or_default());
                Cli::try_parse_from(&words).unwrap_or_else(|error| panic!("{line}: {error}"));
                parsed += 1;
            }
        }
        assert!(parsed > 15, "{parsed}");
    }

    /// Words as a shell cuts them, double quotes only.
    fn words(line: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut quoted = false;
        for c in line.trim().chars() {
            match c {
                '"' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                c => words.last_mut().unwrap().push(c),
            }
        }
        words.into_iter().filter(|word| !word.is_empty()).collect()
    }
}
