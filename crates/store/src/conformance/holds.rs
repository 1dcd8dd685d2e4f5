//! Holding seats.

use jari_domain::Refusal;
use jari_domain::event::EventSettings;
use jari_domain::hold::HoldState;
use jari_domain::id::HoldId;
use jari_domain::seats::SeatState;

use super::world::{done, key, refusal, seat_id, settings};
use super::{Harness, World};

/// One taken seat refuses the whole wish, names what is taken, and offers other seats.
pub async fn a_hold_is_all_or_nothing<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let (one, other) = (world.admitted().await, world.admitted().await);
    let hold = done(world.hold(one, &["A-1", "A-2"]).await).hold;
    assert_eq!(
        (hold.total(), hold.expires_at),
        (2000, world.harness.now().plus_ms(60_000))
    );
    assert_eq!(world.seat("A-2"), SeatState::Held);
    let Refusal::SeatsUnavailable {
        seats,
        alternatives,
    } = refusal(world.hold(other, &["A-2", "A-3"]).await)
    else {
        panic!("A-2 is taken")
    };
    assert_eq!(seats, [seat_id("A-2")]);
    assert!(
        alternatives.len() == 3 && alternatives.iter().all(|seats| seats.len() == 2),
        "{alternatives:?}"
    );
    assert_eq!(world.seat("A-3"), SeatState::Free);
}

/// The pass, then the key, the sale, unknown seats, the limit, taken seats.
pub async fn refusals_come_in_their_order<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let (one, other) = (world.admitted().await, world.admitted().await);
    let four = ["A-1", "A-2", "A-3", "nowhere"];
    assert_eq!(refusal(world.hold(99, &four).await), Refusal::PassExpired);
    let unknown = Refusal::SeatNotFound {
        seats: vec![seat_id("nowhere")],
    };
    assert_eq!(refusal(world.hold(one, &four).await), unknown);
    done(world.hold(other, &["A-1"]).await);
    let limit = Refusal::LimitExceeded {
        limit: 3,
        remaining: 3,
    };
    assert_eq!(
        refusal(world.hold(one, &["A-1", "A-2", "A-3", "A-4"]).await),
        limit
    );
    done(world.store().pause(&world.event, None).await);
    assert_eq!(refusal(world.hold(one, &four).await), Refusal::SalePaused);
    assert_eq!(refusal(world.hold(99, &four).await), Refusal::PassExpired);
}

/// The same key and body gives the same hold; another body is refused; another place has keys of its own.
pub async fn a_repeated_key_gives_the_first_hold_again<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let (one, other) = (world.admitted().await, world.admitted().await);
    let wish = world.wish(one, &["A-1"], Some(key("k", "a")));
    let first = done(world.store().place_hold(&world.event, wish).await);
    world.harness.advance(5_000);
    let wish = world.wish(one, &["A-1"], Some(key("k", "a")));
    let again = done(world.store().place_hold(&world.event, wish).await);
    assert!(again.repeated && !first.repeated && again.hold == first.hold);
    let wish = world.wish(one, &["A-2"], Some(key("k", "b")));
    assert_eq!(
        refusal(world.store().place_hold(&world.event, wish).await),
        Refusal::IdempotencyMismatch
    );
    let wish = world.wish(other, &["A-2"], Some(key("k", "b")));
    done(world.store().place_hold(&world.event, wish).await);
}

/// Its seats are free at the instant at which it ends, with nobody asking.
pub async fn a_hold_that_runs_out_frees_its_seats<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let (one, other) = (world.admitted().await, world.admitted().await);
    let hold = done(world.hold(one, &["A-1"]).await).hold;
    world.pass(59_999).await;
    assert_eq!(world.seat("A-1"), SeatState::Held);
    world.pass(1).await;
    assert_eq!(world.seat("A-1"), SeatState::Free);
    let seen = done(world.store().look_at_hold(&world.event, hold.hold_id).await);
    assert_eq!(seen.state, HoldState::Expired);
    done(world.hold(other, &["A-1"]).await);
    world.pass(25 * 3_600_000).await;
    let forgotten = world.store().look_at_hold(&world.event, hold.hold_id).await;
    assert_eq!(
        refusal(forgotten),
        Refusal::HoldInvalid,
        "a day later nobody knows it"
    );
}

/// Giving back twice is giving back once; what was bought can't be given back.
pub async fn a_hold_can_be_given_back_once_and_again<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let one = world.admitted().await;
    let hold = done(world.hold(one, &["A-1"]).await).hold;
    for _ in 0..2 {
        done(world.store().release_hold(&world.event, hold.hold_id).await);
        assert_eq!(world.seat("A-1"), SeatState::Free);
    }
    let bought = done(world.hold(one, &["A-1"]).await).hold;
    done(world.confirm(bought.hold_id, key("k", "b")).await);
    let refused = world
        .store()
        .release_hold(&world.event, bought.hold_id)
        .await;
    assert_eq!(refusal(refused), Refusal::AlreadyConfirmed);
    let unknown = HoldId(world.id());
    assert_eq!(
        refusal(world.store().release_hold(&world.event, unknown).await),
        Refusal::HoldInvalid
    );
}

/// What is released, expired or cancelled counts no more.
pub async fn the_limit_counts_holds_and_purchases_of_a_place<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let one = world.admitted().await;
    let first = done(world.hold(one, &["A-1", "A-2"]).await).hold;
    let second = done(world.hold(one, &["A-3"]).await).hold;
    let full = Refusal::LimitExceeded {
        limit: 3,
        remaining: 0,
    };
    assert_eq!(refusal(world.hold(one, &["A-4"]).await), full);
    done(
        world
            .store()
            .release_hold(&world.event, second.hold_id)
            .await,
    );
    done(world.hold(one, &["A-4"]).await);
    world.pass(60_000).await;
    let third = done(world.hold(one, &["A-1", "A-2", "A-3"]).await).hold;
    assert_eq!(third.number, first.number);
}

/// Neighbours in one row; accessible seats only when asked for.
pub async fn the_best_seats_are_neighbours<H: Harness>() {
    let mut world = World::<H>::opened(EventSettings {
        max_seats_per_buyer: 7,
        ..settings()
    })
    .await;
    let one = world.admitted().await;
    let hold = done(world.best(one, 2).await).hold;
    let seats: Vec<_> = hold.seats.iter().map(|priced| priced.seat).collect();
    assert!(
        seats[1] == seats[0] + 1 && seats[1] < 6,
        "two in row A: {seats:?}"
    );
    assert_eq!(
        refusal(world.best(one, 7).await),
        Refusal::LimitExceeded {
            limit: 7,
            remaining: 5
        }
    );
    let hold = done(world.best(one, 5).await).hold;
    assert!(
        hold.seats
            .iter()
            .all(|priced| (6..11).contains(&priced.seat)),
        "row B without its accessible seat"
    );
}
