//! What the operator does with an event.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Sale;
use crate::code::digits_needed;
use crate::event::{EventSettings, Phase};
use crate::fact::Fact;
use crate::hall::Hall;
use crate::id::{SeatId, SeatIndex};
use crate::map::SeatMap;
use crate::refusal::Refusal;
use crate::seats::{SeatCounts, SeatState};
use crate::time::Timestamp;

/// New settings, worked out from the old ones by whoever asks for the change.
pub type SettingsChange = Box<dyn FnOnce(&mut EventSettings) + Send>;

/// Seats to take off sale, and seats to put on sale again.
#[derive(Debug, Clone, Default)]
pub struct Blocks {
    /// To take off sale.
    pub block: Vec<SeatId>,
    /// To put on sale again.
    pub unblock: Vec<SeatId>,
}

impl Sale {
    /// Changes settings. Currency and digits are fixed once the event has been opened.
    pub fn change_settings(
        &mut self,
        now: Timestamp,
        change: SettingsChange,
    ) -> Result<(), Refusal> {
        self.advance(now);
        let mut settings = self.settings().clone();
        change(&mut settings);
        self.check_fixed_fields(&settings)?;
        if settings != *self.settings() {
            self.record(
                now,
                Fact::Changed {
                    settings: Arc::new(settings),
                },
            );
            self.admit(now);
        }
        Ok(())
    }

    /// Replaces the seat map; refused once a seat is held or sold.
    pub fn set_map(&mut self, now: Timestamp, map: Arc<SeatMap>) -> Result<(), Refusal> {
        self.advance(now);
        let counts = self.seats.counts();
        if counts.held > 0 || counts.sold > 0 || !self.reservations.is_empty() {
            return Err(Refusal::MapInUse);
        }
        if self.head.phase != Phase::Draft {
            let hall = Hall::new(&map, &self.settings().prices).ok_or(Refusal::MapMissing)?;
            self.check_sellable(&hall)?;
        }
        self.record(now, Fact::MapSet { map });
        Ok(())
    }

    /// Publishes the event; repeating it changes nothing.
    pub fn open(&mut self, now: Timestamp) -> Result<(), Refusal> {
        self.advance(now);
        match self.head.phase {
            Phase::Closed => Err(Refusal::SaleClosed),
            Phase::Open | Phase::Paused { .. } => Ok(()),
            Phase::Draft => {
                let hall = self.hall.as_ref().ok_or(Refusal::MapMissing)?;
                let code_digits = self.check_sellable(hall)?;
                self.record(now, Fact::Opened { code_digits });
                Ok(())
            }
        }
    }

    /// Stops holds and admissions for now; repeating it changes at most the message.
    pub fn pause(&mut self, now: Timestamp, message: Option<String>) -> Result<(), Refusal> {
        self.advance(now);
        let paused = Phase::Paused {
            message: message.clone(),
        };
        match &self.head.phase {
            Phase::Draft => return Err(Refusal::EventIsDraft),
            Phase::Closed => return Err(Refusal::SaleClosed),
            same if *same == paused => {}
            Phase::Open | Phase::Paused { .. } => self.record(now, Fact::Paused { message }),
        }
        Ok(())
    }

    /// Goes on after a pause; repeating it changes nothing.
    pub fn resume(&mut self, now: Timestamp) -> Result<(), Refusal> {
        self.advance(now);
        match self.head.phase {
            Phase::Draft => return Err(Refusal::EventIsDraft),
            Phase::Closed => return Err(Refusal::SaleClosed),
            Phase::Open => {}
            Phase::Paused { .. } => {
                self.record(now, Fact::Resumed);
                self.admit(now);
            }
        }
        Ok(())
    }

    /// Ends the sale for good; repeating it changes nothing.
    pub fn close(&mut self, now: Timestamp) -> Result<(), Refusal> {
        self.advance(now);
        match self.head.phase {
            Phase::Draft => return Err(Refusal::EventIsDraft),
            Phase::Closed => {}
            Phase::Open | Phase::Paused { .. } => self.record(now, Fact::Closed),
        }
        Ok(())
    }

    /// Throws a draft away.
    pub fn delete(&mut self, now: Timestamp) -> Result<(), Refusal> {
        if self.head.phase != Phase::Draft {
            return Err(Refusal::EventNotDraft);
        }
        self.record(now, Fact::Deleted);
        Ok(())
    }

    /// Takes seats off sale and puts others on sale again, all or none; seats that are so already stay so.
    pub fn set_blocks(&mut self, now: Timestamp, blocks: &Blocks) -> Result<SeatCounts, Refusal> {
        self.advance(now);
        let hall = Arc::clone(self.hall.as_ref().ok_or(Refusal::MapMissing)?);
        let (block, unblock) = match (hall.indexes(&blocks.block), hall.indexes(&blocks.unblock)) {
            (Ok(block), Ok(unblock)) => (distinct(block), distinct(unblock)),
            (block, unblock) => {
                let seats = [block.err(), unblock.err()]
                    .into_iter()
                    .flatten()
                    .flatten()
                    .collect();
                return Err(Refusal::SeatNotFound { seats });
            }
        };
        self.check_blockable(&hall, &block, &unblock)?;
        for (seats, wanted) in [(unblock, SeatState::Free), (block, SeatState::Blocked)] {
            let seats: Vec<_> = seats
                .into_iter()
                .filter(|s| self.may_become(*s, wanted))
                .collect();
            if !seats.is_empty() {
                let blocked = wanted == SeatState::Blocked;
                self.record(
                    now,
                    if blocked {
                        Fact::Blocked { seats }
                    } else {
                        Fact::Unblocked { seats }
                    },
                );
            }
        }
        Ok(self.seats.counts())
    }

    fn may_become(&self, seat: SeatIndex, wanted: SeatState) -> bool {
        match self.seats.state(seat) {
            SeatState::Free => wanted == SeatState::Blocked,
            SeatState::Blocked => wanted == SeatState::Free,
            SeatState::Held | SeatState::Sold => false,
        }
    }

    /// What is held or sold can be neither taken off sale nor put on sale.
    fn check_blockable(
        &self,
        hall: &Hall,
        block: &[SeatIndex],
        unblock: &[SeatIndex],
    ) -> Result<(), Refusal> {
        let in_use =
            |seat: &SeatIndex| matches!(self.seats.state(*seat), SeatState::Held | SeatState::Sold);
        let taken: BTreeSet<_> = block
            .iter()
            .chain(unblock)
            .copied()
            .filter(in_use)
            .collect();
        if taken.is_empty() {
            Ok(())
        } else {
            Err(Refusal::SeatsUnavailable {
                seats: hall.ids(taken),
                alternatives: Vec::new(),
            })
        }
    }

    fn check_fixed_fields(&self, settings: &EventSettings) -> Result<(), Refusal> {
        if self.head.phase == Phase::Draft {
            return Ok(());
        }
        let fixed = |field: &str| {
            Err(Refusal::FieldFixed {
                field: field.to_owned(),
            })
        };
        if settings.currency != self.settings().currency {
            return fixed("currency");
        }
        if settings.code_digits != self.settings().code_digits {
            return fixed("code_digits");
        }
        match self
            .map
            .as_ref()
            .filter(|_| settings.prices != self.settings().prices)
        {
            Some(map) => match Hall::new(map, &settings.prices) {
                Some(hall) => Self::check_prices(&hall),
                None => Err(Refusal::MapMissing),
            },
            None => Ok(()),
        }
    }

    fn check_prices(hall: &Hall) -> Result<(), Refusal> {
        let categories = hall.categories_without_price();
        if categories.is_empty() {
            Ok(())
        } else {
            Err(Refusal::PriceMissing { categories })
        }
    }

    /// Whether this hall can be sold: every category has a price and every seat can have a code of its own.
    /// Gives the digits of the codes.
    fn check_sellable(&self, hall: &Hall) -> Result<u8, Refusal> {
        Self::check_prices(hall)?;
        let needed = digits_needed(hall.map().seats_total());
        match self.settings().code_digits {
            Some(digits) if digits < needed => Err(Refusal::CodeDigitsTooFew { digits, needed }),
            Some(digits) => Ok(digits),
            None => Ok(needed),
        }
    }
}

fn distinct(seats: Vec<SeatIndex>) -> Vec<SeatIndex> {
    seats
        .into_iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}
