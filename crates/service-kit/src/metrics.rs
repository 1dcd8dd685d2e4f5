//! Figures for Prometheus: what is counted costs nanoseconds and no memory that grows, and all else is worked out when
//! somebody asks. docs/metrics.md has every name.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What one metric is, as Prometheus and docs/metrics.md say it.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name, which ends with its unit; that of a count ends with `_total`.
    pub name: &'static str,
    /// How it moves.
    pub kind: Kind,
    /// What it says.
    pub what: &'static str,
}

/// How a metric moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Up only, from 0 at the start of the process.
    Counter,
    /// Up and down.
    Gauge,
    /// Values, counted by size.
    Histogram,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// Says some figures, whenever somebody asks.
pub type Source = Arc<dyn Fn(&mut Exposition) + Send + Sync>;

/// The bounds of a histogram, in whole steps, and how many steps a unit has.
#[derive(Debug)]
pub struct Bounds {
    steps: &'static [u64],
    steps_in_unit: u32,
}

const BOUNDS_AT_MOST: usize = 12;

/// Seconds, from a quick answer to a time-out; counted in nanoseconds.
pub static SECONDS: Bounds = Bounds {
    steps: &[
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        25_000_000,
        50_000_000,
        100_000_000,
        250_000_000,
        1_000_000_000,
        5_000_000_000,
        30_000_000_000,
    ],
    steps_in_unit: 1_000_000_000,
};

/// Sizes of batches, which end at 512.
pub static SIZES: Bounds = Bounds {
    steps: &[1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    steps_in_unit: 1,
};

/// Counts values by size.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static Bounds,
    /// Values up to each bound and above the one before; the last are above all.
    counts: [AtomicU64; BOUNDS_AT_MOST + 1],
    sum: AtomicU64,
}

impl Histogram {
    /// Without values.
    pub fn new(bounds: &'static Bounds) -> Self {
        Self {
            bounds,
            counts: Default::default(),
            sum: AtomicU64::new(0),
        }
    }

    /// Counts a value, in steps of its bounds.
    pub fn record(&self, steps: u64) {
        let above = self.bounds.steps.iter().take_while(|bound| **bound < steps);
        self.counts[above.count()].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(steps, Ordering::Relaxed);
    }

    /// Counts a time, where the bounds are [`SECONDS`].
    pub fn record_time(&self, took: Duration) {
        self.record(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
    }
}

/// The text that Prometheus reads.
#[derive(Debug, Default)]
pub struct Exposition(String);

/// One metric in the text, with a sample for each set of labels.
pub struct Samples<'a> {
    name: &'static str,
    text: &'a mut String,
}

impl Exposition {
    /// What all sources say.
    pub fn of(sources: &[Source]) -> String {
        let mut exposition = Self::default();
        for source in sources {
            source(&mut exposition);
        }
        exposition.0
    }

    /// Begins a metric, which must not have begun before.
    pub fn metric(&mut self, metric: &Metric) -> Samples<'_> {
        let Metric { name, kind, what } = metric;
        let kind = kind.as_str();
        let _ = write!(self.0, "# HELP {name} {what}\n# TYPE {name} {kind}\n");
        let text = &mut self.0;
        Samples { name, text }
    }
}

impl Samples<'_> {
    /// A value with these labels.
    #[expect(clippy::cast_precision_loss, reason = "Prometheus has floats alone")]
    pub fn count(&mut self, labels: &[(&str, &str)], value: u64) {
        self.value(labels, value as f64);
    }

    /// A value with these labels.
    pub fn value(&mut self, labels: &[(&str, &str)], value: f64) {
        self.line("", labels, None, value);
    }

    /// A histogram with these labels.
    #[expect(clippy::cast_precision_loss, reason = "Prometheus has floats alone")]
    pub fn histogram(&mut self, labels: &[(&str, &str)], histogram: &Histogram) {
        let Bounds {
            steps,
            steps_in_unit,
        } = histogram.bounds;
        let unit = f64::from(*steps_in_unit);
        let mut total = 0;
        for (nth, count) in histogram.counts.iter().enumerate().take(steps.len() + 1) {
            total += count.load(Ordering::Relaxed);
            let bound = steps.get(nth).map_or(f64::INFINITY, |b| *b as f64 / unit);
            self.line("_bucket", labels, Some(bound), total as f64);
        }
        let sum = histogram.sum.load(Ordering::Relaxed) as f64 / unit;
        self.line("_sum", labels, None, sum);
        self.line("_count", labels, None, total as f64);
    }

    fn line(&mut self, suffix: &str, labels: &[(&str, &str)], bound: Option<f64>, value: f64) {
        let _ = write!(self.text, "{}{suffix}", self.name);
        let mut before = '{';
        for (label, text) in labels {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"");
            let text = text.replace('\n', "\\n");
            let _ = write!(self.text, "{before}{label}=\"{text}\"");
            before = ',';
        }
        if let Some(bound) = bound {
            let infinite = bound.is_infinite();
            let bound = if infinite {
                "+Inf".to_owned()
            } else {
                bound.to_string()
            };
            let _ = write!(self.text, "{before}le=\"{bound}\"");
            before = ',';
        }
        let end = if before == ',' { "}" } else { "" };
        let _ = writeln!(self.text, "{end} {value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Metric = Metric {
        name: "size",
        kind: Kind::Histogram,
        what: "how large",
    };

    #[test]
    fn a_value_counts_up_to_its_bound_and_to_all_above() {
        let histogram = Histogram::new(&SIZES);
        for size in [1, 2, 3, 4, 600] {
            histogram.record(size);
        }
        let mut exposition = Exposition::default();
        let mut samples = exposition.metric(&SIZE);
        samples.histogram(&[("of", "a \"b\"\n")], &histogram);
        let text = exposition.0;
        assert!(text.starts_with("# HELP size how large\n# TYPE size histogram\n"));
        for line in [
            r#"size_bucket{of="a \"b\"\n",le="1"} 1"#,
            r#"size_bucket{of="a \"b\"\n",le="4"} 4"#,
            r#"size_bucket{of="a \"b\"\n",le="512"} 4"#,
            r#"size_bucket{of="a \"b\"\n",le="+Inf"} 5"#,
            r#"size_sum{of="a \"b\"\n"} 610"#,
            r#"size_count{of="a \"b\"\n"} 5"#,
        ] {
            assert!(text.lines().any(|one| one == line), "{line} in {text}");
        }
    }

    #[test]
    fn times_are_told_in_seconds() {
        let histogram = Histogram::new(&SECONDS);
        histogram.record_time(Duration::from_millis(5));
        let mut exposition = Exposition::default();
        exposition.metric(&SIZE).histogram(&[], &histogram);
        for line in [
            "size_bucket{le=\"0.0025\"} 0",
            "size_bucket{le=\"0.005\"} 1",
            "size_bucket{le=\"30\"} 1",
            "size_sum 0.005",
        ] {
            assert!(exposition.0.contains(&format!("{line}\n")), "{line}");
        }
    }

    #[test]
    fn there_is_room_for_all_bounds() {
        for bounds in [&SECONDS, &SIZES] {
            assert!(bounds.steps.len() <= BOUNDS_AT_MOST && bounds.steps.is_sorted());
        }
    }
}
