//! What must always be true of holds, worked out from what happened.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an invariant looks at the facts that it is about, and at no others"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::ledger::Ledger;
use super::{Happening, Violation, violation};
use crate::fact::Fact;
use crate::id::{HoldId, PlaceNumber, SeatIndex};
use crate::line::LineFact;
use crate::time::Timestamp;

/// What [`holds_are_all_or_nothing_and_exclusive`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Holding {
    /// Holds that were placed.
    pub holds: u64,
    /// Their seats.
    pub seats: u64,
    /// Holds that were given back.
    pub released: u64,
    /// Holds that ran out.
    pub expired: u64,
    /// Holds that live.
    pub live: u64,
}

/// Why a seat is not free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    Held(HoldId),
    Sold,
    Blocked,
}

/// A hold takes seats that exist and are free, each once, and all stay its own until it ends as a whole; a seat
/// that is held or sold is neither blocked nor unblocked, and its map is not replaced.
pub fn holds_are_all_or_nothing_and_exclusive<'a>(
    history: impl IntoIterator<Item = Happening<'a>>,
) -> Result<Holding, Violation> {
    let broken = |at, what| violation("holds_are_all_or_nothing_and_exclusive", at, what);
    let mut floor = Floor::default();
    for (at, fact) in history {
        floor.ledger.note(fact);
        floor.step(at, fact).map_err(|what| broken(at, what))?;
    }
    floor.figures.live = floor.live.len() as u64;
    Ok(floor.figures)
}

/// The floor of the hall: what is taken, and by which hold.
#[derive(Default)]
struct Floor<'a> {
    ledger: Ledger<'a>,
    seats_total: SeatIndex,
    taken: HashMap<SeatIndex, Taken>,
    live: HashSet<HoldId>,
    seen: HashSet<HoldId>,
    figures: Holding,
}

impl<'a> Floor<'a> {
    fn step(&mut self, at: Timestamp, fact: &'a Fact) -> Result<(), String> {
        match fact {
            Fact::MapSet { map } => {
                if self.taken.values().any(|taken| *taken != Taken::Blocked) {
                    return Err("the map was replaced while seats were held or sold".to_owned());
                }
                self.taken.clear();
                self.seats_total = SeatIndex::try_from(map.seats().count()).unwrap_or_default();
            }
            Fact::Blocked { seats } => {
                for seat in seats {
                    if let Some(taken) = self.taken.insert(*seat, Taken::Blocked) {
                        return Err(format!("seat {seat} was blocked while {taken:?}"));
                    }
                }
            }
            Fact::Unblocked { seats } => {
                for seat in seats {
                    if self.taken.remove(seat) != Some(Taken::Blocked) {
                        return Err(format!("seat {seat} was unblocked without being blocked"));
                    }
                }
            }
            Fact::Held { hold_id, .. } => self.hold(*hold_id)?,
            Fact::Released { hold_id } => {
                self.end(*hold_id)?;
                self.figures.released += 1;
            }
            Fact::HoldsExpired { hold_ids } => {
                for hold_id in hold_ids {
                    let ends = self.ledger.hold(*hold_id).map(|hold| hold.expires_at);
                    if ends.is_some_and(|ends| at < ends) {
                        return Err(format!("hold {hold_id} ran out before its end"));
                    }
                    self.end(*hold_id)?;
                    self.figures.expired += 1;
                }
            }
            Fact::Confirmed { hold_id, .. } => {
                self.end(*hold_id)?;
                let seats = self.ledger.seats_of_hold(*hold_id);
                self.taken.extend(seats.map(|seat| (seat, Taken::Sold)));
            }
            Fact::Cancelled { reservation_id, .. } => {
                for seat in self.ledger.seats_bought(*reservation_id) {
                    if self.taken.remove(&seat) != Some(Taken::Sold) {
                        return Err(format!(
                            "seat {seat} was given back, but was not sold: {reservation_id}"
                        ));
                    }
                }
            }
            Fact::Created { .. }
            | Fact::Changed { .. }
            | Fact::Opened { .. }
            | Fact::Paused { .. }
            | Fact::Resumed
            | Fact::Closed
            | Fact::Deleted
            | Fact::Line(_)
            | Fact::ReceiptReissued { .. }
            | Fact::Door(_) => {}
        }
        Ok(())
    }

    fn hold(&mut self, hold_id: HoldId) -> Result<(), String> {
        let before = self.figures.seats;
        if !self.seen.insert(hold_id) {
            return Err(format!("hold {hold_id} was placed twice"));
        }
        for seat in self.ledger.seats_of_hold(hold_id) {
            if seat >= self.seats_total {
                return Err(format!("hold {hold_id} has seat {seat}, which is none"));
            }
            if let Some(taken) = self.taken.insert(seat, Taken::Held(hold_id)) {
                return Err(format!("hold {hold_id} took seat {seat}: {taken:?}"));
            }
            self.figures.seats += 1;
        }
        if self.figures.seats == before {
            return Err(format!("hold {hold_id} has no seats"));
        }
        self.live.insert(hold_id);
        self.figures.holds += 1;
        Ok(())
    }

    fn end(&mut self, hold_id: HoldId) -> Result<(), String> {
        if !self.live.remove(&hold_id) {
            return Err(format!("hold {hold_id} ended without being live"));
        }
        for seat in self.ledger.seats_of_hold(hold_id) {
            if self.taken.remove(&seat) != Some(Taken::Held(hold_id)) {
                return Err(format!("hold {hold_id} had lost seat {seat}"));
            }
        }
        Ok(())
    }
}

/// What [`ended_holds_are_free_within_a_second`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Freeing {
    /// Holds that ran out.
    pub expired: u64,
    /// The longest that one of them was seen there after its end, in milliseconds.
    pub longest_ms: i64,
}

/// How long seats may stay taken after the end of their hold.
pub const FREE_WITHIN_MS: i64 = 1000;

/// Others are not served for more than a second while a hold is there that has reached its end. Spans in which
/// nothing at all happened for longer than that do not count: the program may not have been running.
pub fn ended_holds_are_free_within_a_second<'a>(
    history: impl IntoIterator<Item = Happening<'a>>,
) -> Result<Freeing, Violation> {
    let mut figures = Freeing::default();
    let mut ledger = Ledger::default();
    // Live holds by their ends; those that were seen there after their ends, with the time awake at that moment.
    let mut live: BTreeSet<(Timestamp, HoldId)> = BTreeSet::new();
    let mut overdue: HashMap<HoldId, i64> = HashMap::new();
    let (mut awake_ms, mut previous) = (0, None);
    for (at, fact) in history {
        ledger.note(fact);
        let gap = at.ms_since(previous.replace(at).unwrap_or(at));
        awake_ms += if gap <= FREE_WITHIN_MS { gap } else { 0 };
        while let Some((end, hold_id)) = live.first().copied().filter(|(end, _)| *end <= at) {
            live.remove(&(end, hold_id));
            overdue.insert(hold_id, awake_ms);
        }
        if let Fact::Held {
            hold_id,
            expires_at,
            ..
        } = fact
        {
            live.insert((*expires_at, *hold_id));
        }
        for hold_id in ended_by(fact) {
            if let Some(hold) = ledger.hold(*hold_id) {
                live.remove(&(hold.expires_at, *hold_id));
            }
            if let Some(since) = overdue.remove(hold_id) {
                figures.longest_ms = figures.longest_ms.max(awake_ms - since);
            }
        }
        if let Fact::HoldsExpired { hold_ids } = fact {
            figures.expired += hold_ids.len() as u64;
        }
        let late = |since: &i64| awake_ms - since > FREE_WITHIN_MS;
        if let Some((hold_id, _)) = overdue.iter().find(|(_, since)| late(since)) {
            let what = format!("hold {hold_id} is still there a second after its end");
            return Err(violation("ended_holds_are_free_within_a_second", at, what));
        }
    }
    Ok(figures)
}

/// What [`nobody_has_more_seats_than_allowed`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Limits {
    /// Places in line that have seats now.
    pub places_with_seats: u64,
    /// The most seats of one place at any time.
    pub most_seats: u32,
    /// How often a hold brought a place to its limit.
    pub times_at_the_limit: u64,
}

/// With a hold that is placed, no place in line has more seats in live holds and purchases together than the
/// settings of that moment allow.
pub fn nobody_has_more_seats_than_allowed<'a>(
    history: impl IntoIterator<Item = Happening<'a>>,
) -> Result<Limits, Violation> {
    let mut figures = Limits::default();
    let mut ledger = Ledger::default();
    let mut limit = 0;
    let mut seats_of: BTreeMap<PlaceNumber, u32> = BTreeMap::new();
    for (at, fact) in history {
        ledger.note(fact);
        if let Fact::Created { settings, .. } | Fact::Changed { settings } = fact {
            limit = settings.max_seats_per_buyer;
        }
        if let Fact::Held { number, seats, .. } = fact {
            let has = seats_of.entry(*number).or_default();
            *has += count(seats.len());
            if *has > limit {
                let what =
                    format!("place {number} has {has} seats, and at most {limit} are allowed");
                return Err(violation("nobody_has_more_seats_than_allowed", at, what));
            }
            figures.most_seats = figures.most_seats.max(*has);
            figures.times_at_the_limit += u64::from(*has == limit);
        }
        let given_back = match fact {
            Fact::Cancelled { reservation_id, .. } => vec![ledger.bought(*reservation_id)],
            Fact::Confirmed { .. } => Vec::new(),
            _ => ended_by(fact).iter().map(|id| ledger.hold(*id)).collect(),
        };
        for hold in given_back.into_iter().flatten() {
            let has = seats_of.entry(hold.number).or_default();
            *has = has.saturating_sub(count(hold.seats.len()));
        }
    }
    figures.places_with_seats = seats_of.values().filter(|has| **has > 0).count() as u64;
    Ok(figures)
}

/// What [`only_the_admitted_hold_seats`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Passes {
    /// Passes that were collected.
    pub collected: u64,
    /// Holds that were placed, each with a pass.
    pub holds: u64,
}

/// Whoever places a hold has collected a pass that has not ended.
pub fn only_the_admitted_hold_seats<'a>(
    history: impl IntoIterator<Item = Happening<'a>>,
) -> Result<Passes, Violation> {
    let mut figures = Passes::default();
    let mut passes: HashMap<PlaceNumber, Timestamp> = HashMap::new();
    for (at, fact) in history {
        match fact {
            Fact::Line(LineFact::Collected {
                number,
                pass_expires_at,
            }) => {
                passes.insert(*number, *pass_expires_at);
                figures.collected += 1;
            }
            Fact::Line(LineFact::Left { number } | LineFact::Done { number }) => {
                passes.remove(number);
            }
            Fact::Line(LineFact::PassesExpired { numbers } | LineFact::TakenBack { numbers }) => {
                for number in numbers {
                    passes.remove(number);
                }
            }
            Fact::Held { number, .. } => {
                if passes.get(number).is_none_or(|end| *end <= at) {
                    let what = format!("place {number} held seats without a pass");
                    return Err(violation("only_the_admitted_hold_seats", at, what));
                }
                figures.holds += 1;
            }
            _ => {}
        }
    }
    Ok(figures)
}

/// What [`a_key_holds_once`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Keys {
    /// Holds that were placed with an Idempotency-Key.
    pub holds_with_a_key: u64,
}

/// No place in line placed two holds with the same Idempotency-Key.
pub fn a_key_holds_once<'a>(
    history: impl IntoIterator<Item = Happening<'a>>,
) -> Result<Keys, Violation> {
    let mut used = HashSet::new();
    for (at, fact) in history {
        if let Fact::Held {
            number,
            key: Some(key),
            ..
        } = fact
            && !used.insert((*number, key.key))
        {
            let what = format!("place {number} held seats twice with one Idempotency-Key");
            return Err(violation("a_key_holds_once", at, what));
        }
    }
    Ok(Keys {
        holds_with_a_key: used.len() as u64,
    })
}

/// The holds that end with a fact, however they end.
fn ended_by(fact: &Fact) -> &[HoldId] {
    match fact {
        Fact::HoldsExpired { hold_ids } => hold_ids,
        Fact::Released { hold_id } | Fact::Confirmed { hold_id, .. } => {
            std::slice::from_ref(hold_id)
        }
        _ => &[],
    }
}

fn count(seats: usize) -> u32 {
    u32::try_from(seats).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
