//! What the measured pace lets people expect.
//!
//! The people ahead are let in in two ways. As many as there is room for are let in as fast as the settings
//! allow. Each of the others is let in when somebody inside makes room, so what is measured is the *turnover*:
//! how many made room, and how much time people spent inside for that. Counting admissions alone would mislead
//! when the shop is first filled (fast, then nothing), while nobody waits, before the opening and in a pause;
//! with a full shop and a line the two are the same.
//!
//! With r the people a second who make room in a full shop, and D how much their number scatters in comparison
//! with independent visitors (D = 1), the count within a time t has mean r·t and variance D·r·t, and the time
//! until the n-th is asymptotically normal with mean n/r and variance n·D/r²: the central limit theorem of
//! renewal processes (Feller, "An Introduction to Probability Theory and Its Applications", vol. 2, XI), more often
//! written n·v/m³ with m and v the mean and variance of the count in a unit of time. As r itself was estimated from
//! k who made room, with relative variance D/k, the variance gains (n/r)²·D/k: after few observations a long
//! wait is honestly uncertain.

use crate::event::QueueSettings;

/// 90 % of a normal distribution lie below mean + 1.2816 standard deviations.
const NORMAL_P90: f64 = 1.2816;
/// How many observations the assumption before any measurement counts for: after some more than these, the
/// measurement outweighs it.
const ASSUMED: f64 = 3.0;

/// An honest range for a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eta {
    /// As likely sooner as later, in seconds.
    pub p50: u32,
    /// Nine times in ten not later than this, in seconds.
    pub p90: u32,
}

/// What was measured.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Turnover {
    /// How many are admitted now.
    pub inside: u32,
    /// How many made room.
    pub freed: f64,
    /// The time that people spent inside meanwhile, in seconds, added up over all of them.
    pub inside_seconds: f64,
    /// Squared differences between those who made room in a sample and those expected to, added up.
    pub scatter: f64,
    /// Those expected to, added up: what `scatter` would be for independent visitors.
    pub expected: f64,
}

/// How long it takes until `position` more people are admitted, in whole seconds, rounded up; `None` where
/// nobody is let in at all.
///
/// Before anything is measured people are assumed to stay for half of a pass; and always for a pass at most, as
/// it ends then.
pub(super) fn eta(position: u64, settings: QueueSettings, measured: &Turnover) -> Option<Eta> {
    let free = settings.capacity.saturating_sub(measured.inside);
    let at_once = u32::try_from(position).unwrap_or(u32::MAX).min(free);
    let later = float(position - u64::from(at_once));
    let fastest = f64::from(settings.max_admitted_per_second);
    let pass_seconds = f64::from(settings.pass_seconds.max(1));

    let observed = measured.freed + ASSUMED;
    let stay_seconds = (measured.inside_seconds + ASSUMED * pass_seconds / 2.0) / observed;
    let rate = f64::from(settings.capacity) / stay_seconds.min(pass_seconds).max(0.001);
    let rate = rate.min(fastest);
    let dispersion = ((measured.scatter + ASSUMED) / (measured.expected + ASSUMED)).max(1.0);

    let p50 = f64::from(at_once) / fastest + later / rate;
    let variance = (later + later.powi(2) / observed) * dispersion / rate.powi(2);
    let p90 = p50 + NORMAL_P90 * variance.sqrt();
    (settings.capacity > 0 && fastest > 0.0).then(|| Eta {
        p50: whole(p50),
        p90: whole(p90),
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "positions are far below 2^52, and more would do no harm"
)]
fn float(count: u64) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, as is wanted"
)]
fn whole(seconds: f64) -> u32 {
    seconds.ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: QueueSettings = QueueSettings {
        capacity: 60,
        pass_seconds: 120,
        max_admitted_per_second: 30,
    };
    /// A full shop that was never measured.
    const FULL: Turnover = Turnover {
        inside: 60,
        freed: 0.0,
        inside_seconds: 0.0,
        scatter: 0.0,
        expected: 0.0,
    };

    #[test]
    fn those_there_is_room_for_go_in_as_fast_as_the_settings_allow() {
        let eta = eta(60, SETTINGS, &Turnover::default());
        assert_eq!(eta, Some(Eta { p50: 2, p90: 2 }));
    }

    #[test]
    fn before_anything_is_measured_people_stay_for_half_of_a_pass() {
        assert_eq!(eta(60, SETTINGS, &FULL).unwrap().p50, 60);
        let half_free = Turnover { inside: 30, ..FULL };
        assert_eq!(eta(90, SETTINGS, &half_free).unwrap().p50, 61);
    }

    #[test]
    fn nobody_stays_longer_than_a_pass() {
        let nobody_left = Turnover {
            inside_seconds: 60.0 * 119.0,
            ..FULL
        };
        assert_eq!(eta(60, SETTINGS, &nobody_left).unwrap().p50, 120);
    }

    #[test]
    fn the_limit_per_second_holds_for_the_expectation_too() {
        let hasty = Turnover {
            freed: 10_000.0,
            inside_seconds: 100.0,
            ..FULL
        };
        assert!(eta(3000, SETTINGS, &hasty).unwrap().p50 >= 100);
    }

    #[test]
    fn a_ragged_turnover_and_few_observations_make_the_range_wide() {
        let steady = Turnover {
            freed: 600.0,
            inside_seconds: 600.0 * 30.0,
            scatter: 0.0,
            expected: 600.0,
            inside: 60,
        };
        let ragged = Turnover {
            scatter: 600.0 * 25.0,
            ..steady
        };
        let few = Turnover {
            freed: 6.0,
            inside_seconds: 6.0 * 30.0,
            ..steady
        };
        let width = |measured| {
            let Eta { p50, p90 } = eta(200, SETTINGS, measured).unwrap();
            f64::from(p90 - p50) / f64::from(p50)
        };
        assert!(width(&steady) < 0.15, "{}", width(&steady));
        assert!(width(&ragged) > 0.4, "{}", width(&ragged));
        assert!(width(&few) > 0.3, "{}", width(&few));
    }

    /// 2,000 simulated waits of independent visitors: the promised range holds about as often as promised.
    #[test]
    fn nine_in_ten_do_not_wait_longer_than_p90() {
        let mut random = 7u64;
        let mut uniform = || {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (f64::from(u32::try_from(random >> 32).unwrap()) + 1.0) / 4_294_967_297.0
        };
        // 60 inside, who stay 30 seconds on average: two a second.
        let measured = Turnover {
            freed: 100_000.0,
            inside_seconds: 3_000_000.0,
            ..FULL
        };
        let promised = eta(1000, SETTINGS, &measured).unwrap();
        let (mut below_p50, mut below_p90) = (0, 0);
        for _ in 0..2_000 {
            let waited: f64 = (0..1000).map(|_| -uniform().ln() / 2.0).sum();
            below_p50 += u32::from(waited <= f64::from(promised.p50));
            below_p90 += u32::from(waited <= f64::from(promised.p90));
        }
        assert!(
            (900..=1_150).contains(&below_p50),
            "{below_p50} {promised:?}"
        );
        assert!(
            (1_740..=1_870).contains(&below_p90),
            "{below_p90} {promised:?}"
        );
    }

    #[test]
    fn where_nobody_is_let_in_nothing_is_promised() {
        let closed = QueueSettings {
            capacity: 0,
            ..SETTINGS
        };
        assert_eq!(eta(1, closed, &FULL), None);
    }
}
