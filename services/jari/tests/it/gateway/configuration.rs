//! What nginx takes, and what render.sh refuses.

use std::path::Path;

use gateway::Configuration;

fn write(directory: &Path, variables: &[(&str, &str)]) -> Result<Configuration, String> {
    let mut all = vec![("JARI_STATIC_DIR", "/srv/jari")];
    all.extend(variables);
    Configuration::write(directory, &all)
}

#[test]
fn nginx_takes_the_configuration_with_and_without_tls() {
    let directory = tempfile::tempdir().unwrap();
    let (plain, tls) = (directory.path().join("plain"), directory.path().join("tls"));
    let many = [
        ("JARI_CORE_SERVERS", "127.0.0.1:1,127.0.0.1:2 127.0.0.1:3"),
        ("JARI_TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8"),
        ("JARI_LIMIT_EXEMPT", "127.0.0.1 ::1"),
    ];
    write(&plain, &many).unwrap().check().unwrap();
    std::fs::create_dir_all(&tls).unwrap();
    let (certificate, key) = (tls.join("certificate.pem"), tls.join("key.pem"));
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    self_signed(certificate, key);
    let files = [("JARI_TLS_CERTIFICATE", certificate), ("JARI_TLS_KEY", key)];
    write(&tls, &files).unwrap().check().unwrap();
    let rendered = std::fs::read_to_string(tls.join("server.conf")).unwrap();
    assert!(rendered.contains("listen 443 ssl http2;"), "{rendered}");
    std::fs::write(key, "no key").unwrap();
    assert!(write(&tls, &files).unwrap().check().is_err());
}

fn self_signed(certificate: &str, key: &str) {
    let made = std::process::Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt"])
        .args(["ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"])
        .args([
            "-subj",
            "/CN=localhost",
            "-keyout",
            key,
            "-out",
            certificate,
        ])
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
}

#[test]
fn everything_that_is_wrong_with_the_variables_is_said_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("nginx");
    let wrong = [
        ("JARI_STATIC_DIR", ""),
        ("JARI_CORE_SERVERS", "one;}"),
        ("JARI_LIMIT_ENTER_RATE", "fast"),
        ("JARI_LIMIT_ENTRE_RATE", "1r/s"),
        ("JARI_TLS_KEY", "/key.pem"),
    ];
    let told = Configuration::write(&target, &wrong).unwrap_err();
    for (name, _) in wrong {
        assert!(told.contains(name), "{name}: {told}");
    }
    assert!(told.contains("JARI_TLS_CERTIFICATE"), "{told}");
    assert!(!target.exists(), "nothing was written");
}
