//! How somebody stands in line, as they are told.

use serde::{Deserialize, Serialize};

use super::{
    Eta, Line, POLL_ADMITTED_MS, POLL_LONGEST_MS, Pace, PlaceState, poll_not_open_ms,
    poll_standing_ms, poll_waiting_ms, with_jitter,
};
use crate::event::{EventSettings, SaleState};
use crate::id::PlaceNumber;
use crate::time::Timestamp;

/// The word for a place's state in the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// In line, parked or not.
    Waiting,
    /// Has a pass.
    Admitted,
    /// The pass ran out.
    Expired,
    /// Bought.
    Done,
    /// Gave the place up.
    Left,
    /// In line, and nothing is left.
    SoldOut,
    /// In line, and the sale is paused.
    Paused,
    /// In line, and the sale has not opened.
    NotOpen,
    /// The sale is over.
    Closed,
    /// The line is being rebuilt; the place is kept.
    Recovering,
}

/// How somebody stands in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: Word,
    /// Place among those who wait, from 1; 0 with a pass; `None` once the place has ended.
    pub position: Option<u64>,
    /// How many are ahead.
    pub ahead: Option<u64>,
    /// How many are behind.
    pub behind: Option<u64>,
    /// The wait that is expected, where the line moves.
    pub eta: Option<Eta>,
    /// When to ask again.
    pub poll_after_ms: u32,
    /// When the pass ends.
    pub pass_expires_at: Option<Timestamp>,
}

/// How the holder of `number` stands in line.
pub fn standing(
    line: &Line,
    pace: &Pace,
    settings: &EventSettings,
    sale: SaleState,
    number: PlaceNumber,
    now: Timestamp,
) -> Standing {
    let state = word(line, sale, number, now);
    let (position, ahead, behind) = match state {
        Word::Admitted => (Some(0), Some(0), Some(line.behind(number))),
        Word::Expired | Word::Done | Word::Left => (None, None, None),
        Word::Waiting
        | Word::SoldOut
        | Word::Paused
        | Word::NotOpen
        | Word::Closed
        | Word::Recovering => {
            let ahead = line.ahead(number);
            (Some(ahead + 1), Some(ahead), Some(line.behind(number)))
        }
    };
    // How long it would take from here; told only to those whose line moves.
    let is_to_move = matches!(state, Word::Waiting | Word::NotOpen);
    let expected = position
        .filter(|_| is_to_move)
        .and_then(|position| pace.eta(position, settings.queue, now));
    let opens_in_ms = settings.sale_opens_at.map_or(0, |at| at.ms_since(now));
    let pass_expires_at = line.pass_expires_at(number);
    Standing {
        state,
        position,
        ahead,
        behind,
        eta: expected.filter(|_| state == Word::Waiting),
        poll_after_ms: poll(
            state,
            expected,
            (ahead.unwrap_or_default(), settings.queue.capacity),
            opens_in_ms,
            jitter(number, now),
        ),
        pass_expires_at: pass_expires_at.filter(|_| state == Word::Admitted),
    }
}

/// A pass that has reached its end is over, also before the rules have come by to say so.
fn word(line: &Line, sale: SaleState, number: PlaceNumber, now: Timestamp) -> Word {
    match (line.state(number), sale) {
        (PlaceState::Done, _) => Word::Done,
        (PlaceState::Left, _) => Word::Left,
        (PlaceState::Expired, _) => Word::Expired,
        (PlaceState::Admitted, _) if line.pass_expires_at(number).is_some_and(|at| at <= now) => {
            Word::Expired
        }
        (_, SaleState::Closed) => Word::Closed,
        (PlaceState::Called | PlaceState::Admitted, _) => Word::Admitted,
        (_, SaleState::Scheduled | SaleState::Draft) => Word::NotOpen,
        (_, SaleState::Paused) => Word::Paused,
        (_, SaleState::SoldOut) => Word::SoldOut,
        (_, SaleState::OnSale) => Word::Waiting,
    }
}

fn poll(
    state: Word,
    expected: Option<Eta>,
    (ahead, capacity): (u64, u32),
    opens_in_ms: i64,
    jitter: u64,
) -> u32 {
    match (state, expected) {
        (Word::Waiting, Some(expected)) => poll_waiting_ms(ahead, capacity, expected.p50, jitter),
        (Word::NotOpen, Some(expected)) => poll_not_open_ms(opens_in_ms, expected.p50, jitter),
        (Word::NotOpen, None) => poll_not_open_ms(opens_in_ms, u32::MAX, jitter),
        (Word::Waiting | Word::SoldOut | Word::Paused | Word::Recovering, _) => {
            poll_standing_ms(ahead, jitter)
        }
        (Word::Admitted, _) => with_jitter(POLL_ADMITTED_MS, jitter),
        (Word::Expired | Word::Done | Word::Left | Word::Closed, _) => {
            with_jitter(POLL_LONGEST_MS, jitter)
        }
    }
}

/// Differs between places, and for one place between questions.
fn jitter(number: PlaceNumber, now: Timestamp) -> u64 {
    number
        .wrapping_mul(0x1_0001)
        .wrapping_add(now.0.unsigned_abs() / 1000)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::event::QueueSettings;
    use crate::id::EventId;
    use crate::line::{LineFact, POLL_LONGEST_WITH_JITTER_MS, POLL_STANDING_MS};

    const NOW: Timestamp = Timestamp(1_800_000_000_000);
    const ALL: [SaleState; 6] = [
        SaleState::Draft,
        SaleState::Scheduled,
        SaleState::OnSale,
        SaleState::SoldOut,
        SaleState::Paused,
        SaleState::Closed,
    ];

    fn settings() -> EventSettings {
        EventSettings {
            event_id: EventId::parse("gala").unwrap(),
            name: String::new(),
            venue: String::new(),
            description: None,
            starts_at: NOW,
            time_zone: "UTC".to_owned(),
            sale_opens_at: Some(NOW.plus_seconds(30)),
            sale_closes_at: None,
            currency: "KRW".to_owned(),
            hold_seconds: 300,
            max_seats_per_buyer: 4,
            code_digits: None,
            prices: BTreeMap::new(),
            queue: QueueSettings::default(),
        }
    }

    /// 1 has a pass that ends in ten seconds, 2 was called, 3 is parked, 4 and 5 wait, 6 left.
    fn line() -> Line {
        let mut line = Line::default();
        for number in 1..=6 {
            line.apply(&LineFact::Entered {
                number,
                visitor: None,
            });
        }
        for fact in [
            LineFact::Parked { numbers: vec![3] },
            LineFact::Admitted {
                numbers: vec![1, 2],
                capacity: 2,
            },
            LineFact::Collected {
                number: 1,
                pass_expires_at: NOW.plus_seconds(10),
            },
            LineFact::Left { number: 6 },
        ] {
            line.apply(&fact);
        }
        line
    }

    fn told(sale: SaleState, number: PlaceNumber, now: Timestamp) -> Standing {
        standing(&line(), &Pace::default(), &settings(), sale, number, now)
    }

    #[test]
    fn those_who_wait_are_told_where_they_stand_and_how_long_it_takes() {
        let fifth = told(SaleState::OnSale, 5, NOW);
        assert_eq!(fifth.state, Word::Waiting);
        assert_eq!(
            (fifth.position, fifth.ahead, fifth.behind),
            (Some(2), Some(1), Some(0))
        );
        assert!(fifth.eta.is_some() && fifth.pass_expires_at.is_none());
        let parked = told(SaleState::OnSale, 3, NOW);
        assert_eq!((parked.state, parked.position), (Word::Waiting, Some(1)));
    }

    #[test]
    fn a_line_that_stands_still_keeps_positions_and_promises_nothing() {
        for (sale, word) in [
            (SaleState::Scheduled, Word::NotOpen),
            (SaleState::Paused, Word::Paused),
            (SaleState::SoldOut, Word::SoldOut),
            (SaleState::Closed, Word::Closed),
        ] {
            let fifth = told(sale, 5, NOW);
            assert_eq!(
                (fifth.state, fifth.position, fifth.eta),
                (word, Some(2), None)
            );
        }
    }

    #[test]
    fn an_admitted_place_stays_admitted_while_the_line_stands_still() {
        for sale in [SaleState::OnSale, SaleState::Paused, SaleState::SoldOut] {
            for number in [1, 2] {
                let admitted = told(sale, number, NOW);
                assert_eq!(admitted.state, Word::Admitted);
                assert_eq!((admitted.position, admitted.ahead), (Some(0), Some(0)));
                assert_eq!((admitted.behind, admitted.eta), (Some(2), None));
            }
        }
    }

    #[test]
    fn a_pass_is_over_at_its_end_in_every_state_of_the_sale() {
        let end = NOW.plus_seconds(10);
        let before = told(SaleState::OnSale, 1, end.plus_ms(-1));
        assert_eq!(before.pass_expires_at, Some(end));
        for sale in ALL {
            let after = told(sale, 1, end);
            assert_eq!((after.state, after.position), (Word::Expired, None));
            assert_eq!((after.ahead, after.behind, after.eta), (None, None, None));
            assert_eq!(after.pass_expires_at, None);
            assert_eq!(told(sale, 6, NOW).state, Word::Left);
        }
    }

    #[test]
    fn everybody_is_told_to_ask_again_in_time_to_count_as_present() {
        for sale in ALL {
            for number in 1..=6 {
                let ms = told(sale, number, NOW).poll_after_ms;
                assert!(
                    (2_000..=POLL_LONGEST_WITH_JITTER_MS).contains(&ms),
                    "{sale:?}"
                );
            }
        }
        assert!(told(SaleState::Scheduled, 4, NOW).poll_after_ms <= 32_000);
        assert!(told(SaleState::Paused, 4, NOW).poll_after_ms >= POLL_STANDING_MS);
    }
}
