//! Several instances are one store.

use std::sync::Arc;

use jari_domain::Refusal;
use jari_domain::id::HoldId;
use jari_domain::sale::{Confirmed, Enter};
use jari_store::conformance::world::{done, refusal};
use jari_store::{Door, Holds, Line, Reservations};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::world::{Two, link_to};
use crate::scripts::{renew_turn, take_turn};

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
    assert!(
        matches!(
            told,
            Refusal::IdempotencyMismatch | Refusal::SeatsUnavailable { .. }
        ),
        "{told:?}"
    );
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
        let turn = take_turn(&mut link, "me", token, 60_000).await;
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
