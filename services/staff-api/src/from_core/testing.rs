//! A real ticketing-core behind a real port.

use std::sync::Arc;

use jari_contract::Means;
use jari_store::{Follower, Store as _};
use jari_store_embedded::EmbeddedStore;
use jari_token::hash_key;
use ticketing_core::internal::{EventsAtTheDoor, Internal};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::FromCore;
use crate::StaffApi;

/// Set by the test that runs all tests of this crate again, with ticketing-core in between.
pub const THROUGH_CORE: &str = "JARI_TEST_THROUGH_CORE";
const SERVICE_KEY: &str = "the key that the services share";

/// The door's state: on this store, or on ticketing-core that is on it. News of events then come over the network,
/// and whoever receives is woken by each.
pub async fn state_of(
    store: &Arc<EmbeddedStore>,
    means: &Means,
) -> (StaffApi, Option<watch::Receiver<bool>>) {
    if std::env::var_os(THROUGH_CORE).is_some() {
        let (state, news) = through_core(store, means).await;
        return (state, Some(news));
    }
    follow(store, Arc::clone(&means.views) as _).await;
    let state = StaffApi {
        means: means.clone(),
        door: Arc::clone(store) as _,
        staff_keys: Arc::clone(store) as _,
        audit: Arc::clone(store) as _,
    };
    (state, None)
}

/// A door that has no store, only ticketing-core on a port.
async fn through_core(
    store: &Arc<EmbeddedStore>,
    means: &Means,
) -> (StaffApi, watch::Receiver<bool>) {
    let events = Arc::new(EventsAtTheDoor::default());
    follow(store, Arc::clone(&events) as _).await;
    let internal = ticketing_core::internal::router(Arc::new(Internal {
        door: Arc::clone(store) as _,
        staff_keys: Arc::clone(store) as _,
        audit: Arc::clone(store) as _,
        events,
        service_key: hash_key(SERVICE_KEY),
    }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    // Nobody stops it: it ends with the test.
    let (stop, stopped) = watch::channel(false);
    std::mem::forget(stop);
    tokio::spawn(axum::serve(listener, internal).into_future());
    let core = FromCore::at(&url, SERVICE_KEY).unwrap();
    let (knows, news) = watch::channel(false);
    let views = Arc::clone(&means.views);
    tokio::spawn(core.clone().follow_events(views, knows, stopped));
    let state = StaffApi {
        means: means.clone(),
        door: Arc::new(core.clone()),
        staff_keys: Arc::new(core.clone()),
        audit: Arc::new(core),
    };
    (state, news)
}

async fn follow(store: &Arc<EmbeddedStore>, follower: Arc<dyn Follower>) {
    let leader = Arc::clone(store);
    // Following waits for the store, which a thread that serves must not.
    tokio::task::spawn_blocking(move || leader.follow(follower))
        .await
        .unwrap();
}
