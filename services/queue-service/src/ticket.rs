//! Tickets and passes as text.

use std::sync::Arc;

use axum::http::StatusCode;
use jari_contract::{problem_of, refused};
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

/// Whoever shows a ticket: a place in the line of an event.
pub struct Holder {
    /// The event.
    pub view: Arc<EventView>,
    /// The place.
    pub number: PlaceNumber,
}

impl QueueService {
    /// The event and the place that a ticket is of: 404 `event_not_found`, 401 `ticket_missing` or 403
    /// `ticket_invalid`.
    pub async fn holder(&self, event_id: &str, ticket: Option<&str>) -> Result<Holder, Problem> {
        let view = self.published(event_id).await?;
        let ticket = ticket.ok_or_else(|| {
            let detail = "Send the ticket as Authorization: Bearer …; entering the queue gives it.";
            Problem::new(StatusCode::UNAUTHORIZED, "ticket_missing", detail)
        })?;
        self.holder_in(view, ticket).await
    }

    /// The place in this event's line that a ticket is of, or 403 `ticket_invalid`.
    pub async fn holder_in(&self, view: Arc<EventView>, ticket: &str) -> Result<Holder, Problem> {
        let ticket = Ticket::verify(&self.means.keyring, ticket, self.means.now()).ok();
        let is_of_this_line =
            |ticket: &Ticket| ticket.event_uid == view.uid() && ticket.epoch == FIRST_EPOCH;
        let Some(Ticket { number, .. }) = ticket.filter(is_of_this_line) else {
            return Err(refused(Refusal::TicketInvalid));
        };
        if view.place(number) == PlaceState::NotGiven {
            // We signed it, so another instance gave it a moment ago.
            self.upkeep.catch_up().await.map_err(problem_of)?;
        }
        // Still never given: a restored backup does not know it any more.
        if view.place(number) == PlaceState::NotGiven {
            return Err(refused(Refusal::TicketInvalid));
        }
        Ok(Holder { view, number })
    }

    /// The ticket of a place.
    pub fn ticket(&self, holder: &Holder) -> String {
        let head = holder.view.head();
        let from = head.settings.starts_at.max(self.means.now());
        let last_day = from.0.div_euclid(DAY_MS) + LASTS_DAYS;
        Ticket {
            event_uid: head.uid,
            epoch: FIRST_EPOCH,
            number: holder.number,
            expires_at: Timestamp(last_day * DAY_MS),
        }
        .sign(&self.means.keyring)
    }

    /// The pass of a place. Its end is fixed when it is collected, so it is the same text for as long as it lives.
    pub fn pass(&self, event_uid: u64, number: PlaceNumber, expires_at: Timestamp) -> String {
        Pass {
            event_uid,
            epoch: FIRST_EPOCH,
            number,
            expires_at,
        }
        .sign(&self.means.keyring)
    }
}
