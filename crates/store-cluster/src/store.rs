//! The store as its callers have it: a door to the writer's thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use jari_domain::{Shop, Timestamp};
use jari_store::{Follower, OneShop, Result, Store, StoreError};
use parking_lot::Mutex;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;
use tracing::Span;

use crate::open::{self, ClusterSettings, OpenError, Patience};
use crate::writer::Writer;

/// Operations waiting for the writer: some tenths of a second of work at full speed; past it callers are told
/// at once that the store is busy, rather than waiting for seconds.
const WAITING_AT_MOST: usize = 8192;

/// What the writer is asked.
pub(crate) enum Message {
    /// To run something.
    Operation(Box<dyn Operation>),
    /// To tell a follower everything.
    Follow(Arc<dyn Follower>, oneshot::Sender<()>),
    /// To end at this point as if killed.
    #[cfg(test)]
    DieAt(crate::writer::Gap),
    /// To hear the log in its turns alone.
    #[cfg(test)]
    BeDeaf,
}

/// Answers once what an operation recorded was kept, or was not.
pub(crate) type Reply = Box<dyn FnOnce(Result<()>) + Send>;

/// Something to do on the shop.
pub(crate) trait Operation: Send {
    /// Does it.
    fn run(self: Box<Self>, shop: &mut Shop, now: Timestamp) -> Reply;
    /// Answers that it was not done.
    fn refuse(self: Box<Self>, error: StoreError);
    /// What is traced of whoever asked for it.
    fn span(&self) -> &Span;
}

/// An operation and whoever waits for its answer.
struct Asked<T, F> {
    operation: F,
    span: Span,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, F> Operation for Asked<T, F>
where
    T: Send + 'static,
    F: FnOnce(&mut Shop, Timestamp) -> Result<T> + Send,
{
    fn run(self: Box<Self>, shop: &mut Shop, now: Timestamp) -> Reply {
        let Self {
            operation, answer, ..
        } = *self;
        let result = operation(shop, now);
        Box::new(move |kept| {
            // A caller that has gone away needs no answer.
            let _ = answer.send(kept.and(result));
        })
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        let _ = self.answer.send(Err(error));
    }

    fn span(&self) -> &Span {
        &self.span
    }
}

/// What was asked of the store so that this instance hears of the others: one question at a time, for all who want to
/// know. A stranger who names events that there are not costs a turn now and then, and no more.
#[derive(Default)]
struct Looks {
    begun: AtomicU64,
    /// The number of the newest one that is over, and how it went.
    done: tokio::sync::Mutex<(u64, Option<StoreError>)>,
}

impl Looks {
    /// Looks, or shares a look that begins after this was asked.
    async fn look(&self, look: impl Future<Output = Result<()>>) -> Result<()> {
        let asked = self.begun.load(Ordering::SeqCst);
        let mut done = self.done.lock().await;
        if done.0 <= asked {
            let number = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
            *done = (number, look.await.err());
        }
        done.1.clone().map_or(Ok(()), Err)
    }
}

/// One instance of the store of many machines. Dropping it finishes the work in hand.
pub struct ClusterStore {
    messages: Option<Sender<Message>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    looks: Looks,
}

impl ClusterStore {
    /// Opens the store: reads everything that has happened, then follows it. Blocks until that is done, which
    /// needs both Redis and `PostgreSQL`.
    pub fn open(settings: ClusterSettings) -> std::result::Result<Arc<Self>, OpenError> {
        Self::open_with(settings, Patience::None)
    }

    /// The same for a program that starts: waits some minutes for a store that is away, and tells what it waits for.
    /// These followers know everything then.
    pub fn open_when_there(
        settings: ClusterSettings,
        followers: Vec<Arc<dyn Follower>>,
        tell: impl Fn(String) + Send + 'static,
    ) -> std::result::Result<Arc<dyn Store>, OpenError> {
        let store = Self::open_with(settings, Patience::Some(Box::new(tell)))?;
        for follower in followers {
            store.follow(follower);
        }
        Ok(store)
    }

    fn open_with(
        settings: ClusterSettings,
        patience: Patience,
    ) -> std::result::Result<Arc<Self>, OpenError> {
        let (messages, received) = channel(WAITING_AT_MOST);
        let (ready, opened) = std::sync::mpsc::sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("jari-writer".to_owned())
            .spawn(move || write(&settings, patience, received, &ready))?;
        let gone = || OpenError::Thread(std::io::Error::other("the writer has ended"));
        opened.recv().map_err(|_| gone())??;
        Ok(Arc::new(Self {
            messages: Some(messages),
            thread: Mutex::new(Some(thread)),
            looks: Looks::default(),
        }))
    }

    pub(crate) fn send(&self, message: Message) -> Result<()> {
        let messages = self.messages.as_ref().ok_or_else(stopped)?;
        messages.try_send(message).map_err(|error| match error {
            TrySendError::Full(_) => {
                StoreError::Unavailable("too many operations are waiting".to_owned())
            }
            TrySendError::Closed(_) => stopped(),
        })
    }
}

/// The writer's thread, with a runtime of its own so that no handler's work delays it.
fn write(
    settings: &ClusterSettings,
    patience: Patience,
    received: Receiver<Message>,
    ready: &std::sync::mpsc::SyncSender<std::result::Result<(), OpenError>>,
) {
    let runtime = match open::runtime() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = ready.send(Err(error.into()));
            return;
        }
    };
    runtime.block_on(async {
        let opened = patience.until_opened(|| Writer::open(settings.clone()));
        match opened.await {
            Ok(writer) => {
                let _ = ready.send(Ok(()));
                writer.run(received).await;
            }
            Err(error) => {
                let _ = ready.send(Err(error));
            }
        }
    });
}

impl OneShop for ClusterStore {
    async fn run<T, F>(&self, operation: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Shop, Timestamp) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let asked = Asked {
            operation,
            span: Span::current(),
            answer,
        };
        self.send(Message::Operation(Box::new(asked)))?;
        answered.await.unwrap_or_else(|_| Err(stopped()))
    }

    async fn hear_of_others(&self) -> Result<()> {
        // Any operation begins with all that was written before it.
        self.looks.look(self.run(|_, _| Ok(()))).await
    }
}

impl Store for ClusterStore {
    fn follow(&self, follower: Arc<dyn Follower>) {
        let (done, told) = oneshot::channel();
        if self.send(Message::Follow(follower, done)).is_ok() {
            // Called at start, from no runtime's worker: waiting here is waiting for the writer to be ready.
            let _ = told.blocking_recv();
        }
    }
}

impl Drop for ClusterStore {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_who_ask_during_a_look_share_the_next_one() {
        let (looks, made) = (Looks::default(), AtomicU64::new(0));
        let (begin, begun) = oneshot::channel();
        let (go_on, told) = oneshot::channel();
        let first = looks.look(async {
            made.fetch_add(1, Ordering::SeqCst);
            begin.send(()).unwrap();
            told.await.unwrap();
            Err(stopped())
        });
        let next = || {
            looks.look(async {
                made.fetch_add(1, Ordering::SeqCst);
                Ok(())
            })
        };
        let others = async {
            begun.await.unwrap();
            let (second, third, ()) = tokio::join!(next(), next(), async {
                go_on.send(()).unwrap();
            });
            second.and(third)
        };
        let (first, others) = tokio::join!(first, others);
        assert!(first.is_err() && others.is_ok());
        assert_eq!(
            made.load(Ordering::SeqCst),
            2,
            "one began too early for them"
        );
        assert!(next().await.is_ok());
        assert_eq!(made.load(Ordering::SeqCst), 3);
    }
}
