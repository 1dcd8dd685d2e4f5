//! pretix seating plans. Zones become sections; the positions of zone, row and seat add up. Areas become
//! shapes with coordinates of the whole map:
//!
//! - `kind`: `rectangle` (`width`, `height`), `circle` (`radius`), `ellipse` (`radius_x`, `radius_y`),
//!   `polygon` (`points`: a list of `x`, `y`) or `text`;
//! - `x`, `y`: left top of a rectangle, centre of a circle or ellipse, origin of a polygon or text;
//! - `rotation` in degrees clockwise round `x`, `y`; `color` and `border_color`, `#rrggbb` or null;
//! - `text`: null, or `text`, `x`, `y` (its centre), `size`, `color`.

use serde_json::{Value, json};

use crate::map::Point;

use super::builder::{Builder, NewSeat, RowAt};
use super::fault::{Fault, Named, Quote};
use super::json::{self, Fields, Path};
use super::own::{read_categories, read_size, warn_of_unknown};
use super::palette::normal_color;
use super::problems::At;

/// The most points of a polygon: they are drawn with every map.
const MAX_POINTS: usize = 1_000;

/// The size of a text whose area names none, as in pretix's own editor.
const TEXT_SIZE: f64 = 16.0;

pub(super) fn read(text: &str, builder: &mut Builder) {
    let Some(value) = json::parse(text, &mut builder.problems) else {
        return;
    };
    let path = Path::Root;
    let Some(plan) = Fields::of(&value, &path, &mut builder.problems) else {
        return;
    };
    warn_of_unknown(plan, &["name", "size", "zones", "categories"], builder);
    builder.name = plan.text("name", &mut builder.problems);
    if let Some(name) = builder.name.clone() {
        builder.check_name(At::Path(&Path::Key(&path, "name")), Named::Map, &name);
    }
    builder.size = read_size(plan, builder);
    read_categories(plan, builder);
    let list_path = Path::Key(&path, "zones");
    let zones = plan.required_list("zones", &mut builder.problems);
    for (value, at) in zones.iter().zip(0..) {
        let path = Path::Index(&list_path, at);
        let Some(zone) = Fields::of(value, &path, &mut builder.problems) else {
            continue;
        };
        if !read_zone(zone, at, builder) {
            return;
        }
    }
}

/// `false` if the map is full.
fn read_zone(zone: Fields, at: usize, builder: &mut Builder) -> bool {
    let problems = &mut builder.problems;
    let origin = zone.point("position", problems).unwrap_or(ORIGIN);
    let areas = zone.list("areas", problems);
    let rows = zone.list("rows", problems);
    read_areas(areas, &Path::Key(zone.path, "areas"), origin, builder);
    if rows.is_empty() {
        // A zone may hold nothing but areas.
        return true;
    }
    let name = zone_name(zone, at, builder);
    let Some(section) = builder.add_section(zone.at(), &name) else {
        return false;
    };
    let list_path = Path::Key(zone.path, "rows");
    for (value, at) in rows.iter().zip(0..) {
        let path = Path::Index(&list_path, at);
        let Some(row) = Fields::of(value, &path, &mut builder.problems) else {
            continue;
        };
        if !read_row(row, section, origin, builder) {
            return false;
        }
    }
    true
}

/// Zones may be nameless in pretix; sections may not.
fn zone_name(zone: Fields, at: usize, builder: &mut Builder) -> String {
    let problems = &mut builder.problems;
    let names = ["name", "zone_id"].map(|key| zone.text(key, problems));
    let name = names.into_iter().flatten().find(|name| !name.is_empty());
    name.unwrap_or_else(|| {
        let made = format!("Zone {}", at + 1);
        let name = Quote::of(&made);
        problems.warning(zone.at(), Fault::ZoneNameless { name });
        made
    })
}

/// `false` if the map is full.
fn read_row(row: Fields, section: usize, zone: Point, builder: &mut Builder) -> bool {
    let problems = &mut builder.problems;
    let name = row.required_text("row_number", problems);
    let origin = row.point("position", problems).unwrap_or(ORIGIN);
    let seats = row.required_list("seats", problems);
    let at = builder.add_row(row.at(), section, name.as_deref().unwrap_or("?"));
    let list_path = Path::Key(row.path, "seats");
    for (value, index) in seats.iter().zip(0..) {
        let path = Path::Index(&list_path, index);
        let Some(seat) = Fields::of(value, &path, &mut builder.problems) else {
            continue;
        };
        if !read_seat(seat, at, sum(zone, origin), builder) {
            return false;
        }
    }
    true
}

/// `false` if the map is full.
fn read_seat(seat: Fields, row: RowAt, origin: Point, builder: &mut Builder) -> bool {
    let problems = &mut builder.problems;
    let seat_id = seat.required_text("seat_guid", problems);
    let number = seat.required_text("seat_number", problems);
    let category = seat.required_text("category", problems);
    if seat.get("position").is_none() {
        problems.seat_error(seat.at(), seat_id.as_deref(), Fault::SeatWithoutPosition);
        return true;
    }
    let position = seat.point("position", problems);
    let (Some(seat_id), Some(number), Some(category), Some(position)) =
        (seat_id, number, category, position)
    else {
        return true;
    };
    let new = NewSeat {
        seat_id: &seat_id,
        number: &number,
        point: Some(sum(origin, position)),
        category: &category,
        accessible: false,
    };
    builder.add_seat(seat.at(), row, &new)
}

fn read_areas(areas: &[Value], list_path: &Path, zone: Point, builder: &mut Builder) {
    for (value, at) in areas.iter().zip(0..) {
        let path = Path::Index(list_path, at);
        let Some(area) = Fields::of(value, &path, &mut builder.problems) else {
            continue;
        };
        if let Some(shape) = read_area(area, zone, builder) {
            builder.add_shape(area.at(), shape);
        }
    }
}

fn read_area(area: Fields, zone: Point, builder: &mut Builder) -> Option<Value> {
    let problems = &mut builder.problems;
    let origin = sum(zone, area.point("position", problems).unwrap_or(ORIGIN));
    let kind = area.text("shape", problems);
    let kind = kind.unwrap_or_else(|| "rectangle".to_owned());
    let Some(mut shape) = read_outline(area, &kind, origin, builder) else {
        let shape = Quote::of(&kind);
        builder
            .problems
            .warning(area.at(), Fault::ShapeUnknown { shape });
        return None;
    };
    let rotation = area.number("rotation", &mut builder.problems);
    let colors = ["color", "border_color"].map(|key| read_color(area, key, builder));
    shape["kind"] = kind.into();
    shape["x"] = origin.x.into();
    shape["y"] = origin.y.into();
    shape["rotation"] = rotation.unwrap_or_default().into();
    [shape["color"], shape["border_color"]] = colors;
    shape["text"] = read_text(area, origin, builder);
    Some(shape)
}

/// What is particular to a shape; `None` if nothing can be drawn.
fn read_outline(area: Fields, kind: &str, origin: Point, builder: &mut Builder) -> Option<Value> {
    let problems = &mut builder.problems;
    match kind {
        "rectangle" => {
            let path = Path::Key(area.path, kind);
            // Older plans have the lengths beside the position.
            let nested = area
                .get(kind)
                .and_then(|value| Fields::of(value, &path, problems));
            let lengths = nested.unwrap_or(area);
            let [width, height] = ["width", "height"].map(|key| lengths.number(key, problems));
            Some(json!({ "width": width?, "height": height? }))
        }
        "circle" => {
            let path = Path::Key(area.path, kind);
            let circle = Fields::of(area.get(kind)?, &path, problems)?;
            Some(json!({ "radius": circle.number("radius", problems)? }))
        }
        "ellipse" => {
            let path = Path::Key(area.path, kind);
            let ellipse = Fields::of(area.get(kind)?, &path, problems)?;
            let radius = ellipse.point("radius", problems)?;
            Some(json!({ "radius_x": radius.x, "radius_y": radius.y }))
        }
        "polygon" => {
            let path = Path::Key(area.path, kind);
            let polygon = Fields::of(area.get(kind)?, &path, problems)?;
            let points = read_points(polygon, origin, builder);
            (points.len() >= 3).then(|| json!({ "points": points }))
        }
        "text" => Some(json!({})),
        _ => None,
    }
}

fn read_points(polygon: Fields, origin: Point, builder: &mut Builder) -> Vec<Point> {
    let problems = &mut builder.problems;
    let list_path = Path::Key(polygon.path, "points");
    let points = polygon.list("points", problems).iter().take(MAX_POINTS);
    let read = |(value, at)| {
        let path = Path::Index(&list_path, at);
        let point = Fields::of(value, &path, problems)?;
        let [x, y] = ["x", "y"].map(|key| point.required_number(key, problems));
        Some(sum(origin, Point { x: x?, y: y? }))
    };
    points.zip(0..).filter_map(read).collect()
}

fn read_text(area: Fields, origin: Point, builder: &mut Builder) -> Value {
    let path = Path::Key(area.path, "text");
    let nothing = ORIGIN;
    // Older plans have a text alone.
    let (text, position, size, color) = match area.get("text") {
        Some(Value::String(text)) => (text.clone(), nothing, None, Value::Null),
        Some(value) => {
            let problems = &mut builder.problems;
            let Some(fields) = Fields::of(value, &path, problems) else {
                return Value::Null;
            };
            let text = fields.text("text", problems).unwrap_or_default();
            let position = fields.point("position", problems).unwrap_or(nothing);
            let size = fields.number("size", problems);
            (text, position, size, read_color(fields, "color", builder))
        }
        None => return Value::Null,
    };
    if text.is_empty() || !builder.check_name(At::Path(&path), Named::Area, &text) {
        return Value::Null;
    }
    let Point { x, y } = sum(origin, position);
    json!({ "text": text, "x": x, "y": y, "size": size.unwrap_or(TEXT_SIZE), "color": color })
}

/// A colour, or null: names of colours are not worth a problem.
fn read_color(fields: Fields, key: &str, builder: &mut Builder) -> Value {
    let color = fields.text(key, &mut builder.problems);
    color.and_then(|color| normal_color(&color)).into()
}

const ORIGIN: Point = Point { x: 0.0, y: 0.0 };

/// Sums are rounded to a thousandth of a unit, which takes away the noise of adding.
fn sum(one: Point, other: Point) -> Point {
    let round = |value: f64| (value * 1_000.0).round() / 1_000.0;
    Point {
        x: round(one.x + other.x),
        y: round(one.y + other.y),
    }
}
