//! What every service needs to answer: memory, keys, time and randomness.

use std::sync::Arc;

use axum::Router;
use jari_domain::Timestamp;
use jari_domain::id::EventId;
use jari_store::Upkeep;
use jari_store::views::{EventView, Views};
use jari_token::{EntrySigner, Keyring};
use service_kit::request::{self, Around};
use service_kit::stats::ServiceStats;
use service_kit::{Clock, Entropy, Problem, SystemEntropy};

use crate::configuration::SigningKeys;
use crate::{problem_of, refused};

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
    /// For a service of this process.
    pub fn new(keys: &SigningKeys, stats: Vec<Arc<ServiceStats>>, clock: Arc<dyn Clock>) -> Self {
        Self {
            views: Arc::new(Views::default()),
            keyring: Arc::clone(&keys.keyring),
            entry_signer: Arc::clone(&keys.entry_signer),
            clock,
            entropy: Arc::new(SystemEntropy),
            stats,
        }
    }

    /// The routes of a service with what is around every request, and with its own figures.
    pub fn around(&self, routes: Router, stats: &Arc<ServiceStats>) -> Router {
        let around = Around {
            stats: Arc::clone(stats),
            clock: Arc::clone(&self.clock),
            entropy: Arc::clone(&self.entropy),
        };
        request::around(routes, Arc::new(around))
    }

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

    /// The same, of an event of which another instance may have said a moment ago that it is open: before this one says that
    /// there is none it hears of the others.
    pub async fn find_published(
        &self,
        store: &dyn Upkeep,
        event_id: &str,
    ) -> Result<Arc<EventView>, Problem> {
        let known = self.published(event_id);
        if known.is_ok() || EventId::parse(event_id).is_err() {
            return known;
        }
        store.catch_up().await.map_err(problem_of)?;
        self.published(event_id)
    }

    /// The view of any event, drafts too, or 404 `event_not_found`.
    pub fn any_event(&self, event_id: &str) -> Result<Arc<EventView>, Problem> {
        let view = EventId::parse(event_id)
            .ok()
            .and_then(|event_id| self.views.event(&event_id));
        view.ok_or_else(|| refused(jari_domain::Refusal::EventNotFound))
    }
}
