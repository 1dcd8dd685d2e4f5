//! Which visitor has which place: what makes entering safely repeatable.

use std::collections::HashMap;

use crate::id::{Digest, PlaceNumber};

/// The places of visitors. Ended places are forgotten: they are not revived, so the visitor gets another.
/// A million visitors take about 60 MB.
#[derive(Debug, Clone, Default)]
pub struct Visitors {
    place_of: HashMap<Short, u32>,
    /// By number; all zeros where there is none.
    visitor_of: Vec<Short>,
}

/// Half of a digest: 128 bits tell any number of visitors apart, and a million of them take half the memory.
type Short = [u8; 16];

/// How many times as much room as needed is kept before it is given back: growing and shrinking then cost
/// little on average.
const ROOM_KEPT: usize = 8;

/// Below this many entries (some 20 kB) room is kept whatever happens.
const ROOM_ALWAYS_KEPT: usize = 1024;

impl Visitors {
    /// The place that this visitor has.
    pub fn place_of(&self, visitor: &Digest) -> Option<PlaceNumber> {
        self.place_of.get(&short(visitor)).copied().map(u64::from)
    }

    /// A visitor was given a place; it stands for them instead of an earlier one.
    pub fn entered(&mut self, visitor: Digest, number: PlaceNumber) {
        // Numbers count people: four thousand million of them are not reached.
        let Ok(place) = u32::try_from(number) else {
            return;
        };
        let index = place as usize;
        if index >= self.visitor_of.len() {
            self.visitor_of.resize(index + 1, Short::default());
        }
        self.visitor_of[index] = short(&visitor);
        self.place_of.insert(short(&visitor), place);
    }

    /// These places have ended.
    pub fn ended(&mut self, numbers: &[PlaceNumber]) {
        for number in numbers {
            let Ok(place) = u32::try_from(*number) else {
                continue;
            };
            let Some(visitor) = self.visitor_of.get_mut(place as usize) else {
                continue;
            };
            let visitor = std::mem::take(visitor);
            if self.place_of.get(&visitor) == Some(&place) {
                self.place_of.remove(&visitor);
            }
        }
        let needed = self.place_of.len().max(ROOM_ALWAYS_KEPT);
        if self.place_of.capacity() / ROOM_KEPT > needed {
            self.place_of.shrink_to(needed * 2);
        }
    }
}

fn short(visitor: &Digest) -> Short {
    let mut short = Short::default();
    short.copy_from_slice(&visitor.0[..16]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(number: u64) -> Digest {
        let mut digest = [7; 32];
        digest[..8].copy_from_slice(&number.to_be_bytes());
        Digest(digest)
    }

    #[test]
    fn a_visitor_whose_place_has_ended_may_have_another() {
        let mut visitors = Visitors::default();
        visitors.entered(visitor(1), 1);
        assert_eq!(visitors.place_of(&visitor(1)), Some(1));
        visitors.ended(&[1]);
        assert_eq!(visitors.place_of(&visitor(1)), None);
        visitors.entered(visitor(1), 2);
        visitors.ended(&[1]);
        assert_eq!(
            visitors.place_of(&visitor(1)),
            Some(2),
            "the end of an earlier place says nothing of the later one"
        );
    }

    #[test]
    fn places_without_a_visitor_end_without_a_trace() {
        let mut visitors = Visitors::default();
        visitors.entered(visitor(1), 3);
        visitors.ended(&[1, 2, 4, PlaceNumber::MAX]);
        assert_eq!(visitors.place_of(&visitor(1)), Some(3));
    }

    #[test]
    fn room_is_given_back_when_places_have_ended() {
        let mut visitors = Visitors::default();
        for number in 1..=50_000 {
            visitors.entered(visitor(number), number);
        }
        assert!(visitors.place_of.capacity() >= 50_000);
        for number in 1..=49_990 {
            visitors.ended(&[number]);
        }
        assert!(visitors.place_of.capacity() < 20_000);
        assert_eq!(visitors.place_of(&visitor(50_000)), Some(50_000));
    }
}
