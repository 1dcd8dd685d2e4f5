//! A network that breaks on purpose.

use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the network does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// It works.
    Through,
    /// Connections are closed and none is taken.
    Cut,
    /// Connections stay, and nothing arrives.
    Silent,
}

/// A proxy in front of a server.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    mode: Arc<watch::Sender<Mode>>,
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
        let watched = mode.subscribe();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server, watched.clone()));
            }
        });
        Self { port, mode }
    }

    /// Where it is.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Everything goes through from now on, for new connections.
    pub fn through(&self) {
        self.mode.send_replace(Mode::Through);
    }

    /// Connections are closed, and new ones at once.
    pub fn cut(&self) {
        self.mode.send_replace(Mode::Cut);
    }

    /// Connections stay open, and nothing arrives at either end.
    pub fn silence(&self) {
        self.mode.send_replace(Mode::Silent);
    }
}

async fn carry(mut client: TcpStream, server: u16, mut mode: watch::Receiver<Mode>) {
    let first = *mode.borrow_and_update();
    if first == Mode::Through
        && let Ok(mut server) = TcpStream::connect(("127.0.0.1", server)).await
    {
        tokio::select! {
            // Either end has closed it.
            _ = copy_bidirectional(&mut client, &mut server) => return,
            _ = mode.changed() => {}
        }
        // Held open, and read no more, while the network is silent.
        let _ = mode.wait_for(|mode| *mode != Mode::Silent).await;
    } else if first == Mode::Silent {
        let _ = mode.wait_for(|mode| *mode != Mode::Silent).await;
    }
}
