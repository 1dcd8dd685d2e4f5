//! What operators do. All with the operator key; whatever changes something is put on record.

use jari_contract::problem_of;
use jari_domain::code;
use jari_domain::fact::AuditEntry;
use jari_domain::id::EventId;
use jari_domain::reservation::Reservation;
use jari_store::EventState;
use serde::Serialize;
use service_kit::Problem;

use crate::TicketingCore;
use crate::events::EventBody;
use crate::reservations::view_of;

pub mod audit;
pub mod blocks;
pub mod cancel_reservation;
pub mod change_event;
pub mod create_event;
pub mod delete_event;
mod form;
pub mod import_map;
pub mod lifecycle;
pub mod list_events;
pub mod list_reservations;
pub mod reissue_receipt;
pub mod show_event;
pub mod show_map;
pub mod staff_keys;
pub mod stats;

/// An event as operators see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AdminEventBody {
    #[serde(flatten)]
    event: EventBody,
    /// The event's own prices by category, in minor units; they win over prices in the map.
    prices: std::collections::BTreeMap<String, i64>,
    queue: QueueBody,
}

/// How the line lets people in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QueueBody {
    capacity: u32,
    pass_seconds: u32,
    max_admitted_per_second: u32,
}

impl AdminEventBody {
    fn new(event: EventBody, settings: &jari_domain::event::EventSettings) -> Self {
        let queue = settings.queue;
        Self {
            event,
            prices: settings.prices.clone(),
            queue: QueueBody {
                capacity: queue.capacity,
                pass_seconds: queue.pass_seconds,
                max_admitted_per_second: queue.max_admitted_per_second,
            },
        }
    }

    fn of_state(state: &EventState) -> Self {
        let event = EventBody::new(&state.head, state.hall.as_deref(), state.counts, state.now);
        Self::new(event, &state.head.settings)
    }

    fn of_view(view: &jari_store::views::EventView, now: jari_domain::Timestamp) -> Self {
        Self::new(EventBody::of_view(view, now), &view.head().settings)
    }
}

/// A reservation in the record: its id, and the code by which people know it.
fn called(core: &TicketingCore, event_id: &EventId, reservation: &Reservation) -> String {
    let id = reservation.reservation_id;
    view_of(core, event_id).map_or_else(
        |_| id.to_string(),
        |view| {
            let digits = view.head().settings.digits_of_codes();
            format!("{id} ({})", code::as_text(reservation.code, digits))
        },
    )
}

/// Puts on record what the operator has done. It stays done where this fails, and its answer may show a key that is
/// shown once: a failure is logged, and the truth is answered.
async fn note_done(
    core: &TicketingCore,
    action: &str,
    event_id: Option<&EventId>,
    detail: Option<String>,
) {
    if note(core, action, event_id, detail).await.is_err() {
        tracing::error!(action, "this is missing from the record of who did what");
    }
}

/// Puts on record what the operator does: where this fails it is not done.
async fn note(
    core: &TicketingCore,
    action: &str,
    event_id: Option<&EventId>,
    detail: Option<String>,
) -> Result<(), Problem> {
    let entry = AuditEntry {
        at: core.means.now(),
        who: "operator".to_owned(),
        action: action.to_owned(),
        event_id: event_id.cloned(),
        detail,
    };
    core.audit.note(entry).await.map_err(problem_of)
}
