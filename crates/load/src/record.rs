//! What was measured: once a second, and over the whole run.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::numbers::{count, float, size};
use crate::person::Action;

/// Longer times are counted as this long, in microseconds: a minute.
const LONGEST: u64 = 60_000_000;
/// Right to 1 %.
const DIGITS: u8 = 2;
const SECOND: u64 = 1_000_000;

/// A histogram could not be made.
pub type Broken = hdrhistogram::CreationError;

/// One second.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Second {
    /// Who stood in line at its end.
    pub in_line: u64,
    /// Who was in the shop at its end.
    pub in_shop: u64,
    /// Who came.
    pub arrived: u64,
    /// Who was let in.
    pub admitted: u64,
    /// Who got seats to hold.
    pub holds: u64,
    /// Who bought.
    pub sales: u64,
    /// Who came in at the door.
    pub check_ins: u64,
    /// Answers.
    pub answers: u64,
    /// Of these, refusals in order.
    pub refusals: u64,
    /// Of these, failures.
    pub failures: u64,
    /// Requests that wait for a connection at its end.
    pub backlog: u64,
    /// Half of the answers came within so many milliseconds.
    pub p50_ms: f64,
    /// 90 of 100.
    pub p90_ms: f64,
    /// 99 of 100.
    pub p99_ms: f64,
    /// All.
    pub max_ms: f64,
}

/// What one kind of request came to.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// Its name.
    pub name: &'static str,
    /// How often it was answered.
    pub answers: u64,
    /// Milliseconds from when it should have started; half took no longer.
    pub p50_ms: f64,
    /// 90 of 100.
    pub p90_ms: f64,
    /// 99 of 100.
    pub p99_ms: f64,
    /// 999 of 1,000.
    pub p999_ms: f64,
    /// The longest.
    pub max_ms: f64,
    /// Milliseconds from when it was sent: 99 of 100. What is missing to `p99_ms` it waited in the generator.
    pub sent_p99_ms: f64,
}

/// A bar of the histogram.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// Answers that took no longer than this, in milliseconds, and longer than those of the bar before.
    pub up_to_ms: f64,
    /// How many.
    pub answers: u64,
}

/// Latencies of one kind of request.
struct Kind {
    due: Histogram<u64>,
    sent: Histogram<u64>,
}

/// When something should have started, was sent and was answered.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// When it should have started.
    pub due: u64,
    /// When it was sent.
    pub sent: u64,
    /// When it was answered.
    pub answered: u64,
}

/// What was measured.
pub struct Record {
    /// The seconds that are over.
    pub seconds: Vec<Second>,
    /// The one that is not.
    pub current: Second,
    latencies: Histogram<u64>,
    kinds: BTreeMap<Action, Kind>,
    /// Failures by kind.
    pub failures: BTreeMap<String, u64>,
    /// Refusals in order, by code.
    pub refusals: BTreeMap<String, u64>,
}

impl Record {
    /// Nothing yet.
    pub fn new() -> Result<Self, Broken> {
        let mut kinds = BTreeMap::new();
        for action in Action::SENT {
            let (due, sent) = (histogram()?, histogram()?);
            kinds.insert(action, Kind { due, sent });
        }
        Ok(Self {
            seconds: Vec::new(),
            current: Second::default(),
            latencies: histogram()?,
            kinds,
            failures: BTreeMap::new(),
            refusals: BTreeMap::new(),
        })
    }

    /// Something was answered, or given up.
    pub fn answered(&mut self, action: Action, times: Times) {
        let latency = times.answered.saturating_sub(times.due);
        self.current.answers += 1;
        self.latencies.saturating_record(latency);
        if let Some(kind) = self.kinds.get_mut(&action) {
            kind.due.saturating_record(latency);
            let of_server = times.answered.saturating_sub(times.sent);
            kind.sent.saturating_record(of_server);
        }
    }

    /// It was refused, in order.
    pub fn refused(&mut self, action: Action, code: &str) {
        self.current.refusals += 1;
        *self.refusals.entry(named(action, code)).or_default() += 1;
    }

    /// It failed.
    pub fn failed(&mut self, action: Action, kind: &str) {
        self.current.failures += 1;
        *self.failures.entry(named(action, kind)).or_default() += 1;
    }

    /// When the second ends that is not over yet.
    pub fn second_ends(&self) -> u64 {
        count(self.seconds.len() + 1) * SECOND
    }

    /// The second is over.
    pub fn end_second(&mut self, in_line: u64, in_shop: u64, backlog: u64) -> &Second {
        let mut second = std::mem::take(&mut self.current);
        second.in_line = in_line;
        second.in_shop = in_shop;
        second.backlog = backlog;
        second.p50_ms = ms(&self.latencies, 0.5);
        second.p90_ms = ms(&self.latencies, 0.9);
        second.p99_ms = ms(&self.latencies, 0.99);
        second.max_ms = ms(&self.latencies, 1.0);
        self.latencies.reset();
        self.seconds.push(second);
        &self.seconds[self.seconds.len() - 1]
    }

    /// What each kind of request came to, those that were never asked left out.
    pub fn figures(&self) -> Vec<Figures> {
        let asked = self.kinds.iter().filter(|(_, kind)| !kind.due.is_empty());
        let figures = asked.map(|(action, kind)| Figures {
            name: action.name(),
            answers: kind.due.len(),
            p50_ms: ms(&kind.due, 0.5),
            p90_ms: ms(&kind.due, 0.9),
            p99_ms: ms(&kind.due, 0.99),
            p999_ms: ms(&kind.due, 0.999),
            max_ms: ms(&kind.due, 1.0),
            sent_p99_ms: ms(&kind.sent, 0.99),
        });
        figures.collect()
    }

    /// How long answers took, in bars of which each reaches a quarter further than the one before.
    pub fn bars(&self) -> Vec<Bar> {
        let mut bars: BTreeMap<i32, u64> = BTreeMap::new();
        for kind in self.kinds.values() {
            for value in kind.due.iter_recorded() {
                let at = bar_of(value.value_iterated_to());
                *bars.entry(at).or_default() += value.count_since_last_iteration();
            }
        }
        let (Some(first), Some(last)) = (bars.keys().next(), bars.keys().last()) else {
            return Vec::new();
        };
        let all = *first..=*last;
        let bars = all.map(|at| Bar {
            up_to_ms: BAR_GROWS.powi(at) / 1000.0,
            answers: bars.get(&at).copied().unwrap_or_default(),
        });
        bars.collect()
    }
}

/// How much further a bar reaches than the one before.
const BAR_GROWS: f64 = 1.25;

fn bar_of(micros: u64) -> i32 {
    let steps = float(micros.max(1)).ln() / BAR_GROWS.ln();
    i32::try_from(size(crate::numbers::whole(steps.ceil()))).unwrap_or(i32::MAX)
}

fn named(action: Action, what: &str) -> String {
    format!("{}: {what}", action.name())
}

fn histogram() -> Result<Histogram<u64>, Broken> {
    Histogram::new_with_bounds(1, LONGEST, DIGITS)
}

fn ms(histogram: &Histogram<u64>, quantile: f64) -> f64 {
    float(histogram.value_at_quantile(quantile)) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::{Dice, Purpose};

    fn answered(record: &mut Record, latency: u64) {
        let times = Times {
            due: 1000,
            sent: 1000 + latency / 2,
            answered: 1000 + latency,
        };
        record.answered(Action::Status, times);
    }

    #[test]
    fn percentiles_are_those_of_the_sorted_latencies_to_one_in_a_hundred() {
        let mut record = Record::new().unwrap();
        let mut latencies = Vec::new();
        for person in 0..20_000 {
            // From a tenth of a millisecond to ten seconds, as many in each decade.
            let exponent = 2.0 + 5.0 * Dice::of(3, person).unit(Purpose::Looking, 0);
            let latency = crate::numbers::whole(10.0_f64.powf(exponent));
            latencies.push(latency);
            answered(&mut record, latency);
        }
        latencies.sort_unstable();
        let exact = |share: f64| {
            let rank = size(crate::numbers::whole(
                (share * float(count(latencies.len()))).ceil(),
            ));
            float(latencies[rank.max(1) - 1]) / 1000.0
        };
        let figures = &record.figures()[0];
        let near = |found: f64, share: f64| {
            let exact = exact(share);
            assert!(
                (found / exact - 1.0).abs() < 0.011,
                "{share}: {found} for {exact}"
            );
        };
        near(figures.p50_ms, 0.5);
        near(figures.p90_ms, 0.9);
        near(figures.p99_ms, 0.99);
        near(figures.p999_ms, 0.999);
        near(figures.max_ms, 1.0);
        let sent = figures.sent_p99_ms / figures.p99_ms;
        assert!(
            (sent - 0.5).abs() < 0.02,
            "half of it in the generator: {sent}"
        );
        let all: u64 = record.bars().iter().map(|bar| bar.answers).sum();
        assert_eq!(all, 20_000);
        let slow = record.bars().last().unwrap().up_to_ms;
        assert!((exact(1.0)..exact(1.0) * 1.3).contains(&slow));
    }

    #[test]
    fn a_second_has_only_what_happened_in_it() {
        let mut record = Record::new().unwrap();
        answered(&mut record, 9_000_000);
        record.refused(Action::Hold, "seats_unavailable");
        assert_eq!(record.second_ends(), SECOND);
        assert!(record.end_second(3, 2, 1).p50_ms > 8000.0);
        answered(&mut record, 1000);
        record.failed(Action::Enter, "time-out");
        let second = record.end_second(0, 0, 0);
        assert!(second.max_ms < 1.1);
        assert_eq!(
            (second.answers, second.refusals, second.failures),
            (1, 0, 1)
        );
        assert_eq!(record.failures["enter: time-out"], 1);
        assert_eq!(record.refusals["hold: seats_unavailable"], 1);
    }
}
