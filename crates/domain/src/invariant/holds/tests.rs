use super::super::story::{Story, held, map_of, place};
use super::*;

/// Four seats. Place 1 buys seats 0 and 1 and cancels, place 2 gives 2 back, place 3 lets 3 run out.
fn sound() -> Story {
    let mut story = Story::of_seats(4);
    for number in 1..=3 {
        story.collects(number);
    }
    story.add(held(1, 1, &[0, 1]));
    story.add(held(2, 2, &[2]));
    story.add(held(3, 3, &[3]));
    story.confirms(1, 77);
    story.add(Fact::Released {
        hold_id: place::hold(2),
    });
    story.wait_ms(60_000);
    story.expire(&[3]);
    story.cancels(1);
    story
}

#[test]
fn a_sound_history_keeps_every_promise() {
    let story = sound();
    let holding = holds_are_all_or_nothing_and_exclusive(story.history()).unwrap();
    assert_eq!((holding.holds, holding.seats, holding.live), (3, 4, 0));
    assert_eq!((holding.released, holding.expired), (1, 1));
    let freeing = ended_holds_are_free_within_a_second(story.history()).unwrap();
    assert_eq!((freeing.expired, freeing.longest_ms), (1, 0));
    let limits = nobody_has_more_seats_than_allowed(story.history()).unwrap();
    assert_eq!((limits.places_with_seats, limits.most_seats), (0, 2));
    assert_eq!(limits.times_at_the_limit, 1);
    let passes = only_the_admitted_hold_seats(story.history()).unwrap();
    assert_eq!((passes.collected, passes.holds), (3, 3));
    assert_eq!(
        a_key_holds_once(story.history()).unwrap().holds_with_a_key,
        3
    );
}

fn exclusive(facts: impl IntoIterator<Item = Fact>) -> Result<Holding, Violation> {
    let mut story = Story::of_seats(4);
    facts.into_iter().for_each(|fact| story.add(fact));
    holds_are_all_or_nothing_and_exclusive(story.history())
}

#[test]
fn a_seat_in_two_holds_is_found_however_it_was_taken() {
    assert!(exclusive([held(1, 1, &[0, 1]), held(2, 2, &[1, 2])]).is_err());
    assert!(exclusive([held(1, 1, &[0, 0])]).is_err());
    assert!(exclusive([Fact::Blocked { seats: vec![0] }, held(1, 1, &[0])]).is_err());
    let mut story = Story::of_seats(4);
    story.add(held(1, 1, &[0]));
    story.confirms(1, 77);
    story.add(held(2, 2, &[0]));
    let violation = holds_are_all_or_nothing_and_exclusive(story.history()).unwrap_err();
    assert!(violation.what.contains("took seat 0: Sold"), "{violation}");
}

#[test]
fn a_hold_of_nothing_or_of_a_seat_that_is_none_is_found() {
    assert!(exclusive([held(1, 1, &[])]).is_err());
    assert!(exclusive([held(1, 1, &[4])]).is_err());
}

#[test]
fn a_hold_placed_twice_or_ended_twice_is_found() {
    assert!(exclusive([held(1, 1, &[0]), held(1, 1, &[1])]).is_err());
    let released = Fact::Released {
        hold_id: place::hold(1),
    };
    assert!(exclusive([held(1, 1, &[0]), released.clone(), released]).is_err());
}

#[test]
fn a_hold_that_runs_out_early_is_found() {
    let mut story = Story::of_seats(4);
    story.add(held(1, 1, &[0]));
    story.expire(&[1]);
    assert!(holds_are_all_or_nothing_and_exclusive(story.history()).is_err());
}

#[test]
fn blocking_or_replacing_what_is_held_is_found() {
    assert!(exclusive([held(1, 1, &[0]), Fact::Blocked { seats: vec![0] }]).is_err());
    assert!(exclusive([Fact::Unblocked { seats: vec![0] }]).is_err());
    assert!(exclusive([held(1, 1, &[0]), map_of(9)]).is_err());
    assert!(exclusive([Fact::Blocked { seats: vec![0] }, map_of(9)]).is_ok());
}

#[test]
fn a_hold_that_outlives_its_end_while_others_are_served_is_found_and_a_standstill_is_not() {
    let mut story = Story::of_seats(4);
    story.add(held(1, 1, &[0]));
    story.wait_ms(60_000);
    let standstill = story.clone();
    for number in 5..10 {
        story.wait_ms(300);
        story.enters(number);
    }
    assert!(ended_holds_are_free_within_a_second(story.history()).is_err());
    let mut story = standstill;
    story.wait_ms(3_600_000);
    story.enters(5);
    story.expire(&[1]);
    assert!(ended_holds_are_free_within_a_second(story.history()).is_ok());
}

#[test]
fn a_place_with_too_many_seats_is_found_and_what_was_given_back_does_not_count() {
    let mut story = Story::of_seats(4);
    story.add(held(1, 1, &[0, 1]));
    let mut again = story.clone();
    again.add(Fact::Released {
        hold_id: place::hold(1),
    });
    again.add(held(2, 1, &[2, 3]));
    assert!(nobody_has_more_seats_than_allowed(again.history()).is_ok());
    story.confirms(1, 77);
    story.add(held(2, 1, &[2]));
    assert!(nobody_has_more_seats_than_allowed(story.history()).is_err());
}

#[test]
fn a_hold_without_a_pass_or_after_its_end_is_found() {
    let mut story = Story::of_seats(4);
    story.add(held(1, 1, &[0]));
    assert!(only_the_admitted_hold_seats(story.history()).is_err());
    let mut story = Story::of_seats(4);
    story.collects(1);
    story.add(Fact::Line(LineFact::Done { number: 1 }));
    story.add(held(1, 1, &[0]));
    assert!(only_the_admitted_hold_seats(story.history()).is_err());
    let mut story = Story::of_seats(4);
    story.collects(1);
    story.wait_ms(Story::PASS_MS);
    story.add(held(1, 1, &[0]));
    assert!(only_the_admitted_hold_seats(story.history()).is_err());
}

#[test]
fn two_holds_under_one_key_are_found() {
    let mut second = held(2, 1, &[1]);
    if let (Fact::Held { key: first, .. }, Fact::Held { key, .. }) = (held(1, 1, &[0]), &mut second)
    {
        *key = first;
    }
    let mut story = Story::of_seats(4);
    story.add(held(1, 1, &[0]));
    story.add(second);
    assert!(a_key_holds_once(story.history()).is_err());
}
