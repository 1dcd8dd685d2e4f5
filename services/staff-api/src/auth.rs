//! Who may open which door.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::{StatusCode, request::Parts};
use jari_contract::{problem_of, refused};
use jari_domain::Refusal;
use jari_domain::shop::StaffKey;
use jari_store::views::EventView;
use jari_token::hash_key;
use service_kit::{Path, Problem, extract::bearer};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

use crate::StaffApi;

/// Whoever showed a staff key.
pub struct Staff(pub StaffKey);

impl FromRequestParts<Arc<StaffApi>> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<StaffApi>) -> Result<Self, Problem> {
        let key = bearer(&parts.headers).ok_or_else(|| {
            let detail = "Send the staff key as Authorization: Bearer …; the operator makes it.";
            Problem::new(StatusCode::UNAUTHORIZED, "staff_key_missing", detail)
        })?;
        let known = api.staff_keys.staff_key(hash_key(key)).await;
        known.map(Self).map_err(problem_of)
    }
}

/// Whoever showed a staff key that is for the event in the path. A key learns nothing of other events, not
/// even whether they exist.
pub struct AtDoor {
    /// The key.
    pub key: StaffKey,
    /// The event.
    pub view: Arc<EventView>,
}

impl FromRequestParts<Arc<StaffApi>> for AtDoor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<StaffApi>) -> Result<Self, Problem> {
        let Staff(key) = Staff::from_request_parts(parts, api).await?;
        let wrong = || refused(Refusal::WrongEvent);
        let Path(event_id) = Path::<String>::from_request_parts(parts, api)
            .await
            .map_err(|_| wrong())?;
        if !key.event_ids.iter().any(|own| own.as_str() == event_id) {
            return Err(wrong());
        }
        let view = api.means.any_event(&event_id).map_err(|_| wrong())?;
        Ok(Self { key, view })
    }
}

/// Tells the document of this API how the staff key is sent.
pub struct Scheme;

impl utoipa::Modify for Scheme {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        api.components
            .get_or_insert_default()
            .add_security_scheme("staff_key", scheme);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{KEY, TestDoor};

    const ROUTES: [(&str, &str); 6] = [
        ("POST", "lookup"),
        ("POST", "check-ins"),
        ("POST", "check-ins/batch"),
        ("GET", "check-ins"),
        ("GET", "manifest"),
        ("GET", "stats"),
    ];

    #[tokio::test]
    async fn without_a_key_or_with_an_unknown_one_no_route_answers() {
        let door = TestDoor::open().await;
        let events = ROUTES.map(|(method, path)| (method, format!("/staff/events/gala/{path}")));
        let others = [
            ("GET", "/staff/session".to_owned()),
            (
                "POST",
                format!("/staff/check-ins/{}/void", uuid::Uuid::nil()),
            ),
        ];
        for (method, path) in events.into_iter().chain(others) {
            let missing = door.ask(method, "", &path, None).await;
            assert_eq!(missing.told(), (401, "staff_key_missing"), "{path}");
            let unknown = door.ask(method, "jsk_unknown", &path, None).await;
            assert_eq!(unknown.told(), (403, "staff_key_invalid"), "{path}");
        }
    }

    #[tokio::test]
    async fn other_events_and_unknown_ones_look_the_same_whatever_the_body() {
        let door = TestDoor::open().await;
        door.event("other", 2).await;
        for (method, path) in ROUTES {
            for event_id in ["other", "unknown", "NO-SLUG", "%FF"] {
                let path = format!("/staff/events/{event_id}/{path}");
                let answer = door.ask(method, KEY, &path, Some(json!({}))).await;
                assert_eq!(answer.told(), (403, "wrong_event"), "{path}");
            }
        }
    }

    #[tokio::test]
    async fn a_key_ends_when_it_is_withdrawn() {
        let door = TestDoor::open().await;
        assert_eq!(door.get(KEY, "/staff/session").await.status, 200);
        door.withdraw_key().await;
        let answer = door.get(KEY, "/staff/session").await;
        assert_eq!(answer.told(), (403, "staff_key_invalid"));
    }
}
