//! The server that is measured: started, watched through `/proc`, and ended.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use gateway::{Configuration, Gateway};
use test_servers::{Durability, Postgres, Redis};

use crate::connection::{Call, Connection};

/// A server that starts takes well below this.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How often it is asked meanwhile.
const ASK_EVERY: Duration = Duration::from_millis(20);
/// The operator key of the bench's servers, which nobody else reaches.
pub const OPERATOR_KEY: &str = "bench-operator-key-0123456789abcdef";
/// What signs there.
const SIGNING_KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
/// Linux counts processor time in hundredths of a second wherever it tells programs (`USER_HZ`).
const MICROS_PER_TICK: f64 = 10_000.0;

/// What a server has its state in, and how it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A directory; asked straight.
    Directory,
    /// `PostgreSQL` and Redis of its own; asked straight.
    Cluster,
    /// The same; asked through the gateway.
    ClusterThroughTheGateway,
}

impl Way {
    /// The route that does nothing.
    pub const fn hello(self) -> &'static str {
        match self {
            Self::Directory | Self::Cluster => "/hello",
            Self::ClusterThroughTheGateway => "/api/hello",
        }
    }
}

/// A running server and its data, both gone when this is dropped.
pub struct Server {
    way: Way,
    child: Child,
    /// What it needs, which ends after it.
    stores: Option<Stores>,
    data: PathBuf,
    /// Where it is asked.
    pub address: SocketAddr,
}

/// Redis and `PostgreSQL`, and their data, which are gone when this is dropped.
pub struct Stores {
    gateway: Option<Gateway>,
    /// Redis.
    pub redis: Redis,
    /// `PostgreSQL`.
    pub postgres: Postgres,
    directory: PathBuf,
}

impl Stores {
    /// Starts both with their data below `results`: on a disk like that of the real ones.
    pub fn start(results: &Path, name: &str) -> anyhow::Result<Self> {
        // Whoever else PostgreSQL runs as must be able to enter it.
        let results = std::path::absolute(results)?;
        let directory = results.join(format!("stores-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&directory)
            .with_context(|| format!("making {}", directory.display()))?;
        let log = |name: &str| directory.join(name);
        let postgres = Postgres::start_in(&directory, &log("postgres.log"), Durability::Full);
        let redis = Redis::start_with(&log("redis.log"));
        Ok(Self {
            gateway: None,
            postgres: postgres.map_err(anyhow::Error::msg)?,
            redis: redis.map_err(anyhow::Error::msg)?,
            directory,
        })
    }

    /// Tells a server that its state is in these.
    fn are_of(&self, server: &mut Command) {
        server
            .env("JARI_REDIS_URL", self.redis.url())
            .env("JARI_DATABASE_URL", self.postgres.url())
            .env("JARI_SECRET_KEY", SIGNING_KEY)
            .env("JARI_ENTRY_KEY", SIGNING_KEY);
    }

    /// Puts the gateway in front of this server; where it is asked.
    fn open_gateway(&mut self, server: SocketAddr) -> anyhow::Result<SocketAddr> {
        let listen = gateway::own_address(2);
        let server = server.to_string();
        let log = |name: &str| self.directory.join(name).display().to_string();
        let (requests, faults) = (log("nginx.log"), log("nginx-error.log"));
        let variables = [
            ("JARI_GATEWAY_LISTEN", listen.as_str()),
            ("JARI_STATIC_DIR", "/nonexistent"),
            ("JARI_CORE_SERVERS", server.as_str()),
            ("JARI_QUEUE_SERVERS", server.as_str()),
            ("JARI_STAFF_SERVERS", server.as_str()),
            ("JARI_LIMIT_EXEMPT", "127.0.0.0/8"),
            ("JARI_NGINX_ACCESS_LOG", requests.as_str()),
            ("JARI_NGINX_ERROR_LOG", faults.as_str()),
        ];
        let configuration = Configuration::write(&self.directory.join("nginx"), &variables)
            .map_err(anyhow::Error::msg)?;
        self.gateway = Some(Gateway::start(configuration).map_err(anyhow::Error::msg)?);
        Ok(listen.parse()?)
    }
}

impl Server {
    /// Starts a server with empty data below `results`.
    pub async fn start(jari: &Path, results: &Path, name: &str, way: Way) -> anyhow::Result<Self> {
        let data = results.join(format!("data-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&data).with_context(|| format!("making {}", data.display()))?;
        let address = free_address()?;
        let mut stores = None;
        let mut command = serving(jari, address);
        if way == Way::Directory {
            command.arg("--data").arg(&data);
        } else {
            let stores = stores.insert(Stores::start(results, name)?);
            stores.are_of(&mut command);
        }
        let child = spawn(command)?;
        let mut server = Self {
            way,
            child,
            stores,
            data,
            address,
        };
        server.ready().await?;
        if let Some(stores) = &mut server.stores
            && way == Way::ClusterThroughTheGateway
        {
            server.address = stores.open_gateway(address)?;
        }
        Ok(server)
    }

    /// Starts one more on the same stores; it must end before this one.
    pub async fn beside(&self, jari: &Path) -> anyhow::Result<Self> {
        let stores = self.stores.as_ref().context("a directory has one server")?;
        let address = free_address()?;
        let mut command = serving(jari, address);
        stores.are_of(&mut command);
        let mut server = Self {
            way: self.way,
            child: spawn(command)?,
            stores: None,
            data: self.data.join("beside"),
            address,
        };
        server.ready().await?;
        Ok(server)
    }

    async fn ready(&mut self) -> anyhow::Result<()> {
        let answers = tokio::time::timeout(READY_WITHIN, self.answers()).await;
        answers.with_context(|| format!("the server did not answer within {READY_WITHIN:?}"))?
    }

    async fn answers(&mut self) -> anyhow::Result<()> {
        let hello = Call::get(Way::Directory.hello())?;
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended at once: {status}");
            }
            if let Ok(mut connection) = Connection::open(self.address).await
                && connection.send(&hello).await.is_ok()
            {
                return Ok(());
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
    }

    /// The route that does nothing.
    pub const fn hello(&self) -> &'static str {
        self.way.hello()
    }

    /// The address of its `PostgreSQL`, if it has one.
    pub fn database_url(&self) -> Option<String> {
        Some(self.stores.as_ref()?.postgres.url())
    }

    /// The processor time that it has used, in microseconds.
    pub fn cpu_micros(&self) -> anyhow::Result<f64> {
        let stat = self.proc("stat")?;
        parse_cpu_micros(&stat).context("/proc/…/stat has another form than expected")
    }

    /// The memory that it has, in bytes.
    pub fn resident_bytes(&self) -> anyhow::Result<u64> {
        let status = self.proc("status")?;
        parse_resident_bytes(&status).context("/proc/…/status has another form than expected")
    }

    fn proc(&self, file: &str) -> anyhow::Result<String> {
        let path = format!("/proc/{}/{file}", self.child.id());
        std::fs::read_to_string(&path).with_context(|| format!("reading {path}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; its data is of no use to anybody.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.stores = None;
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

impl Drop for Stores {
    fn drop(&mut self) {
        // In this order: nginx is told to end through its configuration, which is in the directory.
        self.gateway = None;
        self.postgres.kill();
        self.redis.kill();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

fn serving(jari: &Path, address: SocketAddr) -> Command {
    let mut command = Command::new(jari);
    command
        .args(["serve", "--bench-hello", "--listen", &address.to_string()])
        .env("JARI_OPERATOR_KEY", OPERATOR_KEY)
        .env("RUST_LOG", "off")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

fn spawn(mut command: Command) -> anyhow::Result<Child> {
    let started = command.spawn();
    started.with_context(|| format!("starting {}", command.get_program().display()))
}

fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?)
}

/// utime + stime: the 14th and 15th field. The name before them may hold spaces and parentheses itself.
fn parse_cpu_micros(stat: &str) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) * MICROS_PER_TICK)
}

fn parse_resident_bytes(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes = line.trim().strip_suffix("kB")?.trim();
    Some(kilobytes.parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_found_behind_any_name() {
        let stat = "4242 (jari) worker) S 1 2 3 4 5 6 7 8 9 10 150 50 13 14 20 0 9 0 1\n";
        let micros = parse_cpu_micros(stat).unwrap();
        assert!((micros - 2_000_000.0).abs() < 0.1, "{micros}");
        assert_eq!(parse_cpu_micros("4242 (jari) S 1 2"), None);
    }

    #[test]
    fn resident_memory_is_told_in_bytes() {
        let status = "Name:\tjari\nVmHWM:\t  400 kB\nVmRSS:\t    300 kB\nThreads:\t4\n";
        assert_eq!(parse_resident_bytes(status), Some(300 * 1024));
        assert_eq!(parse_resident_bytes("VmRSS:\t 3 MB\n"), None);
    }
}
