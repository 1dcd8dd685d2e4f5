//! What is measured.

use serde_json::{Value, json};

use crate::arithmetic::mixed;
use crate::connection::{Call, Connection, Failure};
use crate::operator::text;

/// One of some calls, chosen anew each time.
pub struct AnyOf(pub Vec<Call>);

impl crate::lanes::Work for AnyOf {
    type Output = ();

    async fn unit(&self, connection: &mut Connection, index: usize) -> Result<(), Failure> {
        let at = usize::try_from(mixed(index as u64)).unwrap_or_default() % self.0.len();
        connection.send(&self.0[at]).await.map(drop)
    }
}

/// Enters a line; the place is kept.
pub struct Enter {
    call: Call,
}

impl Enter {
    /// The line of this event.
    pub fn of(event_id: &str) -> anyhow::Result<Self> {
        Ok(Self {
            call: Call::post("/api/queue/enter", &json!({ "event_id": event_id }))?,
        })
    }
}

impl crate::lanes::Work for Enter {
    type Output = Value;

    async fn unit(&self, connection: &mut Connection, _: usize) -> Result<Value, Failure> {
        connection.send(&self.call).await?.json()
    }
}

/// Enters a line, and keeps nothing: what is measured is the server.
pub struct EnterOnly(pub Enter);

impl crate::lanes::Work for EnterOnly {
    type Output = ();

    async fn unit(&self, connection: &mut Connection, _: usize) -> Result<(), Failure> {
        connection.send(&self.0.call).await.map(drop)
    }
}

/// Holds a pair of seats with a pass of its own; by index, so that no pair is asked for twice.
pub struct Hold(pub Vec<Call>);

impl crate::lanes::Work for Hold {
    type Output = Value;

    async fn unit(&self, connection: &mut Connection, index: usize) -> Result<Value, Failure> {
        connection.send(&self.0[index]).await?.json()
    }
}

/// Holds a pair of seats and buys it: one order.
pub struct Order {
    /// The holds.
    pub holds: Vec<Call>,
    /// Where they are confirmed.
    pub path: String,
}

impl crate::lanes::Work for Order {
    type Output = Value;

    async fn unit(&self, connection: &mut Connection, index: usize) -> Result<Value, Failure> {
        let hold = connection.send(&self.holds[index]).await?.json()?;
        let body = json!({
            "hold_token": text(&hold, "hold_token").map_err(Failure::Broken)?,
            "buyer": { "name": "Bench", "contact": "bench" }
        });
        let call = Call::post(&self.path, &body)
            .and_then(|call| call.header("idempotency-key", &index.to_string()))
            .map_err(Failure::Broken)?;
        connection.send(&call).await?.json()
    }
}
