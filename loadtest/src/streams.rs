//! Many open streams: what each takes of the server's memory, and how soon all have heard of a change.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};
use bytes::Bytes;
use clap::Args;
use serde::Serialize;
use serde_json::json;
use tokio::sync::mpsc;

use crate::arithmetic::{float, median};
use crate::bench::progress;
use crate::clock;
use crate::connection::{Call, Connection};
use crate::follow::CHANGE;
use crate::lanes::{Lanes, Limit};
use crate::operator::SMALL_HALL;
use crate::prepare::full_shops;
use crate::scenarios::Enter;
use crate::server::{OPERATOR_KEY, Server, Way};

const EVENT: &str = "streams";
/// Who is inside while the others wait.
const CAPACITY: u32 = 100;
/// Connections over which people enter.
const LANES: u32 = 64;
/// A change is heard of well within this time, and so are all streams opened.
const HEARD_WITHIN: Duration = Duration::from_secs(120);
/// Between a change and the next: longer than a stream rests after an event.
const REST: Duration = Duration::from_secs(2);

/// How many, and where.
#[derive(Debug, Args)]
pub struct Streams {
    /// The program to measure.
    #[arg(long, value_name = "FILE")]
    jari: PathBuf,
    /// Streams on each server; a process may have 20,000 files open.
    #[arg(long = "streams", default_value_t = 15_000, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=17_000))]
    each: u32,
    /// Servers: one has its state in a directory, several have it in `PostgreSQL` and Redis.
    #[arg(long, default_value_t = 1, value_name = "COUNT", value_parser = clap::value_parser!(u8).range(1..=16))]
    servers: u8,
    /// Changes that are made.
    #[arg(long, default_value_t = 3, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=100))]
    changes: u32,
    /// Where the figures go, and the data of the servers while they are measured.
    #[arg(long, default_value = "bench-results", value_name = "DIR")]
    pub results: PathBuf,
}

/// What it came to.
#[derive(Debug, Serialize)]
pub struct Report {
    /// When, in seconds since 1970.
    pub at: u64,
    /// Servers.
    pub servers: usize,
    /// Streams on each.
    pub streams: u32,
    /// What each server held before anybody came, with all streams open, and after the changes, in bytes.
    pub resident_bytes: Vec<[u64; 3]>,
    /// How long after a change was asked for the middle stream, 99 of 100, and the last had it, in milliseconds.
    pub heard_ms: Vec<[f64; 3]>,
}

/// Opens them, and changes something.
pub async fn run(options: &Streams) -> anyhow::Result<Report> {
    let way = if options.servers == 1 {
        Way::Directory
    } else {
        Way::Cluster
    };
    let mut servers = vec![Server::start(&options.jari, &options.results, "streams", way).await?];
    for _ in 1..options.servers {
        servers.push(servers[0].beside(&options.jari).await?);
    }
    // Whoever is beside another ends before it.
    servers.reverse();
    let resident = |servers: &[Server]| {
        servers
            .iter()
            .map(Server::resident_bytes)
            .collect::<anyhow::Result<Vec<_>>>()
    };
    let before = resident(&servers)?;
    let mut tickets = tickets(&servers, options).await?;
    progress("opening streams");
    let mut followers = Vec::new();
    for (nth, server) in servers.iter().enumerate() {
        let theirs = tickets.split_off(tickets.len() - usize::try_from(options.each)?);
        followers.push(Follower::start(server, nth, theirs)?);
    }
    for follower in &mut followers {
        let told = follower.says("open ").await?;
        ensure!(
            told == options.each.to_string(),
            "{told} streams were opened"
        );
    }
    tokio::time::sleep(REST).await;
    let open = resident(&servers)?;
    let heard_ms = changes(&servers, &mut followers, options.changes).await?;
    let after = resident(&servers)?;
    let resident_bytes = before.iter().zip(open).zip(after);
    Ok(Report {
        at: clock::unix_seconds(),
        servers: servers.len(),
        streams: options.each,
        resident_bytes: resident_bytes
            .map(|((before, open), after)| [*before, open, after])
            .collect(),
        heard_ms,
    })
}

/// Tickets of people who wait, enough for all streams.
async fn tickets(servers: &[Server], options: &Streams) -> anyhow::Result<Vec<Box<str>>> {
    progress("people enter");
    let first = servers.first().context("there is no server")?;
    let mut lanes = Lanes::open(first.address, LANES).await?;
    let events = [EVENT.to_owned()];
    full_shops(
        &mut lanes,
        &events,
        CAPACITY,
        &Bytes::from_static(SMALL_HALL.as_bytes()),
    )
    .await?;
    let begin = usize::try_from(CAPACITY)?;
    let enter = Enter {
        events: events.to_vec(),
        keep_every: 1,
    };
    let limit = Limit {
        next: begin,
        ..Limit::all(begin + servers.len() * usize::try_from(options.each)?)
    };
    let entered = lanes.work(&std::sync::Arc::new(enter), &limit).await?;
    Ok(entered.in_order()?.into_iter().flatten().collect())
}

/// Pauses the sale with a message of its own, and lets it go on, so often. How soon all heard of each pause.
async fn changes(
    servers: &[Server],
    followers: &mut [Follower],
    count: u32,
) -> anyhow::Result<Vec<[f64; 3]>> {
    let operator = servers.last().context("there is no server")?;
    let mut operator = Connection::open(operator.address).await?;
    let path = |what: &str| format!("/api/admin/events/{EVENT}/{what}");
    let mut heard_ms = Vec::new();
    for number in 1..=count {
        progress("a change");
        let message = json!({ "message": format!("{CHANGE}{number}.") });
        let pause = Call::post(&path("pause"), &message)?.bearer(OPERATOR_KEY)?;
        let asked = clock::unix_micros();
        operator.send(&pause).await?;
        let mut latest = [0.0_f64; 3];
        for follower in followers.iter_mut() {
            let told = follower.says(&format!("told {number} ")).await?;
            let times = told.split(' ').map(str::parse::<u64>);
            for (latest, at) in latest.iter_mut().zip(times) {
                let micros = usize::try_from(at?.saturating_sub(asked))?;
                *latest = latest.max(float(micros) / 1000.0);
            }
        }
        heard_ms.push(latest);
        tokio::time::sleep(REST).await;
        operator
            .send(&Call::post(&path("resume"), &json!({}))?.bearer(OPERATOR_KEY)?)
            .await?;
        tokio::time::sleep(REST).await;
    }
    Ok(heard_ms)
}

/// A process that follows many streams on one server; gone when this is dropped.
struct Follower {
    child: Child,
    /// It follows as long as this is open.
    _input: ChildStdin,
    lines: mpsc::UnboundedReceiver<String>,
}

impl Follower {
    fn start(server: &Server, nth: usize, tickets: Vec<Box<str>>) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["follow", &server.address.to_string(), "--event", EVENT])
            // A source of its own, in each run another one: an address has 28,000 ports, and those of the last run rest
            // for a minute.
            .args([
                "--from",
                &format!("127.{}.0.{}", 1 + std::process::id() % 250, nth + 2),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut input = child.stdin.take().context("it has no input")?;
        let output = BufReader::new(child.stdout.take().context("it has no output")?);
        let (lines_in, lines) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if lines_in.send(line).is_err() {
                    return;
                }
            }
        });
        for ticket in tickets {
            writeln!(input, "{ticket}")?;
        }
        writeln!(input)?;
        Ok(Self {
            child,
            _input: input,
            lines,
        })
    }

    /// The rest of the next line, which begins with this.
    async fn says(&mut self, begin: &str) -> anyhow::Result<String> {
        let line = tokio::time::timeout(HEARD_WITHIN, self.lines.recv()).await;
        let line = line.with_context(|| format!("nobody said {begin}within {HEARD_WITHIN:?}"))?;
        let line = line.context("a process that follows streams has ended")?;
        let rest = line.strip_prefix(begin);
        Ok(rest
            .with_context(|| format!("instead of {begin}it said {line}"))?
            .to_owned())
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Report {
    /// For people.
    pub fn table(&self) -> String {
        let streams = f64::from(self.streams);
        let mut text = format!(
            "{} servers, {} streams on each\n",
            self.servers, self.streams
        );
        for [before, open, after] in &self.resident_bytes {
            let each = |bytes: &u64| {
                let more = usize::try_from(bytes.saturating_sub(*before)).unwrap_or(usize::MAX);
                float(more) / streams / 1000.0
            };
            let _ = writeln!(
                text,
                "memory: {} MB before, {} MB open ({:.1} kB each), {} MB after the changes ({:.1} kB each)",
                before / 1_000_000,
                open / 1_000_000,
                each(open),
                after / 1_000_000,
                each(after)
            );
        }
        for [half, most, all] in &self.heard_ms {
            let _ = writeln!(
                text,
                "a change: half had it after {half:.0} ms, 99 of 100 after {most:.0} ms, all after {all:.0} ms"
            );
        }
        let all: Vec<f64> = self.heard_ms.iter().map(|[_, _, all]| *all).collect();
        let _ = writeln!(
            text,
            "all had it after {:.0} ms: the median",
            median(&all).unwrap_or_default()
        );
        text
    }
}
