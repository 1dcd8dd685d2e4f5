//! Some of the losses, one of each kind; `make machines-test` has all. The services have been built by whoever builds the
//! workspace.

use std::process::Command;

#[test]
fn a_sale_outlives_an_instance_the_master_of_redis_and_the_primary_of_postgres() {
    let output = Command::new(env!("CARGO_BIN_EXE_machines"))
        .args(["core-1", "redis-1", "postgres-1"])
        .output()
        .unwrap();
    let said = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    assert!(output.status.success(), "{}{}", said[0], said[1]);
    assert!(said[0].contains("\n3 losses, 84 sales: "), "{}", said[0]);
}

#[test]
fn a_machine_that_there_is_not_is_told() {
    let output = Command::new(env!("CARGO_BIN_EXE_machines"))
        .arg("core-1:on")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && said.contains("MACHINE:off"),
        "{said}"
    );
}
