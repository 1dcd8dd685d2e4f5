//! The door.

use jari_domain::Refusal;
use jari_domain::code;
use jari_domain::door::DoorOutcome;
use jari_domain::id::{CheckInId, StaffKeyId};
use jari_domain::reservation::{Reservation, ReservationState};
use jari_domain::sale::{CheckInRequest, Ticket};
use uuid::Uuid;

use super::world::{done, refusal, seat_id};
use super::{Harness, World};

const STAFF: StaffKeyId = StaffKeyId(Uuid::from_u128(77));

fn shown<H: Harness>(world: &mut World<H>, reservation: &Reservation) -> CheckInRequest {
    CheckInRequest {
        check_in_id: CheckInId(world.id()),
        ticket: Ticket::Code(code::as_text(reservation.code, 4)),
        seats: None,
        gate: Some("North".to_owned()),
        nonce: None,
        occurred_at: None,
        staff_key: STAFF,
        was_offline: false,
    }
}

/// Some seats first, the rest later, then nobody; a cancelled one not at all.
pub async fn people_come_in_seat_by_seat<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let bought = world.buy(&["A-1", "A-2", "A-3"]).await;
    let some = CheckInRequest {
        seats: Some(vec![seat_id("A-2")]),
        ..shown(&mut world, &bought)
    };
    let answer = done(world.store().check_in(&world.event, some).await).answer;
    assert_eq!(
        (answer.outcome, answer.admitted, answer.remaining),
        (DoorOutcome::Admitted, vec![1], vec![0, 2])
    );
    assert_eq!(
        refusal(
            world
                .store()
                .cancel_by_buyer(bought.reservation_id, 0)
                .await
        ),
        Refusal::AlreadyCheckedIn
    );
    let ticket = Ticket::EntryToken(Some(bought.reservation_id));
    let rest = CheckInRequest {
        ticket,
        ..shown(&mut world, &bought)
    };
    let answer = done(world.store().check_in(&world.event, rest).await);
    assert_eq!(
        (answer.answer.admitted, answer.history.len()),
        (vec![0, 2], 2)
    );
    let again = shown(&mut world, &bought);
    let answer = done(world.store().check_in(&world.event, again).await).answer;
    assert_eq!(
        (answer.outcome, answer.check_in_id),
        (DoorOutcome::AlreadyAdmitted, None)
    );
    let strange = CheckInRequest {
        seats: Some(vec![seat_id("B-1")]),
        ..shown(&mut world, &bought)
    };
    let refused = refusal(world.store().check_in(&world.event, strange).await);
    assert_eq!(
        refused,
        Refusal::SeatNotInReservation {
            seats: vec![seat_id("B-1")]
        }
    );
    let forged = CheckInRequest {
        ticket: Ticket::EntryToken(None),
        ..shown(&mut world, &bought)
    };
    assert_eq!(
        refusal(world.store().check_in(&world.event, forged).await),
        Refusal::EntryTicketNotFound
    );
    done(
        world
            .store()
            .cancel_by_operator(bought.reservation_id, "fraud".to_owned())
            .await,
    );
    let late = shown(&mut world, &bought);
    assert_eq!(
        done(world.store().check_in(&world.event, late).await)
            .answer
            .outcome,
        DoorOutcome::Cancelled
    );
}

/// Whatever the first answer was, also after the store was reopened.
pub async fn the_same_nonce_gives_the_same_answer<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let bought = world.buy(&["A-1"]).await;
    let mut answers = Vec::new();
    for nonce in ["first", "second"] {
        let nonce = Some(nonce.to_owned());
        let request = CheckInRequest {
            nonce,
            ..shown(&mut world, &bought)
        };
        answers.push((
            request.clone(),
            done(world.store().check_in(&world.event, request).await),
        ));
    }
    assert_eq!(answers[1].1.answer.outcome, DoorOutcome::AlreadyAdmitted);
    world.reopen().await;
    for (request, answer) in answers {
        let again = CheckInRequest {
            check_in_id: CheckInId(world.id()),
            ..request
        };
        assert_eq!(
            done(world.store().check_in(&world.event, again).await),
            answer
        );
    }
    let other = world.buy(&["A-2"]).await;
    let mixed_up = CheckInRequest {
        nonce: Some("first".to_owned()),
        ..shown(&mut world, &other)
    };
    let told = world.store().check_in(&world.event, mixed_up).await;
    assert_eq!(refusal(told), Refusal::IdempotencyMismatch);
}

/// Both entries are kept.
pub async fn a_double_entry_of_an_offline_device_is_a_conflict<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let bought = world.buy(&["A-1"]).await;
    let online = shown(&mut world, &bought);
    done(world.store().check_in(&world.event, online).await);
    let earlier = world.harness.now().plus_ms(-60_000);
    let offline = CheckInRequest {
        nonce: Some("n".to_owned()),
        occurred_at: Some(earlier),
        was_offline: true,
        ..shown(&mut world, &bought)
    };
    let unknown = CheckInRequest {
        ticket: Ticket::Code("0000".to_owned()),
        ..offline.clone()
    };
    let unknown = CheckInRequest {
        nonce: Some("m".to_owned()),
        ..unknown
    };
    let answers = done(
        world
            .store()
            .check_in_batch(&world.event, vec![offline, unknown])
            .await,
    );
    let Ok(conflict) = &answers[0] else {
        panic!("{answers:?}")
    };
    assert_eq!(
        (conflict.answer.outcome, conflict.history.len()),
        (DoorOutcome::Conflict, 2)
    );
    assert_eq!(
        (conflict.history[1].at, conflict.history[1].conflict),
        (earlier, true)
    );
    assert!(bought.code == 0 || answers[1] == Err(Refusal::CodeNotFound));
    assert_eq!(
        done(world.store().door_stats(&world.event).await).admitted_seats,
        1
    );
}

/// The seats may come in again, and the entry stays in the history.
pub async fn an_entry_can_be_undone<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let bought = world.buy(&["A-1"]).await;
    let request = shown(&mut world, &bought);
    let id = request.check_in_id;
    done(world.store().check_in(&world.event, request).await);
    let events = [world.event.clone()];
    assert_eq!(
        refusal(world.store().void(&[], id, "wrong".to_owned()).await),
        Refusal::WrongEvent
    );
    for _ in 0..2 {
        done(
            world
                .store()
                .void(&events, id, "wrong person".to_owned())
                .await,
        );
    }
    let seen = done(
        world
            .store()
            .look_up(&world.event, STAFF, &code::as_text(bought.code, 4))
            .await,
    );
    assert_eq!(seen.reservation.state(), ReservationState::Confirmed);
    assert!(seen.history[0].voided_at.is_some());
    let entries = done(world.store().entries(&world.event, 0, 9).await);
    assert_eq!(entries.len(), 2, "made, and undone");
    let again = shown(&mut world, &bought);
    assert_eq!(
        done(world.store().check_in(&world.event, again).await)
            .answer
            .outcome,
        DoorOutcome::Admitted
    );
    let unknown = CheckInId(world.id());
    assert_eq!(
        refusal(world.store().void(&events, unknown, "x".to_owned()).await),
        Refusal::CheckInNotFound
    );
}

/// After twenty wrong codes in a minute right ones are refused too, for this key and over a restart; entry tokens are not.
pub async fn wrong_codes_are_limited<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let bought = world.buy(&["A-1"]).await;
    let right = code::as_text(bought.code, 4);
    let wrong = code::as_text((bought.code + 1) % 10_000, 4);
    let invalid = Refusal::InvalidCode { digits: 4 };
    assert_eq!(
        refusal(world.store().look_up(&world.event, STAFF, "12").await),
        invalid
    );
    for _ in 0..20 {
        let refused = world.store().look_up(&world.event, STAFF, &wrong).await;
        assert_eq!(refusal(refused), Refusal::CodeNotFound);
    }
    let refused = refusal(world.store().look_up(&world.event, STAFF, &right).await);
    assert!(matches!(refused, Refusal::TooManyAttempts { .. }));
    world.reopen().await;
    let refused = refusal(world.store().look_up(&world.event, STAFF, &right).await);
    assert!(matches!(refused, Refusal::TooManyAttempts { .. }));
    let ticket = Ticket::EntryToken(Some(bought.reservation_id));
    let token = CheckInRequest {
        ticket,
        ..shown(&mut world, &bought)
    };
    done(world.store().check_in(&world.event, token).await);
    let other = StaffKeyId(Uuid::from_u128(78));
    done(world.store().look_up(&world.event, other, &right).await);
    world.pass(60_000).await;
    done(world.store().look_up(&world.event, STAFF, &right).await);
}
