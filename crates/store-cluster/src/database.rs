//! The connection to `PostgreSQL`: one, because one transaction at a time is written.

use std::time::Duration;

use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A question or a commit that takes longer has failed as far as we know. A busy disk or a busy machine may take seconds, and
/// whoever gives up then only has to do more; who waits is to know within seconds as well.
pub(crate) const DATABASE_TIMEOUT: Duration = Duration::from_secs(4);
/// A server that is there lets somebody in sooner.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// What an instance that was cut off has written without a commit must not hold up the others for longer.
const LET_GO: &str = "-c idle_in_transaction_session_timeout=3s";

/// Where `PostgreSQL` is.
#[derive(Clone)]
pub(crate) struct Database {
    config: Config,
}

impl Database {
    /// Reads a URL. With `sslmode=require` the server must show a certificate that this machine trusts; without
    /// it the connection is not encrypted.
    pub(crate) fn parse(url: &str) -> Result<Self, tokio_postgres::Error> {
        let mut config: Config = url.parse()?;
        config
            .connect_timeout(CONNECT_TIMEOUT)
            .options(LET_GO)
            .application_name("jari");
        Ok(Self { config })
    }

    /// Opens a connection.
    pub(crate) async fn connect(&self) -> Result<Client, tokio_postgres::Error> {
        if self.config.get_ssl_mode() == SslMode::Require {
            let (client, connection) = self.config.connect(tls()).await?;
            tokio::spawn(connection);
            return Ok(client);
        }
        let (client, connection) = self.config.connect(NoTls).await?;
        // It ends with its client, and what went wrong the client is told.
        tokio::spawn(connection);
        Ok(client)
    }
}

fn tls() -> MakeRustlsConnect {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = rustls::ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    MakeRustlsConnect::new(config)
}
