//! The search for neighbours that are free: over the runs, nearest first, with whole runs passed over as soon
//! as they can't win.

use crate::map::Point;

use super::free::FreeSeats;
use super::ranking::{Cost, Near, RankedRun, Ranking};

/// Some neighbours: the seats `from..to` of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// Its index in [`Ranking::runs`].
    pub run: usize,
    pub from: u32,
    pub to: u32,
    pub cost: Cost,
}

/// Which seats may be chosen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filter<'a> {
    /// How many side by side: 1 to [`super::MAX_QUANTITY`].
    pub quantity: u32,
    /// Only of the section with this index.
    pub section: Option<u32>,
    /// Only of these categories.
    pub categories: Option<&'a [u32]>,
    /// All of one category.
    pub one_category: bool,
    /// Accessible seats only, or none of them.
    pub accessible: bool,
}

/// From where distances are taken.
#[derive(Debug, Clone, Copy)]
pub(super) enum Aim<'a> {
    /// The map's focus.
    Focus,
    /// Any point, with the runs in the order of [`Ranking::order_from`] it.
    At(Point, &'a [Near]),
}

impl Aim<'_> {
    /// The runs by index, nearest first, each with the least that one of its seats can cost.
    fn runs(self, ranking: &Ranking) -> impl Iterator<Item = (Cost, usize)> {
        (0..ranking.runs.len()).map(move |at| match self {
            Self::Focus => (ranking.runs[at].nearest, at),
            Self::At(_, order) => (order[at].lowest(), order[at].run()),
        })
    }

    fn cost(self, ranking: &Ranking, run: &RankedRun, from: u32, to: u32) -> Cost {
        match self {
            Self::Focus => ranking.cost_from_focus(run, from, to),
            Self::At(point, _) => ranking.cost_from(point, run, from, to),
        }
    }
}

/// A search through the seats that are `open` to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search<'a> {
    pub ranking: &'a Ranking,
    /// The seats that may be chosen.
    pub open: &'a FreeSeats,
    pub filter: Filter<'a>,
    pub aim: Aim<'a>,
}

impl Search<'_> {
    /// The window that costs the least, and at most `limit`, of those that `accept` takes; of several as good
    /// the first in the order of the runs.
    pub fn nearest(
        &self,
        limit: Cost,
        accept: impl Fn(&RankedRun, Window) -> bool,
    ) -> Option<Window> {
        let mut best: Option<Window> = None;
        for (lowest, at) in self.aim.runs(self.ranking) {
            let lowest = lowest.saturating_mul(u64::from(self.filter.quantity));
            if lowest > best.map_or(limit, |best| best.cost) {
                break;
            }
            let run = &self.ranking.runs[at];
            if !self.may_have_a_window(run) {
                continue;
            }
            self.for_each_window(run, |from, to| {
                let cost = self.aim.cost(self.ranking, run, from, to);
                let window = Window {
                    run: at,
                    from,
                    to,
                    cost,
                };
                let better = best.map_or(cost <= limit, |best| cost < best.cost);
                if better && accept(run, window) {
                    best = Some(window);
                }
            });
        }
        best
    }

    /// A quick look that passes over most runs of a hall that is nearly sold out.
    fn may_have_a_window(&self, run: &RankedRun) -> bool {
        let quantity = self.filter.quantity;
        let in_section = self
            .filter
            .section
            .is_none_or(|section| section == run.section);
        in_section
            && quantity <= run.len
            && (run.len > 64 || has_ones_in_a_row(self.eligible(run.word), quantity))
    }

    fn for_each_window(&self, run: &RankedRun, mut visit: impl FnMut(u32, u32)) {
        let quantity = self.filter.quantity;
        self.for_each_piece(run, |from, to| {
            let mut at = from;
            while let Some(start) = self.next(run, at, to, true) {
                let end = self.next(run, start, to, false).unwrap_or(to);
                for from in start..(end + 1).saturating_sub(quantity).max(start) {
                    visit(from, from + quantity);
                }
                at = end;
            }
        });
    }

    /// The stretches of a run in which all categories may be taken together.
    fn for_each_piece(&self, run: &RankedRun, mut visit: impl FnMut(u32, u32)) {
        let allowed = |category: u32| {
            let only = self.filter.categories;
            only.is_none_or(|only| only.contains(&category))
        };
        let mut piece: Option<(u32, u32)> = None;
        for segment in self.ranking.segments_of(run) {
            let joins = !self.filter.one_category && allowed(segment.category);
            match &mut piece {
                Some((_, to)) if joins => *to = segment.to,
                Some(_) | None => {
                    if let Some((from, to)) = piece.take() {
                        visit(from, to);
                    }
                    piece = allowed(segment.category).then_some((segment.from, segment.to));
                }
            }
        }
        if let Some((from, to)) = piece {
            visit(from, to);
        }
    }

    /// The first seat in `at..to` of a run that is eligible, or is not.
    fn next(&self, run: &RankedRun, mut at: u32, to: u32, eligible: bool) -> Option<u32> {
        while at < to {
            let word = self.eligible(run.word + at / 64);
            let word = if eligible { word } else { !word };
            let skipped = (word >> (at % 64)).trailing_zeros();
            if skipped < 64 {
                return Some(at + skipped).filter(|found| *found < to);
            }
            at = (at / 64 + 1) * 64;
        }
        None
    }

    fn eligible(&self, word: u32) -> u64 {
        let accessible = self.ranking.accessible[word as usize];
        let right_kind = if self.filter.accessible {
            accessible
        } else {
            !accessible
        };
        self.open.words[word as usize] & right_kind
    }
}

/// Whether taking these seats of a run leaves a free seat alone that was not alone before: one beside them
/// that has no other free neighbour.
pub(super) fn leaves_single(free: &FreeSeats, run: &RankedRun, window: Window) -> bool {
    let is_free = |at: Option<u32>| {
        at.filter(|at| *at < run.len)
            .is_some_and(|at| free.words[(run.word + at / 64) as usize] >> (at % 64) & 1 == 1)
    };
    let before = |by| window.from.checked_sub(by);
    let after = |by| window.to.checked_add(by);
    is_free(before(1)) && !is_free(before(2)) || is_free(after(0)) && !is_free(after(1))
}

/// Whether a word has this many ones side by side: folding it onto itself shortens every stretch of ones by
/// as many as it was shifted.
fn has_ones_in_a_row(mut word: u64, quantity: u32) -> bool {
    let mut left = quantity - 1;
    let mut known = 1;
    while left > 0 && word != 0 {
        let shift = left.min(known);
        word &= word >> shift;
        known += shift;
        left -= shift;
    }
    word != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_in_a_row_are_found_wherever_they_are() {
        for (word, longest) in [
            (0u64, 0),
            (1 << 63, 1),
            (0b0101_1011, 2),
            (0b0111_0110 << 40, 3),
            (u64::MAX >> 14, 50),
            (u64::MAX, 64),
        ] {
            for quantity in 1..=64 {
                let found = has_ones_in_a_row(word, quantity);
                assert_eq!(found, quantity <= longest, "{word:b} {quantity}");
            }
        }
    }
}
