//! Standing in line, and what time brings.

use super::Sale;
use crate::event::{Phase, SaleState};
use crate::fact::Fact;
use crate::id::{Digest, PlaceNumber};
use crate::line::{
    self, EXAMINED_AT_MOST, GRACE_MS, LineFact, POLL_LONGEST_WITH_JITTER_MS, PlaceState, standing,
};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// A wish to stand in line.
#[derive(Debug, Clone, Copy, Default)]
pub struct Enter {
    /// Digest of the visitor's secret, if one was given.
    pub visitor: Option<Digest>,
    /// The place of the ticket that was shown, if one was.
    pub ticket: Option<PlaceNumber>,
}

/// The answer to a wish to stand in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entered {
    /// The place.
    pub number: PlaceNumber,
    /// Whether it was given now.
    pub is_new: bool,
}

/// Holds that run out in one step; the rest follows in the next one.
const HOLDS_EXPIRED_AT_MOST: usize = 500;

impl Sale {
    /// Enters: gives the next number, or finds the place that the ticket or the visitor has already. A place that
    /// has ended is not revived.
    pub fn enter(&mut self, now: Timestamp, enter: Enter) -> Result<Entered, Refusal> {
        self.advance(now);
        if self.state(now) == SaleState::Draft {
            return Err(Refusal::EventNotFound);
        }
        let of_ticket = enter
            .ticket
            .map(|number| self.check_given(number))
            .transpose()?;
        let of_visitor = enter
            .visitor
            .and_then(|visitor| self.visitors.place_of(&visitor));
        // A ticket of a place that has ended takes no other place away.
        let mut known = of_ticket.into_iter().chain(of_visitor);
        if let Some(number) = known.find(|number| !self.line.state(*number).has_ended()) {
            self.seen_one(now, number);
            return Ok(Entered {
                number,
                is_new: false,
            });
        }
        let number = self.line.next_number();
        // Present from the start, so that the first look at the line does not park them.
        self.note_present(number, now.plus_ms(GRACE_MS));
        self.record(
            now,
            Fact::Line(LineFact::Entered {
                number,
                visitor: enter.visitor,
            }),
        );
        self.seen_one(now, number);
        Ok(Entered {
            number,
            is_new: true,
        })
    }

    /// Shows a pass to its holder: its time runs from now. Again changes nothing.
    pub fn collect(&mut self, now: Timestamp, number: PlaceNumber) -> Result<Timestamp, Refusal> {
        self.advance(now);
        self.collect_if_called(now, number);
        self.line
            .pass_expires_at(number)
            .ok_or(Refusal::PassExpired)
    }

    /// Gives a place up, and the pass with it. Again, or after its end, changes nothing.
    pub fn leave(&mut self, now: Timestamp, number: PlaceNumber) -> Result<(), Refusal> {
        self.advance(now);
        self.check_given(number)?;
        if !self.line.state(number).has_ended() {
            self.record(now, Fact::Line(LineFact::Left { number }));
            self.admit(now);
        }
        Ok(())
    }

    /// These are present until these instants; who was parked is in line again.
    pub fn seen(&mut self, now: Timestamp, present: &[(PlaceNumber, Timestamp)]) {
        for (number, until) in present {
            if self.line.state(*number) != PlaceState::NotGiven {
                self.note_present(*number, *until);
            }
        }
        if let Some(fact) = line::returned(&self.line, present.iter().map(|(number, _)| *number)) {
            self.record(now, Fact::Line(fact));
            self.admit(now);
        }
    }

    /// Another instance knows that these are present until these instants. Whoever is back in line by that, it
    /// has recorded itself.
    pub fn seen_elsewhere(&mut self, present: &[(PlaceNumber, Timestamp)]) {
        for (number, until) in present {
            self.presence.note(*number, *until);
        }
    }

    fn note_present(&mut self, number: PlaceNumber, until: Timestamp) {
        self.presence.note(number, until);
        self.outbox.present.push((number, until));
    }

    /// What time brings: the sale closes, holds and passes run out, people are admitted.
    pub fn tick(&mut self, now: Timestamp) {
        self.advance(now);
        self.admit(now);
    }

    /// Who is present is not known: nobody counts as absent before everyone had time to ask again. Gives the instant.
    pub fn take_all_for_present(&mut self, now: Timestamp) -> Timestamp {
        let everyone_until = now.plus_ms(i64::from(POLL_LONGEST_WITH_JITTER_MS) + GRACE_MS);
        self.presence.everyone_until(everyone_until);
        everyone_until
    }

    /// After a restart nothing is known of who is present.
    pub fn restarted(&mut self, now: Timestamp) {
        let everyone_until = self.take_all_for_present(now);
        self.uncollected = self
            .line
            .called()
            .map(|number| (everyone_until, number))
            .collect();
    }

    /// Ends what has reached its end: before every decision, so that none is made on what is over.
    pub(super) fn advance(&mut self, now: Timestamp) {
        self.close_when_due(now);
        loop {
            let hold_ids = self.holds.due(now, HOLDS_EXPIRED_AT_MOST);
            if hold_ids.is_empty() {
                break;
            }
            self.record(now, Fact::HoldsExpired { hold_ids });
        }
        self.holds.forget(now);
        loop {
            let numbers = self.line.passes_due(now, EXAMINED_AT_MOST);
            if numbers.is_empty() {
                break;
            }
            self.record(now, Fact::Line(LineFact::PassesExpired { numbers }));
        }
        self.take_back(now);
    }

    /// Lets in whoever is next, if there is room.
    pub(super) fn admit(&mut self, now: Timestamp) {
        if self.state(now) != SaleState::OnSale {
            return;
        }
        let settings = self.settings().queue;
        for fact in line::admit(&self.line, &self.presence, &self.pace, settings, now) {
            self.record(now, Fact::Line(fact));
        }
    }

    /// One who asks is present until the answer's own `poll_after_ms` and the grace are over; with room in the
    /// shop they are let in at once.
    fn seen_one(&mut self, now: Timestamp, number: PlaceNumber) {
        let told = standing(
            &self.line,
            &self.pace,
            self.settings(),
            self.state(now),
            number,
            now,
        );
        let until = now.plus_ms(i64::from(told.poll_after_ms) + GRACE_MS);
        self.seen(now, &[(number, until)]);
        self.admit(now);
        self.collect_if_called(now, number);
    }

    /// Any answer that shows a pass collects it.
    fn collect_if_called(&mut self, now: Timestamp, number: PlaceNumber) {
        if self.line.state(number) == PlaceState::Called {
            let pass_expires_at = now.plus_seconds(self.settings().queue.pass_seconds);
            self.record(
                now,
                Fact::Line(LineFact::Collected {
                    number,
                    pass_expires_at,
                }),
            );
        }
    }

    fn close_when_due(&mut self, now: Timestamp) {
        let is_over = self.state(now) == SaleState::Closed;
        if is_over && self.head.phase != Phase::Closed {
            self.record(now, Fact::Closed);
        }
    }

    /// Passes whose holders have been away for longer than they may are taken back, and they are parked.
    fn take_back(&mut self, now: Timestamp) {
        let mut numbers = Vec::new();
        while let Some((until, number)) = self
            .uncollected
            .first()
            .copied()
            .filter(|(until, _)| *until < now)
        {
            self.uncollected.remove(&(until, number));
            if self.line.state(number) != PlaceState::Called {
                continue;
            }
            if self.presence.is_present(number, now) {
                self.uncollected
                    .insert((self.presence.until(number), number));
            } else {
                numbers.push(number);
            }
        }
        if !numbers.is_empty() {
            self.record(now, Fact::Line(LineFact::TakenBack { numbers }));
        }
    }

    fn check_given(&self, number: PlaceNumber) -> Result<PlaceNumber, Refusal> {
        if self.line.state(number) == PlaceState::NotGiven {
            Err(Refusal::TicketInvalid)
        } else {
            Ok(number)
        }
    }
}
