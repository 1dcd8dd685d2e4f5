//! The program: staff-api, which asks ticketing-core for everything and has no database.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use jari_contract::Means;
use jari_store::views::Views;
use service_kit::internal::{self, Ready};
use service_kit::request::{Around, Durations, around};
use service_kit::stats::ServiceStats;
use service_kit::{SystemClock, SystemEntropy, serve, telemetry};
use staff_api::StaffApi;
use tokio::net::TcpListener;
use tokio::sync::watch;

mod configuration;

use configuration::Configuration;

#[tokio::main]
#[expect(
    clippy::print_stderr,
    reason = "this is where a person reads what went wrong"
)]
async fn main() -> ExitCode {
    match Configuration::read(&|name| std::env::var(name).ok()) {
        Ok(configuration) => match run(configuration).await {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => eprintln!("staff-api: {error}"),
        },
        Err(wrong) => eprintln!("staff-api can't start:\n{wrong}"),
    }
    ExitCode::FAILURE
}

async fn run(configuration: Configuration) -> Result<(), serve::BindError> {
    telemetry::init(configuration.log_format, "info");
    let public = serve::bind(configuration.listen, "JARI_LISTEN").await?;
    let private = serve::bind(configuration.internal_listen, "JARI_INTERNAL_LISTEN").await?;
    greet(&public, &private);
    let stats = Arc::new(ServiceStats::new("staff-api"));
    let means = Means {
        views: Arc::new(Views::default()),
        keyring: configuration.keyring,
        entry_signer: configuration.entry_signer,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        stats: vec![Arc::clone(&stats)],
    };
    let stop = serve::stop_signal();
    let core = configuration.core;
    let (knows, known) = watch::channel(false);
    let views = Arc::clone(&means.views);
    tokio::spawn(core.clone().follow_events(views, knows, stop.clone()));
    let router = staff_api::router(StaffApi {
        means: means.clone(),
        door: Arc::new(core.clone()),
        staff_keys: Arc::new(core.clone()),
        audit: Arc::new(core),
    });
    let router = around(
        router,
        Arc::new(Around {
            stats,
            clock: means.clock,
            entropy: means.entropy,
            durations: Durations::default(),
        }),
    );
    let router = service_kit::request::with_origins(router, &configuration.allowed_origins);
    let private_routes = internal::router(internal::install_metrics(), ready(known));
    tokio::spawn(serve::serve(private, private_routes, stop.clone()));
    serve::serve(public, router, stop).await;
    Ok(())
}

/// Says where it is open. Nobody may be reading; the door is open all the same.
fn greet(public: &TcpListener, private: &TcpListener) {
    for (what, listener) in [("staff-api", public), ("health, metrics", private)] {
        if let Ok(address) = listener.local_addr() {
            let _ = writeln!(std::io::stdout(), "{what}: http://{address}");
        }
    }
}

/// Ready is who hears from ticketing-core and knows its events.
fn ready(known: watch::Receiver<bool>) -> Ready {
    Arc::new(move || {
        let knows = *known.borrow();
        let told = if knows {
            Ok(())
        } else {
            Err("ticketing-core has not told its events".to_owned())
        };
        Box::pin(std::future::ready(told))
    })
}
