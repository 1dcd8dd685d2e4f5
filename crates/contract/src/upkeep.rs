//! What every program that has a store does with it: time passes, and whoever asks is told whether it answers.

use std::sync::Arc;
use std::time::Duration;

use jari_store::Upkeep;
use service_kit::internal::Ready;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::StoreClock;

/// How often time passes in the sales: a hold that has run out is free well within a second.
const TICK: Duration = Duration::from_millis(100);

/// Lets time pass in every event until told to stop, and hears how late it is. Safe on any number of instances at once.
pub async fn let_time_pass(
    store: Arc<dyn Upkeep>,
    clock: Arc<StoreClock>,
    mut stop: watch::Receiver<bool>,
) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut stands_still = false;
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = service_kit::serve::stopped(&mut stop) => return,
        }
        let passed = store.tick().await;
        // Said when it begins and when it ends, not ten times a second.
        match &passed {
            Err(error) if !stands_still => tracing::warn!(%error, "time can't pass in the sales"),
            Ok(_) if stands_still => tracing::info!("time passes in the sales again"),
            Ok(_) | Err(_) => {}
        }
        if let Ok(now) = passed {
            clock.hear(now);
        }
        stands_still = passed.is_err();
    }
}

/// Ready is who has a store that answers.
pub fn ready(store: Arc<dyn Upkeep>) -> Ready {
    Arc::new(move || {
        let store = Arc::clone(&store);
        Box::pin(async move { store.ready().await.map_err(|error| error.to_string()) })
    })
}

#[cfg(test)]
mod tests {
    use jari_domain::Timestamp;
    use jari_store_embedded::EmbeddedStore;
    use service_kit::Clock as _;
    use service_kit::clock::ManualClock;

    use super::*;

    #[tokio::test]
    async fn whoever_lets_time_pass_goes_by_the_store_s_clock() {
        let directory = tempfile::tempdir().unwrap();
        let twenty_seconds_ahead = Arc::new(|| Timestamp(1_020_000));
        let store = EmbeddedStore::open(directory.path(), twenty_seconds_ahead).unwrap();
        let clock = Arc::new(StoreClock::on(Arc::new(ManualClock::at(1_000_000))));
        let (stop, stopped) = watch::channel(false);
        let passing = tokio::spawn(let_time_pass(Arc::new(store), Arc::clone(&clock), stopped));
        while clock.now_ms() != 1_020_000 {
            tokio::task::yield_now().await;
        }
        stop.send(true).unwrap();
        passing.await.unwrap();
    }
}
