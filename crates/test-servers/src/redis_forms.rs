//! Redis as it is run where one server is not enough, or the network is not trusted.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::process::{Process, free_port, scratch};
use crate::redis::serve;

/// What the master is called.
const NAME: &str = "main";

/// A master and a replica, watched by a sentinel.
#[derive(Debug)]
pub struct RedisSentinel {
    directory: TempDir,
    sentinel_port: u16,
    sentinel: Process,
    master: Process,
    _replica: Process,
}

impl RedisSentinel {
    /// Starts one, whose sentinel knows of the replica.
    pub fn start() -> Self {
        Self::try_start().unwrap_or_else(|error| panic!("{error}"))
    }

    fn try_start() -> Result<Self, String> {
        let directory = scratch();
        let log = |name: &str| directory.path().join(name);
        let (port, replica_port, sentinel_port) = (free_port(), free_port(), free_port());
        let master = serve(port, &log("master.log"), &[])?;
        let of = ["--replicaof", "127.0.0.1", &port.to_string()];
        let mut replica = serve(replica_port, &log("replica.log"), &of)?;
        replica.says(&log("replica.log"), "Finished with success")?;
        let configuration = log("sentinel.conf");
        let text = format!(
            "port {sentinel_port}\nbind 127.0.0.1\nsentinel monitor {NAME} 127.0.0.1 {port} 1\n\
             sentinel down-after-milliseconds {NAME} 500\nsentinel failover-timeout {NAME} 2000\n"
        );
        let written = std::fs::write(&configuration, text);
        written.map_err(|error| format!("{}: {error}", configuration.display()))?;
        let mut command = Command::new("redis-server");
        command.arg(&configuration).arg("--sentinel");
        let sentinel = Process::start(&mut command, &log("sentinel.log"), "+slave slave")?;
        Ok(Self {
            directory,
            sentinel_port,
            sentinel,
            master,
            _replica: replica,
        })
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis+sentinel://127.0.0.1:{}/{NAME}", self.sentinel_port)
    }

    /// Kills the master, and waits until the replica has its place.
    pub fn fail_over(&mut self) {
        self.master.end("-KILL");
        let log = self.directory.path().join("sentinel.log");
        let switched = self.sentinel.says(&log, "+switch-master");
        switched.unwrap_or_else(|error| panic!("{error}"));
    }
}

/// A Redis server that speaks TLS alone.
#[derive(Debug)]
pub struct RedisTls {
    _process: Process,
    port: u16,
    directory: TempDir,
}

impl RedisTls {
    /// Starts one, with a certificate made for it.
    pub fn start() -> Self {
        let directory = scratch();
        let (key, certificate) = (
            directory.path().join("key.pem"),
            directory.path().join("certificate.pem"),
        );
        let mut make = Command::new("openssl");
        make.args(["req", "-x509", "-newkey", "ec", "-pkeyopt"])
            .args(["ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
            .args(["-subj", "/CN=localhost", "-addext"])
            .args(["subjectAltName=DNS:localhost", "-addext"])
            // One that signs others can't be a server's own.
            .args(["basicConstraints=critical,CA:FALSE", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate);
        let made = make
            .output()
            .unwrap_or_else(|error| panic!("{make:?}: {error}"));
        assert!(made.status.success(), "{made:?}");
        let (key, certificate) = (text(&key), text(&certificate));
        let port = free_port();
        let tls_port = port.to_string();
        let options = [
            "--port",
            "0",
            "--tls-port",
            &tls_port,
            "--tls-cert-file",
            &certificate,
            "--tls-key-file",
            &key,
            "--tls-ca-cert-file",
            &certificate,
            "--tls-auth-clients",
            "no",
        ];
        let served = serve(port, &directory.path().join("redis.log"), &options);
        Self {
            _process: served.unwrap_or_else(|error| panic!("{error}")),
            port,
            directory,
        }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("rediss://localhost:{}", self.port)
    }

    /// The certificate that whoever asks it must trust.
    pub fn certificate(&self) -> PathBuf {
        self.directory.path().join("certificate.pem")
    }
}

fn text(path: &std::path::Path) -> String {
    path.display().to_string()
}
