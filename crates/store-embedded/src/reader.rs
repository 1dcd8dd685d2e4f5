//! Reading what is stored, beside whoever writes it.

use std::path::{Path, PathBuf};

use jari_domain::fact::Recorded;
use jari_domain::id::{EventId, HoldId, ReservationId};
use jari_domain::{Shop, Timestamp};
use rusqlite::{Connection, Row};
use uuid::Uuid;

use crate::journal::{read, replay};
use crate::open::{self, OpenError};

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
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// The journal, open to read beside whoever writes it. All it tells is of one instant.
pub struct JournalReader {
    connection: Connection,
    path: PathBuf,
}

impl JournalReader {
    /// Opens the journal of a data directory.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        let path = directory.join(open::DATABASE);
        let connection = open::reader(&path)?;
        connection
            .execute_batch("begin; select count(*) from sqlite_schema;")
            .map_err(|error| open::explain(&path, &error))?;
        Ok(Self { connection, path })
    }

    /// Every fact, in order.
    pub fn each(&self, mut each: impl FnMut(Recorded)) -> Result<(), OpenError> {
        read(&self.connection, &self.path, |_, recorded| {
            each(recorded);
            Ok(())
        })
    }

    /// The state that the facts add up to.
    pub fn replay(&self) -> Result<Shop, OpenError> {
        replay(&self.connection, &self.path).map(|(shop, _)| shop)
    }

    /// What the judge's tables say.
    pub fn judged(&self) -> Result<Judged, OpenError> {
        // Left joins: a row whose reservation is gone is an error, not a row less.
        let numbers = |table: &str| {
            let sql = format!(
                "select event_id, place & 0xFFFFFFFF, reservation_id from {table} \
                 left join reservations using (reservation) left join events on events.event = place >> 32"
            );
            let sql = sql.as_str();
            self.rows(sql, |row| {
                Ok(JudgeRow {
                    event_id: parsed(row, 0, EventId::parse)?,
                    number: row.get(1)?,
                    reservation_id: ReservationId(id(row, 2)?),
                })
            })
        };
        let reservations = self.rows(
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

    fn rows<T>(
        &self,
        sql: &str,
        parse: impl Fn(&Row<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<Vec<T>, OpenError> {
        let explain = |error: rusqlite::Error| open::explain(&self.path, &error);
        let mut statement = self.connection.prepare(sql).map_err(explain)?;
        let rows = statement.query_map([], |row| parse(row)).map_err(explain)?;
        rows.collect::<Result<_, _>>().map_err(explain)
    }

    /// What `SQLite` itself finds wrong with the file; empty if nothing.
    pub fn integrity_problems(&self) -> Result<Vec<String>, OpenError> {
        let explain = |error: rusqlite::Error| open::explain(&self.path, &error);
        let mut statement = self
            .connection
            .prepare("pragma quick_check")
            .map_err(explain)?;
        let rows = statement.query_map([], |row| row.get(0)).map_err(explain)?;
        let found: Vec<String> = rows.collect::<Result<_, _>>().map_err(explain)?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }
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
