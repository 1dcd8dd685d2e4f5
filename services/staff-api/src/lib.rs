//! staff-api: the door. Look-up, check-in, and what a device needs to go on without a network.
//!
//! A library; whoever runs it chooses the store. [`router`] is the table of contents.

use std::sync::Arc;

use auth::Scheme;
use axum::Extension;
use axum::extract::State;
use jari_contract::Means;
use jari_domain::fact::AuditEntry;
use jari_domain::id::EventId;
use jari_domain::shop::StaffKey;
use jari_store::{AuditTrail, Door, StaffKeys};
use service_kit::extract::BodyLimit;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

mod auth;
mod check_ins;
pub mod from_core;
mod look_up;
mod manifest;
mod seats;
mod session;
mod stats;
#[cfg(test)]
mod testing;

/// Bytes of a batch at most: 500 items with a dozen seats each.
const BATCH_BODY_LIMIT: usize = 2 << 20;

/// What the handlers use.
#[derive(Clone)]
pub struct StaffApi {
    /// Memory, keys, time and randomness.
    pub means: Means,
    /// The door.
    pub door: Arc<dyn Door>,
    /// The keys of gate staff.
    pub staff_keys: Arc<dyn StaffKeys>,
    /// The record of who did what.
    pub audit: Arc<dyn AuditTrail>,
}

/// All routes.
pub fn router(state: StaffApi) -> axum::Router {
    let (router, api) = documented().with_state(Arc::new(state)).split_for_parts();
    router.merge(service_kit::openapi::document("/staff/openapi.json", &api))
}

/// The document that `/staff/openapi.json` serves.
pub fn openapi() -> OpenApi {
    documented().into_openapi()
}

fn documented() -> OpenApiRouter<Arc<StaffApi>> {
    let with_large_bodies = OpenApiRouter::new()
        .routes(routes!(check_ins::batch::take))
        .layer(Extension(BodyLimit(BATCH_BODY_LIMIT)));
    let mut routes = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(session::show))
        .routes(routes!(look_up::look_up))
        .routes(routes!(check_ins::make::make, check_ins::list::list))
        .merge(with_large_bodies)
        .routes(routes!(check_ins::void::void))
        .routes(routes!(manifest::show))
        .routes(routes!(stats::show));
    service_kit::openapi::describe_responses(routes.get_openapi_mut());
    routes
}

/// The state as handlers take it.
type Api = State<Arc<StaffApi>>;

impl StaffApi {
    /// Puts on record what was done with a key. What was done stays done where this fails, and is kept with
    /// its key in the event itself, so a failure is logged and the truth is answered.
    async fn note(
        &self,
        key: &StaffKey,
        action: &str,
        event_id: Option<&EventId>,
        detail: Option<String>,
    ) {
        let entry = AuditEntry {
            at: self.means.now(),
            who: format!("staff key {} ({})", key.id, key.name),
            action: action.to_owned(),
            event_id: event_id.cloned(),
            detail,
        };
        if let Err(error) = self.audit.note(entry).await {
            tracing::error!(%error, action, "this is missing from the record of who did what");
        }
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Jari: staff-api",
        description = "The door: look-up, check-in, and what a device needs to go on without a network."
    ),
    components(schemas(service_kit::problem::ProblemSchema)),
    modifiers(&Scheme)
)]
struct Document;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use crate::testing::{KEY, TestDoor};

    #[tokio::test]
    async fn the_document_names_every_route_and_is_served_without_a_key() {
        let door = TestDoor::open().await;
        let answer = door.get("", "/staff/openapi.json").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body["openapi"], "3.1.0");
        let mut paths: Vec<_> = answer.body["paths"].as_object().unwrap().keys().collect();
        paths.sort();
        let expected = [
            "/staff/check-ins/{check_in_id}/void",
            "/staff/events/{event_id}/check-ins",
            "/staff/events/{event_id}/check-ins/batch",
            "/staff/events/{event_id}/lookup",
            "/staff/events/{event_id}/manifest",
            "/staff/events/{event_id}/stats",
            "/staff/session",
        ];
        assert_eq!(paths, expected);
        let get = &answer.body["paths"]["/staff/events/{event_id}/check-ins"]["get"];
        let problem = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
        assert_eq!(get["responses"]["403"]["content"], problem);
        assert_eq!(get["responses"]["200"]["description"], "OK");
        assert_eq!(door.get(KEY, "/staff/nothing").await.status, 404);
    }

    #[test]
    fn the_document_can_be_had_without_a_store_and_names_each_operation_once() {
        let document: Value = serde_json::to_value(super::openapi()).unwrap();
        let paths = document["paths"].as_object().unwrap().values();
        let operations = paths.flat_map(|path| path.as_object().unwrap().values());
        let ids: Vec<_> = operations
            .map(|operation| operation["operationId"].to_string())
            .collect();
        assert_eq!(ids.len(), 8);
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 8, "{ids:?}");
    }
}
