//! What a run came to: for machines as JSON, for people as one page that asks no other host for anything.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::record::{Bar, Figures, Second};
use crate::rehearsal::Recommendation;
use crate::scenario::Scenario;
use crate::verdict::Verdict;
use crate::watch::{Board, Taken};
use crate::yardstick::Compared;

mod page;
mod plot;

/// What a run came to.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// What was played, as it was played.
    pub scenario: Scenario,
    /// What all chance came from.
    pub seed: u64,
    /// On which server.
    pub at: String,
    /// How long it took.
    pub elapsed_seconds: f64,
    /// How many came.
    pub came: u32,
    /// How it ended, for how many.
    pub ends: BTreeMap<String, u64>,
    /// Who was still in line or in the shop at the end.
    pub still_there: u64,
    /// How many seats there are.
    pub seats: u64,
    /// How many were sold.
    pub seats_sold: u64,
    /// In how many sales.
    pub sales: u64,
    /// When the last of all who came had a place in line, after the first arrival.
    pub all_in_line_seconds: f64,
    /// When the last sale was answered, after the first arrival.
    pub last_sale_seconds: f64,
    /// How long a buyer was in the shop: the mean.
    pub shop_seconds: f64,
    /// When those at the door began to come.
    pub door_seconds: Option<f64>,
    /// Each kind of request.
    pub requests: Vec<Figures>,
    /// How long answers took.
    pub bars: Vec<Bar>,
    /// Each second.
    pub seconds: Vec<Second>,
    /// The public board, about once a second.
    pub boards: Vec<Board>,
    /// Failures by kind.
    pub failures: BTreeMap<String, u64>,
    /// Refusals in order, by code.
    pub refusals: BTreeMap<String, u64>,
    /// What the server took of the machine, where it is a program of its own.
    pub server: Option<Taken>,
    /// What the generator took.
    pub generator: Option<Taken>,
    /// Whether the promises were kept.
    pub verdict: Verdict,
    /// How fast it went, if that was asked for.
    pub compared: Option<Compared>,
    /// What to set, after a rehearsal.
    pub recommendation: Option<Recommendation>,
}

impl Report {
    /// As a page.
    pub fn html(&self) -> String {
        page::of(self)
    }

    /// As JSON.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Writes the page into a directory; gives where it is.
    pub fn write(&self, directory: &Path) -> std::io::Result<PathBuf> {
        std::fs::create_dir_all(directory)?;
        let path = directory.join(format!("{}.html", self.file_name()));
        std::fs::write(&path, self.html())?;
        Ok(path)
    }

    /// All answers, of every kind.
    pub fn answers(&self) -> u64 {
        self.requests.iter().map(|figures| figures.answers).sum()
    }

    /// The scenario's name as that of a file.
    fn file_name(&self) -> String {
        let name = self.scenario.name.trim_end_matches(".toml");
        let name = name.rsplit('/').next().unwrap_or(name);
        name.replace(|c: char| !c.is_alphanumeric() && c != '-', "-")
    }

    /// A run to try things with.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let second = |n: u32| Second {
            in_line: u64::from(50 - n),
            sales: 3,
            answers: 40,
            p50_ms: 1.0,
            p99_ms: f64::from(n) + 2.0,
            max_ms: 90.0,
            ..Second::default()
        };
        let figures = Figures {
            name: "enter",
            answers: 50,
            p50_ms: 0.9,
            p90_ms: 1.5,
            p99_ms: 3.0,
            p999_ms: 3.0,
            max_ms: 3.0,
            sent_p99_ms: 2.0,
        };
        Self {
            scenario: Scenario::built_in("opening-rush").unwrap().unwrap(),
            seed: 1,
            at: "a program of its own".to_owned(),
            elapsed_seconds: 20.0,
            came: 50,
            ends: BTreeMap::from([("bought".to_owned(), 50)]),
            still_there: 0,
            seats: 1000,
            seats_sold: 100,
            sales: 50,
            all_in_line_seconds: 18.0,
            last_sale_seconds: 19.0,
            shop_seconds: 4.0,
            door_seconds: None,
            requests: vec![figures],
            bars: vec![Bar {
                up_to_ms: 1.0,
                answers: 50,
            }],
            seconds: (0..20).map(second).collect(),
            boards: Vec::new(),
            failures: BTreeMap::new(),
            refusals: BTreeMap::from([("hold: seats_unavailable".to_owned(), 4)]),
            server: None,
            generator: None,
            verdict: Verdict {
                good: true,
                checks: Vec::new(),
            },
            compared: None,
            recommendation: None,
        }
    }
}
