//! An event as the operator sets it up, and the life of its sale.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::EventId;
use crate::time::Timestamp;

/// How the line lets people in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueSettings {
    /// How many may hold a pass at the same time.
    pub capacity: u32,
    /// How long a pass lasts from its collection, in seconds (1–86400).
    pub pass_seconds: u32,
    /// How many are admitted in any second at most (≥ 1).
    pub max_admitted_per_second: u32,
}

impl Default for QueueSettings {
    fn default() -> Self {
        Self {
            capacity: 100,
            pass_seconds: 600,
            max_admitted_per_second: 50,
        }
    }
}

/// What the operator says about an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventSettings {
    /// The slug.
    pub event_id: EventId,
    /// Its name.
    pub name: String,
    /// Where it takes place.
    pub venue: String,
    /// A longer text.
    pub description: Option<String>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// IANA time zone of the venue, for printing (`"Asia/Seoul"`).
    pub time_zone: String,
    /// When the sale opens; `None`: as soon as the event is opened.
    pub sale_opens_at: Option<Timestamp>,
    /// When the sale closes by itself.
    pub sale_closes_at: Option<Timestamp>,
    /// ISO 4217 code of every price.
    pub currency: String,
    /// How long a hold lasts, in seconds (1–3600).
    pub hold_seconds: u32,
    /// How many seats one place in line may hold and buy together (1–50).
    pub max_seats_per_buyer: u32,
    /// Digits of a reservation's code (4–8); set at the latest when the event is opened.
    pub code_digits: Option<u8>,
    /// Prices by category in minor units; they win over prices in the map.
    pub prices: BTreeMap<String, i64>,
    /// How the line lets people in.
    pub queue: QueueSettings,
}

impl EventSettings {
    /// The digits of this event's codes, 4 while that is still open.
    pub fn digits_of_codes(&self) -> u8 {
        self.code_digits.unwrap_or(4)
    }
}

/// How far the operator has taken an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Not public yet.
    Draft,
    /// Public; whether seats are sold is a matter of time and stock.
    Open,
    /// Public; holds and admissions stopped for now.
    Paused {
        /// What those who wait are told.
        message: Option<String>,
    },
    /// Over for good.
    Closed,
}

/// The state of an event's sale at an instant, as everyone sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleState {
    /// Not public.
    Draft,
    /// Public, before the sale opens.
    Scheduled,
    /// Seats are sold.
    OnSale,
    /// No seat is free or held.
    SoldOut,
    /// Stopped for now by the operator.
    Paused,
    /// Over for good.
    Closed,
}

impl SaleState {
    /// The word for it in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::OnSale => "on_sale",
            Self::SoldOut => "sold_out",
            Self::Paused => "paused",
            Self::Closed => "closed",
        }
    }
}

/// The state of a sale: phase and times decide, then stock (`free_or_held`: seats that may still be sold).
pub fn sale_state(
    phase: &Phase,
    settings: &EventSettings,
    free_or_held: u32,
    now: Timestamp,
) -> SaleState {
    match phase {
        Phase::Draft => SaleState::Draft,
        Phase::Closed => SaleState::Closed,
        Phase::Open | Phase::Paused { .. }
            if settings.sale_closes_at.is_some_and(|at| at <= now) =>
        {
            SaleState::Closed
        }
        Phase::Paused { .. } => SaleState::Paused,
        Phase::Open if settings.sale_opens_at.is_some_and(|at| now < at) => SaleState::Scheduled,
        Phase::Open if free_or_held == 0 => SaleState::SoldOut,
        Phase::Open => SaleState::OnSale,
    }
}
