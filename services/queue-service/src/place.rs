//! A place, as its holder is told.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jari_contract::problem_of;
use jari_domain::event::Phase;
use jari_domain::line::{Eta, Standing, Word};
use jari_domain::sale::Head;
use jari_domain::{Refusal, Timestamp};
use jari_store::StoreError;
use serde::Serialize;
use service_kit::Problem;
use service_kit::time::Utc;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::QueueService;
use crate::presence::{must_be_told_now, present_until};
use crate::ticket::Holder;

/// Room for a place with its ticket and its pass, so that it is written without moving.
const BODY_ROOM: usize = 640;

/// A place in line.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlaceBody<'a> {
    event_id: &'a str,
    #[schema(schema_with = words)]
    state: Word,
    /// Proves this place; sent as `Authorization: Bearer …`.
    ticket: &'a str,
    /// People in line with a lower number who are not parked, + 1; 0 with a pass; null once the place has ended.
    position: Option<u64>,
    /// `position` − 1; 0 with a pass.
    ahead: Option<u64>,
    /// People in line with a higher number who are not parked.
    behind: Option<u64>,
    /// The wait to expect; null where the line does not move.
    eta_seconds: Option<EtaBody>,
    /// When to ask again, in milliseconds.
    poll_after_ms: u32,
    /// With state `admitted`: what holds seats. The same text for as long as it lives.
    pass: Option<String>,
    /// When the pass ends.
    pass_expires_at: Option<Utc>,
    /// What the organiser tells those who wait while the sale is paused.
    message: Option<&'a str>,
    server_time: Utc,
}

/// The wait to expect, in seconds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EtaBody {
    /// As likely sooner as later.
    p50: u32,
    /// Nine times in ten not later.
    p90: u32,
}

impl From<Eta> for EtaBody {
    fn from(eta: Eta) -> Self {
        let Eta { p50, p90 } = eta;
        Self { p50, p90 }
    }
}

/// A place at an instant.
pub struct Look {
    head: Arc<Head>,
    /// How its holder stands.
    pub standing: Standing,
    now: Timestamp,
}

impl Look {
    /// Whether the place has ended: it is not revived.
    pub const fn has_ended(&self) -> bool {
        matches!(self.standing.state, Word::Done | Word::Left | Word::Expired)
    }

    /// What the organiser tells those who wait.
    pub fn message(&self) -> Option<&str> {
        message(&self.head.phase)
    }
}

/// What the organiser tells those who wait.
pub fn message(phase: &Phase) -> Option<&str> {
    match phase {
        Phase::Paused { message } => message.as_deref(),
        Phase::Draft | Phase::Open | Phase::Closed => None,
    }
}

impl QueueService {
    /// Looks at a place as it is now. One that has been called collects its pass by this, so an answer has to
    /// follow; where the store can't keep that, nothing is answered: 503.
    pub async fn look(&self, holder: &Holder) -> Result<Look, Problem> {
        let mut look = self.look_at(holder);
        if must_be_told_now(holder, &look.standing, look.now) {
            self.tell_of(holder, &look).await;
            look = self.look_at(holder);
        }
        let is_called =
            look.standing.state == Word::Admitted && look.standing.pass_expires_at.is_none();
        if !is_called {
            return Ok(look);
        }
        let Holder { view, number } = holder;
        match self.line.collect(view.event_id(), *number).await {
            // Refused: it was called in vain for too long, and stands in line again.
            Ok(_) | Err(StoreError::Refused(Refusal::PassExpired)) => Ok(self.look_at(holder)),
            Err(error) => Err(problem_of(error)),
        }
    }

    /// Tells the store at once of somebody who came back: the next slot may be free before presence is gathered.
    async fn tell_of(&self, holder: &Holder, look: &Look) {
        let Holder { view, number } = holder;
        let until = present_until(&look.standing, look.now);
        // While the store keeps nothing, nobody else is let in either: the answer from memory is right.
        if let Err(error) = self
            .line
            .seen(view.event_id(), vec![(*number, until)])
            .await
        {
            tracing::debug!(%error, "presence could not be told at once; it is told with the others");
        }
    }

    /// Looks at a place as it is now, and leaves it as it is.
    pub fn look_at(&self, holder: &Holder) -> Look {
        let now = self.means.now();
        Look {
            head: holder.view.head(),
            standing: holder.view.standing(holder.number, now),
            now,
        }
    }

    /// The place as it was seen. Whoever is told is present until they have to ask again.
    pub fn body<'a>(&self, holder: &'a Holder, ticket: &'a str, look: &'a Look) -> PlaceBody<'a> {
        self.presence.note(holder, &look.standing, look.now);
        let Standing {
            state,
            position,
            ahead,
            behind,
            eta,
            poll_after_ms,
            pass_expires_at,
        } = look.standing;
        PlaceBody {
            event_id: holder.view.event_id().as_str(),
            state,
            ticket,
            position,
            ahead,
            behind,
            eta_seconds: eta.map(EtaBody::from),
            poll_after_ms,
            pass: pass_expires_at.map(|at| self.pass(look.head.uid, holder.number, at)),
            pass_expires_at: pass_expires_at.map(|at| Utc(at.0)),
            message: look.message(),
            server_time: Utc(look.now.0),
        }
    }
}

impl PlaceBody<'_> {
    /// The place as an answer; when to ask again is told as `Retry-After` too.
    pub fn answer(&self, status: StatusCode) -> Response {
        let mut body = Vec::with_capacity(BODY_ROOM);
        if serde_json::to_writer(&mut body, self).is_err() {
            return Problem::internal().into_response();
        }
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        let seconds = self.poll_after_ms.div_ceil(1000);
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        response
    }
}

/// The words for a place's state, as the document lists them.
fn words() -> Object {
    let words = [
        Word::Waiting,
        Word::Admitted,
        Word::Expired,
        Word::Done,
        Word::Left,
        Word::SoldOut,
        Word::Paused,
        Word::NotOpen,
        Word::Closed,
        Word::Recovering,
    ];
    let values = words.map(|word| serde_json::to_value(word).unwrap_or_default());
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(values))
        .build()
}
