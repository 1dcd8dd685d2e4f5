//! Every code, told by some file.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;

/// What reads as CSV whatever the text is: the reader promises no such thing, so the code stays.
const NEVER_SEEN: &str = "not_csv";

fn codes(report: &ImportReport) -> impl Iterator<Item = String> {
    report.problems.iter().map(|problem| {
        let told = serde_json::to_value(&problem.fault).unwrap();
        told["code"].as_str().unwrap().to_owned()
    })
}

fn tables() -> Vec<String> {
    let long = "x".repeat(MAX_NAME_CHARS + 1);
    let many = |to: usize, line: fn(usize) -> String| (0..to).map(line).collect::<String>();
    let bare = [
        "section,seats,category,block,seats",
        "section,row,seats,seat,category,x",
        "section,row,category",
        "section,row,seats,category,x,y",
        "section;row",
        &"a,".repeat(200),
    ];
    let ranges = [
        format!("A,1,1,c,-1\nA,1,1,c,2\nA,1,1,c,3\nA,1,2\nA,1,2,c,1,1\n,1,1,c,1\nA,2,{long},c,1\n"),
        "A,1,1-,c,1\nA,1,\"1,,2\",c,1\nA,1,3-1,c,1\nA,1,1-9999,c,1\nA,1,1,,1\n".to_owned(),
        "A,1,1-5000,c,1\nA,1,5001,c,1\n".to_owned(),
        many(41, |row| format!("A,{row},1-5000,c,1\n")),
        many(MAX_SECTIONS + 1, |section| format!("{section},1,1,c,1\n")),
        many(MAX_CATEGORIES + 1, |at| format!("A,{at},1,{at},1\n")),
        many(MAX_PROBLEMS + 1, |_| "A,1,x-,c,1\n".to_owned()),
    ];
    let seats = "A,1,1,c,1,1,1,maybe\nA,1,2,c,1,x,1,\nA,1,3,c,1,,,\n";
    let ranges = ranges.map(|lines| format!("{HEADER}{lines}"));
    let bare = bare.map(str::to_owned);
    [
        &bare[..],
        &ranges,
        &[format!("{SEATS}{seats}"), HEADER.to_owned()],
    ]
    .concat()
}

fn own_maps() -> [Value; 3] {
    let seat = |id: &str, x: i64| json!({ "seat_id": id, "number": "1", "category": "c", "x": x, "y": -1 });
    let broken = json!({
        "name": "a\tb", "size": { "width": 0, "height": "1" }, "focus": 1, "positions": "guessed",
        "categories": [{ "name": "c", "price": -1, "color": "red" }, { "name": "c" }],
        "sections": [{ "rows": [{ "name": true, "seats": [
            { "seat_id": "1", "number": "1", "category": "d", "x": 1 },
            { "seat_id": "2", "number": "1", "category": "d", "accessible": "yes" },
            { "seat_id": "2", "number": "1", "category": "c" }, { "seat_id": "", "number": "1", "category": "c" }
        ] }] }, { "name": "S", "rows": 5 }, { "name": "S", "rows": [] }]
    });
    let usable = json!({
        "size": { "width": 1, "height": 1 }, "categories": [{ "name": "c" }, { "name": "d" }],
        "sections": [{ "name": "S", "rows": [{ "name": "A", "seats": [seat("1", 9), seat("2", 9)] }] },
            { "name": "T", "rows": [] }],
        "shapes": vec![0; MAX_SHAPES]
    });
    let mut bare = usable.clone();
    bare["sections"][0]["rows"][0]["seats"] =
        json!([{ "seat_id": "1", "number": "1", "category": "c" }]);
    [broken, usable, bare]
}

#[test]
fn every_code_is_told_by_some_file() {
    let plan = json!({
        "extra": 1, "size": { "width": 0, "height": 0 }, "categories": [{ "name": "c" }],
        "zones": [{ "areas": [{ "shape": "star" }], "rows": [{ "row_number": "A", "seats": [
            { "seat_guid": "1", "seat_number": "1", "category": "c" }
        ] }] }]
    });
    let options = Options {
        accessible_category: Some("Wheels"),
    };
    let mut reports = vec![
        import(Format::Csv, b"\xff", options),
        read(Format::Json, "{"),
        read(Format::Pretix, &plan.to_string()),
    ];
    reports.extend(own_maps().map(|map| import(Format::Json, map.to_string().as_bytes(), options)));
    reports.extend(tables().iter().map(|table| csv(table)));
    let told: BTreeSet<_> = reports.iter().flat_map(codes).collect();
    let promised = Fault::CODES.iter().map(|(code, _)| (*code).to_owned());
    let missing: Vec<_> = promised
        .filter(|code| code != NEVER_SEEN && !told.contains(code))
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn values_are_those_that_the_table_of_codes_names() {
    let reports = tables().into_iter().map(|table| csv(&table));
    let reports = reports.chain(own_maps().map(|map| read(Format::Json, &map.to_string())));
    for problem in reports.flat_map(|report| report.problems) {
        let json = serde_json::to_value(&problem).unwrap();
        let (_, wanted) = Fault::CODES
            .iter()
            .find(|(code, _)| json["code"] == *code)
            .unwrap();
        let values = json.get("values").and_then(Value::as_object);
        let names: BTreeSet<_> = values
            .into_iter()
            .flat_map(|values| values.keys().map(String::as_str))
            .collect();
        assert_eq!(names, wanted.iter().copied().collect(), "{json}");
        assert_eq!(serde_json::from_value::<Problem>(json).unwrap(), problem);
    }
}
