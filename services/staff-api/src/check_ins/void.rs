//! `POST /staff/check-ins/{check_in_id}/void`

use axum::extract::{Path, State};
use axum::http::StatusCode;
use jari_contract::{problem_of, refused};
use jari_domain::Refusal;
use jari_domain::id::CheckInId;
use serde::Deserialize;
use service_kit::{FieldErrors, Problem};

use crate::Api;
use crate::auth::Staff;

/// Characters of a reason: a sentence or two.
const REASON_LENGTH: usize = 500;

/// Why an entry is undone.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct VoidRequest {
    /// Kept in the record of who did what: leave names out.
    #[schema(min_length = 1, max_length = 500, example = "scanned the wrong ticket")]
    reason: String,
}

/// Undoes an entry: its seats are not checked in any more. It stays in the history.
#[utoipa::path(
    post, path = "/staff/check-ins/{check_in_id}/void", tag = "door",
    operation_id = "void_check_in", security(("staff_key" = [])),
    params(("check_in_id" = String, Path, format = "uuid")), request_body = VoidRequest,
    responses(
        (status = 204), (status = 401), (status = 403), (status = 404), (status = 422)
    )
)]
pub async fn void(
    State(api): Api,
    Staff(key): Staff,
    path: Result<Path<String>, axum::extract::rejection::PathRejection>,
    service_kit::Json(VoidRequest { reason }): service_kit::Json<VoidRequest>,
) -> Result<StatusCode, Problem> {
    check(&reason)?;
    let check_in_id: Option<CheckInId> = path.ok().and_then(|Path(id)| id.parse().ok());
    let check_in_id = check_in_id.ok_or_else(|| refused(Refusal::CheckInNotFound))?;
    let detail = format!("check-in {check_in_id}: {reason}");
    let voided = api.door.void(&key.event_ids, check_in_id, reason).await;
    voided.map_err(problem_of)?;
    api.note(&key, "check_in.void", None, Some(detail)).await;
    Ok(StatusCode::NO_CONTENT)
}

fn check(reason: &str) -> Result<(), Problem> {
    let mut errors = FieldErrors::default();
    errors.line("/reason", reason, REASON_LENGTH);
    errors.finish()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{KEY, OTHER_KEY, TestDoor, seat_ids};

    fn path(check_in_id: &Value) -> String {
        format!("/staff/check-ins/{}/void", check_in_id.as_str().unwrap())
    }

    #[tokio::test]
    async fn an_entry_that_was_undone_stays_in_the_history_and_its_seats_may_come_again() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1", "A-1-2"]).await;
        let entry = door.check_in(KEY, json!({ "code": bought.code })).await;
        let id = &entry.body["check_in_id"];
        door.clock.advance(5000);
        for _ in 0..2 {
            let answer = door.void(OTHER_KEY, id).await;
            assert_eq!((answer.status, answer.body), (204, Value::Null));
            door.clock.advance(1000);
        }
        let found = door.look_up(KEY, &bought.code).await.body;
        assert_eq!(
            (&found["state"], &found["seats"][0]["checked_in"]),
            (&json!("confirmed"), &json!(false))
        );
        assert_eq!(found["history"][0]["voided_at"], "2027-01-15T08:00:05.000Z");
        let again = door.check_in(KEY, json!({ "code": bought.code })).await;
        assert_eq!(seat_ids(&again.body["admitted"]), ["A-1-1", "A-1-2"]);
        assert_eq!(again.body["history"].as_array().unwrap().len(), 2);
        let audited = door.audited("check_in.void").await;
        let detail = format!("check-in {}: wrong ticket", id.as_str().unwrap());
        assert_eq!(audited[0].detail.as_deref(), Some(detail.as_str()));
        assert!(audited[0].who.ends_with("(South gate)"));
    }

    #[tokio::test]
    async fn a_seat_of_two_entries_stays_in_when_one_of_them_is_undone() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1"]).await;
        let entry = door.check_in(KEY, json!({ "code": bought.code })).await;
        let item =
            json!({ "code": bought.code, "nonce": "a", "occurred_at": "2027-01-15T07:30:00Z" });
        door.post(
            KEY,
            "/staff/events/gala/check-ins/batch",
            json!({ "items": [item] }),
        )
        .await;
        door.void(KEY, &entry.body["check_in_id"]).await;
        assert_eq!(
            door.look_up(KEY, &bought.code).await.body["state"],
            "checked_in"
        );
    }

    #[tokio::test]
    async fn entries_that_are_unknown_or_of_another_event_are_not_undone() {
        let door = TestDoor::open().await;
        door.event("other", 2).await;
        let elsewhere = door
            .check_in_elsewhere("other", &door.buy("other", &["A-1-1"]).await)
            .await;
        let reason = json!({ "reason": "wrong ticket" });
        let answer = door
            .post(KEY, &path(&json!(elsewhere.to_string())), reason.clone())
            .await;
        assert_eq!(answer.told(), (403, "wrong_event"));
        for unknown in [
            uuid::Uuid::nil().to_string(),
            "7".to_owned(),
            "%FF".to_owned(),
        ] {
            let answer = door.post(KEY, &path(&json!(unknown)), reason.clone()).await;
            assert_eq!(answer.told(), (404, "not_found"), "{unknown}");
        }
    }

    #[tokio::test]
    async fn a_reason_is_needed() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1"]).await;
        let entry = door.check_in(KEY, json!({ "code": bought.code })).await;
        let path = path(&entry.body["check_in_id"]);
        for body in [
            json!({}),
            json!({ "reason": "" }),
            json!({ "reason": "가".repeat(501) }),
            json!({ "reason": 1 }),
        ] {
            let answer = door.post(KEY, &path, body).await;
            assert_eq!(answer.told(), (422, "invalid_request"));
            assert_eq!(answer.body["errors"][0]["field"], "/reason");
        }
        let longest = json!({ "reason": "가".repeat(500) });
        assert_eq!(door.post(KEY, &path, longest).await.status, 204);
    }
}
