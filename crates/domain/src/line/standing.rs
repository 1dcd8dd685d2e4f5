//! How somebody stands in line, as they are told.

use serde::{Deserialize, Serialize};

use super::{
    Eta, Line, POLL_LONGEST_MS, POLL_STANDING_MS, Pace, PlaceState, poll_after_ms, with_jitter,
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
    let state = word(line.state(number), sale);
    let (ahead, behind) = match state {
        Word::Admitted => (Some(0), Some(line.behind(number))),
        Word::Expired | Word::Done | Word::Left => (None, None),
        Word::Waiting
        | Word::SoldOut
        | Word::Paused
        | Word::NotOpen
        | Word::Closed
        | Word::Recovering => (Some(line.ahead(number)), Some(line.behind(number))),
    };
    let position = if state == Word::Admitted {
        Some(0)
    } else {
        ahead.map(|ahead| ahead + 1)
    };
    let eta = match (state, position) {
        (Word::Waiting, Some(position)) => pace.eta(position, settings.queue, now),
        _ => None,
    };
    let pass_expires_at = line
        .pass_expires_at(number)
        .filter(|_| state == Word::Admitted);
    let poll_after_ms = poll(state, eta, settings, number, now);
    Standing {
        state,
        position,
        ahead,
        behind,
        eta,
        poll_after_ms,
        pass_expires_at,
    }
}

fn word(place: PlaceState, sale: SaleState) -> Word {
    match (place, sale) {
        (PlaceState::Done, _) => Word::Done,
        (PlaceState::Left, _) => Word::Left,
        (PlaceState::Expired, _) => Word::Expired,
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
    eta: Option<Eta>,
    settings: &EventSettings,
    number: PlaceNumber,
    now: Timestamp,
) -> u32 {
    let jitter = number
        .wrapping_mul(0x1_0001)
        .wrapping_add(now.0.unsigned_abs() / 1000);
    match state {
        Word::Waiting => eta.map_or(with_jitter(POLL_STANDING_MS, jitter), |eta| {
            poll_after_ms(eta.p50, jitter)
        }),
        Word::NotOpen => {
            let wait_ms = settings
                .sale_opens_at
                .map_or(0, |at| at.ms_since(now).max(0));
            poll_after_ms(u32::try_from(wait_ms / 1000).unwrap_or(u32::MAX), jitter)
        }
        Word::Admitted | Word::SoldOut | Word::Paused | Word::Recovering => {
            with_jitter(POLL_STANDING_MS, jitter)
        }
        Word::Expired | Word::Done | Word::Left | Word::Closed => {
            with_jitter(POLL_LONGEST_MS, jitter)
        }
    }
}
