//! What a server said, as far as a person cares.

use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::person::Action;

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A place in line.
    Place(Place),
    /// What is free.
    Availability(Availability),
    /// Seats are held.
    Held(Held),
    /// Seats are bought.
    Sold(Sold),
    /// At the door.
    CheckedIn(CheckedIn),
    /// Nothing more is to be known.
    Done,
    /// No, in order: somebody was quicker, the time ran out, and so on.
    Refused(Refused),
    /// No answer, or none that a server may give.
    Failed(Failure),
}

/// A place in line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Place {
    /// Where it stands.
    pub state: PlaceState,
    /// What proves it.
    pub ticket: Arc<str>,
    /// When to ask again.
    pub poll_after_ms: u32,
    /// What admits, if it does.
    pub pass: Option<Arc<str>>,
}

/// Where a place stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceState {
    /// In line.
    Waiting,
    /// In the shop.
    Admitted,
    /// The time in the shop ran out.
    Expired,
    /// Bought.
    Done,
    /// Gone.
    Left,
    /// In line, and nothing is free.
    SoldOut,
    /// In line, and nobody is let in.
    Paused,
    /// In line before the opening.
    NotOpen,
    /// The sale is over.
    Closed,
    /// The line is being rebuilt.
    Recovering,
}

/// What is free: everything, or what has changed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Availability {
    /// Grows with every change.
    pub version: u64,
    /// Two bits a seat, in base64.
    #[serde(default)]
    pub states: Option<String>,
    /// Seats and their new states.
    #[serde(default)]
    pub changes: Vec<(u32, u8)>,
}

/// Seats that are held.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Held {
    /// What buys them.
    pub hold_token: Arc<str>,
    /// Which they are.
    pub seats: Vec<Seat>,
}

/// A seat.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Seat {
    /// Its id in the map.
    pub seat_id: String,
}

/// Seats that are bought.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Sold {
    /// The reservation.
    pub reservation_id: String,
    /// What finds it at the door.
    pub code: String,
    /// Which they are.
    pub seats: Vec<Seat>,
    /// What the ticket shows.
    #[serde(default)]
    pub entry_token: String,
}

/// What the door said.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CheckedIn {
    /// `admitted`, `already_admitted` or `cancelled`.
    pub outcome: String,
    /// Who came in now.
    pub admitted: Vec<Seat>,
}

/// A no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// Its code.
    pub code: String,
    /// So many seats that are as good, up to three times.
    pub alternatives: Vec<Vec<String>>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// None within the time.
    TimedOut,
    /// The connection could not be made, or broke.
    Broken,
    /// 5xx or 429, with its code; it may be asked again after so many seconds.
    Server(u16, String, Option<u32>),
    /// An answer that does not follow from what was asked.
    Strange(u16, String),
}

impl Failure {
    /// The kind, to be counted under.
    pub fn kind(&self) -> String {
        match self {
            Self::TimedOut => "time-out".to_owned(),
            Self::Broken => "broken connection".to_owned(),
            Self::Server(status, code, _) | Self::Strange(status, code) => {
                format!("{status} {code}").trim_end().to_owned()
            }
        }
    }
}

/// Refusals that people bring about by what they do; any other says that something is wrong.
const IN_ORDER: [&str; 10] = [
    "seats_unavailable",
    "no_adjacent_seats",
    "pass_expired",
    "hold_expired",
    "hold_released",
    "sale_not_open",
    "sale_closed",
    "sale_paused",
    "idempotency_in_progress",
    "limit_exceeded",
];

#[derive(Deserialize, Default)]
struct Problem {
    #[serde(default)]
    code: String,
    #[serde(default)]
    alternatives: Vec<Vec<String>>,
}

/// Reads what was answered to this.
pub fn read(action: Action, status: u16, retry_after: Option<u32>, body: &Bytes) -> Answer {
    if (200..300).contains(&status) {
        return success(action, status, body);
    }
    let problem: Problem = serde_json::from_slice(body).unwrap_or_default();
    match status {
        429 | 500.. => Answer::Failed(Failure::Server(status, problem.code, retry_after)),
        _ if IN_ORDER.contains(&problem.code.as_str()) => Answer::Refused(Refused {
            status,
            code: problem.code,
            alternatives: problem.alternatives,
        }),
        _ => Answer::Failed(Failure::Strange(status, problem.code)),
    }
}

fn success(action: Action, status: u16, body: &Bytes) -> Answer {
    fn parsed<T: DeserializeOwned>(body: &Bytes, of: fn(T) -> Answer) -> Option<Answer> {
        serde_json::from_slice(body).ok().map(of)
    }
    let answer = match action {
        Action::Enter | Action::Status => parsed(body, Answer::Place),
        Action::Look => parsed(body, Answer::Availability),
        Action::Hold => parsed(body, Answer::Held),
        Action::Confirm => parsed(body, Answer::Sold),
        Action::CheckIn | Action::ShowAgain => parsed(body, Answer::CheckedIn),
        Action::Leave | Action::Vanish => Some(Answer::Done),
    };
    let strange = || Failure::Strange(status, "with another body than promised".to_owned());
    answer.unwrap_or_else(|| Answer::Failed(strange()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(action: Action, status: u16, body: &'static str) -> Answer {
        read(action, status, None, &Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn a_refusal_in_order_is_told_from_a_failure() {
        let taken = r#"{"code":"seats_unavailable","alternatives":[["A-1"]]}"#;
        let Answer::Refused(refused) = told(Action::Hold, 409, taken) else {
            panic!("a conflict is in order");
        };
        assert_eq!(refused.alternatives, [["A-1"]]);
        let kinds = [
            (401, r#"{"code":"pass_missing"}"#, "401 pass_missing"),
            (503, r#"{"code":"overloaded"}"#, "503 overloaded"),
            (502, "<html>", "502"),
            (200, "{}", "200 with another body than promised"),
        ];
        for (status, body, kind) in kinds {
            let Answer::Failed(failure) = told(Action::Hold, status, body) else {
                panic!("{status} is a failure");
            };
            assert_eq!(failure.kind(), kind);
        }
    }

    #[test]
    fn what_is_asked_says_what_the_answer_is() {
        let place = r#"{"state":"waiting","ticket":"t","poll_after_ms":2000,"pass":null,"new":1}"#;
        assert!(matches!(told(Action::Enter, 201, place), Answer::Place(_)));
        let changes = r#"{"full":false,"version":7,"changes":[[3,1]]}"#;
        let Answer::Availability(told_of) = told(Action::Look, 200, changes) else {
            panic!("it is what is free");
        };
        assert_eq!(
            (told_of.version, told_of.changes.as_slice()),
            (7, &[(3, 1)][..])
        );
        assert_eq!(told(Action::Leave, 204, ""), Answer::Done);
    }
}
