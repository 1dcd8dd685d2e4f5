//! What is lost, and what becomes of the sale.

use std::fmt;

use serde_json::Value;

use crate::buyers::{News, Sold, sell};
use crate::system::System;
use crate::verdict::Verdict;

/// All losses: each machine, and each part that a machine may have in it.
pub const ALL: [&str; 17] = [
    "gateway",
    "gateway:off",
    "core-1",
    "core-2:off",
    "queue-1",
    "queue-2:off",
    "staff",
    "staff:off",
    // The master, then the one that has taken over, then one that follows.
    "redis-1",
    "redis-2:off",
    "redis-2",
    // The standby, then the primary, then the one that has taken over.
    "postgres-2",
    "postgres-2:off",
    "postgres-1",
    "postgres-2",
    // And once more what asks most of the others, after all that has happened.
    "core-1:off",
    "queue-1:off",
];

/// Purchases during a loss; it comes after the first of them.
const DURING: usize = 24;
/// Purchases before it.
const BEFORE: usize = 8;
/// So many requests have failed when somebody does something about it.
const NOTICED_AFTER: usize = 4;
/// Purchases when all is well again.
const AFTER: usize = 4;

/// How a machine is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// Its cable is pulled out; what runs on it goes on, and finds the others gone.
    Unplugged,
    /// It is off, and what it had in memory is lost.
    Off,
}

/// The loss of a machine.
#[derive(Debug, Clone)]
pub struct Loss {
    machine: String,
    how: How,
}

impl Loss {
    /// Reads `core-1`, which is unplugged, or `core-1:off`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (machine, how) = match text.split_once(':') {
            None => (text, How::Unplugged),
            Some((machine, "off")) => (machine, How::Off),
            Some(_) => return Err(format!("{text}: say MACHINE or MACHINE:off")),
        };
        Ok(Self {
            machine: machine.to_owned(),
            how,
        })
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.how {
            How::Unplugged => "unplugged",
            How::Off => "off",
        };
        write!(f, "{} {how}", self.machine)
    }
}

/// What is done about a loss while people try to buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Help {
    /// Nothing: the others go on.
    None,
    /// The machine comes back: there is no other one.
    Return,
    /// The primary is told to answer without its standby.
    Alone,
    /// The standby takes over.
    Promote,
}

/// Loses it while people buy, and has it back; what people went through.
pub fn suffer(
    system: &mut System,
    verdict: &mut Verdict,
    loss: &Loss,
    nth: usize,
) -> Result<String, String> {
    let help = help_for(system, loss);
    let gateway = system.gateway();
    let mut lost_at = None;
    let mut helped = false;
    let sold = sell(
        &gateway,
        &format!("loss-{nth}"),
        DURING,
        |_: &News, sold: &Sold| {
            if lost_at.is_none() && sold.reservations.len() >= BEFORE {
                lose(system, loss)?;
                lost_at = Some(sold.failed);
            }
            let noticed = lost_at.is_some_and(|failed| sold.failed >= failed + NOTICED_AFTER);
            if noticed && !helped && help != Help::None {
                helped = true;
                give(system, loss, help)?;
            }
            Ok(())
        },
    )?;
    if help != Help::None && !helped {
        return Err("nobody has noticed the loss".to_owned());
    }
    mend(system, loss, help)?;
    let after = sell(&gateway, &format!("peace-{nth}"), AFTER, |_, _| Ok(()))?;
    verdict.add(sold.reservations.iter().chain(&after.reservations));
    verdict.of(system)?;
    let meanwhile = match help {
        Help::None => "nothing was done",
        Help::Return => "it came back",
        Help::Alone => "the primary was told to do without it",
        Help::Promote => "the standby was promoted",
    };
    Ok(format!(
        "{loss}: {meanwhile}; nobody bought for {:.1} s at the longest, {} requests were repeated",
        sold.longest_silence.as_secs_f32(),
        sold.failed
    ))
}

fn help_for(system: &System, loss: &Loss) -> Help {
    let primary = &system.postgres[system.primary].machine.name;
    match (loss.machine.as_str(), loss.how) {
        ("gateway", _) => Help::Return,
        (name, _) if name == primary => Help::Promote,
        (name, How::Unplugged) if name.starts_with("postgres") => Help::Return,
        (name, How::Off) if name.starts_with("postgres") => Help::Alone,
        _ => Help::None,
    }
}

fn lose(system: &System, loss: &Loss) -> Result<(), String> {
    let machine = system.machine(&loss.machine)?;
    match loss.how {
        How::Unplugged => machine.unplug(),
        How::Off => machine.power_off(),
    }
}

fn give(system: &mut System, loss: &Loss, help: Help) -> Result<(), String> {
    match help {
        Help::None => Ok(()),
        Help::Return => bring_back(system, loss),
        Help::Alone => system.postgres[system.primary].alone(),
        Help::Promote => {
            // Before anything: two that answer would be two sales.
            system.machine(&loss.machine)?.power_off()?;
            system.primary = 1 - system.primary;
            system.postgres[system.primary].promote()
        }
    }
}

/// Afterwards everything is as before, but for which of two has which part.
fn mend(system: &mut System, loss: &Loss, help: Help) -> Result<(), String> {
    match help {
        Help::None | Help::Alone => bring_back(system, loss)?,
        Help::Return => {}
        Help::Promote => {
            let (primary, old) = (system.primary, 1 - system.primary);
            system.machine(&loss.machine)?.plug()?;
            let primary = system.postgres[primary].url();
            system.postgres[old].join(&primary)?;
            system.start_on(&loss.machine)?;
        }
    }
    if loss.machine.starts_with("postgres") {
        let (primary, standby) = (system.primary, 1 - system.primary);
        system.postgres[primary].require(&system.postgres[standby])?;
    }
    system.until_whole(&loss.machine)
}

fn bring_back(system: &mut System, loss: &Loss) -> Result<(), String> {
    system.machine(&loss.machine)?.plug()?;
    match loss.how {
        How::Unplugged => Ok(()),
        How::Off => system.start_on(&loss.machine),
    }
}

/// Puts the event on sale; the key of somebody at its door.
pub fn put_on_sale(system: &System) -> Result<String, String> {
    let map = system.folder().join("hall.csv");
    let rows = "section,row,seats,category,price\nStalls,A,1-1000,R,1000\n";
    std::fs::write(&map, rows).map_err(|error| format!("{}: {error}", map.display()))?;
    let event = crate::buyers::EVENT;
    let mut create = vec!["event", "create", event, "--name", "Gala"];
    create.extend(["--venue", "Hall", "--currency", "KRW", "--open"]);
    create.extend(["--starts-at", "2030-01-01T10:00:00Z", "--map", "hall.csv"]);
    // Nobody here is to wait for their turn.
    create.extend(["--max-admitted-per-second", "1000"]);
    system.tool(&create)?;
    let key = ["staff-key", "add", "--name", "North", "--event", event];
    let told = system.tool(&[key.as_slice(), &["--json"]].concat())?;
    let told: Value = serde_json::from_str(&told).map_err(|error| error.to_string())?;
    Ok(told["key"].as_str().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_read_as_it_is_written() {
        let told = |text: &str| Loss::parse(text).map(|loss| loss.to_string());
        assert_eq!(told("core-1").unwrap(), "core-1 unplugged");
        assert_eq!(told("core-1:off").unwrap(), "core-1 off");
        assert!(told("core-1:on").is_err());
        for text in ALL {
            assert!(told(text).is_ok(), "{text}");
        }
    }
}
