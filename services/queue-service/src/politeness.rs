//! At most so many questions a second from one ticket.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;
use jari_domain::Timestamp;
use jari_domain::id::PlaceNumber;
use service_kit::Problem;

use crate::QueueService;
use crate::ticket::Holder;

/// Questions a second that a ticket is answered, also all at once.
const QUESTIONS_PER_SECOND: u64 = 20;
/// How much of its second a question takes up.
const QUESTION_MS: u64 = 1000 / QUESTIONS_PER_SECOND;
/// Counters: half a megabyte. Two tickets that share one take it from each other, which lets both ask more, not
/// less.
const COUNTERS: usize = 65_536;
/// Bits of a counter that tell whose it is; the others hold an instant in milliseconds, enough until 2109.
const OWNER_BITS: u32 = 22;

impl QueueService {
    /// Refuses a ticket that asks more than any page would: 429 `too_many_requests`.
    pub fn check_politeness(&self, holder: &Holder) -> Result<(), Problem> {
        let (event_uid, now) = (holder.view.uid(), self.means.now());
        if self.politeness.allows(event_uid, holder.number, now) {
            return Ok(());
        }
        let detail =
            "This ticket asks more than 20 times a second. poll_after_ms says when to ask again.";
        Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).retry_after(1))
    }
}

/// Counts questions by ticket, in bounded memory. A counter is an instant: every question moves it on by
/// [`QUESTION_MS`] from where it is, or from the present if that is later, and what would move it beyond a second
/// from now is refused. So nobody who asks at most 20 times in any second is ever refused, and a burst across
/// the end of a second has no more than one within it.
pub struct Politeness(Box<[AtomicU64]>);

impl Default for Politeness {
    fn default() -> Self {
        Self((0..COUNTERS).map(|_| AtomicU64::default()).collect())
    }
}

impl Politeness {
    /// Whether this question is answered.
    fn allows(&self, event_uid: u64, number: PlaceNumber, now: Timestamp) -> bool {
        let mixed = (event_uid ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let counter = &self.0[usize::try_from(mixed >> 48).unwrap_or_default() % COUNTERS];
        let owner = mixed & ((1 << OWNER_BITS) - 1);
        let now_ms = now.0.unsigned_abs();
        let count = |counted: u64| {
            let (until, whose) = (counted >> OWNER_BITS, counted & ((1 << OWNER_BITS) - 1));
            // More than a second ahead: the clock was set back.
            let is_current = whose == owner && (now_ms..=now_ms + 1000).contains(&until);
            let until = if is_current { until } else { now_ms } + QUESTION_MS;
            (until <= now_ms + 1000).then_some(until << OWNER_BITS | owner)
        };
        counter
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, count)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_800_000_000_900;

    fn answered(
        politeness: &Politeness,
        number: PlaceNumber,
        questions: usize,
        at_ms: i64,
    ) -> usize {
        (0..questions)
            .filter(|_| politeness.allows(1, number, Timestamp(at_ms)))
            .count()
    }

    #[test]
    fn twenty_questions_at_once_are_answered_whenever_the_second_begins() {
        let politeness = Politeness::default();
        assert_eq!(answered(&politeness, 7, 15, NOW_MS), 15);
        assert_eq!(answered(&politeness, 7, 15, NOW_MS + 150), 8);
        assert_eq!(answered(&politeness, 7, 30, NOW_MS + 1_150), 20);
        assert_eq!(answered(&politeness, 8, 30, NOW_MS + 1_150), 20);
    }

    #[test]
    fn twenty_questions_a_second_are_answered_for_ever() {
        let politeness = Politeness::default();
        for second in 0..100 {
            for question in 0..20 {
                // Each second begins with a burst of ten.
                let within = i64::from(question).saturating_sub(9).max(0) * 90;
                let at = Timestamp(NOW_MS + second * 1000 + within);
                assert!(politeness.allows(1, 7, at), "{second} {question}");
            }
        }
    }

    #[test]
    fn a_clock_that_is_set_back_silences_nobody() {
        let politeness = Politeness::default();
        assert_eq!(answered(&politeness, 7, 30, NOW_MS), 20);
        assert_eq!(answered(&politeness, 7, 30, NOW_MS - 60_000), 20);
    }

    #[test]
    fn tickets_that_share_a_counter_are_all_answered() {
        let politeness = Politeness::default();
        let polite = (1..=200_000).all(|number| politeness.allows(1, number, Timestamp(NOW_MS)));
        assert!(polite);
    }
}
