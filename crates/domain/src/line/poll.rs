//! When to ask again.
//!
//! Everybody who waits asks, so this decides how many questions a second there are. People far back are told
//! to ask seldom, those near the front often, and nobody together with those who came with them.

/// The shortest wait between two questions, in milliseconds.
pub const POLL_SHORTEST_MS: u32 = 2_000;
/// The longest one before jitter: presence must not need more than a minute and a half to be known.
pub const POLL_LONGEST_MS: u32 = 60_000;
/// The longest with jitter.
pub const POLL_LONGEST_WITH_JITTER_MS: u32 = POLL_LONGEST_MS + POLL_LONGEST_MS / 10 * 3;
/// The shortest wait while a line stands still for an unknown time.
pub const POLL_STANDING_MS: u32 = 10_000;
/// With a pass: the page then mostly asks the shop, not the line.
pub const POLL_ADMITTED_MS: u32 = 10_000;
/// From here on people are told to ask once more, right after the opening.
const OPENING_NEAR_MS: u32 = 55_000;
/// The longest time after the opening over which those who waited for it ask; with [`OPENING_NEAR_MS`] it stays
/// below [`POLL_LONGEST_WITH_JITTER_MS`].
const OPENING_SPREAD_MS: u32 = 20_000;
/// How much later each one further back asks, near the front, at most.
const NEAR_MS_PER_PERSON: u64 = 100;
/// How much later the last of those asks who would fill the shop if it were emptied at once: they may be called
/// together, whatever was expected, and a slot is taken until its holder has asked. With a capacity of 3,000
/// those near the front ask about 2,600 times a second together.
const NEAR_MS_PER_SHOP: u64 = 4_000;
/// People in a line that stands still per question in a millisecond: up to 20,000 ask every ten seconds, and
/// a million ask about 18,000 times a second.
const STANDING_PER_MS: u64 = 2;

/// When to ask again: a sixth of the expected wait, between [`POLL_SHORTEST_MS`] and [`POLL_LONGEST_MS`], and
/// up to 30 % later by `jitter` (any number that differs between askers), so that people who came together do
/// not ask together. A sixth keeps a million people below 25,000 questions a second.
pub fn poll_after_ms(expected_wait_seconds: u32, jitter: u64) -> u32 {
    let wished = expected_wait_seconds.saturating_mul(1000) / 6;
    with_jitter(wished.clamp(POLL_SHORTEST_MS, POLL_LONGEST_MS), jitter)
}

/// When to ask again while the line moves: as by [`poll_after_ms`], but the nearer to the front, the sooner,
/// whatever is expected: whoever is called next must not leave the slot empty for long. How near that is goes by
/// the `capacity` of the shop: so many may be called at once.
pub fn poll_waiting_ms(ahead: u64, capacity: u32, expected_wait_seconds: u32, jitter: u64) -> u32 {
    let by_person = ahead.saturating_mul(NEAR_MS_PER_PERSON);
    let by_shop = ahead.saturating_mul(NEAR_MS_PER_SHOP) / u64::from(capacity.max(1));
    let later = u32::try_from(by_person.min(by_shop)).unwrap_or(u32::MAX);
    let near = POLL_SHORTEST_MS.saturating_add(later);
    poll_after_ms(expected_wait_seconds.min(near / 1000 * 6), jitter)
}

/// When to ask again while the line stands still for an unknown time (paused, sold out, no capacity): it may
/// move at once, and those in front are the first to whom that matters.
pub fn poll_standing_ms(ahead: u64, jitter: u64) -> u32 {
    let wished = u32::try_from(ahead / STANDING_PER_MS).unwrap_or(u32::MAX);
    with_jitter(wished.clamp(POLL_STANDING_MS, POLL_LONGEST_MS), jitter)
}

/// When to ask again before the sale opens in `opens_in_ms`: once a minute, and at the end right after the
/// opening: within two seconds those who will be let in at once, the others spread over a sixth of the wait they
/// are to expect then, at most twenty seconds.
pub fn poll_not_open_ms(opens_in_ms: i64, expected_wait_seconds: u32, jitter: u64) -> u32 {
    let opens_in_ms = u32::try_from(opens_in_ms.max(0)).unwrap_or(u32::MAX);
    if opens_in_ms > OPENING_NEAR_MS {
        return with_jitter((opens_in_ms / 2).min(POLL_LONGEST_MS), jitter);
    }
    let wished = expected_wait_seconds.saturating_mul(1000) / 6;
    let spread = wished.clamp(POLL_SHORTEST_MS, OPENING_SPREAD_MS);
    (opens_in_ms + share_of(spread, jitter)).max(POLL_SHORTEST_MS)
}

/// `ms`, up to 30 % longer.
pub fn with_jitter(ms: u32, jitter: u64) -> u32 {
    ms + share_of(ms / 10 * 3, jitter)
}

/// Between nothing and all of `ms`.
fn share_of(ms: u32, jitter: u64) -> u32 {
    // SplitMix64's finaliser (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014):
    // neighbouring numbers give unrelated results.
    let mut mixed = jitter.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    u32::try_from(mixed % (u64::from(ms) + 1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn people_far_away_ask_seldom_and_not_together() {
        assert!((2_000..=2_600).contains(&poll_after_ms(0, 1)));
        assert!((20_000..=26_000).contains(&poll_after_ms(120, 2)));
        let waits: BTreeSet<_> = (0..1000).map(|n| poll_after_ms(100_000, n)).collect();
        assert!(waits.len() > 900, "{} different waits", waits.len());
        assert!(waits.iter().all(|ms| (60_000..=78_000).contains(ms)));
    }

    #[test]
    fn jitter_is_spread_evenly() {
        let mut tenths = [0u32; 10];
        for n in 0..10_000 {
            tenths[((with_jitter(10_000, n) - 10_000) / 301) as usize] += 1;
        }
        assert!(
            tenths.iter().all(|count| (850..1150).contains(count)),
            "{tenths:?}"
        );
    }

    #[test]
    fn a_million_who_wait_ask_less_than_25_000_times_a_second() {
        let waiting = |wait_seconds: u32, jitter| poll_after_ms(wait_seconds, jitter);
        let per_second = |ms: u32| 1000.0 / f64::from(ms);
        let moving: f64 = (0..1_000_000u32)
            .map(|n| per_second(waiting(n / 500, n.into())))
            .sum();
        assert!(moving < 25_000.0, "{moving}");
        let standing: f64 = (0..1_000_000)
            .map(|n| per_second(poll_standing_ms(n, n)))
            .sum();
        assert!(standing < 20_000.0, "{standing}");
    }

    #[test]
    fn whoever_may_be_called_when_the_shop_empties_asks_soon_whatever_is_expected() {
        for capacity in [100, 3_000, 50_000] {
            for ahead in 0..capacity {
                let ms = poll_waiting_ms(ahead.into(), capacity, 86_400, ahead.into());
                assert!((2_000..=7_800).contains(&ms), "{ahead} of {capacity}: {ms}");
            }
        }
        assert!(
            poll_waiting_ms(600, 10, 86_400, 1) >= 60_000,
            "one is called now and then"
        );
        assert!(
            poll_waiting_ms(50, 0, 86_400, 1) >= 7_000,
            "an empty shop calls nobody"
        );
        let asked: f64 = (0..1_000_000)
            .map(|ahead| poll_waiting_ms(ahead, 3_000, 86_400, ahead))
            .map(|ms| 1000.0 / f64::from(ms))
            .sum();
        assert!(asked < 20_000.0, "{asked}");
    }

    #[test]
    fn before_the_opening_everyone_asks_once_more_right_after_it() {
        for jitter in 0..1000 {
            let front = poll_not_open_ms(30_000, 1, jitter);
            assert!((30_000..=32_000).contains(&front), "{front}");
            let back = poll_not_open_ms(30_000, 86_400, jitter);
            assert!((30_000..=50_000).contains(&back), "{back}");
        }
        let far = poll_not_open_ms(3_600_000, 1, 5);
        assert!((60_000..=78_000).contains(&far), "{far}");
    }

    #[test]
    fn nobody_is_told_to_ask_later_than_the_longest_wait() {
        for opens_in_ms in (0..200_000).step_by(500) {
            for jitter in 0..50 {
                let ms = poll_not_open_ms(opens_in_ms, u32::MAX, jitter);
                assert!((POLL_SHORTEST_MS..=POLL_LONGEST_WITH_JITTER_MS).contains(&ms));
            }
        }
        assert!(poll_standing_ms(u64::MAX, 9) <= POLL_LONGEST_WITH_JITTER_MS);
        assert!(poll_after_ms(u32::MAX, 9) <= POLL_LONGEST_WITH_JITTER_MS);
    }
}
