//! What one turn tells the other instances.

use jari_domain::Timestamp;
use jari_domain::fact::{Fact, Recorded, ShopFact};
use jari_domain::id::EventId;
use jari_domain::sale::Present;
use redis::streams::StreamId;
use serde::{Deserialize, Serialize};

/// Facts told in the log itself, in bytes; past it instances read them in `PostgreSQL`, so that a new seat map
/// does not fill Redis.
const TOLD_AT_MOST: usize = 256 * 1024;

/// An entry of the log.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Which instance wrote it.
    pub(crate) by: String,
    /// The number of the newest fact after this turn.
    pub(crate) last: i64,
    /// The facts up to `last`; none where they must be read in `PostgreSQL`.
    pub(crate) facts: Vec<Told>,
    /// Who is present until when.
    pub(crate) present: Vec<(EventId, Present)>,
    /// What was known of who is present may have been lost then: nobody counts as absent before all had time to ask again.
    #[serde(default)]
    pub(crate) lost_at: Option<Timestamp>,
}

/// An entry as the log has it.
#[derive(Debug)]
pub(crate) struct News {
    /// Its id.
    pub(crate) id: String,
    /// The id of the entry before it.
    pub(crate) after: Option<String>,
    /// What it says, where that can be read.
    pub(crate) entry: Option<Entry>,
}

impl From<StreamId> for News {
    fn from(told: StreamId) -> Self {
        let text: Option<String> = told.get("entry");
        Self {
            after: told.get("after"),
            entry: text.and_then(|text| serde_json::from_str(&text).ok()),
            id: told.id,
        }
    }
}

/// A fact as it is told: what `Recorded` is, for JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Told {
    /// In an event.
    Event(EventId, Timestamp, Fact),
    /// Outside any one event.
    Shop(Timestamp, ShopFact),
}

impl From<Recorded> for Told {
    fn from(recorded: Recorded) -> Self {
        match recorded {
            Recorded::Event { event_id, at, fact } => Self::Event(event_id, at, fact),
            Recorded::Shop { at, fact } => Self::Shop(at, fact),
        }
    }
}

impl From<Told> for Recorded {
    fn from(told: Told) -> Self {
        match told {
            Told::Event(event_id, at, fact) => Self::Event { event_id, at, fact },
            Told::Shop(at, fact) => Self::Shop { at, fact },
        }
    }
}

impl Entry {
    /// The entry as text; without its facts if they are too long.
    pub(crate) fn to_text(&self) -> serde_json::Result<String> {
        let text = serde_json::to_string(self)?;
        if text.len() <= TOLD_AT_MOST || self.facts.is_empty() {
            return Ok(text);
        }
        let facts = Vec::new();
        serde_json::to_string(&Self {
            facts,
            ..self.clone()
        })
    }

    /// The facts after the `known`th one, if they are all here.
    pub(crate) fn facts_after(self, known: i64) -> Option<Vec<Told>> {
        let count = i64::try_from(self.facts.len()).ok()?;
        let skip = usize::try_from(known - (self.last - count)).ok()?;
        Some(self.facts.into_iter().skip(skip).collect())
    }
}
