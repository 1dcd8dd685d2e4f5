//! `POST /staff/events/{event_id}/check-ins/batch`

use axum::Json;
use axum::extract::State;
use futures_util::future::join_all;
use jari_contract::problem_of;
use jari_domain::hall::Hall;
use jari_domain::sale::CheckInRequest;
use jari_store::BatchAnswer;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service_kit::json::from_value;
use service_kit::{FieldErrors, Problem};

use super::{Asked, CheckInAnswerBody, CheckInBody, item_refused, told};
use crate::Api;
use crate::auth::AtDoor;

/// Items of one batch: some minutes of one busy gate. A device with more sends several.
const ITEMS_AT_MOST: usize = 500;

/// What a device did while it was offline.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct BatchRequest {
    /// In the order in which it was done. Each needs `nonce` and `occurred_at`.
    #[schema(min_items = 1, max_items = 500, value_type = Vec<CheckInBody>)]
    items: Vec<Value>,
}

/// What became of each.
#[derive(Serialize, utoipa::ToSchema)]
pub struct BatchAnswerBody {
    /// In the order of the request.
    items: Vec<ItemAnswer>,
}

/// What became of one.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum ItemAnswer {
    /// It is known now.
    Taken(Taken),
    /// A problem object with the item's `nonce`.
    #[schema(value_type = service_kit::problem::ProblemSchema)]
    Problem(Value),
}

/// An item that is known now.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Taken {
    /// The item's.
    nonce: String,
    #[serde(flatten)]
    answer: CheckInAnswerBody,
}

/// Takes what a device did while it was offline. An item that is wrong keeps no other out; sending a batch
/// again changes nothing.
#[utoipa::path(
    post, path = "/staff/events/{event_id}/check-ins/batch", tag = "door",
    operation_id = "take_check_ins", security(("staff_key" = [])),
    params(("event_id" = String, Path)), request_body = BatchRequest,
    responses(
        (status = 200, body = BatchAnswerBody), (status = 401), (status = 403), (status = 413), (status = 422)
    )
)]
pub async fn take(
    State(api): Api,
    AtDoor { key, view }: AtDoor,
    service_kit::Json(batch): service_kit::Json<BatchRequest>,
) -> Result<Json<BatchAnswerBody>, Problem> {
    check_length(batch.items.len())?;
    let asked = Asked::new(&api, &view, &key, true);
    let items: Vec<_> = batch
        .items
        .into_iter()
        .map(|item| read(&asked, &item))
        .collect();
    let wishes: Vec<CheckInRequest> = items
        .iter()
        .filter_map(|(_, wish)| wish.clone().ok())
        .collect();
    let ids: Vec<_> = wishes.iter().map(|wish| wish.check_in_id).collect();
    let given = api.door.check_in_batch(view.event_id(), wishes).await;
    let given = given.map_err(problem_of)?;
    let made = ids
        .iter()
        .zip(&given)
        .filter_map(|(id, given)| Some((*id, given.as_ref().ok()?)));
    // Together, so that they reach the disk in one commit.
    join_all(made.map(|(id, given)| asked.note(id, given))).await;
    let hall = view.hall();
    let mut given = given.into_iter();
    let answers = items.into_iter().map(|(nonce, wish)| match wish {
        Ok(_) => answer(hall.as_deref(), nonce, given.next()),
        Err(problem) => refusal(nonce, problem),
    });
    Ok(Json(BatchAnswerBody {
        items: answers.collect(),
    }))
}

fn check_length(items: usize) -> Result<(), Problem> {
    let mut errors = FieldErrors::default();
    errors.require((1..=ITEMS_AT_MOST).contains(&items), "/items", || {
        format!("1 to {ITEMS_AT_MOST} items are needed")
    });
    errors.finish()
}

/// An item's nonce, as far as it has one, and what it asks for.
fn read(asked: &Asked<'_>, item: &Value) -> (Option<String>, Result<CheckInRequest, Problem>) {
    let nonce = item.get("nonce").and_then(Value::as_str).map(str::to_owned);
    let wish = from_value(item).and_then(|body: CheckInBody| {
        let mut errors = FieldErrors::default();
        errors.require(body.nonce.is_some(), "/nonce", || {
            "a nonce is needed".to_owned()
        });
        errors.require(body.occurred_at.is_some(), "/occurred_at", || {
            "the time at which it happened is needed".to_owned()
        });
        errors.finish()?;
        asked.read(body)
    });
    (nonce, wish)
}

fn answer(hall: Option<&Hall>, nonce: Option<String>, given: Option<BatchAnswer>) -> ItemAnswer {
    match given {
        Some(Ok(given)) => ItemAnswer::Taken(Taken {
            nonce: nonce.unwrap_or_default(),
            answer: told(hall, given),
        }),
        Some(Err(refused)) => refusal(nonce, item_refused(refused)),
        None => refusal(nonce, Problem::internal()),
    }
}

fn refusal(nonce: Option<String>, problem: Problem) -> ItemAnswer {
    ItemAnswer::Problem(problem.with("nonce", nonce).to_json())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{Answer, KEY, OTHER_KEY, TestDoor, seat_ids};

    const PATH: &str = "/staff/events/gala/check-ins/batch";
    const BEFORE: &str = "2027-01-15T07:30:00Z";

    async fn send(door: &TestDoor, key: &str, items: &[Value]) -> Answer {
        door.post(key, PATH, json!({ "items": items })).await
    }

    #[tokio::test]
    async fn each_item_is_answered_in_its_place_whatever_the_others_are() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1", "A-1-2"]).await;
        let code = &bought.code;
        let wrong = &bought.wrong_codes(1)[0];
        let items = [
            json!({ "code": code, "seats": ["A-1-1"], "nonce": "a", "occurred_at": BEFORE }),
            json!({ "code": wrong, "nonce": "b", "occurred_at": BEFORE }),
            json!({ "code": "1", "nonce": "c", "occurred_at": BEFORE }),
            json!({ "code": code, "nonce": "d" }),
            json!({ "code": code, "occurred_at": BEFORE }),
            json!({ "code": code, "nonce": "e", "occurred_at": "soon" }),
            json!({ "entry_token": "forged", "nonce": "f", "occurred_at": BEFORE }),
            json!({ "code": code, "seats": ["A-9-9"], "nonce": "g", "occurred_at": BEFORE }),
            json!("none"),
            json!({ "entry_token": bought.entry_token, "nonce": "h", "occurred_at": BEFORE }),
        ];
        let answer = send(&door, KEY, &items).await;
        assert_eq!(answer.status, 200);
        let told: Vec<_> = answer.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| {
                (
                    item["nonce"].as_str(),
                    item["code"].as_str().or(item["outcome"].as_str()).unwrap(),
                )
            })
            .collect();
        let expected = [
            (Some("a"), "admitted"),
            (Some("b"), "code_not_found"),
            (Some("c"), "invalid_code"),
            (Some("d"), "invalid_request"),
            (None, "invalid_request"),
            (Some("e"), "invalid_request"),
            (Some("f"), "ticket_not_found"),
            (Some("g"), "seat_not_in_reservation"),
            (None, "invalid_request"),
            (Some("h"), "admitted"),
        ];
        assert_eq!(told, expected);
        let field = |at: usize| &answer.body["items"][at]["errors"][0]["field"];
        assert_eq!(
            (field(3), field(4), field(5)),
            (
                &json!("/occurred_at"),
                &json!("/nonce"),
                &json!("/occurred_at")
            )
        );
        assert_eq!(answer.body["items"][1]["status"], 404);
        assert_eq!(
            answer.body["items"][9]["history"][1]["at"],
            "2027-01-15T07:30:00.000Z"
        );
        assert_eq!(door.audited("check_in.admit").await.len(), 2);
    }

    #[tokio::test]
    async fn seats_that_another_device_let_in_are_a_conflict_and_both_entries_stay() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1", "A-1-2"]).await;
        door.check_in(KEY, json!({ "code": bought.code, "seats": ["A-1-1"] }))
            .await;
        let item = |nonce: &str, seats: Value| json!({ "code": bought.code, "seats": seats, "nonce": nonce, "occurred_at": BEFORE });
        let answer = send(
            &door,
            OTHER_KEY,
            &[item("a", json!(["A-1-1"])), item("b", Value::Null)],
        )
        .await;
        let [first, second] = [&answer.body["items"][0], &answer.body["items"][1]];
        assert_eq!(
            (&first["outcome"], &first["admitted"]),
            (&json!("conflict"), &json!([]))
        );
        assert!(first["check_in_id"].is_string());
        assert_eq!(first["history"].as_array().unwrap().len(), 2);
        assert_eq!(first["history"][1]["conflict"], true);
        assert_eq!(
            (&second["outcome"], seat_ids(&second["admitted"])),
            (&json!("admitted"), vec!["A-1-2".to_owned()])
        );
        assert_eq!(door.audited("check_in.conflict").await.len(), 1);
        let stats = door.get(KEY, "/staff/events/gala/stats").await;
        assert_eq!(stats.body["admitted_seats"], 2);
    }

    #[tokio::test]
    async fn a_batch_that_is_sent_again_changes_nothing() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1"]).await;
        let item = json!({ "code": bought.code, "nonce": "a", "occurred_at": BEFORE });
        let first = send(&door, KEY, &[item.clone(), item.clone()]).await;
        assert_eq!(first.body["items"][0], first.body["items"][1]);
        assert_eq!(send(&door, KEY, &[item.clone(), item]).await, first);
        assert_eq!(door.audited("check_in.admit").await.len(), 1);
    }

    #[tokio::test]
    async fn wrong_codes_in_a_batch_are_counted_and_tell_when_to_come_back() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1"]).await;
        let codes = bought
            .wrong_codes(20)
            .into_iter()
            .chain([bought.code.clone()]);
        let items: Vec<_> = codes
            .enumerate()
            .map(|(at, code)| json!({ "code": code, "nonce": at.to_string(), "occurred_at": BEFORE }))
            .collect();
        let answer = send(&door, KEY, &items).await;
        let last = &answer.body["items"][20];
        assert_eq!(
            (&last["code"], &last["nonce"]),
            (&json!("too_many_attempts"), &json!("20"))
        );
        assert_eq!(last["retry_after_seconds"], 61);
        door.clock.advance(61_000);
        let answer = send(&door, KEY, &items[20..]).await;
        assert_eq!(answer.body["items"][0]["outcome"], "admitted");
    }

    #[tokio::test]
    async fn a_batch_has_1_to_500_items_and_up_to_two_megabytes() {
        let door = TestDoor::open().await;
        let item = |at: usize| {
            json!({ "entry_token": "forged", "nonce": at.to_string(), "occurred_at": BEFORE,
                "padding": "x".repeat(1000) })
        };
        let items: Vec<_> = (0..501).map(item).collect();
        assert_eq!(
            send(&door, KEY, &items[..500]).await.body["items"]
                .as_array()
                .unwrap()
                .len(),
            500
        );
        for items in [&items[..], &[]] {
            let answer = send(&door, KEY, items).await;
            assert_eq!(answer.told(), (422, "invalid_request"));
            assert_eq!(answer.body["errors"][0]["field"], "/items");
        }
        let large = json!({ "code": "1", "padding": "x".repeat(2 << 20) });
        assert_eq!(
            send(&door, KEY, &[large]).await.told(),
            (413, "body_too_large")
        );
        let medium = json!({ "code": "1", "padding": "x".repeat(64 << 10) });
        assert_eq!(
            door.check_in(KEY, medium).await.told(),
            (413, "body_too_large")
        );
    }
}
