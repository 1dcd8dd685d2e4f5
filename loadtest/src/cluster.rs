//! The same on `PostgreSQL` and Redis: straight, through the gateway, and against what `PostgreSQL` does by itself.

use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;

use crate::bench::{Aims, HOLD, ORDER, SHORT_STATUS, Session, progress, whole};
use crate::lanes::Limit;
use crate::measure::Slices;
use crate::postgres::{Compared, pgbench, writer};
use crate::report::Report;
use crate::scenarios::{Confirm, Hold};
use crate::server::{Stores, Way};
use crate::{Options, prepare};

/// What is measured.
const SCENARIOS: [&str; 3] = [SHORT_STATUS, HOLD, ORDER];
/// What is aimed at straight, and what through the gateway.
const STRAIGHT: Aims = Aims {
    status: Some(0.85),
    hold: Some(0.35),
    order: Some(0.15),
};
const THROUGH: Aims = Aims {
    status: None,
    hold: None,
    order: None,
};
/// Purchases to be made for each second of slices: more than two cores make.
const PURCHASES_PER_SECOND: f64 = 8_000.0;
const PER_PASS: usize = 25;

/// Measures it.
pub async fn run(options: &Options, hall: &[u8], report: &mut Report) -> anyhow::Result<()> {
    for (way, aims, name) in [
        (Way::Cluster, STRAIGHT, "straight"),
        (Way::ClusterThroughTheGateway, THROUGH, "through-nginx"),
    ] {
        let mut session = Session::start(options, name, hall.to_vec(), way).await?;
        session.only(&SCENARIOS);
        session.aims = aims;
        session.short_lines().await?;
        session.shop().await?;
        if way == Way::Cluster {
            report.compared.append(&mut session.compared().await?);
        }
        for mut figures in session.finish() {
            figures.name = format!("{}, {name}", figures.name);
            report.scenarios.push(figures);
        }
    }
    let program = options.writer.as_ref().context("--writer is missing")?;
    let compared = the_writer(options, program)?;
    report.compared.push(compared);
    Ok(())
}

impl Session<'_> {
    /// Confirmations alone, between two runs of `pgbench` on the same `PostgreSQL`.
    async fn compared(&mut self) -> anyhow::Result<Vec<Compared>> {
        let url = self.bench.server.database_url();
        let url = url.context("there is no PostgreSQL")?;
        progress("confirm");
        let events = vec!["confirm-1".to_owned(), "confirm-2".to_owned()];
        let lanes = &mut self.bench.lanes;
        let seats = prepare::seats(lanes, &events, &self.hall).await?;
        let seconds = f64::from(self.options.slices) * self.options.seconds;
        let wanted = whole(PURCHASES_PER_SECOND * seconds).min(seats.len());
        let people = 0..wanted.div_ceil(PER_PASS);
        let passes = prepare::passes(lanes, &events, people).await?;
        let places = prepare::places(&seats, &events, &passes, PER_PASS)?;
        let (hold, all) = (Arc::new(Hold(places)), wanted.min(seats.len()));
        let all = Limit::all(all.min(hold.0.len()));
        let held: Vec<Bytes> = lanes.work(&hold, &all).await?.in_order()?;
        let (end, work) = (held.len(), Arc::new(Confirm { hold, held }));
        let before = self.by_itself(&url)?;
        let (mut slices, mut next) = (Slices::none()?, 0);
        for _ in 0..self.options.slices {
            let done = self.bench.slice(&mut slices, &work, (next, end)).await?;
            next = done.next;
        }
        let figures = self.bench.finish(slices, "confirm", None).await?;
        let by_itself = f64::midpoint(before, self.by_itself(&url)?);
        let per_second = figures.per_second;
        self.figures.push(figures);
        Ok(vec![
            compared("pgbench, a transaction each", by_itself, by_itself, None),
            compared("confirm over HTTP", per_second, by_itself, Some(1.0)),
        ])
    }

    fn by_itself(&self, url: &str) -> anyhow::Result<f64> {
        progress("pgbench");
        pgbench(url, &self.options.results)
    }
}

/// The store's writer with nothing around it, on stores of its own, and then `pgbench` on the same ones.
fn the_writer(options: &Options, program: &std::path::Path) -> anyhow::Result<Compared> {
    let stores = Stores::start(&options.results, "writer")?;
    progress("the writer");
    // It makes the tables that pgbench has copies of.
    let per_second = writer(program, &stores.redis.url(), &stores.postgres.url())?;
    let by_itself = pgbench(&stores.postgres.url(), &options.results)?;
    Ok(compared(
        "the writer alone",
        per_second,
        by_itself,
        Some(4.0),
    ))
}

fn compared(name: &str, per_second: f64, by_itself: f64, aim: Option<f64>) -> Compared {
    Compared {
        name: name.to_owned(),
        per_second,
        of_pgbench: per_second / by_itself,
        aim,
    }
}
