//! The journal in `SQLite`.

use std::path::{Path, PathBuf};

use jari_domain::fact::Recorded;
use jari_domain::reservation::Reservation;
use jari_domain::{Shop, Timestamp};
use jari_store::StoreError;
use rusqlite::{Connection, params};

use crate::judge::judge;
use crate::judged;
use crate::open::{self, OpenError};

/// What the judge must be told beside the facts: the seats that a confirmation sells.
pub(crate) struct Entry {
    pub(crate) recorded: Recorded,
    /// The reservation that the fact made or cancelled.
    pub(crate) sold: Option<Reservation>,
}

/// The journal, open to write.
pub(crate) struct Journal {
    connection: Connection,
    path: PathBuf,
}

impl Journal {
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        Ok(Self {
            connection: open::writer(path)?,
            path: path.to_owned(),
        })
    }

    /// Replays everything. Gives the state and the instant of the last fact. The judge has to agree: one that was
    /// damaged would refuse a sale in the middle of the evening, or let one through.
    pub(crate) fn replay(&self) -> Result<(Shop, Timestamp), OpenError> {
        let (shop, last) = replay(&self.connection, &self.path)?;
        let tables = judged::read(&self.connection);
        let tables = tables.map_err(|error| open::explain(&self.path, &error))?;
        match judged::difference(&tables, &judged::of(&shop)) {
            None => Ok((shop, last)),
            Some(what) => Err(OpenError::Damaged {
                path: self.path.clone(),
                what,
            }),
        }
    }

    /// Keeps all of `entries` or none.
    pub(crate) fn append(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        self.try_append(entries)
            .map_err(|error| self.explain(&error))
    }

    /// Lets the database grow to so many pages and no further, as a full disk does.
    #[cfg(test)]
    pub(crate) fn limit_pages(&self, pages: i64) {
        let pragma = format!("pragma max_page_count = {pages}");
        let limited = self.connection.query_row(&pragma, [], |_| Ok(()));
        assert!(limited.is_ok(), "{limited:?}");
    }

    fn try_append(&mut self, entries: &[Entry]) -> Result<(), rusqlite::Error> {
        let transaction = self
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        for entry in entries {
            append_fact(&transaction, &entry.recorded)?;
            judge(&transaction, &entry.recorded, entry.sold.as_ref())?;
        }
        transaction.commit()
    }

    fn explain(&self, error: &rusqlite::Error) -> StoreError {
        let path = self.path.display();
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::ConstraintViolation) => StoreError::Corrupt {
                table: "sold_seats, codes or reservations",
                row: "in the last batch".to_owned(),
                what: format!("{error}: the sale was stopped before anything was sold twice"),
            },
            Some(rusqlite::ErrorCode::DiskFull) => StoreError::Unavailable(format!(
                "no space is left for {path}: free some, and it goes on by itself"
            )),
            _ => StoreError::Unavailable(format!("{path} can't be written: {error}")),
        }
    }
}

fn append_fact(connection: &Connection, recorded: &Recorded) -> Result<(), rusqlite::Error> {
    let (at, event_id, fact) = match recorded {
        Recorded::Event { event_id, at, fact } => {
            (at, Some(event_id.as_str()), serde_json::to_string(fact))
        }
        Recorded::Shop { at, fact } => (at, None, serde_json::to_string(fact)),
    };
    let fact = fact.map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    connection
        .prepare_cached("insert into journal (at, event_id, fact) values (?1, ?2, ?3)")?
        .execute(params![at.0, event_id, fact])?;
    Ok(())
}

pub(crate) fn replay(connection: &Connection, path: &Path) -> Result<(Shop, Timestamp), OpenError> {
    let mut shop = Shop::default();
    let mut last = Timestamp::default();
    read(connection, path, |seq, recorded| {
        last = last.max(match &recorded {
            Recorded::Event { at, .. } | Recorded::Shop { at, .. } => *at,
        });
        if shop.replay(&recorded).is_some() {
            Ok(())
        } else {
            Err(damaged(path, seq, "it can't follow what came before it"))
        }
    })?;
    Ok((shop, last))
}

pub(crate) fn read(
    connection: &Connection,
    path: &Path,
    mut each: impl FnMut(i64, Recorded) -> Result<(), OpenError>,
) -> Result<(), OpenError> {
    let explain = |error: rusqlite::Error| open::explain(path, &error);
    let mut statement = connection
        .prepare("select seq, at, event_id, fact from journal order by seq")
        .map_err(explain)?;
    let mut rows = statement.query([]).map_err(explain)?;
    while let Some(row) = rows.next().map_err(explain)? {
        let seq: i64 = row.get(0).map_err(explain)?;
        let recorded = parse(row).map_err(|what| damaged(path, seq, &what))?;
        each(seq, recorded)?;
    }
    Ok(())
}

fn parse(row: &rusqlite::Row<'_>) -> Result<Recorded, String> {
    let text = |error: rusqlite::Error| error.to_string();
    let at = Timestamp(row.get(1).map_err(text)?);
    let event_id = row
        .get_ref(2)
        .map_err(text)?
        .as_str_or_null()
        .map_err(|e| e.to_string())?;
    let fact = row
        .get_ref(3)
        .map_err(text)?
        .as_str()
        .map_err(|e| e.to_string())?;
    Recorded::parse(at, event_id, fact)
}

fn damaged(path: &Path, seq: i64, what: &str) -> OpenError {
    OpenError::Damaged {
        path: path.to_owned(),
        what: format!("journal, seq {seq}: {what}"),
    }
}
