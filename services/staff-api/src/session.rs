//! `GET /staff/session`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use service_kit::Problem;
use service_kit::time::Utc;

use crate::Api;
use crate::auth::Staff;

/// Whose key it is, and what it is for.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Session {
    /// Whose key it is.
    #[schema(example = "North gate")]
    name: String,
    /// The events it is for.
    events: Vec<SessionEvent>,
}

/// An event that a key is for.
#[derive(Serialize, utoipa::ToSchema)]
pub struct SessionEvent {
    event_id: String,
    name: String,
    starts_at: Utc,
    /// How many digits its codes have; null in a draft that does not say yet.
    code_digits: Option<u8>,
}

/// Whose key it is, and what it is for.
#[utoipa::path(
    get, path = "/staff/session", tag = "door",
    operation_id = "show_session", security(("staff_key" = [])),
    responses((status = 200, body = Session), (status = 401), (status = 403))
)]
pub async fn show(State(api): Api, Staff(key): Staff) -> Result<Json<Session>, Problem> {
    let views = key
        .event_ids
        .iter()
        .filter_map(|id| api.means.views.event(id));
    let events = views.map(|view| {
        let settings = &view.head().settings;
        SessionEvent {
            event_id: settings.event_id.as_str().to_owned(),
            name: settings.name.clone(),
            starts_at: Utc(settings.starts_at.0),
            code_digits: settings.code_digits,
        }
    });
    Ok(Json(Session {
        events: events.collect(),
        name: key.name,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{KEY, TestDoor};

    #[tokio::test]
    async fn a_session_names_the_key_and_its_events() {
        let door = TestDoor::open().await;
        door.event("other", 2).await;
        let answer = door.get(KEY, "/staff/session").await;
        let expected = json!({ "name": "North gate", "events": [{
            "event_id": "gala", "name": "Gala", "starts_at": "2027-01-15T09:00:00.000Z", "code_digits": 4
        }] });
        assert_eq!((answer.status, answer.body), (200, expected));
    }
}
