//! Processes that another run of this program has started: looked at and ended by number, but never one that only has
//! the number of one that has gone.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Work in hand is finished within a quarter of a minute; what still runs then is killed.
const LOOKED_AT_MOST: u32 = 750;
/// How often one that ends is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A process that was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// What it is called.
    pub name: String,
    /// Its number.
    pub id: u32,
    /// When it began, in the system's ticks: with the number it tells processes apart.
    began: u64,
}

impl Running {
    /// The process of this number, if there is one.
    pub fn find(name: String, id: u32) -> Option<Self> {
        began(id).map(|began| Self { name, id, began })
    }

    /// Whether it still runs.
    pub fn runs(&self) -> bool {
        began(self.id) == Some(self.began)
    }

    /// Ends it, and waits until it has gone.
    pub fn end(&self) {
        // PostgreSQL waits for everybody to hang up unless it is told so.
        let signal = if self.name == "POSTGRES" {
            "-INT"
        } else {
            "-TERM"
        };
        self.signal(signal);
        for _ in 0..LOOKED_AT_MOST {
            if !self.runs() {
                return;
            }
            std::thread::sleep(LOOK_EVERY);
        }
        self.signal("-KILL");
    }

    fn signal(&self, signal: &str) {
        if self.runs() {
            // It may have gone in between.
            let _ = Command::new("kill")
                .args([signal, &self.id.to_string()])
                .status();
        }
    }
}

/// Reads what [`write()`] has written; nothing if that is not there.
pub fn read(path: &Path) -> Vec<Running> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(parse).collect()
}

/// Writes them down, a line each.
pub fn write(path: &Path, all: &[Running]) -> std::io::Result<()> {
    let line = |one: &Running| format!("{} {} {}\n", one.name, one.id, one.began);
    std::fs::write(path, all.iter().map(line).collect::<String>())
}

fn parse(line: &str) -> Option<Running> {
    let mut words = line.split(' ');
    Some(Running {
        name: words.next()?.to_owned(),
        id: words.next()?.parse().ok()?,
        began: words.next()?.parse().ok()?,
    })
}

/// When a process began; `None` where there is none, or only what its parent has not asked about yet.
fn began(id: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name stands in parentheses and may have some itself; the state comes next, the beginning twenty fields on.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ');
    if fields.next()? == "Z" {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_found_ended_and_not_taken_for_another_one() {
        let mut child = Command::new("sleep").arg("1000").spawn().unwrap();
        let found = Running::find("SLEEP".to_owned(), child.id()).unwrap();
        assert!(found.runs());
        let successor = Running {
            began: found.began + 1,
            ..found.clone()
        };
        assert!(!successor.runs());
        successor.end();
        assert!(found.runs(), "one of another time was meant");
        found.end();
        assert!(!found.runs());
        child.wait().unwrap();
    }

    #[test]
    fn what_is_written_is_read_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("processes");
        assert_eq!(read(&path), []);
        let us = Running::find("US".to_owned(), std::process::id()).unwrap();
        write(&path, &[us.clone(), us.clone()]).unwrap();
        assert_eq!(read(&path), [us.clone(), us]);
    }
}
