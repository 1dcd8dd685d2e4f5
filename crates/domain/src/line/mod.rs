//! The line: places, positions, admission, passes.
//!
//! A place is a number, and what is known of a number is a byte: a million people in line take some megabytes.
//! [`Line`] is what the facts add up to, and the same on every instance that follows them.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::PlaceNumber;
use crate::time::Timestamp;

mod admission;
mod eta;
mod fact;
#[cfg(test)]
mod histories;
mod pace;
mod poll;
mod presence;
mod rank;
mod standing;
mod visitors;

pub use admission::{EXAMINED_AT_MOST, admit, returned};
pub use eta::Eta;
pub use fact::LineFact;
pub use pace::{Pace, WINDOW_MS};
pub use poll::{
    POLL_ADMITTED_MS, POLL_LONGEST_MS, POLL_LONGEST_WITH_JITTER_MS, POLL_SHORTEST_MS,
    POLL_STANDING_MS, poll_after_ms, poll_not_open_ms, poll_standing_ms, poll_waiting_ms,
    with_jitter,
};
pub use presence::{GRACE_MS, Presence};
pub use rank::RankSet;
pub use standing::{Standing, Word, standing};
pub use visitors::Visitors;

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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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

    /// Follows what happened: the only way in which a line changes. What does not fit the state of a place
    /// changes nothing: a follower may hear the same twice, and an ended place is not revived by anything.
    pub fn apply(&mut self, fact: &LineFact) {
        use PlaceState::{Admitted, Called, Done, Expired, Left, NotGiven, Parked, Waiting};
        match fact {
            LineFact::Entered { number, .. } => self.put(&[*number], &[NotGiven], Waiting),
            LineFact::Admitted { numbers, .. } => self.put(numbers, &[Waiting], Called),
            LineFact::Collected {
                number,
                pass_expires_at,
            } => {
                if self.state(*number) == Called {
                    self.put(&[*number], &[Called], Admitted);
                    self.passes.insert(*number, *pass_expires_at);
                    self.due.insert((*pass_expires_at, *number));
                }
            }
            LineFact::Parked { numbers } => self.put(numbers, &[Waiting], Parked),
            LineFact::Returned { numbers } => self.put(numbers, &[Parked], Waiting),
            LineFact::TakenBack { numbers } => self.put(numbers, &[Called], Parked),
            LineFact::PassesExpired { numbers } => self.put(numbers, &[Admitted], Expired),
            LineFact::Left { number } => {
                self.put(&[*number], &[Waiting, Parked, Called, Admitted], Left);
            }
            LineFact::Done { number } => self.put(&[*number], &[Called, Admitted], Done),
        }
    }

    /// Those of `numbers` that are in one of the states `from` come to be in the state `to`.
    fn put(&mut self, numbers: &[PlaceNumber], from: &[PlaceState], to: PlaceState) {
        for number in numbers {
            if from.contains(&self.state(*number)) {
                self.take_out(*number);
                self.put_in(*number, to);
            }
        }
    }

    fn take_out(&mut self, number: PlaceNumber) {
        match self.state(number) {
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
    }

    fn put_in(&mut self, number: PlaceNumber, state: PlaceState) {
        let Ok(index) = usize::try_from(number) else {
            return;
        };
        if index >= self.states.len() {
            self.states.resize(index + 1, PlaceState::NotGiven);
        }
        self.states[index] = state;
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

    #[test]
    fn an_ended_place_is_not_revived_by_anything() {
        let endings = [
            LineFact::Done { number: 1 },
            LineFact::Left { number: 1 },
            LineFact::PassesExpired { numbers: vec![1] },
        ];
        for ending in endings {
            let mut line = line_of(2);
            line.apply(&admitted(&[1]));
            line.apply(&collected(1));
            line.apply(&ending);
            let ended = line.clone();
            line.apply(&LineFact::Entered {
                number: 1,
                visitor: None,
            });
            line.apply(&LineFact::Returned { numbers: vec![1] });
            line.apply(&LineFact::Parked { numbers: vec![1] });
            line.apply(&admitted(&[1]));
            line.apply(&collected(1));
            line.apply(&LineFact::Left { number: 1 });
            assert_eq!(line, ended);
        }
    }

    #[test]
    fn hearing_the_same_twice_changes_nothing() {
        let mut line = line_of(3);
        for fact in [
            LineFact::Parked { numbers: vec![1] },
            admitted(&[2]),
            collected(2),
            LineFact::Returned { numbers: vec![1] },
            LineFact::Left { number: 3 },
        ] {
            line.apply(&fact);
            let once = line.clone();
            line.apply(&fact);
            assert_eq!(line, once, "{fact:?}");
        }
    }

    #[test]
    fn numbers_that_were_never_given_are_nobody() {
        let mut line = line_of(2);
        line.apply(&LineFact::Entered {
            number: 9,
            visitor: None,
        });
        line.apply(&admitted(&[5]));
        assert_eq!(line.state(5), PlaceState::NotGiven);
        assert_eq!((line.next_number(), line.counts().waiting), (10, 3));
        assert_eq!((line.ahead(9), line.behind(2)), (2, 1));
        assert_eq!(line.state(PlaceNumber::MAX), PlaceState::NotGiven);
    }

    fn admitted(numbers: &[PlaceNumber]) -> LineFact {
        LineFact::Admitted {
            numbers: numbers.to_vec(),
            capacity: 100,
        }
    }

    fn collected(number: PlaceNumber) -> LineFact {
        LineFact::Collected {
            number,
            pass_expires_at: Timestamp(10_000),
        }
    }
}
