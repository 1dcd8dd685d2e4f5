//! The codes of one event: random among the unused, found in one step however many are taken.

use std::collections::HashMap;

/// How many digits the codes of an event may have.
pub const CODE_DIGITS: std::ops::RangeInclusive<u8> = 4..=8;

/// The smallest number of digits that gives every one of `seats` a code of its own, at least 4.
pub fn digits_needed(seats: u32) -> u8 {
    CODE_DIGITS
        .into_iter()
        .find(|digits| codes_of(*digits) >= seats)
        .unwrap_or(9)
}

/// How many codes of so many digits there are.
pub const fn codes_of(digits: u8) -> u32 {
    10u32.saturating_pow(digits as u32)
}

/// A code as people read it: with its leading zeros.
pub fn as_text(code: u32, digits: u8) -> String {
    format!("{code:0width$}", width = usize::from(digits))
}

/// Reads a code of exactly so many digits.
pub fn parse(text: &str, digits: u8) -> Option<u32> {
    let well_formed = text.len() == usize::from(digits) && text.bytes().all(|b| b.is_ascii_digit());
    if well_formed { text.parse().ok() } else { None }
}

/// Which codes are unused, and which were freed by a cancellation.
///
/// The unused ones are a random-access pool: a shuffled array of all codes of which only the entries that
/// have moved are stored (Fisher–Yates, done lazily), so that drawing costs one look-up even when nearly all
/// are taken, and memory grows with the codes given, not with the codes there are.
#[derive(Debug, Clone)]
pub struct Codes {
    unused: Pool,
    freed: Vec<u32>,
}

impl Codes {
    /// All codes of so many digits unused.
    pub fn new(digits: u8) -> Self {
        Self {
            unused: Pool::new(codes_of(digits)),
            freed: Vec::new(),
        }
    }

    /// The code that `random` chooses: among the unused, or, where none is left, among those freed by a
    /// cancellation. `None` where every code is in use.
    pub fn draw(&self, random: u64) -> Option<u32> {
        if self.unused.len > 0 {
            return Some(self.unused.at(scale(random, self.unused.len)));
        }
        let freed = u32::try_from(self.freed.len())
            .ok()
            .filter(|len| *len > 0)?;
        Some(self.freed[scale(random, freed) as usize])
    }

    /// Marks a code as in use.
    pub fn take(&mut self, code: u32) {
        if !self.unused.remove(code) {
            self.freed.retain(|freed| *freed != code);
        }
    }

    /// A cancellation frees a code.
    pub fn free(&mut self, code: u32) {
        self.freed.push(code);
    }
}

/// `random` scaled to `0..below` by multiplication (Lemire, "Fast random integer generation in an interval",
/// 2019); the bias is below 2⁻³⁸ for at most 10⁸ codes.
fn scale(random: u64, below: u32) -> u32 {
    u32::try_from((u128::from(random) * u128::from(below)) >> 64).unwrap_or_default()
}

#[derive(Debug, Clone)]
struct Pool {
    len: u32,
    moved: HashMap<u32, u32>,
    place_of: HashMap<u32, u32>,
}

impl Pool {
    fn new(len: u32) -> Self {
        Self {
            len,
            moved: HashMap::new(),
            place_of: HashMap::new(),
        }
    }

    fn at(&self, place: u32) -> u32 {
        self.moved.get(&place).copied().unwrap_or(place)
    }

    /// Takes a value out: the last one of the pool moves into its place. False if it was not in the pool.
    fn remove(&mut self, value: u32) -> bool {
        let place = self.place_of.get(&value).copied().unwrap_or(value);
        if place >= self.len || self.at(place) != value {
            return false;
        }
        self.len -= 1;
        let last = self.at(self.len);
        self.moved.insert(place, last);
        self.place_of.insert(last, place);
        self.moved.remove(&self.len);
        // What was taken is found beyond the end from now on, so that it can't be taken again.
        self.place_of.insert(value, u32::MAX);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn digits_follow_the_number_of_seats() {
        assert_eq!([1, 10_000, 10_001, 39_616].map(digits_needed), [4, 4, 5, 5]);
    }

    #[test]
    fn codes_keep_their_leading_zeros() {
        assert_eq!(as_text(427, 4), "0427");
        assert_eq!(parse("0427", 4), Some(427));
        for bad in ["427", "00427", "+427", "04 7", ""] {
            assert_eq!(parse(bad, 4), None, "{bad}");
        }
    }

    #[test]
    fn every_code_is_given_once_before_any_freed_one_comes_back() {
        let mut codes = Codes::new(4);
        let mut given = HashSet::new();
        let mut random = 7u64;
        for _ in 0..10_000 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let code = codes.draw(random).unwrap();
            codes.take(code);
            assert!(given.insert(code), "{code} was given twice");
            if given.len() == 5 {
                codes.free(code);
            }
        }
        let last = codes.draw(random).unwrap();
        assert!(given.contains(&last), "only the freed one is left");
        codes.take(last);
        assert_eq!(codes.draw(random), None);
    }

    #[test]
    fn draws_are_spread_evenly() {
        let codes = Codes::new(4);
        let step = u64::MAX / 100_000;
        let mut buckets = [0u32; 10];
        for draw in 0..100_000u64 {
            buckets[codes.draw(draw * step).unwrap() as usize / 1000] += 1;
        }
        assert!(
            buckets.iter().all(|count| (9_900..=10_100).contains(count)),
            "{buckets:?}"
        );
    }
}
