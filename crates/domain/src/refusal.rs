//! "No" is a value: every answer but yes, with all that the asker must know to go on.

use serde::{Deserialize, Serialize};

use crate::id::SeatId;

/// Why something was not done. Nothing was changed, and asking again the same way gives the same answer
/// until something else has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// No event of that id, or it is a draft and the asker is not an operator.
    #[error("there is no such event")]
    EventNotFound,
    /// An event of that id exists.
    #[error("an event of this id exists already")]
    EventExists,
    /// A draft can only be opened or deleted.
    #[error("the event is a draft: open it first")]
    EventIsDraft,
    /// Only a draft can be deleted.
    #[error("only a draft can be deleted")]
    EventNotDraft,
    /// The field is fixed once the event has been opened.
    #[error("{field} is fixed once the event has been opened")]
    FieldFixed {
        /// The field's name in the contract.
        field: String,
    },
    /// The event has no seat map.
    #[error("the event has no seat map: import one first")]
    MapMissing,
    /// A category has no price.
    #[error("these categories have no price: {}", categories.join(", "))]
    PriceMissing {
        /// The categories without one.
        categories: Vec<String>,
    },
    /// There are more seats than codes.
    #[error("{digits} digits are too few for a code per seat: at least {needed} are needed")]
    CodeDigitsTooFew {
        /// What was asked for.
        digits: u8,
        /// The smallest number that gives every seat a code.
        needed: u8,
    },
    /// Seats are held or sold, so the map stays.
    #[error("seats of this map are held or sold, so it can't be replaced")]
    MapInUse,
    /// The sale has not opened.
    #[error("the sale has not opened yet")]
    SaleNotOpen,
    /// The sale is over for good.
    #[error("the sale is closed")]
    SaleClosed,
    /// The operator has stopped the sale for now.
    #[error("the sale is paused")]
    SalePaused,
    /// The line or the seats are being rebuilt.
    #[error("the sale is being restored after a fault")]
    Recovering {
        /// When to ask again, in seconds.
        retry_after_seconds: u32,
    },
    /// The place in line is unknown.
    #[error("the ticket is not of a place in this line")]
    TicketInvalid,
    /// The pass was never given.
    #[error("the pass is not one of this event")]
    PassInvalid,
    /// The pass has ended: run out, used up by a purchase, or given back.
    #[error("the pass has ended")]
    PassExpired,
    /// The map has no such seats.
    #[error("the map has no such seats")]
    SeatNotFound {
        /// Those it does not have.
        seats: Vec<SeatId>,
    },
    /// More seats than one place in line may have.
    #[error("at most {limit} seats per place in line: {remaining} remain")]
    LimitExceeded {
        /// `max_seats_per_buyer` of the event.
        limit: u32,
        /// How many this place may still take.
        remaining: u32,
    },
    /// At least one seat is not free.
    #[error("these seats are not free any more")]
    SeatsUnavailable {
        /// Every seat asked for that is not free.
        seats: Vec<SeatId>,
        /// Up to three lists of as many free seats, equally good.
        alternatives: Vec<Vec<SeatId>>,
    },
    /// No row has that many free neighbours.
    #[error("no row has that many free seats next to each other")]
    NoAdjacentSeats,
    /// No such hold, or the token is another one's.
    #[error("the hold token is not one of this event")]
    HoldInvalid,
    /// The hold ran out.
    #[error("the hold has run out")]
    HoldExpired,
    /// The hold was given back.
    #[error("the hold was released")]
    HoldReleased,
    /// The hold has become a reservation.
    #[error("the hold has been confirmed already")]
    AlreadyConfirmed,
    /// The key was used with another body.
    #[error("this Idempotency-Key was used with another body")]
    IdempotencyMismatch,
    /// No such reservation.
    #[error("there is no such reservation")]
    ReservationNotFound,
    /// The receipt is another one's, or a newer one was issued.
    #[error("the receipt is not valid for this reservation")]
    ReceiptInvalid,
    /// At least one seat has been let in at the door.
    #[error("the reservation has been used at the door")]
    AlreadyCheckedIn,
    /// No reservation has this code.
    #[error("no reservation of this event has this code")]
    CodeNotFound,
    /// The code has the wrong number of digits.
    #[error("a code of this event has {digits} digits")]
    InvalidCode {
        /// How many it has.
        digits: u8,
    },
    /// The ticket at the door is forged or of another event.
    #[error("the ticket is not one of this event")]
    EntryTicketNotFound,
    /// The seats are not in this reservation.
    #[error("these seats are not in this reservation")]
    SeatNotInReservation {
        /// Those that are not.
        seats: Vec<SeatId>,
    },
    /// Too many wrong codes with this key.
    #[error("too many wrong codes with this key")]
    TooManyAttempts {
        /// When to ask again, in seconds.
        retry_after_seconds: u32,
    },
    /// No such entry at the door.
    #[error("there is no such check-in")]
    CheckInNotFound,
    /// No such staff key.
    #[error("the staff key is not valid")]
    StaffKeyInvalid,
    /// The staff key is not for this event.
    #[error("the staff key is not for this event")]
    WrongEvent,
}
