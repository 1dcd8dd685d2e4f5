//! A scenario from beginning to end: the event, the crowd, the door, the verdict.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use hyper::http::uri::InvalidUri;
use serde_json::Value;

use crate::clock::unix_seconds;
use crate::connection::{AskError, Target};
use crate::crowd::{Crowd, Setting, Standing};
use crate::hall::Hall;
use crate::numbers::{count, float, seconds};
use crate::operator::{MapFile, Operator};
use crate::person::End;
use crate::program::{Program, ProgramError};
use crate::record::Broken;
use crate::report::Report;
use crate::request::Paths;
use crate::scenario::{Scenario, Wish};
use crate::verdict::{Evidence, judge};
use crate::watch::{Seen, Taken, Watch, taken};
use crate::yardstick::Compared;

/// Why a scenario could not be played to its end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The server did not do what it takes.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// There is no program to load.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The event's map can't be read.
    #[error("the event's map can't be read: {0}")]
    Map(#[from] serde_json::Error),
    /// The event's id makes no path.
    #[error("the event's id makes no path: {0}")]
    Path(#[from] InvalidUri),
    /// What was asked for can't be done.
    #[error("{0}")]
    Refused(String),
    /// Nothing can be measured.
    #[error("no histogram can be made: {0}")]
    Histogram(#[from] Broken),
}

/// What is played, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The scenario.
    pub scenario: Scenario,
    /// What all chance comes from.
    pub seed: u64,
    /// Connections at most.
    pub connections: usize,
    /// The map of the event, if it is not that of the scenario's hall.
    pub map: Option<MapFile>,
    /// Whether it is compared with requests that do nothing, before and after.
    pub compares: bool,
}

/// A server that somebody else runs.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    /// Where it is.
    pub url: String,
    /// What makes us its operator.
    pub operator_key: String,
}

/// Told once a second how it stands.
pub type Tell<'a> = &'a mut (dyn FnMut(Standing) + Send);

/// Plays it on a program of its own, with its data below a directory.
pub async fn on_own_program(
    plan: &Plan,
    executable: &Path,
    below: &Path,
    tell: Tell<'_>,
) -> Result<Report, RunError> {
    let mut program = Program::start(executable, below)?;
    let server = Elsewhere {
        url: program.url.clone(),
        operator_key: program.operator_key.clone(),
    };
    let event_id = plan.scenario.name.replace(|c: char| !is_of_id(c), "-");
    let mut played = Box::pin(play(plan, &server, &format!("load-{event_id}"), tell)).await?;
    played.server = program.taken();
    played.evidence.audit = program.kill_and_audit().map_err(|error| error.to_string());
    Ok(played.report(plan, "a program of its own"))
}

/// Plays it on an event of its own on somebody else's server. `audit` is asked afterwards.
pub async fn elsewhere(
    plan: &Plan,
    server: &Elsewhere,
    audit: impl FnOnce() -> Result<Value, String>,
    tell: Tell<'_>,
) -> Result<Report, RunError> {
    // Two runs of one second must not meet.
    let event_id = format!("load-{}-{}", unix_seconds(), std::process::id());
    let mut played = Box::pin(play(plan, server, &event_id, tell)).await?;
    played.evidence.audit = audit();
    Ok(played.report(plan, &server.url))
}

fn is_of_id(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
}

/// What came of it, before it is judged.
struct Played {
    evidence: Evidence,
    report: Report,
    server: Option<Taken>,
}

impl Played {
    fn report(self, plan: &Plan, at: &str) -> Report {
        Report {
            scenario: plan.scenario.clone(),
            seed: plan.seed,
            at: at.to_owned(),
            verdict: judge(&self.evidence),
            server: self.server,
            ..self.report
        }
    }
}

async fn play(
    plan: &Plan,
    server: &Elsewhere,
    event_id: &str,
    tell: Tell<'_>,
) -> Result<Played, RunError> {
    let scenario = &plan.scenario;
    let target = Target::at(&server.url).await?;
    let at = target.clone();
    let before = hellos(plan, &at).await?;
    let mut operator = Operator::of(target.clone(), &server.operator_key);
    let map = plan.map.clone();
    let map = map.unwrap_or_else(|| MapFile::of(scenario.event.hall));
    operator.put_on_sale(event_id, scenario, &map).await?;
    let gates = scenario.gate.as_ref().map_or(0, |gate| gate.gates);
    let staff_keys = operator.staff_keys(event_id, gates).await?;
    let hall = Hall::read(&operator.map(event_id).await?.bytes)?;
    let board = format!("/api/queue/board/{event_id}").parse()?;
    let watch = Watch::start(target.clone(), board);
    let mut crowd = Crowd::gather(Setting {
        scenario,
        seed: plan.seed,
        target,
        paths: Paths::of(event_id)?,
        hall,
        staff_keys: staff_keys.clone(),
        connections: plan.connections,
    })?;
    crowd.play(tell).await;
    let elapsed = crowd.elapsed();
    let after = hellos(plan, &at).await?;
    let seen = watch.seen();
    drop(watch);
    let mut evidence = evidence(&crowd, scenario, event_id, seen);
    evidence.stored = operator.stored(event_id).await?;
    evidence.seats_sold = operator.seats(event_id).await?.0;
    evidence.let_in = let_in(&mut operator, event_id, staff_keys.first()).await?;
    operator.close(event_id).await?;
    let mut report = measured(&crowd, &evidence, scenario, elapsed);
    report.compared = Compared::of(before, after, report.answers(), report.elapsed_seconds);
    Ok(Played {
        evidence,
        report,
        server: None,
    })
}

async fn let_in(
    operator: &mut Operator,
    event_id: &str,
    gate: Option<&Arc<str>>,
) -> Result<Option<u64>, AskError> {
    match gate {
        Some(key) => operator.seats_let_in(event_id, key).await.map(Some),
        None => Ok(None),
    }
}

/// Hellos a second, asked by a crowd that nobody is in; nothing if nothing is to be compared.
async fn hellos(plan: &Plan, target: &Target) -> Result<Option<f64>, RunError> {
    if !plan.compares {
        return Ok(None);
    }
    let mut nobody = Crowd::gather(Setting {
        scenario: &plan.scenario,
        seed: plan.seed,
        target: target.clone(),
        paths: Paths::of("nothing")?,
        hall: Hall::default(),
        staff_keys: Vec::new(),
        connections: plan.connections,
    })?;
    match nobody.hellos_per_second().await? {
        Some(hellos) => Ok(Some(hellos)),
        None => Err(RunError::Refused(
            "there is nothing to compare with: this server has no GET /hello. Start `jari serve --bench-hello`, or leave --hello out"
                .to_owned(),
        )),
    }
}

fn evidence(crowd: &Crowd<'_>, scenario: &Scenario, event_id: &str, seen: Seen) -> Evidence {
    Evidence {
        event_id: event_id.to_owned(),
        ledger: crowd.ledger.clone(),
        stored: Vec::new(),
        seats_sold: 0,
        audit: Err("it was not asked".to_owned()),
        failures: crowd.record.failures.clone(),
        boards: seen.boards,
        capacity: scenario.event.capacity.into(),
        came: (crowd.came(), scenario.people),
        out_of_time: crowd.out_of_time,
        is_one_seat: scenario.buyers.wish == Wish::HotSeat,
        let_in: None,
    }
}

fn measured(crowd: &Crowd<'_>, evidence: &Evidence, scenario: &Scenario, elapsed: u64) -> Report {
    let sales = count(crowd.ledger.sales.len());
    let ends: BTreeMap<String, u64> = crowd
        .ends
        .iter()
        .map(|(end, people)| (named(*end).to_owned(), *people))
        .collect();
    Report {
        scenario: scenario.clone(),
        seed: 0,
        at: String::new(),
        elapsed_seconds: seconds(elapsed),
        came: crowd.came(),
        ends,
        still_there: crowd.still_there(),
        seats: count(crowd.seats()),
        seats_sold: count(crowd.ledger.seats_sold),
        sales,
        all_in_line_seconds: seconds(crowd.last_entry),
        last_sale_seconds: seconds(crowd.last_sale),
        shop_seconds: seconds(crowd.shopping_micros) / float(sales.max(1)),
        door_seconds: crowd.door_opened().map(seconds),
        requests: crowd.record.figures(),
        bars: crowd.record.bars(),
        seconds: crowd.record.seconds.clone(),
        boards: evidence.boards.clone(),
        failures: evidence.failures.clone(),
        refusals: crowd.record.refusals.clone(),
        server: None,
        generator: taken("self"),
        verdict: judge(evidence),
        compared: None,
        recommendation: None,
    }
}

const fn named(end: End) -> &'static str {
    match end {
        End::Bought => "bought",
        End::SoldOut => "found it sold out",
        End::Left => "left",
        End::Vanished => "went without a word",
        End::Expired => "ran out of time",
        End::Closed => "found it closed",
        End::CameIn => "came in at the door",
        End::Failed => "were not served",
    }
}
