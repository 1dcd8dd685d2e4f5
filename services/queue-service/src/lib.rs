//! queue-service: the line. Entering and leaving go to the store; everything that is asked all the time is
//! answered from memory.
//!
//! A library; whoever runs it chooses the store. [`router`] is the table of contents.

use std::sync::Arc;

use jari_contract::Means;
use jari_store::views::EventView;
use jari_store::{Line, Upkeep};
use service_kit::Problem;
use service_kit::sse::Streams;
use tokio::sync::watch;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
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
#[cfg(test)]
mod testing;
mod ticket;

pub use presence::gather_presence;

/// Streams of places that an instance serves at the same time: they leave other connections room
/// (`CONNECTIONS_AT_MOST`), and all have a change half a second later (docs/PERFORMANCE.md).
pub const STREAMS_AT_MOST: usize = 15_000;

/// What the handlers use.
pub struct QueueService {
    means: Means,
    line: Arc<dyn Line>,
    upkeep: Arc<dyn Upkeep>,
    presence: presence::Gathered,
    politeness: politeness::Politeness,
    streams: Streams,
}

/// The handlers' state.
type Queue = axum::extract::State<Arc<QueueService>>;

impl QueueService {
    /// The service on this store.
    pub fn new(
        means: Means,
        line: Arc<dyn Line>,
        upkeep: Arc<dyn Upkeep>,
        streams: Streams,
    ) -> Arc<Self> {
        Arc::new(Self {
            means,
            line,
            upkeep,
            presence: presence::Gathered::default(),
            politeness: politeness::Politeness::default(),
            streams,
        })
    }

    /// The view of a published event, or 404 `event_not_found`.
    pub(crate) async fn published(&self, event_id: &str) -> Result<Arc<EventView>, Problem> {
        self.means.find_published(&*self.upkeep, event_id).await
    }

    /// The streams of places.
    pub const fn streams(&self) -> &Streams {
        &self.streams
    }

    /// Ends all streams once `stop` is true: a server that stops waits for nobody who only listens.
    pub async fn end_streams_at(self: Arc<Self>, stop: watch::Receiver<bool>) {
        self.streams.clone().end_at(stop).await;
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
    components(schemas(service_kit::problem::ProblemSchema)),
    modifiers(&Scheme)
)]
struct Document;

/// How tickets are sent, for the document.
struct Scheme;

impl utoipa::Modify for Scheme {
    fn modify(&self, api: &mut OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        api.components
            .get_or_insert_default()
            .add_security_scheme("ticket", scheme);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::TestLine;

    #[tokio::test]
    async fn the_document_names_every_route_and_is_served() {
        let line = TestLine::open().await;
        let answer = line.get("/api/queue/openapi.json", None).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body["openapi"], "3.1.0");
        let mut paths: Vec<_> = answer.body["paths"].as_object().unwrap().keys().collect();
        paths.sort();
        let expected = [
            "/api/queue/board/{event_id}",
            "/api/queue/enter",
            "/api/queue/leave",
            "/api/queue/status",
            "/api/queue/stream",
        ];
        assert_eq!(paths, expected);
        assert_eq!(answer.body, serde_json::to_value(crate::openapi()).unwrap());
    }

    #[tokio::test]
    async fn a_place_has_the_fields_that_the_document_names() {
        let line = TestLine::open().await;
        let document: Value = serde_json::to_value(crate::openapi()).unwrap();
        let fields = |value: &Value| -> Vec<String> {
            let mut names: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
            names.sort();
            names
        };
        let schemas = &document["components"]["schemas"];
        let place = &schemas["PlaceBody"]["properties"];
        assert_eq!(fields(&line.enter(None).await.body), fields(place));
        assert_eq!(place["state"]["enum"][0], json!("waiting"));
        let board = line.get("/api/queue/board/gala", None).await.body;
        assert_eq!(fields(&board), fields(&schemas["BoardBody"]["properties"]));
    }
}
