//! Whose turn it is: asked for, waited for, renewed.

use std::time::Duration;

use jari_domain::Timestamp;
use jari_store::{Result, StoreError};
use tokio::time::Instant;

use super::{TURN_MS, Writer, away};
use crate::link::{Link, REDIS_TIMEOUT};
use crate::open::Clock;
use crate::scripts::{Turn, renew_turn, take_turn};

/// How often a taken turn is asked for again.
const TURN_ASKED_EVERY: Duration = Duration::from_millis(1);
/// How long an instance waits for the turn before it says that it can't: longer than a turn that was left behind, and longer
/// than one in which `PostgreSQL` was given up.
const TURN_WAIT: Duration = Duration::from_secs(8);
/// How often whoever waits for `PostgreSQL` in its turn renews it: a machine that is slow is not one that has died, and is not
/// to be overtaken.
const TURN_RENEWED_EVERY: Duration = Duration::from_secs(1);

impl Writer {
    pub(super) async fn redis_now(&mut self) -> redis::RedisResult<Timestamp> {
        let link = self.link().await?;
        let (seconds, micros): (i64, i64) = redis::cmd("TIME").query_async(link).await?;
        Ok(match &self.clock {
            Clock::Redis => Timestamp(seconds * 1000 + micros / 1000),
            Clock::Given(now) => now(),
        })
    }

    /// The connection; a new one if there was a failure, after which nothing that Redis said before is trusted.
    pub(super) async fn link(&mut self) -> redis::RedisResult<&mut Link> {
        let link = if let Some(link) = self.link.take() {
            link
        } else {
            self.untold = true;
            self.address.connect(REDIS_TIMEOUT).await?
        };
        Ok(self.link.insert(link))
    }

    pub(super) async fn take_turn(&mut self, token: &str) -> Result<Turn> {
        let was_kept = self.link.is_some();
        let mut asked = self.ask_for_turn(token).await;
        if asked.is_err() && was_kept {
            // That a connection has broken meanwhile says nothing of how Redis is now, and nothing has been done yet.
            asked = self.ask_for_turn(token).await;
        }
        let turn = asked.map_err(|error| away(&error))?;
        turn.ok_or_else(|| {
            let what = "another instance does not give its turn back";
            StoreError::Unavailable(what.to_owned())
        })
    }

    /// Asks until the turn is ours; `None` if that takes too long.
    async fn ask_for_turn(&mut self, token: &str) -> redis::RedisResult<Option<Turn>> {
        let asked = Instant::now();
        let (instance, heard) = (self.instance.clone(), self.heard.clone());
        loop {
            let turn = match self.link().await {
                Ok(link) => take_turn(link, &instance, token, TURN_MS, &heard).await,
                Err(error) => Err(error),
            };
            match turn {
                Ok(turn) if turn.taken => return Ok(Some(turn)),
                Ok(_) if asked.elapsed() < TURN_WAIT => tokio::time::sleep(TURN_ASKED_EVERY).await,
                Ok(_) => return Ok(None),
                Err(error) => {
                    self.link = None;
                    return Err(error);
                }
            }
        }
    }
}

/// Waits for this, and renews the turn meanwhile.
pub(super) async fn renewing<T>(
    link: &mut Option<Link>,
    token: &str,
    wait: impl Future<Output = T>,
) -> T {
    let mut wait = std::pin::pin!(wait);
    loop {
        tokio::select! {
            done = &mut wait => return done,
            () = tokio::time::sleep(TURN_RENEWED_EVERY) => {}
        }
        if let Some(link) = link {
            let renew = renew_turn(link, token, TURN_MS);
            tokio::select! {
                done = &mut wait => return done,
                // Where Redis does not take it the journal itself keeps the instances apart.
                _ = renew => {}
            }
        }
    }
}
