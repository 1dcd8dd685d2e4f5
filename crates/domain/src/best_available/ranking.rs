//! What best available needs of a map, computed once: the runs of neighbours, those nearest to the focus
//! first, and how far every seat is.

use std::collections::HashMap;

use crate::adjacency::Adjacency;
use crate::id::SeatIndex;
use crate::map::{IndexedMap, Point};

use super::search::Window;

/// Distances are compared in whole steps of a 64th of the map's pitch: finer differences come from rounded
/// coordinates, not from the hall.
const STEPS_PER_PITCH: f64 = 64.0;

/// What counts less than the smallest step of distance: how far off the focus's axis a seat is, so that of
/// two seats as near the more central one wins. It takes the low bits of a cost.
const OFF_AXIS_BITS: u32 = 24;

/// Off-axis distances are counted in whole quarters of a pitch and up to here, so that those of 64 seats
/// together fit [`OFF_AXIS_BITS`].
const MAX_OFF_AXIS: f64 = 262_143.0;

/// Coordinates are at most this many pitches apart, so that costs of 64 seats together fit 64 bits; a map
/// that is wider is measured more coarsely.
const MAX_PITCHES: f64 = 4_000_000.0;

/// How far seats are from a point, summed up: distance in the high bits, and in the low bits what decides
/// between seats as near. Costs of up to 64 seats add up without overflow.
pub(super) type Cost = u64;

/// The cost of this many pitches, in halves, of more distance for each of `quantity` seats.
pub(super) fn cost_of_half_pitches(halves: u64, quantity: u32) -> Cost {
    // 32 steps are half a pitch.
    (halves * 32 * u64::from(quantity)) << OFF_AXIS_BITS
}

/// A stretch of a run whose seats are of one category.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub from: u32,
    pub to: u32,
    pub category: u32,
}

/// A run of neighbours with what the search asks of it.
#[derive(Debug, Clone)]
pub(super) struct RankedRun {
    /// Its number in the [`Adjacency`].
    pub run: u32,
    /// Index of the first section of the same name: sections are told by name.
    pub section: u32,
    /// Number of its row, counted through the whole map.
    pub row: u32,
    /// Where its seats begin in the list of all runs' seats.
    pub first: u32,
    /// How many seats it has.
    pub len: u32,
    /// Where its bits begin; every run begins a word.
    pub word: u32,
    /// Its segments, as a range of [`Ranking::segments`].
    segments: [u32; 2],
    /// The lowest cost of one of its seats, seen from the focus.
    pub nearest: Cost,
    /// The box round its seats: left top, right bottom.
    corners: [Point; 2],
}

impl RankedRun {
    /// The nearest that any of its seats can be to a point.
    fn nearest_to(&self, point: Point) -> Point {
        let [low, high] = self.corners;
        Point {
            x: point.x.clamp(low.x, high.x),
            y: point.y.clamp(low.y, high.y),
        }
    }
}

/// A run and how near to a point it is, in one number: whole steps of distance, at most [`MAX_PITCHES`] of
/// pitches and thus less than 32 bits, above the run's index. One number sorts twice as fast as two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Near(u64);

impl Near {
    const fn new(lowest: Cost, run: u32) -> Self {
        Self(lowest >> OFF_AXIS_BITS << 32 | run as u64)
    }

    /// The least that a seat in the box round the run can cost.
    pub const fn lowest(self) -> Cost {
        self.0 >> 32 << OFF_AXIS_BITS
    }

    /// Its index in [`Ranking::runs`].
    pub const fn run(self) -> usize {
        (self.0 & 0xffff_ffff) as usize
    }
}

/// A map seen from its focus: who sits next to whom, and which seats are the nearest.
#[derive(Debug)]
pub struct Ranking {
    adjacency: Adjacency,
    /// Nearest to the focus first.
    pub(super) runs: Vec<RankedRun>,
    pub(super) segments: Vec<Segment>,
    /// Which seats are accessible, a bit a seat, laid out like [`super::FreeSeats`].
    pub(super) accessible: Vec<u64>,
    /// Running sums of the seats' costs in the order of all runs' seats, from 0; they wrap round.
    sums: Vec<Cost>,
    /// Where the seats stand, in the same order.
    points: Vec<Point>,
    /// First word of each run, by its number in the [`Adjacency`].
    words: Vec<u32>,
    /// The map's pitch, or more in a map too wide for it.
    unit: f64,
}

impl Ranking {
    /// Ranks the seats of a map.
    pub fn new(map: &IndexedMap) -> Self {
        let adjacency = Adjacency::new(map);
        let seats = || adjacency.runs().flatten().map(|seat| map.seat(*seat));
        let points: Vec<_> = seats()
            .map(|seat| Point {
                x: seat.x,
                y: seat.y,
            })
            .collect();
        let unit = adjacency.pitch().max(reach(map, &points) / MAX_PITCHES);
        let focus = map.map().focus;
        let costs = points.iter().map(|point| cost(*point, focus, unit));
        let sums = std::iter::once(0)
            .chain(costs.scan(0, |sum: &mut Cost, cost| {
                *sum = sum.wrapping_add(cost);
                Some(*sum)
            }))
            .collect();
        let mut ranking = Self {
            runs: Vec::with_capacity(adjacency.runs_total()),
            segments: Vec::new(),
            accessible: Vec::new(),
            sums,
            points,
            words: vec![0; adjacency.runs_total()],
            unit,
            adjacency,
        };
        ranking.rank(map);
        ranking.lay_out_bits(map);
        ranking
    }

    /// Who sits next to whom.
    pub const fn adjacency(&self) -> &Adjacency {
        &self.adjacency
    }

    /// The seats of a window as they stand.
    pub(super) fn seats_of(&self, window: Window) -> &[SeatIndex] {
        let run = self.adjacency.run(self.runs[window.run].run);
        &run[window.from as usize..window.to as usize]
    }

    /// Word and bit of a seat in a set of bits laid out by run.
    pub(super) fn bit_of(&self, seat: SeatIndex) -> (usize, u64) {
        let spot = self.adjacency.spot(seat);
        let word = self.words[spot.run as usize] + spot.offset / 64;
        (word as usize, 1 << (spot.offset % 64))
    }

    /// The cost, seen from the focus, of the seats `from..to` of a run.
    pub(super) fn cost_from_focus(&self, run: &RankedRun, from: u32, to: u32) -> Cost {
        let [from, to] = [from, to].map(|at| self.sums[(run.first + at) as usize]);
        to.wrapping_sub(from)
    }

    /// The cost, seen from a point, of the seats `from..to` of a run.
    pub(super) fn cost_from(&self, point: Point, run: &RankedRun, from: u32, to: u32) -> Cost {
        let [from, to] = [from, to].map(|at| (run.first + at) as usize);
        let seats = self.points[from..to].iter();
        seats
            .map(|seat| distance_cost(*seat, point, self.unit))
            .sum()
    }

    /// The runs, nearest to a point first.
    pub(super) fn order_from(&self, point: Point) -> Vec<Near> {
        let near = |(run, at): (&RankedRun, u32)| {
            Near::new(distance_cost(run.nearest_to(point), point, self.unit), at)
        };
        let mut order: Vec<_> = self.runs.iter().zip(0..).map(near).collect();
        order.sort_unstable();
        order
    }

    pub(super) fn segments_of(&self, run: &RankedRun) -> &[Segment] {
        let [from, to] = run.segments.map(|at| at as usize);
        &self.segments[from..to]
    }

    fn rank(&mut self, map: &IndexedMap) {
        let sections = first_of_each_name(map);
        let mut row = 0;
        let mut last_place = None;
        for run in 0..u32::try_from(self.adjacency.runs_total()).unwrap_or(u32::MAX) {
            let seats = self.adjacency.run(run);
            let place = map.place(seats[0]);
            if last_place.is_some_and(|last| last != (place.section, place.row)) {
                row += 1;
            }
            last_place = Some((place.section, place.row));
            let segments_from = self.segments.len();
            self.segments.extend(segments(map, seats));
            let (first, len) = (self.adjacency.start(run), seats.len());
            let range = first as usize..first as usize + len;
            let cost = |at: usize| self.sums[at + 1].wrapping_sub(self.sums[at]);
            self.runs.push(RankedRun {
                run,
                section: sections[place.section as usize],
                row,
                first,
                len: u32::try_from(len).unwrap_or(u32::MAX),
                word: 0,
                segments: [segments_from, self.segments.len()]
                    .map(|at| u32::try_from(at).unwrap_or(u32::MAX)),
                nearest: range.clone().map(cost).min().unwrap_or_default(),
                corners: corners(&self.points[range]),
            });
        }
        self.runs.sort_by_key(|run| (run.nearest, run.run));
    }

    /// Gives every run its words, in the order of the search.
    fn lay_out_bits(&mut self, map: &IndexedMap) {
        let mut word = 0;
        for run in &mut self.runs {
            run.word = word;
            self.words[run.run as usize] = word;
            word += run.len.div_ceil(64);
        }
        self.accessible = vec![0; word as usize];
        for seat in 0..map.seats_total() {
            if map.seat(seat).accessible {
                let (word, bit) = self.bit_of(seat);
                self.accessible[word] |= bit;
            }
        }
    }
}

fn first_of_each_name(map: &IndexedMap) -> Vec<u32> {
    let mut first = HashMap::new();
    let sections = map.map().sections.iter().zip(0..);
    sections
        .map(|(section, at)| *first.entry(section.name.as_str()).or_insert(at))
        .collect()
}

fn segments(map: &IndexedMap, seats: &[SeatIndex]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for (seat, from) in seats.iter().zip(0..) {
        let category = map.place(*seat).category;
        match segments.last_mut() {
            Some(last) if last.category == category => last.to = from + 1,
            Some(_) | None => segments.push(Segment {
                from,
                to: from + 1,
                category,
            }),
        }
    }
    segments
}

fn corners(points: &[Point]) -> [Point; 2] {
    let of = |pick: fn(f64, f64) -> f64, start: f64| Point {
        x: points.iter().map(|point| point.x).fold(start, pick),
        y: points.iter().map(|point| point.y).fold(start, pick),
    };
    [of(f64::min, f64::INFINITY), of(f64::max, f64::NEG_INFINITY)]
}

/// The farthest that a seat is from another seat or the focus, or more.
fn reach(map: &IndexedMap, points: &[Point]) -> f64 {
    let [low, high] = corners(points);
    let focus = map.map().focus;
    let width = high.x.max(focus.x) - low.x.min(focus.x);
    let height = high.y.max(focus.y) - low.y.min(focus.y);
    if points.is_empty() {
        0.0
    } else {
        width.hypot(height)
    }
}

fn cost(seat: Point, focus: Point, unit: f64) -> Cost {
    let off_axis = ((seat.x - focus.x).abs() / unit * 4.0).min(MAX_OFF_AXIS);
    distance_cost(seat, focus, unit) | whole(off_axis)
}

fn distance_cost(seat: Point, point: Point, unit: f64) -> Cost {
    let (x, y) = (seat.x - point.x, seat.y - point.y);
    // Unlike `hypot`, a square root is the same on every machine.
    let distance = (x * x + y * y).sqrt() / unit;
    whole((distance * STEPS_PER_PITCH).round()) << OFF_AXIS_BITS
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "distances are not negative, and at most MAX_PITCHES * STEPS_PER_PITCH"
)]
const fn whole(distance: f64) -> u64 {
    distance as u64
}
