//! `POST /staff/events/{event_id}/check-ins`

use axum::Json;
use axum::extract::State;
use jari_contract::problem_of;
use service_kit::Problem;

use super::{Asked, CheckInAnswerBody, CheckInBody, told};
use crate::Api;
use crate::auth::AtDoor;

/// Lets people in by code or QR code. Wrong codes are counted against the key, together with those of
/// look-ups; entry tokens are not limited.
#[utoipa::path(
    post, path = "/staff/events/{event_id}/check-ins", tag = "door",
    operation_id = "make_check_in", security(("staff_key" = [])),
    params(("event_id" = String, Path)), request_body = CheckInBody,
    responses(
        (status = 200, body = CheckInAnswerBody), (status = 401), (status = 403),
        (status = 404), (status = 422), (status = 429)
    )
)]
pub async fn make(
    State(api): Api,
    AtDoor { key, view }: AtDoor,
    service_kit::Json(body): service_kit::Json<CheckInBody>,
) -> Result<Json<CheckInAnswerBody>, Problem> {
    let asked = Asked::new(&api, &view, &key, false);
    let request = asked.read(body)?;
    let check_in_id = request.check_in_id;
    let given = api.door.check_in(view.event_id(), request).await;
    let given = given.map_err(problem_of)?;
    asked.note(check_in_id, &given).await;
    Ok(Json(told(view.hall().as_deref(), given)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{KEY, OTHER_KEY, TestDoor, seat_ids};

    #[tokio::test]
    async fn a_reservation_comes_in_seat_by_seat_and_then_not_again() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1", "A-1-2", "A-1-3"]).await;
        let one = json!({ "code": bought.code, "seats": ["A-1-2"], "gate": "North" });
        let first = door.check_in(KEY, one.clone()).await;
        assert_eq!(
            (first.status, &first.body["outcome"]),
            (200, &json!("admitted"))
        );
        assert_eq!(seat_ids(&first.body["admitted"]), ["A-1-2"]);
        assert_eq!(seat_ids(&first.body["remaining"]), ["A-1-1", "A-1-3"]);
        let seat = json!({ "seat_id": "A-1-2", "section": "A", "row": "1", "number": "2", "category": "Stalls" });
        let entry = json!({ "check_in_id": first.body["check_in_id"], "at": "2027-01-15T08:00:00.000Z",
            "gate": "North", "seats": [seat], "conflict": false, "voided_at": null });
        assert_eq!(first.body["history"], json!([entry]));

        let again = door.check_in(KEY, one).await;
        assert_eq!(
            (again.status, &again.body["outcome"]),
            (200, &json!("already_admitted"))
        );
        assert_eq!(
            (&again.body["check_in_id"], &again.body["admitted"]),
            (&Value::Null, &json!([]))
        );

        let rest = door
            .check_in(KEY, json!({ "entry_token": bought.entry_token }))
            .await;
        assert_eq!(seat_ids(&rest.body["admitted"]), ["A-1-1", "A-1-3"]);
        assert_eq!(rest.body["remaining"], json!([]));
        assert_eq!(rest.body["history"].as_array().unwrap().len(), 2);

        let last = door.check_in(KEY, json!({ "code": bought.code })).await;
        assert_eq!(last.body["outcome"], "already_admitted");
        assert_eq!(last.body["history"], rest.body["history"]);
        let found = door.look_up(KEY, &bought.code).await;
        assert_eq!(found.body["state"], "checked_in");
        assert_eq!(found.body["history"], rest.body["history"]);
    }

    #[tokio::test]
    async fn seats_of_others_come_in_with_nobody_and_nothing_is_let_in_then() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1"]).await;
        let seats = json!(["A-1-1", "A-1-2", "Z-9"]);
        let refused = door
            .check_in(KEY, json!({ "code": bought.code, "seats": seats }))
            .await;
        assert_eq!(refused.told(), (422, "seat_not_in_reservation"));
        assert_eq!(refused.body["seats"], json!(["A-1-2", "Z-9"]));
        let next = door.check_in(KEY, json!({ "code": bought.code })).await;
        assert_eq!(next.body["outcome"], "admitted");
    }

    #[tokio::test]
    async fn the_same_nonce_gives_the_same_answer_and_one_entry() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1", "A-1-2"]).await;
        let one = json!({ "code": bought.code, "seats": ["A-1-1"], "nonce": "n1" });
        let first = door.check_in(KEY, one.clone()).await;
        door.check_in(KEY, json!({ "code": bought.code, "nonce": "n2" }))
            .await;
        let refused = json!({ "code": bought.code, "nonce": "n3" });
        let turned_away = door.check_in(KEY, refused.clone()).await;
        assert_eq!(turned_away.body["outcome"], "already_admitted");
        door.clock.advance(1000);
        assert_eq!(door.check_in(OTHER_KEY, one).await, first);
        assert_eq!(door.check_in(KEY, refused).await, turned_away);
        let found = door.look_up(KEY, &bought.code).await;
        assert_eq!(found.body["history"].as_array().unwrap().len(), 2);
        assert_eq!(door.audited("check_in.admit").await.len(), 2);
    }

    #[tokio::test]
    async fn a_cancelled_reservation_stays_out() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1"]).await;
        door.cancel(&bought).await;
        for ticket in [
            json!({ "code": bought.code }),
            json!({ "entry_token": bought.entry_token }),
        ] {
            let answer = door.check_in(KEY, ticket).await;
            assert_eq!(
                (answer.status, &answer.body["outcome"]),
                (200, &json!("cancelled"))
            );
            assert_eq!(
                (&answer.body["check_in_id"], &answer.body["admitted"]),
                (&Value::Null, &json!([]))
            );
        }
    }

    #[tokio::test]
    async fn tickets_that_are_forged_of_another_event_or_over_are_not_found() {
        let door = TestDoor::open().await;
        door.event("other", 2).await;
        let bought = door.buy("gala", &["A-1-1"]).await;
        let elsewhere = door.buy("other", &["A-1-1"]).await;
        let mut forged = bought.entry_token.clone();
        let last = if forged.pop() == Some('0') { '1' } else { '0' };
        forged.push(last);
        let relabelled = door.sign("other", bought.reservation_id.0);
        let unknown = door.sign("gala", uuid::Uuid::from_u128(7));
        for token in [
            &forged,
            &elsewhere.entry_token,
            &relabelled,
            &unknown,
            "",
            "0427",
        ] {
            let answer = door.check_in(KEY, json!({ "entry_token": token })).await;
            assert_eq!(answer.told(), (404, "ticket_not_found"), "{token}");
        }
        let scanned = json!({ "entry_token": format!("{}\n", bought.entry_token) });
        assert_eq!(door.check_in(KEY, scanned).await.status, 200);
        door.clock.advance(crate::testing::TOKEN_LASTS_MS);
        let over = door
            .check_in(KEY, json!({ "entry_token": bought.entry_token }))
            .await;
        assert_eq!(over.told(), (404, "ticket_not_found"));
    }

    #[tokio::test]
    async fn wrong_codes_count_here_and_at_look_ups_together() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1"]).await;
        for (at, wrong) in bought.wrong_codes(20).into_iter().enumerate() {
            let answer = if at % 2 == 0 {
                door.look_up(KEY, &wrong).await
            } else {
                door.check_in(KEY, json!({ "code": wrong })).await
            };
            assert_eq!(answer.told(), (404, "code_not_found"));
        }
        let refused = door.look_up(KEY, &bought.code).await;
        assert_eq!(refused.told(), (429, "too_many_attempts"));
        let refused = door.check_in(KEY, json!({ "code": bought.code })).await;
        assert_eq!(refused.told(), (429, "too_many_attempts"));
        assert!(refused.headers.contains_key("retry-after"));
        let forged = door.check_in(KEY, json!({ "entry_token": "forged" })).await;
        assert_eq!(forged.told(), (404, "ticket_not_found"));
        let misspelt = door.check_in(KEY, json!({ "code": "1" })).await;
        assert_eq!(misspelt.told(), (422, "invalid_code"));
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_request_is_told_at_once_and_by_field() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1"]).await;
        let code = &bought.code;
        let many = vec!["A-1-1"; 51];
        let wrong = [
            (json!({}), "/code"),
            (json!({ "code": null }), "/code"),
            (
                json!({ "code": code, "entry_token": bought.entry_token }),
                "/entry_token",
            ),
            (json!({ "code": 427 }), "/code"),
            (json!({ "code": code, "seats": [] }), "/seats"),
            (json!({ "code": code, "seats": many }), "/seats"),
            (json!({ "code": code, "seats": ["A-1-1", ""] }), "/seats/1"),
            (json!({ "code": code, "seats": "A-1-1" }), "/seats"),
            (json!({ "code": code, "gate": "가".repeat(65) }), "/gate"),
            (json!({ "code": code, "nonce": "" }), "/nonce"),
            (json!({ "code": code, "nonce": "n".repeat(129) }), "/nonce"),
            (
                json!({ "code": code, "occurred_at": "yesterday" }),
                "/occurred_at",
            ),
        ];
        for (body, field) in wrong {
            let answer = door.check_in(KEY, body).await;
            assert_eq!(answer.told(), (422, "invalid_request"), "{field}");
            assert_eq!(answer.body["errors"][0]["field"], field);
        }
        let both = json!({ "code": code, "nonce": "", "gate": "n".repeat(65) });
        assert_eq!(
            door.check_in(KEY, both).await.body["errors"]
                .as_array()
                .unwrap()
                .len(),
            2
        );
        let largest = json!({ "code": code, "gate": "가".repeat(64), "nonce": "n".repeat(128), "seats": ["A-1-1"] });
        assert_eq!(
            door.check_in(KEY, largest).await.body["outcome"],
            "admitted"
        );
    }

    #[tokio::test]
    async fn an_entry_has_the_time_of_its_device_but_never_one_to_come() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1", "A-1-2"]).await;
        let past = json!({ "code": bought.code, "seats": ["A-1-1"], "occurred_at": "2027-01-15T16:59:30+09:00" });
        let future = json!({ "code": bought.code, "occurred_at": "2027-01-15T08:00:01Z" });
        door.check_in(KEY, past).await;
        let history = door.check_in(KEY, future).await.body["history"].clone();
        assert_eq!(history[0]["at"], "2027-01-15T07:59:30.000Z");
        assert_eq!(history[1]["at"], "2027-01-15T08:00:00.000Z");
    }

    #[tokio::test]
    async fn an_entry_is_on_record_with_the_key_that_made_it_and_without_names() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1"]).await;
        let entry = door
            .check_in(KEY, json!({ "code": bought.code, "gate": "North" }))
            .await;
        let audited = door.audited("check_in.admit").await;
        let check_in_id = entry.body["check_in_id"].as_str().unwrap();
        let detail = format!(
            "check-in {check_in_id} of reservation {}",
            bought.reservation_id
        );
        assert_eq!(audited.len(), 1);
        assert_eq!(audited[0].detail.as_deref(), Some(detail.as_str()));
        assert_eq!(
            audited[0].who,
            format!("staff key {} (North gate)", door.key_id)
        );
        assert_eq!(audited[0].event_id.as_ref().unwrap().as_str(), "gala");
    }
}
