//! Many at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use jari_domain::Refusal;
use jari_domain::event::{EventSettings, QueueSettings};
use jari_domain::fact::Buyer;
use jari_domain::id::{HoldId, ReservationId};
use jari_domain::sale::{Confirm, Confirmed, PlaceHold, Wanted};
use jari_domain::seats::SeatState;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::world::{SEATS_PER_ROW, done, key, seat_id, settings};
use super::{Harness, World};
use crate::{Result, StoreError};

const TASKS: u128 = 200;

async fn crowded<H: Harness>() -> World<H> {
    let queue = QueueSettings {
        capacity: 1000,
        pass_seconds: 300,
        max_admitted_per_second: 1000,
    };
    World::<H>::opened(EventSettings {
        queue,
        ..settings()
    })
    .await
}

/// Runs all tasks at the same moment and gathers their answers.
async fn at_once<T, F>(tasks: impl Iterator<Item = F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = tasks.collect();
    let barrier = Arc::new(Barrier::new(tasks.len()));
    let mut running = JoinSet::new();
    for task in tasks {
        let barrier = Arc::clone(&barrier);
        running.spawn(async move {
            barrier.wait().await;
            task.await
        });
    }
    running.join_all().await
}

/// One winner; all others are told which seat is taken.
pub async fn one_of_two_hundred_gets_the_seat<H: Harness>() {
    let world = crowded::<H>().await;
    let mut numbers = Vec::new();
    for _ in 0..TASKS {
        numbers.push(world.admitted().await);
    }
    let answers = at_once(numbers.into_iter().zip(1u128..).map(|(number, id)| {
        let (store, event) = (world.store(), world.event.clone());
        let wanted = Wanted::Seats(vec![seat_id("A-3")]);
        let wish = PlaceHold {
            hold_id: HoldId(Uuid::from_u128(id)),
            number,
            wanted,
            key: None,
        };
        async move { store.place_hold(&event, wish).await }
    }))
    .await;
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    let told = answers
        .iter()
        .filter(|answer| is_unavailable(answer))
        .count();
    assert_eq!((won, told), (1, 199));
}

fn is_unavailable<T>(answer: &Result<T>) -> bool {
    matches!(
        answer,
        Err(StoreError::Refused(Refusal::SeatsUnavailable { .. }))
    )
}

/// One makes it, the others get the same one.
pub async fn two_hundred_confirmations_make_one_reservation<H: Harness>() {
    let mut world = crowded::<H>().await;
    let one = world.admitted().await;
    let hold_id = done(world.hold(one, &["A-1", "A-2"]).await).hold.hold_id;
    let answers = at_once((1..=TASKS).map(|id| {
        let (store, event) = (world.store(), world.event.clone());
        let wish = Confirm {
            hold_id,
            reservation_id: ReservationId(Uuid::from_u128(id)),
            random: u64::try_from(id).unwrap_or_default(),
            buyer: Buyer {
                name: "Kim".to_owned(),
                contact: "010".to_owned(),
            },
            key: key(if id % 2 == 0 { "even" } else { "odd" }, "b"),
        };
        async move { store.confirm(&event, wish).await }
    }))
    .await;
    let mut made = 0;
    let mut ids = BTreeSet::new();
    for answer in answers {
        let (Confirmed::Now(reservation)
        | Confirmed::Before(reservation)
        | Confirmed::ByAnother(reservation)) = done(answer.clone());
        made += u32::from(matches!(answer, Ok(Confirmed::Now(_))));
        ids.insert((reservation.reservation_id, reservation.code));
    }
    assert_eq!((made, ids.len()), (1, 1));
}

/// Whoever holds, holds alone; nobody gets half.
pub async fn overlapping_pairs_are_never_sold_twice<H: Harness>() {
    let world = crowded::<H>().await;
    let mut numbers = Vec::new();
    for _ in 0..TASKS {
        numbers.push(world.admitted().await);
    }
    let answers = at_once(numbers.into_iter().zip(1u128..).map(|(number, id)| {
        let (store, event) = (world.store(), world.event.clone());
        let first = u32::try_from(id % 5).unwrap_or_default() + 1;
        let row = if id % 2 == 0 { "A" } else { "B" };
        let seats = [first, first + 1].map(|seat| seat_id(&format!("{row}-{seat}")));
        let wish = PlaceHold {
            hold_id: HoldId(Uuid::from_u128(id)),
            number,
            wanted: Wanted::Seats(seats.into()),
            key: None,
        };
        async move { store.place_hold(&event, wish).await }
    }))
    .await;
    let mut held = BTreeSet::new();
    let (mut won, mut refused) = (0, 0);
    for answer in &answers {
        match answer {
            Ok(placed) => {
                won += 1;
                assert!(
                    placed
                        .hold
                        .seats
                        .iter()
                        .all(|priced| held.insert(priced.seat)),
                    "a seat twice"
                );
            }
            other => {
                assert!(is_unavailable(other));
                refused += 1;
            }
        }
    }
    assert!(
        (4..=6).contains(&won) && refused > 100,
        "{won} won, {refused} refused"
    );
    let seats = (1..=SEATS_PER_ROW).flat_map(|seat| ["A", "B"].map(|row| format!("{row}-{seat}")));
    assert_eq!(
        seats
            .filter(|seat| world.seat(seat) == SeatState::Held)
            .count(),
        held.len()
    );
}
