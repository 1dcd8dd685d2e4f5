//! What must always be true of a line, worked out from what happened in it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Violation, violation};
use crate::fact::Fact;
use crate::id::PlaceNumber;
use crate::line::{LineFact, WINDOW_MS};
use crate::time::Timestamp;

/// Something that happened in a line, in the order of the journal.
#[derive(Debug, Clone, Copy)]
pub struct Happened<'a> {
    /// When.
    pub at: Timestamp,
    /// What.
    pub fact: &'a LineFact,
    /// The most that could be admitted in any second by the settings of that moment.
    pub max_admitted_per_second: u32,
}

/// Picks what happened in the line out of the journal of one event, with the settings of each moment.
pub fn happened<'a>(
    journal: impl IntoIterator<Item = (Timestamp, &'a Fact)>,
) -> impl Iterator<Item = Happened<'a>> {
    let mut max_admitted_per_second = 0;
    journal.into_iter().filter_map(move |(at, fact)| {
        if let Fact::Created { settings, .. } | Fact::Changed { settings } = fact {
            max_admitted_per_second = settings.queue.max_admitted_per_second;
        }
        let Fact::Line(fact) = fact else { return None };
        Some(Happened {
            at,
            fact,
            max_admitted_per_second,
        })
    })
}

/// What [`nobody_overtakes`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Order {
    /// Admissions.
    pub admitted: u64,
    /// How often somebody was parked, absent when called or with a pass that was not collected.
    pub parked: u64,
    /// How often somebody parked came back.
    pub returned: u64,
}

/// Whoever is admitted was in line, and nobody in line and not parked has a lower number: the absent ones
/// were parked first.
pub fn nobody_overtakes<'a>(
    history: impl IntoIterator<Item = Happened<'a>>,
) -> Result<Order, Violation> {
    let broken = |at, what| violation("nobody_overtakes", at, what);
    let mut figures = Order::default();
    let (mut waiting, mut parked) = (BTreeSet::new(), BTreeSet::new());
    for Happened { at, fact, .. } in history {
        let named = places(fact);
        match fact {
            LineFact::Entered { number, .. } => {
                waiting.insert(*number);
            }
            LineFact::Admitted { .. } => {
                for number in named {
                    if !waiting.remove(number) {
                        return Err(broken(
                            at,
                            format!("{number} was admitted, but not in line"),
                        ));
                    }
                    figures.admitted += 1;
                }
                if let (Some(first), Some(last)) = (waiting.first(), named.iter().max())
                    && first < last
                {
                    return Err(broken(at, format!("{last} was admitted before {first}")));
                }
            }
            LineFact::Parked { .. } | LineFact::TakenBack { .. } => {
                for number in named {
                    waiting.remove(number);
                    parked.insert(*number);
                }
                figures.parked += named.len() as u64;
            }
            LineFact::Returned { .. } => {
                for number in named {
                    if !parked.remove(number) {
                        return Err(broken(
                            at,
                            format!("{number} came back without being parked"),
                        ));
                    }
                    waiting.insert(*number);
                    figures.returned += 1;
                }
            }
            LineFact::Left { number } | LineFact::Done { number } => {
                waiting.remove(number);
                parked.remove(number);
            }
            LineFact::Collected { .. } | LineFact::PassesExpired { .. } => {}
        }
    }
    Ok(figures)
}

/// What [`never_more_admitted_than_capacity`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Fullness {
    /// Admissions.
    pub admitted: u64,
    /// The most that were admitted at the same time.
    pub most_at_once: u64,
    /// How often an admission filled the shop to its capacity.
    pub times_full: u64,
}

/// After each admission no more are admitted than the capacity that was set then. One counts from the call until
/// the pass is taken back, has run out or is given up.
pub fn never_more_admitted_than_capacity<'a>(
    history: impl IntoIterator<Item = Happened<'a>>,
) -> Result<Fullness, Violation> {
    let mut figures = Fullness::default();
    let mut inside: BTreeSet<PlaceNumber> = BTreeSet::new();
    for Happened { at, fact, .. } in history {
        match fact {
            LineFact::Admitted { numbers, capacity } => {
                inside.extend(numbers);
                let (count, capacity) = (inside.len() as u64, u64::from(*capacity));
                if count > capacity {
                    let what = format!("{count} were admitted with a capacity of {capacity}");
                    return Err(violation("never_more_admitted_than_capacity", at, what));
                }
                figures.admitted += numbers.len() as u64;
                figures.most_at_once = figures.most_at_once.max(count);
                figures.times_full += u64::from(count == capacity);
            }
            LineFact::TakenBack { .. }
            | LineFact::PassesExpired { .. }
            | LineFact::Left { .. }
            | LineFact::Done { .. } => {
                for number in places(fact) {
                    inside.remove(number);
                }
            }
            LineFact::Entered { .. }
            | LineFact::Collected { .. }
            | LineFact::Parked { .. }
            | LineFact::Returned { .. } => {}
        }
    }
    Ok(figures)
}

/// What [`never_faster_than_the_pace`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Speed {
    /// Admissions.
    pub admitted: u64,
    /// The most that were admitted in any second.
    pub most_in_a_second: u64,
    /// How often an admission brought a second to its limit.
    pub times_at_the_limit: u64,
}

/// In the second that ends with an admission, wherever it begins, no more were admitted than the settings of that
/// moment allow. Should a clock have been set back, the latest instant stands for those after it.
pub fn never_faster_than_the_pace<'a>(
    history: impl IntoIterator<Item = Happened<'a>>,
) -> Result<Speed, Violation> {
    let mut figures = Speed::default();
    let mut admissions: Vec<(Timestamp, u64)> = Vec::new();
    let mut latest = Timestamp(i64::MIN);
    for happened in history {
        latest = latest.max(happened.at);
        let LineFact::Admitted { numbers, .. } = happened.fact else {
            continue;
        };
        admissions.push((latest, numbers.len() as u64));
        let newest_first = admissions.iter().rev();
        let within = newest_first.take_while(|(at, _)| latest.ms_since(*at) < WINDOW_MS);
        let count: u64 = within.map(|(_, count)| count).sum();
        let max = u64::from(happened.max_admitted_per_second);
        if count > max {
            let what = format!("{count} were admitted within a second, and at most {max} may be");
            return Err(violation("never_faster_than_the_pace", happened.at, what));
        }
        figures.admitted += numbers.len() as u64;
        figures.most_in_a_second = figures.most_in_a_second.max(count);
        figures.times_at_the_limit += u64::from(count == max);
    }
    Ok(figures)
}

/// What [`numbers_never_given_twice`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Numbers {
    /// How many numbers were given.
    pub given: u64,
    /// The highest of them.
    pub highest: PlaceNumber,
}

/// No number was given to two, and nothing happened to a number that was not given.
pub fn numbers_never_given_twice<'a>(
    history: impl IntoIterator<Item = Happened<'a>>,
) -> Result<Numbers, Violation> {
    let broken = |at, what| violation("numbers_never_given_twice", at, what);
    let mut given = BTreeSet::new();
    for Happened { at, fact, .. } in history {
        if let LineFact::Entered { number, .. } = fact {
            if !given.insert(*number) {
                return Err(broken(at, format!("{number} was given twice")));
            }
        } else if let Some(number) = places(fact).iter().find(|number| !given.contains(*number)) {
            let what = format!("something happened to {number}, which was never given");
            return Err(broken(at, what));
        }
    }
    Ok(Numbers {
        given: given.len() as u64,
        highest: given.last().copied().unwrap_or_default(),
    })
}

/// What [`ended_places_stay_ended`] looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Endings {
    /// Places that ended with a purchase.
    pub done: u64,
    /// Places that were given up.
    pub left: u64,
    /// Places whose passes ran out.
    pub expired: u64,
}

/// Nothing happens to a place any more once it was bought with or given up, or its pass ran out.
pub fn ended_places_stay_ended<'a>(
    history: impl IntoIterator<Item = Happened<'a>>,
) -> Result<Endings, Violation> {
    let mut figures = Endings::default();
    let mut ended: BTreeSet<PlaceNumber> = BTreeSet::new();
    for Happened { at, fact, .. } in history {
        let named = places(fact);
        if let Some(number) = named.iter().find(|number| ended.contains(*number)) {
            let what = format!("something happened to {number}, which had ended");
            return Err(violation("ended_places_stay_ended", at, what));
        }
        let count = named.len() as u64;
        match fact {
            LineFact::Done { .. } => figures.done += count,
            LineFact::Left { .. } => figures.left += count,
            LineFact::PassesExpired { .. } => figures.expired += count,
            LineFact::Entered { .. }
            | LineFact::Admitted { .. }
            | LineFact::Collected { .. }
            | LineFact::Parked { .. }
            | LineFact::Returned { .. }
            | LineFact::TakenBack { .. } => continue,
        }
        ended.extend(named);
    }
    Ok(figures)
}

/// The places that a fact is about.
fn places(fact: &LineFact) -> &[PlaceNumber] {
    match fact {
        LineFact::Entered { number, .. }
        | LineFact::Collected { number, .. }
        | LineFact::Left { number }
        | LineFact::Done { number } => std::slice::from_ref(number),
        LineFact::Admitted { numbers, .. }
        | LineFact::Parked { numbers }
        | LineFact::Returned { numbers }
        | LineFact::TakenBack { numbers }
        | LineFact::PassesExpired { numbers } => numbers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(number: PlaceNumber) -> LineFact {
        LineFact::Entered {
            number,
            visitor: None,
        }
    }

    fn admitted(numbers: &[PlaceNumber]) -> LineFact {
        LineFact::Admitted {
            numbers: numbers.to_vec(),
            capacity: 2,
        }
    }

    fn parked(number: PlaceNumber) -> LineFact {
        LineFact::Parked {
            numbers: vec![number],
        }
    }

    fn returned(number: PlaceNumber) -> LineFact {
        LineFact::Returned {
            numbers: vec![number],
        }
    }

    /// Half a second between one fact and the next, and at most two admissions in any second.
    fn history(facts: &[LineFact]) -> Vec<Happened<'_>> {
        let instants = (0..).map(|step| Timestamp(step * 500));
        let happened = facts.iter().zip(instants).map(|(fact, at)| Happened {
            at,
            fact,
            max_admitted_per_second: 2,
        });
        happened.collect()
    }

    /// Four people: 1 is absent and parked, 2 and 3 are admitted, 2 buys, 1 comes back and goes before 4.
    fn sound() -> Vec<LineFact> {
        let mut facts: Vec<_> = (1..=4).map(entered).collect();
        facts.extend([
            parked(1),
            admitted(&[2, 3]),
            LineFact::Done { number: 2 },
            returned(1),
            admitted(&[1]),
            LineFact::Left { number: 3 },
            admitted(&[4]),
        ]);
        facts
    }

    #[test]
    fn a_sound_history_keeps_every_promise() {
        let facts = sound();
        let history = history(&facts);
        let order = nobody_overtakes(history.iter().copied()).unwrap();
        assert_eq!((order.admitted, order.parked, order.returned), (4, 1, 1));
        let fullness = never_more_admitted_than_capacity(history.iter().copied()).unwrap();
        assert_eq!((fullness.most_at_once, fullness.times_full), (2, 3));
        let speed = never_faster_than_the_pace(history.iter().copied()).unwrap();
        assert_eq!((speed.most_in_a_second, speed.times_at_the_limit), (2, 1));
        let numbers = numbers_never_given_twice(history.iter().copied()).unwrap();
        assert_eq!((numbers.given, numbers.highest), (4, 4));
        let endings = ended_places_stay_ended(history.iter().copied()).unwrap();
        assert_eq!((endings.done, endings.left, endings.expired), (1, 1, 0));
    }

    #[test]
    fn somebody_passed_over_is_found() {
        let facts = [entered(1), entered(2), admitted(&[2])];
        let violation = nobody_overtakes(history(&facts)).unwrap_err();
        assert_eq!(violation.what, "at 1000 ms: 2 was admitted before 1");
    }

    #[test]
    fn somebody_who_came_back_and_is_passed_over_is_found() {
        let facts = [
            entered(1),
            entered(2),
            parked(1),
            returned(1),
            admitted(&[2]),
        ];
        assert!(nobody_overtakes(history(&facts)).is_err());
    }

    #[test]
    fn an_admission_from_outside_the_line_and_a_return_from_nowhere_are_found() {
        let twice = [entered(1), admitted(&[1]), admitted(&[1])];
        assert!(nobody_overtakes(history(&twice)).is_err());
        assert!(nobody_overtakes(history(&[entered(1), returned(1)])).is_err());
    }

    #[test]
    fn one_too_many_in_the_shop_is_found() {
        let facts = [
            entered(1),
            entered(2),
            entered(3),
            admitted(&[1, 2]),
            admitted(&[3]),
        ];
        let violation = never_more_admitted_than_capacity(history(&facts)).unwrap_err();
        assert_eq!(violation.invariant, "never_more_admitted_than_capacity");
    }

    #[test]
    fn a_second_with_one_too_many_is_found_wherever_it_begins() {
        let facts = [entered(1), admitted(&[1, 2]), admitted(&[3])];
        let mut history = history(&facts);
        (history[1].at, history[2].at) = (Timestamp(900), Timestamp(1_899));
        assert!(never_faster_than_the_pace(history.iter().copied()).is_err());
        history[2].at = Timestamp(1_900);
        assert!(never_faster_than_the_pace(history.iter().copied()).is_ok());
        history[2].at = Timestamp(100);
        assert!(
            never_faster_than_the_pace(history).is_err(),
            "setting the clock back makes no room"
        );
    }

    #[test]
    fn a_number_given_twice_or_never_is_found() {
        let twice = [
            entered(1),
            entered(2),
            LineFact::Left { number: 1 },
            entered(1),
        ];
        assert!(numbers_never_given_twice(history(&twice)).is_err());
        assert!(numbers_never_given_twice(history(&[entered(1), admitted(&[2])])).is_err());
    }

    #[test]
    fn a_place_that_is_revived_is_found_however_it_had_ended() {
        let endings = [
            LineFact::Done { number: 1 },
            LineFact::Left { number: 1 },
            LineFact::PassesExpired { numbers: vec![1] },
        ];
        let revivals = [entered(1), returned(1), parked(1), admitted(&[1])];
        for ending in &endings {
            for revival in &revivals {
                let facts = [entered(1), admitted(&[1]), ending.clone(), revival.clone()];
                let violation = ended_places_stay_ended(history(&facts)).unwrap_err();
                assert!(violation.what.starts_with("at 1500 ms"), "{violation}");
            }
        }
    }
}
