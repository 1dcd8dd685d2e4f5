//! How fast the line moves: the limit per second, the measured rate, and what it lets people expect.

use std::collections::VecDeque;

use crate::event::QueueSettings;
use crate::line::LineFact;
use crate::time::Timestamp;

/// The window over which admissions are limited: any second, wherever it begins.
pub const WINDOW_MS: i64 = 1000;
/// One sample of the measured rate.
pub const SAMPLE_MS: i64 = 5_000;
/// Samples kept: the last five minutes say how fast the line moves now.
pub const SAMPLES: usize = 60;
/// 90 % of a normal distribution lie below mean + 1.2816 standard deviations.
const NORMAL_P90: f64 = 1.2816;

/// An honest range for a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eta {
    /// As likely sooner as later, in seconds.
    pub p50: u32,
    /// Nine times in ten not later than this, in seconds.
    pub p90: u32,
}

/// Admissions of the last second and the last minutes.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    /// Admissions of the last second, oldest first.
    recent: VecDeque<(Timestamp, u32)>,
    /// Admissions by sample, oldest first: the sample's number since 1970, and the count.
    samples: VecDeque<(i64, u32)>,
    /// The sample in which the first person was admitted.
    first_sample: Option<i64>,
}

impl Pace {
    /// Follows the line.
    pub fn apply(&mut self, at: Timestamp, fact: &LineFact) {
        let LineFact::Admitted { numbers, .. } = fact else {
            return;
        };
        let count = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        while self
            .recent
            .front()
            .is_some_and(|(then, _)| at.ms_since(*then) >= WINDOW_MS)
        {
            self.recent.pop_front();
        }
        self.recent.push_back((at, count));
        let sample = at.0.div_euclid(SAMPLE_MS);
        self.first_sample.get_or_insert(sample);
        match self.samples.back_mut() {
            Some((newest, counted)) if *newest >= sample => *counted += count,
            _ => self.samples.push_back((sample, count)),
        }
        while self.samples.len() > SAMPLES {
            self.samples.pop_front();
        }
    }

    /// How many more may be admitted at `now` without passing `per_second` in any second.
    pub fn room(&self, now: Timestamp, per_second: u32) -> u32 {
        let within = self
            .recent
            .iter()
            .filter(|(at, _)| now.ms_since(*at) < WINDOW_MS);
        per_second.saturating_sub(within.map(|(_, count)| count).sum())
    }

    /// People admitted in the last minute, to the sample.
    pub fn admitted_per_minute(&self, now: Timestamp) -> u32 {
        let since = (now.0 - 60_000).div_euclid(SAMPLE_MS);
        self.samples
            .iter()
            .filter(|(sample, _)| *sample > since)
            .map(|(_, count)| count)
            .sum()
    }

    /// How long it takes until `position` more people have been admitted.
    ///
    /// Admissions are counted in samples of [`SAMPLE_MS`]; with `m` and `v` the mean and variance of a sample,
    /// the number of samples until the n-th admission is asymptotically normal with mean n/m and variance
    /// n·v/m³ (central limit theorem of renewal processes; Feller, "An Introduction to Probability Theory and
    /// Its Applications", vol. 2, XI). Until two whole samples have been measured the settings stand in for
    /// them: a full shop turns over once a `pass_seconds`, or half of that for the median.
    pub fn eta(&self, position: u64, settings: QueueSettings, now: Timestamp) -> Option<Eta> {
        #[expect(clippy::cast_precision_loss, reason = "positions are far below 2^52")]
        let position = position as f64;
        let seconds_per_sample = SAMPLE_MS as f64 / 1000.0;
        let (mean, variance) = self.measured(now).or_else(|| expected(settings))?;
        let p50 = position / mean * seconds_per_sample;
        let deviation = (position * variance / mean.powi(3)).sqrt() * seconds_per_sample;
        Some(Eta {
            p50: whole(p50),
            p90: whole(p50 + NORMAL_P90 * deviation),
        })
    }

    /// Mean and variance of the whole samples kept, those without admissions too.
    fn measured(&self, now: Timestamp) -> Option<(f64, f64)> {
        let current = now.0.div_euclid(SAMPLE_MS);
        let oldest = self.first_sample?.max(current - SAMPLES as i64);
        let count = u32::try_from(current - oldest)
            .ok()
            .filter(|count| *count >= 2)?;
        let whole = self
            .samples
            .iter()
            .filter(|(sample, _)| (oldest..current).contains(sample));
        let (mut sum, mut squares) = (0.0, 0.0);
        for (_, counted) in whole {
            sum += f64::from(*counted);
            squares += f64::from(*counted) * f64::from(*counted);
        }
        let mean = sum / f64::from(count);
        let variance = (squares / f64::from(count) - mean * mean).max(mean);
        (mean > 0.0).then_some((mean, variance))
    }
}

/// What the settings let one expect of a sample; `None` where nobody is let in at all.
fn expected(settings: QueueSettings) -> Option<(f64, f64)> {
    let turnover = f64::from(settings.capacity) / (f64::from(settings.pass_seconds) / 2.0);
    let per_second = turnover.min(f64::from(settings.max_admitted_per_second));
    let mean = per_second * SAMPLE_MS as f64 / 1000.0;
    (mean > 0.0).then_some((mean, mean))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, as is wanted"
)]
fn whole(seconds: f64) -> u32 {
    seconds.ceil() as u32
}

/// The shortest wait between two questions, in milliseconds.
pub const POLL_SHORTEST_MS: u32 = 2_000;
/// The longest one before jitter: presence must not need more than a minute and a half to be known.
pub const POLL_LONGEST_MS: u32 = 60_000;
/// The longest with jitter.
pub const POLL_LONGEST_WITH_JITTER_MS: u32 = POLL_LONGEST_MS + POLL_LONGEST_MS / 10 * 3;
/// While a line stands still for an unknown time.
pub const POLL_STANDING_MS: u32 = 10_000;

/// When to ask again: a sixth of the expected wait, between [`POLL_SHORTEST_MS`] and [`POLL_LONGEST_MS`], and
/// up to 30 % later by `jitter` (any number that differs between askers), so that people who came together do
/// not ask together. A sixth keeps a million people below 25,000 questions a second.
pub fn poll_after_ms(expected_wait_seconds: u32, jitter: u64) -> u32 {
    let wished = expected_wait_seconds.saturating_mul(1000) / 6;
    with_jitter(wished.clamp(POLL_SHORTEST_MS, POLL_LONGEST_MS), jitter)
}

/// `ms`, up to 30 % longer.
pub fn with_jitter(ms: u32, jitter: u64) -> u32 {
    // SplitMix64's finaliser: neighbouring numbers give unrelated results.
    let mut mixed = jitter.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    let share = (mixed ^ mixed >> 31) % 301;
    ms + u32::try_from(u64::from(ms) * share / 1000).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admit(pace: &mut Pace, at_ms: i64, count: u64) {
        let numbers = (0..count).collect();
        pace.apply(
            Timestamp(at_ms),
            &LineFact::Admitted {
                numbers,
                capacity: 1000,
            },
        );
    }

    #[test]
    fn no_second_wherever_it_begins_admits_more_than_its_limit() {
        let mut pace = Pace::default();
        admit(&mut pace, 900, 30);
        assert_eq!(pace.room(Timestamp(1_899), 50), 20);
        assert_eq!(pace.room(Timestamp(1_900), 50), 50);
        assert_eq!(pace.room(Timestamp(1_000), 10), 0);
    }

    #[test]
    fn a_steady_rate_gives_a_narrow_eta_and_a_ragged_one_a_wide() {
        let (mut steady, mut ragged) = (Pace::default(), Pace::default());
        for sample in 0..40 {
            admit(&mut steady, sample * SAMPLE_MS, 50);
            admit(
                &mut ragged,
                sample * SAMPLE_MS,
                if sample % 4 == 0 { 200 } else { 0 },
            );
        }
        let now = Timestamp(40 * SAMPLE_MS);
        let steady = steady.eta(1000, QueueSettings::default(), now).unwrap();
        let ragged = ragged.eta(1000, QueueSettings::default(), now).unwrap();
        assert_eq!((steady.p50, ragged.p50), (100, 100));
        assert!(steady.p90 > 100 && steady.p90 <= 105, "{steady:?}");
        assert!(ragged.p90 > 120, "{ragged:?}");
    }

    #[test]
    fn before_anything_is_measured_the_settings_speak() {
        let settings = QueueSettings {
            capacity: 60,
            pass_seconds: 120,
            max_admitted_per_second: 50,
        };
        assert_eq!(
            Pace::default().eta(60, settings, Timestamp(0)).unwrap().p50,
            60
        );
        let closed = QueueSettings {
            capacity: 0,
            ..settings
        };
        assert_eq!(Pace::default().eta(1, closed, Timestamp(0)), None);
    }

    #[test]
    fn people_far_away_ask_seldom_and_not_together() {
        assert!((2_000..=2_600).contains(&poll_after_ms(0, 1)));
        assert!((20_000..=26_000).contains(&poll_after_ms(120, 2)));
        let waits: std::collections::BTreeSet<_> =
            (0..1000).map(|n| poll_after_ms(100_000, n)).collect();
        assert!(waits.len() > 200 && *waits.last().unwrap() <= POLL_LONGEST_WITH_JITTER_MS);
    }
}
