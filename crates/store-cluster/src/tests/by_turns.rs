//! Two instances that are asked by turns, and hear of each other in their turns alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jari_domain::{Shop, Timestamp};
use jari_store::conformance::world::done;
use jari_store::{Follower, OneShop, Result, Store};

use super::world::{Instances, Standing, open};
use crate::ClusterStore;
use crate::store::Message;

/// Two instances behind one door.
pub(super) struct ByTurns {
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

impl Instances for ByTurns {
    fn start(redis_url: &str, database_url: &str, clock: &Standing) -> Arc<Self> {
        let one = || {
            let store = open(redis_url, database_url, clock);
            done(store.send(Message::BeDeaf));
            store
        };
        Arc::new(Self {
            instances: [one(), one()],
            asked: AtomicUsize::new(0),
        })
    }
}
