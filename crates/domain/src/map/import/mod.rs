//! Reading seat maps: pretix seating plans, CSV, and this API's own map JSON.
//!
//! Bytes in, a map and problems out. As many problems as can be found are told at once, each with its place;
//! a map with errors is not given out. Whatever the bytes are, nothing panics.

use serde::{Deserialize, Serialize};

use super::SeatMap;
use builder::Builder;
pub use fault::{Fault, Named, Quote};
use problems::{At, Problems};
pub use problems::{MAX_PROBLEMS, Problem, Severity, Where};

mod builder;
mod fault;
mod finish;
mod json;
mod own;
mod palette;
mod pretix;
mod problems;
mod ranges;
mod table;

/// The most seats of a map: twice the largest stadium there is.
pub const MAX_SEATS: usize = 200_000;
/// The most seats in a row: far above any hall's, and below what a mistyped range asks for.
pub const MAX_SEATS_PER_ROW: usize = 5_000;
/// The most sections: availability and pages show them all at once.
pub const MAX_SECTIONS: usize = 5_000;
/// The most categories: each has a price that somebody sets, and a colour that somebody tells apart.
pub const MAX_CATEGORIES: usize = 200;
/// The most shapes: they are drawn with every map.
pub const MAX_SHAPES: usize = 10_000;
/// The most characters of a name or a seat's number: what fits on a ticket.
pub const MAX_NAME_CHARS: usize = 100;
/// The largest coordinate, either way: beyond it pages draw inexactly.
pub const MAX_COORDINATE: f64 = 10_000_000.0;
/// The highest price in minor units: the sum over [`MAX_SEATS`] is still exact in every JSON reader.
pub const MAX_PRICE: i64 = 10_000_000_000;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A pretix seating plan.
    Pretix,
    /// Comma-separated values.
    Csv,
    /// This API's own map JSON.
    Json,
}

impl Format {
    /// The format of a media type, whatever its parameters.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        [Self::Pretix, Self::Csv, Self::Json]
            .into_iter()
            .find(|format| essence.eq_ignore_ascii_case(format.media_type()))
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pretix => "application/vnd.pretix.seating-plan+json",
            Self::Csv => "text/csv",
            Self::Json => "application/json",
        }
    }

    /// Tells the format of a file of which nothing else is known: JSON with zones is a pretix seating plan,
    /// other JSON our own, anything else CSV.
    pub fn guess(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        if !matches!(first, Some(b'{' | b'[')) {
            return Self::Csv;
        }
        match serde_json::from_slice::<Plan>(bytes) {
            Ok(_) => Self::Pretix,
            Err(_) => Self::Json,
        }
    }
}

/// What the operator says about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options<'a> {
    /// The category whose seats are accessible, beside those that the file says are.
    pub accessible_category: Option<&'a str>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportReport {
    /// The map; `None` if a problem is an error.
    pub map: Option<SeatMap>,
    /// What is wrong, errors first; at most [`MAX_PROBLEMS`] and a line about the rest.
    pub problems: Vec<Problem>,
}

/// What tells a pretix seating plan.
#[derive(Deserialize)]
struct Plan {
    #[serde(rename = "zones")]
    _zones: serde::de::IgnoredAny,
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads a map from a file.
pub fn import(format: Format, bytes: &[u8], options: Options) -> ImportReport {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return not_text(&bytes[..error.valid_up_to()]),
    };
    let mut builder = Builder::default();
    match format {
        Format::Pretix => pretix::read(text, &mut builder),
        Format::Csv => table::read(text, &mut builder),
        Format::Json => own::read(text, &mut builder),
    }
    builder.finish(options)
}

fn not_text(before: &[u8]) -> ImportReport {
    let line = (1..).zip(before.split(|byte| *byte == b'\n')).last();
    let line = line.map_or(1, |(line, _)| line);
    let mut problems = Problems::default();
    problems.error(At::Line(line), Fault::NotUtf8);
    ImportReport {
        map: None,
        problems: problems.into_list(),
    }
}

#[cfg(test)]
mod tests;
