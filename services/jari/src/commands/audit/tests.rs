use std::sync::Arc;

use jari_domain::fact::{Buyer, KeyUse, PricedSeat};
use jari_domain::id::{Digest, HoldId, ReservationId};
use jari_domain::line::LineFact;
use jari_domain::map::import::{Format, Options, import};
use jari_store_embedded::EmbeddedStore;
use rusqlite::{Connection, params};

use super::*;

const ID: &str = "00000000-0000-0000-0000-000000000001";

/// One seat of two, sold to one who waited in line.
fn facts() -> Vec<Fact> {
    let csv = b"section,row,seats,category,price\nA,1,1-2,Stalls,100\n";
    let map = import(Format::Csv, csv, Options::default()).map.unwrap();
    let settings = serde_json::json!({ "event_id": "gala", "name": "Gala", "venue": "Hall",
        "starts_at": 0, "time_zone": "UTC", "currency": "KRW", "hold_seconds": 60,
        "max_seats_per_buyer": 4, "prices": {},
        "queue": { "capacity": 1, "pass_seconds": 60, "max_admitted_per_second": 1 } });
    let key = KeyUse {
        key: Digest([1; 32]),
        body: Digest([2; 32]),
    };
    let hold_id: HoldId = ID.parse().unwrap();
    let reservation_id: ReservationId = ID.parse().unwrap();
    let line = [
        LineFact::Entered {
            number: 1,
            visitor: None,
        },
        LineFact::Admitted {
            numbers: vec![1],
            capacity: 1,
        },
        LineFact::Collected {
            number: 1,
            pass_expires_at: Timestamp(60_000),
        },
    ];
    let mut facts = vec![
        Fact::Created {
            settings: Arc::new(serde_json::from_value(settings).unwrap()),
            uid: 1,
        },
        Fact::MapSet { map: Arc::new(map) },
        Fact::Opened { code_digits: 4 },
    ];
    facts.extend(line.map(Fact::Line));
    facts.push(Fact::Held {
        hold_id,
        number: 1,
        seats: vec![PricedSeat {
            seat: 0,
            price: 100,
        }],
        expires_at: Timestamp(60_000),
        key: None,
    });
    facts.push(Fact::Confirmed {
        reservation_id,
        hold_id,
        code: 427,
        buyer: Buyer {
            name: "Kim".to_owned(),
            contact: "010".to_owned(),
        },
        key,
    });
    facts.push(Fact::Line(LineFact::Done { number: 1 }));
    facts
}

/// A data directory in which these facts are stored, with the tables that belong to one sale.
fn directory(facts: &[Fact]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    drop(EmbeddedStore::open(directory.path(), Arc::new(|| Timestamp(0))).unwrap());
    let database = Connection::open(directory.path().join("jari.db")).unwrap();
    for fact in facts {
        let fact = serde_json::to_string(fact).unwrap();
        let sql = "insert into journal (at, event_id, fact) values (0, 'gala', ?1)";
        database.execute(sql, params![fact]).unwrap();
    }
    let id: ReservationId = ID.parse().unwrap();
    database
        .execute_batch("insert into events values (1, 'gala');")
        .unwrap();
    database
        .execute(
            "insert into reservations values (1, 1, ?1, ?1, 427, 0, null)",
            [id.0.as_bytes()],
        )
        .unwrap();
    database
        .execute_batch(
            "insert into sold_seats values (1 << 32, 1); insert into codes values ((1 << 32) | 427, 1);",
        )
        .unwrap();
    directory
}

fn broken(directory: &tempfile::TempDir) -> Vec<&'static str> {
    let audit = Audit::of_directory(directory.path()).unwrap();
    let all = audit.events.iter().flat_map(|event| &event.invariants);
    let broken: Vec<_> = all
        .filter(|checked| !checked.holds)
        .map(|checked| checked.name)
        .collect();
    assert_eq!(audit.sound, broken.is_empty() && audit.strangers.is_empty());
    broken
}

#[test]
fn a_sound_sale_is_audited_with_its_figures() {
    let directory = directory(&facts());
    let audit = Audit::of_directory(directory.path()).unwrap();
    assert!(audit.sound, "{audit:?}");
    assert_eq!((audit.events.len(), audit.facts), (1, 9));
    let promises: std::collections::BTreeSet<_> = audit.events[0]
        .invariants
        .iter()
        .map(|checked| checked.promise)
        .collect();
    assert!((1..=8).all(|promise| promises.contains(&promise)));
    let sold = audit.events[0].invariants[0].figures.as_ref().unwrap();
    assert_eq!(
        (&sold["seats_sold"], &sold["revenue"]),
        (&1.into(), &100.into())
    );
}

#[test]
fn a_sale_that_the_tables_have_lost_is_found() {
    let directory = directory(&facts());
    let database = Connection::open(directory.path().join("jari.db")).unwrap();
    database.execute("delete from sold_seats", []).unwrap();
    assert_eq!(broken(&directory), ["what_was_answered_is_kept"]);
}

#[test]
fn a_sale_that_the_journal_has_lost_is_found() {
    let directory = directory(&facts()[..7]);
    assert_eq!(broken(&directory), ["what_was_answered_is_kept"]);
}

#[test]
fn sales_of_an_event_that_the_journal_does_not_know_are_found() {
    let audit = Audit::of_directory(directory(&[]).path()).unwrap();
    assert_eq!(
        (audit.sound, audit.strangers),
        (false, vec!["gala".to_owned()])
    );
}

#[test]
fn one_admitted_out_of_turn_is_found() {
    let mut facts = facts();
    facts.insert(
        3,
        Fact::Line(LineFact::Entered {
            number: 0,
            visitor: None,
        }),
    );
    let directory = directory(&facts);
    assert_eq!(
        broken(&directory),
        ["a_restart_gives_the_same_seats", "nobody_overtakes"]
    );
    let audit = Audit::of_directory(directory.path()).unwrap();
    let [what] = &audit.integrity_problems[..] else {
        panic!("{:?}", audit.integrity_problems);
    };
    assert!(what.contains("can't follow"), "{what}");
}

#[test]
fn a_directory_without_a_journal_can_not_be_audited() {
    let directory = tempfile::tempdir().unwrap();
    let missing = Audit::of_directory(directory.path());
    assert!(matches!(why(missing), OpenError::Missing { .. }));
    let text =
        "this is no database, and it is longer than the head of one would be: a hundred bytes";
    std::fs::write(directory.path().join("jari.db"), text.repeat(2)).unwrap();
    let foreign = Audit::of_directory(directory.path());
    assert!(matches!(why(foreign), OpenError::Foreign { .. }));
}

fn why(refused: anyhow::Result<Audit>) -> OpenError {
    refused.unwrap_err().downcast().unwrap()
}
