//! What can be wrong with a file: each fault once, with its code, its values and its English sentence.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most characters of a file's text that a fault repeats.
const MAX_QUOTED_CHARS: usize = 60;

/// Makes the enum and the table of its codes from one list, so that neither lacks what the other has.
macro_rules! faults {
    ($($(#[$about:meta])* $name:ident $({ $($value:ident: $type:ty),+ })? = $code:literal, $sentence:literal;)+) => {
        /// What is wrong, for programs by its code and values, for people in English by its `Display`.
        /// Codes are promised: pages say them in other languages.
        #[derive(Debug, Clone, PartialEq, thiserror::Error, Serialize, Deserialize)]
        #[serde(tag = "code", content = "values")]
        #[expect(missing_docs, reason = "a value is what its name says, and stands in the sentence")]
        pub enum Fault {
            $($(#[$about])* #[error($sentence)] #[serde(rename = $code)] $name $({ $($value: $type),+ })?,)+
        }

        impl Fault {
            /// All codes, each with the names of its values.
            pub const CODES: &[(&str, &[&str])] = &[$(($code, &[$($(stringify!($value)),+)?])),+];
        }
    };
}

faults! {
    /// Bytes that are no text.
    NotUtf8 = "not_utf8", "the file is not UTF-8: save it as UTF-8";
    /// Text that is no JSON; the reason is the parser's.
    NotJson { reason: String } = "not_json", "not valid JSON: {reason}";
    /// Text that is no CSV.
    NotCsv = "not_csv", "the file can't be read as CSV";

    /// A JSON value of another kind.
    NotAnObject { found: String } = "not_an_object", "an object is wanted, not {found}";
    /// A JSON value of another kind.
    NotAList { found: String } = "not_a_list", "a list is wanted, not {found}";
    /// A JSON value of another kind.
    NotAText { found: String } = "not_a_text", "a text is wanted, not {found}";
    /// A value that is no coordinate or length.
    NotANumber { found: String, most: f64 } = "not_a_number", "a number between -{most} and {most} is wanted, not {found}";
    /// A value that is neither yes nor no.
    NotAFlag { found: String } = "not_a_flag", "true or false is wanted, not {found}";
    /// A value that is no price.
    NotAPrice { found: String, most: i64 } = "not_a_price", "a price is a whole number of minor units from 0 to {most}, not {found}";
    /// A width or a height of 0 or less.
    NotASize = "not_a_size", "width and height are more than 0";
    /// Positions that are neither given nor laid out.
    NotPositions = "not_positions", "\"given\" or \"laid_out\" is wanted; positions are taken as given";
    /// A colour that is not written with a `#`.
    NotAColor { color: Quote } = "not_a_color", "{color} is not a color like #3366cc; another is used";
    /// A required field that is not there.
    FieldMissing { name: Quote } = "field_missing", "{name} is missing";
    /// A field or a column that nothing reads.
    FieldUnknown { name: Quote } = "field_unknown", "{name} is not known and ignored";

    /// A name without a letter.
    NameEmpty { whose: Named } = "name_empty", "{whose} is empty";
    /// A name that fits on no ticket.
    NameTooLong { whose: Named, most: usize, text: Quote } = "name_too_long", "{whose} is longer than {most} characters: {text}";
    /// A name with what can't be printed.
    NameUnprintable { whose: Named, text: Quote } = "name_unprintable", "{whose} has control characters: {text}";

    /// Two categories of one name.
    CategoryTwice { name: Quote } = "category_twice", "the category {name} stands twice";
    /// Lines that disagree on a price.
    CategoryWithTwoPrices { name: Quote, first: i64, other: i64 } = "category_with_two_prices", "the category {name} has two prices: {first} before, {other} here";
    /// A category that nothing gives a price.
    CategoryWithoutPrice { name: Quote } = "category_without_price", "the category {name} has no price: set it in the event's prices";
    /// A category that no seat has.
    CategoryWithoutSeats { name: Quote } = "category_without_seats", "no seat is of the category {name}";
    /// A seat's category that is not listed.
    CategoryUnknown { name: Quote } = "category_unknown", "there is no category {name}";
    /// An operator's wish that fits no category.
    AccessibleCategoryUnknown { name: Quote } = "accessible_category_unknown", "there is no category {name} to be accessible";
    /// Two sections of one name.
    SectionTwice { name: Quote } = "section_twice", "two sections are called {name}";
    /// A section without a seat.
    SectionWithoutSeats { name: Quote } = "section_without_seats", "the section {name} has no seats";
    /// A zone of a pretix plan that needs a name.
    ZoneNameless { name: Quote } = "zone_nameless", "the zone has no name and is called {name}";
    /// A file without a seat.
    NoSeats = "no_seats", "the map has no seats";

    /// An id that is none.
    NotASeatId = "not_a_seat_id", "a seat id is 1 to 64 characters without control characters";
    /// Two seats of one id.
    SeatIdTwice = "seat_id_twice", "the seat id stands twice";
    /// Two seats of one id, in a file of lines.
    SeatIdOnTwoLines { first_line: u64 } = "seat_id_on_two_lines", "the seat id stands twice, first on line {first_line}";
    /// A seat that nobody could price.
    SeatWithoutCategory = "seat_without_category", "the seat has no category";
    /// A seat that nobody could draw.
    SeatWithoutPosition = "seat_without_position", "the seat has no position";
    /// A seat that nobody could draw among others that can be.
    SomeWithoutPosition = "some_without_position", "this seat has no position, but others have: give x and y for all or for none";
    /// One coordinate without the other.
    HalfAPosition = "half_a_position", "a position is x and y: one of them is missing";
    /// Two seats at one place.
    SamePlace { other: Quote } = "same_place", "stands at the same place as the seat {other}";

    /// More than a map may have.
    TooManySeats { most: usize } = "too_many_seats", "a map has at most {most} seats";
    /// More than a row may have.
    TooManySeatsInRow { most: usize } = "too_many_seats_in_row", "a row has at most {most} seats";
    /// More than a map may have.
    TooManySections { most: usize } = "too_many_sections", "a map has at most {most} sections";
    /// More than a map may have.
    TooManyCategories { most: usize } = "too_many_categories", "a map has at most {most} categories";
    /// More than a map may have.
    TooManyShapes { most: usize } = "too_many_shapes", "only the first {most} shapes are kept";

    /// A size or a focus for a hall that is laid out anew.
    SizeWithoutPositions = "size_without_positions", "\"focus\" and \"size\" mean nothing without the positions of seats: the hall was laid out anew";
    /// A size that is too small.
    SizeEnlarged = "size_enlarged", "seats stand beyond the map's size, which has been enlarged";
    /// Coordinates below 0.
    OutOfSight = "out_of_sight", "seats stand left of or above the map's origin, where they can't be seen";
    /// An area of a pretix plan that pages can't draw.
    ShapeUnknown { shape: Quote } = "shape_unknown", "an area of shape {shape} can't be drawn and is left out";

    /// A header of a spreadsheet and much more.
    TooManyColumns { count: usize, most: usize } = "too_many_columns", "the header has {count} columns, at most {most} are read";
    /// A required column that is not there.
    ColumnMissing { name: Quote } = "column_missing", "the header has no column {name}";
    /// Neither of the columns that name seats.
    SeatColumnMissing = "seat_column_missing", "the header has no column \"seats\" (ranges) or \"seat\" (one a line)";
    /// Both columns that name seats.
    SeatColumnTwice = "seat_column_twice", "the header has \"seats\" and \"seat\": use one of them";
    /// One column of coordinates without the other.
    PositionColumnMissing = "position_column_missing", "the header has only one of \"x\" and \"y\"";
    /// One position for many seats.
    PositionsOfRanges = "positions_of_ranges", "\"x\" and \"y\" go with one seat a line (\"seat\"), not with ranges";
    /// Two columns of one name.
    ColumnTwice { name: Quote } = "column_twice", "the header has the column {name} twice";
    /// Columns that something else separates.
    NotCommas = "not_commas", "the columns of the header are not separated by commas";
    /// A column that nothing reads.
    ColumnUnknown { name: Quote } = "column_unknown", "the column {name} is not known and ignored";
    /// Fewer fields than columns.
    LineTooShort { count: usize, wanted: usize } = "line_too_short", "the line has {count} fields, the header {wanted}";
    /// More fields than columns.
    LineTooLong { count: usize, wanted: usize } = "line_too_long", "the line has {count} fields, the header {wanted}; values with commas stand in quotes";
    /// A cell of the column `accessible` that is neither yes nor no.
    NotAccessible { found: String } = "not_accessible", "\"accessible\" is true or false, not {found}";
    /// A cell that is no coordinate.
    NotAPosition { found: String, most: f64 } = "not_a_position", "a position is a number between -{most} and {most}, not {found}";
    /// Nothing between two commas.
    RangeMissing { text: Quote } = "range_missing", "a range is missing between the commas of {text}";
    /// A range that can't be read.
    NotARange { text: Quote } = "not_a_range", "{text} is not a range like 1-10";
    /// A range whose higher number comes first.
    RangeDownwards { text: Quote } = "range_downwards", "{text} counts down: the lower number comes first";
    /// A range of more seats than a row may have.
    RangeTooLong { text: Quote, most: usize } = "range_too_long", "{text} is more than {most} seats in a row";

    /// What did not fit into the list.
    More { left: usize } = "more", "and {left} more problems";
}

/// What has a name that is not as names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// The whole map.
    Map,
    /// A category.
    Category,
    /// A section.
    Section,
    /// A row.
    Row,
    /// A seat: its number in its row.
    Seat,
    /// An area of a pretix plan: the text on it.
    Area,
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Map => "the map's name",
            Self::Category => "a category's name",
            Self::Section => "a section's name",
            Self::Row => "a row's name",
            Self::Seat => "a seat's number",
            Self::Area => "an area's text",
        })
    }
}

/// A text of the file as a fault repeats it: cut if long; in sentences quoted, with control characters made
/// visible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quote(String);

impl Quote {
    /// Repeats a text.
    pub fn of(text: &str) -> Self {
        Self(cut(text))
    }
}

impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// A text as it stands in a list: cut if long.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTED_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_a_code_with_values_for_programs_and_a_sentence_for_people() {
        let fault = Fault::NameTooLong {
            whose: Named::Row,
            most: 100,
            text: Quote::of(&"\n".repeat(61)),
        };
        let text = "\n".repeat(60) + "…";
        assert_eq!(
            serde_json::to_value(&fault).unwrap(),
            serde_json::json!({ "code": "name_too_long", "values": { "whose": "row", "most": 100, "text": text } })
        );
        let told = fault.to_string();
        assert!(told.starts_with(r#"a row's name is longer than 100 characters: "\n\n"#));
    }

    #[test]
    fn no_code_is_given_twice() {
        let mut codes: Vec<_> = Fault::CODES.iter().map(|(code, _)| code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Fault::CODES.len());
    }
}
