//! The one place that asks the machine for the time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Now, to measure with.
#[expect(
    clippy::disallowed_methods,
    reason = "measuring time is what a load generator does"
)]
pub fn now() -> Instant {
    Instant::now()
}

/// Seconds since 1970, to name results by.
#[expect(
    clippy::disallowed_methods,
    reason = "results are named by the time of day"
)]
pub fn unix_seconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.as_ref().map_or(0, Duration::as_secs)
}

/// Microseconds since 1970: several processes on one machine agree on it.
#[expect(
    clippy::disallowed_methods,
    reason = "measuring time is what a load generator does"
)]
pub fn unix_micros() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
    })
}
