//! Many connections at work at the same time, each in a closed loop: it asks again once it has been answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use crate::clock;
use crate::connection::{Connection, Failure};

/// The longest time that a histogram tells apart from longer ones, in microseconds: a minute.
const LONGEST_MICROS: u64 = 60_000_000;

/// Something to do over and over.
pub trait Work: Send + Sync + 'static {
    /// What is kept of each time it is done.
    type Output: Send + 'static;

    /// Does it once. `index` counts over all connections.
    fn unit(
        &self,
        connection: &mut Connection,
        index: usize,
    ) -> impl Future<Output = Result<Self::Output, Failure>> + Send;
}

/// How long to work.
#[derive(Debug, Clone)]
pub struct Limit {
    /// The next index to do.
    pub next: usize,
    /// The index to end before.
    pub end: usize,
    /// The time to end after.
    pub within: Duration,
}

impl Limit {
    /// All indexes below `end`, however long it takes.
    pub const fn all(end: usize) -> Self {
        Self {
            next: 0,
            end,
            within: Duration::MAX,
        }
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Done<T> {
    /// What was kept, by index, in no particular order.
    pub outputs: Vec<(usize, T)>,
    /// The next index to do.
    pub next: usize,
    /// How many units succeeded.
    pub units: usize,
    /// How many units failed.
    pub failed: usize,
    /// One of the failures.
    pub failure: Option<String>,
    /// How long each unit took, in microseconds.
    pub micros: Histogram<u64>,
    /// How long it all took.
    pub elapsed: Duration,
}

impl<T> Done<T> {
    /// Nothing yet.
    pub fn nothing() -> anyhow::Result<Self> {
        Ok(Self {
            outputs: Vec::new(),
            next: 0,
            units: 0,
            failed: 0,
            failure: None,
            micros: histogram()?,
            elapsed: Duration::ZERO,
        })
    }

    fn add(&mut self, other: Self) -> anyhow::Result<()> {
        self.outputs.extend(other.outputs);
        self.units += other.units;
        self.failed += other.failed;
        self.failure = self.failure.take().or(other.failure);
        self.micros.add(other.micros)?;
        Ok(())
    }

    /// What was kept, in order of the index. Fails if anything failed: for work that has to succeed.
    pub fn in_order(mut self) -> anyhow::Result<Vec<T>> {
        if let Some(failure) = self.failure {
            anyhow::bail!("{} of {} failed: {failure}", self.failed, self.units);
        }
        self.outputs.sort_unstable_by_key(|(index, _)| *index);
        Ok(self.outputs.into_iter().map(|(_, output)| output).collect())
    }
}

/// An empty histogram of microseconds, right to 1 %.
pub fn histogram() -> anyhow::Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, LONGEST_MICROS, 2)?)
}

/// Connections to one server.
pub struct Lanes {
    connections: Vec<Connection>,
}

impl Lanes {
    /// Opens `count` connections.
    pub async fn open(address: SocketAddr, count: u32) -> anyhow::Result<Self> {
        let mut connections = Vec::new();
        for _ in 0..count {
            connections.push(Connection::open(address).await?);
        }
        Ok(Self { connections })
    }

    /// One of the connections.
    pub fn first(&mut self) -> anyhow::Result<&mut Connection> {
        let first = self.connections.first_mut();
        first.ok_or_else(|| anyhow::anyhow!("there is no connection"))
    }

    /// Works on all connections up to the limit.
    pub async fn work<W: Work>(
        &mut self,
        work: &Arc<W>,
        limit: &Limit,
    ) -> anyhow::Result<Done<W::Output>> {
        let next = Arc::new(AtomicUsize::new(limit.next));
        let started = clock::now();
        let mut lanes = JoinSet::new();
        for connection in self.connections.drain(..) {
            let (work, next, limit) = (Arc::clone(work), Arc::clone(&next), limit.clone());
            lanes.spawn(lane(connection, work, next, limit));
        }
        let mut done = Done::nothing()?;
        while let Some(lane) = lanes.join_next().await {
            let (connection, of_lane) = lane??;
            self.connections.push(connection);
            done.add(of_lane)?;
        }
        done.elapsed = started.elapsed();
        done.next = next.load(Ordering::Relaxed).min(limit.end);
        Ok(done)
    }
}

async fn lane<W: Work>(
    mut connection: Connection,
    work: Arc<W>,
    next: Arc<AtomicUsize>,
    limit: Limit,
) -> anyhow::Result<(Connection, Done<W::Output>)> {
    let mut done = Done::nothing()?;
    let begun = clock::now();
    let mut started = begun;
    while started.duration_since(begun) < limit.within {
        let index = next.fetch_add(1, Ordering::Relaxed);
        if index >= limit.end {
            break;
        }
        match work.unit(&mut connection, index).await {
            Ok(output) => {
                done.units += 1;
                done.outputs.push((index, output));
            }
            Err(Failure::Refused(told)) => {
                done.failed += 1;
                done.failure.get_or_insert(told);
            }
            Err(Failure::Broken(error)) => return Err(error),
        }
        let ended = clock::now();
        let micros = ended.duration_since(started).as_micros();
        done.micros
            .saturating_record(u64::try_from(micros).unwrap_or(u64::MAX));
        started = ended;
    }
    Ok((connection, done))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_lanes_did_adds_up() {
        let of_lane = |index: usize, failure: Option<&str>| {
            let mut done = Done::nothing().unwrap();
            done.outputs.push((index, index * 10));
            done.units = 1;
            done.failed = usize::from(failure.is_some());
            done.failure = failure.map(str::to_owned);
            done.micros.saturating_record(1000 * index as u64);
            done
        };
        let mut done = Done::nothing().unwrap();
        done.add(of_lane(2, None)).unwrap();
        done.add(of_lane(1, None)).unwrap();
        assert_eq!((done.units, done.failed, done.micros.len()), (2, 0, 2));
        assert_eq!(done.in_order().unwrap(), [10, 20]);
        let mut done = of_lane(1, Some("no"));
        done.add(of_lane(2, Some("never"))).unwrap();
        assert_eq!((done.failed, done.failure.as_deref()), (2, Some("no")));
        assert!(done.in_order().is_err());
    }
}
