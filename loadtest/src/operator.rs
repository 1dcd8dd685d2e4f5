//! What the operator does before the sale: events, maps, a staff key.

use anyhow::Context;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::connection::{Answer, Call, Connection};
use crate::server::OPERATOR_KEY;

/// A hall for lines at which nobody shops.
pub const SMALL_HALL: &str = "section,row,seats,category,price\nA,1,1-10,Stalls,1000\n";

/// Does something as the operator.
async fn send(connection: &mut Connection, call: Call) -> anyhow::Result<Answer> {
    Ok(connection.send(&call.bearer(OPERATOR_KEY)?).await?)
}

/// Puts an event on sale. Its passes and holds outlive the bench.
pub async fn put_on_sale(
    connection: &mut Connection,
    event_id: &str,
    capacity: u32,
    hall: &Bytes,
) -> anyhow::Result<()> {
    let event = json!({
        "event_id": event_id, "name": "Bench", "venue": "Bench", "starts_at": "2099-01-01T10:00:00Z",
        "currency": "EUR", "hold_seconds": 3600, "max_seats_per_buyer": 50,
        "queue": { "capacity": capacity, "pass_seconds": 86400, "max_admitted_per_second": 1_000_000 }
    });
    send(connection, Call::post("/api/admin/events", &event)?).await?;
    let map = format!("/api/admin/events/{event_id}/map");
    send(connection, Call::put(&map, "text/csv", hall.clone())?).await?;
    let open = format!("/api/admin/events/{event_id}/open");
    send(connection, Call::post(&open, &json!({}))?).await?;
    Ok(())
}

/// A staff key for these events.
pub async fn staff_key(connection: &mut Connection, events: &[String]) -> anyhow::Result<String> {
    let wish = json!({ "event_ids": events, "name": "Bench" });
    let answer = send(connection, Call::post("/api/admin/staff-keys", &wish)?).await?;
    text(&answer.json()?, "key")
}

/// Two neighbours each, of all seats of an event, row by row.
pub async fn pairs(
    connection: &mut Connection,
    event_id: &str,
) -> anyhow::Result<Vec<[String; 2]>> {
    let map = connection
        .send(&Call::get(&format!("/api/events/{event_id}/map"))?)
        .await?;
    Ok(pairs_of(&map.json()?))
}

/// A text of a JSON object.
pub fn text(body: &Value, field: &str) -> anyhow::Result<String> {
    let text = body[field].as_str();
    Ok(text
        .with_context(|| format!("the answer has no {field}"))?
        .to_owned())
}

fn pairs_of(map: &Value) -> Vec<[String; 2]> {
    let list = |value: &Value, field: &str| value[field].as_array().cloned().unwrap_or_default();
    let rows = list(map, "sections")
        .into_iter()
        .flat_map(|section| list(&section, "rows"));
    rows.flat_map(|row| {
        let seats = list(&row, "seats");
        let ids = seats
            .iter()
            .filter_map(|seat| seat["seat_id"].as_str().map(str::to_owned));
        let ids: Vec<String> = ids.collect();
        ids.chunks_exact(2)
            .map(|two| [two[0].clone(), two[1].clone()])
            .collect::<Vec<_>>()
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_neighbours_of_one_row_and_no_seat_is_in_two() {
        let seat = |id: &str| json!({ "seat_id": id });
        let map = json!({ "sections": [
            { "rows": [{ "seats": [seat("A-1-1"), seat("A-1-2"), seat("A-1-3")] }] },
            { "rows": [{ "seats": [seat("B-1-1"), seat("B-1-2")] }, { "seats": [] }] }
        ] });
        assert_eq!(
            pairs_of(&map),
            [["A-1-1", "A-1-2"], ["B-1-1", "B-1-2"]].map(|pair| pair.map(str::to_owned))
        );
        assert!(pairs_of(&json!({})).is_empty());
    }
}
