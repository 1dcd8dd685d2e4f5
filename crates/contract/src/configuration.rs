//! Configuration that the programs share: a variable of one name says the same to each of them.

use std::net::SocketAddr;
use std::sync::Arc;

use jari_token::{Digest, EntrySigner, Keyring, Secret, hash_key};
use service_kit::Origins;
use service_kit::environment::{Environment, Variable, address, log_format};
use service_kit::telemetry::LogFormat;

const SECRET_KEY: Variable = Variable {
    name: "JARI_SECRET_KEY",
    default: None,
    what: "what signs tokens: 64 hexadecimal digits; while rotating two, separated by a comma, the new one first",
};
const ENTRY_KEY: Variable = Variable {
    name: "JARI_ENTRY_KEY",
    default: None,
    what: "what signs entry tokens and manifests: 64 hexadecimal digits, the same for every service",
};
const ALLOWED_ORIGINS: Variable = Variable {
    name: "JARI_ALLOWED_ORIGINS",
    default: Some(""),
    what: "sites whose pages may call the API, separated by commas",
};
const LOG_FORMAT: Variable = Variable {
    name: "JARI_LOG_FORMAT",
    default: Some("json"),
    what: "how the log is written: text or json",
};
const OPERATOR_KEY: Variable = Variable {
    name: "JARI_OPERATOR_KEY",
    default: None,
    what: "the key of the operator, one line; 32 random characters are safe",
};
const SERVICE_KEY: Variable = Variable {
    name: "JARI_SERVICE_KEY",
    default: None,
    what: "the key that the services share, at least 32 characters",
};
const REDIS_URL: Variable = Variable {
    name: "JARI_REDIS_URL",
    default: None,
    what: "Redis: `redis://host:6379`, `rediss://…` for TLS, `redis+cluster://host:6379,host:6379`, \
           `redis+sentinel://host:26379,host:26379/name`",
};
const DATABASE_URL: Variable = Variable {
    name: "JARI_DATABASE_URL",
    default: None,
    what: "PostgreSQL: `postgres://user:password@host:5432/database`, with `?sslmode=require` for TLS",
};
const MIGRATE: Variable = Variable {
    name: "JARI_MIGRATE",
    default: Some("yes"),
    what: "whether to bring PostgreSQL's schema up to date at the start: yes or no",
};

/// Whoever guesses the key of the services opens every door.
const SERVICE_KEY_AT_LEAST: usize = 32;
/// Shorter operator keys are no keys; 32 random characters are what nobody guesses within the life of a sale.
const OPERATOR_KEY_AT_LEAST: usize = 4;

/// The keys that sign.
#[derive(Debug, Clone)]
pub struct SigningKeys {
    /// Signs what buyers carry.
    pub keyring: Arc<Keyring>,
    /// Signs what is checked at the door.
    pub entry_signer: Arc<EntrySigner>,
}

impl SigningKeys {
    /// Reads both.
    pub fn read(environment: &mut Environment<'_>) -> Option<Self> {
        let keyring = environment.read(SECRET_KEY, keyring);
        let entry_signer = environment.read(ENTRY_KEY, entry_signer);
        Some(Self {
            keyring: Arc::new(keyring?),
            entry_signer: Arc::new(entry_signer?),
        })
    }
}

/// What every program of a service is told.
#[derive(Debug)]
pub struct Shared {
    /// Where people come in, through the gateway.
    pub listen: SocketAddr,
    /// Where health and metrics are asked for.
    pub internal_listen: SocketAddr,
    /// The keys that sign.
    pub keys: SigningKeys,
    /// Sites whose pages may call the API.
    pub allowed_origins: Origins,
    /// How the log is written.
    pub log_format: LogFormat,
}

impl Shared {
    /// Reads all of it; the services listen on ports of their own.
    pub fn read(
        environment: &mut Environment<'_>,
        listen: Variable,
        internal_listen: Variable,
    ) -> Option<Self> {
        // Each is read before any is missed, so that all are told.
        let listen = environment.read(listen, address);
        let internal_listen = environment.read(internal_listen, address);
        let keys = SigningKeys::read(environment);
        let allowed_origins = environment.read(ALLOWED_ORIGINS, str::parse);
        let log_format = environment.read(LOG_FORMAT, log_format);
        Some(Self {
            listen: listen?,
            internal_listen: internal_listen?,
            keys: keys?,
            allowed_origins: allowed_origins?,
            log_format: log_format?,
        })
    }
}

/// What is wrong with the address of a store, if anything is.
pub type CheckUrl = fn(&str) -> Result<(), String>;

/// Where the stores of many machines are. Their addresses hold passwords, so nothing shows them.
pub struct StoreUrls {
    /// Redis.
    pub redis: String,
    /// `PostgreSQL`.
    pub database: String,
    /// Whether to bring the schema up to date first.
    pub migrate: bool,
}

impl StoreUrls {
    /// Reads all of it; whoever knows the stores says which addresses can be used.
    pub fn read(
        environment: &mut Environment<'_>,
        check_redis: CheckUrl,
        check_database: CheckUrl,
    ) -> Option<Self> {
        let redis = environment.read(REDIS_URL, |text| checked(text, check_redis));
        let database = database_url(environment, check_database);
        let migrate = environment.read(MIGRATE, yes_or_no);
        Some(Self {
            redis: redis?,
            database: database?,
            migrate: migrate?,
        })
    }
}

/// `PostgreSQL`'s address alone: all that a migration needs.
pub fn database_url(environment: &mut Environment<'_>, check: CheckUrl) -> Option<String> {
    environment.read(DATABASE_URL, |text| checked(text, check))
}

/// The key that the services share.
pub fn service_key(environment: &mut Environment<'_>) -> Option<String> {
    environment.read(SERVICE_KEY, |text| {
        let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if text.len() < SERVICE_KEY_AT_LEAST || !is_visible {
            let least = SERVICE_KEY_AT_LEAST;
            return Err(format!("it must be {least} or more visible characters"));
        }
        Ok(text.to_owned())
    })
}

/// The digest of the operator key.
pub fn operator_key(environment: &mut Environment<'_>) -> Option<Digest> {
    environment.read(OPERATOR_KEY, operator_key_digest)
}

/// The digest of an operator key, from wherever it comes; what is wrong with a key that anybody guesses.
pub fn operator_key_digest(text: &str) -> Result<Digest, String> {
    if text.chars().count() < OPERATOR_KEY_AT_LEAST || text.contains(char::is_control) {
        return Err(format!(
            "it must be one line of {OPERATOR_KEY_AT_LEAST} or more characters, and 32 random ones are safe"
        ));
    }
    Ok(hash_key(text))
}

fn checked(text: &str, check: CheckUrl) -> Result<String, String> {
    check(text).map(|()| text.to_owned())
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(format!("{text} is neither yes nor no")),
    }
}

fn secret(text: &str) -> Result<Secret, String> {
    Secret::parse(text).map_err(|_| "it is not 64 hexadecimal digits".to_owned())
}

fn keyring(text: &str) -> Result<Keyring, String> {
    let keys: Result<Vec<Secret>, String> = text.split(',').map(secret).collect();
    let mut keys = keys?.into_iter();
    match (keys.next(), keys.next(), keys.next()) {
        (Some(current), previous, None) => Ok(Keyring::new(current, previous)),
        _ => Err("it is one key, or two while rotating".to_owned()),
    }
}

fn entry_signer(text: &str) -> Result<EntrySigner, String> {
    secret(text).map(|seed| EntrySigner::new(&seed))
}

#[cfg(test)]
mod tests {
    use service_kit::environment::Wrong;

    use super::*;

    const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    fn read<T>(
        name: &str,
        value: &str,
        parse: impl FnOnce(&mut Environment<'_>) -> Option<T>,
    ) -> Result<T, Wrong> {
        let get = |asked: &str| (asked == name).then(|| value.to_owned());
        let mut environment = Environment::new(&get);
        let read = parse(&mut environment);
        environment.finish(read)
    }

    #[test]
    fn two_keys_are_taken_while_rotating_and_three_are_not() {
        let two = format!("{KEY},{KEY}");
        let keys = [KEY, &two].map(|text| keyring(text).is_ok());
        assert_eq!(keys, [true, true]);
        let three = keyring(&format!("{two},{KEY}")).err().unwrap();
        assert!(three.contains("one key, or two"), "{three}");
    }

    #[test]
    fn keys_that_can_be_guessed_are_refused_and_not_told() {
        for short in ["h2", "ab\ncdefgh"] {
            let told = read("JARI_OPERATOR_KEY", short, operator_key);
            let told = told.unwrap_err().to_string();
            assert!(
                told.contains("4 or more") && !told.contains(short),
                "{told}"
            );
        }
        assert!(read("JARI_OPERATOR_KEY", "hunter2 hunter2 hunter2", operator_key).is_ok());
        let told = read(
            "JARI_SERVICE_KEY",
            "hunter2 hunter2 hunter2 hunter2!",
            service_key,
        );
        assert!(told.is_err(), "a key that goes into a header has no spaces");
    }

    #[test]
    fn an_address_that_the_store_does_not_take_is_told_without_it() {
        let refuse: CheckUrl = |_| Err("it is no address".to_owned());
        let told = read("JARI_REDIS_URL", "redis://:hunter2@", |environment| {
            StoreUrls::read(environment, refuse, refuse)
        });
        let told = told.err().unwrap().to_string();
        assert!(told.contains("JARI_REDIS_URL: it is no address"), "{told}");
        assert!(told.contains("JARI_DATABASE_URL is not set") && !told.contains("hunter2"));
        let told = read("JARI_MIGRATE", "perhaps", |environment| {
            StoreUrls::read(environment, |_| Ok(()), |_| Ok(()))
        });
        assert!(
            told.err()
                .unwrap()
                .to_string()
                .contains("neither yes nor no")
        );
    }
}
