//! This API's own map JSON: the shape in which maps are served. Positions may be left out, of all seats.

use serde_json::Value;

use crate::map::{Point, Positions, Size};

use super::builder::{Builder, NewSeat, RowAt};
use super::fault::{Fault, Named, Quote};
use super::json::{self, Fields, Path};
use super::problems::At;

pub(super) fn read(text: &str, builder: &mut Builder) {
    let Some(value) = json::parse(text, &mut builder.problems) else {
        return;
    };
    let path = Path::Root;
    let Some(map) = Fields::of(&value, &path, &mut builder.problems) else {
        return;
    };
    builder.name = map.text("name", &mut builder.problems);
    if let Some(name) = builder.name.clone() {
        builder.check_name(At::Path(&Path::Key(&path, "name")), Named::Map, &name);
    }
    builder.size = read_size(map, builder);
    builder.focus = map.point("focus", &mut builder.problems);
    builder.positions = read_positions(map, builder);
    read_categories(map, builder);
    read_sections(map, builder);
    let shapes_path = Path::Key(&path, "shapes");
    for shape in map.list("shapes", &mut builder.problems) {
        builder.add_shape(At::Path(&shapes_path), shape.clone());
    }
}

/// The size of the map; lengths of 0 and below are told.
pub(super) fn read_size(map: Fields, builder: &mut Builder) -> Option<Size> {
    let [width, height] = map.pair("size", ["width", "height"], &mut builder.problems)?;
    if width > 0.0 && height > 0.0 {
        return Some(Size { width, height });
    }
    let path = Path::Key(map.path, "size");
    builder.problems.error(At::Path(&path), Fault::NotASize);
    None
}

fn read_positions(map: Fields, builder: &mut Builder) -> Option<Positions> {
    let value = map.get("positions")?;
    let positions = serde_json::from_value(value.clone()).ok();
    if positions.is_none() {
        let path = Path::Key(map.path, "positions");
        builder
            .problems
            .warning(At::Path(&path), Fault::NotPositions);
    }
    positions
}

/// The list of categories, as pretix has it too.
pub(super) fn read_categories(map: Fields, builder: &mut Builder) {
    let list_path = Path::Key(map.path, "categories");
    let list = map.required_list("categories", &mut builder.problems);
    for (value, at) in list.iter().zip(0..) {
        let path = Path::Index(&list_path, at);
        let problems = &mut builder.problems;
        let Some(category) = Fields::of(value, &path, problems) else {
            continue;
        };
        let name = category.required_text("name", problems);
        let color = category.text("color", problems);
        let price = category.price("price", problems);
        if let Some(name) = name {
            builder.add_category(category.at(), &name, color.as_deref(), price);
        }
    }
}

fn read_sections(map: Fields, builder: &mut Builder) {
    let list_path = Path::Key(map.path, "sections");
    let list = map.required_list("sections", &mut builder.problems);
    for (value, at) in list.iter().zip(0..) {
        let path = Path::Index(&list_path, at);
        let Some(section) = Fields::of(value, &path, &mut builder.problems) else {
            continue;
        };
        let name = section.required_text("name", &mut builder.problems);
        let Some(at) = builder.add_section(section.at(), name.as_deref().unwrap_or("?")) else {
            return;
        };
        if !read_rows(section, at, builder) {
            return;
        }
    }
}

/// `false` if the map is full.
fn read_rows(section: Fields, section_at: usize, builder: &mut Builder) -> bool {
    let list_path = Path::Key(section.path, "rows");
    let list = section.required_list("rows", &mut builder.problems);
    for (value, at) in list.iter().zip(0..) {
        let path = Path::Index(&list_path, at);
        let Some(row) = Fields::of(value, &path, &mut builder.problems) else {
            continue;
        };
        let name = row.required_text("name", &mut builder.problems);
        let at = builder.add_row(row.at(), section_at, name.as_deref().unwrap_or("?"));
        let seats_path = Path::Key(&path, "seats");
        let seats = row.required_list("seats", &mut builder.problems);
        for (value, index) in seats.iter().zip(0..) {
            if !read_seat(value, &Path::Index(&seats_path, index), at, builder) {
                return false;
            }
        }
    }
    true
}

fn read_seat(value: &Value, path: &Path, row: RowAt, builder: &mut Builder) -> bool {
    let problems = &mut builder.problems;
    let Some(seat) = Fields::of(value, path, problems) else {
        return true;
    };
    let seat_id = seat.required_text("seat_id", problems);
    let number = seat.required_text("number", problems);
    let category = seat.required_text("category", problems);
    let accessible = seat.flag("accessible", problems);
    let [x, y] = ["x", "y"].map(|key| seat.number(key, problems));
    let point = match (x, y) {
        (Some(x), Some(y)) => Some(Point { x, y }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            problems.seat_error(seat.at(), seat_id.as_deref(), Fault::HalfAPosition);
            return true;
        }
    };
    let (Some(seat_id), Some(number), Some(category)) = (seat_id, number, category) else {
        return true;
    };
    let new = NewSeat {
        seat_id: &seat_id,
        number: &number,
        point,
        category: &category,
        accessible,
    };
    builder.add_seat(seat.at(), row, &new)
}

/// Tells of the fields of an object that nothing here reads.
pub(super) fn warn_of_unknown(fields: Fields, known: &[&str], builder: &mut Builder) {
    for key in fields.keys().filter(|key| !known.contains(key)) {
        let path = Path::Key(fields.path, key);
        let name = Quote::of(key);
        builder
            .problems
            .warning(At::Path(&path), Fault::FieldUnknown { name });
    }
}
