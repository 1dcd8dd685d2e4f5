//! Chance, as an argument: what a person draws depends on the seed, the person and the purpose alone, so that a run can
//! be made again and nothing has to be kept of what was drawn.

use crate::numbers::{float, size, whole};

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// How many seats.
    Quantity = 1,
    /// How long to look at the map.
    Looking,
    /// How long to decide.
    Deciding,
    /// How long to stay in line.
    Patience,
    /// Whether to go without a word.
    Vanishing,
    /// Whether to send it twice.
    Repeating,
    /// Whether to let a hold run out.
    Abandoning,
    /// Which seats, or which of those that were offered.
    Choosing,
    /// Whether a ticket is shown twice at the door.
    ShowingAgain,
    /// What nobody else can guess.
    Secret,
}

/// One person's dice.
#[derive(Debug, Clone, Copy)]
pub struct Dice {
    seed: u64,
}

impl Dice {
    /// Those of this person.
    pub const fn of(seed: u64, person: u32) -> Self {
        let seed = mixed(seed ^ mixed(person as u64));
        Self { seed }
    }

    /// Any number: the `n`th for this purpose.
    pub const fn number(self, purpose: Purpose, n: u32) -> u64 {
        mixed(self.seed ^ mixed(((purpose as u64) << 32) | n as u64))
    }

    /// From 0 to just below 1.
    pub fn unit(self, purpose: Purpose, n: u32) -> f64 {
        float(self.number(purpose, n) >> 11) / float(1 << 53)
    }

    /// Whether it happens, in so large a share of all cases.
    pub fn happens(self, purpose: Purpose, n: u32, share: f64) -> bool {
        self.unit(purpose, n) < share
    }

    /// Between two bounds, in microseconds.
    pub fn micros(self, purpose: Purpose, n: u32, [least, most]: [f64; 2]) -> u64 {
        whole((least + self.unit(purpose, n) * (most - least)) * 1e6)
    }

    /// One of a list, if there is one.
    pub fn one<T>(self, purpose: Purpose, n: u32, of: &[T]) -> Option<&T> {
        let at = self.unit(purpose, n) * float(crate::numbers::count(of.len()));
        of.get(size(whole(at)))
    }
}

/// `SplitMix64`'s finaliser: neighbouring numbers give unrelated results.
const fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_person_draws_the_same_and_another_something_else() {
        let draw = |seed, person, n| Dice::of(seed, person).number(Purpose::Looking, n);
        assert_eq!(draw(1, 2, 3), draw(1, 2, 3));
        let others = [draw(2, 2, 3), draw(1, 3, 3), draw(1, 2, 4)];
        assert!(others.iter().all(|other| *other != draw(1, 2, 3)));
    }

    #[test]
    fn draws_are_spread_over_all_that_can_be_drawn() {
        let mut tenths = [0; 10];
        for person in 0..10_000 {
            let tenth = whole(Dice::of(7, person).unit(Purpose::Patience, 0) * 10.0);
            tenths[size(tenth)] += 1;
        }
        assert!(tenths.iter().all(|n| (900..1100).contains(n)), "{tenths:?}");
        let within = Dice::of(7, 1).micros(Purpose::Looking, 0, [2.0, 3.0]);
        assert!((2_000_000..3_000_000).contains(&within));
        let nothing: [u8; 0] = [];
        assert_eq!(Dice::of(7, 1).one(Purpose::Choosing, 0, &nothing), None);
    }
}
