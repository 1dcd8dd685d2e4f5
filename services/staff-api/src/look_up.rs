//! `POST /staff/events/{event_id}/lookup`

use axum::Json;
use axum::extract::State;
use jari_contract::{problem_of, refused};
use jari_domain::Refusal;
use jari_domain::code;
use jari_domain::hall::Hall;
use jari_domain::sale::LookedUp;
use jari_store::views::EventView;
use serde::{Deserialize, Serialize};
use service_kit::Problem;
use service_kit::time::Utc;

use crate::Api;
use crate::auth::AtDoor;
use crate::seats::{Entry, Seat, seat};

/// The code that a visitor says.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct LookUpRequest {
    /// With its leading zeros.
    #[schema(example = "0427")]
    code: String,
}

/// A reservation as the door sees it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct FoundReservation {
    #[schema(format = "uuid")]
    reservation_id: String,
    /// With its leading zeros.
    code: String,
    /// `confirmed`, `cancelled` or `checked_in`.
    state: &'static str,
    /// All but the first and the last character masked, of two the second.
    #[schema(example = "J*****h")]
    buyer_name: String,
    seats: Vec<FoundSeat>,
    confirmed_at: Utc,
    /// Its entries at the door, oldest first.
    history: Vec<Entry>,
}

/// A seat of a reservation, and whether somebody sits there.
#[derive(Serialize, utoipa::ToSchema)]
pub struct FoundSeat {
    #[serde(flatten)]
    seat: Seat,
    /// Whether it has been let in.
    checked_in: bool,
}

/// The reservation that has a code. Wrong codes are counted against the key: after 20 in a minute nothing is
/// looked up for a while.
#[utoipa::path(
    post, path = "/staff/events/{event_id}/lookup", tag = "door",
    operation_id = "look_up", security(("staff_key" = [])),
    params(("event_id" = String, Path)), request_body = LookUpRequest,
    responses(
        (status = 200, body = FoundReservation), (status = 401), (status = 403),
        (status = 404), (status = 422), (status = 429)
    )
)]
pub async fn look_up(
    State(api): Api,
    AtDoor { key, view }: AtDoor,
    service_kit::Json(request): service_kit::Json<LookUpRequest>,
) -> Result<Json<FoundReservation>, Problem> {
    check_code(&view, &request.code).map_err(refused)?;
    let found = api.door.look_up(view.event_id(), key.id, &request.code);
    let found = found.await.map_err(problem_of)?;
    let hall = view.hall();
    Ok(Json(told(hall.as_deref(), code_digits(&view), found)))
}

/// A code of another form is no try: it is told before tries are counted or refused.
pub fn check_code(view: &EventView, text: &str) -> Result<(), Refusal> {
    let digits = code_digits(view);
    match code::parse(text, digits) {
        Some(_) => Ok(()),
        None => Err(Refusal::InvalidCode { digits }),
    }
}

/// The digits of an event's codes: as the domain has it, 4 while that is still open.
pub fn code_digits(view: &EventView) -> u8 {
    view.head().settings.digits_of_codes()
}

fn told(hall: Option<&Hall>, digits: u8, found: LookedUp) -> FoundReservation {
    let LookedUp {
        reservation,
        history,
    } = found;
    let priced = hall.map(|hall| {
        reservation
            .seats
            .iter()
            .map(move |priced| (hall, priced.seat))
    });
    let seats = priced.into_iter().flatten().map(|(hall, index)| FoundSeat {
        seat: seat(hall, index),
        checked_in: reservation.checked_in.contains(&index),
    });
    FoundReservation {
        reservation_id: reservation.reservation_id.to_string(),
        code: code::as_text(reservation.code, digits),
        state: reservation.state().as_str(),
        buyer_name: masked(&reservation.buyer.name),
        seats: seats.collect(),
        confirmed_at: Utc(reservation.confirmed_at.0),
        history: history
            .into_iter()
            .map(|entry| Entry::of(hall, entry))
            .collect(),
    }
}

/// Enough of a name to compare it with what a visitor says, and no more.
fn masked(name: &str) -> String {
    let last = name.chars().count().saturating_sub(1);
    let shown = |at: usize| at == 0 || at == last && last > 1;
    name.chars()
        .enumerate()
        .map(|(at, letter)| if shown(at) { letter } else { '*' })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::masked;
    use crate::testing::{KEY, OTHER_KEY, TestDoor};

    #[test]
    fn names_show_their_first_and_last_character() {
        let names = ["", "김", "김민", "홍길동", "Ada Lovelace"];
        assert_eq!(
            names.map(masked),
            ["", "김", "김*", "홍*동", "A**********e"]
        );
    }

    #[tokio::test]
    async fn a_code_finds_its_reservation() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1", "A-1-2"]).await;
        let answer = door.look_up(KEY, &bought.code).await;
        let seat = |number: &str| {
            json!({ "seat_id": format!("A-1-{number}"), "section": "A", "row": "1", "number": number,
                "category": "Stalls", "checked_in": false })
        };
        let expected = json!({
            "reservation_id": bought.reservation_id.to_string(), "code": bought.code, "state": "confirmed",
            "buyer_name": "A**********e", "seats": [seat("1"), seat("2")],
            "confirmed_at": "2027-01-15T08:00:00.000Z", "history": []
        });
        assert_eq!((answer.status, answer.body), (200, expected));
    }

    #[tokio::test]
    async fn a_cancelled_reservation_says_so_until_its_code_is_given_again() {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1"]).await;
        door.cancel(&bought).await;
        assert_eq!(
            door.look_up(KEY, &bought.code).await.body["state"],
            "cancelled"
        );
    }

    #[tokio::test]
    async fn a_code_of_another_form_is_told_with_the_digits_it_should_have() {
        let door = TestDoor::open().await;
        for code in [
            "",
            "427",
            "00427",
            "04a7",
            " 427",
            "०४२७",
            &"9".repeat(10_000),
        ] {
            let answer = door.look_up(KEY, code).await;
            assert_eq!(answer.told(), (422, "invalid_code"), "{code}");
            assert_eq!(answer.body["code_digits"], 4);
        }
        let path = "/staff/events/gala/lookup";
        for body in [
            json!({}),
            json!({ "code": 427 }),
            json!({ "code": null }),
            json!([]),
        ] {
            let answer = door.post(KEY, path, body).await;
            assert_eq!(answer.told(), (422, "invalid_request"));
        }
    }

    #[tokio::test]
    async fn after_twenty_wrong_codes_in_a_minute_right_ones_are_refused_too_but_of_that_key_alone()
    {
        let door = TestDoor::open().await;
        let bought = door.buy("gala", &["A-1-1", "A-1-2"]).await;
        for wrong in bought.wrong_codes(20) {
            assert_eq!(door.look_up(KEY, "12").await.told(), (422, "invalid_code"));
            assert_eq!(
                door.look_up(KEY, &wrong).await.told(),
                (404, "code_not_found")
            );
            door.clock.advance(1000);
        }
        let refused = door.look_up(KEY, &bought.code).await;
        assert_eq!(refused.told(), (429, "too_many_attempts"));
        assert_eq!(refused.headers["retry-after"], "41");
        let by_code = door.check_in(KEY, json!({ "code": bought.code })).await;
        assert_eq!(by_code.told(), (429, "too_many_attempts"));
        assert_eq!(door.look_up(KEY, "12").await.told(), (422, "invalid_code"));
        let by_token = json!({ "entry_token": bought.entry_token, "seats": ["A-1-1"] });
        assert_eq!(door.check_in(KEY, by_token).await.status, 200);
        assert_eq!(door.look_up(OTHER_KEY, &bought.code).await.status, 200);
        door.clock.advance(41_000);
        assert_eq!(door.look_up(KEY, &bought.code).await.status, 200);
        let audited = door.audited("code.wrong").await;
        assert_eq!(audited.len(), 20);
        assert!(
            audited
                .iter()
                .all(|entry| entry.who.ends_with("(North gate)"))
        );
    }
}
