//! What everyone may know of events.

use jari_domain::Timestamp;
use jari_domain::event::sale_state;
use jari_domain::hall::Hall;
use jari_domain::sale::Head;
use jari_domain::seats::SeatCounts;
use serde::Serialize;
use service_kit::time::Utc;

pub mod list;
pub mod map;
pub mod show;

/// An event as everyone sees it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EventBody {
    pub event_id: String,
    pub name: String,
    pub venue: String,
    pub description: Option<String>,
    pub starts_at: Utc,
    #[schema(example = "Asia/Seoul")]
    pub time_zone: String,
    pub sale_opens_at: Option<Utc>,
    pub sale_closes_at: Option<Utc>,
    /// `draft` (operators only), `scheduled`, `on_sale`, `sold_out`, `paused` or `closed`.
    pub state: &'static str,
    pub seats_total: u32,
    /// Seats that are free.
    pub seats_left: u32,
    pub max_seats_per_buyer: u32,
    pub hold_seconds: u32,
    /// Digits of the reservation codes; null in a draft while it is open.
    pub code_digits: Option<u8>,
    /// ISO 4217.
    pub currency: String,
    /// The version of the seat map, if there is one yet.
    pub map_version: Option<String>,
}

impl EventBody {
    /// The event as it is at `now`.
    pub fn new(head: &Head, hall: Option<&Hall>, counts: SeatCounts, now: Timestamp) -> Self {
        let settings = &head.settings;
        Self {
            event_id: settings.event_id.to_string(),
            name: settings.name.clone(),
            venue: settings.venue.clone(),
            description: settings.description.clone(),
            starts_at: Utc(settings.starts_at.0),
            time_zone: settings.time_zone.clone(),
            sale_opens_at: settings.sale_opens_at.map(|at| Utc(at.0)),
            sale_closes_at: settings.sale_closes_at.map(|at| Utc(at.0)),
            state: sale_state(&head.phase, settings, counts.free_or_held(), now).as_str(),
            seats_total: hall.map_or(0, |hall| hall.map().seats_total()),
            seats_left: counts.free,
            max_seats_per_buyer: settings.max_seats_per_buyer,
            hold_seconds: settings.hold_seconds,
            code_digits: settings.code_digits,
            currency: settings.currency.clone(),
            map_version: hall.map(|hall| hall.version().to_owned()),
        }
    }

    /// The event as a view shows it.
    pub fn of_view(view: &jari_store::views::EventView, now: Timestamp) -> Self {
        Self::new(&view.head(), view.hall().as_deref(), view.counts(), now)
    }
}

/// A page of events.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EventList<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
}

/// One page of views, by event id; the cursor is the last event id of the page before.
pub fn page<T>(
    core: &crate::TicketingCore,
    query: &service_kit::page::PageQuery,
    shown: impl Fn(&jari_store::views::EventView) -> Option<T>,
) -> Result<EventList<T>, service_kit::Problem> {
    let limit = query.limit()?;
    let after = query
        .cursor
        .as_deref()
        .map(jari_domain::id::EventId::parse)
        .transpose();
    let after = after.map_err(|_| service_kit::page::not_a_cursor())?;
    let views = core.means.views.events_after(after.as_ref());
    let mut found = views
        .iter()
        .filter_map(|view| shown(view).map(|item| (view.event_id(), item)));
    let (mut items, mut last) = (Vec::new(), None);
    for (event_id, item) in found.by_ref().take(limit) {
        last = Some(event_id.to_string());
        items.push(item);
    }
    let next_cursor = found.next().and(last);
    Ok(EventList { items, next_cursor })
}
