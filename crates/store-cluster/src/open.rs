//! What a cluster store must be told, and what can be wrong with it.

use std::sync::Arc;
use std::time::Duration;

use jari_domain::Timestamp;
use redis::{ErrorKind, RedisError, ServerErrorKind};
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;
use tokio_postgres::error::SqlState;

use crate::database::Database;
use crate::journal::explain;
use crate::link::Address;
use crate::migrate::migrate as bring_up_to_date;

/// A clock for tests, which move it.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Where the store's time comes from.
#[derive(Clone, Default)]
pub enum Clock {
    /// From Redis, for all instances alike.
    #[default]
    Redis,
    /// From whoever opens the store: for tests, which move time rather than wait.
    Given(Now),
}

/// What a cluster store must be told.
#[derive(Clone)]
pub struct ClusterSettings {
    /// `redis://host:port`, `rediss://…`, `redis+cluster://host:port,host:port` or
    /// `redis+sentinel://host:port,host:port/name`.
    pub redis_url: String,
    /// `postgres://user:password@host:port/database`.
    pub database_url: String,
    /// Whether to bring the schema up to date first, or to refuse one that is not.
    pub migrate: bool,
    /// A name that no other instance has, also not the same one after a restart.
    pub instance: String,
    /// Where time comes from.
    pub clock: Clock,
}

impl ClusterSettings {
    /// What is wrong with an address of Redis, if anything is. Asks no server.
    pub fn check_redis_url(url: &str) -> Result<(), String> {
        Address::parse(url).map(drop)
    }

    /// What is wrong with an address of `PostgreSQL`, if anything is. Asks no server.
    pub fn check_database_url(url: &str) -> Result<(), String> {
        // Its own words don't repeat the URL, which has a password in it.
        Database::parse(url)
            .map(drop)
            .map_err(|error| explain(&error))
    }
}

/// Why a cluster store can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Redis's address can't be read.
    #[error("the address of Redis can't be used: {0}")]
    RedisUrl(String),
    /// `PostgreSQL`'s address can't be read.
    #[error("the address of PostgreSQL can't be used: {0}")]
    DatabaseUrl(String),
    /// Redis does not answer; it may later.
    #[error("Redis does not answer: {0}")]
    RedisAway(String),
    /// Redis does not do what it is asked.
    #[error("Redis refuses: {0}")]
    Redis(String),
    /// `PostgreSQL` does not answer; it may later.
    #[error("PostgreSQL does not answer: {0}")]
    DatabaseAway(String),
    /// `PostgreSQL` does not do what it is asked.
    #[error("PostgreSQL refuses: {0}")]
    Database(String),
    /// The schema is not the one this program knows.
    #[error(
        "the schema in PostgreSQL has version {found}, this program knows {known}. {}",
        if found < known { "Migrate it first." } else { "Use a newer program." }
    )]
    Schema {
        /// Its version.
        found: i32,
        /// The newest one this program knows.
        known: i32,
    },
    /// What is stored contradicts itself.
    #[error("what is in PostgreSQL is damaged: {0}. Restore it from a backup.")]
    Damaged(String),
    /// The machine has no thread for it.
    #[error("the store can't be started: {0}")]
    Thread(#[from] std::io::Error),
}

impl OpenError {
    pub(crate) fn database(error: &tokio_postgres::Error) -> Self {
        let what = explain(error);
        if is_away(error) {
            Self::DatabaseAway(what)
        } else {
            Self::Database(what)
        }
    }

    pub(crate) fn redis(error: &RedisError) -> Self {
        let what = error.to_string();
        if REDIS_AWAY.contains(&error.kind()) {
            Self::RedisAway(what)
        } else {
            Self::Redis(what)
        }
    }

    /// Whether it may be otherwise in a moment, with nobody doing anything about it here.
    const fn passes(&self) -> bool {
        matches!(self, Self::RedisAway(_) | Self::DatabaseAway(_))
    }
}

/// How Redis says that it was not reached, or is not ready yet.
const REDIS_AWAY: [ErrorKind; 7] = [
    ErrorKind::Io,
    ErrorKind::ClusterConnectionNotFound,
    ErrorKind::MasterNameNotFoundBySentinel,
    ErrorKind::Server(ServerErrorKind::BusyLoading),
    ErrorKind::Server(ServerErrorKind::ClusterDown),
    ErrorKind::Server(ServerErrorKind::MasterDown),
    ErrorKind::Server(ServerErrorKind::TryAgain),
];

/// Whether `PostgreSQL` was not reached, or is starting or stopping.
fn is_away(error: &tokio_postgres::Error) -> bool {
    let not_reached = || {
        let source = std::error::Error::source(error);
        error.is_closed() || source.is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
    };
    error.code().map_or_else(not_reached, |code| {
        [
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::TOO_MANY_CONNECTIONS,
        ]
        .contains(code)
    })
}

/// How a store is waited for.
pub(crate) enum Patience {
    /// Not at all.
    None,
    /// For a while; what is waited for is told.
    Some(Box<dyn Fn(String) + Send>),
}

/// A store that was away for so long when a program started is not coming: whatever has started the program is to know.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often a store that is away is asked again.
const AGAIN_AFTER: Duration = Duration::from_millis(200);

impl Patience {
    /// Does `open` until it is done, or fails in a way that does not pass.
    pub(crate) async fn until_opened<T>(
        self,
        mut open: impl AsyncFnMut() -> Result<T, OpenError>,
    ) -> Result<T, OpenError> {
        let began = Instant::now();
        let mut waits_for = None;
        loop {
            let error = match open().await {
                Err(error) if error.passes() && began.elapsed() < PATIENCE => error,
                done => return done,
            };
            let Self::Some(tell) = &self else {
                return Err(error);
            };
            tell(error.to_string());
            // Once for each of both, not five times a second.
            let part = std::mem::discriminant(&error);
            if waits_for.replace(part) != Some(part) {
                let seconds = PATIENCE.as_secs();
                tracing::warn!("{error}; waiting for it, {seconds} seconds at most");
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }
}

/// Brings the schema up to date, once `PostgreSQL` is there. Safe when several instances do it at once. Must not be
/// called on a runtime's worker.
pub fn migrate(database_url: &str) -> Result<(), OpenError> {
    let database = database(database_url)?;
    let migrated = Patience::Some(Box::new(drop)).until_opened(async || {
        let mut client = database
            .connect()
            .await
            .map_err(|error| OpenError::database(&error))?;
        bring_up_to_date(&mut client).await
    });
    runtime()?.block_on(migrated)
}

pub(crate) fn database(url: &str) -> Result<Database, OpenError> {
    // Its own words don't repeat the URL, which has a password in it.
    Database::parse(url).map_err(|error| OpenError::DatabaseUrl(explain(&error)))
}

pub(crate) fn redis(url: &str) -> Result<Address, OpenError> {
    Address::parse(url).map_err(OpenError::RedisUrl)
}

/// The runtime of one thread.
pub(crate) fn runtime() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}
