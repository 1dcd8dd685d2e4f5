//! Puts a map together seat by seat, for readers of all formats, and checks what each brings.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::id::SeatId;
use crate::map::{Point, Positions, Row, Seat, Section, Size};

use super::fault::{Fault, Named, Quote};
use super::palette::normal_color;
use super::problems::{At, Problems, Where};
use super::{
    MAX_CATEGORIES, MAX_NAME_CHARS, MAX_SEATS, MAX_SEATS_PER_ROW, MAX_SECTIONS, MAX_SHAPES,
};

/// A map in the making.
#[derive(Debug, Default)]
pub(super) struct Builder {
    pub problems: Problems,
    pub name: Option<String>,
    pub size: Option<Size>,
    pub focus: Option<Point>,
    /// What the file says of its positions, if it says anything.
    pub positions: Option<Positions>,
    pub shapes: Vec<serde_json::Value>,
    pub(super) categories: Vec<DraftCategory>,
    category_at: HashMap<String, usize>,
    pub(super) sections: Vec<Section>,
    section_at: HashMap<String, usize>,
    row_at: HashMap<(usize, String), usize>,
    ids: HashMap<SeatId, Option<u64>>,
    taken_points: HashMap<[u64; 2], SeatId>,
    pub(super) seats_total: usize,
    pub(super) seats_placed: usize,
    pub(super) first_unplaced: Option<Where>,
}

/// A category in the making.
#[derive(Debug)]
pub(super) struct DraftCategory {
    pub name: String,
    pub color: Option<String>,
    pub price: Option<i64>,
    pub seats: usize,
    pub place: Where,
}

/// A seat as a file brings it.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewSeat<'a> {
    pub seat_id: &'a str,
    pub number: &'a str,
    pub point: Option<Point>,
    pub category: &'a str,
    pub accessible: bool,
}

/// Where seats are added: a section and a row of the map in the making.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowAt {
    section: usize,
    row: usize,
}

impl Builder {
    /// Adds a category that the file lists.
    pub fn add_category(&mut self, at: At, name: &str, color: Option<&str>, price: Option<i64>) {
        if !self.check_name(at, Named::Category, name) {
            return;
        }
        if self.category_at.contains_key(name) {
            let name = Quote::of(name);
            return self.problems.error(at, Fault::CategoryTwice { name });
        }
        let color = color.and_then(|color| {
            let normal = normal_color(color);
            if normal.is_none() {
                let color = Quote::of(color);
                self.problems.warning(at, Fault::NotAColor { color });
            }
            normal
        });
        self.push_category(at, name, color, price);
    }

    /// Notes that the file names a category, and perhaps its price, beside a seat.
    pub fn mention_category(&mut self, at: At, name: &str, price: Option<i64>) {
        let Some(known) = self.category_at.get(name) else {
            if self.check_name(at, Named::Category, name) {
                self.push_category(at, name, None, price);
            }
            return;
        };
        let known = &mut self.categories[*known];
        match (known.price, price) {
            (Some(first), Some(other)) if first != other => {
                let name = Quote::of(name);
                let fault = Fault::CategoryWithTwoPrices { name, first, other };
                self.problems.error(at, fault);
            }
            (Some(_), _) => {}
            (None, price) => known.price = price,
        }
    }

    /// Begins a section, also where another has the same name. `None` if the map is full: then there is no use
    /// in reading on.
    pub fn add_section(&mut self, at: At, name: &str) -> Option<usize> {
        if self.sections.len() >= MAX_SECTIONS {
            let most = MAX_SECTIONS;
            self.problems.error(at, Fault::TooManySections { most });
            return None;
        }
        self.check_name(at, Named::Section, name);
        self.sections.push(Section {
            name: name.to_owned(),
            rows: Vec::new(),
        });
        let section = self.sections.len() - 1;
        match self.section_at.entry(name.to_owned()) {
            Entry::Vacant(entry) => {
                entry.insert(section);
            }
            Entry::Occupied(_) => {
                let name = Quote::of(name);
                self.problems.warning(at, Fault::SectionTwice { name });
            }
        }
        Some(section)
    }

    /// Begins a row of a section, also where another has the same name.
    pub fn add_row(&mut self, at: At, section: usize, name: &str) -> RowAt {
        self.check_name(at, Named::Row, name);
        let rows = &mut self.sections[section].rows;
        rows.push(Row {
            name: name.to_owned(),
            seats: Vec::new(),
        });
        let row = rows.len() - 1;
        RowAt { section, row }
    }

    /// The row of these names, begun if there is none yet.
    pub fn find_row(&mut self, at: At, section: &str, row: &str) -> Option<RowAt> {
        let section = match self.section_at.get(section) {
            Some(known) => *known,
            None => self.add_section(at, section)?,
        };
        let key = (section, row.to_owned());
        if let Some(known) = self.row_at.get(&key) {
            return Some(RowAt {
                section,
                row: *known,
            });
        }
        let added = self.add_row(at, section, row);
        self.row_at.insert(key, added.row);
        Some(added)
    }

    /// Adds a seat to a row. `false` if the map is full: then there is no use in reading on.
    pub fn add_seat(&mut self, at: At, row: RowAt, new: &NewSeat) -> bool {
        if self.seats_total >= MAX_SEATS {
            let fault = Fault::TooManySeats { most: MAX_SEATS };
            self.problems.seat_error(at, Some(new.seat_id), fault);
            return false;
        }
        self.seats_total += 1;
        let in_row = self.sections[row.section].rows[row.row].seats.len();
        if in_row >= MAX_SEATS_PER_ROW {
            let most = MAX_SEATS_PER_ROW;
            let fault = Fault::TooManySeatsInRow { most };
            self.problems.seat_error(at, Some(new.seat_id), fault);
            return true;
        }
        self.check_category(at, new);
        self.check_point(at, new);
        if let Some(seat) = self.checked(at, new) {
            self.sections[row.section].rows[row.row].seats.push(seat);
        }
        true
    }

    /// Adds a shape for pages to draw.
    pub fn add_shape(&mut self, at: At, shape: serde_json::Value) {
        match self.shapes.len() {
            MAX_SHAPES.. => {}
            so_far => {
                self.shapes.push(shape);
                if so_far + 1 == MAX_SHAPES {
                    let most = MAX_SHAPES;
                    self.problems.warning(at, Fault::TooManyShapes { most });
                }
            }
        }
    }

    /// Whether a text can be a name; a problem is told if not.
    pub fn check_name(&mut self, at: At, whose: Named, name: &str) -> bool {
        self.check_name_of(at, None, whose, name)
    }

    fn check_name_of(&mut self, at: At, seat_id: Option<&str>, whose: Named, name: &str) -> bool {
        let text = Quote::of(name);
        let fault = if name.trim().is_empty() {
            Fault::NameEmpty { whose }
        } else if name.chars().count() > MAX_NAME_CHARS {
            let most = MAX_NAME_CHARS;
            Fault::NameTooLong { whose, most, text }
        } else if name.chars().any(char::is_control) {
            Fault::NameUnprintable { whose, text }
        } else {
            return true;
        };
        self.problems.seat_error(at, seat_id, fault);
        false
    }

    fn push_category(&mut self, at: At, name: &str, color: Option<String>, price: Option<i64>) {
        if self.categories.len() == MAX_CATEGORIES {
            let most = MAX_CATEGORIES;
            return self.problems.error(at, Fault::TooManyCategories { most });
        }
        self.category_at
            .insert(name.to_owned(), self.categories.len());
        self.categories.push(DraftCategory {
            name: name.to_owned(),
            color,
            price,
            seats: 0,
            place: at.to_where(None),
        });
    }

    fn check_category(&mut self, at: At, new: &NewSeat) {
        match self.category_at.get(new.category) {
            Some(category) => self.categories[*category].seats += 1,
            None if new.category.is_empty() => {
                self.problems
                    .seat_error(at, Some(new.seat_id), Fault::SeatWithoutCategory);
            }
            None => {
                let name = Quote::of(new.category);
                let fault = Fault::CategoryUnknown { name };
                self.problems.seat_error(at, Some(new.seat_id), fault);
            }
        }
    }

    fn check_point(&mut self, at: At, new: &NewSeat) {
        let Some(point) = new.point else {
            if self.first_unplaced.is_none() {
                self.first_unplaced = Some(at.to_where(Some(new.seat_id)));
            }
            return;
        };
        self.seats_placed += 1;
        let Ok(seat_id) = SeatId::parse(new.seat_id) else {
            return;
        };
        // Adding 0 makes -0 the same as 0.
        let key = [point.x, point.y].map(|value| (value + 0.0).to_bits());
        match self.taken_points.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(seat_id);
            }
            Entry::Occupied(entry) => {
                let other = Quote::of(entry.get().as_str());
                self.problems
                    .seat_warning(at, Some(new.seat_id), Fault::SamePlace { other });
            }
        }
    }

    fn checked(&mut self, at: At, new: &NewSeat) -> Option<Seat> {
        self.check_name_of(at, Some(new.seat_id), Named::Seat, new.number);
        let Ok(seat_id) = SeatId::parse(new.seat_id) else {
            self.problems
                .seat_error(at, Some(new.seat_id), Fault::NotASeatId);
            return None;
        };
        let line = at.to_line();
        match self.ids.entry(seat_id.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(line);
            }
            Entry::Occupied(entry) => {
                let on_line = |first_line| Fault::SeatIdOnTwoLines { first_line };
                let fault = entry.get().map_or(Fault::SeatIdTwice, on_line);
                self.problems.seat_error(at, Some(new.seat_id), fault);
                return None;
            }
        }
        let point = new.point.unwrap_or(Point { x: 0.0, y: 0.0 });
        Some(Seat {
            seat_id,
            number: new.number.to_owned(),
            x: point.x,
            y: point.y,
            category: new.category.to_owned(),
            accessible: new.accessible,
        })
    }
}
