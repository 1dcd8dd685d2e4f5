//! The program: queue-service on the store of many machines.

use std::process::ExitCode;
use std::sync::Arc;

use jari_contract::{Means, let_time_pass, ready};
use jari_store::{Follower, Store};
use jari_store_cluster::{Clock, ClusterSettings, ClusterStore};
use queue_service::{QueueService, gather_presence};
use service_kit::program::{self, Doors, Failed};
use service_kit::stats::ServiceStats;
use service_kit::{internal, request, serve, telemetry};

mod configuration;

use configuration::Configuration;

const NAME: &str = "queue-service";

fn main() -> ExitCode {
    program::run(NAME, start)
}

fn start() -> Result<(), Failed> {
    let configuration = configuration::read(
        &|name| std::env::var(name).ok(),
        ClusterSettings::check_redis_url,
        ClusterSettings::check_database_url,
    )?;
    telemetry::init(configuration.shared.log_format, "info");
    // Before there is a runtime: opening waits for both stores, and reads everything that has happened.
    let store: Arc<dyn Store> = ClusterStore::open(ClusterSettings {
        redis_url: configuration.urls.redis.clone(),
        database_url: configuration.urls.database.clone(),
        migrate: configuration.urls.migrate,
        instance: program::instance(NAME),
        clock: Clock::Redis,
    })?;
    let stats = Arc::new(ServiceStats::new(NAME));
    let means = Means::new(&configuration.shared.keys, vec![Arc::clone(&stats)]);
    store.follow(Arc::clone(&means.views) as Arc<dyn Follower>);
    program::runtime()?.block_on(serve_the_line(configuration, store, means, stats))
}

async fn serve_the_line(
    configuration: Configuration,
    store: Arc<dyn Store>,
    means: Means,
    stats: Arc<ServiceStats>,
) -> Result<(), Failed> {
    let shared = &configuration.shared;
    let doors = Doors::open(shared.listen, shared.internal_listen).await?;
    let stop = serve::stop_signal();
    tokio::spawn(let_time_pass(Arc::clone(&store) as _, stop.clone()));
    let queue = QueueService::new(means.clone(), Arc::clone(&store) as _);
    tokio::spawn(gather_presence(Arc::clone(&queue), stop.clone()));
    tokio::spawn(Arc::clone(&queue).end_streams_at(stop.clone()));
    let routes = queue_service::router(queue);
    let public = request::with_origins(means.around(routes, &stats), &shared.allowed_origins);
    let internal = internal::router(internal::install_metrics(), ready(store as _));
    doors.serve(NAME, public, internal, stop).await;
    Ok(())
}
