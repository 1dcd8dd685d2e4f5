//! Several instances are one store.

use std::sync::Arc;

use jari_domain::Refusal;
use jari_domain::id::{HoldId, PlaceNumber};
use jari_domain::sale::{Confirmed, Enter};
use jari_store::conformance::world::{done, refusal};
use jari_store::{Door, Holds, Line, Reservations, Upkeep};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::world::{Two, link_to, unavailable};
use crate::keys::{BEFORE_ALL, LOG, TURN};
use crate::scripts::{renew_turn, take_turn};
use crate::store::Message;
use crate::writer::Gap;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_did_the_other_knows_and_shows() {
    let two = Two::on_sale().await;
    let number = two.admitted().await;
    done(
        two.first
            .place_hold(&two.event, Two::wish(number, 1, &["A-1", "A-2"]))
            .await,
    );
    two.agree().await;
    let taken = two
        .second
        .place_hold(&two.event, Two::wish(number, 2, &["A-2"]));
    let told = refusal(taken.await);
    assert!(matches!(told, Refusal::SeatsUnavailable { .. }), "{told:?}");
    let sold = two.second.confirm(&two.event, Two::purchase(1, 1)).await;
    assert!(matches!(done(sold), Confirmed::Now(_)));
    let again = two.first.confirm(&two.event, Two::purchase(1, 2)).await;
    assert!(matches!(done(again), Confirmed::Before(_)));
    let next = done(two.second.enter(&two.event, Enter::default()).await);
    assert_eq!(next.number, number + 1);
    two.agree().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_both_one_buys_the_seat_once() {
    let two = Two::on_sale().await;
    let number = two.admitted().await;
    done(
        two.first
            .place_hold(&two.event, Two::wish(number, 1, &["A-1"]))
            .await,
    );
    let mut running = JoinSet::new();
    for id in 1..=100 {
        let store = if id % 2 == 0 { &two.first } else { &two.second };
        let (store, event) = (Arc::clone(store), two.event.clone());
        running.spawn(async move { store.confirm(&event, Two::purchase(1, id)).await });
    }
    let answers = running.join_all().await;
    let made = answers
        .into_iter()
        .filter(|answer| matches!(done(answer.clone()), Confirmed::Now(_)));
    assert_eq!(made.count(), 1);
    assert_eq!(
        (two.count("reservations"), two.count("sold_seats")),
        ("1".to_owned(), "1".to_owned())
    );
    let hold = two
        .second
        .look_at_hold(&two.event, HoldId(Uuid::from_u128(1)));
    assert!(matches!(
        done(hold.await).state,
        jari_domain::hold::HoldState::Confirmed(_)
    ));
}

#[tokio::test]
async fn a_turn_is_renewed_by_whoever_has_it_and_not_taken_by_another() {
    let redis = test_servers::Redis::start();
    let mut link = link_to(&redis.url()).await;
    let until = || {
        let told = redis.command(&["HGET", crate::keys::TURN, "until"]);
        told.parse::<u64>().unwrap()
    };
    let mut take = async |token: &str| {
        let turn = take_turn(&mut link, "me", token, 60_000, BEFORE_ALL).await;
        turn.unwrap().taken
    };
    assert!(take("first").await);
    assert!(!take("second").await);
    assert!(take("first").await, "whoever was not told asks again");
    let before = until();
    let renewed = renew_turn(&mut link, "first", 600_000).await;
    assert!(renewed.unwrap() && until() > before);
    let by_another = renew_turn(&mut link, "second", 600_000).await;
    assert!(!by_another.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asked_at_one_is_not_passed_over_by_the_other() {
    let two = Two::on_sale().await;
    let inside = [two.admitted().await, two.admitted().await];
    let enter = || two.first.enter(&two.event, Enter::default());
    let (late, next) = (done(enter().await).number, done(enter().await).number);
    two.clock.advance(60_000);
    done(two.second.send(Message::BeDeaf));
    let until = two.clock.now().plus_ms(60_000);
    for number in [next, late] {
        let present = vec![(number, until)];
        done(two.first.seen(&two.event, present).await);
    }
    done(two.second.leave(&two.event, inside[0]).await);
    done(two.second.collect(&two.event, late).await);
    let told = two.second.collect(&two.event, next).await;
    assert_eq!(refusal(told), Refusal::PassExpired, "it is not their turn");
}

/// Whatever the log has lost, or keeps no more.
async fn nobody_is_absent_after(two: &Two, inside: PlaceNumber, [late, next]: [PlaceNumber; 2]) {
    let until = two.clock.now().plus_ms(60_000);
    done(two.second.seen(&two.event, vec![(next, until)]).await);
    done(two.second.leave(&two.event, inside).await);
    done(two.second.collect(&two.event, late).await);
    assert_eq!(
        refusal(two.second.collect(&two.event, next).await),
        Refusal::PassExpired
    );
}

async fn two_wait() -> (Two, PlaceNumber, [PlaceNumber; 2]) {
    let two = Two::on_sale().await;
    let inside = [two.admitted().await, two.admitted().await];
    let enter = || two.first.enter(&two.event, Enter::default());
    let waiting = [done(enter().await).number, done(enter().await).number];
    done(two.second.send(Message::BeDeaf));
    done(two.second.tick().await);
    two.clock.advance(60_000);
    (two, inside[0], waiting)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_log_was_cut_nobody_counts_as_absent() {
    let (two, inside, waiting) = two_wait().await;
    let until = two.clock.now().plus_ms(60_000);
    let present = vec![(waiting[0], until)];
    done(two.first.seen(&two.event, present).await);
    done(two.first.tick().await);
    let lost = two.redis.command(&["XTRIM", LOG, "MAXLEN", "0"]);
    assert_ne!(lost, "0");
    nobody_is_absent_after(&two, inside, waiting).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_turn_that_was_not_given_back_nobody_counts_as_absent_anywhere() {
    let (two, inside, waiting) = two_wait().await;
    done(two.first.send(Message::DieAt(Gap::Committed)));
    let until = two.clock.now().plus_ms(60_000);
    let present = vec![(waiting[0], until)];
    unavailable(two.first.seen(&two.event, present).await);
    two.redis.command(&["HSET", TURN, "until", "0"]);
    // A third one finds the turn, the second one is told.
    let third = two.another().await;
    done(third.tick().await);
    nobody_is_absent_after(&two, inside, waiting).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_codes_are_counted_over_all_instances() {
    let two = Two::on_sale().await;
    let key = jari_domain::id::StaffKeyId(Uuid::from_u128(1));
    for nth in 0..20 {
        let store = if nth % 2 == 0 {
            &two.first
        } else {
            &two.second
        };
        let told = refusal(store.look_up(&two.event, key, "0000").await);
        assert_eq!(told, Refusal::CodeNotFound);
    }
    for store in [&two.first, &two.second] {
        let told = refusal(store.look_up(&two.event, key, "0000").await);
        assert!(matches!(told, Refusal::TooManyAttempts { .. }), "{told:?}");
    }
}
