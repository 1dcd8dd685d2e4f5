//! `jari map …`

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::Context;
use jari_domain::map::SeatMap;
use jari_domain::map::import::{Format, ImportReport, Options, Problem, Severity, import};
use serde::Serialize;
use serde_json::Value;

use super::{Operator, encoded};
use crate::cli::{Check, Import, MapCommand, MapFile};
use crate::output::{counted, grouped, say, say_json, table};

/// Where a file can't even be read.
const UNREADABLE: u8 = 2;

/// Does what was said.
pub fn run(command: &MapCommand) -> anyhow::Result<ExitCode> {
    match command {
        MapCommand::Check(args) => Ok(check(args)),
        MapCommand::Import(args) => run_import(args),
    }
}

/// A file that can be used as a map.
pub(super) struct UsableMap {
    format: Format,
    bytes: Vec<u8>,
    accessible_category: Option<String>,
}

/// Reads a file and says what is wrong with it; `None` if it can't be used.
pub(super) fn read_usable(file: &MapFile) -> anyhow::Result<Option<UsableMap>> {
    let (format, bytes) = read(file)?;
    let report = report_of(format, &bytes, file);
    if report.map.is_none() {
        say_problems(&report.problems);
        say(format!("{} can't be used.", file.file.display()));
        return Ok(None);
    }
    let accessible_category = file.accessible_category.clone();
    Ok(Some(UsableMap {
        format,
        bytes,
        accessible_category,
    }))
}

/// Gives an event its map; tells what the server made of it.
pub(super) fn put(operator: &Operator, event_id: &str, map: UsableMap) -> anyhow::Result<Value> {
    let accessible = map
        .accessible_category
        .map(|name| format!("?accessible_category={}", encoded(&name)));
    let path = format!(
        "/api/admin/events/{}/map{}",
        encoded(event_id),
        accessible.unwrap_or_default()
    );
    let sent = operator
        .put(path)
        .body(map.format.media_type(), map.bytes)
        .send()?;
    Ok(sent.json()?)
}

fn run_import(args: &Import) -> anyhow::Result<ExitCode> {
    let operator = Operator::new(&args.operator)?;
    let Some(map) = read_usable(&args.map)? else {
        return Ok(ExitCode::FAILURE);
    };
    let told = put(&operator, &args.event_id, map)?;
    if operator.json {
        say_json(&told);
        return Ok(ExitCode::SUCCESS);
    }
    let problems = told["problems"].as_array().cloned().unwrap_or_default();
    let problems: Result<Vec<Problem>, _> =
        problems.into_iter().map(serde_json::from_value).collect();
    say_problems(&problems.unwrap_or_default());
    let seats = told["seats_total"].as_u64().unwrap_or_default();
    say(format!(
        "{} has a map of {} seats",
        args.event_id,
        grouped(seats)
    ));
    Ok(ExitCode::SUCCESS)
}

/// What a check found, for scripts.
#[derive(Serialize)]
struct Checked<'a> {
    usable: bool,
    format: Format,
    name: Option<&'a str>,
    seats_total: usize,
    sections: usize,
    rows: usize,
    accessible: usize,
    categories: Vec<CategoryFigures<'a>>,
    problems: &'a [Problem],
}

#[derive(Serialize)]
struct CategoryFigures<'a> {
    name: &'a str,
    seats: usize,
    price: Option<i64>,
}

#[expect(
    clippy::print_stderr,
    reason = "this is where a person reads what went wrong"
)]
fn check(args: &Check) -> ExitCode {
    let (format, bytes) = match read(&args.map) {
        Ok(read) => read,
        Err(error) => {
            eprintln!("jari: {error:#}");
            return ExitCode::from(UNREADABLE);
        }
    };
    let report = report_of(format, &bytes, &args.map);
    let checked = figures(format, &report);
    if args.json {
        say_json(&checked);
    } else {
        say_problems(&report.problems);
        say_figures(args, &checked);
    }
    let usable = report.map.is_some();
    if usable {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn figures(format: Format, report: &ImportReport) -> Checked<'_> {
    let map = report.map.as_ref();
    let mut seats_of = BTreeMap::new();
    for seat in map.into_iter().flat_map(SeatMap::seats) {
        *seats_of.entry(seat.category.as_str()).or_insert(0) += 1;
    }
    let categories = map.map(|map| map.categories.as_slice()).unwrap_or_default();
    let categories = categories.iter().map(|category| CategoryFigures {
        name: &category.name,
        seats: seats_of.get(category.name.as_str()).copied().unwrap_or(0),
        price: category.price,
    });
    let sections = map.map(|map| map.sections.as_slice()).unwrap_or_default();
    Checked {
        usable: map.is_some(),
        format,
        name: map.map(|map| map.name.as_str()),
        seats_total: map.map_or(0, |map| map.seats().count()),
        sections: sections.len(),
        rows: sections.iter().map(|section| section.rows.len()).sum(),
        accessible: map.map_or(0, |map| map.seats().filter(|seat| seat.accessible).count()),
        categories: categories.collect(),
        problems: &report.problems,
    }
}

fn say_figures(args: &Check, checked: &Checked) {
    let file = args.map.file.display();
    if !checked.usable {
        say(format!(
            "{file} can't be used as {}.",
            checked.format.media_type()
        ));
        return;
    }
    say(format!(
        "{file} can be used: {} in {} of {}, {} accessible",
        counted(checked.seats_total, "seat"),
        counted(checked.rows, "row"),
        counted(checked.sections, "section"),
        grouped(checked.accessible)
    ));
    let row = |category: &CategoryFigures| {
        let price = category
            .price
            .map_or_else(|| "none yet".to_owned(), grouped);
        [category.name.to_owned(), grouped(category.seats), price]
    };
    let rows: Vec<_> = checked.categories.iter().map(row).collect();
    say(table(["CATEGORY", "SEATS", "PRICE"], &rows));
}

fn say_problems(problems: &[Problem]) {
    for problem in problems {
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = &problem.where_;
        let line = place.line.map(|line| format!("line {line}"));
        let seat = place.seat_id.as_ref().map(|id| format!("seat {id}"));
        let parts = [line, place.path.clone(), seat];
        let place: Vec<_> = parts.into_iter().flatten().collect();
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("{}: ", place.join(", "))
        };
        say(format!("{severity}: {place}{}", problem.what));
    }
}

fn read(file: &MapFile) -> anyhow::Result<(Format, Vec<u8>)> {
    let path = &file.file;
    let bytes = std::fs::read(path)
        .with_context(|| format!("{} can't be read: name a file that can", path.display()))?;
    let extension = path.extension().and_then(|extension| extension.to_str());
    let is_csv = extension.is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let format = match file.format {
        Some(format) => format.into(),
        None if is_csv => Format::Csv,
        None => Format::guess(&bytes),
    };
    Ok((format, bytes))
}

fn report_of(format: Format, bytes: &[u8], file: &MapFile) -> ImportReport {
    let accessible_category = file.accessible_category.as_deref();
    import(
        format,
        bytes,
        Options {
            accessible_category,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn venue(name: &str) -> MapFile {
        let file = format!("{}/../../venues/{name}", env!("CARGO_MANIFEST_DIR"));
        MapFile {
            file: file.into(),
            format: None,
            accessible_category: Some("Wheelchair".to_owned()),
        }
    }

    #[test]
    fn the_format_of_a_file_is_told_by_its_name_and_content() {
        let formats = ["ekcc-hall.pretix.json", "metalist-stadium.csv"]
            .map(|name| read(&venue(name)).unwrap().0);
        assert_eq!(formats, [Format::Pretix, Format::Csv]);
    }

    #[test]
    fn the_figures_of_a_hall_are_those_of_its_file() {
        let file = venue("ekcc-hall.pretix.json");
        let (format, bytes) = read(&file).unwrap();
        let report = report_of(format, &bytes, &file);
        let checked = figures(format, &report);
        assert!(checked.usable && checked.accessible > 0);
        assert_eq!(checked.seats_total, 1206);
        let seats: usize = checked
            .categories
            .iter()
            .map(|category| category.seats)
            .sum();
        assert_eq!(seats, 1206);
    }
}
