//! The line: places, positions, admission, passes.
//!
//! A place is a number, and what is known of a number is a byte: a million people in line take some megabytes.
//! [`Line`] is what the facts add up to, and the same on every instance that follows them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::{Digest, PlaceNumber};
use crate::time::Timestamp;

mod admission;
mod pace;
mod presence;
mod rank;
mod standing;

pub use admission::{EXAMINED_AT_MOST, admit, returned};
pub use pace::{
    Eta, POLL_LONGEST_MS, POLL_LONGEST_WITH_JITTER_MS, POLL_SHORTEST_MS, POLL_STANDING_MS, Pace,
    WINDOW_MS, poll_after_ms, with_jitter,
};
pub use presence::{GRACE_MS, Presence, Visitors};
pub use rank::RankSet;
pub use standing::{Standing, Word, standing};

/// Something that happened in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineFact {
    /// Somebody entered and was given the next number.
    Entered {
        /// The number.
        number: PlaceNumber,
        /// Digest of the visitor's secret, if one was given.
        visitor: Option<Digest>,
    },
    /// These were called: each may collect a pass.
    Admitted {
        /// The places, lowest first.
        numbers: Vec<PlaceNumber>,
        /// The capacity that was set at that moment.
        capacity: u32,
    },
    /// A pass was shown to its holder; its time runs from now.
    Collected {
        /// The place.
        number: PlaceNumber,
        /// When the pass ends.
        pass_expires_at: Timestamp,
    },
    /// These were absent when called; they keep their numbers.
    Parked {
        /// The places.
        numbers: Vec<PlaceNumber>,
    },
    /// Parked people are present again.
    Returned {
        /// The places.
        numbers: Vec<PlaceNumber>,
    },
    /// These did not collect their passes in time and are parked.
    TakenBack {
        /// The places.
        numbers: Vec<PlaceNumber>,
    },
    /// Collected passes ran out.
    PassesExpired {
        /// The places.
        numbers: Vec<PlaceNumber>,
    },
    /// Somebody gave their place up.
    Left {
        /// The place.
        number: PlaceNumber,
    },
    /// Somebody bought, which ends the pass.
    Done {
        /// The place.
        number: PlaceNumber,
    },
}

/// What is known of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum PlaceState {
    /// Never given to anybody.
    NotGiven,
    /// In line.
    Waiting,
    /// Was absent when called; in line again on return.
    Parked,
    /// Called; the pass has not been collected.
    Called,
    /// Has a pass.
    Admitted,
    /// Bought.
    Done,
    /// Gave the place up.
    Left,
    /// The pass ran out.
    Expired,
}

impl PlaceState {
    /// Whether the place has ended: it is not revived.
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Left | Self::Expired)
    }
}

/// How many places are where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LineCounts {
    /// In line and not parked.
    pub waiting: u64,
    /// Parked.
    pub parked: u64,
    /// Called, or with a pass: what counts against the capacity.
    pub active: u64,
}

/// All places of one event.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// By number.
    states: Vec<PlaceState>,
    waiting: RankSet,
    parked: u64,
    called: BTreeSet<PlaceNumber>,
    /// Collected passes and their ends.
    passes: BTreeMap<PlaceNumber, Timestamp>,
    due: BTreeSet<(Timestamp, PlaceNumber)>,
}

impl Line {
    /// What is known of a number.
    pub fn state(&self, number: PlaceNumber) -> PlaceState {
        let index = usize::try_from(number).ok();
        index
            .and_then(|index| self.states.get(index))
            .copied()
            .unwrap_or(PlaceState::NotGiven)
    }

    /// The number that the next one to enter gets.
    pub fn next_number(&self) -> PlaceNumber {
        (self.states.len() as u64).max(1)
    }

    /// How many places are where.
    pub fn counts(&self) -> LineCounts {
        let active = (self.called.len() + self.passes.len()) as u64;
        LineCounts {
            waiting: self.waiting.len(),
            parked: self.parked,
            active,
        }
    }

    /// How many people are in line with a lower number who are not parked.
    pub fn ahead(&self, number: PlaceNumber) -> u64 {
        self.waiting.rank(number)
    }

    /// How many people are in line with a higher number who are not parked.
    pub fn behind(&self, number: PlaceNumber) -> u64 {
        self.waiting.len() - self.waiting.rank(number.saturating_add(1))
    }

    /// The numbers in line that are not parked, lowest first.
    pub fn waiting(&self) -> impl Iterator<Item = PlaceNumber> + '_ {
        self.waiting
            .iter_from(self.waiting.first().unwrap_or(PlaceNumber::MAX))
    }

    /// The numbers that were called and have not collected their passes.
    pub fn called(&self) -> impl Iterator<Item = PlaceNumber> + '_ {
        self.called.iter().copied()
    }

    /// When the pass of this place ends, if it has one and has collected it.
    pub fn pass_expires_at(&self, number: PlaceNumber) -> Option<Timestamp> {
        self.passes.get(&number).copied()
    }

    /// Whether this place has a pass.
    pub fn has_pass(&self, number: PlaceNumber) -> bool {
        self.passes.contains_key(&number)
    }

    /// Passes that have reached their end, at most `limit`.
    pub fn passes_due(&self, now: Timestamp, limit: usize) -> Vec<PlaceNumber> {
        self.due
            .iter()
            .take_while(|(at, _)| *at <= now)
            .take(limit)
            .map(|(_, number)| *number)
            .collect()
    }

    /// Follows what happened: the only way in which a line changes.
    pub fn apply(&mut self, fact: &LineFact) {
        match fact {
            LineFact::Entered { number, .. } => self.put(*number, PlaceState::Waiting),
            LineFact::Admitted { numbers, .. } => self.put_all(numbers, PlaceState::Called),
            LineFact::Collected {
                number,
                pass_expires_at,
            } => {
                self.put(*number, PlaceState::Admitted);
                self.passes.insert(*number, *pass_expires_at);
                self.due.insert((*pass_expires_at, *number));
            }
            LineFact::Parked { numbers } | LineFact::TakenBack { numbers } => {
                self.put_all(numbers, PlaceState::Parked);
            }
            LineFact::Returned { numbers } => self.put_all(numbers, PlaceState::Waiting),
            LineFact::PassesExpired { numbers } => self.put_all(numbers, PlaceState::Expired),
            LineFact::Left { number } => self.put(*number, PlaceState::Left),
            LineFact::Done { number } => self.put(*number, PlaceState::Done),
        }
    }

    fn put_all(&mut self, numbers: &[PlaceNumber], state: PlaceState) {
        numbers.iter().for_each(|number| self.put(*number, state));
    }

    /// Takes a number out of where it was and puts it where it belongs now.
    fn put(&mut self, number: PlaceNumber, state: PlaceState) {
        let Ok(index) = usize::try_from(number) else {
            return;
        };
        if index >= self.states.len() {
            self.states.resize(index + 1, PlaceState::NotGiven);
        }
        match std::mem::replace(&mut self.states[index], state) {
            PlaceState::Waiting => {
                self.waiting.remove(number);
            }
            PlaceState::Parked => self.parked -= 1,
            PlaceState::Called => {
                self.called.remove(&number);
            }
            PlaceState::Admitted => {
                if let Some(end) = self.passes.remove(&number) {
                    self.due.remove(&(end, number));
                }
            }
            PlaceState::NotGiven | PlaceState::Done | PlaceState::Left | PlaceState::Expired => {}
        }
        match state {
            PlaceState::Waiting => {
                self.waiting.insert(number);
            }
            PlaceState::Parked => self.parked += 1,
            PlaceState::Called => {
                self.called.insert(number);
            }
            PlaceState::NotGiven
            | PlaceState::Admitted
            | PlaceState::Done
            | PlaceState::Left
            | PlaceState::Expired => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line_of(people: u64) -> Line {
        let mut line = Line::default();
        for number in 1..=people {
            assert_eq!(line.next_number(), number);
            line.apply(&LineFact::Entered {
                number,
                visitor: None,
            });
        }
        line
    }

    #[test]
    fn positions_count_those_ahead_who_are_not_parked() {
        let mut line = line_of(5);
        line.apply(&LineFact::Parked { numbers: vec![2] });
        assert_eq!((line.ahead(4), line.behind(4)), (2, 1));
        assert_eq!(
            (line.ahead(2), line.behind(2)),
            (1, 3),
            "a parked one sees where it would stand"
        );
        line.apply(&LineFact::Returned { numbers: vec![2] });
        assert_eq!((line.ahead(4), line.behind(4)), (3, 1));
    }

    #[test]
    fn numbers_go_on_after_places_have_ended() {
        let mut line = line_of(2);
        line.apply(&LineFact::Left { number: 2 });
        assert_eq!(
            (line.next_number(), line.state(2), line.state(3)),
            (3, PlaceState::Left, PlaceState::NotGiven)
        );
    }

    #[test]
    fn a_pass_counts_as_active_from_the_call_to_its_end() {
        let mut line = line_of(3);
        line.apply(&LineFact::Admitted {
            numbers: vec![1, 2],
            capacity: 2,
        });
        assert_eq!(
            line.counts(),
            LineCounts {
                waiting: 1,
                parked: 0,
                active: 2
            }
        );
        let pass_expires_at = Timestamp(10_000);
        line.apply(&LineFact::Collected {
            number: 1,
            pass_expires_at,
        });
        line.apply(&LineFact::TakenBack { numbers: vec![2] });
        assert_eq!(
            line.counts(),
            LineCounts {
                waiting: 1,
                parked: 1,
                active: 1
            }
        );
        assert_eq!(line.passes_due(Timestamp(9_999), 9), [] as [u64; 0]);
        assert_eq!(line.passes_due(pass_expires_at, 9), [1]);
        line.apply(&LineFact::Done { number: 1 });
        assert_eq!(line.counts().active, 0);
        assert_eq!(line.passes_due(pass_expires_at, 9), [] as [u64; 0]);
    }
}
