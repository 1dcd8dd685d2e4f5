//! The door: who came in where and when.

use serde::{Deserialize, Serialize};

/// Something that happened at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoorFact {}
