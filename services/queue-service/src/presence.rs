//! Who has asked: gathered in memory, told to the store once a second.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jari_domain::Timestamp;
use jari_domain::id::{EventId, PlaceNumber};
use jari_domain::line::{GRACE_MS, PlaceState, Standing};
use jari_store::views::EventView;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::QueueService;
use crate::ticket::Holder;

/// How often presence is told: whoever was parked stands in line again within this time of asking.
const PERIOD: Duration = Duration::from_secs(1);
/// Presence is at the store within this time, also where that is busy: twice [`PERIOD`].
const GATHERED_WITHIN_MS: i64 = 2_000;
/// Entries gathered between two times, in some 24 MB: ten times what an instance answers in a second. What comes
/// after them is not noted; those people are noted when they ask again.
const GATHERED_AT_MOST: usize = 1_000_000;

type Entry = (Arc<EventView>, PlaceNumber, Timestamp);

/// Who has asked since the last time.
#[derive(Default)]
pub struct Gathered(Mutex<Vec<Entry>>);

impl Gathered {
    /// Somebody was told at `now` how they stand, and when to ask again. Only of those who wait does it matter.
    pub fn note(&self, holder: &Holder, standing: &Standing, now: Timestamp) {
        if standing.position.is_none_or(|position| position == 0) {
            return;
        }
        let until = present_until(standing, now);
        let entry = (Arc::clone(&holder.view), holder.number, until);
        self.put(std::iter::once(entry));
    }

    fn put(&self, entries: impl Iterator<Item = Entry>) {
        let mut gathered = self.0.lock();
        let room = GATHERED_AT_MOST.saturating_sub(gathered.len());
        gathered.extend(entries.take(room));
    }

    fn take(&self) -> Vec<Entry> {
        std::mem::take(&mut self.0.lock())
    }
}

/// Whether the store has to hear of this one at once, because it may count as absent, or be parked, before
/// presence is gathered the next time. Few ask so late.
pub fn must_be_told_now(holder: &Holder, standing: &Standing, now: Timestamp) -> bool {
    let in_line = standing.position.is_some_and(|position| position > 0);
    let gathered_by = now.plus_ms(GATHERED_WITHIN_MS);
    let Holder { view, number } = holder;
    in_line
        && (view.present_until(*number) < gathered_by || view.place(*number) == PlaceState::Parked)
}

/// Until when somebody is present who is told this now.
pub fn present_until(standing: &Standing, now: Timestamp) -> Timestamp {
    now.plus_ms(i64::from(standing.poll_after_ms) + GRACE_MS)
}

impl QueueService {
    /// Tells the store who has asked since the last time.
    pub async fn tell_presence(&self) {
        let mut by_event = BTreeMap::<EventId, Vec<Entry>>::new();
        for entry in self.presence.take() {
            let of_event = by_event.entry(entry.0.event_id().clone()).or_default();
            of_event.push(entry);
        }
        for (event_id, entries) in by_event {
            let present = entries.iter().map(|(_, number, until)| (*number, *until));
            if let Err(error) = self.line.seen(&event_id, present.collect()).await {
                tracing::warn!(%error, %event_id, "presence could not be told; it is told next time");
                self.presence.put(entries.into_iter());
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
