//! What a run's speed is compared with.

use serde::Serialize;

use crate::numbers::float;

/// How a run compares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Compared {
    /// Hellos a second, before and after.
    pub hellos_per_second: [f64; 2],
    /// How many times as long the run took as that many hellos would have.
    pub times_hello: f64,
}

impl Compared {
    /// If there were hellos.
    pub fn of(before: Option<f64>, after: Option<f64>, answers: u64, elapsed: f64) -> Option<Self> {
        let hellos_per_second = [before?, after?];
        let mean = f64::midpoint(before?, after?);
        Some(Self {
            hellos_per_second,
            times_hello: elapsed * mean / float(answers.max(1)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_compared_with_the_mean_of_before_and_after() {
        let compared = Compared::of(Some(40_000.0), Some(60_000.0), 100_000, 3.0).unwrap();
        assert!((compared.times_hello - 1.5).abs() < 1e-9);
        assert_eq!(Compared::of(None, Some(1.0), 1, 1.0), None);
    }
}
