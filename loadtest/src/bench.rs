//! The scenarios in their order: the shop, then the line, each on a fresh server.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;

use crate::connection::Call;
use crate::lanes::{Limit, Work};
use crate::measure::{Bench, Figures, Slices};
use crate::operator::{SMALL_HALL, staff_key};
use crate::report::{LongLine, Report};
use crate::scenarios::{Enter, Hold, InTurn, Order, Place, Release};
use crate::server::{Server, Way};
use crate::{Options, clock, cluster, prepare};

/// Shops with a hall each: together they have more pairs of seats than a slice holds.
const SHOPS: usize = 4;
/// Passes for each second of slices of orders: more than two cores sell.
const ORDERS_PER_SECOND: f64 = 12_000.0;
/// Pairs of seats that one pass may hold.
const PAIRS_PER_PASS: usize = 25;
/// Short lines, and people in each: at full speed no ticket asks more than the 20 times a second that it may.
const SHORT_LINES: usize = 8;
const PEOPLE_IN_SHORT_LINE: usize = 1_000;
/// Who is inside while the others wait.
const CAPACITY: u32 = 100;
/// Tickets that ask about the long line.
const ASKING: usize = 20_000;

const UNCHANGED: &str = "availability, unchanged";
const WHOLE: &str = "availability, whole";
pub const HOLD: &str = "hold";
pub const ORDER: &str = "hold + confirm";
const LOOK_UP: &str = "look-up";
pub const SHORT_STATUS: &str = "status, short line";
const ENTER: &str = "enter";
const LONG_STATUS: &str = "status, long line";

/// Measures everything that was asked for.
pub async fn run(options: &Options) -> anyhow::Result<Report> {
    let hall = std::fs::read(&options.hall)
        .with_context(|| format!("reading {}", options.hall.display()))?;
    let mut report = Report {
        at: clock::unix_seconds(),
        connections: options.connections,
        slices: options.slices,
        slice_seconds: options.seconds,
        scenarios: Vec::new(),
        compared: Vec::new(),
        long_line: None,
    };
    if options.cluster {
        cluster::run(options, &hall, &mut report).await?;
        return Ok(report);
    }
    let wanted = |names: &[&str]| names.iter().any(|name| options.wants(name));
    if wanted(&[UNCHANGED, WHOLE, HOLD, ORDER, LOOK_UP]) {
        let mut session = Session::start(options, "shop", hall.clone(), Way::Directory).await?;
        session.shop().await?;
        report.scenarios.append(&mut session.finish());
    }
    if wanted(&[SHORT_STATUS, ENTER, LONG_STATUS]) {
        let mut session = Session::start(options, "line", hall, Way::Directory).await?;
        session.short_lines().await?;
        report.long_line = session.long_line().await?;
        report.scenarios.append(&mut session.finish());
    }
    Ok(report)
}

impl Options {
    fn wants(&self, scenario: &str) -> bool {
        scenario.contains(&self.only)
    }
}

/// What is aimed at, of hello.
pub struct Aims {
    /// Status.
    pub status: Option<f64>,
    /// A hold.
    pub hold: Option<f64>,
    /// A hold and its confirmation.
    pub order: Option<f64>,
}

/// What one program does by itself.
const AIMS: Aims = Aims {
    status: Some(0.85),
    hold: Some(0.45),
    order: Some(0.2),
};

/// What is measured on one server.
pub struct Session<'a> {
    /// What was asked for.
    pub options: &'a Options,
    /// The large hall.
    pub hall: Bytes,
    /// The server.
    pub bench: Bench,
    /// What has been measured.
    pub figures: Vec<Figures>,
    /// What is aimed at.
    pub aims: Aims,
    /// The scenarios that there are; all if empty.
    scenarios: &'static [&'static str],
}

impl<'a> Session<'a> {
    /// Starts a server.
    pub async fn start(
        options: &'a Options,
        name: &str,
        hall: Vec<u8>,
        way: Way,
    ) -> anyhow::Result<Self> {
        let server = Server::start(&options.jari, &options.results, name, way).await?;
        let slice = Duration::from_secs_f64(options.seconds);
        Ok(Self {
            options,
            hall: hall.into(),
            bench: Bench::of(server, options.connections, slice).await?,
            figures: Vec::new(),
            aims: AIMS,
            scenarios: &[],
        })
    }

    /// Measures no other scenarios than these.
    pub fn only(&mut self, scenarios: &'static [&'static str]) {
        self.scenarios = scenarios;
    }

    fn wants(&self, scenario: &str) -> bool {
        let is_one = self.scenarios.is_empty() || self.scenarios.contains(&scenario);
        is_one && self.options.wants(scenario)
    }

    /// All that was measured, hello first.
    pub fn finish(mut self) -> Vec<Figures> {
        self.figures.insert(0, self.bench.hellos());
        self.figures
    }

    /// Measures work of which there is no end.
    async fn measure<W: Work>(
        &mut self,
        name: &str,
        aim: Option<f64>,
        work: W,
    ) -> anyhow::Result<()> {
        if !self.wants(name) {
            return Ok(());
        }
        progress(name);
        let (work, mut slices, mut next) = (Arc::new(work), Slices::none()?, 0);
        for _ in 0..self.options.slices {
            let done = self.bench.slice(&mut slices, &work, (next, usize::MAX));
            next = done.await?.next;
        }
        self.conclude(slices, name, aim).await
    }

    async fn conclude(
        &mut self,
        slices: Slices,
        name: &str,
        aim: Option<f64>,
    ) -> anyhow::Result<()> {
        let figures = self.bench.finish(slices, name, aim).await?;
        self.figures.push(figures);
        Ok(())
    }

    /// Measures the shop.
    pub async fn shop(&mut self) -> anyhow::Result<()> {
        progress("preparing the shop");
        let events: Vec<String> = (1..=SHOPS).map(|shop| format!("shop-{shop}")).collect();
        let seats = prepare::seats(&mut self.bench.lanes, &events, &self.hall).await?;
        self.availability(&events[0]).await?;
        let holders = SHOPS * (seats.len() / SHOPS).div_ceil(PAIRS_PER_PASS);
        if self.wants(HOLD) {
            let passes = prepare::passes(&mut self.bench.lanes, &events, 0..holders).await?;
            let places = prepare::places(&seats, &events, &passes, PAIRS_PER_PASS)?;
            self.hold(places).await?;
        }
        if self.wants(ORDER) || self.wants(LOOK_UP) {
            let seconds = f64::from(self.options.slices) * self.options.seconds;
            let buyers = whole(ORDERS_PER_SECOND * seconds).min(seats.len());
            let people = holders..holders + buyers;
            let passes = prepare::passes(&mut self.bench.lanes, &events, people).await?;
            // A purchase ends the pass.
            let places = prepare::places(&seats, &events, &passes, 1)?;
            self.order_and_look_up(&events, places).await?;
        }
        Ok(())
    }

    async fn availability(&mut self, event_id: &str) -> anyhow::Result<()> {
        let whole = Call::get(&format!("/api/events/{event_id}/availability"))?;
        let answer = self.bench.lanes.first()?.send(&whole).await?;
        let tag = answer.headers.get("etag").context("there is no ETag")?;
        let unchanged = whole.clone().header("if-none-match", tag.to_str()?)?;
        let answer = self.bench.lanes.first()?.send(&unchanged).await?;
        anyhow::ensure!(answer.body.is_empty(), "the ETag was not known again");
        self.measure(UNCHANGED, Some(0.6), InTurn(vec![unchanged]))
            .await?;
        self.measure(WHOLE, Some(0.6), InTurn(vec![whole])).await
    }

    /// Every slice holds the same seats: they are given back in between.
    async fn hold(&mut self, places: Vec<Place>) -> anyhow::Result<()> {
        progress(HOLD);
        let (end, work, mut slices) = (places.len(), Arc::new(Hold(places)), Slices::none()?);
        for _ in 0..self.options.slices {
            let done = self.bench.slice(&mut slices, &work, (0, end)).await?;
            let held: Vec<Bytes> = done.outputs.into_iter().map(|(_, body)| body).collect();
            let all = Limit::all(held.len());
            let released = self
                .bench
                .lanes
                .work(&Arc::new(Release(held)), &all)
                .await?;
            released.in_order()?;
        }
        self.conclude(slices, HOLD, self.aims.hold).await
    }

    async fn order_and_look_up(
        &mut self,
        events: &[String],
        places: Vec<Place>,
    ) -> anyhow::Result<()> {
        progress(ORDER);
        let per_slice = places.len() / usize::try_from(self.options.slices)?;
        let (work, mut slices) = (Arc::new(Order(places)), Slices::none()?);
        let (mut next, mut reservations) = (0, Vec::new());
        for _ in 0..self.options.slices {
            let range = (next, next + per_slice);
            let done = self.bench.slice(&mut slices, &work, range).await?;
            next = done.next;
            reservations.extend(done.outputs.into_iter().map(|(_, body)| body));
        }
        self.conclude(slices, ORDER, self.aims.order).await?;
        let key = staff_key(self.bench.lanes.first()?, events).await?;
        let look_ups = InTurn(prepare::look_ups(&reservations, &key)?);
        self.measure(LOOK_UP, None, look_ups).await
    }

    /// Measures short lines.
    pub async fn short_lines(&mut self) -> anyhow::Result<()> {
        if !self.wants(SHORT_STATUS) {
            return Ok(());
        }
        progress("preparing short lines");
        let events: Vec<String> = (1..=SHORT_LINES)
            .map(|line| format!("short-{line}"))
            .collect();
        let small = Bytes::from_static(SMALL_HALL.as_bytes());
        let lanes = &mut self.bench.lanes;
        prepare::full_shops(lanes, &events, CAPACITY, &small).await?;
        let first = SHORT_LINES * usize::try_from(CAPACITY)?;
        let people = SHORT_LINES * PEOPLE_IN_SHORT_LINE;
        let asked = prepare::enter(lanes, &events, first..first + people).await?;
        let aim = self.aims.status;
        self.measure(SHORT_STATUS, aim, InTurn(asked)).await
    }

    /// Measures how the first of a long line enter, lets the others follow, and measures how they ask.
    async fn long_line(&mut self) -> anyhow::Result<Option<LongLine>> {
        if !self.wants(ENTER) && !self.wants(LONG_STATUS) {
            return Ok(None);
        }
        progress("preparing a long line");
        let event_id = "long".to_owned();
        let events = std::slice::from_ref(&event_id);
        prepare::full_shops(&mut self.bench.lanes, events, CAPACITY, &self.hall).await?;
        let first = usize::try_from(CAPACITY)?;
        let people = self.options.people;
        let enter = Arc::new(Enter {
            events: events.to_vec(),
            keep_every: (people / ASKING).max(1),
        });
        let mut tickets = Vec::new();
        let (mut next, end) = (first, first + people);
        if self.wants(ENTER) {
            progress(ENTER);
            let mut slices = Slices::none()?;
            for _ in 0..self.options.slices {
                let done = self.bench.slice(&mut slices, &enter, (next, end)).await?;
                next = done.next;
                tickets.extend(done.outputs.into_iter().filter_map(|(_, ticket)| ticket));
            }
            self.conclude(slices, ENTER, Some(0.5)).await?;
        }
        if !self.wants(LONG_STATUS) {
            return Ok(None);
        }
        progress("filling the line");
        let limit = Limit {
            next,
            ..Limit::all(end)
        };
        let filled = self.bench.lanes.work(&enter, &limit).await?;
        let filled_in_seconds = filled.elapsed.as_secs_f64();
        tickets.extend(filled.in_order()?.into_iter().flatten());
        let asked: anyhow::Result<_> = tickets
            .iter()
            .map(|ticket| prepare::status(&event_id, ticket))
            .collect();
        self.measure(LONG_STATUS, Some(0.85), InTurn(asked?))
            .await?;
        Ok(Some(LongLine {
            people,
            filled_in_seconds,
            resident_bytes: self.bench.server.resident_bytes()?,
        }))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, as is wanted"
)]
/// A count of whole things.
pub fn whole(count: f64) -> usize {
    count as usize
}

#[expect(clippy::print_stderr, reason = "whoever waits wants to know for what")]
/// Says what is being done.
pub fn progress(what: &str) {
    eprintln!("… {what}");
}
