//! Random halls, compared with trying everything.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;

/// A small hall in some state of sale, and a wish.
#[derive(Debug, Clone)]
struct Case {
    rows: Vec<String>,
    taken: Vec<bool>,
    request: Request,
}

fn cases() -> impl Strategy<Value = Case> {
    let row = "[aab]{2,9}|[aabA ]{4,10}|a{3,6} [ab]{3,6}";
    let rows = prop::collection::vec(row, 2..6);
    let share = prop_oneof![Just(0.2), Just(0.5), Just(0.8)];
    let taken = share.prop_flat_map(|share| prop::collection::vec(prop::bool::weighted(share), 60));
    let category = prop::option::weighted(0.2, Just("b".to_owned()));
    let section = prop::option::weighted(0.2, Just("1".to_owned()));
    let request = (1u32..5, section, category, prop::bool::weighted(0.1));
    (rows, taken, request).prop_map(|(rows, taken, (quantity, section, category, accessible))| {
        Case {
            rows,
            taken,
            request: Request {
                quantity,
                section,
                category,
                accessible,
            },
        }
    })
}

impl Case {
    fn map(&self) -> IndexedMap {
        let (first, second) = self.rows.split_at(1);
        drawn(&[&first.join("\n"), &second.join("\n")])
    }

    fn is_free(&self, seat: SeatIndex) -> bool {
        !self.taken[seat as usize % self.taken.len()]
    }
}

/// A choice, found and judged by trying everything.
#[derive(Debug, Clone)]
struct Choice {
    seats: Vec<SeatIndex>,
    distance: f64,
    one_category: bool,
    leaves_single: bool,
    row: (u32, u32),
}

/// Every choice that is allowed; neighbours are told by the ids, which hold the columns.
fn all_choices(map: &IndexedMap, case: &Case) -> Vec<Choice> {
    let at = |seat: SeatIndex| {
        let place = map.place(seat);
        let column: u32 = map.seat(seat).number.parse().unwrap();
        (place.section, place.row, column)
    };
    let next = |one: SeatIndex, by: i64| {
        (0..map.seats_total()).find(|other| {
            let ((section, row, column), found) = (at(one), at(*other));
            (found.0, found.1) == (section, row) && i64::from(found.2) == i64::from(column) + by
        })
    };
    let request = &case.request;
    let fits = |seat: &SeatIndex| {
        let place = map.place(*seat);
        case.is_free(*seat)
            && map.seat(*seat).accessible == request.accessible
            && request
                .section
                .as_ref()
                .is_none_or(|name| *name == map.section(place).name)
            && request
                .category
                .as_ref()
                .is_none_or(|name| *name == map.seat(*seat).category)
    };
    let choice = |first: SeatIndex| {
        let seats: Option<Vec<_>> = (0..request.quantity)
            .map(|by| next(first, by.into()))
            .collect();
        let seats = seats.filter(|seats| seats.iter().all(fits))?;
        let focus = map.map().focus;
        let away =
            |seat: &SeatIndex| (map.seat(*seat).x - focus.x).hypot(map.seat(*seat).y - focus.y);
        let free = |seat: Option<SeatIndex>| {
            seat.is_some_and(|seat| case.is_free(seat) && !seats.contains(&seat))
        };
        let last = seats[seats.len() - 1];
        Some(Choice {
            distance: seats.iter().map(away).sum(),
            one_category: seats
                .iter()
                .all(|seat| map.place(*seat).category == map.place(first).category),
            leaves_single: free(next(first, -1)) && !free(next(first, -2))
                || free(next(last, 1)) && !free(next(last, 2)),
            row: (map.place(first).section, map.place(first).row),
            seats,
        })
    };
    (0..map.seats_total()).filter_map(choice).collect()
}

/// Checks what was found against all choices; tells how the case was hard.
fn judge(found: &Choice, choices: &[Choice], quantity: u32) -> &'static str {
    let quantity = f64::from(quantity);
    // Distances count in steps of a 64th.
    let step = quantity / 64.0;
    let nearest = choices
        .iter()
        .map(|choice| choice.distance)
        .fold(f64::INFINITY, f64::min);
    let may_be_nearest = |choice: &&Choice| choice.distance <= nearest + step;
    let as_good = |choice: &&Choice| choice.distance <= nearest + 0.5 * quantity - step;
    let clean = choices.iter().filter(|choice| !choice.leaves_single);
    if found.leaves_single {
        assert!(may_be_nearest(&found), "nothing is gained by going farther");
        assert_eq!(
            clean.filter(as_good).count(),
            0,
            "another leaves none alone"
        );
        return "unavoidable";
    }
    let nearer_clean = clean
        .filter(as_good)
        .filter(|c| c.distance < found.distance - step);
    assert_eq!(nearer_clean.count(), 0, "a nearer one leaves none alone");
    if may_be_nearest(&found) {
        return "nearest";
    }
    let left = choices.iter().filter(may_be_nearest).find(|choice| {
        let reach = if choice.row == found.row { 1.5 } else { 0.5 };
        choice.leaves_single && found.distance <= nearest + reach * quantity + step
    });
    assert!(left.is_some(), "farther than needed");
    "avoided"
}

fn run<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value)) {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(strategy, |value| {
        test(value);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn the_search_agrees_with_trying_everything() {
    let [none, mixed, unavoidable, avoided] = [const { Cell::new(0) }; 4];
    let count = |cell: &Cell<u32>| cell.set(cell.get() + 1);
    run(1_500, &cases(), |case| {
        let map = case.map();
        let ranking = Ranking::new(&map);
        let free = FreeSeats::new(&ranking, |seat| case.is_free(seat));
        let choices = all_choices(&map, &case);
        let Some(found) = best_available(&map, &ranking, &free, &case.request) else {
            assert!(choices.is_empty(), "{choices:?}");
            return count(&none);
        };
        let found = choices
            .iter()
            .find(|choice| choice.seats == found)
            .expect("an allowed choice");
        let told = leaves_single(ranking.adjacency(), |seat| case.is_free(seat), &found.seats);
        assert_eq!(told, found.leaves_single);
        let (one, two): (Vec<_>, Vec<_>) = choices
            .iter()
            .cloned()
            .partition(|choice| choice.one_category);
        if !found.one_category {
            assert!(one.is_empty(), "one category can be");
            count(&mixed);
        }
        let rivals = if found.one_category { one } else { two };
        match judge(found, &rivals, case.request.quantity) {
            "avoided" => count(&avoided),
            "unavoidable" => count(&unavoidable),
            _ => {}
        }
    });
    let hard = [none, mixed, unavoidable, avoided].map(Cell::into_inner);
    assert!(hard.iter().all(|times| *times >= 50), "too easy: {hard:?}");
}

#[test]
fn alternatives_are_free_apart_and_shaped_like_what_was_wanted() {
    let [none, full, other_category] = [const { Cell::new(0) }; 3];
    let count = |cell: &Cell<u32>| cell.set(cell.get() + 1);
    let wanted = prop::collection::btree_set(0u32..60, 1..5);
    run(1_000, &(cases(), wanted), |(case, wanted)| {
        let map = case.map();
        let ranking = Ranking::new(&map);
        let wanted: Vec<_> = wanted
            .into_iter()
            .filter(|seat| *seat < map.seats_total())
            .collect();
        let free = FreeSeats::new(&ranking, |seat| case.is_free(seat));
        let lists = alternatives(&map, &ranking, &free, &wanted, 3);
        let mut offered: Vec<_> = lists.concat();
        let total = offered.len();
        offered.sort_unstable();
        offered.dedup();
        assert_eq!(offered.len(), total, "no seat twice");
        assert!(offered.iter().all(|seat| case.is_free(*seat)));
        let sizes = |seats: &[SeatIndex]| {
            let groups = groups(&map, &ranking, seats);
            groups
                .iter()
                .map(|group| group.quantity)
                .collect::<Vec<_>>()
        };
        let accessible = |seats: &[SeatIndex]| {
            seats
                .iter()
                .filter(|seat| map.seat(**seat).accessible)
                .count()
        };
        for list in &lists {
            assert_eq!(list.len(), wanted.len());
            assert_eq!(accessible(list), accessible(&wanted));
            // Two groups may come to stand side by side, but none is torn apart.
            assert!(sizes(list).first() >= sizes(&wanted).first());
            let category = |seat: &SeatIndex| map.place(*seat).category;
            if list
                .iter()
                .any(|seat| !wanted.iter().map(category).any(|c| c == category(seat)))
            {
                count(&other_category);
            }
        }
        match lists.len() {
            0 => count(&none),
            3 => count(&full),
            _ => {}
        }
    });
    let hard = [none, full, other_category].map(Cell::into_inner);
    assert!(hard.iter().all(|times| *times >= 50), "too easy: {hard:?}");
}
