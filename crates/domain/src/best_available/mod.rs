//! The best seats together, and what to offer instead of seats that are taken.
//!
//! **Best** is: side by side in one row; of one category where that can be; nearest to the map's focus (the
//! sum of the seats' distances), and among those as near the more central ones. If taking them would leave a
//! free seat alone, another choice **as good** that does not is taken instead: one whose seats are on average
//! at most half a pitch farther, or at most a pitch and a half in the same row. Distances count in steps of
//! a 64th of the pitch, so that the ranking is the same on every machine.

use crate::adjacency::Adjacency;
use crate::id::SeatIndex;
use crate::map::{IndexedMap, Point};

pub use free::FreeSeats;
pub use ranking::Ranking;
use ranking::{Near, cost_of_half_pitches};
use search::{Aim, Filter, Search, Window};

mod free;
mod ranking;
mod search;

/// No one asks for more at once: the limit of a hold. Costs of up to 64 seats add up without overflow.
pub const MAX_QUANTITY: usize = 50;

/// How much farther another choice may be and still be as good, in half pitches: anywhere, and in the row of
/// the nearest choice, where shifting by one seat is always enough to leave none alone.
const AS_GOOD_ANYWHERE: u64 = 1;
const AS_GOOD_IN_THE_ROW: u64 = 3;

/// A wish for the best seats together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// How many: 1 to [`MAX_QUANTITY`].
    pub quantity: u32,
    /// Only in the section of this name.
    pub section: Option<String>,
    /// Only in the category of this name.
    pub category: Option<String>,
    /// Accessible seats only; without it none of them.
    pub accessible: bool,
}

/// The best free seats together, as they stand in their row. `None` if there are none, also where the
/// section or category asked for does not exist.
///
/// `free` must be of the same map as `ranking`.
pub fn best_available(
    map: &IndexedMap,
    ranking: &Ranking,
    free: &FreeSeats,
    request: &Request,
) -> Option<Vec<SeatIndex>> {
    let map = map.map();
    let section = match &request.section {
        Some(name) => Some(
            map.sections
                .iter()
                .zip(0..)
                .find(|(s, _)| s.name == *name)?
                .1,
        ),
        None => None,
    };
    let category = match &request.category {
        Some(name) => Some([map
            .categories
            .iter()
            .zip(0..)
            .find(|(c, _)| c.name == *name)?
            .1]),
        None => None,
    };
    let search = |one_category| Search {
        ranking,
        open: free,
        filter: Filter {
            quantity: request.quantity,
            section,
            categories: category.as_ref().map(<[u32; 1]>::as_slice),
            one_category,
            accessible: request.accessible,
        },
        aim: Aim::Focus,
    };
    let mixed = || match category {
        Some(_) => None,
        None => best_window(&search(false), free),
    };
    let window = best_window(&search(true), free).or_else(mixed)?;
    Some(ranking.seats_of(window).to_vec())
}

/// Up to `count` lists of free seats to offer instead of the `wanted` ones: no seat in two lists, in each as
/// many as wanted, side by side where the wanted ones are, accessible where they are and nowhere else, of the
/// same categories where that can be; ranked like [`best_available`], with the middle of the wanted seats in
/// place of the focus.
///
/// `free` must be of the same map as `ranking`. No list for more than [`MAX_QUANTITY`] seats.
pub fn alternatives(
    map: &IndexedMap,
    ranking: &Ranking,
    free: &FreeSeats,
    wanted: &[SeatIndex],
    count: usize,
) -> Vec<Vec<SeatIndex>> {
    if wanted.len() > MAX_QUANTITY {
        return Vec::new();
    }
    let groups = groups(map, ranking, wanted);
    if groups.is_empty() {
        return Vec::new();
    }
    let mut open = free.clone();
    let lists = std::iter::from_fn(|| {
        let mut list = Vec::with_capacity(wanted.len());
        for group in &groups {
            let window = group.place(ranking, &open, free)?;
            let seats = ranking.seats_of(window);
            for seat in seats {
                open.set(ranking, *seat, false);
            }
            list.extend(seats);
        }
        Some(list)
    });
    lists.take(count).collect()
}

/// Whether taking these seats leaves a free seat alone: one next to them that has no other free neighbour.
pub fn leaves_single(
    adjacency: &Adjacency,
    is_free: impl Fn(SeatIndex) -> bool,
    taken: &[SeatIndex],
) -> bool {
    let stays_free = |seat: &SeatIndex| is_free(*seat) && !taken.contains(seat);
    let beside = taken.iter().flat_map(|seat| adjacency.neighbours(*seat));
    beside
        .filter(stays_free)
        .any(|seat| !adjacency.neighbours(seat).any(|next| stays_free(&next)))
}

/// The nearest window, or one as good that leaves no free seat alone.
fn best_window(search: &Search, free: &FreeSeats) -> Option<Window> {
    let quantity = search.filter.quantity;
    if !(1..=MAX_QUANTITY).contains(&(quantity as usize)) {
        return None;
    }
    let nearest = search.nearest(u64::MAX, |_, _| true)?;
    let its_run = &search.ranking.runs[nearest.run];
    if !search::leaves_single(free, its_run, nearest) {
        return Some(nearest);
    }
    let [anywhere, in_the_row] = [AS_GOOD_ANYWHERE, AS_GOOD_IN_THE_ROW].map(|halves| {
        nearest
            .cost
            .saturating_add(cost_of_half_pitches(halves, quantity))
    });
    let as_good = search.nearest(in_the_row, |run, window| {
        (window.cost <= anywhere || run.row == its_run.row)
            && !search::leaves_single(free, run, window)
    });
    as_good.or(Some(nearest))
}

/// Some of the wanted seats that belong together: side by side, and all accessible or none.
#[derive(Debug)]
struct Group {
    quantity: u32,
    middle: Point,
    /// The runs, nearest to the middle first.
    order: Vec<Near>,
    categories: Vec<u32>,
    accessible: bool,
}

impl Group {
    fn of(map: &IndexedMap, ranking: &Ranking, seats: &[SeatIndex]) -> Self {
        let mut categories: Vec<_> = seats.iter().map(|seat| map.place(*seat).category).collect();
        categories.sort_unstable();
        categories.dedup();
        let quantity = u32::try_from(seats.len()).unwrap_or(u32::MAX);
        let middle = |of: fn(&crate::map::Seat) -> f64| {
            seats.iter().map(|seat| of(map.seat(*seat))).sum::<f64>() / f64::from(quantity)
        };
        let middle = Point {
            x: middle(|seat| seat.x),
            y: middle(|seat| seat.y),
        };
        Self {
            quantity,
            middle,
            order: ranking.order_from(middle),
            categories,
            accessible: map.seat(seats[0]).accessible,
        }
    }

    /// The best place among the `open` seats: in the same categories, then in any one, then in any.
    fn place(&self, ranking: &Ranking, open: &FreeSeats, free: &FreeSeats) -> Option<Window> {
        let same = Some(self.categories.as_slice());
        let one = self.categories.len() == 1;
        [(same, one), (None, one), (None, false)]
            .into_iter()
            .find_map(|(categories, one_category)| {
                let filter = Filter {
                    quantity: self.quantity,
                    section: None,
                    categories,
                    one_category,
                    accessible: self.accessible,
                };
                let aim = Aim::At(self.middle, &self.order);
                best_window(
                    &Search {
                        ranking,
                        open,
                        filter,
                        aim,
                    },
                    free,
                )
            })
    }
}

/// The wanted seats in groups, the largest first: it is the hardest to place.
fn groups(map: &IndexedMap, ranking: &Ranking, wanted: &[SeatIndex]) -> Vec<Group> {
    let adjacency = ranking.adjacency();
    let mut seats = wanted.to_vec();
    seats.sort_unstable_by_key(|seat| adjacency.spot(*seat));
    seats.dedup();
    let together = |one: &SeatIndex, other: &SeatIndex| {
        adjacency.are_neighbours(*one, *other)
            && map.seat(*one).accessible == map.seat(*other).accessible
    };
    let mut groups: Vec<_> = seats
        .chunk_by(together)
        .map(|seats| Group::of(map, ranking, seats))
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.quantity));
    groups
}

#[cfg(test)]
mod tests;
