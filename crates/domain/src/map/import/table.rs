//! CSV: row ranges (`section,row,seats,category,price`), or one seat a line (`seat` instead of `seats`, and
//! optional `x`, `y` and `accessible`). Columns are told by their names, in any order.

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::map::Point;

use super::builder::{Builder, NewSeat};
use super::fault::{Fault, Quote};
use super::problems::At;
use super::ranges::seat_numbers;
use super::{MAX_COORDINATE, MAX_PRICE};

pub(super) fn read(text: &str, builder: &mut Builder) {
    let mut lines = Lines::new(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let mut columns: Option<Columns> = None;
    for record in reader.records() {
        let Ok(record) = record else {
            return builder.problems.error(At::Nowhere, Fault::NotCsv);
        };
        let at = At::Line(lines.line_of(&record));
        let Some(columns) = &columns else {
            columns = Columns::of(&record, at, builder);
            if columns.is_none() {
                return;
            }
            continue;
        };
        let blank = record.iter().all(str::is_empty);
        if !blank && columns.fits(&record, at, builder) && !read_line(columns, &record, at, builder)
        {
            return;
        }
    }
}

/// Where in a record the value of each column is.
struct Columns {
    names: usize,
    section: usize,
    row: usize,
    seats: Seats,
    category: usize,
    price: Option<usize>,
    position: Option<[usize; 2]>,
    accessible: Option<usize>,
}

/// How a line names its seats.
#[derive(Clone, Copy)]
enum Seats {
    Ranges(usize),
    One(usize),
}

/// Columns of ours and whatever a spreadsheet has beside them.
const COLUMNS_AT_MOST: usize = 100;

const KNOWN: [&str; 9] = [
    "section",
    "row",
    "seats",
    "seat",
    "category",
    "price",
    "x",
    "y",
    "accessible",
];

impl Columns {
    fn of(header: &StringRecord, at: At, builder: &mut Builder) -> Option<Self> {
        if header.len() > COLUMNS_AT_MOST {
            let (count, most) = (header.len(), COLUMNS_AT_MOST);
            builder
                .problems
                .error(at, Fault::TooManyColumns { count, most });
            return None;
        }
        let names: Vec<_> = header.iter().map(str::to_lowercase).collect();
        check_header(&names, at, builder);
        let find = |name: &str| names.iter().position(|known| known == name);
        let mut required = |name: &str| {
            let found = find(name);
            if found.is_none() {
                let name = Quote::of(name);
                builder.problems.error(at, Fault::ColumnMissing { name });
            }
            found
        };
        let [section, row, category] = ["section", "row", "category"].map(&mut required);
        let problems = &mut builder.problems;
        let seats = match (find("seats"), find("seat")) {
            (Some(ranges), None) => Some(Seats::Ranges(ranges)),
            (None, Some(one)) => Some(Seats::One(one)),
            (Some(_), Some(_)) => {
                problems.error(at, Fault::SeatColumnTwice);
                None
            }
            (None, None) => {
                problems.error(at, Fault::SeatColumnMissing);
                None
            }
        };
        let position = match (find("x"), find("y")) {
            (Some(x), Some(y)) => Some([x, y]),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                problems.error(at, Fault::PositionColumnMissing);
                None
            }
        };
        if let (Some(Seats::Ranges(_)), Some(_)) = (seats, position) {
            problems.error(at, Fault::PositionsOfRanges);
        }
        Some(Self {
            names: names.len(),
            section: section?,
            row: row?,
            seats: seats?,
            category: category?,
            price: find("price"),
            position,
            accessible: find("accessible"),
        })
    }

    /// Whether a line has as many fields as the header.
    fn fits(&self, record: &StringRecord, at: At, builder: &mut Builder) -> bool {
        if record.len() == self.names {
            return true;
        }
        let (count, wanted) = (record.len(), self.names);
        let fault = if count > wanted {
            Fault::LineTooLong { count, wanted }
        } else {
            Fault::LineTooShort { count, wanted }
        };
        builder.problems.error(at, fault);
        false
    }
}

fn check_header(names: &[String], at: At, builder: &mut Builder) {
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            let name = Quote::of(name);
            builder.problems.error(at, Fault::ColumnTwice { name });
        } else if !KNOWN.contains(&name.as_str()) {
            let fault = if name.contains([';', '\t']) {
                Fault::NotCommas
            } else {
                let name = Quote::of(name);
                Fault::ColumnUnknown { name }
            };
            builder.problems.warning(at, fault);
        }
    }
}

/// `false` if the map is full.
fn read_line(columns: &Columns, record: &StringRecord, at: At, builder: &mut Builder) -> bool {
    let field = |column: usize| record.get(column).unwrap_or_default();
    let [section, row, category] = [columns.section, columns.row, columns.category].map(field);
    let price = columns
        .price
        .and_then(|column| read_price(field(column), at, builder));
    let accessible = columns
        .accessible
        .is_some_and(|column| read_flag(field(column), at, builder));
    let position = columns.position.map(|both| both.map(field));
    let point = position.and_then(|position| read_point(position, at, builder));
    let numbers = match columns.seats {
        Seats::One(column) => vec![field(column).to_owned()],
        Seats::Ranges(column) => match seat_numbers(field(column)) {
            Ok(numbers) => numbers,
            Err(fault) => {
                builder.problems.error(at, fault);
                return true;
            }
        },
    };
    builder.mention_category(at, category, price);
    let Some(place) = builder.find_row(at, section, row) else {
        return false;
    };
    numbers.iter().all(|number| {
        let new = NewSeat {
            seat_id: &format!("{section}-{row}-{number}"),
            number,
            point,
            category,
            accessible,
        };
        builder.add_seat(at, place, &new)
    })
}

fn read_price(text: &str, at: At, builder: &mut Builder) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    let price = text
        .parse()
        .ok()
        .filter(|price| (0..=MAX_PRICE).contains(price));
    if price.is_none() {
        let (found, most) = (found(text), MAX_PRICE);
        builder.problems.error(at, Fault::NotAPrice { found, most });
    }
    price
}

fn read_flag(text: &str, at: At, builder: &mut Builder) -> bool {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "1" => true,
        "" | "false" | "no" | "0" => false,
        _ => {
            let found = found(text);
            builder.problems.error(at, Fault::NotAccessible { found });
            false
        }
    }
}

fn read_point(position: [&str; 2], at: At, builder: &mut Builder) -> Option<Point> {
    if position == ["", ""] {
        return None;
    }
    let [x, y] = position.map(|text| {
        let value = text
            .parse::<f64>()
            .ok()
            .filter(|value| value.abs() <= MAX_COORDINATE);
        if value.is_none() {
            let (found, most) = (found(text), MAX_COORDINATE);
            builder
                .problems
                .error(at, Fault::NotAPosition { found, most });
        }
        value
    });
    Some(Point { x: x?, y: y? })
}

/// A cell as a fault shows it.
fn found(text: &str) -> String {
    Quote::of(text).to_string()
}

/// Counts lines as editors do: `\n`, `\r\n` and `\r` each end one, also in a quoted value.
struct Lines<'a> {
    bytes: &'a [u8],
    seen: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    const fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            seen: 0,
            line: 1,
        }
    }

    /// The line on which a record begins. Records must come in order.
    fn line_of(&mut self, record: &StringRecord) -> u64 {
        let start = record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start)
            .unwrap_or(usize::MAX)
            .min(self.bytes.len());
        self.advance_while(|at, _| at < start);
        // The reader counts the line ends before a record to it.
        self.advance_while(|_, byte| matches!(byte, b'\n' | b'\r'));
        self.line
    }

    fn advance_while(&mut self, goes_on: impl Fn(usize, u8) -> bool) {
        while let Some(byte) = self
            .bytes
            .get(self.seen)
            .filter(|byte| goes_on(self.seen, **byte))
        {
            let next = self.bytes.get(self.seen + 1);
            if *byte == b'\n' || *byte == b'\r' && next != Some(&b'\n') {
                self.line += 1;
            }
            self.seen += 1;
        }
    }
}
