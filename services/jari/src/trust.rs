//! Who vouches for a server that is asked over HTTPS.

use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How a server at this URL is asked: only one with HTTPS must be vouched for.
pub fn tls(url: &str) -> TlsConfig {
    let tls = TlsConfig::builder();
    if !url.starts_with("https:") {
        return tls.build();
    }
    let by_this_machine = rustls_native_certs::load_native_certs().certs;
    let trusted: Vec<_> = by_this_machine
        .iter()
        .map(|one| Certificate::from_der(one).to_owned())
        .collect();
    tls.root_certs(roots(&trusted)).build()
}

/// Whom this machine trusts, which may be an authority of the house; where it names nobody, as in a container that has nothing,
/// whom browsers trust.
fn roots(by_this_machine: &[Certificate<'static>]) -> RootCerts {
    if by_this_machine.is_empty() {
        return RootCerts::WebPki;
    }
    RootCerts::new_with_certs(by_this_machine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_says_who_is_trusted_and_browsers_where_it_says_nothing() {
        assert!(matches!(roots(&[]), RootCerts::WebPki));
        let RootCerts::Specific(roots) = roots(&[Certificate::from_der(&[1, 2])]) else {
            panic!("others than the machine's are trusted");
        };
        assert_eq!(roots[0].der(), [1, 2]);
    }
}
