//! A good run is good, and each way in which one can be bad is found: nothing here is a check that can't fail.

use serde_json::json;

use super::*;
use crate::answer::CheckedIn;

/// Two people bought two seats each, and came in.
fn good() -> Evidence {
    let mut ledger = Ledger::default();
    let mut stored = Vec::new();
    for (person, name) in [(0, "a"), (1, "b")] {
        let sale = Sale {
            person,
            reservation_id: format!("r-{name}"),
            code: format!("000{person}"),
            seats: vec![format!("{name}1"), format!("{name}2")],
            entry_token: String::new(),
        };
        stored.push(Stored {
            reservation_id: sale.reservation_id.clone(),
            code: sale.code.clone(),
            seats: sale.seats.clone(),
        });
        ledger.seats_sold += 2;
        ledger.sales.push(sale);
        let admitted = serde_json::from_value(json!([{"seat_id": "1"}, {"seat_id": "2"}]));
        let told = CheckedIn {
            outcome: "admitted".to_owned(),
            admitted: admitted.unwrap(),
        };
        ledger.entered(person as usize, &told);
    }
    Evidence {
        event_id: "gala".to_owned(),
        ledger,
        stored,
        seats_sold: 4,
        audit: Ok(
            json!({ "sound": true, "facts": 9, "events": [{ "event_id": "gala", "invariants": [
            { "name": "nobody_overtakes", "holds": true, "figures": { "admitted": 2 } }] }] }),
        ),
        failures: BTreeMap::new(),
        boards: vec![Board {
            waiting: 0,
            admitted: 2,
            capacity: 2,
        }],
        capacity: 2,
        came: (2, 2),
        out_of_time: false,
        is_one_seat: false,
        let_in: Some(4),
    }
}

/// What is broken once this was done to a good run.
fn broken_by(tamper: impl FnOnce(&mut Evidence)) -> Vec<String> {
    let mut evidence = good();
    tamper(&mut evidence);
    let verdict = judge(&evidence);
    let broken: Vec<_> = verdict.broken().map(|check| check.what.clone()).collect();
    assert_eq!(verdict.good, broken.is_empty());
    broken
}

#[test]
fn a_run_in_which_all_was_kept_is_good() {
    assert!(broken_by(|_| {}).is_empty());
    let verdict = judge(&good());
    assert!(verdict.checks.iter().all(|check| check.holds == Some(true)));
}

#[test]
fn a_failure_or_the_time_limit_makes_it_bad() {
    let broken = broken_by(|all| {
        all.failures.insert("hold: 503 overloaded".to_owned(), 1);
    });
    assert_eq!(broken, ["Every request is answered, and as promised"]);
    let broken = broken_by(|all| all.out_of_time = true);
    assert_eq!(broken, ["It came to its end within its time"]);
}

#[test]
fn a_sale_that_is_lost_or_stored_otherwise_is_found() {
    let what = "Every answered sale is stored as it was answered";
    let broken = broken_by(|all| {
        all.stored.pop();
        all.seats_sold -= 2;
    });
    assert_eq!(broken, [what]);
    let broken = broken_by(|all| all.stored[0].code = "9999".to_owned());
    assert_eq!(broken, [what]);
    let broken = broken_by(|all| all.stored[0].seats[0] = "z".to_owned());
    assert_eq!(broken, [what]);
}

#[test]
fn a_sale_that_nobody_was_told_of_is_found_unless_an_answer_was_lost() {
    let one_more = |all: &mut Evidence| {
        all.stored.push(Stored {
            reservation_id: "r-c".to_owned(),
            code: "0009".to_owned(),
            seats: vec!["c1".to_owned()],
        });
        all.seats_sold += 1;
    };
    let what = "Nothing is stored that nobody asked for";
    assert_eq!(broken_by(one_more), [what]);
    let with_lost = |person| {
        broken_by(|all| {
            one_more(all);
            all.ledger.unanswered.insert(person);
        })
    };
    assert!(with_lost(7).is_empty());
    assert_eq!(with_lost(0), [what], "that one was told at last");
}

#[test]
fn a_seat_or_a_code_that_two_have_is_found() {
    let broken = broken_by(|all| {
        let seat = all.ledger.sales[0].seats[0].clone();
        all.ledger.sales[1].seats[0].clone_from(&seat);
        all.stored[1].seats[0] = seat;
    });
    assert_eq!(broken, ["No seat was sold twice"]);
    let broken = broken_by(|all| {
        all.ledger.sales[1].code = "0000".to_owned();
        all.stored[1].code = "0000".to_owned();
    });
    assert_eq!(broken, ["Every sale has a code of its own"]);
    let broken = broken_by(|all| all.ledger.differing.push("two".to_owned()));
    assert_eq!(
        broken,
        ["A confirm that is sent again gives the same reservation"]
    );
}

#[test]
fn more_people_than_the_capacity_and_other_counts_are_found() {
    let broken = broken_by(|all| all.boards[0].admitted = 3);
    assert_eq!(
        broken,
        ["Never more in the shop than its capacity, on the public board"]
    );
    let broken = broken_by(|all| all.seats_sold = 5);
    assert_eq!(
        broken,
        ["The seats that are sold are those of the reservations"]
    );
}

#[test]
fn two_winners_or_none_are_found() {
    let broken = broken_by(|all| all.is_one_seat = true);
    assert_eq!(broken, ["One gets the seat that all want"]);
    let broken = broken_by(|all| {
        all.is_one_seat = true;
        all.ledger = Ledger::default();
        all.stored.clear();
        (all.seats_sold, all.let_in) = (0, None);
    });
    assert_eq!(
        broken,
        ["Something was sold", "One gets the seat that all want"]
    );
}

#[test]
fn who_did_not_come_in_or_came_in_twice_is_found() {
    let what = "Every ticket lets in its party, once";
    let broken = broken_by(|all| {
        all.ledger.entries.remove(&1);
        all.let_in = Some(2);
    });
    assert_eq!(broken, [what]);
    let broken = broken_by(|all| {
        all.ledger.entries.get_mut(&0).unwrap().admitted += 2;
        all.let_in = Some(6);
    });
    assert_eq!(broken, [what]);
    let broken = broken_by(|all| all.let_in = Some(3));
    assert_eq!(broken, ["Every entry that was answered is stored"]);
}

#[test]
fn what_the_auditor_finds_is_believed_and_what_it_can_not_see_is_said() {
    let whole = "The auditor finds every promise kept";
    let broken = broken_by(|all| all.audit = Ok(json!({ "sound": true, "events": [] })));
    assert_eq!(broken, [whole], "of another event");
    let broken = broken_by(|all| {
        let audit = all.audit.as_mut().unwrap();
        audit["sound"] = json!(false);
        audit["events"][0]["invariants"][0]["holds"] = json!(false);
    });
    assert_eq!(broken, [whole, "Auditor: nobody overtakes"]);
    let mut evidence = good();
    evidence.audit = Err("no directory was named".to_owned());
    let verdict = judge(&evidence);
    let unseen = verdict.checks.iter().find(|check| check.holds.is_none());
    assert_eq!(unseen.unwrap().why, "no directory was named");
}
