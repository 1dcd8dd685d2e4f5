//! What breaks, and what the buyer sees of it.

use std::sync::Arc;

use jari_domain::sale::{Confirmed, Enter};
use jari_store::conformance::world::done;
use jari_store::{Holds, Line, Reservations, StoreError, Upkeep};

use super::world::{Two, unavailable};
use crate::ClusterStore;
use crate::journal::AppendError;
use crate::store::Message;
use crate::writer::Gap;

/// Somebody has a pass and holds two seats.
async fn held() -> (Two, u64) {
    let two = Two::on_sale().await;
    let number = two.admitted().await;
    let wish = Two::wish(number, 1, &["A-1", "A-2"]);
    done(two.first.place_hold(&two.event, wish).await);
    (two, number)
}

/// After whatever happened: the hold is bought once, the line goes on where it was, and both instances say so.
async fn goes_on(two: &Two, number: u64) {
    let sold = done(two.second.confirm(&two.event, Two::purchase(1, 9)).await);
    let (Confirmed::Now(reservation)
    | Confirmed::Before(reservation)
    | Confirmed::ByAnother(reservation)) = sold;
    assert_eq!((reservation.number, reservation.seats.len()), (number, 2));
    assert_eq!(
        (
            two.count("reservations"),
            two.count("sold_seats"),
            two.count("codes")
        ),
        ("1".to_owned(), "2".to_owned(), "1".to_owned())
    );
    let next = done(two.second.enter(&two.event, Enter::default()).await);
    assert_eq!(next.number, number + 1, "no number is given twice");
    assert!(
        done(two.second.enter(&two.event, returning(number)).await).is_new,
        "what ended is not revived"
    );
}

fn returning(number: u64) -> Enter {
    Enter {
        visitor: None,
        ticket: Some(number),
    }
}

async fn killed_at(gap: Gap) {
    let (two, number) = held().await;
    done(two.first.send(Message::DieAt(gap)));
    unavailable(two.first.confirm(&two.event, Two::purchase(1, 1)).await);
    // What it left behind runs out.
    two.redis.command(&[
        "EVAL",
        "if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'until', 0) end",
        "1",
        crate::keys::TURN,
    ]);
    let expected = if matches!(gap, Gap::Committed | Gap::Given) {
        "1"
    } else {
        "0"
    };
    assert_eq!(two.count("reservations"), expected);
    goes_on(&two, number).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_that_ends_before_it_decides_has_sold_nothing() {
    killed_at(Gap::Taken).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_that_ends_before_its_commit_has_sold_nothing() {
    killed_at(Gap::Decided).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_instance_committed_before_it_ended_is_sold_once() {
    killed_at(Gap::Committed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_instance_told_before_it_ended_is_sold_once() {
    killed_at(Gap::Given).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_was_wiped_costs_nothing() {
    let (two, number) = held().await;
    assert_eq!(two.redis.command(&["FLUSHALL"]), "OK");
    goes_on(&two, number).await;
    done(two.first.tick().await);
    two.agree().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_that_find_an_empty_redis_at_once_go_on_together() {
    let (two, number) = held().await;
    assert_eq!(two.redis.command(&["FLUSHALL"]), "OK");
    let (first, second) = tokio::join!(two.first.tick(), two.second.tick());
    done(first);
    done(second);
    goes_on(&two, number).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_redis_is_gone_nothing_is_sold_and_a_new_empty_one_is_as_good() {
    let (mut two, number) = held().await;
    two.redis.kill();
    unavailable(two.second.confirm(&two.event, Two::purchase(1, 1)).await);
    assert_eq!(two.count("reservations"), "0");
    two.redis.restart();
    goes_on(&two, number).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_redis_is_silent_callers_are_told_so() {
    let (two, number) = held().await;
    two.to_redis.silence();
    unavailable(two.second.confirm(&two.event, Two::purchase(1, 1)).await);
    two.to_redis.through();
    goes_on(&two, number).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_postgres_is_gone_nothing_is_sold_and_afterwards_all_goes_on() {
    let (mut two, number) = held().await;
    two.postgres.kill();
    unavailable(two.second.confirm(&two.event, Two::purchase(1, 1)).await);
    two.postgres.restart();
    goes_on(&two, number).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_found_by_asking_again() {
    let (two, number) = held().await;
    two.to_postgres.silence();
    unavailable(two.second.confirm(&two.event, Two::purchase(1, 1)).await);
    two.to_postgres.through();
    goes_on(&two, number).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_cut_are_made_again() {
    let (two, number) = held().await;
    two.to_redis.cut();
    two.to_postgres.cut();
    unavailable(two.second.confirm(&two.event, Two::purchase(1, 1)).await);
    two.to_redis.through();
    two.to_postgres.through();
    goes_on(&two, number).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_that_believe_it_is_their_turn_one_is_overtaken() {
    let (two, number) = held().await;
    let (lock, connection) = tokio_postgres::connect(&two.postgres.url(), tokio_postgres::NoTls)
        .await
        .unwrap();
    let connected = tokio::spawn(connection);
    let locking = "begin; lock table journal in exclusive mode";
    lock.batch_execute(locking).await.unwrap();
    let all_have_decided = async |writers: i64| {
        let waiting = "select count(*) from pg_locks where not granted";
        while lock.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) < writers {}
    };
    let confirm = |store: &Arc<ClusterStore>, id| {
        let (store, event) = (Arc::clone(store), two.event.clone());
        tokio::spawn(async move { store.confirm(&event, Two::purchase(1, id)).await })
    };
    let first = confirm(&two.first, 1);
    all_have_decided(1).await;
    // The first one's turn is over before it has committed, as if it were late.
    two.redis.command(&["DEL", crate::keys::TURN]);
    let second = confirm(&two.second, 2);
    all_have_decided(2).await;
    lock.batch_execute("commit").await.unwrap();
    let (first, second) = (first.await.unwrap(), second.await.unwrap());
    let (sold, told) = if first.is_ok() {
        (first, second)
    } else {
        (second, first)
    };
    assert!(matches!(done(sold), Confirmed::Now(_)));
    let overtaken = AppendError::Overtaken.to_string();
    assert!(
        matches!(&told, Err(StoreError::Unavailable(what)) if *what == overtaken),
        "{told:?}"
    );
    goes_on(&two, number).await;
    connected.abort();
}
