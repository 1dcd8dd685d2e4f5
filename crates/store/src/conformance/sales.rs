//! Buying, and what was bought.

use std::collections::BTreeSet;

use jari_domain::Refusal;
use jari_domain::event::{EventSettings, QueueSettings, SaleState};
use jari_domain::line::PlaceState;
use jari_domain::reservation::ReservationState;
use jari_domain::sale::Confirmed;
use jari_domain::seats::SeatState;

use super::world::{done, key, refusal, settings};
use super::{Harness, World};

/// The same key gives the first answer, another key the reservation as it is, another body a refusal.
pub async fn a_hold_is_confirmed_exactly_once<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let one = world.admitted().await;
    let hold = done(world.hold(one, &["A-1"]).await).hold.hold_id;
    let Confirmed::Now(first) = done(world.confirm(hold, key("k", "b")).await) else {
        panic!("the first one confirms")
    };
    assert_eq!(
        done(world.confirm(hold, key("k", "b")).await),
        Confirmed::Before(first.clone())
    );
    assert_eq!(
        done(world.confirm(hold, key("other", "b")).await),
        Confirmed::ByAnother(first.clone())
    );
    assert_eq!(
        refusal(world.confirm(hold, key("k", "c")).await),
        Refusal::IdempotencyMismatch
    );
    world.reopen().await;
    assert_eq!(
        done(world.confirm(hold, key("k", "b")).await),
        Confirmed::Before(first)
    );
    assert_eq!(world.seat("A-1"), SeatState::Sold);
}

/// Run out, given back, or never placed.
pub async fn a_hold_that_has_ended_is_not_confirmed<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let one = world.admitted().await;
    let released = done(world.hold(one, &["A-1"]).await).hold.hold_id;
    done(world.store().release_hold(&world.event, released).await);
    assert_eq!(
        refusal(world.confirm(released, key("k", "b")).await),
        Refusal::HoldReleased
    );
    let expired = done(world.hold(one, &["A-1"]).await).hold.hold_id;
    world.harness.advance(60_000);
    assert_eq!(
        refusal(world.confirm(expired, key("k", "b")).await),
        Refusal::HoldExpired
    );
    let unknown = jari_domain::id::HoldId(world.id());
    assert_eq!(
        refusal(world.confirm(unknown, key("k", "b")).await),
        Refusal::HoldInvalid
    );
}

/// The next in line is called; the buyer's other hold may still be confirmed, but nothing new be held.
pub async fn a_purchase_frees_the_slot_at_once_and_other_holds_live_on<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let (one, _, waiting) = (
        world.admitted().await,
        world.admitted().await,
        world.enter().await,
    );
    let first = done(world.hold(one, &["A-1"]).await).hold.hold_id;
    let second = done(world.hold(one, &["A-2"]).await).hold.hold_id;
    done(world.confirm(first, key("k", "b")).await);
    let place = |number| {
        world
            .views
            .event(&world.event)
            .map(|view| view.place(number))
    };
    assert_eq!(
        (place(one), place(waiting)),
        (Some(PlaceState::Done), Some(PlaceState::Called))
    );
    assert_eq!(
        refusal(world.hold(one, &["A-3"]).await),
        Refusal::PassExpired
    );
    assert!(matches!(
        done(world.confirm(second, key("l", "b")).await),
        Confirmed::Now(_)
    ));
}

/// No code twice, within the digits of the event.
pub async fn every_code_is_given_to_one_reservation<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let mut codes = BTreeSet::new();
    for seat in 1..=6 {
        for row in ["A", "B"] {
            let code = world.buy(&[&format!("{row}-{seat}")]).await.code;
            assert!(code < 10_000 && codes.insert(code), "{code} twice");
        }
    }
    assert_eq!(codes.len(), 12);
}

/// By the buyer until somebody has come in, by the operator always; again changes nothing.
pub async fn what_is_cancelled_is_free_again<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let bought = world.buy(&["A-1", "A-2"]).await;
    let id = bought.reservation_id;
    assert_eq!(
        refusal(world.store().cancel_by_buyer(id, 1).await),
        Refusal::ReceiptInvalid
    );
    for _ in 0..2 {
        done(world.store().cancel_by_buyer(id, 0).await);
        assert_eq!(world.seat("A-1"), SeatState::Free);
    }
    let (_, seen) = done(world.store().with_receipt(id, 0).await);
    assert_eq!(
        (seen.state(), seen.code),
        (ReservationState::Cancelled, bought.code)
    );
    let again = world.buy(&["A-1"]).await;
    assert_ne!(
        again.code, bought.code,
        "a freed code waits until no unused one is left"
    );
    let (_, cancelled) = done(
        world
            .store()
            .cancel_by_operator(again.reservation_id, "moved".to_owned())
            .await,
    );
    assert_eq!(cancelled.state(), ReservationState::Cancelled);
    assert_eq!(done(world.store().stats(&world.event).await).revenue, 0);
}

/// Only the newest receipt is valid.
pub async fn a_new_receipt_ends_the_old_one<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let id = world.buy(&["A-1"]).await.reservation_id;
    let (_, reissued) = done(world.store().reissue_receipt(id).await);
    assert_eq!(reissued.receipt_generation, 1);
    assert_eq!(
        refusal(world.store().with_receipt(id, 0).await),
        Refusal::ReceiptInvalid
    );
    done(world.store().with_receipt(id, 1).await);
}

/// Sold out is told as soon as nothing is free or held, and is taken back with the first free seat.
pub async fn the_last_sale_sells_the_event_out_and_a_cancellation_brings_it_back<H: Harness>() {
    let queue = QueueSettings {
        capacity: 9,
        pass_seconds: 300,
        max_admitted_per_second: 50,
    };
    let event = EventSettings {
        max_seats_per_buyer: 12,
        queue,
        ..settings()
    };
    let mut world = World::<H>::opened(event).await;
    let state = |world: &World<H>| {
        world
            .views
            .event(&world.event)
            .map(|view| view.state(world.harness.now()))
    };
    let a = ["A-1", "A-2", "A-3", "A-4", "A-5", "A-6"];
    let b = ["B-1", "B-2", "B-3", "B-4", "B-5", "B-6"];
    world.buy(&a).await;
    assert_eq!(state(&world), Some(SaleState::OnSale));
    let last = world.buy(&b).await;
    assert_eq!(state(&world), Some(SaleState::SoldOut));
    done(world.store().cancel_by_buyer(last.reservation_id, 0).await);
    assert_eq!(state(&world), Some(SaleState::OnSale));
}
