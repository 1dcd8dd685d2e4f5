//! The one writer of an instance: takes the turn, runs operations on the domain, keeps what they record, tells the
//! other instances, then answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jari_domain::id::EventId;
use jari_domain::sale::{Change, Present};
use jari_domain::{Refusal, Shop, Timestamp};
use jari_store::{Follower, Result, StoreError, tell};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::Span;

use crate::entry::{Entry, News, Told};
use crate::follow::{end_of_log, follow};
use crate::journal::{Journal, Written, sold};
use crate::keys::BEFORE_ALL;
use crate::link::{Address, Link};
use crate::migrate;
use crate::open::{self, Clock, ClusterSettings, OpenError};
use crate::scripts::give_turn;
use crate::store::{Message, Operation, Reply};

mod knowing;
mod traced;
mod turns;

use turns::renewing;

/// Operations written in one commit: enough that the disk's own time no longer counts, and few enough that
/// the first of them does not wait long for the last.
const BATCH_AT_MOST: usize = 512;
/// How long a turn lasts if it is neither given back nor renewed: short enough that sales go on within seconds after an
/// instance died in its turn.
const TURN_MS: u32 = 3_000;
/// News from the log that wait for the writer; while they do, the log itself keeps more.
const NEWS_AT_MOST: usize = 256;

/// What Redis is called in figures, and what `PostgreSQL` is.
const REDIS: &str = "redis";
const POSTGRESQL: &str = "postgresql";

/// A point in a turn, at which a test may end an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gap {
    /// The turn is taken, nothing is decided.
    Taken,
    /// Operations have run, nothing is committed.
    Decided,
    /// `PostgreSQL` has committed, nobody knows.
    Committed,
    /// The others know and the turn is given back, nobody is answered.
    Given,
}

/// What the operations of a turn have done.
#[derive(Default)]
struct Done {
    written: Vec<Written>,
    changes: Vec<(EventId, Change)>,
    present: Vec<(EventId, Present)>,
    replies: Vec<Reply>,
}

pub(crate) struct Writer {
    shop: Shop,
    /// The number of the newest fact in `shop`.
    seq: i64,
    journal: Journal,
    address: Address,
    link: Option<Link>,
    clock: Clock,
    instance: String,
    turns: u64,
    /// Time never runs backwards here, whatever Redis's clock does.
    last: Timestamp,
    /// The state in memory may be other than what was kept, so it must be read anew.
    suspect: bool,
    /// Others may not know of facts up to `seq`: the next turn says so.
    untold: bool,
    /// The id of the newest entry of the log that is known here, our own ones too.
    heard: String,
    /// When what was known of who is present may have been lost, if the others are still to be told.
    lost_at: Option<Timestamp>,
    followers: Vec<Arc<dyn Follower>>,
    trial: Trial,
}

/// What a test does to an instance.
#[derive(Default)]
struct Trial {
    /// Where it ends.
    die_at: Option<Gap>,
    /// It has been ended.
    dead: bool,
    /// It hears the log in its turns alone.
    deaf: bool,
}

impl Writer {
    /// Reads everything that has happened.
    pub(crate) async fn open(settings: ClusterSettings) -> std::result::Result<Self, OpenError> {
        let address = open::redis(&settings.redis_url)?;
        let database = open::database(&settings.database_url)?;
        let mut client = database
            .connect()
            .await
            .map_err(|error| OpenError::database(&error))?;
        if settings.migrate {
            migrate::migrate(&mut client).await?;
        }
        migrate::check(&mut client).await?;
        drop(client);
        let mut writer = Self {
            shop: Shop::default(),
            seq: 0,
            journal: Journal::new(database),
            address,
            link: None,
            clock: settings.clock,
            instance: settings.instance,
            turns: 0,
            last: Timestamp::default(),
            suspect: false,
            untold: true,
            heard: BEFORE_ALL.to_owned(),
            lost_at: None,
            followers: Vec::new(),
            trial: Trial::default(),
        };
        let now = writer.redis_now().await;
        writer.last = now.map_err(|error| OpenError::redis(&error))?;
        writer.read_anew().await.map_err(|error| match error {
            StoreError::Unavailable(what) => OpenError::DatabaseAway(what),
            damaged @ (StoreError::Refused(_) | StoreError::Corrupt { .. }) => {
                OpenError::Damaged(damaged.to_string())
            }
        })?;
        Ok(writer)
    }

    /// Works until nobody can ask any more.
    pub(crate) async fn run(mut self, mut received: Receiver<Message>) {
        let (tell, mut news) = channel(NEWS_AT_MOST);
        if let Some(link) = &mut self.link
            && let Ok(end) = end_of_log(link).await
        {
            // Without Redis it begins with the oldest entry there is.
            self.heard = end;
        }
        let mut following = self.following(&tell);
        loop {
            tokio::select! {
                biased;
                Some(entry) = news.recv(), if !self.trial.deaf => self.hear(entry).await,
                ended = &mut following => {
                    tracing::error!(?ended, "the log is followed no more; it will be again");
                    following = self.following(&tell);
                }
                message = received.recv() => match message {
                    Some(message) => self.serve(message, &mut received).await,
                    None => break,
                },
            }
            if self.trial.dead {
                break;
            }
        }
        following.abort();
    }

    fn following(&self, tell: &Sender<News>) -> JoinHandle<()> {
        tokio::spawn(follow(
            self.address.clone(),
            self.heard.clone(),
            tell.clone(),
        ))
    }

    /// Gathers what is waiting, and does it in one turn.
    async fn serve(&mut self, first: Message, received: &mut Receiver<Message>) {
        let mut operations = Vec::new();
        let mut message = Some(first);
        while let Some(next) = message.take() {
            match next {
                Message::Operation(operation) => operations.push(operation),
                Message::Follow(follower, done) => {
                    for (event_id, sale) in self.shop.sales() {
                        follower.begin(event_id, sale.snapshot());
                    }
                    self.followers.push(follower);
                    let _ = done.send(());
                }
                #[cfg(test)]
                Message::DieAt(gap) => self.trial.die_at = Some(gap),
                #[cfg(test)]
                Message::BeDeaf => self.trial.deaf = true,
            }
            if operations.len() < BATCH_AT_MOST {
                message = received.try_recv().ok();
            }
        }
        if !operations.is_empty() {
            self.turn(operations).await;
        }
    }

    /// One turn: from taking it to the answers.
    async fn turn(&mut self, operations: Vec<Box<dyn Operation>>) {
        let (begun, count) = (Instant::now(), operations.len());
        let traced = traced::turns(&operations);
        let token = match self.begin_turn().await {
            Ok(token) => token,
            Err((store, error)) => {
                self.count(count, begun, Some(store));
                return operations
                    .into_iter()
                    .for_each(|operation| operation.refuse(error.clone()));
            }
        };
        if self.dies_at(Gap::Taken) {
            return;
        }
        let done = self.execute(operations);
        if self.dies_at(Gap::Decided) {
            return;
        }
        let kept = self.keep(&done.written, &token, &traced).await;
        if kept.is_ok() && self.dies_at(Gap::Committed) {
            return;
        }
        if kept.is_ok() {
            self.count_kept(&done.written);
        }
        let told = self.end_turn(&token, done.written, done.present, kept.is_ok());
        told.await;
        if kept.is_ok() {
            tell(&self.followers, &done.changes);
        }
        if self.dies_at(Gap::Given) {
            return;
        }
        for reply in done.replies {
            reply(kept.clone());
        }
        self.count(count, begun, kept.is_err().then_some(POSTGRESQL));
    }

    /// Takes the turn and knows everything that was written before it.
    /// The store that fails otherwise, and how.
    async fn begin_turn(&mut self) -> std::result::Result<String, (&'static str, StoreError)> {
        if self.suspect {
            let read = self.read_anew().await;
            read.map_err(|error| (POSTGRESQL, error))?;
        }
        self.turns += 1;
        let token = format!("{}/{}", self.instance, self.turns);
        let turn = self.take_turn(&token).await;
        let turn = turn.map_err(|error| (REDIS, error))?;
        let now = match &self.clock {
            Clock::Redis => turn.now,
            Clock::Given(now) => now(),
        };
        self.last = self.last.max(now);
        for news in turn.unheard {
            self.hear(news).await;
        }
        if self.heard != turn.newest {
            // There was more than is told at once, or Redis has lost entries: who was present in them is not known, and
            // neither is whether its head is the newest.
            self.heard = turn.newest;
            self.untold = true;
            self.take_all_for_present(self.last);
        }
        // What Redis says is believed where it has not been away and nothing went wrong before.
        if turn.head.is_none() {
            self.untold = true;
            self.lost_at = Some(self.last);
            self.take_all_for_present(self.last);
        }
        if (self.untold || turn.head != Some(self.seq))
            && let Err(error) = self.catch_up().await
        {
            self.end_turn(&token, Vec::new(), Vec::new(), false).await;
            return Err((POSTGRESQL, error));
        }
        Ok(token)
    }

    /// Runs all operations on the state in memory.
    fn execute(&mut self, operations: Vec<Box<dyn Operation>>) -> Done {
        let mut done = Done::default();
        for operation in operations {
            if self.suspect {
                operation.refuse(StoreError::Refused(Refusal::Recovering {
                    retry_after_seconds: 1,
                }));
                continue;
            }
            let (shop, now) = (&mut self.shop, self.last);
            let Ok(reply) = catch_unwind(AssertUnwindSafe(|| operation.run(shop, now))) else {
                tracing::error!("an operation panicked; the state will be read anew");
                self.suspect = true;
                continue;
            };
            done.present.extend(self.shop.noted_present());
            let (recorded, changes) = self.shop.take_outbox();
            for recorded in recorded {
                let sold = sold(&self.shop, &recorded);
                done.written.push(Written { recorded, sold });
            }
            done.changes.extend(changes);
            done.replies.push(reply);
        }
        done
    }

    /// Commits to `PostgreSQL`.
    async fn keep(&mut self, written: &[Written], token: &str, traced: &[Span]) -> Result<()> {
        if written.is_empty() {
            return Ok(());
        }
        let _commits = traced::commits(traced, written.len());
        let append = Box::pin(self.journal.append(self.seq + 1, written));
        match renewing(&mut self.link, token, append).await {
            Ok(()) => {
                self.seq += i64::try_from(written.len()).unwrap_or(i64::MAX);
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, "a batch was not kept, as far as is known");
                self.suspect = true;
                Err(error.into())
            }
        }
    }

    /// Gives the turn back and tells the other instances. What has been committed stays so, whatever becomes of
    /// this: if it fails the others read it in `PostgreSQL`.
    async fn end_turn(
        &mut self,
        token: &str,
        written: Vec<Written>,
        present: Vec<(EventId, Present)>,
        kept: bool,
    ) {
        let facts: Vec<Told> = if kept {
            written
                .into_iter()
                .map(|written| written.recorded.into())
                .collect()
        } else {
            Vec::new()
        };
        let something = !facts.is_empty() || !present.is_empty() || self.untold;
        let entry = Entry {
            by: self.instance.clone(),
            last: self.seq,
            facts,
            present,
            lost_at: self.lost_at,
        };
        let text = something.then(|| entry.to_text().unwrap_or_default());
        let given = match &mut self.link {
            Some(link) => give_turn(link, token, kept.then_some(self.seq), text.as_deref()).await,
            None => Ok(None),
        };
        match given {
            Ok(Some(id)) => {
                (self.untold, self.lost_at) = (false, None);
                if !id.is_empty() {
                    self.heard = id;
                }
            }
            // Whoever takes the turn next finds that it was not given back.
            Ok(None) => self.untold = true,
            Err(_) => (self.untold, self.link) = (true, None),
        }
    }

    fn dies_at(&mut self, gap: Gap) -> bool {
        self.trial.dead = self.trial.die_at == Some(gap);
        self.trial.dead
    }
}

fn away(error: &redis::RedisError) -> StoreError {
    StoreError::Unavailable(format!("Redis: {error}"))
}
