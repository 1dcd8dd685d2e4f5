use std::collections::HashSet;

use super::*;
use crate::map::samples::{HALL, STADIUM};
use crate::map::{Positions, SeatMap};

mod faults;
mod plans;
mod random;
mod tables;

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
            ["Error at : an object is wanted, not […]"]
        );
        assert!(read(format, "{\"x\": 1e999}").map.is_none());
        assert!(read(format, &"[".repeat(100_000)).map.is_none());
    }
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
        "code": "seat_id_on_two_lines", "values": { "first_line": 2 },
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
