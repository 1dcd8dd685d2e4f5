//! One table from refusals to HTTP.

use axum::http::StatusCode;
use jari_domain::Refusal;
use jari_domain::id::SeatId;
use jari_store::StoreError;
use service_kit::Problem;

/// What a client is told of a store's answer.
pub fn problem_of(error: StoreError) -> Problem {
    match error {
        StoreError::Refused(refusal) => refused(refusal),
        StoreError::Unavailable(reason) => {
            tracing::warn!(reason, "the store is not available");
            Problem::unavailable("The store can't answer now. Asking again in a moment is safe.")
        }
        StoreError::Corrupt { table, row, what } => {
            tracing::error!(table, row, what, "the store contradicts itself");
            Problem::unavailable("The sale was stopped, because what is stored contradicts itself.")
                .retry_after(60)
        }
    }
}

/// What a client is told of a refusal.
#[expect(clippy::too_many_lines, reason = "a table, one line for each refusal")]
pub fn refused(refusal: Refusal) -> Problem {
    use StatusCode as S;
    let detail = sentence(&refusal.to_string());
    let problem =
        |status: StatusCode, code: &'static str| Problem::new(status, code, detail.clone());
    match refusal {
        Refusal::EventNotFound => problem(S::NOT_FOUND, "event_not_found"),
        Refusal::EventExists => problem(S::CONFLICT, "event_exists"),
        Refusal::EventIsDraft => problem(S::CONFLICT, "event_is_draft"),
        Refusal::EventNotDraft => problem(S::CONFLICT, "event_not_draft"),
        Refusal::FieldFixed { field } => {
            problem(S::CONFLICT, "field_fixed").with("field", format!("/{field}"))
        }
        Refusal::MapMissing => problem(S::UNPROCESSABLE_ENTITY, "map_missing"),
        Refusal::PriceMissing { categories } => {
            problem(S::UNPROCESSABLE_ENTITY, "price_missing").with("categories", categories)
        }
        Refusal::CodeDigitsTooFew { needed, .. } => {
            problem(S::UNPROCESSABLE_ENTITY, "code_digits_too_few").with("needed", needed)
        }
        Refusal::MapInUse => problem(S::CONFLICT, "map_in_use"),
        Refusal::SaleNotOpen => problem(S::CONFLICT, "sale_not_open"),
        Refusal::SaleClosed => problem(S::CONFLICT, "sale_closed"),
        Refusal::SalePaused => problem(S::CONFLICT, "sale_paused"),
        Refusal::Recovering {
            retry_after_seconds,
        } => problem(S::SERVICE_UNAVAILABLE, "recovering").retry_after(retry_after_seconds),
        Refusal::TicketInvalid => problem(S::FORBIDDEN, "ticket_invalid"),
        Refusal::PassInvalid => problem(S::FORBIDDEN, "pass_invalid"),
        Refusal::PassExpired => problem(S::FORBIDDEN, "pass_expired"),
        Refusal::SeatNotFound { seats } => {
            problem(S::NOT_FOUND, "seat_not_found").with("seats", texts(&seats))
        }
        Refusal::LimitExceeded { limit, remaining } => problem(S::CONFLICT, "limit_exceeded")
            .with("limit", limit)
            .with("remaining", remaining),
        Refusal::SeatsUnavailable {
            seats,
            alternatives,
        } => problem(S::CONFLICT, "seats_unavailable")
            .with("seats", texts(&seats))
            .with(
                "alternatives",
                alternatives
                    .iter()
                    .map(|list| texts(list))
                    .collect::<Vec<_>>(),
            ),
        Refusal::NoAdjacentSeats => problem(S::CONFLICT, "no_adjacent_seats"),
        Refusal::HoldInvalid => problem(S::FORBIDDEN, "hold_invalid"),
        Refusal::HoldExpired => problem(S::GONE, "hold_expired"),
        Refusal::HoldReleased => problem(S::GONE, "hold_released"),
        Refusal::AlreadyConfirmed => problem(S::CONFLICT, "already_confirmed"),
        Refusal::IdempotencyMismatch => problem(S::UNPROCESSABLE_ENTITY, "idempotency_mismatch"),
        Refusal::ReservationNotFound | Refusal::CheckInNotFound => {
            problem(S::NOT_FOUND, "not_found")
        }
        Refusal::ReceiptInvalid => problem(S::FORBIDDEN, "receipt_invalid"),
        Refusal::AlreadyCheckedIn => problem(S::CONFLICT, "already_checked_in"),
        Refusal::CodeNotFound => problem(S::NOT_FOUND, "code_not_found"),
        Refusal::InvalidCode { digits } => {
            problem(S::UNPROCESSABLE_ENTITY, "invalid_code").with("code_digits", digits)
        }
        Refusal::EntryTicketNotFound => problem(S::NOT_FOUND, "ticket_not_found"),
        Refusal::SeatNotInReservation { seats } => {
            problem(S::UNPROCESSABLE_ENTITY, "seat_not_in_reservation").with("seats", texts(&seats))
        }
        Refusal::TooManyAttempts {
            retry_after_seconds,
        } => problem(S::TOO_MANY_REQUESTS, "too_many_attempts").retry_after(retry_after_seconds),
        Refusal::StaffKeyInvalid => problem(S::FORBIDDEN, "staff_key_invalid"),
        Refusal::WrongEvent => problem(S::FORBIDDEN, "wrong_event"),
    }
}

fn texts(seats: &[SeatId]) -> Vec<String> {
    seats.iter().map(|id| id.as_str().to_owned()).collect()
}

/// The domain speaks in phrases; people are told sentences.
fn sentence(phrase: &str) -> String {
    let mut text = phrase.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text.push('.');
    text
}
