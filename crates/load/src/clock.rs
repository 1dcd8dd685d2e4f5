//! The one place that asks the machine for the time.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A clock that begins at zero.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
}

impl Clock {
    /// Zero is now.
    #[expect(
        clippy::disallowed_methods,
        reason = "measuring time is what a load generator does"
    )]
    pub fn start() -> Self {
        Self {
            start: Instant::now(),
        }
    }

    /// Microseconds since zero.
    pub fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// The instant of a time, to wait for.
    pub fn instant(&self, micros: u64) -> tokio::time::Instant {
        (self.start + std::time::Duration::from_micros(micros)).into()
    }
}

/// Seconds since 1970, to name events by.
#[expect(
    clippy::disallowed_methods,
    reason = "an event on somebody else's server needs a name that it has not had"
)]
pub fn unix_seconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
