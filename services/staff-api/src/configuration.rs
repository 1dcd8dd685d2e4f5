//! What the program is told, by environment variables.

use std::net::SocketAddr;
use std::sync::Arc;

use jari_token::{EntrySigner, Keyring, Secret};
use service_kit::Origins;
use service_kit::environment::{Environment, Variable, Wrong, address};
use service_kit::telemetry::LogFormat;
use staff_api::from_core::FromCore;

const LISTEN: Variable = Variable {
    name: "JARI_LISTEN",
    default: Some("127.0.0.1:8083"),
    what: "where gate staff come in, through the gateway",
};
const INTERNAL_LISTEN: Variable = Variable {
    name: "JARI_INTERNAL_LISTEN",
    default: Some("127.0.0.1:9083"),
    what: "where health and metrics are asked for",
};
const CORE: Variable = Variable {
    name: "JARI_CORE_INTERNAL_URL",
    default: None,
    what: "ticketing-core's internal address, as http://core:9081",
};
const SERVICE_KEY: Variable = Variable {
    name: "JARI_SERVICE_KEY",
    default: None,
    what: "the key that the services share, at least 32 characters",
};
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

/// Whoever guesses the key of the services opens every door.
const SERVICE_KEY_AT_LEAST: usize = 32;

/// What the program is told.
pub struct Configuration {
    /// Where gate staff come in.
    pub listen: SocketAddr,
    /// Where health and metrics are asked for.
    pub internal_listen: SocketAddr,
    /// ticketing-core.
    pub core: FromCore,
    /// Signs what buyers carry.
    pub keyring: Arc<Keyring>,
    /// Signs what is checked at the door.
    pub entry_signer: Arc<EntrySigner>,
    /// Sites whose pages may call the API.
    pub allowed_origins: Origins,
    /// How the log is written.
    pub log_format: LogFormat,
}

impl Configuration {
    /// Reads everything; all that is wrong if it can't be.
    pub fn read(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, Wrong> {
        let mut environment = Environment::new(get);
        let configuration = Self::of(&mut environment);
        environment.finish(configuration)
    }

    fn of(environment: &mut Environment<'_>) -> Option<Self> {
        // Each is read before any is missed, so that all are told.
        let listen = environment.read(LISTEN, address);
        let internal_listen = environment.read(INTERNAL_LISTEN, address);
        let url = environment.read(CORE, core_url);
        let service_key = environment.read(SERVICE_KEY, service_key);
        let keyring = environment.read(SECRET_KEY, keyring);
        let entry_signer = environment.read(ENTRY_KEY, entry_signer);
        let allowed_origins = environment.read(ALLOWED_ORIGINS, str::parse);
        let log_format = environment.read(LOG_FORMAT, log_format);
        Some(Self {
            listen: listen?,
            internal_listen: internal_listen?,
            core: FromCore::at(&url?, &service_key?).ok()?,
            keyring: Arc::new(keyring?),
            entry_signer: Arc::new(entry_signer?),
            allowed_origins: allowed_origins?,
            log_format: log_format?,
        })
    }
}

fn core_url(text: &str) -> Result<String, String> {
    FromCore::at(text, "any")
        .map(|_| text.to_owned())
        .map_err(|error| error.to_string())
}

fn service_key(text: &str) -> Result<String, String> {
    if text.len() < SERVICE_KEY_AT_LEAST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let least = SERVICE_KEY_AT_LEAST;
        return Err(format!("it must be {least} or more visible characters"));
    }
    Ok(text.to_owned())
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

fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("{text} is neither text nor json")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 4] = [
        ("JARI_CORE_INTERNAL_URL", "http://core:9081"),
        ("JARI_SERVICE_KEY", "0123456789abcdef0123456789abcdef"),
        ("JARI_SECRET_KEY", KEY),
        ("JARI_ENTRY_KEY", KEY),
    ];
    const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    fn read(more: &[(&str, &str)]) -> Result<Configuration, Wrong> {
        Configuration::read(&|name| {
            let mut all = more.iter().chain(&GOOD);
            let found = all.find(|(set, _)| *set == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn four_variables_are_enough() {
        let configuration = read(&[]).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert_eq!(configuration.listen.port(), 8083);
        assert!(configuration.allowed_origins.values().is_empty());
    }

    #[test]
    fn the_operating_guide_has_every_variable_as_it_is() {
        let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operating.md");
        let guide = std::fs::read_to_string(guide).unwrap();
        let nothing = |_: &str| None;
        let mut environment = Environment::new(&nothing);
        assert!(Configuration::of(&mut environment).is_none());
        assert_eq!(environment.variables().len(), 8);
        for Variable {
            name,
            default,
            what,
        } in environment.variables()
        {
            let default = match default {
                None => "must be set".to_owned(),
                Some("") => "–".to_owned(),
                Some(default) => format!("`{default}`"),
            };
            let line = format!("| `{name}` | {default} | {what} |\n");
            assert!(guide.contains(&line), "docs/operating.md lacks: {line}");
        }
    }

    #[test]
    fn two_keys_are_taken_while_rotating_and_three_are_not() {
        let told = |keys: &[&str]| read(&[("JARI_SECRET_KEY", &keys.join(","))]).err();
        assert_eq!(told(&[KEY, KEY]), None);
        let three = told(&[KEY, KEY, KEY]).unwrap().to_string();
        assert!(
            three.contains("JARI_SECRET_KEY: it is one key, or two"),
            "{three}"
        );
    }

    #[test]
    fn everything_wrong_is_told_at_once_and_no_secret() {
        let wrong = [
            ("JARI_LISTEN", "8083"),
            ("JARI_CORE_INTERNAL_URL", "https://core"),
            ("JARI_SERVICE_KEY", "hunter2"),
            ("JARI_SECRET_KEY", "hunter3"),
            ("JARI_ENTRY_KEY", "hunter4"),
            ("JARI_LOG_FORMAT", "xml"),
        ];
        let told = read(&wrong).err().unwrap().to_string();
        for (name, _) in wrong {
            assert!(told.contains(name), "{name}: {told}");
        }
        assert!(!told.contains("hunter"), "{told}");
        let missing = Configuration::read(&|_| None).err().unwrap().to_string();
        assert_eq!(missing.lines().count(), GOOD.len(), "{missing}");
    }
}
