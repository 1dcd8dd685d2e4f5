//! The system, on ten machines.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use gateway::Configuration;
use tempfile::TempDir;
use test_servers::Service;

use crate::network::{self, Machine, said};
use crate::{asking, postgres, redis};

/// What is not ready after a minute will not be.
const ASKED_AT_MOST: u32 = 1_200;
/// How often something is asked whether it is ready.
const ASK_EVERY: Duration = Duration::from_millis(50);

/// The machines, and the last numbers of their addresses. Sentinels are on both of Redis, and on that of staff-api.
const MACHINES: [(&str, u8); 10] = [
    ("gateway", 10),
    ("core-1", 11),
    ("core-2", 12),
    ("queue-1", 21),
    ("queue-2", 22),
    ("staff", 31),
    ("redis-1", 41),
    ("redis-2", 42),
    ("postgres-1", 51),
    ("postgres-2", 52),
];
/// All services have the same keys, which open nothing but this.
const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
/// The operator key.
pub const OPERATOR_KEY: &str = "the operator key of some machines";

/// All of it.
#[derive(Debug)]
pub struct System {
    programs: PathBuf,
    folder: TempDir,
    machines: BTreeMap<&'static str, Machine>,
    services: BTreeMap<String, Service>,
    redis: [redis::Server; 2],
    sentinels: [redis::Server; 3],
    /// `PostgreSQL`.
    pub postgres: [postgres::Server; 2],
    /// Which of the two answers.
    pub primary: usize,
}

impl System {
    /// Starts it, with programs from this folder.
    pub fn start(programs: &Path) -> Result<Self, String> {
        network::lay()?;
        let mut machines = BTreeMap::new();
        for (name, number) in MACHINES {
            machines.insert(name, Machine::connect(name, number)?);
        }
        let folder = test_servers::scratch();
        let machine = |name: &str| machines[name].clone();
        let redis = |name: &str, master: Option<&Machine>| {
            redis::Server::redis(machine(name), folder.path(), master)
        };
        let master = machine("redis-1");
        let sentinel = |name: &str| redis::Server::sentinel(machine(name), folder.path(), &master);
        let postgres = ["postgres-1", "postgres-2"];
        let mut system = Self {
            programs: programs.to_owned(),
            redis: [redis("redis-1", None)?, redis("redis-2", Some(&master))?],
            sentinels: [
                sentinel("redis-1")?,
                sentinel("redis-2")?,
                sentinel("staff")?,
            ],
            postgres: postgres.map(|name| postgres::Server::new(machine(name), folder.path())),
            primary: 0,
            services: BTreeMap::new(),
            machines,
            folder,
        };
        system.start_all()?;
        Ok(system)
    }

    fn start_all(&mut self) -> Result<(), String> {
        self.postgres[0].make()?;
        self.start_on("postgres-1")?;
        let primary = self.postgres[0].url();
        self.postgres[1].join(&primary)?;
        self.start_on("postgres-2")?;
        self.postgres[0].require(&self.postgres[1])?;
        for name in ["redis-1", "redis-2"] {
            self.start_on(name)?;
        }
        for name in ["core-1", "core-2", "queue-1", "queue-2", "staff", "gateway"] {
            self.start_on(name)?;
        }
        for (name, _) in MACHINES {
            self.until_whole(name)?;
        }
        Ok(())
    }

    /// A machine.
    pub fn machine(&self, name: &str) -> Result<&Machine, String> {
        let names = MACHINES.map(|(name, _)| name).join(", ");
        let found = self.machines.get(name);
        found.ok_or_else(|| format!("there is no machine {name}; there are {names}"))
    }

    /// Starts what is on this machine.
    pub fn start_on(&mut self, name: &str) -> Result<(), String> {
        match name {
            "gateway" => return self.start_gateway(),
            "postgres-1" => return self.postgres[0].start(),
            "postgres-2" => return self.postgres[1].start(),
            "redis-1" => {
                self.redis[0].start()?;
                return self.sentinels[0].start();
            }
            "redis-2" => {
                self.redis[1].start()?;
                return self.sentinels[1].start();
            }
            "staff" => self.sentinels[2].start()?,
            _ => {}
        }
        let (program, port) = program_of(name);
        let mut command = Command::new(self.programs.join(program));
        self.configure(name, port, &mut command)?;
        let mut command = self.machine(name)?.run(&command);
        let log = self.log(name);
        let mut service = Service::begin_as(program, &mut command, &log)?;
        service.until_it_serves()?;
        self.services.insert(name.to_owned(), service);
        Ok(())
    }

    fn configure(&self, name: &str, port: u16, command: &mut Command) -> Result<(), String> {
        let machine = self.machine(name)?;
        command
            .env("JARI_LISTEN", machine.at(port))
            .env("JARI_INTERNAL_LISTEN", machine.at(port + 1000))
            .env("JARI_SECRET_KEY", KEY)
            .env("JARI_ENTRY_KEY", KEY)
            .env("JARI_SERVICE_KEY", KEY)
            .env("JARI_LOG_FORMAT", "text");
        if name == "staff" {
            let cores = ["core-1", "core-2"].map(|core| self.machines[core].at(9081));
            let cores = cores.map(|core| format!("http://{core}")).join(",");
            command.env("JARI_CORE_INTERNAL_URL", cores);
        } else {
            command
                .env("JARI_OPERATOR_KEY", OPERATOR_KEY)
                .env("JARI_REDIS_URL", redis::url_of(&self.sentinels))
                .env("JARI_DATABASE_URL", postgres::url_of(&self.postgres));
        }
        Ok(())
    }

    fn start_gateway(&self) -> Result<(), String> {
        let at = |names: &[&str], port: u16| {
            let addresses = names.iter().map(|name| self.machines[name].at(port));
            addresses.collect::<Vec<_>>().join(",")
        };
        let path = |name: &str| self.log(name).display().to_string();
        let variables = [
            ("JARI_GATEWAY_LISTEN", self.gateway()),
            ("JARI_STATIC_DIR", "/nonexistent".to_owned()),
            ("JARI_CORE_SERVERS", at(&["core-1", "core-2"], 8081)),
            ("JARI_QUEUE_SERVERS", at(&["queue-1", "queue-2"], 8082)),
            ("JARI_STAFF_SERVERS", at(&["staff"], 8083)),
            ("JARI_LIMIT_EXEMPT", network::everybody()),
            ("JARI_NGINX_ACCESS_LOG", path("nginx")),
            ("JARI_NGINX_ERROR_LOG", path("nginx-error")),
        ];
        let variables = variables
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let configuration = Configuration::write(&self.folder.path().join("nginx"), &variables)?;
        let machine = self.machine("gateway")?;
        said(&mut machine.run(&configuration.command())).map(drop)
    }

    /// Where everybody comes in.
    pub fn gateway(&self) -> String {
        self.machines["gateway"].at(8080)
    }

    /// Where an instance of ticketing-core is asked by itself.
    pub fn cores(&self) -> [String; 2] {
        ["core-1", "core-2"].map(|name| self.machines[name].at(8081))
    }

    /// Waits until this machine does its work, and the loss of any other would be borne.
    pub fn until_whole(&self, name: &str) -> Result<(), String> {
        for _ in 0..ASKED_AT_MOST {
            if self.is_whole(name) {
                return Ok(());
            }
            std::thread::sleep(ASK_EVERY);
        }
        let said = std::fs::read_to_string(self.log(name)).unwrap_or_default();
        Err(format!("{name} is not whole after a minute:\n{said}"))
    }

    fn is_whole(&self, name: &str) -> bool {
        let is_there = |address: &str, path: &str| {
            asking::get(address, path, "").is_some_and(|answer| answer.status == 200)
        };
        let ready = || {
            let (_, port) = program_of(name);
            is_there(&self.machines[name].at(port + 1000), "/readyz")
        };
        match name {
            "gateway" => is_there(&self.gateway(), "/api/events"),
            // What follows is waited for where it is required.
            "postgres-1" | "postgres-2" => true,
            "redis-1" | "redis-2" => redis::are_whole(&self.redis, &self.sentinels),
            "staff" => ready() && redis::are_whole(&self.redis, &self.sentinels),
            _ => ready(),
        }
    }

    /// Runs the tool as the operator, and gives what it says.
    pub fn tool(&self, arguments: &[&str]) -> Result<String, String> {
        let mut tool = Command::new(self.programs.join("jari"));
        tool.args(arguments)
            .current_dir(self.folder.path())
            .env("JARI_URL", format!("http://{}", self.gateway()))
            .env("JARI_OPERATOR_KEY", OPERATOR_KEY);
        let told = said(&mut tool)?;
        Ok(String::from_utf8_lossy(&told.stdout).into_owned())
    }

    /// The folder in which the tool runs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves the logs where they are, and says where.
    pub fn keep(&mut self) -> String {
        self.folder.disable_cleanup(true);
        self.folder.path().display().to_string()
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.log"))
    }
}

/// The program of a machine, and the port at which people come; that of its internal address is 1,000 above.
fn program_of(name: &str) -> (&'static str, u16) {
    match name.split('-').next() {
        Some("core") => ("ticketing-core", 8081),
        Some("queue") => ("queue-service", 8082),
        _ => ("staff-api", 8083),
    }
}
