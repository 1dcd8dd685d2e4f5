//! What is measured.

use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::arithmetic::mixed;
use crate::connection::{Call, Connection, Failure};
use crate::lanes::Work;
use crate::operator::text;

/// These calls in turn.
pub struct InTurn(pub Vec<Call>);

impl Work for InTurn {
    type Output = ();

    async fn unit(&self, connection: &mut Connection, index: usize) -> Result<(), Failure> {
        let call = &self.0[index % self.0.len()];
        connection.send(call).await.map(drop)
    }
}

/// People who come for the first time, each with a secret of their own, as a page makes it.
pub struct Enter {
    /// The lines that they enter in turn.
    pub events: Vec<String>,
    /// The ticket of each so manieth is kept.
    pub keep_every: usize,
}

impl Enter {
    fn call(&self, index: usize) -> anyhow::Result<Call> {
        let visitor = index as u64;
        let secret = format!("{:016x}{:016x}", mixed(visitor), mixed(!visitor));
        let event_id = &self.events[index % self.events.len()];
        let body = json!({ "event_id": event_id, "visitor": secret });
        Call::post("/api/queue/enter", &body)
    }
}

impl Work for Enter {
    type Output = Option<Box<str>>;

    async fn unit(
        &self,
        connection: &mut Connection,
        index: usize,
    ) -> Result<Self::Output, Failure> {
        let call = self.call(index).map_err(Failure::Broken)?;
        let answer = connection.send(&call).await?;
        if !index.is_multiple_of(self.keep_every) {
            return Ok(None);
        }
        let ticket = text(&answer.json()?, "ticket").map_err(Failure::Broken)?;
        Ok(Some(ticket.into()))
    }
}

/// Two free seats of an event, and a wish to hold them.
pub struct Place {
    /// The event.
    pub event_id: String,
    /// The wish.
    pub hold: Call,
}

/// Holds different seats; the answers are kept as they are.
pub struct Hold(pub Vec<Place>);

impl Work for Hold {
    type Output = Bytes;

    async fn unit(&self, connection: &mut Connection, index: usize) -> Result<Bytes, Failure> {
        Ok(connection.send(&self.0[index].hold).await?.body)
    }
}

/// Gives back what these answers said is held.
pub struct Release(pub Vec<Bytes>);

impl Release {
    fn call(&self, index: usize) -> anyhow::Result<Call> {
        let held: Value = serde_json::from_slice(&self.0[index])?;
        let (event_id, hold_id) = (text(&held, "event_id")?, text(&held, "hold_id")?);
        let path = format!("/api/events/{event_id}/holds/{hold_id}");
        Call::delete(&path)?.bearer(&text(&held, "hold_token")?)
    }
}

impl Work for Release {
    type Output = ();

    async fn unit(&self, connection: &mut Connection, index: usize) -> Result<(), Failure> {
        let call = self.call(index).map_err(Failure::Broken)?;
        connection.send(&call).await.map(drop)
    }
}

/// What is needed of an answer to confirm it.
#[derive(Deserialize)]
struct Held<'a> {
    /// Base64url: nothing in it needs escaping.
    hold_token: &'a str,
}

/// Holds different seats and buys them: one order.
pub struct Order(pub Vec<Place>);

/// Buys what was held: the wishes, and the answers to them.
pub struct Confirm {
    /// The wishes.
    pub hold: Arc<Hold>,
    /// The answers, in the same order.
    pub held: Vec<Bytes>,
}

impl Work for Confirm {
    type Output = ();

    async fn unit(&self, connection: &mut Connection, index: usize) -> Result<(), Failure> {
        let place = &self.hold.0[index];
        let confirm = confirm(place, index, &self.held[index]).map_err(Failure::Broken)?;
        connection.send(&confirm).await.map(drop)
    }
}

/// Written by hand: the generator shares the cores with the server that it measures.
fn confirm(place: &Place, index: usize, held: &[u8]) -> anyhow::Result<Call> {
    let path = format!("/api/events/{}/reservations", place.event_id);
    let token = serde_json::from_slice::<Held>(held)?.hold_token;
    let buyer = r#"{"name":"Kim Minji","contact":"minji@example.org"}"#;
    let body = format!(r#"{{"hold_token":"{token}","buyer":{buyer}}}"#);
    Call::post_text(&path, body)?.header("idempotency-key", &format!("order-{index}"))
}

impl Work for Order {
    type Output = Bytes;

    async fn unit(&self, connection: &mut Connection, index: usize) -> Result<Bytes, Failure> {
        let held = connection.send(&self.0[index].hold).await?.body;
        let confirm = confirm(&self.0[index], index, &held).map_err(Failure::Broken)?;
        Ok(connection.send(&confirm).await?.body)
    }
}
