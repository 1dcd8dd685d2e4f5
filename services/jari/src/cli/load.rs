use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use jari_load::crowd::{CONNECTIONS_AT_MOST, Standing};
use jari_load::program::audit;
use jari_load::report::Report;
use jari_load::run::{Elsewhere, Plan, RunError, elsewhere, on_own_program};
use jari_load::scenario::{BUILT_IN, PEOPLE_AT_MOST, Scenario};

use super::server::base_url;
use crate::output::{counted, grouped, say};

/// What is played, and against what.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  jari load opening-rush
  jari load stadium-sell-out --people 100000 --report reports --json sell-out.json
  jari load retry-storm --faster 4
  jari load hot-seat --url http://localhost:8080 --data /var/lib/jari
  jari load my-scenario.toml --url http://localhost:8088 --database-url postgres://jari@localhost/jari

Scenarios: opening-rush, stadium-sell-out, hot-seat, gate-rush, slow-death, retry-storm, or a TOML file. Without --url
a program of its own is loaded, with its data below --report, and removed afterwards. With --url an event of its own
is made there, closed at the end and not removed; its promises are audited where --data or --database-url says what is
stored. Ends with 0 if nothing was found broken, and with 1 otherwise.")]
pub struct LoadArgs {
    /// Which scenario: a name, or a TOML file
    #[arg(value_name = "SCENARIO")]
    pub scenario: String,
    /// Loads this server instead of a program of its own; plain HTTP
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub url: Option<String>,
    /// The data directory of that server: its operator key is used unless `JARI_OPERATOR_KEY` is set, and it is audited
    #[arg(long, value_name = "DIR", requires = "url")]
    pub data: Option<PathBuf>,
    /// What that server keeps, where it is one of many machines
    #[arg(
        long,
        help = "PostgreSQL of that server, to be audited: postgres://USER:PASSWORD@HOST/DATABASE",
        value_name = "URL",
        requires = "url",
        conflicts_with = "data"
    )]
    pub database_url: Option<String>,
    #[command(flatten)]
    pub how: How,
}

/// How a crowd is played.
#[derive(Debug, Args)]
pub struct How {
    /// How many people come [default: as many as the scenario says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(PEOPLE_AT_MOST)))]
    pub people: Option<u32>,
    /// Divides all times of people's own by this: arrivals, the opening, thinking, patience
    #[arg(long, value_name = "TIMES", default_value_t = 1.0, value_parser = times)]
    pub faster: f64,
    /// Connections at most
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=4000))]
    pub connections: u32,
    /// What all chance comes from: the same number draws the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Also sends requests that do nothing, before and after, and says how the run compares with them
    #[arg(long)]
    pub hello: bool,
    /// Where the report is written, a page of its own
    #[arg(long, value_name = "DIR", default_value = "load-report")]
    pub report: PathBuf,
    /// Writes all figures as JSON, too
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

impl How {
    /// A scenario as it is to be played.
    pub fn plan(&self, scenario: Scenario) -> anyhow::Result<Plan> {
        let scenario = match self.people {
            Some(people) => scenario.with_people(people)?,
            None => scenario,
        };
        let connections = usize::try_from(self.connections).unwrap_or(CONNECTIONS_AT_MOST);
        Ok(Plan {
            scenario: scenario.faster(self.faster),
            seed: self.seed,
            connections,
            map: None,
            compares: self.hello,
        })
    }
}

fn times(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(times) if (1.0..=1000.0).contains(&times) => Ok(times),
        _ => Err("a number from 1 to 1000 is needed".to_owned()),
    }
}

/// Plays a scenario.
pub fn run(args: &LoadArgs) -> anyhow::Result<ExitCode> {
    let plan = args.how.plan(scenario(&args.scenario)?)?;
    let executable = std::env::current_exe()?;
    let mut bar = Bar::new();
    let mut tell = |standing| bar.show(standing);
    let report = interruptible(async {
        let Some(url) = &args.url else {
            return on_own_program(&plan, &executable, &args.how.report, &mut tell).await;
        };
        let server = Elsewhere {
            url: url.clone(),
            operator_key: operator_key(args.data.as_deref())
                .map_err(|error| RunError::Refused(format!("{error:#}")))?,
        };
        let audit = || audited(args, &executable);
        elsewhere(&plan, &server, audit, &mut tell).await
    })?;
    drop(bar);
    finish(&report, &args.how)
}

/// One that is in the program, or a file.
pub fn scenario(name: &str) -> anyhow::Result<Scenario> {
    if let Some(scenario) = Scenario::built_in(name) {
        return Ok(scenario?);
    }
    let text = std::fs::read_to_string(name).with_context(|| {
        let names = BUILT_IN.map(|(name, _)| name).join(", ");
        format!("{name} is no scenario ({names}) and no file that can be read")
    })?;
    Ok(Scenario::parse(name, &text)?)
}

/// The operator key: from the environment, or from the server's data directory.
pub fn operator_key(data: Option<&Path>) -> anyhow::Result<String> {
    let named = std::env::var("JARI_OPERATOR_KEY").unwrap_or_default();
    if !named.trim().is_empty() {
        return Ok(named.trim().to_owned());
    }
    let Some(data) = data else {
        bail!("the operator key is not known: set JARI_OPERATOR_KEY, or name the server's --data");
    };
    let path = data.join(crate::serve::OPERATOR_KEY_FILE);
    let key = std::fs::read_to_string(&path);
    let key = key.with_context(|| format!("{} can't be read", path.display()))?;
    Ok(key.trim().to_owned())
}

fn audited(args: &LoadArgs, executable: &Path) -> Result<serde_json::Value, String> {
    let said = match (&args.data, &args.database_url) {
        (Some(data), _) => audit(executable, &["--data".as_ref(), data.as_os_str()]),
        (None, Some(url)) => audit(executable, &["--database-url".as_ref(), url.as_ref()]),
        (None, None) => {
            return Err(
                "what is stored was not named: --data or --database-url would do".to_owned(),
            );
        }
    };
    said.map_err(|error| error.to_string())
}

/// Plays, unless somebody presses Ctrl-C: then whatever was started is ended and removed, too.
pub fn interruptible(
    playing: impl Future<Output = Result<Report, RunError>>,
) -> anyhow::Result<Report> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        tokio::select! {
            played = playing => Ok(played?),
            _ = tokio::signal::ctrl_c() => bail!("it was interrupted"),
        }
    })
}

/// Writes the report, and says what came of it.
pub fn finish(report: &Report, how: &How) -> anyhow::Result<ExitCode> {
    let page = report.write(&how.report);
    let page = page.with_context(|| format!("writing into {}", how.report.display()))?;
    if let Some(file) = &how.json {
        let written = std::fs::write(file, report.json());
        written.with_context(|| format!("writing {}", file.display()))?;
    }
    say(summary(report));
    say(format!("The report: {}", page.display()));
    Ok(if report.verdict.good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn summary(report: &Report) -> String {
    let mut lines = vec![format!(
        "{}: {} people, {} of {} seats sold, {} requests answered in {:.1} s, {} failed",
        report.scenario.name,
        grouped(report.came),
        grouped(report.seats_sold),
        grouped(report.seats),
        grouped(report.answers()),
        report.elapsed_seconds,
        grouped(report.failures.values().sum::<u64>())
    )];
    if let Some(compared) = &report.compared {
        let [before, after] = compared.hellos_per_second;
        lines.push(format!(
            "  All stood in line after {:.1} s, the last sale was after {:.1} s; {before:.0} and {after:.0} hellos a second \
             before and after: {:.2} times as long as so many hellos",
            report.all_in_line_seconds, report.last_sale_seconds, compared.times_hello
        ));
    }
    if let Some(server) = &report.server {
        lines.push(format!(
            "  The server took {:.1} s of processor time and {} MB of memory at most",
            server.cpu_seconds,
            grouped(server.memory_bytes >> 20)
        ));
    }
    for figures in &report.requests {
        lines.push(format!(
            "  {:<12} {:>10}   half {:>8.1} ms   99 of 100 {:>8.1} ms",
            figures.name,
            grouped(figures.answers),
            figures.p50_ms,
            figures.p99_ms
        ));
    }
    for check in report
        .verdict
        .checks
        .iter()
        .filter(|check| check.holds != Some(true))
    {
        let word = match check.holds {
            Some(_) => "BROKEN",
            None => "not seen",
        };
        lines.push(format!("{word}: {} ({})", check.what, check.why));
    }
    let checks = &report.verdict.checks;
    lines.push(match report.verdict.broken().count() {
        0 => format!(
            "Nothing was found broken, by {}.",
            counted(checks.len(), "check")
        ),
        broken => format!("NOT AS PROMISED: {} failed.", counted(broken, "check")),
    });
    lines.join("\n")
}

/// How it stands, once a second.
pub struct Bar(ProgressBar);

impl Bar {
    /// Nobody has come yet.
    pub fn new() -> Self {
        let bar = ProgressBar::no_length();
        let style = ProgressStyle::with_template("{spinner} {elapsed_precise} {wide_bar} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(bar)
    }

    /// Shows it.
    pub fn show(&mut self, standing: Standing) {
        self.0
            .set_length(u64::try_from(standing.seats).unwrap_or_default());
        self.0
            .set_position(u64::try_from(standing.seats_sold).unwrap_or_default());
        self.0.set_message(format!(
            "{} of {} came, {} in line, {} in the shop, {} seats sold; {}/s, p99 {:.0} ms, {} failed",
            grouped(standing.came),
            grouped(standing.people),
            grouped(standing.in_line),
            grouped(standing.in_shop),
            grouped(standing.seats_sold),
            grouped(standing.answers),
            standing.p99_ms,
            grouped(standing.failures)
        ));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
