//! Private Redis and `PostgreSQL` servers for tests and for trying things on one machine, on free loopback ports, with
//! their data in a scratch directory; and a proxy that breaks the network on purpose.
//!
//! Debian's packages `redis-server` and `postgresql` must be installed (`scripts/tools.sh` sees to it).

#![expect(
    clippy::missing_panics_doc,
    reason = "a test whose servers can't be started has failed"
)]

mod postgres;
mod process;
mod proxy;
mod redis;
mod redis_forms;
mod service;

pub use postgres::{Durability, Postgres};
pub use process::{Process, scratch};
pub use proxy::{Proxy, Silence};
pub use redis::{Redis, RedisCluster};
pub use redis_forms::{RedisSentinel, RedisTls};
pub use service::{Service, ask};
