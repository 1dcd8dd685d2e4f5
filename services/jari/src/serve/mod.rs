//! `jari serve`: all services in one process on the embedded store. The only place that names a backend.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use jari_contract::Means;
use jari_domain::Timestamp;
use jari_store::views::Views;
use jari_store::{Store, Upkeep};
use jari_store_embedded::EmbeddedStore;
use service_kit::request::{Around, Durations, around};
use service_kit::sse::Streams;
use service_kit::stats::ServiceStats;
use service_kit::{Clock, Origins, SystemClock, SystemEntropy, internal, openapi, serve};
use tokio::net::TcpListener;
use tokio::sync::watch;

mod demo;
mod keys;

use keys::Keys;
pub use keys::OPERATOR_KEY as OPERATOR_KEY_FILE;

/// How often time passes in the sales: a hold that has run out is free well within a second.
const TICK: Duration = Duration::from_millis(100);

/// What `jari serve` was told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the state lives.
    pub data: PathBuf,
    /// Where buyers, staff and operators come in.
    pub listen: SocketAddr,
    /// Where health and metrics are asked for; `None`: a free port of this machine's own.
    pub internal_listen: Option<SocketAddr>,
    /// Sites whose pages may call the API.
    pub allowed_origins: Origins,
    /// Puts an event on sale to try things with.
    pub demo: bool,
    /// Serves a route that does nothing, for benchmarks to compare with.
    pub bench_hello: bool,
    /// The operator key, if it is not to be the one in the data directory.
    pub operator_key: Option<String>,
}

/// Serves until told to stop.
pub fn run(settings: &Settings) -> anyhow::Result<()> {
    serve::allow_files();
    let clock = SystemClock;
    let now: jari_store_embedded::Now = Arc::new(move || Timestamp(clock.now_ms()));
    let store = Arc::new(EmbeddedStore::open(&settings.data, now)?);
    let keys = Keys::of(
        &settings.data,
        settings.operator_key.as_deref(),
        &SystemEntropy,
    )?;
    let views = Arc::new(Views::default());
    Store::follow(
        store.as_ref(),
        Arc::clone(&views) as Arc<dyn jari_store::Follower>,
    );
    let stats = ["queue-service", "ticketing-core", "staff-api"]
        .map(ServiceStats::new)
        .map(Arc::new);
    let means = means(&keys, views, &stats);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        if settings.demo {
            demo::put_on_sale(store.as_ref(), &means).await?;
        }
        serve_all(settings, &keys, &means, &store, &stats).await
    })
}

fn means(keys: &Keys, views: Arc<Views>, stats: &[Arc<ServiceStats>; 3]) -> Means {
    Means {
        views,
        keyring: Arc::clone(&keys.keyring),
        entry_signer: Arc::clone(&keys.entry_signer),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        stats: stats.to_vec(),
    }
}

async fn serve_all(
    settings: &Settings,
    keys: &Keys,
    means: &Means,
    store: &Arc<EmbeddedStore>,
    stats: &[Arc<ServiceStats>; 3],
) -> anyhow::Result<()> {
    let public = serve::bind(settings.listen, "--listen").await?;
    let anywhere = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    let internal_listen = settings.internal_listen.unwrap_or(anywhere);
    let internal = serve::bind(internal_listen, "--internal-listen").await?;
    greet(settings, keys, &public, &internal)?;
    let stop = serve::stop_signal();
    let queue = queue_service::QueueService::new(
        means.clone(),
        Arc::clone(store) as Arc<dyn jari_store::Line>,
    );
    tokio::spawn(queue_service::gather_presence(
        Arc::clone(&queue),
        stop.clone(),
    ));
    tokio::spawn(let_time_pass(Arc::clone(store), stop.clone()));
    let streams = Streams::at_most(ticketing_core::STREAMS_AT_MOST);
    tokio::spawn(end_streams(
        Arc::clone(&queue),
        streams.clone(),
        stop.clone(),
    ));
    let router = routes(settings, keys, means, store, queue, stats, streams);
    let router = service_kit::request::with_origins(router, &settings.allowed_origins);
    tokio::spawn(serve::serve(
        internal,
        internal_routes(Arc::clone(store)),
        stop.clone(),
    ));
    serve::serve(public, router, stop).await;
    Ok(())
}

/// Everything under one roof, each service with its own figures.
fn routes(
    settings: &Settings,
    keys: &Keys,
    means: &Means,
    store: &Arc<EmbeddedStore>,
    queue: Arc<queue_service::QueueService>,
    stats: &[Arc<ServiceStats>; 3],
    streams: Streams,
) -> Router {
    let core = Arc::new(ticketing_core::TicketingCore {
        means: means.clone(),
        events: Arc::clone(store) as _,
        holds: Arc::clone(store) as _,
        reservations: Arc::clone(store) as _,
        staff_keys: Arc::clone(store) as _,
        audit: Arc::clone(store) as _,
        operator_key: keys.operator_key_digest,
        streams,
        served: ticketing_core::served::Served::default(),
    });
    let staff = staff_api::StaffApi {
        means: means.clone(),
        door: Arc::clone(store) as _,
        staff_keys: Arc::clone(store) as _,
        audit: Arc::clone(store) as _,
    };
    let docs = openapi::page(
        "/api/docs",
        &[
            ("ticketing-core", "/api/openapi.json"),
            ("queue-service", "/api/queue/openapi.json"),
            ("staff-api", "/staff/openapi.json"),
        ],
    );
    let mut core_routes = ticketing_core::router(core).merge(docs);
    if settings.bench_hello {
        core_routes = core_routes.merge(ticketing_core::hello());
    }
    let measured = |routes: Router, stats: &Arc<ServiceStats>| {
        let (clock, entropy) = (Arc::clone(&means.clock), Arc::clone(&means.entropy));
        around(
            routes,
            Arc::new(Around {
                stats: Arc::clone(stats),
                clock,
                entropy,
                durations: Durations::default(),
            }),
        )
    };
    let [queue_stats, core_stats, staff_stats] = stats;
    let others = [
        measured(queue_service::router(queue), queue_stats),
        measured(staff_api::router(staff), staff_stats),
    ];
    service_kit::request::under_one_roof(measured(core_routes, core_stats), others)
}

fn internal_routes(store: Arc<EmbeddedStore>) -> Router {
    let ready: internal::Ready = Arc::new(move || {
        let store = Arc::clone(&store);
        Box::pin(async move { store.ready().await.map_err(|error| error.to_string()) })
    });
    internal::router(internal::install_metrics(), ready)
}

/// A stop waits for nobody who only listens.
async fn end_streams(
    queue: Arc<queue_service::QueueService>,
    streams: Streams,
    mut stop: watch::Receiver<bool>,
) {
    serve::stopped(&mut stop).await;
    queue.end_streams();
    streams.end();
}

async fn let_time_pass(store: Arc<EmbeddedStore>, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = service_kit::serve::stopped(&mut stop) => return,
        }
        if let Err(error) = store.tick().await {
            tracing::warn!(%error, "time could not pass in the sales");
        }
    }
}

/// The first lines on the terminal: what to open, and where the key is.
fn greet(
    settings: &Settings,
    keys: &Keys,
    public: &TcpListener,
    internal: &TcpListener,
) -> anyhow::Result<()> {
    let address = public
        .local_addr()
        .context("the listening address is not known")?;
    let host = if address.ip().is_unspecified() || address.ip().is_loopback() {
        "localhost".to_owned()
    } else {
        address.ip().to_string()
    };
    let url = format!("http://{host}:{}", address.port());
    let mut text = format!(
        "Jari is open at {url}  (the API, to read and try: {url}/api/docs)\n\
         Operator key:    {}\n\
         Data:            {}\n\
         Health, metrics: http://{}/readyz and /metrics\n",
        keys.operator_key_is,
        settings.data.display(),
        internal.local_addr()?,
    );
    if settings.demo {
        let program = std::env::args().next().unwrap_or_else(|| "jari".to_owned());
        let event = demo::EVENT;
        let _ = writeln!(
            text,
            "On sale:         {event}; buy with: {program} buy --event {event} --quantity 2 --url {url}"
        );
    }
    // Nobody may be reading; the sale goes on all the same.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(())
}
