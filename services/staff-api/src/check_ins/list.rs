//! `GET /staff/events/{event_id}/check-ins`

use axum::Json;
use axum::extract::State;
use jari_contract::problem_of;
use serde::{Deserialize, Serialize};
use service_kit::page::{PageQuery, cursor, read_cursor};
use service_kit::{FieldErrors, Problem, Query};

use crate::Api;
use crate::auth::AtDoor;
use crate::seats::Entry;

/// From where on.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Start {
    /// `next_cursor` of the last answer; without it from the first entry on.
    since: Option<String>,
    /// The same as `since`.
    cursor: Option<String>,
    /// How many items at most: 1–1000, 100 if nothing is said.
    limit: Option<String>,
}

/// What happened at the door.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CheckIns {
    /// Entries made or undone, in the order in which they became known, each as it is now: an entry that is
    /// undone comes a second time.
    items: Vec<ListedEntry>,
    /// Where to go on, now or later: never null.
    next_cursor: String,
}

/// An entry at the door, and whose it is.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ListedEntry {
    #[schema(format = "uuid")]
    reservation_id: String,
    #[serde(flatten)]
    entry: Entry,
}

/// Entries since the last time, for devices that keep up.
#[utoipa::path(
    get, path = "/staff/events/{event_id}/check-ins", tag = "door",
    operation_id = "list_check_ins", security(("staff_key" = [])),
    params(("event_id" = String, Path), Start),
    responses(
        (status = 200, body = CheckIns), (status = 401), (status = 403), (status = 422)
    )
)]
pub async fn list(
    State(api): Api,
    AtDoor { view, .. }: AtDoor,
    Query(query): Query<Start>,
) -> Result<Json<CheckIns>, Problem> {
    let (after, limit) = read(query)?;
    let entries = api.door.entries(view.event_id(), after, limit).await;
    let entries = entries.map_err(problem_of)?;
    let next = after.saturating_add(entries.len());
    let hall = view.hall();
    let items = entries.into_iter().map(|entry| ListedEntry {
        reservation_id: entry.reservation_id.to_string(),
        entry: Entry::of(hall.as_deref(), entry),
    });
    Ok(Json(CheckIns {
        items: items.collect(),
        next_cursor: cursor(next as u64),
    }))
}

fn read(query: Start) -> Result<(usize, usize), Problem> {
    let field = if query.since.is_some() {
        "/since"
    } else {
        "/cursor"
    };
    let mut errors = FieldErrors::default();
    let after = match query.since.or(query.cursor) {
        None => 0,
        Some(text) => {
            let number = read_cursor(&text)
                .ok()
                .and_then(|number| usize::try_from(number).ok());
            errors.require(number.is_some(), field, || {
                "this is not a cursor of this list".to_owned()
            });
            number.unwrap_or_default()
        }
    };
    errors.finish()?;
    let limit = PageQuery {
        limit: query.limit,
        cursor: None,
    }
    .limit()?;
    Ok((after, limit))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{KEY, TestDoor};

    const PATH: &str = "/staff/events/gala/check-ins";

    #[tokio::test]
    async fn a_device_keeps_up_with_entries_and_what_was_undone() {
        let door = TestDoor::open().await;
        let empty = door.get(KEY, PATH).await;
        assert_eq!((empty.status, &empty.body["items"]), (200, &json!([])));
        let start = empty.body["next_cursor"].as_str().unwrap().to_owned();

        let bought = door.buy("gala", &["A-1-1", "A-1-2", "A-1-3"]).await;
        let mut made = Vec::new();
        for seat in ["A-1-1", "A-1-2", "A-1-3"] {
            let entry = door
                .check_in(KEY, json!({ "code": bought.code, "seats": [seat] }))
                .await;
            made.push(entry.body["check_in_id"].clone());
        }
        let first = door
            .get(KEY, &format!("{PATH}?since={start}&limit=2"))
            .await;
        let ids = |body: &serde_json::Value| -> Vec<_> {
            body["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["check_in_id"].clone())
                .collect()
        };
        assert_eq!(ids(&first.body), made[..2]);
        assert_eq!(
            first.body["items"][0]["reservation_id"],
            bought.reservation_id.to_string()
        );
        assert_eq!(first.body["items"][0]["seats"][0]["seat_id"], "A-1-1");

        let next = first.body["next_cursor"].as_str().unwrap();
        let second = door
            .get(KEY, &format!("{PATH}?cursor={next}&limit=2"))
            .await;
        assert_eq!(ids(&second.body), made[2..]);
        let next = second.body["next_cursor"].as_str().unwrap();
        let third = door.get(KEY, &format!("{PATH}?since={next}")).await;
        assert_eq!(
            (&third.body["items"], &third.body["next_cursor"]),
            (&json!([]), &json!(next))
        );

        door.void(KEY, &made[0]).await;
        let fourth = door.get(KEY, &format!("{PATH}?since={next}")).await;
        assert_eq!(ids(&fourth.body), made[..1]);
        assert_eq!(
            fourth.body["items"][0]["voided_at"],
            "2027-01-15T08:00:00.000Z"
        );
    }

    #[tokio::test]
    async fn wrong_cursors_and_limits_are_told_by_name() {
        let door = TestDoor::open().await;
        for (query, field) in [
            ("since=", "/since"),
            ("since=7", "/since"),
            ("cursor=7", "/cursor"),
            ("limit=0", "/limit"),
            ("limit=1001", "/limit"),
            ("limit=x", "/limit"),
        ] {
            let answer = door.get(KEY, &format!("{PATH}?{query}")).await;
            assert_eq!(answer.told(), (422, "invalid_request"), "{query}");
            assert_eq!(answer.body["errors"][0]["field"], field);
        }
        let beyond = door.get(KEY, &format!("{PATH}?since=czzzz")).await;
        assert_eq!(
            (beyond.status, &beyond.body["next_cursor"]),
            (200, &json!("czzzz"))
        );
    }
}
