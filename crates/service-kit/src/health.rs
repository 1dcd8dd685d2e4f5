//! Asking a program that runs whether it is alive. Engines of containers do so by starting the program once more, in
//! the same container, with `health` as its argument: the image needs no other program for it.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::environment::{Environment, Variable, address};
use crate::program::Failed;

/// A program that is alive answers at once; engines ask every few seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// All that is of interest is the first line.
const READ_AT_MOST: u64 = 1024;

/// Asks the process whose internal address is what this variable says.
pub fn ask(internal_listen: Variable) -> Result<(), Failed> {
    let get = |name: &str| std::env::var(name).ok();
    let listen = Environment::all(&get, |environment| {
        environment.read(internal_listen, address)
    })?;
    ask_at(listen)
}

/// Asks the process that listens there.
pub fn ask_at(listen: SocketAddr) -> Result<(), Failed> {
    let answer = first_bytes(reachable(listen)).map_err(|error| format!("{listen}: {error}"))?;
    if answer.starts_with("HTTP/1.1 200 ") {
        return Ok(());
    }
    let line = answer.lines().next().unwrap_or_default();
    Err(format!("{listen} says: {line}").into())
}

/// Whoever listens on every address is asked on loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    if !listen.ip().is_unspecified() {
        return listen;
    }
    let ip = match listen {
        SocketAddr::V4(_) => IpAddr::from(Ipv4Addr::LOCALHOST),
        SocketAddr::V6(_) => IpAddr::from(Ipv6Addr::LOCALHOST),
    };
    SocketAddr::new(ip, listen.port())
}

fn first_bytes(address: SocketAddr) -> std::io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, ANSWER_WITHIN)?;
    connection.set_read_timeout(Some(ANSWER_WITHIN))?;
    write!(
        connection,
        "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    connection.take(READ_AT_MOST).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::internal;

    /// Asks somebody with these routes, who listens on every address.
    async fn asked(routes: axum::Router) -> Result<(), String> {
        let listener = tokio::net::TcpListener::bind("0.0.0.0:0").await.unwrap();
        let listen = listener.local_addr().unwrap();
        let server = tokio::spawn(async { axum::serve(listener, routes).await });
        let asked =
            tokio::task::spawn_blocking(move || ask_at(listen).map_err(|error| error.to_string()));
        let asked = asked.await.unwrap();
        server.abort();
        asked
    }

    #[tokio::test]
    async fn who_is_alive_says_so_also_when_its_stores_are_not_there() {
        let ready: internal::Ready =
            Arc::new(|| Box::pin(std::future::ready(Err("no".to_owned()))));
        assert_eq!(asked(internal::router(Vec::new(), ready)).await, Ok(()));
    }

    #[tokio::test]
    async fn any_other_answer_is_told() {
        let told = asked(axum::Router::new()).await.unwrap_err();
        assert!(told.contains("says: HTTP/1.1 404"), "{told}");
    }

    #[test]
    fn nobody_there_is_told_with_the_address() {
        // A port that only root could open, and no service has.
        let told = ask_at("127.255.255.254:1".parse().unwrap()).unwrap_err();
        assert!(
            told.to_string().starts_with("127.255.255.254:1: "),
            "{told}"
        );
    }
}
