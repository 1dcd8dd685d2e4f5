//! The data directory: its lock, its database, and what can be wrong with them.

use std::ffi::{OsStr, OsString};
use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jari_domain::{Shop, Timestamp};
use rusqlite::Connection;

use crate::{journal, judge};

/// Where the store's time comes from.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The database's name in the data directory.
pub(crate) const DATABASE: &str = "jari.db";
const LOCK: &str = "lock";
/// Names and telephone numbers are no business of other users of the machine, whoever made the directory.
const OWNERS_ONLY: u32 = 0o600;
/// `"JARI"` in ASCII: how a database of ours is told from any other.
const APPLICATION_ID: i32 = 0x4A41_5249;
/// 2: the judge's rows became smaller.
const SCHEMA_VERSION: i32 = 2;
const SCHEMA: &str = include_str!("schema.sql");

/// Why a data directory can't be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It can't be made, read or written.
    #[error("{path}: {what}. Choose another directory with --data, or mend its permissions.")]
    Directory {
        /// The directory or a file in it.
        path: PathBuf,
        /// What the system said.
        what: std::io::Error,
    },
    /// It is in use.
    #[error(
        "{path} is in use by another jari process. Stop that one, or choose another directory with --data."
    )]
    InUse {
        /// The directory.
        path: PathBuf,
    },
    /// There is a file of that name that is not ours.
    #[error(
        "{path} is not a database of Jari's ({what}). Move it away, or choose another directory with --data."
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// How that is known.
        what: String,
    },
    /// There is no database.
    #[error(
        "{path} does not exist: there is no Jari data in this directory. Name the right one with --data."
    )]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// It was written by a newer version.
    #[error(
        "{path} was written by a newer version of Jari (schema {found}, this one knows {known}). Use that version."
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The schema's version in the file.
        found: i32,
        /// The newest one this program knows.
        known: i32,
    },
    /// It was written by an older version, and is only read here.
    #[error(
        "{path} was written by an older version of Jari. Start `jari serve` on this directory once: it brings it up to date."
    )]
    Older {
        /// The file.
        path: PathBuf,
    },
    /// It is damaged.
    #[error(
        "{path} is damaged: {what}. Keep a copy of the directory, then restore it from a backup."
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        what: String,
    },
}

/// A data directory that is ours alone for as long as this lives.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) database: PathBuf,
    _lock: File,
}

impl Directory {
    /// Makes the directory if need be, and locks it.
    pub(crate) fn lock(path: &Path) -> Result<Self, OpenError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |what| OpenError::Directory { path, what }
        };
        // Names and telephone numbers live here: nobody else on the machine is to read them.
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(failed(path))?;
        let lock_path = path.join(LOCK);
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(OWNERS_ONLY)
            .open(&lock_path)
            .map_err(failed(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                database: path.join(DATABASE),
                _lock: lock,
            }),
            Err(std::fs::TryLockError::WouldBlock) => Err(OpenError::InUse {
                path: path.to_owned(),
            }),
            Err(std::fs::TryLockError::Error(what)) => Err(failed(&lock_path)(what)),
        }
    }
}

/// Opens the database to write, and makes it if it is not there.
pub(crate) fn writer(path: &Path) -> Result<Connection, OpenError> {
    // SQLite gives its journal the mode of the database, so the database gets the right one before SQLite sees it.
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(OWNERS_ONLY)
        .open(path);
    if let Err(what) = made
        && what.kind() != std::io::ErrorKind::AlreadyExists
    {
        let path = path.to_owned();
        return Err(OpenError::Directory { path, what });
    }
    let connection = Connection::open(path).map_err(|error| explain(path, &error))?;
    // Whose file it is comes first: a stranger's must not be touched.
    match identity(&connection).map_err(|error| explain(path, &error))? {
        (0, 0) if is_empty(&connection, path)? => {
            set_up(&connection).map_err(|error| explain(path, &error))?;
            create(&connection, path)?;
        }
        (APPLICATION_ID, 1) => {
            set_up(&connection).map_err(|error| explain(path, &error))?;
            rebuild_judge(&connection, path)?;
        }
        found => {
            check_identity(path, found)?;
            set_up(&connection).map_err(|error| explain(path, &error))?;
        }
    }
    Ok(connection)
}

fn set_up(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    // FULL: a commit has reached the disk when it returns. That is the promise.
    connection.pragma_update(None, "synchronous", "full")?;
    // A checkpoint every 32 MiB rather than every 4: fewer pauses, and a restart reads it back in a blink.
    connection.pragma_update(None, "wal_autocheckpoint", 8192)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(())
}

/// Opens the database to read, also beside a program that writes.
pub(crate) fn reader(path: &Path) -> Result<Connection, OpenError> {
    if !path.exists() {
        return Err(OpenError::Missing {
            path: path.to_owned(),
        });
    }
    let flags =
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = |name: &OsStr, flags| {
        let connection = Connection::open_with_flags(Path::new(name), flags)?;
        let found = identity(&connection)?;
        Ok::<_, rusqlite::Error>((connection, found))
    };
    let opened = match open(path.as_os_str(), flags) {
        // SQLite keeps a file beside the database even to read it. Where none can be made, in a copy on a medium that
        // can't be written, say, the database is read as a file that nobody changes: right if no log lies beside it.
        Err(error)
            if matches!(
                error.sqlite_error_code(),
                Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly)
            ) && !has_log(path) =>
        {
            let flags = flags | rusqlite::OpenFlags::SQLITE_OPEN_URI;
            open(&as_it_lies(path), flags)
        }
        opened => opened,
    };
    let (connection, found) = opened.map_err(|error| explain(path, &error))?;
    check_identity(path, found)?;
    Ok(connection)
}

/// Whether a log with anything in it lies beside the database: it is emptied when the server stops in order.
fn has_log(path: &Path) -> bool {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    std::fs::metadata(name).is_ok_and(|log| log.len() > 0)
}

/// A URI that makes `SQLite` read the file alone, whatever lies beside it.
fn as_it_lies(path: &Path) -> OsString {
    let mut uri = b"file:".to_vec();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'%' | b'?' | b'#' => uri.extend(format!("%{byte:02X}").into_bytes()),
            _ => uri.push(*byte),
        }
    }
    uri.extend(b"?immutable=1");
    OsString::from_vec(uri)
}

pub(crate) fn explain(path: &Path, error: &rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => OpenError::Foreign {
            path,
            what: "not an SQLite file, or its beginning was overwritten".to_owned(),
        },
        Some(
            rusqlite::ErrorCode::CannotOpen
            | rusqlite::ErrorCode::PermissionDenied
            | rusqlite::ErrorCode::ReadOnly
            | rusqlite::ErrorCode::DiskFull
            | rusqlite::ErrorCode::SystemIoFailure,
        ) => OpenError::Directory {
            path,
            what: std::io::Error::other(error.to_string()),
        },
        _ => OpenError::Damaged {
            path,
            what: error.to_string(),
        },
    }
}

fn identity(connection: &Connection) -> Result<(i32, i32), rusqlite::Error> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((pragma("application_id")?, pragma("user_version")?))
}

fn check_identity(path: &Path, found: (i32, i32)) -> Result<(), OpenError> {
    let path = path.to_owned();
    match found {
        (APPLICATION_ID, SCHEMA_VERSION) => Ok(()),
        (APPLICATION_ID, found) if found < SCHEMA_VERSION => Err(OpenError::Older { path }),
        (APPLICATION_ID, found) => Err(OpenError::Newer {
            path,
            found,
            known: SCHEMA_VERSION,
        }),
        _ => Err(OpenError::Foreign {
            path,
            what: "another program's SQLite file".to_owned(),
        }),
    }
}

fn is_empty(connection: &Connection, path: &Path) -> Result<bool, OpenError> {
    connection
        .query_row("select count(*) = 0 from sqlite_schema", [], |row| {
            row.get(0)
        })
        .map_err(|error| explain(path, &error))
}

fn create(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    at_once(connection, path, || {
        connection
            .execute_batch(SCHEMA)
            .map_err(|error| explain(path, &error))?;
        judge::build(connection, &Shop::default()).map_err(|error| explain(path, &error))
    })
}

/// The judge's tables follow from the journal: those of another version are made anew from it.
fn rebuild_judge(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let (shop, _) = journal::replay(connection, path)?;
    at_once(connection, path, || {
        let dropped = "drop table reservations; drop table sold_seats; drop table codes;";
        connection
            .execute_batch(dropped)
            .map_err(|error| explain(path, &error))?;
        judge::build(connection, &shop).map_err(|error| explain(path, &error))
    })
}

/// Makes a database of this version, in one transaction.
fn at_once(
    connection: &Connection,
    path: &Path,
    make: impl FnOnce() -> Result<(), OpenError>,
) -> Result<(), OpenError> {
    let run = |sql: &str| {
        connection
            .execute_batch(sql)
            .map_err(|error| explain(path, &error))
    };
    run("begin immediate")?;
    make()?;
    run(&format!(
        "pragma application_id = {APPLICATION_ID}; pragma user_version = {SCHEMA_VERSION}; commit;"
    ))
}
