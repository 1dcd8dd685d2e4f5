//! The program: staff-api, which asks ticketing-core for everything and has no database.

use std::process::ExitCode;
use std::sync::Arc;

use jari_contract::Means;
use service_kit::internal::{self, Ready};
use service_kit::program::{self, Failed};
use service_kit::stats::ServiceStats;
use service_kit::{SystemClock, health, request, telemetry};
use staff_api::StaffApi;
use tokio::sync::watch;

mod configuration;

use configuration::Configuration;

const NAME: &str = "staff-api";

fn main() -> ExitCode {
    program::run(
        NAME,
        start,
        &[("health", || health::ask(configuration::INTERNAL_LISTEN))],
    )
}

fn start() -> Result<(), Failed> {
    let configuration = Configuration::read(&|name| std::env::var(name).ok())?;
    program::runtime()?.block_on(serve_the_door(configuration))
}

async fn serve_the_door(configuration: Configuration) -> Result<(), Failed> {
    let Configuration {
        shared,
        otlp_url,
        core,
    } = configuration;
    telemetry::start(NAME, shared.log_format, "info", otlp_url);
    let startup = program::begin(shared.internal_listen).await?;
    let stats = Arc::new(ServiceStats::new(NAME));
    let means = Means::new(
        &shared.keys,
        vec![Arc::clone(&stats)],
        Arc::new(SystemClock),
    );
    let (knows, known) = watch::channel(false);
    let views = Arc::clone(&means.views);
    tokio::spawn(
        core.clone()
            .follow_events(views, knows, startup.stop.clone()),
    );
    let routes = staff_api::router(StaffApi {
        means: means.clone(),
        door: Arc::new(core.clone()),
        staff_keys: Arc::new(core.clone()),
        audit: Arc::new(core),
    });
    let public = request::with_origins(means.around(routes, &stats), &shared.allowed_origins);
    let internal = internal::router(Vec::new(), ready(known));
    Ok(program::serve(NAME, shared.listen, startup, public, internal).await?)
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
