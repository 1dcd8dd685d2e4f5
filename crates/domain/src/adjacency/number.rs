//! Seat numbers as printed, read so that their neighbours can be told.

use std::collections::HashMap;

/// A printed number taken apart: what stands before the last digits, the digits, what stands after.
///
/// `"12"` is 12; `"W1"` is 1 of the series `W`; `"12b"` is 12 of the series of those with a `b` behind. A
/// single Latin letter counts as its place in the alphabet, in a series of its own. Anything else has no
/// number and thus no neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SeatNumber<'a> {
    series: Series<'a>,
    number: u64,
}

/// Seats are neighbours only within one series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Series<'a> {
    Digits { before: &'a str, after: &'a str },
    Letters { capital: bool },
    Unnumbered(&'a str),
}

impl<'a> SeatNumber<'a> {
    fn read(text: &'a str) -> Self {
        Self::digits(text)
            .or_else(|| Self::letter(text))
            .unwrap_or(Self {
                series: Series::Unnumbered(text),
                number: 0,
            })
    }

    fn digits(text: &'a str) -> Option<Self> {
        let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
        let start = text[..end]
            .rfind(|c: char| !c.is_ascii_digit())
            .map_or(0, |at| {
                at + text[at..].chars().next().map_or(1, char::len_utf8)
            });
        Some(Self {
            series: Series::Digits {
                before: &text[..start],
                after: &text[end..],
            },
            number: text[start..end].parse().ok()?,
        })
    }

    fn letter(text: &'a str) -> Option<Self> {
        match text.as_bytes() {
            [letter] if letter.is_ascii_alphabetic() => Some(Self {
                series: Series::Letters {
                    capital: letter.is_ascii_uppercase(),
                },
                number: u64::from(*letter),
            }),
            _ => None,
        }
    }
}

/// One seat of a row in the order of the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    /// Index in the row as given.
    pub seat: usize,
    /// How many numbers are missing between the seat before and this one: 0 for neighbours; `None` where
    /// there is no seat before, or the two do not count on from each other.
    pub missing: Option<u64>,
}

/// Lines the seats of a row up by their numbers: the series in the order in which they first appear, each
/// in rising order.
pub(crate) fn line_up<'a>(numbers: impl IntoIterator<Item = &'a str>) -> Vec<Step> {
    let mut series: HashMap<Series, usize> = HashMap::new();
    let mut keyed: Vec<(usize, u64, usize)> = Vec::new();
    for (seat, text) in numbers.into_iter().enumerate() {
        let SeatNumber { series: of, number } = SeatNumber::read(text);
        let next = series.len();
        keyed.push((*series.entry(of).or_insert(next), number, seat));
    }
    keyed.sort_unstable();
    let mut before: Option<(usize, u64)> = None;
    keyed
        .into_iter()
        .map(|(at, number, seat)| {
            let missing = before
                .filter(|(series, _)| *series == at)
                .and_then(|(_, last)| number.checked_sub(last)?.checked_sub(1));
            before = Some((at, number));
            Step { seat, missing }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lined_up(numbers: &[&'static str]) -> Vec<(&'static str, Option<u64>)> {
        line_up(numbers.iter().copied())
            .into_iter()
            .map(|step| (numbers[step.seat], step.missing))
            .collect()
    }

    #[test]
    fn numbers_rise_and_gaps_are_counted() {
        assert_eq!(
            lined_up(&["12", "8", "9", "010"]),
            [
                ("8", None),
                ("9", Some(0)),
                ("010", Some(0)),
                ("12", Some(1))
            ]
        );
    }

    #[test]
    fn series_do_not_mix() {
        assert_eq!(
            lined_up(&["W2", "W1", "3", "2", "B", "A", "3b"]),
            [
                ("W1", None),
                ("W2", Some(0)),
                ("2", None),
                ("3", Some(0)),
                ("A", None),
                ("B", Some(0)),
                ("3b", None)
            ]
        );
    }

    #[test]
    fn what_has_no_number_has_no_neighbour() {
        let long = "9".repeat(40);
        let numbers = ["Box", "Box", "5", "5", &long, "가1나", "가2나"];
        let missing: Vec<_> = line_up(numbers).iter().map(|step| step.missing).collect();
        assert_eq!(missing, [None, None, None, None, None, None, Some(0)]);
    }
}
