//! The door without a database: everything is asked of ticketing-core, over its internal address.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jari_contract::internal::{Answered, Ask, DoorFigures, EVENTS, EventNews, STAFF};
use jari_domain::door::CheckIn;
use jari_domain::fact::AuditEntry;
use jari_domain::hall::Hall;
use jari_domain::id::{CheckInId, Digest, EventId, StaffKeyId};
use jari_domain::sale::{Change, CheckInRequest, LookedUp, Snapshot};
use jari_domain::shop::StaffKey;
use jari_store::views::Views;
use jari_store::{
    AuditTrail, BatchAnswer, CheckInAnswer, Door, DoorStats, Follower as _, ManifestEntry, Result,
    StaffKeys, StoreError,
};
use serde::de::DeserializeOwned;
use service_kit::peer::{Peer, PeerError};
use tokio::sync::watch;

/// How long after a connection has ended the next one is tried.
const TRY_AGAIN: Duration = Duration::from_millis(500);

/// ticketing-core, as a store of what staff-api uses.
#[derive(Clone)]
pub struct FromCore(Peer);

impl FromCore {
    /// ticketing-core at these internal addresses, separated by commas, with the key that the services share.
    pub fn at(url: &str, service_key: &str) -> std::result::Result<Self, PeerError> {
        Peer::new(url, service_key).map(Self)
    }

    async fn ask<T: DeserializeOwned>(&self, ask: Ask) -> Result<T> {
        let answered = self.0.ask::<Answered<T>>(STAFF, &ask).await;
        answered.map_err(unavailable)?.into()
    }

    /// Keeps the views of events as ticketing-core tells them, until told to stop. `knows` is true while it does.
    pub async fn follow_events(
        self,
        views: Arc<Views>,
        knows: watch::Sender<bool>,
        mut stop: watch::Receiver<bool>,
    ) {
        loop {
            let listened = tokio::select! {
                listened = self.listen(&views, &knows) => listened,
                () = service_kit::serve::stopped(&mut stop) => return,
            };
            knows.send_replace(false);
            let reason = listened.err().map(|error| error.to_string());
            tracing::warn!(
                reason,
                "ticketing-core tells nothing of events; trying again"
            );
            tokio::select! {
                () = tokio::time::sleep(TRY_AGAIN) => {}
                () = service_kit::serve::stopped(&mut stop) => return,
            }
        }
    }

    async fn listen(
        &self,
        views: &Views,
        knows: &watch::Sender<bool>,
    ) -> std::result::Result<(), PeerError> {
        let mut news = self.0.listen(EVENTS).await?;
        let mut missing = BTreeSet::new();
        while let Some(news) = news.next::<EventNews>().await? {
            match news {
                EventNews::All { event_ids } => {
                    forget_others(views, &event_ids);
                    missing = event_ids.into_iter().collect();
                }
                EventNews::Is {
                    event_id,
                    head,
                    map,
                } => {
                    let mut snapshot = Snapshot::of_new(head.as_ref().clone());
                    snapshot.head = *head;
                    snapshot.hall = map
                        .and_then(|map| Hall::new(&map, &BTreeMap::new()))
                        .map(Arc::new);
                    views.begin(&event_id, snapshot);
                    missing.remove(&event_id);
                }
                EventNews::Gone { event_id } => {
                    views.changed(&event_id, &[Change::Removed]);
                    missing.remove(&event_id);
                }
                EventNews::Nothing => {}
            }
            knows.send_replace(missing.is_empty());
        }
        Ok(())
    }
}

fn forget_others(views: &Views, event_ids: &[EventId]) {
    for view in views.events_after(None) {
        if !event_ids.contains(view.event_id()) {
            views.changed(view.event_id(), &[Change::Removed]);
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it maps an error")]
fn unavailable(error: PeerError) -> StoreError {
    StoreError::Unavailable(format!("ticketing-core: {error}"))
}

#[async_trait]
impl Door for FromCore {
    async fn look_up(&self, event_id: &EventId, key: StaffKeyId, code: &str) -> Result<LookedUp> {
        let (event_id, code) = (event_id.clone(), code.to_owned());
        self.ask(Ask::LookUp {
            event_id,
            key,
            code,
        })
        .await
    }

    async fn check_in(&self, event_id: &EventId, request: CheckInRequest) -> Result<CheckInAnswer> {
        let event_id = event_id.clone();
        self.ask(Ask::CheckIn { event_id, request }).await
    }

    async fn check_in_batch(
        &self,
        event_id: &EventId,
        items: Vec<CheckInRequest>,
    ) -> Result<Vec<BatchAnswer>> {
        let event_id = event_id.clone();
        self.ask(Ask::CheckInBatch { event_id, items }).await
    }

    async fn void(&self, events: &[EventId], id: CheckInId, reason: String) -> Result<()> {
        let events = events.to_vec();
        self.ask(Ask::Void { events, id, reason }).await
    }

    async fn entries(
        &self,
        event_id: &EventId,
        after: usize,
        limit: usize,
    ) -> Result<Vec<CheckIn>> {
        let event_id = event_id.clone();
        self.ask(Ask::Entries {
            event_id,
            after,
            limit,
        })
        .await
    }

    async fn manifest(&self, event_id: &EventId) -> Result<Vec<ManifestEntry>> {
        let event_id = event_id.clone();
        self.ask(Ask::Manifest { event_id }).await
    }

    async fn door_stats(&self, event_id: &EventId) -> Result<DoorStats> {
        let event_id = event_id.clone();
        let figures = self.ask::<DoorFigures>(Ask::DoorStats { event_id }).await?;
        Ok(figures.into())
    }
}

/// What the door never does; ticketing-core does not take it from there either.
fn not_at_the_door<T>() -> Result<T> {
    let reason = "the door makes, lists and withdraws no keys and reads no record";
    Err(StoreError::Unavailable(reason.to_owned()))
}

#[async_trait]
impl StaffKeys for FromCore {
    async fn staff_key(&self, key: Digest) -> Result<StaffKey> {
        self.ask(Ask::StaffKey { key }).await
    }

    async fn add_staff_key(&self, _: StaffKey) -> Result<()> {
        not_at_the_door()
    }

    async fn staff_keys(&self) -> Result<Vec<StaffKey>> {
        not_at_the_door()
    }

    async fn remove_staff_key(&self, _: StaffKeyId) -> Result<()> {
        not_at_the_door()
    }
}

#[async_trait]
impl AuditTrail for FromCore {
    async fn note(&self, entry: AuditEntry) -> Result<()> {
        self.ask(Ask::Note { entry }).await
    }

    async fn audit(&self, _: Option<u64>, _: usize) -> Result<Vec<(u64, AuditEntry)>> {
        not_at_the_door()
    }
}

#[cfg(test)]
pub mod testing;

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::testing::THROUGH_CORE;
    use super::*;

    /// Whatever is tested on a store in this process holds with ticketing-core in between: the answers are the same.
    #[test]
    fn every_test_of_this_service_passes_through_ticketing_core() {
        if std::env::var_os(THROUGH_CORE).is_some() {
            return;
        }
        let output = Command::new(std::env::current_exe().unwrap())
            .env(THROUGH_CORE, "1")
            .arg("--test-threads=4")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{told}");
        let passed = told.split("test result: ok. ").nth(1);
        let passed = passed.and_then(|rest| rest.split(' ').next()?.parse::<u32>().ok());
        assert!(passed.is_some_and(|passed| passed > 30), "{told}");
    }

    #[tokio::test]
    async fn a_core_that_is_away_is_a_store_that_can_t_answer() {
        let core = FromCore::at("http://127.0.0.1:1", "key").unwrap();
        let answer = core.staff_key(Digest([0; 32])).await;
        assert!(
            matches!(&answer, Err(StoreError::Unavailable(reason)) if reason.starts_with("ticketing-core")),
            "{answer:?}"
        );
    }

    #[tokio::test]
    async fn keys_are_not_made_at_the_door() {
        let core = FromCore::at("http://127.0.0.1:1", "key").unwrap();
        let id = StaffKeyId(uuid::Uuid::nil());
        assert!(core.remove_staff_key(id).await.is_err());
        assert!(core.staff_keys().await.is_err());
        assert!(core.audit(None, 1).await.is_err());
    }
}
