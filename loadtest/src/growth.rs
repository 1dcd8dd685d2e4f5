//! What a request costs in short and long lines, and in small and large halls.
//!
//! Short lines and small halls are measured in many at a time, so that what is asked during the measurement hardly makes
//! them longer or fuller.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use serde::Serialize;
use serde_json::json;

use crate::bench::progress;
use crate::connection::Call;
use crate::lanes::{Limit, Work};
use crate::measure::{Bench, Figures, Slices};
use crate::scenarios::{Confirm, Enter, Hold, InTurn, Place};
use crate::server::{Server, Way};
use crate::{clock, prepare};

/// People in line.
const LINES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Seats.
const HALLS: [usize; 4] = [1_000, 10_000, 40_000, 100_000];
/// People in all lines of one length together, at least, and lines at most.
const PEOPLE: usize = 100_000;
const LINES_AT_MOST: usize = 50;
/// Of the people in line so many more enter while that is measured: one in …
const GROWS_BY_ONE_IN: usize = 5;
/// Seats in all halls of one size together.
const SEATS: usize = 200_000;
/// Orders of two seats, and holds of the best two: together a quarter of all seats.
const ORDERS: usize = 12_000;
const BEST: usize = 12_000;
/// Holds of one pass: as many as 50 seats are.
const PER_PASS: usize = 25;
/// Who is inside while the others wait.
const CAPACITY: u32 = 100;
/// Tickets that ask.
const ASKING: usize = 20_000;
/// Statuses in one slice.
const STATUSES: usize = 40_000;
/// Enters in one slice, at most.
const ENTERS: usize = 20_000;
const SLICES: usize = 3;
/// How long a slice of hello takes.
const HELLO: Duration = Duration::from_millis(500);
const CONNECTIONS: u32 = 256;
const ROW: usize = 40;
const ROWS_IN_SECTION: usize = 25;

/// What is measured.
#[derive(Debug, Args)]
pub struct Growth {
    /// The program to measure.
    #[arg(long, value_name = "FILE")]
    jari: PathBuf,
    /// Leaves out lines and halls that are larger.
    #[arg(long, default_value_t = 1_000_000, value_name = "COUNT")]
    at_most: usize,
    /// Where the figures go, and the data of the server while it is measured.
    #[arg(long, default_value = "bench-results", value_name = "DIR")]
    pub results: PathBuf,
}

/// What it came to.
#[derive(Debug, Serialize)]
pub struct Report {
    /// When, in seconds since 1970.
    pub at: u64,
    /// By the length of the line.
    pub lines: Vec<Row>,
    /// By the size of the hall.
    pub halls: Vec<Row>,
}

/// One length or size.
#[derive(Debug, Serialize)]
pub struct Row {
    /// How many people or seats.
    pub size: usize,
    /// Each kind of request.
    pub figures: Vec<Figures>,
}

/// Measures all of it.
pub async fn run(options: &Growth) -> anyhow::Result<Report> {
    let mut report = Report {
        at: clock::unix_seconds(),
        lines: Vec::new(),
        halls: Vec::new(),
    };
    for size in LINES.into_iter().filter(|size| *size <= options.at_most) {
        progress(&format!("lines of {size}"));
        let mut bench = bench(options, &format!("line-{size}")).await?;
        let figures = line(&mut bench, size).await?;
        report.lines.push(Row { size, figures });
    }
    for size in HALLS.into_iter().filter(|size| *size <= options.at_most) {
        progress(&format!("halls of {size}"));
        let mut bench = bench(options, &format!("hall-{size}")).await?;
        let figures = hall(&mut bench, size).await?;
        report.halls.push(Row { size, figures });
    }
    Ok(report)
}

async fn bench(options: &Growth, name: &str) -> anyhow::Result<Bench> {
    let server = Server::start(&options.jari, &options.results, name, Way::Directory).await?;
    Bench::of(server, CONNECTIONS, HELLO).await
}

/// Lines of this length: who asks, and who enters.
async fn line(bench: &mut Bench, size: usize) -> anyhow::Result<Vec<Figures>> {
    let events: Vec<String> = (1..=(PEOPLE / size).clamp(1, LINES_AT_MOST))
        .map(|nth| format!("line-{nth}"))
        .collect();
    let small = Bytes::from_static(crate::operator::SMALL_HALL.as_bytes());
    prepare::full_shops(&mut bench.lanes, &events, CAPACITY, &small).await?;
    let first = events.len() * usize::try_from(CAPACITY)?;
    let last = first + events.len() * size;
    let keep_every = (last / ASKING).max(1);
    let enter = Arc::new(Enter {
        events: events.clone(),
        keep_every,
    });
    let limit = Limit {
        next: first,
        ..Limit::all(last)
    };
    let entered = bench.lanes.work(&enter, &limit).await?;
    let kept = (first..last).filter(|person| person.is_multiple_of(keep_every));
    let tickets = entered.in_order()?.into_iter().flatten();
    let asked = kept
        .zip(tickets)
        .map(|(person, ticket)| prepare::status(&events[person % events.len()], &ticket));
    let asked = asked.collect::<anyhow::Result<_>>()?;
    let status = measured(bench, "status", &Arc::new(InTurn(asked)), STATUSES, 0).await?;
    let more = (events.len() * size / GROWS_BY_ONE_IN / SLICES).min(ENTERS);
    let enter = measured(bench, "enter", &enter, more, last).await?;
    Ok(vec![status.0, enter.0])
}

/// Halls of this size: who holds seats of their own choice and buys them, and who holds the best.
async fn hall(bench: &mut Bench, size: usize) -> anyhow::Result<Vec<Figures>> {
    let events: Vec<String> = (1..=SEATS / size)
        .map(|nth| format!("hall-{nth}"))
        .collect();
    let seats = prepare::seats(&mut bench.lanes, &events, &csv(size).into()).await?;
    let passes = prepare::passes(&mut bench.lanes, &events, 0..ORDERS).await?;
    let places = prepare::places(&seats, &events, &passes, 1)?;
    let hold = Arc::new(Hold(places));
    let per_slice = hold.0.len() / SLICES;
    let (held_figures, held) = measured(bench, "hold", &hold, per_slice, 0).await?;
    let confirm = Arc::new(Confirm { hold, held });
    let confirmed = measured(bench, "confirm", &confirm, per_slice, 0).await?;
    let choosing = ORDERS..ORDERS + BEST / PER_PASS;
    let passes = prepare::passes(&mut bench.lanes, &events, choosing.clone()).await?;
    let best = Arc::new(Hold(best(&events, &passes, choosing.start)?));
    let best_figures = measured(bench, "best available", &best, best.0.len() / SLICES, 0).await?;
    Ok(vec![held_figures, best_figures.0, confirmed.0])
}

/// Wishes for the best two seats, many with each pass; `passes` are of the `events` in turn, from this person on.
fn best(events: &[String], passes: &[String], first: usize) -> anyhow::Result<Vec<Place>> {
    let mut places = Vec::new();
    for _ in 0..PER_PASS {
        for (nth, pass) in passes.iter().enumerate() {
            let event_id = events[(first + nth) % events.len()].clone();
            let path = format!("/api/events/{event_id}/holds");
            let wish = json!({ "best_available": { "quantity": 2 } });
            let hold = Call::post(&path, &wish)?.bearer(pass)?;
            places.push(Place { event_id, hold });
        }
    }
    Ok(places)
}

/// Some slices of so many units each, from `first` on; and what was kept of them, in order.
async fn measured<W: Work>(
    bench: &mut Bench,
    name: &str,
    work: &Arc<W>,
    per_slice: usize,
    first: usize,
) -> anyhow::Result<(Figures, Vec<W::Output>)> {
    let (mut slices, mut kept) = (Slices::none()?, Vec::new());
    for slice in 0..SLICES {
        let next = first + slice * per_slice;
        let done = bench
            .all(&mut slices, work, (next, next + per_slice))
            .await?;
        kept.extend(done.in_order()?);
    }
    Ok((bench.finish(slices, name, None).await?, kept))
}

/// A hall as organisers write it.
fn csv(seats: usize) -> String {
    let mut text = "section,row,seats,category,price\n".to_owned();
    for row in 0..seats / ROW {
        let (section, row) = (row / ROWS_IN_SECTION + 1, row % ROWS_IN_SECTION + 1);
        let _ = writeln!(text, "S{section},{row},1-{ROW},Stalls,1000");
    }
    text
}

impl Report {
    /// Answers that were no success.
    pub fn failed(&self) -> usize {
        let rows = self.lines.iter().chain(&self.halls);
        rows.flat_map(|row| &row.figures)
            .map(|figures| figures.failed)
            .sum()
    }

    /// For people.
    pub fn table(&self) -> String {
        let mut text = format!(
            "{:<18}{:<18}{:>10}{:>10}{:>10}{:>10}{:>10}\n",
            "", "", "per s", "p50 ms", "p99 ms", "CPU µs", "of hello"
        );
        let mut add = |of: &str, row: &Row| {
            for figures in &row.figures {
                let _ = writeln!(
                    text,
                    "{:<18}{:<18}{:>10.0}{:>10.2}{:>10.2}{:>10.1}{:>10.2}",
                    format!("{} {of}", row.size),
                    figures.name,
                    figures.per_second,
                    figures.p50_ms,
                    figures.p99_ms,
                    figures.cpu_micros,
                    figures.of_hello
                );
            }
        };
        self.lines.iter().for_each(|row| add("in line", row));
        self.halls.iter().for_each(|row| add("seats", row));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hall_has_as_many_seats_as_it_is_asked_to_have() {
        for size in HALLS {
            assert_eq!((csv(size).lines().count() - 1) * ROW, size);
            assert_eq!(SEATS % size, 0);
        }
    }

    #[test]
    fn wishes_are_for_the_event_of_their_pass() {
        let events = ["a", "b"].map(str::to_owned);
        let passes = ["b1", "a1"].map(str::to_owned);
        let places = best(&events, &passes, 3).unwrap();
        assert_eq!(places.len(), 2 * PER_PASS);
        for place in places {
            let call = format!("{:?}", place.hold);
            assert!(
                call.contains(&format!("Bearer {}1", place.event_id)),
                "{call}"
            );
        }
    }
}
