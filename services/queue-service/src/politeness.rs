//! At most so many questions a second from one ticket.

use std::sync::atomic::{AtomicU64, Ordering};

use jari_domain::Timestamp;
use jari_domain::id::PlaceNumber;

/// Questions a second that a ticket is answered.
const QUESTIONS_PER_SECOND: u64 = 20;
/// Counters: half a megabyte. Two tickets that share one take it from each other, which lets both ask more, not
/// less.
const COUNTERS: usize = 65_536;

/// Counts questions by ticket, in bounded memory.
pub struct Politeness(Vec<AtomicU64>);

impl Default for Politeness {
    fn default() -> Self {
        Self(
            std::iter::repeat_with(AtomicU64::default)
                .take(COUNTERS)
                .collect(),
        )
    }
}

impl Politeness {
    /// Whether this question is answered. A counter holds the second (32 bits), part of the ticket (24 bits) and
    /// the count (8 bits).
    pub fn allows(&self, event_uid: u64, number: PlaceNumber, now: Timestamp) -> bool {
        let mixed = (event_uid ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let slot = &self.0[usize::try_from(mixed >> 48).unwrap_or_default() % COUNTERS];
        let second = (now.0.unsigned_abs() / 1000) & 0xffff_ffff;
        let owner = second << 32 | (mixed & 0xff_ffff) << 8;
        let counted = slot.load(Ordering::Relaxed);
        if counted & !0xff != owner {
            slot.store(owner | 1, Ordering::Relaxed);
            return true;
        }
        if counted & 0xff >= QUESTIONS_PER_SECOND {
            return false;
        }
        slot.fetch_add(1, Ordering::Relaxed);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_questions_a_second_are_answered_and_the_next_second_begins_anew() {
        let politeness = Politeness::default();
        let asked = |ms| {
            (0..30)
                .filter(|_| politeness.allows(1, 7, Timestamp(ms)))
                .count()
        };
        assert_eq!(asked(5_000), 20);
        assert_eq!(asked(5_999), 0);
        assert_eq!(asked(6_000), 20);
        assert!(politeness.allows(1, 8, Timestamp(6_000)));
    }
}
