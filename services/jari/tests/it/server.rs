//! Starts the program and talks to it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use gateway::{Configuration, Gateway};
use local_cluster::{Cluster, Durability, Settings};
use serde_json::Value;
use tempfile::TempDir;
use test_servers::{Postgres, Redis};

use crate::asking::Asker;

/// The operator key of every server here.
pub const OPERATOR_KEY: &str = "the operator key of a test";

/// The program under test.
pub fn jari() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jari"));
    command
        .env("JARI_OPERATOR_KEY", OPERATOR_KEY)
        .env("RUST_LOG", "off");
    command
}

/// How a server is asked.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    /// The one program.
    Straight,
    /// The one program, through the gateway.
    ThroughTheGateway,
    /// The services on many machines, through the gateway.
    Cluster,
}

/// What answers.
enum System {
    Program {
        process: Child,
        _gateway: Option<(Gateway, TempDir)>,
    },
    Cluster {
        // Ends before its data.
        cluster: Box<Cluster>,
        _data: TempDir,
    },
}

/// A server on a free port.
pub struct Server {
    system: System,
    /// Where everybody comes in.
    pub url: String,
    /// Where health and metrics are asked for.
    pub internal_url: String,
}

impl Server {
    /// Starts on this data directory, and returns once it says that it is open.
    pub fn start(data: &Path) -> Self {
        Self::run(jari().args(["serve", "--data"]).arg(data))
    }

    /// Starts on the stores of a cluster, with its keys.
    pub fn start_beside(cluster: &Cluster) -> Self {
        let mut program = jari();
        program
            .arg("serve")
            .env("JARI_REDIS_URL", cluster.redis.url())
            .env("JARI_DATABASE_URL", cluster.postgres.url())
            .env("JARI_SECRET_KEY", &cluster.keys.secret)
            .env("JARI_ENTRY_KEY", &cluster.keys.entry);
        Self::run(&mut program)
    }

    /// Starts on these stores, with keys of its own and these variables.
    pub fn start_on_stores(
        redis_url: &str,
        database_url: &str,
        variables: &[(&str, &str)],
    ) -> Self {
        const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        let mut program = jari();
        program
            .arg("serve")
            .env("JARI_REDIS_URL", redis_url)
            .env("JARI_DATABASE_URL", database_url)
            .env("JARI_SECRET_KEY", KEY)
            .env("JARI_ENTRY_KEY", KEY)
            .envs(variables.iter().copied());
        Self::run(&mut program)
    }

    /// Starts this program on a free port, and returns once it says that it is open.
    pub fn run(program: &mut Command) -> Self {
        let mut process = program
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut urls = BufReader::new(process.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| url_in(&line));
        let url = urls.next().expect("the first line says what to open");
        let internal = urls.next().expect("another says where health is");
        let internal_url = internal.trim_end_matches("/readyz").to_owned();
        drop(urls);
        let system = System::Program {
            process,
            _gateway: None,
        };
        Self {
            system,
            url,
            internal_url,
        }
    }

    /// Starts what is on this way; one program has its data in this directory.
    pub fn start_on(data: &Path, way: Way) -> Self {
        match way {
            Way::Straight => Self::start(data),
            Way::ThroughTheGateway => Self::start(data).behind_a_gateway(),
            Way::Cluster => Self::cluster(),
        }
    }

    fn cluster() -> Self {
        let (data, cluster) = start_cluster();
        Self {
            url: cluster.url.clone(),
            internal_url: format!("http://{}", cluster.cores[0].internal_address),
            system: System::Cluster {
                cluster: Box::new(cluster),
                _data: data,
            },
        }
    }

    fn behind_a_gateway(mut self) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let listen = gateway::own_address(0);
        let server = self.address();
        let variables = [
            ("JARI_GATEWAY_LISTEN", listen.as_str()),
            ("JARI_STATIC_DIR", "/nonexistent"),
            ("JARI_CORE_SERVERS", server),
            ("JARI_QUEUE_SERVERS", server),
            ("JARI_STAFF_SERVERS", server),
        ];
        let configuration = Configuration::write(directory.path(), &variables).unwrap();
        let gateway = Gateway::start(configuration).unwrap();
        self.url = format!("http://{listen}");
        if let System::Program {
            _gateway: front, ..
        } = &mut self.system
        {
            *front = Some((gateway, directory));
        }
        self
    }

    /// Its address, without `http://`.
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// SIGKILL: no destructor runs, nothing is flushed.
    pub fn kill(self) {
        drop(self);
    }

    /// Somebody who asks it anything.
    pub fn asker(&self) -> Asker {
        match &self.system {
            System::Program { .. } => Asker::at(&self.url),
            System::Cluster { cluster, .. } => {
                let instances = cluster.cores.iter().chain(&cluster.queues);
                let addresses = instances.map(|instance| instance.internal_address.clone());
                Asker::of_many(&self.url, addresses.collect())
            }
        }
    }

    /// Somebody who talks to it.
    pub fn client(&self) -> Client {
        Client::at(&self.url)
    }
}

fn url_in(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    words
        .find(|word| word.starts_with("http://"))
        .map(str::to_owned)
}

impl Drop for Server {
    fn drop(&mut self) {
        if let System::Program { process, .. } = &mut self.system {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// The services as programs, beside the program under test: whoever builds the workspace has built them.
/// The directory comes first, so that it is removed last: nginx is told to end through its configuration.
pub fn start_cluster() -> (TempDir, Cluster) {
    start_cluster_on(|redis, postgres| (redis.url(), postgres.url()))
}

/// The same, with something between the services and their stores.
pub fn start_cluster_on(
    addresses: impl FnOnce(&Redis, &Postgres) -> (String, String),
) -> (TempDir, Cluster) {
    let data = local_cluster::scratch();
    let programs = Path::new(env!("CARGO_BIN_EXE_jari")).parent().unwrap();
    let settings = Settings {
        programs: programs.to_owned(),
        data: data.path().to_owned(),
        logs: data.path().to_owned(),
        listen: gateway::own_address(1),
        pages: "/nonexistent".into(),
        operator_key: OPERATOR_KEY.to_owned(),
        durability: Durability::UnlessTheMachineFails,
    };
    let cluster = Cluster::start_on(&settings, addresses);
    (data, cluster.unwrap_or_else(|error| panic!("{error}")))
}

/// Somebody who talks to a server.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    url: String,
}

/// An answer, or `None` if the connection broke before there was one.
pub type Answer = Option<(u16, Value)>;

impl Client {
    /// Somebody who talks to the server at this URL.
    pub fn at(url: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(20)))
            .build();
        Self {
            agent: agent.into(),
            url: url.to_owned(),
        }
    }

    /// Asks.
    pub fn get(&self, path: &str, token: &str) -> Answer {
        let request = self.agent.get(format!("{}{path}", self.url));
        read(
            request
                .header("Authorization", format!("Bearer {token}"))
                .call(),
        )
    }

    /// Tells.
    pub fn post(&self, path: &str, token: &str, key: &str, body: &Value) -> Answer {
        let request = self
            .agent
            .post(format!("{}{path}", self.url))
            .header("Idempotency-Key", key);
        read(
            request
                .header("Authorization", format!("Bearer {token}"))
                .send_json(body),
        )
    }

    /// Takes back.
    pub fn delete(&self, path: &str, token: &str) -> Answer {
        let request = self.agent.delete(format!("{}{path}", self.url));
        read(
            request
                .header("Authorization", format!("Bearer {token}"))
                .call(),
        )
    }

    /// Imports a CSV map.
    pub fn put_csv(&self, path: &str, csv: &str) -> Answer {
        let request = self
            .agent
            .put(format!("{}{path}", self.url))
            .header("Content-Type", "text/csv");
        read(
            request
                .header("Authorization", format!("Bearer {OPERATOR_KEY}"))
                .send(csv),
        )
    }
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = answer.ok()?;
    let status = response.status().as_u16();
    let text = response.body_mut().read_to_string().ok()?;
    let body = if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text).ok()?
    };
    Some((status, body))
}
