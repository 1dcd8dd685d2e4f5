//! What a cluster store must be told, and what can be wrong with it.

use std::sync::Arc;

use jari_domain::Timestamp;
use tokio::runtime::{Builder, Runtime};

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
    /// Redis does not answer.
    #[error("Redis does not answer: {0}")]
    Redis(String),
    /// `PostgreSQL` does not answer.
    #[error("PostgreSQL does not answer: {0}")]
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
        Self::Database(explain(error))
    }
}

/// Brings the schema up to date. Safe when several instances do it at once. Must not be called on a runtime's
/// worker.
pub fn migrate(database_url: &str) -> Result<(), OpenError> {
    let database = database(database_url)?;
    runtime()?.block_on(async {
        let mut client = database
            .connect()
            .await
            .map_err(|error| OpenError::database(&error))?;
        bring_up_to_date(&mut client).await
    })
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
