//! What the figures are called, and what they say; docs/metrics.md has the same.

use service_kit::metrics::{Kind, Metric};

pub(crate) const PEOPLE: Metric = Metric {
    name: "jari_people",
    kind: Kind::Gauge,
    what: "People in line or in the shop, by event and state: waiting, parked, admitted",
};
pub(crate) const CAPACITY: Metric = Metric {
    name: "jari_capacity",
    kind: Kind::Gauge,
    what: "How many may be admitted at the same time, by event",
};
pub(crate) const SEATS: Metric = Metric {
    name: "jari_seats",
    kind: Kind::Gauge,
    what: "Seats, by event and state: free, held, sold, blocked",
};
pub(crate) const ON_SALE: Metric = Metric {
    name: "jari_on_sale",
    kind: Kind::Gauge,
    what: "1 while seats are sold, 0 before, after, in a pause and when sold out, by event",
};
pub(crate) const ENTERED: Metric = Metric {
    name: "jari_entered_total",
    kind: Kind::Counter,
    what: "People who entered the line, by event; of this instance, as all totals of sales are",
};
pub(crate) const ADMITTED: Metric = Metric {
    name: "jari_admitted_total",
    kind: Kind::Counter,
    what: "Admissions, by event; somebody who comes late may be admitted again",
};
pub(crate) const HOLDS: Metric = Metric {
    name: "jari_holds_total",
    kind: Kind::Counter,
    what: "Holds placed, by event",
};
pub(crate) const SALES: Metric = Metric {
    name: "jari_sales_total",
    kind: Kind::Counter,
    what: "Reservations confirmed, by event",
};
pub(crate) const CANCELLATIONS: Metric = Metric {
    name: "jari_cancellations_total",
    kind: Kind::Counter,
    what: "Reservations cancelled, by event",
};
pub(crate) const CHECK_INS: Metric = Metric {
    name: "jari_check_ins_total",
    kind: Kind::Counter,
    what: "Entries at the door, by event; those undone later too",
};
pub(crate) const STORE_UP: Metric = Metric {
    name: "jari_store_up",
    kind: Kind::Gauge,
    what: "1 if the stores did the last batch, 0 if one of them failed it; there are ten batches a second at least",
};
pub(crate) const STORE_FAILURES: Metric = Metric {
    name: "jari_store_failures_total",
    kind: Kind::Counter,
    what: "Batches that failed, by the store that did not do its part: redis, postgresql, sqlite",
};
pub(crate) const BATCH_DURATION: Metric = Metric {
    name: "jari_batch_duration_seconds",
    kind: Kind::Histogram,
    what: "Time from the beginning of a batch to its answers: the turn, the work, the commit",
};
pub(crate) const BATCH_OPERATIONS: Metric = Metric {
    name: "jari_batch_operations",
    kind: Kind::Histogram,
    what: "Operations written together",
};
