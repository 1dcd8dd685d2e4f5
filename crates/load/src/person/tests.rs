//! What people do, without a server and without time.

use super::*;
use crate::answer::{Availability, CheckedIn, Held, Sold};
use crate::scenario::Scenario;

const MAP: &[u8] =
    br#"{"sections":[{"rows":[{"seats":[{"seat_id":"A1"},{"seat_id":"A2"},{"seat_id":"A3"}]}]}]}"#;

struct World {
    buyers: Buyers,
    hall: Hall,
    now: u64,
}

impl World {
    fn new() -> Self {
        let scenario = Scenario::built_in("opening-rush").unwrap().unwrap();
        Self {
            buyers: Buyers {
                quantities: vec![2],
                look_seconds: [4.0, 4.0],
                decide_seconds: [3.0, 3.0],
                tries: 3,
                ..scenario.buyers
            },
            hall: Hall::read(MAP).unwrap(),
            now: 0,
        }
    }

    fn around(&self) -> Around<'_> {
        Around {
            buyers: &self.buyers,
            hall: &self.hall,
            dice: Dice::of(1, 1),
            now: self.now,
        }
    }

    /// Is answered at once; gives what is done next, and lets the time until then pass.
    fn answer(&mut self, person: &mut Person, action: Action, answer: &Answer) -> Next {
        let next = person.answered(action, answer, self.around());
        if let Next::Do(_, at) = next {
            self.now = at;
        }
        next
    }

    /// Somebody who was let in and has looked.
    fn shopper(&mut self) -> Person {
        let mut person = Person::comes(self.around());
        self.answer(&mut person, Action::Enter, &place(PlaceState::Admitted));
        self.answer(&mut person, Action::Look, &looked());
        person
    }
}

fn place(state: PlaceState) -> Answer {
    let pass = (state == PlaceState::Admitted).then(|| "pass".into());
    Answer::Place(Place {
        state,
        ticket: "ticket".into(),
        poll_after_ms: 8000,
        pass,
    })
}

fn looked() -> Answer {
    Answer::Availability(Availability {
        version: 1,
        states: None,
        changes: Vec::new(),
    })
}

fn held() -> Answer {
    Answer::Held(Held {
        hold_token: "hold".into(),
        seats: Vec::new(),
    })
}

fn sold() -> Answer {
    Answer::Sold(Sold {
        reservation_id: "r".to_owned(),
        code: "0001".to_owned(),
        seats: Vec::new(),
        entry_token: String::new(),
    })
}

fn refused(code: &str, alternatives: &[&[&str]]) -> Answer {
    let list = |seats: &&[&str]| seats.iter().map(|&seat| seat.to_owned()).collect();
    Answer::Refused(Refused {
        status: 409,
        code: code.to_owned(),
        alternatives: alternatives.iter().map(list).collect(),
    })
}

#[test]
fn one_waits_as_told_looks_holds_decides_and_buys() {
    let mut world = World::new();
    let mut person = Person::comes(world.around());
    let steps = [
        (Action::Enter, place(PlaceState::NotOpen), Action::Status, 8),
        (
            Action::Status,
            place(PlaceState::Waiting),
            Action::Status,
            16,
        ),
        (
            Action::Status,
            place(PlaceState::Admitted),
            Action::Look,
            16,
        ),
        (Action::Look, looked(), Action::Hold, 20),
        (Action::Hold, held(), Action::Confirm, 23),
    ];
    for (action, answer, next, at) in steps {
        let told = world.answer(&mut person, action, &answer);
        assert_eq!(told, Next::Do(next, at * SECOND), "{action:?}");
    }
    let end = world.answer(&mut person, Action::Confirm, &sold());
    assert_eq!(end, Next::Nothing(End::Bought));
    assert_eq!(person.stage, Stage::Over(End::Bought));
    assert!(person.ticket.is_none() && person.shopping.is_none());
}

#[test]
fn who_is_in_a_hurry_asks_sooner_than_told() {
    let mut world = World::new();
    world.buyers.hurry = 4.0;
    let mut person = Person::comes(world.around());
    let next = world.answer(&mut person, Action::Enter, &place(PlaceState::Waiting));
    assert_eq!(next, Next::Do(Action::Status, 2 * SECOND));
}

#[test]
fn who_was_too_late_takes_what_is_offered_or_looks_again_and_goes_in_the_end() {
    let mut world = World::new();
    let mut person = world.shopper();
    let offer = refused("seats_unavailable", &[&["A2", "A3"]]);
    let next = world.answer(&mut person, Action::Hold, &offer);
    assert!(matches!(next, Next::Do(Action::Hold, _)), "{next:?}");
    assert_eq!(person.shopping.as_ref().unwrap().seats, [1, 2]);
    let gone = refused("seats_unavailable", &[]);
    let next = world.answer(&mut person, Action::Hold, &gone);
    assert!(matches!(next, Next::Do(Action::Look, _)), "{next:?}");
    let next = world.answer(&mut person, Action::Hold, &gone);
    assert!(matches!(next, Next::Do(Action::Leave, _)), "three tries");
    let next = world.answer(&mut person, Action::Leave, &Answer::Done);
    assert_eq!(next, Next::Nothing(End::Left));
}

#[test]
fn where_no_seats_are_together_fewer_will_do() {
    let mut world = World::new();
    let mut person = world.shopper();
    assert_eq!(person.quantity, 2);
    let next = world.answer(
        &mut person,
        Action::Hold,
        &refused("no_adjacent_seats", &[]),
    );
    assert!(matches!(next, Next::Do(Action::Look, _)));
    assert_eq!(person.quantity, 1);
}

#[test]
fn patience_ends_with_a_word_or_without() {
    for (vanish, how) in [(0.0, Action::Leave), (1.0, Action::Vanish)] {
        let mut world = World::new();
        world.buyers.patience_seconds = Some([5.0, 5.0]);
        world.buyers.vanish = vanish;
        let mut person = Person::comes(world.around());
        let next = world.answer(&mut person, Action::Enter, &place(PlaceState::Waiting));
        assert_eq!(next, Next::Do(how, 5 * SECOND), "before the next question");
    }
}

#[test]
fn a_hold_that_is_abandoned_is_never_confirmed() {
    let mut world = World::new();
    world.buyers.abandon = 1.0;
    let mut person = world.shopper();
    let next = world.answer(&mut person, Action::Hold, &held());
    assert!(matches!(next, Next::Do(Action::Vanish, _)));
}

#[test]
fn what_got_no_answer_is_sent_again_later_and_later_and_not_for_ever() {
    let mut world = World::new();
    let mut person = world.shopper();
    let mut waits = Vec::new();
    loop {
        let before = world.now;
        let answer = Answer::Failed(Failure::TimedOut);
        match world.answer(&mut person, Action::Hold, &answer) {
            Next::Do(Action::Hold, at) => waits.push((at - before) / SECOND),
            other @ (Next::Do(..) | Next::Nothing(_)) => {
                break assert_eq!(other, Next::Nothing(End::Failed));
            }
        }
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32]);
    let busy = Failure::Server(503, "overloaded".to_owned(), Some(7));
    let mut person = world.shopper();
    let before = world.now;
    let next = world.answer(&mut person, Action::Hold, &Answer::Failed(busy));
    assert_eq!(next, Next::Do(Action::Hold, before + 7 * SECOND), "as told");
    let strange = Answer::Failed(Failure::Strange(404, "gone".to_owned()));
    let next = world.answer(&mut person, Action::Hold, &strange);
    assert_eq!(next, Next::Nothing(End::Failed), "it would stay so");
}

#[test]
fn an_ended_place_ends_the_person() {
    let ends = [
        (PlaceState::SoldOut, End::SoldOut),
        (PlaceState::Closed, End::Closed),
        (PlaceState::Expired, End::Expired),
        (PlaceState::Left, End::Left),
    ];
    for (state, end) in ends {
        let mut world = World::new();
        let mut person = Person::comes(world.around());
        let next = world.answer(&mut person, Action::Enter, &place(state));
        assert_eq!(next, Next::Nothing(end));
    }
}

#[test]
fn a_copied_ticket_is_shown_again_at_the_door() {
    let mut world = World::new();
    let came_in = Answer::CheckedIn(CheckedIn {
        outcome: "admitted".to_owned(),
        admitted: Vec::new(),
    });
    let mut person = Person::at_door();
    let next = world.answer(&mut person, Action::CheckIn, &came_in);
    assert_eq!(next, Next::Nothing(End::CameIn));
    let mut person = Person::at_door();
    person.tries = 1;
    let next = world.answer(&mut person, Action::CheckIn, &came_in);
    assert!(matches!(next, Next::Do(Action::ShowAgain, _)));
    let next = world.answer(&mut person, Action::ShowAgain, &came_in);
    assert_eq!(next, Next::Nothing(End::CameIn));
}

#[test]
fn a_person_takes_little_memory() {
    assert!(size_of::<Person>() <= 64, "{}", size_of::<Person>());
}
