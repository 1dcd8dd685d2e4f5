//! How fast the line moves: the limit per second, and what was measured of late.

use std::collections::{BTreeSet, VecDeque};

use super::LineFact;
use super::eta::{Eta, Turnover, eta};
use crate::event::QueueSettings;
use crate::id::PlaceNumber;
use crate::time::Timestamp;

/// The window over which admissions are limited: any second, wherever it begins.
pub const WINDOW_MS: i64 = 1000;
/// One sample of what is measured: long enough to hold several admissions in most sales.
const SAMPLE_MS: i64 = 10_000;
/// Samples kept: ten minutes, as long as a usual pass, so that at least one whole stay was seen.
const SAMPLES: i64 = 60;

/// Admissions of the last second, and what went on in the last minutes. Follows the facts, like the line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pace {
    /// Admissions of the last second, oldest first.
    recent: VecDeque<(Timestamp, u32)>,
    /// Who is admitted.
    inside: BTreeSet<PlaceNumber>,
    /// Oldest first, without gaps.
    samples: VecDeque<Sample>,
    /// Up to where `samples` tell what went on.
    measured_to: Timestamp,
}

/// What went on in [`SAMPLE_MS`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sample {
    /// Counted from 1970.
    number: i64,
    /// How many were admitted.
    admitted: u32,
    /// How many of those inside made room.
    freed: u32,
    /// The time that people spent inside, added up over all of them.
    inside_ms: u64,
}

impl Pace {
    /// Follows the line.
    pub fn apply(&mut self, at: Timestamp, fact: &LineFact) {
        self.measure_to(at);
        let (mut admitted, mut freed) = (0, 0);
        match fact {
            LineFact::Admitted { numbers, .. } => {
                for number in numbers {
                    admitted += u32::from(self.inside.insert(*number));
                }
                self.note_recent(at, admitted);
            }
            LineFact::TakenBack { numbers } | LineFact::PassesExpired { numbers } => {
                for number in numbers {
                    freed += u32::from(self.inside.remove(number));
                }
            }
            LineFact::Left { number } | LineFact::Done { number } => {
                freed += u32::from(self.inside.remove(number));
            }
            LineFact::Entered { .. }
            | LineFact::Collected { .. }
            | LineFact::Parked { .. }
            | LineFact::Returned { .. } => {}
        }
        if let Some(sample) = self.samples.back_mut() {
            sample.admitted += admitted;
            sample.freed += freed;
        }
    }

    /// How many more may be admitted at `now` without passing `per_second` in any second. `now` is not to go back:
    /// while a clock that was set back catches up, there is no room.
    pub fn room(&self, now: Timestamp, per_second: u32) -> u32 {
        // From the newest, because what is past the window is dropped by the next admission and not before.
        let within = self.recent.iter().rev();
        let within = within.take_while(|(at, _)| now.ms_since(*at) < WINDOW_MS);
        per_second.saturating_sub(within.map(|(_, count)| count).sum())
    }

    /// People admitted in the last minute; of the sample in which that minute began, the share that lies in it.
    pub fn admitted_per_minute(&self, now: Timestamp) -> u32 {
        let began = now.plus_ms(-60_000);
        let first = began.0.div_euclid(SAMPLE_MS);
        let count = |sample: &Sample| {
            if sample.number > first {
                i64::from(sample.admitted)
            } else {
                let share_ms = SAMPLE_MS - began.0.rem_euclid(SAMPLE_MS);
                (i64::from(sample.admitted) * share_ms + SAMPLE_MS / 2) / SAMPLE_MS
            }
        };
        let within = self.samples.iter().filter(|sample| sample.number >= first);
        u32::try_from(within.map(count).sum::<i64>()).unwrap_or(u32::MAX)
    }

    /// How long it takes until `position` more people are admitted; `None` where nobody is let in at all.
    pub fn eta(&self, position: u64, settings: QueueSettings, now: Timestamp) -> Option<Eta> {
        eta(position, settings, &self.turnover(now))
    }

    /// What the last minutes say about how soon those inside make room.
    fn turnover(&self, now: Timestamp) -> Turnover {
        let oldest = now.0.div_euclid(SAMPLE_MS) - SAMPLES;
        let since = now.ms_since(self.measured_to).clamp(0, SAMPLES * SAMPLE_MS);
        let (mut freed, mut inside_ms) = (0.0, self.inside.len() as u64 * since.unsigned_abs());
        // Sums of f², f·t and t², with f and t those who made room and the time inside of a sample: every status
        // comes by here, so one pass is made instead of two.
        let (mut freed_freed, mut freed_time, mut time_time, mut time) = (0.0, 0.0, 0.0, 0.0);
        for sample in self.samples.iter().filter(|s| s.number > oldest) {
            let (f, t) = (f64::from(sample.freed), float(sample.inside_ms) / 1000.0);
            inside_ms += sample.inside_ms;
            freed += f;
            freed_freed += f * f;
            freed_time += f * t;
            time_time += t * t;
            time += t;
        }
        let inside_seconds = float(inside_ms) / 1000.0;
        // Of r·t that were to be expected in a sample, f came: Σ(f − r·t)².
        let rate = freed / inside_seconds.max(0.001);
        let scatter = freed_freed - 2.0 * rate * freed_time + rate * rate * time_time;
        Turnover {
            inside: u32::try_from(self.inside.len()).unwrap_or(u32::MAX),
            freed,
            inside_seconds,
            scatter: scatter.max(0.0),
            expected: rate * time,
        }
    }

    fn note_recent(&mut self, at: Timestamp, admitted: u32) {
        let is_over = |(then, _): &(Timestamp, u32)| at.ms_since(*then) >= WINDOW_MS;
        while self.recent.front().is_some_and(is_over) {
            self.recent.pop_front();
        }
        if admitted > 0 {
            self.recent.push_back((at, admitted));
        }
    }

    /// Adds up the time spent inside up to `to`, and begins samples where they begin.
    fn measure_to(&mut self, to: Timestamp) {
        let window_began = to.plus_ms(-SAMPLES * SAMPLE_MS);
        if self.samples.is_empty() || self.measured_to < window_began {
            self.samples.clear();
            self.measured_to = if self.inside.is_empty() {
                to
            } else {
                window_began
            };
            self.begin_sample(self.measured_to.0.div_euclid(SAMPLE_MS));
        }
        while let Some(sample) = self.samples.back_mut() {
            let ends = Timestamp((sample.number + 1) * SAMPLE_MS);
            let until = ends.min(to);
            let spent = until.ms_since(self.measured_to).max(0).unsigned_abs();
            sample.inside_ms += self.inside.len() as u64 * spent;
            self.measured_to = self.measured_to.max(until);
            if to < ends {
                break;
            }
            let next = sample.number + 1;
            self.begin_sample(next);
        }
    }

    fn begin_sample(&mut self, number: i64) {
        self.samples.push_back(Sample {
            number,
            ..Sample::default()
        });
        while self
            .samples
            .front()
            .is_some_and(|s| s.number <= number - SAMPLES)
        {
            self.samples.pop_front();
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds that people spent are far below 2^52"
)]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(numbers: std::ops::Range<PlaceNumber>) -> LineFact {
        LineFact::Admitted {
            numbers: numbers.collect(),
            capacity: 1000,
        }
    }

    fn seconds(seconds: i64) -> Timestamp {
        Timestamp(1_800_000_000_000 + seconds * 1000)
    }

    /// A full shop of `capacity` in which one of those inside buys, and the next is let in, every `every` seconds.
    fn full_shop(capacity: u64, every: i64, lasting: i64) -> Pace {
        let mut pace = Pace::default();
        pace.apply(seconds(0), &admitted(0..capacity));
        for (turn, at) in (every..lasting)
            .step_by(usize::try_from(every).unwrap())
            .enumerate()
        {
            let number = turn as u64;
            pace.apply(seconds(at), &LineFact::Done { number });
            pace.apply(
                seconds(at),
                &admitted(number + capacity..number + capacity + 1),
            );
        }
        pace
    }

    #[test]
    fn no_second_wherever_it_begins_admits_more_than_its_limit() {
        let mut pace = Pace::default();
        pace.apply(Timestamp(900), &admitted(0..30));
        assert_eq!(pace.room(Timestamp(1_899), 50), 20);
        assert_eq!(pace.room(Timestamp(1_900), 50), 50);
        assert_eq!(pace.room(Timestamp(1_000), 10), 0);
        assert_eq!(
            pace.room(Timestamp(100), 50),
            20,
            "a clock set back makes no room"
        );
    }

    #[test]
    fn a_minute_counts_its_own_admissions_and_no_others() {
        let mut pace = Pace::default();
        pace.apply(seconds(0), &admitted(0..20));
        pace.apply(seconds(25), &admitted(20..25));
        assert_eq!(pace.admitted_per_minute(seconds(30)), 25);
        assert_eq!(
            pace.admitted_per_minute(seconds(65)),
            15,
            "half of the first sample"
        );
        assert_eq!(pace.admitted_per_minute(seconds(75)), 5);
        assert_eq!(pace.admitted_per_minute(seconds(3600)), 0);
    }

    #[test]
    fn the_time_inside_is_added_up_over_samples_and_silence() {
        let mut pace = Pace::default();
        pace.apply(seconds(5), &admitted(0..4));
        assert_eq!(float_of(&pace, 5), (0.0, 0.0));
        pace.apply(seconds(30), &LineFact::Left { number: 1 });
        assert_eq!(float_of(&pace, 30), (1.0, 100.0));
        assert_eq!(float_of(&pace, 40), (1.0, 130.0));
        pace.apply(seconds(50), &LineFact::Left { number: 99 });
        assert_eq!(float_of(&pace, 50), (1.0, 160.0), "99 was not inside");
        pace.apply(seconds(86_400), &LineFact::Done { number: 2 });
        // One bought at the end; three had been inside for the ten minutes that are remembered, less a sample.
        assert_eq!(float_of(&pace, 86_400), (1.0, 1770.0));
    }

    fn float_of(pace: &Pace, at: i64) -> (f64, f64) {
        let turnover = pace.turnover(seconds(at));
        (turnover.freed, turnover.inside_seconds)
    }

    #[test]
    fn a_full_shop_is_expected_to_go_on_as_it_did() {
        let settings = QueueSettings {
            capacity: 100,
            pass_seconds: 600,
            max_admitted_per_second: 50,
        };
        // One in two seconds, so the 300th goes in after ten minutes.
        let measured = full_shop(100, 2, 900)
            .eta(300, settings, seconds(900))
            .unwrap();
        assert!((595..=630).contains(&measured.p50), "{measured:?}");
        assert!((640..=720).contains(&measured.p90), "{measured:?}");
    }

    #[test]
    fn the_scatter_is_that_of_the_samples_around_what_was_to_be_expected() {
        let mut pace = Pace::default();
        pace.apply(seconds(0), &admitted(0..10));
        for (at, number) in [(10, 0), (10, 1), (10, 2), (30, 3)] {
            pace.apply(seconds(at), &LineFact::Done { number });
        }
        // Time inside: 100, 70, 70 seconds, and 0 of the sample begun; room made: 0, 3, 0, 1.
        let turnover = pace.turnover(seconds(30));
        let rate = 4.0 / 240.0;
        let by_sample = [(0.0, 100.0), (3.0, 70.0), (0.0, 70.0), (1.0, 0.0)];
        let scatter: f64 = by_sample
            .iter()
            .map(|(f, t): &(f64, f64)| (f - rate * t).powi(2))
            .sum();
        assert!((turnover.scatter - scatter).abs() < 1e-9, "{turnover:?}");
        assert!((turnover.expected - 4.0).abs() < 1e-9, "{turnover:?}");
    }

    #[test]
    fn the_first_filling_of_the_shop_promises_nothing_to_those_behind() {
        let settings = QueueSettings {
            capacity: 100,
            pass_seconds: 600,
            max_admitted_per_second: 50,
        };
        let mut pace = Pace::default();
        pace.apply(seconds(0), &admitted(0..50));
        pace.apply(seconds(1), &admitted(50..100));
        let eta = pace.eta(100, settings, seconds(3)).unwrap();
        assert!(
            (250..=600).contains(&eta.p50),
            "a shop is not emptied at once: {eta:?}"
        );
    }

    #[test]
    fn an_empty_line_and_a_pause_do_not_slow_the_line_down() {
        let settings = QueueSettings {
            capacity: 100,
            pass_seconds: 600,
            max_admitted_per_second: 50,
        };
        let mut pace = full_shop(100, 2, 300);
        for number in 149..249 {
            pace.apply(seconds(300), &LineFact::Done { number });
        }
        let before = pace.eta(200, settings, seconds(301)).unwrap();
        let after = pace.eta(200, settings, seconds(500)).unwrap();
        assert_eq!(before, after);
    }

    #[test]
    fn a_follower_that_hears_the_same_twice_counts_it_once() {
        let mut pace = Pace::default();
        pace.apply(seconds(0), &admitted(0..3));
        let once = pace.clone();
        pace.apply(seconds(0), &admitted(0..3));
        assert_eq!(pace, once);
    }
}
