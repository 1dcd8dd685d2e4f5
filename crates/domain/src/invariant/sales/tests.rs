use super::super::story::{Story, held, map_of, place};
use super::*;
use SeatState::{Blocked, Free, Held, Sold};

/// Six seats, 5 of them off sale: one reservation of 0 and 1, a cancelled one of 2, and a hold of 3.
fn sound() -> Story {
    let mut story = Story::of_seats(6);
    story.add(Fact::Blocked { seats: vec![4, 5] });
    story.add(Fact::Unblocked { seats: vec![4] });
    story.add(held(1, 1, &[0, 1]));
    story.add(held(2, 2, &[2]));
    story.confirms(1, 427);
    story.confirms(2, 9_999);
    story.cancels(2);
    story.add(held(3, 3, &[3]));
    story
}

/// What the tables say after [`sound`].
fn stored() -> Stored {
    let row = |id, code, cancelled_at| StoredReservation {
        reservation_id: place::reservation(id),
        hold_id: place::hold(id),
        code,
        confirmed_at: Timestamp(0),
        cancelled_at,
    };
    Stored {
        reservations: [row(1, 427, None), row(2, 9_999, Some(Timestamp(0)))].into(),
        sold_seats: [0, 1].map(|seat| (seat, place::reservation(1))).into(),
        codes: [(427, place::reservation(1))].into(),
    }
}

#[test]
fn a_sound_history_keeps_every_promise() {
    let story = sound();
    let sales = no_seat_sold_twice(story.history()).unwrap();
    assert_eq!((sales.reservations, sales.cancelled), (2, 1));
    assert_eq!((sales.seats_sold, sales.revenue), (2, 200));
    let confirmations = confirmed_exactly_once(story.history()).unwrap();
    assert_eq!((confirmations.holds, confirmations.confirmed), (3, 2));
    let codes = codes_are_unique(story.history()).unwrap();
    assert_eq!((codes.given, codes.in_use, codes.given_again), (2, 1, 0));
    let kept = what_was_answered_is_kept(story.history(), &stored()).unwrap();
    assert_eq!((kept.reservations, kept.sold_seats, kept.codes), (2, 2, 1));
    let replayed = [Sold, Sold, Free, Held, Free, Blocked];
    let seats = a_restart_gives_the_same_seats(story.history(), &replayed).unwrap();
    assert_eq!(
        (seats.free, seats.held, seats.sold, seats.blocked),
        (2, 1, 2, 1)
    );
}

#[test]
fn a_seat_sold_twice_is_found_and_one_sold_again_after_a_cancellation_is_not() {
    let mut story = sound();
    story.add(held(4, 4, &[2]));
    story.confirms(4, 1);
    assert!(no_seat_sold_twice(story.history()).is_ok());
    story.add(held(5, 5, &[1]));
    story.confirms(5, 2);
    let violation = no_seat_sold_twice(story.history()).unwrap_err();
    assert!(violation.what.contains("seat 1 was sold to"), "{violation}");
}

#[test]
fn a_map_that_is_replaced_under_sold_seats_is_found() {
    let mut story = sound();
    story.add(map_of(6));
    assert!(no_seat_sold_twice(story.history()).is_err());
}

#[test]
fn a_hold_confirmed_twice_or_after_its_end_is_found() {
    let mut story = sound();
    story.confirms(1, 1);
    assert!(confirmed_exactly_once(story.history()).is_err());
    let mut story = sound();
    story.wait_ms(Story::HOLD_MS - 1);
    let mut in_time = story.clone();
    in_time.confirms(3, 1);
    assert!(confirmed_exactly_once(in_time.history()).is_ok());
    story.wait_ms(1);
    story.confirms(3, 1);
    assert!(confirmed_exactly_once(story.history()).is_err());
}

#[test]
fn a_hold_confirmed_after_it_was_given_back_or_never_placed_is_found() {
    let mut story = sound();
    story.add(Fact::Released {
        hold_id: place::hold(3),
    });
    story.confirms(3, 1);
    assert!(confirmed_exactly_once(story.history()).is_err());
    let mut story = sound();
    story.confirms(9, 1);
    assert!(confirmed_exactly_once(story.history()).is_err());
}

#[test]
fn a_reservation_cancelled_twice_or_never_made_is_found() {
    let mut story = sound();
    story.cancels(2);
    assert!(confirmed_exactly_once(story.history()).is_err());
    let mut story = sound();
    story.add(Fact::ReceiptReissued {
        reservation_id: place::reservation(9),
    });
    assert!(confirmed_exactly_once(story.history()).is_err());
}

#[test]
fn a_code_of_two_reservations_and_one_with_too_many_digits_are_found() {
    for code in [427, 10_000] {
        let mut story = sound();
        story.confirms(3, code);
        assert!(codes_are_unique(story.history()).is_err(), "{code}");
    }
}

#[test]
fn a_freed_code_comes_back_last_of_all() {
    let mut story = sound();
    story.confirms(3, 9_999);
    let violation = codes_are_unique(story.history()).unwrap_err();
    assert!(violation.what.contains("while others were unused"));
    let mut story = sound();
    for code in (0..9_999).filter(|code| *code != 427) {
        story.confirms(1_000 + u128::from(code), code);
    }
    story.confirms(3, 9_999);
    assert_eq!(codes_are_unique(story.history()).unwrap().given_again, 1);
}

#[test]
fn whatever_the_tables_lost_gained_or_changed_is_found() {
    let story = sound();
    let broken: [fn(&mut Stored); 5] = [
        |stored| assert!(stored.reservations.pop_first().is_some()),
        |stored| assert!(stored.sold_seats.pop_last().is_some()),
        |stored| assert!(stored.codes.pop_first().is_some()),
        |stored| assert!(stored.sold_seats.insert((2, place::reservation(2)))),
        |stored| assert!(stored.codes.insert((9_999, place::reservation(2)))),
    ];
    for change in broken {
        let mut stored = stored();
        change(&mut stored);
        assert!(what_was_answered_is_kept(story.history(), &stored).is_err());
    }
}

#[test]
fn a_seat_that_a_restart_changes_is_found() {
    let story = sound();
    for other in [
        &[Sold, Free, Free, Held, Free, Blocked][..],
        &[Sold, Sold, Free, Held, Free][..],
    ] {
        assert!(a_restart_gives_the_same_seats(story.history(), other).is_err());
    }
}
