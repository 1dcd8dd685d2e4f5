//! How many waiting people have a lower number: a bitmap of who waits, and counts per block.

/// Numbers per block: 8 words of 64, so that the rest of a rank is one cache line.
const BLOCK: usize = 512;
const WORDS: usize = BLOCK / 64;

/// A set of numbers with ranks. A bit a number, and a Fenwick tree (Fenwick, "A new data structure for
/// cumulative frequency tables", 1994) over the counts of its blocks: 160 kB for a million.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RankSet {
    words: Vec<u64>,
    /// Fenwick tree over blocks, from index 1.
    tree: Vec<u32>,
    len: u64,
}

impl RankSet {
    /// How many numbers are in it.
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Whether it is empty.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether a number is in it.
    pub fn contains(&self, number: u64) -> bool {
        let (word, bit) = split(number);
        self.words
            .get(word)
            .is_some_and(|bits| bits >> bit & 1 == 1)
    }

    /// Puts a number in; false if it was there.
    pub fn insert(&mut self, number: u64) -> bool {
        self.grow_to(number);
        let (word, bit) = split(number);
        if self.contains(number) {
            return false;
        }
        self.words[word] |= 1 << bit;
        self.len += 1;
        self.add(word / WORDS, true);
        true
    }

    /// Takes a number out; false if it was not there.
    pub fn remove(&mut self, number: u64) -> bool {
        if !self.contains(number) {
            return false;
        }
        let (word, bit) = split(number);
        self.words[word] &= !(1 << bit);
        self.len -= 1;
        self.add(word / WORDS, false);
        true
    }

    /// How many numbers below `number` are in it.
    pub fn rank(&self, number: u64) -> u64 {
        let (word, bit) = split(number);
        if word >= self.words.len() {
            return self.len;
        }
        let block = word / WORDS;
        let before: u32 = self.words[block * WORDS..word]
            .iter()
            .map(|bits| bits.count_ones())
            .sum();
        let within = (self.words[word] & ((1 << bit) - 1)).count_ones();
        u64::from(self.blocks_before(block) + before + within)
    }

    /// The numbers from `from` on, lowest first.
    pub fn iter_from(&self, from: u64) -> impl Iterator<Item = u64> + '_ {
        let (first, bit) = split(from);
        let words = self.words.iter().enumerate().skip(first);
        words.flat_map(move |(at, bits)| {
            let bits = if at == first {
                bits & (u64::MAX << bit)
            } else {
                *bits
            };
            Bits(bits).map(move |bit| at as u64 * 64 + bit)
        })
    }

    /// The lowest number in it.
    pub fn first(&self) -> Option<u64> {
        if self.len == 0 {
            None
        } else {
            self.iter_from(self.first_block() as u64 * BLOCK as u64)
                .next()
        }
    }

    /// The first block that is not empty, by descending the tree.
    fn first_block(&self) -> usize {
        let size = self.tree.len().saturating_sub(1);
        let mut at = 0;
        let mut step = size.next_power_of_two();
        while step > 0 {
            if at + step <= size && self.tree[at + step] == 0 {
                at += step;
            }
            step /= 2;
        }
        at
    }

    fn blocks_before(&self, block: usize) -> u32 {
        let mut at = block;
        let mut sum = 0;
        while at > 0 {
            sum += self.tree[at];
            at &= at - 1;
        }
        sum
    }

    fn add(&mut self, block: usize, one_more: bool) {
        let mut at = block + 1;
        while at < self.tree.len() {
            self.tree[at] = if one_more {
                self.tree[at] + 1
            } else {
                self.tree[at] - 1
            };
            at += at & at.wrapping_neg();
        }
    }

    /// Doubles, so that growing costs nothing on average; the tree is summed up anew.
    fn grow_to(&mut self, number: u64) {
        let (word, _) = split(number);
        if word < self.words.len() {
            return;
        }
        let blocks = (word / WORDS + 1).next_power_of_two();
        self.words.resize(blocks * WORDS, 0);
        self.tree = vec![0; blocks + 1];
        for block in 0..blocks {
            let words = &self.words[block * WORDS..(block + 1) * WORDS];
            let count: u32 = words.iter().map(|bits| bits.count_ones()).sum();
            let mut at = block + 1;
            while count > 0 && at < self.tree.len() {
                self.tree[at] += count;
                at += at & at.wrapping_neg();
            }
        }
    }
}

fn split(number: u64) -> (usize, u32) {
    (
        usize::try_from(number / 64).unwrap_or(usize::MAX),
        u32::try_from(number % 64).unwrap_or_default(),
    )
}

struct Bits(u64);

impl Iterator for Bits {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        if self.0 == 0 {
            return None;
        }
        let bit = self.0.trailing_zeros();
        self.0 &= self.0 - 1;
        Some(u64::from(bit))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ranks_agree_with_a_sorted_set() {
        let mut set = RankSet::default();
        let mut model = BTreeSet::new();
        let mut random = 1u64;
        for _ in 0..20_000 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let number = (random >> 33) % 8192;
            if (random >> 32).is_multiple_of(4) {
                assert_eq!(set.remove(number), model.remove(&number));
            } else {
                assert_eq!(set.insert(number), model.insert(number));
            }
            assert_eq!(set.rank(number), model.range(..number).count() as u64);
            assert_eq!(set.first(), model.first().copied());
        }
        assert!(model.len() > 1000, "the comparison was hard");
        assert_eq!(
            set.iter_from(100).collect::<Vec<_>>(),
            model.range(100..).copied().collect::<Vec<_>>()
        );
        assert_eq!(set.rank(1 << 40), model.len() as u64);
    }

    #[test]
    fn an_empty_set_has_no_first_and_no_rank() {
        let mut set = RankSet::default();
        assert_eq!(
            (set.first(), set.rank(7), set.contains(7)),
            (None, 0, false)
        );
        set.insert(70_000);
        set.remove(70_000);
        assert_eq!((set.first(), set.is_empty()), (None, true));
    }
}
