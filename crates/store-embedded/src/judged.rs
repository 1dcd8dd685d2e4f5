//! What the judge's tables say, and what they ought to say.

use std::collections::{BTreeMap, BTreeSet};

use jari_domain::id::{EventId, HoldId, ReservationId};
use jari_domain::stored::{Stored, StoredReservation};
use jari_domain::{Shop, Timestamp};
use rusqlite::{Connection, Row};
use uuid::Uuid;

/// What the judge's tables say, by event.
pub type Judged = BTreeMap<EventId, Stored>;

/// Reads the tables.
pub(crate) fn read(connection: &Connection) -> Result<Judged, rusqlite::Error> {
    let mut judged = Judged::new();
    let reservations = rows(
        connection,
        "select event_id, reservation_id, hold_id, code, confirmed_at, cancelled_at \
         from reservations left join events using (event)",
        |row| {
            Ok(StoredReservation {
                reservation_id: ReservationId(id(row, 1)?),
                hold_id: HoldId(id(row, 2)?),
                code: row.get(3)?,
                confirmed_at: Timestamp(row.get(4)?),
                cancelled_at: row.get::<_, Option<i64>>(5)?.map(Timestamp),
            })
        },
    )?;
    for (event_id, row) in reservations {
        judged.entry(event_id).or_default().reservations.insert(row);
    }
    for (event_id, row) in numbers(connection, "sold_seats")? {
        judged.entry(event_id).or_default().sold_seats.insert(row);
    }
    for (event_id, row) in numbers(connection, "codes")? {
        judged.entry(event_id).or_default().codes.insert(row);
    }
    Ok(judged)
}

/// What the tables have to say of a shop whose every sale they were told of.
pub(crate) fn of(shop: &Shop) -> Judged {
    let sales = shop.sales();
    let sales = sales.map(|(event_id, sale)| (event_id.clone(), Stored::of(sale)));
    // The tables know of no event that has sold nothing.
    sales
        .filter(|(_, stored)| *stored != Stored::default())
        .collect()
}

/// The first thing in which the tables differ from the journal, in words.
pub(crate) fn difference(tables: &Judged, journal: &Judged) -> Option<String> {
    let events: BTreeSet<_> = tables.keys().chain(journal.keys()).collect();
    let nothing = Stored::default();
    events.into_iter().find_map(|event_id| {
        let kept = tables.get(event_id).unwrap_or(&nothing);
        let what = kept.difference_from(journal.get(event_id).unwrap_or(&nothing))?;
        Some(format!("event {event_id}: {what}"))
    })
}

/// Which seat or code is whose.
fn numbers(
    connection: &Connection,
    table: &str,
) -> Result<Rows<(u32, ReservationId)>, rusqlite::Error> {
    // Left joins: a row whose reservation is gone is an error, not a row less.
    let sql = format!(
        "select event_id, place & 0xFFFFFFFF, reservation_id from {table} \
         left join reservations using (reservation) left join events on events.event = place >> 32"
    );
    rows(connection, &sql, |row| {
        Ok((row.get(1)?, ReservationId(whose(row, table)?)))
    })
}

type Rows<T> = Vec<(EventId, T)>;

/// Reads rows whose first column is their event.
fn rows<T>(
    connection: &Connection,
    sql: &str,
    parse: impl Fn(&Row<'_>) -> Result<T, rusqlite::Error>,
) -> Result<Rows<T>, rusqlite::Error> {
    connection
        .prepare(sql)?
        .query_map([], |row| Ok((event(row)?, parse(row)?)))?
        .collect()
}

/// Whose a row is; one that is nobody's is told with its table.
fn whose(row: &Row<'_>, table: &str) -> Result<Uuid, rusqlite::Error> {
    let reservation: Option<[u8; 16]> = row.get(2)?;
    reservation.map(Uuid::from_bytes).ok_or_else(|| {
        let what = format!("{table}: a row belongs to no reservation");
        rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Null, what.into())
    })
}

/// Reads a column of sixteen bytes.
fn id(row: &Row<'_>, column: usize) -> Result<Uuid, rusqlite::Error> {
    row.get(column).map(Uuid::from_bytes)
}

fn event(row: &Row<'_>) -> Result<EventId, rusqlite::Error> {
    let text: String = row.get(0)?;
    EventId::parse(&text).map_err(|error| {
        let text = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(0, text, Box::new(error))
    })
}
