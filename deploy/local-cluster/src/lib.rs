//! The whole cluster on one machine: Redis, `PostgreSQL` and nginx of its own, two instances each of ticketing-core and
//! queue-service, and staff-api. Everything is on loopback, and outside its directories nothing is read or written.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use gateway::{Configuration, Gateway};
pub use test_servers::{Durability, scratch};
use test_servers::{Postgres, Redis, Service, ask};

/// A service that is not ready after half a minute will not be.
const ASKED_AT_MOST: u32 = 1_500;
/// How often a service is asked whether it is ready.
const ASK_EVERY: Duration = Duration::from_millis(20);

/// What a cluster must be told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where cargo has put the programs.
    pub programs: PathBuf,
    /// Where the data go; other users must be able to enter it, because `PostgreSQL` does not run as root.
    pub data: PathBuf,
    /// Where every process has its log.
    pub logs: PathBuf,
    /// The address and port at which everybody comes in.
    pub listen: String,
    /// The folder with the pages.
    pub pages: PathBuf,
    /// The operator key.
    pub operator_key: String,
    /// How much `PostgreSQL` may lose.
    pub durability: Durability,
}

/// The keys that all services have.
#[derive(Debug, Clone)]
pub struct Keys {
    /// `JARI_SECRET_KEY`.
    pub secret: String,
    /// `JARI_ENTRY_KEY`.
    pub entry: String,
    /// `JARI_SERVICE_KEY`.
    pub service: String,
}

/// A running cluster. Dropping it ends all of it.
#[derive(Debug)]
pub struct Cluster {
    // In the order in which they end.
    gateway: Gateway,
    /// staff-api.
    pub staff: Service,
    /// queue-service.
    pub queues: [Service; 2],
    /// ticketing-core.
    pub cores: [Service; 2],
    /// Redis.
    pub redis: Redis,
    /// `PostgreSQL`.
    pub postgres: Postgres,
    /// Where everybody comes in.
    pub url: String,
    /// What all services have.
    pub keys: Keys,
}

impl Cluster {
    /// Starts, and returns once everything is ready; what went wrong if something is not.
    pub fn start(settings: &Settings) -> Result<Self, String> {
        Self::start_on(settings, |redis, postgres| (redis.url(), postgres.url()))
    }

    /// The same, with services that find Redis and `PostgreSQL` at other addresses: those of whatever stands in between.
    pub fn start_on(
        settings: &Settings,
        addresses: impl FnOnce(&Redis, &Postgres) -> (String, String),
    ) -> Result<Self, String> {
        let log = |name: &str| settings.logs.join(format!("{name}.log"));
        let postgres = Postgres::start_in(&settings.data, &log("postgres"), settings.durability)?;
        let redis = Redis::start_with(&log("redis"))?;
        let (redis_url, database_url) = addresses(&redis, &postgres);
        let start = Start {
            settings,
            keys: Keys::random()?,
            redis_url,
            database_url,
        };
        let cores = [start.core(1)?, start.core(2)?];
        let queues = [start.queue(1)?, start.queue(2)?];
        let staff = start.staff(&cores)?;
        for instance in cores.iter().chain(&queues).chain([&staff]) {
            wait_for(&instance.internal_address, "/readyz")?;
        }
        let gateway = start.gateway(&cores, &queues, &staff)?;
        wait_for(&settings.listen, "/api/events")?;
        Ok(Self {
            gateway,
            staff,
            queues,
            cores,
            redis,
            postgres,
            url: format!("http://{}", settings.listen),
            keys: start.keys,
        })
    }

    /// Lets everything go on after us. The name and number of every process, in the order in which they are to end.
    pub fn leave(self) -> Vec<(String, u32)> {
        let mut all = Vec::new();
        let mut add = |name: &str, id: Option<u32>| all.extend(id.map(|id| (name.to_owned(), id)));
        add("NGINX", self.gateway.id());
        self.gateway.leave();
        add("STAFF_1", Some(self.staff.leave()));
        for (nth, queue) in (1..).zip(self.queues) {
            add(&format!("QUEUE_{nth}"), Some(queue.leave()));
        }
        for (nth, core) in (1..).zip(self.cores) {
            add(&format!("CORE_{nth}"), Some(core.leave()));
        }
        add("REDIS", self.redis.leave());
        add("POSTGRES", self.postgres.leave());
        all
    }
}

impl Keys {
    fn random() -> Result<Self, String> {
        Ok(Self {
            secret: random_key()?,
            entry: random_key()?,
            service: random_key()?,
        })
    }
}

/// What is needed to start services.
struct Start<'a> {
    settings: &'a Settings,
    keys: Keys,
    redis_url: String,
    database_url: String,
}

impl Start<'_> {
    fn core(&self, nth: u32) -> Result<Service, String> {
        let mut program = self.program("ticketing-core");
        self.with_stores(&mut program)
            .env("JARI_OPERATOR_KEY", &self.settings.operator_key)
            .env("JARI_SERVICE_KEY", &self.keys.service);
        self.start(program, &format!("core-{nth}"))
    }

    fn queue(&self, nth: u32) -> Result<Service, String> {
        let mut program = self.program("queue-service");
        self.with_stores(&mut program);
        self.start(program, &format!("queue-{nth}"))
    }

    fn staff(&self, cores: &[Service]) -> Result<Service, String> {
        let mut program = self.program("staff-api");
        let url = |core: &Service| format!("http://{}", core.internal_address);
        let urls: Vec<String> = cores.iter().map(url).collect();
        program
            .env("JARI_CORE_INTERNAL_URL", urls.join(","))
            .env("JARI_SERVICE_KEY", &self.keys.service);
        self.start(program, "staff-1")
    }

    fn gateway(
        &self,
        cores: &[Service],
        queues: &[Service],
        staff: &Service,
    ) -> Result<Gateway, String> {
        let all = |instances: &[Service]| {
            let addresses: Vec<&str> = instances.iter().map(|one| one.address.as_str()).collect();
            addresses.join(",")
        };
        let path = |path: &Path| path.display().to_string();
        let logs = &self.settings.logs;
        let variables = [
            ("JARI_GATEWAY_LISTEN", self.settings.listen.clone()),
            ("JARI_STATIC_DIR", path(&self.settings.pages)),
            ("JARI_CORE_SERVERS", all(cores)),
            ("JARI_QUEUE_SERVERS", all(queues)),
            ("JARI_STAFF_SERVERS", staff.address.clone()),
            // Everybody here comes from this machine.
            ("JARI_LIMIT_EXEMPT", "127.0.0.0/8,::1".to_owned()),
            ("JARI_NGINX_ACCESS_LOG", path(&logs.join("nginx.log"))),
            ("JARI_NGINX_ERROR_LOG", path(&logs.join("nginx-error.log"))),
        ];
        let variables = variables
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let directory = self.settings.data.join("nginx");
        Gateway::start(Configuration::write(&directory, &variables)?)
    }

    fn program(&self, name: &str) -> Command {
        let mut program = Command::new(self.settings.programs.join(name));
        program.env_clear();
        if let Some(filter) = std::env::var_os("RUST_LOG") {
            program.env("RUST_LOG", filter);
        }
        program
            .env("JARI_LISTEN", "127.0.0.1:0")
            .env("JARI_INTERNAL_LISTEN", "127.0.0.1:0")
            .env("JARI_SECRET_KEY", &self.keys.secret)
            .env("JARI_ENTRY_KEY", &self.keys.entry)
            .env("JARI_LOG_FORMAT", "text");
        program
    }

    fn with_stores<'c>(&self, program: &'c mut Command) -> &'c mut Command {
        program
            .env("JARI_REDIS_URL", &self.redis_url)
            .env("JARI_DATABASE_URL", &self.database_url)
    }

    fn start(&self, mut program: Command, name: &str) -> Result<Service, String> {
        Service::start(
            &mut program,
            &self.settings.logs.join(format!("{name}.log")),
        )
    }
}

/// Asks until the answer is 200.
fn wait_for(address: &str, path: &str) -> Result<(), String> {
    let mut told = String::new();
    for _ in 0..ASKED_AT_MOST {
        told = match ask(address, path, None) {
            Ok(answer) if answer.starts_with("HTTP/1.1 200") => return Ok(()),
            Ok(answer) => answer,
            Err(error) => error.to_string(),
        };
        std::thread::sleep(ASK_EVERY);
    }
    Err(format!("http://{address}{path} is not ready: {told}"))
}

/// 64 hexadecimal digits from the system's own randomness.
pub fn random_key() -> Result<String, String> {
    let mut bytes = [0; 32];
    let read = std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes));
    read.map_err(|error| format!("/dev/urandom: {error}"))?;
    Ok(bytes
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}")))
}
