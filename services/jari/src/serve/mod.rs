//! `jari serve`: all services in one process.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use jari_contract::{Means, StoreClock, let_time_pass, ready};
use jari_store::{Follower, Store};
use jari_store_figures::SaleFigures;
use queue_service::QueueService;
use service_kit::sse::Streams;
use service_kit::startup::{Startup, Waiting};
use service_kit::stats::ServiceStats;
use service_kit::{Origins, internal, program, request, serve, trace};
use staff_api::StaffApi;
use ticketing_core::TicketingCore;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

mod backend;
mod demo;
mod keys;
mod pages;

pub use backend::Backend;
use keys::Keys;
pub use keys::OPERATOR_KEY as OPERATOR_KEY_FILE;

/// Streams of all services at the same time: of 18,000 connections they leave 2,000 to those who ask.
const STREAMS_AT_MOST: usize = 16_000;

/// What `jari serve` was told.
#[derive(Debug, Clone)]
pub struct Settings {
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
}

/// What is served.
struct Shop {
    store: Arc<dyn Store>,
    keys: Keys,
    /// What a person calls the place where the state lives.
    place: String,
    means: Means,
    clock: Arc<StoreClock>,
    figures: Arc<SaleFigures>,
    /// queue-service's, ticketing-core's and staff-api's.
    stats: [Arc<ServiceStats>; 3],
}

/// Serves until told to stop.
pub fn run(backend: Backend, settings: &Settings) -> anyhow::Result<()> {
    program::runtime()?.block_on(async {
        let anywhere = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        let internal_listen = settings.internal_listen.unwrap_or(anywhere);
        let startup = Startup::begin(internal_listen, "--internal-listen").await?;
        let Some(shop) = startup.open(|waiting| open(backend, waiting)).await else {
            return Ok(());
        };
        let shop = shop?;
        if settings.demo {
            demo::put_on_sale(shop.store.as_ref(), &shop.means).await?;
        }
        serve_all(settings, &shop, startup).await
    })
}

/// Waits until everything that has happened was read.
fn open(backend: Backend, waiting: &Waiting) -> anyhow::Result<Shop> {
    let (store, keys, place) = backend.open(waiting)?;
    let stats = ["queue-service", "ticketing-core", "staff-api"]
        .map(ServiceStats::new)
        .map(Arc::new);
    let clock = Arc::new(StoreClock::default());
    let means = Means::new(&keys.signing, stats.to_vec(), Arc::clone(&clock) as _);
    let figures = Arc::new(SaleFigures::new(&means.views));
    store.follow(Arc::clone(&means.views) as Arc<dyn Follower>);
    store.follow(Arc::clone(&figures) as Arc<dyn Follower>);
    Ok(Shop {
        store,
        keys,
        place,
        means,
        clock,
        figures,
        stats,
    })
}

async fn serve_all(settings: &Settings, shop: &Shop, startup: Startup) -> anyhow::Result<()> {
    let public = serve::bind(settings.listen, "--listen").await?;
    let stop = startup.stop.clone();
    let store = &shop.store;
    let together = Arc::new(Semaphore::new(STREAMS_AT_MOST));
    let queue = QueueService::new(
        shop.means.clone(),
        Arc::clone(store) as _,
        Arc::clone(store) as _,
        Streams::at_most(queue_service::STREAMS_AT_MOST).together_in(&together),
    );
    let streams = Streams::at_most(ticketing_core::STREAMS_AT_MOST).together_in(&together);
    let (routes, streams) = routes(settings, shop, &queue, streams, &stop);
    let sources = vec![
        internal::open_streams(streams),
        shop.figures.source(Arc::clone(&shop.means.clock)),
    ];
    startup.done(internal::router(sources, ready(Arc::clone(store) as _)));
    greet(settings, shop, &public, startup.internal_address)?;
    let clock = Arc::clone(&shop.clock);
    tokio::spawn(let_time_pass(Arc::clone(store) as _, clock, stop.clone()));
    let routes = request::with_origins(routes, &settings.allowed_origins);
    serve::serve(public, routes, stop).await;
    // Who was answered last must not count as absent at the instances that go on.
    queue.tell_presence().await;
    trace::flush().await;
    Ok(())
}

/// Everything under one roof, each service with its own figures; and whose streams there are.
fn routes(
    settings: &Settings,
    shop: &Shop,
    queue: &Arc<QueueService>,
    streams: Streams,
    stop: &watch::Receiver<bool>,
) -> (Router, Vec<(&'static str, Streams)>) {
    let Shop { store, means, .. } = shop;
    tokio::spawn(queue_service::gather_presence(
        Arc::clone(queue),
        stop.clone(),
    ));
    tokio::spawn(Arc::clone(queue).end_streams_at(stop.clone()));
    tokio::spawn(streams.clone().end_at(stop.clone()));
    let operator_key = shop.keys.operator_key_digest;
    let [queue_stats, core_stats, staff_stats] = &shop.stats;
    let all_streams = vec![
        (queue_stats.name(), queue.streams().clone()),
        (core_stats.name(), streams.clone()),
    ];
    let core = TicketingCore::on(store, means.clone(), operator_key, streams);
    let mut core_routes = ticketing_core::router(Arc::new(core))
        .merge(ticketing_core::docs())
        .merge(pages::router());
    if settings.bench_hello {
        core_routes = core_routes.merge(ticketing_core::hello());
    }
    let staff = StaffApi {
        means: means.clone(),
        door: Arc::clone(store) as _,
        staff_keys: Arc::clone(store) as _,
        audit: Arc::clone(store) as _,
    };
    let others = [
        means.around(queue_service::router(Arc::clone(queue)), queue_stats),
        means.around(staff_api::router(staff), staff_stats),
    ];
    let all = request::under_one_roof(means.around(core_routes, core_stats), others);
    (all, all_streams)
}

/// The first lines on the terminal: what to open, and where the key is.
fn greet(
    settings: &Settings,
    shop: &Shop,
    public: &TcpListener,
    internal_address: SocketAddr,
) -> anyhow::Result<()> {
    let address = public
        .local_addr()
        .context("the listening address is not known")?;
    // Of the many addresses of loopback these are what the name leads to.
    let is_localhost = address.ip() == Ipv4Addr::LOCALHOST || address.ip() == Ipv6Addr::LOCALHOST;
    let host = if address.ip().is_unspecified() || is_localhost {
        "localhost".to_owned()
    } else {
        address.ip().to_string()
    };
    let url = format!("http://{host}:{}", address.port());
    let mut text = format!(
        "Jari is open at {url}  (organisers: {url}/ops, the door: {url}/gate, the API: {url}/api/docs)\n\
         Operator key:    {}\n\
         Data:            {}\n\
         Health, metrics: http://{}/readyz and /metrics\n",
        shop.keys.operator_key_is, shop.place, internal_address,
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
