//! What every HTTP service needs, and nothing that knows of tickets: serving, problems, limits, telemetry.

pub mod clock;
pub mod durations;
pub mod entropy;
pub mod environment;
pub mod etag;
pub mod extract;
pub mod health;
pub mod internal;
pub mod json;
pub mod metrics;
pub mod openapi;
pub mod origins;
pub mod page;
pub mod peer;
pub mod problem;
pub mod program;
pub mod request;
pub mod serve;
pub mod sse;
pub mod startup;
pub mod stats;
pub mod telemetry;
pub mod time;
pub mod trace;
mod unread;

pub use clock::{Clock, SystemClock};
pub use entropy::{Entropy, SystemEntropy};
pub use extract::{
    Bearer, FieldErrors, IdempotencyKey, Json, JsonWithDigest, Path, Query, RequiredIdempotencyKey,
};
pub use origins::Origins;
pub use problem::Problem;
