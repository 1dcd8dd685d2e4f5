//! Serving: an accept loop of our own, because `axum::serve` has neither a limit on connections nor one on the
//! time that a client may take to send its headers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// Connections at the same time: below the 20,000 files that a process may have open, with room for the rest.
pub const CONNECTIONS_AT_MOST: usize = 18_000;
/// A client sends its headers within this time, or is cut off: a slow trickle must not hold a connection.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// Work in hand is finished within this time when the server stops.
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// Read and write buffer of a connection at most: enough for the longest headers that are taken.
const BUFFER_AT_MOST: usize = 64 * 1024;

/// Why a server could not begin.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The address is taken.
    #[error(
        "{address} is in use by another program. Stop that one, or choose another address with {option}."
    )]
    InUse {
        /// Which address.
        address: SocketAddr,
        /// The option that sets it.
        option: &'static str,
    },
    /// Anything else.
    #[error("can't listen on {address}: {what}. Choose another address with {option}.")]
    Other {
        /// Which address.
        address: SocketAddr,
        /// The option that sets it.
        option: &'static str,
        /// What the system said.
        what: std::io::Error,
    },
}

/// Binds an address; `option` is named in the error.
pub async fn bind(address: SocketAddr, option: &'static str) -> Result<TcpListener, BindError> {
    TcpListener::bind(address).await.map_err(|what| {
        if what.kind() == std::io::ErrorKind::AddrInUse {
            BindError::InUse { address, option }
        } else {
            BindError::Other {
                address,
                option,
                what,
            }
        }
    })
}

/// Serves until `stop` is true, then finishes the work in hand.
pub async fn serve(listener: TcpListener, router: axum::Router, mut stop: watch::Receiver<bool>) {
    let connections = Arc::new(Semaphore::new(CONNECTIONS_AT_MOST));
    let graceful = GracefulShutdown::new();
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(BUFFER_AT_MOST);
    builder.http2().timer(TokioTimer::new());
    loop {
        let Ok(permit) = Arc::clone(&connections).acquire_owned().await else {
            break;
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stop) => break,
        };
        let Ok((stream, _)) = accepted else {
            // Out of files or memory: give the connections there are a moment to end.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Answers are small and written whole: waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let connection = builder
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A client that breaks off is no fault of ours.
            let _ = connection.await;
            drop(permit);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(STOP_WITHIN, graceful.shutdown()).await;
}

/// Returns once `stop` is true.
pub async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Becomes true at the first Ctrl-C or SIGTERM; a second one ends the process at once.
pub fn stop_signal() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        let Ok(mut terminate) =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        else {
            return;
        };
        for first in [true, false] {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            if first {
                let _ = sender.send(true);
            } else {
                std::process::exit(1);
            }
        }
    });
    receiver
}
