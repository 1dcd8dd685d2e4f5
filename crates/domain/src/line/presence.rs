//! Who has asked of late.

use crate::id::PlaceNumber;
use crate::time::Timestamp;

/// How long after the instant they were told to ask again people still count as present.
pub const GRACE_MS: i64 = 15_000;

/// Until when each place counts as present. Not described by facts: after a restart nobody is known to be
/// absent until everyone had time to ask again.
#[derive(Debug, Clone, Default)]
pub struct Presence {
    /// Everybody counts as present until then.
    everyone_until: Timestamp,
    /// By number: seconds since 1970, rounded up; good until 2106.
    until: Vec<u32>,
}

impl Presence {
    /// Everybody counts as present until `until`: nobody is to suffer for what happened to the server.
    pub fn everyone_until(&mut self, until: Timestamp) {
        self.everyone_until = self.everyone_until.max(until);
    }

    /// This place counts as present until `until`.
    pub fn note(&mut self, number: PlaceNumber, until: Timestamp) {
        let seconds =
            u32::try_from(until.0.max(0).unsigned_abs().div_ceil(1000)).unwrap_or(u32::MAX);
        let Ok(index) = usize::try_from(number) else {
            return;
        };
        if index >= self.until.len() {
            self.until.resize(index + 1, 0);
        }
        self.until[index] = self.until[index].max(seconds);
    }

    /// Until when this place counts as present.
    pub fn until(&self, number: PlaceNumber) -> Timestamp {
        let noted = usize::try_from(number)
            .ok()
            .and_then(|index| self.until.get(index))
            .copied();
        let noted = Timestamp::default().plus_seconds(noted.unwrap_or_default());
        noted.max(self.everyone_until)
    }

    /// Whether this place counts as present at `now`.
    pub fn is_present(&self, number: PlaceNumber, now: Timestamp) -> bool {
        self.until(number) >= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_lasts_at_least_as_long_as_was_said_and_less_than_a_second_longer() {
        let mut presence = Presence::default();
        presence.note(3, Timestamp(100_000_000));
        presence.note(3, Timestamp(99_000_000));
        presence.note(4, Timestamp(100_000_500));
        assert!(presence.is_present(3, Timestamp(100_000_000)));
        assert!(!presence.is_present(3, Timestamp(100_001_000)));
        assert!(presence.is_present(4, Timestamp(100_000_500)));
        assert!(!presence.is_present(5, Timestamp(100_000_000)));
        presence.everyone_until(Timestamp(200_000_000));
        assert!(presence.is_present(5, Timestamp(200_000_000)));
    }
}
