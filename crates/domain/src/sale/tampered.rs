//! Journals that were damaged are told as damaged: a fact that can't follow is not passed over, and none panics.

use serde_json::Value;

use crate::Shop;
use crate::door::{CheckIn, DoorFact};
use crate::fact::{Fact, Recorded};
use crate::id::{EventId, StaffKeyId};
use crate::invariant::story::{Story, held, place};
use crate::line::LineFact;
use crate::time::Timestamp;

const BUYERS: u128 = 6;

/// A sale in which a bit of everything has happened.
fn sale() -> Vec<Fact> {
    let mut story = Story::of_seats(16);
    for id in 1..=BUYERS {
        let number = u64::try_from(id).unwrap();
        let seat = u32::try_from(id).unwrap() * 2;
        story.enters(number);
        story.add(Fact::Line(LineFact::Admitted {
            numbers: vec![number],
            capacity: 100,
        }));
        story.collects(number);
        story.add(held(id, number, &[seat, seat + 1]));
    }
    story.confirms(1, 427);
    story.confirms(2, 9_000);
    story.add(check_in(2));
    let (check_in_id, reason) = (place::check_in(2), "a mistake".to_owned());
    story.add(Fact::Door(DoorFact::Voided {
        check_in_id,
        reason,
    }));
    story.cancels(1);
    story.add(Fact::ReceiptReissued {
        reservation_id: place::reservation(2),
    });
    story.expire(&[3, 4]);
    let hold_id = place::hold(5);
    story.add(Fact::Released { hold_id });
    story.add(Fact::Blocked { seats: vec![0, 1] });
    story.add(Fact::Unblocked { seats: vec![0] });
    story.history().map(|(_, fact)| fact.clone()).collect()
}

fn check_in(id: u128) -> Fact {
    let seat = u32::try_from(id).unwrap() * 2;
    Fact::Door(DoorFact::CheckedIn(CheckIn {
        check_in_id: place::check_in(id),
        reservation_id: place::reservation(id),
        seats: vec![seat],
        at: Timestamp(0),
        gate: None,
        staff_key: StaffKeyId(uuid::Uuid::nil()),
        nonce: Some("a nonce".to_owned()),
        conflict: false,
        voided_at: None,
    }))
}

/// Whether all of it could be replayed.
fn follows(facts: &[Fact]) -> bool {
    let mut shop = Shop::default();
    facts.iter().all(|fact| {
        let recorded = Recorded::Event {
            event_id: EventId::parse("gala").unwrap(),
            at: Timestamp(0),
            fact: fact.clone(),
        };
        shop.replay(&recorded).is_some()
    })
}

#[test]
fn a_journal_that_lacks_a_fact_on_which_others_rest_is_told() {
    let whole = sale();
    assert!(follows(&whole));
    for lost in 0..whole.len() {
        let last = place::hold(BUYERS);
        let nothing_rests_on_it = matches!(
            &whole[lost],
            Fact::Opened { .. }
                | Fact::Line(LineFact::Admitted { .. } | LineFact::Collected { .. })
                | Fact::Cancelled { .. }
                | Fact::ReceiptReissued { .. }
                | Fact::HoldsExpired { .. }
                | Fact::Released { .. }
                | Fact::Unblocked { .. }
                | Fact::Door(DoorFact::Voided { .. })
        ) || matches!(&whole[lost], Fact::Held { hold_id, .. } if *hold_id == last);
        let mut facts = whole.clone();
        let fact = facts.remove(lost);
        assert_eq!(follows(&facts), nothing_rests_on_it, "{fact:?}");
    }
}

#[test]
fn a_journal_in_which_something_happens_twice_is_told() {
    let whole = sale();
    for (twice, fact) in whole.iter().enumerate() {
        let may_be_twice = matches!(
            fact,
            Fact::MapSet { .. }
                | Fact::Opened { .. }
                | Fact::Line(LineFact::Admitted { .. } | LineFact::Collected { .. })
                | Fact::ReceiptReissued { .. }
                | Fact::Door(DoorFact::Voided { .. })
        );
        let mut facts = whole.clone();
        facts.insert(twice, fact.clone());
        assert_eq!(follows(&facts), may_be_twice, "{fact:?}");
    }
}

#[test]
fn what_can_not_follow_is_told() {
    let whole = sale();
    let mut story = Story::of_seats(1);
    story.confirms(7, 1);
    let confirmed = story.history().last().unwrap().1.clone();
    let unknown = [
        confirmed,
        held(7, 6, &[16]),
        held(7, 6, &[u32::MAX]),
        held(6, 6, &[15]),
        Fact::Blocked { seats: vec![99] },
        Fact::Opened { code_digits: 9 },
        Fact::Released {
            hold_id: place::hold(7),
        },
        Fact::HoldsExpired {
            hold_ids: vec![place::hold(6), place::hold(3)],
        },
        Fact::Cancelled {
            reservation_id: place::reservation(1),
            reason: None,
        },
        Fact::ReceiptReissued {
            reservation_id: place::reservation(7),
        },
        check_in(2),
        check_in(7),
        Fact::Line(LineFact::Entered {
            number: u64::MAX,
            visitor: None,
        }),
        Fact::Line(LineFact::Parked { numbers: vec![9] }),
    ];
    for fact in unknown {
        let mut facts = whole.clone();
        facts.push(fact.clone());
        assert!(!follows(&facts), "{fact:?}");
    }
}

#[test]
fn facts_tampered_with_at_random_are_told_and_none_panics() {
    let whole = sale();
    let mut random = 1_u64;
    let (mut told, mut followed, mut unreadable) = (0, 0, 0);
    for _ in 0..4_000 {
        let mut facts = whole.clone();
        let at = below(&mut random, facts.len());
        match below(&mut random, 4) {
            0 => drop(facts.remove(at)),
            1 => facts.insert(at, whole[below(&mut random, whole.len())].clone()),
            _ => {
                let Some(fact) = tampered(&facts[at], &mut random) else {
                    unreadable += 1;
                    continue;
                };
                facts[at] = fact;
            }
        }
        if follows(&facts) {
            followed += 1;
        } else {
            told += 1;
        }
    }
    let hard = told > 1_000 && followed > 300 && unreadable > 100;
    assert!(
        hard,
        "{told} told, {followed} followed, {unreadable} unreadable"
    );
}

/// The fact with one of its numbers or ids changed, if it can still be read.
fn tampered(fact: &Fact, random: &mut u64) -> Option<Fact> {
    const NUMBERS: [i64; 8] = [-1, 0, 1, 7, 9_999, 4_294_967_295, 1 << 40, i64::MAX];
    let mut told = serde_json::to_value(fact).unwrap();
    let mut leaves = Vec::new();
    find_leaves(&mut told, &mut leaves);
    if leaves.is_empty() {
        return None;
    }
    let chosen = below(random, leaves.len());
    *leaves.swap_remove(chosen) = match below(random, 3) {
        0 => Value::from(place::hold(below(random, 9) as u128).to_string()),
        _ => Value::from(NUMBERS[below(random, NUMBERS.len())]),
    };
    serde_json::from_value(told).ok()
}

fn find_leaves<'a>(value: &'a mut Value, leaves: &mut Vec<&'a mut Value>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| find_leaves(item, leaves)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| find_leaves(field, leaves)),
        Value::Number(_) | Value::String(_) => leaves.push(value),
        Value::Null | Value::Bool(_) => {}
    }
}

/// A number below `end`: Knuth's multiplier, the upper bits.
fn below(random: &mut u64, end: usize) -> usize {
    *random = random
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*random >> 33).unwrap() % end
}
