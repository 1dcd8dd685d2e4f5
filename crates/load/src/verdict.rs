//! Whether the promises were kept: judged from what people were answered, what is stored, and what the auditor works out.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::ledger::{Ledger, Sale};
use crate::operator::Stored;
use crate::watch::Board;

/// So many examples of what broke a promise are shown.
const EXAMPLES: usize = 3;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What must be so.
    pub what: String,
    /// Whether it is; nothing where it could not be looked at.
    pub holds: Option<bool>,
    /// How that is known, or what broke it.
    pub why: String,
}

/// All of them.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// Whether nothing that was looked at is broken.
    pub good: bool,
    /// What was looked at.
    pub checks: Vec<Check>,
}

/// What is judged by.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The event.
    pub event_id: String,
    /// What people were answered.
    pub ledger: Ledger,
    /// What is stored.
    pub stored: Vec<Stored>,
    /// How many seats the server has as sold.
    pub seats_sold: u64,
    /// What the auditor said, or why it could not be asked.
    pub audit: Result<Value, String>,
    /// Failures by kind.
    pub failures: BTreeMap<String, u64>,
    /// The public board, second by second.
    pub boards: Vec<Board>,
    /// The capacity that was set.
    pub capacity: u64,
    /// How many came, of how many.
    pub came: (u32, u32),
    /// Whether the time limit ended it.
    pub out_of_time: bool,
    /// Whether all wanted one and the same seat.
    pub is_one_seat: bool,
    /// How many seats the door has let in, where there is one.
    pub let_in: Option<u64>,
}

/// Judges.
pub fn judge(evidence: &Evidence) -> Verdict {
    let ledger = &evidence.ledger;
    let mut checks = vec![
        every_request_is_answered(evidence),
        it_ended(evidence),
        something_was_sold(ledger),
        no_seat_twice(ledger),
        codes_are_unique(ledger),
        repeated_confirms_agree(ledger),
        every_sale_is_stored(evidence),
        nothing_else_is_stored(evidence),
        seats_agree(evidence),
        never_above_capacity(evidence),
    ];
    if evidence.is_one_seat {
        checks.push(one_winner(ledger));
    }
    if let Some(let_in) = evidence.let_in {
        checks.extend(the_door(ledger, let_in));
    }
    checks.extend(the_auditor(evidence));
    Verdict {
        good: checks.iter().all(|check| check.holds != Some(false)),
        checks,
    }
}

impl Verdict {
    /// What is broken.
    pub fn broken(&self) -> impl Iterator<Item = &Check> {
        let checks = self.checks.iter();
        checks.filter(|check| check.holds == Some(false))
    }
}

/// It holds if nothing broke it.
fn unless(what: &str, broken_by: &[String], why: String) -> Check {
    let examples = broken_by.iter().take(EXAMPLES).cloned();
    let examples = examples.collect::<Vec<_>>().join("; ");
    let more = broken_by.len().saturating_sub(EXAMPLES);
    let broken = match more {
        0 => examples,
        more => format!("{examples}; and {more} more"),
    };
    Check {
        what: what.to_owned(),
        holds: Some(broken_by.is_empty()),
        why: if broken_by.is_empty() { why } else { broken },
    }
}

fn every_request_is_answered(evidence: &Evidence) -> Check {
    let failures = evidence.failures.iter();
    let failures: Vec<_> = failures.map(|(kind, n)| format!("{n} × {kind}")).collect();
    let why = "no 5xx, no time-out, nothing strange".to_owned();
    unless("Every request is answered, and as promised", &failures, why)
}

fn it_ended(evidence: &Evidence) -> Check {
    let (came, people) = evidence.came;
    let mut wrong = Vec::new();
    if evidence.out_of_time {
        wrong.push(format!(
            "the time limit ended it, when {came} of {people} had come"
        ));
    }
    unless(
        "It came to its end within its time",
        &wrong,
        format!("{came} of {people} came"),
    )
}

/// A run in which nobody could buy shows nothing about selling.
fn something_was_sold(ledger: &Ledger) -> Check {
    let mut wrong = Vec::new();
    if ledger.sales.is_empty() {
        wrong.push("nobody bought anything: this shows nothing".to_owned());
    }
    let why = format!(
        "{} seats in {} sales",
        ledger.seats_sold,
        ledger.sales.len()
    );
    unless("Something was sold", &wrong, why)
}

/// What stands in more than one of them.
fn twice<'a>(of: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    of.filter(|one| !seen.insert(*one)).cloned().collect()
}

fn no_seat_twice(ledger: &Ledger) -> Check {
    let seats = ledger.sales.iter().flat_map(|sale| &sale.seats);
    unless(
        "No seat was sold twice",
        &twice(seats),
        "by what buyers were answered".to_owned(),
    )
}

fn codes_are_unique(ledger: &Ledger) -> Check {
    let codes = ledger.sales.iter().map(|sale| &sale.code);
    let ids = ledger.sales.iter().map(|sale| &sale.reservation_id);
    let wrong = [twice(codes), twice(ids)].concat();
    unless(
        "Every sale has a code of its own",
        &wrong,
        "by what buyers were answered".to_owned(),
    )
}

fn repeated_confirms_agree(ledger: &Ledger) -> Check {
    unless(
        "A confirm that is sent again gives the same reservation",
        &ledger.differing,
        "no two answers to one confirm differ".to_owned(),
    )
}

fn every_sale_is_stored(evidence: &Evidence) -> Check {
    let stored: BTreeMap<_, _> = evidence
        .stored
        .iter()
        .map(|stored| (stored.reservation_id.as_str(), stored))
        .collect();
    let differs = |sale: &Sale| match stored.get(sale.reservation_id.as_str()) {
        None => Some(format!("{} is not stored", sale.reservation_id)),
        Some(stored) if stored.code != sale.code => {
            Some(format!("{} has another code", sale.reservation_id))
        }
        Some(stored) if stored.seats != sale.seats => {
            Some(format!("{} has other seats", sale.reservation_id))
        }
        Some(_) => None,
    };
    let sales = &evidence.ledger.sales;
    let wrong: Vec<_> = sales.iter().filter_map(differs).collect();
    let why = format!("{} answered sales were looked up", sales.len());
    unless(
        "Every answered sale is stored as it was answered",
        &wrong,
        why,
    )
}

/// Only who got no answer to a confirm may have bought without being told.
fn nothing_else_is_stored(evidence: &Evidence) -> Check {
    let ledger = &evidence.ledger;
    let sales = ledger.sales.iter();
    let answered: BTreeSet<_> = sales.map(|sale| sale.reservation_id.as_str()).collect();
    let told: BTreeSet<_> = ledger.sales.iter().map(|sale| sale.person).collect();
    let may = ledger.unanswered.difference(&told).count();
    let stored = evidence.stored.iter();
    let unknown: Vec<_> = stored
        .filter(|stored| !answered.contains(stored.reservation_id.as_str()))
        .map(|stored| format!("nobody was told of {}", stored.reservation_id))
        .collect();
    let beyond = unknown.get(may..).unwrap_or_default();
    let why = format!(
        "{} are stored; {may} confirms got no answer",
        evidence.stored.len()
    );
    unless("Nothing is stored that nobody asked for", beyond, why)
}

fn seats_agree(evidence: &Evidence) -> Check {
    let stored: usize = evidence
        .stored
        .iter()
        .map(|stored| stored.seats.len())
        .sum();
    let mut wrong = Vec::new();
    if evidence.seats_sold != crate::numbers::count(stored) {
        wrong.push(format!(
            "the server counts {} sold seats, its reservations have {stored}",
            evidence.seats_sold
        ));
    }
    let why = format!("{stored} in both");
    unless(
        "The seats that are sold are those of the reservations",
        &wrong,
        why,
    )
}

fn never_above_capacity(evidence: &Evidence) -> Check {
    let what = "Never more in the shop than its capacity, on the public board";
    let Some(most) = evidence.boards.iter().map(|board| board.admitted).max() else {
        return Check {
            what: what.to_owned(),
            holds: None,
            why: "the board could not be read".to_owned(),
        };
    };
    let mut wrong = Vec::new();
    if most > evidence.capacity {
        wrong.push(format!("{most} at a capacity of {}", evidence.capacity));
    }
    let (looks, capacity) = (evidence.boards.len(), evidence.capacity);
    let why = format!("at most {most} of {capacity}, looked at {looks} times");
    unless(what, &wrong, why)
}

fn one_winner(ledger: &Ledger) -> Check {
    let winners = ledger.sales.len();
    let mut wrong = Vec::new();
    if winners != 1 {
        wrong.push(format!("{winners} got it"));
    }
    unless(
        "One gets the seat that all want",
        &wrong,
        "one did".to_owned(),
    )
}

fn the_door(ledger: &Ledger, let_in: u64) -> [Check; 2] {
    let mut wrong = Vec::new();
    for (number, sale) in ledger.sales.iter().enumerate() {
        let admitted = ledger
            .entries
            .get(&number)
            .map_or(0, |entry| entry.admitted);
        if admitted != sale.seats.len() {
            wrong.push(format!(
                "{}: {admitted} of {} came in",
                sale.reservation_id,
                sale.seats.len()
            ));
        }
    }
    let again: usize = ledger.entries.values().map(|entry| entry.turned_away).sum();
    let why = format!("each seat once; {again} copies were turned away");
    let came_in = unless("Every ticket lets in its party, once", &wrong, why);
    let answered: usize = ledger.entries.values().map(|entry| entry.admitted).sum();
    let mut wrong = Vec::new();
    if let_in != crate::numbers::count(answered) {
        wrong.push(format!("{answered} were answered, {let_in} are stored"));
    }
    let why = format!("{let_in} seats");
    let stored = unless("Every entry that was answered is stored", &wrong, why);
    [came_in, stored]
}

/// What the auditor works out from what is stored, promise by promise.
fn the_auditor(evidence: &Evidence) -> Vec<Check> {
    let audit = match &evidence.audit {
        Ok(audit) => audit,
        Err(why) => {
            return vec![Check {
                what: "The auditor finds every promise kept".to_owned(),
                holds: None,
                why: why.clone(),
            }];
        }
    };
    let events = audit["events"].as_array();
    let mut events = events.into_iter().flatten();
    let ours = events.find(|event| event["event_id"] == evidence.event_id.as_str());
    let mut checks = Vec::new();
    let mut wrong = Vec::new();
    if ours.is_none() {
        wrong.push(format!("it knows nothing of {}", evidence.event_id));
    }
    if audit["sound"] != true {
        wrong.push("it finds that promises were broken or files are damaged".to_owned());
    }
    let why = format!("worked out anew from {} facts", audit["facts"]);
    checks.push(unless("The auditor finds every promise kept", &wrong, why));
    let invariants = ours.and_then(|event| event["invariants"].as_array());
    for invariant in invariants.into_iter().flatten() {
        let name = invariant["name"].as_str().unwrap_or_default();
        let figures = invariant["figures"].as_object();
        let figures = figures.into_iter().flatten();
        let figures: Vec<_> = figures.map(|(name, n)| format!("{name} {n}")).collect();
        let broken_by = invariant["broken_by"].as_str();
        checks.push(Check {
            what: format!("Auditor: {}", name.replace('_', " ")),
            holds: Some(invariant["holds"] == true),
            why: broken_by.map_or_else(|| figures.join(", ").replace('_', " "), str::to_owned),
        });
    }
    checks
}

#[cfg(test)]
mod tests;
