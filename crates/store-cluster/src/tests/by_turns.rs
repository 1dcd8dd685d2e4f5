//! Two instances that are asked by turns, and hear of each other in their turns alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jari_domain::{Shop, Timestamp};
use jari_store::conformance::Harness;
use jari_store::conformance::world::done;
use jari_store::{Follower, OneShop, Result, Store};
use test_servers::{Postgres, Redis};

use super::world::{Standing, open};
use crate::ClusterStore;
use crate::store::Message;

/// Two instances behind one door.
struct ByTurns {
    instances: [Arc<ClusterStore>; 2],
    asked: AtomicUsize,
}

impl OneShop for ByTurns {
    async fn run<T, F>(&self, operation: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Shop, Timestamp) -> Result<T> + Send + 'static,
    {
        let nth = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.instances[nth % 2].run(operation).await;
        // Whoever follows the first one is shown what the second one did. Nothing is decided by it.
        self.instances[0].run(|_, _| Ok(())).await?;
        answer
    }
}

impl Store for ByTurns {
    fn follow(&self, follower: Arc<dyn Follower>) {
        self.instances[0].follow(follower);
    }
}

/// The same with servers of their own.
pub(super) struct Pair {
    store: Option<Arc<ByTurns>>,
    clock: Standing,
    redis: Redis,
    postgres: Postgres,
}

impl Pair {
    fn open(&mut self) {
        let one = || {
            let store = open(&self.redis.url(), &self.postgres.url(), &self.clock);
            done(store.send(Message::BeDeaf));
            store
        };
        let instances = [one(), one()];
        let asked = AtomicUsize::new(0);
        self.store = Some(Arc::new(ByTurns { instances, asked }));
    }
}

impl Harness for Pair {
    fn fresh() -> Self {
        let mut pair = Self {
            store: None,
            clock: Standing::new(),
            redis: Redis::start(),
            postgres: Postgres::start(),
        };
        pair.open();
        pair
    }

    fn store(&self) -> Arc<dyn Store> {
        match &self.store {
            Some(store) => Arc::clone(store) as Arc<dyn Store>,
            None => panic!("the store is open"),
        }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn advance(&self, ms: i64) {
        self.clock.advance(ms);
    }

    fn reopen(&mut self) {
        self.store = None;
        self.open();
    }
}
