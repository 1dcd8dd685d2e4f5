//! The free seats, a bit a seat, in the order in which the search reads them.

use crate::id::SeatIndex;

use super::ranking::Ranking;

/// Which seats are free, kept in step with the sale so that a search need not ask for every seat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FreeSeats {
    pub(super) words: Vec<u64>,
}

impl FreeSeats {
    /// The seats of which `is_free` says so.
    pub fn new(ranking: &Ranking, is_free: impl Fn(SeatIndex) -> bool) -> Self {
        let words = vec![0; ranking.accessible.len()];
        let mut free = Self { words };
        for seat in ranking.adjacency().runs().flatten() {
            free.set(ranking, *seat, is_free(*seat));
        }
        free
    }

    /// Notes that a seat is free now, or is not.
    ///
    /// # Panics
    /// If there is no such seat: indexes come from the map that is ranked.
    pub fn set(&mut self, ranking: &Ranking, seat: SeatIndex, free: bool) {
        let (word, bit) = ranking.bit_of(seat);
        if free {
            self.words[word] |= bit;
        } else {
            self.words[word] &= !bit;
        }
    }

    /// Whether a seat is free.
    ///
    /// # Panics
    /// If there is no such seat: indexes come from the map that is ranked.
    pub fn is_free(&self, ranking: &Ranking, seat: SeatIndex) -> bool {
        let (word, bit) = ranking.bit_of(seat);
        self.words[word] & bit != 0
    }
}
