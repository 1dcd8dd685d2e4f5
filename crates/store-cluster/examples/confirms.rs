//! How many confirmations a second the store writes, with nothing around it: 64 callers, each of whom buys as soon as the last
//! purchase is answered. `confirms REDIS_URL DATABASE_URL`, on stores that have nothing in them yet.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jari_domain::fact::{Buyer, KeyUse};
use jari_domain::id::{Digest, EventId, HoldId, ReservationId, SeatId};
use jari_domain::map::import::{Format, Options, import};
use jari_domain::sale::{Confirm, Enter, PlaceHold, Wanted};
use jari_store::{Events, Holds, Line, Reservations};
use jari_store_cluster::{Clock, ClusterSettings, ClusterStore};
use tokio::task::JoinSet;
use tokio::time::Instant;
use uuid::Uuid;

type Failed = Box<dyn std::error::Error + Send + Sync>;

const CALLERS: usize = 64;
/// Rows of a hundred seats.
const ROWS: usize = 600;
/// Two seats each.
const PURCHASES: usize = ROWS * 50;
/// Seats that somebody may hold.
const HOLDS_EACH: usize = 25;
const WITHIN: Duration = Duration::from_secs(4);

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the figure is what this program is for"
)]
fn main() -> ExitCode {
    let mut urls = std::env::args().skip(1);
    let (Some(redis_url), Some(database_url)) = (urls.next(), urls.next()) else {
        eprintln!("confirms REDIS_URL DATABASE_URL");
        return ExitCode::FAILURE;
    };
    match measure(redis_url, database_url) {
        Ok(per_second) => {
            println!("{per_second:.0}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("confirms: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(redis_url: String, database_url: String) -> Result<f64, Failed> {
    let store = ClusterStore::open(ClusterSettings {
        redis_url,
        database_url,
        migrate: true,
        instance: "confirms".to_owned(),
        clock: Clock::Redis,
    })?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        prepare(Arc::clone(&store)).await?;
        buy(store).await
    })
}

/// An event on sale, of which everything is held.
async fn prepare(store: Arc<ClusterStore>) -> Result<(), Failed> {
    let rows = (1..=ROWS).map(|row| format!("F,{row},1-100,R,1000\n"));
    let csv = format!(
        "section,row,seats,category,price\n{}",
        rows.collect::<String>()
    );
    let map = import(Format::Csv, csv.as_bytes(), Options::default()).map;
    let map = map.ok_or("the hall can't be read")?;
    let settings = serde_json::from_value(serde_json::json!({
        "event_id": "gala", "name": "Gala", "venue": "Hall", "starts_at": 0, "time_zone": "UTC", "currency": "KRW",
        "hold_seconds": 3600, "max_seats_per_buyer": 50, "prices": {},
        "queue": { "capacity": 1_000_000, "pass_seconds": 3600, "max_admitted_per_second": 1_000_000 }
    }))?;
    let event = EventId::parse("gala")?;
    store.create(settings, 1).await?;
    store.set_map(&event, Arc::new(map)).await?;
    store.open(&event).await?;
    in_turn(PURCHASES / HOLDS_EACH, Duration::MAX, move |person| {
        let (store, event) = (Arc::clone(&store), event.clone());
        async move {
            let number = store.enter(&event, Enter::default()).await?.number;
            store.collect(&event, number).await?;
            for nth in person * HOLDS_EACH..(person + 1) * HOLDS_EACH {
                let row = nth / 50 + 1;
                let seat = |seat: usize| SeatId::parse(&format!("F-{row}-{seat}"));
                let first = nth % 50 * 2 + 1;
                let wish = PlaceHold {
                    hold_id: HoldId(Uuid::from_u128(nth as u128)),
                    number,
                    wanted: Wanted::Seats(vec![seat(first)?, seat(first + 1)?]),
                    key: None,
                };
                store.place_hold(&event, wish).await?;
            }
            Ok(())
        }
    })
    .await?;
    Ok(())
}

/// Buys what is held, as long as there is time; how many a second.
async fn buy(store: Arc<ClusterStore>) -> Result<f64, Failed> {
    let event = EventId::parse("gala")?;
    let begun = Instant::now();
    let bought = in_turn(PURCHASES, WITHIN, move |nth| {
        let (store, event) = (Arc::clone(&store), event.clone());
        async move {
            let digest = Digest([7; 32]);
            let wish = Confirm {
                hold_id: HoldId(Uuid::from_u128(nth as u128)),
                reservation_id: ReservationId(Uuid::from_u128(nth as u128)),
                random: nth as u64,
                buyer: Buyer {
                    name: "Kim Min-ji".to_owned(),
                    contact: "minji@example.org".to_owned(),
                },
                key: KeyUse {
                    key: digest,
                    body: digest,
                },
            };
            store.confirm(&event, wish).await?;
            Ok(())
        }
    })
    .await?;
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    Ok(bought as f64 / begun.elapsed().as_secs_f64())
}

/// Does this for every index below `end`, by all callers, as long as there is time; how often it was done.
async fn in_turn<F>(
    end: usize,
    within: Duration,
    work: impl Fn(usize) -> F + Clone + Send + 'static,
) -> Result<usize, Failed>
where
    F: Future<Output = Result<(), Failed>> + Send,
{
    let (next, begun) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let (next, work) = (Arc::clone(&next), work.clone());
        callers.spawn(async move {
            let mut done = 0;
            while begun.elapsed() < within {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= end {
                    break;
                }
                work(index).await?;
                done += 1;
            }
            Ok::<usize, Failed>(done)
        });
    }
    let mut done = 0;
    while let Some(caller) = callers.join_next().await {
        done += caller??;
    }
    Ok(done)
}
