//! A person, from coming to going: what they do next, and when.
//!
//! Time, chance and what the server said are arguments. Times are microseconds since the scenario began.

use std::sync::Arc;

use crate::answer::{Answer, Failure, Place, PlaceState, Refused};
use crate::dice::{Dice, Purpose};
use crate::hall::Hall;
use crate::numbers::{float, whole};
use crate::scenario::{Buyers, Wish};

/// So often in a row a request is sent again that got no answer, as a page does.
const FAILURES_AT_MOST: u8 = 6;
/// The first wait before that; each is twice the one before.
const FIRST_WAIT: u64 = 500_000;
const SECOND: u64 = 1_000_000;

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Stands in line.
    Enter,
    /// Asks where they stand.
    Status,
    /// Looks at what is free.
    Look,
    /// Asks for seats.
    Hold,
    /// Buys them.
    Confirm,
    /// Says that they leave.
    Leave,
    /// Goes without a word: nothing is sent.
    Vanish,
    /// Shows the ticket at the door.
    CheckIn,
    /// Somebody with a copy shows it again.
    ShowAgain,
}

impl Action {
    /// Those that are sent.
    pub const SENT: [Self; 8] = [
        Self::Enter,
        Self::Status,
        Self::Look,
        Self::Hold,
        Self::Confirm,
        Self::Leave,
        Self::CheckIn,
        Self::ShowAgain,
    ];

    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Status => "status",
            Self::Look => "availability",
            Self::Hold => "hold",
            Self::Confirm => "confirm",
            Self::Leave => "leave",
            Self::Vanish => "vanish",
            Self::CheckIn => "check-in",
            Self::ShowAgain => "shown again",
        }
    }

    /// Whether it may be sent twice and still happen once.
    pub const fn is_repeated_safely(self) -> bool {
        matches!(
            self,
            Self::Enter | Self::Status | Self::Hold | Self::Confirm
        )
    }
}

/// How it ended for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// With seats.
    Bought,
    /// Nothing was left.
    SoldOut,
    /// They said that they leave.
    Left,
    /// They went without a word.
    Vanished,
    /// Their time ran out.
    Expired,
    /// The sale ended.
    Closed,
    /// They came in.
    CameIn,
    /// The server did not serve them.
    Failed,
}

/// Where somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// In line, or about to be.
    InLine,
    /// In the shop.
    InShop,
    /// At the door.
    AtDoor,
    /// Gone.
    Over(End),
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// This, at this time.
    Do(Action, u64),
    /// Nothing.
    Nothing(End),
}

/// Somebody.
#[derive(Debug)]
pub struct Person {
    /// Where they are.
    pub stage: Stage,
    /// How many seats they want now.
    pub quantity: u8,
    /// How often they have asked for seats.
    pub tries: u8,
    failures: u8,
    /// When their patience ends, or never.
    leaves_at: u64,
    /// When they were let in.
    pub admitted_at: u64,
    /// What proves their place.
    pub ticket: Option<Arc<str>>,
    /// What they carry in the shop.
    pub shopping: Option<Box<Shopping>>,
}

/// What somebody carries in the shop.
#[derive(Debug, Default)]
pub struct Shopping {
    /// What lets them hold seats.
    pub pass: Option<Arc<str>>,
    /// What lets them buy those that they hold.
    pub hold_token: Option<Arc<str>>,
    /// The seats that they chose.
    pub seats: Vec<u32>,
}

/// What a person is told besides the answer.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// How people behave here.
    pub buyers: &'a Buyers,
    /// The seats.
    pub hall: &'a Hall,
    /// This person's dice.
    pub dice: Dice,
    /// What time it is.
    pub now: u64,
}

impl Person {
    /// Somebody who comes now.
    pub fn comes(around: Around<'_>) -> Self {
        let Around { buyers, dice, .. } = around;
        let patience = buyers
            .patience_seconds
            .map(|span| dice.micros(Purpose::Patience, 0, span));
        let quantity = dice.one(Purpose::Quantity, 0, &buyers.quantities);
        Self {
            stage: Stage::InLine,
            quantity: quantity.copied().unwrap_or(1),
            tries: 0,
            failures: 0,
            leaves_at: patience.map_or(u64::MAX, |patience| around.now + patience),
            admitted_at: 0,
            ticket: None,
            shopping: None,
        }
    }

    /// Somebody who comes to the door with a ticket.
    pub const fn at_door() -> Self {
        Self {
            stage: Stage::AtDoor,
            quantity: 0,
            tries: 0,
            failures: 0,
            leaves_at: u64::MAX,
            admitted_at: 0,
            ticket: None,
            shopping: None,
        }
    }

    /// Whether they are in the shop with a wish that can be sent.
    pub fn pass(&self) -> Option<&Arc<str>> {
        self.shopping.as_ref()?.pass.as_ref()
    }

    /// They have done this and were answered so.
    pub fn answered(&mut self, action: Action, answer: &Answer, around: Around<'_>) -> Next {
        let next = if let Answer::Failed(failure) = answer {
            self.again_after(action, failure, around)
        } else {
            self.failures = 0;
            self.goes_on(action, answer, around)
        };
        if let Next::Nothing(end) = next {
            self.ends(end);
        }
        next
    }

    /// They go without a word.
    pub fn ends(&mut self, end: End) {
        self.stage = Stage::Over(end);
        self.ticket = None;
        self.shopping = None;
    }

    fn goes_on(&mut self, action: Action, answer: &Answer, around: Around<'_>) -> Next {
        match answer {
            Answer::Place(place) => self.has_place(place, around),
            Answer::Availability(_) => self.has_looked(around),
            Answer::Held(held) => {
                let shopping = self.shopping.get_or_insert_default();
                shopping.hold_token = Some(Arc::clone(&held.hold_token));
                self.decides(around)
            }
            Answer::Sold(_) => Next::Nothing(End::Bought),
            Answer::CheckedIn(_) => self.is_at_door(action, around),
            Answer::Done => Next::Nothing(End::Left),
            Answer::Refused(refused) => self.is_refused(action, refused, around),
            Answer::Failed(_) => Next::Nothing(End::Failed),
        }
    }

    fn has_place(&mut self, place: &Place, around: Around<'_>) -> Next {
        self.ticket = Some(Arc::clone(&place.ticket));
        match place.state {
            PlaceState::Admitted if place.pass.is_some() => {
                self.stage = Stage::InShop;
                self.admitted_at = around.now;
                self.shopping = Some(Box::new(Shopping {
                    pass: place.pass.clone(),
                    ..Shopping::default()
                }));
                Next::Do(Action::Look, around.now)
            }
            PlaceState::Admitted
            | PlaceState::Waiting
            | PlaceState::NotOpen
            | PlaceState::Paused
            | PlaceState::Recovering => self.waits(place.poll_after_ms, around),
            PlaceState::SoldOut => Next::Nothing(End::SoldOut),
            PlaceState::Closed => Next::Nothing(End::Closed),
            PlaceState::Expired => Next::Nothing(End::Expired),
            PlaceState::Done => Next::Nothing(End::Bought),
            PlaceState::Left => Next::Nothing(End::Left),
        }
    }

    fn waits(&self, poll_after_ms: u32, around: Around<'_>) -> Next {
        let told = u64::from(poll_after_ms) * 1000;
        let asks_at = around.now + whole(float(told) / around.buyers.hurry);
        if asks_at < self.leaves_at {
            return Next::Do(Action::Status, asks_at);
        }
        let vanish = around.buyers.vanish;
        let vanishes = around.dice.happens(Purpose::Vanishing, 0, vanish);
        let how = if vanishes {
            Action::Vanish
        } else {
            Action::Leave
        };
        Next::Do(how, self.leaves_at.max(around.now))
    }

    /// Chooses, and asks for it after a while.
    fn has_looked(&mut self, around: Around<'_>) -> Next {
        let nth = u32::from(self.tries);
        let chosen = match around.buyers.wish {
            Wish::BestAvailable => Vec::new(),
            Wish::HotSeat => vec![0],
            Wish::Seats => around.hall.choose(self.quantity, around.dice, nth),
        };
        if chosen.is_empty() && around.buyers.wish == Wish::Seats {
            return self.tries_again(around);
        }
        self.shopping.get_or_insert_default().seats = chosen;
        let look = around.buyers.look_seconds;
        let looks = around.dice.micros(Purpose::Looking, nth, look);
        Next::Do(Action::Hold, around.now + looks)
    }

    fn decides(&self, around: Around<'_>) -> Next {
        let abandon = around.buyers.abandon;
        let nth = u32::from(self.tries);
        let span = around.buyers.decide_seconds;
        let decides = around.now + around.dice.micros(Purpose::Deciding, nth, span);
        if around.dice.happens(Purpose::Abandoning, nth, abandon) {
            return Next::Do(Action::Vanish, decides);
        }
        Next::Do(Action::Confirm, decides)
    }

    fn is_refused(&mut self, action: Action, refused: &Refused, around: Around<'_>) -> Next {
        match refused.code.as_str() {
            "seats_unavailable" if action == Action::Hold => self.was_too_late(refused, around),
            "no_adjacent_seats" => {
                // Fewer, then: half as many, and one at last.
                self.quantity = (self.quantity / 2).max(1);
                self.tries_again(around)
            }
            "pass_expired" => Next::Nothing(End::Expired),
            "hold_expired" | "hold_released" | "seats_unavailable" => self.tries_again(around),
            "sale_closed" => Next::Nothing(End::Closed),
            "idempotency_in_progress" | "sale_paused" | "sale_not_open" => {
                Next::Do(action, around.now + SECOND)
            }
            _ => Next::Do(Action::Leave, around.now),
        }
    }

    /// Takes one of the alternatives, if any was offered, and looks again else.
    fn was_too_late(&mut self, refused: &Refused, around: Around<'_>) -> Next {
        let nth = u32::from(self.tries);
        let offered = around
            .dice
            .one(Purpose::Choosing, nth, &refused.alternatives);
        let is_taken = offered.is_some() && around.buyers.wish == Wish::Seats;
        let next = self.tries_again(around);
        match (next, offered) {
            (Next::Do(Action::Look, at), Some(seats)) if is_taken => {
                let seats = around.hall.indexes(seats);
                self.shopping.get_or_insert_default().seats = seats;
                Next::Do(Action::Hold, at)
            }
            (next, _) => next,
        }
    }

    fn tries_again(&mut self, around: Around<'_>) -> Next {
        self.tries = self.tries.saturating_add(1);
        if self.tries >= around.buyers.tries {
            return Next::Do(Action::Leave, around.now);
        }
        if let Some(shopping) = &mut self.shopping {
            shopping.hold_token = None;
        }
        let nth = u32::from(self.tries);
        let look = around.buyers.look_seconds;
        let thinks = around.dice.micros(Purpose::Looking, nth, look) / 2;
        Next::Do(Action::Look, around.now + thinks)
    }

    fn is_at_door(&self, action: Action, around: Around<'_>) -> Next {
        // `tries` is set where a copy of the ticket is about.
        if action == Action::CheckIn && self.tries > 0 {
            return Next::Do(Action::ShowAgain, around.now + SECOND);
        }
        Next::Nothing(End::CameIn)
    }

    fn again_after(&mut self, action: Action, failure: &Failure, around: Around<'_>) -> Next {
        self.failures += 1;
        let asked = match failure {
            Failure::Strange(..) => return Next::Nothing(End::Failed),
            Failure::Server(_, _, after) => after.map(|seconds| u64::from(seconds) * SECOND),
            Failure::TimedOut | Failure::Broken => None,
        };
        if self.failures > FAILURES_AT_MOST {
            return Next::Nothing(End::Failed);
        }
        let backoff = FIRST_WAIT << self.failures;
        Next::Do(action, around.now + asked.unwrap_or(backoff))
    }
}

#[cfg(test)]
mod tests;
