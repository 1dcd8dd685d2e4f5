//! The one writer: runs operations on the domain, keeps what they record, then answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use jari_domain::fact::{Fact, Recorded};
use jari_domain::id::EventId;
use jari_domain::reservation::Reservation;
use jari_domain::sale::Change;
use jari_domain::{Refusal, Shop, Timestamp};
use jari_store::{Batch, Follower, OneShop, Result, Store, StoreError, tell};
use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::journal::{Entry, Journal};
use crate::open::{Directory, Now, OpenError};

/// Operations waiting for the writer: some tenths of a second of work at full speed; past it callers are told
/// at once that the store is busy, rather than waiting for seconds.
const WAITING_AT_MOST: usize = 8192;
/// Operations written in one commit: enough that the disk's own time no longer counts, and few enough that
/// the first of them does not wait long for the last.
const BATCH_AT_MOST: usize = 512;

/// What the disk is called in figures.
const SQLITE: &str = "sqlite";

/// Runs after the batch was kept, or was not.
type Reply = Box<dyn FnOnce(Result<()>) + Send>;
type Operation = Box<dyn FnOnce(&mut Shop, Timestamp) -> Reply + Send>;

enum Message {
    Operation(Operation),
    Follow(Arc<dyn Follower>, oneshot::Sender<()>),
}

/// The domain in memory, and its journal on disk. Dropping it finishes the work in hand.
pub struct EmbeddedStore {
    messages: Option<SyncSender<Message>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl EmbeddedStore {
    /// Opens a data directory, which is made if it does not exist, and replays its journal.
    pub fn open(directory: &Path, now: Now) -> std::result::Result<Self, OpenError> {
        let directory_of = directory.to_owned();
        let directory = Directory::lock(directory)?;
        let journal = Journal::open(&directory.database)?;
        let (mut shop, last) = journal.replay()?;
        let started = last.max(now());
        shop.sales_mut()
            .for_each(|(_, sale)| sale.restarted(started));
        let (messages, received) = sync_channel(WAITING_AT_MOST);
        let writer = Writer {
            shop,
            journal,
            now,
            last: started,
            pending: Pending::default(),
            failing: false,
            suspect: false,
            followers: Vec::new(),
            _directory: directory,
        };
        let thread = std::thread::Builder::new()
            .name("jari-writer".to_owned())
            .spawn(move || writer.run(&received))
            .map_err(|what| OpenError::Directory {
                path: directory_of,
                what,
            })?;
        Ok(Self {
            messages: Some(messages),
            thread: Mutex::new(Some(thread)),
        })
    }

    fn send(&self, message: Message) -> Result<()> {
        let messages = self.messages.as_ref().ok_or_else(stopped)?;
        messages.try_send(message).map_err(|error| match error {
            TrySendError::Full(_) => {
                StoreError::Unavailable("too many operations are waiting".to_owned())
            }
            TrySendError::Disconnected(_) => stopped(),
        })
    }
}

impl OneShop for EmbeddedStore {
    async fn run<T, F>(&self, operation: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Shop, Timestamp) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let operation: Operation = Box::new(move |shop, now| {
            let result = operation(shop, now);
            Box::new(move |kept| {
                // A caller that has gone away needs no answer.
                let _ = answer.send(kept.and(result));
            })
        });
        self.send(Message::Operation(operation))?;
        answered.await.unwrap_or_else(|_| Err(stopped()))
    }
}

impl Store for EmbeddedStore {
    fn follow(&self, follower: Arc<dyn Follower>) {
        let (done, told) = oneshot::channel();
        if self.send(Message::Follow(follower, done)).is_ok() {
            // Called at start, from no runtime's worker: waiting here is waiting for the writer to be ready.
            let _ = told.blocking_recv();
        }
    }
}

impl Drop for EmbeddedStore {
    fn drop(&mut self) {
        self.messages = None;
        if let Some(thread) = self.thread.lock().take() {
            // A writer that panicked has said so already.
            let _ = thread.join();
        }
    }
}

fn stopped() -> StoreError {
    StoreError::Unavailable("the store has stopped".to_owned())
}

/// What the domain has done and the disk does not have yet.
#[derive(Default)]
struct Pending {
    entries: Vec<Entry>,
    changes: Vec<(EventId, Change)>,
}

struct Writer {
    shop: Shop,
    journal: Journal,
    now: Now,
    /// Time never runs backwards here, whatever the machine's clock does.
    last: Timestamp,
    pending: Pending,
    /// The last attempt to write failed.
    failing: bool,
    /// An operation panicked, so the state in memory may be half-changed.
    suspect: bool,
    followers: Vec<Arc<dyn Follower>>,
    _directory: Directory,
}

impl Writer {
    fn run(mut self, received: &Receiver<Message>) {
        while let Ok(first) = received.recv() {
            let mut operations = Vec::new();
            let mut message = Some(first);
            while let Some(next) = message.take() {
                match next {
                    Message::Operation(operation) => operations.push(operation),
                    Message::Follow(follower, done) => self.follow(follower, done),
                }
                if operations.len() < BATCH_AT_MOST {
                    message = received.try_recv().ok();
                }
            }
            if !operations.is_empty() {
                self.batch(operations);
            }
        }
    }

    fn follow(&mut self, follower: Arc<dyn Follower>, done: oneshot::Sender<()>) {
        for (event_id, sale) in self.shop.sales() {
            follower.begin(event_id, sale.snapshot());
        }
        self.followers.push(follower);
        let _ = done.send(());
    }

    fn batch(&mut self, operations: Vec<Operation>) {
        let (begun, count) = (Instant::now(), operations.len());
        let done = self.answer(operations);
        let batch = Batch {
            operations: count,
            took: begun.elapsed(),
            failed: done.is_err().then_some(SQLITE),
        };
        for follower in &self.followers {
            follower.batch(&batch);
        }
    }

    /// Does them, and answers all; what the disk said if it did not keep them.
    fn answer(&mut self, operations: Vec<Operation>) -> Result<()> {
        // What an earlier batch could not write goes first: until it is on disk nothing else is done, so that
        // a full disk costs answers but no more memory.
        if let Err(error) = self.keep().and_then(|()| self.restore()) {
            for operation in operations {
                self.refuse(operation, &error);
            }
            return Err(error);
        }
        self.last = self.last.max((self.now)());
        let mut replies: Vec<Reply> = Vec::with_capacity(operations.len());
        for operation in operations {
            if self.suspect {
                self.refuse(
                    operation,
                    &StoreError::Refused(Refusal::Recovering {
                        retry_after_seconds: 1,
                    }),
                );
            } else {
                replies.extend(self.execute(operation));
            }
        }
        let kept = self.keep();
        for reply in replies {
            reply(kept.clone());
        }
        kept
    }

    /// An operation that can't be kept must not run: it is given an empty shop, and its reply the reason.
    fn refuse(&self, operation: Operation, error: &StoreError) {
        let nothing = &mut Shop::default();
        // One that panics there too loses its answer, and nobody else's.
        if let Ok(reply) = catch_unwind(AssertUnwindSafe(|| operation(nothing, self.last))) {
            reply(Err(error.clone()));
        }
    }

    fn execute(&mut self, operation: Operation) -> Option<Reply> {
        let now = self.last;
        let shop = &mut self.shop;
        let Ok(reply) = catch_unwind(AssertUnwindSafe(|| operation(shop, now))) else {
            tracing::error!("an operation panicked; the state will be read back from disk");
            self.suspect = true;
            return None;
        };
        let (recorded, changes) = self.shop.take_outbox();
        for recorded in recorded {
            let sold = self.sold(&recorded);
            self.pending.entries.push(Entry { recorded, sold });
        }
        self.pending.changes.extend(changes);
        Some(reply)
    }

    /// A panic may have left the state half-changed: what is on disk is whole, so go back to that.
    fn restore(&mut self) -> Result<()> {
        if !self.suspect {
            return Ok(());
        }
        let (mut shop, _) = self
            .journal
            .replay()
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        shop.sales_mut()
            .for_each(|(_, sale)| sale.restarted(self.last));
        self.shop = shop;
        for follower in &self.followers {
            self.shop
                .sales()
                .for_each(|(event_id, sale)| follower.begin(event_id, sale.snapshot()));
        }
        self.suspect = false;
        Ok(())
    }

    fn sold(&self, recorded: &Recorded) -> Option<Reservation> {
        let Recorded::Event { event_id, fact, .. } = recorded else {
            return None;
        };
        let (Fact::Confirmed { reservation_id, .. } | Fact::Cancelled { reservation_id, .. }) =
            fact
        else {
            return None;
        };
        self.shop
            .sale(event_id)
            .ok()?
            .reservation(*reservation_id)
            .ok()
            .cloned()
    }

    /// Writes what is pending, then tells the followers.
    fn keep(&mut self) -> Result<()> {
        if self.pending.entries.is_empty() {
            // Who is present is no fact: it is told, and not written down.
            let Pending { changes, .. } = std::mem::take(&mut self.pending);
            tell(&self.followers, &changes);
            return Ok(());
        }
        if let Err(error) = self.journal.append(&self.pending.entries) {
            // Said when it begins and when it ends, not at every try.
            if !self.failing {
                tracing::error!(%error, "nothing is kept until this is mended");
            }
            self.failing = true;
            return Err(error);
        }
        if std::mem::take(&mut self.failing) {
            tracing::info!("what happens is kept again");
        }
        let Pending { entries, changes } = std::mem::take(&mut self.pending);
        for follower in &self.followers {
            let kept = entries.iter();
            kept.for_each(|entry| follower.kept(&entry.recorded));
        }
        tell(&self.followers, &changes);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
