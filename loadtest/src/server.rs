//! The server that is measured: started, watched through `/proc`, and ended.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::connection::{Call, Connection};

/// A server that starts takes well below this.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How often it is asked meanwhile.
const ASK_EVERY: Duration = Duration::from_millis(20);
/// The operator key of the bench's servers, which nobody else reaches.
pub const OPERATOR_KEY: &str = "bench-operator-key-0123456789abcdef";
/// Linux counts processor time in hundredths of a second wherever it tells programs (`USER_HZ`).
const MICROS_PER_TICK: f64 = 10_000.0;

/// A running server and its data, both gone when this is dropped.
pub struct Server {
    child: Child,
    data: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts a server with empty data below `results`.
    pub async fn start(jari: &Path, results: &Path, name: &str) -> anyhow::Result<Self> {
        let data = results.join(format!("data-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&data).with_context(|| format!("making {}", data.display()))?;
        let address = free_address()?;
        let child = Command::new(jari)
            .args(["serve", "--bench-hello", "--listen", &address.to_string()])
            .arg("--data")
            .arg(&data)
            .env("JARI_OPERATOR_KEY", OPERATOR_KEY)
            .env("RUST_LOG", "off")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", jari.display()))?;
        let mut server = Self {
            child,
            data,
            address,
        };
        tokio::time::timeout(READY_WITHIN, server.ready())
            .await
            .with_context(|| format!("the server did not answer within {READY_WITHIN:?}"))??;
        Ok(server)
    }

    async fn ready(&mut self) -> anyhow::Result<()> {
        let hello = Call::get("/hello")?;
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
        let _ = std::fs::remove_dir_all(&self.data);
    }
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
