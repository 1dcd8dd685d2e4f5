//! The table, and the same as JSON.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;

use crate::measure::Figures;
use crate::postgres::Compared;

/// A million people in line take less memory than this, in bytes.
const LINE_BYTES: u64 = 400_000_000;

/// All that was measured.
#[derive(Debug, Serialize)]
pub struct Report {
    /// When, in seconds since 1970.
    pub at: u64,
    /// Connections that asked.
    pub connections: u32,
    /// Slices of each scenario.
    pub slices: u32,
    /// How long a slice took.
    pub slice_seconds: f64,
    /// Each scenario.
    pub scenarios: Vec<Figures>,
    /// Sales on `PostgreSQL`, if they were asked for.
    pub compared: Vec<Compared>,
    /// The long line, if it was asked for.
    pub long_line: Option<LongLine>,
}

/// What a long line takes.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct LongLine {
    /// People in it.
    pub people: usize,
    /// How long those who were not measured took to enter.
    pub filled_in_seconds: f64,
    /// What the server holds in memory with all of them in line, in bytes.
    pub resident_bytes: u64,
}

impl Report {
    /// Answers that were no success, over all scenarios.
    pub fn failed(&self) -> usize {
        self.scenarios.iter().map(|figures| figures.failed).sum()
    }

    /// For people.
    pub fn table(&self) -> String {
        let mut text = format!(
            "{:<26}{:>10}{:>9}{:>9}{:>9}{:>10}  {}\n",
            "", "per s", "p50 ms", "p99 ms", "CPU µs", "of hello", "aim"
        );
        for figures in &self.scenarios {
            let aim = match figures.aim {
                Some(aim) if figures.of_hello < aim => format!("{aim:.2} MISSED"),
                Some(aim) => format!("{aim:.2}"),
                None => "-".to_owned(),
            };
            let _ = writeln!(
                text,
                "{:<26}{:>10.0}{:>9.2}{:>9.2}{:>9.1}{:>10.2}  {aim}",
                figures.name,
                figures.per_second,
                figures.p50_ms,
                figures.p99_ms,
                figures.cpu_micros,
                figures.of_hello,
            );
            if let Some(failure) = &figures.failure {
                let _ = writeln!(text, "    {} FAILED: {failure}", figures.failed);
            }
        }
        if !self.compared.is_empty() {
            let _ = writeln!(
                text,
                "{:<36}{:>10}{:>28}  aim",
                "sales", "per s", "of pgbench"
            );
        }
        for compared in &self.compared {
            let _ = writeln!(text, "{}", compared.line());
        }
        if let Some(line) = self.long_line {
            let missed = if line.resident_bytes < LINE_BYTES {
                ""
            } else {
                ": MISSED"
            };
            let _ = writeln!(
                text,
                "{} people in line: {} MB of memory (aim: under 400 for a million{missed}); those who were not \
                 measured entered within {:.0} s",
                line.people,
                line.resident_bytes / 1_000_000,
                line.filled_in_seconds,
            );
        }
        text
    }
}

/// As JSON in a file of its own.
pub fn write(
    directory: &Path,
    kind: &str,
    at: u64,
    report: &impl Serialize,
) -> anyhow::Result<PathBuf> {
    let path = directory.join(format!("{kind}{at}.json"));
    let json = serde_json::to_vec_pretty(report)?;
    std::fs::write(&path, json).with_context(|| format!("writing {}", path.display()))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(name: &str, of_hello: f64, failed: usize) -> Figures {
        Figures {
            name: name.to_owned(),
            per_second: 20_000.0,
            p50_ms: 3.0,
            p99_ms: 6.0,
            cpu_micros: 20.0,
            of_hello,
            aim: Some(0.45),
            units: 100,
            failed,
            failure: (failed > 0).then(|| "POST /x: 503".to_owned()),
        }
    }

    #[test]
    fn the_table_says_what_was_missed_and_what_failed() {
        let report = Report {
            at: 0,
            connections: 64,
            slices: 5,
            slice_seconds: 1.0,
            scenarios: vec![figures("hold", 0.44, 3), figures("enter", 0.46, 0)],
            compared: Vec::new(),
            long_line: Some(LongLine {
                people: 1_000_000,
                filled_in_seconds: 30.0,
                resident_bytes: 401_000_000,
            }),
        };
        let table = report.table();
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[1].starts_with("hold ") && lines[1].ends_with("0.44  0.45 MISSED"));
        assert_eq!(lines[2], "    3 FAILED: POST /x: 503");
        assert!(lines[3].ends_with("0.46  0.45"), "{table}");
        assert!(lines[4].contains("401 MB") && lines[4].contains("MISSED"));
        assert_eq!(report.failed(), 3);
    }
}
