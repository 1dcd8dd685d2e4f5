//! Letting people in: what one request and one item of a batch have in common.

use jari_contract::refused;
use jari_domain::door::DoorOutcome;
use jari_domain::hall::Hall;
use jari_domain::id::{CheckInId, SeatId};
use jari_domain::sale::{CheckInRequest, Ticket};
use jari_domain::shop::StaffKey;
use jari_domain::{Refusal, Timestamp};
use jari_store::CheckInAnswer;
use jari_store::views::EventView;
use jari_token::{EntryToken, EntryVerifier};
use serde::{Deserialize, Serialize};
use service_kit::time::Utc;
use service_kit::{FieldErrors, Problem};

use crate::StaffApi;
use crate::look_up::check_code;
use crate::seats::{Entry, Seat, seats};

pub mod batch;
pub mod list;
pub mod make;
pub mod void;

/// Characters of a gate's name: more does not fit on a device's screen.
const GATE_LENGTH: usize = 64;
/// Characters of a nonce: room for any kind of id.
const NONCE_LENGTH: usize = 128;
/// Seats that one request may name: no reservation has more.
const SEATS_AT_MOST: usize = jari_domain::best_available::MAX_QUANTITY;

/// Somebody at the door.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct CheckInBody {
    /// The code that they say, with its leading zeros; or `entry_token`.
    #[schema(example = "0427")]
    code: Option<String>,
    /// The content of the QR code on their ticket; or `code`.
    entry_token: Option<String>,
    /// The ids of the seats to let in; without it all that remain.
    #[schema(min_items = 1, max_items = 50)]
    seats: Option<Vec<String>>,
    /// Where.
    #[schema(max_length = 64, example = "North")]
    gate: Option<String>,
    /// Chosen by the device, unique in the event: the same again gives the same answer.
    #[schema(min_length = 1, max_length = 128)]
    nonce: Option<String>,
    /// When, by the device's clock; what lies in the future counts as now.
    occurred_at: Option<Utc>,
}

/// How it ended.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// At least one seat is new.
    Admitted,
    /// All seats asked for had been let in before.
    AlreadyAdmitted,
    /// The reservation was cancelled.
    Cancelled,
    /// In a batch alone: another device had let the same seats in; both entries are kept.
    Conflict,
}

/// What the door does now.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CheckInAnswerBody {
    /// The entry made; null where none was.
    #[schema(format = "uuid")]
    check_in_id: Option<String>,
    outcome: Outcome,
    /// The seats that come in now.
    admitted: Vec<Seat>,
    /// The seats of the reservation that have not come in yet.
    remaining: Vec<Seat>,
    /// The reservation's entries, oldest first.
    history: Vec<Entry>,
}

/// How a request asks: at the door, or later by a device that was offline.
struct Asked<'a> {
    api: &'a StaffApi,
    view: &'a EventView,
    key: &'a StaffKey,
    verifier: EntryVerifier,
    now: Timestamp,
    was_offline: bool,
}

impl<'a> Asked<'a> {
    fn new(api: &'a StaffApi, view: &'a EventView, key: &'a StaffKey, was_offline: bool) -> Self {
        let verifier = EntryVerifier::new(api.means.entry_signer.public_key(), None);
        let now = api.means.now();
        Self {
            api,
            view,
            key,
            verifier,
            now,
            was_offline,
        }
    }

    /// Checks everything that can be checked without the store.
    fn read(&self, body: CheckInBody) -> Result<CheckInRequest, Problem> {
        let mut errors = FieldErrors::default();
        let seats = body.seats.as_ref();
        let seats = seats.map(|seats| seat_ids(seats, &mut errors));
        check_texts(&body, &mut errors);
        let ticket = match (body.code, body.entry_token) {
            (Some(code), None) => Some(Ticket::Code(code)),
            (None, Some(token)) => Some(self.entry_ticket(&token)),
            (Some(_), Some(_)) => {
                errors.push("/entry_token", "send a code or an entry_token, not both");
                None
            }
            (None, None) => {
                errors.push("/code", "a code or an entry_token is needed");
                None
            }
        };
        errors.finish()?;
        let ticket = ticket.ok_or_else(Problem::internal)?;
        if let Ticket::Code(code) = &ticket {
            check_code(self.view, code).map_err(refused)?;
        }
        Ok(CheckInRequest {
            check_in_id: CheckInId(self.api.means.entropy.uuid(self.now.0)),
            ticket,
            seats,
            gate: body.gate.filter(|gate| !gate.is_empty()),
            nonce: body.nonce,
            occurred_at: body.occurred_at.map(|at| Timestamp(at.0)),
            staff_key: self.key.id,
            was_offline: self.was_offline,
        })
    }

    /// What a QR code says: nothing, unless it was signed here and for this event.
    fn entry_ticket(&self, token: &str) -> Ticket {
        let token = EntryToken::verify(&self.verifier, token.trim(), self.now).ok();
        let token = token.filter(|token| token.event_uid == self.view.head().uid);
        Ticket::EntryToken(token.map(|token| token.reservation_id))
    }

    /// Puts an entry on record, once: `asked` is the id it would get, and an answer that is given again has
    /// another one's.
    async fn note(&self, asked: CheckInId, given: &CheckInAnswer) {
        let answer = &given.answer;
        if answer.check_in_id != Some(asked) {
            return;
        }
        let action = match answer.outcome {
            DoorOutcome::Conflict => "check_in.conflict",
            DoorOutcome::Admitted | DoorOutcome::AlreadyAdmitted | DoorOutcome::Cancelled => {
                "check_in.admit"
            }
        };
        let detail = format!("check-in {asked} of reservation {}", answer.reservation_id);
        self.api
            .note(self.key, action, Some(self.view.event_id()), Some(detail))
            .await;
    }
}

fn check_texts(body: &CheckInBody, errors: &mut FieldErrors) {
    let length = |text: &Option<String>| text.as_ref().map(|text| text.chars().count());
    let gate = length(&body.gate).unwrap_or_default();
    errors.require(gate <= GATE_LENGTH, "/gate", || {
        format!("at most {GATE_LENGTH} characters are allowed")
    });
    let nonce = length(&body.nonce).unwrap_or(1);
    errors.require((1..=NONCE_LENGTH).contains(&nonce), "/nonce", || {
        format!("1 to {NONCE_LENGTH} characters are needed")
    });
}

fn seat_ids(seats: &[String], errors: &mut FieldErrors) -> Vec<SeatId> {
    errors.require((1..=SEATS_AT_MOST).contains(&seats.len()), "/seats", || {
        format!("1 to {SEATS_AT_MOST} seats are needed, or leave it out for all that remain")
    });
    let named = seats.iter().take(SEATS_AT_MOST).enumerate();
    named
        .filter_map(|(at, seat)| errors.take(&format!("/seats/{at}"), SeatId::parse(seat)))
        .collect()
}

fn told(hall: Option<&Hall>, given: CheckInAnswer) -> CheckInAnswerBody {
    let CheckInAnswer { answer, history } = given;
    CheckInAnswerBody {
        check_in_id: answer.check_in_id.map(|id| id.to_string()),
        outcome: match answer.outcome {
            DoorOutcome::Admitted => Outcome::Admitted,
            DoorOutcome::AlreadyAdmitted => Outcome::AlreadyAdmitted,
            DoorOutcome::Cancelled => Outcome::Cancelled,
            DoorOutcome::Conflict => Outcome::Conflict,
        },
        admitted: seats(hall, &answer.admitted),
        remaining: seats(hall, &answer.remaining),
        history: history
            .into_iter()
            .map(|entry| Entry::of(hall, entry))
            .collect(),
    }
}

/// A refusal as an item of a batch tells it: there is no header that could say when to ask again.
fn item_refused(refusal: Refusal) -> Problem {
    if let Refusal::TooManyAttempts {
        retry_after_seconds,
    } = refusal
    {
        return refused(refusal).with("retry_after_seconds", retry_after_seconds);
    }
    refused(refusal)
}
