//! The checks of a whole map, and what it gets where the file says nothing.

use crate::map::{Category, Point, Positions, SeatMap, Size, layout};

use super::builder::Builder;
use super::fault::{Fault, Quote};
use super::palette::PALETTE;
use super::problems::At;
use super::{ImportReport, Options};

/// The name of a map whose file has none.
const NAMELESS: &str = "Seat map";

/// The edge round a map whose file gives no size, as a part of its extent.
const EDGE: f64 = 0.05;

impl Builder {
    /// Checks the map as a whole and gives it out, unless there is an error.
    pub fn finish(mut self, options: Options) -> ImportReport {
        self.check_seats();
        self.check_categories(options);
        let map = self.map(options);
        ImportReport {
            map: map.filter(|_| !self.problems.has_errors()),
            problems: self.problems.into_list(),
        }
    }

    fn check_seats(&mut self) {
        if self.seats_total == 0 {
            // Where the file could not be read at all, that has been said.
            if !self.problems.has_errors() {
                self.problems.error(At::Nowhere, Fault::NoSeats);
            }
        } else if self.seats_placed > 0
            && let Some(place) = self.first_unplaced.take()
        {
            self.problems.error_at(place, Fault::SomeWithoutPosition);
        }
        for section in &self.sections {
            if section.rows.iter().all(|row| row.seats.is_empty()) && !self.problems.has_errors() {
                let name = Quote::of(&section.name);
                let fault = Fault::SectionWithoutSeats { name };
                self.problems.warning(At::Nowhere, fault);
            }
        }
    }

    fn check_categories(&mut self, options: Options) {
        for category in &self.categories {
            let name = || Quote::of(&category.name);
            if category.price.is_none() {
                let fault = Fault::CategoryWithoutPrice { name: name() };
                self.problems.warning_at(category.place.clone(), fault);
            }
            if category.seats == 0 {
                let fault = Fault::CategoryWithoutSeats { name: name() };
                self.problems.warning_at(category.place.clone(), fault);
            }
        }
        if let Some(wanted) = options.accessible_category
            && !self
                .categories
                .iter()
                .any(|category| category.name == wanted)
        {
            let name = Quote::of(wanted);
            let fault = Fault::AccessibleCategoryUnknown { name };
            self.problems.warning(At::Nowhere, fault);
        }
    }

    fn map(&mut self, options: Options) -> Option<SeatMap> {
        if self.problems.has_errors() {
            return None;
        }
        let mut map = SeatMap {
            name: self.name.take().unwrap_or_else(|| NAMELESS.to_owned()),
            size: Size {
                width: 0.0,
                height: 0.0,
            },
            focus: Point { x: 0.0, y: 0.0 },
            positions: Positions::LaidOut,
            categories: self.categories(),
            sections: std::mem::take(&mut self.sections),
            shapes: std::mem::take(&mut self.shapes),
        };
        mark_accessible(&mut map, options);
        if self.seats_placed == 0 {
            if self.focus.is_some() || self.size.is_some() {
                self.problems
                    .warning(At::Nowhere, Fault::SizeWithoutPositions);
            }
            layout::lay_out(&mut map);
        } else {
            map.positions = self.positions.unwrap_or_default();
            self.frame(&mut map);
        }
        Some(map)
    }

    /// The categories; those without a colour get the next of the palette.
    fn categories(&self) -> Vec<Category> {
        let colored = self.categories.iter().zip(PALETTE.iter().cycle());
        colored
            .map(|(category, spare)| Category {
                name: category.name.clone(),
                color: category
                    .color
                    .clone()
                    .unwrap_or_else(|| (*spare).to_owned()),
                price: category.price,
            })
            .collect()
    }

    /// Gives a map whose seats have positions its size and focus.
    fn frame(&mut self, map: &mut SeatMap) {
        let mut extent = Extent::of(map);
        let edge = (extent.largest() * EDGE).max(1.0);
        let bare = self.size.is_none() && self.focus.is_none() && map.shapes.is_empty();
        if bare && (extent.left < 0.0 || extent.top < 0.0) {
            extent.shift_into_view(map, edge);
        }
        let fitting = Size {
            width: extent.right + edge,
            height: extent.bottom + edge,
        };
        map.size = self.size.unwrap_or(fitting);
        if map.size.width < extent.right || map.size.height < extent.bottom {
            map.size.width = map.size.width.max(fitting.width);
            map.size.height = map.size.height.max(fitting.height);
            self.problems.warning(At::Nowhere, Fault::SizeEnlarged);
        }
        if extent.left < 0.0 || extent.top < 0.0 {
            self.problems.warning(At::Nowhere, Fault::OutOfSight);
        }
        let top_centre = Point {
            x: map.size.width / 2.0,
            y: 0.0,
        };
        map.focus = self.focus.unwrap_or(top_centre);
    }
}

fn mark_accessible(map: &mut SeatMap, options: Options) {
    let Some(category) = options.accessible_category else {
        return;
    };
    let rows = map
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.rows);
    for seat in rows.flat_map(|row| &mut row.seats) {
        seat.accessible |= seat.category == category;
    }
}

/// How far the seats reach.
struct Extent {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Extent {
    fn of(map: &SeatMap) -> Self {
        let none = Self {
            left: f64::INFINITY,
            top: f64::INFINITY,
            right: f64::NEG_INFINITY,
            bottom: f64::NEG_INFINITY,
        };
        map.seats().fold(none, |extent, seat| Self {
            left: extent.left.min(seat.x),
            top: extent.top.min(seat.y),
            right: extent.right.max(seat.x),
            bottom: extent.bottom.max(seat.y),
        })
    }

    fn largest(&self) -> f64 {
        (self.right - self.left).max(self.bottom - self.top)
    }

    fn shift_into_view(&mut self, map: &mut SeatMap, edge: f64) {
        let shift = |low: f64| if low < 0.0 { edge - low } else { 0.0 };
        let [x, y] = [shift(self.left), shift(self.top)];
        let rows = map
            .sections
            .iter_mut()
            .flat_map(|section| &mut section.rows);
        for seat in rows.flat_map(|row| &mut row.seats) {
            seat.x += x;
            seat.y += y;
        }
        *self = Self::of(map);
    }
}
