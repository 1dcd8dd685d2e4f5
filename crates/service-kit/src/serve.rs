//! Serving: an accept loop of our own, because `axum::serve` has neither a limit on connections nor one on the
//! time that a client may take to send its headers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

/// Connections at the same time: below the 20,000 files that a process may have open, with room for the rest.
pub const CONNECTIONS_AT_MOST: usize = 18_000;
/// A client sends its headers within this time, or is cut off: a slow trickle must not hold a connection.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// A client over HTTP/2 is asked this often whether it is still there: a telephone that went out of reach says no
/// goodbye, and would keep its connection for ever.
const HTTP2_ASKED_EVERY: Duration = Duration::from_secs(30);
/// … and is cut off where it does not say so within this time: longer than the slowest mobile network takes.
const HTTP2_ANSWERED_WITHIN: Duration = Duration::from_secs(20);
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

/// Lets this process open as many files as the system lets it ask for: shells start programs with few, and every
/// connection is one.
pub fn allow_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the limit on open files stays as it is");
    }
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
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HTTP2_ASKED_EVERY)
        .keep_alive_timeout(HTTP2_ANSWERED_WITHIN);
    loop {
        let next = async {
            let permit = Arc::clone(&connections).acquire_owned().await;
            (permit, listener.accept().await)
        };
        // A full house is told to stop as well as an empty one.
        let (permit, accepted) = tokio::select! {
            next = next => next,
            () = stopped(&mut stop) => break,
        };
        let Ok((stream, _)) = accepted else {
            // Out of files or memory: give the connections there are a moment to end.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Answers are small and written whole: waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        let asked = Arc::new(AtomicBool::new(false));
        let noted = Arc::clone(&asked);
        let service = router
            .clone()
            .map_request(move |request: Request<Incoming>| {
                noted.store(true, Ordering::Relaxed);
                request
            });
        let service = TowerToHyperService::new(service);
        let connection = builder
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            unless_silent(connection, &asked, HEADERS_WITHIN).await;
            drop(permit);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(STOP_WITHIN, graceful.shutdown()).await;
}

/// Drives a connection to its end, but cuts it off if it has not asked for anything in time: the limit on
/// reading headers counts only from the moment when the version of HTTP is known, which takes a few bytes.
async fn unless_silent(connection: impl Future, asked: &AtomicBool, within: Duration) {
    let mut connection = std::pin::pin!(connection);
    // How it ended is of no interest: a client that breaks off is no fault of ours.
    if tokio::time::timeout(within, &mut connection).await.is_err() && asked.load(Ordering::Relaxed)
    {
        let _ = connection.await;
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_that_asks_for_nothing_is_cut_off_and_one_that_asked_is_not() {
        let silent = std::future::pending::<()>();
        unless_silent(silent, &AtomicBool::new(false), Duration::ZERO).await;
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let asked = Arc::new(AtomicBool::new(true));
        let task = tokio::spawn(async move {
            let mut ended = false;
            let connection = async { ended = receiver.await.is_ok() };
            unless_silent(connection, &asked, Duration::ZERO).await;
            ended
        });
        tokio::task::yield_now().await;
        sender.send(()).unwrap();
        assert!(task.await.unwrap());
    }

    #[test]
    fn as_many_files_are_allowed_as_may_be() {
        use rustix::process::{Resource, getrlimit};
        allow_files();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!(limit.current, limit.maximum);
    }

    #[tokio::test]
    async fn an_address_in_use_is_told_with_the_option_that_changes_it() {
        let first = bind(([127, 0, 0, 1], 0).into(), "--listen").await.unwrap();
        let taken = first.local_addr().unwrap();
        let told = bind(taken, "--listen").await.unwrap_err().to_string();
        assert!(
            told.contains(&taken.to_string())
                && told.contains("in use")
                && told.contains("--listen"),
            "{told}"
        );
    }
}
