//! What has to be there before it can be measured: people with tickets and passes, and seats to choose from.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::arithmetic::shuffle;
use crate::connection::{Call, Connection, Failure};
use crate::lanes::{Lanes, Limit, Work};
use crate::operator::{pairs, put_on_sale, text};
use crate::scenarios::{Enter, Place};

/// More than ever enter.
const ROOM_FOR_ALL: u32 = 10_000_000;
/// How often somebody who is about to be admitted asks.
const ASK_EVERY: Duration = Duration::from_millis(100);
/// Admission is a matter of seconds.
const ASK_AT_MOST: usize = 600;

/// The question of whoever has this ticket.
pub fn status(event_id: &str, ticket: &str) -> anyhow::Result<Call> {
    Call::get(&format!("/api/queue/status?event_id={event_id}"))?.bearer(ticket)
}

/// Lets these people enter these events in turn. Gives their questions.
pub async fn enter(
    lanes: &mut Lanes,
    events: &[String],
    people: Range<usize>,
) -> anyhow::Result<Vec<Call>> {
    let enter = Enter {
        events: events.to_vec(),
        keep_every: 1,
    };
    let limit = Limit {
        next: people.start,
        ..Limit::all(people.end)
    };
    let tickets = lanes.work(&Arc::new(enter), &limit).await?.in_order()?;
    let tickets = people.zip(tickets.into_iter().flatten());
    tickets
        .map(|(person, ticket)| status(&events[person % events.len()], &ticket))
        .collect()
}

/// Gives these people a pass each, for these events in turn.
pub async fn passes(
    lanes: &mut Lanes,
    events: &[String],
    people: Range<usize>,
) -> anyhow::Result<Vec<String>> {
    let asked = enter(lanes, events, people).await?;
    let all = Limit::all(asked.len());
    lanes
        .work(&Arc::new(Collect(asked)), &all)
        .await?
        .in_order()
}

/// Puts events on sale in this hall, and fills them with `capacity` people each who stay: whoever comes later
/// waits.
pub async fn full_shops(
    lanes: &mut Lanes,
    events: &[String],
    capacity: u32,
    hall: &Bytes,
) -> anyhow::Result<()> {
    for event_id in events {
        put_on_sale(lanes.first()?, event_id, capacity, hall).await?;
    }
    let people = events.len() * usize::try_from(capacity)?;
    passes(lanes, events, 0..people).await.map(drop)
}

/// Seats of these events, two and two, in random order.
pub async fn seats(
    lanes: &mut Lanes,
    events: &[String],
    hall: &Bytes,
) -> anyhow::Result<Vec<(String, [String; 2])>> {
    let mut seats = Vec::new();
    for event_id in events {
        let connection = lanes.first()?;
        put_on_sale(connection, event_id, ROOM_FOR_ALL, hall).await?;
        let pairs = pairs(connection, event_id).await?;
        seats.extend(pairs.into_iter().map(|pair| (event_id.clone(), pair)));
    }
    shuffle(&mut seats);
    Ok(seats)
}

/// Wishes to hold these seats, with a pass of the same event each that is used `uses` times; as many as the
/// passes are good for. `passes` are of the `events` in turn, from the first.
pub fn places(
    seats: &[(String, [String; 2])],
    events: &[String],
    passes: &[String],
    uses: usize,
) -> anyhow::Result<Vec<Place>> {
    let mut of_event = HashMap::<&str, Vec<&str>>::new();
    for (event_id, pass) in events.iter().cycle().zip(passes) {
        let mine = of_event.entry(event_id).or_default();
        mine.extend(std::iter::repeat_n(pass.as_str(), uses));
    }
    let mut places = Vec::new();
    for (event_id, pair) in seats {
        let Some(pass) = of_event.get_mut(event_id.as_str()).and_then(Vec::pop) else {
            continue;
        };
        let path = format!("/api/events/{event_id}/holds");
        places.push(Place {
            event_id: event_id.clone(),
            hold: Call::post(&path, &json!({ "seats": pair }))?.bearer(pass)?,
        });
    }
    Ok(places)
}

/// Looks up the codes in these answers to orders.
pub fn look_ups(reservations: &[Bytes], staff_key: &str) -> anyhow::Result<Vec<Call>> {
    let call = |reservation: &Bytes| {
        let reservation: Value = serde_json::from_slice(reservation)?;
        let path = format!("/staff/events/{}/lookup", text(&reservation, "event_id")?);
        let body = json!({ "code": text(&reservation, "code")? });
        Call::post(&path, &body)?.bearer(staff_key)
    };
    anyhow::ensure!(!reservations.is_empty(), "nothing was bought");
    reservations.iter().map(call).collect()
}

/// Everyone asks until they have a pass.
struct Collect(Vec<Call>);

impl Work for Collect {
    type Output = String;

    async fn unit(&self, connection: &mut Connection, index: usize) -> Result<String, Failure> {
        for _ in 0..ASK_AT_MOST {
            let place = connection.send(&self.0[index]).await?.json()?;
            if !place["pass"].is_null() {
                return text(&place, "pass").map_err(Failure::Broken);
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
        Err(Failure::Refused("nobody was admitted".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_held_with_passes_of_their_event_each_used_so_often_and_not_more() {
        let events = ["a", "b"].map(str::to_owned);
        let seats: Vec<_> = ["b", "b", "b", "a", "a", "a"]
            .iter()
            .enumerate()
            .map(|(at, event)| {
                let pair = [format!("{at}-1"), format!("{at}-2")];
                ((*event).to_owned(), pair)
            })
            .collect();
        let passes = ["a0", "b0", "a1"].map(str::to_owned);
        let told = |uses| {
            let places = places(&seats, &events, &passes, uses).unwrap();
            let sent = places
                .iter()
                .map(|place| (place.event_id.clone(), format!("{:?}", place.hold)));
            sent.map(|(event, call)| {
                let pass = passes.iter().find(|pass| call.contains(*pass)).unwrap();
                assert!(pass.starts_with(&event), "{call}");
                pass.clone()
            })
            .collect::<Vec<_>>()
        };
        assert_eq!(told(1), ["b0", "a1", "a0"]);
        assert_eq!(told(2), ["b0", "b0", "a1", "a1", "a0"]);
    }
}
