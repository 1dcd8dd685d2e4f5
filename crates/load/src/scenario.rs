//! What is played: read from TOML, checked once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Those that are in the program, by name.
pub const BUILT_IN: [(&str, &str); 6] = [
    (
        "opening-rush",
        include_str!("../scenarios/opening-rush.toml"),
    ),
    (
        "stadium-sell-out",
        include_str!("../scenarios/stadium-sell-out.toml"),
    ),
    ("hot-seat", include_str!("../scenarios/hot-seat.toml")),
    ("gate-rush", include_str!("../scenarios/gate-rush.toml")),
    ("slow-death", include_str!("../scenarios/slow-death.toml")),
    ("retry-storm", include_str!("../scenarios/retry-storm.toml")),
];
/// So many people have room in memory.
pub const PEOPLE_AT_MOST: u32 = 1_000_000;
/// The most seats of one hold, as the server has it.
const SEATS_AT_MOST: u8 = 50;
/// A day: nothing here takes longer.
const SECONDS_AT_MOST: f64 = 86_400.0;
/// The most gates, each with a key of its own.
const GATES_AT_MOST: u32 = 100;

/// Why a scenario can't be played.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Bad {
    /// It is no TOML, or has what is not known.
    #[error("{name} can't be read: {why}")]
    Unreadable {
        /// Which scenario.
        name: String,
        /// Where and what.
        why: String,
    },
    /// Values that make no sense.
    #[error("{name} can't be played:\n  {}", .what.join("\n  "))]
    Values {
        /// Which scenario.
        name: String,
        /// All that is wrong.
        what: Vec<String>,
    },
}

/// A scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is called.
    #[serde(skip_deserializing)]
    pub name: String,
    /// What it shows, in a sentence.
    pub about: String,
    /// How many come.
    pub people: u32,
    /// When it is over.
    pub until: Until,
    /// It ends after this time whatever happens.
    pub limit_seconds: f64,
    /// What is sold.
    pub event: EventPlan,
    /// When people come.
    pub arrivals: Arrivals,
    /// What they do.
    pub buyers: Buyers,
    /// The door, after the sale.
    pub gate: Option<Gate>,
}

/// When a scenario is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// When nobody has anything left to do.
    Everyone,
    /// When everybody stands in line and the last seat is sold.
    SoldOut,
}

/// The event that is made for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventPlan {
    /// Where.
    pub hall: Hall,
    /// How many may choose seats at the same time.
    pub capacity: u32,
    /// How long they have for it.
    pub pass_seconds: u32,
    /// How many are let in in any second at most.
    pub max_admitted_per_second: u32,
    /// How long a hold lasts.
    pub hold_seconds: u32,
    /// The most seats of one place in line.
    pub max_seats_per_buyer: u8,
    /// So long after the first arrival the sale opens; without it, before.
    pub opens_after_seconds: Option<f64>,
    /// Prices of categories that have none in the map, in minor units.
    #[serde(default)]
    pub prices: BTreeMap<String, i64>,
}

/// Whose seats are sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hall {
    /// A concert hall of 1,206 seats.
    ConcertHall,
    /// A stadium of 39,616 seats.
    Stadium,
}

/// When people come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrivals {
    /// All come within this time.
    pub over_seconds: f64,
    /// How they are spread over it.
    pub shape: Shape,
}

/// How people are spread over a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// As many in each second.
    Even,
    /// Most at the beginning.
    Rush,
}

/// What people do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buyers {
    /// What they ask for.
    pub wish: Wish,
    /// How many seats, each as likely as the others.
    pub quantities: Vec<u8>,
    /// How long they look before they ask: the least and the most.
    pub look_seconds: [f64; 2],
    /// How long they decide before they confirm.
    pub decide_seconds: [f64; 2],
    /// How often they ask for seats before they give up.
    pub tries: u8,
    /// How long they stay in line; without it, to the end.
    pub patience_seconds: Option<[f64; 2]>,
    /// The share of those who go without a word when their patience ends; the others say that they leave.
    #[serde(default)]
    pub vanish: f64,
    /// The share of those who hold seats and let them run out.
    #[serde(default)]
    pub abandon: f64,
    /// The share of requests that are sent twice at once, as an impatient finger does.
    #[serde(default)]
    pub repeat: f64,
    /// How many times as often as they are told to they ask where they stand.
    #[serde(default = "one")]
    pub hurry: f64,
}

/// What somebody asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// The best ones together.
    BestAvailable,
    /// Neighbours that they choose on the map.
    Seats,
    /// All want the first seat of the map.
    HotSeat,
}

/// The door.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// How many gates there are, each with a staff key.
    pub gates: u32,
    /// All come within this time, as many in each second.
    pub over_seconds: f64,
    /// The share of tickets that are shown again, by somebody with a copy.
    #[serde(default)]
    pub again: f64,
}

const fn one() -> f64 {
    1.0
}

impl Scenario {
    /// One that is in the program.
    pub fn built_in(name: &str) -> Option<Result<Self, Bad>> {
        let (name, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Some(Self::parse(name, text))
    }

    /// Reads and checks one.
    pub fn parse(name: &str, text: &str) -> Result<Self, Bad> {
        let mut scenario: Self = toml::from_str(text).map_err(|error| Bad::Unreadable {
            name: name.to_owned(),
            why: error.to_string(),
        })?;
        name.clone_into(&mut scenario.name);
        scenario.checked()
    }

    /// With so many people.
    pub fn with_people(mut self, people: u32) -> Result<Self, Bad> {
        self.people = people;
        self.checked()
    }

    /// With all times of its own (arrivals, the opening, thinking, patience) divided by this; those of the server stay.
    #[must_use]
    pub fn faster(mut self, times: f64) -> Self {
        let shorter = |seconds: &mut f64| *seconds /= times;
        let shorten = |span: &mut [f64; 2]| span.iter_mut().for_each(|seconds| *seconds /= times);
        shorter(&mut self.arrivals.over_seconds);
        self.event.opens_after_seconds.iter_mut().for_each(shorter);
        shorten(&mut self.buyers.look_seconds);
        shorten(&mut self.buyers.decide_seconds);
        self.buyers.patience_seconds.iter_mut().for_each(shorten);
        if let Some(gate) = &mut self.gate {
            shorter(&mut gate.over_seconds);
        }
        self
    }

    fn checked(self) -> Result<Self, Bad> {
        let what = self.wrong();
        if what.is_empty() {
            return Ok(self);
        }
        Err(Bad::Values {
            name: self.name,
            what,
        })
    }

    fn wrong(&self) -> Vec<String> {
        let (event, buyers) = (&self.event, &self.buyers);
        let mut wrong = Wrong(Vec::new());
        wrong.unless(
            (1..=PEOPLE_AT_MOST).contains(&self.people),
            "people: 1 to 1,000,000",
        );
        wrong.time("limit_seconds", self.limit_seconds);
        wrong.time("arrivals.over_seconds", self.arrivals.over_seconds);
        wrong.unless(
            (1..=86_400).contains(&event.pass_seconds),
            "event.pass_seconds: 1 to 86400",
        );
        wrong.unless(
            (1..=3600).contains(&event.hold_seconds),
            "event.hold_seconds: 1 to 3600",
        );
        wrong.unless(
            event.max_admitted_per_second > 0,
            "event.max_admitted_per_second: 1 or more",
        );
        wrong.unless(
            (1..=SEATS_AT_MOST).contains(&event.max_seats_per_buyer),
            "event.max_seats_per_buyer: 1 to 50",
        );
        if let Some(seconds) = event.opens_after_seconds {
            wrong.time("event.opens_after_seconds", seconds);
        }
        let most = event.max_seats_per_buyer;
        wrong.unless(
            !buyers.quantities.is_empty()
                && buyers.quantities.iter().all(|n| (1..=most).contains(n)),
            "buyers.quantities: at least one, each from 1 to event.max_seats_per_buyer",
        );
        wrong.span("buyers.look_seconds", buyers.look_seconds);
        wrong.span("buyers.decide_seconds", buyers.decide_seconds);
        if let Some(span) = buyers.patience_seconds {
            wrong.span("buyers.patience_seconds", span);
        }
        wrong.unless(buyers.tries > 0, "buyers.tries: 1 or more");
        wrong.unless(
            (0.1..=100.0).contains(&buyers.hurry),
            "buyers.hurry: 0.1 to 100",
        );
        for (name, share) in [
            ("buyers.vanish", buyers.vanish),
            ("buyers.abandon", buyers.abandon),
            ("buyers.repeat", buyers.repeat),
        ] {
            wrong.share(name, share);
        }
        if let Some(gate) = &self.gate {
            wrong.time("gate.over_seconds", gate.over_seconds);
            wrong.share("gate.again", gate.again);
            wrong.unless(
                (1..=GATES_AT_MOST).contains(&gate.gates),
                "gate.gates: 1 to 100",
            );
        }
        wrong.0
    }
}

/// What is wrong so far.
struct Wrong(Vec<String>);

impl Wrong {
    fn unless(&mut self, right: bool, what: &str) {
        if !right {
            self.0.push(what.to_owned());
        }
    }

    fn time(&mut self, name: &str, seconds: f64) {
        let right = seconds > 0.0 && seconds <= SECONDS_AT_MOST;
        self.unless(right, &format!("{name}: above 0, up to 86400"));
    }

    fn span(&mut self, name: &str, [least, most]: [f64; 2]) {
        let right = least >= 0.0 && least <= most && most <= SECONDS_AT_MOST;
        let what = format!("{name}: the least and the most, from 0 to 86400");
        self.unless(right, &what);
    }

    fn share(&mut self, name: &str, share: f64) {
        let right = (0.0..=1.0).contains(&share);
        self.unless(right, &format!("{name}: 0 to 1"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_in_the_program_can_be_played() {
        for (name, _) in BUILT_IN {
            let scenario = Scenario::built_in(name).unwrap();
            let scenario = scenario.unwrap_or_else(|bad| panic!("{bad}"));
            assert_eq!(scenario.name, name);
            assert!(!scenario.about.is_empty());
        }
        assert!(Scenario::built_in("gone").is_none());
    }

    #[test]
    fn what_is_not_known_is_told_with_its_place() {
        let text = format!("{}\n[buyer]\nwish = 1\n", BUILT_IN[0].1);
        let told = Scenario::parse("mine.toml", &text).unwrap_err().to_string();
        assert!(
            told.starts_with("mine.toml can't be read") && told.contains("buyer"),
            "{told}"
        );
        let told = Scenario::parse("mine.toml", "people = [").unwrap_err();
        assert!(matches!(told, Bad::Unreadable { .. }));
        let text = BUILT_IN[0].1.replace("shape = \"rush\"", "shape = \"x\"");
        let told = Scenario::parse("mine.toml", &text).unwrap_err().to_string();
        assert!(told.contains("even") && told.contains("rush"), "{told}");
    }

    #[test]
    fn all_bad_values_are_told_at_once() {
        let mut scenario = Scenario::built_in("gate-rush").unwrap().unwrap();
        scenario.people = 0;
        scenario.arrivals.over_seconds = f64::NAN;
        scenario.buyers.quantities = vec![1, 51];
        scenario.buyers.look_seconds = [2.0, 1.0];
        scenario.buyers.vanish = 1.5;
        scenario.gate.as_mut().unwrap().gates = 0;
        let Err(Bad::Values { what, .. }) = scenario.checked() else {
            panic!("it was taken");
        };
        let fields = what.iter().map(|what| what.split(':').next().unwrap());
        let expected = [
            "people",
            "arrivals.over_seconds",
            "buyers.quantities",
            "buyers.look_seconds",
            "buyers.vanish",
            "gate.gates",
        ];
        assert_eq!(fields.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_faster_scenario_has_shorter_times_of_its_own() {
        let slow = Scenario::built_in("opening-rush").unwrap().unwrap();
        let fast = slow.clone().faster(2.0);
        assert!((fast.arrivals.over_seconds * 2.0 - slow.arrivals.over_seconds).abs() < 1e-9);
        assert_eq!(fast.event.hold_seconds, slow.event.hold_seconds);
    }
}
