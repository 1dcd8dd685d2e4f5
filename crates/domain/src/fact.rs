//! What happened. Facts are the only way in which state changes; a store keeps them before it answers, and
//! replaying them gives the state again.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::door::DoorFact;
use crate::event::EventSettings;
use crate::id::{Digest, EventId, HoldId, PlaceNumber, ReservationId, SeatIndex, StaffKeyId};
use crate::line::LineFact;
use crate::map::SeatMap;
use crate::time::Timestamp;

/// Something that happened in one event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The event was made, as a draft.
    Created {
        /// What the operator said.
        settings: Arc<EventSettings>,
        /// Random; sets this event apart from an earlier one of the same id in every token.
        uid: u64,
    },
    /// The operator changed settings.
    Changed {
        /// All settings as they are now.
        settings: Arc<EventSettings>,
    },
    /// A seat map was imported.
    MapSet {
        /// The map as imported, before the event's own prices.
        map: Arc<SeatMap>,
    },
    /// The event was published.
    Opened {
        /// Digits of its codes, fixed from now on.
        code_digits: u8,
    },
    /// Holds and admissions were stopped.
    Paused {
        /// What those who wait are told.
        message: Option<String>,
    },
    /// The sale goes on.
    Resumed,
    /// The sale is over for good.
    Closed,
    /// The draft was thrown away.
    Deleted,
    /// Seats were taken off sale.
    Blocked {
        /// Which.
        seats: Vec<SeatIndex>,
    },
    /// Blocked seats were put on sale again.
    Unblocked {
        /// Which.
        seats: Vec<SeatIndex>,
    },
    /// Something happened in the line.
    Line(LineFact),
    /// Seats were held.
    Held {
        /// The hold.
        hold_id: HoldId,
        /// The place in line whose pass was used.
        number: PlaceNumber,
        /// The seats and their prices in minor units.
        seats: Vec<PricedSeat>,
        /// When it runs out.
        expires_at: Timestamp,
        /// The Idempotency-Key it came with.
        key: Option<KeyUse>,
    },
    /// A hold was given back.
    Released {
        /// Which.
        hold_id: HoldId,
    },
    /// Holds ran out.
    HoldsExpired {
        /// Which.
        hold_ids: Vec<HoldId>,
    },
    /// A hold became a reservation.
    Confirmed {
        /// The reservation.
        reservation_id: ReservationId,
        /// The hold it came from.
        hold_id: HoldId,
        /// Its code, as a number.
        code: u32,
        /// Who bought.
        buyer: Buyer,
        /// The Idempotency-Key it came with.
        key: KeyUse,
    },
    /// A reservation was cancelled; its seats are free again.
    Cancelled {
        /// Which.
        reservation_id: ReservationId,
        /// The operator's reason; `None`: the buyer did it.
        reason: Option<String>,
    },
    /// A new receipt was issued; earlier ones end.
    ReceiptReissued {
        /// Of which reservation.
        reservation_id: ReservationId,
    },
    /// Something happened at the door.
    Door(DoorFact),
}

/// A seat and its price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedSeat {
    /// The seat's index.
    pub seat: SeatIndex,
    /// Minor units.
    pub price: i64,
}

/// Who bought. Personal data: never in a log, a metric or a URL.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// 1–100 characters.
    pub name: String,
    /// A telephone number or address, 1–100 characters.
    pub contact: String,
}

impl std::fmt::Debug for Buyer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Buyer(…)")
    }
}

/// A use of an Idempotency-Key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyUse {
    /// Digest of the key.
    pub key: Digest,
    /// Digest of the body as a JSON value.
    pub body: Digest,
}

/// Something that happened outside any one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopFact {
    /// A staff key was made.
    StaffKeyAdded {
        /// Its id.
        id: StaffKeyId,
        /// Whose it is.
        name: String,
        /// The events it is for.
        event_ids: Vec<EventId>,
        /// Digest of the key.
        key: Digest,
    },
    /// A staff key was withdrawn.
    StaffKeyRemoved {
        /// Its id.
        id: StaffKeyId,
    },
    /// Somebody with a key did something worth recording.
    Audited(AuditEntry),
    /// Somebody at the door gave a code that is nobody's: recorded, and counted against the key.
    WrongCode {
        /// Whose key.
        id: StaffKeyId,
        /// As it stands on record.
        entry: AuditEntry,
    },
}

/// Who did what. Holds no personal data and no secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// `"operator"`, or the staff key's id and name.
    pub who: String,
    /// What was done, as `noun.verb` (`"event.open"`).
    pub action: String,
    /// To which event, if to one.
    pub event_id: Option<EventId>,
    /// To what in it (a reservation's id, a map's version), and how.
    pub detail: Option<String>,
}

/// A fact with its instant, as a store keeps it.
#[derive(Debug, Clone, PartialEq)]
pub enum Recorded {
    /// In an event.
    Event {
        /// Which event.
        event_id: EventId,
        /// When.
        at: Timestamp,
        /// What.
        fact: Fact,
    },
    /// Outside any one event.
    Shop {
        /// When.
        at: Timestamp,
        /// What.
        fact: ShopFact,
    },
}

impl Recorded {
    /// Reads what a store has kept: the fact's JSON, and its event if it has one. What is wrong is told without a word of the
    /// fact, which may have names and contacts in it.
    pub fn parse(at: Timestamp, event_id: Option<&str>, fact: &str) -> Result<Self, String> {
        let Some(event_id) = event_id else {
            let fact = parse(fact)?;
            return Ok(Self::Shop { at, fact });
        };
        let event_id = EventId::parse(event_id).map_err(|error| error.to_string())?;
        let fact = parse(fact)?;
        Ok(Self::Event { event_id, at, fact })
    }
}

/// serde's own words may quote what they are about.
fn parse<T: DeserializeOwned>(fact: &str) -> Result<T, String> {
    serde_json::from_str(fact).map_err(|error| {
        let (kind, line, column) = (error.classify(), error.line(), error.column());
        format!("its JSON can't be read: {kind:?} at line {line}, column {column}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_read_is_told_without_a_word_of_it() {
        let told = |fact: &str| Recorded::parse(Timestamp(0), Some("gala"), fact).unwrap_err();
        for fact in [
            r#"{"paused":{"message":["Kim Seo-yeon"]}}"#,
            r#"{"Kim Seo-yeon":1}"#,
            r#""Kim Seo-yeon"#,
        ] {
            let told = told(fact);
            assert!(
                told.contains("line 1, column") && !told.contains("Kim"),
                "{told}"
            );
        }
        let stranger = Recorded::parse(Timestamp(0), Some("no id"), "1");
        assert!(stranger.is_err());
    }
}
