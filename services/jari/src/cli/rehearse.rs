use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use jari_load::connection::Target;
use jari_load::operator::Operator;
use jari_load::rehearsal::{copied, recommend};
use jari_load::run::{RunError, on_own_program};

use super::load::{Bar, How, finish, interruptible, operator_key, scenario};
use super::server::ServerArgs;
use crate::output::say;

/// Which event is rehearsed, and with whom.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  jari rehearse --event spring-gala --people 20000
  jari rehearse --event cup-final --people 100000 --url http://localhost:8088 --report reports
  jari rehearse --event cup-final --people 5000 --faster 5 --seed 2

Reads the event's map, prices, limits and line, drafts too, and changes nothing of it: the crowd goes to a program of
its own on this machine, which is removed afterwards. What is recommended holds for a machine as quick as this one,
which has to make the crowd as well. Ends with 0 if nothing was found broken, and with 1 otherwise.")]
pub struct RehearseArgs {
    /// Of which event
    #[arg(long, value_name = "EVENT_ID")]
    pub event: String,
    #[command(flatten)]
    pub server: ServerArgs,
    /// The server's data directory: its operator key is used unless `JARI_OPERATOR_KEY` is set
    #[arg(long, env = "JARI_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,
    /// How people come and behave: a scenario's name, or a TOML file
    #[arg(long, value_name = "SCENARIO", default_value = "opening-rush")]
    pub scenario: String,
    #[command(flatten)]
    pub how: How,
}

/// Rehearses.
pub fn run(args: &RehearseArgs) -> anyhow::Result<ExitCode> {
    let like = scenario(&args.scenario)?;
    let key = operator_key(Some(&args.data))?;
    let executable = std::env::current_exe()?;
    let mut bar = Bar::new();
    let mut tell = |standing| bar.show(standing);
    let mut report = interruptible(async {
        let target = Target::at(&args.server.url).await?;
        let mut operator = Operator::of(target, &key);
        let copy = copied(&mut operator, &args.event, like).await?;
        let mut plan = args
            .how
            .plan(copy.scenario)
            .map_err(|error| RunError::Refused(format!("{error:#}")))?;
        plan.map = Some(copy.map);
        on_own_program(&plan, &executable, &args.how.report, &mut tell).await
    })?;
    drop(bar);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    report.recommendation = recommend(&report, processors, args.how.faster);
    if let Some(recommended) = &report.recommendation {
        say(format!(
            "For {}: capacity {} (now {}), admissions per second {} (now {})",
            args.event,
            recommended.capacity,
            recommended.rehearsed_capacity,
            recommended.max_admitted_per_second,
            recommended.rehearsed_per_second
        ));
        for reason in &recommended.because {
            say(format!("  {reason}"));
        }
    }
    finish(&report, &args.how)
}
