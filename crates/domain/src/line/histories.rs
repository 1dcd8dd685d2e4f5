//! Random histories of a line, checked step by step against the invariants, against a plain model of the places
//! and of who is present, and against a replay of the facts.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use uuid::Uuid;

use self::setting::{BEGIN, map, seat_id, settings};
use super::{GRACE_MS, LineFact, POLL_LONGEST_WITH_JITTER_MS, POLL_SHORTEST_MS, PlaceState};
use crate::event::{EventSettings, QueueSettings, SaleState};
use crate::fact::{Buyer, Fact, KeyUse};
use crate::id::{Digest, HoldId, PlaceNumber, ReservationId};
use crate::invariant::line as invariant;
use crate::sale::{Confirm, Enter, PlaceHold, Sale, Wanted};
use crate::time::Timestamp;

mod setting;

/// Something that is done; numbers choose among those for whom it makes sense.
#[derive(Debug, Clone)]
enum Step {
    Enter { people: u64 },
    Ask { who: usize },
    Seen { who: usize, people: usize },
    Leave { who: usize },
    Buy { who: usize },
    Capacity(u32),
    MaxPerSecond(u32),
    Pause,
    Resume,
    Wait { ms: i64 },
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (1..6u64).prop_map(|people| Step::Enter { people }),
        12 => (0..30usize).prop_map(|who| Step::Ask { who }),
        8 => (0..60usize, 1..12usize).prop_map(|(who, people)| Step::Seen { who, people }),
        3 => (0..60usize).prop_map(|who| Step::Leave { who }),
        6 => (0..10usize).prop_map(|who| Step::Buy { who }),
        2 => (0..9u32).prop_map(Step::Capacity),
        1 => (1..5u32).prop_map(Step::MaxPerSecond),
        1 => Just(Step::Pause),
        3 => Just(Step::Resume),
        20 => (1..1200i64).prop_map(|ms| Step::Wait { ms }),
        5 => (5_000..25_000i64).prop_map(|ms| Step::Wait { ms }),
        1 => Just(Step::Restart),
    ]
}

/// How hard the histories were.
#[derive(Debug, Default)]
struct Hardness {
    admitted: u64,
    parked: u64,
    returned: u64,
    taken_back: u64,
    done: u64,
    left: u64,
    expired: u64,
    times_full: u64,
    times_at_the_limit: u64,
    restarts: u64,
}

/// From when to when somebody may count as present, known from outside: surely until, and at most until.
type Bounds = (Timestamp, Timestamp);

struct World {
    sale: Sale,
    created: Arc<EventSettings>,
    now: Timestamp,
    journal: Vec<(Timestamp, Fact)>,
    places: BTreeMap<PlaceNumber, PlaceState>,
    presence: BTreeMap<PlaceNumber, Bounds>,
    ids: u128,
    seats_sold: u32,
    hardness: Hardness,
}

impl World {
    fn new() -> Self {
        let created = Arc::new(settings());
        let mut world = Self {
            sale: Sale::created(Arc::clone(&created), 1),
            created: Arc::clone(&created),
            now: BEGIN,
            journal: vec![(
                BEGIN,
                Fact::Created {
                    settings: created,
                    uid: 1,
                },
            )],
            places: BTreeMap::new(),
            presence: BTreeMap::new(),
            ids: 0,
            seats_sold: 0,
            hardness: Hardness::default(),
        };
        world.sale.set_map(BEGIN, Arc::new(map())).unwrap();
        world.sale.open(BEGIN).unwrap();
        world.settle(&BTreeMap::new());
        world
    }

    fn take(&mut self, step: &Step) {
        let before = self.presence.clone();
        match step {
            Step::Enter { people } => (0..*people).for_each(|_| self.enter()),
            Step::Ask { who } => self.ask(*who),
            Step::Seen { who, people } => self.seen(*who, *people),
            Step::Leave { who } => {
                if let Some(number) = self.one_of(*who, |state| !state.has_ended()) {
                    self.sale.leave(self.now, number).unwrap();
                }
            }
            Step::Buy { who } => self.buy(*who),
            Step::Capacity(capacity) => {
                let capacity = *capacity;
                self.change(move |queue| queue.capacity = capacity);
            }
            Step::MaxPerSecond(max) => {
                let max = *max;
                self.change(move |queue| queue.max_admitted_per_second = max);
            }
            Step::Pause => self.sale.pause(self.now, None).unwrap(),
            Step::Resume => self.sale.resume(self.now).unwrap(),
            Step::Wait { ms } => {
                self.now = self.now.plus_ms(*ms);
                self.sale.tick(self.now);
            }
            Step::Restart => self.restart(),
        }
        self.settle(&before);
        if matches!(step, Step::Wait { .. }) {
            self.check_that_what_is_over_has_ended();
            self.check_that_room_is_used();
        }
    }

    fn enter(&mut self) {
        let number = self.sale.line().next_number();
        self.is_present(number);
        let visitor = number.is_multiple_of(2).then(|| visitor(number));
        let wish = Enter {
            visitor,
            ticket: None,
        };
        let entered = self.sale.enter(self.now, wish).unwrap();
        assert!(entered.is_new && entered.number == number);
        let again = self.sale.enter(self.now, wish).unwrap();
        if visitor.is_some() && !self.sale.line().state(number).has_ended() {
            assert_eq!((again.number, again.is_new), (number, false));
        } else {
            self.is_present(again.number);
        }
    }

    /// Somebody asks where they stand, with their ticket.
    fn ask(&mut self, who: usize) {
        let Some(number) = self.one_of(who, |state| !state.has_ended()) else {
            return;
        };
        let wish = Enter {
            visitor: None,
            ticket: Some(number),
        };
        let entered = self.sale.enter(self.now, wish).unwrap();
        self.is_present(number);
        // Time may have ended the place just before: then there is another one.
        self.is_present(entered.number);
        assert_ne!(self.sale.line().state(entered.number), PlaceState::Called);
    }

    /// An instance reports people who asked it.
    fn seen(&mut self, who: usize, people: usize) {
        let until = self.now.plus_ms(20_000);
        let living = self.places.iter().filter(|(_, state)| !state.has_ended());
        let numbers: Vec<_> = living.map(|(n, _)| *n).skip(who).take(people).collect();
        for number in &numbers {
            self.extend(*number, (until, until));
        }
        let present: Vec<_> = numbers.into_iter().map(|number| (number, until)).collect();
        self.sale.seen(self.now, &present);
    }

    fn buy(&mut self, who: usize) {
        let Some(number) = self.one_of(who, |state| state == PlaceState::Admitted) else {
            return;
        };
        let (hold_id, reservation_id) = (HoldId(self.id()), ReservationId(self.id()));
        let wanted = Wanted::Seats(vec![seat_id(self.seats_sold)]);
        let wish = PlaceHold {
            hold_id,
            number,
            wanted,
            key: None,
        };
        if self.sale.place_hold(self.now, &wish).is_err() {
            return;
        }
        self.seats_sold += 1;
        let key = Digest([9; 32]);
        let wish = Confirm {
            hold_id,
            reservation_id,
            random: u64::from(self.seats_sold),
            buyer: Buyer {
                name: "B".to_owned(),
                contact: "C".to_owned(),
            },
            key: KeyUse { key, body: key },
        };
        self.sale.confirm(self.now, wish).unwrap();
        assert_eq!(self.sale.line().state(number), PlaceState::Done);
    }

    fn change(&mut self, change: impl FnOnce(&mut QueueSettings) + Send + 'static) {
        let change = Box::new(|settings: &mut EventSettings| change(&mut settings.queue));
        self.sale.change_settings(self.now, change).unwrap();
    }

    /// The sale is lost and comes back from the facts: everybody counts as present until they had time to ask.
    fn restart(&mut self) {
        let mut again = self.replayed();
        assert_eq!(again.line(), self.sale.line());
        assert_eq!(again.pace(), self.sale.pace());
        again.restarted(self.now);
        self.sale = again;
        let until = self
            .now
            .plus_ms(i64::from(POLL_LONGEST_WITH_JITTER_MS) + GRACE_MS);
        for number in self.places.keys().copied().collect::<Vec<_>>() {
            self.extend(number, (until, until));
        }
        self.hardness.restarts += 1;
    }

    fn replayed(&self) -> Sale {
        let mut sale = Sale::created(Arc::clone(&self.created), 1);
        for (at, fact) in &self.journal {
            assert!(sale.replay(*at, fact).is_some(), "{fact:?}");
        }
        sale
    }

    /// Takes what was recorded and checks it. `before`: who was present before the step.
    fn settle(&mut self, before: &BTreeMap<PlaceNumber, Bounds>) {
        for (at, fact) in self.sale.take_outbox().facts {
            if let Fact::Line(fact) = &fact {
                self.check_presence(at, fact, before);
                self.follow(fact);
            }
            self.journal.push((at, fact));
        }
        self.check_invariants();
        self.check_positions();
    }

    /// Who was parked was absent, whoever lost a pass too, and who was called was present.
    fn check_presence(
        &self,
        at: Timestamp,
        fact: &LineFact,
        before: &BTreeMap<PlaceNumber, Bounds>,
    ) {
        match fact {
            LineFact::Parked { numbers } => {
                let surely = |n: &PlaceNumber| self.presence[n].0 >= at;
                assert!(!numbers.iter().any(surely), "{numbers:?} are present");
            }
            LineFact::TakenBack { numbers } => {
                let surely = |n: &PlaceNumber| before[n].0 >= at;
                assert!(!numbers.iter().any(surely), "{numbers:?} may still collect");
            }
            LineFact::Admitted { numbers, .. } => {
                let possibly = |n: &PlaceNumber| self.presence[n].1.plus_ms(1000) >= at;
                assert!(numbers.iter().all(possibly), "{numbers:?} are absent");
            }
            LineFact::Entered { .. }
            | LineFact::Collected { .. }
            | LineFact::Returned { .. }
            | LineFact::PassesExpired { .. }
            | LineFact::Left { .. }
            | LineFact::Done { .. } => {}
        }
    }

    /// The plain model of the places.
    fn follow(&mut self, fact: &LineFact) {
        let (numbers, state) = match fact {
            LineFact::Entered { number, .. } => (vec![*number], PlaceState::Waiting),
            LineFact::Collected { number, .. } => (vec![*number], PlaceState::Admitted),
            LineFact::Left { number } => (vec![*number], PlaceState::Left),
            LineFact::Done { number } => (vec![*number], PlaceState::Done),
            LineFact::Admitted { numbers, .. } => (numbers.clone(), PlaceState::Called),
            LineFact::Returned { numbers } => (numbers.clone(), PlaceState::Waiting),
            LineFact::PassesExpired { numbers } => (numbers.clone(), PlaceState::Expired),
            LineFact::Parked { numbers } | LineFact::TakenBack { numbers } => {
                (numbers.clone(), PlaceState::Parked)
            }
        };
        if matches!(fact, LineFact::TakenBack { .. }) {
            self.hardness.taken_back += numbers.len() as u64;
        }
        self.places
            .extend(numbers.into_iter().map(|number| (number, state)));
    }

    fn check_invariants(&mut self) {
        let history = || invariant::happened(self.journal.iter().map(|(at, fact)| (*at, fact)));
        let order = invariant::nobody_overtakes(history()).unwrap();
        let fullness = invariant::never_more_admitted_than_capacity(history()).unwrap();
        let speed = invariant::never_faster_than_the_pace(history()).unwrap();
        let numbers = invariant::numbers_never_given_twice(history()).unwrap();
        let endings = invariant::ended_places_stay_ended(history()).unwrap();
        assert_eq!(numbers.given, self.places.len() as u64);
        self.hardness = Hardness {
            admitted: order.admitted,
            parked: order.parked,
            returned: order.returned,
            done: endings.done,
            left: endings.left,
            expired: endings.expired,
            times_full: fullness.times_full,
            times_at_the_limit: speed.times_at_the_limit,
            ..self.hardness
        };
    }

    /// States, counts and positions are those that a scan of all places gives.
    fn check_positions(&self) {
        let line = self.sale.line();
        let those = |wanted: &[PlaceState]| -> BTreeSet<PlaceNumber> {
            let places = self.places.iter();
            let those = places.filter(|(_, state)| wanted.contains(state));
            those.map(|(number, _)| *number).collect()
        };
        let waiting = those(&[PlaceState::Waiting]);
        let active = those(&[PlaceState::Called, PlaceState::Admitted]);
        let counts = line.counts();
        assert_eq!(counts.waiting, waiting.len() as u64);
        assert_eq!(counts.parked, those(&[PlaceState::Parked]).len() as u64);
        assert_eq!(counts.active, active.len() as u64);
        assert!(line.waiting().eq(waiting.iter().copied()));
        for (number, state) in &self.places {
            assert_eq!(line.state(*number), *state);
            let ahead = waiting.iter().filter(|other| *other < number).count();
            let behind = waiting.iter().filter(|other| *other > number).count();
            let told = (line.ahead(*number), line.behind(*number));
            assert_eq!(told, (ahead as u64, behind as u64));
        }
    }

    /// Passes end at their end, and those that nobody came for are taken back.
    fn check_that_what_is_over_has_ended(&self) {
        let line = self.sale.line();
        let passes = self.places.keys().filter_map(|n| line.pass_expires_at(*n));
        assert!(passes.min().is_none_or(|end| end > self.now));
        let absent = |n: &PlaceNumber| self.presence[n].1.plus_ms(1000) < self.now;
        assert_eq!(line.called().find(absent), None);
    }

    /// Nobody who is surely present waits while there is room.
    fn check_that_room_is_used(&self) {
        let queue = self.sale.settings().queue;
        let is_selling = self.sale.state(self.now) == SaleState::OnSale;
        let is_room = self.sale.line().counts().active < u64::from(queue.capacity);
        let room = self
            .sale
            .pace()
            .room(self.now, queue.max_admitted_per_second);
        if is_selling && is_room && room > 0 {
            let present = |number: &PlaceNumber| self.presence[number].0 >= self.now;
            assert_eq!(self.sale.line().waiting().find(present), None);
        }
    }

    /// Asked just now, so is present until the answer's `poll_after_ms` and the grace are over.
    fn is_present(&mut self, number: PlaceNumber) {
        let surely = i64::from(POLL_SHORTEST_MS) + GRACE_MS;
        let at_most = i64::from(POLL_LONGEST_WITH_JITTER_MS) + GRACE_MS;
        self.extend(
            number,
            (self.now.plus_ms(surely), self.now.plus_ms(at_most)),
        );
    }

    fn extend(&mut self, number: PlaceNumber, bounds: Bounds) {
        let known = self.presence.entry(number).or_default();
        *known = (known.0.max(bounds.0), known.1.max(bounds.1));
    }

    fn one_of(&self, who: usize, wanted: impl Fn(PlaceState) -> bool) -> Option<PlaceNumber> {
        let those = self.places.iter().filter(|(_, state)| wanted(**state));
        let those: Vec<_> = those.map(|(number, _)| *number).collect();
        those.get(who % those.len().max(1)).copied()
    }

    fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }
}

#[test]
fn random_histories_keep_every_promise_and_can_be_replayed() {
    let config = Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let total = RefCell::new(Hardness::default());
    TestRunner::new_with_rng(config, rng)
        .run(&prop::collection::vec(step(), 100..200), |steps| {
            let mut world = World::new();
            for step in &steps {
                world.take(step);
            }
            world.restart();
            add(&mut total.borrow_mut(), &world.hardness);
            Ok(())
        })
        .unwrap();
    assert_hard(&total.into_inner());
}

fn add(total: &mut Hardness, one: &Hardness) {
    total.admitted += one.admitted;
    total.parked += one.parked;
    total.returned += one.returned;
    total.taken_back += one.taken_back;
    total.done += one.done;
    total.left += one.left;
    total.expired += one.expired;
    total.times_full += one.times_full;
    total.times_at_the_limit += one.times_at_the_limit;
    total.restarts += one.restarts;
}

fn assert_hard(total: &Hardness) {
    println!("{total:?}");
    assert!(total.admitted > 300, "{total:?}");
    assert!(total.parked > 300, "{total:?}");
    assert!(total.returned > 100, "{total:?}");
    assert!(total.taken_back > 30, "{total:?}");
    assert!(total.done > 50 && total.left > 50, "{total:?}");
    assert!(total.expired > 50, "{total:?}");
    assert!(total.times_full > 100, "{total:?}");
    assert!(total.times_at_the_limit > 50, "{total:?}");
    assert!(total.restarts > 24, "{total:?}");
}

fn visitor(number: PlaceNumber) -> Digest {
    let mut digest = [0; 32];
    digest[..8].copy_from_slice(&number.to_be_bytes());
    Digest(digest)
}
