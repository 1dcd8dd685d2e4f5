//! Lays out a hall whose file says nothing of positions: a fan round the focus.
//!
//! Sections stand side by side on arcs round the focus, in the order of the file, tier behind tier. The rows
//! of a section lie on arcs one behind the other, so that its lowest row is the nearest to the focus with
//! every seat. Missing numbers leave gaps, as wide as the seats that are not there.

use crate::adjacency::number;

use super::{Point, Row, SeatMap, Section, Size};

/// From seat to seat in a row, in the map's units.
const SEAT_PITCH: f64 = 24.0;
/// From row to row: wider than [`SEAT_PITCH`], as in halls.
const ROW_PITCH: f64 = 32.0;
/// Between sections side by side, beyond the pitch: plainly wider than an aisle.
const SECTION_GAP: f64 = 48.0;
/// Between the last row of a tier and the first row of the next.
const TIER_GAP: f64 = 80.0;
/// Round everything but the focus, which is at the top edge.
const MARGIN: f64 = 48.0;
/// How much of the circle round the focus is used: less than half, so that all is in front of it.
const FAN_RADIANS: f64 = 2.8;
/// The radius of the first row, at least.
const FIRST_RADIUS: f64 = 10.0 * SEAT_PITCH;
/// The radius of the first row as a part of the widest row, at least: the widest section spans about half
/// the fan.
const RADIUS_BY_WIDTH: f64 = 0.7;
/// Up to so many missing numbers leave a gap of their own width; more are another numbering (101, 201) and
/// leave a gap of [`JUMP`] seats.
const MOST_MISSING: u64 = 30;
/// The gap, in seats, where numbers jump or another series of numbers begins.
const JUMP: f64 = 2.0;

/// Gives every seat of the map its position, and the map its size and focus: the middle of the top edge.
pub(super) fn lay_out(map: &mut SeatMap) {
    let drawn: Vec<_> = map.sections.iter().map(Drawn::of).collect();
    let widest = drawn.iter().map(Drawn::width).fold(0.0, f64::max);
    let mut radius = (widest * RADIUS_BY_WIDTH).max(FIRST_RADIUS);
    let mut from = 0;
    while from < drawn.len() {
        let to = tier_end(&drawn, from, radius);
        place_tier(&mut map.sections[from..to], &drawn[from..to], radius);
        let deepest = drawn[from..to].iter().map(Drawn::depth).fold(0.0, f64::max);
        radius += deepest + TIER_GAP;
        from = to;
    }
    move_into_view(map);
}

/// A section as it is drawn: its rows from the lowest to the highest, each with the offsets of its seats.
struct Drawn {
    rows: Vec<DrawnRow>,
}

struct DrawnRow {
    /// Index in the section's rows.
    row: usize,
    /// By seat, in the map's units from the row's left end.
    offsets: Vec<f64>,
    width: f64,
}

impl Drawn {
    fn of(section: &Section) -> Self {
        let mut rows: Vec<_> = (0..section.rows.len()).collect();
        rows.sort_by_key(|row| RowName::read(&section.rows[*row].name));
        let rows = rows
            .into_iter()
            .map(|row| DrawnRow::of(row, &section.rows[row]));
        Self {
            rows: rows.collect(),
        }
    }

    fn width(&self) -> f64 {
        self.rows.iter().map(|row| row.width).fold(0.0, f64::max)
    }

    fn depth(&self) -> f64 {
        f64::from(u32::try_from(self.rows.len()).unwrap_or(u32::MAX)) * ROW_PITCH
    }

    /// The angle that the section and its gap take with its lowest row at this radius.
    fn angle(&self, radius: f64) -> f64 {
        let widths = self
            .rows
            .iter()
            .map(|row| row.width + SEAT_PITCH + SECTION_GAP);
        let angles = widths
            .zip(radii(radius))
            .map(|(width, radius)| width / radius);
        angles.fold(0.0, f64::max)
    }
}

impl DrawnRow {
    fn of(row: usize, named: &Row) -> Self {
        let mut offsets = vec![0.0; named.seats.len()];
        let mut at = 0.0;
        let numbers = named.seats.iter().map(|seat| seat.number.as_str());
        for (step, place) in number::line_up(numbers).into_iter().zip(0u32..) {
            let gap = match step.missing {
                Some(missing) if missing <= MOST_MISSING => {
                    f64::from(u32::try_from(missing).unwrap_or_default())
                }
                Some(_) | None => JUMP,
            };
            if place > 0 {
                at += (1.0 + gap) * SEAT_PITCH;
            }
            offsets[step.seat] = at;
        }
        Self {
            row,
            offsets,
            width: at,
        }
    }
}

/// A row's name in the order of rows: numbers by value, letters A … Z before AA, words by alphabet.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct RowName {
    before: (usize, String),
    number: u64,
    whole: String,
}

impl RowName {
    /// Longer names are words: they come after letters, and their length says nothing.
    const LETTERS: usize = 2;

    fn read(name: &str) -> Self {
        let digits = name
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(name.len());
        let (before, rest) = name.split_at(digits);
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let length = before.trim().chars().count().min(Self::LETTERS + 1);
        Self {
            before: (length, before.trim().to_lowercase()),
            number: rest[..end].parse().unwrap_or_default(),
            whole: name.to_owned(),
        }
    }
}

fn radii(first: f64) -> impl Iterator<Item = f64> {
    (0u32..).map(move |row| first + f64::from(row) * ROW_PITCH)
}

/// How far the sections from `from` on fit side by side; one always does.
fn tier_end(drawn: &[Drawn], from: usize, radius: f64) -> usize {
    let mut taken = 0.0;
    let fits = |section: &&Drawn| {
        taken += section.angle(radius);
        taken <= FAN_RADIANS
    };
    from + drawn[from..].iter().take_while(fits).count().max(1)
}

/// Places sections side by side, the middle of them all straight below the focus, which is at 0, 0.
fn place_tier(sections: &mut [Section], drawn: &[Drawn], radius: f64) {
    let angles: Vec<_> = drawn.iter().map(|section| section.angle(radius)).collect();
    let mut left = -angles.iter().sum::<f64>() / 2.0;
    for ((section, drawn), angle) in sections.iter_mut().zip(drawn).zip(angles) {
        let middle = left + angle / 2.0;
        for (row, radius) in drawn.rows.iter().zip(radii(radius)) {
            for (seat, offset) in section.rows[row.row].seats.iter_mut().zip(&row.offsets) {
                let (sin, cos) = (middle + (offset - row.width / 2.0) / radius).sin_cos();
                (seat.x, seat.y) = (radius * sin, radius * cos);
            }
        }
        left += angle;
    }
}

/// Moves everything to the right of the left edge, rounds it, and makes the map as large as it needs.
fn move_into_view(map: &mut SeatMap) {
    let [mut side, mut bottom] = [0.0_f64; 2];
    for seat in map.seats() {
        side = side.max(seat.x.abs());
        bottom = bottom.max(seat.y);
    }
    let middle = (side + MARGIN).ceil();
    let seats = map
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.rows);
    for seat in seats.flat_map(|row| &mut row.seats) {
        // A hundredth of a unit is nothing to the eye, and keeps the file small.
        seat.x = ((middle + seat.x) * 100.0).round() / 100.0;
        seat.y = (seat.y * 100.0).round() / 100.0;
    }
    map.size = Size {
        width: middle * 2.0,
        height: (bottom + MARGIN).ceil(),
    };
    map.focus = Point { x: middle, y: 0.0 };
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::map::Seat;
    use crate::map::samples::read_csv;

    #[test]
    fn rows_are_ordered_as_people_read_them() {
        let sorted = |mut names: Vec<&'static str>| {
            names.sort_by_key(|name| RowName::read(name));
            names
        };
        assert_eq!(sorted(vec!["10", "9", "1"]), ["1", "9", "10"]);
        assert_eq!(sorted(vec!["AA", "B", "Z", "A"]), ["A", "B", "Z", "AA"]);
        assert_eq!(sorted(vec!["Row 10", "Row 9"]), ["Row 9", "Row 10"]);
        assert_eq!(sorted(vec!["Silver", "Gold", "C"]), ["C", "Gold", "Silver"]);
    }

    #[test]
    fn a_stadium_is_laid_out_without_two_seats_in_one_place() {
        let map = crate::map::samples::stadium();
        let map = map.map();
        let mut cells: HashMap<(i64, i64), Vec<&Seat>> = HashMap::new();
        // Seats nearer than 20 units are in the same cell of 20 by 20, or in cells side by side.
        for seat in map.seats() {
            assert!(seat.x > 0.0 && seat.x < map.size.width, "{seat:?}");
            assert!(seat.y > 0.0 && seat.y < map.size.height, "{seat:?}");
            let cell = |value: f64| format!("{:.0}", value / 20.0).parse::<i64>().unwrap();
            let [x, y] = [seat.x, seat.y].map(cell);
            let near = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y)));
            for other in near.filter_map(|cell| cells.get(&cell)).flatten() {
                let apart = (seat.x - other.x).hypot(seat.y - other.y);
                assert!(apart > 20.0, "{seat:?} {other:?}");
            }
            cells.entry((x, y)).or_default().push(seat);
        }
        let shape = map.size.width / map.size.height;
        assert!(
            (1.0..3.0).contains(&shape),
            "neither a strip nor a tower: {shape}"
        );
    }

    #[test]
    fn lower_rows_are_nearer_to_the_focus_with_every_seat() {
        let map = crate::map::samples::stadium();
        let map = map.map();
        assert_eq!((map.focus.x, map.focus.y), (map.size.width / 2.0, 0.0));
        for section in &map.sections {
            let mut rows: Vec<_> = section.rows.iter().collect();
            rows.sort_by_key(|row| row.name.parse::<u32>().unwrap());
            let mut last = 0.0;
            for row in rows {
                let away = |seat: &Seat| (seat.x - map.focus.x).hypot(seat.y - map.focus.y);
                let nearest = row.seats.iter().map(away).fold(f64::INFINITY, f64::min);
                assert!(nearest > last, "{} {}", section.name, row.name);
                last = row.seats.iter().map(away).fold(0.0, f64::max);
            }
        }
    }

    #[test]
    fn missing_numbers_leave_gaps_and_left_is_where_numbers_begin() {
        let map = read_csv(
            "section,row,seats,category,price\nS,A,\"1-2,5,201\",c,1\nT,A,1,c,1\nS,B,1-2,c,1",
        );
        let x: HashMap<_, _> = map
            .seats()
            .map(|seat| (seat.seat_id.to_string(), seat.x))
            .collect();
        let gap = |one: &str, other: &str| format!("{:.0}", (x[other] - x[one]) / SEAT_PITCH);
        assert_eq!(gap("S-A-1", "S-A-2"), "1");
        assert_eq!(gap("S-A-2", "S-A-5"), "3");
        assert_eq!(gap("S-A-5", "S-A-201"), "3");
        assert!(x["S-A-201"] < x["T-A-1"]);
    }

    #[test]
    fn laying_out_again_changes_nothing() {
        let map = crate::map::samples::stadium();
        let mut again = map.map().clone();
        lay_out(&mut again);
        assert_eq!(&again, map.map());
    }
}
