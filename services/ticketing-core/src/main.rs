//! The program: ticketing-core on the store of many machines, and its `migrate`.

use std::process::ExitCode;
use std::sync::Arc;

use jari_contract::{Means, StoreClock, let_time_pass, ready};
use jari_store::Follower;
use jari_store_cluster::{Clock, ClusterSettings, ClusterStore, migrate};
use jari_store_figures::SaleFigures;
use jari_token::hash_key;
use service_kit::program::{self, Failed};
use service_kit::sse::Streams;
use service_kit::stats::ServiceStats;
use service_kit::{health, internal, request, telemetry};
use ticketing_core::internal::{EventsAtTheDoor, Internal};
use ticketing_core::{STREAMS_AT_MOST, TicketingCore};

mod configuration;

use configuration::Configuration;

const NAME: &str = "ticketing-core";

fn main() -> ExitCode {
    program::run(
        NAME,
        start,
        &[
            ("migrate", migrate_only),
            ("health", || health::ask(configuration::INTERNAL_LISTEN)),
        ],
    )
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
    let otlp_url = configuration.otlp_url.clone();
    telemetry::start(NAME, configuration.shared.log_format, "info", otlp_url);
    program::runtime()?.block_on(serve_all(configuration))
}

async fn serve_all(configuration: Configuration) -> Result<(), Failed> {
    let shared = &configuration.shared;
    let startup = program::begin(shared.internal_listen).await?;
    let stats = Arc::new(ServiceStats::new(NAME));
    let clock = Arc::new(StoreClock::default());
    let means = Means::new(
        &shared.keys,
        vec![Arc::clone(&stats)],
        Arc::clone(&clock) as _,
    );
    let events = Arc::new(EventsAtTheDoor::default());
    let figures = Arc::new(SaleFigures::new(&means.views));
    let followers: Vec<Arc<dyn Follower>> = vec![
        Arc::clone(&means.views) as _,
        Arc::clone(&events) as _,
        Arc::clone(&figures) as _,
    ];
    let settings = settings(&configuration);
    let opened = startup.open(move |waiting| {
        let waiting = waiting.clone();
        ClusterStore::open_when_there(settings, followers, move |what| waiting.say(what))
    });
    let Some(store) = opened.await.transpose()? else {
        return Ok(());
    };
    let stop = startup.stop.clone();
    tokio::spawn(let_time_pass(Arc::clone(&store) as _, clock, stop.clone()));
    let streams = Streams::at_most(STREAMS_AT_MOST);
    tokio::spawn(streams.clone().end_at(stop));
    let sources = vec![
        internal::open_streams(vec![(NAME, streams.clone())]),
        figures.source(Arc::clone(&means.clock)),
    ];
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
    let for_operators = internal::router(sources, ready(store as _));
    let private = for_operators.merge(for_services);
    Ok(program::serve(NAME, shared.listen, startup, public, private).await?)
}

fn settings(configuration: &Configuration) -> ClusterSettings {
    ClusterSettings {
        redis_url: configuration.urls.redis.clone(),
        database_url: configuration.urls.database.clone(),
        migrate: configuration.urls.migrate,
        instance: program::instance(NAME),
        clock: Clock::Redis,
    }
}
