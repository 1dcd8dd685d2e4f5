//! What the program is told, by environment variables.

use jari_contract::configuration::{Shared, service_key};
use service_kit::environment::{Environment, Variable, Wrong};
use service_kit::trace::{OTLP_URL, otlp_url};
use staff_api::from_core::FromCore;

const LISTEN: Variable = Variable {
    name: "JARI_LISTEN",
    default: Some("127.0.0.1:8083"),
    what: "where gate staff come in, through the gateway",
};
/// Where its health is asked for.
pub const INTERNAL_LISTEN: Variable = Variable {
    name: "JARI_INTERNAL_LISTEN",
    default: Some("127.0.0.1:9083"),
    what: "where health and metrics are asked for",
};
const CORE: Variable = Variable {
    name: "JARI_CORE_INTERNAL_URL",
    default: None,
    what: "the internal addresses of ticketing-core, as `http://core-1:9081,http://core-2:9081`; one that can be reached is asked",
};

/// What the program is told.
pub struct Configuration {
    /// What every program is told.
    pub shared: Shared,
    /// Where traces go, if anywhere.
    pub otlp_url: Option<String>,
    /// ticketing-core.
    pub core: FromCore,
}

impl Configuration {
    /// Reads everything; all that is wrong if it can't be.
    pub fn read(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, Wrong> {
        Environment::all(get, Self::of)
    }

    fn of(environment: &mut Environment<'_>) -> Option<Self> {
        // Each is read before any is missed, so that all are told.
        let shared = Shared::read(environment, LISTEN, INTERNAL_LISTEN);
        let url = environment.read(CORE, core_url);
        let service_key = service_key(environment);
        let otlp_url = environment.read(OTLP_URL, otlp_url);
        Some(Self {
            shared: shared?,
            otlp_url: otlp_url?,
            core: FromCore::at(&url?, &service_key?).ok()?,
        })
    }
}

fn core_url(text: &str) -> Result<String, String> {
    FromCore::at(text, "any")
        .map(|_| text.to_owned())
        .map_err(|error| error.to_string())
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
        assert_eq!(configuration.shared.listen.port(), 8083);
        assert!(configuration.shared.allowed_origins.values().is_empty());
    }

    #[test]
    fn the_operating_guide_has_every_variable_as_it_is() {
        let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/OPERATING.md");
        let guide = std::fs::read_to_string(guide).unwrap();
        let table = Environment::table(Configuration::of);
        assert_eq!(table.lines().count(), 9, "{table}");
        assert!(guide.contains(&table), "docs/OPERATING.md lacks:\n{table}");
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
