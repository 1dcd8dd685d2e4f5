//! The page. It names no other host, runs no script, and is readable on a telephone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Report;
use super::plot::{Scale, Series, bars, lines, short};
use crate::numbers::{float, size};
use crate::record::Second;
use crate::rehearsal::Recommendation;
use crate::watch::Taken;

const STYLE: &str = include_str!("page.css");

/// A report as a page.
pub fn of(report: &Report) -> String {
    let name = escaped(&report.scenario.name);
    let mut body = format!(
        "<h1>{name}</h1><p class=\"soft\">{}</p>",
        escaped(&report.scenario.about)
    );
    body += &verdict_line(report);
    if let Some(recommendation) = &report.recommendation {
        body += &recommended(recommendation);
    }
    body += &tiles(report);
    body += &plots(report);
    body += &requests(report);
    body += &kinds("Failures", "failure", &report.failures);
    body += &kinds("Refused in order", "", &report.refusals);
    body += &people(report);
    body += &checks(report);
    body += &how(report);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{name}: a load test of Jari</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )
}

fn verdict_line(report: &Report) -> String {
    let verdict = &report.verdict;
    let broken = verdict.broken().count();
    let unseen = verdict.checks.iter().filter(|check| check.holds.is_none());
    match (broken, unseen.count()) {
        (0, 0) => {
            let all = verdict.checks.len();
            format!("<p class=\"verdict\">Every promise was kept: {all} checks.</p>")
        }
        (0, unseen) => format!(
            "<p class=\"verdict\">Nothing was found broken; {unseen} checks could not be made, see below.</p>"
        ),
        (broken, _) => {
            format!(
                "<p class=\"verdict bad\">Not as promised: {broken} checks failed, see below.</p>"
            )
        }
    }
}

fn recommended(recommendation: &Recommendation) -> String {
    let mut text = format!(
        "<h2>What to set</h2><div class=\"card\"><p>Capacity <b>{}</b> (rehearsed: {}), admissions per second <b>{}</b> \
         (rehearsed: {}). All seats are sold in about {} then.</p><ul>",
        recommendation.capacity,
        recommendation.rehearsed_capacity,
        recommendation.max_admitted_per_second,
        recommendation.rehearsed_per_second,
        span(recommendation.sells_out_in_seconds)
    );
    for reason in &recommendation.because {
        let _ = write!(text, "<li>{}</li>", escaped(reason));
    }
    text + "</ul></div>"
}

fn tiles(report: &Report) -> String {
    let answers = report.answers();
    let mut tiles = vec![
        ("People", grouped(report.came.into())),
        (
            "Seats sold",
            format!(
                "{} of {}",
                grouped(report.seats_sold),
                grouped(report.seats)
            ),
        ),
        (
            "First arrival to all in line",
            span(report.all_in_line_seconds),
        ),
        ("First arrival to last sale", span(report.last_sale_seconds)),
        ("Requests answered", grouped(answers)),
        (
            "Answers a second, the most",
            grouped(
                report
                    .seconds
                    .iter()
                    .map(|second| second.answers)
                    .max()
                    .unwrap_or(0),
            ),
        ),
        ("Failures", grouped(report.failures.values().sum())),
    ];
    let machine = |taken: &Taken| {
        format!(
            "{:.1} s · {} MB",
            taken.cpu_seconds,
            grouped(taken.memory_bytes >> 20)
        )
    };
    if let Some(compared) = &report.compared {
        let times = format!("{:.2} times", compared.times_hello);
        tiles.push(("As long as so many hellos", times));
    }
    if let Some(server) = &report.server {
        tiles.push(("Server: processor, memory", machine(server)));
    }
    if let Some(generator) = &report.generator {
        tiles.push(("Generator: processor, memory", machine(generator)));
    }
    let tile =
        |(name, value): &(&str, String)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>");
    let tiles: String = tiles.iter().map(tile).collect();
    format!("<dl class=\"tiles\">{tiles}</dl>")
}

fn plots(report: &Report) -> String {
    let over = |value: fn(&Second) -> f64| report.seconds.iter().map(value).collect::<Vec<_>>();
    let series = |name, value: fn(&Second) -> f64| Series {
        name,
        values: over(value),
    };
    let mut plots = vec![
        figure(
            "People",
            Scale::Linear,
            &[
                series("in line", |second| float(second.in_line)),
                series("in the shop", |second| float(second.in_shop)),
            ],
        ),
        figure(
            "Each second",
            Scale::Linear,
            &[
                series("admitted", |second| float(second.admitted)),
                series("holds", |second| float(second.holds)),
                series("sales", |second| float(second.sales)),
            ],
        ),
        figure(
            "How long answers took, in milliseconds",
            Scale::Logarithmic,
            &[
                series("half", |second| second.p50_ms),
                series("90 of 100", |second| second.p90_ms),
                series("99 of 100", |second| second.p99_ms),
                series("all", |second| second.max_ms),
            ],
        ),
        format!(
            "<figure><h3>Answers by how long they took, in milliseconds</h3>{}</figure>",
            bars("Answers by how long they took", &report.bars)
        ),
        figure(
            "Answers each second",
            Scale::Linear,
            &[
                series("answers", |second| float(second.answers)),
                series("refused in order", |second| float(second.refusals)),
                series("arrivals", |second| float(second.arrived)),
                series("failures", |second| float(second.failures)),
            ],
        ),
    ];
    if report.door_seconds.is_some() {
        plots.push(figure(
            "At the door, each second",
            Scale::Linear,
            &[series("came in", |second| float(second.check_ins))],
        ));
    }
    format!(
        "<h2>Over time</h2><div class=\"plots\">{}</div>",
        plots.concat()
    )
}

fn figure(title: &str, scale: Scale, series: &[Series<'_>]) -> String {
    let mut key = String::new();
    for (number, one) in series.iter().enumerate() {
        let _ = write!(
            key,
            "<li><svg viewBox=\"0 0 30 10\" aria-hidden=\"true\"><line class=\"line s{}\" x1=\"0\" x2=\"30\" y1=\"5\" y2=\"5\"/></svg>{}</li>",
            number + 1,
            one.name
        );
    }
    let plot = lines(title, scale, series);
    format!("<figure><h3>{title}</h3>{plot}<ul class=\"key\">{key}</ul></figure>")
}

fn requests(report: &Report) -> String {
    let mut rows = String::new();
    for figures in &report.requests {
        let _ = write!(
            rows,
            "<tr><td>{}</td><td>{}</td>",
            figures.name,
            grouped(figures.answers)
        );
        for ms in [
            figures.p50_ms,
            figures.p90_ms,
            figures.p99_ms,
            figures.p999_ms,
            figures.max_ms,
            figures.sent_p99_ms,
        ] {
            let _ = write!(rows, "<td>{}</td>", short(ms));
        }
        rows += "</tr>";
    }
    format!(
        "<h2>Requests</h2><div class=\"card wide\"><table><thead><tr><th>Request</th><th>Answers</th><th>50 %</th><th>90 %</th>\
         <th>99 %</th><th>99.9 %</th><th>Longest</th><th>99 % since sent</th></tr></thead><tbody>{rows}</tbody></table></div>\
         <p class=\"soft\">Milliseconds, from when a request should have started. What the last column lacks of the 99 % it \
         waited in the generator for a connection.</p>"
    )
}

fn kinds(title: &str, class: &str, kinds: &BTreeMap<String, u64>) -> String {
    let Some(most) = kinds.values().max() else {
        return String::new();
    };
    let mut rows = String::new();
    for (kind, number) in kinds {
        let share = float(*number) / float(*most) * 100.0;
        let _ = write!(
            rows,
            "<tr><td>{}<span class=\"share {class}\" style=\"width:{share:.1}%\"></span></td><td>{}</td></tr>",
            escaped(kind),
            grouped(*number)
        );
    }
    format!("<h2>{title}</h2><div class=\"card wide\"><table><tbody>{rows}</tbody></table></div>")
}

fn people(report: &Report) -> String {
    let mut rows = String::new();
    for (end, number) in &report.ends {
        let _ = write!(
            rows,
            "<tr><td>{}</td><td>{}</td></tr>",
            escaped(end),
            grouped(*number)
        );
    }
    if report.still_there > 0 {
        let still = grouped(report.still_there);
        let _ = write!(
            rows,
            "<tr><td>were still there at the end</td><td>{still}</td></tr>"
        );
    }
    format!(
        "<h2>How it ended for people</h2><div class=\"card\"><table><tbody>{rows}</tbody></table></div>"
    )
}

fn checks(report: &Report) -> String {
    let mut items = String::new();
    for check in &report.verdict.checks {
        let (class, word) = match check.holds {
            Some(true) => ("kept", "Kept"),
            Some(false) => ("broken", "BROKEN"),
            None => ("unseen", "Not seen"),
        };
        let _ = write!(
            items,
            "<li><b class=\"{class}\">{word}</b> {}<br><span class=\"soft\">{}</span></li>",
            escaped(&check.what),
            escaped(&check.why)
        );
    }
    format!("<h2>Promises</h2><div class=\"card\"><ul class=\"checks\">{items}</ul></div>")
}

fn how(report: &Report) -> String {
    let event = &report.scenario.event;
    format!(
        "<h2>How it was measured</h2><p class=\"soft\">On {}; seed {}; {} people over {}, capacity {}, {} admissions a second at most; \
         it took {}. The generator is an open loop: nobody comes later because the server is slow. On one machine the \
         generator takes processors from the server: its share stands above.</p>",
        escaped(&report.at),
        report.seed,
        grouped(report.scenario.people.into()),
        span(report.scenario.arrivals.over_seconds),
        grouped(event.capacity.into()),
        grouped(event.max_admitted_per_second.into()),
        span(report.elapsed_seconds)
    )
}

/// `39,616`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time as people say it.
fn span(seconds: f64) -> String {
    match seconds {
        s if s < 120.0 => format!("{} s", short((s * 10.0).round() / 10.0)),
        s if s < 7200.0 => format!("{:.1} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

/// As text in a page.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(size(crate::numbers::count(text.len())));
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::{Check, Verdict};

    #[test]
    fn the_page_asks_nobody_for_anything_and_runs_nothing() {
        let page = Report::sample().html();
        for outside in [
            "http://", "https://", "src=", "href=", "url(", "@import", "<script",
        ] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(page.contains("prefers-color-scheme: dark") && page.contains("width=device-width"));
        assert_eq!(page.matches("<figure>").count(), 5);
        assert!(!page.contains("NaN"));
    }

    #[test]
    fn what_is_broken_stands_at_the_top_and_nothing_of_it_is_markup() {
        let mut report = Report::sample();
        report.scenario.about = "<b>&".to_owned();
        report.verdict = Verdict {
            good: false,
            checks: vec![Check {
                what: "No seat was sold twice".to_owned(),
                holds: Some(false),
                why: "<i>A1</i>".to_owned(),
            }],
        };
        let page = report.html();
        assert!(page.contains("1 checks failed") && page.contains("BROKEN"));
        assert!(page.contains("&lt;b&gt;&amp;") && page.contains("&lt;i&gt;A1"));
        assert!(!page.contains("<i>"));
    }

    #[test]
    fn numbers_and_times_are_as_people_write_them() {
        assert_eq!(
            [7, 1000, 1_234_567].map(grouped),
            ["7", "1,000", "1,234,567"]
        );
        assert_eq!(
            [7.25, 150.0, 9000.0].map(span),
            ["7.3 s", "2.5 min", "2.5 h"]
        );
    }
}
