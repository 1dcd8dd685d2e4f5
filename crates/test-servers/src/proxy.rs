//! A network that breaks on purpose.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the network does.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Mode {
    /// It works.
    Through,
    /// It works, and whatever is sent arrives so much later.
    Late(Duration),
    /// Connections are closed and none is taken.
    Cut,
    /// Connections stay, and nothing arrives.
    Silent,
    /// It works until this is sent over a connection, which is silent from there on.
    Until(Trap),
}

/// Something that is sent to the server, and where the silence begins.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Trap {
    sent: String,
    silence: Silence,
}

/// Where the silence begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// What was sent does not arrive.
    Before,
    /// It arrives, and the answer does not.
    After,
}

/// A proxy in front of a server.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    mode: Arc<watch::Sender<Mode>>,
    trap: Arc<State>,
}

/// How it stands with the trap.
#[derive(Debug, Default)]
struct State {
    /// It waits for the first who sends what it is set for.
    set: AtomicBool,
    /// Becomes true once a connection has fallen silent.
    closed: watch::Sender<bool>,
}

impl Proxy {
    /// Stands in front of this port of this machine. Must be called on a runtime, and works as long as that.
    pub async fn before(server: u16) -> Self {
        let listener = match TcpListener::bind("127.0.0.1:0").await {
            Ok(listener) => listener,
            Err(error) => panic!("no port is free: {error}"),
        };
        let port = listener.local_addr().map_or(0, |address| address.port());
        let mode = Arc::new(watch::Sender::new(Mode::Through));
        let trap = Arc::new(State::default());
        let (watched, state) = (mode.subscribe(), Arc::clone(&trap));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server, watched.clone(), Arc::clone(&state)));
            }
        });
        Self { port, mode, trap }
    }

    /// Where it is.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Everything goes through from now on, for new connections.
    pub fn through(&self) {
        self.mode.send_replace(Mode::Through);
    }

    /// Everything goes through, so much later each way.
    pub fn delay(&self, late: Duration) {
        self.mode.send_replace(Mode::Late(late));
    }

    /// Connections are closed, and new ones at once.
    pub fn cut(&self) {
        self.mode.send_replace(Mode::Cut);
    }

    /// Connections stay open, and nothing arrives at either end.
    pub fn silence(&self) {
        self.mode.send_replace(Mode::Silent);
    }

    /// The first connection over which this is sent falls silent at that; the others go on.
    pub fn silence_at(&self, silence: Silence, sent: &str) {
        self.trap.closed.send_replace(false);
        self.trap.set.store(true, Ordering::SeqCst);
        let sent = sent.to_owned();
        self.mode.send_replace(Mode::Until(Trap { sent, silence }));
    }

    /// Waits until a connection has fallen silent: what was sent is here and goes no further, or the server has answered
    /// it and the answer goes no further.
    pub async fn has_fallen_silent(&self) {
        let mut closed = self.trap.closed.subscribe();
        let waited = closed.wait_for(|closed| *closed).await;
        assert!(waited.is_ok(), "the proxy works");
    }
}

/// One connection. A change of what the network does closes it, unless it only begins to be late or to listen.
async fn carry(client: TcpStream, server: u16, mut mode: watch::Receiver<Mode>, trap: Arc<State>) {
    let works = |mode: &Mode| !matches!(mode, Mode::Cut | Mode::Silent);
    let first = mode.borrow_and_update().clone();
    if works(&first)
        && let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await
    {
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let connection = Connection {
            mode: mode.clone(),
            trapped: AtomicBool::new(false),
            trap,
        };
        tokio::select! {
            // Either end has closed it.
            () = connection.ask(from_client, to_server) => return,
            () = connection.answer(from_server, to_client) => return,
            _ = mode.wait_for(|mode| !works(mode)) => {}
        }
        // Held open, and read no more, while the network is silent.
        let _ = mode.wait_for(|mode| *mode != Mode::Silent).await;
    } else if first == Mode::Silent {
        let _ = mode.wait_for(|mode| *mode != Mode::Silent).await;
    }
}

/// A connection on which something arrives.
struct Connection {
    mode: watch::Receiver<Mode>,
    /// It is the one that falls silent.
    trapped: AtomicBool,
    trap: Arc<State>,
}

impl Connection {
    /// From the client to the server.
    async fn ask(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            let (mode, sent) = (self.mode.borrow().clone(), &buffer[..count]);
            if self.falls_silent_before(&mode, sent) {
                self.trap.closed.send_replace(true);
                // Nothing arrives any more, but that the client has gone.
                while let Ok(1..) = from.read(&mut buffer).await {}
                return;
            }
            late(&mode).await;
            if to.write_all(sent).await.is_err() {
                return;
            }
        }
    }

    /// Notes as well, before anything is passed on, whether the answer is not to arrive.
    fn falls_silent_before(&self, mode: &Mode, sent: &[u8]) -> bool {
        let Mode::Until(trap) = mode else {
            return false;
        };
        if !has(sent, &trap.sent) || !self.trap.set.swap(false, Ordering::SeqCst) {
            return false;
        }
        let is_after = trap.silence == Silence::After;
        self.trapped.store(is_after, Ordering::SeqCst);
        !is_after
    }

    /// From the server to the client.
    async fn answer(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            if self.trapped.load(Ordering::SeqCst) {
                self.trap.closed.send_replace(true);
                return std::future::pending().await;
            }
            let mode = self.mode.borrow().clone();
            late(&mode).await;
            if to.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    }
}

async fn late(mode: &Mode) {
    if let Mode::Late(late) = mode {
        tokio::time::sleep(*late).await;
    }
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}
