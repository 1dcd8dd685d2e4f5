//! What is looked at from the side once a second: the public board, and what the programs take of the machine.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::http::uri::PathAndQuery;
use serde::{Deserialize, Serialize};

use crate::connection::{Connection, Request, Target};

const EVERY: Duration = Duration::from_secs(1);
/// Linux counts processor time in hundredths of a second wherever it tells programs (`USER_HZ`).
const TICKS_PER_SECOND: f64 = 100.0;

/// The public board.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize, PartialEq, Eq)]
pub struct Board {
    /// Who waits.
    pub waiting: u64,
    /// Who is in the shop.
    pub admitted: u64,
    /// How many may be.
    pub capacity: u64,
}

/// What a program has taken of the machine.
#[derive(Debug, Clone, Copy, Default, Serialize, PartialEq)]
pub struct Taken {
    /// Processor time, in seconds.
    pub cpu_seconds: f64,
    /// The most memory that it had, in bytes.
    pub memory_bytes: u64,
}

/// What was seen.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The boards, one a second.
    pub boards: Vec<Board>,
    /// How often the board could not be read.
    pub unread: u64,
}

/// Looks until it is dropped.
pub struct Watch {
    seen: Arc<Mutex<Seen>>,
    task: tokio::task::JoinHandle<()>,
}

impl Watch {
    /// Begins to look at this board.
    pub fn start(target: Target, board: PathAndQuery) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let task = tokio::spawn(look(target, board, Arc::clone(&seen)));
        Self { seen, task }
    }

    /// What was seen so far.
    pub fn seen(&self) -> Seen {
        let seen = self.seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn look(target: Target, board: PathAndQuery, seen: Arc<Mutex<Seen>>) {
    let mut connection = Connection::to(target);
    let request = Request::get(&board);
    let mut every = tokio::time::interval(EVERY);
    loop {
        every.tick().await;
        let board = connection.json::<Board>(&request).await;
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        match board {
            Ok(board) => seen.boards.push(board),
            Err(_) => seen.unread += 1,
        }
    }
}

/// What a process has taken, if it is still there.
pub fn taken(process: &str) -> Option<Taken> {
    let read = |file: &str| std::fs::read_to_string(format!("/proc/{process}/{file}")).ok();
    Some(Taken {
        cpu_seconds: cpu_seconds(&read("stat")?)?,
        memory_bytes: peak_bytes(&read("status")?)?,
    })
}

/// utime + stime: the 14th and 15th field. The name before them may hold spaces and parentheses itself.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS_PER_SECOND)
}

fn peak_bytes(status: &str) -> Option<u64> {
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes = line.trim().strip_suffix("kB")?.trim();
    Some(kilobytes.parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_whatever_its_name() {
        let stat = "42 (jari) worker) S 1 2 3 4 5 6 7 8 9 10 150 50 13 14 20 0 9 0 1\n";
        assert_eq!(cpu_seconds(stat), Some(2.0));
        assert_eq!(cpu_seconds("42 (jari) S 1 2"), None);
        assert_eq!(
            peak_bytes("VmRSS:\t 3 kB\nVmHWM:\t  400 kB\n"),
            Some(409_600)
        );
        assert_eq!(peak_bytes("VmRSS:\t 3 kB\n"), None);
    }
}
