//! `jari audit`: every promise, worked out anew from what is stored.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use jari_domain::fact::{Fact, Recorded};
use jari_domain::id::EventId;
use jari_domain::invariant::{Happening, Violation, door, holds, line, sales};
use jari_domain::seats::SeatState;
use jari_domain::stored::Stored;
use jari_domain::{Shop, Timestamp};
use jari_store_cluster::Kept;
use jari_store_embedded::{JournalReader, OpenError};
use serde::Serialize;
use serde_json::Value;

use crate::cli::AuditArgs;
use crate::output::{counted, grouped, say, say_json};

/// A promise was broken.
const BROKEN: u8 = 1;
/// There is nothing that can be read.
const UNREADABLE: u8 = 2;

/// Audits a data directory, or what many machines keep.
#[expect(
    clippy::print_stderr,
    reason = "this is where a person reads what went wrong"
)]
pub fn run(args: &AuditArgs) -> ExitCode {
    let audit = match Audit::asked(args) {
        Ok(audit) => audit,
        Err(error) => {
            eprintln!("jari: {error:#}");
            return ExitCode::from(UNREADABLE);
        }
    };
    if args.json {
        say_json(&audit);
    } else {
        audit.say();
    }
    if audit.sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(BROKEN)
    }
}

/// What an audit found.
#[derive(Debug, Serialize)]
struct Audit {
    data: String,
    /// Whether every promise was kept and the file is whole.
    sound: bool,
    facts: usize,
    /// What `SQLite` finds wrong with the file, or the program with the journal as a whole.
    integrity_problems: Vec<String>,
    /// What the tables name that no event of the journal has.
    strangers: Vec<String>,
    events: Vec<AuditedEvent>,
}

#[derive(Debug, Serialize)]
struct AuditedEvent {
    event_id: EventId,
    facts: usize,
    invariants: Vec<Checked>,
}

/// One invariant of one event.
#[derive(Debug, Serialize)]
struct Checked {
    /// The promise's number in the design: 1 to 8; 0 for those at the door.
    promise: u8,
    name: &'static str,
    holds: bool,
    /// What was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    figures: Option<Value>,
    /// What broke it.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_by: Option<String>,
}

/// What is stored, as of one instant.
struct Read {
    data: String,
    facts: usize,
    integrity_problems: Vec<String>,
    histories: BTreeMap<EventId, History>,
    stored: BTreeMap<EventId, Stored>,
    /// The state after a restart; nothing where the program would not start.
    shop: Shop,
}

impl Read {
    fn directory(data: &Path) -> anyhow::Result<Self> {
        let reader = JournalReader::open(data)?;
        let mut histories = Histories::default();
        reader.each(|recorded| histories.add(recorded))?;
        let mut integrity_problems = reader.integrity_problems()?;
        let shop = match reader.replay() {
            Err(OpenError::Damaged { what, .. }) => Err(what),
            other => Ok(other?),
        };
        Ok(Self {
            data: data.display().to_string(),
            facts: histories.facts,
            shop: or_nothing(shop, &mut integrity_problems),
            integrity_problems,
            histories: histories.by_event,
            stored: reader.judged()?,
        })
    }

    fn database(url: &str) -> anyhow::Result<Self> {
        let Kept {
            facts,
            shop,
            stored,
        } = jari_store_cluster::read(url)?;
        let mut histories = Histories::default();
        for recorded in facts {
            histories.add(recorded);
        }
        let mut integrity_problems = Vec::new();
        Ok(Self {
            // Its address may have a password in it.
            data: "PostgreSQL".to_owned(),
            facts: histories.facts,
            shop: or_nothing(shop, &mut integrity_problems),
            integrity_problems,
            histories: histories.by_event,
            stored,
        })
    }
}

/// A journal that no program follows is a broken one, and what it says can be looked at all the same.
fn or_nothing(shop: Result<Shop, String>, problems: &mut Vec<String>) -> Shop {
    shop.unwrap_or_else(|what| {
        problems.push(what);
        Shop::default()
    })
}

impl Audit {
    fn asked(args: &AuditArgs) -> anyhow::Result<Self> {
        match (&args.data, &args.database_url) {
            (Some(data), Some(_)) => bail!(
                "the state is either in the directory {} or in PostgreSQL: say one of both",
                data.display()
            ),
            (None, Some(url)) => Read::database(url).map(Self::of),
            (data, None) => Self::of_directory(data.as_deref().unwrap_or(Path::new("data"))),
        }
    }

    fn of_directory(data: &Path) -> anyhow::Result<Self> {
        Read::directory(data).map(Self::of)
    }

    fn of(mut read: Read) -> Self {
        let mut events = Vec::new();
        for (event_id, history) in read.histories {
            let stored = read.stored.remove(&event_id).unwrap_or_default();
            let invariants = check(&history, &stored, &replayed_seats(&read.shop, &event_id));
            events.push(AuditedEvent {
                event_id,
                facts: history.len(),
                invariants,
            });
        }
        let strangers: Vec<_> = read.stored.into_keys().map(String::from).collect();
        let kept = events
            .iter()
            .flat_map(|event| &event.invariants)
            .all(|checked| checked.holds);
        Self {
            sound: kept && read.integrity_problems.is_empty() && strangers.is_empty(),
            data: read.data,
            facts: read.facts,
            integrity_problems: read.integrity_problems,
            strangers,
            events,
        }
    }

    fn say(&self) {
        for event in &self.events {
            let facts = counted(event.facts, "fact");
            say(format!("{} ({facts})", event.event_id));
            for checked in &event.invariants {
                checked.say();
            }
        }
        for problem in &self.integrity_problems {
            say(format!("BROKEN  as it is stored: {problem}"));
        }
        for event_id in &self.strangers {
            say(format!(
                "BROKEN  sales of {event_id}, of which the journal knows nothing"
            ));
        }
        let all = self.events.iter().flat_map(|event| &event.invariants);
        let broken = all.clone().filter(|checked| !checked.holds).count();
        let checks = counted(all.count(), "check");
        let events = counted(self.events.len(), "event");
        let verdict = if self.sound {
            "every promise was kept".to_owned()
        } else {
            format!(
                "NOT SOUND: {} broken. Keep a copy of it all",
                counted(broken, "promise")
            )
        };
        say(format!(
            "{verdict}  ({checks} over {} in {events}, {})",
            counted(self.facts, "fact"),
            self.data
        ));
    }
}

impl Checked {
    fn new<F: Serialize>(promise: u8, name: &'static str, result: Result<F, Violation>) -> Self {
        let (figures, broken_by) = match result {
            Ok(figures) => (serde_json::to_value(figures).ok(), None),
            Err(violation) => (None, Some(violation.what)),
        };
        Self {
            promise,
            name,
            holds: broken_by.is_none(),
            figures,
            broken_by,
        }
    }

    fn say(&self) {
        let verdict = if self.holds { "kept  " } else { "BROKEN" };
        let promise = match self.promise {
            0 => "-".to_owned(),
            promise => promise.to_string(),
        };
        let figures = self.figures.as_ref().and_then(Value::as_object);
        let figures = figures.into_iter().flatten().map(|(name, value)| {
            let name = name.replace('_', " ");
            format!(
                "{name} {}",
                value.as_i64().map_or_else(|| value.to_string(), grouped)
            )
        });
        let told = self
            .broken_by
            .clone()
            .unwrap_or_else(|| figures.collect::<Vec<_>>().join(", "));
        say(format!("  {verdict}  {promise}  {:<38} {told}", self.name));
    }
}

type History = Vec<(Timestamp, Fact)>;

/// What happened in each event there is, and how many facts there are in all.
#[derive(Default)]
struct Histories {
    facts: usize,
    by_event: BTreeMap<EventId, History>,
}

impl Histories {
    /// A draft that was thrown away leaves its id to the next one.
    fn add(&mut self, recorded: Recorded) {
        self.facts += 1;
        match recorded {
            Recorded::Event {
                event_id,
                fact: Fact::Deleted,
                ..
            } => {
                self.by_event.remove(&event_id);
            }
            Recorded::Event { event_id, at, fact } => {
                self.by_event.entry(event_id).or_default().push((at, fact));
            }
            Recorded::Shop { .. } => {}
        }
    }
}

fn replayed_seats(shop: &Shop, event_id: &EventId) -> Vec<SeatState> {
    let Ok(sale) = shop.sale(event_id) else {
        return Vec::new();
    };
    let total = sale.hall().map_or(0, |hall| hall.map().seats_total());
    (0..total).map(|seat| sale.seats().state(seat)).collect()
}

/// Every invariant, by the number of its promise.
fn check(history: &History, stored: &Stored, replayed: &[SeatState]) -> Vec<Checked> {
    let all = || {
        history
            .iter()
            .map(|(at, fact)| -> Happening<'_> { (*at, fact) })
    };
    let line = || line::happened(all());
    macro_rules! checks {
        ($($promise:literal $module:ident::$name:ident($($argument:expr),*);)*) => {
            vec![$(Checked::new($promise, stringify!($name), $module::$name($($argument),*))),*]
        };
    }
    checks! {
        1 sales::no_seat_sold_twice(all());
        2 sales::what_was_answered_is_kept(all(), stored);
        2 sales::a_restart_gives_the_same_seats(all(), replayed);
        3 holds::holds_are_all_or_nothing_and_exclusive(all());
        3 holds::ended_holds_are_free_within_a_second(all());
        3 holds::nobody_has_more_seats_than_allowed(all());
        3 holds::a_key_holds_once(all());
        4 line::nobody_overtakes(line());
        5 line::never_more_admitted_than_capacity(line());
        5 line::never_faster_than_the_pace(line());
        5 holds::only_the_admitted_hold_seats(all());
        6 sales::confirmed_exactly_once(all());
        7 sales::codes_are_unique(all());
        8 line::numbers_never_given_twice(line());
        8 line::ended_places_stay_ended(line());
        0 door::nobody_is_let_in_twice(all());
    }
}

#[cfg(test)]
mod tests;
