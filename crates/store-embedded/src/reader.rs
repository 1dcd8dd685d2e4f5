//! Reading what is stored, beside whoever writes it.

use std::path::{Path, PathBuf};

use jari_domain::Shop;
use jari_domain::fact::Recorded;
use rusqlite::Connection;

use crate::journal::{read, replay};
use crate::judged::{self, Judged};
use crate::open::{self, OpenError};

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
        judged::read(&self.connection).map_err(|error| open::explain(&self.path, &error))
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
