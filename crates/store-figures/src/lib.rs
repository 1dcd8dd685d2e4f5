//! What Prometheus is told of sales and of the store that keeps them. What there is now is read in the views when
//! somebody asks; what has happened is counted where it was kept, so that all instances together count it once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jari_domain::Timestamp;
use jari_domain::door::DoorFact;
use jari_domain::event::SaleState;
use jari_domain::fact::{Fact, Recorded};
use jari_domain::id::EventId;
use jari_domain::line::LineFact;
use jari_domain::sale::{Change, Snapshot};
use jari_store::views::{EventView, Views};
use jari_store::{Batch, Follower};
use parking_lot::Mutex;
use service_kit::Clock;
use service_kit::metrics::{Exposition, Histogram, SECONDS, SIZES, Source};

mod names;

/// Events that are told of; those with the first ids where there are more. Each is some twenty series.
const EVENTS_AT_MOST: usize = 200;
/// An event is told of until so long after its beginning: while people still come in.
const TOLD_AFTER_BEGINNING_MS: i64 = 24 * 60 * 60 * 1000;

/// The figures of the sales and of the store.
#[derive(Debug)]
pub struct SaleFigures {
    views: Arc<Views>,
    happened: Mutex<BTreeMap<EventId, Happened>>,
    failures: Mutex<BTreeMap<&'static str, u64>>,
    /// 1 if the last batch was done.
    is_up: AtomicU64,
    durations: Histogram,
    sizes: Histogram,
}

/// One of the counts of an event.
type Count = fn(Happened) -> u64;

/// What this instance has kept of an event.
#[derive(Debug, Clone, Copy, Default)]
struct Happened {
    entered: u64,
    admitted: u64,
    holds: u64,
    sales: u64,
    cancellations: u64,
    check_ins: u64,
}

impl Happened {
    fn count(&mut self, fact: &Fact) {
        if let Fact::Line(LineFact::Entered { .. }) = fact {
            self.entered += 1;
        } else if let Fact::Line(LineFact::Admitted { numbers, .. }) = fact {
            self.admitted += numbers.len() as u64;
        } else if let Fact::Held { .. } = fact {
            self.holds += 1;
        } else if let Fact::Confirmed { .. } = fact {
            self.sales += 1;
        } else if let Fact::Cancelled { .. } = fact {
            self.cancellations += 1;
        } else if let Fact::Door(DoorFact::CheckedIn(_)) = fact {
            self.check_ins += 1;
        }
    }
}

impl SaleFigures {
    /// Of the events in these views, which follow the same store.
    pub fn new(views: &Arc<Views>) -> Self {
        Self {
            views: Arc::clone(views),
            happened: Mutex::default(),
            failures: Mutex::default(),
            is_up: AtomicU64::new(1),
            durations: Histogram::new(&SECONDS),
            sizes: Histogram::new(&SIZES),
        }
    }

    /// For whoever asks for metrics.
    pub fn source(self: &Arc<Self>, clock: Arc<dyn Clock>) -> Source {
        let figures = Arc::clone(self);
        Arc::new(move |exposition| figures.tell(exposition, Timestamp(clock.now_ms())))
    }

    fn tell(&self, exposition: &mut Exposition, now: Timestamp) {
        let mut events = self.views.events_after(None);
        events.retain(|view| {
            let over = view.head().settings.starts_at.0 + TOLD_AFTER_BEGINNING_MS;
            view.is_published() && now.0 < over
        });
        events.truncate(EVENTS_AT_MOST);
        tell_present(exposition, &events, now);
        self.tell_happened(exposition, &events);
        self.tell_store(exposition);
    }

    fn tell_happened(&self, exposition: &mut Exposition, events: &[Arc<EventView>]) {
        let happened = self.happened.lock().clone();
        let of = |view: &EventView| happened.get(view.event_id()).copied().unwrap_or_default();
        let each: [(_, Count); 6] = [
            (names::ENTERED, |happened| happened.entered),
            (names::ADMITTED, |happened| happened.admitted),
            (names::HOLDS, |happened| happened.holds),
            (names::SALES, |happened| happened.sales),
            (names::CANCELLATIONS, |happened| happened.cancellations),
            (names::CHECK_INS, |happened| happened.check_ins),
        ];
        for (metric, count) in each {
            let mut samples = exposition.metric(&metric);
            for view in events {
                samples.count(&[("event", view.event_id().as_str())], count(of(view)));
            }
        }
    }

    fn tell_store(&self, exposition: &mut Exposition) {
        let is_up = self.is_up.load(Ordering::Relaxed);
        exposition.metric(&names::STORE_UP).count(&[], is_up);
        let mut samples = exposition.metric(&names::STORE_FAILURES);
        for (store, failures) in &*self.failures.lock() {
            samples.count(&[("store", store)], *failures);
        }
        let mut samples = exposition.metric(&names::BATCH_DURATION);
        samples.histogram(&[], &self.durations);
        let mut samples = exposition.metric(&names::BATCH_OPERATIONS);
        samples.histogram(&[], &self.sizes);
    }
}

fn tell_present(exposition: &mut Exposition, events: &[Arc<EventView>], now: Timestamp) {
    let mut samples = exposition.metric(&names::PEOPLE);
    for view in events {
        let (counts, _) = view.line_counts(now);
        let each = [
            ("waiting", counts.waiting),
            ("parked", counts.parked),
            ("admitted", counts.active),
        ];
        for (state, count) in each {
            let event = view.event_id().as_str();
            samples.count(&[("event", event), ("state", state)], count);
        }
    }
    let mut samples = exposition.metric(&names::CAPACITY);
    for view in events {
        let capacity = view.head().settings.queue.capacity;
        samples.count(&[("event", view.event_id().as_str())], capacity.into());
    }
    let mut samples = exposition.metric(&names::SEATS);
    for view in events {
        let counts = view.counts();
        let each = [
            ("free", counts.free),
            ("held", counts.held),
            ("sold", counts.sold),
            ("blocked", counts.blocked),
        ];
        for (state, count) in each {
            let event = view.event_id().as_str();
            samples.count(&[("event", event), ("state", state)], count.into());
        }
    }
    let mut samples = exposition.metric(&names::ON_SALE);
    for view in events {
        let on_sale = view.state(now) == SaleState::OnSale;
        samples.count(&[("event", view.event_id().as_str())], on_sale.into());
    }
}

impl Follower for SaleFigures {
    fn begin(&self, _: &EventId, _: Snapshot) {}

    fn changed(&self, event_id: &EventId, changes: &[Change]) {
        if changes
            .iter()
            .any(|change| matches!(change, Change::Removed))
        {
            self.happened.lock().remove(event_id);
        }
    }

    fn kept(&self, recorded: &Recorded) {
        let Recorded::Event { event_id, fact, .. } = recorded else {
            return;
        };
        let mut happened = self.happened.lock();
        if let Some(happened) = happened.get_mut(event_id) {
            return happened.count(fact);
        }
        happened.entry(event_id.clone()).or_default().count(fact);
    }

    fn batch(&self, batch: &Batch) {
        if let Some(store) = batch.failed {
            *self.failures.lock().entry(store).or_default() += 1;
        }
        self.is_up
            .store(batch.failed.is_none().into(), Ordering::Relaxed);
        self.durations.record_time(batch.took);
        self.sizes.record(batch.operations as u64);
    }
}
