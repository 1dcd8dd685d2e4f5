//! Slices of a scenario between slices of hello.

use std::sync::Arc;
use std::time::Duration;

use hdrhistogram::Histogram;

use crate::arithmetic::{float, median, rate, ratios};
use crate::connection::Call;
use crate::lanes::{Done, Lanes, Limit, Work, histogram};
use crate::scenarios::InTurn;
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
    /// How many succeeded.
    pub units: usize,
    /// Answers that were no success.
    pub failed: usize,
    /// One of them.
    pub failure: Option<String>,
}

/// A server, connections to it, and what was measured of hello so far.
pub struct Bench {
    /// The server.
    pub server: Server,
    /// The connections.
    pub lanes: Lanes,
    slice: Duration,
    hello: Arc<InTurn>,
    hellos: Slices,
}

/// What was measured of a scenario so far.
pub struct Slices {
    rates: Vec<f64>,
    /// Of hello: before each slice, and after the last.
    base: Vec<f64>,
    units: usize,
    failed: usize,
    failure: Option<String>,
    micros: Histogram<u64>,
    cpu_micros: f64,
}

impl Slices {
    /// Nothing yet.
    pub fn none() -> anyhow::Result<Self> {
        Ok(Self {
            rates: Vec::new(),
            base: Vec::new(),
            units: 0,
            failed: 0,
            failure: None,
            micros: histogram()?,
            cpu_micros: 0.0,
        })
    }

    fn add<T>(&mut self, done: &Done<T>, cpu_micros: f64) -> anyhow::Result<()> {
        self.rates
            .push(rate(done.units, done.elapsed.as_secs_f64()));
        self.units += done.units;
        self.failed += done.failed;
        self.failure = self.failure.take().or_else(|| done.failure.clone());
        self.micros.add(&done.micros)?;
        self.cpu_micros += cpu_micros;
        Ok(())
    }

    fn figures(&self, name: &str, aim: Option<f64>) -> Figures {
        let ms = |quantile: f64| {
            let micros = self.micros.value_at_quantile(quantile);
            float(usize::try_from(micros).unwrap_or(usize::MAX)) / 1000.0
        };
        Figures {
            name: name.to_owned(),
            per_second: median(&self.rates).unwrap_or_default(),
            p50_ms: ms(0.5),
            p99_ms: ms(0.99),
            cpu_micros: self.cpu_micros / float(self.units.max(1)),
            of_hello: median(&ratios(&self.rates, &self.base)).unwrap_or(1.0),
            aim,
            units: self.units,
            failed: self.failed,
            failure: self.failure.clone(),
        }
    }
}

impl Bench {
    /// Connects to a server. `slice` is how long a slice takes.
    pub async fn of(server: Server, connections: u32, slice: Duration) -> anyhow::Result<Self> {
        let hello = Arc::new(InTurn(vec![Call::get(server.hello())?]));
        let mut bench = Self {
            lanes: Lanes::open(server.address, connections).await?,
            server,
            slice,
            hello,
            hellos: Slices::none()?,
        };
        // The first answers are slower than all later ones: threads are started, memory is got.
        bench.hello().await?;
        bench.hellos = Slices::none()?;
        Ok(bench)
    }

    /// Measures one slice of hello, then one of `work`, with indexes from `next` to `end`.
    pub async fn slice<W: Work>(
        &mut self,
        slices: &mut Slices,
        work: &Arc<W>,
        (next, end): (usize, usize),
    ) -> anyhow::Result<Done<W::Output>> {
        let within = self.slice;
        let limit = Limit { next, end, within };
        self.after_hello(slices, work, &limit).await
    }

    /// Measures one slice of hello, then all of `work` from `next` to `end`, however long it takes.
    pub async fn all<W: Work>(
        &mut self,
        slices: &mut Slices,
        work: &Arc<W>,
        (next, end): (usize, usize),
    ) -> anyhow::Result<Done<W::Output>> {
        let limit = Limit {
            next,
            ..Limit::all(end)
        };
        self.after_hello(slices, work, &limit).await
    }

    async fn after_hello<W: Work>(
        &mut self,
        slices: &mut Slices,
        work: &Arc<W>,
        limit: &Limit,
    ) -> anyhow::Result<Done<W::Output>> {
        slices.base.push(self.hello().await?);
        let (done, cpu_micros) = self.timed(work, limit).await?;
        slices.add(&done, cpu_micros)?;
        Ok(done)
    }

    /// Measures one more slice of hello; gives what all slices came to.
    pub async fn finish(
        &mut self,
        mut slices: Slices,
        name: &str,
        aim: Option<f64>,
    ) -> anyhow::Result<Figures> {
        slices.base.push(self.hello().await?);
        Ok(slices.figures(name, aim))
    }

    /// What hello came to in all slices so far.
    pub fn hellos(&self) -> Figures {
        self.hellos.figures("hello", None)
    }

    async fn hello(&mut self) -> anyhow::Result<f64> {
        let hello = Arc::clone(&self.hello);
        let limit = Limit {
            within: self.slice,
            ..Limit::all(usize::MAX)
        };
        let (done, cpu_micros) = self.timed(&hello, &limit).await?;
        self.hellos.add(&done, cpu_micros)?;
        Ok(rate(done.units, done.elapsed.as_secs_f64()))
    }

    async fn timed<W: Work>(
        &mut self,
        work: &Arc<W>,
        limit: &Limit,
    ) -> anyhow::Result<(Done<W::Output>, f64)> {
        let before = self.server.cpu_micros()?;
        let done = self.lanes.work(work, limit).await?;
        Ok((done, self.server.cpu_micros()? - before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_of_all_slices_and_rates_their_median() {
        let mut slices = Slices::none().unwrap();
        for (units, elapsed_ms) in [(100, 1000), (100, 500), (300, 1000)] {
            let mut done = Done::<()>::nothing().unwrap();
            done.units = units;
            done.elapsed = Duration::from_millis(elapsed_ms);
            (0..units).for_each(|_| done.micros.saturating_record(2000));
            slices.add(&done, 5000.0).unwrap();
        }
        slices.base = vec![400.0; 4];
        let figures = slices.figures("hold", Some(0.45));
        assert!((figures.per_second - 200.0).abs() < 0.1, "{figures:?}");
        assert!((figures.of_hello - 0.5).abs() < 1e-9, "{figures:?}");
        assert!((figures.cpu_micros - 30.0).abs() < 1e-9, "{figures:?}");
        assert!((1.98..2.02).contains(&figures.p50_ms) && (1.98..2.02).contains(&figures.p99_ms));
        assert_eq!((figures.units, figures.failed), (500, 0));
    }
}
