//! One function for each Lua script in `scripts/`; its contract is on top of its file.

use std::sync::LazyLock;

use jari_domain::Timestamp;
use redis::streams::StreamRangeReply;
use redis::{FromRedisValue, RedisResult, Script};

use crate::entry::News;
use crate::keys::{HEAD, LOG, LOG_ENTRIES, NEXT, TURN};
use crate::link::Link;

static TAKE_TURN: LazyLock<Source> =
    LazyLock::new(|| Source::new(include_str!("scripts/take_turn.lua")));
static GIVE_TURN: LazyLock<Source> =
    LazyLock::new(|| Source::new(include_str!("scripts/give_turn.lua")));

static RENEW_TURN: LazyLock<Source> =
    LazyLock::new(|| Source::new(include_str!("scripts/renew_turn.lua")));

/// How long somebody's wish to be next keeps others from taking a free turn: some tries long, so that one who
/// was ended while waiting holds nobody up.
const NEXT_MS: u32 = 50;

/// Entries of the log told with a turn: more than others write while one waits for its turn. Whoever has missed more reads
/// `PostgreSQL`.
const UNHEARD_AT_MOST: u32 = 100;

/// The reply to a wish for the turn.
#[derive(Debug)]
pub(crate) struct Turn {
    /// Redis's clock.
    pub(crate) now: Timestamp,
    /// Whether it was taken.
    pub(crate) taken: bool,
    /// The number of the newest fact, where it can be trusted.
    pub(crate) head: Option<i64>,
    /// The id of the newest entry of the log.
    pub(crate) newest: String,
    /// The entries after the one that was heard, the oldest first.
    pub(crate) unheard: Vec<News>,
}

/// Takes the turn for `lease_ms`, if it is free; whoever has heard the log up to the entry `heard` is told the rest.
pub(crate) async fn take_turn(
    link: &mut Link,
    instance: &str,
    token: &str,
    lease_ms: u32,
    heard: &str,
) -> RedisResult<Turn> {
    let arguments = [
        instance,
        token,
        &lease_ms.to_string(),
        &NEXT_MS.to_string(),
        heard,
        &UNHEARD_AT_MOST.to_string(),
    ];
    let (now, taken, head, newest, unheard): (i64, i64, String, String, StreamRangeReply) =
        TAKE_TURN
            .run(link, &[TURN, NEXT, HEAD, LOG], &arguments)
            .await?;
    Ok(Turn {
        now: Timestamp(now),
        taken: taken == 1,
        head: head.parse().ok(),
        newest,
        unheard: unheard.ids.into_iter().map(News::from).collect(),
    })
}

/// Lets the turn last for `lease_ms` from now on, if it is still this one.
pub(crate) async fn renew_turn(link: &mut Link, token: &str, lease_ms: u32) -> RedisResult<bool> {
    let arguments = [token, &lease_ms.to_string()];
    let renewed: i64 = RENEW_TURN.run(link, &[TURN], &arguments).await?;
    Ok(renewed == 1)
}

/// Gives the turn back, and puts `entry` into the log; without a `head` whoever is next asks `PostgreSQL`. The entry's id, empty
/// without an entry; `None` if the turn was another's by then.
pub(crate) async fn give_turn(
    link: &mut Link,
    token: &str,
    head: Option<i64>,
    entry: Option<&str>,
) -> RedisResult<Option<String>> {
    let arguments = [
        token,
        &head.map(|head| head.to_string()).unwrap_or_default(),
        &LOG_ENTRIES.to_string(),
        entry.unwrap_or_default(),
    ];
    GIVE_TURN.run(link, &[TURN, HEAD, LOG], &arguments).await
}

/// A script and its digest.
struct Source {
    code: &'static str,
    digest: String,
}

impl Source {
    fn new(code: &'static str) -> Self {
        let digest = Script::new(code).get_hash().to_owned();
        Self { code, digest }
    }

    /// Runs it by its digest; a server that does not know it is given the code.
    async fn run<T: FromRedisValue>(
        &self,
        link: &mut Link,
        keys: &[&str],
        arguments: &[&str],
    ) -> RedisResult<T> {
        let known: RedisResult<T> = command("EVALSHA", &self.digest, keys, arguments)
            .query_async(link)
            .await;
        match known {
            Err(error) if is_unknown_script(&error) => {
                command("EVAL", self.code, keys, arguments)
                    .query_async(link)
                    .await
            }
            known => known,
        }
    }
}

fn command(verb: &str, script: &str, keys: &[&str], arguments: &[&str]) -> redis::Cmd {
    let mut command = redis::cmd(verb);
    command.arg(script).arg(keys.len()).arg(keys).arg(arguments);
    command
}

fn is_unknown_script(error: &redis::RedisError) -> bool {
    error.code() == Some("NOSCRIPT")
}
