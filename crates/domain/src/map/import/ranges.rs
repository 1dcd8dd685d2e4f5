//! Ranges of seat numbers: `1-10,12-16`.

use super::MAX_SEATS_PER_ROW;
use super::fault::{Fault, Quote};

/// Reads ranges into single numbers, in their order. A range counts up from one number to the other, both
/// included, also with the same letters before both (`W1-W4`); one number or label alone stands for itself.
pub(super) fn seat_numbers(text: &str) -> Result<Vec<String>, Fault> {
    let mut numbers = Vec::new();
    for part in text.split(',').map(str::trim) {
        match part.split_once('-') {
            _ if part.is_empty() => {
                let text = Quote::of(text);
                return Err(Fault::RangeMissing { text });
            }
            None => numbers.push(part.to_owned()),
            Some((first, last)) => {
                let no_range = || Fault::NotARange {
                    text: Quote::of(part),
                };
                let range = Range::read(first.trim(), last.trim()).ok_or_else(no_range)?;
                range.add_to(&mut numbers, part)?;
            }
        }
        if numbers.len() > MAX_SEATS_PER_ROW {
            return Err(too_many(text));
        }
    }
    Ok(numbers)
}

struct Range<'a> {
    letters: &'a str,
    first: u32,
    last: u32,
}

impl<'a> Range<'a> {
    fn read(first: &'a str, last: &'a str) -> Option<Self> {
        let digits = first.find(|c: char| c.is_ascii_digit())?;
        let (letters, first) = first.split_at(digits);
        let last = last.strip_prefix(letters).unwrap_or(last);
        // `parse` would take a sign too.
        let number = |text: &str| {
            let plain = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|_| plain)
        };
        Some(Self {
            letters,
            first: number(first)?,
            last: number(last)?,
        })
    }

    fn add_to(&self, numbers: &mut Vec<String>, part: &str) -> Result<(), Fault> {
        if self.first > self.last {
            let text = Quote::of(part);
            return Err(Fault::RangeDownwards { text });
        }
        if (self.last - self.first) as usize >= MAX_SEATS_PER_ROW {
            return Err(too_many(part));
        }
        let letters = self.letters;
        numbers.extend((self.first..=self.last).map(|number| format!("{letters}{number}")));
        Ok(())
    }
}

fn too_many(text: &str) -> Fault {
    Fault::RangeTooLong {
        text: Quote::of(text),
        most: MAX_SEATS_PER_ROW,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_count_up_and_keep_their_order() {
        let read = |text| seat_numbers(text).unwrap().join(" ");
        assert_eq!(read("1-3,5 , 12-13"), "1 2 3 5 12 13");
        assert_eq!(read("W1-W3,B2-4,Box"), "W1 W2 W3 B2 B3 B4 Box");
        assert_eq!(read("7"), "7");
    }

    #[test]
    fn what_is_no_range_is_said_to_be_none() {
        for (text, what) in [
            ("", "missing"),
            ("1-3,", "missing"),
            ("3-1", "counts down"),
            ("1-", "not a range"),
            ("-3", "not a range"),
            ("1--3", "not a range"),
            ("1-+3", "not a range"),
            ("1-3-5", "not a range"),
            ("A1-B3", "not a range"),
            ("1-99999999999", "not a range"),
            ("0-4294967295", "more than 5000 seats"),
            ("1-3000,1-3000", "more than 5000 seats"),
        ] {
            let error = seat_numbers(text).unwrap_err().to_string();
            assert!(error.contains(what), "{text}: {error}");
        }
    }
}
