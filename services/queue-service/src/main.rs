//! The program: queue-service on the store of many machines.

use std::process::ExitCode;
use std::sync::Arc;

use jari_contract::{Means, StoreClock, let_time_pass, ready};
use jari_store::Follower;
use jari_store_cluster::{Clock, ClusterSettings, ClusterStore};
use jari_store_figures::SaleFigures;
use queue_service::{QueueService, STREAMS_AT_MOST, gather_presence};
use service_kit::program::{self, Failed};
use service_kit::sse::Streams;
use service_kit::stats::ServiceStats;
use service_kit::{health, internal, request, telemetry};

mod configuration;

use configuration::Configuration;

const NAME: &str = "queue-service";

fn main() -> ExitCode {
    program::run(
        NAME,
        start,
        &[("health", || health::ask(configuration::INTERNAL_LISTEN))],
    )
}

fn start() -> Result<(), Failed> {
    let configuration = configuration::read(
        &|name| std::env::var(name).ok(),
        ClusterSettings::check_redis_url,
        ClusterSettings::check_database_url,
    )?;
    let otlp_url = configuration.otlp_url.clone();
    telemetry::start(NAME, configuration.shared.log_format, "info", otlp_url);
    program::runtime()?.block_on(serve_the_line(configuration))
}

async fn serve_the_line(configuration: Configuration) -> Result<(), Failed> {
    let shared = &configuration.shared;
    let startup = program::begin(shared.internal_listen).await?;
    let stats = Arc::new(ServiceStats::new(NAME));
    let clock = Arc::new(StoreClock::default());
    let means = Means::new(
        &shared.keys,
        vec![Arc::clone(&stats)],
        Arc::clone(&clock) as _,
    );
    let figures = Arc::new(SaleFigures::new(&means.views));
    let followers: Vec<Arc<dyn Follower>> =
        vec![Arc::clone(&means.views) as _, Arc::clone(&figures) as _];
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
    let queue = QueueService::new(
        means.clone(),
        Arc::clone(&store) as _,
        Arc::clone(&store) as _,
        Streams::at_most(STREAMS_AT_MOST),
    );
    tokio::spawn(gather_presence(Arc::clone(&queue), stop.clone()));
    tokio::spawn(Arc::clone(&queue).end_streams_at(stop));
    let sources = vec![
        internal::open_streams(vec![(NAME, queue.streams().clone())]),
        figures.source(Arc::clone(&means.clock)),
    ];
    let routes = queue_service::router(Arc::clone(&queue));
    let public = request::with_origins(means.around(routes, &stats), &shared.allowed_origins);
    let internal = internal::router(sources, ready(store as _));
    program::serve(NAME, shared.listen, startup, public, internal).await?;
    // Who was answered last must not count as absent at the instances that go on.
    queue.tell_presence().await;
    Ok(())
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
