//! Holding seats.

use jari_contract::{Means, SeatLine, refused, seat_lines};
use jari_domain::hold::{ENDED_HOLDS_KEPT_MS, Hold};
use jari_domain::{Refusal, Timestamp};
use jari_store::views::EventView;
use jari_token::HoldToken;
use serde::Serialize;
use service_kit::Problem;
use service_kit::time::Utc;

pub mod place;
pub mod release;
pub mod show;

/// A hold.
#[derive(Serialize, utoipa::ToSchema)]
pub struct HoldBody {
    pub hold_id: String,
    pub hold_token: String,
    pub event_id: String,
    pub seats: Vec<SeatLine>,
    /// Minor units.
    pub total: i64,
    pub currency: String,
    pub expires_at: Utc,
    pub expires_in_seconds: i64,
    pub server_time: Utc,
}

/// The hold as it is told at `now`.
pub fn body(
    means: &Means,
    view: &EventView,
    hold: &Hold,
    now: Timestamp,
) -> Result<HoldBody, Problem> {
    let hall = view.hall().ok_or_else(|| refused(Refusal::MapMissing))?;
    let head = view.head();
    Ok(HoldBody {
        hold_id: hold.hold_id.to_string(),
        hold_token: token_of(means, head.uid, hold),
        event_id: view.event_id().to_string(),
        seats: seat_lines(&hall, &hold.seats),
        total: hold.total(),
        currency: head.settings.currency.clone(),
        expires_at: Utc(hold.expires_at.0),
        expires_in_seconds: hold.expires_at.ms_since(now).max(0) / 1000,
        server_time: Utc(now.0),
    })
}

fn token_of(means: &Means, event_uid: u64, hold: &Hold) -> String {
    let expires_at = hold.expires_at.plus_ms(ENDED_HOLDS_KEPT_MS);
    HoldToken {
        event_uid,
        hold_id: hold.hold_id,
        expires_at,
    }
    .sign(&means.keyring)
}

/// The hold that a token is of, or 403 `hold_invalid`.
pub fn verify(means: &Means, view: &EventView, token: &str) -> Result<HoldToken, Problem> {
    let token = HoldToken::verify(&means.keyring, token, means.now()).ok();
    token
        .filter(|token| token.event_uid == view.head().uid)
        .ok_or_else(|| refused(Refusal::HoldInvalid))
}

/// The hold of this path, for whoever shows its token.
pub fn authorized(
    means: &Means,
    view: &EventView,
    hold_id: &str,
    token: Option<&str>,
) -> Result<HoldToken, Problem> {
    let token = token.ok_or_else(|| {
        let detail = "Send the hold token as Authorization: Bearer …";
        Problem::new(
            axum::http::StatusCode::UNAUTHORIZED,
            "hold_token_missing",
            detail,
        )
    })?;
    let token = verify(means, view, token)?;
    if hold_id.parse() == Ok(token.hold_id) {
        Ok(token)
    } else {
        Err(refused(Refusal::HoldInvalid))
    }
}
