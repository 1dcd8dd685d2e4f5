//! The table, and the same as JSON.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;

use crate::measure::Figures;

/// All that was measured.
#[derive(Debug, Serialize)]
pub struct Report {
    /// When, in seconds since 1970.
    pub at: u64,
    /// Each scenario.
    pub scenarios: Vec<Figures>,
    /// People in the long line.
    pub people: usize,
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
            "{:<28}{:>10}{:>9}{:>9}{:>9}{:>10}{:>7}{:>8}\n",
            "scenario", "per s", "p50 ms", "p99 ms", "CPU µs", "of hello", "aim", "failed"
        );
        for figures in &self.scenarios {
            let aim = figures
                .aim
                .map_or_else(|| "-".to_owned(), |aim| format!("{aim:.2}"));
            let _ = writeln!(
                text,
                "{:<28}{:>10.0}{:>9.2}{:>9.2}{:>9.1}{:>10.2}{aim:>7}{:>8}",
                figures.name,
                figures.per_second,
                figures.p50_ms,
                figures.p99_ms,
                figures.cpu_micros,
                figures.of_hello,
                figures.failed
            );
            if let Some(failure) = &figures.failure {
                let _ = writeln!(text, "    {failure}");
            }
        }
        let _ = writeln!(
            text,
            "memory with {} people in line: {} MB (aim: under 400 MB for 1,000,000)",
            self.people,
            self.resident_bytes / 1_000_000
        );
        text
    }

    /// As JSON in a file of its own.
    pub fn write(&self, directory: &Path) -> anyhow::Result<PathBuf> {
        let path = directory.join(format!("{}.json", self.at));
        let json = serde_json::to_vec_pretty(self)?;
        std::fs::write(&path, json).with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    }
}
