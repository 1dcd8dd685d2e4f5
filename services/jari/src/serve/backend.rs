//! Where the state lives: the only place of this program that names a backend to serve on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jari_contract::configuration::StoreUrls;
use jari_domain::Timestamp;
use jari_store::Store;
use jari_store_cluster::{Clock as ClusterClock, ClusterSettings, ClusterStore};
use jari_store_embedded::{EmbeddedStore, Now};
use service_kit::environment::{Environment, Wrong};
use service_kit::startup::Waiting;
use service_kit::{Clock, SystemClock, SystemEntropy, program};

use super::keys::Keys;

/// Where the state lives.
pub enum Backend {
    /// In a directory of this machine.
    Directory {
        /// Which one.
        data: PathBuf,
        /// The operator key, if it is not to be the one in the directory.
        operator_key: Option<String>,
    },
    /// In `PostgreSQL` and Redis, which other instances may use as well.
    Cluster {
        /// Where they are.
        urls: StoreUrls,
        /// The keys of all instances.
        keys: Keys,
    },
}

impl Backend {
    /// Reads from variables what many machines share; all that is wrong if it can't be.
    pub fn cluster(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, Wrong> {
        Environment::all(get, |environment| {
            let urls = StoreUrls::read(
                environment,
                ClusterSettings::check_redis_url,
                ClusterSettings::check_database_url,
            );
            let keys = Keys::read(environment);
            let (urls, keys) = urls.zip(keys)?;
            Some(Self::Cluster { urls, keys })
        })
    }

    /// Opens it; with the keys to serve with, and what a person calls the place. Stores that are away are waited for.
    pub fn open(self, waiting: &Waiting) -> anyhow::Result<(Arc<dyn Store>, Keys, String)> {
        match self {
            Self::Directory { data, operator_key } => {
                let (store, keys) = open_directory(&data, operator_key.as_deref())?;
                Ok((store, keys, data.display().to_string()))
            }
            Self::Cluster { urls, keys } => {
                let settings = ClusterSettings {
                    redis_url: urls.redis,
                    database_url: urls.database,
                    migrate: urls.migrate,
                    instance: program::instance("jari"),
                    clock: ClusterClock::Redis,
                };
                let waiting = waiting.clone();
                let tell = move |what| waiting.say(what);
                let store = ClusterStore::open_when_there(settings, Vec::new(), tell)?;
                Ok((store, keys, "in PostgreSQL, with Redis".to_owned()))
            }
        }
    }
}

fn open_directory(
    data: &Path,
    operator_key: Option<&str>,
) -> anyhow::Result<(Arc<dyn Store>, Keys)> {
    let clock = SystemClock;
    let now: Now = Arc::new(move || Timestamp(clock.now_ms()));
    let store = EmbeddedStore::open(data, now)?;
    let keys = Keys::of(data, operator_key, &SystemEntropy)?;
    Ok((Arc::new(store), keys))
}
