//! The seat map: what stands where, in which category, at which price. Immutable once made.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::id::{SeatId, SeatIndex};

pub mod import;
mod layout;
#[cfg(test)]
pub(crate) mod samples;

/// A point on the map, in the map's own units; x grows to the right, y downwards.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Units from the left edge.
    pub x: f64,
    /// Units from the top edge.
    pub y: f64,
}

/// The map's extent, in its own units.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// Width of the whole map.
    pub width: f64,
    /// Height of the whole map.
    pub height: f64,
}

/// A price category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Category {
    /// Its name, unique in the map.
    pub name: String,
    /// A CSS colour, `#rrggbb`.
    pub color: String,
    /// Price of one seat in minor units; `None` where neither the file nor the event gives one yet.
    pub price: Option<i64>,
}

/// One seat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seat {
    /// Its id, unique in the map.
    pub seat_id: SeatId,
    /// The number on the seat, as printed (`"12"`, `"W1"`).
    pub number: String,
    /// Where it stands: units from the left edge.
    pub x: f64,
    /// Where it stands: units from the top edge.
    pub y: f64,
    /// The name of its category.
    pub category: String,
    /// Whether it is kept for people who need an accessible seat.
    #[serde(default)]
    pub accessible: bool,
}

/// A row, in the order in which its seats stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its name (`"A"`).
    pub name: String,
    /// Its seats.
    pub seats: Vec<Seat>,
}

/// A section: a block, stand or floor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Its name, as buyers know it.
    pub name: String,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// Where the seats' positions come from; it decides what "adjacent" means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Positions {
    /// As the hall is built: neighbours are told by position.
    #[default]
    Given,
    /// The file had none and the server laid the hall out: neighbours are told by number.
    LaidOut,
}

/// A seat map as imported and as served.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeatMap {
    /// Its name.
    pub name: String,
    /// Its extent.
    pub size: Size,
    /// Where one looks: the stage, the pitch.
    pub focus: Point,
    /// Where the positions come from.
    #[serde(default)]
    pub positions: Positions,
    /// The categories, in the file's order.
    pub categories: Vec<Category>,
    /// The sections, in the file's order.
    pub sections: Vec<Section>,
    /// What is drawn beside seats (the stage, walls, texts), for pages only: never read by the domain.
    #[serde(default)]
    pub shapes: Vec<serde_json::Value>,
}

impl SeatMap {
    /// Every seat in the order of its index.
    pub fn seats(&self) -> impl Iterator<Item = &Seat> {
        self.sections
            .iter()
            .flat_map(|section| &section.rows)
            .flat_map(|row| &row.seats)
    }
}

/// Where a seat stands in the map's tree, and its category, as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeatPlace {
    /// Index of its section in [`SeatMap::sections`].
    pub section: u32,
    /// Index of its row in the section's rows.
    pub row: u32,
    /// Index of the seat in the row.
    pub in_row: u32,
    /// Index of its category in [`SeatMap::categories`].
    pub category: u32,
}

/// A seat map together with what is looked up in it all the time.
#[derive(Debug)]
pub struct IndexedMap {
    map: SeatMap,
    places: Vec<SeatPlace>,
    by_id: HashMap<SeatId, SeatIndex>,
}

impl IndexedMap {
    /// Indexes a map that the importer has checked. `None` where a seat names a category that the map does
    /// not have, or an id stands twice.
    pub fn new(map: SeatMap) -> Option<Self> {
        let category_at: HashMap<&str, u32> = map
            .categories
            .iter()
            .map(|category| category.name.as_str())
            .zip(0..)
            .collect();
        let mut places = Vec::new();
        let mut by_id = HashMap::new();
        for (section, section_at) in map.sections.iter().zip(0..) {
            for (row, row_at) in section.rows.iter().zip(0..) {
                for (seat, in_row) in row.seats.iter().zip(0..) {
                    let category = *category_at.get(seat.category.as_str())?;
                    let index = SeatIndex::try_from(places.len()).ok()?;
                    if by_id.insert(seat.seat_id.clone(), index).is_some() {
                        return None;
                    }
                    places.push(SeatPlace {
                        section: section_at,
                        row: row_at,
                        in_row,
                        category,
                    });
                }
            }
        }
        Some(Self { map, places, by_id })
    }

    /// The map itself.
    pub fn map(&self) -> &SeatMap {
        &self.map
    }

    /// How many seats it has.
    pub fn seats_total(&self) -> u32 {
        u32::try_from(self.places.len()).unwrap_or(u32::MAX)
    }

    /// The index of the seat of this id.
    pub fn index_of(&self, seat_id: &SeatId) -> Option<SeatIndex> {
        self.by_id.get(seat_id).copied()
    }

    /// Where the seat of this index stands.
    ///
    /// # Panics
    /// If there is no such seat: indexes come from this map.
    pub fn place(&self, index: SeatIndex) -> SeatPlace {
        self.places[index as usize]
    }

    /// The seat of this index.
    ///
    /// # Panics
    /// If there is no such seat: indexes come from this map.
    pub fn seat(&self, index: SeatIndex) -> &Seat {
        let place = self.place(index);
        &self.row(place).seats[place.in_row as usize]
    }

    /// The section of the seat at this place.
    pub fn section(&self, place: SeatPlace) -> &Section {
        &self.map.sections[place.section as usize]
    }

    /// The row of the seat at this place.
    pub fn row(&self, place: SeatPlace) -> &Row {
        &self.section(place).rows[place.row as usize]
    }

    /// The category of the seat at this place.
    pub fn category(&self, place: SeatPlace) -> &Category {
        &self.map.categories[place.category as usize]
    }
}
