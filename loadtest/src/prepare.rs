//! What is made ready off the clock.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::connection::Call;
use crate::lanes::{Lanes, Limit};
use crate::operator::{pairs, put_on_sale, text};
use crate::scenarios::{Enter, Hold};

/// People who may shop at the same time: everyone.
const EVERYONE: u32 = 10_000_000;

/// Lets `people` enter an event's line; gives their places.
pub async fn enter(lanes: &mut Lanes, event_id: &str, people: usize) -> anyhow::Result<Vec<Value>> {
    let work = Arc::new(Enter::of(event_id)?);
    lanes.work(&work, &Limit::all(people)).await?.in_order()
}

/// Questions about the places of these people.
pub fn questions(event_id: &str, places: &[Value]) -> anyhow::Result<Vec<Call>> {
    let path = format!("/api/queue/status?event_id={event_id}");
    places
        .iter()
        .map(|place| Call::get(&path)?.bearer(&text(place, "ticket")?))
        .collect()
}

/// An event with a whole hall, and a hold of each of its pairs, each with a pass of its own.
pub async fn holds(lanes: &mut Lanes, event_id: &str, hall: &Bytes) -> anyhow::Result<Vec<Call>> {
    put_on_sale(lanes.first()?, event_id, EVERYONE, hall).await?;
    let mut pairs = pairs(lanes.first()?, event_id).await?;
    crate::arithmetic::shuffle(&mut pairs);
    let places = enter(lanes, event_id, pairs.len()).await?;
    let path = format!("/api/events/{event_id}/holds");
    let call = |(pair, place): (&[String; 2], &Value)| {
        Call::post(&path, &json!({ "seats": pair }))?.bearer(&text(place, "pass")?)
    };
    pairs.iter().zip(&places).map(call).collect()
}

/// Holds and buys `count` pairs of an event; gives the reservations.
pub async fn sold(
    lanes: &mut Lanes,
    event_id: &str,
    holds: Vec<Call>,
) -> anyhow::Result<Vec<Value>> {
    let count = holds.len();
    let held = lanes
        .work(&Arc::new(Hold(holds)), &Limit::all(count))
        .await?
        .in_order()?;
    let path = format!("/api/events/{event_id}/reservations");
    let mut confirms = Vec::new();
    for (index, hold) in held.iter().enumerate() {
        let buyer = json!({ "name": "Bench", "contact": "bench" });
        let body = json!({ "hold_token": text(hold, "hold_token")?, "buyer": buyer });
        confirms.push(Call::post(&path, &body)?.header("idempotency-key", &index.to_string())?);
    }
    lanes
        .work(&Arc::new(Hold(confirms)), &Limit::all(count))
        .await?
        .in_order()
}
