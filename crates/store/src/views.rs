//! What everyone asks for all the time, answered from memory: one view for each event, fed by a store.

use std::collections::BTreeMap;
use std::sync::Arc;

use jari_domain::Timestamp;
use jari_domain::event::{SaleState, sale_state};
use jari_domain::hall::Hall;
use jari_domain::id::{EventId, PlaceNumber};
use jari_domain::line::{Line, LineCounts, Pace, PlaceState, Presence, Standing, standing};
use jari_domain::sale::{Change, Head, Snapshot};
use jari_domain::seats::{SeatCounts, Seats};
use parking_lot::RwLock;
use tokio::sync::watch;

use crate::Follower;

/// The views of all events.
#[derive(Debug, Default)]
pub struct Views {
    events: RwLock<BTreeMap<EventId, Arc<EventView>>>,
}

impl Views {
    /// The view of an event, drafts too.
    pub fn event(&self, event_id: &EventId) -> Option<Arc<EventView>> {
        self.events.read().get(event_id).cloned()
    }

    /// The view of a published event.
    pub fn published(&self, event_id: &EventId) -> Option<Arc<EventView>> {
        self.event(event_id).filter(|view| view.is_published())
    }

    /// All views, by event id, drafts too, of events after `after`.
    pub fn events_after(&self, after: Option<&EventId>) -> Vec<Arc<EventView>> {
        let events = self.events.read();
        let later = events
            .iter()
            .filter(|(event_id, _)| after.is_none_or(|after| *event_id > after));
        later.map(|(_, view)| Arc::clone(view)).collect()
    }
}

impl Follower for Views {
    fn begin(&self, event_id: &EventId, snapshot: Snapshot) {
        if let Some(view) = self.event(event_id) {
            view.restart(snapshot);
        } else {
            let view = Arc::new(EventView::new(event_id.clone(), snapshot));
            self.events.write().insert(event_id.clone(), view);
        }
    }

    fn changed(&self, event_id: &EventId, changes: &[Change]) {
        // What comes after a removal is of another event with the same id.
        let removed = changes
            .iter()
            .rposition(|change| matches!(change, Change::Removed));
        let changes = match removed {
            Some(removed) => {
                self.events.write().remove(event_id);
                &changes[removed + 1..]
            }
            None => changes,
        };
        if let Some(view) = self.event(event_id) {
            view.follow(changes);
        } else if let Some(Change::Head(head)) = changes.first() {
            let view = EventView::new(event_id.clone(), Snapshot::of_new(head.clone()));
            view.follow(changes);
            self.events.write().insert(event_id.clone(), Arc::new(view));
        }
    }
}

/// The seats of an event, and the hall they stand in.
#[derive(Debug, Default)]
pub struct SeatsView {
    /// The hall, if there is one yet.
    pub hall: Option<Arc<Hall>>,
    /// Their states.
    pub seats: Seats,
}

/// The line of an event, how fast it moves, and who asks in it.
#[derive(Debug, Default)]
struct LineView {
    line: Line,
    pace: Pace,
    presence: Presence,
}

/// What everyone asks of one event.
#[derive(Debug)]
pub struct EventView {
    event_id: EventId,
    head: RwLock<Arc<Head>>,
    seats: RwLock<SeatsView>,
    line: RwLock<LineView>,
    seats_changed: watch::Sender<u64>,
    line_changed: watch::Sender<u64>,
}

impl EventView {
    fn new(event_id: EventId, snapshot: Snapshot) -> Self {
        Self {
            event_id,
            head: RwLock::new(Arc::new(snapshot.head)),
            seats: RwLock::new(SeatsView {
                hall: snapshot.hall,
                seats: snapshot.seats,
            }),
            line: RwLock::new(LineView {
                line: snapshot.line,
                pace: snapshot.pace,
                presence: snapshot.presence,
            }),
            seats_changed: watch::Sender::new(0),
            line_changed: watch::Sender::new(0),
        }
    }

    fn restart(&self, snapshot: Snapshot) {
        *self.head.write() = Arc::new(snapshot.head);
        *self.seats.write() = SeatsView {
            hall: snapshot.hall,
            seats: snapshot.seats,
        };
        *self.line.write() = LineView {
            line: snapshot.line,
            pace: snapshot.pace,
            presence: snapshot.presence,
        };
        self.tell(true, true);
    }

    fn follow(&self, changes: &[Change]) {
        let was_sold_out = self.counts().free_or_held() == 0;
        let (mut seats_changed, mut line_changed) = (false, false);
        for change in changes {
            match change {
                Change::Head(head) => {
                    *self.head.write() = Arc::new(head.clone());
                    line_changed = true;
                }
                Change::Hall(hall, seats) => {
                    *self.seats.write() = SeatsView {
                        hall: Some(Arc::clone(hall)),
                        seats: seats.clone(),
                    };
                    seats_changed = true;
                }
                Change::Seats(changed) => {
                    self.seats.write().seats.follow(changed);
                    seats_changed = true;
                }
                Change::Line(at, fact) => {
                    let mut view = self.line.write();
                    view.pace.apply(*at, fact);
                    view.line.apply(fact);
                    line_changed = true;
                }
                Change::Present(present) => {
                    let mut view = self.line.write();
                    for (number, until) in present {
                        view.presence.note(*number, *until);
                    }
                }
                Change::Removed => {}
            }
        }
        // Those who wait are told at once that nothing is left, or that something came back.
        let is_sold_out = self.counts().free_or_held() == 0;
        self.tell(seats_changed, line_changed || was_sold_out != is_sold_out);
    }

    fn tell(&self, seats_changed: bool, line_changed: bool) {
        if seats_changed {
            self.seats_changed.send_modify(|count| *count += 1);
        }
        if line_changed {
            self.line_changed.send_modify(|count| *count += 1);
        }
    }

    /// The event's id.
    pub const fn event_id(&self) -> &EventId {
        &self.event_id
    }

    /// What sets this event apart from an earlier one of the same id, in every token.
    pub fn uid(&self) -> u64 {
        self.head.read().uid
    }

    /// Settings and phase.
    pub fn head(&self) -> Arc<Head> {
        Arc::clone(&self.head.read())
    }

    /// Whether the event is public: it is no draft.
    pub fn is_published(&self) -> bool {
        self.head.read().phase != jari_domain::event::Phase::Draft
    }

    /// The hall, if there is one yet.
    pub fn hall(&self) -> Option<Arc<Hall>> {
        self.seats.read().hall.clone()
    }

    /// How many seats are in each state.
    pub fn counts(&self) -> SeatCounts {
        self.seats.read().seats.counts()
    }

    /// Reads the seats as they are at one instant.
    pub fn with_seats<T>(&self, read: impl FnOnce(&SeatsView) -> T) -> T {
        read(&self.seats.read())
    }

    /// The state of the sale.
    pub fn state(&self, now: Timestamp) -> SaleState {
        let head = self.head.read();
        sale_state(
            &head.phase,
            &head.settings,
            self.counts().free_or_held(),
            now,
        )
    }

    /// What is known of a place.
    pub fn place(&self, number: PlaceNumber) -> PlaceState {
        self.line.read().line.state(number)
    }

    /// Until when the holder of a place counts as present.
    pub fn present_until(&self, number: PlaceNumber) -> Timestamp {
        self.line.read().presence.until(number)
    }

    /// How the holder of a place stands in line.
    pub fn standing(&self, number: PlaceNumber, now: Timestamp) -> Standing {
        let head = self.head();
        let sale = sale_state(
            &head.phase,
            &head.settings,
            self.counts().free_or_held(),
            now,
        );
        let view = self.line.read();
        standing(&view.line, &view.pace, &head.settings, sale, number, now)
    }

    /// How many places are where, and how many people were admitted in the last minute.
    pub fn line_counts(&self, now: Timestamp) -> (LineCounts, u32) {
        let view = self.line.read();
        (view.line.counts(), view.pace.admitted_per_minute(now))
    }

    /// Wakes whenever seats have changed.
    pub fn seats_changes(&self) -> watch::Receiver<u64> {
        self.seats_changed.subscribe()
    }

    /// Wakes whenever the line or the state of the event has changed.
    pub fn line_changes(&self) -> watch::Receiver<u64> {
        self.line_changed.subscribe()
    }
}

#[cfg(all(test, feature = "conformance"))]
mod tests {
    use jari_domain::{Shop, Timestamp};

    use super::*;
    use crate::conformance::world::{map, settings};

    /// What an instance hears that was away meanwhile.
    #[test]
    fn an_event_that_was_deleted_and_made_anew_has_nothing_of_the_old_one() {
        let (mut shop, event_id, now) = (Shop::default(), settings().event_id, Timestamp(0));
        shop.create_event(now, settings(), 1).unwrap();
        let old = shop.sale_mut(&event_id).unwrap();
        old.set_map(now, Arc::new(map())).unwrap();
        let mut changes = shop.take_outbox().1;
        let views = Views::default();
        let told = |changes: &[(EventId, Change)]| {
            let changes: Vec<_> = changes.iter().map(|(_, change)| change.clone()).collect();
            views.changed(&event_id, &changes);
        };
        told(&changes);
        assert!(views.event(&event_id).unwrap().hall().is_some());
        shop.sale_mut(&event_id).unwrap().delete(now).unwrap();
        changes = shop.take_outbox().1;
        shop.create_event(now, settings(), 2).unwrap();
        changes.extend(shop.take_outbox().1);
        told(&changes);
        let view = views.event(&event_id).unwrap();
        assert_eq!(view.head().uid, 2);
        assert!(view.hall().is_none());
    }
}
