//! Maps for tests: the two real venues, and small ones made row by row.

use super::import::{Format, Options, import};
use super::{IndexedMap, Positions, SeatMap};

/// The concert hall: 1,206 seats, with gaps of numbers and of position.
pub(crate) const HALL: &[u8] = include_bytes!("../../../../venues/ekcc-hall.pretix.json");
/// The stadium: 39,616 seats as row ranges.
pub(crate) const STADIUM: &[u8] = include_bytes!("../../../../venues/metalist-stadium.csv");

/// The concert hall, its wheelchair spaces accessible.
pub(crate) fn hall() -> IndexedMap {
    let options = Options {
        accessible_category: Some("Wheelchair"),
    };
    let report = import(Format::Pretix, HALL, options);
    IndexedMap::new(report.map.unwrap()).unwrap()
}

/// The stadium, laid out.
pub(crate) fn stadium() -> IndexedMap {
    let report = import(Format::Csv, STADIUM, Options::default());
    IndexedMap::new(report.map.unwrap()).unwrap()
}

/// A map with given positions of one section a text. A text is rows from the focus on, separated by
/// newlines; a row is a seat a character: `a` to `z` by category, in capitals if accessible, and a blank where
/// there is none. Seats are one unit apart, rows one and a half. Ids are `section-row-column`, all from 0; the
/// focus is the middle of the top.
pub(crate) fn drawn(sections: &[&str]) -> IndexedMap {
    let mut lines = vec!["section,row,seat,category,price,x,y,accessible".to_owned()];
    let mut top = 1.5;
    let mut width = 1;
    for (section, text) in sections.iter().enumerate() {
        for (row, seats) in text.lines().enumerate() {
            width = width.max(seats.len());
            for (column, letter) in seats.char_indices().filter(|(_, letter)| *letter != ' ') {
                let (category, accessible) = (letter.to_lowercase(), letter.is_uppercase());
                let line =
                    format!("{section},{row},{column},{category},100,{column},{top},{accessible}");
                lines.push(line);
            }
            top += 1.5;
        }
    }
    let mut map = read_csv(&lines.join("\n"));
    map.focus.x = f64::from(u32::try_from(width - 1).unwrap()) / 2.0;
    map.focus.y = 0.0;
    IndexedMap::new(map).unwrap()
}

/// Reads a CSV that must be good.
pub(crate) fn read_csv(text: &str) -> SeatMap {
    let report = import(Format::Csv, text.as_bytes(), Options::default());
    report
        .map
        .unwrap_or_else(|| panic!("{:?}", report.problems))
}

/// The index of a seat.
pub(crate) fn seat(map: &IndexedMap, seat_id: &str) -> u32 {
    map.index_of(&crate::id::SeatId::parse(seat_id).unwrap())
        .unwrap()
}

/// The ids of seats.
pub(crate) fn ids(map: &IndexedMap, seats: &[u32]) -> Vec<String> {
    let id = |seat: &u32| map.seat(*seat).seat_id.to_string();
    seats.iter().map(id).collect()
}

#[test]
fn the_samples_are_what_they_say() {
    assert_eq!(hall().map().positions, Positions::Given);
    assert_eq!(hall().seats_total(), 1_206);
    assert_eq!(stadium().map().positions, Positions::LaidOut);
    assert_eq!(stadium().seats_total(), 39_616);
    let small = drawn(&["aa B", "c"]);
    assert_eq!(small.seats_total(), 4);
    assert!(small.seat(seat(&small, "0-0-3")).accessible);
}
