//! Tickets and passes as text.

use std::sync::Arc;

use axum::http::StatusCode;
use jari_contract::refused;
use jari_domain::id::PlaceNumber;
use jari_domain::line::PlaceState;
use jari_domain::sale::FIRST_EPOCH;
use jari_domain::{Refusal, Timestamp};
use jari_store::views::EventView;
use jari_token::{Pass, Ticket};
use service_kit::Problem;

use crate::QueueService;

/// A ticket outlives the event, and the day it was given, by a month.
const LASTS_DAYS: i64 = 30;
const DAY_MS: i64 = 24 * 3_600_000;

impl QueueService {
    /// The ticket of a place.
    pub fn ticket(&self, view: &EventView, number: PlaceNumber, now: Timestamp) -> String {
        let head = view.head();
        let from = head.settings.starts_at.max(now).0.div_euclid(DAY_MS);
        let expires_at = Timestamp((from + LASTS_DAYS) * DAY_MS);
        Ticket {
            event_uid: head.uid,
            epoch: FIRST_EPOCH,
            number,
            expires_at,
        }
        .sign(&self.means.keyring)
    }

    /// The pass of a place: the same text for as long as it lives.
    pub fn pass(&self, event_uid: u64, number: PlaceNumber, expires_at: Timestamp) -> String {
        Pass {
            event_uid,
            epoch: FIRST_EPOCH,
            number,
            expires_at,
        }
        .sign(&self.means.keyring)
    }

    /// The event and the place that a ticket is of.
    pub fn holder(
        &self,
        event_id: &str,
        ticket: Option<&str>,
        now: Timestamp,
    ) -> Result<(Arc<EventView>, PlaceNumber), Problem> {
        let view = self.means.published(event_id)?;
        let ticket = ticket.ok_or_else(|| {
            let detail = "Send the ticket as Authorization: Bearer …; entering the queue gives it.";
            Problem::new(StatusCode::UNAUTHORIZED, "ticket_missing", detail)
        })?;
        let number = self.place_of(&view, ticket, now)?;
        Ok((view, number))
    }

    /// The place that a ticket is of, or 403 `ticket_invalid`.
    pub fn place_of(
        &self,
        view: &EventView,
        ticket: &str,
        now: Timestamp,
    ) -> Result<PlaceNumber, Problem> {
        let ticket = Ticket::verify(&self.means.keyring, ticket, now).ok();
        let known = |ticket: &Ticket| {
            ticket.event_uid == view.uid() && view.place(ticket.number) != PlaceState::NotGiven
        };
        ticket
            .filter(known)
            .map(|ticket| ticket.number)
            .ok_or_else(|| refused(Refusal::TicketInvalid))
    }
}
