//! Buying, and what was bought.

use std::sync::Arc;

use axum::http::StatusCode;
use jari_contract::{Means, SeatLine, problem_of, refused, seat_lines};
use jari_domain::fact::Buyer;
use jari_domain::id::{EventId, ReservationId};
use jari_domain::reservation::Reservation;
use jari_domain::{Refusal, Timestamp, code};
use jari_store::views::EventView;
use jari_token::{EntryToken, Receipt};
use serde::Serialize;
use service_kit::Problem;
use service_kit::time::Utc;

use crate::TicketingCore;

pub mod cancel;
pub mod confirm;
pub mod show;
pub mod ticket;

/// Receipts and entry tokens outlive the purchase by five years: longer than any event is postponed.
const TOKENS_LAST_MS: i64 = 5 * 366 * 24 * 3_600_000;

/// A reservation.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ReservationBody {
    pub reservation_id: String,
    pub event_id: String,
    /// With its leading zeros.
    #[schema(example = "0427")]
    pub code: String,
    pub seats: Vec<SeatLine>,
    /// Minor units.
    pub total: i64,
    pub currency: String,
    pub buyer: BuyerBody,
    pub confirmed_at: Utc,
    pub receipt_token: String,
    /// The content of the QR code.
    pub entry_token: String,
    /// `confirmed`, `cancelled` or `checked_in`.
    pub state: &'static str,
}

/// Who bought.
#[derive(Serialize, utoipa::ToSchema)]
pub struct BuyerBody {
    pub name: String,
    pub contact: String,
}

/// Without the person.
impl std::fmt::Debug for BuyerBody {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("BuyerBody").finish_non_exhaustive()
    }
}

impl From<&Buyer> for BuyerBody {
    fn from(buyer: &Buyer) -> Self {
        Self {
            name: buyer.name.clone(),
            contact: buyer.contact.clone(),
        }
    }
}

/// The reservation as it is told.
pub fn body(
    means: &Means,
    view: &EventView,
    reservation: &Reservation,
) -> Result<ReservationBody, Problem> {
    let hall = view.hall().ok_or_else(|| refused(Refusal::MapMissing))?;
    let head = view.head();
    let digits = head.settings.digits_of_codes();
    Ok(ReservationBody {
        reservation_id: reservation.reservation_id.to_string(),
        event_id: view.event_id().to_string(),
        code: code::as_text(reservation.code, digits),
        seats: seat_lines(&hall, &reservation.seats),
        total: reservation.total(),
        currency: head.settings.currency.clone(),
        buyer: BuyerBody::from(&reservation.buyer),
        confirmed_at: Utc(reservation.confirmed_at.0),
        receipt_token: receipt_of(means, head.uid, reservation, reservation.receipt_generation),
        entry_token: entry_of(means, head.uid, reservation),
        state: reservation.state().as_str(),
    })
}

/// The receipt of this generation.
pub fn receipt_of(
    means: &Means,
    event_uid: u64,
    reservation: &Reservation,
    generation: u32,
) -> String {
    let expires_at = lasts(reservation.confirmed_at);
    let reservation_id = reservation.reservation_id;
    Receipt {
        event_uid,
        reservation_id,
        generation,
        expires_at,
    }
    .sign(&means.keyring)
}

fn entry_of(means: &Means, event_uid: u64, reservation: &Reservation) -> String {
    let expires_at = lasts(reservation.confirmed_at);
    let reservation_id = reservation.reservation_id;
    EntryToken {
        event_uid,
        reservation_id,
        expires_at,
    }
    .sign(&means.entry_signer)
}

fn lasts(from: Timestamp) -> Timestamp {
    from.plus_ms(TOKENS_LAST_MS)
}

/// The receipt that a request shows for the reservation of its path.
pub fn receipt(
    core: &TicketingCore,
    reservation_id: &str,
    token: Option<&str>,
) -> Result<Receipt, Problem> {
    let token = token.ok_or_else(|| {
        let detail = "Send the receipt token as Authorization: Bearer …";
        Problem::new(StatusCode::UNAUTHORIZED, "receipt_token_missing", detail)
    })?;
    let receipt = Receipt::verify(&core.means.keyring, token, core.means.now()).ok();
    let same =
        |receipt: &Receipt| reservation_id.parse::<ReservationId>() == Ok(receipt.reservation_id);
    receipt
        .filter(same)
        .ok_or_else(|| refused(Refusal::ReceiptInvalid))
}

/// The reservation of this path and its event, for whoever shows its receipt.
pub async fn authorized(
    core: &TicketingCore,
    reservation_id: &str,
    token: Option<&str>,
) -> Result<(Arc<EventView>, Reservation), Problem> {
    let receipt = receipt(core, reservation_id, token)?;
    let found = core
        .reservations
        .with_receipt(receipt.reservation_id, receipt.generation)
        .await;
    let (event_id, reservation) = found.map_err(problem_of)?;
    Ok((view_of(core, &event_id)?, reservation))
}

/// The view of an event that a reservation is of.
pub fn view_of(core: &TicketingCore, event_id: &EventId) -> Result<Arc<EventView>, Problem> {
    core.means
        .views
        .event(event_id)
        .ok_or_else(|| refused(Refusal::EventNotFound))
}
