//! HTTPS as an operator has it, by the real certbot, pebble and nginx. The program behind them has been built by
//! whoever builds the workspace.

use std::path::Path;
use std::process::Command;

#[test]
fn a_certificate_is_issued_served_and_renewed_and_nothing_is_cut() {
    let this = std::env::current_exe().unwrap();
    let programs = this.ancestors().nth(2).expect("cargo's folder");
    let jari = programs.join("jari");
    assert!(jari.exists(), "build it first: cargo build -p jari");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tls/https-test.py");
    let told = Command::new("python3")
        .args(["-W", "ignore::DeprecationWarning"])
        .args([&script, &jari])
        .output()
        .unwrap();
    let (said, wrong) = (
        String::from_utf8_lossy(&told.stdout),
        String::from_utf8_lossy(&told.stderr),
    );
    assert!(told.status.success(), "{said}{wrong}");
    assert!(said.contains("renewal cuts nothing"), "{said}");
}
