//! Files that are not ours, or not whole any more, and the last judge.

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use jari_domain::Timestamp;
use jari_domain::seats::SeatState;
use jari_store::conformance::World;
use jari_store::conformance::world::{done, key};
use jari_store::{Events, Reservations, StoreError};
use jari_store_embedded::{EmbeddedStore, JournalReader, Now, OpenError};
use rusqlite::Connection;

use super::{BEGINNING, Embedded};

fn open(directory: &Path) -> Result<EmbeddedStore, OpenError> {
    let now: Now = Arc::new(|| Timestamp(BEGINNING));
    EmbeddedStore::open(directory, now)
}

fn refused(directory: &Path) -> OpenError {
    open(directory).err().unwrap()
}

fn database(directory: &Path) -> Connection {
    Connection::open(directory.join("jari.db")).unwrap()
}

/// A directory in which an event was sold from: its journal ends with a confirmation.
async fn sold_from() -> tempfile::TempDir {
    let mut world = World::<Embedded>::on_sale().await;
    world.buy(&["A-1", "A-2"]).await;
    world.harness.into_directory()
}

#[test]
fn a_second_one_on_the_same_directory_is_refused_until_the_first_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let first = open(directory.path()).unwrap();
    let told = refused(directory.path());
    assert!(matches!(told, OpenError::InUse { .. }), "{told}");
    drop(first);
    open(directory.path()).unwrap();
}

#[test]
fn a_file_that_is_no_database_is_foreign() {
    let directory = tempfile::tempdir().unwrap();
    let poem = "this is no database, and quite sure of that".repeat(100);
    std::fs::write(directory.path().join("jari.db"), &poem).unwrap();
    let told = refused(directory.path());
    assert!(matches!(told, OpenError::Foreign { .. }), "{told}");
    let kept = std::fs::read(directory.path().join("jari.db")).unwrap();
    assert_eq!(kept, poem.as_bytes(), "and left as it was");
}

#[test]
fn another_programs_database_is_foreign() {
    let directory = tempfile::tempdir().unwrap();
    let poems = database(directory.path());
    poems
        .execute_batch("create table poems (line text)")
        .unwrap();
    drop(poems);
    let told = refused(directory.path());
    assert!(matches!(told, OpenError::Foreign { .. }), "{told}");
}

#[test]
fn a_newer_versions_database_is_not_touched() {
    let directory = tempfile::tempdir().unwrap();
    drop(open(directory.path()).unwrap());
    database(directory.path())
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let told = refused(directory.path());
    assert!(matches!(told, OpenError::Newer { found: 99, .. }), "{told}");
}

#[test]
fn a_directory_without_data_can_not_be_read() {
    let directory = tempfile::tempdir().unwrap();
    let told = JournalReader::open(directory.path()).err().unwrap();
    assert!(matches!(told, OpenError::Missing { .. }), "{told}");
}

#[tokio::test]
async fn a_row_that_is_nonsense_is_told_with_its_place() {
    let directory = sold_from().await;
    let rows = change(
        directory.path(),
        "update journal set fact = '{\"fact\":\"nonsense\"}' where seq = 5",
    );
    assert_eq!(rows, 1);
    assert_told(directory.path(), "journal, seq 5");
}

#[tokio::test]
async fn a_journal_whose_beginning_is_gone_is_told_with_its_place() {
    let directory = sold_from().await;
    assert_eq!(
        change(directory.path(), "delete from journal where seq = 1"),
        1
    );
    assert_told(directory.path(), "journal, seq 2");
}

#[tokio::test]
async fn a_file_that_was_cut_off_is_damaged() {
    let directory = sold_from().await;
    let path = directory.path().join("jari.db");
    // Nothing of it is in the log beside it any more.
    database(directory.path())
        .query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))
        .unwrap();
    let whole = std::fs::metadata(&path).unwrap().len();
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(whole / 2 / 4096 * 4096).unwrap();
    let told = refused(directory.path());
    assert!(matches!(told, OpenError::Damaged { .. }), "{told}");
    assert!(told.to_string().contains("backup"), "{told}");
}

#[tokio::test]
async fn a_judge_that_disagrees_with_the_journal_is_told_at_the_start() {
    for (damage, place) in [
        (
            "delete from sold_seats where place & 1 = 1",
            "seat 1 is missing",
        ),
        (
            "insert into codes (place, reservation) select place + 1, reservation from codes",
            "code ",
        ),
        ("update reservations set confirmed_at = 7", "reservation "),
        ("update codes set reservation = 77", "codes: "),
    ] {
        let directory = sold_from().await;
        drop(open(directory.path()).unwrap());
        assert_eq!(change(directory.path(), damage), 1, "{damage}");
        assert_told(directory.path(), place);
    }
}

#[tokio::test]
async fn a_directory_that_can_not_be_written_is_read_as_it_lies() {
    let directory = sold_from().await;
    let told = || {
        let reader = JournalReader::open(directory.path())?;
        reader.judged()
    };
    let expected = told().unwrap();
    let sold = expected.values().map(|stored| stored.sold_seats.len());
    assert_eq!(sold.collect::<Vec<_>>(), [2]);
    // Where SQLite's own file beside the database can't be made.
    let beside = directory.path().join("jari.db-shm");
    let _ = std::fs::remove_file(&beside);
    std::os::unix::fs::symlink("/nowhere/at/all", &beside).unwrap();
    assert_eq!(told().unwrap(), expected);
    // Sales may be in a log that can't be read so: nothing is told rather than half of it.
    std::fs::write(directory.path().join("jari.db-wal"), "a sale").unwrap();
    let told = told();
    assert!(matches!(told, Err(OpenError::Directory { .. })), "{told:?}");
}

fn change(directory: &Path, sql: &str) -> usize {
    database(directory).execute(sql, []).unwrap()
}

fn assert_told(directory: &Path, place: &str) {
    let told = refused(directory);
    assert!(
        matches!(&told, OpenError::Damaged { what, .. } if what.contains(place)),
        "{told}"
    );
}

/// Whatever memory believes, the unique keys decide.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seat_that_the_judge_knows_as_sold_is_not_sold_again() {
    let mut world = World::<Embedded>::on_sale().await;
    let number = world.admitted().await;
    let hold = done(world.hold(number, &["A-1"]).await).hold;
    let seat = i64::from(hold.seats[0].seat);
    database(world.harness.directory())
        .execute(
            "insert into sold_seats (place, reservation) values (?1, 77)",
            [(1 << 32) | seat],
        )
        .unwrap();
    let told = world.confirm(hold.hold_id, key("k", "b")).await;
    assert!(matches!(told, Err(StoreError::Corrupt { .. })), "{told:?}");
    assert_eq!(world.seat("A-1"), SeatState::Held, "nobody was told of it");
    let told = world.harness.embedded().pause(&world.event, None).await;
    assert!(told.is_err(), "nothing goes on until a person has looked");
}

/// The tables of version 1, whose rows were larger.
const VERSION_1: &str = "drop view sold; drop table events; drop table reservations; drop table sold_seats; drop table codes;
    create table reservations (reservation_id text not null primary key) strict, without rowid;
    create table sold_seats (event_id text not null, seat integer not null) strict;
    create table codes (event_id text not null, code integer not null) strict;
    pragma user_version = 1;";

#[tokio::test]
async fn an_older_file_is_brought_up_to_date_at_the_start() {
    let mut world = World::<Embedded>::on_sale().await;
    let bought = world.buy(&["A-1", "A-2"]).await;
    world
        .harness
        .embedded()
        .cancel_by_operator(bought.reservation_id, "bought by mistake".to_owned())
        .await
        .unwrap();
    world.buy(&["A-2"]).await;
    let directory = world.harness.into_directory();
    let judged = JournalReader::open(directory.path())
        .unwrap()
        .judged()
        .unwrap();
    let kept = &judged[&world.event];
    assert_eq!(
        (kept.sold_seats.len(), kept.reservations.len()),
        (1, 2),
        "something to lose"
    );
    database(directory.path()).execute_batch(VERSION_1).unwrap();
    let told = JournalReader::open(directory.path()).err().unwrap();
    assert!(matches!(told, OpenError::Older { .. }), "{told}");
    drop(open(directory.path()).unwrap());
    let again = JournalReader::open(directory.path()).unwrap();
    assert_eq!(again.judged().unwrap(), judged);
}

#[test]
fn what_is_stored_is_its_owners_only_also_in_a_directory_that_others_may_enter() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
    let store = open(directory.path()).unwrap();
    let files = std::fs::read_dir(directory.path()).unwrap();
    let modes: BTreeMap<String, u32> = files
        .map(Result::unwrap)
        .map(|file| {
            let name = file.file_name().into_string().unwrap();
            (name, file.metadata().unwrap().permissions().mode() & 0o777)
        })
        .collect();
    drop(store);
    let expected =
        ["jari.db", "jari.db-shm", "jari.db-wal", "lock"].map(|name| (name.to_owned(), 0o600));
    assert_eq!(modes, BTreeMap::from(expected));
}
