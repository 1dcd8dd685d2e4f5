//! What every service needs to answer: memory, keys, time and randomness.

use std::sync::Arc;

use jari_domain::Timestamp;
use jari_domain::id::EventId;
use jari_store::views::{EventView, Views};
use jari_token::{EntrySigner, Keyring};
use service_kit::stats::ServiceStats;
use service_kit::{Clock, Entropy, Problem};

use crate::refused;

/// What every service needs to answer.
#[derive(Clone)]
pub struct Means {
    /// What is answered from memory.
    pub views: Arc<Views>,
    /// Signs and checks what buyers carry.
    pub keyring: Arc<Keyring>,
    /// Signs what is checked at the door.
    pub entry_signer: Arc<EntrySigner>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where ids and randomness come from.
    pub entropy: Arc<dyn Entropy>,
    /// How the services of this process are doing.
    pub stats: Vec<Arc<ServiceStats>>,
}

impl Means {
    /// The present.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.clock.now_ms())
    }

    /// The view of a published event, or 404 `event_not_found`.
    pub fn published(&self, event_id: &str) -> Result<Arc<EventView>, Problem> {
        let view = EventId::parse(event_id)
            .ok()
            .and_then(|event_id| self.views.published(&event_id));
        view.ok_or_else(|| refused(jari_domain::Refusal::EventNotFound))
    }

    /// The view of any event, drafts too, or 404 `event_not_found`.
    pub fn any_event(&self, event_id: &str) -> Result<Arc<EventView>, Problem> {
        let view = EventId::parse(event_id)
            .ok()
            .and_then(|event_id| self.views.event(&event_id));
        view.ok_or_else(|| refused(jari_domain::Refusal::EventNotFound))
    }
}
