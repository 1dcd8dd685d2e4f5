//! CSV.

use super::*;

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
            "Error line 11: a category's name is empty".to_owned(),
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
            &"a,".repeat(1000),
            &["Error line 1: the header has 1001 columns, at most 100 are read"],
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
        told[0].starts_with("Error line 2 seat A-1-xxx")
            && told[0].contains("a seat's number is longer than 100 characters"),
        "{told:#?}"
    );
    assert!(
        told.iter()
            .any(|t| t.ends_with("a seat id is 1 to 64 characters without control characters"))
    );
    assert!(told.iter().all(|t| t.chars().count() < 250), "{told:#?}");
}
