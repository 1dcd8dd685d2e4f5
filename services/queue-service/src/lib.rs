//! queue-service: the line. Entering and leaving go to the store; everything that is asked all the time is
//! answered from memory.
//!
//! A library; whoever runs it chooses the store. [`router`] is the table of contents.

use std::sync::Arc;

use jari_contract::Means;
use jari_store::Line;
use service_kit::sse::Streams;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

mod board;
mod enter;
mod leave;
mod place;
mod politeness;
mod presence;
mod status;
mod stream;
mod ticket;

pub use presence::gather_presence;

/// Streams of places that an instance serves at the same time: with their sockets they stay far below the open
/// files that a process may have.
const STREAMS_AT_MOST: usize = 10_000;

/// What the handlers use.
pub struct QueueService {
    means: Means,
    line: Arc<dyn Line>,
    presence: presence::Gathered,
    politeness: politeness::Politeness,
    streams: Streams,
}

/// The handlers' state.
type Queue = axum::extract::State<Arc<QueueService>>;

impl QueueService {
    /// The service on this store.
    pub fn new(means: Means, line: Arc<dyn Line>) -> Arc<Self> {
        Arc::new(Self {
            means,
            line,
            presence: presence::Gathered::default(),
            politeness: politeness::Politeness::default(),
            streams: Streams::at_most(STREAMS_AT_MOST),
        })
    }
}

/// All routes.
pub fn router(queue: Arc<QueueService>) -> axum::Router {
    let (router, api) = documented().with_state(queue).split_for_parts();
    router.merge(service_kit::openapi::document(
        "/api/queue/openapi.json",
        &api,
    ))
}

/// The `OpenAPI` document.
pub fn openapi() -> OpenApi {
    documented().into_openapi()
}

fn documented() -> OpenApiRouter<Arc<QueueService>> {
    let mut routes = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(enter::enter))
        .routes(routes!(status::status))
        .routes(routes!(leave::leave))
        .routes(routes!(board::board))
        .routes(routes!(stream::stream));
    service_kit::openapi::describe_responses(routes.get_openapi_mut());
    routes
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Jari: queue-service", description = "The line."),
    components(schemas(service_kit::problem::ProblemSchema))
)]
struct Document;
