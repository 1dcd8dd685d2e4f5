//! Standing in line.

use jari_domain::Refusal;
use jari_domain::event::QueueSettings;
use jari_domain::line::{PlaceState, Word};
use jari_domain::sale::Enter;

use super::world::{digest, done, refusal, settings};
use super::{Harness, World};

fn state<H: Harness>(world: &World<H>, number: u64) -> PlaceState {
    world
        .views
        .event(&world.event)
        .map_or(PlaceState::NotGiven, |view| view.place(number))
}

fn position<H: Harness>(world: &World<H>, number: u64) -> Option<u64> {
    let view = world.views.event(&world.event);
    view.and_then(|view| view.standing(number, world.harness.now()).position)
}

/// Numbers go up; a visitor or a ticket finds its place again.
pub async fn numbers_go_up_and_a_visitor_keeps_one<H: Harness>() {
    let world = World::<H>::on_sale().await;
    let visitor = Enter {
        visitor: Some(digest("somebody")),
        ticket: None,
    };
    let first = done(world.store().enter(&world.event, visitor).await);
    assert_eq!((first.number, first.is_new), (1, true));
    assert_eq!(world.enter().await, 2);
    let again = done(world.store().enter(&world.event, visitor).await);
    assert_eq!((again.number, again.is_new), (1, false));
    let by_ticket = Enter {
        visitor: None,
        ticket: Some(2),
    };
    let again = done(world.store().enter(&world.event, by_ticket).await);
    assert_eq!((again.number, again.is_new), (2, false));
    let unknown = Enter {
        visitor: None,
        ticket: Some(99),
    };
    assert_eq!(
        refusal(world.store().enter(&world.event, unknown).await),
        Refusal::TicketInvalid
    );
}

/// With a shop for two, the first two are let in and the others wait in order.
pub async fn people_are_admitted_in_the_order_of_their_numbers<H: Harness>() {
    let world = World::<H>::on_sale().await;
    for _ in 0..5 {
        world.enter().await;
    }
    assert_eq!(
        [1, 2, 3].map(|number| state(&world, number)),
        [
            PlaceState::Admitted,
            PlaceState::Admitted,
            PlaceState::Waiting
        ]
    );
    assert_eq!(
        [3, 4, 5].map(|number| position(&world, number)),
        [Some(1), Some(2), Some(3)]
    );
    done(world.store().leave(&world.event, 1).await);
    assert_eq!(state(&world, 3), PlaceState::Called);
    assert_eq!(
        [4, 5].map(|number| position(&world, number)),
        [Some(1), Some(2)]
    );
}

/// A second never sees more admissions than its limit, and the shop never more people than its capacity.
pub async fn no_more_are_admitted_than_the_capacity_and_the_pace_allow<H: Harness>() {
    let queue = QueueSettings {
        capacity: 5,
        pass_seconds: 300,
        max_admitted_per_second: 2,
    };
    let world = World::<H>::opened(jari_domain::event::EventSettings {
        queue,
        ..settings()
    })
    .await;
    for _ in 0..9 {
        world.enter().await;
    }
    let active = async |world: &World<H>| done(world.store().stats(&world.event).await).admitted;
    assert_eq!(active(&world).await, 2);
    world.pass(999).await;
    assert_eq!(active(&world).await, 2, "the second is not over");
    world.pass(1).await;
    assert_eq!(active(&world).await, 4);
    world.pass(1000).await;
    assert_eq!(active(&world).await, 5, "the shop is full");
    let lower =
        Box::new(|settings: &mut jari_domain::event::EventSettings| settings.queue.capacity = 3);
    done(world.store().change(&world.event, lower).await);
    assert_eq!(
        active(&world).await,
        5,
        "a lower capacity takes no pass back"
    );
    done(world.store().leave(&world.event, 1).await);
    world.pass(5000).await;
    assert_eq!(
        active(&world).await,
        4,
        "nobody is admitted above the lower capacity"
    );
}

/// Who does not ask any more is passed over, keeps the number, and goes first on return.
pub async fn who_is_absent_when_called_is_parked_and_first_on_return<H: Harness>() {
    let world = World::<H>::on_sale().await;
    let (first, second) = (world.admitted().await, world.admitted().await);
    let (absent, patient) = (world.enter().await, world.enter().await);
    world.pass(200_000).await;
    world.present(&[patient]).await;
    done(world.store().leave(&world.event, first).await);
    assert_eq!(state(&world, absent), PlaceState::Parked);
    assert_eq!(state(&world, patient), PlaceState::Called);
    let later = world.enter().await;
    world.present(&[absent, later]).await;
    assert_eq!(
        (position(&world, absent), position(&world, later)),
        (Some(1), Some(2))
    );
    done(world.store().leave(&world.event, second).await);
    assert_eq!(state(&world, absent), PlaceState::Called);
    assert_eq!(state(&world, later), PlaceState::Waiting);
}

/// A pass's time begins when it is shown; one that nobody collects is taken back.
pub async fn a_pass_counts_from_its_collection_and_runs_out<H: Harness>() {
    let world = World::<H>::on_sale().await;
    let (first, _) = (world.admitted().await, world.admitted().await);
    let third = world.enter().await;
    done(world.store().leave(&world.event, first).await);
    world.pass(1000).await;
    let ends = done(world.store().collect(&world.event, third).await);
    assert_eq!(ends, world.harness.now().plus_ms(300_000));
    world.pass(1000).await;
    assert_eq!(
        done(world.store().collect(&world.event, third).await),
        ends,
        "collected once"
    );
    world.pass(298_999).await;
    assert_eq!(state(&world, third), PlaceState::Admitted);
    world.pass(1).await;
    assert_eq!(state(&world, third), PlaceState::Expired);
    assert_eq!(
        refusal(world.store().collect(&world.event, third).await),
        Refusal::PassExpired
    );
    let (_, _, called) = (
        world.admitted().await,
        world.admitted().await,
        world.enter().await,
    );
    done(world.store().leave(&world.event, called - 1).await);
    assert_eq!(state(&world, called), PlaceState::Called);
    world.pass(200_000).await;
    assert_eq!(state(&world, called), PlaceState::Parked, "never collected");
}

/// The next in line is called by the same step that frees the slot.
pub async fn leaving_frees_the_slot_at_once<H: Harness>() {
    let world = World::<H>::on_sale().await;
    let (first, _, third) = (
        world.admitted().await,
        world.admitted().await,
        world.enter().await,
    );
    done(world.store().leave(&world.event, first).await);
    done(world.store().leave(&world.event, first).await);
    assert_eq!(
        (state(&world, first), state(&world, third)),
        (PlaceState::Left, PlaceState::Called)
    );
}

/// Entering again after the end gives a new place.
pub async fn places_that_have_ended_are_not_revived<H: Harness>() {
    let world = World::<H>::on_sale().await;
    let visitor = Enter {
        visitor: Some(digest("somebody")),
        ticket: None,
    };
    let first = done(world.store().enter(&world.event, visitor).await).number;
    done(world.store().leave(&world.event, first).await);
    world.present(&[first]).await;
    assert_eq!(state(&world, first), PlaceState::Left);
    let again = done(world.store().enter(&world.event, visitor).await);
    assert_eq!((again.number, again.is_new), (2, true));
    let by_ticket = Enter {
        visitor: None,
        ticket: Some(first),
    };
    assert_eq!(
        done(world.store().enter(&world.event, by_ticket).await).number,
        3
    );
}

/// Before the sale opens, places are given in order; at the opening the first are let in.
pub async fn before_the_opening_people_get_numbers_and_nobody_is_admitted<H: Harness>() {
    let opens = super::world::BEGINNING.plus_ms(10_000);
    let event = jari_domain::event::EventSettings {
        sale_opens_at: Some(opens),
        ..settings()
    };
    let world = World::<H>::opened(event).await;
    let numbers = [
        world.enter().await,
        world.enter().await,
        world.enter().await,
    ];
    let word = |number| {
        let view = world.views.event(&world.event);
        view.map(|view| view.standing(number, world.harness.now()).state)
    };
    assert_eq!(numbers.map(word), [Some(Word::NotOpen); 3]);
    world.pass(9_999).await;
    assert_eq!(word(1), Some(Word::NotOpen));
    world.pass(1).await;
    assert_eq!(
        numbers.map(word),
        [
            Some(Word::Admitted),
            Some(Word::Admitted),
            Some(Word::Waiting)
        ]
    );
}
