//! Two bits a seat, the counts, and a version that grows with every change.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::id::SeatIndex;

/// What can be done with a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatState {
    /// Anyone with a pass may hold it.
    Free = 0,
    /// Somebody holds it.
    Held = 1,
    /// It is sold.
    Sold = 2,
    /// The operator keeps it off sale.
    Blocked = 3,
}

impl SeatState {
    const ALL: [Self; 4] = [Self::Free, Self::Held, Self::Sold, Self::Blocked];
}

/// How many seats are in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SeatCounts {
    /// Seats anyone with a pass may hold.
    pub free: u32,
    /// Seats somebody holds.
    pub held: u32,
    /// Seats sold.
    pub sold: u32,
    /// Seats kept off sale.
    pub blocked: u32,
}

impl SeatCounts {
    /// Seats that may still be sold: free, or held and not confirmed yet.
    pub const fn free_or_held(self) -> u32 {
        self.free + self.held
    }

    fn of(&mut self, state: SeatState) -> &mut u32 {
        match state {
            SeatState::Free => &mut self.free,
            SeatState::Held => &mut self.held,
            SeatState::Sold => &mut self.sold,
            SeatState::Blocked => &mut self.blocked,
        }
    }
}

/// Some seats took a new state, all in one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatsChanged {
    /// The version that the step made.
    pub version: u64,
    /// The state they are in now.
    pub state: SeatState,
    /// Which seats.
    pub seats: Vec<SeatIndex>,
}

/// Changes that are remembered for `since`: more than ten seconds of the fastest sale seen (1,500 seats a
/// second), and small beside the seats themselves.
pub const CHANGES_REMEMBERED: usize = 16_384;

/// The states of all seats of one map.
#[derive(Debug, Clone, Default)]
pub struct Seats {
    packed: Vec<u8>,
    total: u32,
    counts: SeatCounts,
    version: u64,
    recent: VecDeque<(u64, SeatIndex)>,
    /// The newest version whose changes are no longer remembered.
    forgotten: u64,
}

impl Seats {
    /// All `total` seats free, at `version`.
    pub fn new(total: u32, version: u64) -> Self {
        Self {
            packed: vec![0; (total as usize).div_ceil(4)],
            total,
            counts: SeatCounts {
                free: total,
                ..SeatCounts::default()
            },
            version,
            recent: VecDeque::new(),
            forgotten: version,
        }
    }

    /// How many seats there are.
    pub const fn total(&self) -> u32 {
        self.total
    }

    /// How many are in each state.
    pub const fn counts(&self) -> SeatCounts {
        self.counts
    }

    /// The version: it grows with every change.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// The states, two bits a seat by index, four seats a byte, lowest bits first.
    pub fn packed(&self) -> &[u8] {
        &self.packed
    }

    /// The state of one seat.
    ///
    /// # Panics
    /// If there is no such seat: indexes come from the map.
    pub fn state(&self, seat: SeatIndex) -> SeatState {
        let bits = self.packed[seat as usize / 4] >> (seat % 4 * 2) & 0b11;
        SeatState::ALL[usize::from(bits)]
    }

    /// Whether the seat is free.
    pub fn is_free(&self, seat: SeatIndex) -> bool {
        self.state(seat) == SeatState::Free
    }

    /// Puts seats into a state, in one step that makes a new version.
    pub fn set(&mut self, seats: &[SeatIndex], state: SeatState) -> SeatsChanged {
        self.version += 1;
        for seat in seats {
            self.put(*seat, state);
        }
        SeatsChanged {
            version: self.version,
            state,
            seats: seats.to_vec(),
        }
    }

    /// Follows a step made elsewhere.
    pub fn follow(&mut self, changed: &SeatsChanged) {
        self.version = changed.version;
        for seat in &changed.seats {
            self.put(*seat, changed.state);
        }
    }

    /// The seats that changed after `version`, by index, as they are now; `None` if that is too far back or
    /// not a version of these seats.
    pub fn changes_since(&self, version: u64) -> Option<BTreeMap<SeatIndex, SeatState>> {
        if version < self.forgotten || version > self.version {
            return None;
        }
        let first = self.recent.partition_point(|(at, _)| *at <= version);
        Some(
            self.recent
                .range(first..)
                .map(|(_, seat)| (*seat, self.state(*seat)))
                .collect(),
        )
    }

    fn put(&mut self, seat: SeatIndex, state: SeatState) {
        *self.counts.of(self.state(seat)) -= 1;
        *self.counts.of(state) += 1;
        let shift = seat % 4 * 2;
        let byte = &mut self.packed[seat as usize / 4];
        *byte = *byte & !(0b11 << shift) | (state as u8) << shift;
        self.remember(seat);
    }

    fn remember(&mut self, seat: SeatIndex) {
        self.recent.push_back((self.version, seat));
        if self.recent.len() > CHANGES_REMEMBERED
            && let Some((version, _)) = self.recent.pop_front()
        {
            self.forgotten = version;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_packed_lowest_bits_first() {
        let mut seats = Seats::new(5, 10);
        seats.set(&[0], SeatState::Held);
        seats.set(&[1, 4], SeatState::Sold);
        seats.set(&[3], SeatState::Blocked);
        assert_eq!(seats.packed(), [0b11_00_10_01, 0b10]);
        let counts = SeatCounts {
            free: 1,
            held: 1,
            sold: 2,
            blocked: 1,
        };
        assert_eq!((seats.counts(), seats.version()), (counts, 13));
    }

    #[test]
    fn a_follower_ends_where_the_original_is() {
        let mut original = Seats::new(9, 0);
        let mut follower = original.clone();
        for (seats, state) in [(vec![1, 2], SeatState::Held), (vec![2], SeatState::Free)] {
            follower.follow(&original.set(&seats, state));
        }
        assert_eq!(follower.packed(), original.packed());
        assert_eq!(follower.changes_since(0), original.changes_since(0));
    }

    #[test]
    fn changes_name_each_seat_once_as_it_is_now() {
        let mut seats = Seats::new(8, 0);
        seats.set(&[1, 2], SeatState::Held);
        seats.set(&[2], SeatState::Sold);
        let since = |version| seats.changes_since(version);
        assert_eq!(
            since(0),
            Some([(1, SeatState::Held), (2, SeatState::Sold)].into())
        );
        assert_eq!(since(1), Some([(2, SeatState::Sold)].into()));
        assert_eq!(since(2), Some(BTreeMap::new()));
        assert_eq!(since(3), None);
    }

    #[test]
    fn what_is_too_far_back_is_forgotten_whole_steps_at_a_time() {
        let mut seats = Seats::new(3, 0);
        seats.set(&[0, 1], SeatState::Held);
        for _ in 0..CHANGES_REMEMBERED {
            seats.set(&[2], SeatState::Held);
        }
        assert_eq!(seats.changes_since(0), None);
        assert_eq!(seats.changes_since(1), Some([(2, SeatState::Held)].into()));
    }
}
