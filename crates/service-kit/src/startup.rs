//! Starting: whoever asks for health is answered from the beginning, whatever the program still waits for.

use std::ffi::OsStr;
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr as SocketAddress, UnixDatagram};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use parking_lot::Mutex;
use tokio::sync::{oneshot, watch};
use tower::ServiceExt as _;

use crate::problem::Problem;
use crate::serve::{self, BindError};

/// A program that starts.
#[derive(Debug)]
pub struct Startup {
    /// Becomes true when it is told to stop.
    pub stop: watch::Receiver<bool>,
    /// Where health and metrics are.
    pub internal_address: SocketAddr,
    internal: Internal,
}

/// The internal address, before and after its routes are known.
#[derive(Debug, Clone, Default)]
struct Internal {
    waiting: Waiting,
    routes: Arc<OnceLock<Router>>,
}

/// What a program that starts waits for.
#[derive(Debug, Clone, Default)]
pub struct Waiting(Arc<Mutex<String>>);

impl Waiting {
    /// Says so to whoever asks whether the program is ready.
    pub fn say(&self, what: impl Into<String>) {
        *self.0.lock() = what.into();
    }
}

impl Startup {
    /// Opens the internal address: from now on the program is alive, and not ready.
    pub async fn begin(listen: SocketAddr, option: &'static str) -> Result<Self, BindError> {
        let listener = serve::bind(listen, option).await?;
        let internal_address = listener.local_addr().unwrap_or(listen);
        let (stop, internal) = (serve::stop_signal(), Internal::default());
        tokio::spawn(serve::serve(listener, internal.router(), stop.clone()));
        Ok(Self {
            stop,
            internal_address,
            internal,
        })
    }

    /// Does something that takes its time, on a thread of its own; `None` if the program was told to stop first.
    pub async fn open<T: Send + 'static>(
        &self,
        open: impl FnOnce(&Waiting) -> T + Send + 'static,
    ) -> Option<T> {
        let (done, opened) = oneshot::channel();
        let waiting = self.internal.waiting.clone();
        // Not one of the runtime's own threads: the end of the program does not wait for it.
        std::thread::spawn(move || done.send(open(&waiting)).is_ok());
        let mut stop = self.stop.clone();
        tokio::select! {
            opened = opened => opened.ok(),
            () = serve::stopped(&mut stop) => None,
        }
    }

    /// From now on the internal address has these routes.
    pub fn done(&self, routes: Router) {
        // There is one end of a start.
        let _ = self.internal.routes.set(routes);
        if let Some(socket) = std::env::var_os("NOTIFY_SOCKET") {
            tell_systemd(&socket);
        }
    }
}

impl Internal {
    fn router(&self) -> Router {
        let internal = self.clone();
        Router::new().fallback(move |request: Request| internal.clone().answer(request))
    }

    async fn answer(self, request: Request) -> Response {
        let routes = self.routes.get().cloned();
        let routes = routes.unwrap_or_else(|| self.starting());
        routes.oneshot(request).await.into_response()
    }

    fn starting(&self) -> Router {
        let waiting = self.waiting.0.lock().clone();
        let reason = match waiting.as_str() {
            "" => "It is starting.".to_owned(),
            waiting => format!("It is starting: {waiting}"),
        };
        Router::new()
            .route("/healthz", get(async || "alive\n"))
            .fallback(async || Problem::unavailable(reason))
    }
}

/// Says that the program is open, where systemd has started it and waits for that (`Type=notify`): not earlier, so that whoever
/// is started after it finds it open.
fn tell_systemd(socket: &OsStr) {
    let told = UnixDatagram::unbound().and_then(|from| {
        // A name that begins with @ is no file.
        let to = match socket.as_bytes().strip_prefix(b"@") {
            Some(name) => SocketAddress::from_abstract_name(name),
            None => SocketAddress::from_pathname(socket),
        };
        from.send_to_addr(b"READY=1", &to?)
    });
    if let Err(error) = told {
        tracing::warn!(%error, "systemd could not be told that the program is open");
    }
}

/// Says where something is, to whoever reads.
pub fn say_where(what: &str, address: SocketAddr) {
    // Nobody may be reading; the door is open all the same.
    let _ = writeln!(std::io::stdout(), "{what}: http://{address}");
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::StatusCode;

    use super::*;

    async fn status(internal: &Internal, path: &str) -> StatusCode {
        let request = Request::get(path).body(Body::empty()).unwrap();
        internal.clone().answer(request).await.status()
    }

    #[tokio::test]
    async fn it_is_alive_at_once_and_has_its_routes_later() {
        let internal = Internal::default();
        internal.waiting.say("Redis does not answer");
        for (path, expected) in [("/healthz", 200), ("/readyz", 503), ("/internal/x", 503)] {
            assert_eq!(status(&internal, path).await, expected, "{path}");
        }
        let routes = Router::new().route("/readyz", get(async || "ready"));
        let startup = Startup {
            stop: watch::channel(false).1,
            internal_address: ([127, 0, 0, 1], 0).into(),
            internal: internal.clone(),
        };
        startup.done(routes);
        for (path, expected) in [("/readyz", 200), ("/internal/x", 404)] {
            assert_eq!(status(&internal, path).await, expected, "{path}");
        }
    }

    #[tokio::test]
    async fn whoever_is_told_to_stop_waits_for_nothing() {
        let (told, stop) = watch::channel(false);
        let startup = Startup {
            stop,
            internal_address: ([127, 0, 0, 1], 0).into(),
            internal: Internal::default(),
        };
        assert_eq!(startup.open(|_| 1).await, Some(1));
        told.send_replace(true);
        let (_held, never) = std::sync::mpsc::channel::<()>();
        assert!(startup.open(move |_| never.recv().is_ok()).await.is_none());
    }
}
