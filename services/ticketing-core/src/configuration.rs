//! What the program is told, by environment variables.

use jari_contract::configuration::{
    CheckUrl, Shared, StoreUrls, database_url, operator_key, service_key,
};
use jari_domain::id::Digest;
use service_kit::environment::{Environment, Variable, Wrong};
use service_kit::trace::{OTLP_URL, otlp_url};

const LISTEN: Variable = Variable {
    name: "JARI_LISTEN",
    default: Some("127.0.0.1:8081"),
    what: "where buyers and operators come in, through the gateway",
};
/// Where its health is asked for.
pub const INTERNAL_LISTEN: Variable = Variable {
    name: "JARI_INTERNAL_LISTEN",
    default: Some("127.0.0.1:9081"),
    what: "where staff-api asks, and whoever wants to know of health and metrics",
};

/// What the program is told.
pub struct Configuration {
    /// What every program is told.
    pub shared: Shared,
    /// Where traces go, if anywhere.
    pub otlp_url: Option<String>,
    /// Where the stores are.
    pub urls: StoreUrls,
    /// The digest of the operator key.
    pub operator_key: Digest,
    /// The key that the services share.
    pub service_key: String,
}

/// Reads everything; all that is wrong if it can't be. Whoever knows the stores checks their addresses.
pub fn read(
    get: &dyn Fn(&str) -> Option<String>,
    check_redis: CheckUrl,
    check_database: CheckUrl,
) -> Result<Configuration, Wrong> {
    Environment::all(get, |environment| {
        of(environment, check_redis, check_database)
    })
}

/// Reads all that a migration needs.
pub fn read_database_url(
    get: &dyn Fn(&str) -> Option<String>,
    check_database: CheckUrl,
) -> Result<String, Wrong> {
    Environment::all(get, |environment| database_url(environment, check_database))
}

fn of(
    environment: &mut Environment<'_>,
    check_redis: CheckUrl,
    check_database: CheckUrl,
) -> Option<Configuration> {
    // Each is read before any is missed, so that all are told.
    let shared = Shared::read(environment, LISTEN, INTERNAL_LISTEN);
    let urls = StoreUrls::read(environment, check_redis, check_database);
    let operator_key = operator_key(environment);
    let service_key = service_key(environment);
    let otlp_url = environment.read(OTLP_URL, otlp_url);
    Some(Configuration {
        shared: shared?,
        otlp_url: otlp_url?,
        urls: urls?,
        operator_key: operator_key?,
        service_key: service_key?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operating_guide_has_every_variable_as_it_is() {
        let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/OPERATING.md");
        let guide = std::fs::read_to_string(guide).unwrap();
        let table = Environment::table(|environment| of(environment, |_| Ok(()), |_| Ok(())));
        assert_eq!(table.lines().count(), 12, "{table}");
        assert!(guide.contains(&table), "docs/OPERATING.md lacks:\n{table}");
    }
}
