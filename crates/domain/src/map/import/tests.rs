use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::map::samples::{HALL, STADIUM, hall, stadium};
use crate::map::{Category, Point, Positions, Row, Seat, Section, Size};

const HEADER: &str = "section,row,seats,category,price\n";
const SEATS: &str = "section,row,seat,category,price,x,y,accessible\n";

fn read(format: Format, text: &str) -> ImportReport {
    import(format, text.as_bytes(), Options::default())
}

fn csv(text: &str) -> ImportReport {
    read(Format::Csv, text)
}

/// Severity, place and words of every problem.
fn told(report: &ImportReport) -> Vec<String> {
    let tell = |problem: &Problem| {
        let Where {
            line,
            seat_id,
            path,
        } = &problem.where_;
        let line = line.map(|line| format!(" line {line}")).unwrap_or_default();
        let seat = seat_id
            .as_ref()
            .map(|id| format!(" seat {id}"))
            .unwrap_or_default();
        let path = path
            .as_ref()
            .map(|path| format!(" at {path}"))
            .unwrap_or_default();
        format!("{:?}{line}{seat}{path}: {}", problem.severity, problem.what)
    };
    report.problems.iter().map(tell).collect()
}

fn map_of(report: ImportReport) -> SeatMap {
    let problems = told(&report);
    report.map.unwrap_or_else(|| panic!("{problems:#?}"))
}

fn ids_of(map: &SeatMap) -> Vec<&str> {
    map.seats().map(|seat| seat.seat_id.as_str()).collect()
}

#[test]
fn the_hall_is_read_as_it_is_built() {
    let options = Options {
        accessible_category: Some("Wheelchair"),
    };
    let report = import(Format::Pretix, HALL, options);
    let problems = told(&report);
    assert_eq!(
        problems.len(),
        6,
        "a warning for each category without a price: {problems:#?}"
    );
    assert!(
        problems[0].starts_with("Warning at /categories/0: the category \"Balcony\" has no price")
    );
    let map = map_of(report);
    assert_eq!(map.name, "East Kowloon Cultural Centre, The Hall");
    assert_eq!((map.size.width, map.size.height), (1_600.0, 1_704.0));
    assert_eq!((map.focus.x, map.focus.y), (800.0, 0.0));
    let sections: Vec<_> = map
        .sections
        .iter()
        .map(|s| (s.name.as_str(), s.rows.len()))
        .collect();
    assert_eq!(
        sections,
        [("Front Stalls", 5), ("Rear Stalls", 18), ("Balcony", 14)]
    );
    let of = |category: &str| map.seats().filter(|seat| seat.category == category).count();
    assert_eq!(
        (map.seats().count(), of("House"), of("Wheelchair")),
        (1_206, 6, 8)
    );
    assert!(
        map.seats()
            .all(|seat| seat.accessible == (seat.category == "Wheelchair"))
    );
    let first = map.seats().next().unwrap();
    assert_eq!((first.x, first.y), (572.0, 180.8));
    let stage = &map.shapes[0];
    assert_eq!(stage["kind"], "rectangle");
    assert_eq!(
        (stage["x"].as_f64(), stage["y"].as_f64()),
        (Some(500.0), Some(40.0))
    );
    assert_eq!(stage["text"]["text"], "Stage");
    assert_eq!(
        (stage["text"]["x"].as_f64(), stage["text"]["y"].as_f64()),
        (Some(800.0), Some(70.0))
    );
}

#[test]
fn the_stadium_is_read_without_a_problem() {
    let report = import(Format::Csv, STADIUM, Options::default());
    assert_eq!(told(&report), [""; 0]);
    let map = map_of(report);
    let rows: usize = map.sections.iter().map(|section| section.rows.len()).sum();
    assert_eq!(
        (map.sections.len(), rows, map.seats().count()),
        (58, 1_453, 39_616)
    );
    assert_eq!(map.positions, Positions::LaidOut);
    assert!(
        map.categories
            .iter()
            .all(|category| category.price.is_some())
    );
    let colors: HashSet<_> = map
        .categories
        .iter()
        .map(|category| &category.color)
        .collect();
    assert_eq!(colors.len(), map.categories.len());
}

#[test]
fn ranges_make_seats_with_ids_of_section_row_and_number() {
    let map = map_of(csv(
        "section,row,seats,category,price\nA,1,\"1-2,4\",VIP,0\nA,1,W1-W2,Floor,500\n",
    ));
    assert_eq!(
        ids_of(&map),
        ["A-1-1", "A-1-2", "A-1-4", "A-1-W1", "A-1-W2"]
    );
    let prices: Vec<_> = map
        .categories
        .iter()
        .map(|c| (c.name.as_str(), c.price))
        .collect();
    assert_eq!(prices, [("VIP", Some(0)), ("Floor", Some(500))]);
    assert_eq!(map.sections[0].rows.len(), 1);
}

#[test]
fn single_seats_may_have_positions_and_be_accessible() {
    let lines = "A,1,7,VIP,100,0,2.5,yes\nA,1,8,VIP,,-1,2.5,\nA,1,9,VIP,100,1,2.5,FALSE\n";
    let map = map_of(csv(&format!("{SEATS}{lines}")));
    assert_eq!(map.positions, Positions::Given);
    let seats: Vec<_> = map
        .seats()
        .map(|seat| (seat.number.as_str(), seat.accessible))
        .collect();
    assert_eq!(seats, [("7", true), ("8", false), ("9", false)]);
    assert!(
        map.seats()
            .all(|seat| seat.x > 0.0 && seat.x < map.size.width),
        "moved into view"
    );
    assert_eq!((map.focus.x, map.focus.y), (map.size.width / 2.0, 0.0));
}

#[test]
fn marks_of_other_systems_are_borne() {
    let plain = map_of(csv(&format!("{HEADER}A,1,1-3,c,5\n")));
    for text in [
        format!("\u{feff}{HEADER}A,1,1-3,c,5\n"),
        format!("{HEADER}A,1,1-3,c,5").replace('\n', "\r\n"),
        format!("{HEADER}\n\n A , 1 , 1-3 , c , 5 \n,,,,\n\n"),
        "price,category,seats,Row,SECTION\r5,c,1-3,1,A\r".to_owned(),
    ] {
        assert_eq!(map_of(csv(&text)), plain, "{text:?}");
    }
}

#[test]
fn every_bad_line_is_told_with_its_number() {
    let text = "section,row,seats,category,price\r\n\
        A,1,1-10,VIP,100\r\n\
        A,1,10-12,VIP,100\r\n\
        \r\n\
        A,2,1-3,VIP,200\r\n\
        A,3,5-1,VIP,100\r\n\
        A,4,1-3,VIP,-1\r\n\
        A,5,1-3,VIP,1.50\r\n\
        ,6,1-3,VIP,100\r\n\
        A,,1-3,VIP,100\r\n\
        A,7,1-3,,100\r\n\
        A,8,1,2,VIP,100\r\n\
        A,9,1-3,VIP\r\n\
        A,10,1-5001,VIP,100\r\n";
    let report = csv(text);
    assert_eq!(report.map, None);
    let price = "a price is a whole number of minor units from 0 to 10000000000";
    assert_eq!(
        told(&report),
        [
            "Error line 3 seat A-1-10: the seat id stands twice, first on line 2".to_owned(),
            "Error line 5: the category \"VIP\" has two prices: 100 before, 200 here".to_owned(),
            "Error line 6: \"5-1\" counts down: the lower number comes first".to_owned(),
            format!("Error line 7: {price}, not \"-1\""),
            format!("Error line 8: {price}, not \"1.50\""),
            "Error line 9: a section's name is empty".to_owned(),
            "Error line 10: a row's name is empty".to_owned(),
            "Error line 11: the category is empty".to_owned(),
            "Error line 11 seat A-7-1: the seat has no category".to_owned(),
            "Error line 11 seat A-7-2: the seat has no category".to_owned(),
            "Error line 11 seat A-7-3: the seat has no category".to_owned(),
            "Error line 12: the line has 6 fields, the header 5; values with commas stand in quotes"
                .to_owned(),
            "Error line 13: the line has 4 fields, the header 5".to_owned(),
            "Error line 14: \"1-5001\" is more than 5000 seats in a row".to_owned(),
        ]
    );
}

#[test]
fn lines_are_counted_through_quoted_values() {
    let report = csv(&format!("{HEADER}A,1,\"1-2,\n3\",c,1\nA,1,1,c,1\n"));
    assert_eq!(
        told(&report),
        ["Error line 4 seat A-1-1: the seat id stands twice, first on line 2"]
    );
}

#[test]
fn a_wrong_header_is_told() {
    for (text, problems) in [
        ("", &["Error: the map has no seats"][..]),
        (HEADER, &["Error: the map has no seats"]),
        (
            "block,row,seats,category\nA,1,1,c",
            &[
                "Error line 1: the header has no column \"section\"",
                "Warning line 1: the column \"block\" is not known and ignored",
            ],
        ),
        (
            "section,row,seats,seat,category,x,row\n",
            &[
                "Error line 1: the header has the column \"row\" twice",
                "Error line 1: the header has \"seats\" and \"seat\": use one of them",
                "Error line 1: the header has only one of \"x\" and \"y\"",
            ],
        ),
        (
            "section,row,category",
            &["Error line 1: the header has no column \"seats\" (ranges) or \"seat\" (one a line)"],
        ),
        (
            "section,row,seats,category,x,y\n",
            &["Error line 1: \"x\" and \"y\" go with one seat a line (\"seat\"), not with ranges"],
        ),
    ] {
        let report = csv(text);
        assert_eq!(
            (report.map.is_none(), told(&report)),
            (true, problems.iter().map(|&p| p.to_owned()).collect()),
            "{text}"
        );
    }
    let semicolons = told(&csv("section;row;seats;category;price\nA;1;1-3;c;1\n")).join("\n");
    assert!(
        semicolons.contains("not separated by commas"),
        "{semicolons}"
    );
}

#[test]
fn bad_positions_and_flags_are_told() {
    let lines = "A,1,1,c,1,NaN,1,no\nA,1,2,c,1,1,inf,no\nA,1,3,c,1,1e9,1,no\nA,1,4,c,1,1,,no\nA,1,5,c,1,1,1,maybe\n";
    let report = csv(&format!("{SEATS}{lines}"));
    let told = told(&report);
    assert_eq!(told.len(), 6, "{told:#?}");
    for (line, words) in [
        (2, "\"NaN\""),
        (3, "\"inf\""),
        (4, "\"1e9\""),
        (5, "not \"\""),
        (6, "\"maybe\""),
    ] {
        let found = told
            .iter()
            .any(|t| t.starts_with(&format!("Error line {line}: ")) && t.contains(words));
        assert!(found, "{line} {words}: {told:#?}");
    }
    let mixed = csv(&format!("{SEATS}A,1,1,c,1,1,1,\nA,1,2,c,1,,,\n"));
    assert_eq!(mixed.problems[0].where_.line, Some(3));
    assert!(
        mixed.problems[0]
            .what
            .contains("give x and y for all or for none")
    );
}

#[test]
fn names_and_ids_that_are_too_long_are_told() {
    let long = "x".repeat(101);
    let report = csv(&format!("{HEADER}A,1,{long},c,1\nA,{long},1,c,1\n"));
    let told = told(&report);
    assert!(
        told[0].starts_with("Error line 2: a seat's number is longer than 100 characters"),
        "{told:#?}"
    );
    assert!(
        told.iter()
            .any(|t| t.ends_with("a seat id is 1 to 64 characters without control characters"))
    );
    assert!(told.iter().all(|t| t.chars().count() < 250), "{told:#?}");
}

#[test]
fn what_is_no_text_or_json_is_told_with_its_line() {
    let report = import(Format::Csv, b"section,row\nA,\xff\n", Options::default());
    assert_eq!(
        told(&report),
        ["Error line 2: the file is not UTF-8: save it as UTF-8"]
    );
    for format in [Format::Json, Format::Pretix] {
        let report = read(format, "{\n\"name\": \"x\",\n \"zones\" }");
        assert_eq!(report.problems[0].where_.line, Some(3));
        assert!(report.problems[0].what.starts_with("not valid JSON"));
        assert_eq!(
            told(&read(format, "[]")),
            ["Error: an object is wanted, not a list".replace("Error", "Error at ")]
        );
        assert!(read(format, "{\"x\": 1e999}").map.is_none());
        assert!(read(format, &"[".repeat(100_000)).map.is_none());
    }
}

#[test]
fn bad_plans_are_told_with_the_path() {
    let plan = serde_json::json!({
        "name": "Plan", "extra": 1, "categories": [{ "name": "c", "color": "red" }, { "name": "c" }],
        "zones": [{
            "position": { "x": 0 },
            "areas": [{ "shape": "star" }, { "shape": "circle", "circle": { "radius": 5 } }],
            "rows": [{ "row_number": "A", "seats": [
                { "seat_guid": "a", "seat_number": 1, "category": "c", "position": { "x": 1, "y": 1 } },
                { "seat_guid": "b", "seat_number": "2", "category": "d", "position": { "x": 1, "y": 1 } },
                { "seat_guid": "e", "seat_number": "3", "category": "c" },
                { "seat_guid": "f", "seat_number": true, "category": "c", "position": { "x": 1e8, "y": 1 } },
                "seat"
            ] }, { "seats": [] }]
        }]
    });
    let report = read(Format::Pretix, &plan.to_string());
    let seats = "/zones/0/rows/0/seats";
    let expected = [
        "Error at /categories/1: the category \"c\" stands twice".to_owned(),
        "Error at /zones/0/position: \"y\" is missing".to_owned(),
        format!("Error seat b at {seats}/1: there is no category \"d\""),
        format!("Error seat e at {seats}/2: the seat has no position"),
        format!("Error at {seats}/3/seat_number: a text is wanted, not true"),
        format!(
            "Error at {seats}/3/position/x: a number between -10000000 and 10000000 is wanted, not 100000000.0"
        ),
        format!("Error at {seats}/4: an object is wanted, not \"seat\""),
        "Error at /zones/0/rows/1: \"row_number\" is missing".to_owned(),
        "Warning at /extra: \"extra\" is not known and ignored".to_owned(),
        "Warning at /categories/0: \"red\" is not a color like #3366cc; another is used".to_owned(),
        "Warning at /zones/0/areas/0: an area of shape \"star\" can't be drawn and is left out"
            .to_owned(),
        "Warning at /zones/0: the zone has no name and is called \"Zone 1\"".to_owned(),
        format!("Warning seat b at {seats}/1: stands at the same place as the seat \"a\""),
        "Warning at /categories/0: the category \"c\" has no price: set it in the event's prices"
            .to_owned(),
    ];
    assert_eq!(told(&report), expected);
    assert_eq!(report.map, None);
}

#[test]
fn all_shapes_of_a_plan_come_out_where_they_stand() {
    let plan = serde_json::json!({
        "name": "Plan", "size": { "width": 50, "height": 50 }, "categories": [{ "name": "c" }],
        "zones": [{ "name": "Z", "position": { "x": 10, "y": 20 }, "areas": [
            { "shape": "circle", "position": { "x": 1, "y": 2 }, "circle": { "radius": 5 }, "color": "#ABC" },
            { "shape": "ellipse", "rotation": 30, "ellipse": { "radius": { "x": 5, "y": 6 } } },
            { "shape": "polygon", "position": { "x": 1, "y": 1 },
              "polygon": { "points": [{ "x": 0, "y": 0 }, { "x": 5, "y": 0 }, { "x": 0, "y": 5 }] } },
            { "shape": "text", "text": { "text": "Bar", "position": { "x": 3, "y": 3 } } },
            { "width": 7, "height": 8, "text": "Old" }
        ], "rows": [{ "row_number": 1, "seats": [
            { "seat_guid": "a", "seat_number": "1", "category": "c", "position": { "x": 60, "y": -30 } }
        ] }] }]
    });
    let report = read(Format::Pretix, &plan.to_string());
    assert!(told(&report).join("\n").contains("beyond the map's size"));
    let map = map_of(report);
    assert!(map.size.width > 70.0 && map.sections[0].rows[0].name == "1");
    let shapes = serde_json::Value::Array(map.shapes);
    let at = |path: &str| shapes.pointer(path).cloned().unwrap_or_default();
    assert_eq!(
        (at("/0/x"), at("/0/radius"), at("/0/color")),
        (11.0.into(), 5.0.into(), "#aabbcc".into())
    );
    assert_eq!(
        (at("/1/radius_y"), at("/1/rotation")),
        (6.0.into(), 30.0.into())
    );
    assert_eq!(
        (at("/2/points/1/x"), at("/2/points/1/y")),
        (16.0.into(), 21.0.into())
    );
    assert_eq!(
        (at("/3/kind"), at("/3/text/x")),
        ("text".into(), 13.0.into())
    );
    assert_eq!(
        (at("/4/width"), at("/4/text/text")),
        (7.0.into(), "Old".into())
    );
}

#[test]
fn bad_maps_are_told_with_the_path() {
    let map = serde_json::json!({
        "size": { "width": 0, "height": 5 }, "focus": [1, 2],
        "categories": [{ "name": "c", "price": 1.5, "color": "#fff" }, { "name": "d", "price": -5 }],
        "sections": [
            { "name": "S", "rows": [{ "name": "A", "seats": [
                { "seat_id": "1", "number": "1", "category": "c", "x": 1 },
                { "seat_id": "2", "number": "", "category": "c", "accessible": "yes" },
                { "seat_id": "", "number": "3", "category": "c" }
            ] }] },
            { "name": "S", "rows": 5 }
        ]
    });
    let report = read(Format::Json, &map.to_string());
    let seats = "/sections/0/rows/0/seats";
    let price = "a price is a whole number of minor units from 0 to 10000000000";
    assert_eq!(
        told(&report),
        [
            "Error at /size: width and height are more than 0".to_owned(),
            "Error at /focus: an object is wanted, not a list".to_owned(),
            format!("Error at /categories/0/price: {price}"),
            format!("Error at /categories/1/price: {price}"),
            format!("Error seat 1 at {seats}/0: a position is x and y: one of them is missing"),
            format!("Error at {seats}/1/accessible: true or false is wanted, not \"yes\""),
            format!("Error at {seats}/1: a seat's number is empty"),
            format!("Error at {seats}/2: a seat id is 1 to 64 characters without control characters"),
            "Error at /sections/1/rows: a list is wanted, not 5".to_owned(),
            "Warning at /sections/1: two sections are called \"S\"".to_owned(),
            "Warning at /categories/0: the category \"c\" has no price: set it in the event's prices".to_owned(),
            "Warning at /categories/1: the category \"d\" has no price: set it in the event's prices".to_owned(),
            "Warning at /categories/1: no seat is of the category \"d\"".to_owned(),
        ]
    );
}

#[test]
fn own_maps_without_positions_are_laid_out() {
    let map = map_of(read(
        Format::Json,
        r#"{"name":"Bare","categories":[{"name":"c","price":0}],"sections":[{"name":"S","rows":[
            {"name":"A","seats":[{"seat_id":"a","number":"1","category":"c","accessible":true}]}]}]}"#,
    ));
    assert_eq!(map.positions, Positions::LaidOut);
    let seat = map.seats().next().unwrap();
    assert!(seat.y > 0.0 && seat.accessible);
}

#[test]
fn too_much_is_refused_at_the_limit() {
    let rows = (0..41)
        .map(|row| format!("A,{row},1-5000,c,1\n"))
        .collect::<Vec<_>>()
        .concat();
    let report = csv(&format!("{HEADER}{rows}A,last,x,c,-1\n"));
    assert_eq!(
        told(&report),
        ["Error line 42 seat A-40-1: a map has at most 200000 seats"]
    );
    let report = csv(&format!("{HEADER}A,1,1-5000,c,1\nA,1,5001-5002,c,1\n"));
    assert_eq!(told(&report).len(), 2);
    let sections = (0..=5_000)
        .map(|section| format!("{section},1,1,c,1\n"))
        .collect::<Vec<_>>()
        .concat();
    let report = csv(&format!("{HEADER}{sections}"));
    assert_eq!(
        told(&report),
        ["Error line 5002: a map has at most 5000 sections"]
    );
}

#[test]
fn problems_beyond_the_first_hundred_are_counted_errors_first() {
    let lines = (0..150)
        .map(|line| format!("A,{line},1,c{line},\nA,{line},0-,c,1\n"))
        .collect::<Vec<_>>()
        .concat();
    let report = csv(&format!("{HEADER}{lines}"));
    assert_eq!(report.problems.len(), MAX_PROBLEMS + 1);
    assert!(
        report
            .problems
            .iter()
            .all(|problem| problem.severity == Severity::Error)
    );
    // 150 bad ranges, and 150 categories without a price.
    assert_eq!(report.problems[MAX_PROBLEMS].what, "and 200 more problems");
}

#[test]
fn an_accessible_category_that_is_not_there_is_told() {
    let options = Options {
        accessible_category: Some("Wheels"),
    };
    let report = import(
        Format::Csv,
        format!("{HEADER}A,1,1,c,1\n").as_bytes(),
        options,
    );
    assert_eq!(
        told(&report),
        ["Warning: there is no category \"Wheels\" to be accessible"]
    );
    assert!(report.map.is_some());
}

#[test]
fn problems_are_written_as_the_contract_says() {
    let report = csv(&format!("{HEADER}A,1,1,c,x\nA,1,1,c,1\n"));
    let json = serde_json::to_value(&report.problems[1]).unwrap();
    let expected = serde_json::json!({
        "severity": "error", "where": { "line": 3, "seat_id": "A-1-1" },
        "what": "the seat id stands twice, first on line 2"
    });
    assert_eq!(json, expected);
    assert_eq!(serde_json::to_value(Severity::Warning).unwrap(), "warning");
}

#[test]
fn formats_are_told_by_media_type_and_by_content() {
    let of = Format::of_media_type;
    assert_eq!(of("text/csv; charset=utf-8"), Some(Format::Csv));
    assert_eq!(of("Application/JSON"), Some(Format::Json));
    assert_eq!(
        of("application/vnd.pretix.seating-plan+json"),
        Some(Format::Pretix)
    );
    assert_eq!(of("text/plain"), None);
    assert_eq!(Format::guess(HALL), Format::Pretix);
    assert_eq!(Format::guess(STADIUM), Format::Csv);
    assert_eq!(
        Format::guess(b"\xef\xbb\xbf {\"sections\": []}"),
        Format::Json
    );
    assert_eq!(Format::guess(b""), Format::Csv);
}

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
