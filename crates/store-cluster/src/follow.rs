//! Following the log: what other instances tell.

use std::time::Duration;

use redis::RedisResult;
use redis::streams::{StreamReadOptions, StreamReadReply};
use tokio::sync::mpsc::Sender;

use crate::entry::News;
use crate::keys::BEFORE_ALL;
use crate::keys::LOG;
use crate::link::{Address, Link, REDIS_TIMEOUT};

/// How long one question waits for news.
const BLOCK: Duration = Duration::from_secs(1);
/// Entries read at once.
const READ_AT_MOST: usize = 64;
/// After a failure the next try comes after this long: often enough to be back within a quarter of a second.
const AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Where the log ends now.
pub(crate) async fn end_of_log(link: &mut Link) -> RedisResult<String> {
    let newest: redis::streams::StreamRangeReply = redis::cmd("XREVRANGE")
        .arg(LOG)
        .arg("+")
        .arg("-")
        .arg("COUNT")
        .arg(1)
        .query_async(link)
        .await?;
    let id = newest.ids.into_iter().next().map(|entry| entry.id);
    Ok(id.unwrap_or_else(|| BEFORE_ALL.to_owned()))
}

/// Hands on what comes into the log after `last`, until nobody listens.
///
/// What is missed while Redis is away, or lost with it, is read in `PostgreSQL`: by the number of the next entry
/// the writer knows that it missed something.
pub(crate) async fn follow(address: Address, mut last: String, news: Sender<News>) {
    while !news.is_closed() {
        if let Ok(mut link) = address.connect(BLOCK + REDIS_TIMEOUT).await {
            // Its end is the reason to connect again.
            let _ = read(&mut link, &mut last, &news).await;
        }
        tokio::time::sleep(AGAIN_AFTER).await;
    }
}

async fn read(link: &mut Link, last: &mut String, news: &Sender<News>) -> RedisResult<()> {
    let block = usize::try_from(BLOCK.as_millis()).unwrap_or(usize::MAX);
    let options = StreamReadOptions::default()
        .block(block)
        .count(READ_AT_MOST);
    loop {
        let mut command = redis::cmd("XREAD");
        command
            .arg(&options)
            .arg("STREAMS")
            .arg(LOG)
            .arg(last.as_str());
        let reply: Option<StreamReadReply> = command.query_async(link).await?;
        let entries = reply.into_iter().flat_map(|reply| reply.keys);
        for told in entries.flat_map(|key| key.ids) {
            last.clone_from(&told.id);
            if news.send(told.into()).await.is_err() {
                return Ok(());
            }
        }
    }
}
