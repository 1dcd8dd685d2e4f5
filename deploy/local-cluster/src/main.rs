//! `local-cluster up` and `local-cluster down`: what `make cluster-up` and `make cluster-down` do once the programs are
//! built. What there is to know is in `target/cluster` of the directory in which it is called.
//!
//! `local-cluster run PAGES`: another one, which ends with whoever has started it, with the pages in that folder.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use local_cluster::{Cluster, Durability, Settings, random_key};

mod passing;
mod running;

use running::Running;

/// Where everybody comes in.
const LISTEN: &str = "127.0.0.1:8088";
/// The same, as people write it.
const URL: &str = "http://localhost:8088";

#[expect(
    clippy::print_stderr,
    reason = "this is where a person reads what went wrong"
)]
fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let done = match asked.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["up"] => up(),
        ["down"] => down(),
        ["run", pages] => passing::run(pages.into()),
        _ => Err("say up, down, or run and the folder of the pages".to_owned()),
    };
    match done {
        Ok(told) => {
            // Nobody may be reading.
            let _ = writeln!(std::io::stdout(), "{told}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("local-cluster: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What is in `target/cluster`.
struct Place {
    folder: PathBuf,
}

impl Place {
    fn here() -> Result<Self, String> {
        let here = std::env::current_dir().map_err(|error| error.to_string())?;
        Ok(Self {
            folder: here.join("target/cluster"),
        })
    }

    fn env(&self) -> PathBuf {
        self.folder.join("env")
    }

    fn processes(&self) -> PathBuf {
        self.folder.join("processes")
    }

    /// Where the data are.
    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }
}

fn up() -> Result<String, String> {
    let place = Place::here()?;
    let known = running::read(&place.processes());
    let gone: Vec<&str> = known
        .iter()
        .filter(|process| !process.runs())
        .map(|process| process.name.as_str())
        .collect();
    if !known.is_empty() && gone.is_empty() {
        return Ok(format!(
            "The cluster is up already, at {URL}; make cluster-down ends it."
        ));
    }
    // Half a cluster is of no use to anyone.
    end(&place);
    std::fs::create_dir_all(&place.folder)
        .map_err(|error| format!("{}: {error}", place.folder.display()))?;
    // Told before anything is started.
    TcpListener::bind(LISTEN).map_err(|error| format!("{LISTEN} can't be opened: {error}"))?;
    let scratch = local_cluster::scratch();
    let settings = settings(&place, scratch.path())?;
    let cluster = Cluster::start(&settings)?;
    let mut text = env(&settings, &cluster);
    let processes = cluster.leave();
    let data = scratch.keep();
    for (name, id) in &processes {
        let _ = writeln!(text, "{name}_PID={id}");
    }
    let program = settings.programs.join("local-cluster");
    let _ = writeln!(
        text,
        "JARI_CLUSTER_PROGRAM={}",
        quoted(&program.display().to_string())
    );
    let processes: Vec<Running> = processes
        .into_iter()
        .filter_map(|(name, id)| Running::find(name, id))
        .collect();
    running::write(&place.processes(), &processes)
        .and_then(|()| std::os::unix::fs::symlink(&data, place.data()))
        .and_then(|()| write_private(&place.env(), &text))
        .map_err(|error| format!("{}: {error}", place.folder.display()))?;
    Ok(told())
}

fn down() -> Result<String, String> {
    let place = Place::here()?;
    if running::read(&place.processes()).is_empty() {
        return Ok("No cluster is up.".to_owned());
    }
    end(&place);
    Ok("The cluster has ended; its logs are in target/cluster.".to_owned())
}

/// Ends what runs, and throws its data away.
fn end(place: &Place) {
    for process in running::read(&place.processes()) {
        process.end();
    }
    if let Ok(data) = std::fs::read_link(place.data()) {
        // What is not there need not go.
        let _ = std::fs::remove_dir_all(data);
    }
    for file in [place.env(), place.processes(), place.data()] {
        let _ = std::fs::remove_file(file);
    }
}

fn settings(place: &Place, data: &Path) -> Result<Settings, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let set = std::env::var("JARI_OPERATOR_KEY").unwrap_or_default();
    let operator_key = match set.trim() {
        "" => random_key()?,
        key => key.to_owned(),
    };
    let built = place.folder.join("../../web/dist");
    Ok(Settings {
        programs: program.parent().unwrap_or(Path::new(".")).to_owned(),
        data: data.to_owned(),
        logs: place.folder.clone(),
        listen: LISTEN.to_owned(),
        pages: built.canonicalize().unwrap_or(built),
        operator_key,
        durability: Durability::Full,
    })
}

/// What others need to know, as a shell reads it.
fn env(settings: &Settings, cluster: &Cluster) -> String {
    let mut all = vec![
        ("JARI_URL".to_owned(), URL.to_owned()),
        ("JARI_REDIS_URL".to_owned(), cluster.redis.url()),
        ("JARI_DATABASE_URL".to_owned(), cluster.postgres.url()),
        (
            "JARI_OPERATOR_KEY".to_owned(),
            settings.operator_key.clone(),
        ),
        ("JARI_SECRET_KEY".to_owned(), cluster.keys.secret.clone()),
        ("JARI_ENTRY_KEY".to_owned(), cluster.keys.entry.clone()),
        ("JARI_SERVICE_KEY".to_owned(), cluster.keys.service.clone()),
    ];
    let instances = [
        ("CORE_1", &cluster.cores[0]),
        ("CORE_2", &cluster.cores[1]),
        ("QUEUE_1", &cluster.queues[0]),
        ("QUEUE_2", &cluster.queues[1]),
        ("STAFF_1", &cluster.staff),
    ];
    for (name, instance) in instances {
        let url = |address: &str| format!("http://{address}");
        all.push((format!("{name}_URL"), url(&instance.address)));
        all.push((
            format!("{name}_INTERNAL_URL"),
            url(&instance.internal_address),
        ));
    }
    let line = |(name, value): &(String, String)| format!("{name}={}\n", quoted(value));
    all.iter().map(line).collect()
}

/// A value as a shell reads it.
fn quoted(value: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@".contains(letter);
    if value.chars().all(plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

/// There are keys in it.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())
}

fn told() -> String {
    format!(
        "Jari is open at {URL}  (organisers: {URL}/ops, the door: {URL}/gate, the API: {URL}/api/docs/)\n\
         Keys, addresses, processes: target/cluster/env, to be read by a shell: set -a; . target/cluster/env\n\
         Logs:                       target/cluster/*.log\n\
         It goes on until make cluster-down, which throws its data away."
    )
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_shell_reads_what_was_written() {
        for value in [
            "plain",
            "the operator's key",
            "$HOME `x` \"y\"",
            "postgres://a@b:1/c",
        ] {
            let script = format!("printf %s {}", quoted(value));
            let said = Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&said.stdout), value);
        }
    }
}
