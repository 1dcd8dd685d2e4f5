//! pretix plans and our own maps.

use super::*;

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
            "Error at /focus: an object is wanted, not […]".to_owned(),
            format!("Error at /categories/0/price: {price}, not 1.5"),
            format!("Error at /categories/1/price: {price}, not -5"),
            format!("Error seat 1 at {seats}/0: a position is x and y: one of them is missing"),
            format!("Error at {seats}/1/accessible: true or false is wanted, not \"yes\""),
            format!("Error seat 2 at {seats}/1: a seat's number is empty"),
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
