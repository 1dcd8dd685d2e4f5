//! Random histories, step by step on the store and on the plain domain with the same ids, times and randomness.
//!
//! A history that never fills the hall proves little, so each counts what it met, and must have met all of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jari_domain::event::{EventSettings, QueueSettings};
use jari_domain::fact::Buyer;
use jari_domain::id::{CheckInId, HoldId, PlaceNumber, ReservationId, StaffKeyId};
use jari_domain::sale::{
    Blocks, CheckInRequest, Confirm, Confirmed, Enter, PlaceHold, Sale, Ticket, Wanted,
};
use jari_domain::{Refusal, Shop, Timestamp};
use uuid::Uuid;

use super::world::{SEATS_PER_ROW, digest, done, key, map, seat_id, settings};
use super::{Harness, World};
use crate::StoreError;

const STEPS: usize = 4_000;
const SEEDS: [u64; 3] = [1, 2, 3];

/// The store answers as the domain does, and ends in the same state.
pub async fn random_histories_agree_with_the_domain<H: Harness>() {
    let mut met = BTreeMap::new();
    for seed in SEEDS {
        Walk::<H>::begin(seed).await.run(STEPS, 0, &mut met).await;
    }
    assert_hard(&met);
}

/// The same with the store closed and opened again in the middle, many times.
pub async fn random_histories_agree_when_the_store_is_reopened<H: Harness>() {
    let mut met = BTreeMap::new();
    for seed in SEEDS {
        Walk::<H>::begin(seed + 100)
            .await
            .run(STEPS, 150, &mut met)
            .await;
    }
    assert_hard(&met);
}

type Met = BTreeMap<&'static str, u32>;

/// What every history must have met, so often.
const HARD: [(&str, u32); 14] = [
    ("ok", 500),
    ("seats_unavailable", 50),
    ("limit_exceeded", 20),
    ("pass_expired", 50),
    ("hold_expired", 20),
    ("hold_released", 20),
    ("idempotency_mismatch", 10),
    ("already_confirmed", 10),
    ("sale_paused", 10),
    ("no_adjacent_seats", 5),
    ("already_checked_in", 5),
    ("code_not_found", 5),
    ("sold_out", 1),
    ("parked", 20),
];

fn assert_hard(met: &Met) {
    for (what, least) in HARD {
        let times = met.get(what).copied().unwrap_or_default();
        assert!(
            times >= least,
            "{what} was met {times} times, {least} are needed: {met:?}"
        );
    }
}

struct Walk<H> {
    world: World<H>,
    model: Shop,
    random: u64,
    numbers: Vec<PlaceNumber>,
    holds: Vec<HoldId>,
    reservations: Vec<ReservationId>,
    check_ins: Vec<CheckInId>,
}

impl<H: Harness> Walk<H> {
    async fn begin(seed: u64) -> Self {
        let queue = QueueSettings {
            capacity: 6,
            pass_seconds: 120,
            max_admitted_per_second: 3,
        };
        let event = EventSettings {
            queue,
            hold_seconds: 40,
            ..settings()
        };
        let world = World::<H>::opened(event.clone()).await;
        let mut model = Shop::default();
        let now = world.harness.now();
        let made = model.create_event(now, event, 7).map(|_| ());
        let sale = model.sale_mut(&world.event);
        let opened = sale.and_then(|sale| {
            sale.set_map(now, Arc::new(map()))?;
            sale.open(now)
        });
        assert_eq!((made, opened), (Ok(()), Ok(())));
        Self {
            world,
            model,
            random: seed,
            numbers: Vec::new(),
            holds: Vec::new(),
            reservations: Vec::new(),
            check_ins: Vec::new(),
        }
    }

    async fn run(mut self, steps: usize, reopen_every: usize, met: &mut Met) {
        for step in 1..=steps {
            self.step(met).await;
            self.model.take_outbox();
            if reopen_every > 0 && step % reopen_every == 0 {
                self.world.reopen().await;
                let now = self.world.harness.now();
                self.model
                    .sales_mut()
                    .for_each(|(_, sale)| sale.restarted(now));
            }
            if step % 50 == 0 {
                self.compare(met);
            }
        }
    }

    /// A number below `below`: `SplitMix64` (Steele, Lea, Flood, 2014).
    fn draw(&mut self, below: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }

    fn one_of<T: Copy>(&mut self, known: &[T], unknown: T) -> T {
        // Mostly recent ones: the others have ended long ago.
        let recent = known.len().saturating_sub(12);
        let known = &known[recent..];
        let index = usize::try_from(self.draw(known.len() as u64 + 1)).unwrap_or_default();
        known.get(index).copied().unwrap_or(unknown)
    }

    /// Mostly somebody with a pass.
    fn holder(&mut self) -> PlaceNumber {
        let numbers = self.numbers.clone();
        let (_, sale) = self.sale();
        let with_pass: Vec<_> = numbers
            .iter()
            .copied()
            .filter(|number| sale.line().has_pass(*number))
            .collect();
        if self.draw(6) == 0 {
            self.one_of(&numbers, 999)
        } else {
            self.one_of(&with_pass, 999)
        }
    }

    fn seat(&mut self) -> String {
        let row = if self.draw(2) == 0 { "A" } else { "B" };
        format!("{row}-{}", self.draw(u64::from(SEATS_PER_ROW)) + 1)
    }

    async fn step(&mut self, met: &mut Met) {
        match self.draw(100) {
            0..=11 => self.enter(met).await,
            12..=17 => self.seen().await,
            18..=21 => self.leave(met).await,
            22..=27 => self.collect(met).await,
            28..=53 => self.place_hold(met).await,
            54..=60 => self.release(met).await,
            61..=74 => self.confirm(met).await,
            75..=77 => self.cancel(met).await,
            78..=84 => self.check_in(met).await,
            85 => self.void(met).await,
            86..=88 => self.operate(met).await,
            _ => self.let_time_pass().await,
        }
    }

    fn both<T: PartialEq + std::fmt::Debug>(
        met: &mut Met,
        store: crate::Result<T>,
        model: Result<T, Refusal>,
    ) -> Option<T> {
        match (store, model) {
            (Ok(store), Ok(model)) => {
                assert_eq!(store, model);
                *met.entry("ok").or_default() += 1;
                Some(store)
            }
            (Err(StoreError::Refused(store)), Err(model)) => {
                assert_eq!(store, model);
                *met.entry(word(&store)).or_default() += 1;
                None
            }
            (store, model) => panic!("the store answers {store:?}, the domain {model:?}"),
        }
    }

    fn sale(&mut self) -> (Timestamp, &mut Sale) {
        let now = self.world.harness.now();
        let sale = self.model.sale_mut(&self.world.event);
        (
            now,
            sale.unwrap_or_else(|refusal| panic!("the domain knows the event: {refusal}")),
        )
    }

    async fn enter(&mut self, met: &mut Met) {
        let visitor = match self.draw(3) {
            0 => None,
            _ => Some(digest(&format!("visitor {}", self.draw(40)))),
        };
        let enter = Enter {
            visitor,
            ticket: None,
        };
        let store = self.world.store().enter(&self.world.event, enter).await;
        let (now, sale) = self.sale();
        let model = sale.enter(now, enter);
        if let Some(entered) = Self::both(met, store, model)
            && entered.is_new
        {
            self.numbers.push(entered.number);
        }
    }

    async fn seen(&mut self) {
        let until = self.world.harness.now().plus_ms(30_000);
        let numbers = [
            self.one_of(&self.numbers.clone(), 999),
            self.one_of(&self.numbers.clone(), 999),
        ];
        let present: Vec<_> = numbers.into_iter().map(|number| (number, until)).collect();
        done(
            self.world
                .store()
                .seen(&self.world.event, present.clone())
                .await,
        );
        let (now, sale) = self.sale();
        sale.seen(now, &present);
    }

    async fn leave(&mut self, met: &mut Met) {
        let number = self.one_of(&self.numbers.clone(), 999);
        let store = self.world.store().leave(&self.world.event, number).await;
        let (now, sale) = self.sale();
        let model = sale.leave(now, number);
        Self::both(met, store, model);
    }

    async fn collect(&mut self, met: &mut Met) {
        let number = self.one_of(&self.numbers.clone(), 999);
        let store = self.world.store().collect(&self.world.event, number).await;
        let (now, sale) = self.sale();
        let model = sale.collect(now, number);
        Self::both(met, store, model);
    }

    async fn place_hold(&mut self, met: &mut Met) {
        let number = self.holder();
        let wanted = if self.draw(4) == 0 {
            Wanted::BestAvailable(jari_domain::best_available::Request {
                quantity: u32::try_from(self.draw(4)).unwrap_or_default() + 1,
                section: None,
                category: None,
                accessible: self.draw(8) == 0,
            })
        } else {
            let seats: std::collections::BTreeSet<_> =
                (0..=self.draw(3)).map(|_| self.seat()).collect();
            Wanted::Seats(seats.iter().map(|seat| seat_id(seat)).collect())
        };
        let used = match self.draw(3) {
            0 => Some(key(&self.draw(3).to_string(), &self.draw(2).to_string())),
            _ => None,
        };
        let hold_id = HoldId(self.world.id());
        let wish = PlaceHold {
            hold_id,
            number,
            wanted,
            key: used,
        };
        let store = self
            .world
            .store()
            .place_hold(&self.world.event, wish.clone())
            .await;
        let (now, sale) = self.sale();
        let model = sale.place_hold(now, &wish);
        if let Some(placed) = Self::both(met, store, model) {
            self.holds.push(placed.hold.hold_id);
        }
    }

    async fn release(&mut self, met: &mut Met) {
        let hold_id = self.one_of(&self.holds.clone(), HoldId(Uuid::nil()));
        let store = self
            .world
            .store()
            .release_hold(&self.world.event, hold_id)
            .await;
        let (now, sale) = self.sale();
        let model = sale.release_hold(now, hold_id);
        Self::both(met, store, model);
    }

    async fn confirm(&mut self, met: &mut Met) {
        let hold_id = self.one_of(&self.holds.clone(), HoldId(Uuid::nil()));
        let wish = Confirm {
            hold_id,
            reservation_id: ReservationId(self.world.id()),
            random: self.draw(u64::MAX),
            buyer: Buyer {
                name: "Kim".to_owned(),
                contact: "010".to_owned(),
            },
            key: key(&self.draw(2).to_string(), &self.draw(2).to_string()),
        };
        let store = self
            .world
            .store()
            .confirm(&self.world.event, wish.clone())
            .await;
        let (now, sale) = self.sale();
        let model = sale.confirm(now, wish.clone());
        if let Some(Confirmed::Now(reservation)) = Self::both(met, store, model) {
            self.reservations.push(reservation.reservation_id);
        }
    }

    async fn cancel(&mut self, met: &mut Met) {
        let id = self.one_of(&self.reservations.clone(), ReservationId(Uuid::nil()));
        let by_operator = self.draw(3) == 0;
        let store = if by_operator {
            self.world
                .store()
                .cancel_by_operator(id, "x".to_owned())
                .await
                .map(|_| ())
        } else {
            self.world.store().cancel_by_buyer(id, 0).await
        };
        let known = self.model.event_of_reservation(id).is_some();
        let (now, sale) = self.sale();
        let model = match (known, by_operator) {
            (false, true) => Err(Refusal::ReservationNotFound),
            (false, false) => Err(Refusal::ReceiptInvalid),
            (true, true) => sale.cancel_by_operator(now, id, "x".to_owned()).map(|_| ()),
            (true, false) => sale.cancel_by_buyer(now, id, 0),
        };
        Self::both(met, store, model);
    }

    async fn check_in(&mut self, met: &mut Met) {
        let id = self.one_of(&self.reservations.clone(), ReservationId(Uuid::nil()));
        let ticket = match self.draw(4) {
            0 => Ticket::Code(jari_domain::code::as_text(
                u32::try_from(self.draw(10_000)).unwrap_or_default(),
                4,
            )),
            _ => Ticket::EntryToken(Some(id)),
        };
        let nonce = (self.draw(2) == 0).then(|| self.draw(20).to_string());
        let request = CheckInRequest {
            check_in_id: CheckInId(self.world.id()),
            ticket,
            seats: None,
            gate: None,
            nonce,
            occurred_at: None,
            staff_key: StaffKeyId(self.world.id()),
            was_offline: self.draw(3) == 0,
        };
        let store = self
            .world
            .store()
            .check_in(&self.world.event, request.clone())
            .await;
        let (now, sale) = self.sale();
        let model = sale.check_in(now, request.clone());
        let store = store.map(|told| (told.answer, told.history));
        if Self::both(met, store, model).is_some() {
            self.check_ins.push(request.check_in_id);
        }
    }

    async fn void(&mut self, met: &mut Met) {
        let id = self.one_of(&self.check_ins.clone(), CheckInId(Uuid::nil()));
        let events = [self.world.event.clone()];
        let store = self.world.store().void(&events, id, "x".to_owned()).await;
        let known = self.model.event_of_check_in(id).is_some();
        let (now, sale) = self.sale();
        let model = if known {
            sale.void_check_in(now, id, "x".to_owned())
        } else {
            Err(Refusal::CheckInNotFound)
        };
        Self::both(met, store, model);
    }

    async fn operate(&mut self, met: &mut Met) {
        let kind = self.draw(4);
        let seat = seat_id(&self.seat());
        let event = self.world.event.clone();
        let store = self.world.store();
        let blocks = match self.draw(3) {
            0 => Blocks {
                block: vec![seat],
                unblock: vec![],
            },
            _ => Blocks {
                block: vec![],
                unblock: vec![seat],
            },
        };
        let told = match kind {
            0 => store.pause(&event, None).await.map(|_| ()),
            1 | 2 => store.resume(&event).await.map(|_| ()),
            _ => store.set_blocks(&event, blocks.clone()).await.map(|_| ()),
        };
        let (now, sale) = self.sale();
        let model = match kind {
            0 => sale.pause(now, None),
            1 | 2 => sale.resume(now),
            _ => sale.set_blocks(now, &blocks).map(|_| ()),
        };
        Self::both(met, told, model);
    }

    async fn let_time_pass(&mut self) {
        let ms = [100, 1_000, 5_000, 20_000][usize::try_from(self.draw(4)).unwrap_or_default()];
        self.world.pass(ms).await;
        let (now, sale) = self.sale();
        sale.tick(now);
    }

    /// What followers show is what the domain has.
    fn compare(&mut self, met: &mut Met) {
        let view = self.world.views.event(&self.world.event);
        let view = view.unwrap_or_else(|| panic!("the view knows the event"));
        let numbers = self.numbers.clone();
        let (now, sale) = self.sale();
        let (counts, line) = (sale.seats().counts(), sale.line().counts());
        view.with_seats(|seen| {
            assert_eq!(seen.seats.packed(), sale.seats().packed());
            assert_eq!(seen.seats.version(), sale.seats().version());
        });
        assert_eq!(view.line_counts(now).0, line);
        assert!(
            numbers
                .iter()
                .all(|number| view.place(*number) == sale.line().state(*number))
        );
        *met.entry("sold_out").or_default() += u32::from(counts.free_or_held() == 0);
        *met.entry("parked").or_default() += u32::from(line.parked > 0);
    }
}

/// The refusal's word in the contract.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not asked for is not counted by name"
)]
fn word(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::SeatsUnavailable { .. } => "seats_unavailable",
        Refusal::LimitExceeded { .. } => "limit_exceeded",
        Refusal::PassExpired => "pass_expired",
        Refusal::HoldExpired => "hold_expired",
        Refusal::HoldReleased => "hold_released",
        Refusal::IdempotencyMismatch => "idempotency_mismatch",
        Refusal::AlreadyConfirmed => "already_confirmed",
        Refusal::SalePaused => "sale_paused",
        Refusal::NoAdjacentSeats => "no_adjacent_seats",
        Refusal::AlreadyCheckedIn => "already_checked_in",
        Refusal::CodeNotFound => "code_not_found",
        _ => "other",
    }
}
