//! What operators do.

use std::sync::Arc;

use jari_domain::Refusal;
use jari_domain::event::{EventSettings, Phase};
use jari_domain::fact::AuditEntry;
use jari_domain::id::{EventId, StaffKeyId};
use jari_domain::sale::Blocks;
use jari_domain::seats::SeatState;
use jari_domain::shop::StaffKey;

use super::world::{digest, done, key, map, refusal, seat_id, settings};
use super::{Harness, World};

/// Draft, open, paused, open, closed; every step may be repeated, and none goes back.
pub async fn an_event_goes_from_draft_to_closed_and_not_back<H: Harness>() {
    let world = World::<H>::draft(settings()).await;
    let (store, event) = (world.store(), &world.event);
    assert_eq!(
        refusal(store.create(settings(), 8).await),
        Refusal::EventExists
    );
    assert_eq!(
        refusal(store.pause(event, None).await),
        Refusal::EventIsDraft
    );
    assert_eq!(refusal(store.open(event).await), Refusal::MapMissing);
    assert!(
        world.views.published(event).is_none(),
        "a draft is not public"
    );
    done(store.set_map(event, Arc::new(map())).await);
    for _ in 0..2 {
        assert_eq!(
            done(store.open(event).await).head.settings.code_digits,
            Some(4)
        );
    }
    assert_eq!(refusal(store.delete(event).await), Refusal::EventNotDraft);
    done(store.pause(event, Some("soon".to_owned())).await);
    done(store.resume(event).await);
    done(store.close(event).await);
    assert_eq!(done(store.close(event).await).head.phase, Phase::Closed);
    for refused in [
        store.open(event).await,
        store.pause(event, None).await,
        store.resume(event).await,
    ] {
        assert_eq!(refusal(refused), Refusal::SaleClosed);
    }
    let other = EventSettings {
        event_id: EventId::parse("other").unwrap_or_else(|_| event.clone()),
        ..settings()
    };
    done(store.create(other.clone(), 9).await);
    done(store.delete(&other.event_id).await);
    assert_eq!(
        refusal(store.open(&other.event_id).await),
        Refusal::EventNotFound
    );
    assert!(world.views.event(&other.event_id).is_none());
}

/// Currency and digits once opened; the map once a seat is held.
pub async fn what_is_fixed_stays<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let change =
        |change: fn(&mut EventSettings)| -> jari_domain::sale::SettingsChange { Box::new(change) };
    let fixed = |field: &str| Refusal::FieldFixed {
        field: field.to_owned(),
    };
    let currency = change(|settings| "USD".clone_into(&mut settings.currency));
    assert_eq!(
        refusal(world.store().change(&world.event, currency).await),
        fixed("currency")
    );
    let digits = change(|settings| settings.code_digits = Some(6));
    assert_eq!(
        refusal(world.store().change(&world.event, digits).await),
        fixed("code_digits")
    );
    done(
        world
            .store()
            .change(&world.event, change(|settings| settings.hold_seconds = 30))
            .await,
    );
    done(world.store().set_map(&world.event, Arc::new(map())).await);
    let before = world.views.event(&world.event).and_then(|view| view.hall());
    let prices = change(|settings| {
        settings.prices.insert("R".to_owned(), 5);
    });
    let after = done(world.store().change(&world.event, prices).await).hall;
    assert_ne!(
        before.map(|hall| hall.version().to_owned()),
        after.map(|hall| hall.version().to_owned())
    );
    let one = world.admitted().await;
    assert_eq!(done(world.hold(one, &["A-1"]).await).hold.total(), 5);
    assert_eq!(
        refusal(world.store().set_map(&world.event, Arc::new(map())).await),
        Refusal::MapInUse
    );
}

/// All or none; what is held or sold can't be blocked.
pub async fn blocked_seats_are_not_sold<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let one = world.admitted().await;
    done(world.hold(one, &["A-1"]).await);
    let block = |seats: &[&str]| Blocks {
        block: seats.iter().map(|s| seat_id(s)).collect(),
        unblock: vec![],
    };
    let refused = refusal(
        world
            .store()
            .set_blocks(&world.event, block(&["A-1", "A-2"]))
            .await,
    );
    assert!(
        matches!(refused, Refusal::SeatsUnavailable { seats, .. } if seats == [seat_id("A-1")])
    );
    let counts = done(
        world
            .store()
            .set_blocks(&world.event, block(&["A-2", "A-3"]))
            .await,
    );
    assert_eq!((counts.blocked, counts.free), (2, 9));
    assert!(matches!(
        refusal(world.hold(one, &["A-2"]).await),
        Refusal::SeatsUnavailable { .. }
    ));
    let unblock = Blocks {
        block: vec![],
        unblock: vec![seat_id("A-2")],
    };
    assert_eq!(
        done(world.store().set_blocks(&world.event, unblock).await).blocked,
        1
    );
    assert_eq!(
        (world.seat("A-2"), world.seat("A-3")),
        (SeatState::Free, SeatState::Blocked)
    );
}

/// Holds that live may still be confirmed, also after the close.
pub async fn a_pause_stops_holds_but_not_confirmations<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let one = world.admitted().await;
    let hold = done(world.hold(one, &["A-1"]).await).hold.hold_id;
    let other = done(world.hold(one, &["A-2"]).await).hold.hold_id;
    done(world.store().pause(&world.event, None).await);
    assert_eq!(
        refusal(world.hold(one, &["A-3"]).await),
        Refusal::SalePaused
    );
    done(world.confirm(hold, key("k", "b")).await);
    done(world.store().close(&world.event).await);
    done(world.confirm(other, key("k", "b")).await);
}

/// A key is found by its digest until it is withdrawn.
pub async fn staff_keys_come_and_go<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    let id = StaffKeyId(world.id());
    let event_ids = vec![world.event.clone()];
    let staff_key = StaffKey {
        id,
        name: "North".to_owned(),
        event_ids,
        key: digest("secret"),
    };
    done(world.store().add_staff_key(staff_key.clone()).await);
    world.reopen().await;
    assert_eq!(
        done(world.store().staff_key(digest("secret")).await),
        staff_key
    );
    assert_eq!(done(world.store().staff_keys().await), [staff_key]);
    for _ in 0..2 {
        done(world.store().remove_staff_key(id).await);
        assert_eq!(
            refusal(world.store().staff_key(digest("secret")).await),
            Refusal::StaffKeyInvalid
        );
    }
}

/// An id may be given again: whoever had a key for the deleted event has none for the next one of its name.
pub async fn a_deleted_event_takes_its_staff_keys_with_it<H: Harness>() {
    let mut world = World::<H>::draft(settings()).await;
    let Ok(elsewhere) = EventId::parse("elsewhere") else {
        panic!("an event's id")
    };
    let other = EventSettings {
        event_id: elsewhere.clone(),
        ..settings()
    };
    done(world.store().create(other, 2).await);
    let both = vec![world.event.clone(), elsewhere.clone()];
    for (secret, event_ids) in [("one", vec![world.event.clone()]), ("both", both)] {
        let staff_key = StaffKey {
            id: StaffKeyId(world.id()),
            name: secret.to_owned(),
            event_ids,
            key: digest(secret),
        };
        done(world.store().add_staff_key(staff_key).await);
    }
    done(world.store().delete(&world.event).await);
    done(world.store().create(settings(), 3).await);
    for _ in 0..2 {
        assert_eq!(
            refusal(world.store().staff_key(digest("one")).await),
            Refusal::StaffKeyInvalid
        );
        let both = done(world.store().staff_key(digest("both")).await);
        assert_eq!(both.event_ids, std::slice::from_ref(&elsewhere));
        assert_eq!(done(world.store().staff_keys().await), [both]);
        world.reopen().await;
    }
}

/// Newest first, page by page, also after the store was reopened.
pub async fn the_record_is_read_newest_first<H: Harness>() {
    let mut world = World::<H>::on_sale().await;
    for number in 1..=5 {
        let action = format!("test.{number}");
        let at = world.harness.now();
        let entry = AuditEntry {
            at,
            who: "operator".to_owned(),
            action,
            event_id: None,
            detail: None,
        };
        done(world.store().note(entry).await);
    }
    world.reopen().await;
    let first = done(world.store().audit(None, 2).await);
    let numbers: Vec<_> = first
        .iter()
        .map(|(number, entry)| (*number, entry.action.as_str()))
        .collect();
    assert_eq!(numbers, [(5, "test.5"), (4, "test.4")]);
    let rest = done(world.store().audit(Some(4), 9).await);
    assert_eq!(
        rest.iter().map(|(number, _)| *number).collect::<Vec<_>>(),
        [3, 2, 1]
    );
}
