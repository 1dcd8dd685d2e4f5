//! A rehearsal: the event's map and line on a program of its own, and what to set from what was measured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::numbers::{float, small, whole};
use crate::operator::{MapFile, Operator};
use crate::report::Report;
use crate::run::RunError;
use crate::scenario::Scenario;

/// Of the machine's processors so much may be busy with the people who are in the shop: the rest is for those who wait,
/// and for what nobody has thought of.
const BUSY_AT_MOST: f64 = 0.5;
/// Of the seats so many may be wanted at the same time: with more, people fight over the last of them
/// (docs/guide/organiser.md).
const SEATS_AT_ONCE: f64 = 0.2;
/// Of the seats so many are wanted at the same time at least: with fewer the shop stands empty while people think.
const SEATS_AT_LEAST: f64 = 0.02;

/// An event that is rehearsed.
#[derive(Debug, Clone)]
pub struct Copied {
    /// A scenario for it: its line, its limits, its prices.
    pub scenario: Scenario,
    /// Its map.
    pub map: MapFile,
}

/// An event, as far as a rehearsal needs it.
#[derive(Deserialize)]
struct Event {
    hold_seconds: u32,
    max_seats_per_buyer: u8,
    #[serde(default)]
    prices: BTreeMap<String, i64>,
    queue: Queue,
}

#[derive(Deserialize)]
struct Queue {
    capacity: u32,
    pass_seconds: u32,
    max_admitted_per_second: u32,
}

/// What to set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recommendation {
    /// The capacity that was rehearsed.
    pub rehearsed_capacity: u32,
    /// The admissions per second that were rehearsed.
    pub rehearsed_per_second: u32,
    /// The capacity to set.
    pub capacity: u32,
    /// The admissions per second to set.
    pub max_admitted_per_second: u32,
    /// What a buyer cost, waiting and all, in milliseconds of processor time of the server; where that is known.
    pub cpu_ms_per_buyer: Option<f64>,
    /// How long a buyer was in the shop, in seconds.
    pub shop_seconds: f64,
    /// How long it takes to sell all seats so, in seconds.
    pub sells_out_in_seconds: f64,
    /// Why, in sentences.
    pub because: Vec<String>,
}

/// Copies what a rehearsal needs of an event; nothing of the event is changed.
pub async fn copied(
    operator: &mut Operator,
    event_id: &str,
    like: Scenario,
) -> Result<Copied, RunError> {
    let event: Value = operator.event(event_id).await?;
    let event: Event = serde_json::from_value(event)?;
    let map = operator.map(event_id).await?;
    Ok(Copied {
        scenario: as_of(&event, like),
        map,
    })
}

fn as_of(event: &Event, like: Scenario) -> Scenario {
    let mut scenario = like;
    "rehearsal".clone_into(&mut scenario.name);
    let plan = &mut scenario.event;
    plan.capacity = event.queue.capacity;
    plan.pass_seconds = event.queue.pass_seconds;
    plan.max_admitted_per_second = event.queue.max_admitted_per_second;
    plan.hold_seconds = event.hold_seconds;
    plan.max_seats_per_buyer = event.max_seats_per_buyer;
    plan.prices.clone_from(&event.prices);
    // Nobody asks for more than one may have here.
    for quantity in &mut scenario.buyers.quantities {
        *quantity = (*quantity).min(event.max_seats_per_buyer);
    }
    scenario
}

/// What to set, from what was measured. `faster` is by how much people's own times were shortened.
pub fn recommend(report: &Report, processors: usize, faster: f64) -> Option<Recommendation> {
    if report.sales == 0 {
        return None;
    }
    let sales = float(report.sales);
    let seats_each = float(report.seats_sold) / sales;
    let shop_seconds = (report.shop_seconds * faster).max(0.1);
    let seats = float(report.seats);
    let mut because = vec![format!(
        "Buyers took {seats_each:.1} seats each and were in the shop for {shop_seconds:.1} seconds."
    )];
    // Not more people than leave room to choose.
    let roomy = (seats * SEATS_AT_ONCE / seats_each).max(1.0);
    because.push(format!(
        "With more than {} people in the shop they would want a fifth of all {seats:.0} seats at the same time, and fight over them.",
        whole(roomy)
    ));
    let cpu_ms_per_buyer = report
        .server
        .map(|server| server.cpu_seconds * 1000.0 / sales);
    let by_machine = cpu_ms_per_buyer.map(|ms| {
        let processors = float(crate::numbers::count(processors));
        let per_second = processors * BUSY_AT_MOST * 1000.0 / ms.max(0.001);
        because.push(format!(
            "A buyer cost the server {ms:.1} ms of processor time, the waiting of everybody shared among them: half of {processors:.0} processors serves {per_second:.0} buyers a second, which is {:.0} in the shop.",
            per_second * shop_seconds
        ));
        per_second * shop_seconds
    });
    let least = (seats * SEATS_AT_LEAST / seats_each).clamp(1.0, roomy);
    let capacity = by_machine.map_or(roomy, |machine| machine.clamp(1.0, roomy));
    if by_machine.is_some_and(|machine| machine < least) {
        because.push("The machine is the limit: with a larger one it would go faster.".to_owned());
    }
    let capacity = small(whole(capacity)).max(1);
    let per_second = float(capacity.into()) / shop_seconds;
    because.push(format!(
        "{capacity} people who stay {shop_seconds:.1} seconds make room for {per_second:.1} more each second."
    ));
    Some(Recommendation {
        rehearsed_capacity: report.scenario.event.capacity,
        rehearsed_per_second: report.scenario.event.max_admitted_per_second,
        capacity,
        max_admitted_per_second: small(whole(per_second.ceil())).max(1),
        cpu_ms_per_buyer,
        shop_seconds,
        sells_out_in_seconds: seats / seats_each / per_second,
        because,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::watch::Taken;

    fn report(cpu_seconds: f64) -> Report {
        let mut report = Report::sample();
        report.seats = 1000;
        report.sales = 100;
        report.seats_sold = 200;
        report.shop_seconds = 10.0;
        report.server = Some(Taken {
            cpu_seconds,
            memory_bytes: 1,
        });
        report
    }

    #[test]
    fn a_quick_machine_is_limited_by_the_seats_and_a_slow_one_by_itself() {
        let quick = recommend(&report(0.1), 2, 1.0).unwrap();
        assert_eq!((quick.capacity, quick.max_admitted_per_second), (100, 10));
        assert!(
            (quick.sells_out_in_seconds - 50.0).abs() < 1e-6,
            "{quick:?}"
        );
        // 1 s of processor time a buyer: one a second on half of two processors, ten in the shop.
        let slow = recommend(&report(100.0), 2, 1.0).unwrap();
        assert_eq!((slow.capacity, slow.max_admitted_per_second), (10, 1));
    }

    #[test]
    fn times_that_were_shortened_count_as_long_as_they_are() {
        let hurried = recommend(&report(0.1), 2, 10.0).unwrap();
        assert!((hurried.shop_seconds - 100.0).abs() < 1e-9);
        assert_eq!(
            (hurried.capacity, hurried.max_admitted_per_second),
            (100, 1)
        );
    }

    #[test]
    fn without_a_sale_nothing_is_recommended() {
        let mut report = report(1.0);
        report.sales = 0;
        assert_eq!(recommend(&report, 2, 1.0), None);
    }

    #[test]
    fn the_copy_has_the_line_and_the_limits_of_the_event() {
        let event = json!({ "hold_seconds": 77, "max_seats_per_buyer": 2, "prices": { "A": 5 }, "name": "x",
            "queue": { "capacity": 11, "pass_seconds": 22, "max_admitted_per_second": 33 } });
        let event: Event = serde_json::from_value(event).unwrap();
        let like = Scenario::built_in("opening-rush").unwrap().unwrap();
        let copy = as_of(&event, like);
        let plan = &copy.event;
        assert_eq!(
            (
                plan.capacity,
                plan.pass_seconds,
                plan.max_admitted_per_second
            ),
            (11, 22, 33)
        );
        assert_eq!((plan.hold_seconds, plan.prices["A"]), (77, 5));
        assert!(copy.buyers.quantities.iter().all(|n| *n <= 2));
    }
}
