//! How a service is doing: quantiles and rates of the last seconds, from counters that cost next to nothing.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use serde::Serialize;

/// Buckets of durations: 8 to a doubling from 1 µs, so that a quantile is right to 9 %; the last is above 30 s.
const BUCKETS: usize = 8 * 25;
/// Seconds that the figures cover.
const WINDOW_SECONDS: usize = 10;

/// What an operator is shown of a service.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ServiceFigures {
    /// The service's name.
    pub name: String,
    /// Half of the requests took no longer, in milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 requests took no longer, in milliseconds.
    pub p99_ms: f64,
    /// Requests a second.
    pub requests_per_second: f64,
    /// Requests a second that were answered with a 5xx.
    pub errors_per_second: f64,
}

/// Counts a service's requests.
#[derive(Debug)]
pub struct ServiceStats {
    name: &'static str,
    seconds: [Second; WINDOW_SECONDS + 1],
}

#[derive(Debug)]
struct Second {
    /// Which second this slot counts.
    counted: AtomicU64,
    errors: AtomicU32,
    buckets: [AtomicU32; BUCKETS],
}

impl ServiceStats {
    /// Counts for the service of this name.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            seconds: std::array::from_fn(|_| Second {
                counted: AtomicU64::new(0),
                errors: AtomicU32::new(0),
                buckets: std::array::from_fn(|_| AtomicU32::new(0)),
            }),
        }
    }

    /// The service's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// A request took so long.
    pub fn record(&self, now_ms: i64, took: Duration, failed: bool) {
        let second = now_ms.unsigned_abs() / 1000;
        let slot = &self.seconds[usize::try_from(second).unwrap_or_default() % self.seconds.len()];
        let counted = slot.counted.load(Ordering::Relaxed);
        // Whoever comes first in a new second clears its slot; a few requests may be lost in the race, and
        // these are figures for a chart.
        if counted != second
            && slot
                .counted
                .compare_exchange(counted, second, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
        {
            slot.errors.store(0, Ordering::Relaxed);
            slot.buckets
                .iter()
                .for_each(|bucket| bucket.store(0, Ordering::Relaxed));
        }
        slot.buckets[bucket_of(took)].fetch_add(1, Ordering::Relaxed);
        slot.errors.fetch_add(u32::from(failed), Ordering::Relaxed);
    }

    /// The figures of the last whole seconds.
    pub fn figures(&self, now_ms: i64) -> ServiceFigures {
        let current = now_ms.unsigned_abs() / 1000;
        let mut counts = [0u64; BUCKETS];
        let mut errors = 0u64;
        for slot in &self.seconds {
            let age = current.wrapping_sub(slot.counted.load(Ordering::Relaxed));
            if (1..=WINDOW_SECONDS as u64).contains(&age) {
                errors += u64::from(slot.errors.load(Ordering::Relaxed));
                for (count, bucket) in counts.iter_mut().zip(&slot.buckets) {
                    *count += u64::from(bucket.load(Ordering::Relaxed));
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of ten seconds")]
        let per_second = |count: u64| count as f64 / WINDOW_SECONDS as f64;
        ServiceFigures {
            name: self.name.to_owned(),
            p50_ms: quantile(&counts, 50),
            p99_ms: quantile(&counts, 99),
            requests_per_second: per_second(counts.iter().sum()),
            errors_per_second: per_second(errors),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, as is wanted"
)]
fn bucket_of(took: Duration) -> usize {
    let micros = took.as_secs_f64() * 1e6;
    ((micros.max(1.0).log2() * 8.0) as usize).min(BUCKETS - 1)
}

/// The upper end of the bucket in which the percentile lies, in milliseconds; 0 without requests.
fn quantile(counts: &[u64; BUCKETS], percent: u64) -> f64 {
    let total: u64 = counts.iter().sum();
    let wanted = (total * percent).div_ceil(100);
    let mut seen = 0;
    for (bucket, count) in counts.iter().enumerate() {
        seen += count;
        if total > 0 && seen >= wanted {
            #[expect(clippy::cast_precision_loss, reason = "at most 200")]
            let upper = ((bucket + 1) as f64 / 8.0).exp2() / 1000.0;
            return (upper * 1000.0).round() / 1000.0;
        }
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_cover_the_last_whole_seconds_only() {
        let stats = ServiceStats::new("test");
        for _ in 0..99 {
            stats.record(5_000, Duration::from_millis(1), false);
        }
        stats.record(5_999, Duration::from_millis(100), true);
        let figures = stats.figures(6_000);
        assert!(
            (0.9..1.1).contains(&figures.p50_ms) && figures.p99_ms < 1.1,
            "{figures:?}"
        );
        assert!(
            (figures.requests_per_second - 10.0).abs() < 0.01 && figures.errors_per_second > 0.0
        );
        assert!(
            stats.figures(5_999).requests_per_second < 0.01,
            "the running second does not count"
        );
        assert!(
            stats.figures(60_000).requests_per_second < 0.01,
            "nor does what is long past"
        );
    }
}
