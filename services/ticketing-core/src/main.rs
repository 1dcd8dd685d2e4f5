//! The program: ticketing-core on the store of many machines, and its `migrate`.

use std::process::ExitCode;
use std::sync::Arc;

use jari_contract::{Means, let_time_pass, ready};
use jari_store::{Follower, Store};
use jari_store_cluster::{Clock, ClusterSettings, ClusterStore, migrate};
use jari_token::hash_key;
use service_kit::program::{self, Doors, Failed};
use service_kit::sse::Streams;
use service_kit::stats::ServiceStats;
use service_kit::{internal, request, serve, telemetry};
use ticketing_core::internal::{EventsAtTheDoor, Internal};
use ticketing_core::{STREAMS_AT_MOST, TicketingCore};

mod configuration;

use configuration::Configuration;

const NAME: &str = "ticketing-core";

fn main() -> ExitCode {
    program::run(NAME, || {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => start(),
            ["migrate"] => migrate_only(),
            _ => Err(
                "say nothing to serve, or migrate to bring PostgreSQL's schema up to date".into(),
            ),
        }
    })
}

fn migrate_only() -> Result<(), Failed> {
    let url = configuration::read_database_url(
        &|name| std::env::var(name).ok(),
        ClusterSettings::check_database_url,
    )?;
    Ok(migrate(&url)?)
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
    let events = Arc::new(EventsAtTheDoor::default());
    store.follow(Arc::clone(&means.views) as Arc<dyn Follower>);
    store.follow(Arc::clone(&events) as Arc<dyn Follower>);
    program::runtime()?.block_on(serve_all(configuration, store, means, stats, events))
}

async fn serve_all(
    configuration: Configuration,
    store: Arc<dyn Store>,
    means: Means,
    stats: Arc<ServiceStats>,
    events: Arc<EventsAtTheDoor>,
) -> Result<(), Failed> {
    let shared = &configuration.shared;
    let doors = Doors::open(shared.listen, shared.internal_listen).await?;
    let stop = serve::stop_signal();
    tokio::spawn(let_time_pass(Arc::clone(&store) as _, stop.clone()));
    let streams = Streams::at_most(STREAMS_AT_MOST);
    tokio::spawn(streams.clone().end_at(stop.clone()));
    let core = TicketingCore::on(&store, means.clone(), configuration.operator_key, streams);
    let routes = ticketing_core::router(Arc::new(core)).merge(ticketing_core::docs());
    let public = request::with_origins(means.around(routes, &stats), &shared.allowed_origins);
    let for_services = ticketing_core::internal::router(Arc::new(Internal {
        door: Arc::clone(&store) as _,
        staff_keys: Arc::clone(&store) as _,
        audit: Arc::clone(&store) as _,
        events,
        service_key: hash_key(&configuration.service_key),
    }));
    let for_operators = internal::router(internal::install_metrics(), ready(store as _));
    let private = for_operators.merge(for_services);
    doors.serve(NAME, public, private, stop).await;
    Ok(())
}
