//! Connections to Redis, in the forms in which it is run.

use std::time::Duration;

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::cluster::ClusterClientBuilder;
use redis::cluster_async::ClusterConnection;
use redis::sentinel::{SentinelClient, SentinelServerType};
use redis::{AsyncConnectionConfig, Client, Cmd, Pipeline, RedisFuture, RedisResult, Value};

/// Redis answers within milliseconds, on a machine that has more to do than it can within some tenths of a second, or not at
/// all: past this the connection is given up.
pub(crate) const REDIS_TIMEOUT: Duration = Duration::from_secs(2);

/// Where Redis is.
#[derive(Clone)]
pub(crate) enum Address {
    /// One server.
    Single(String),
    /// Servers of a Redis Cluster.
    Cluster(Vec<String>),
    /// Sentinels, and the name of what they watch.
    Sentinel(Vec<String>, String),
}

impl Address {
    /// `redis://…` or `rediss://…`; `redis+cluster://host:port,host:port`; `redis+sentinel://host:port,host:port/name`;
    /// the last two with `rediss+` as well.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        let (scheme, rest) = url
            .split_once("://")
            .ok_or("it is no URL such as redis://host:6379")?;
        let (kind, form) = scheme.split_once('+').unwrap_or((scheme, ""));
        if kind != "redis" && kind != "rediss" {
            return Err(format!("{scheme}:// is not known here"));
        }
        let all = |hosts: &str| -> Vec<String> {
            hosts
                .split(',')
                .map(|host| format!("{kind}://{host}"))
                .collect()
        };
        let address = match (form, rest.split_once('/')) {
            ("", _) => Self::Single(url.to_owned()),
            ("cluster", None | Some((_, ""))) => Self::Cluster(all(rest.trim_end_matches('/'))),
            ("cluster", Some(_)) => return Err("a Redis Cluster has no databases".to_owned()),
            ("sentinel", Some((hosts, name))) if !name.is_empty() => {
                Self::Sentinel(all(hosts), name.to_owned())
            }
            ("sentinel", _) => return Err("the name of the master is missing".to_owned()),
            _ => return Err(format!("{scheme}:// is not known here")),
        };
        let (Self::Single(_) | Self::Cluster(_) | Self::Sentinel(..)) = &address;
        Ok(address)
    }

    /// Opens a connection whose commands may take `patience`.
    pub(crate) async fn connect(&self, patience: Duration) -> RedisResult<Link> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(REDIS_TIMEOUT))
            .set_response_timeout(Some(patience));
        match self {
            Self::Single(url) => {
                let client = Client::open(url.as_str())?;
                let connection = client.get_multiplexed_async_connection_with_config(&config);
                Ok(Link::Single(connection.await?))
            }
            Self::Cluster(urls) => {
                let client = ClusterClientBuilder::new(urls.iter().map(String::as_str))
                    .connection_timeout(REDIS_TIMEOUT)
                    .response_timeout(patience)
                    .retries(2)
                    .build()?;
                Ok(Link::Cluster(client.get_async_connection().await?))
            }
            Self::Sentinel(urls, name) => {
                let master = SentinelServerType::Master;
                let urls = urls.iter().map(String::as_str).collect();
                let mut client = SentinelClient::build(urls, name.clone(), None, master)?;
                let connection = client.get_async_connection_with_config(&config);
                Ok(Link::Single(connection.await?))
            }
        }
    }
}

/// A connection.
#[derive(Clone)]
pub(crate) enum Link {
    /// To one server.
    Single(MultiplexedConnection),
    /// To a cluster.
    Cluster(ClusterConnection),
}

impl ConnectionLike for Link {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Single(connection) => connection.req_packed_command(cmd),
            Self::Cluster(connection) => connection.req_packed_command(cmd),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        cmd: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Single(connection) => connection.req_packed_commands(cmd, offset, count),
            Self::Cluster(connection) => connection.req_packed_commands(cmd, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Single(connection) => connection.get_db(),
            Self::Cluster(connection) => connection.get_db(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_url_is_told_apart() {
        let hosts = ["redis://a:1".to_owned(), "redis://b:2".to_owned()];
        assert!(matches!(
            Address::parse("rediss://:secret@a:1/2"),
            Ok(Address::Single(url)) if url == "rediss://:secret@a:1/2"
        ));
        assert!(matches!(
            Address::parse("redis+cluster://a:1,b:2"),
            Ok(Address::Cluster(urls)) if urls == hosts
        ));
        assert!(matches!(
            Address::parse("redis+sentinel://a:1,b:2/main"),
            Ok(Address::Sentinel(urls, name)) if urls == hosts && name == "main"
        ));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in [
            "localhost",
            "http://a",
            "redis+x://a",
            "redis+sentinel://a:1",
            "redis+cluster://a:1/2",
        ] {
            assert!(Address::parse(url).is_err(), "{url}");
        }
    }
}
