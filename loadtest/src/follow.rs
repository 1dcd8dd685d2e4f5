//! Open streams on one server: reads tickets, opens a stream for each, and tells when all have heard of a change.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::Args;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::clock::unix_micros;

/// So many are opened at the same time.
const OPENED_AT_ONCE: usize = 128;
/// A stream begins within this time.
const BEGINS_WITHIN: Duration = Duration::from_secs(30);
/// What is read at once: an event has half a kilobyte.
const READ_AT_ONCE: usize = 4096;
/// What stands before the number of a change in its message; a dot follows it.
pub const CHANGE: &str = "change-";
/// So much is kept of a read for the next one: a number may be cut in two.
const KEPT: usize = 24;

/// Which streams are opened.
#[derive(Debug, Args)]
pub struct Follow {
    /// The server
    pub server: SocketAddr,
    /// The event
    #[arg(long)]
    pub event: String,
    /// Where the connections come from
    #[arg(long)]
    pub from: IpAddr,
}

/// Reads tickets up to an empty line, opens a stream for each, and says `open COUNT`. Then says `told NUMBER` and when the
/// middle one, 99 of 100, and the last heard of each change, until there is nothing more to be read.
pub async fn run(options: &Follow) -> anyhow::Result<()> {
    let mut lines = lines_of_input();
    let (heard_in, mut heard) = mpsc::unbounded_channel();
    let room = Arc::new(Semaphore::new(OPENED_AT_ONCE));
    let mut opening = JoinSet::new();
    while let Some(ticket) = lines.recv().await.filter(|ticket| !ticket.is_empty()) {
        let request = format!(
            "GET /api/queue/stream?event_id={} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {ticket}\r\n\r\n",
            options.event, options.server
        );
        let permit = Arc::clone(&room).acquire_owned().await?;
        let (server, from) = (options.server, options.from);
        opening.spawn(async move {
            let opened = tokio::time::timeout(BEGINS_WITHIN, open(server, from, &request)).await;
            drop(permit);
            opened.context("a stream did not begin in time")?
        });
    }
    let mut streams = 0;
    while let Some(opened) = opening.join_next().await {
        tokio::spawn(listen(opened??, heard_in.clone()));
        streams += 1;
    }
    say(&format!("open {streams}"));
    let mut changes = BTreeMap::<u32, Vec<u64>>::new();
    loop {
        tokio::select! {
            line = lines.recv() => if line.is_none() { return Ok(()) },
            told = heard.recv() => {
                let (number, at) = told.flatten().context("a stream ended")?;
                let times = changes.entry(number).or_default();
                times.push(at);
                if times.len() == streams {
                    say(&format!("told {number} {}", summary(times)));
                }
            }
        }
    }
}

/// When the middle one heard, 99 of 100, and the last.
fn summary(times: &mut [u64]) -> String {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    format!("{} {} {}", at(50), at(99), at(100))
}

#[expect(clippy::print_stdout, reason = "whoever has started this reads it")]
fn say(line: &str) {
    println!("{line}");
}

/// Standard input, read by a thread of its own.
fn lines_of_input() -> mpsc::Receiver<String> {
    let (lines_in, lines) = mpsc::channel(1024);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if lines_in.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// Opens one, and waits until it has begun.
async fn open(server: SocketAddr, from: IpAddr, request: &str) -> anyhow::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    let mut stream = socket.connect(server).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut began = Vec::new();
    loop {
        stream.readable().await?;
        let mut bytes = [0; READ_AT_ONCE];
        match stream.try_read(&mut bytes) {
            Ok(0) => bail!("a stream ended before it began"),
            Ok(came) => began.extend_from_slice(&bytes[..came]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error.into()),
        }
        let text = String::from_utf8_lossy(&began);
        ensure!(
            text.starts_with("HTTP/1.1 200"),
            "a stream was refused: {text}"
        );
        if text.contains("event: place") {
            return Ok(stream);
        }
    }
}

/// Tells of every change once; nothing if the stream ends.
async fn listen(stream: TcpStream, heard: mpsc::UnboundedSender<Option<(u32, u64)>>) {
    let mut last = 0;
    let mut kept = Vec::new();
    while stream.readable().await.is_ok() {
        match read(&stream, &mut kept) {
            Ok(Some(number)) if number > last => {
                last = number;
                let _ = heard.send(Some((number, unix_micros())));
            }
            Ok(_) => {}
            Err(()) => break,
        }
    }
    let _ = heard.send(None);
}

/// The newest change in what has come, if there is one. The room for it is on the stack: streams are many.
fn read(stream: &TcpStream, kept: &mut Vec<u8>) -> Result<Option<u32>, ()> {
    let mut bytes = [0; READ_AT_ONCE];
    match stream.try_read(&mut bytes) {
        Ok(0) => Err(()),
        Ok(came) => {
            kept.extend_from_slice(&bytes[..came]);
            let newest = newest_change(kept);
            let old = kept.len().saturating_sub(KEPT);
            kept.drain(..old);
            kept.shrink_to(KEPT);
            Ok(newest)
        }
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(None),
        Err(_) => Err(()),
    }
}

fn newest_change(bytes: &[u8]) -> Option<u32> {
    let found = |at: usize| {
        let number = bytes[at..].strip_prefix(CHANGE.as_bytes())?;
        let end = number.iter().position(|byte| *byte == b'.')?;
        std::str::from_utf8(&number[..end]).ok()?.parse().ok()
    };
    (0..bytes.len()).filter_map(found).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_change_is_found_once_its_number_is_whole() {
        assert_eq!(
            newest_change(b"data: {\"message\":\"change-17.\"}"),
            Some(17)
        );
        assert_eq!(newest_change(b"change-3. change-12. change-"), Some(12));
        assert_eq!(newest_change(b"change-17"), None);
        assert_eq!(newest_change(b"change-x."), None);
    }

    #[test]
    fn when_all_have_heard_is_when_the_last_one_has() {
        let mut times: Vec<u64> = (1..=200).rev().collect();
        assert_eq!(summary(&mut times), "101 199 200");
        assert_eq!(summary(&mut [7]), "7 7 7");
    }
}
