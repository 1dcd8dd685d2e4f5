//! Who has asked: gathered in memory, told to the store once a second.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jari_domain::Timestamp;
use jari_domain::id::{EventId, PlaceNumber};
use jari_domain::line::{GRACE_MS, Standing};
use jari_store::views::EventView;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::QueueService;

/// How often presence is told.
const PERIOD: Duration = Duration::from_secs(1);
/// Entries gathered between two times: far above what an instance can answer in a second; past it the oldest news
/// of a place is as good as the newest.
const GATHERED_AT_MOST: usize = 1_000_000;

type Entry = (Arc<EventView>, PlaceNumber, Timestamp);

/// Who has asked since the last time.
#[derive(Default)]
pub struct Gathered(Mutex<Vec<Entry>>);

impl Gathered {
    /// Somebody has asked, and was told to ask again after so long.
    pub fn note(
        &self,
        view: &Arc<EventView>,
        number: PlaceNumber,
        standing: &Standing,
        now: Timestamp,
    ) {
        let until = now.plus_ms(i64::from(standing.poll_after_ms) + GRACE_MS);
        let mut gathered = self.0.lock();
        if gathered.len() < GATHERED_AT_MOST {
            gathered.push((Arc::clone(view), number, until));
        }
    }
}

impl QueueService {
    /// Tells the store who has asked since the last time.
    pub async fn tell_presence(&self) {
        let gathered = std::mem::take(&mut *self.presence.0.lock());
        let mut by_event = BTreeMap::<EventId, Vec<(PlaceNumber, Timestamp)>>::new();
        for (view, number, until) in gathered {
            by_event
                .entry(view.event_id().clone())
                .or_default()
                .push((number, until));
        }
        for (event_id, present) in by_event {
            // What could not be told is asked again: everyone asks again.
            if let Err(error) = self.line.seen(&event_id, present).await {
                tracing::warn!(%error, %event_id, "presence could not be told");
            }
        }
    }
}

/// Tells the store once a second who has asked, until told to stop.
pub async fn gather_presence(queue: Arc<QueueService>, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => queue.tell_presence().await,
            () = service_kit::serve::stopped(&mut stop) => return,
        }
    }
}
