//! Servers and instances under test.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jari_domain::Timestamp;
use jari_store::Store;
use jari_store::conformance::Harness;
use jari_store::conformance::world::BEGINNING;
use test_servers::{Postgres, Redis, RedisCluster};

use crate::{Clock, ClusterSettings, ClusterStore, Now};

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub(super) struct Standing(Arc<AtomicI64>);

impl Standing {
    pub(super) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(BEGINNING.0)))
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    pub(super) fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    fn clock(&self) -> Clock {
        let clock = self.clone();
        let now: Now = Arc::new(move || clock.now());
        Clock::Given(now)
    }
}

/// Opens an instance.
pub(super) fn open(redis_url: &str, database_url: &str, clock: &Standing) -> Arc<ClusterStore> {
    let settings = ClusterSettings {
        redis_url: redis_url.to_owned(),
        database_url: database_url.to_owned(),
        migrate: true,
        clock: clock.clock(),
    };
    ClusterStore::open(settings).unwrap()
}

/// Some kind of Redis.
pub(super) trait Kind: Send + Sync + 'static {
    fn start() -> Self;
    fn address(&self) -> String;
}

impl Kind for Redis {
    fn start() -> Self {
        Self::start()
    }

    fn address(&self) -> String {
        self.url()
    }
}

impl Kind for RedisCluster {
    fn start() -> Self {
        Self::start()
    }

    fn address(&self) -> String {
        self.url()
    }
}

/// One instance on servers of its own.
pub(super) struct Alone<R> {
    store: Option<Arc<ClusterStore>>,
    clock: Standing,
    redis: R,
    postgres: Postgres,
}

impl<R: Kind> Harness for Alone<R> {
    fn fresh() -> Self {
        let (redis, postgres, clock) = (R::start(), Postgres::start(), Standing::new());
        let store = Some(open(&redis.address(), &postgres.url(), &clock));
        Self {
            store,
            clock,
            redis,
            postgres,
        }
    }

    fn store(&self) -> Arc<dyn Store> {
        self.store.clone().unwrap()
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn advance(&self, ms: i64) {
        self.clock.advance(ms);
    }

    fn reopen(&mut self) {
        self.store = None;
        self.store = Some(open(
            &self.redis.address(),
            &self.postgres.url(),
            &self.clock,
        ));
    }
}
