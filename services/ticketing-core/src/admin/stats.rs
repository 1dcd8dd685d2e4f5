//! `GET /api/admin/events/{event_id}/stats` and its stream

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use axum::response::sse::Event;
use jari_contract::problem_of;
use jari_domain::id::EventId;
use jari_domain::tally::Minute;
use jari_store::SaleStats;
use serde::Serialize;
use service_kit::stats::ServiceFigures;
use service_kit::time::Utc;
use service_kit::{Path, Problem};

use crate::auth::Operator;
use crate::{Core, TicketingCore};

/// The stream sends once a second.
const PERIOD: Duration = Duration::from_secs(1);

/// The figures of a sale.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StatsBody {
    queue: QueueFigures,
    seats: SeatFigures,
    per_minute: Vec<MinuteFigures>,
    /// Minor units, without what was cancelled.
    revenue: i64,
    currency: String,
    services: Vec<ServiceFigures>,
}

/// The line.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QueueFigures {
    waiting: u64,
    parked: u64,
    admitted: u64,
    capacity: u32,
    admitted_per_minute: u32,
}

/// The seats.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SeatFigures {
    free: u32,
    held: u32,
    sold: u32,
    blocked: u32,
}

/// One minute.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MinuteFigures {
    minute: Utc,
    entered: u32,
    admitted: u32,
    held: u32,
    confirmed: u32,
    cancelled: u32,
}

/// The figures of a sale.
#[utoipa::path(
    get, operation_id = "admin_stats_show", path = "/api/admin/events/{event_id}/stats", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path)),
    responses((status = 200, body = StatsBody), (status = 404))
)]
pub async fn show(
    State(core): Core,
    _: Operator,
    Path(event_id): Path<String>,
) -> Result<Json<StatsBody>, Problem> {
    let view = core.means.any_event(&event_id)?;
    figures(&core, view.event_id()).await.map(Json)
}

/// The same, once a second.
#[utoipa::path(
    get, operation_id = "admin_stats_stream", path = "/api/admin/events/{event_id}/stats/stream", tag = "operators", security(("operator_key" = [])),
    params(("event_id" = String, Path)),
    responses((status = 200, content_type = "text/event-stream", body = StatsBody), (status = 503))
)]
pub async fn stream(
    State(core): Core,
    _: Operator,
    Path(event_id): Path<String>,
) -> Result<Response, Problem> {
    let event_id = core.means.any_event(&event_id)?.event_id().clone();
    let permit = core.streams.enter()?;
    let streams = core.streams.clone();
    let begin = (core, event_id, permit, 0u64);
    Ok(streams.answer(futures_util::stream::unfold(
        begin,
        |(core, event_id, permit, count)| async move {
            if count > 0 {
                tokio::time::sleep(PERIOD).await;
            }
            let event = event(&core, &event_id, count).await?;
            Some((
                Ok::<_, Infallible>(event),
                (core, event_id, permit, count + 1),
            ))
        },
    )))
}

async fn event(core: &Arc<TicketingCore>, event_id: &EventId, count: u64) -> Option<Event> {
    let figures = figures(core, event_id).await.ok()?;
    Event::default()
        .event("stats")
        .id(count.to_string())
        .json_data(figures)
        .ok()
}

async fn figures(core: &TicketingCore, event_id: &EventId) -> Result<StatsBody, Problem> {
    let view = core.means.any_event(event_id.as_str())?;
    let stats = core.events.stats(event_id).await.map_err(problem_of)?;
    let now = core.means.clock.now_ms();
    let services = core
        .means
        .stats
        .iter()
        .map(|service| service.figures(now))
        .collect();
    Ok(body(stats, view.head().settings.currency.clone(), services))
}

fn body(stats: SaleStats, currency: String, services: Vec<ServiceFigures>) -> StatsBody {
    let SaleStats {
        waiting,
        parked,
        admitted,
        capacity,
        admitted_per_minute,
        counts,
        minutes,
        revenue,
    } = stats;
    StatsBody {
        queue: QueueFigures {
            waiting,
            parked,
            admitted,
            capacity,
            admitted_per_minute,
        },
        seats: SeatFigures {
            free: counts.free,
            held: counts.held,
            sold: counts.sold,
            blocked: counts.blocked,
        },
        per_minute: minutes.into_iter().map(minute).collect(),
        revenue,
        currency,
        services,
    }
}

fn minute(minute: Minute) -> MinuteFigures {
    let Minute {
        minute,
        entered,
        admitted,
        held,
        confirmed,
        cancelled,
    } = minute;
    MinuteFigures {
        minute: Utc(minute.0),
        entered,
        admitted,
        held,
        confirmed,
        cancelled,
    }
}
