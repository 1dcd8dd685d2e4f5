//! Lists in pages.

use serde::Deserialize;

use crate::problem::{FieldError, Problem};

/// Items of a page if nothing is said.
const DEFAULT_LIMIT: usize = 100;
/// Items of a page at most.
const LIMIT_AT_MOST: usize = 1000;

/// `limit` and `cursor` of a list.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many items at most: 1–1000, 100 if nothing is said.
    pub limit: Option<String>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl PageQuery {
    /// How many items at most.
    pub fn limit(&self) -> Result<usize, Problem> {
        match self.limit.as_deref().map(str::parse) {
            None => Ok(DEFAULT_LIMIT),
            Some(Ok(limit)) if (1..=LIMIT_AT_MOST).contains(&limit) => Ok(limit),
            Some(_) => Err(wrong("/limit", "a number from 1 to 1000 is needed")),
        }
    }

    /// The number in the cursor.
    pub fn number(&self) -> Result<Option<u64>, Problem> {
        self.cursor.as_deref().map(read_cursor).transpose()
    }
}

/// The number in a cursor.
pub fn read_cursor(cursor: &str) -> Result<u64, Problem> {
    let number = cursor
        .strip_prefix('c')
        .and_then(|digits| u64::from_str_radix(digits, 36).ok());
    number.ok_or_else(not_a_cursor)
}

/// 422: the cursor is not one of this list.
pub fn not_a_cursor() -> Problem {
    wrong("/cursor", "this is not a cursor of this list")
}

/// A cursor that carries a number.
pub fn cursor(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(
            b"0123456789abcdefghijklmnopqrstuvwxyz"
                [usize::try_from(number % 36).unwrap_or_default()],
        );
        number /= 36;
        if number == 0 {
            break;
        }
    }
    digits.push(b'c');
    digits.into_iter().rev().map(char::from).collect()
}

fn wrong(field: &str, detail: &str) -> Problem {
    Problem::invalid_request(vec![FieldError {
        field: field.to_owned(),
        detail: detail.to_owned(),
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_carries_its_number() {
        for number in [0, 1, 35, 36, 1_000_000, u64::MAX] {
            assert_eq!(read_cursor(&cursor(number)), Ok(number));
        }
        assert!(
            read_cursor("").is_err() && read_cursor("7").is_err() && read_cursor("c!").is_err()
        );
    }

    #[test]
    fn limits_outside_their_range_are_refused() {
        let limit = |text: &str| {
            PageQuery {
                limit: Some(text.to_owned()),
                cursor: None,
            }
            .limit()
            .is_ok()
        };
        assert!(limit("1") && limit("1000") && !limit("0") && !limit("1001") && !limit("x"));
    }
}
