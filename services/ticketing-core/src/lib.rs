//! ticketing-core: events, seats, holds, reservations, and what operators do with them.
//!
//! A library; whoever runs it chooses the store. [`router`] is the table of contents.

use std::sync::Arc;

use auth::Schemes;
use axum::routing::get;
use jari_contract::Means;
use jari_domain::id::Digest;
use jari_store::views::EventView;
use jari_store::{AuditTrail, Events, Holds, Reservations, StaffKeys, Store, Upkeep};
use service_kit::Problem;
use service_kit::sse::Streams;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

mod admin;
mod auth;
mod availability;
mod events;
mod holds;
pub mod internal;
mod reservations;
pub mod served;
mod server_time;

/// Streams of availability and figures that an instance serves at the same time: some tens of kilobytes each.
pub const STREAMS_AT_MOST: usize = 6_000;

/// Bytes of a seat map at most: the largest hall there is, with room.
const MAP_BODY_LIMIT: usize = 32 << 20;
/// Bytes of a request to block seats at most: every seat of the largest hall by its id.
const BLOCKS_BODY_LIMIT: usize = 2 << 20;

/// What the handlers use.
pub struct TicketingCore {
    /// Memory, keys, time and randomness.
    pub means: Means,
    /// What operators do with events.
    pub events: Arc<dyn Events>,
    /// Holding seats.
    pub holds: Arc<dyn Holds>,
    /// Buying, and what was bought.
    pub reservations: Arc<dyn Reservations>,
    /// The keys of gate staff.
    pub staff_keys: Arc<dyn StaffKeys>,
    /// The record of who did what.
    pub audit: Arc<dyn AuditTrail>,
    /// Whether the store answers, and hears of other instances.
    pub upkeep: Arc<dyn Upkeep>,
    /// The digest of the operator key.
    pub operator_key: Digest,
    /// Room for streams.
    pub streams: Streams,
    /// Answers that are kept ready.
    pub served: served::Served,
}

impl TicketingCore {
    /// The service on this store.
    pub fn on(
        store: &Arc<dyn Store>,
        means: Means,
        operator_key: Digest,
        streams: Streams,
    ) -> Self {
        Self {
            means,
            events: Arc::clone(store) as _,
            holds: Arc::clone(store) as _,
            reservations: Arc::clone(store) as _,
            staff_keys: Arc::clone(store) as _,
            audit: Arc::clone(store) as _,
            upkeep: Arc::clone(store) as _,
            operator_key,
            streams,
            served: served::Served::default(),
        }
    }

    /// The view of a published event, or 404 `event_not_found`.
    pub(crate) async fn published(&self, event_id: &str) -> Result<Arc<EventView>, Problem> {
        self.means.find_published(&*self.upkeep, event_id).await
    }
}

/// The handlers' state.
pub(crate) type Core = axum::extract::State<Arc<TicketingCore>>;

/// All routes, by who calls them.
pub fn router(core: Arc<TicketingCore>) -> axum::Router {
    let (router, api) = documented().with_state(core).split_for_parts();
    router.merge(service_kit::openapi::document("/api/openapi.json", &api))
}

/// The `OpenAPI` document.
pub fn openapi() -> OpenApi {
    documented().into_openapi()
}

fn documented() -> OpenApiRouter<Arc<TicketingCore>> {
    let mut routes = OpenApiRouter::with_openapi(Document::openapi())
        .merge(for_buyers())
        .merge(for_operators());
    service_kit::openapi::describe_responses(routes.get_openapi_mut());
    routes
}

fn for_buyers() -> OpenApiRouter<Arc<TicketingCore>> {
    OpenApiRouter::new()
        .routes(routes!(server_time::tell))
        .routes(routes!(events::list::list))
        .routes(routes!(events::show::show))
        .routes(routes!(events::map::map))
        .routes(routes!(availability::show))
        .routes(routes!(availability::stream))
        .routes(routes!(holds::place::place))
        .routes(routes!(holds::show::show, holds::release::release))
        .routes(routes!(reservations::confirm::confirm))
        .routes(routes!(
            reservations::show::show,
            reservations::cancel::cancel
        ))
        .routes(routes!(reservations::ticket::svg))
        .routes(routes!(reservations::ticket::pdf))
}

fn for_operators() -> OpenApiRouter<Arc<TicketingCore>> {
    OpenApiRouter::new()
        .routes(routes!(
            admin::create_event::create,
            admin::list_events::list
        ))
        .routes(routes!(
            admin::show_event::show,
            admin::change_event::change,
            admin::delete_event::delete
        ))
        .routes(routes!(admin::show_map::show))
        .routes(routes!(admin::lifecycle::open))
        .routes(routes!(admin::lifecycle::pause))
        .routes(routes!(admin::lifecycle::resume))
        .routes(routes!(admin::lifecycle::close))
        .routes(routes!(admin::stats::show))
        .routes(routes!(admin::stats::stream))
        .routes(routes!(admin::list_reservations::list))
        .routes(routes!(admin::list_reservations::csv))
        .routes(routes!(admin::cancel_reservation::cancel))
        .routes(routes!(admin::reissue_receipt::reissue))
        .routes(routes!(admin::staff_keys::add, admin::staff_keys::list))
        .routes(routes!(admin::staff_keys::remove))
        .routes(routes!(admin::audit::list))
        .merge(with_body(
            MAP_BODY_LIMIT,
            OpenApiRouter::new().routes(routes!(admin::import_map::import)),
        ))
        .merge(with_body(
            BLOCKS_BODY_LIMIT,
            OpenApiRouter::new().routes(routes!(admin::blocks::set)),
        ))
}

/// Routes whose bodies may be larger than usual.
fn with_body(
    limit: usize,
    routes: OpenApiRouter<Arc<TicketingCore>>,
) -> OpenApiRouter<Arc<TicketingCore>> {
    routes.layer(axum::Extension(service_kit::extract::BodyLimit(limit)))
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Jari: ticketing-core", description = "Events, seats, holds, reservations and operators."),
    components(schemas(service_kit::problem::ProblemSchema)),
    modifiers(&Schemes)
)]
struct Document;

/// A page to read and try the requests of all services, which are under one address.
pub fn docs() -> axum::Router {
    service_kit::openapi::page(
        "/api/docs",
        &[
            ("ticketing-core", "/api/openapi.json"),
            ("queue-service", "/api/queue/openapi.json"),
            ("staff-api", "/staff/openapi.json"),
        ],
    )
}

/// A route that does nothing: what a benchmark compares others with.
pub fn hello() -> axum::Router {
    let hello = get(async || "hello");
    axum::Router::new()
        .route("/hello", hello.clone())
        // The gateway routes what is under /api.
        .route("/api/hello", hello)
}
