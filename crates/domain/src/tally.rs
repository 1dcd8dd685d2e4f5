//! What happened minute by minute, for the operator's charts.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Minutes kept: a day, so that the charts of an evening are whole.
pub const MINUTES_KEPT: usize = 1440;

/// Counts of one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Minute {
    /// The start of the minute.
    pub minute: Timestamp,
    /// People who entered the line.
    pub entered: u32,
    /// People admitted.
    pub admitted: u32,
    /// Holds placed.
    pub held: u32,
    /// Reservations confirmed.
    pub confirmed: u32,
    /// Reservations cancelled.
    pub cancelled: u32,
}

/// Counts by minute, oldest first; minutes without events are absent.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    minutes: VecDeque<Minute>,
}

impl Tally {
    /// The minutes kept, oldest first.
    pub fn minutes(&self) -> impl Iterator<Item = &Minute> {
        self.minutes.iter()
    }

    /// Counts of the minute of `at`, to add to. An instant before the newest minute counts to the newest.
    pub fn at(&mut self, at: Timestamp) -> &mut Minute {
        let minute = at.minute();
        if self
            .minutes
            .back()
            .is_none_or(|newest| newest.minute < minute)
        {
            if self.minutes.len() == MINUTES_KEPT {
                self.minutes.pop_front();
            }
            self.minutes.push_back(Minute {
                minute,
                ..Minute::default()
            });
        }
        let newest = self.minutes.len() - 1;
        &mut self.minutes[newest]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_gather_by_minute_and_old_minutes_go() {
        let mut tally = Tally::default();
        tally.at(Timestamp(1_000)).entered += 1;
        tally.at(Timestamp(59_999)).entered += 1;
        tally.at(Timestamp(60_000)).admitted += 3;
        let seen: Vec<_> = tally
            .minutes()
            .map(|m| (m.minute.0, m.entered, m.admitted))
            .collect();
        assert_eq!(seen, [(0, 2, 0), (60_000, 0, 3)]);
        for minute in 2..2 + i64::try_from(MINUTES_KEPT).unwrap() {
            tally.at(Timestamp(minute * 60_000)).held += 1;
        }
        assert_eq!(tally.minutes().count(), MINUTES_KEPT);
        assert_eq!(tally.minutes().next().unwrap().minute, Timestamp(120_000));
    }
}
