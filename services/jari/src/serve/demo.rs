//! `--demo`: an evening in a real hall, on sale.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::anyhow;
use jari_contract::Means;
use jari_domain::Timestamp;
use jari_domain::event::{EventSettings, Phase, QueueSettings};
use jari_domain::id::EventId;
use jari_domain::map::SeatMap;
use jari_domain::map::import::{Format, Options, import};
use jari_domain::sale::Blocks;
use jari_store::Store;

/// The event's id.
pub const EVENT: &str = "spring-gala";
/// East Kowloon Cultural Centre, The Hall: see venues/README.md.
const HALL: &[u8] = include_bytes!("../../../../venues/ekcc-hall.pretix.json");
/// Seats of this category are kept for the house.
const HOUSE: &str = "House";
const WHEELCHAIR: &str = "Wheelchair";
/// Prices in won.
const PRICES: [(&str, i64); 6] = [
    ("Front Stalls", 132_000),
    ("Rear Stalls", 99_000),
    ("Balcony", 77_000),
    ("Restricted view", 44_000),
    (WHEELCHAIR, 66_000),
    (HOUSE, 132_000),
];
/// The evening is so many days away.
const DAYS_AHEAD: i64 = 30;
const DAY_MS: i64 = 24 * 3_600_000;

/// Puts the event on sale, or leaves it as it is if it is there already.
pub async fn put_on_sale(events: &dyn Store, means: &Means) -> anyhow::Result<()> {
    let event_id = EventId::parse(EVENT)?;
    let known = means.views.event(&event_id);
    if known
        .as_ref()
        .is_some_and(|view| view.head().phase != Phase::Draft)
    {
        return Ok(());
    }
    let map = hall()?;
    let house = map
        .seats()
        .filter(|seat| seat.category == HOUSE)
        .map(|seat| seat.seat_id.clone())
        .collect();
    if known.is_none() {
        events
            .create(
                settings(event_id.clone(), means.now()),
                means.entropy.number(),
            )
            .await?;
    }
    events.set_map(&event_id, Arc::new(map)).await?;
    events
        .set_blocks(
            &event_id,
            Blocks {
                block: house,
                unblock: Vec::new(),
            },
        )
        .await?;
    events.open(&event_id).await?;
    Ok(())
}

fn hall() -> anyhow::Result<SeatMap> {
    let report = import(
        Format::Pretix,
        HALL,
        Options {
            accessible_category: Some(WHEELCHAIR),
        },
    );
    report
        .map
        .ok_or_else(|| anyhow!("the hall of the demo can't be read: {:?}", report.problems))
}

fn settings(event_id: EventId, now: Timestamp) -> EventSettings {
    EventSettings {
        event_id,
        name: "Spring Gala".to_owned(),
        venue: "East Kowloon Cultural Centre, The Hall".to_owned(),
        description: Some(
            "An evening to try Jari with: nothing is charged and nobody plays.".to_owned(),
        ),
        // 19:30 in Seoul.
        starts_at: Timestamp(
            now.0.div_euclid(DAY_MS) * DAY_MS + DAYS_AHEAD * DAY_MS + 10 * 3_600_000 + 1_800_000,
        ),
        time_zone: "Asia/Seoul".to_owned(),
        sale_opens_at: None,
        sale_closes_at: None,
        currency: "KRW".to_owned(),
        hold_seconds: 300,
        max_seats_per_buyer: 4,
        code_digits: None,
        prices: PRICES
            .map(|(category, price)| (category.to_owned(), price))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
        queue: QueueSettings::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hall_has_1206_seats_six_of_them_the_houses_and_a_price_for_each() {
        let hall = hall().unwrap();
        assert_eq!(hall.seats().count(), 1206);
        assert_eq!(
            hall.seats().filter(|seat| seat.category == HOUSE).count(),
            6
        );
        assert!(
            hall.seats()
                .filter(|seat| seat.category == WHEELCHAIR)
                .all(|seat| seat.accessible)
        );
        assert!(hall.seats().all(|seat| {
            PRICES
                .iter()
                .any(|(category, _)| *category == seat.category)
        }));
    }
}
