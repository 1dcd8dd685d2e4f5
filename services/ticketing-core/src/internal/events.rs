//! `GET /internal/events`: what there is to know of events at the door, told anew whenever it changes.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use jari_contract::internal::EventNews;
use jari_domain::hall::Hall;
use jari_domain::id::EventId;
use jari_domain::sale::{Change, Head, Snapshot};
use jari_store::Follower;
use parking_lot::Mutex;
use tokio::sync::watch;

use super::Internal;

/// How long nothing is told at most, so that a broken connection is noticed.
const SILENT_AT_MOST: Duration = Duration::from_secs(5);

/// An event at the door.
#[derive(Debug, Clone)]
struct Known {
    head: Arc<Head>,
    hall: Option<Arc<Hall>>,
}

impl Known {
    fn is(&self, other: &Self) -> bool {
        let hall = |known: &Self| known.hall.as_ref().map(Arc::as_ptr);
        Arc::ptr_eq(&self.head, &other.head) && hall(self) == hall(other)
    }

    fn news(&self, event_id: &EventId) -> EventNews {
        let map = self.hall.as_ref().map(|hall| hall.map().map().clone());
        EventNews::Is {
            event_id: event_id.clone(),
            head: Box::new(Head::clone(&self.head)),
            map: map.map(Box::new),
        }
    }
}

/// What there is to know of events at the door. It follows the store.
#[derive(Debug)]
pub struct EventsAtTheDoor {
    known: Mutex<BTreeMap<EventId, Known>>,
    changed: watch::Sender<()>,
}

impl Default for EventsAtTheDoor {
    fn default() -> Self {
        Self {
            known: Mutex::default(),
            changed: watch::Sender::new(()),
        }
    }
}

impl Follower for EventsAtTheDoor {
    fn begin(&self, event_id: &EventId, snapshot: Snapshot) {
        let known = Known {
            head: Arc::new(snapshot.head),
            hall: snapshot.hall,
        };
        self.known.lock().insert(event_id.clone(), known);
        self.changed.send_replace(());
    }

    fn changed(&self, event_id: &EventId, changes: &[Change]) {
        let mut has_changed = false;
        for change in changes {
            has_changed |= self.note(event_id, change);
        }
        if has_changed {
            self.changed.send_replace(());
        }
    }
}

impl EventsAtTheDoor {
    fn note(&self, event_id: &EventId, change: &Change) -> bool {
        let mut all = self.known.lock();
        match change {
            Change::Head(head) => {
                let head = Arc::new(head.clone());
                let known = all.entry(event_id.clone()).or_insert_with(|| Known {
                    head: Arc::clone(&head),
                    hall: None,
                });
                known.head = head;
            }
            Change::Hall(hall, _) => {
                if let Some(known) = all.get_mut(event_id) {
                    known.hall = Some(Arc::clone(hall));
                }
            }
            Change::Removed => drop(all.remove(event_id)),
            Change::Line(..) | Change::Present(_) | Change::Seats(_) => return false,
        }
        true
    }
}

/// One who listens, and what was told already.
struct Listener {
    events: Arc<EventsAtTheDoor>,
    changes: watch::Receiver<()>,
    told: BTreeMap<EventId, Known>,
    waiting: VecDeque<EventNews>,
}

impl Listener {
    fn begin(events: Arc<EventsAtTheDoor>) -> Self {
        let mut changes = events.changed.subscribe();
        // What is known now is told at once, whether or not it is new.
        changes.mark_changed();
        let event_ids = events.known.lock().keys().cloned().collect();
        Self {
            events,
            changes,
            told: BTreeMap::new(),
            waiting: VecDeque::from([EventNews::All { event_ids }]),
        }
    }

    async fn next(mut self) -> (EventNews, Self) {
        loop {
            if let Some(news) = self.waiting.pop_front() {
                return (news, self);
            }
            let changed = tokio::time::timeout(SILENT_AT_MOST, self.changes.changed()).await;
            if changed.is_err() {
                return (EventNews::Nothing, self);
            }
            self.gather();
        }
    }

    fn gather(&mut self) {
        let known = self.events.known.lock().clone();
        for (event_id, event) in &known {
            if !self.told.get(event_id).is_some_and(|told| told.is(event)) {
                self.waiting.push_back(event.news(event_id));
            }
        }
        let gone = self.told.keys().filter(|id| !known.contains_key(*id));
        self.waiting.extend(gone.map(|event_id| EventNews::Gone {
            event_id: event_id.clone(),
        }));
        self.told = known;
    }
}

/// Tells for as long as it is listened to.
pub async fn tell(State(core): State<Arc<Internal>>) -> Response {
    let listener = Listener::begin(Arc::clone(&core.events));
    let lines = futures_util::stream::unfold(listener, async |listener| {
        let (news, listener) = listener.next().await;
        // What was made of values that can be written can be written.
        let mut line = serde_json::to_vec(&news).unwrap_or_default();
        line.push(b'\n');
        Some((Ok::<_, Infallible>(Bytes::from(line)), listener))
    });
    Response::new(Body::from_stream(lines))
}
