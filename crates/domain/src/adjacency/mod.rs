//! Who sits next to whom, computed once per map.
//!
//! Where the map's positions are given, neighbours are told by position: the seats of a row are put in the
//! order in which they stand, and a gap wider than the row's usual pitch is an aisle. Where the server laid
//! the hall out, neighbours are told by number: 8 and 9 are, 8 and 12 are not; W1 and W2
//! are, 2 and W2 are not.

use crate::id::SeatIndex;
use crate::map::{IndexedMap, Point, Positions, Row, SeatMap, Section};

pub(crate) mod number;

/// A gap of more than this many pitches is an aisle. One seat left out makes a gap of 2 pitches and a narrow
/// aisle one of about 1.5; a curved row drawn at equal steps across varies up to about 1.3.
pub const AISLE_PITCHES: f64 = 1.4;

/// A pitch that is told from fewer gaps than this …
const ENOUGH_GAPS: usize = 8;
/// … is not believed beyond this many times the pitch all round: two seats with an aisle between are not two
/// wide seats.
const WIDEST_PITCHES: f64 = 1.8;

/// Where a seat stands among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// The run that it belongs to.
    pub run: u32,
    /// Its place in the run, from 0.
    pub offset: u32,
}

/// The runs of neighbours of a map: in a run every seat stands next to the one before it. Every seat is in
/// exactly one run, and a run is within one row.
#[derive(Debug, Clone)]
pub struct Adjacency {
    /// The seats of all runs, one run after the other.
    seats: Vec<SeatIndex>,
    /// Where each run begins in `seats`, and the end of the last one.
    starts: Vec<u32>,
    /// By seat.
    spots: Vec<Spot>,
    pitch: f64,
}

impl Adjacency {
    /// Finds the runs of a map.
    pub fn new(map: &IndexedMap) -> Self {
        let mut runs = Runs::default();
        match map.map().positions {
            Positions::Given => runs.add_by_position(map.map()),
            Positions::LaidOut => runs.add_by_number(map.map()),
        }
        runs.into_adjacency(map)
    }

    /// How many runs there are.
    pub const fn runs_total(&self) -> usize {
        self.starts.len() - 1
    }

    /// The runs in the order of the rows; in each its seats as they stand.
    pub fn runs(&self) -> impl Iterator<Item = &[SeatIndex]> {
        self.starts
            .windows(2)
            .map(|ends| &self.seats[ends[0] as usize..ends[1] as usize])
    }

    /// The seats of a run as they stand.
    ///
    /// # Panics
    /// If there is no such run.
    pub fn run(&self, run: u32) -> &[SeatIndex] {
        let [start, end] = [run, run + 1].map(|at| self.starts[at as usize] as usize);
        &self.seats[start..end]
    }

    /// Where a seat stands among its neighbours.
    ///
    /// # Panics
    /// If there is no such seat: indexes come from the map.
    pub fn spot(&self, seat: SeatIndex) -> Spot {
        self.spots[seat as usize]
    }

    /// Whether two seats stand next to each other.
    pub fn are_neighbours(&self, one: SeatIndex, other: SeatIndex) -> bool {
        let (one, other) = (self.spot(one), self.spot(other));
        one.run == other.run && one.offset.abs_diff(other.offset) == 1
    }

    /// The seats on both sides of a seat: one, two or none.
    pub fn neighbours(&self, seat: SeatIndex) -> impl Iterator<Item = SeatIndex> {
        let spot = self.spot(seat);
        let run = self.run(spot.run);
        let at = spot.offset as usize;
        let before = at.checked_sub(1).map(|at| run[at]);
        before.into_iter().chain(run.get(at + 1).copied())
    }

    /// Whether the seats, in any order, are different ones that stand side by side without a gap.
    pub fn are_side_by_side(&self, seats: &[SeatIndex]) -> bool {
        let mut spots: Vec<_> = seats.iter().map(|seat| self.spot(*seat)).collect();
        spots.sort_unstable();
        spots
            .windows(2)
            .all(|two| two[0].run == two[1].run && two[0].offset + 1 == two[1].offset)
    }

    /// The usual distance between neighbours in the whole map, in the map's units; more than 0.
    pub const fn pitch(&self) -> f64 {
        self.pitch
    }

    /// Where a run begins in the list of all runs' seats.
    pub(crate) fn start(&self, run: u32) -> u32 {
        self.starts[run as usize]
    }
}

/// Runs while they are gathered, with indexes from the map's first seat on.
#[derive(Default)]
struct Runs {
    seats: Vec<SeatIndex>,
    starts: Vec<u32>,
    seen: SeatIndex,
    gaps: Vec<f64>,
}

impl Runs {
    fn add_by_number(&mut self, map: &SeatMap) {
        for row in map.sections.iter().flat_map(|section| &section.rows) {
            let steps = number::line_up(row.seats.iter().map(|seat| seat.number.as_str()));
            let steps = steps
                .iter()
                .map(|step| (step.seat, step.missing == Some(0)));
            self.add_row(row, steps);
        }
    }

    fn add_by_position(&mut self, map: &SeatMap) {
        let walks = |section: &Section| section.rows.iter().map(Walk::along).collect();
        let sections: Vec<Vec<Walk>> = map.sections.iter().map(walks).collect();
        let in_the_map = usual_pitch(sections.iter().flatten(), None);
        for (section, walks) in map.sections.iter().zip(sections) {
            let in_the_section = usual_pitch(&walks, in_the_map);
            for (row, walk) in section.rows.iter().zip(walks) {
                let pitch = usual_pitch([&walk], in_the_section).unwrap_or_default();
                let joined = walk.gaps.iter().map(|gap| *gap <= pitch * AISLE_PITCHES);
                // The first seat of a row has none before it, however near.
                let joined = std::iter::once(false).chain(joined);
                self.add_row(row, walk.order.iter().copied().zip(joined));
            }
        }
    }

    /// Adds the seats of a row in the order given, each with whether it stands next to the one before.
    fn add_row(&mut self, row: &Row, steps: impl Iterator<Item = (usize, bool)>) {
        let mut before: Option<Point> = None;
        for (at, joined) in steps {
            let point = point_of(row, at);
            match before {
                Some(last) if joined => self.gaps.push(distance(last, point)),
                Some(_) | None => self.starts.push(count(self.seats.len())),
            }
            before = Some(point);
            self.seats.push(self.seen + count(at));
        }
        self.seen += count(row.seats.len());
    }

    fn into_adjacency(mut self, map: &IndexedMap) -> Adjacency {
        self.starts.push(count(self.seats.len()));
        let mut spots = vec![Spot { run: 0, offset: 0 }; self.seats.len()];
        for (ends, run) in self.starts.windows(2).zip(0..) {
            let seats = &self.seats[ends[0] as usize..ends[1] as usize];
            for (seat, offset) in seats.iter().zip(0..) {
                spots[*seat as usize] = Spot { run, offset };
            }
        }
        let size = map.map().size;
        Adjacency {
            seats: self.seats,
            starts: self.starts,
            spots,
            // Without any neighbours there is no pitch; a hundredth of the hall serves as a measure.
            pitch: lower_median(self.gaps)
                .unwrap_or((size.width.hypot(size.height) / 100.0).max(1.0)),
        }
    }
}

/// The seats of a row in the order in which they stand, and the distances from each to the next.
struct Walk {
    order: Vec<usize>,
    gaps: Vec<f64>,
}

impl Walk {
    /// Takes the order of the file, or that along the row's long axis if that way is shorter: a row
    /// numbered 1, 3, 5, …, 6, 4, 2 is told by its axis, a horseshoe by the file.
    fn along(row: &Row) -> Self {
        let as_given = Self::of(row, (0..row.seats.len()).collect());
        let along_axis = Self::of(row, order_along_axis(row));
        let [given, axis] = [&as_given, &along_axis].map(|walk| walk.gaps.iter().sum::<f64>());
        // The tenth of a percent keeps the file's order where both are the same way.
        if axis < given * 0.999 {
            along_axis
        } else {
            as_given
        }
    }

    fn of(row: &Row, order: Vec<usize>) -> Self {
        let gap = |two: &[usize]| distance(point_of(row, two[0]), point_of(row, two[1]));
        Self {
            gaps: order.windows(2).map(gap).collect(),
            order,
        }
    }
}

/// The pitch that is usual in some rows, where `all_round` it is another.
fn usual_pitch<'a>(
    walks: impl IntoIterator<Item = &'a Walk>,
    all_round: Option<f64>,
) -> Option<f64> {
    let gaps: Vec<_> = walks
        .into_iter()
        .flat_map(|walk| &walk.gaps)
        .copied()
        .collect();
    let few = gaps.len() < ENOUGH_GAPS;
    match (lower_median(gaps), all_round) {
        (Some(own), Some(all_round)) if few && own > all_round * WIDEST_PITCHES => Some(all_round),
        (own, all_round) => own.or(all_round),
    }
}

fn order_along_axis(row: &Row) -> Vec<usize> {
    let points: Vec<_> = (0..row.seats.len()).map(|at| point_of(row, at)).collect();
    let total = f64::from(count(points.len())).max(1.0);
    let middle = Point {
        x: points.iter().map(|point| point.x).sum::<f64>() / total,
        y: points.iter().map(|point| point.y).sum::<f64>() / total,
    };
    let [mut xx, mut xy, mut yy] = [0.0; 3];
    for point in &points {
        let (x, y) = (point.x - middle.x, point.y - middle.y);
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    // The direction in which the points spread most: the first principal axis of their covariance.
    let (sin, cos) = (0.5 * (2.0 * xy).atan2(xx - yy)).sin_cos();
    let along = |at: &usize| (points[*at].x - middle.x) * cos + (points[*at].y - middle.y) * sin;
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by(|one, other| along(one).total_cmp(&along(other)));
    if order.first() > order.last() {
        order.reverse();
    }
    order
}

fn point_of(row: &Row, at: usize) -> Point {
    let seat = &row.seats[at];
    Point {
        x: seat.x,
        y: seat.y,
    }
}

fn distance(one: Point, other: Point) -> f64 {
    let (x, y) = (one.x - other.x, one.y - other.y);
    // Unlike `hypot`, a square root is the same on every machine.
    (x * x + y * y).sqrt()
}

/// The median of what is more than 0, the lower one of two.
fn lower_median(mut values: Vec<f64>) -> Option<f64> {
    values.retain(|value| *value > 0.0);
    let middle = values.len().checked_sub(1)? / 2;
    Some(*values.select_nth_unstable_by(middle, f64::total_cmp).1)
}

/// Counts of seats fit: indexes of seats are `u32`, which the map's index checks.
fn count(seats: usize) -> u32 {
    u32::try_from(seats).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
