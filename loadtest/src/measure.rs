//! Slices of a scenario between slices of hello.

use std::sync::Arc;
use std::time::Duration;

use hdrhistogram::Histogram;

use crate::arithmetic::{float, median, rate, ratios};
use crate::connection::{Call, Connection, Failure};
use crate::lanes::{Lanes, Limit, Work};
use crate::server::Server;

/// What a scenario came to.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Figures {
    /// Its name.
    pub name: String,
    /// Requests, or orders, a second: the median of its slices.
    pub per_second: f64,
    /// Half took no longer, in milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 took no longer, in milliseconds.
    pub p99_ms: f64,
    /// The server's processor time for each, in microseconds.
    pub cpu_micros: f64,
    /// The rate over that of hello in the neighbouring slices: the median of the slices.
    pub of_hello: f64,
    /// What is aimed at.
    pub aim: Option<f64>,
    /// Answers that were no success.
    pub failed: usize,
    /// One of them.
    pub failure: Option<String>,
}

/// `GET /hello`.
pub struct Hello(pub Call);

impl Work for Hello {
    type Output = ();

    async fn unit(&self, connection: &mut Connection, _: usize) -> Result<(), Failure> {
        connection.send(&self.0).await.map(drop)
    }
}

/// How a scenario is measured.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Slices of it, each between two of hello.
    pub slices: u32,
    /// How long a slice takes.
    pub slice: Duration,
}

/// Measures: hello, work, hello, work … hello. `end` is the number of units there are to do.
pub async fn measure<W: Work>(
    (name, aim): (&str, Option<f64>),
    (server, lanes): (&Server, &mut Lanes),
    work: &Arc<W>,
    end: usize,
    plan: Plan,
) -> anyhow::Result<Figures> {
    let hello = Arc::new(Hello(Call::get("/hello")?));
    let within = plan.slice;
    let of_hello = Limit {
        next: 0,
        end: usize::MAX,
        within,
    };
    let mut limit = Limit {
        next: 0,
        end,
        within,
    };
    let mut micros = Histogram::<u64>::new(2)?;
    let (mut base, mut rates, mut units, mut cpu) = (Vec::new(), Vec::new(), 0, 0.0);
    let (mut failed, mut failure) = (0, None);
    for _ in 0..plan.slices {
        let done = lanes.work(&hello, &of_hello).await?;
        base.push(rate(done.units, done.elapsed.as_secs_f64()));
        let before = server.cpu_micros()?;
        let done = lanes.work(work, &limit).await?;
        cpu += server.cpu_micros()? - before;
        rates.push(rate(done.units, done.elapsed.as_secs_f64()));
        limit.next += done.units + done.failed;
        units += done.units;
        failed += done.failed;
        failure = failure.or(done.failure);
        micros.add(done.micros)?;
    }
    let done = lanes.work(&hello, &of_hello).await?;
    base.push(rate(done.units, done.elapsed.as_secs_f64()));
    let ms = |quantile: f64| {
        float(usize::try_from(micros.value_at_quantile(quantile)).unwrap_or(usize::MAX)) / 1000.0
    };
    Ok(Figures {
        name: name.to_owned(),
        per_second: median(&rates).unwrap_or_default(),
        p50_ms: ms(0.5),
        p99_ms: ms(0.99),
        cpu_micros: cpu / float(units.max(1)),
        of_hello: median(&ratios(&rates, &base)).unwrap_or_default(),
        aim,
        failed,
        failure,
    })
}
