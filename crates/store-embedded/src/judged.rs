//! What the judge's tables say, and what they ought to say.

use std::collections::BTreeSet;

use jari_domain::id::{EventId, HoldId, ReservationId};
use jari_domain::{Shop, Timestamp};
use rusqlite::{Connection, Row};
use uuid::Uuid;

/// One sold seat or one code in use, as the judge's tables have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct JudgeRow {
    /// The event.
    pub event_id: EventId,
    /// The seat's index, or the code.
    pub number: u32,
    /// Whose.
    pub reservation_id: ReservationId,
}

/// A reservation, as the judge's table has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct JudgedReservation {
    /// The event.
    pub event_id: EventId,
    /// Its id.
    pub reservation_id: ReservationId,
    /// The hold it came from.
    pub hold_id: HoldId,
    /// Its code.
    pub code: u32,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// When it was cancelled, if it was.
    pub cancelled_at: Option<Timestamp>,
}

/// What the judge's tables say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// Seats sold, by event and seat.
    pub sold_seats: Vec<JudgeRow>,
    /// Codes in use, by event and code.
    pub codes: Vec<JudgeRow>,
    /// All reservations, cancelled ones too.
    pub reservations: Vec<JudgedReservation>,
}

impl Judged {
    /// Reads the tables.
    pub(crate) fn read(connection: &Connection) -> Result<Self, rusqlite::Error> {
        // Left joins: a row whose reservation is gone is an error, not a row less.
        let numbers = |table: &str| {
            let sql = format!(
                "select event_id, place & 0xFFFFFFFF, reservation_id from {table} \
                 left join reservations using (reservation) left join events on events.event = place >> 32"
            );
            let sql = sql.as_str();
            rows(connection, sql, |row| {
                Ok(JudgeRow {
                    event_id: parsed(row, 0, EventId::parse)?,
                    number: row.get(1)?,
                    reservation_id: ReservationId(whose(row, table)?),
                })
            })
        };
        let reservations = rows(
            connection,
            "select event_id, reservation_id, hold_id, code, confirmed_at, cancelled_at \
             from reservations left join events using (event)",
            |row| {
                Ok(JudgedReservation {
                    event_id: parsed(row, 0, EventId::parse)?,
                    reservation_id: ReservationId(id(row, 1)?),
                    hold_id: HoldId(id(row, 2)?),
                    code: row.get(3)?,
                    confirmed_at: Timestamp(row.get(4)?),
                    cancelled_at: row.get::<_, Option<i64>>(5)?.map(Timestamp),
                })
            },
        )?;
        Ok(Judged {
            sold_seats: numbers("sold_seats")?,
            codes: numbers("codes")?,
            reservations,
        })
    }

    /// What the tables say of a shop whose every sale they were told of.
    pub(crate) fn of(shop: &Shop) -> Self {
        let mut judged = Self::default();
        for (event_id, sale) in shop.sales() {
            for (_, reservation) in sale.reservations().after(0) {
                let row = |number| JudgeRow {
                    event_id: event_id.clone(),
                    number,
                    reservation_id: reservation.reservation_id,
                };
                if reservation.cancelled_at.is_none() {
                    judged.codes.push(row(reservation.code));
                    let seats = reservation.seats.iter().map(|priced| row(priced.seat));
                    judged.sold_seats.extend(seats);
                }
                judged.reservations.push(JudgedReservation {
                    event_id: event_id.clone(),
                    reservation_id: reservation.reservation_id,
                    hold_id: reservation.hold_id,
                    code: reservation.code,
                    confirmed_at: reservation.confirmed_at,
                    cancelled_at: reservation.cancelled_at,
                });
            }
        }
        judged
    }

    /// The first thing in which the tables differ from the journal, in words.
    pub(crate) fn difference_from(&self, journal: &Self) -> Option<String> {
        let numbers = |what: &str, tables: &[JudgeRow], journal: &[JudgeRow]| {
            difference(tables, journal, |row| {
                format!("{what} {} of event {}", row.number, row.event_id)
            })
        };
        numbers("sold_seats: seat", &self.sold_seats, &journal.sold_seats)
            .or_else(|| numbers("codes: code", &self.codes, &journal.codes))
            .or_else(|| {
                difference(&self.reservations, &journal.reservations, |row| {
                    format!(
                        "reservations: {} of event {}",
                        row.reservation_id, row.event_id
                    )
                })
            })
    }
}

/// A row that one side has and the other has not, or has otherwise.
fn difference<T: Ord>(tables: &[T], journal: &[T], name: impl Fn(&T) -> String) -> Option<String> {
    let (tables, journal): (BTreeSet<_>, BTreeSet<_>) =
        (tables.iter().collect(), journal.iter().collect());
    if let Some(row) = journal.difference(&tables).next() {
        return Some(format!(
            "{} is missing, or not as the journal has it",
            name(row)
        ));
    }
    let row = tables.difference(&journal).next()?;
    Some(format!("{} is not in the journal", name(row)))
}

fn rows<T>(
    connection: &Connection,
    sql: &str,
    parse: impl Fn(&Row<'_>) -> Result<T, rusqlite::Error>,
) -> Result<Vec<T>, rusqlite::Error> {
    connection
        .prepare(sql)?
        .query_map([], |row| parse(row))?
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

/// Reads a column of text as what it stands for.
fn parsed<T, E: std::error::Error + Send + Sync + 'static>(
    row: &Row<'_>,
    column: usize,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<T, rusqlite::Error> {
    let text: String = row.get(column)?;
    let wrong = |error| {
        let text = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(column, text, Box::new(error))
    };
    parse(&text).map_err(wrong)
}
