//! The schema of what is kept in Redis: every key is spelled here and nowhere else.
//!
//! | key | type | what | lifetime | when it is lost |
//! |---|---|---|---|---|
//! | [`TURN`] | hash `holder`, `until` | who may write now, and up to when | deleted when the turn is given back; one that is there after its `until` was left behind | the next one to write takes it |
//! | [`NEXT`] | string | the instance that waits for the turn longest | some milliseconds | instances are less fair to each other |
//! | [`HEAD`] | string | the number of the newest fact | for ever | whoever takes the turn asks `PostgreSQL` |
//! | [`LOG`] | stream, fields `entry` and `after`, the id of the entry before | what has happened of late, for all instances | the newest [`LOG_ENTRIES`] or so | instances read what they missed in `PostgreSQL`, and take everybody for present for a while |
//!
//! All have one hash tag, so that a script may touch them together in a Redis Cluster.

/// Who may write now.
pub(crate) const TURN: &str = "{jari}:turn";
/// Who waits for the turn longest.
pub(crate) const NEXT: &str = "{jari}:next";
/// The number of the newest fact.
pub(crate) const HEAD: &str = "{jari}:head";
/// What has happened of late.
pub(crate) const LOG: &str = "{jari}:log";

/// Entries kept in the log: some seconds of a busy sale. Whoever was away for longer reads `PostgreSQL`.
pub(crate) const LOG_ENTRIES: usize = 1000;
/// The id before that of any entry of the log.
pub(crate) const BEFORE_ALL: &str = "0-0";
