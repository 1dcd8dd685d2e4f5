//! Plots as SVG. Colours and text come from the page's style, so that light and dark are the page's business.

use std::fmt::Write as _;

use crate::numbers::{count, float, size, whole};
use crate::record::Bar;

const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 26.0;
/// More points than this would lie on one another.
const POINTS_AT_MOST: usize = 480;
/// Lines across, at most.
const TICKS: f64 = 5.0;

/// A line.
pub struct Series<'a> {
    /// What it is.
    pub name: &'a str,
    /// Its value in each second.
    pub values: Vec<f64>,
}

/// How values lie on the upright axis.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// From zero, evenly.
    Linear,
    /// Each power of ten as high as the others.
    Logarithmic,
}

/// The upright axis.
struct Axis {
    scale: Scale,
    low: f64,
    high: f64,
    ticks: Vec<f64>,
}

impl Axis {
    fn linear(most: f64) -> Self {
        let step = step(most.max(1.0) / TICKS);
        let steps = (most.max(1.0) / step).ceil().max(1.0);
        let ticks = (0..=whole(steps)).map(|n| float(n) * step);
        Self {
            scale: Scale::Linear,
            low: 0.0,
            high: steps * step,
            ticks: ticks.collect(),
        }
    }

    fn logarithmic(least: f64, most: f64) -> Self {
        let low = least.max(0.01).log10().floor();
        let high = most.max(0.1).log10().ceil().max(low + 1.0);
        let powers = 0..=whole(high - low);
        Self {
            scale: Scale::Logarithmic,
            low,
            high,
            ticks: powers.map(|n| 10.0_f64.powf(low + float(n))).collect(),
        }
    }

    fn y(&self, value: f64) -> f64 {
        let value = match self.scale {
            Scale::Linear => value,
            Scale::Logarithmic => value.max(0.001).log10(),
        };
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        TOP + (1.0 - share) * (HEIGHT - TOP - BOTTOM)
    }
}

/// Lines over the seconds of a run.
pub fn lines(title: &str, scale: Scale, series: &[Series<'_>]) -> String {
    let all = series.iter().flat_map(|one| &one.values).copied();
    let most = all.clone().fold(0.0, f64::max);
    let least = all.filter(|value| *value > 0.0).fold(f64::MAX, f64::min);
    let axis = match scale {
        Scale::Linear => Axis::linear(most),
        Scale::Logarithmic => Axis::logarithmic(least.min(most), most),
    };
    let seconds = series.iter().map(|one| one.values.len()).max();
    let seconds = seconds.unwrap_or(0).max(2);
    let mut svg = begin(title);
    svg.push_str(&across(&axis));
    svg.push_str(&along(seconds));
    for (number, one) in series.iter().enumerate() {
        let points = points(&one.values, seconds, &axis);
        let _ = write!(
            svg,
            "<polyline class=\"line s{}\" points=\"{points}\"><title>{}</title></polyline>",
            number + 1,
            one.name
        );
    }
    svg + "</svg>"
}

/// Bars of how long answers took.
pub fn bars(title: &str, bars: &[Bar]) -> String {
    let most = bars.iter().map(|bar| bar.answers).max().unwrap_or(0);
    let axis = Axis::linear(float(most));
    let width = (WIDTH - LEFT - RIGHT) / float(count(bars.len().max(1)));
    let mut svg = begin(title);
    svg.push_str(&across(&axis));
    let apart = bars.len().div_ceil(7).max(1);
    for (number, bar) in bars.iter().enumerate() {
        let x = LEFT + width * float(count(number));
        let y = axis.y(float(bar.answers));
        let (high, wide) = (HEIGHT - BOTTOM - y, (width - 1.5).max(0.5));
        let _ = write!(
            svg,
            "<rect class=\"bar\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\">\
             <title>up to {} ms: {}</title></rect>",
            short(bar.up_to_ms),
            short(float(bar.answers))
        );
        if number % apart == apart / 2 {
            let _ = write!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                x + width / 2.0,
                HEIGHT - 8.0,
                short(bar.up_to_ms)
            );
        }
    }
    svg + "</svg>"
}

fn begin(title: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\"><title>{title}</title>"
    )
}

/// Lines across, with their values.
fn across(axis: &Axis) -> String {
    let line = |value: &f64| {
        let y = axis.y(*value);
        format!(
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            y + 4.0,
            short(*value)
        )
    };
    axis.ticks.iter().map(line).collect()
}

/// Seconds below.
fn along(seconds: usize) -> String {
    let last = float(count(seconds - 1));
    let step = step(last / 6.0).max(1.0);
    let ticks = 0..=whole(last / step);
    let text = |n: u64| {
        let at = float(n) * step;
        let unit = if n == 0 { " s" } else { "" };
        format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}{unit}</text>",
            x(at, last),
            HEIGHT - 8.0,
            short(at)
        )
    };
    ticks.map(text).collect()
}

fn x(at: f64, last: f64) -> f64 {
    LEFT + at / last.max(1.0) * (WIDTH - LEFT - RIGHT)
}

/// At most so many points; where several fall together the highest is shown, so that no peak is hidden.
fn points(values: &[f64], seconds: usize, axis: &Axis) -> String {
    let together = values.len().div_ceil(POINTS_AT_MOST).max(1);
    let last = float(count(seconds - 1));
    let chunks = values.chunks(together).enumerate();
    let point = |(number, chunk): (usize, &[f64])| {
        let most = chunk.iter().copied().fold(0.0, f64::max);
        let at = float(count(number * together));
        format!("{:.1},{:.1}", x(at, last), axis.y(most))
    };
    chunks.map(point).collect::<Vec<_>>().join(" ")
}

/// The next of 1, 2, 5, 10, 20 …
fn step(least: f64) -> f64 {
    let power = 10.0_f64.powf(least.max(1e-3).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|n| n * power);
    let found = steps.into_iter().find(|step| *step >= least * 0.999);
    found.unwrap_or(10.0 * power)
}

/// A number in little room: `950`, `12k`, `1.5M`, `0.25`.
pub fn short(number: f64) -> String {
    let (number, unit) = match number {
        n if n >= 1e6 => (n / 1e6, "M"),
        n if n >= 1e4 => (n / 1e3, "k"),
        n => (n, ""),
    };
    let digits = match number {
        n if n >= 100.0 || (n - n.round()).abs() < 1e-9 => 0,
        n if n >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{number:.digits$}");
    let text = if size(count(digits)) > 0 {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    };
    format!("{text}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let told = [0.0, 0.25, 3.0, 12.5, 950.0, 1500.0, 39_616.0, 1_500_000.0].map(short);
        assert_eq!(
            told,
            ["0", "0.25", "3", "12.5", "950", "1500", "39.6k", "1.5M"]
        );
    }

    #[test]
    fn an_axis_reaches_to_the_highest_value_in_round_steps() {
        let axis = Axis::linear(37.0);
        assert_eq!(axis.ticks, [0.0, 10.0, 20.0, 30.0, 40.0]);
        assert!(axis.y(40.0) < axis.y(37.0) && axis.y(37.0) < axis.y(0.0));
        assert_eq!(Axis::logarithmic(0.4, 250.0).ticks.len(), 5);
    }

    #[test]
    fn a_peak_is_shown_however_long_the_run() {
        let mut values = vec![1.0; 5000];
        values[3333] = 100.0;
        let axis = Axis::linear(100.0);
        let points = points(&values, values.len(), &axis);
        assert!(points.split(' ').count() <= POINTS_AT_MOST);
        assert!(points.contains(&format!(",{:.1}", axis.y(100.0))));
    }

    #[test]
    fn nothing_measured_is_still_a_plot() {
        let empty = lines("Empty", Scale::Logarithmic, &[]);
        assert!(
            empty.starts_with("<svg") && !empty.contains("NaN"),
            "{empty}"
        );
        assert!(!bars("Empty", &[]).contains("NaN"));
    }
}
