//! The whole bench, one scenario after the other, on one server.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use serde_json::json;

use crate::connection::Call;
use crate::lanes::Lanes;
use crate::measure::{Figures, Hello, Plan, measure};
use crate::operator::{SMALL_HALL, put_on_sale, staff_key, text};
use crate::report::Report;
use crate::scenarios::{AnyOf, Enter, EnterOnly, Hold, Order};
use crate::server::Server;
use crate::{Options, clock, prepare};

/// People in the short line.
const FEW: usize = 1_000;
/// Tickets that ask about the long line: each may ask 20 times a second.
const ASKING: usize = 20_000;
/// Reservations that are looked up.
const LOOKED_UP: usize = 2_000;

struct Bench {
    server: Server,
    lanes: Lanes,
    plan: Plan,
    only: String,
    figures: Vec<Figures>,
}

/// Measures everything.
pub async fn run(options: &Options) -> anyhow::Result<Report> {
    let hall = std::fs::read(&options.hall)
        .with_context(|| format!("reading {}", options.hall.display()))?;
    let server = Server::start(&options.jari, &options.results, "bench").await?;
    let lanes = Lanes::open(server.address, options.connections).await?;
    let plan = Plan {
        slices: options.slices,
        slice: Duration::from_secs_f64(options.seconds),
    };
    let mut bench = Bench {
        server,
        lanes,
        plan,
        only: options.only.clone(),
        figures: Vec::new(),
    };
    bench.reads(&hall.clone().into()).await?;
    bench.sales(&hall.into()).await?;
    let resident_bytes = bench.lines(options.people).await?;
    Ok(Report {
        at: clock::unix_seconds(),
        scenarios: bench.figures,
        people: options.people,
        resident_bytes,
    })
}

impl Bench {
    async fn measure<W: crate::lanes::Work>(
        &mut self,
        name: &str,
        aim: Option<f64>,
        work: W,
        end: usize,
    ) -> anyhow::Result<()> {
        if !name.contains(&self.only) {
            return Ok(());
        }
        let parts = (&self.server, &mut self.lanes);
        let figures = measure((name, aim), parts, &Arc::new(work), end, self.plan).await?;
        self.figures.push(figures);
        Ok(())
    }

    async fn reads(&mut self, hall: &Bytes) -> anyhow::Result<()> {
        self.measure("hello", Some(1.0), Hello(Call::get("/hello")?), usize::MAX)
            .await?;
        put_on_sale(self.lanes.first()?, "hall", 0, hall).await?;
        let full = Call::get("/api/events/hall/availability")?;
        let answer = self.lanes.first()?.send(&full).await?;
        let tag = answer
            .headers
            .get("etag")
            .context("availability has an ETag")?
            .to_str()?
            .to_owned();
        let unchanged = full.clone().header("if-none-match", &tag)?;
        self.measure(
            "availability, unchanged",
            Some(0.6),
            AnyOf(vec![unchanged]),
            usize::MAX,
        )
        .await?;
        self.measure(
            "availability, 39,616 seats",
            Some(0.6),
            AnyOf(vec![full]),
            usize::MAX,
        )
        .await
    }

    async fn sales(&mut self, hall: &Bytes) -> anyhow::Result<()> {
        let holds = prepare::holds(&mut self.lanes, "holds", hall).await?;
        let count = holds.len();
        // A hall has fewer pairs than a slice could hold: short slices, each with pairs of its own.
        let plan = self.plan;
        self.plan.slice = plan.slice.min(Duration::from_millis(100));
        self.measure("hold", Some(0.45), Hold(holds), count).await?;
        let holds = prepare::holds(&mut self.lanes, "orders", hall).await?;
        let path = "/api/events/orders/reservations".to_owned();
        self.plan.slice = plan.slice.min(Duration::from_millis(200));
        self.measure("hold + confirm", Some(0.2), Order { holds, path }, count)
            .await?;
        self.plan = plan;
        self.look_ups(hall).await
    }

    async fn look_ups(&mut self, hall: &Bytes) -> anyhow::Result<()> {
        let mut holds = prepare::holds(&mut self.lanes, "door", hall).await?;
        holds.truncate(LOOKED_UP);
        let sold = prepare::sold(&mut self.lanes, "door", holds).await?;
        let key = staff_key(self.lanes.first()?, &["door".to_owned()]).await?;
        let path = "/staff/events/door/lookup";
        let call = |sold| Call::post(path, &json!({ "code": text(sold, "code")? }))?.bearer(&key);
        let calls = sold.iter().map(call).collect::<anyhow::Result<_>>()?;
        self.measure("look-up", None, AnyOf(calls), usize::MAX)
            .await
    }

    async fn lines(&mut self, people: usize) -> anyhow::Result<u64> {
        let small = Bytes::from_static(SMALL_HALL.as_bytes());
        for event in ["short", "enter", "long"] {
            put_on_sale(self.lanes.first()?, event, 0, &small).await?;
        }
        let few = prepare::enter(&mut self.lanes, "short", FEW).await?;
        let few = prepare::questions("short", &few)?;
        self.measure(
            "enter",
            Some(0.5),
            EnterOnly(Enter::of("enter")?),
            usize::MAX,
        )
        .await?;
        let mut places = Vec::new();
        let mut entered = 0;
        while entered < people {
            let now = (people - entered).min(100_000);
            let some = prepare::enter(&mut self.lanes, "long", now).await?;
            // Some of each part of the line ask; the others only stand in it.
            places.extend(some.into_iter().step_by((people / ASKING).max(1)));
            entered += now;
        }
        let resident_bytes = self.server.resident_bytes()?;
        let many = prepare::questions("long", &places)?;
        self.measure("status, 1,000 in line", Some(0.85), AnyOf(few), usize::MAX)
            .await?;
        self.measure(
            &format!("status, {people} in line"),
            Some(0.85),
            AnyOf(many),
            usize::MAX,
        )
        .await?;
        Ok(resident_bytes)
    }
}
