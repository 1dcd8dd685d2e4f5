//! Moves everybody, and sends what they ask.
//!
//! One task owns all people. What is due goes to a connection that is idle, or waits for one; its latency
//! runs from when it was due. Connections only send and read: nothing is decided there.

mod hello;
mod lines;
mod taking;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use tokio::sync::mpsc;

use self::lines::{Answered, Job, Lines, Sent};
use crate::clock::Clock;
use crate::connection::{Request, Target};
use crate::dice::{Dice, Purpose};
use crate::hall::Hall;
use crate::ledger::Ledger;
use crate::numbers::{count, micros, small};
use crate::person::{Action, Around, End, Person, Stage};
use crate::record::{Broken, Record};
use crate::request::{Maker, Paths};
use crate::scenario::{Scenario, Until};
use crate::schedule::arrival_micros;

/// Connections at most, well below the 20,000 files that a process may have open here.
pub const CONNECTIONS_AT_MOST: usize = 4000;
/// Answers that are taken in before time is looked at again.
const ANSWERS_AT_ONCE: usize = 512;

/// What a crowd is made of.
pub struct Setting<'a> {
    /// What is played.
    pub scenario: &'a Scenario,
    /// What all chance comes from.
    pub seed: u64,
    /// The server.
    pub target: Target,
    /// The event's paths.
    pub paths: Paths,
    /// The event's seats.
    pub hall: Hall,
    /// The keys of the people at the door.
    pub staff_keys: Vec<Arc<str>>,
    /// How many connections there are at most.
    pub connections: usize,
}

/// How it stands, for whoever watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Standing {
    /// How many have come.
    pub came: u32,
    /// Of how many.
    pub people: u32,
    /// Who stands in line.
    pub in_line: u64,
    /// Who is in the shop.
    pub in_shop: u64,
    /// Who has gone.
    pub gone: u64,
    /// Seats that were sold.
    pub seats_sold: usize,
    /// Of how many.
    pub seats: usize,
    /// Answers in the last second.
    pub answers: u64,
    /// 99 of 100 of them came within so many milliseconds.
    pub p99_ms: f64,
    /// Failures so far.
    pub failures: u64,
}

/// Everybody.
pub struct Crowd<'a> {
    setting: Setting<'a>,
    clock: Clock,
    people: Vec<Person>,
    /// Who does something next, and when: the soonest first.
    due: BinaryHeap<Reverse<(u64, u32, Action)>>,
    lines: Lines,
    answers: mpsc::UnboundedReceiver<Answered>,
    /// What was measured.
    pub record: Record,
    /// What was answered that must stay.
    pub ledger: Ledger,
    in_line: u64,
    in_shop: u64,
    /// Who has come and has no place yet.
    entering: u64,
    /// When the last of them got one, in microseconds.
    pub last_entry: u64,
    /// How it ended, for how many.
    pub ends: BTreeMap<End, u64>,
    /// How long people were in the shop who bought, in microseconds: the sum.
    pub shopping_micros: u64,
    failures: u64,
    /// Whether the time limit ended it.
    pub out_of_time: bool,
    /// When the last sale was answered, in microseconds.
    pub last_sale: u64,
    /// When those at the door begin to come, once they do.
    door: Option<u64>,
}

impl<'a> Crowd<'a> {
    /// Nobody has come yet; time begins now.
    pub fn gather(setting: Setting<'a>) -> Result<Self, Broken> {
        let clock = Clock::start();
        let (answers_in, answers) = mpsc::unbounded_channel();
        let most = setting.connections.clamp(1, CONNECTIONS_AT_MOST);
        let lines = Lines::new(setting.target.clone(), most, clock, answers_in);
        let mut ledger = Ledger::default();
        ledger.keeps_tokens = setting.scenario.gate.is_some();
        Ok(Self {
            clock,
            people: Vec::with_capacity(setting.scenario.people as usize),
            due: BinaryHeap::new(),
            lines,
            answers,
            record: Record::new()?,
            ledger,
            in_line: 0,
            in_shop: 0,
            entering: 0,
            last_entry: 0,
            ends: BTreeMap::new(),
            shopping_micros: 0,
            failures: 0,
            out_of_time: false,
            last_sale: 0,
            door: None,
            setting,
        })
    }

    /// Plays the scenario to its end, and tells how it stands once a second.
    pub async fn play(&mut self, tell: &mut (dyn FnMut(Standing) + Send)) {
        let limit = micros(self.setting.scenario.limit_seconds);
        let mut answers = Vec::with_capacity(ANSWERS_AT_ONCE);
        loop {
            let now = self.clock.now();
            self.end_seconds(now, tell);
            self.arrive(now);
            self.send_due(now);
            if self.is_over() && !self.open_door(now) {
                break;
            }
            if now > limit {
                self.out_of_time = true;
                break;
            }
            let wake = self.clock.instant(self.wakes_at());
            let taken = self.answers.recv_many(&mut answers, ANSWERS_AT_ONCE);
            if tokio::time::timeout_at(wake, taken).await.is_ok() {
                answers.drain(..).for_each(|answered| self.take(&answered));
            }
        }
        self.take_last_answers().await;
        let (in_line, in_shop) = (self.in_line, self.in_shop);
        self.record.end_second(in_line, in_shop, 0);
    }

    /// How many have come.
    pub fn came(&self) -> u32 {
        small(count(self.people.len())).min(self.setting.scenario.people)
    }

    /// How long it took, in microseconds.
    pub fn elapsed(&self) -> u64 {
        self.clock.now()
    }

    /// When the door opened, in microseconds.
    pub const fn door_opened(&self) -> Option<u64> {
        self.door
    }

    /// How many stand in line or shop at this moment.
    pub const fn still_there(&self) -> u64 {
        self.in_line + self.in_shop
    }

    /// How many seats there are.
    pub fn seats(&self) -> usize {
        self.setting.hall.seats()
    }

    fn all_came(&self) -> bool {
        self.people.len() >= self.setting.scenario.people as usize
    }

    fn is_over(&self) -> bool {
        let is_sold_out = self.ledger.seats_sold >= self.setting.hall.seats();
        let stops_early = self.setting.scenario.until == Until::SoldOut && self.door.is_none();
        if stops_early && is_sold_out && self.all_came() && self.entering == 0 {
            return true;
        }
        self.all_came()
            && self.due.is_empty()
            && self.lines.in_flight == 0
            && self.lines.backlog.is_empty()
    }

    /// Lets those who bought come to the door, if there is one and it has not been opened yet.
    fn open_door(&mut self, now: u64) -> bool {
        let Some(gate) = &self.setting.scenario.gate else {
            return false;
        };
        if self.door.is_some() || self.ledger.sales.is_empty() {
            return false;
        }
        self.door = Some(now);
        let sales = count(self.ledger.sales.len());
        for sale in 0..sales {
            let person = small(count(self.people.len()));
            let dice = Dice::of(self.setting.seed, person);
            let mut guest = Person::at_door();
            guest.tries = u8::from(dice.happens(Purpose::ShowingAgain, 0, gate.again));
            let at = now + micros(gate.over_seconds) * sale / sales;
            self.people.push(guest);
            self.due.push(Reverse((at, person, Action::CheckIn)));
        }
        true
    }

    /// The number of the sale whose ticket this person shows at the door.
    fn sale_of(&self, person: u32) -> Option<usize> {
        let first = self.setting.scenario.people;
        person.checked_sub(first).map(|number| number as usize)
    }

    fn wakes_at(&self) -> u64 {
        let due = self.due.peek().map(|Reverse((at, _, _))| *at);
        let next = small(count(self.people.len()));
        let scenario = self.setting.scenario;
        let arrives =
            (!self.all_came()).then(|| arrival_micros(&scenario.arrivals, next, scenario.people));
        let soonest = [due, arrives].into_iter().flatten().min();
        soonest.unwrap_or(u64::MAX).min(self.record.second_ends())
    }

    fn end_seconds(&mut self, now: u64, tell: &mut (dyn FnMut(Standing) + Send)) {
        while now >= self.record.second_ends() {
            let backlog = count(self.lines.backlog.len());
            let second = self.record.end_second(self.in_line, self.in_shop, backlog);
            let (answers, p99_ms) = (second.answers, second.p99_ms);
            tell(Standing {
                came: self.came(),
                people: self.setting.scenario.people,
                in_line: self.in_line,
                in_shop: self.in_shop,
                gone: self.ends.values().sum(),
                seats_sold: self.ledger.seats_sold,
                seats: self.seats(),
                answers,
                p99_ms,
                failures: self.failures,
            });
        }
    }

    fn arrive(&mut self, now: u64) {
        let scenario = self.setting.scenario;
        while !self.all_came() {
            let person = small(count(self.people.len()));
            let at = arrival_micros(&scenario.arrivals, person, scenario.people);
            if at > now {
                return;
            }
            let somebody = Person::comes(self.around(person, at));
            self.people.push(somebody);
            self.in_line += 1;
            self.entering += 1;
            self.record.current.arrived += 1;
            self.ask(person, Action::Enter, at);
        }
    }

    fn send_due(&mut self, now: u64) {
        while let Some(Reverse((at, person, action))) = self.due.peek().copied() {
            if at > now {
                break;
            }
            self.due.pop();
            if action == Action::Vanish {
                self.moved(person, Stage::Over(End::Vanished));
                self.people[person as usize].ends(End::Vanished);
            } else {
                self.ask(person, action, at);
            }
        }
        self.send_backlog();
    }

    fn ask(&mut self, person: u32, action: Action, due: u64) {
        let job = |is_copy| Job {
            person,
            action,
            due,
            is_copy,
        };
        self.lines.backlog.push_back(job(false));
        let repeat = self.setting.scenario.buyers.repeat;
        let dice = Dice::of(self.setting.seed, person);
        let nth = u32::from(self.people[person as usize].tries);
        let nth = nth * 100 + action as u32;
        if action.is_repeated_safely() && dice.happens(Purpose::Repeating, nth, repeat) {
            self.lines.backlog.push_back(job(true));
        }
        self.send_backlog();
    }

    fn send_backlog(&mut self) {
        while !self.lines.backlog.is_empty() {
            let Some(connection) = self.lines.free() else {
                return;
            };
            let Some(job) = self.lines.backlog.pop_front() else {
                return;
            };
            if let Some(request) = self.request(&job) {
                self.lines.send(connection, Sent { job, request });
            } else {
                self.lines.idle.push(connection);
                self.is_nothing_to_send(&job);
            }
        }
    }

    /// A copy comes too late to be sent; anything else would be a fault of this program, and is counted.
    fn is_nothing_to_send(&mut self, job: &Job) {
        if !job.is_copy {
            self.record.failed(job.action, "could not be asked");
            self.failures += 1;
            self.moved(job.person, Stage::Over(End::Failed));
            self.people[job.person as usize].ends(End::Failed);
        }
    }

    fn request(&self, job: &Job) -> Option<Request> {
        let maker = Maker {
            paths: &self.setting.paths,
            wish: self.setting.scenario.buyers.wish,
            hall: &self.setting.hall,
            staff_keys: &self.setting.staff_keys,
        };
        let person = self.people.get(job.person as usize)?;
        let dice = Dice::of(self.setting.seed, job.person);
        let sale = self.sale_of(job.person);
        let sale = sale.and_then(|sale| self.ledger.sales.get(sale));
        maker.request(job.action, person, dice, sale)
    }

    fn around(&self, person: u32, now: u64) -> Around<'_> {
        Around {
            buyers: &self.setting.scenario.buyers,
            hall: &self.setting.hall,
            dice: Dice::of(self.setting.seed, person),
            now,
        }
    }
}
