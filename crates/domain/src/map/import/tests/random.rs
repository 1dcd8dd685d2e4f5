//! Any map, and any bytes.

use proptest::prelude::*;

use super::*;
use crate::map::samples::{hall, stadium};
use crate::map::{Category, Point, Row, Seat, Section, Size};

fn read_back(map: &SeatMap) -> SeatMap {
    let mut json = serde_json::to_value(map).unwrap();
    json["map_version"] = "abc".into();
    map_of(read(Format::Json, &json.to_string()))
}

#[test]
fn real_maps_read_back_as_they_were_written() {
    for map in [hall(), stadium()] {
        assert_eq!(&read_back(map.map()), map.map());
    }
}

fn maps() -> impl Strategy<Value = SeatMap> {
    let coordinate = || -1e6..1e6;
    let seat = (
        coordinate(),
        coordinate(),
        0usize..3,
        any::<bool>(),
        "[0-9A-Za-z가é ]{0,5}x",
    );
    let row = ("[A-Z]{1,2}|[0-9]{1,3}", prop::collection::vec(seat, 1..8));
    let section = ("[A-Za-z가 -]{0,8}x", prop::collection::vec(row, 0..4));
    let price = prop::option::of(0..=MAX_PRICE);
    let prices = (price.clone(), price.clone(), price);
    let sections = prop::collection::vec(section, 1..4);
    let positions = prop_oneof![Just(Positions::Given), Just(Positions::LaidOut)];
    (sections, prices, coordinate(), coordinate(), positions).prop_map(
        |(sections, prices, x, y, positions)| {
            let mut next = 0..;
            let mut seat =
                |(x, y, category, accessible, number): (f64, f64, usize, bool, String)| Seat {
                    seat_id: format!("s{}", next.next().unwrap_or(0)).try_into().unwrap(),
                    number: number.trim().to_owned(),
                    x,
                    y,
                    category: format!("category {category}"),
                    accessible,
                };
            let mut row = |(name, seats): (String, Vec<_>)| Row {
                name,
                seats: seats.into_iter().map(&mut seat).collect(),
            };
            let sections = sections.into_iter().map(|(name, rows)| Section {
                name: name.trim().to_owned(),
                rows: rows.into_iter().map(&mut row).collect(),
            });
            let price = [prices.0, prices.1, prices.2];
            let categories = price.into_iter().enumerate().map(|(at, price)| Category {
                name: format!("category {at}"),
                color: format!("#00000{at}"),
                price,
            });
            SeatMap {
                name: "Any".to_owned(),
                size: Size {
                    width: 1e6,
                    height: 1e6,
                },
                focus: Point { x, y },
                positions,
                categories: categories.collect(),
                sections: sections.collect(),
                shapes: vec![serde_json::json!({ "kind": "any", "x": x })],
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_map_reads_back_as_it_was_written(map in maps()) {
        prop_assume!(map.seats().next().is_some());
        prop_assert_eq!(read_back(&map), map);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for format in [Format::Pretix, Format::Csv, Format::Json] {
            let report = import(format, &bytes, Options::default());
            prop_assert!(report.map.is_some() || !report.problems.is_empty());
        }
    }

    #[test]
    fn no_damage_to_a_good_file_makes_it_panic(
        which in 0usize..3,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0usize..20, ".{0,3}|[-0-9,\"{}\\[\\]e.]{0,4}"), 1..6)
    ) {
        let csv = format!("{SEATS}A,1,1,c,1,0,0,no\nA,1,2,c,1,1,0,yes\n\"B\",1,3,d,0,5,5,\n");
        let own = serde_json::to_string(&map_of(read(Format::Csv, &csv))).unwrap_or_default();
        let plan = String::from_utf8_lossy(&HALL[..1_200]).into_owned() + "]}]}]}";
        let (format, text) = [(Format::Csv, csv), (Format::Json, own), (Format::Pretix, plan)][which].clone();
        let mut bytes = text.into_bytes();
        for (at, len, put) in cuts {
            let at = at.index(bytes.len().max(1)).min(bytes.len());
            let end = (at + len).min(bytes.len());
            bytes.splice(at..end, put.into_bytes());
        }
        let report = import(format, &bytes, Options::default());
        let errors = report.problems.iter().any(|problem| problem.severity == Severity::Error);
        prop_assert_eq!(report.map.is_none(), errors);
        if let Some(map) = report.map {
            let total = map.seats().count();
            let indexed = crate::map::IndexedMap::new(map).expect("what is passed can be indexed");
            let ranking = crate::best_available::Ranking::new(&indexed);
            prop_assert_eq!(ranking.adjacency().runs().flatten().count(), total);
        }
    }
}
