//! What `PostgreSQL` does by itself, and what the store does with it: one sale each in a transaction of its own by `pgbench`, and
//! all that are waiting in one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, bail};
use serde::Serialize;

/// Clients of `pgbench`, and callers of the store.
const CLIENTS: &str = "64";
const SECONDS: &str = "4";
/// The tables of the store, without their rows.
const TABLES: &str = "drop schema if exists bench cascade;
create schema bench;
create sequence bench.numbers;
create table bench.journal (like public.journal including all);
create table bench.reservations (like public.reservations including all);
create table bench.codes (like public.codes including all);
create table bench.sold_seats (like public.sold_seats including all);";
/// What the store writes of one sale of two seats: its facts, the reservation, the code and the seats.
const SALE: &str = r#"begin;
select nextval('bench.numbers') as sale \gset
insert into bench.journal select :sale::bigint * 3 + nth, 0, 'gala', '{"confirmed":{"reservation_id":"01a20a5e-53e2-7489-a985-f03d7767ead9","hold_id":"01a20a5e-53da-7d25-8ced-1b72cb25686e","code":9668,"buyer":{"name":"Kim Min-ji","contact":"minji@example.org"}}}' from generate_series(0, 2) as nth;
insert into bench.reservations (reservation_id, event_id, hold_id, code, confirmed_at) values (lpad(to_hex(:sale::bigint), 32, '0')::uuid, 'gala', lpad(to_hex(:sale::bigint), 32, '0')::uuid, :sale::integer, 0);
insert into bench.codes (event_id, code, reservation_id) values ('gala', :sale::integer, lpad(to_hex(:sale::bigint), 32, '0')::uuid);
insert into bench.sold_seats (event_id, seat, reservation_id) values ('gala', :sale::integer * 2, lpad(to_hex(:sale::bigint), 32, '0')::uuid), ('gala', :sale::integer * 2 + 1, lpad(to_hex(:sale::bigint), 32, '0')::uuid);
commit;
"#;

/// Sales a second, and how that compares with `pgbench`.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// What has sold.
    pub name: String,
    /// How many a second.
    pub per_second: f64,
    /// How many times what `pgbench` did.
    pub of_pgbench: f64,
    /// What is aimed at.
    pub aim: Option<f64>,
}

impl Compared {
    /// One line for people.
    pub fn line(&self) -> String {
        let aim = match self.aim {
            Some(aim) if self.of_pgbench < aim => format!("{aim:.2} MISSED"),
            Some(aim) => format!("{aim:.2}"),
            None => "-".to_owned(),
        };
        format!(
            "{:<36}{:>10.0}{:>28.2}  {aim}",
            self.name, self.per_second, self.of_pgbench
        )
    }
}

/// Sales a second, each in a transaction of its own.
pub fn pgbench(database_url: &str, directory: &Path) -> anyhow::Result<f64> {
    let script = directory.join("sale.sql");
    std::fs::write(&script, SALE).with_context(|| format!("writing {}", script.display()))?;
    run(Command::new(program("psql")?).args(["-q", "-X", "-c", TABLES, database_url]))?;
    let told = run(Command::new(program("pgbench")?)
        .args([
            "-n", "-M", "prepared", "-c", CLIENTS, "-j", "2", "-T", SECONDS, "-f",
        ])
        .arg(&script)
        .arg(database_url))?;
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    parse(&told).with_context(|| format!("pgbench says no figure: {told}"))
}

/// Sales a second of the store by itself, on stores that have nothing in them yet.
pub fn writer(program: &Path, redis_url: &str, database_url: &str) -> anyhow::Result<f64> {
    let told = run(Command::new(program).args([redis_url, database_url]))?;
    Ok(String::from_utf8_lossy(&told.stdout).trim().parse()?)
}

fn parse(told: &str) -> Option<f64> {
    let line = told.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split(' ').next()?.parse().ok()
}

/// Where Debian keeps the programs of the newest version.
fn program(name: &str) -> anyhow::Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is missing")?;
    let newest = versions
        .filter_map(|version| Some(version.ok()?.path()))
        .max();
    let newest = newest.context("PostgreSQL is missing")?;
    Ok(newest.join("bin").join(name))
}

fn run(command: &mut Command) -> anyhow::Result<Output> {
    let output = command
        .output()
        .with_context(|| format!("starting {command:?}"))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        bail!("{command:?}: {error}");
    }
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figure_is_found_in_what_pgbench_says() {
        let told = "transaction type: sale.sql\nlatency average = 9.5 ms\ntps = 6712.25 (without initial connection time)\n";
        assert_eq!(parse(told), Some(6712.25));
        assert_eq!(parse("nothing"), None);
    }

    #[test]
    fn what_was_missed_is_said() {
        let compared = |of_pgbench| Compared {
            name: "the writer".to_owned(),
            per_second: 20_000.0,
            of_pgbench,
            aim: Some(4.0),
        };
        assert!(compared(3.9).line().ends_with("3.90  4.00 MISSED"));
        assert!(compared(4.1).line().ends_with("4.10  4.00"));
    }
}
